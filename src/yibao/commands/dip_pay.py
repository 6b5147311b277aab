"""`yibao dip open|settle|clear|paid`: a year begun, its months, its clearing, and payments entered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from yibao.commands.telling import calendar_year, waiting
from yibao.commands.workspace import WORKSPACE_HELP, yuan
from yibao.errors import UserError

if TYPE_CHECKING:
    from yibao.dip.pay.terms import Terms
    from yibao.region.pack import Pack
    from yibao.store.workspace import Workspace

OPEN_HELP = "年初：基金总额、预算点值和支付比例（由前三年测算，或采用统筹区公布的），预付金。"
SETTLE_HELP = "月预结算：一个月（202503）或整年各月（2025）的病例点数、应付、质量保证金、实拨。"
CLEAR_HELP = "年终清算：点值、各机构应付、留用与分担、考核、扣款、应补拨；再次清算只记差额。"
PAID_HELP = "登记已付：按应付款编号，或一个月、预付金、一次清算的全部，写入基金拨付。"
CLEAN = 0
SHOWN = 15

Folder = Annotated[str | None, typer.Option("--workspace", metavar="文件夹", help=WORKSPACE_HELP)]
Out = Annotated[str | None, typer.Option("--out", metavar="文件夹", help="把表和各机构的清算单写进这个文件夹")]
MonthsOut = Annotated[
    str | None, typer.Option("--out", metavar="文件夹", help="把各月的表和每家机构的预结算单写进这个文件夹")
]
Document = Annotated[
    str | None, typer.Option("--special-document", metavar="文号", help="特例单议超过上限所依据的文件")
]
Year = Annotated[int, typer.Argument(metavar="年度", help="费用所属年度，如 2025")]
Known = Annotated[str | None, typer.Option("--on", metavar="日期", help="日期；不写为今天")]


def open_(
    year: Year,
    packs: Annotated[list[str] | None, typer.Option("--pack", metavar="文件夹", help="这一年的分组方案包")] = None,
    published: Annotated[bool, typer.Option("--published", help="采用“DIP点值”表里统筹区公布的点值")] = False,
    workspace: Folder = None,
) -> int:
    from yibao.dip.choose import Choice
    from yibao.dip.grouping.group import Grouper
    from yibao.dip.packs import opened
    from yibao.dip.pay.opening import open_year

    if bool(packs) == published:
        raise UserError("请用 --pack 写明这一年的分组方案包，由前三年测算；或用 --published 采用统筹区公布的点值。")
    calendar_year(year)
    with _asked(workspace) as (found, pack), waiting("测算"):
        choice = None if published else Choice([Grouper(opened(path)) for path in packs or ()], found.settings.region)
        terms = _terms(pack, date(year, 1, 1))
        result = open_year(found, terms, year, choice)
        names = found.vocabulary.codes["insurance_type"].values
    for row in result.rows:
        value, ratio = row["preliminary_point_value"] / 1_000_000, row["preliminary_pay_ratio"] / 1_000_000
        print(
            f"{names[row['insurance_type']]}：基金总额 {yuan(row['dip_fund'])}，预算点值 {value:.4f} 元，预算支付比例 {ratio:.2%}。"
        )
    if not published:
        print(f"预算点值由 {'、'.join(map(str, result.years))} 年的住院测算。")
    print(
        f"预付金 {len(result.advances):,} 笔，共 {yuan(sum(row['payable_amount'] for row in result.advances))}，在“DIP应付款”表。"
    )
    for note in result.notes:
        print(note)
    return CLEAN


def settle(
    month: Annotated[int, typer.Argument(metavar="月份", help="如 202503；写 2025 则为整年有住院的各月")],
    out: MonthsOut = None,
    special_document: Document = None,
    workspace: Folder = None,
) -> int:
    from yibao.dip.pay.month import months_with_stays, settle_month
    from yibao.dip.pay.month_statements import write_month_statements
    from yibao.dip.pay.statements import month_listing, notes
    from yibao.dip.pay.words import Words
    from yibao.periods import month_end
    from yibao.store.listing import told
    from yibao.store.sheets import write_workbook

    if not (_is_month(month) or 1990 <= month <= 2100):
        raise UserError(f"“{month}”不是月份，请写成 202503，或整年 2025。")
    with _asked(workspace) as (found, pack):
        words = Words.of(found)
        months, written = [month] if _is_month(month) else months_with_stays(found, pack, month), 0
        for number in months:
            terms = _terms(pack, month_end(number))
            with waiting(f"结算 {number}"):
                result = settle_month(found, terms, number, special_document)
            listing = month_listing(words, result.rows, number, notes(terms))
            print("\n".join(told(listing, SHOWN)) if len(months) == 1 else _month_line(number, result.rows))
            for insurance, count in sorted(result.others.items()):
                print(
                    f"{words.insurance.get(insurance, insurance)}的 {count:,} 例没有 DIP 基金，不按病种付费，没有计入。"
                )
            if result.bonuses:
                print(f"新技术加分 {result.bonuses:,} 例，已含在结算点数里，明细在“DIP新技术加分（自算）”表。")
            if said := result.waiting.told():
                print(said)
            if out is not None:
                write_workbook(Path(out) / f"月预结算-{number}.xlsx", [listing])
                single = Path(out) / f"预结算单-{number}"
                written += write_month_statements(single, found, words, result.rows, number, notes(terms))
    print("病例点数在“DIP病例点数（自算）”表，月预结算在“DIP月预结算（自算）”表，应付在“DIP应付款”表。")
    if out is not None and months:
        print(f"{len(months)} 个月的月预结算工作簿和 {written} 份机构预结算单（xlsx 和可打印的 docx）写入“{out}”。")
    return CLEAN


def _month_line(month: int, rows: Sequence[dict[str, int]]) -> str:
    cases, payable, paid = (sum(row[name] for row in rows) for name in ("case_count", "dip_payable", "dip_paid"))
    return f"{month // 100} 年 {month % 100} 月：{cases:,} 例，应付 {yuan(payable)}，实拨 {yuan(paid)}。"


def clear(
    year: Year, on: Known = None, out: Out = None, special_document: Document = None, workspace: Folder = None
) -> int:
    from yibao.dip.pay.bridges import fund_listing, levels_note, parts_listing, shares_listing
    from yibao.dip.pay.clearing import clear_year
    from yibao.dip.pay.statements import clearing_listing, notes, values_listing, write_statements
    from yibao.dip.pay.words import Words
    from yibao.store.listing import told
    from yibao.store.sheets import write_workbook

    calendar_year(year)
    with _asked(workspace) as (found, pack):
        terms, words = _terms(pack, date(year, 12, 31)), Words.of(found)
        with waiting("清算"):
            result = clear_year(found, terms, year, _day(on), special_document)
        if not result.new:
            print(f"{year} 年与第 {result.run} 次清算相同，没有新的差额。")
        said = (*notes(terms), levels_note(words, terms.sharing))
        values, listing = (
            values_listing(words, result.values, year, result.run, terms),
            clearing_listing(words, result.rows, year, result.run, said),
        )
        fund = fund_listing(words, result.values, year, result.run)
        if waiting_ := result.waiting.told():
            print(waiting_)
        print("\n".join([*told(values), "", *told(fund), "", *told(listing, SHOWN)]))
        if out is not None:
            more = (parts_listing(words, result.parts, year, result.run), shares_listing(words, result.shares, year, result.run))  # fmt: skip
            write_workbook(Path(out) / f"年终清算-{year}-第{result.run}次.xlsx", [values, fund, listing, *more])
            number = write_statements(Path(out) / "清算单", found, words, result, year, said)
            print(f"汇总表和 {number} 家机构的清算单（xlsx 和可打印的 docx）写入“{out}”。")
    return CLEAN


def paid(
    year: Year,
    on: Annotated[str, typer.Option("--on", metavar="日期", help="付款日期")],
    numbers: Annotated[list[str] | None, typer.Option("--number", metavar="编号", help="应付款编号；可写几个")] = None,
    part: Annotated[
        str | None, typer.Option("--part", metavar="部分", help="advance、月份如 202503、clearing-1：这一部分的全部")
    ] = None,
    workspace: Folder = None,
) -> int:
    from yibao.dip.pay.owed import pay, payables

    calendar_year(year)
    with _asked(workspace) as (found, pack):
        rows = payables(found, year)
        chosen = list(numbers or ())
        if part is not None:
            head = part if _is_month(int(part) if part.isdigit() else 0) else f"{year}-{part}"
            of = [row["dip_payable_no"] for row in rows if row["dip_payable_no"].startswith(f"{head}-")]
            if not of:
                raise UserError(
                    f"{year} 年没有“{part}”这一部分的 DIP 应付款。--part 写 advance、月份如 202503，或 clearing-1。"
                )
            chosen += of
        if not chosen:
            raise UserError("请用 --number 写应付款编号，或用 --part 写哪一部分。")
        made = found.produced("yibao dip paid", ("dip_payables", "payments"), (), year=year, on=on)
        done = pay(found, made, year, _day(on), chosen, _terms(pack, date(year, 12, 31)).schemes)
        print(
            f"登记 {len(done):,} 笔，共 {yuan(sum(row['paid_amount'] for row in done))}，付款日期 {on}，在“基金拨付”表。"
        )
    return CLEAN


@contextmanager
def _asked(workspace: str | None) -> Iterator[tuple[Workspace, Pack]]:
    from yibao.region.packs import workspace_pack
    from yibao.store.settings import find_workspace
    from yibao.store.workspace import Workspace

    with Workspace.open(find_workspace(workspace)) as found:
        yield found, workspace_pack(found.path, found.settings.region)


def _terms(pack: Pack, on: date) -> Terms:
    from yibao.dip.pay.terms import Terms

    return Terms(pack, on)


def _is_month(number: int) -> bool:
    return bool(re.fullmatch(r"(19|20)\d\d(0[1-9]|1[0-2])", str(number)))


def _day(said: str | None) -> date:
    if said is None:
        return date.today()
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise UserError(f"“{said}”不是日期，请写成 2026-04-10 的样子。") from None

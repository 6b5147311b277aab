"""`yibao settle`: a year of visits paid as the region's rules say; `verify` holds the platform's results against them."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, Annotated

import typer

from yibao.commands.telling import CLEAN, FOUND, SHOWN, tell
from yibao.commands.workspace import WORKSPACE_HELP, yuan
from yibao.errors import UserError
from yibao.proofread.report.text import pad

if TYPE_CHECKING:
    from yibao.region.benefits.resolve import Benefits
    from yibao.region.pack import Pack
    from yibao.store.listing import Headings
    from yibao.store.workspace import Workspace

HELP = (
    "待遇结算：按地区的待遇规则计算一个年度的每一次结算。verify 复算平台的结算，逐笔列出差异；duplicates 列出可能支付了两次的；explain 说明一次结算的每一步；"
    "presettle、accept、reverse 试算、结算、冲正一笔；resettle 列出文件迟到引起的变化；payables 列出应付和未付。"
)
WORDS_HELP = (
    "年度，如 2025；或以一个词开头：verify、duplicates、explain、presettle、accept、reverse、close、resettle、payables"
)
KNOWN_HELP = "只用到这一天为止已经发布的文件（年-月-日）；不写则用全部文件"
AND_HELP = "resettle：与知道到这一天的文件比较；不写则用全部文件"
SLIP_HELP = "explain：写出一站式结算单，.docx 或 .xlsx"
NAMES_HELP = "explain：写出姓名全名（默认隐去名字）"
REQUEST_HELP = "reverse：这次冲正的请求号"
APPROVED_HELP = "reverse：批准人；不按后结先退的次序时要写"
REASON_HELP = "reverse：批准的理由"
OUT_HELP = "年度、verify、duplicates：把名单写成工作簿，放进这个文件夹"
LIST_HELP = "reverse：批准的是哪一份清单（预览时给出的号）"


def settle(
    words: Annotated[list[str] | None, typer.Argument(metavar="[动作] 年度或号码", help=WORDS_HELP)] = None,
    known_at: Annotated[str | None, typer.Option("--known-at", metavar="日期", help=KNOWN_HELP)] = None,
    and_known: Annotated[str | None, typer.Option("--and", metavar="日期", help=AND_HELP)] = None,
    slip: Annotated[str | None, typer.Option(metavar="文件", help=SLIP_HELP)] = None,
    names: Annotated[bool, typer.Option("--names", help=NAMES_HELP)] = False,
    request: Annotated[str | None, typer.Option(metavar="请求号", help=REQUEST_HELP)] = None,
    approved_by: Annotated[str | None, typer.Option("--by", metavar="姓名", help=APPROVED_HELP)] = None,
    reason: Annotated[str | None, typer.Option(metavar="理由", help=REASON_HELP)] = None,
    preview: Annotated[str | None, typer.Option("--list", metavar="清单号", help=LIST_HELP)] = None,
    out: Annotated[str | None, typer.Option("--out", metavar="文件夹", help=OUT_HELP)] = None,
    workspace: Annotated[str | None, typer.Option(metavar="文件夹", help=WORKSPACE_HELP)] = None,
) -> int:
    """Exit code 1 where the platform's results differ from the rules, or something would change."""
    from yibao.commands import settle_explain, settle_live, settle_owed
    from yibao.store.settings import find_workspace
    from yibao.store.workspace import Workspace

    asked = words or []
    verb, rest = (asked[0], asked[1:]) if asked and asked[0] in VERBS else ("", asked)
    by_year = verb in ("", "verify", "duplicates", "close", "resettle", "payables")
    if by_year and (len(rest) != 1 or not (rest[0].isdigit() and len(rest[0]) == 4)):
        raise UserError("请写明一个年度。用法：yibao settle 2025，或 yibao settle verify 2025。")
    with Workspace.open(find_workspace(workspace)) as opened:
        benefits = _benefits(opened, known_at)
        match verb:
            case "verify":
                return _verify(opened, benefits, int(rest[0]), out)
            case "duplicates":
                return _duplicates(opened, benefits.pack, int(rest[0]), out)
            case "explain":
                return settle_explain.explain(opened, benefits, rest, slip, names)
            case "presettle" | "accept":
                return settle_live.request(opened, benefits, rest, store=verb == "accept")
            case "reverse":
                approval = (approved_by, reason, preview)
                return settle_live.reverse(opened, benefits, rest, request, approval)
            case "close":
                return settle_live.close(opened, int(rest[0]), approved_by)
            case "resettle":
                return settle_owed.resettle(opened, benefits, _benefits(opened, and_known), int(rest[0]))
            case "payables":
                return settle_owed.payables(opened, benefits.pack, int(rest[0]))
            case _:
                return _settle(opened, benefits, int(rest[0]), out)


VERBS = ("verify", "duplicates", "explain", "presettle", "accept", "reverse", "close", "resettle", "payables")


def _benefits(workspace: Workspace, known_at: str | None) -> Benefits:
    from yibao.region.benefits.resolve import Benefits
    from yibao.region.packs import workspace_pack

    try:
        day = date.fromisoformat(known_at) if known_at else None
    except ValueError:
        raise UserError(f"“{known_at}”应是日期，如 2025-06-30。") from None
    return Benefits(workspace_pack(workspace.path, workspace.settings.region), day)


def _settle(workspace: Workspace, benefits: Benefits, year: int, out: str | None) -> int:
    from yibao.settle.run import settle_year
    from yibao.store.listing import Listing, told

    manifest = settle_year(workspace, benefits, year)
    rows = workspace.query(_TOTALS, year=year).read_all().to_pylist()
    count = sum(row["bills"] for row in rows)
    print(
        f"{year} 年按“{benefits.pack.name}”的规则计算了 {count:,} 张单据（含冲正），结果在“复算结算”表，第 {manifest.version} 版。"
    )
    named = [
        (
            _code(workspace, "insurance_type", row["insurance_type"]),
            _code(workspace, "care_type", row["care_type"]),
            *(row[key] for key in _SUMS),
        )
        for row in sorted(rows, key=lambda row: (row["insurance_type"], row["care_type"]))
    ]
    headings: Headings = (
        ("险种", "text"),
        ("医疗类别", "text"),
        ("单据", "count"),
        ("总费用", "money"),
        ("基金支付", "money"),
        ("个人负担", "money"),
    )
    print("\n".join(told(Listing("复算结算", f"{year} 年各类结算（元）", headings, named))))
    _once(workspace, year, out)
    _hidden(benefits, year)
    return CLEAN


def _hidden(benefits: Benefits, year: int) -> None:
    """Print which documents of the year a later known one hides."""
    from yibao.region.benefits.survey import hidden_in

    for line in hidden_in(benefits.pack, year, benefits.known_at):
        print(f"请留意：{line}")


def _once(workspace: Workspace, year: int, out: str | None) -> bool:
    """Tell what was counted once and what could not be counted; is there anything to look into?"""
    from yibao.settle.counted_once import once_listings

    found = once_listings(workspace, year)
    if found:
        print()
        tell(found, out, f"结算核对-{year}")
    return any(listing.rows for listing in found)


def _duplicates(workspace: Workspace, pack: Pack, year: int, out: str | None) -> int:
    from yibao.settle.paid_twice import paid_twice

    listing = paid_twice(workspace, pack, year)
    tell([listing], out, f"重复支付线索-{year}")
    return FOUND if listing.rows else CLEAN


_SUMS = ("bills", "total_fee", "fund_pay_total", "person_burden_total")
_TOTALS = """SELECT c.insurance_type, c.care_type, COUNT(*) AS bills, CAST(SUM(c.total_fee) AS BIGINT) AS total_fee,
    CAST(SUM(c.fund_pay_total) AS BIGINT) AS fund_pay_total, CAST(SUM(c.person_burden_total) AS BIGINT) AS person_burden_total
FROM computed_settlements AS c WHERE c.benefit_year = $year GROUP BY c.insurance_type, c.care_type"""


def _verify(workspace: Workspace, benefits: Benefits, year: int, out: str | None) -> int:
    import pyarrow as pa

    from yibao.commands.settle_missing import not_compared
    from yibao.settle.paid_twice import paid_twice
    from yibao.settle.reached import NOTHING, Missing
    from yibao.settle.run import any_order, collect_bills, write_year
    from yibao.settle.split_stays import split_stays
    from yibao.settle.verify import DIFFERENCES, differences, misclassified

    missing: Counter[Missing] = Counter()
    collect_bills(workspace, benefits.pack, year, any_order(workspace, benefits.pack, year))
    produced = workspace.produced(
        "yibao settle verify", reads=["bills", "settlements"], year=year, region=benefits.pack.code
    )
    split = split_stays(workspace, benefits, year)
    if split.left_out:
        missing[NOTHING, split.key, False] += split.left_out
    found = chain(differences(workspace, benefits, year, missing), split.differences.to_batches())
    write_year(
        workspace, "settlement_differences", pa.RecordBatchReader.from_batches(DIFFERENCES, found), produced, year
    )
    rows = workspace.query(_DIFFERENCES, year=year).read_all().to_pylist()
    count = workspace.query(_COMPARED, year=year).read_all()
    wrong_lines = misclassified(workspace, benefits.pack, year)
    settlements = len({row["settlement_id"] for row in rows})
    print(
        f"{year} 年平台结算 {count['rows'][0].as_py() + split.compared + split.left_out:,} 笔，按“{benefits.pack.name}”的规则复算，{settlements:,} 笔有差异。"
    )
    if missing:
        print()
        tell([not_compared(missing)], None, "")
    print(
        f"费用明细归类不符的有 {wrong_lines:,} 条。"
        if wrong_lines
        else "费用明细的归类（全自费、超限价、先行自付、范围内）全部相符。"
    )
    if split.compared:
        print(
            f"跨年按天数分段的住院 {split.compared:,} 笔，平台各只有一笔：以各段合计比较总额、各基金、账户和现金（起付线分年计算，不比较），"
            f"{len(set(split.differences['settlement_id'].to_pylist())):,} 笔不同。"
        )
    twice = paid_twice(workspace, benefits.pack, year)
    if twice.rows:
        print(f"可能支付了两次的有 {len(twice.rows):,} 对，见 yibao settle duplicates {year}。")
    unsettled = _once(workspace, year, out)
    _hidden(benefits, year)
    if not rows:
        return FOUND if wrong_lines or unsettled or missing else CLEAN
    print()
    causes = Counter((row["difference_step"], row["difference_cause"]) for row in rows)
    for (step, cause), times in causes.most_common():
        total = sum(
            row["difference_amount"]
            for row in rows
            if (row["difference_step"], row["difference_cause"]) == (step, cause)
        )
        why = _code(workspace, "difference_cause", cause) if cause else "原因待查"
        print(
            f"{pad(_code(workspace, 'settlement_step', step), 16)}{pad(why, 34)}{times:>6,} 笔　平台合计{'少' if total < 0 else '多'} {yuan(abs(total))}"
        )
    print()
    print(f"差异最大的 {min(SHOWN, len(rows))} 笔（全部在“结算差异”表）：")
    for row in sorted(rows, key=lambda r: -abs(r["difference_amount"]))[:SHOWN]:
        why = f"，{_code(workspace, 'difference_cause', row['difference_cause'])}" if row["difference_cause"] else ""
        print(
            f"  结算 {row['settlement_id']}　{row['settlement_time']:%Y-%m-%d}　{_code(workspace, 'settlement_step', row['difference_step'])}："
            f"平台 {yuan(row['reported_amount'])}，复算 {yuan(row['computed_amount'])}，差 {yuan(row['difference_amount'])}{why}"
        )
    return FOUND


_COMPARED = """SELECT COUNT(*) AS rows FROM bills AS b JOIN settlements AS s ON s.settlement_id = b.bill_id WHERE b.benefit_year = $year"""
_DIFFERENCES = "SELECT d.* FROM settlement_differences AS d WHERE d.benefit_year = $year"


def _code(workspace: Workspace, name: str, value: str) -> str:
    """What a code is called."""
    codes = workspace.vocabulary.codes[name]
    return codes.values.get(value, value)

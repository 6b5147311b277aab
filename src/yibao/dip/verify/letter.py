"""Lists ready to be sent: one for each hospital that has differences, one for the city with those of its own sheets. No names of patients."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from yibao.dip.verify.found import RESULTS, Difference
from yibao.dip.verify.letter_word import write_word
from yibao.dip.verify.listed import Named
from yibao.dip.verify.run import Verified
from yibao.money import Fen, in_unit
from yibao.store.neutral import as_file_name

#: what a letter calls the parameters that it relies on
TERMS = {
    "dip.coefficient": "机构系数", "dip.bands": "费用偏差", "dip.standard": "费用标准", "dip.points": "结算点数",
    "dip.ungrouped": "未入组病例", "dip.deposit": "质量保证金", "dip.sharing": "结余留用与超支分担",
}  # fmt: skip
OF_ROWS = frozenset({"duplicate", "missing", "stranger"})  #: stays that are wrong in the sheets, not in their points
NUMBERS = "一二三四五六七八九十"
HEADINGS = ("序号", "表", "结算号或机构", "日期", "险种", "项目", "统筹区", "核对", "影响（元）", "原因")


@dataclass(frozen=True, slots=True)
class Letter:
    """What one list says; the table is its attachment."""

    title: str
    to: str
    paragraphs: Sequence[tuple[str, str]]  #: style (heading, body) and text
    table_title: str
    table: Sequence[Sequence[str]]  #: rows under `HEADINGS`, the last the sum


def write_letters(folder: Path, verified: Verified, named: Named) -> list[Path]:
    """A .docx for each hospital, and one for the city; the paths. UserError where one cannot be written."""
    written = []
    for name, letter in letters(verified, named):
        path = folder / f"{as_file_name(name)}.docx"
        write_word(letter.title, letter.to, letter.paragraphs, letter.table_title, HEADINGS, letter.table, path)
        written.append(path)
    return written


def letters(verified: Verified, named: Named) -> Iterator[tuple[str, Letter]]:
    """Name of the file and content; the city's list holds what is wrong in its sheets beside the stays."""
    by: dict[str, list[Difference]] = defaultdict(list)
    for one in verified.found.differences:
        if one.provider is not None:
            by[one.provider].append(one)
    year = verified.sheets.year
    for provider, mine in sorted(by.items()):
        name = named.provider(provider)
        opening = f"经核对统筹区下发的 {year} 年 DIP 各表，你单位有 {_amounts(mine)}。清单见附件，请核实。"
        file = "-".join(filter(None, (named.code(provider), name)))
        yield f"DIP核对清单-{year}-{file}", _letter(verified, named, name, opening, mine)
    sheets = [
        one
        for one in verified.found.differences
        if one.sheet != RESULTS or one.provider is None or one.cause in OF_ROWS
    ]
    if sheets:
        opening = f"经核对你单位下发的 {year} 年 DIP 各表，表内有 {_amounts(sheets)}。各病例的分组和点数另列给各机构。清单见附件，请核实并更正。"
        yield f"DIP核对清单-{year}-统筹区各表", _letter(verified, named, "统筹区医疗保障经办机构", opening, sheets)


def _amounts(mine: Sequence[Difference]) -> str:
    unknown = sum(1 for one in mine if one.effect is None)
    said = f"{len(mine)} 处与目录、参数、结算或各表之间不符，{_over_and_under(mine)}"
    return said + (f"（另有 {unknown} 处算不出金额）" if unknown else "")


def _over_and_under(mine: Sequence[Difference]) -> str:
    """What the city reckoned too much and what too little, which do not make each other good."""
    over, under = (sum(sign * one.effect for one in mine if one.effect and sign * one.effect > 0) for sign in (1, -1))
    said = [f"{word} {_money(fen)} 元" for word, fen in (("多算", over), ("少算", under)) if fen]
    return "、".join(said) or ("没有影响金额" if any(one.effect == 0 for one in mine) else "算不出金额")


def _letter(verified: Verified, named: Named, to: str, opening: str, mine: Sequence[Difference]) -> Letter:
    year = verified.sheets.year
    ordered = sorted(mine, key=lambda one: (one.cause, one.sheet, one.key, one.step))
    paragraphs = [("body", opening), ("heading", "一、依据"), *(("body", text) for text in _basis(verified))]
    paragraphs += [("heading", "二、差异"), *(("body", text) for text in _causes(ordered, named))]
    paragraphs += [("heading", "三、说明"), *(("body", text) for text in _notes(verified))]
    rows = [_row(number, one, verified, named) for number, one in enumerate(ordered, 1)]
    total = sum(one.effect or 0 for one in mine)
    rows.append(("合计", "", "", "", "", "", "", "", _money(total), ""))
    return Letter(f"{year} 年按病种付费结果核对清单", to, paragraphs, f"附件　{year} 年差异清单（{to}）", rows)


def _basis(verified: Verified) -> Iterator[str]:
    """The catalogue and the clauses that were relied on."""
    number = 0
    if verified.versions:
        number += 1
        yield f"{number}. 病种目录：{'、'.join(verified.versions)}。"
    sources: dict[str, list[str]] = defaultdict(list)
    for key, value in sorted(verified.cited.items()):
        if key in TERMS:
            sources[value.cited].append(TERMS[key])
    for source, names in sources.items():
        number += 1
        yield f"{number}. {'、'.join(names)}：{source}。"
    ours = "，及本地的医保结算和病案编码" if verified.sheets.settled else ""
    yield f"{number + 1}. 统筹区下发的分组结果、月预结算、点值、年终清算各表{ours}。"


def _causes(mine: Sequence[Difference], named: Named) -> Iterator[str]:
    for at, (cause, number) in enumerate(
        sorted(Counter(one.cause for one in mine).items(), key=lambda item: (-item[1], item[0]))
    ):
        amount = _over_and_under([one for one in mine if one.cause == cause])
        mark = NUMBERS[at] if at < len(NUMBERS) else str(at + 1)
        yield f"（{mark}）{named('dip_cause', cause)}：{number} 处，{amount}。"


def _notes(verified: Verified) -> Iterator[str]:
    yield "影响金额为统筹区的数减核对的数，正数为多算（多付、少扣），负数为少算；病例按预算点值折算，付费乘支付比例的再乘支付比例，年终清算以后以清算点值为准。"
    lacking = [one.name for one in verified.found.checks if one.reason]
    if lacking:
        yield f"下列各项因资料不全没有核对，不表示相符：{'；'.join(lacking)}。"


def _row(number: int, one: Difference, verified: Verified, named: Named) -> tuple[str, ...]:
    is_stay = one.sheet == RESULTS and one.key in verified.days
    month = f"{one.month // 100}-{one.month % 100:02d}" if one.month else ""
    day = verified.days[one.key].isoformat() if is_stay else month or str(verified.sheets.year)
    what = one.key if is_stay else named.provider(one.provider) or "各机构合计"
    effect = "—" if one.effect is None else _money(one.effect)
    return (
        str(number), named("dip_sheet", one.sheet), what, day, named("insurance_type", one.insurance),
        named("dip_step", one.step), one.official or "—", one.own or "—", effect, one.says,
    )  # fmt: skip


def _money(fen: int) -> str:
    return f"{in_unit(Fen(fen)):,}"

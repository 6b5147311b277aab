"""An appraisal on the terminal: score sheets, contradictions with the choices made, what still blocks publication."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from yibao.appraise.appraisal import Appraisal
from yibao.appraise.choices import Settled
from yibao.appraise.closing import Remarked
from yibao.appraise.deviations import Deviation, OtherFormula
from yibao.appraise.leftovers import older_in_sheet, older_years
from yibao.appraise.named_rates import RateUsed, in_words
from yibao.appraise.next_year.write import NextYear
from yibao.appraise.scoring import ScoredRow, ScoredSheet
from yibao.appraise.typed import points
from yibao.vocabulary.labels import normal

_COLUMNS = ("指标", "目标", "实际", "分值", "得分")


def print_appraisal(
    appraisal: Appraisal, console: Console, blocking: Sequence[str], remarks: Sequence[Remarked] = ()
) -> None:
    """Everything, in the order in which a clerk asks: the scores, what was decided, what is missing (`blocking`).

    `remarks`: what the proofreader says of the finished documents.
    """
    bureau = appraisal.bureau
    _line(console, f"{bureau.name} {bureau.year} 年度绩效自评", "bold")
    for sheet in appraisal.sheets:
        _print_sheet(sheet, console)
    if not appraisal.sheets:
        _line(console, "“指标”里还没有自评表，只核对了数。")
    _print_settled(appraisal.settled, console)
    _print_rates(appraisal.book.rates, console)
    _print_deviations(appraisal, console)
    _print_answers(appraisal, remarks, console)
    _print_blocking(blocking, console)


def print_next_year(made: NextYear, console: Console) -> None:
    """What the new folder asks for, one line each, then what still looks like an older year."""
    _line(
        console,
        f"{made.year} 年度：单位、版式、算法、机构、文字、指标、分值和目标沿用上年，取舍和说明没有带过来。",
        "bold",
    )
    _line(console, f"上年的数有 {made.last_values} 个，写在“数据/上年决算.yaml”。")
    console.print()
    _line(console, f"要填的有 {len(made.blanks)} 行：", "bold")
    for blank in made.blanks:
        _line(console, f"· {blank}")
    console.print()
    if made.leftovers:
        _line(console, f"还像以前年度的有 {len(made.leftovers)} 处，请逐处核对，属实的不用改：", "bold")
    for item in made.leftovers:
        _line(console, f"· {item.place}：{item.said}")


def older_words(appraisal: Appraisal) -> Iterator[str]:
    """Words of forms that name an older year where the year's own is meant."""
    year = appraisal.bureau.year
    for sheet in appraisal.sheets:
        for clause, old in older_in_sheet(sheet.filed.sheet, year):
            yield f"“{sheet.filed.shown}”：“{clause}”还写着 {old} 年，评价的是 {year} 年度"
    for label, words in appraisal.bureau.words.items():
        for clause, old in older_years(words, year):
            yield f"“单位.yaml”的{label}：“{clause}”还写着 {old} 年，评价的是 {year} 年度"


def _line(console: Console, text: str, style: str = "") -> None:
    console.print(Text(text, style=style), soft_wrap=True)


def _print_sheet(sheet: ScoredSheet, console: Console) -> None:
    console.print()
    table = Table(title=Text(_title(sheet)), title_justify="left", title_style="bold")
    for name in _COLUMNS:
        table.add_column(name, justify="right" if name in ("分值", "得分") else "left", overflow="fold")
    group = ""
    for row in sheet.rows:
        levels = " / ".join(filter(None, (row.level1, row.level2)))
        if levels not in (group, row.name):
            table.add_row(Text(levels, style="bold"))
        group = levels
        style = "bold red" if row.missing else ""
        cells = (row.name, row.target, row.actual, points(row.weight), points(row.score))
        table.add_row(*(Text(cell, style=style) for cell in cells))
    console.print(table)
    for row in sheet.rows:
        if told := _told(row):
            _line(console, f"· {row.name}：{told}", "red" if row.missing else "")
    _line(console, f"总分 {points(sheet.weight)} 分，得分 {points(sheet.total)} 分，等次：{sheet.grade}", "bold")
    _line(console, f"计分依据：{sheet.rule}；{_basis(sheet)}")


def _title(sheet: ScoredSheet) -> str:
    form = sheet.filed.sheet
    return f"{form.title}：{form.project}" if form.project else form.title


def _basis(sheet: ScoredSheet) -> str:
    if sheet.filed.sheet.scoring == "自评":
        return "执行率得分按未取整的执行率计算，其余各项有单位自评分的用自评分"
    return "各项得分按规则核对"


def _told(row: ScoredRow) -> str:
    if row.missing:
        return f"{row.owed}，缺少偏差原因"
    return "；".join(part for part in (row.owed, row.note, row.reason if row.owed else "") if part)


def _print_settled(settled: Sequence[Settled], console: Console) -> None:
    console.print()
    if not settled:
        _line(console, "填报的数没有互相矛盾的地方。")
        return
    _line(console, f"填报的数有 {len(settled)} 处互相矛盾，都已取舍：", "bold")
    for number, item in enumerate(settled, 1):
        _line(console, f"{number}. 【{item.contradiction.name}】{item.contradiction.said}")
        _line(console, f"   取：{item.take}。理由：{item.reason}")


def _print_rates(rates: Sequence[RateUsed], console: Console) -> None:
    if rates:
        console.print()
        _line(console, "同名比率用的算法：", "bold")
    for used in rates:
        _line(console, f"· {used.key.name} = {in_words(used.version.formula.expr)}（{used.version.formula.source}）")


def _print_deviations(appraisal: Appraisal, console: Console) -> None:
    if appraisal.deviations:
        console.print()
        _line(console, f"与预算差得远、须在报告中说明的有 {len(appraisal.deviations)} 处：", "bold")
    for item in appraisal.deviations:
        _line(console, f"· {item.name}：{item.said}。{_reason(item)}", "red" if item.missing else "")
    if appraisal.formulas:
        console.print()
        _line(console, f"没有用本地算法、须说明原因的比率有 {len(appraisal.formulas)} 个：", "bold")
    for other in appraisal.formulas:
        _line(console, f"· {other.name}：{other.said}。{_reason(other)}", "red" if other.missing else "")


def _reason(item: Deviation | OtherFormula) -> str:
    if not item.missing:
        return f"说明：{item.reason}"
    return f"【“{item.reason}”没有说出原因】" if item.reason else "【没有写说明】"


def _print_answers(appraisal: Appraisal, remarks: Sequence[Remarked], console: Console) -> None:
    said = {normal(remark.name): f"{remark.place}：{remark.said}。" for remark in reversed(remarks)}
    if appraisal.answers:
        console.print()
        _line(console, f"校对的提醒已说明、印在报告里的有 {len(appraisal.answers)} 条：", "bold")
    for answer in appraisal.answers:
        _line(console, f"· 【{answer.about}】{said.get(normal(answer.about), '')}说明：{answer.reason}")


def _print_blocking(blocking: Sequence[str], console: Console) -> None:
    console.print()
    if not blocking:
        _line(console, "没有妨碍公开的问题。", "bold green")
        return
    _line(console, f"还有 {len(blocking)} 处要补写，补上之前不能公开：", "bold red")
    for sentence in blocking:
        _line(console, f"· {sentence}", "red")

"""Sums that a form has to keep: weights to 100, levels to their headings, funds to their parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from yibao.appraise.choices import AS_PRINTED, Contradiction
from yibao.appraise.quotes import Quoting
from yibao.appraise.sheet import Filed, Funds, Sheet
from yibao.appraise.typed import Key, Number, is_blank
from yibao.errors import UserError

EXECUTION = "预算执行率"


def check_total_weight(filed: Filed, full: Decimal) -> None:
    """UserError where the weights of a form do not make its full score."""
    sheet = filed.sheet
    total = weight_of(sheet)
    if total != full:
        raise UserError(
            f"{filed.place('指标')}起，“{sheet.name}”各项分值（含预算执行率 {sheet.funds.weight} 分）合计 {total} 分，应为 {full} 分，请改正。"
        )


def weight_of(sheet: Sheet) -> Decimal:
    return sheet.funds.weight + sum((row.weight or Decimal(0) for row in sheet.rows), Decimal(0))


def odd_headings(filed: Filed, scores: Sequence[Decimal], execution: Decimal) -> Iterator[Contradiction]:
    """Headings whose printed weight or score is not what their rows add up to.

    `scores`: printed scores of `sheet.rows`, `execution` that of the execution rate.
    """
    sheet = filed.sheet
    for at, heading in enumerate(sheet.headings):
        of = [i for i, row in enumerate(sheet.rows) if heading.name in (row.level1, row.level2, row.name)]
        if heading.name == EXECUTION:
            weight, score = sheet.funds.weight, execution
        elif of or _is_idle(sheet, heading.name):
            weight = sum((sheet.rows[i].weight or Decimal(0) for i in of), Decimal(0))
            score = sum((scores[i] for i in of), Decimal(0))
        else:
            raise UserError(
                f"{filed.place('各级分值', at)}的“{heading.name}”不是表中的一级、二级或三级指标；表中没有分值的，请加一行“不适用: 是”。"
            )
        where = f"{heading.source.printed_in}（{filed.place('各级分值', at)}）"
        yield from _odd(f"{sheet.name} {heading.name} 分值", heading.weight, weight, where)
        if heading.score is not None and heading.score - heading.weight != score - weight:
            yield from _odd(f"{sheet.name} {heading.name} 得分", heading.score, score, where)


def _odd(name: str, printed: Decimal, added: Decimal, where: str) -> Iterator[Contradiction]:
    if printed != added:
        said = f"{where}印的是 {printed} 分，表中各行合计 {added} 分（要改各行的分值，请改表）"
        yield Contradiction(name, said, (f"{added}分",))


def _is_idle(sheet: Sheet, name: str) -> bool:
    return any(name in (row.level1, row.level2) for row in sheet.indicators)


def odd_funds(filed: Filed, quoting: Quoting) -> Iterator[Contradiction]:
    """Totals of the funds block that its parts do not add up to. ValueError for a cell that is no number."""
    funds, name = filed.sheet.funds, filed.sheet.name
    adjusted, executed = _cell(funds.adjusted, funds, quoting), _cell(funds.executed, funds, quoting)
    yield from _odd_sum(f"{name} 按收入性质分", "全年预算", adjusted, _cells(funds.by_income, funds, quoting))
    yield from _odd_sum(f"{name} 按支出性质分", "全年执行", executed, _cells(funds.by_expense, funds, quoting))
    for label, whole, texts in (
        ("年初预算", _cell(funds.initial, funds, quoting), {k: a.initial for k, a in funds.sources.items()}),
        ("全年预算", adjusted, {k: a.adjusted for k, a in funds.sources.items()}),
        ("全年执行", executed, {k: a.executed for k, a in funds.sources.items()}),
    ):
        yield from _odd_sum(f"{name} 资金来源 {label}", label, whole, _cells(texts, funds, quoting))


def _cell(text: str, funds: Funds, quoting: Quoting) -> Number | None:
    return None if is_blank(text) else quoting.number(text, funds.unit)


def _cells(texts: Mapping[str, str], funds: Funds, quoting: Quoting) -> list[Number]:
    return [n for text in texts.values() if (n := _cell(text, funds, quoting)) is not None]


def _odd_sum(name: str, label: str, whole: Number | None, parts: Sequence[Number]) -> Iterator[Contradiction]:
    if whole is None or not parts:
        return
    added = sum((part.base for part in parts), Decimal(0))
    if added != whole.base:
        told = "＋".join(part.printed for part in parts)
        said = f"{label} {whole.printed}，各项 {told}＝{whole.rewritten(added).printed}"
        yield Contradiction(name, said, (AS_PRINTED,))


def odd_projects(sheets: Sequence[Filed], quoting: Quoting) -> Iterator[Contradiction]:
    """The bureau's project expenditure, against what the project forms execute together; nothing without either."""
    typed = quoting.book.chosen.get(Key("dept.expense.project", "", quoting.year, "final"))
    cells = [_cell(filed.sheet.funds.executed, filed.sheet.funds, quoting) for filed in sheets if filed.sheet.project]
    parts = [cell for cell in cells if cell is not None]
    if parts:
        yield from _odd_sum("各项目自评表 全年执行", "项目支出", typed.number if typed else None, parts)

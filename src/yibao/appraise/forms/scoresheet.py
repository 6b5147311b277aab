"""部门整体支出绩效自评表 and 项目支出绩效自评表, nine columns, in the official layout (guide §4.1, §4.2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from yibao.appraise.appraisal import Appraisal
from yibao.appraise.forms.formulas import alive, summed
from yibao.appraise.forms.printing import heading, number_cell, points_cell, row_label, words
from yibao.appraise.forms.shape import Kind, ScoreShape, shapes, signature
from yibao.appraise.forms.table import Align, Cell, Form
from yibao.appraise.quotes import Quoting
from yibao.appraise.scoring import ScoredRow, ScoredSheet
from yibao.appraise.sheet import Amounts, Filed, Indicator
from yibao.appraise.typed import Key, is_blank, number
from yibao.errors import UserError

WIDTHS = (13, 10, 11, 17, 14, 20, 7, 10, 17)
LONG = 12  #: characters of a cell that is set to the left, not in the middle
INITIAL, ADJUSTED, EXECUTED, WEIGHT, RATE, SCORE = range(3, 9)  #: columns of the funds block
_ROW_WEIGHT, _ROW_SCORE = 6, 7  #: columns of the indicators


@dataclass(frozen=True, slots=True)
class _Page:
    """What every part of a form needs."""

    sheet: ScoredSheet
    quoting: Quoting
    shape: ScoreShape
    bureau: str

    @property
    def filed(self) -> Filed:
        return self.sheet.filed


def scoresheet(appraisal: Appraisal, sheet: ScoredSheet) -> Form:
    """The form of a scored sheet: the department's own, or a project's. UserError for a quote that finds nothing."""
    form, bureau = sheet.filed.sheet, appraisal.bureau
    page = _Page(sheet, Quoting(appraisal.book, bureau.year), shapes(bureau.layout).scoresheet, bureau.name)
    top = _project_top(page) if form.project else _department_top(page)
    rows = [*top, *_goals(page)]
    first = len(rows) + 1
    rows += _indicators(page)
    rows.append(_sums(page, _total_row(top, page), first, len(rows)))
    kind: Kind = "projects" if form.project else "scoresheet"
    return Form(
        id=f"project:{form.project}" if form.project else "scoresheet",
        title=form.title,
        name="项目支出绩效自评表" if form.project else "整体支出绩效自评表",
        grid=alive(rows),
        below=(*_notes(page), signature(kind, appraisal)),
        header_rows=0,
        widths=WIDTHS,
    )


def _notes(page: _Page) -> Iterator[str]:
    """What stands under the form: why the execution rate lost points has no column of its own."""
    execution = page.sheet.rows[0]
    if execution.owed and execution.reason:
        yield f"{execution.name}{execution.owed}：{execution.reason}"
    if page.filed.sheet.project:
        yield page.shape.project_note


def _department_top(page: _Page) -> list[list[Cell]]:
    """预算部门, 年度资金总额 and what it consists of by income and by expense."""
    shape, funds = page.shape, page.filed.sheet.funds
    income = list(funds.by_income.items())
    expense = list(funds.by_expense.items())
    depth = max(len(income), len(expense), 0)
    rows = [[heading(shape.department), words(page.bureau, columns=8)]]
    block = 2 + (1 + depth if depth else 0)
    title = told_unit(shape.funds, funds.unit)
    rows.append([heading(title, rows=block), heading("", columns=2), *(heading(text) for text in shape.columns)])
    rows.append([words(shape.total, columns=2), *_amounts(page, funds, len(rows), scored=True)])
    if depth:
        rows += _natures(page, income, expense, depth, len(rows))
    return rows


def told_unit(text: str, unit: str) -> str:
    return text.replace("{unit}", unit)


def _natures(
    page: _Page, income: Sequence[tuple[str, str]], expense: Sequence[tuple[str, str]], depth: int, top: int
) -> Iterator[list[Cell]]:
    """Two lists side by side under their totals: 按收入性质分 makes the budget, 按支出性质分 what was spent."""
    funds = page.filed.sheet.funds
    sums = [
        _sum_cell(_amount(page, funds.adjusted, funds.unit), [(top + 1 + i, 3) for i in range(len(income))]),
        _sum_cell(_amount(page, funds.executed, funds.unit), [(top + 1 + i, 7) for i in range(len(expense))]),
    ]
    yield [
        words(page.shape.by_income, columns=2),
        wide(sums[0]),
        words(page.shape.by_expense, columns=2),
        wide(sums[1]),
    ]
    for at in range(depth):
        row: list[Cell] = []
        for items in (income, expense):
            name, text = items[at] if at < len(items) else ("", "")
            first = page.shape.of_which if at == 0 and name else ""
            row += [replace(row_label(first + name, indent=1), columns=2), wide(_amount(page, text, funds.unit))]
        yield row


def wide(cell: Cell) -> Cell:
    return replace(cell, columns=2)


def _sum_cell(cell: Cell, places: Sequence[tuple[int, int]]) -> Cell:
    return replace(cell, formula=summed(places, cell.decimals)) if cell.number is not None and places else cell


def _project_top(page: _Page) -> list[list[Cell]]:
    """项目名称, 主管部门, and the project's money by source."""
    shape, form = page.shape, page.filed.sheet
    sources = list(form.funds.sources.items())
    rows = [
        [heading(shape.project), words(form.project, columns=8)],
        [heading(shape.authority), words(page.bureau, columns=4), heading(shape.executor), words(page.bureau, columns=3)],
        [heading(told_unit(shape.project_funds, form.funds.unit), rows=2 + len(sources)), heading("", columns=2),
         *(heading(text) for text in shape.columns)],
        [words(shape.total, columns=2)],
    ]  # fmt: skip
    total = _amounts(page, form.funds, 3, scored=True)
    below = range(4, 4 + len(sources))
    rows[3] += [_sum_cell(cell, [(r, c) for r in below]) for c, cell in enumerate(total[:3], INITIAL)] + total[3:]
    for at, (name, amounts) in enumerate(sources):
        label = (shape.of_which if at == 0 else "") + name
        rows.append([replace(row_label(label, indent=1), columns=2), *_amounts(page, amounts, 4 + at, scored=False)])
    return rows


def _amounts(page: _Page, amounts: Amounts, row: int, *, scored: bool) -> list[Cell]:
    """Initial and whole-year budget, execution; weight, rate and score in the row of the total."""
    unit = page.filed.sheet.funds.unit
    cells = [_amount(page, text, unit) for text in (amounts.initial, amounts.adjusted, amounts.executed)]
    if not scored:
        return [*cells, *(words(page.shape.none) for _ in range(3))]
    execution = page.sheet.rows[0]
    places = (f"{{{row},{EXECUTED}}}", f"{{{row},{ADJUSTED}}}", f"{{{row},{WEIGHT}}}")
    rate = number(execution.actual, "%")
    rated = replace(number_cell(rate, ""), formula=f"ROUND({places[0]}/{places[1]},{rate.decimals + 2})")
    score = points_cell(execution.score)
    due = f"MIN({places[2]},ROUND({places[0]}/{places[1]}*{places[2]},2))"
    rated = _figure(page, rated, "dept.rate.execution")
    return [*cells, points_cell(execution.weight), rated, replace(score, formula=due)]


def _amount(page: _Page, text: str, unit: str) -> Cell:
    """An amount typed or quoted; the dash that the office wrote where there is none."""
    if is_blank(text):
        return Cell(text.strip(), align="center")
    try:
        keys = tuple(page.quoting.keys(text))
        return number_cell(page.quoting.number(text, unit), unit, keys[0] if keys else None)
    except ValueError as error:
        raise UserError(f"{page.filed.place('资金')}起：{error}，请改正。") from error


def _goals(page: _Page) -> list[list[Cell]]:
    shape, goals = page.shape, page.filed.sheet.goals
    heads = [heading(shape.goals, rows=2), heading(shape.expected, columns=4), heading(shape.reached, columns=4)]
    return [heads, [_text(page, goals.expected, "目标", 4), _text(page, goals.reached, "目标", 4)]]


def _text(page: _Page, text: str, part: str, columns: int = 1) -> Cell:
    """Words with their quotes filled in."""
    try:
        shown, keys = page.quoting.text(text), tuple(page.quoting.keys(text))
    except ValueError as error:
        raise UserError(f"{page.filed.place(part)}起：{error}，请改正。") from error
    return Cell(shown, columns=columns, quoted=keys, align="left")


def _indicators(page: _Page) -> list[list[Cell]]:
    """The indicators under their header, levels merged downwards; rows without weight say 不适用."""
    indicators = page.filed.sheet.indicators
    header = [heading(page.shape.indicators, rows=len(indicators) + 1)]
    rows = [[*header, *(heading(text) for text in page.shape.indicator_columns)]]
    scored = iter(page.sheet.rows[1:])
    opened: list[list[Cell]] = [[] for _ in indicators]
    for depth in (1, 2):
        at = 0
        for levels, group in groupby(indicators, key=lambda row: (row.level1, row.level2)[:depth]):
            size = len(list(group))
            opened[at].append(words(levels[-1], rows=size))
            at += size
    for start, indicator in zip(opened, indicators, strict=True):
        rows.append([*start, *(_idle(page, indicator) if indicator.idle else _row(page, indicator, next(scored)))])
    return rows


def _idle(page: _Page, indicator: Indicator) -> list[Cell]:
    said = page.shape.idle
    return [words(indicator.name or said), Cell("", align="center"), words(said), *(Cell("") for _ in range(3))]


def _row(page: _Page, indicator: Indicator, row: ScoredRow) -> list[Cell]:
    target, actual = (_keys(page, text) for text in (indicator.target, indicator.actual))
    return [
        words(row.name),
        Cell(row.target, quoted=target, align=_align(row.target)),
        Cell(row.actual, quoted=actual, align=_align(row.actual)),
        points_cell(row.weight),
        points_cell(row.score),
        Cell(row.reason, quoted=_keys(page, indicator.why)),
    ]


def _keys(page: _Page, text: str) -> tuple[Key, ...]:
    return tuple(page.quoting.keys(text))


def _align(text: str) -> Align:
    return "left" if len(text) > LONG else "center"


def _total_row(top: Sequence[Sequence[Cell]], page: _Page) -> int:
    """The row of 年度资金总额, which holds weight and score of the execution rate."""
    return next(r for r, row in enumerate(top) if row[0].text == page.shape.total)


def _sums(page: _Page, funds_row: int, first: int, end: int) -> list[Cell]:
    """总分: the execution rate and every indicator."""
    weights = [(funds_row, WEIGHT), *((r, _ROW_WEIGHT) for r in range(first, end))]
    scores = [(funds_row, SCORE), *((r, _ROW_SCORE) for r in range(first, end))]
    return [
        heading(page.shape.sum, columns=6),
        _figure(page, points_cell(page.sheet.weight, summed(weights, 2)), "dept.appraisal.weight"),
        _figure(page, points_cell(page.sheet.total, summed(scores, 2)), "dept.appraisal.score"),
        Cell(""),
    ]


def _figure(page: _Page, cell: Cell, figure: str) -> Cell:
    """The cell as a printing of the register's figure, where the book has it with this very number."""
    key = Key(figure, page.filed.sheet.project, page.quoting.year, "final")
    typed = page.quoting.book.chosen.get(key)
    return replace(cell, key=key) if typed is not None and typed.number.value == cell.number else cell

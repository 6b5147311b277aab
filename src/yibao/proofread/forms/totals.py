"""Any other table with totals: 合计 rows, 小计 columns, rates and shares, read from the words of labels and headers.

Nobody declared how such a table adds up, so the table itself must show it: a decomposition counts as proven where other
columns (or rows) obey it. What a single number contradicts without such support is only suspicious, or uncheckable.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from yibao.proofread.document import Table
from yibao.proofread.findings import Check, NotRun, Severity, Verdict
from yibao.proofread.forms.arithmetic import add_up, rate, slip
from yibao.proofread.forms.columns import Period, derived_checks, derived_columns, period_of, title_year
from yibao.proofread.forms.facts import Form, FormContext
from yibao.proofread.forms.grid import Column, Grid, Number, Row, rank_of, read_grid, row_of
from yibao.proofread.forms.totals_flows import flow_checks, strips
from yibao.proofread.forms.totals_rows import Decomposition, decompositions
from yibao.proofread.norm import normalise
from yibao.proofread.quantity import Quantity

MAX_ROWS = 1500
MAX_AMOUNTS = 40  #: columns of amounts that are looked at
MAX_CELLS = 20_000
MAX_TOTALS = 60  #: total rows beside one label column; a table has few
HELD = (Verdict.CONSISTENT, Verdict.ROUNDING)

_NOT_ADDITIVE = re.compile(
    r"率|均|单价|标准|价格|指数|倍|年份|日期|时间|电话|号码|编号|账号|排名|名次|比上年|同比|增减|增长|得分率|百分点|限额"
)
_SHARE = re.compile(r"占比|比重|占.{0,8}(?:比例|比重|%|百分比)|^比例|构成比")
_TOTAL_COLUMN = re.compile(r"^(?:合|小|总|共)计$|^总(?:额|数|量)$|合计$|小计$|总计$")
_SIGNED = re.compile(r"^(?:其中|减|其中：)")


def recognise(table: Table, context: FormContext) -> Form | None:
    """A form whose checks are the totals, rates and shares of any table; None where nothing could be evaluated."""
    if len(table.rows) < 2 or table.width < 2:
        return None
    if len(table.rows) > MAX_ROWS or len(table.rows) * table.width > MAX_CELLS:
        reason = f"表格过大（{len(table.rows)}行、{table.width}列），未核对合计"
        return Form(
            "totals", table, context.block, context.file, "", "", context.year, not_run=(NotRun("table_sum", reason),)
        )
    grid = read_grid(table, context)
    amounts = amount_columns(grid)
    if not grid.body or not grid.value_columns:
        return None
    cells = ((row.index, c.index) for row in grid.body for c in amounts)
    numbers = {cell: n for cell in cells if (n := grid.number(*cell)) is not None}
    year = title_year((table.caption, *table.notes), context.year)
    checks = [
        *column_totals(grid, amounts, numbers), *row_totals(grid, amounts, numbers), *rates(grid, year), *shares(grid, amounts), *flows(grid),
    ]  # fmt: skip
    if table.weak or not _begins_itself(grid):
        checks = [_doubted(c) for c in checks]
    if not checks:
        return None
    return Form(
        "totals", table, context.block, context.file, normalise(table.caption[:80]).text, "", year, checks=tuple(checks)
    )


def amount_columns(grid: Grid) -> tuple[Column, ...]:
    """Value columns whose numbers can be added: no rates, averages, ordinals, years, codes or telephone numbers."""
    found = [
        c
        for c in grid.value_columns
        if not _NOT_ADDITIVE.search(c.name) and not _SHARE.search(c.name) and _adds(grid, c)
    ]
    return tuple(found[:MAX_AMOUNTS])


def _adds(grid: Grid, column: Column) -> bool:
    numbers = [q for row in grid.body if (q := grid.quantities.get((row.index, column.index))) is not None]
    if not numbers or any(q.operator for q in numbers):
        return False
    if any(q.unit is not None and q.unit.dimension in ("ratio", "years", "months", "days") for q in numbers):
        return False
    bare = [q for q in numbers if q.unit is None and q.decimals == 0]
    if len(bare) == len(numbers) and (column.unit or grid.unit) is None:
        if all(1990 <= q.value <= 2100 for q in bare) or all(q.value >= 10**9 for q in bare):
            return False
        return not _ordinals(bare)
    return True


def _ordinals(numbers: Sequence[Quantity]) -> bool:
    values = [int(q.value) for q in numbers]
    return len(values) > 2 and values == list(range(values[0], values[0] + len(values)))


def _begins_itself(grid: Grid) -> bool:
    """A table without header is the rest of another one: its sums may reach over the page break."""
    return grid.header > 0 and any(c.path for c in grid.value_columns)


# --- rows -------------------------------------------------------------------------------------------------------------


def column_totals(grid: Grid, amounts: Sequence[Column], numbers: Numbers) -> Iterator[Check]:
    """Every 合计 row against the rows it sums up, in the decomposition that most columns obey."""
    sides: dict[int, list[Column]] = {}
    for column in amounts:
        sides.setdefault(grid.label_column(column.index), []).append(column)
    for columns in sides.values():
        indices = [c.index for c in columns]
        rows = [r for r in _named_rows(grid, columns[0].index) if any((r.index, c) in numbers for c in indices)]
        if sum(r.is_total for r in rows) > MAX_TOTALS:
            continue
        for choices in decompositions(rows):
            yield from _best_rows(grid, columns, choices, numbers)


def _named_rows(grid: Grid, col: int) -> Iterator[Row]:
    """Body rows by the label left of a column; 合计 may stand in the column of ordinals."""
    left = grid.label_column(col)
    for row in grid.body:
        found = row_of(grid.table, row.index, left)
        if not found.name:
            marks = (
                row_of(grid.table, row.index, c.index) for c in grid.columns if c.kind == "index" and c.index < col
            )
            found = next((m for m in marks if m.is_total), found)
        if found.name:
            yield found


def _best_rows(
    grid: Grid, columns: Sequence[Column], choices: Sequence[Decomposition], numbers: Numbers
) -> list[Check]:
    def tried(choice: Decomposition) -> list[Sum]:
        found = (
            _sum(numbers, (choice.total.index, c.index), [(r.index, c.index) for r in choice.parts]) for c in columns
        )
        return [s for s in found if s is not None]

    best = max(
        ((choice, sums) for choice in choices if (sums := tried(choice))), key=lambda t: _obeyed(t[1]), default=None
    )
    if best is None:
        return []
    choice, sums = best
    checks = [c for s in sums if (c := _check(grid, "table_sum", s, choice.total.label)) is not None]
    held = sum(c.verdict in HELD and _telling(c) for c in checks)
    failed = sum(c.verdict is Verdict.INCONSISTENT for c in checks)
    if failed == 0 or (held and (failed == 1 or held >= 2 * failed)):
        return checks
    plain = choice.plain and len(choices) == 1 and failed == 1
    return [_suspected(c) if plain else _doubted(c) for c in checks]


Numbers = Mapping[tuple[int, int], Number]


@dataclass(frozen=True, slots=True)
class Sum:
    """A printed total and the numbers that may make it up."""

    target: Number
    parts: tuple[Number, ...]

    @property
    def fits(self) -> bool:
        slack = sum((p.quantity.step for p in (self.target, *self.parts)), Decimal(0)) / 2
        return abs(sum((p.value for p in self.parts), Decimal(0)) - self.target.value) <= slack

    @property
    def telling(self) -> bool:
        """Two or more parts that are not zero: one part equal to its total may be a coincidence."""
        return sum(p.value != 0 for p in self.parts) > 1


def _sum(numbers: Numbers, target: tuple[int, int], parts: Sequence[tuple[int, int]]) -> Sum | None:
    """Left out where the total is blank, everything is zero, or the units differ."""
    total, found = numbers.get(target), tuple(n for p in parts if (n := numbers.get(p)) is not None)
    if total is None or not found or (total.value == 0 and not any(p.value for p in found)):
        return None
    return Sum(total, found) if all(p.quantity.unit == total.quantity.unit for p in found) else None


def _obeyed(sums: Sequence[Sum]) -> tuple[int, int]:
    held = sum(s.fits and s.telling for s in sums)
    return held - sum(not s.fits for s in sums), held


def _check(grid: Grid, kind: str, s: Sum, label: str = "") -> Check | None:
    return add_up(kind, s.target, s.parts, _subject(grid, f"“{label or s.target.label}”（{s.target.column}）"))


def _telling(check: Check) -> bool:
    """Two or more parts that are not zero: one part equal to its total may be a coincidence."""
    return sum(o.value != 0 for o in check.operands) > 1


def _subject(grid: Grid, text: str) -> str:
    title = normalise(grid.table.caption[:60]).text
    return f"{title}：{text}" if title else text


# --- columns ----------------------------------------------------------------------------------------------------------


def row_totals(grid: Grid, amounts: Sequence[Column], numbers: Numbers) -> Iterator[Check]:
    """Every 合计 or 小计 column against its neighbours, in the grouping that most rows obey."""
    for column in amounts:
        if not column.path or not _TOTAL_COLUMN.search(column.path[-1]):
            continue
        best: list[Sum] = []
        for parts in _groupings(column, amounts):
            found = (
                _sum(numbers, (row.index, column.index), [(row.index, c.index) for c in parts]) for row in grid.body
            )
            sums = [s for s in found if s is not None]
            if sums and (not best or _obeyed(sums) > _obeyed(best)):
                best = sums
        checks = [c for s in best if (c := _check(grid, "row_sum", s)) is not None]
        held = sum(c.verdict in HELD and _telling(c) for c in checks)
        failed = sum(c.verdict is Verdict.INCONSISTENT for c in checks)
        if failed and held < max(2, 2 * failed):
            checks = [_doubted(c) for c in checks]
        yield from checks


def _groupings(total: Column, amounts: Sequence[Column]) -> Iterator[tuple[Column, ...]]:
    """Columns that may make up a total: its header group; else the outermost columns to its right, its left, or all."""
    group = total.path[:-1]
    others = [c for c in amounts if c.index != total.index and c.path]
    if group:
        same = [c for c in others if c.path[: len(group)] == group]
        yield from _outermost(same, len(group))
        if same:
            return
    right = [c for c in others if c.index > total.index]
    stop = next((i for i, c in enumerate(right) if c.path == total.path), len(right))
    for side in (right[:stop], [c for c in others if c.index < total.index], others):
        yield from _outermost(side, 0)


def _outermost(columns: Sequence[Column], depth: int) -> Iterator[tuple[Column, ...]]:
    """The columns as they are, and with groups that print a subtotal represented by it. 其中 columns are no parts."""
    kept = [c for c in columns if not any(_SIGNED.match(p) for p in c.path)]
    with_subtotal = {c.path[depth] for c in kept if len(c.path) > depth + 1 and _TOTAL_COLUMN.search(c.path[-1])}
    reduced = [
        c
        for c in kept
        if len(c.path) <= depth or c.path[depth] not in with_subtotal or _TOTAL_COLUMN.search(c.path[-1])
    ]
    if len(reduced) > 1:
        yield tuple(reduced)
    if len(kept) > 1 and len(reduced) != len(kept):
        yield tuple(kept)


# --- rates and shares -------------------------------------------------------------------------------------------------


def rates(grid: Grid, year: int | None) -> Iterator[Check]:
    """Columns that a header calls 完成率, 执行率, 增减额 or 增减率, against the amounts beside them."""
    derived = derived_columns(grid)
    if not derived:
        return
    computed = {d.column for d in derived}
    title = normalise(grid.table.caption[:80]).text
    amounts: dict[int, Period] = {
        c.index: period_of(c.name, year, title) for c in grid.value_columns if c.index not in computed and c.path
    }
    for one in derived:
        checks = [c for row in grid.body for c in derived_checks(grid, one, row.index, amounts, year)]
        held = sum(c.verdict in HELD for c in checks)
        failed = sum(c.verdict is Verdict.INCONSISTENT for c in checks)
        yield from checks if held >= max(2, 2 * failed) else (_doubted(c) for c in checks)


def shares(grid: Grid, amounts: Sequence[Column]) -> Iterator[Check]:
    """占比 columns: the row's amount over the total's, in the amount column to the left."""
    for column in grid.value_columns:
        if not column.path or not _SHARE.search(column.name):
            continue
        base = next((c for c in reversed(amounts) if c.index < column.index), None)
        whole = _grand_total(grid, base) if base is not None else None
        if base is None or whole is None:
            continue
        checks = []
        for row in grid.body:
            stated, part = grid.number(row.index, column.index), grid.number(row.index, base.index)
            check = rate("percent_of", stated, part, whole, _subject(grid, f"“{row.label}”（{column.name}）"))
            if check is not None:
                checks.append(check)
        held = sum(c.verdict in HELD for c in checks)
        failed = sum(c.verdict is Verdict.INCONSISTENT for c in checks)
        yield from checks if held >= max(2, 2 * failed) else (_doubted(c) for c in checks)


def flows(grid: Grid) -> Iterator[Check]:
    """结余 = 收入 − 支出, 期末 = 期初 + 当期, 完成率 = 实际 ÷ 预算, along rows or columns."""
    for strip in strips(grid):
        for checks in flow_checks(strip, lambda text: _subject(grid, text)):
            held = sum(c.verdict in HELD for c in checks)
            failed = sum(c.verdict is Verdict.INCONSISTENT for c in checks)
            yield from checks if held >= max(1, 2 * failed) else (_doubted(c) for c in checks)


def _grand_total(grid: Grid, column: Column) -> Number | None:
    """The number of the table's one total row; None where there are several."""
    rows = [r for r in _named_rows(grid, column.index) if r.is_total and rank_of(r.label) is None]
    grand = [r for r in rows if "小计" not in r.name]
    return grid.number(grand[0].index, column.index) if len(grand) == 1 else None


# --- how much a failed check proves -----------------------------------------------------------------------------------


def _doubted(check: Check) -> Check:
    return check.doubted("表的加总方式不能确定")


def _suspected(check: Check) -> Check:
    """A plain list with one column: no second column proves how it adds up, but a slip of the pen explains it."""
    if check.verdict is not Verdict.INCONSISTENT or check.target is None:
        return check
    total = sum((o.value for o in check.operands), check.target.value * 0)
    cause = check.cause or slip(check.target.value, total)
    if not cause:
        return replace(check, verdict=Verdict.SUSPICIOUS, severity=Severity.WARNING)
    return replace(check, cause=cause)

"""Fund tables of social insurance: income, expense and balances of one or several funds, per year and basis.

Reads the bureau's table (one column of labels) and the finance department's (income beside expense), one fund or many,
funds as blocks of rows, as columns, or as one row each. Identities: guide §6.2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from yibao.proofread.document import Table
from yibao.proofread.findings import Check
from yibao.proofread.forms.arithmetic import in_percent, trusted
from yibao.proofread.forms.columns import Period, derived_checks, derived_columns, period_of, title_year
from yibao.proofread.forms.facts import Fact, Form, FormContext
from yibao.proofread.forms.fund_checks import Series, SeriesKey, fund_checks
from yibao.proofread.forms.fund_rows import (
    BALANCES,
    TOTALS,
    FundRow,
    fund_in,
    part_in,
    read_rows,
    role_in,
    side_in,
    sides,
)
from yibao.proofread.forms.grid import Column, Grid, clean_label, is_subset, read_grid
from yibao.proofread.norm import normalise
from yibao.vocabulary.figures import load_figures

_INSURANCE = re.compile(r"保险费|缴费|征缴|待遇|医保基金|保险基金|医疗保险|医疗救助")
_DEPARTMENT = re.compile(r"财政拨款收入|结余分配|使用非财政拨款|科目编码|三公|一般公共服务")
_HEADER_WORDS = re.compile(
    r"(?:19|20)\d{2}|年度?|上|本|当|预算|决算|执行|调整|实际|预计|完成|数|金额|收入|支出|项目|栏次|全年|年初|合计|基金"
    r"|城镇|城乡|职工|居民|基本|医疗|保险|统筹|个人账户|指标名称|（.*?）|/"
)
_PART_YEAR = re.compile(r"[上下]半年|[一二三四1-4]季度|前[三3]季度|\d{1,2}月?[-至]\d{1,2}月|年\d{1,2}月(?!\d{1,2}日)")
_LAST = re.compile(r"上年|上期|上一年")  # 上年结余 is this year's opening
_TOTAL_COLUMN = re.compile(r"合计|总计")
_RATES = {
    "income.total": "income_execution", "income.premium": "premium_execution",
    "expense.total": "expense_execution", "expense.benefit": "benefit_execution",
}  # fmt: skip
MAX_TITLE = 60
MOST = 0.8  #: share of a label column's rows that speak of one side
MAX_ROWS = 400  #: no fund table is longer


def recognise(table: Table, context: FormContext) -> Form | None:
    """The form of a fund table, None for any other table."""
    if not 2 <= len(table.rows) <= MAX_ROWS:
        return None
    grid = read_grid(table, context)
    title = "".join((table.caption, *table.notes, *context.section[-1:], *_title_rows(grid)))
    year = title_year((table.caption, *table.notes, *context.section[-1:]), context.year)
    series = _by_rows(grid, title, year) or _by_columns(grid, title, year)
    if not series:
        return None
    part = _PART_YEAR.search(normalise(title).text)
    facts = (*_facts(series, part[0] if part else ""), *_rate_facts(grid, title, year))
    checks = [*fund_checks(series), *_derived(grid, title, year)]
    scope = _home(grid, title)
    name = table.caption or next(iter(context.section[-1:]), "")
    sure = not table.weak
    return Form("fund", table, context.block, context.file, name, scope, year, facts, trusted(checks, sure))


def _home(grid: Grid, title: str) -> str:
    """The fund that the table's own title names; a section or a note below may speak of others."""
    return fund_in(normalise(grid.table.caption).text) or fund_in(normalise(title).text)


def _title_rows(grid: Grid) -> Iterator[str]:
    """Rows of the header that hold one text: a title inside the grid, or the name of the first fund."""
    for r in range(grid.header):
        texts = [t for c in range(len(grid.columns)) if (t := grid.table.text(r, c)[:MAX_TITLE].strip())]
        if len(texts) == 1:
            yield texts[0]


def _is_fund(roles: set[str], words: str, title: str) -> bool:
    """Four figures (or income, expense and a balance), an insurance word, none of a department's accounts."""
    both = {"income.total", "expense.total"} <= roles and len(roles) >= 3
    enough = both or (len(roles) >= 4 and any(r.startswith(("income", "expense")) for r in roles))
    whole = {"opening", "income.total", "expense.total", "balance", "closing"} <= roles
    insured = whole or bool({"income.premium", "expense.benefit"} & roles) or _INSURANCE.search(title) is not None
    return enough and insured and not _DEPARTMENT.search(words)


def _by_rows(grid: Grid, title: str, year: int | None) -> dict[SeriesKey, Series]:
    """Figures down the side, years and funds across the top."""
    words = "".join(r.name for c in grid.label_columns for r in grid.rows(c.index + 1))
    home = _home(grid, title)
    read: dict[tuple[int, str, str], list[FundRow]] = {}
    columns = []
    for column in _amounts(grid):
        fund = fund_in(column.name) or home
        where = (grid.label_column(column.index), _fixed_side(grid, column), fund)
        if where not in read:
            read[where] = read_rows(grid, column.index, where[1], fund)
        columns.append((column, read[where]))
    roles = {r.role for rows in read.values() for r in rows if r.role}
    if not _is_fund(roles, words, title + "".join(c.name for c in grid.columns)):
        return {}
    series: dict[SeriesKey, Series] = {}
    for column, rows in columns:
        _fill(series, grid, column, rows, period_of(column.name, year, title))
    return series


def _fill(series: dict[SeriesKey, Series], grid: Grid, column: Column, rows: list[FundRow], period: Period) -> None:
    scope = next((p for t in column.path if (p := part_in(t))), "")
    rest = _HEADER_WORDS.sub("", column.name)

    def of(fund: str, part: str) -> Series:
        key = SeriesKey(fund, part or scope, period.year, period.basis, rest)
        return series.setdefault(key, Series(key, column.name, bool(_TOTAL_COLUMN.search(column.name))))

    for row in rows:
        number = grid.number(row.row.index, column.index)
        if row.role and number is not None:
            of(row.fund, row.part).cells.setdefault(row.role, number)
    for (fund, part, side), group in sides(rows).items():
        if side or group.children:
            of(fund, part).add(side, group, lambda r: grid.number(r.row.index, column.index))


def _fixed_side(grid: Grid, column: Column) -> str:
    """Income or expense of a two-sided table: the header over the column or its labels says so, or most labels do."""
    left = grid.columns[grid.label_column(column.index)]
    if len({grid.label_column(c.index) for c in grid.value_columns}) < 2:
        return side_in(column.name)
    said = [side for row in grid.rows(column.index) if (side := side_in(row.name))]
    usual = max(set(said), key=said.count) if said else ""
    return side_in(column.name) or side_in(left.name) or (usual if said.count(usual) >= MOST * len(said) else "")


def _amounts(grid: Grid) -> Iterator[Column]:
    derived = {d.column for d in derived_columns(grid)}
    return (c for c in grid.value_columns if c.index not in derived)


def _by_columns(grid: Grid, title: str, year: int | None) -> dict[SeriesKey, Series]:
    """Figures across the top, one fund a row."""
    roles: dict[int, str] = {}
    for column in _amounts(grid):
        leaf = next((t for t in reversed(column.path) if role_in(clean_label(t), "")), "")
        side = next((s for t in column.path if (s := side_in(t))), "")
        role = role_in(leaf, side) or (role_in(column.path[-1], side) if column.path else "")
        if role:
            roles[column.index] = role
    words = "".join(c.name for c in grid.columns)
    rows = [r for r in grid.rows() if fund_in(r.name) or r.is_total] or list(grid.rows())
    if not _is_fund(set(roles.values()), words, title + "".join(r.name for r in rows)) or not rows:
        return {}
    series: dict[SeriesKey, Series] = {}
    subsets = {c for c in roles for r in range(grid.header) if is_subset(grid.table.spread(r, c)[:MAX_TITLE])}
    first = {
        fund: r.index for r in reversed(rows) if (fund := fund_in(r.name))
    }.values()  # a fund's later rows are parts
    for row in rows:
        fund = fund_in(row.name) or _home(grid, title)
        for col, role in roles.items():
            header = _LAST.sub("", grid.columns[col].name) if role == "opening" else grid.columns[col].name
            period = period_of(header, year, title)
            number = grid.number(row.index, col)
            if number is None:
                continue
            key = SeriesKey(fund, "", period.year, period.basis, "" if row.index in first else row.name)
            one = series.setdefault(key, Series(key, row.name, row.is_total))
            one.cells.setdefault(role, number)
            if role.rpartition(".")[2] not in (*TOTALS, *BALANCES):
                one.add_column(role, number, subset=col in subsets)
    return series


def _derived(grid: Grid, title: str, year: int | None) -> Iterator[Check]:
    """Execution and growth columns, row by row."""
    amounts = {c.index: period_of(c.name, year, title) for c in _amounts(grid)}
    for derived in derived_columns(grid):
        left = grid.label_column(derived.column)
        fund = fund_in(grid.columns[derived.column].name)
        side = _fixed_side(grid, grid.columns[derived.column])
        near = {
            c: p
            for c, p in amounts.items()
            if grid.label_column(c) == left
            and fund_in(grid.columns[c].name) == fund
            and _fixed_side(grid, grid.columns[c]) == side
        }
        for row in grid.rows(derived.column):
            yield from derived_checks(grid, derived, row.index, near, year)


def _facts(series: dict[SeriesKey, Series], months: str) -> Iterator[Fact]:
    """`months` where the table reports on part of a year: its figures are not those of the year."""
    register = load_figures()
    for key, one in series.items():
        for role, number in one.cells.items():
            figure = f"fund.{key.fund}.{role}"
            if figure not in register:
                figure = f"label:{number.label}"
            scope = "/".join(
                p for p in (months, key.part, key.rest, "" if figure.startswith("fund.") else key.fund) if p
            )
            yield Fact(
                figure, scope, key.year, key.basis, number.quantity, number.evidence, "table", "fund", number.key
            )


def _rate_facts(grid: Grid, title: str, year: int | None) -> Iterator[Fact]:
    """Execution rates of income, expense and their main items: what the text of a report quotes."""
    home = _home(grid, title)
    for derived in derived_columns(grid):
        if derived.sort != "execution":
            continue
        column = grid.columns[derived.column]
        fund = fund_in(column.name) or home
        for row in read_rows(grid, derived.column, _fixed_side(grid, column), fund):
            number, rate = grid.number(row.row.index, derived.column), _RATES.get(row.role)
            if number is None or rate is None or not row.fund:
                continue
            number = in_percent(number, Decimal(1))
            figure = f"fund.{row.fund}.rate.{rate}"
            yield Fact(figure, row.part, year, "final", number.quantity, number.evidence, "table", "fund", number.key)

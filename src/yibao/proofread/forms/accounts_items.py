"""Lines of the tables with one row per item (02, 03, 05, 07, 08) and with items side by side (06)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from yibao.proofread.forms.accounts_columns import Columns, amount, header_texts, item_columns, skipped_columns
from yibao.proofread.forms.accounts_rows import Entry, group_entries, item_entries
from yibao.proofread.forms.accounts_table import Line
from yibao.proofread.forms.accounts_words import item_name, words
from yibao.proofread.forms.grid import Grid, is_subset, rank_of

_TOTAL = re.compile(r"^(?:总|合|小)计$|^本年(?:收入|支出)合计$|合计$")


def item_lines(kind: str, grid: Grid) -> tuple[tuple[Line, ...], tuple[str, ...], bool]:
    skipped = skipped_columns(grid) - code_columns(grid)
    entries = item_entries(grid, skipped)
    filled = sorted({c for e in entries for c in e.cells})
    columns = _flattened_columns(kind, grid, entries) if grid.table.weak else item_columns(kind, grid, filled)
    lines = []
    for entry in entries:
        line = read_line(grid, entry, columns, "")
        role = "item" if entry.code else "total" if _TOTAL.search(line.name) else ""
        lines.append(replace(line, role=role))
    return tuple(lines), tuple(columns.ids.values()), columns.certain


def _flattened_columns(kind: str, grid: Grid, entries: Sequence[Entry]) -> Columns:
    """Flattened rows have lost their blanks: columns are known only where every row prints equally many amounts."""
    counts = {len(e.cells) for e in entries if e.cells}
    order = words().order.get(kind, ("total",))
    printed = next(iter(counts)) if len(counts) == 1 else 1
    whole = order if printed == len(order) else order[:printed] if kind != "fund" else ("total",)
    return Columns(dict(enumerate(whole)), False)


def code_columns(grid: Grid) -> frozenset[int]:
    return frozenset(c.index for c in grid.columns if re.search(r"编码|代码|^[类款项]$", c.path[-1] if c.path else ""))


def read_line(grid: Grid, entry: Entry, columns: Columns, side: str) -> Line:
    amounts, other = {}, []
    for position, col in enumerate(entry.cells):
        number = amount(grid, entry.row, col, f"{entry.code}{entry.label}" if not entry.label else entry.label)
        name = _column_name(grid, columns, entry, position, col)
        if name is None or name in amounts:
            other.append(number)
        else:
            amounts[name] = number
    return Line(
        entry.row, side, "", entry.code, item_name(entry.label), entry.label, rank_of(entry.label), is_subset(entry.label),
        amounts, tuple(other),
    )  # fmt: skip


def _column_name(grid: Grid, columns: Columns, entry: Entry, position: int, col: int) -> str | None:
    """By column; in flattened rows by order, where a row prints as many amounts as there are columns."""
    if not grid.table.weak:
        return columns.ids.get(col)
    order = list(columns.ids.values())
    if len(entry.cells) == len(order):
        return order[position]
    return "total" if position == 0 and order[:1] == ["total"] else None


_ECONOMIC_COLUMNS = ("total", "personnel", "public")


def economic_lines(grid: Grid) -> tuple[tuple[Line, ...], tuple[str, ...], bool]:
    columns = _economic_columns(grid)
    lines = []
    for entry in group_entries(grid, skipped_columns(grid) - code_columns(grid)):
        if entry.code[:1] == "5":
            continue  # 政府预算支出经济分类 beside the department's own
        line = read_line(grid, entry, columns or Columns(dict.fromkeys(entry.cells[:1], "total"), True), "")
        role = "item" if entry.code else _economic_role(line.name)
        lines.append(replace(line, role=role))
    names = tuple(columns.ids.values()) if columns else ("total",)
    return tuple(x for x in lines if x.code or x.amounts), names, not grid.table.weak


def _economic_columns(grid: Grid) -> Columns | None:
    """合计, 人员经费, 公用经费 where a row splits its amount; None where each group has one amount."""
    leaves = {c.index: words().expense_columns.find(c.path[-1]) for c in grid.columns if c.path}
    ids = {i: name for i, name in leaves.items() if name in _ECONOMIC_COLUMNS}
    printed = {words().expense_columns.find(t) for t in header_texts(grid)}
    if not {"personnel", "public"} <= (printed if grid.table.weak else set(ids.values())):
        return None
    if grid.table.weak:
        return Columns(dict(enumerate(_ECONOMIC_COLUMNS)), False)
    return Columns(ids, len(set(ids.values())) == len(ids))


def _economic_role(name: str) -> str:
    if re.search(r"人员(?:经费|支出)?.{0,2}合计|^人员经费$", name):
        return "personnel"
    if re.search(r"公用(?:经费|支出)?.{0,2}合计|^公用经费$", name):
        return "public"
    return "total" if _TOTAL.search(name) else ""

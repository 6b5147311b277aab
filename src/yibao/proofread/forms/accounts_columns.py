"""Which value column of a table of accounts is which, from the header paths; else from the printed order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from yibao.proofread.forms.accounts_words import Chooser, words
from yibao.proofread.forms.grid import Grid, Number, cell_evidence, clean_label, declared_unit
from yibao.proofread.norm import normalise
from yibao.vocabulary.units import Unit

_RATE = re.compile(r"%|增减|占比|比例|比率|完成率|执行率|比上年|比重|差额")
_SKIPPED = re.compile(r"^(?:行次|序号|栏次|备注|说明|科目(?:编码|代码)|编码|代码)$")
_SUBTOTAL = re.compile(r"^(?:小|合|总)计$")
_YEAR = re.compile(r"(20\d{2})年?")
_EARLIER = re.compile(r"上年|上一年")
_GROUPS = ("opening", "income", "closing")


@dataclass(frozen=True, slots=True)
class Columns:
    """`ids` maps a column's index to its id; `certain` is False where order had to help; `skipped` carry no amounts."""

    ids: dict[int, str]
    certain: bool
    skipped: frozenset[int] = frozenset()


def skipped_columns(grid: Grid) -> frozenset[int]:
    """Columns of line numbers, rates and remarks. Code columns are kept: rows are read from them."""
    found = set()
    for column in grid.columns:
        leaf = column.path[-1] if column.path else ""
        if re.search(r"行次|序号|栏次", leaf) or column.kind == "remark" or (leaf and _RATE.search(leaf)):
            found.add(column.index)
    return frozenset(found)


def item_columns(kind: str, grid: Grid, filled: Sequence[int]) -> Columns:
    """The columns of a table with one row per item. `filled` are the columns that carry amounts in the body."""
    chooser = words().income_columns if kind == "income" else words().expense_columns
    skipped = skipped_columns(grid)
    used = [c for c in _value_columns(grid, filled) if c not in skipped]
    year = grid.context.year
    ids: dict[int, str] = {}
    for c in used:
        if found := _column_id(chooser, grid.columns[c].path, year):
            ids[c] = found
    if (
        not grid.table.weak
        and all(c in ids for c in filled if c not in skipped)
        and len(set(ids.values())) == len(ids)
        and ids
    ):
        return Columns(ids, True, skipped)
    ordered = _by_order(kind, grid, used, chooser)
    if ordered is not None:
        return Columns(ordered, True, skipped)
    first: dict[str, int] = {}
    for c, name in ids.items():
        first.setdefault(name, c)
    return Columns({c: name for name, c in first.items()}, False, skipped)


def _value_columns(grid: Grid, filled: Sequence[int]) -> list[int]:
    """Columns with amounts, and between and behind them those that have a header of their own."""
    numbered = _line_row(grid)
    if numbered:
        return numbered
    first = min(filled, default=0)
    headed = {c.index for c in grid.columns if c.path and c.kind in ("value", "empty") and c.index >= first}
    return sorted(headed | set(filled))


def _line_row(grid: Grid) -> list[int]:
    """The columns that the row 栏次 numbers 1, 2, 3 …: the most reliable count of value columns."""
    for row in grid.table.rows[: grid.header + 1]:
        texts = [(c.col, normalise(c.text).text) for c in row if c.text.strip() and len(c.text) < 20]
        if not texts or not re.fullmatch(r"栏次|行次", texts[0][1]):
            continue
        numbers = [(col, t) for col, t in texts[1:] if t.isascii() and t.isdigit()]
        if numbers and [t for _, t in numbers] == [str(i) for i in range(1, len(numbers) + 1)]:
            return [col for col, _ in numbers]
    return []


def _column_id(chooser: Chooser, path: Sequence[str], year: int | None) -> str | None:
    """The id of a header path: its leaf decides, a bare 小计 takes the name of its group."""
    if not path:
        return None
    prefix = earlier(path, year)
    names = [p for p in path if not _SKIPPED.match(p)]
    if not names:
        return None
    leaf = names[-1]
    group = next((g for p in names[:-1] if (g := chooser.find(p)) in _GROUPS), None) if len(names) > 1 else None
    if _SUBTOTAL.match(leaf) and len(names) > 1:
        found: str | None = chooser.find(names[-2]) or "total"
    else:
        found = chooser.find(leaf)
    if found is None:
        return None
    if group and found not in (*_GROUPS, "total"):
        found = f"{group}.{found}"
    elif group and found == "total":
        found = group
    return prefix + found


def earlier(path: Sequence[str], year: int | None) -> str:
    """A prefix for columns of another year: "2022年决算数" in a document of 2023 gives "y2022."."""
    text = "".join(path)
    if _EARLIER.search(text) and not re.search(r"结转|结余", text):
        return "before."
    years = {int(y) for y in _YEAR.findall(text)}
    if year is None or not years or year in years:
        return ""
    return f"y{max(years)}."


def _by_order(kind: str, grid: Grid, used: Sequence[int], chooser: Chooser) -> dict[int, str] | None:
    """The complete printed order, where the header prints every one of its names and the count of columns agrees."""
    order = words().order.get(kind, ())
    if len(order) != len(used) or not order:
        return None
    printed = {chooser.find(text) for text in header_texts(grid)}
    if not set(order) <= printed:
        return None
    return dict(zip(used, order, strict=True))


def header_texts(grid: Grid) -> list[str]:
    """Every text printed in the header rows, without blanks."""
    return [t for row in grid.table.rows[: grid.header] for c in row if (t := normalise(c.text[:200]).text)]


def amount(grid: Grid, row: int, col: int, label: str) -> Number:
    """The number of a cell, named by the label that the caller found, in the unit of the whole table.

    A unit printed in the header (a cell 单位：万元 above the last column) is the table's, not that column's.
    """
    column = grid.columns[col]
    shown, name = _label_names(label[:80])
    evidence = cell_evidence(grid.table, grid.context, row, col, shown, column.name)
    printed = grid.quantities[row, col]
    unit = printed.unit or header_unit(grid) or column.unit
    return Number(replace(printed, unit=unit), evidence, grid.context.key(row, col), name, column.name)


@lru_cache(maxsize=4096)
def _label_names(label: str) -> tuple[str, str]:
    return normalise(label).text, clean_label(label)


def header_unit(grid: Grid) -> Unit | None:
    """The unit that a header cell declares for the table, where the reader found none."""
    if grid.table.unit:
        return grid.unit
    return next((u for t in header_texts(grid) if "单位：" in t and (u := declared_unit(t))), grid.unit)

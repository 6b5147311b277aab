"""Table 09, 三公经费: one row with up to twelve amounts, or one line per part (guide §5.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from yibao.proofread.forms.accounts_columns import amount, earlier, header_texts, skipped_columns
from yibao.proofread.forms.accounts_rows import Token, is_line_row, tokens_of
from yibao.proofread.forms.accounts_table import Line
from yibao.proofread.forms.accounts_words import words
from yibao.proofread.forms.grid import Grid, Number, clean_label, is_subset, rank_of

_FINAL = re.compile(r"决算|执行数|支出数|实际")
_BUDGET = re.compile(r"预算")
_SUBTOTAL = re.compile(r"^(?:小|合|总)计$")
PARTS = ("total", "abroad", "vehicle", "purchase", "running", "reception")


def three_public_lines(grid: Grid, basis: str) -> tuple[tuple[Line, ...], bool]:
    """One line per part, its amounts by basis ("budget", "final"); and whether the header told which is which.

    In a horizontal table with several rows the row of the total (or the only one) has side "", the units' rows "unit".
    """
    skipped = skipped_columns(grid)
    rows = [
        (r, t)
        for r in range(grid.header, len(grid.table.rows))
        if (t := tokens_of(grid, r, skipped)) and not is_line_row(t)
    ]
    if _horizontal(grid):
        return _horizontal_lines(grid, basis, [(r, t) for r, t in rows if any(x.number for x in t)])
    return tuple(_vertical_lines(grid, basis, rows)), not grid.table.weak


def _horizontal(grid: Grid) -> bool:
    found = {words().three_public_parts.find(t) for t in header_texts(grid)}
    return {"abroad", "reception"} <= found


def _part_of(path: Sequence[str]) -> str | None:
    """The part that a header path names, read from its leaf upwards; 小计 takes its group's."""
    names = [
        p
        for p in path
        if not (_FINAL.search(p) or _BUDGET.search(p)) or words().three_public_parts.find(p) not in (None, "total")
    ]
    for i in range(len(names) - 1, -1, -1):
        if _SUBTOTAL.match(names[i]):
            above = next((f for p in reversed(names[:i]) if (f := words().three_public_parts.find(p)) in PARTS), None)
            return above or "total"
        if found := words().three_public_parts.find(names[i]):
            return found
    return None


def _basis_of(path: Sequence[str], basis: str, year: int | None) -> str:
    text = "".join(path)
    found = "final" if _FINAL.search(text) else "budget" if _BUDGET.search(text) else basis
    return earlier(path, year) + found


def _horizontal_lines(grid: Grid, basis: str, rows: Sequence[tuple[int, list[Token]]]) -> tuple[tuple[Line, ...], bool]:
    by_header: dict[int, tuple[str, str]] = {}
    for column in grid.columns:
        if part := _part_of(column.path):
            by_header[column.index] = (part, _basis_of(column.path, basis, grid.context.year))
    known = list(by_header.values())
    sound = not grid.table.weak and len(set(known)) == len(known) and sum(p in PARTS for p, _ in known) >= 3
    sound = sound and all(t.col in by_header for _, tokens in rows for t in tokens if t.number)
    lines: list[Line] = []
    main = _main_row(rows)
    for row, tokens in rows:
        numbers = [t for t in tokens if t.number]
        places = by_header if sound else _by_order(grid, basis, numbers)
        name = "".join(t.text for t in tokens if not t.number)
        side = "" if row == main else "unit"
        lines.extend(_row_lines(grid, row, side, name, numbers, places))
    return tuple(lines), sound


def _main_row(rows: Sequence[tuple[int, list[Token]]]) -> int:
    """The row of the total, else the only one; -1 where several units stand without a total."""
    for row, tokens in rows:
        if not tokens[0].number and _SUBTOTAL.match(clean_label(tokens[0].text)):
            return row
    return rows[0][0] if len(rows) == 1 else -1


def _row_lines(
    grid: Grid, row: int, side: str, name: str, numbers: Sequence[Token], places: dict[int, tuple[str, str]]
) -> Iterator[Line]:
    amounts: dict[str, dict[str, Number]] = {}
    for token in numbers:
        if token.col in places:
            part, basis = places[token.col]
            amounts.setdefault(part, {})[basis] = amount(grid, row, token.col, name or part)
    for part, found in amounts.items():
        yield Line(row, side, part, "", name, name, None, False, found)


def _by_order(grid: Grid, basis: str, numbers: Sequence[Token]) -> dict[int, tuple[str, str]]:
    """Parts by printed order, where one known order satisfies both identities; {} where none or several differ."""
    texts = header_texts(grid)
    paired = (
        any(_BUDGET.search(a) and _FINAL.search(b) for a, b in pairwise(texts))
        and sum("决算数" in t for t in texts) > 2
    )
    columns = [t.col for t in numbers]
    values = [t.number.value for t in numbers if t.number]
    halves: list[tuple[str, list[int]]]
    if len(columns) in (6, 7):
        halves = [(basis, list(range(6)))]
    elif len(columns) == 12 and paired:
        halves = [("budget", list(range(0, 12, 2))), ("final", list(range(1, 12, 2)))]
    elif len(columns) == 12:
        halves = [("budget", list(range(6))), ("final", list(range(6, 12)))]
    else:
        return {}
    printed = [words().three_public_parts.find(t) for t in texts]
    first_abroad = printed.index("abroad") < printed.index("reception")
    fitting = [
        order
        for order in words().three_public_orders
        if (order.index("abroad") < order.index("reception")) == first_abroad
        and all(_fits(order, [values[i] for i in at]) for _, at in halves)
    ]
    if not fitting:
        return {}
    order = fitting[0]
    if any(
        [values[i] for _, at in halves for i in _arranged(order, at)]
        != [values[i] for _, at in halves for i in _arranged(o, at)]
        for o in fitting[1:]
    ):
        return {}
    return {columns[at[k]]: (part, half) for half, at in halves for k, part in enumerate(order)}


def _arranged(order: Sequence[str], at: Sequence[int]) -> list[int]:
    return [at[order.index(part)] for part in PARTS]


def _fits(order: Sequence[str], values: Sequence[Decimal]) -> bool:
    v = dict(zip(order, values, strict=True))
    whole = v["abroad"] + v["vehicle"] + v["reception"]
    return whole == v["total"] and v["purchase"] + v["running"] == v["vehicle"]


def _vertical_lines(grid: Grid, basis: str, rows: Sequence[tuple[int, list[Token]]]) -> Iterator[Line]:
    for row, tokens in rows:
        text = "".join(t.text for t in tokens if not t.number)
        part = words().three_public_parts.find(clean_label(text))
        if part is None:
            continue
        found: dict[str, Number] = {}
        for t in tokens:
            if t.number:
                found.setdefault(
                    _basis_of(grid.columns[t.col].path, basis, grid.context.year), amount(grid, row, t.col, text)
                )
        yield Line(row, "", part, "", clean_label(text), text, rank_of(text), is_subset(text), found)

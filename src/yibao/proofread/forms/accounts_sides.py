"""Lines of the two-sided tables (01, 04): income on the left, expense on the right, sometimes a third part by nature."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from yibao.proofread.forms.accounts_columns import Columns, earlier, header_texts, skipped_columns
from yibao.proofread.forms.accounts_items import read_line
from yibao.proofread.forms.accounts_rows import Entry, sided_entries
from yibao.proofread.forms.accounts_table import Line
from yibao.proofread.forms.accounts_words import class_code, words
from yibao.proofread.forms.grid import Grid, clean_label, rank_of


def sided_lines(kind: str, grid: Grid) -> tuple[tuple[Line, ...], tuple[str, ...], bool]:
    starts = _label_columns(grid)
    skipped = skipped_columns(grid)
    entries = list(sided_entries(grid, starts, _opens_label, skipped))
    halves = [_half_name(k, e) if k < 0 else ("income", "expense", "nature")[min(k, 2)] for k, e in entries]
    columns = {
        side: _sided_columns(kind, grid, starts, i, [e for (_, e), h in zip(entries, halves, strict=True) if h == side])
        for i, side in enumerate(("income", "expense", "nature"))
    }
    lines: list[Line] = []
    after = {"income": "", "expense": "", "nature": ""}
    for (_, entry), side in zip(entries, halves, strict=True):
        line = read_line(grid, _without_line_number(grid, entry), columns[side], side)
        role, code = _sided_role(line, after[side])
        if role in ("opening", "closing", "grand"):
            after[side] = role if role != "grand" else ""
        lines.append(replace(line, role=role, code=code))
    names = tuple(dict.fromkeys((*columns["income"].ids.values(), *columns["expense"].ids.values())))
    return tuple(lines), names, bool(starts) and all(columns[side].certain for side in set(halves))


def _opens_label(text: str) -> bool:
    """一、…, a 类, or a total of the expense side: a label of its own, not the rest of the one before it."""
    return (
        rank_of(text) == 1
        or class_code(text) is not None
        or words().expense_rows.find(text) in ("total", "grand", "closing", "distributed")
    )


def _label_columns(grid: Grid) -> tuple[int, ...]:
    """Where the halves' labels stand: columns whose body is text. () for flattened rows or where there is only one."""
    if grid.table.weak:
        return ()
    found = []
    for column in grid.columns:
        texts = sum(
            bool(t) and (r, column.index) not in grid.quantities and bool(re.search(r"[\u4e00-\u9fff]", t))
            for r in range(grid.header, len(grid.table.rows)) if (t := grid.table.text(r, column.index).strip())
        )  # fmt: skip
        if texts >= 2:
            found.append(column.index)
    return tuple(found) if len(found) >= 2 else ()


def _half_name(half: int, entry: Entry) -> str:
    """The side of a label that stands alone in a flattened row: told by its words."""
    label = clean_label(entry.label)
    if class_code(label) or words().expense_rows.find(label) in ("distributed", "closing", "total"):
        return "expense"
    return "expense" if label.endswith("支出") else "income"


def _sided_columns(kind: str, grid: Grid, starts: Sequence[int], half: int, entries: Sequence[Entry]) -> Columns:
    """The value columns of one half. Without known label columns only their count and order are known."""
    filled = sorted({c for e in entries for c in e.cells})
    if not starts or half >= len(starts):
        longest = max((len(e.cells) for e in entries), default=1)
        order = (
            words().order["fiscal"]
            if kind == "fiscal" and longest > 1
            else ("total", *(f"part{i}" for i in range(1, longest)))
        )
        return Columns(dict(enumerate(order[:longest])), False)
    end = starts[half + 1] if half + 1 < len(starts) else len(grid.columns)
    ids: dict[int, str] = {}
    for c in (c for c in filled if starts[half] < c < end):
        path = [p for p in grid.columns[c].path if p]
        found = next((f for p in reversed(path) if (f := words().fiscal_columns.find(p))), None)
        if found:
            ids[c] = earlier(path, grid.context.year) + found
    if len(set(ids.values())) == len(ids) == len(filled):
        return Columns(ids, True)
    if len(filled) == 1:
        return Columns({filled[0]: "total"}, True)
    order = words().order["fiscal"]
    if len(filled) == len(order):
        return Columns(dict(zip(filled, order, strict=True)), False)
    return Columns({c: name for c, name in ids.items() if list(ids.values()).count(name) == 1}, False)


def _without_line_number(grid: Grid, entry: Entry) -> Entry:
    """Flattened rows keep the 行次 between label and amounts: a small whole number that heads them."""
    if not grid.table.weak or not entry.cells or "行次" not in "".join(header_texts(grid)):
        return entry
    first = grid.quantities[entry.row, entry.cells[0]]
    return replace(entry, cells=entry.cells[1:]) if first.decimals == 0 and 0 < first.value < 100 else entry


def _sided_role(line: Line, after: str) -> tuple[str, str]:
    """(role, 类 code) of a half row; the three budgets under 年初结转 become opening.general and so on."""
    chooser = words().income_rows if line.side == "income" else words().expense_rows
    label = clean_label(line.label)
    code = class_code(label) if line.side == "expense" else None
    if code:
        return "class", code
    found = chooser.find(label) or ""
    if not found and line.side == "expense" and label.endswith("支出"):
        return "class", ""
    if after and found not in ("grand", "total", "opening", "closing", "distributed", "surplus_used"):
        return f"{after}.{found or 'part'}", ""
    return found, ""

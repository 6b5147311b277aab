"""Several tables under one another on a sheet, each with its own title and the same headings: 一、居民 … 二、职工 …, 甲医院 …, 乙医院 …

Only where the title says something of all rows that no column does. A heading that is repeated on each page, under no title or the same
one, begins no table.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from yibao.store.importing.headings import plain
from yibao.store.importing.layout import Head

TITLE_ROWS, TITLE_CELLS = 4, 3  #: at most so many rows make a title, each with at most so many different cells
Titles = Callable[[Sequence[Sequence[str]]], dict[str, str]]


def tables(rows: Iterable[Sequence[str]], head: Head, titles: Titles) -> list[tuple[Head, int | None]]:
    """Each table's head with the row after its last, None for the last table; one where nothing is under another."""
    heads, ends = [head], []
    said, last_heading = titles(head.above), None
    before: deque[Sequence[str]] = deque(maxlen=TITLE_ROWS + head.rows - 1)
    for number, row in enumerate(rows):
        mine = _written(row)
        if number == head.body - 1:
            last_heading = mine
        elif number >= head.body and mine == last_heading:
            above = _title(list(before)[: len(before) - (head.rows - 1)])
            own = titles(above)
            if own and own != said:
                said = own
                heads.append(replace(head, first=number - head.rows + 1, above=tuple(map(tuple, above))))
                ends.append(number - head.rows + 1 - len(above))
        before.append(row)
    return list(zip(heads, [*ends, None], strict=True))


def _written(row: Sequence[str]) -> tuple[str, ...]:
    cells = tuple(plain(cell) for cell in row)
    return cells[: max((at + 1 for at, cell in enumerate(cells) if cell), default=0)]


def _title(rows: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """The rows just above a heading that are a title: a few cells each, no total."""
    found: list[Sequence[str]] = []
    for row in reversed(rows):
        cells = {plain(cell) for cell in row if plain(cell)}
        if len(cells) > TITLE_CELLS or any(cell.endswith(("合计", "小计", "总计")) for cell in cells):
            break
        found.insert(0, row)
    return found

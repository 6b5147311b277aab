"""Cells merged downwards in a workbook: their value stands for every row of the range (a provider's name over its rows).

An amount may not be repeated: over five rows it would count five times, and nobody can say what each row has. Such rows are refused.
Rows in which nothing else stands, and totals, take no value over.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from yibao.store.importing.headings import Named, plain
from yibao.store.importing.nodata import LABELLED, TOTAL
from yibao.store.importing.staging import Row
from yibao.vocabulary.tables import Table, Type

Area = tuple[tuple[int, int], tuple[int, int]]  #: row and column of the first cell and of the last, from 0
ADDED_UP: frozenset[Type] = frozenset({"money", "quantity", "count", "decimal"})
_TOTAL = re.compile(TOTAL)


@dataclass(slots=True)
class Downwards:
    """The areas of one column's width below the headings. `filled`: place in the row → rows that took a value over."""

    named: Mapping[int, Named]
    begins: Mapping[int, Sequence[tuple[int, int]]]  #: row → column and last row
    open_ended: frozenset[int] = frozenset()  #: places where an empty cell means what stands above it
    filled: Counter[int] = field(default_factory=Counter)

    def rows(self, rows: Iterator[Sequence[str]], first: int) -> Iterator[Row]:
        """Each row with the values of its areas, and why it cannot be read where an amount is merged. `first`: number of the first row."""
        open_: dict[int, tuple[str, int, int]] = {}  # column → value, first row, last row
        above: dict[int, str] = {}
        for number, row in enumerate(rows, first):
            row = self._below(row, above)
            open_ = {place: area for place, area in open_.items() if area[2] >= number}
            for place, last in self.begins.get(number, ()):
                open_[place] = (row[place] if place < len(row) else "", number, last)
            yield self._row(row, number, open_) if open_ else (row, "")

    def _below(self, row: Sequence[str], above: dict[int, str]) -> Sequence[str]:
        """The row with what stands above it where it leaves an open-ended place empty; `above` is kept up."""
        own = [cell for place, cell in enumerate(row) if plain(cell) and place not in self.open_ended]
        labels = [row[place] for place in sorted(self.open_ended) if place < len(row) and plain(row[place])]
        if len(own) < 2 or any(_TOTAL.fullmatch(plain(cell)) for cell in (*labels, *own[:LABELLED])):
            return row
        cells = list(row)
        for place in self.open_ended:
            if place < len(cells) and plain(cells[place]):
                above[place] = cells[place]
            elif place < len(cells) and place in above:
                cells[place] = above[place]
                self.filled[place] += 1
        return cells

    def _row(self, row: Sequence[str], number: int, open_: Mapping[int, tuple[str, int, int]]) -> Row:
        own = [cell for place, cell in enumerate(row) if place not in open_ and plain(cell)]
        if not own or _TOTAL.fullmatch(plain(own[0])):
            return row, ""
        cells, faults = list(row), []
        for place, (value, top, last) in open_.items():
            name = self.named.get(place)
            if not value or name is None:
                continue
            if name.column.type in ADDED_UP:
                faults.append(
                    f"“{name.heading}”的第 {top + 1} 至 {last + 1} 行是一个合并单元格，看不出每行各是多少，请取消合并、逐行填写"
                )
            elif number > top:
                cells += [""] * (place + 1 - len(cells))
                cells[place] = value
                self.filled[place] += 1
        return cells, "；".join(faults)

    @property
    def told(self) -> dict[str, int]:
        """Heading → rows that took a value over."""
        return {self.named[place].heading: rows for place, rows in sorted(self.filled.items())}


def downwards(areas: Sequence[Area], body: int, named: Sequence[Named], table: Table) -> Downwards:
    """`body`: the first row below the headings. In a sheet of another office a name stands for the rows below it that have none."""
    begins: dict[int, list[tuple[int, int]]] = {}
    for (top, left), (bottom, right) in areas:
        if top >= body and left == right and bottom > top:
            begins.setdefault(top, []).append((left, bottom))
    titled = table.foreign.titled if table.foreign else ()
    open_ended = frozenset(
        one.place for one in named if one.column.name in titled and one.column.type in ("code", "month")
    )
    return Downwards({name.place: name for name in named}, begins, open_ended)

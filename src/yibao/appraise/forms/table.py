"""A form before it is a file: cells with their spans, their text as printed, and the key of the figure they print."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from yibao.appraise.typed import Key

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. `text` is what is printed, its `unit` included; `number` the same as a number, in that unit (95.44 of %).

    `formula` is what an office expects to stay alive in a workbook, with cells named by {row,column} of the form counted
    from 0: "{2,1}-{3,1}"; it must give `number`. `key` is the figure that the place is for, printed or still blank;
    `quoted` are figures told inside a text. `header` and `label` cells are the form's own words, protected in a workbook.
    """

    text: str
    rows: int = 1
    columns: int = 1
    number: Decimal | None = None
    decimals: int = 0
    unit: str = ""
    formula: str = ""
    key: Key | None = None
    quoted: tuple[Key, ...] = ()
    required: bool = False
    align: Align = "left"
    header: bool = False
    label: bool = False
    indent: int = 0  #: in characters
    signed: tuple[str, ...] = ()  #: lines at the right below the text, with room for a signature and a stamp

    @property
    def prints(self) -> tuple[Key, ...]:
        """The figures that can be read in the cell."""
        return (*((self.key,) if self.key and self.number is not None else ()), *self.quoted)


@dataclass(frozen=True, slots=True)
class Form:
    """A form. `grid[r][c]` is None where a cell above or to the left covers the place."""

    id: str  #: "scoresheet", "project:<name>", "base_data", "fund:employee", "accounts:01" …
    title: str
    name: str  #: short: of the sheet in a workbook
    grid: tuple[tuple[Cell | None, ...], ...]
    unit: str = ""  #: printed above the right end as 单位：万元
    above: str = ""  #: printed above the left end (编制单位, 公开01表)
    below: tuple[str, ...] = ()  #: notes and the line of signatures
    header_rows: int = 1  #: repeated on every page
    widths: tuple[int, ...] = ()  #: of the columns, in characters
    landscape: bool = False

    @property
    def columns(self) -> int:
        return max((len(row) for row in self.grid), default=0)

    @property
    def cells(self) -> Iterator[tuple[int, int, Cell]]:
        """(row, column, cell) from the upper left, what is covered left out."""
        for r, row in enumerate(self.grid):
            for c, cell in enumerate(row):
                if cell is not None:
                    yield r, c, cell

    @property
    def missing(self) -> tuple[Key, ...]:
        """Figures without which the form is not to be published."""
        return tuple(cell.key for _, _, cell in self.cells if cell.required and cell.key and cell.number is None)


def laid_out(rows: Sequence[Sequence[Cell]]) -> tuple[tuple[Cell | None, ...], ...]:
    """A grid from rows of cells in reading order: each takes the next free place, as in an HTML table.

    >>> [[c and c.text for c in row] for row in laid_out([[Cell("甲", rows=2), Cell("乙")], [Cell("丙")]])]
    [['甲', '乙'], [None, '丙']]
    """
    taken: dict[tuple[int, int], Cell | None] = {}
    for r, row in enumerate(rows):
        c = 0
        for cell in row:
            while (r, c) in taken:
                c += 1
            covered = [(r + i, c + j) for i in range(cell.rows) for j in range(cell.columns)]
            if any(place in taken for place in covered):
                raise ValueError(f"cells overlap at row {r}, column {c}")
            taken.update(dict.fromkeys(covered))
            taken[r, c] = cell
    height = max((r for r, _ in taken), default=-1) + 1
    width = max((c for _, c in taken), default=-1) + 1
    missing = [(r, c) for r in range(height) for c in range(width) if (r, c) not in taken]
    if missing:
        raise ValueError(f"no cell at row {missing[0][0]}, column {missing[0][1]}")
    return tuple(tuple(taken[r, c] for c in range(width)) for r in range(height))

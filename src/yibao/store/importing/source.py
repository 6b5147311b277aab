"""One table in one file, as the rest of the import takes it up; and a sheet that was left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from yibao.store.importing.headings import Reading
from yibao.store.importing.layout import Asked, Head
from yibao.store.importing.staging import raw_names
from yibao.store.importing.typed import Cell, quoted


@dataclass(frozen=True, slots=True)
class Source:
    """One table in one file. `relation` gives the rows below the headings in order; `again`, the slower way when it fails."""

    path: Path
    sheet: str
    sha256: str
    how: str  #: format and encoding, as people say it
    head: Head
    reading: Reading
    relation: str
    fault: str = ""
    again: Callable[[], Source] | None = None
    oddities: frozenset[str] = frozenset()
    constant: dict[str, str] = field(default_factory=dict)
    lines: int | None = None  #: that the quick parser must account for
    may_be_cut: bool = False  #: the text does not end with a line end
    merged: Mapping[str, int] = field(default_factory=dict)  #: heading → rows that took the value of a merged cell over

    @property
    def where(self) -> str:
        return where_of(self.path, self.sheet)

    @property
    def first_row(self) -> int:
        """The number of the first row below the headings, as Excel counts."""
        return self.head.body + 1

    @property
    def cells(self) -> list[Cell]:
        """How each understood column is read."""
        raws = raw_names(len(self.head.headings))
        cells = [Cell(raws[n.place], n.column, n.heading, n.power, n.values, self.oddities) for n in self.reading.named]
        there = {cell.column.name for cell in cells}
        by_name = self.reading.table.by_name
        fixed = [(by_name[name], said) for name, said in self.constant.items() if name in by_name and name not in there]
        return cells + [Cell(f"({quoted(said)})", column, column.element.label) for column, said in fixed]


@dataclass(frozen=True, slots=True)
class Left:
    """A sheet that was left out, and why."""

    where: str
    why: str


def where_of(path: Path, sheet: str) -> str:
    """File and sheet, as people name them."""
    return f"“{path.name}”工作表“{sheet}”" if sheet else f"“{path.name}”"


def constant_of(reading: Reading, asked: Asked) -> dict[str, str]:
    """What stands for all rows: said by the title, or by the mapping file, which precedes."""
    return {**reading.titles, **(asked.constant or {})}

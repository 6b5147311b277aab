"""What an import did, as values: a report for people (`told`), and counts that add up to the row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from yibao.store.importing.late import Reference
from yibao.store.importing.nodata import Kind, Total
from yibao.store.importing.source import Left
from yibao.vocabulary.tables import Table


@dataclass(frozen=True, slots=True)
class Flagged:
    """Rows that were taken in though something is odd: a check that only flags, a value outside an open list."""

    says: str
    rows: int
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Imported:
    """One table out of one file. read = accepted + rejected, accepted = new + replaced + unchanged + repeated."""

    where: str
    how: str
    table: Table
    columns: int
    unknown: tuple[str, ...]
    unit: str
    merged: Mapping[str, int]  #: heading → rows that took the value of a merged cell over
    titles: Mapping[str, str]  #: label of a column that the file does not have → what the title says of all rows
    read: int
    rejected: int
    repeated: int
    new: int
    replaced: int
    unchanged: int
    no_data: Mapping[Kind, tuple[int, ...]]  #: kind → row numbers
    totals: tuple[Total, ...]
    sums: Mapping[str, int]  #: money columns of the accepted rows, in fen
    references: tuple[Reference, ...]
    flagged: tuple[Flagged, ...]
    reasons: tuple[tuple[str, int], ...]  #: most frequent first, without the values
    rejects: Path | None
    placed: (
        pa.Table | None
    )  #: of another office's sheet every row that could be read: key, date, what totals add up, `_row` and `_content`
    version: int | None  #: of the table that was published; None where nothing changed

    @property
    def accepted(self) -> int:
        return self.new + self.replaced + self.unchanged + self.repeated


@dataclass(slots=True)
class Result:
    """A whole command: what came in, what was left out, what could not be read at all."""

    imported: list[Imported] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    dry: bool = False

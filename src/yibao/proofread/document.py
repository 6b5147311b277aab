"""A document as the proofreader sees it: blocks in reading order, each knowing where it stands.

A reader (`proofread.read`) turns one file into a `Source`. Paragraphs keep the exact characters of the file (`raw`),
so that every quote is literal; tables keep their grid, so that merged cells and two-row headers can be understood.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands. Only what is known is filled in; `as_dict` drops the rest."""

    file: str
    block: int
    page: int | None = None
    section: tuple[str, ...] = ()
    paragraph: int | None = None
    table: str | None = None
    row: int | None = None
    column: int | None = None
    row_label: str | None = None
    column_label: str | None = None
    address: str | None = None
    start: int | None = None
    end: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """The location of the JSON contract; sections joined as a path, rows and columns counted from 1."""
        values: dict[str, Any] = {
            "file": self.file,
            "page": self.page,
            "section": " / ".join(self.section) or None,
            "block": self.block,
            "paragraph": self.paragraph,
            "table": self.table,
            "row": None if self.row is None else self.row + 1,
            "column": None if self.column is None else self.column + 1,
            "row_label": self.row_label,
            "column_label": self.column_label,
            "cell": self.address,
            "start": self.start,
            "end": self.end,
        }
        return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A run of prose. `raw` is the file's own text, line breaks and all, also where a page break splits a sentence."""

    raw: str
    page: int | None = None
    level: int | None = None  #: heading level where the file declares one (Word style, Markdown #), from 1
    anchor: int | None = None  #: ordinal of the paragraph among all w:p of a .docx; None for other formats
    line: int | None = None  #: first line in a text file, from 1


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table grid. A cell covered by a merge is blank and names its origin."""

    text: str
    row: int
    col: int
    row_span: int = 1
    col_span: int = 1
    origin: tuple[int, int] | None = None  #: (row, col) of the merged cell that covers this one
    address: str | None = None  #: "C7" in a workbook
    anchor: int | None = None  #: ordinal of the cell's first w:p in a .docx
    computed: bool = False  #: a formula of a workbook stands here; its text is "" where no result was saved


@dataclass(frozen=True, slots=True)
class Table:
    """A rectangular grid with the lines printed around it."""

    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""  #: the title printed above the table, "" if none
    unit: str = ""  #: unit declared for the whole table ("万元"), "" if none
    notes: tuple[str, ...] = ()  #: other lines that belong to the table (部门：, 公开01表, 填报日期)
    page: int | None = None
    line: int | None = None
    raw_rows: tuple[str, ...] = ()  #: literal source text of each row where the file has one; else ()
    weak: bool = False  #: the grid was guessed from flattened lines: never prove anything from alignment alone

    @property
    def width(self) -> int:
        return max((len(row) for row in self.rows), default=0)

    def text(self, row: int, col: int) -> str:
        """The printed text of a cell, "" outside the grid; a merged cell's text stands at its origin only."""
        if 0 <= row < len(self.rows) and 0 <= col < len(self.rows[row]):
            return self.rows[row][col].text
        return ""

    def spread(self, row: int, col: int) -> str:
        """The text of a cell, or that of the merged cell that covers it: what a reader sees there."""
        if 0 <= row < len(self.rows) and 0 <= col < len(self.rows[row]):
            cell = self.rows[row][col]
            return self.text(*cell.origin) if cell.origin else cell.text
        return ""

    def quote(self, row: int) -> str:
        """The literal text of a row: the source line, or the cells joined by tabs."""
        if self.raw_rows:
            return self.raw_rows[row].strip()
        return "\t".join(cell.text for cell in self.rows[row] if cell.origin is None or cell.origin[0] == row).strip()


Block = Paragraph | Table


@dataclass(frozen=True, slots=True)
class NamedFigure:
    """A figure that the ledger knows in a file. `place`: sheet!address in a workbook, a section in a report."""

    name: str
    number: str
    place: str


@dataclass(frozen=True, slots=True)
class Record:
    """What a file held when it was printed: its lines with a number (cells of a row joined) and its named figures."""

    lines: tuple[str, ...]
    figures: tuple[NamedFigure, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """One file, read."""

    path: str
    format: str  #: docx, pdf, xlsx, xls, text
    blocks: tuple[Block, ...]
    pages: int | None = None
    warnings: tuple[str, ...] = ()  #: what could not be read, in Chinese: becomes `not_run` entries
    role: str = "current"  #: "last_year": a document of the year before, read along to compare with, not proofread
    record: Record | None = None  #: from the ledger beside the file; None where none names it

    def paragraphs(self) -> Iterator[tuple[int, Paragraph]]:
        return ((i, b) for i, b in enumerate(self.blocks) if isinstance(b, Paragraph))

    def tables(self) -> Iterator[tuple[int, Table]]:
        return ((i, b) for i, b in enumerate(self.blocks) if isinstance(b, Table))


@dataclass(frozen=True, slots=True)
class Package:
    """The files that are read together: a report and its attachments. Blocks are numbered through."""

    sources: tuple[Source, ...]
    offsets: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        offsets, n = [], 0
        for source in self.sources:
            offsets.append(n)
            n += len(source.blocks)
        object.__setattr__(self, "offsets", tuple(offsets))

    def blocks(self) -> Iterator[tuple[Source, int, Block]]:
        """(source, block number within the source, block) over all files."""
        for source in self.sources:
            for i, block in enumerate(source.blocks):
                yield source, i, block

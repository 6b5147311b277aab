"""Text cut into pieces at the marks of findings: the paragraphs and tables of the page, ready to print."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from yibao.proofread.document import Table
from yibao.proofread.findings import Severity
from yibao.proofread.report.locate import Spot, squeeze, table_lines
from yibao.proofread.report.words import printable

MAX_HEADER_ROWS = 3
_NUMERIC = re.compile(r"[≥≤＞＜<>=]?[-−(（]?[\d０-９][\d０-９,.，．\s]*[%％‰)）]?|[-—–]")


@dataclass(frozen=True, slots=True)
class Mark:
    """Characters `start:end` of one text belong to a finding; `main` is its own place, not a related one.

    `number` counts the findings of the page from 1, `label` those of its file; `anchor` is unique in the page.
    """

    start: int
    end: int
    number: int
    label: str
    severity: Severity
    main: bool
    anchor: str
    stated: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text under the same marks."""

    text: str
    marks: tuple[Mark, ...] = ()
    anchors: tuple[str, ...] = ()  #: of the marks that begin here

    @property
    def numbers(self) -> list[int]:
        return list(dict.fromkeys(m.number for m in sorted(self.marks, key=lambda m: not m.main)))

    @property
    def style(self) -> str:
        main = [m.severity for m in self.marks if m.main and not m.stated]
        look = next((s.value for s in Severity if s in main), "related")
        return f"{look} stated" if any(m.stated for m in self.marks) else look

    @property
    def title(self) -> str:
        own = [m.label for m in self.marks if m.main and not m.stated]
        return "、".join([*(f"第{label}条" for label in own), *(["相关处"] if len(own) < len(self.numbers) else [])])

    @property
    def badges(self) -> list[str]:
        """The findings whose own place begins here: their labels are printed before the text."""
        return [m.label for m in self.marks if m.main and m.anchor in self.anchors]


@dataclass(frozen=True, slots=True)
class CellView:
    tag: str
    pieces: list[Piece]
    row_span: int
    col_span: int
    numeric: bool


def cell_rows(table: Table, marks: Sequence[tuple[Spot, Mark]]) -> list[list[CellView]]:
    """The cells to print, row by row; a cell covered by a merge is left out."""
    head = _headercell_rows(table)
    by_cell: dict[tuple[int, int], list[Mark]] = {}
    for spot, mark in marks:
        if spot.row is not None:
            for col, cell_mark in _spread(table, spot, mark):
                by_cell.setdefault((spot.row, col), []).append(cell_mark)
    return [
        [
            CellView(
                "th" if cell.row < head else "td",
                cut(cell.text, by_cell.get((cell.row, cell.col), [])),
                max(cell.row_span, 1),
                max(cell.col_span, 1),
                cell.col > 0 and bool(_NUMERIC.fullmatch(cell.text.strip())),
            )
            for cell in row
            if cell.origin is None
        ]
        for row in table.rows
    ]


def heading_lines(table: Table, marks: Sequence[tuple[Spot, Mark]], shown: Collection[str]) -> list[list[Piece]]:
    """Caption and notes of a table, but those that the document shows beside it anyway (`shown`, squeezed)."""
    lines = [(i, text) for i, text in enumerate(table_lines(table)) if text and squeeze(text) not in shown]
    return [cut(text, [m for spot, m in marks if spot.line == i]) for i, text in lines]


def _spread(table: Table, spot: Spot, mark: Mark) -> Iterator[tuple[int, Mark]]:
    """A mark on the cells it covers: its own, or every filled cell of the row; the anchor goes to the first."""
    if spot.row is None:
        return
    if spot.col is not None:
        length = len(table.text(spot.row, spot.col))
        span = (mark.start, mark.end) if spot.end is not None else (0, length)
        yield spot.col, replace(mark, start=span[0], end=span[1])
        return
    anchor = mark.anchor
    for col, cell in enumerate(table.rows[spot.row]):
        if cell.text.strip() and cell.origin is None:
            yield col, replace(mark, start=0, end=len(cell.text), anchor=anchor)
            anchor = ""


def _headercell_rows(table: Table) -> int:
    """How many rows on top have words only: they are printed as the table's head."""
    for i, row in enumerate(table.rows[: MAX_HEADER_ROWS + 1]):
        if any(_NUMERIC.fullmatch(cell.text.strip()) for cell in row if cell.text.strip()):
            return i if i <= MAX_HEADER_ROWS else 0
    return 1 if len(table.rows) > 1 else 0


def cut(raw: str, marks: Iterable[Mark], begin: int = 0) -> list[Piece]:
    """The text cut wherever a mark begins or ends; blanks at the edges are left out by `begin`."""
    marks = [m for m in marks if m.start < m.end]
    cuts = sorted({begin, len(raw), *(max(m.start, begin) for m in marks), *(max(m.end, begin) for m in marks)})
    pieces = []
    for start, end in pairwise(cut for cut in cuts if cut <= len(raw)):
        here = tuple(m for m in marks if m.start < end and m.end > start)
        anchors = tuple(m.anchor for m in here if max(m.start, begin) == start and m.anchor and not m.stated)
        pieces.append(Piece(_shown(raw[start:end]), here, anchors))
    return pieces


def _shown(text: str) -> str:
    """Without the Markdown emphasis and the empty lines that a conversion leaves in a paragraph."""
    return re.sub(r"\n\s*\n", "\n", printable(text).replace("**", ""))

"""Find a piece of evidence in the document again: which block, which characters or which cell.

A `Place` names a block and, where it can, offsets or a cell. They are believed only if the quote really stands there;
else the quote is searched with all blanks removed: first in the named block, then in the file. So a mark never lands on
the wrong words, and a quote that is gone still marks its whole block.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from yibao.proofread.document import Block, Package, Paragraph, Place, Table
from yibao.proofread.findings import Evidence

_CellSpan = tuple[int | None, int | None, int | None, int | None]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a package: characters `start:end` of a paragraph, of a cell, or of a line above a table.

    `row` alone is the whole row; no span and no row is the whole block.
    """

    source: int
    block: int
    row: int | None = None
    col: int | None = None
    start: int | None = None
    end: int | None = None
    line: int | None = None  #: of `table_lines`


class Finder:
    """Finds evidence in one package. Text without blanks is made once per block, and only for blocks looked at."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._squeezed: dict[tuple[int, int], str] = {}

    def find(self, evidence: Evidence) -> Spot | None:
        """The spot of a quote; None if its file is not in the package or the quote and the block are unknown."""
        place, quote = evidence.place, squeeze(evidence.quote)
        source = self._source(place.file)
        if source is None:
            return None
        candidates = list(self._candidates(source, place.block))
        for block in candidates:
            if spot := self._in_block(source, block, place, quote):
                return spot
        others = self._others(source, candidates)
        for block in others:
            if spot := self._in_block(source, block, None, quote):
                return spot
        for block in candidates + others:
            if spot := self._in_lines(source, block, quote):
                return spot
        return Spot(source, candidates[0]) if candidates else None

    def _source(self, file: str) -> int | None:
        paths = [source.path for source in self._package.sources]
        if file in paths:
            return paths.index(file)
        names = [_name(path) for path in paths]
        return names.index(_name(file)) if names.count(_name(file)) == 1 else None

    def _candidates(self, source: int, block: int) -> Iterator[int]:
        """The block of that number within the file; else the one of that number in the package, numbered through."""
        size = len(self._package.sources[source].blocks)
        offset = self._package.offsets[source]
        yield from dict.fromkeys(n for n in (block, block - offset) if 0 <= n < size)

    def _others(self, source: int, done: list[int]) -> list[int]:
        near = done[0] if done else 0
        size = len(self._package.sources[source].blocks)
        return sorted((n for n in range(size) if n not in done), key=lambda n: abs(n - near))

    def _in_block(self, source: int, number: int, place: Place | None, quote: str) -> Spot | None:
        block = self._package.sources[source].blocks[number]
        if not quote or not self._may_hold(source, number, block, quote):
            return None
        if isinstance(block, Paragraph):
            span = _span(block.raw, quote, place)
            return Spot(source, number, start=span[0], end=span[1]) if span else None
        cell = _cell(block, quote, place)
        return Spot(source, number, *cell) if cell else None

    def _in_lines(self, source: int, number: int, quote: str) -> Spot | None:
        """The quote in a line around a table. Last of all: most such lines are also paragraphs of their own."""
        block = self._package.sources[source].blocks[number]
        for line, text in enumerate(table_lines(block)) if isinstance(block, Table) and quote else ():
            if span := find_squeezed(text, quote):
                return Spot(source, number, start=span[0], end=span[1], line=line)
        return None

    def _may_hold(self, source: int, number: int, block: Block, quote: str) -> bool:
        """Cheap test before the search: the quote, or for a table one of its cells, stands in the block."""
        key = (source, number)
        if key not in self._squeezed:
            text = block.raw if isinstance(block, Paragraph) else "\n".join(_table_text(block))
            self._squeezed[key] = squeeze(text)
        return quote in self._squeezed[key]


def squeeze(text: str) -> str:
    """The text without any blank and without the signs that divide cells.

    >>> squeeze("全年 支出\\t12.3 | 万元")
    '全年支出12.3万元'
    """
    return "".join(text.split()).replace("|", "").replace("｜", "")


def find_squeezed(raw: str, quote: str, near: int = 0) -> tuple[int, int] | None:
    """Where a squeezed quote stands in `raw`, blanks ignored; the occurrence that starts nearest to `near`.

    >>> find_squeezed("支出 12.3 万元，收入 12.3 万元", "12.3万元", near=14)
    (14, 21)
    """
    kept = [i for i, char in enumerate(raw) if not char.isspace() and char not in "|｜"]
    text = "".join(raw[i] for i in kept)
    starts = []
    at = text.find(quote) if quote else -1
    while at >= 0:
        starts.append(at)
        at = text.find(quote, at + 1)
    if not starts:
        return None
    best = min(starts, key=lambda i: abs(kept[i] - near))
    return kept[best], kept[best + len(quote) - 1] + 1


def _span(raw: str, quote: str, place: Place | None) -> tuple[int, int] | None:
    start, end = (place.start, place.end) if place else (None, None)
    if start is not None and end is not None and 0 <= start < end <= len(raw) and squeeze(raw[start:end]) == quote:
        return start, end
    return find_squeezed(raw, quote, start or 0)


def _cell(table: Table, quote: str, place: Place | None) -> _CellSpan | None:
    """(row, column, start, end) of a quote: the named cell if it holds it, else the first cell, else the first row."""
    if place and place.row is not None and 0 <= place.row < len(table.rows):
        if named := _named_cell(table, quote, place.row, place.column):
            return named
        if quote in squeeze(table.quote(place.row)):
            return *_origin(table, place.row, place.column), None, None
    for row, cells in enumerate(table.rows):
        for col, cell in enumerate(cells):
            if cell.text and (span := find_squeezed(cell.text, quote)):
                return row, col, *span
    row_found = next((r for r in range(len(table.rows)) if quote in squeeze(table.quote(r))), None)
    return None if row_found is None else (row_found, None, None, None)


def _origin(table: Table, row: int, col: int | None) -> tuple[int, int | None]:
    if col is None or not 0 <= col < len(table.rows[row]):
        return row, None
    return table.rows[row][col].origin or (row, col)


def _named_cell(table: Table, quote: str, row: int, col: int | None) -> tuple[int, int, int, int] | None:
    """The quote within the named cell (or the cell whose merge covers it); without a column, in any cell of the row."""
    columns = range(len(table.rows[row])) if col is None else [col] if 0 <= col < len(table.rows[row]) else []
    for number in columns:
        origin = table.rows[row][number].origin or (row, number)
        if span := find_squeezed(table.text(*origin), quote):
            return *origin, *span
    return None


def table_lines(table: Table) -> tuple[str, ...]:
    """The lines printed around a table: its caption (perhaps empty), then its notes."""
    return (table.caption, *table.notes)


def text_at(block: Block, spot: Spot) -> str:
    """The text that the offsets of a spot count in."""
    if isinstance(block, Paragraph):
        return block.raw
    if spot.line is not None:
        return table_lines(block)[spot.line]
    return "" if spot.row is None or spot.col is None else block.text(spot.row, spot.col)


def _table_text(table: Table) -> Iterator[str]:
    for row in range(len(table.rows)):
        yield table.quote(row)
        yield "\n".join(cell.text for cell in table.rows[row])


def _name(path: str) -> str:
    return path.replace("\\", "/").rsplit("/", 1)[-1]

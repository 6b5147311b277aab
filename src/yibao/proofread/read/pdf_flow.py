"""The pages of a PDF as one run of lines and tables: what a page break has cut is whole again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from yibao.proofread.document import Cell
from yibao.proofread.read.grid import Grid
from yibao.proofread.read.lines import Line, unbroken
from yibao.proofread.read.page import PageContent, RuledTable, TextLine

INDENT = 1.2  #: character sizes by which the first line of a paragraph begins further right
SHORTFALL = 1.3  #: character sizes by which a full line may miss the right margin
SAME_COLUMN = 6.0  #: points by which a column may shift from page to page


@dataclass
class Part:
    """A table, or the lines between two tables."""

    page: int
    lines: list[Line] = field(default_factory=list)
    table: Grid | None = None


@dataclass
class _Open:
    """The last table, as long as nothing is printed below it on its page: it may go on."""

    table: RuledTable
    page: int
    heads: set[str]  #: the lines above it


@dataclass
class Flow:
    """`text` is the text of all lines; each line knows its place in it."""

    parts: list[Part] = field(default_factory=list)
    chunks: list[str] = field(default_factory=list)
    length: int = 0
    last: _Open | None = None

    @property
    def text(self) -> str:
        return "\n".join(self.chunks)

    def add_table(self, page: PageContent, table: RuledTable) -> None:
        """A table, or the rest of the one that ended the page before: same columns, and no new title above."""
        above = _lines_above(page, table)
        last = self.last
        if last and last.page == page.number - 1 and _same_columns(last.table, table) and above <= last.heads:
            self._take_back(above)
            _append(last.table.grid, table.grid)
            last.page = page.number
        else:
            self.parts.append(Part(page.number, table=table.grid))
            self.last = _Open(table, page.number, above)

    def add_line(self, page: PageContent, line: TextLine, full: bool, indented: bool) -> None:
        if self.last and self.last.page == page.number:
            self.last = None
        if not self.parts or self.parts[-1].table is not None:
            self.parts.append(Part(page.number))
        self.parts[-1].lines.append(Line(line.text, self.length, 0, page.number, full, indented))
        self.chunks.append(line.text)
        self.length += len(line.text) + 1

    def _take_back(self, repeated: set[str]) -> None:
        """Without the title lines that a table repeats on its next page."""
        if repeated and self.parts and self.parts[-1].table is None:
            self.parts[-1].lines = [line for line in self.parts[-1].lines if line.text not in repeated]
            if not self.parts[-1].lines:
                self.parts.pop()


def read_flow(pages: Sequence[PageContent]) -> Flow:
    """Lines and tables of all pages in reading order."""
    flow = Flow()
    for page in pages:
        left, right = _margins(page, pages)
        items: list[TextLine | RuledTable] = sorted([*page.lines, *page.tables], key=lambda item: item.top)
        for n, item in enumerate(items):
            if isinstance(item, RuledTable):
                flow.add_table(page, item)
                continue
            below = items[n + 1] if n + 1 < len(items) else None
            word = unbroken(below.text) / 2 if isinstance(below, TextLine) else 0  # would not have fitted any more
            full = item.x1 > right - (SHORTFALL + word) * item.size
            flow.add_line(page, item, full, item.x0 > left + INDENT * item.size)
    return flow


def _lines_above(page: PageContent, table: RuledTable) -> set[str]:
    """The lines between a table and the one above it on its page."""
    floor = max((other.bottom for other in page.tables if other.bottom <= table.top), default=0.0)
    return {line.text for line in page.lines if floor <= line.top < table.top}


def _same_columns(before: RuledTable, after: RuledTable) -> bool:
    pairs = zip(before.xs, after.xs, strict=False)
    return len(before.xs) == len(after.xs) and all(abs(a - b) <= SAME_COLUMN for a, b in pairs)


def _append(grid: Grid, more: Grid) -> None:
    """Rows of the next page under those of the page before, without the header that is printed again."""
    rows, new = grid.rows(), more.rows()
    head = 0
    while head < min(len(rows), len(new)) and _repeats(rows[head], new[head]):
        head += 1
    shift = grid.height - head
    for (r, c), cell in list(more.cells.items()):
        if r >= head and cell.origin is None:
            grid.put(r + shift, c, cell.text, cell.row_span, cell.col_span)


def _repeats(row: Sequence[Cell], again: Sequence[Cell]) -> bool:
    return [cell.text for cell in row] == [cell.text for cell in again] and any(cell.text for cell in row)


def _margins(page: PageContent, pages: Sequence[PageContent]) -> tuple[float, float]:
    """(left, right) edge of the text block, from the long lines of all pages of this width."""
    alike = [line for other in pages if abs(other.wide - page.wide) < 2 for line in other.lines]
    lines = [line for line in alike if line.x1 - line.x0 > page.wide * 0.55]
    if not lines:
        return 0.0, page.wide
    lefts = Counter(round(line.x0) for line in lines)
    usual = [x for x, count in lefts.items() if count * 8 >= len(lines)]
    rights = sorted(line.x1 for line in lines)
    return float(min(usual or lefts)), rights[int(len(rights) * 0.85)]

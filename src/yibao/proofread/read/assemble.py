"""Lines of a flat text → blocks: tables in all the shapes that converters leave them in, and paragraphs.

Every paragraph and every table row is a literal slice of the text, so that a quote can be found again. Each shape has
its own file: `markup` (Markdown, HTML), `tabbed`, `form` (one cell a line, as in a flattened Word form), `aligned`
(padded columns, rows without layout), `stacked` (a cell, or a label and a number a line).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from yibao.proofread.document import Block
from yibao.proofread.read.aligned import aligned_region, padded_region
from yibao.proofread.read.form import form_region, is_cell_line
from yibao.proofread.read.grid import Region, sections
from yibao.proofread.read.lines import Line
from yibao.proofread.read.markup import html_spans, html_table, is_pipe_row, is_wrapper, pipe_region
from yibao.proofread.read.paragraphs import Prose
from yibao.proofread.read.stacked import listed_region, stacked_region
from yibao.proofread.read.surround import dress
from yibao.proofread.read.tabbed import tab_region

LONGEST_ROW = 20_000  #: characters; a longer line is prose, whatever it looks like
Found = tuple[list[Block], int]
#: shapes without a mark between the cells, the surest first
_PLAIN: dict[str, Callable[[str, Sequence[Line], int], Region]] = {
    "listed": listed_region,
    "padded": padded_region,
    "aligned": aligned_region,
    "stacked": stacked_region,
}


def split_lines(text: str) -> list[Line]:
    """The lines of a text with their places; a form feed (pdftotext) ends a page."""
    pages = "\f" in text
    lines: list[Line] = []
    start, page = 0, 1
    for number, chunk in enumerate(text.split("\n"), 1):
        for k, part in enumerate(chunk.split("\f") if pages else (chunk,)):
            page += k > 0
            lines.append(Line(part, start, number, page if pages else None))
            start += len(part) + 1
    return lines


def assemble(text: str) -> list[Block]:
    """The blocks of a text in reading order, its tables with the titles, units and notes around them."""
    lines = split_lines(text)
    return dress(Assembler(text, lines).blocks(lines))


class Assembler:
    """Makes blocks of lines; what it knows of the whole text (line width, word pairs, HTML) is learned once."""

    def __init__(self, text: str, lines: Sequence[Line]) -> None:
        self.text = text
        self.html = dict(html_spans(text)) if "<" in text else {}
        self.prose = Prose(text, lines)

    def blocks(self, lines: Sequence[Line]) -> list[Block]:
        """The blocks of a run of lines that nothing else stands between."""
        lines = _cut_at(lines, self.html) if self.html else lines
        blocks: list[Block] = []
        loose: list[Line] = []
        again: dict[str, int] = {}  # shape → line before which it is not looked for again
        i = 0
        while i < len(lines):
            found = self._table(lines, i, again)
            if found is None:
                if not is_wrapper(lines[i].text):
                    loose.append(lines[i])
                i += 1
                continue
            blocks.extend(self.prose.paragraphs(loose))
            loose = []
            region, i = found
            blocks.extend(region)
        return blocks + self.prose.paragraphs(loose)

    def _table(self, lines: Sequence[Line], i: int, again: dict[str, int]) -> Found | None:
        """The table that begins in line i, in whatever shape, and the line after it."""
        line = lines[i]
        found = _html(self.text, lines, i, self.html) if line.start in self.html else None
        if found is not None or line.blank or len(line.text) > LONGEST_ROW:
            return found
        for shape in _shapes(line.text):
            if again.get(shape, 0) > i:
                continue
            blocks, after = self._region(shape, lines, i)
            if blocks is not None:
                return blocks, after
            again[shape] = after
        return None

    def _region(self, shape: str, lines: Sequence[Line], i: int) -> Region:
        if shape == "pipe":
            return pipe_region(self.text, lines, i)
        if shape == "form":
            return form_region(self.prose, lines, i)
        if shape == "tab":
            return tab_region(self.text, lines, i)
        return _PLAIN[shape](self.text, lines, i)


def _shapes(line: str) -> Iterator[str]:
    """The shapes of table that may begin in a line, the surest first."""
    if "|" in line and is_pipe_row(line):
        yield "pipe"
    if is_cell_line(line):
        yield "form"
    if "\t" in line:
        yield "tab"
    else:
        yield from _PLAIN


def _html(text: str, lines: Sequence[Line], i: int, tables: dict[int, int]) -> Found | None:
    start = lines[i].start
    table = html_table(text[start : tables[start]], page=lines[i].page, line=lines[i].number)
    after = i + 1
    while after < len(lines) and lines[after].start < tables[start]:
        after += 1
    return (sections(table), after) if table is not None else None


def _cut_at(lines: Sequence[Line], tables: dict[int, int]) -> list[Line]:
    """The same lines, cut where an HTML table begins or ends inside one."""
    places = sorted({*tables, *tables.values()})
    cut: list[Line] = []
    k = 0
    for line in lines:
        start = line.start
        while k < len(places) and places[k] < line.end:
            if places[k] > start:
                cut.append(replace(line, text=line.text[start - line.start : places[k] - line.start], start=start))
                start = places[k]
            k += 1
        cut.append(replace(line, text=line.text[start - line.start :], start=start))
    return cut

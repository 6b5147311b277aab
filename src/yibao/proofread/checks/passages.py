"""The pieces of text that the wording checks look at: paragraphs and table cells, each able to quote itself literally.

Also which paragraphs are no prose: tables that a conversion flattened into lines, whose row numbers are no headings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from yibao.proofread.document import Paragraph, Place, Table
from yibao.proofread.findings import Evidence
from yibao.proofread.norm import Norm, normalise
from yibao.proofread.outline import Heading, read_mark
from yibao.proofread.reading import FileReading, Reading

QUOTE = 60  #: characters of a quote, unless the words themselves are longer
LONGEST_ROW = 80  #: characters of a row of a flattened table
MAX_CELL = 4_000  #: characters of one cell that are looked at
_CLAUSE_END = "，。；：！？\n"
_UNIT_LINE = re.compile(r"(?:^|[^，。]{0,40})单位[：:](?:人民币)?[百千万亿]{0,2}元$")
_FIGURE_ROW = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）|\d{1,2}[.、])[^。；，：]{2,30}"
    r"(?:支出|收入|结余|结转|合计|小计|总计|余额|资金|拨款|补助)(?:[\d.\u2423-]*\d)(?:[一二三四五六七八九十]{1,3}、.*)?"
)  #: a row of a table that was flattened into a line: 八、其他收入6.20八、社会保障和就业支出326.71
_PROSE_TITLE = re.compile(r"(?:说明|情况|概况|职责|职能|问题|措施|建议|原因分析|经验及做法)$")


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, or one cell of a table (`row`, `column`)."""

    file: FileReading
    block: int
    norm: Norm
    place: Place
    row: int | None = None
    column: int | None = None

    @property
    def text(self) -> str:
        return self.norm.text

    @property
    def is_cell(self) -> bool:
        return self.row is not None

    @property
    def section(self) -> tuple[str, ...]:
        return self.file.outline.sections[self.block]

    @property
    def label(self) -> str:
        """What the row of a cell is about; "" for a paragraph."""
        return self.place.row_label or ""

    def cite(self, start: int, end: int) -> Evidence:
        """The literal text of a span of the normalised text, and where it stands."""
        a, b = self.norm.span(start, end)
        return Evidence(self.norm.raw[a:b].strip(), replace(self.place, start=a, end=b))

    def clause(self, start: int, end: int, width: int = QUOTE) -> Evidence:
        """A span with the clause around it, so that the quote is unique; at most about `width` characters."""
        text = self.text
        while start > 0 and end - start < width and text[start - 1] not in _CLAUSE_END:
            start -= 1
        while end < len(text) and end - start < width and text[end] not in _CLAUSE_END:
            end += 1
        return self.cite(start, end)

    def head(self, width: int = QUOTE) -> Evidence:
        """The beginning of the passage, as far as its first sentence."""
        stop = min((i for i in (self.text.find(mark) for mark in "。；") if i >= 0), default=len(self.text))
        return self.cite(0, max(1, min(stop, width, len(self.text))))


def passages(file: FileReading, *, cells: bool = True) -> Iterator[Passage]:
    """Paragraphs and, if `cells`, the table cells that hold words, in reading order."""
    for i, block in enumerate(file.source.blocks):
        if isinstance(block, Paragraph):
            if file.norms[i].text:
                yield Passage(file, i, file.norms[i], file.place(i))
        elif cells:
            yield from _cells(file, i, block)


def _cells(file: FileReading, i: int, table: Table) -> Iterator[Passage]:
    for r, row in enumerate(table.rows):
        label = normalise(table.text(r, 0)).text[:20] or None
        for c, cell in enumerate(row):
            if cell.origin is None and cell.text.strip():
                place = replace(
                    file.place(i), table=table.caption or "表格", row=r, column=c, row_label=label, address=cell.address
                )
                yield Passage(file, i, normalise(cell.text[:MAX_CELL]), place, r, c)


def all_passages(reading: Reading, *, cells: bool = True) -> Iterator[Passage]:
    for file in reading.files:
        yield from passages(file, cells=cells)


def heading_passage(file: FileReading, heading: Heading) -> Passage:
    return Passage(file, heading.block, file.norms[heading.block], file.place(heading.block))


def flat_tables(file: FileReading) -> frozenset[int]:
    """Blocks of tables that stand as plain lines: from "单位：万元" to the next prose, where numbers label rows."""
    inside = False
    found: set[int] = set()
    headings = {h.block for h in file.outline.headings}
    for i, block in enumerate(file.source.blocks):
        if isinstance(block, Table):
            inside = inside and block.weak
            continue
        text = file.norms[i].text
        if len(text) <= LONGEST_ROW and (_UNIT_LINE.match(text) or _FIGURE_ROW.fullmatch(text)):
            inside = True
        elif inside and _ends_table(text, i in headings):
            inside = False
        if inside:
            found.add(i)
    return frozenset(found)


def _ends_table(text: str, heading: bool) -> bool:
    """Prose or the title of a part begins again; a note under the table still belongs to it."""
    if text.startswith(("注", "说明", "备注")):
        return False
    if "。" in text or "；" in text:
        return True
    mark = read_mark(text)
    if mark is not None:
        return mark.style == "part" or bool(_PROSE_TITLE.search(text) and not re.search(r"\d", text[mark.end :]))
    return heading

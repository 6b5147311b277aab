"""Word documents (.docx): paragraphs and tables in reading order, merges expanded, automatic numbers printed.

Insertions count as accepted and deletions as made; text boxes and content controls stand where they are anchored;
footnotes come last. `anchor` is the ordinal of a paragraph among all `w:p` of the body, so that an annotator finds it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docx.oxml.ns import qn
from lxml import etree

from yibao.errors import UserError
from yibao.proofread.document import Block, Paragraph, Source, Table
from yibao.proofread.read.container import BROKEN_ZIP, open_zip, refuse_dtd
from yibao.proofread.read.grid import Grid, sections
from yibao.proofread.read.numbering import Numbering, read_numbering
from yibao.proofread.read.surround import dress
from yibao.proofread.read.word_parts import Parts, Styles, val

MAX_DEPTH = 40  #: tables within tables, text boxes within text boxes
_CHOICE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Choice"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_ALTERNATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_P, _TBL, _TR, _TC, _T, _R = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc"), qn("w:t"), qn("w:r")
_SKIPPED = {
    qn(f"w:{name}") for name in ("del", "moveFrom", "pPr", "rPr", "instrText", "delText", "delInstrText", "rt")
} | {_FALLBACK}
_MARKS = {qn("w:tab"): "\t", qn("w:ptab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_BOX = qn("w:txbxContent")


def read_docx(path: Path) -> Source:
    """A .docx as blocks. Raises UserError for a broken or unsafe one, or one without any text."""
    refuse_dtd(path)
    with open_zip(path) as archive:
        try:
            parts = Parts(archive)
            reader = _Reader(parts)
        except (etree.LxmlError, *BROKEN_ZIP):
            raise UserError(f"Word 文件“{path}”已损坏，打不开；请用 Word/WPS 打开修复后另存，再试一次。") from None
        blocks = reader.read()
        names = archive.namelist()
    pictures = sum(name.startswith("word/media/") for name in names)
    embedded = sum(name.startswith("word/embeddings/") for name in names)
    if not blocks:
        cause = f"只有 {pictures} 张图片（扫描件）" if pictures else "没有文字"
        raise UserError(f"Word 文件“{path}”里{cause}，无法校对；请提供可编辑文字的版本。")
    warnings = (
        [f"“{path}”嵌入了 {embedded} 个对象（如 Excel 表），其中内容没有读；请把表格直接贴成 Word 表格。"]
        if embedded
        else []
    )
    return Source(str(path), "docx", tuple(dress(blocks)), None, tuple(warnings + reader.warnings))


class _Reader:
    """One walk through the body; lists count on as paragraphs are met."""

    def __init__(self, parts: Parts) -> None:
        self.body = parts.xml(parts.main).find(qn("w:body"))
        if self.body is None:
            raise KeyError("body")
        self.ordinals: dict[Any, int] = {p: n for n, p in enumerate(self.body.iter(_P))}
        self.styles = Styles(parts.optional("styles"))
        self.numbering: Numbering = read_numbering(parts.optional("numbering"))
        self.footnotes = parts.optional("footnotes")
        self.warnings: list[str] = []

    def read(self) -> list[Block]:
        blocks = self.blocks(self.body, 0)
        for note in self.footnotes.iter(qn("w:footnote")) if self.footnotes is not None else ():
            if note.get(qn("w:type")) is None:
                blocks.extend(self.blocks(note, 0))
        return blocks

    def blocks(self, container: Any, depth: int) -> list[Block]:
        """Paragraphs and tables of a container, in order. Blank paragraphs are left out."""
        if depth > MAX_DEPTH:
            return []
        found: list[Block] = []
        for child in _content(container):
            if child.tag == _P:
                found.extend(self.paragraph(child, depth))
            elif child.tag == _TBL:
                found.extend(self.table(child, depth))
        return found

    def paragraph(self, p: Any, depth: int) -> list[Block]:
        """The paragraph, then the text boxes anchored in it."""
        out: list[str] = []
        boxes: list[Any] = []
        _collect(p, out, boxes, 0)
        text = "".join(out).strip()
        found: list[Block] = []
        properties = p.find(qn("w:pPr"))
        if text:
            style = val(properties.find(qn("w:pStyle"))) if properties is not None else ""
            label = self._label(properties, style)
            found.append(Paragraph(label + text, level=self._level(properties, style), anchor=self.ordinals.get(p)))
        for box in boxes:
            found.extend(self.blocks(box, depth + 1))
        return found

    def _level(self, properties: Any, style: str) -> int | None:
        own = val(properties.find(qn("w:outlineLvl"))) if properties is not None else ""
        if own.isdecimal():
            return int(own) + 1 if int(own) < 9 else None
        return self.styles.level(style)

    def _label(self, properties: Any, style: str) -> str:
        own = properties.find(qn("w:numPr")) if properties is not None else None
        inherited = self.styles.numbering(style)
        num_id = val(own.find(qn("w:numId"))) if own is not None else ""
        level = val(own.find(qn("w:ilvl"))) if own is not None else ""
        if inherited is not None:
            num_id = num_id or val(inherited.find(qn("w:numId")))
            level = level or val(inherited.find(qn("w:ilvl")))
        if not num_id or num_id == "0":
            return ""
        return self.numbering.label(num_id, int(level) if level.isdecimal() and len(level) == 1 else 0)

    def table(self, tbl: Any, depth: int) -> list[Block]:
        """The table with its merges; rows filled by one cell opened into blocks; tables inside cells after it."""
        grid = Grid()
        contents: dict[tuple[int, int], list[Block]] = {}
        open_merges: dict[int, tuple[int, int]] = {}  # column → (row, columns) of a vertical merge still open
        for row, tr in enumerate(_rows(tbl)):
            self._row(tr, row, grid, contents, open_merges, depth)
        if grid.cut:
            self.warnings.append("有一张表格过大，超出部分没有读。")
        nested: list[Block] = []
        blocks = sections(Table(grid.rows()), lambda cell: contents.pop((cell.row, cell.col), []))
        for inner in contents.values():
            nested.extend(block for block in inner if isinstance(block, Table))
        return blocks + nested

    def _row(
        self,
        tr: Any,
        row: int,
        grid: Grid,
        contents: dict[tuple[int, int], list[Block]],
        merges: dict[int, tuple[int, int]],
        depth: int,
    ) -> None:
        col = _number(val(tr.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}")), 0)
        for tc in _cells(tr):
            properties = tc.find(qn("w:tcPr"))
            span = _number(val(properties.find(qn("w:gridSpan"))), 1) if properties is not None else 1
            if _merge(properties, "w:hMerge") == "continue" and (row, col - 1) in grid.cells:
                _widen(grid, row, col)
                col += 1
                continue
            merge = _merge(properties, "w:vMerge")
            if merge == "continue" and col in merges and merges[col][1] == span:
                start = merges[col][0]
                above = grid.cells.get((start, col))
                if above is not None and above.origin is None:
                    grid.put(start, col, above.text, row - start + 1, span, anchor=above.anchor)
                    col += span
                    continue
            merges.pop(col, None)
            if merge:
                merges[col] = (row, span)
            inner = self.blocks(tc, depth + 1)
            texts = [block.raw for block in inner if isinstance(block, Paragraph)]
            first = next(tc.iter(_P), None)
            grid.put(row, col, "\n".join(texts), 1, span, anchor=self.ordinals.get(first))
            contents[row, col] = inner
            col += span
        grid.height = max(grid.height, row + 1)


def _widen(grid: Grid, row: int, col: int) -> None:
    """A legacy horizontal merge: the cell to the left covers this column too."""
    left = grid.cells[row, col - 1]
    start = left.origin[1] if left.origin else left.col
    owner = grid.cells[row, start]
    grid.put(row, start, owner.text, owner.row_span, col - start + 1, anchor=owner.anchor)


def _content(container: Any) -> Iterator[Any]:
    """Paragraphs and tables directly in a container, through content controls, insertions and alternatives."""
    for child in container:
        if child.tag in {_P, _TBL}:
            yield child
        elif child.tag in {
            qn("w:sdt"),
            qn("w:sdtContent"),
            qn("w:ins"),
            qn("w:moveTo"),
            qn("w:customXml"),
            qn("w:smartTag"),
        }:
            yield from _content(child)
        elif child.tag == _ALTERNATE:
            choice = child.find(_CHOICE)
            yield from _content(choice if choice is not None else child)


def _rows(tbl: Any) -> Iterator[Any]:
    for child in tbl:
        if child.tag == _TR:
            if child.find(f"{qn('w:trPr')}/{qn('w:del')}") is None:
                yield child
        elif child.tag in {qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:customXml")}:
            yield from _rows(child)


def _cells(tr: Any) -> Iterator[Any]:
    for child in tr:
        if child.tag == _TC:
            yield child
        elif child.tag in {qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:customXml")}:
            yield from _cells(child)


def _collect(element: Any, out: list[str], boxes: list[Any], depth: int) -> None:
    """The printed characters of a paragraph into `out`, its text boxes into `boxes`."""
    for child in element:
        tag = child.tag
        if tag in (_T, _MATH_TEXT):
            out.append(child.text or "")
        elif tag in _MARKS:
            if not (tag == qn("w:br") and child.get(qn("w:type")) in {"page", "column"}):
                out.append(_MARKS[tag])
        elif tag == _BOX:
            boxes.append(child)
        elif tag not in _SKIPPED and isinstance(tag, str) and depth < MAX_DEPTH and not (tag == _R and _hidden(child)):
            _collect(child, out, boxes, depth + 1)


def _hidden(run: Any) -> bool:
    vanish = run.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
    return vanish is not None and vanish.get(qn("w:val")) not in {"0", "false", "off"}


def _merge(properties: Any, tag: str) -> str:
    """ "restart", "continue", or "" for a cell that is not merged."""
    element = properties.find(qn(tag)) if properties is not None else None
    return "" if element is None else str(element.get(qn("w:val"), "continue"))


def _number(text: str, default: int) -> int:
    return int(text) if text.isdecimal() and len(text) < 5 else default

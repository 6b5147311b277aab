"""A list as a Word document: the letter on a page of GB/T 9704, the table on pages that lie down, its heading on each of them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Mm, Pt

from yibao.appraise.forms.archive import steady
from yibao.appraise.report.page import set_font, set_margins, set_page
from yibao.appraise.report.typography import Type, typography

WIDTHS = (12, 24, 36, 20, 26, 22, 26, 26, 21, 44)  #: millimetres, of the ten columns of the table
RIGHT = frozenset({8})  #: columns of amounts
CELL, HEAD = Type(font="仿宋", size=9, align="left"), Type(font="黑体", size=9, align="center")
_ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT, "center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "both": WD_ALIGN_PARAGRAPH.JUSTIFY,
}  # fmt: skip
SEAL, DAY = "核对单位（盖章）：　　　　　　　　　　", "　　　　年　　月　　日"


def write_word(
    title: str, to: str, paragraphs: Sequence[tuple[str, str]], table_title: str, headings: Sequence[str],
    rows: Sequence[Sequence[str]], path: Path,
) -> None:  # fmt: skip
    """Write the document: title, addressee, paragraphs, seal and day, then the table; the last row is the sum."""
    document = docx.Document()
    set_page(document, typography(), cover=False)
    _line(document, title, "title")
    _line(document, "", "body")
    _line(document, f"{to}：", "body").paragraph_format.first_line_indent = Pt(0)
    for style, text in paragraphs:
        _line(document, text, "level1" if style == "heading" else "body")
    _line(document, "", "body")
    for text in (SEAL, DAY):
        _line(document, text, "signature").paragraph_format.keep_with_next = text == SEAL
    _lie_down(document)
    _line(document, table_title, "table")
    _table(document, headings, rows)
    document.core_properties.title, document.core_properties.author = title, ""
    out = io.BytesIO()
    document.save(out)
    path.write_bytes(steady(out.getvalue()))


def _line(document: Any, text: str, style: str) -> Any:
    kind = typography().styles[style]
    made = document.add_paragraph()
    made.alignment = _ALIGN[kind.align]
    layout = made.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(kind.line or typography().line)
    layout.first_line_indent, layout.right_indent = Pt(kind.indent * kind.size), Pt(kind.right * kind.size)
    layout.keep_with_next = kind.keep or None
    set_font(made.add_run(text), kind, typography())
    return made


def _lie_down(document: Any) -> None:
    """A new page on its side, with the margins of forms."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    page = typography().page
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(page.height), Mm(page.width)
    set_margins(section, typography().form_page)


def _table(document: Any, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    made = document.add_table(rows=0, cols=len(headings), style="Table Grid")
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(made.columns, WIDTHS, strict=True):
        column.width = Mm(width)
    for number, row in enumerate((headings, *rows)):
        added = made.add_row()
        _keep_whole(added, heading=number == 0)
        for place, (cell, text) in enumerate(zip(added.cells, row, strict=True)):
            cell.width = Mm(WIDTHS[place])
            _fill(
                cell, text, HEAD if number == 0 else CELL, right=number > 0 and place in RIGHT, bold=number == len(rows)
            )


def _keep_whole(row: Any, heading: bool) -> None:
    """A row is not cut by the end of a page; the heading stands on each."""
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if heading:
        repeated = OxmlElement("w:tblHeader")
        repeated.set(qn("w:val"), "true")
        properties.append(repeated)


def _fill(cell: Any, text: str, kind: Type, right: bool, bold: bool) -> None:
    [paragraph] = cell.paragraphs
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else _ALIGN[kind.align]
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(1)
    set_font(paragraph.add_run(text), kind, typography(), bold)

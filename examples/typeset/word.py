"""Prints paragraphs and forms as .docx (python-docx)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Cm, Pt, RGBColor
from examples.typeset.layout import CENTER, LEFT, RIGHT, Box, height

BODY, HEADING = "仿宋", "黑体"
GREY = RGBColor(0x80, 0x80, 0x80)
FORM_WIDTHS = (1.75, 1.6, 1.9, 2.55, 2.35, 3.65, 1.05, 1.45, 1.6)  #: cm
LINE_SPACING = 1.15
ROW_HEIGHT = 0.6  #: cm, at least
ALIGN = {LEFT: WD_ALIGN_PARAGRAPH.LEFT, CENTER: WD_ALIGN_PARAGRAPH.CENTER, RIGHT: WD_ALIGN_PARAGRAPH.RIGHT}
WRITTEN = datetime(2026, 4, 22, tzinfo=UTC)


class Letter:
    """A document under the pen. `note` is printed small at the foot of every page."""

    def __init__(self, title: str, note: str, margin: float, size: float) -> None:
        self.document = docx.Document()
        self.size = size
        section = self.document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(margin)
        section.top_margin, section.bottom_margin = Cm(1.5), Cm(1.4)
        section.footer_distance = Cm(0.7)
        _font(self.document.styles["Normal"], BODY, size)
        self._foot(section.footer.paragraphs[0], note)
        properties = self.document.core_properties
        properties.title, properties.author, properties.comments = title, "", note
        properties.created = properties.modified = WRITTEN
        properties.last_modified_by, properties.revision = "", 1

    def _foot(self, paragraph: Any, note: str) -> None:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = _run(paragraph, note, BODY, 8)
        run.font.color.rgb = GREY

    def paragraph(self, *pieces: tuple[str, bool], align: str = LEFT, indent: bool = False, space: float = 0) -> Any:
        """A paragraph of (text, bold) pieces; `indent` moves its first line in by two characters."""
        paragraph = self.document.add_paragraph()
        paragraph.alignment = ALIGN[align]
        layout = paragraph.paragraph_format
        layout.space_before, layout.space_after, layout.line_spacing = Pt(space), Pt(0), LINE_SPACING
        if indent:
            layout.first_line_indent = Pt(self.size * 2)
        for text, bold in pieces:
            _run(paragraph, text, HEADING if bold else BODY, self.size).font.bold = bold
        return paragraph

    def title(self, text: str, size: float, new_page: bool = False) -> None:
        paragraph = self.paragraph(align=CENTER)
        paragraph.paragraph_format.page_break_before = new_page
        paragraph.paragraph_format.space_after = Pt(4)
        _run(paragraph, text, HEADING, size).font.bold = True

    def form(self, boxes: Sequence[Box], widths: Sequence[float] = FORM_WIDTHS, size: float = 9) -> None:
        """A ruled form, its merged cells merged. `widths` in cm."""
        table = self.document.add_table(height(boxes), len(widths), style="Table Grid")
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Cm(width)
            for cell in column.cells:
                cell.width = Cm(width)
        cells = [list(row.cells) for row in table.rows]
        for box in boxes:
            cell = cells[box.row][box.col]
            if box.rows > 1 or box.cols > 1:
                cell = cell.merge(cells[box.row + box.rows - 1][box.col + box.cols - 1])
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
            paragraph = cell.paragraphs[0]
            paragraph.alignment = ALIGN[box.align]
            paragraph.paragraph_format.space_after = Pt(0)
            if box.text:
                _run(paragraph, box.text, HEADING if box.bold else BODY, size)
        for row in table.rows:
            row.height = Cm(ROW_HEIGHT)
            _keep_whole(row)
        _pad(table)

    def save(self, path: Path) -> None:
        self.document.save(str(path))


def _run(paragraph: Any, text: str, font: str, size: float) -> Any:
    run = paragraph.add_run(text)
    _font(run, font, size)
    return run


def _font(style: Any, name: str, size: float) -> None:
    style.font.name, style.font.size = "Times New Roman", Pt(size)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def _keep_whole(row: Any) -> None:
    """No page break inside a row."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _pad(table: Any) -> None:
    """A little air above and below the text of every cell."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("w:top", "w:bottom"):
        margin = OxmlElement(side)
        margin.set(qn("w:w"), "20")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)

"""The 结算单 as a Word document: one page of A4, to be printed and handed over."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from yibao.settle.explain.slip import Slip

FONT, TITLE, BODY = "宋体", 16, 10.5  #: points
MARGIN = 20  #: millimetres; the tables are as wide as the rest, 170
_RIGHT, _LEFT = WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT


def write_word(slip: Slip, path: Path) -> None:
    """Write the statement to a file."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(MARGIN)
    normal: Any = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(BODY)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
    _paragraph(document, slip.title, TITLE, bold=True).alignment = WD_ALIGN_PARAGRAPH.CENTER
    _pairs(document, slip.facts, _LEFT)
    _paragraph(document, "费用与政策（元）", BODY, bold=True)
    _pairs(document, (*slip.fees, *slip.policy), _RIGHT)
    _paragraph(document, "支付（元）", BODY, bold=True)
    _table(document, [("支付方", "本次", "本年累计（含本次）"), *slip.paid, *slip.patient])
    for note in slip.notes:
        _paragraph(document, f"注：{note}", BODY - 1.5)
    _paragraph(
        document, "经办人：　　　　　　　　　　　患者（家属）签字：　　　　　　　　　　　日期：", BODY
    ).paragraph_format.space_before = Pt(18)
    document.core_properties.title, document.core_properties.author = slip.title, ""
    document.save(str(path))


def _paragraph(document: Any, text: str, size: float, bold: bool = False) -> Any:
    made = document.add_paragraph()
    made.paragraph_format.space_before, made.paragraph_format.space_after = Pt(6), Pt(3)
    run = made.add_run(text)
    run.font.size, run.font.bold = Pt(size), bold
    return made


def _pairs(document: Any, pairs: Sequence[tuple[str, str]], align: Any) -> None:
    """Two pairs of label and value a line."""
    made = _empty(document, -(-len(pairs) // 2), (40, 47, 28, 55))
    for at, (label, value) in enumerate(pairs):
        cells = made.rows[at // 2].cells
        _fill(cells[at % 2 * 2], label, _LEFT, bold=True)
        _fill(cells[at % 2 * 2 + 1], value, align)


def _table(document: Any, rows: Sequence[tuple[str, str, str]]) -> None:
    made = _empty(document, len(rows), (70, 50, 50))
    for at, row in enumerate(rows):
        total = at == 0 or "合计" in row[0]
        for cell, text, align in zip(made.rows[at].cells, row, (_LEFT, _RIGHT, _RIGHT), strict=True):
            _fill(cell, text, align, bold=total)


def _empty(document: Any, rows: int, widths: Sequence[int]) -> Any:
    made = document.add_table(rows=rows, cols=len(widths), style="Table Grid")
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Mm(width)
    for row in made.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
    return made


def _fill(cell: Any, text: str, align: Any, bold: bool = False) -> None:
    [paragraph] = cell.paragraphs
    paragraph.alignment = align
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
    run = paragraph.add_run(text)
    run.font.bold = bold

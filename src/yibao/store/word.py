"""Listings as a Word document of A4, to be printed, signed and sent: title, facts, tables, notes, a line to sign."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from yibao.errors import UserError
from yibao.store.listing import Listing, shown

FONT, TITLE, BODY = "宋体", 16, 10.5  #: points
SMALLEST = 7.0
SHORT, LONG, MARGIN = 210, 297, 18  #: millimetres
EM = 0.225  #: width of a Latin letter in millimetres for each point of its size, with some room
_FIGURE = re.compile(r"-?[\d,]+(\.\d+)?%?|—")


def write_document(
    path: Path, title: str, facts: Sequence[tuple[str, str]], listings: Sequence[Listing], notes: Sequence[str], sign: str, *, wide: bool = False
) -> None:  # fmt: skip
    """Write the document; `wide` lays the page on its side. UserError where the file cannot be written."""
    document = docx.Document()
    _page(document, wide)
    _paragraph(document, title, TITLE, bold=True).alignment = WD_ALIGN_PARAGRAPH.CENTER
    _paragraph(document, "　　".join(f"{label}：{value}" for label, value in facts), BODY)
    width = (LONG if wide else SHORT) - 2 * MARGIN
    for listing in listings:
        _paragraph(document, listing.title, BODY, bold=True).paragraph_format.keep_with_next = True
        _table(document, listing, width)
        for note in listing.notes:
            _paragraph(document, f"注：{note}", BODY - 1.5)
    for note in notes:
        _paragraph(document, note, BODY - 1.5)
    _paragraph(document, sign, BODY).paragraph_format.space_before = Pt(18)
    document.core_properties.title, document.core_properties.author = title, ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        document.save(str(path))
    except OSError as error:
        raise UserError(f"“{path}”写不进去（{error.strerror}）。请关闭打开它的程序，或检查写入权限。") from error


def _page(document: Any, wide: bool) -> None:
    section = document.sections[0]
    if wide:
        section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = (Mm(LONG), Mm(SHORT)) if wide else (Mm(SHORT), Mm(LONG))
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(MARGIN)
    normal: Any = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(BODY)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)


def _paragraph(document: Any, text: str, size: float, bold: bool = False) -> Any:
    made = document.add_paragraph()
    made.paragraph_format.space_before, made.paragraph_format.space_after = Pt(4), Pt(3)
    run = made.add_run(text)
    run.font.size, run.font.bold = Pt(size), bold
    return made


def _table(document: Any, listing: Listing, width: int) -> None:
    """As wide as the page; figures are never broken, so the letters shrink until they fit. The headings are repeated on every page."""
    cells = [[label for label, _ in listing.headings]]
    cells += [
        [shown(value, kind) for value, (_, kind) in zip(row, listing.headings, strict=True)] for row in listing.rows
    ]
    asks = [_asked([row[at] for row in cells]) for at in range(len(listing.headings))]
    size = max(SMALLEST, min(BODY, width / (sum(asks) * EM)))
    made = document.add_table(rows=len(cells), cols=len(asks), style="Table Grid")
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    _margins(made)
    for column, ask in zip(made.columns, asks, strict=True):
        column.width = Mm(width * ask / sum(asks))
    for number, (texts, row) in enumerate(zip(cells, made.rows, strict=True)):
        for at, (text, cell) in enumerate(zip(texts, row.cells, strict=True)):
            cell.width = Mm(width * asks[at] / sum(asks))
            align = WD_ALIGN_PARAGRAPH.RIGHT if number and _FIGURE.fullmatch(text) else WD_ALIGN_PARAGRAPH.LEFT
            _fill(cell, text, align, size, bold=not number or number - 1 in listing.bold)
    made.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _asked(texts: Sequence[str]) -> int:
    """The width of a column in Latin letters: figures whole, words in two lines where they are long, with room at the sides."""
    figures = max((_length(text) for text in texts[1:] if _FIGURE.fullmatch(text)), default=0)
    words = max(_length(text) for text in texts if not _FIGURE.fullmatch(text))
    return max(figures, -(-words // 2), min(words, 10)) + 2


def _margins(table: Any) -> None:
    """A millimetre at the sides of each cell."""
    margins: Any = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        one: Any = OxmlElement(f"w:{side}")
        one.set(qn("w:w"), "57")
        one.set(qn("w:type"), "dxa")
        margins.append(one)
    table._tbl.tblPr.append(margins)


def _length(text: str) -> int:
    """In columns of a Latin letter."""
    return sum(1 if character.isascii() else 2 for character in text)


def _fill(cell: Any, text: str, align: Any, size: float, bold: bool) -> None:
    [paragraph] = cell.paragraphs
    paragraph.alignment = align
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(1.5)
    run = paragraph.add_run(text)
    run.font.bold, run.font.size = bold, Pt(size)

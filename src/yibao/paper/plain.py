"""A plain page of A4 in 宋体, as listings and statements are printed, signed and handed over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

FONT, TITLE, BODY, NOTE = "宋体", 16, 10.5, 9  #: points
SHORT, LONG = 210, 297  #: millimetres
_ABOVE_SIGNATURE = 18  #: points


def plain_document(title: str, margin: int, *, wide: bool = False) -> Any:
    """A document with its title on it; `margin` in millimetres, `wide` lays the page on its side."""
    document = docx.Document()
    section = document.sections[0]
    if wide:
        section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = (Mm(LONG), Mm(SHORT)) if wide else (Mm(SHORT), Mm(LONG))
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(margin)
    normal: Any = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(BODY)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
    add_text(document, title, TITLE, bold=True).alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.core_properties.title = title
    return document


def add_text(document: Any, text: str, size: float = BODY, *, bold: bool = False) -> Any:
    """A paragraph at the end; `size` in points."""
    made = document.add_paragraph()
    made.paragraph_format.space_before, made.paragraph_format.space_after = Pt(4), Pt(3)
    run = made.add_run(text)
    run.font.size, run.font.bold = Pt(size), bold
    return made


def add_notes(document: Any, notes: Sequence[str]) -> None:
    """Each note in a small paragraph of its own."""
    for note in notes:
        add_text(document, f"注：{note}", NOTE)


def add_signature(document: Any, line: str) -> None:
    """The line to sign on, with room above it for a hand."""
    add_text(document, line).paragraph_format.space_before = Pt(_ABOVE_SIGNATURE)

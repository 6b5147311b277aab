"""A paragraph in one of the types of an official document (GB/T 9704)."""

from __future__ import annotations

from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Pt

from yibao.paper.typography import Type, Typography

ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT, "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT, "both": WD_ALIGN_PARAGRAPH.JUSTIFY,
}  # fmt: skip


def add_line(document: Any, kind: Type, typography: Typography) -> Any:
    """An empty paragraph at the end, set as its type says: no room above or below, lines of exact height."""
    made = document.add_paragraph()
    made.alignment = ALIGN[kind.align]
    layout = made.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(kind.line or typography.line)
    layout.keep_with_next = kind.keep or None
    layout.widow_control = False
    indent_by(made, kind)
    return made


def indent_by(paragraph: Any, kind: Type) -> None:
    """Indents in characters; the points beside them are for readers that do not count characters."""
    layout = paragraph.paragraph_format
    layout.first_line_indent, layout.right_indent = Pt(kind.indent * kind.size), Pt(kind.right * kind.size)
    indent = paragraph._p.get_or_add_pPr().get_or_add_ind()
    indent.set(qn("w:firstLineChars"), str(kind.indent * 100))
    if kind.right:
        indent.set(qn("w:rightChars"), str(kind.right * 100))

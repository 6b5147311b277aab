"""Forms in a report: the writer of `forms.word`, and a plain one where that is not there."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from yibao.appraise.appraisal import Appraisal
from yibao.appraise.forms.table import Form
from yibao.appraise.report.composed import Attachment

_WRITER, _BUILDER = "yibao.appraise.forms.word", "yibao.appraise.forms.attachments"
_ALIGN = {"left": WD_ALIGN_PARAGRAPH.LEFT, "center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}


def attachments_of(appraisal: Appraisal) -> tuple[Attachment, ...]:
    """The forms that the year's figures fill, in the order of the attachments."""
    if find_spec(_BUILDER) is None:
        return ()
    return tuple(Attachment(a.title, a.forms) for a in import_module(_BUILDER).attachments(appraisal))


def add_form(document: Document, form: Form, size: float) -> None:
    """The form at the end of the document, its cells in type of `size` points."""
    if find_spec(_WRITER) is None:
        _plain(document, form, size)
    else:
        import_module(_WRITER).add_form(document, form, size=size)


def _plain(document: Document, form: Form, size: float) -> None:
    document.add_paragraph(form.title).alignment = WD_ALIGN_PARAGRAPH.CENTER
    table: Any = document.add_table(len(form.grid), form.columns, style="Table Grid")
    for r, row in enumerate(form.grid):
        for c, cell in enumerate(row):
            if cell is None:
                continue
            place = table.cell(r, c)
            if cell.rows > 1 or cell.columns > 1:
                place = place.merge(table.cell(r + cell.rows - 1, c + cell.columns - 1))
            paragraph = place.paragraphs[0]
            paragraph.alignment = _ALIGN[cell.align]
            paragraph.add_run(cell.text).font.size = Pt(size)
    for text in form.below:
        document.add_paragraph(text)

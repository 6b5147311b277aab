"""A report as a Word document: cover, title, body, list of attachments, signature, the forms. Same report, same bytes."""

from __future__ import annotations

import io
from typing import Any

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.shared import Mm, Pt

from yibao.appraise.forms.table import Form
from yibao.appraise.forms.word import add_form
from yibao.appraise.forms.xlsx import DRAFT
from yibao.appraise.report.composed import Paragraph, Picture, Report, Run, Section
from yibao.charts.draw import png
from yibao.paper.archive import document_bytes
from yibao.paper.line import add_line
from yibao.paper.page import set_font, set_margins, set_page
from yibao.paper.typography import Typography, typography

CONTENTS = "目　录"
_COVER_TOP, _COVER_FOOT, _COVER_LINES, _BEFORE_SIGNATURE = 5, 8, 3, 2  #: empty lines
_ABOVE_PICTURE = 6  #: points


def word_document(report: Report, *, draft: bool = False) -> bytes:
    """The .docx of a report; a draft says so at the head of its first page."""
    document = docx.Document()
    pen = _Pen(document, typography())
    set_page(document, pen.typography, cover=report.cover)
    if draft:
        pen.line(f"【{DRAFT}】", "body")
    _cover(pen, report)
    if report.manner == "letter":
        for at, line in enumerate(report.title_lines):
            pen.line(line, "title", new_page=report.cover and not at)
        pen.blank()
    if report.manner == "book":
        _contents(pen, report)
    for at, section in enumerate(report.sections):
        _section(pen, section, new_page=report.manner == "booklet" and not at)
    last = len(document.paragraphs) - 1
    if report.manner != "book":
        _attachment_list(pen, report)
    if report.manner == "letter":
        _signature(pen, report, last)
    _forms(pen, report)
    document.core_properties.title = report.title
    return document_bytes(document, report.bureau)


def _section(pen: _Pen, section: Section, new_page: bool = False) -> None:
    """Heading, paragraphs and forms of a section, then the sections below; a part of a book opens a page."""
    if section.apart:
        _turn(pen, section.forms[0])
    elif pen.turned:
        _upright(pen)
    elif section.heading is not None and (new_page or section.heading.style == "part"):
        pen.opens_page = True
    for paragraph in (*((section.heading,) if section.heading else ()), *section.paragraphs):
        if paragraph.picture:
            pen.picture(paragraph.picture)
        else:
            pen.paragraph(paragraph, paragraph.style)
    for form in section.forms:
        size = pen.typography.form_size if section.apart else None
        add_form(pen.document, form, title=False, size=size, whole=not section.apart)
    for below in section.sections:
        _section(pen, below)


def _contents(pen: _Pen, report: Report) -> None:
    """目录: the parts and the sections in them."""
    pen.line(CONTENTS, "contents_title", new_page=True)
    for heading in report.contents:
        pen.paragraph(heading, "contents_part" if heading.style == "part" else "contents")


def _signature(pen: _Pen, report: Report, last: int) -> None:
    pen.blank(_BEFORE_SIGNATURE)
    pen.line(report.bureau, "signature")
    for kept in pen.document.paragraphs[last:]:  # no page with nothing but the signature
        kept.paragraph_format.keep_with_next = True
    date = pen.line(report.signed, "date")
    date.paragraph_format.right_indent = Pt(_date_from_the_right(report, pen.typography.styles["date"].size))


def _date_from_the_right(report: Report, size: float) -> float:
    """Points: the date begins two characters right of the name above it, or stands as far right (GB/T 9704, 7.3.5.2)."""
    name, date = (sum(size / 2 if c.isascii() else size for c in text) for text in (report.bureau, report.signed))
    return max(2 * size, name - date)


class _Pen:
    """Adds paragraphs at the end of a document, in the types of GB/T 9704."""

    def __init__(self, document: Document, typography: Typography) -> None:
        self.document, self.typography = document, typography
        self.turned = False  #: on the pages of a form
        self.opens_page = False  #: the next paragraph does

    def line(self, text: str, style: str, new_page: bool = False) -> Any:
        paragraph = self.paragraph(Paragraph((Run(text),)), style)
        paragraph.paragraph_format.page_break_before = new_page
        return paragraph

    def blank(self, lines: int = 1) -> None:
        for _ in range(lines):
            self.line("", "body")

    def paragraph(self, paragraph: Paragraph, style: str) -> Any:
        kind = self.typography.styles[style]
        made = add_line(self.document, kind, self.typography)
        made.paragraph_format.page_break_before, self.opens_page = self.opens_page or None, False
        for run in paragraph.runs:
            set_font(made.add_run(run.text), kind, self.typography, run.bold)
        return made

    def picture(self, picture: Picture) -> None:
        """A picture as wide as the text, on the page of its title."""
        made = self.paragraph(Paragraph(()), "picture")
        made.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        made.paragraph_format.space_before = Pt(_ABOVE_PICTURE)
        inline = made.add_run().add_picture(io.BytesIO(png(picture.chart)))._inline
        inline.docPr.set("descr", picture.alt)
        for side in "TBLR":  # LibreOffice takes an eighth of an inch where none is given
            inline.set(f"dist{side}", "0")


def _cover(pen: _Pen, report: Report) -> None:
    if not report.cover:
        return
    pen.blank(_COVER_TOP)
    for line in report.title_lines:
        pen.line(line, "cover")
    pen.blank(_COVER_LINES if report.cover_lines else _COVER_FOOT)
    for line in report.cover_lines:
        pen.line(line, "cover_line")
    if report.cover_lines:
        pen.blank(_COVER_LINES)
    foot = (report.cover_foot,) if report.cover_lines else (report.bureau, report.signed)
    for line in filter(None, foot):
        pen.line(line, "cover_foot")


def _attachment_list(pen: _Pen, report: Report) -> None:
    """附件：1.… under an empty line; one alone has no number (GB/T 9704, 7.3.4)."""
    if not report.attachments:
        return
    pen.blank()
    many = len(report.attachments) > 1
    for number, attachment in enumerate(report.attachments, 1):
        lead = "附件：" if number == 1 else "　　　"
        pen.line(f"{lead}{f'{number}.' if many else ''}{attachment.title}", "body").alignment = WD_ALIGN_PARAGRAPH.LEFT


def _forms(pen: _Pen, report: Report) -> None:
    many = len(report.attachments) > 1
    for number, attachment in enumerate(report.attachments, 1):
        several = len(attachment.forms) > 1
        for part, form in enumerate(attachment.forms, 1):
            label = f"附件{number if many else ''}{f'-{part}' if several and many else part if several else ''}"
            _turn(pen, form)
            pen.line(label, "attachment")
            add_form(pen.document, form, size=pen.typography.form_size)


def _turn(pen: _Pen, form: Form) -> None:
    """A new page, lying down where the form does."""
    pen.turned = True
    section = pen.document.add_section(WD_SECTION.NEW_PAGE)
    section.different_first_page_header_footer = False
    set_margins(section, pen.typography.form_page)
    if (section.orientation == WD_ORIENT.LANDSCAPE) != form.landscape:
        section.orientation = WD_ORIENT.LANDSCAPE if form.landscape else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = section.page_height, section.page_width


def _upright(pen: _Pen) -> None:
    """Back to the pages of the text."""
    section = pen.document.add_section(WD_SECTION.NEW_PAGE)
    page = pen.typography.page
    set_margins(section, page)
    section.orientation, pen.turned = WD_ORIENT.PORTRAIT, False
    section.page_width, section.page_height = Mm(page.width), Mm(page.height)

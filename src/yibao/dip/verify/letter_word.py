"""A list as a Word document: the letter on a page of GB/T 9704, the table on pages that lie down, its heading on each of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm

from yibao.paper.archive import document_bytes
from yibao.paper.grid import add_grid, open_cell, repeat_heading
from yibao.paper.line import ALIGN, add_line
from yibao.paper.page import set_font, set_margins, set_page
from yibao.paper.typography import Type, typography
from yibao.store.outputs import put_file

WIDTHS = (12, 24, 36, 20, 26, 22, 26, 26, 21, 44)  #: millimetres, of the ten columns of the table
RIGHT = frozenset({8})  #: columns of amounts
CELL, HEAD = Type(font="仿宋", size=9, align="left"), Type(font="黑体", size=9, align="center")
SEAL, DAY = "核对单位（盖章）：　　　　　　　　　　", "　　　　年　　月　　日"


def write_word(
    title: str, to: str, paragraphs: Sequence[tuple[str, str]], table_title: str, headings: Sequence[str],
    rows: Sequence[Sequence[str]], path: Path,
) -> None:  # fmt: skip
    """Write the document: title, addressee, paragraphs, seal and day, then the table; the last row is the sum. UserError as of `put_file`."""
    document = docx.Document()
    set_page(document, typography(), cover=False)
    _line(document, title, "title")
    _line(document, "", "body")
    _line(document, f"{to}：", "body", indent=0)
    for style, text in paragraphs:
        _line(document, text, "level1" if style == "heading" else "body")
    _line(document, "", "body")
    for text in (SEAL, DAY):
        _line(document, text, "signature").paragraph_format.keep_with_next = text == SEAL
    _lie_down(document)
    _line(document, table_title, "table")
    _table(document, headings, rows)
    document.core_properties.title = title
    put_file(path, document_bytes(document))


def _line(document: Any, text: str, style: str, **other: int) -> Any:
    kind = typography().styles[style].model_copy(update=other)
    made = add_line(document, kind, typography())
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
    made = add_grid(document, len(rows) + 1, WIDTHS)
    repeat_heading(made.rows[0])
    for number, (texts, row) in enumerate(zip((headings, *rows), made.rows, strict=True)):
        for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            kind = CELL if number else HEAD
            align = WD_ALIGN_PARAGRAPH.RIGHT if number and place in RIGHT else ALIGN[kind.align]
            set_font(open_cell(cell, align, 1).add_run(text), kind, typography(), bold=number == len(rows))

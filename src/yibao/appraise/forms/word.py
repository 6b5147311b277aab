"""Forms as tables of a Word document: merged cells, header rows repeated, borders, widths, Chinese fonts.

`add_form(document, form)` is what a report calls. It writes at the end of the document and leaves the section (paper,
orientation, margins) as it is: the table takes the width between the margins.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Pt, Twips
from docx.table import Table
from lxml import etree

from yibao.appraise.forms.table import Align, Cell, Form

BODY, TEXT, HEADING, TITLE, LATIN = "宋体", "仿宋_GB2312", "黑体", "方正小标宋简体", "Times New Roman"
SIZE, NARROW_SIZE, SMALL, TITLE_SIZE = 10.0, 8.5, 10.5, 16.0
MANY_COLUMNS = 8  #: from here on the smaller size
PADDING = 20  #: twentieths of a point above and below the text of a cell
SIGNATURE_ROOM = 360  #: twentieths of a point above a line of a signature
WITH_NOTES = 2  #: last rows of a table that stay with what stands below it
LEAST_HEIGHT = 340  #: twentieths of a point of a row
TWIPS = 635  #: EMU
_JC: dict[Align, str] = {"left": "left", "center": "center", "right": "right"}


def add_form(
    document: Document, form: Form, *, title: bool = True, size: float | None = None, whole: bool = False
) -> Table:
    """The form at the end of the document: title, 填报单位 and 单位, table, notes. The table, for further work.

    `whole`: it does not begin on a page on which it cannot end, where one page holds it.
    """
    width = _text_width(document)
    size = size or (NARROW_SIZE if form.columns >= MANY_COLUMNS else SIZE)
    if title:
        _paragraph(document, form.title, TITLE, TITLE_SIZE, "center", after=6, keep=True)
    if form.above or form.unit:
        _unit_line(document, form, width)
    table = _table(document, form, width, size)
    if whole or form.below:
        _keep_together(table, None if whole else WITH_NOTES)
    for at, text in enumerate(form.below, 1):
        _paragraph(document, text, TEXT, SMALL, "left", before=3, keep=at < len(form.below))
    return table


def _keep_together(table: Table, last: int | None) -> None:
    """Every row with the next one, or the `last` rows with the notes below: no page holds nothing but a signature."""
    rows = table._tbl.findall(qn("w:tr"))
    for row in rows[:-1] if last is None else rows[-last:]:
        for properties in row.iter(qn("w:pPr")):
            properties.insert(0, OxmlElement("w:keepNext"))


def _text_width(document: Document) -> int:
    """Twentieths of a point between the margins of the last section."""
    section = document.sections[-1]
    page, left, right = section.page_width or 0, section.left_margin or 0, section.right_margin or 0
    return int(page - left - right) // TWIPS


def _paragraph(
    document: Document, text: str, font: str, size: float, align: Align, *, before: float = 0, after: float = 0,
    keep: bool = False,
) -> Any:  # fmt: skip
    paragraph = document.add_paragraph()
    paragraph.alignment = getattr(WD_ALIGN_PARAGRAPH, align.upper())
    layout = paragraph.paragraph_format
    layout.space_before, layout.space_after, layout.first_line_indent = Pt(before), Pt(after), Pt(0)
    layout.line_spacing, layout.keep_with_next = 1.0, keep
    paragraph._p.append(_run(text, font, size))
    return paragraph


def _unit_line(document: Document, form: Form, width: int) -> None:
    """Who filed it on the left, the unit on the right, in one line."""
    unit = f"单位：{form.unit}" if form.unit else ""
    paragraph = _paragraph(document, f"{form.above}\t{unit}", TEXT, SMALL, "left", after=2, keep=True)
    paragraph.paragraph_format.tab_stops.add_tab_stop(Twips(width), WD_TAB_ALIGNMENT.RIGHT)


def _run(text: str, font: str, size: float) -> Any:
    run = OxmlElement("w:r")
    properties = OxmlElement("w:rPr")
    fonts = _element("w:rFonts", ascii=LATIN, hAnsi=LATIN, eastAsia=font, cs=LATIN)
    half_points = str(round(size * 2))
    for child in (fonts, _element("w:sz", val=half_points), _element("w:szCs", val=half_points)):
        properties.append(child)
    run.append(properties)
    for at, line in enumerate(text.split("\n")):
        if at:
            run.append(OxmlElement("w:br"))
        for position, part in enumerate(line.split("\t")):
            if position:
                run.append(OxmlElement("w:tab"))
            run.append(_words(part))
    return run


def _words(text: str) -> Any:
    element = OxmlElement("w:t")
    element.text = "".join(char for char in text if char.isprintable() or char == "\u3000")
    element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return element


def _element(name: str, **attributes: str) -> Any:
    element = OxmlElement(name)
    for attribute, value in attributes.items():
        element.set(qn(f"w:{attribute}"), value)
    return element


def _table(document: Document, form: Form, width: int, size: float) -> Table:
    """The grid written as it stands: spans to the right as gridSpan, spans downwards as vMerge."""
    widths = _scaled(form, width)
    table: Table = document.add_table(0, form.columns)
    element: Any = table._tbl
    for child in list(element):
        element.remove(child)
    element.append(_properties(width))
    grid = OxmlElement("w:tblGrid")
    for column in widths:
        grid.append(_element("w:gridCol", w=str(column)))
    element.append(grid)
    owners = _owners(form)
    for r in range(len(form.grid)):
        element.append(_row(form, r, owners, widths, size))
    return table


def _scaled(form: Form, width: int) -> list[int]:
    """Column widths in proportion, together the width of the text."""
    wanted = [*form.widths, *[12] * (form.columns - len(form.widths))][: form.columns]
    found = [width * column // sum(wanted) for column in wanted]
    found[-1] += width - sum(found)
    return found


def _properties(width: int) -> Any:
    properties = OxmlElement("w:tblPr")
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(_element(f"w:{side}", val="single", sz="4", space="0", color="000000"))
    margins = OxmlElement("w:tblCellMar")
    for side, room in (("top", PADDING), ("left", 50), ("bottom", PADDING), ("right", 50)):
        margins.append(_element(f"w:{side}", w=str(room), type="dxa"))
    for child in (
        _element("w:tblW", w=str(width), type="dxa"),
        _element("w:jc", val="center"),
        borders,
        _element("w:tblLayout", type="fixed"),
        margins,
    ):
        properties.append(child)
    return properties


Owners = dict[tuple[int, int], tuple[int, int, Cell]]


def _owners(form: Form) -> Owners:
    """For every place of the grid the cell that covers it, and where that cell begins."""
    return {
        (r + i, c + j): (r, c, cell) for r, c, cell in form.cells for i in range(cell.rows) for j in range(cell.columns)
    }


def _row(form: Form, r: int, owners: Owners, widths: Sequence[int], size: float) -> Any:
    row = OxmlElement("w:tr")
    properties = OxmlElement("w:trPr")
    properties.append(OxmlElement("w:cantSplit"))
    properties.append(_element("w:trHeight", val=str(LEAST_HEIGHT), hRule="atLeast"))
    if r < form.header_rows:
        properties.append(OxmlElement("w:tblHeader"))
    row.append(properties)
    for c, top, cell in _starts(form, r, owners):
        row.append(_cell(cell, r - top, sum(widths[c : c + cell.columns]), size))
    return row


def _starts(form: Form, r: int, owners: Owners) -> Iterator[tuple[int, int, Cell]]:
    """(column, first row, cell) of the cells that a row crosses."""
    c = 0
    while c < form.columns:
        top, left, cell = owners[r, c]
        yield left, top, cell
        c = left + cell.columns


def _cell(cell: Cell, depth: int, width: int, size: float) -> Any:
    """A cell, or its continuation `depth` rows further down, which holds nothing."""
    element = OxmlElement("w:tc")
    properties = OxmlElement("w:tcPr")
    properties.append(_element("w:tcW", w=str(width), type="dxa"))
    if cell.columns > 1:
        properties.append(_element("w:gridSpan", val=str(cell.columns)))
    if cell.rows > 1:
        properties.append(_element("w:vMerge", **({} if depth else {"val": "restart"})))
    properties.append(_element("w:vAlign", val="center"))
    element.append(properties)
    element.append(_cell_paragraph(cell, "" if depth else cell.text, size))
    for line in () if depth else cell.signed:
        element.append(_signature(line, size))
    return element


def _signature(line: str, size: float) -> Any:
    """A line at the right of a block, with room above it for a hand and a stamp."""
    paragraph: Any = _cell_paragraph(Cell(line, align="right"), line, size)
    paragraph.pPr.find(qn("w:spacing")).set(qn("w:before"), str(SIGNATURE_ROOM))
    paragraph.pPr.find(qn("w:ind")).set(qn("w:right"), str(round(4 * size * 20)))
    return paragraph


def _cell_paragraph(cell: Cell, text: str, size: float) -> etree._Element:
    paragraph: Any = OxmlElement("w:p")
    properties = OxmlElement("w:pPr")
    properties.append(_element("w:spacing", before="0", after="0", line="240", lineRule="auto"))
    indent = {"leftChars": str(cell.indent * 50)} if cell.indent and cell.align == "left" else {}
    left = str(round(cell.indent * size * 10)) if indent else "0"
    properties.append(_element("w:ind", left=left, firstLine="0", **indent))
    properties.append(_element("w:jc", val=_JC[cell.align]))
    mark = OxmlElement("w:rPr")  # an empty cell is as tall as its paragraph mark
    mark.append(_element("w:sz", val=str(round(size * 2))))
    properties.append(mark)
    paragraph.append(properties)
    if text:
        paragraph.append(_run(text, HEADING if cell.header else BODY, size))
    return paragraph  # type: ignore[no-any-return]

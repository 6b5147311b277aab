"""Tables of a Word document with widths that hold, rows that no page cuts, and headings on every page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.shared import Mm, Pt

from yibao.paper.page import element

_SIDE = 57  #: twentieths of a point at the sides of a cell: a millimetre


def add_grid(document: Any, rows: int, widths: Sequence[float]) -> Any:
    """A table with lines, its columns as wide as said (millimetres), its cells empty."""
    made = document.add_table(rows=rows, cols=len(widths), style="Table Grid")
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    margins = element("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(element(f"w:{side}", {"w": str(_SIDE), "type": "dxa"}))
    made._tbl.tblPr.append(margins)
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Mm(width)
    for row in made.rows:
        row._tr.get_or_add_trPr().append(element("w:cantSplit"))
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
    return made


def repeat_heading(row: Any) -> None:
    """The row stands on every page of its table."""
    row._tr.get_or_add_trPr().append(element("w:tblHeader"))


def open_cell(cell: Any, align: Any, room: float) -> Any:
    """The paragraph of an empty cell; `room` in points above and below."""
    [paragraph] = cell.paragraphs
    paragraph.alignment = align
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(room)
    return paragraph


def fill_cell(
    cell: Any, text: str, align: Any, *, size: float | None = None, bold: bool = False, room: float = 1.5
) -> None:
    """Text into an empty cell, in the font of the document; `size` in points."""
    run = open_cell(cell, align, room).add_run(text)
    run.font.bold = bold
    if size is not None:
        run.font.size = Pt(size)

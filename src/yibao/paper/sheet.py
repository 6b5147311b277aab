"""A sheet of a listing on A4: one page wide, its headings on every page, page numbers; sentences wrapped over the whole width."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Any

from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from rich.cells import cell_len

FACE = "Calibri"  #: the face of a workbook's cells, so that headings are of the same
TITLE, HEAD, NOTE = (Font(name=FACE, bold=True, size=14), Font(name=FACE, bold=True), Font(name=FACE, italic=True))
RULED = Border(bottom=Side("thin"))
UPRIGHT = 95  #: letters: a table that is wider is printed across
CENTIMETRE = 1 / 2.54
LINE, TITLE_LINE, MOST_HEIGHT = 15.0, 20.0, 409.0  #: points of a line; the tallest row there is
AIR = 4.0  #: points between headings and rows
WIDE = 1.08  #: of a letter as it is counted: some are wider


def on_paper(sheet: Any, widths: Sequence[int], heads: int) -> None:
    """`heads`: the first rows, which are printed on every page."""
    setup, margins = sheet.page_setup, sheet.page_margins
    setup.paperSize, setup.orientation = 9, "landscape" if sum(widths) > UPRIGHT else "portrait"
    setup.fitToWidth, setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"1:{heads}"
    margins.left = margins.right = margins.top = 1.5 * CENTIMETRE
    margins.bottom, margins.footer = 1.8 * CENTIMETRE, 0.8 * CENTIMETRE
    sheet.oddFooter.center.text = "&A　第 &P 页，共 &N 页"
    for at, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(at)].width = width


def spread(sheet: Any, row: int, said: str, widths: Sequence[int], line: float = LINE) -> None:
    """Row `row` as one cell over all columns, as high as its sentence needs; before it is written."""
    if len(widths) > 1:
        sheet.merged_cells.add(f"A{row}:{get_column_letter(len(widths))}{row}")
    _high(sheet, row, sum(_lines(part, sum(widths) * LINE / line) for part in said.split("\n")) * line)


def raised(sheet: Any, row: int, said: Sequence[str], widths: Sequence[int], air: float = AIR) -> None:
    """Row `row` as high as its cells need, each wrapped in its column."""
    _high(sheet, row, max(map(_lines, said, widths), default=1) * LINE + air)


def _lines(said: str, width: float) -> int:
    return ceil(cell_len(said) * WIDE / width) or 1


def _high(sheet: Any, row: int, points: float) -> None:
    sheet.row_dimensions[row].height = min(points, MOST_HEIGHT)


def wrapped(right: bool = False) -> Alignment:
    return Alignment(wrap_text=True, vertical="center", horizontal="right" if right else "left")

"""Prints forms as sheets of an .xlsx, ready for the printer (openpyxl)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from math import ceil
from pathlib import Path
from typing import Any

from examples.typeset.layout import CENTER, LEFT, RIGHT, Box, height
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

BODY, HEADING = "宋体", "黑体"
WRITTEN = datetime(2026, 4, 22)
SMALL = Font(name=BODY, size=10)
TOP = 4  #: the first row of a table: its number, title and unit stand above
LINE = 14.5  #: points
_THIN = Side(style="thin")
RULED = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_NUMBER = re.compile(r"-?\d+(?:\.(\d+))?(%?)")


@dataclass(frozen=True, slots=True)
class Page:
    """What stands around a table. The first `header_rows` rows of the table are repeated on every printed page."""

    number: str  #: 附件1
    title: str
    filed_by: str
    unit: str
    below: tuple[str, ...] = ()
    thousands: bool = False  #: 207,806 instead of 207806
    header_rows: int = 0


class Book:
    """A workbook under the pen. `note` is printed at the foot of every page."""

    def __init__(self, title: str, note: str) -> None:
        self.workbook = Workbook()
        self.workbook.remove(self.workbook.worksheets[0])
        self.note = note
        properties = self.workbook.properties
        properties.title, properties.creator, properties.description = title, "", note
        properties.created = WRITTEN

    def sheet(self, name: str, page: Page, boxes: Sequence[Box], widths: Sequence[float]) -> None:
        """A titled table; `widths` of its columns in characters."""
        sheet = self.workbook.create_sheet(name)
        for col, width in enumerate(widths, start=1):
            sheet.column_dimensions[get_column_letter(col)].width = width
        last = len(widths)
        _merged(sheet, 1, 1, 1, 1, page.number, Font(name=HEADING, size=10.5), LEFT)
        _merged(sheet, 2, 1, 1, last, page.title, Font(name=HEADING, size=15), CENTER)
        sheet.row_dimensions[2].height = 30
        _merged(sheet, 3, 1, 1, last - 1, page.filed_by, SMALL, LEFT)
        _merged(sheet, 3, last, 1, 1, page.unit, SMALL, RIGHT)
        sheet.row_dimensions[3].height = 18
        for row in range(height(boxes)):
            lines = max((_lines(box, widths) for box in boxes if box.row == row and box.rows == 1), default=1)
            sheet.row_dimensions[TOP + row].height = LINE * (lines + 0.5)
        for box in boxes:
            self._box(sheet, box, page.thousands)
        bottom = TOP + height(boxes)
        for row, text in enumerate(page.below, start=bottom):
            _merged(sheet, row, 1, 1, last, text, SMALL, LEFT)
            sheet.row_dimensions[row].height = 24
        _ready_to_print(sheet, self.note, page.header_rows, bottom + len(page.below) - 1, last)

    def _box(self, sheet: Worksheet, box: Box, thousands: bool) -> None:
        row, col = TOP + box.row, 1 + box.col
        for r in range(row, row + box.rows):
            for c in range(col, col + box.cols):
                sheet.cell(r, c).border = RULED
        font = Font(name=BODY, size=10.5, bold=box.bold)
        cell = _merged(
            sheet, row, col, box.rows, box.cols, box.text, font, box.align, box.indent + (box.align != CENTER)
        )
        if found := _NUMBER.fullmatch(box.text):
            cell.value, cell.number_format = _number(box.text, found, thousands)

    def save(self, path: Path) -> None:
        self.workbook.save(path)


def _number(text: str, found: re.Match[str], thousands: bool) -> tuple[Decimal, str]:
    """The value of a cell and the format that prints it as published."""
    form = "#,##0" if thousands else "0"
    form += "." + "0" * len(found[1]) if found[1] else ""
    return (Decimal(text[:-1]) / 100, form + "%") if found[2] else (Decimal(text), form)


def _lines(box: Box, widths: Sequence[float]) -> int:
    """Lines that the text of a box needs; a Chinese character is two wide."""
    return ceil(sum(2 if char > "\u2e7f" else 1 for char in box.text) / sum(widths[box.col : box.col + box.cols]))


def _merged(
    sheet: Worksheet, row: int, col: int, rows: int, cols: int, text: str, font: Font, align: str, indent: int = 0
) -> Any:
    cell = sheet.cell(row, col)
    cell.value, cell.font = text or None, font
    cell.alignment = Alignment(horizontal=align, vertical="center", wrap_text=True, indent=indent)
    if rows > 1 or cols > 1:
        sheet.merge_cells(start_row=row, start_column=col, end_row=row + rows - 1, end_column=col + cols - 1)
    return cell


def _ready_to_print(sheet: Worksheet, note: str, header_rows: int, last_row: int, last_col: int) -> None:
    """A4 upright, one page wide, in the middle; the header repeated; no grid on the screen."""
    sheet.page_setup.paperSize, sheet.page_setup.orientation = sheet.PAPERSIZE_A4, "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True
    sheet.page_margins.left = sheet.page_margins.right = 0.6
    sheet.print_area = f"A1:{get_column_letter(last_col)}{last_row}"
    if header_rows:
        sheet.print_title_rows = f"1:{TOP - 1 + header_rows}"
        sheet.freeze_panes = f"B{TOP + header_rows}"
    sheet.oddFooter.center.text, sheet.oddFooter.center.size = note, 8
    sheet.sheet_view.showGridLines = False

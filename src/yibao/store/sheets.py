"""Listings as a workbook: exact money, text that no spreadsheet takes for a formula, the same bytes for the same rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from rich.cells import cell_len

from yibao.errors import UserError
from yibao.money import Fen, in_unit
from yibao.paper.archive import packed
from yibao.store.listing import Kind, Listing, shown
from yibao.store.outputs import put_file

MOST_ROWS = 1_048_000  #: of a sheet, below what the format holds
FORMATS: dict[Kind, str] = {
    "money": "#,##0.00",
    "wan": "#,##0.00",
    "number": "#,##0.00##",
    "rate": "0.00%",
    "count": "#,##0",
    "decimal": "#,##0.0000##",
    "index": "#,##0.0000",
    "date": "yyyy-mm-dd",
}
SCALES: dict[Kind, int] = {
    "rate": 10_000,
    "decimal": 1_000_000,
    "index": 1_000_000,
}  #: of the whole numbers that listings hold
WIDEST, LOOKED_AT = 60, 200  #: letters of a column; rows whose width is measured
_UNNAMED = re.compile(r"[\[\]:*?/\\']")


def write_workbook(path: Path, listings: Sequence[Listing], remarks: Sequence[str] = ()) -> None:
    """One sheet a listing: title, headings, rows, notes; before them one with the remarks, where there are any.

    UserError where the file cannot be written.
    """
    book = Workbook(write_only=True)
    if remarks:
        _cover(book, remarks)
    for listing in listings:
        _sheet(book, listing)
    put_file(path, packed(book))


def _cover(book: Any, remarks: Sequence[str]) -> None:
    """A sheet of sentences, the first of them the title."""
    sheet = book.create_sheet("说明")
    sheet.column_dimensions["A"].width = 100
    for place, said in enumerate(remarks):
        sheet.append([_text(sheet, said, Font(bold=True, size=14) if not place else None)])


def _sheet(book: Any, listing: Listing) -> None:
    if len(listing.rows) > MOST_ROWS:
        raise UserError(f"“{listing.title}”有 {len(listing.rows):,} 行，一张工作表放不下；请按乡镇分开。")
    sheet = book.create_sheet(_UNNAMED.sub("", listing.name)[:31])
    kinds = [kind for _, kind in listing.headings]
    for at, width in enumerate(_widths(listing)):
        sheet.column_dimensions[_letter(at)].width = width
    sheet.freeze_panes = "A3"
    sheet.append([_text(sheet, listing.title, Font(bold=True, size=14))])
    sheet.append([_text(sheet, label, Font(bold=True)) for label, _ in listing.headings])
    for place, row in enumerate(listing.rows):
        cells = [_cell(sheet, value, kind) for value, kind in zip(row, kinds, strict=True)]
        sheet.append([_bold(cell) for cell in cells] if place in listing.bold else cells)
    for note in listing.notes:
        sheet.append([_text(sheet, f"注：{note}", Font(italic=True))])


def _widths(listing: Listing) -> list[int]:
    """As wide as the heading and the first rows want to be."""
    rows = listing.rows[:LOOKED_AT]
    return [
        min(WIDEST, 2 + max([cell_len(label), *(cell_len(shown(row[at], kind)) for row in rows)]))
        for at, (label, kind) in enumerate(listing.headings)
    ]


def _bold(cell: Any) -> Any:
    if cell is not None:
        cell.font = Font(bold=True)
    return cell


def _cell(sheet: Any, value: Any, kind: Kind) -> Any:
    if value is None:
        return None
    if kind not in FORMATS or isinstance(value, str):
        return _text(sheet, shown(value, "text"))
    cell = WriteOnlyCell(sheet, value=_number(value, kind))
    cell.number_format = FORMATS[kind]
    return cell


def _number(value: Any, kind: Kind) -> Any:
    if kind == "money":
        return in_unit(Fen(value))
    if kind == "wan":
        return in_unit(Fen(value), "万元") + 0
    return Decimal(value) / SCALES[kind] if kind in SCALES else value


def _text(sheet: Any, said: str, font: Font | None = None) -> Any:
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", said) or None)
    if cell.value is not None:
        cell.data_type = "s"
    if font is not None:
        cell.font = font
        cell.alignment = Alignment(wrap_text=False)
    return cell


def _letter(at: int) -> str:
    return chr(ord("A") + at) if at < 26 else chr(ord("A") + at // 26 - 1) + chr(ord("A") + at % 26)

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
from yibao.paper.sheet import HEAD, LINE, NOTE, RULED, TITLE, TITLE_LINE, on_paper, raised, spread, wrapped
from yibao.store.listing import RIGHT, Kind, Listing, shown
from yibao.store.outputs import put_file

MOST_ROWS = 1_048_000  #: of a sheet, below what the format holds
#: a figure ends with the air of a bracket, so that it does not touch the words of the next column
FORMATS: dict[Kind, str] = {
    "money": "#,##0.00_)",
    "wan": "#,##0.00_)",
    "number": "#,##0_)",
    "rate": "0.00%_)",
    "count": "#,##0_)",
    "decimal": "#,##0.0000##_)",
    "index": "#,##0.0000_)",
    "date": "yyyy-mm-dd",
}
PLACES = 6  #: of a number that is shown as it is
SCALES: dict[Kind, int] = {
    "rate": 10_000,
    "decimal": 1_000_000,
    "index": 1_000_000,
}  #: of the whole numbers that listings hold
WIDEST, LOOKED_AT = 44, 200  #: letters of a column; rows of words whose width is measured
COVER = 90  #: letters of the sheet of remarks
SHORT = 14  #: letters of a heading that stands on one line above narrow figures; a longer one is wrapped
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
    on_paper(sheet, [COVER], 1)
    for place, said in enumerate(remarks):
        spread(sheet, place + 1, said, [COVER], TITLE_LINE if not place else LINE)
        sheet.append([_text(sheet, said, TITLE if not place else None, wrapped())])


def _sheet(book: Any, listing: Listing) -> None:
    """Title and headings (on every page), rows, an empty row (what is sorted ends there), notes."""
    if len(listing.rows) > MOST_ROWS:
        raise UserError(f"“{listing.title}”有 {len(listing.rows):,} 行，一张工作表放不下；请按乡镇分开。")
    sheet = book.create_sheet(_UNNAMED.sub("", listing.name)[:31])
    kinds = [kind for _, kind in listing.headings]
    widths, title = _widths(listing), _titled(listing)
    on_paper(sheet, widths, 2)
    sheet.freeze_panes = "A3"
    spread(sheet, 1, title, widths, TITLE_LINE)
    sheet.append([_text(sheet, title, TITLE, wrapped())])
    raised(sheet, 2, [label for label, _ in listing.headings], widths)
    sheet.append([_head(sheet, label, kind) for label, kind in listing.headings])
    raised(sheet, 3, (), widths)
    for place, row in enumerate(listing.rows):
        if long := {at: value for at, value in enumerate(row) if isinstance(value, str) and cell_len(value) > WIDEST}:
            raised(sheet, place + 3, list(long.values()), [widths[at] for at in long], 0)
        cells = [_cell(sheet, value, kind) for value, kind in zip(row, kinds, strict=True)]
        sheet.append([_bold(cell) for cell in cells] if place in listing.bold else cells)
    if not listing.rows:
        sheet.append([_text(sheet, "（没有）")])
    if listing.notes:
        sheet.append([])
    for place, note in enumerate(listing.notes, max(len(listing.rows), 1) + 4):
        said = f"注：{note}"
        spread(sheet, place, said, widths)
        sheet.append([_text(sheet, said, NOTE, wrapped())])


def _titled(listing: Listing) -> str:
    """With the unit of its amounts, where neither the title nor a heading says it."""
    amounts = [label for label, kind in listing.headings if kind == "money"]
    said = not amounts or any("元" in label for label in (listing.title, *amounts))
    return listing.title if said else f"{listing.title}（金额单位：元）"


def _head(sheet: Any, label: str, kind: Kind) -> Any:
    cell = _text(sheet, label, HEAD, wrapped(kind in RIGHT))
    cell.border = RULED
    return cell


def _widths(listing: Listing) -> list[int]:
    """As wide as the rows want to be, and a short heading; figures are measured whole, since one that does not fit is not seen."""
    return [
        min(WIDEST, 3 + max(min(cell_len(label), SHORT), _widest([row[at] for row in listing.rows], kind)))
        for at, (label, kind) in enumerate(listing.headings)
    ]


def _widest(values: Sequence[Any], kind: Kind) -> int:
    """Letters of the widest of the first words, and of the smallest and the greatest figure."""
    figures = [value for value in values if _is_figure(value)] if kind in RIGHT else []
    ends = [min(figures), max(figures)] if figures else []
    looked = [*ends, *(value for value in values[:LOOKED_AT] if not _is_figure(value) or kind not in RIGHT)]
    return max((cell_len(shown(value, kind)) for value in looked), default=0)


def _is_figure(value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _bold(cell: Any) -> Any:
    if cell is not None:
        cell.font = HEAD
    return cell


def _cell(sheet: Any, value: Any, kind: Kind) -> Any:
    if value is None:
        return None
    if kind not in FORMATS or isinstance(value, str):
        said = shown(value, "text")
        return _text(sheet, said, alignment=wrapped() if cell_len(said) > WIDEST else None)
    cell = WriteOnlyCell(sheet, value=_number(value, kind))
    cell.number_format = _as_it_is(value) if kind == "number" else FORMATS[kind]
    return cell


def _as_it_is(value: Any) -> str:
    """With the places that it has: 0.8490 stays 0.8490, 12 stays 12."""
    places = -int(value.as_tuple().exponent) if isinstance(value, Decimal) else 0
    return f"#,##0.{'0' * min(places, PLACES)}_)" if places > 0 else FORMATS["number"]


def _number(value: Any, kind: Kind) -> Any:
    if kind == "money":
        return in_unit(Fen(value))
    if kind == "wan":
        return in_unit(Fen(value), "万元") + 0
    return Decimal(value) / SCALES[kind] if kind in SCALES else value


def _text(sheet: Any, said: str, font: Font | None = None, alignment: Alignment | None = None) -> Any:
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", said) or None)
    if cell.value is not None:
        cell.data_type = "s"
    if font is not None:
        cell.font = font
    if alignment is not None:
        cell.alignment = alignment
    return cell

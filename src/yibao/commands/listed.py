"""A listing: columns, rows and what its figures are sums of; on the terminal and as a sheet of a workbook, from one text."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

WIDE = 160  #: cells of a line that no terminal breaks
Cell = str | int | Decimal | None


@dataclass(frozen=True)
class Listing:
    """Rows of one table. A Decimal is printed with as many places as it has; None is an empty cell. `base` names the rows summed."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    base: str
    bold: frozenset[int] = field(default=frozenset())  #: places of rows that are totals
    most: int | None = None  #: rows on a terminal, the others are only in the workbook


def shown(cell: Cell) -> str:
    """
    >>> shown(Decimal("-1234.50")), shown(12345), shown(None), shown("三级")
    ('-1,234.50', '12,345', '', '三级')
    """
    return "" if cell is None else cell if isinstance(cell, str) else f"{cell:,}"


def console() -> Console:
    """Standard output; down a pipe or into a file as wide as the tables want to be."""
    found = Console(file=sys.stdout, highlight=False)
    return found if found.is_terminal else Console(file=sys.stdout, highlight=False, width=WIDE)


def print_listing(listing: Listing, console: Console) -> None:
    table = Table(title=Text(listing.name), title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    for place, name in enumerate(listing.columns):
        words = all(isinstance(row[place], str | None) for row in listing.rows)
        table.add_column(name, justify="left" if words else "right", overflow="fold", no_wrap=not words)
    few = listing.rows[: listing.most]
    for place, row in enumerate(few):
        style = "bold" if place in listing.bold else ""
        table.add_row(*(Text(shown(cell), style=style) for cell in row))
    console.print(table)
    if len(few) < len(listing.rows):
        console.print(Text(f"只列前 {len(few)} 行，共 {len(listing.rows)} 行；全部见工作簿（--out）。"), soft_wrap=True)
    console.print(Text(f"口径：{listing.base}"), soft_wrap=True)


def workbook(title: str, remarks: Sequence[str], listings: Sequence[Listing]) -> bytes:
    """A sheet with the remarks, then one for each listing; numbers stay numbers. Same input, same bytes."""
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    from yibao.appraise.forms.archive import empty_book, packed, put_text

    book = empty_book(title)
    first = book.create_sheet("说明")
    for row, text in enumerate((title, *remarks), 1):
        put_text(first.cell(row, 1), text)
    first.column_dimensions["A"].width = 100
    first.cell(1, 1).font = Font(bold=True)
    for listing in listings:
        sheet = book.create_sheet(_sheet_name(listing.name))
        for column, name in enumerate(listing.columns, 1):
            put_text(sheet.cell(1, column), name)
            sheet.cell(1, column).font = Font(bold=True)
            widest = max((_width(shown(row[column - 1])) for row in listing.rows), default=0)
            sheet.column_dimensions[get_column_letter(column)].width = max(widest, _width(name)) + 2
        for place, cells in enumerate(listing.rows):
            for column, cell in enumerate(cells, 1):
                _put(sheet.cell(place + 2, column), cell, place in listing.bold)
        put_text(sheet.cell(len(listing.rows) + 3, 1), f"口径：{listing.base}")
        sheet.freeze_panes = "A2"
    return packed(book)


def _put(at: Any, cell: Cell, bold: bool) -> None:
    from openpyxl.styles import Font

    from yibao.appraise.forms.archive import put_text

    if isinstance(cell, str):
        put_text(at, cell)
    elif cell is not None:
        at.value = cell
        places = max(0, -int(cell.as_tuple().exponent)) if isinstance(cell, Decimal) else 0
        at.number_format = "#,##0" + ("." + "0" * places if places else "")
    if bold:
        at.font = Font(bold=True)


def _sheet_name(name: str) -> str:
    return name.split("、", 1)[-1].split("（", 1)[0][:31]


def _width(text: str) -> int:
    return sum(1 if character.isascii() else 2 for character in text)

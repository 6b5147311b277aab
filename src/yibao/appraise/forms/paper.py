"""A worksheet on A4 paper: orientation, margins, one page wide, page numbers; how many lines a text takes."""

from __future__ import annotations

from math import ceil
from unicodedata import east_asian_width

from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

CENTIMETRE = 1 / 2.54
SIDE, TOP_AND_BOTTOM, EDGE = 1.5 * CENTIMETRE, 1.8 * CENTIMETRE, 0.8 * CENTIMETRE
LINE = 15.0  #: points of a line of text
MOST_HEIGHT = 409.0  #: points, the tallest row there is
PAGES = "第 &P 页，共 &N 页"


def on_paper(sheet: Worksheet, *, landscape: bool, head: str = "") -> None:
    """`head` is printed large above every page."""
    setup, margins = sheet.page_setup, sheet.page_margins
    setup.paperSize, setup.orientation = sheet.PAPERSIZE_A4, "landscape" if landscape else "portrait"
    setup.fitToWidth, setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    margins.left = margins.right = SIDE
    margins.top = margins.bottom = TOP_AND_BOTTOM
    margins.header = margins.footer = EDGE
    if head:
        _centred(sheet.oddHeader, head, 20)
    _centred(sheet.oddFooter, PAGES, 9)


def _centred(item: HeaderFooterItem | None, text: str, size: int) -> None:
    assert item is not None  # openpyxl makes both with every sheet
    item.center.text, item.center.size = text, size


def lines_in(text: str, width: float) -> int:
    """Lines that a text takes in a column of `width` narrow characters."""
    room = max(width - 1.5, 2)
    return sum(max(ceil(_measured(part) / room), 1) for part in text.split("\n"))


def _measured(text: str) -> float:
    return sum(2.15 if east_asian_width(char) in "FWA" else 1.1 for char in text)

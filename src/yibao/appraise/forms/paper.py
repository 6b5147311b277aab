"""A worksheet on A4 paper: orientation, margins, one page wide, page numbers."""

from __future__ import annotations

from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

CENTIMETRE = 1 / 2.54
SIDE, TOP_AND_BOTTOM, EDGE = 1.5 * CENTIMETRE, 1.8 * CENTIMETRE, 0.8 * CENTIMETRE
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

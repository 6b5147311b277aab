"""The 结算单 as a workbook: the same rows, one page of A4."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.properties import PageSetupProperties

from yibao.settle.explain.slip import Slip

Row = tuple[str, ...]
_LINE = Side("thin")
_EDGE = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)


def write_sheet(slip: Slip, path: Path) -> None:
    """Write the statement to a file; amounts stand as they are printed."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "结算单"
    sheet.page_setup.paperSize, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 9, 1, 1
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    for letter, width in zip("ABCD", (24, 28, 24, 28), strict=True):
        sheet.column_dimensions[letter].width = width
    for number, row in enumerate(_rows(slip), 1):
        for column, text in enumerate(row, 1):
            cell = sheet.cell(number, column, text)
            cell.data_type = "s"
            if len(row) > 1:
                cell.border = _EDGE
            cell.font = Font(name="宋体", bold=len(row) == 1 or "合计" in row[0])
            is_amount = column > 1 and text[-3:-2] == "."
            cell.alignment = Alignment(horizontal="right" if is_amount else "left")
    sheet["A1"].font = Font(name="宋体", size=16, bold=True)
    book.save(path)


def _rows(slip: Slip) -> Iterator[Row]:
    yield (slip.title,)
    yield from _pairs(slip.facts)
    yield ("费用与政策（元）",)
    yield from _pairs((*slip.fees, *slip.policy))
    yield ("支付（元）",)
    yield ("支付方", "本次", "本年累计（含本次）")
    yield from slip.paid
    yield from slip.patient
    yield from ((f"注：{note}",) for note in slip.notes)


def _pairs(pairs: tuple[tuple[str, str], ...]) -> Iterator[Row]:
    for at in range(0, len(pairs), 2):
        yield tuple(text for pair in pairs[at : at + 2] for text in pair)

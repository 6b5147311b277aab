"""Workbooks (.xlsx, .xlsm) by openpyxl, streamed. Cells are read as they are shown.

Formulas are never computed: what was saved with the file counts, and a formula without a saved result is reported.
Hidden sheets are left out, with a warning. Macros are not run, links are not followed.
"""

from __future__ import annotations

import datetime as dt
import posixpath
import re
import zipfile
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from lxml import etree
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries
from openpyxl.utils.datetime import from_excel

from yibao.errors import UserError
from yibao.proofread.document import Source
from yibao.proofread.read.container import open_zip, refuse_dtd
from yibao.proofread.read.number_format import shown, shown_date
from yibao.proofread.read.sheet import (
    LONGEST_CELL,
    MAX_MERGES,
    MAX_NAMED,
    MAX_SHEETS,
    Budget,
    Sheet,
    letter,
    limits_said,
    workbook_source,
)
from yibao.proofread.read.text import clean

_MERGE = re.compile(rb'<(?:\w{1,8}:)?mergeCell\s[^>]{0,80}?ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_NO_VALUE = re.compile(
    rb'<(?:\w{1,8}:)?c\s[^>]{0,120}?r="([A-Z]{1,3}\d{1,7})"[^>]{0,120}>\s{0,9}<(?:\w{1,8}:)?f(?:\s[^>]{0,400})?(?:/>|>[^<]{0,8192}</(?:\w{1,8}:)?f>)'
    rb"\s{0,9}(?:<(?:\w{1,8}:)?v\s?/>|<(?:\w{1,8}:)?v></(?:\w{1,8}:)?v>)?\s{0,9}</(?:\w{1,8}:)?c>"
)
_FORMULA = re.compile(rb'<(?:\w{1,8}:)?c\s[^>]{0,120}?r="([A-Z]{1,3}\d{1,7})"[^>]{0,120}>\s{0,9}<(?:\w{1,8}:)?f[\s/>]')
_CHINESE_DATES = {
    27,
    28,
    29,
    30,
    31,
    36,
    50,
    51,
    52,
    53,
    54,
    57,
    58,
}  # built-in formats of a Chinese Office, never written out
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def read_xlsx(path: Path) -> Source:
    """An .xlsx or .xlsm as blocks. Macros are not run, links are not followed. Raises UserError for a broken one."""
    refuse_dtd(path)
    warnings: list[str] = []
    try:
        with open_zip(path) as archive:
            parts = _sheet_parts(archive)
            book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
            try:
                budget = Budget(path, warnings)
                sheets = [
                    _xlsx_sheet(sheet, archive, parts, budget) for sheet in _visible(book.worksheets, path, warnings)
                ]
            finally:
                book.close()
    except UserError:
        raise
    except Exception:  # openpyxl raises whatever a broken workbook makes it stumble over
        raise UserError(f"Excel 文件“{path}”已损坏，打不开；请用 Excel/WPS 打开修复后另存，再试一次。") from None
    return workbook_source(path, "xlsx", sheets, warnings)


def _visible(sheets: Sequence[Any], path: Path, warnings: list[str]) -> list[Any]:
    visible = [sheet for sheet in sheets if sheet.sheet_state == "visible"]
    hidden = [str(sheet.title) for sheet in sheets if sheet.sheet_state != "visible"]
    warnings += limits_said(path, len(visible), hidden)
    return visible[:MAX_SHEETS]


def _xlsx_sheet(worksheet: Any, archive: zipfile.ZipFile, parts: dict[str, str], budget: Budget) -> Sheet:
    name = str(worksheet.title)
    sheet = Sheet(name)
    worksheet.reset_dimensions()
    blank = 0
    for r, row in enumerate(worksheet.iter_rows()):
        filled = False
        for c, cell in enumerate(row):
            if cell.value is not None:
                text = _xlsx_text(cell)
                if text:
                    sheet.texts[r, c] = text
                    filled = True
                    budget.cells -= 1
        blank = 0 if filled else blank + 1
        budget.slots -= len(row) + 1
        if budget.spent(name, r, blank):
            break
    _read_part(archive, parts.get(name, ""), sheet, budget)
    return sheet


def _xlsx_text(cell: Any) -> str:
    """A cell as it is shown."""
    value = cell.value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        if cell.style_array.numFmtId in _CHINESE_DATES and 1 <= value < 2_958_466:
            value = from_excel(value)
        else:
            return shown(value, str(cell.number_format))
    if isinstance(value, dt.datetime | dt.date | dt.time):
        form = str(cell.number_format)
        return shown_date(value, "yyyy/m/d" if form in {"mm-dd-yy", "General"} else form)
    return clean(str(value)[:LONGEST_CELL]).strip()


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name → the XML part that holds it."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    main = next((name for name in archive.namelist() if name.lower() == "xl/workbook.xml"), "")
    if not main:
        return {}
    folder = posixpath.dirname(main)
    rels = etree.fromstring(archive.read(f"{folder}/_rels/workbook.xml.rels"), parser)
    targets = {str(rel.get("Id")): str(rel.get("Target", "")) for rel in rels}
    parts: dict[str, str] = {}
    for element in etree.fromstring(archive.read(main), parser).iter("{*}sheet"):
        target = targets.get(str(element.get(_REL)), "")
        parts[str(element.get("name"))] = (
            target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
        )
    return parts


def _read_part(archive: zipfile.ZipFile, part: str, sheet: Sheet, budget: Budget) -> None:
    """What the streaming reader leaves out: merged areas, and formulas saved without a result."""
    if part not in archive.namelist():
        return
    data = archive.read(part)
    for found in _MERGE.finditer(data):
        left, top, right, bottom = range_boundaries(found[1].decode("ascii"))
        sheet.merges.append((int(top or 1) - 1, int(left or 1) - 1, int(bottom or 1) - 1, int(right or 1) - 1))
        if len(sheet.merges) >= MAX_MERGES:
            break
    with_formulas = b"f>" in data or b"<f" in data
    empty = [found[1].decode("ascii") for found in _NO_VALUE.finditer(data)] if with_formulas else []
    if with_formulas:
        found_in = islice(_FORMULA.finditer(data), max(0, budget.cells))
        sheet.formulas = {_at(found[1].decode("ascii")) for found in found_in}
        budget.cells -= len(sheet.formulas - sheet.texts.keys())
        sheet.texts |= dict.fromkeys(sheet.formulas - sheet.texts.keys(), "")
    if empty:
        named = "、".join(empty[:MAX_NAMED]) + (" 等" if len(empty) > MAX_NAMED else "")
        budget.warnings.append(
            f"“{budget.path}”的工作表“{sheet.name}”有 {len(empty)} 个公式单元格没有保存结果（{named}），当作空白；请用 Excel 打开、保存后再校对。"
        )
    errors = [
        f"{letter(c)}{r + 1}（{text}）"
        for (r, c), text in sheet.texts.items()
        if text.startswith("#") and text.endswith(("!", "?", "/A"))
    ]
    if errors:
        budget.warnings.append(
            f"“{budget.path}”的工作表“{sheet.name}”有单元格显示错误：{'、'.join(errors[:MAX_NAMED])}。"
        )


def _at(address: str) -> tuple[int, int]:
    """(row, column) from 0 of an address."""
    column, row, *_ = range_boundaries(address)
    return int(row or 1) - 1, int(column or 1) - 1

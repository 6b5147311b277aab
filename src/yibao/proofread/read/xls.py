"""Old workbooks (.xls, .et): values by python-calamine in a process of its own (`xls_cells`), formats by `biff`."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from yibao.errors import UserError
from yibao.proofread.document import Source
from yibao.proofread.read.biff import number_formats
from yibao.proofread.read.number_format import plain, shown, shown_date
from yibao.proofread.read.sheet import LONGEST_CELL, Sheet, limits_said, workbook_source
from yibao.proofread.read.text import clean

TIMEOUT = 60  #: seconds


def read_xls(path: Path) -> Source:
    """An old .xls (or .et) as blocks. Raises UserError for a broken or encrypted one."""
    formats = number_formats(path.read_bytes())
    if formats.encrypted:
        raise UserError(f"Excel 文件“{path}”加了密码，请先去掉密码再校对。")
    if formats.too_large:
        raise UserError(f"Excel 文件“{path}”的工作表过大或结构异常，为安全起见不予读取；请另存为 .xlsx 再试。")
    book = _cells(path)
    if book is None:
        raise UserError(f"Excel 文件“{path}”已损坏，打不开；请用 Excel/WPS 打开修复后另存为 .xlsx，再试一次。")
    warnings = limits_said(path, int(book["shown"]), book["hidden"])
    sheets = []
    for found in book["sheets"]:
        sheets.append(_sheet(found, formats.of.get(found["name"], {})))
        if found["cut"] is not None:
            warnings.append(f"“{path}”的工作表“{found['name']}”单元格过多，第 {found['cut'] + 1} 行起没有读。")
    if not formats.known:
        warnings.append(f"“{path}”读不到数字显示格式，小数位数和百分号可能与表上显示的不同；请另存为 .xlsx 再校对。")
    return workbook_source(path, "xls", sheets, warnings)


def _cells(path: Path) -> Any:
    """What `xls_cells` prints; None where it failed."""
    script = Path(__file__).with_name("xls_cells.py")
    command = [sys.executable, "-P", "-X", "utf8", str(script), str(path)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=TIMEOUT, check=False, stdin=subprocess.DEVNULL)
        return json.loads(done.stdout) if done.returncode == 0 else None
    except (OSError, subprocess.TimeoutExpired, ValueError):
        return None


def _sheet(found: dict[str, Any], formats: dict[tuple[int, int], str]) -> Sheet:
    sheet = Sheet(str(found["name"]))
    for row, col, kind, value in found["cells"]:
        text = _text(kind, value, formats.get((row, col), ""))
        if text:
            sheet.texts[row, col] = text
    sheet.merges = [(top, left, bottom, right) for top, left, bottom, right in found["merges"]]
    return sheet


def _text(kind: str, value: Any, form: str) -> str:
    if kind == "number":
        return shown(value, form) if form else plain(value)
    if kind == "date":
        return shown_date(dt.datetime.fromisoformat(value), form or "yyyy/m/d")
    return clean(str(value)[:LONGEST_CELL]).strip()

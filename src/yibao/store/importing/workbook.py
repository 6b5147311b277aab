"""Workbooks (.xlsx): guarded before they are opened, read by calamine, cells as text.

A workbook can be a bomb: entries that unpack to gigabytes, a cell in the last corner of the sheet (readers allocate the whole
rectangle), entities in the XML. So every part is unpacked once as a stream, counted and looked through, and only then opened.
Formulas are not computed: the saved values count. Macros are refused with the file type.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from yibao.errors import UserError
from yibao.store.importing.headings import plain

MOST_ENTRIES = 2_000
LARGEST_ENTRY = 1 << 30  #: bytes unpacked; a sheet of a million rows and thirty columns has about half
LARGEST_BOOK = 3 << 29
HIGHEST_RATIO = 400  #: unpacked to packed, for entries over 10 MB: Excel's own sheets reach about 100
MOST_CELLS = 24_000_000  #: the rectangle of a sheet, which the reader holds in memory
MOST_MERGES = 20_000
BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError, KeyError, NotImplementedError)
_CELL = re.compile(rb"""<(?:\w+:)?c\s(?:[^>]{0,200}?\s)?r\s*=\s*["']([A-Z]{1,6})(\d{1,9})""")
_UNSAFE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_STEP = 1 << 20
_SEAM = 256


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet: its name, whether it is hidden, and its rows as text from the first row on."""

    name: str
    hidden: bool
    rows: Callable[[], Iterator[list[str]]]
    merges: Sequence[tuple[tuple[int, int], tuple[int, int]]]


def guard(path: Path) -> None:
    """UserError for a workbook that is no workbook, or that would take more memory than its size promises."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_ENTRIES:
                raise UserError(f"“{path.name}”里有 {len(entries)} 个部件，不是正常的 Excel 文件，没有导入。")
            names = {entry.filename.lower() for entry in entries}
            if "xl/vbaproject.bin" in names:
                raise UserError(f"“{path.name}”带有宏，没有导入。请在 Excel 中另存为“Excel 工作簿（.xlsx）”。")
            if "xl/workbook.xml" not in names:
                raise UserError(f"“{path.name}”不是 .xlsx 工作簿，没有导入。请用 Excel/WPS 打开后另存为 .xlsx 或 CSV。")
            _sizes(path, entries)
            left = LARGEST_BOOK
            for entry in entries:
                left -= _measure(path, archive, entry, left)
    except UserError:
        raise
    except BROKEN:
        raise UserError(
            f"Excel 文件“{path.name}”已损坏或不完整，打不开；请用 Excel/WPS 打开修复后另存，再导入。"
        ) from None


def _sizes(path: Path, entries: Sequence[zipfile.ZipInfo]) -> None:
    """What the directory itself admits."""
    for entry in entries:
        if entry.flag_bits & 1:
            raise UserError(f"“{path.name}”有密码，打不开，没有导入。请去掉密码后另存。")
        packed = max(entry.compress_size, 1)
        if entry.file_size > LARGEST_ENTRY or (entry.file_size > 10 << 20 and entry.file_size > HIGHEST_RATIO * packed):
            _refuse_size(path)
    if sum(entry.file_size for entry in entries) > LARGEST_BOOK:
        _refuse_size(path)


def _refuse_size(path: Path) -> None:
    raise UserError(f"“{path.name}”展开后过大，可能是压缩炸弹，没有导入。数据多时请另存为 CSV 再导入。")


def _measure(path: Path, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> int:
    """The bytes that an entry really unpacks to, looked through on the way."""
    is_xml = entry.filename.lower().endswith((".xml", ".rels"))
    is_sheet = is_xml and "worksheets/sheet" in entry.filename.lower()
    size, seam, last_row, columns = 0, b"", 1, {b"A"}
    with archive.open(entry) as part:
        while block := part.read(_STEP):
            size += len(block)
            if size > min(left, LARGEST_ENTRY) or size > entry.file_size:
                _refuse_size(path)
            if not is_xml:
                continue
            seen = seam + block
            if size <= _STEP * 2 and _UNSAFE.search(seen):
                raise UserError(f"“{path.name}”的 XML 带有实体声明（DOCTYPE），不安全，没有导入。")
            if is_sheet and (cells := _CELL.findall(seen)):
                columns.update(letters for letters, _ in cells)
                last_row = max(last_row, int(cells[-1][1]))
            seam = block[-_SEAM:]
    if is_sheet and (area := last_row * max(map(_number, columns))) > MOST_CELLS:
        raise UserError(
            f"“{path.name}”有一张工作表的范围达 {area} 格，超出能读的大小，没有导入。请删去多余的行列，或另存为 CSV。"
        )
    return size


def _number(letters: bytes) -> int:
    """
    >>> _number(b"A"), _number(b"AA")
    (1, 27)
    """
    total = 0
    for letter in letters:
        total = total * 26 + letter - 64
    return total


def pages(path: Path) -> list[Page]:
    """The sheets of a guarded workbook; rows are read when asked for."""
    import python_calamine as calamine

    guard(path)
    try:
        book = calamine.load_workbook(str(path))
        return [_page(book, about, calamine.SheetVisibleEnum.Visible) for about in book.sheets_metadata]
    except UserError:
        raise
    except Exception:  # calamine raises whatever a broken workbook makes it stumble over
        raise UserError(f"Excel 文件“{path.name}”已损坏，打不开；请用 Excel/WPS 打开修复后另存，再导入。") from None


def _page(book: Any, about: Any, visible: Any) -> Page:
    sheet = book.get_sheet_by_name(about.name)
    above, left = sheet.start or (0, 0)

    def rows() -> Iterator[list[str]]:
        yield from ([] for _ in range(above))
        blanks = [""] * left
        for row in sheet.iter_rows():
            yield [*blanks, *map(cell_text, row)]

    return Page(about.name, about.visible != visible, rows, sheet.merged_cell_ranges or [])


def cell_text(value: Any) -> str:
    """A cell as a clerk would have typed it. A number beyond fifteen digits keeps its exponent: its last digits are lost.

    >>> cell_text(12.0), cell_text(0.1), cell_text(990421199001011234.0)
    ('12', '0.1', '9.90421199001011E+17')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return _number_text(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(" ")
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value.total_seconds() / 86400) if isinstance(value, dt.timedelta) else str(value)


def _number_text(value: float) -> str:
    if abs(value) >= 1e15:
        return f"{value:.14E}"
    if value == int(value):
        return f"{value:.0f}"
    return repr(value) if "e" not in repr(value) else f"{value:.20f}"


def filled(rows: Sequence[list[str]], merges: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> list[list[str]]:
    """The first rows with merged areas filled from their first cell: headings that span columns or rows."""
    grid = [list(row) for row in rows]
    of_head = (area for area in merges if area[0][0] < len(grid))
    for (top, left), (bottom, right) in islice(of_head, MOST_MERGES):
        if left < len(grid[top]) and bottom - top <= 3 and plain(grid[top][left]):
            said = grid[top][left]
            for r in range(top, min(bottom, len(grid) - 1) + 1):
                for c in range(left, min(right, len(grid[r]) - 1) + 1):
                    grid[r][c] = grid[r][c] or said
    return grid

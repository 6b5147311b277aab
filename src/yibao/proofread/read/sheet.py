"""Sheets of a workbook → tables and the lines around them, whichever reader (`xlsx`, `xls`) took them in.

Titles, 单位：, 部门： and 注： lines become paragraphs too; merged areas are expanded; blank margins are cut off.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from openpyxl.utils import get_column_letter

from yibao.errors import UserError
from yibao.proofread.document import Block, Source, Table
from yibao.proofread.read.grid import Grid, sections
from yibao.proofread.read.lines import is_figure
from yibao.proofread.read.surround import dress

MAX_SHEETS = 200
MAX_CELLS = 200_000  #: cells with something in them, over all sheets
MAX_SLOTS = 10_000_000  #: cells looked at, blank ones included
MAX_BLANK = 2_000  #: blank rows in a row after which nothing more is expected
MAX_MERGES = 20_000
MAX_NAMED = 10  #: cells or sheets named in one warning
GAP = 2  #: blank rows between two tables of one sheet
SHORTEST_TITLE = 6  #: characters of a lone cell above a table that is its title
LONGEST_CELL = 32_767  #: characters, the limit of Excel itself
_GENERIC = re.compile(r"(?:sheet|工作表|表)\s?\d{0,3}$", re.I)


@dataclass
class Sheet:
    """What one sheet shows: texts by (row, column) from 0, and merged areas (top, left, bottom, right), inclusive.

    A formula saved without a result is an empty text: its row and its column are there all the same.
    """

    name: str
    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    formulas: set[tuple[int, int]] = field(default_factory=set)


def limits_said(path: Path, visible: int, hidden: Sequence[str]) -> list[str]:
    """The warnings about sheets that are not read: hidden ones, and those beyond `MAX_SHEETS`."""
    warnings = []
    if hidden:
        warnings.append(f"“{path}”的隐藏工作表没有读：{'、'.join(hidden[:MAX_NAMED])}。")
    if visible > MAX_SHEETS:
        warnings.append(f"“{path}”有 {visible} 张工作表，只读了前 {MAX_SHEETS} 张。")
    return warnings


class Budget:
    """How much of a workbook is still read; what is left out is said once a sheet."""

    def __init__(self, path: Path, warnings: list[str]) -> None:
        self.path, self.warnings = path, warnings
        self.cells, self.slots = MAX_CELLS, MAX_SLOTS

    def spent(self, name: str, row: int, blank: int) -> bool:
        """True once nothing more is read of this sheet."""
        if self.cells < 0 or self.slots < 0:
            self.warnings.append(f"“{self.path}”的工作表“{name}”单元格过多，第 {row + 1} 行起没有读。")
            return True
        if blank > MAX_BLANK:
            self.warnings.append(
                f"“{self.path}”的工作表“{name}”第 {row + 2 - blank} 行起连续 {MAX_BLANK} 行空白，以下没有再读。"
            )
            return True
        return False


def letter(col: int) -> str:
    return get_column_letter(col + 1)


def workbook_source(path: Path, form: str, sheets: Sequence[Sheet], warnings: list[str]) -> Source:
    several = len(sheets) > 1
    blocks = [block for sheet in sheets for block in sheet_blocks(sheet, f"{sheet.name}!" if several else "")]
    if not blocks:
        raise UserError(f"Excel 文件“{path}”里没有内容可校对。")
    return Source(str(path), form, tuple(blocks), None, tuple(warnings))


def sheet_blocks(sheet: Sheet, prefix: str = "") -> list[Block]:
    """The tables and lines of one sheet. Addresses carry `prefix` ("收入表!")."""
    blocks: list[Block] = []
    for rows in _areas(sheet):
        blocks.extend(sections(Table(_grid(sheet, rows, prefix).rows())))
    named = "" if _GENERIC.match(sheet.name.strip()) else sheet.name.strip()
    label = (f"工作表：{sheet.name}",)
    return [
        replace(b, caption=b.caption or named, notes=b.notes + label) if isinstance(b, Table) else b
        for b in dress(blocks)
    ]


def _areas(sheet: Sheet) -> Iterator[list[int]]:
    """The rows of each table: cut where two blank rows stand before a row that begins anew, with words and no numbers."""
    by_row: dict[int, list[str]] = {}
    for (r, _), text in sorted(sheet.texts.items()):
        by_row.setdefault(r, []).append(text)
    area: list[int] = []
    for r, texts in by_row.items():
        if area and r - area[-1] > GAP and not any(is_figure(text) for text in texts):
            yield area
            area = []
        area.append(r)
    if area:
        yield area


def _grid(sheet: Sheet, area: Sequence[int], prefix: str) -> Grid:
    """The area from its first to its last printed row and column."""
    top, bottom = area[0], area[-1]
    inside = {place: text for place, text in sheet.texts.items() if top <= place[0] <= bottom}
    left, right = min(c for _, c in inside), max(c for _, c in inside)
    grid = Grid()
    kept = {r: n for n, r in enumerate(_kept_rows(area))}
    spans = _spans(sheet.merges, kept, left, right)
    for r, c in spans:
        inside.setdefault((r, c), "")
    alone = sum(row == top for row, _ in inside) == 1
    for (r, c), text in sorted(inside.items()):
        height, width = spans.get((r, c), (1, 1))
        if (kept[r], c - left) in grid.cells:
            continue  # hidden under a merged cell
        if r == top and alone and c == left and len(text) > SHORTEST_TITLE:
            height, width = 1, right - c + 1  # a title that was not merged over the table
        address = f"{prefix}{letter(c)}{r + 1}"
        grid.put(kept[r], c - left, text, height, width, address=address, computed=(r, c) in sheet.formulas)
    grid.height, grid.width = len(kept), max(grid.width, right - left + 1)
    return grid


def _kept_rows(area: Sequence[int]) -> Iterable[int]:
    """The rows of a grid: all between the first and the last, but of a long run of blank rows only one."""
    before = area[0] - 1
    for r in area:
        if r - before > 1:
            yield before + 1
        yield r
        before = r


def _spans(
    merges: Sequence[tuple[int, int, int, int]], kept: dict[int, int], left: int, right: int
) -> dict[tuple[int, int], tuple[int, int]]:
    """(row, column) of a merged cell → (rows, columns) that it covers in the grid."""
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    rows = sorted(kept)
    for top, first, bottom, last in merges:
        if top not in kept or not left <= first <= right:
            continue
        height = bisect_right(rows, bottom) - bisect_left(rows, top)
        spans[top, first] = (max(1, height), min(last, right) - first + 1)
    return spans

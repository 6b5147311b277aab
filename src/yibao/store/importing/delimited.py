"""Delimited text (CSV, TSV): its delimiter, its headings, and the rows below as a relation of DuckDB.

DuckDB's own reader takes an orderly file. What it stumbles over, and files with empty lines, go through Python's csv module
record by record; there a broken record becomes a row with its fault, so that every record keeps its number.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import Any

from yibao.errors import UserError
from yibao.store.importing.layout import HEAD, MOST_COLUMNS, Asked, Head, find_head
from yibao.store.importing.scan import LONGEST_LINE, Scan
from yibao.store.importing.staging import Row, raw_names, stage_rows
from yibao.store.importing.typed import quoted
from yibao.vocabulary.tables import Vocabulary

DELIMITERS = (",", "\t", "|", ";", "，")
LONGEST_CELL = 1 << 20


@dataclass(frozen=True, slots=True)
class Cut:
    """How a text file is cut: its delimiter, its heading rows, and the lines above the first row below them."""

    delimiter: str
    head: Head
    skip: int


def find_cut(scan: Scan, name: str, vocabulary: Vocabulary, asked: Asked) -> Cut | None:
    """By the delimiter under which most headings are understood; None where none is."""
    best: tuple[int, Cut] | None = None
    for delimiter in DELIMITERS:
        rows, lines = [], []
        with _records(scan, delimiter, name) as reader:
            for record in islice(reader, HEAD):
                if len(record) > MOST_COLUMNS:
                    raise UserError(f"“{name}”有 {len(record)} 列，不是正常的数据表，没有导入。")
                rows.append(record)
                lines.append(reader.line_num)
        head = find_head(rows, vocabulary, asked)
        if head is not None:
            filled = sum(bool(h.strip()) for h in head.headings)
            if best is None or filled > best[0]:
                best = filled, Cut(delimiter, head, lines[head.body - 1])
    return best[1] if best else None


@contextmanager
def _records(scan: Scan, delimiter: str, name: str) -> Iterator[Any]:
    csv.field_size_limit(LONGEST_CELL)
    with TextIOWrapper(scan.path.open("rb"), encoding="utf-8-sig", errors="replace", newline="") as file:
        reader = csv.reader(file, delimiter=delimiter)
        try:
            yield reader
        except csv.Error:
            raise UserError(
                f"“{name}”第 {reader.line_num} 行附近引号没有成对，后面的内容连成了一格，没有导入。请检查引号。"
            ) from None


def quick(scan: Scan, cut: Cut) -> str:
    """The rows as DuckDB reads them itself; running it fails where a record is not as wide as the headings."""
    columns = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in raw_names(len(cut.head.headings)))
    said = f"delim = {quoted(cut.delimiter)}, quote = '\"', escape = '\"', header = false, auto_detect = false, strict_mode = true"
    said += f", skip = {cut.skip}, max_line_size = {2 * LONGEST_LINE}"
    return f"read_csv({quoted(str(scan.path))}, columns = {{{columns}}}, {said})"


def careful(scan: Scan, cut: Cut, name: str, enough: int, staged: Path) -> str:
    """The rows read one by one into `staged`. `enough`: cells without which a record counts as broken off."""
    with _records(scan, cut.delimiter, name) as reader:
        width = len(cut.head.headings)
        below = islice(reader, cut.head.body, None)
        return stage_rows(staged, width, _told(below, width, enough, not scan.ends_with_newline))


def _told(records: Iterator[list[str]], width: int, enough: int, is_cut_off: bool) -> Iterator[Row]:
    """Each record with what is wrong with its shape; the last one of a file without a last line end may be cut off."""
    held: list[str] | None = None
    for record in records:
        if held is not None:
            yield held, _fault(held, width, enough)
        held = record
    if held is not None:
        yield held, _fault(held, width, width if is_cut_off else enough)


def _fault(record: list[str], width: int, enough: int) -> str:
    if len(record) > width and any(cell.strip() for cell in record[width:]):
        return f"这一行有 {len(record)} 格，表头只有 {width} 列"
    return f"这一行只有 {len(record)} 格，应有 {width} 格，可能中断了" if 0 < len(record) < enough else ""

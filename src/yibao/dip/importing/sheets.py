"""Files of a catalogue → rows of text with their numbers: workbooks, TSV, CSV, and lists of `code name`."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from yibao.errors import UserError
from yibao.store.importing.formulas import Silent, silent_cells
from yibao.store.importing.workbook import Page, pages

_ENCODINGS = ("utf-8-sig", "gb18030")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet, or a text file as one; rows are numbered as the reader of the file sees them, from 1."""

    file: str
    name: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    merged: frozenset[int] = (
        frozenset()
    )  #: rows in which a cell took over the value of the merged cell that it is part of
    silent: Mapping[int, tuple[Silent, ...]] = field(default_factory=dict)  #: by row, cells without a saved value
    hidden: bool = False

    @property
    def where(self) -> str:
        return f"“{self.file}”" + (f"工作表“{self.name}”" if self.name else "")


def read_sheets(path: Path) -> list[Sheet]:
    """UserError where a file cannot be read. Hidden sheets are read too: nothing is left out silently."""
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except OSError as error:
        raise UserError(f"“{path}”打不开（{error.strerror}）。") from None
    if start.startswith(b"PK"):
        sheets = pages(path)
        silent = silent_cells(path)
        return [_sheet(path, page, silent.get(page.name, [])) for page in sheets]
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise UserError(f"“{path.name}”是旧版 Excel（.xls）或有密码，请另存为 .xlsx。")
    text = decoded(path)
    if "\x00" in text:
        raise UserError(f"“{path.name}”不是文本或 .xlsx 文件。")
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max("\t,;", key=first.count)
    lines = io.StringIO(text, newline="")
    quoted = delimiter != "\t"  # tabs separate what needs no quotation marks
    rows = csv.reader(lines, delimiter=delimiter) if quoted else csv.reader(lines, "excel-tab", quoting=csv.QUOTE_NONE)
    try:
        return [Sheet(path.name, "", tuple(_filled(rows)))]
    except csv.Error as error:
        raise UserError(f"“{path.name}”第 {rows.line_num} 行读不出来（{error}）。") from None


def _sheet(path: Path, page: Page, silent: Sequence[Silent]) -> Sheet:
    """A sheet, its merged cells of one column's width opened: each row of them says the same."""
    areas = {(top, left): bottom for (top, left), (bottom, right) in page.merges if left == right and bottom > top}
    rows, merged, said = [], set[int](), dict[int, tuple[str, int]]()
    by_row: dict[int, tuple[Silent, ...]] = {}
    for cell in silent:
        by_row[cell.row] = (*by_row.get(cell.row, ()), cell)
    for number, cells in enumerate(page.rows()):
        said = {place: area for place, area in said.items() if area[1] >= number}
        for place, (value, _) in said.items():
            if place < len(cells) and value and any(cells):
                cells[place] = value
                merged.add(number + 1)
        said |= {place: (cell, areas[number, place]) for place, cell in enumerate(cells) if (number, place) in areas}
        rows.append(cells)
    rows += [[]] * (max(by_row, default=0) - len(rows))  # the reader ends with the last value
    filled = tuple(_filled(iter(rows), by_row))
    return Sheet(path.name, page.name, filled, frozenset(merged), by_row, page.hidden)


def _filled(rows: Iterator[list[str]], silent: Container[int] = ()) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Rows in which something stands."""
    for number, cells in enumerate(rows, 1):
        if number in silent or any(cell.strip() for cell in cells):
            yield number, tuple(cell.strip() for cell in cells)


def decoded(path: Path) -> str:
    """The text of a file in any of the usual encodings; UserError where it is in none."""
    content = path.read_bytes()
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if wide else _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UserError(f"“{path.name}”不是 UTF-8 或 GBK 文本，请另存后再导入。")


def file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

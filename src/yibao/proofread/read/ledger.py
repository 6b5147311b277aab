"""The ledger beside a package → what each file held when it was printed.

The ledger is hostile input like any file: what it does not say in the expected words is not there, and what cannot be
read is told in one sentence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from yibao.errors import UserError
from yibao.proofread.document import NamedFigure, Record
from yibao.proofread.read.container import open_zip, read_bytes, refuse_dtd
from yibao.vocabulary.ledger import HEADER, LINES, NAMES, PLACES, Shape

MAX_ROWS = 100_000
MAX_COLUMNS = 20


def read_records(folder: Path) -> tuple[dict[str, Record], list[str]]:
    """(name of a file → its record, warnings) from the ledgers of a folder: that of the package, that of a draft.

    A ledger of which no file is there any more says nothing.
    """
    records: dict[str, Record] = {}
    warnings: list[str] = []
    for name in NAMES:
        path = folder / name
        if not path.is_file():
            continue
        try:
            found = _records(path)
            if any((folder / file).is_file() for file in found):
                records = found | records
        except UserError as error:
            warnings.append(f"{error.sentence}各文件没有与印出时对照。")
    return records, warnings


def _records(path: Path) -> dict[str, Record]:
    read_bytes(path)
    refuse_dtd(path)
    try:
        with open_zip(path):
            book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
            try:
                lines, places = list(_rows(book, LINES)), list(_rows(book, PLACES))
            finally:
                book.close()
    except UserError:
        raise
    except Exception:  # openpyxl raises whatever a broken workbook makes it stumble over
        raise UserError(f"指标台账“{path.name}”已损坏，打不开。") from None
    by_file: dict[str, list[str]] = defaultdict(list)
    for row in sorted(lines, key=lambda row: int(row["序号"]) if row["序号"].isdecimal() else 0):
        by_file[row["文件"]].append(row["原文"])
    figures: dict[str, list[NamedFigure]] = defaultdict(list)
    for row in places:
        figures[row["文件"]].append(NamedFigure(row["指标"], row["印出的数"], row["位置"]))
    return {file: Record(tuple(texts), tuple(figures.get(file, ()))) for file, texts in by_file.items() if file}


def _rows(book: Any, shape: Shape) -> Iterator[Mapping[str, str]]:
    """The rows of a sheet by the names of its columns; none where the sheet or a column is missing."""
    if shape.name not in book.sheetnames:
        return
    rows = book[shape.name].iter_rows(min_row=HEADER, max_row=HEADER + MAX_ROWS, max_col=MAX_COLUMNS, values_only=True)
    header = [str(value) for value in next(rows, ())]
    if not set(shape.columns) <= set(header):
        return
    at = {name: header.index(name) for name in shape.columns}
    for row in rows:
        texts = {name: "" if i >= len(row) or row[i] is None else str(row[i]) for name, i in at.items()}
        if any(texts.values()):
            yield texts

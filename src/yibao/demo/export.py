"""The files that a bureau would really receive: GBK CSV under national field names or Chinese labels, and office paper.

Told from the county's tables, so every total agrees to the fen. Paper has what paper has: a title, headers on every page,
subtotals and totals between the rows, a second sheet with notes.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from yibao.demo.settings import COUNTY_NAME
from yibao.store.workspace import Workspace
from yibao.vocabulary.tables import SCALES, Column, Table, load_tables

#: tables whose files come from the platform, under its field names
PLATFORM = (
    "visits", "visit_diagnoses", "visit_operations", "icu_stays", "fee_lines", "settlements", "settlement_funds", "persons",
    "enrolments", "contributions", "identities", "catalogue_items", "catalogue_limits", "prices", "provider_items",
)  # fmt: skip
#: tables that arrive as workbooks, with a title, notes, and what they are summed up by
WORKBOOKS = {"provider_beds": None, "bank_lines": "bank_date", "fund_budgets": None}
#: tables that arrive as printed lists: pages in a CSV
PRINTED = {"tax_receipts": "tax_date"}
PAGE = 48  #: rows of a printed page
ENCODING = "gbk"


def export_county(root: Path, progress: Callable[[str, float], None] = lambda _what, _share: None) -> dict[str, int]:
    """Write every table of the county to `root/export`; the rows of each."""
    folder = root / "export"
    folder.mkdir(parents=True, exist_ok=True)
    with Workspace.open(root) as workspace:
        kept = {name: workspace.files(name) for name in load_tables().tables if workspace.manifest(name)}
    tables = [table for name, table in load_tables().tables.items() if name in kept]
    found = {}
    for done, table in enumerate(tables):
        progress(f"导出{table.label}", done / len(tables))
        files = list(kept[table.name])
        if table.name in WORKBOOKS:
            found[table.name] = _workbook(folder, table, files, WORKBOOKS[table.name])
        elif table.name in PRINTED:
            found[table.name] = _printed(folder, table, files, PRINTED[table.name])
        else:
            found[table.name] = _plain(folder, table, files)
    return found


def headings(table: Table) -> list[str]:
    """What the file calls each column: the national name where the platform has one, the Chinese label everywhere else."""
    taken: list[str] = []
    for column in table.columns:
        national = column.element.national[:1] if table.name in PLATFORM else ()
        name = national[0] if national and national[0] not in taken else column.element.label
        taken.append(name)
    return taken


def as_text(values: pa.Array, column: Column) -> pa.Array:
    """Values as people write them: yuan with two decimals, days, 1 and 0, words where there is no code that they know."""
    if words := _words(column):
        return pc.coalesce(pa.array(list(words.values())).take(pc.index_in(values, pa.array(list(words)))), values)
    if column.type == "flag":
        return pc.if_else(values, "1", "0")
    if column.type == "date":
        return pc.strftime(values, format="%Y-%m-%d")
    if column.type == "time":
        return pc.strftime(values.cast(pa.timestamp("s"), safe=False), format="%Y-%m-%d %H:%M:%S")
    digits = SCALES.get(column.type)
    if not digits:
        return values if digits is None else values.cast(pa.string())
    text = _decimal(values, digits).cast(pa.string())
    return text if column.type == "money" else pc.replace_substring_regex(text, r"\.?0+$", "")


def _words(column: Column) -> dict[str, str]:
    """The names of our own codes: no other office knows the codes."""
    codes = load_tables().codes_of(column)
    return codes.values if codes is not None and codes.status == "own" else {}


def _decimal(values: pa.Array, digits: int) -> pa.Array:
    """Whole numbers of the last digit as exact decimals."""
    whole = values.cast(pa.decimal128(19, 0)).buffers()
    if values.offset:
        return _decimal(pa.concat_arrays([values]), digits)
    return pa.Array.from_buffers(pa.decimal128(19, digits), len(values), whole)


def _texts(table: Table, path: Path) -> Iterator[pa.RecordBatch]:
    names = headings(table)
    for batch in pq.ParquetFile(path).iter_batches(batch_size=100_000):
        columns = [as_text(batch.column(column.name), column) for column in table.columns]
        yield pa.RecordBatch.from_arrays(columns, names=names)


def _plain(folder: Path, table: Table, files: Sequence[Path]) -> int:
    """A CSV a table; one a month where the table is that large."""
    by_month = table.partition is not None and table.partition.by == "month"
    count = 0
    for group in [[path] for path in files] if by_month else [list(files)]:
        name = f"{table.label}-{_month(group[0])}.csv" if by_month else f"{table.label}.csv"
        with (folder / name).open("wb") as out:
            out.write((",".join(headings(table)) + "\r\n").encode(ENCODING))
            for path in group:
                for batch in _texts(table, path):
                    out.write(_csv(batch).encode(ENCODING))
                    count += batch.num_rows
    return count


def _month(path: Path) -> str:
    """202507 of 2025-07-<content>.parquet."""
    year, month, _ = path.stem.split("-", 2)
    return year + month


def _csv(batch: pa.RecordBatch) -> str:
    buffer = io.BytesIO()
    try:
        pa_csv.write_csv(batch, buffer, pa_csv.WriteOptions(include_header=False, quoting_style="none"))
    except pa.ArrowInvalid:  # a comma or a quote in a text
        buffer = io.BytesIO()
        pa_csv.write_csv(batch, buffer, pa_csv.WriteOptions(include_header=False, quoting_style="needed"))
    return buffer.getvalue().decode("utf-8").replace("\n", "\r\n")


def _rows(table: Table, files: Sequence[Path]) -> list[dict[str, Any]]:
    return [row for path in files for row in pq.read_table(path).to_pylist()]


def _cells(table: Table, row: dict[str, Any]) -> list[str]:
    return [_cell(row[column.name], column) for column in table.columns]


def _cell(value: Any, column: Column) -> str:
    if value is None:
        return ""
    if column.type == "money":
        return f"{'-' if value < 0 else ''}{abs(value) // 100}.{abs(value) % 100:02d}"
    if column.type == "flag":
        return "是" if value else "否"
    return _words(column).get(value, str(value))


def _sum_row(table: Table, label: str, rows: list[dict[str, Any]]) -> list[str]:
    """A total row: the label in the first column, sums under the money that can be summed."""
    summed = [c for c in table.columns if c.type == "money" and not c.name.endswith("balance")]
    cells = [_cell(sum(row[c.name] or 0 for row in rows), c) if c in summed else "" for c in table.columns]
    return [label, *cells[1:]]


def paper(table: Table, rows: list[dict[str, Any]], by: str | None) -> Iterator[list[str]]:
    """Title, page after page with its header, a subtotal where the month ends, the total at the end."""
    heads = headings(table)
    yield [f"{COUNTY_NAME}{table.label}"]
    yield ["单位：元", "", f"共 {len(rows)} 行"]
    month: list[dict[str, Any]] = []
    for number, row in enumerate(rows):
        if number % PAGE == 0:
            yield heads
        if by and month and (row[by].year, row[by].month) != (month[-1][by].year, month[-1][by].month):
            yield _sum_row(table, "小计", month)
            month = []
        month.append(row)
        yield _cells(table, row)
    if by:
        yield _sum_row(table, "小计", month)
    if table.money:
        yield _sum_row(table, "合计", rows)


def _printed(folder: Path, table: Table, files: Sequence[Path], by: str) -> int:
    rows = sorted(_rows(table, files), key=lambda row: row[by])
    with (folder / f"{table.label}.csv").open("w", encoding=ENCODING, newline="") as out:
        for cells in paper(table, rows, by):
            out.write(",".join(cells) + "\r\n")
    return len(rows)


def _workbook(folder: Path, table: Table, files: Sequence[Path], by: str | None) -> int:
    """A workbook with the data on its first sheet and notes on the second."""
    rows = _rows(table, files)
    if by:
        rows.sort(key=lambda row: row[by])
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = table.label
    for cells in paper(table, rows, by):
        sheet.append([_number(cell, i, table) for i, cell in enumerate(cells)])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(table.columns))
    sheet["A1"].font, sheet["A1"].alignment = Font(bold=True, size=14), Alignment(horizontal="center")
    notes = book.create_sheet("填表说明")
    for line in ("一、本表由有关单位提供，金额单位为元。", "二、合计、小计为各行之和。", "三、空白为没有内容。"):
        notes.append([line])
    book.save(folder / f"{table.label}.xlsx")
    return len(rows)


def _number(text: str, place: int, table: Table) -> str | Decimal | int:
    """Money and counts as numbers, as a workbook has them; codes stay text."""
    column = table.columns[place] if place < len(table.columns) else None
    if column is None or not text or column.type not in ("money", "count", "year"):
        return text
    try:
        return Decimal(text) if column.type == "money" else int(text)
    except (InvalidOperation, ValueError):
        return text

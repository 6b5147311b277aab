"""The files that a bureau would really receive: GBK CSV under national field names or Chinese labels, and office paper.

Told from the county's tables, so every total agrees to the fen.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from yibao.demo.catalogue import read_data
from yibao.demo.export_paper import ENCODING, PRINTED, WORKBOOKS, printed, workbooks
from yibao.demo.export_words import as_text, headings
from yibao.store.workspace import Workspace
from yibao.vocabulary.tables import Table, load_tables

OPERATION_KINDS = "手术操作分类.csv"
_KINDS = {"conservative": "保守治疗", "diagnostic": "诊断性操作", "therapeutic": "治疗性操作", "surgery": "相关手术"}


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
            found[table.name] = workbooks(folder, table, files)
        elif table.name in PRINTED:
            found[table.name] = printed(folder, table, files)
        else:
            found[table.name] = _plain(folder, table, files)
    _operation_kinds(root / OPERATION_KINDS)
    return found


def _operation_kinds(path: Path) -> None:
    """The list of operations with their kind of treatment, as the city gives it to whoever builds a catalogue; no table of its own."""
    lines = ["编码,名称,治疗方式"]
    lines += [
        f"{row['operation_code']},{row['operation_name']},{_KINDS[row['kind']]}" for row in read_data("operations.csv")
    ]
    path.write_bytes("".join(line + "\r\n" for line in lines).encode(ENCODING))


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

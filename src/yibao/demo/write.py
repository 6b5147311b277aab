"""From columns to the workspace: rows of a standard table as an Arrow batch, and the one function that hands them over.

`write` lays Parquet files down as the workspace does; when the workspace can be opened here, its `write` takes this place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from yibao.store.schema import arrow_schema
from yibao.vocabulary.tables import Table, load_tables

COMPRESSION, LEVEL = "zstd", 1
ROW_GROUP = 65_536


def rows(name: str, size: int, columns: Mapping[str, Any]) -> pa.RecordBatch:
    """A batch of a standard table. Columns are arrays, lists, or one value for all rows; days and seconds since 1970 are
    integers. A column that may be empty may be left out; ValueError for one that may not, or that the table does not have.
    """
    table = load_tables().tables[name]
    if strange := set(columns) - set(table.by_name):
        raise ValueError(f"{name} has no column {sorted(strange)}")
    arrays = []
    for field in arrow_schema(table):
        if field.name not in columns and not field.nullable:
            raise ValueError(f"{name} needs {field.name}")
        arrays.append(_column(columns.get(field.name), field.type, size))
    return pa.RecordBatch.from_arrays(arrays, schema=arrow_schema(table))


def _column(values: Any, kind: pa.DataType, size: int) -> pa.Array:
    if values is None:
        return pa.nulls(size, kind)
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    if not isinstance(values, pa.Array | np.ndarray | list):
        return _column(np.full(size, values) if isinstance(values, int | bool) else pa.repeat(values, size), kind, size)
    found = values if isinstance(values, pa.Array) else pa.array(values)
    if found.type == kind:
        return found
    if pa.types.is_date32(kind) and pa.types.is_integer(found.type):
        return found.cast(pa.int32()).view(kind)
    if pa.types.is_timestamp(kind) and pa.types.is_integer(found.type):
        return pc.multiply(found.cast(pa.int64()), 1_000_000).view(kind)
    return found.cast(kind)


def chosen(values: np.ndarray, present: np.ndarray) -> pa.Array:
    """The values as Arrow, null where not present."""
    return pa.array(values, mask=~present)


def written_folder(root: Path, name: str) -> Path:
    return root / "tables" / name


def write(root: Path, name: str, batches: Iterable[pa.RecordBatch]) -> int:
    """Write a table's batches, which come in order of its key, cut by its partition; the number of rows."""
    table = load_tables().tables[name]
    folder = written_folder(root, name)
    folder.mkdir(parents=True, exist_ok=True)
    files: dict[str, _File] = {}
    count = 0
    try:
        for batch in batches:
            count += batch.num_rows
            for label, part in _cut(table, batch):
                if label not in files:
                    files[label] = _File(folder / f"{label}.parquet", batch.schema)
                files[label].add(part)
    finally:
        for file in files.values():
            file.close()
    return count


class _File:
    """One partition while it is written: row groups of at least `ROW_GROUP` rows."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._schema, self._waiting, self._rows = schema, list[pa.RecordBatch](), 0
        self._writer = pq.ParquetWriter(path, schema, compression=COMPRESSION, compression_level=LEVEL)

    def add(self, rows: pa.RecordBatch) -> None:
        self._waiting.append(rows)
        self._rows += rows.num_rows
        if self._rows >= ROW_GROUP:
            self._flush()

    def close(self) -> None:
        if self._rows:
            self._flush()
        self._writer.close()

    def _flush(self) -> None:
        self._writer.write_table(pa.Table.from_batches(self._waiting, self._schema), row_group_size=self._rows)
        self._waiting, self._rows = [], 0


def _cut(table: Table, batch: pa.RecordBatch) -> list[tuple[str, pa.RecordBatch]]:
    if table.partition is None or not batch.num_rows:
        return [("all", batch)]
    dates = batch.column(table.partition.of)
    numbers = pc.year(dates)
    if table.partition.by == "month":
        numbers = pc.add(pc.multiply(numbers, 100), pc.month(dates))
    labels = sorted(numbers.unique().to_pylist())
    if len(labels) == 1:
        return [(str(labels[0]), batch)]
    return [(str(label), batch.filter(pc.equal(numbers, label))) for label in labels]


def in_key_order(name: str, batch: pa.RecordBatch) -> pa.RecordBatch:
    """A whole small table, sorted by its key."""
    key = load_tables().tables[name].key
    return (
        pa.Table.from_batches([batch])
        .sort_by([(column, "ascending") for column in key])
        .combine_chunks()
        .to_batches()[0]
    )

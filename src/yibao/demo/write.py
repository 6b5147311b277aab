"""From columns to the workspace: rows of a standard table as an Arrow batch, and the one function that hands them over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yibao.store.manifest import Produced
from yibao.store.schema import arrow_schema
from yibao.store.workspace import Workspace
from yibao.vocabulary.tables import load_tables


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


def write(workspace: Workspace, name: str, batches: Iterable[pa.RecordBatch], produced: Produced) -> int:
    """Publish a table's batches, which come in order of its key; the number of rows."""
    stream = pa.RecordBatchReader.from_batches(arrow_schema(load_tables().tables[name]), iter(batches))
    return workspace.write(name, stream, produced, in_order=True).rows


def in_key_order(name: str, batch: pa.RecordBatch) -> pa.RecordBatch:
    """A whole small table, sorted by its key."""
    key = load_tables().tables[name].key
    return (
        pa.Table.from_batches([batch])
        .sort_by([(column, "ascending") for column in key])
        .combine_chunks()
        .to_batches()[0]
    )

"""Rows of text that come from Python, written to a Parquet file for DuckDB: columns c0, c1, … and the fault of a broken row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from yibao.store.importing.typed import quoted

CHUNK = 20_000  #: rows in hand
FAULT = "_fault"

Row = tuple[Sequence[str], str]  #: the cells, and what is wrong with the shape of the row ("": nothing)


def raw_names(width: int) -> list[str]:
    """
    >>> raw_names(2)
    ['c0', 'c1']
    """
    return [f"c{i}" for i in range(width)]


def stage_rows(path: Path, width: int, rows: Iterable[Row]) -> str:
    """The relation that reads the rows back, in their order."""
    schema = pa.schema([pa.field(name, pa.string()) for name in (*raw_names(width), FAULT)])
    with pq.ParquetWriter(path, schema, compression="lz4", write_statistics=False) as writer:
        for batch in _batches(iter(rows), width, schema):
            writer.write_batch(batch)
    return f"read_parquet({quoted(str(path))})"


def _batches(rows: Iterator[Row], width: int, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    while chunk := list(islice(rows, CHUNK)):
        padded = [_padded(cells, width) for cells, _ in chunk]
        columns = [pa.array(column, pa.string()) for column in zip(*padded, strict=True)]
        yield pa.RecordBatch.from_arrays(
            [*columns, pa.array([fault or None for _, fault in chunk], pa.string())], schema=schema
        )


def _padded(cells: Sequence[str], width: int) -> Sequence[str]:
    return cells if len(cells) == width else [*cells[:width], *[""] * (width - len(cells))]

"""Our own Parquet files: a sorted stream of checked rows cut into the declared partitions, the same bytes for the same rows.

Row groups are filled to `ROW_GROUP` rows whatever the batches were, so nothing depends on an engine's threads.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from yibao.store.content import ContentHash
from yibao.store.manifest import ALL, DataFile
from yibao.store.schema import arrow_schema
from yibao.store.shelf import HALF, put
from yibao.vocabulary.tables import Partition, Table

ROW_GROUP = 65_536  #: rows; with a partition a month and four years that is below 1 GiB of fee lines in hand
COMPRESSION = "zstd"
LEVEL = 1


class PartitionedFiles:
    """Takes batches in order of the key; `close` gives the files, named by their content."""

    def __init__(self, folder: Path, table: Table) -> None:
        self._folder, self._table = folder, table
        self._schema = arrow_schema(table)
        self._open: dict[str, _OneFile] = {}

    def add(self, rows: pa.RecordBatch) -> None:
        """Rows with the declared schema."""
        for label, part in cut(rows, self._table.partition):
            if label not in self._open:
                half = self._folder / f"{HALF}{len(self._open):05d}.parquet"
                self._open[label] = _OneFile(half, self._schema, self._table.money)
            self._open[label].add(part)

    def close(self) -> tuple[DataFile, ...]:
        return tuple(self._open[label].close(label) for label in sorted(self._open))

    def abandon(self) -> None:
        for file in self._open.values():
            file.abandon()


def cut(rows: pa.RecordBatch, partition: Partition | None) -> list[tuple[str, pa.RecordBatch]]:
    """The rows of each partition, in their order: ("2025-01", …), or all together where the table is not cut."""
    if partition is None:
        return [(ALL, rows)] if rows.num_rows else []
    numbers = _numbers(rows.column(partition.of), partition)
    wanted = numbers.unique().to_pylist()
    if len(wanted) == 1:
        return [(label_of(wanted[0], partition), rows)]
    return [(label_of(n, partition), rows.filter(pc.equal(numbers, n))) for n in sorted(wanted)]


def _numbers(of: pa.Array, partition: Partition) -> pa.Array:
    """Year or yyyymm of each row; a column of years is cut as it stands."""
    if pa.types.is_integer(of.type):
        return of
    if partition.by == "year":
        return pc.year(of)
    return pc.add(pc.multiply(pc.year(of), 100), pc.month(of))


def label_of(number: int, partition: Partition) -> str:
    """
    >>> label_of(202501, Partition(by="month", of="service_time")), label_of(2025, Partition(by="year", of="paid_date"))
    ('2025-01', '2025')
    """
    return f"{number // 100:04d}-{number % 100:02d}" if partition.by == "month" else f"{number:04d}"


class _OneFile:
    """One partition's file while it is written."""

    def __init__(self, half: Path, schema: pa.Schema, money: tuple[str, ...]) -> None:
        self._half, self._schema = half, schema
        self._waiting: list[pa.RecordBatch] = []
        self._waiting_rows = 0
        self._content = ContentHash(schema)
        self._sums = dict.fromkeys(money, 0)
        self._sink = half.open("wb")
        self._writer = pq.ParquetWriter(
            self._sink, schema, compression=COMPRESSION, compression_level=LEVEL, store_schema=False
        )

    def add(self, rows: pa.RecordBatch) -> None:
        self._waiting.append(rows)
        self._waiting_rows += rows.num_rows
        while self._waiting_rows >= ROW_GROUP:
            self._flush(ROW_GROUP)

    def close(self, label: str) -> DataFile:
        if self._waiting_rows:
            self._flush(self._waiting_rows)
        self._writer.close()
        self._sink.flush()
        os.fsync(self._sink.fileno())
        self._sink.close()
        content = self._content.hexdigest()
        name = f"{label}-{content[:16]}.parquet"
        path = self._half.with_name(name)
        if path.exists():  # the same rows stand there from an earlier version, perhaps open before a reader
            self._half.unlink()
        else:
            put(self._half, path)
        sums: Mapping[str, int] = self._sums
        return DataFile(
            path=f"{path.parent.name}/{name}",
            partition=label,
            rows=self._content.rows,
            sums=sums,
            content=content,
            bytes=path.stat().st_size,
        )

    def abandon(self) -> None:
        self._writer.close()
        self._sink.close()
        self._half.unlink(missing_ok=True)

    def _flush(self, count: int) -> None:
        """Write the first `count` waiting rows as one row group."""
        waiting = pa.Table.from_batches(self._waiting, self._schema)
        group = waiting.slice(0, count).combine_chunks()
        rest = waiting.slice(count)
        self._waiting, self._waiting_rows = rest.to_batches(), rest.num_rows
        self._writer.write_table(group, row_group_size=count)
        for batch in group.to_batches():
            self._content.update(batch)
            for name in self._sums:
                self._sums[name] += exact_sum(batch.column(name))


def stored_batches(path: Path, codes: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """The rows of one of our files in their order; the columns in `codes` as dictionaries."""
    with pq.ParquetFile(path, read_dictionary=list(codes)) as file:
        yield from file.iter_batches(ROW_GROUP)


def exact_sum(values: pa.Array) -> int:
    """The sum of int64 values, nulls left out, which does not wrap around.

    >>> exact_sum(pa.array([2**62, 2**62, None, 2**62])) == 3 * 2**62
    True
    """
    integers: npt.NDArray[np.int64] = values.fill_null(0).to_numpy(zero_copy_only=False)
    return (int((integers >> 32).sum()) << 32) + int((integers & 0xFFFFFFFF).sum())

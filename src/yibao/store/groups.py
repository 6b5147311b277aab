"""Cutting a sorted stream into tables of whole groups: what `apply` hands to its function, on either engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

Fn = Callable[[pa.Table], pa.Table]  #: whole groups in order → rows of the declared schema
TARGET = 131_072  #: rows handed over at a time, unless one group alone is larger


def applied(
    batches: Iterable[pa.RecordBatch], partition_key: Sequence[str], fn: Fn, schema: pa.Schema
) -> Iterator[pa.RecordBatch]:
    """`fn` over whole groups, its rows as batches; TypeError where they have another schema."""
    for groups in whole_groups(batches, partition_key):
        rows = fn(groups)
        if not rows.schema.equals(schema):
            raise TypeError(f"the function gave {rows.schema}, declared was {schema}")
        yield from rows.to_batches()


def whole_groups(batches: Iterable[pa.RecordBatch], partition_key: Sequence[str]) -> Iterator[pa.Table]:
    """Tables of at least TARGET rows (the last may be smaller) that never part a group. Batches are sorted by the key.

    Memory: TARGET rows, or the largest group.
    """
    waiting: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        if not batch.num_rows:
            continue
        waiting.append(batch)
        rows += batch.num_rows
        if rows < TARGET:
            continue
        table = pa.Table.from_batches(waiting)
        if end := _last_group(table.select(list(partition_key))):
            yield table.slice(0, end)
            rest = table.slice(end)
            waiting, rows = rest.to_batches(), rest.num_rows
    if rows:
        yield pa.Table.from_batches(waiting)


def _last_group(keys: pa.Table) -> int:
    """Where the last group begins; 0 where there is only one."""
    last = keys.num_rows - 1
    begins = 0
    for column in keys.columns:
        wanted = column[last]
        other = pc.is_valid(column) if not wanted.is_valid else pc.fill_null(pc.not_equal(column, wanted), True)
        positions = pc.indices_nonzero(other)
        if len(positions):
            begins = max(begins, positions[len(positions) - 1].as_py() + 1)
    return begins

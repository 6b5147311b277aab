"""The content hash: equal for equal rows, however they were batched; different for anything else."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yibao.store.content import content_hash

SCHEMA = pa.schema([("text", pa.string()), ("number", pa.int64()), ("flag", pa.bool_()), ("day", pa.date32())])
CELLS = st.tuples(
    st.none() | st.text(max_size=3),
    st.none() | st.integers(-(2**63), 2**63 - 1),
    st.none() | st.booleans(),
    st.none() | st.dates(),
)


def _table(rows: list[tuple[object, ...]]) -> pa.Table:
    return pa.Table.from_pylist([dict(zip(SCHEMA.names, row, strict=True)) for row in rows], schema=SCHEMA)


def _hash(table: pa.Table, size: int = 1000) -> str:
    return content_hash(table.combine_chunks().to_batches(max_chunksize=size), table.schema)


@settings(deadline=None)
@given(st.lists(CELLS, max_size=12), st.integers(1, 5))
def test_batches_make_no_difference(rows: list[tuple[object, ...]], size: int) -> None:
    table = _table(rows)
    assert _hash(table) == _hash(table, size)


@settings(deadline=None)
@given(st.lists(CELLS, min_size=1, max_size=6), st.lists(CELLS, min_size=1, max_size=6))
def test_other_rows_have_another_hash(rows: list[tuple[object, ...]], others: list[tuple[object, ...]]) -> None:
    assert (_hash(_table(rows)) == _hash(_table(others))) == (_table(rows).equals(_table(others)))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ([("a", 1, True, None), ("b", 2, True, None)], [("b", 2, True, None), ("a", 1, True, None)]),
        ([("", 0, False, None)], [(None, 0, False, None)]),
        ([("", 0, False, None)], [("", None, False, None)]),
        ([("ab", 0, True, None), ("c", 0, True, None)], [("a", 0, True, None), ("bc", 0, True, None)]),
        ([(None, 0, True, None), ("c", 0, True, None)], [("c", 0, True, None), (None, 0, True, None)]),
    ],
    ids=["order", "empty text is not null", "zero is not null", "where a text ends", "where a null stands"],
)
def test_what_differs(left: list[tuple[object, ...]], right: list[tuple[object, ...]]) -> None:
    assert _hash(_table(left)) != _hash(_table(right))


def test_names_and_types_count() -> None:
    table = pa.table({"a": [1, 2]})
    assert _hash(table) != _hash(table.rename_columns(["b"]))
    assert _hash(table) != _hash(table.cast(pa.schema([("a", pa.int32())])))

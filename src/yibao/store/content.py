"""The content hash: over ordered rows, equal for equal rows however they were batched, compressed or computed.

Each column is three streams of bytes (positions of its nulls, its values with nulls as zero, for text the lengths apart from the
UTF-8), each hashed as it comes; the names and types of the columns and the number of rows complete it. SHA-256.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


class ContentHash:
    """Feed it batches in order, then ask for `hexdigest`."""

    def __init__(self, schema: pa.Schema) -> None:
        self.rows = 0
        self._head = [[field.name, str(field.type)] for field in schema]
        self._columns = [_ColumnHash(field.type) for field in schema]

    def update(self, rows: pa.RecordBatch) -> None:
        """Batches have the schema's columns in its order; slices are welcome."""
        for column, values in zip(self._columns, rows.columns, strict=True):
            column.update(values, self.rows)
        self.rows += rows.num_rows

    def hexdigest(self) -> str:
        said = [self._head, self.rows, [column.digests() for column in self._columns]]
        return hashlib.sha256(json.dumps(said).encode("utf-8")).hexdigest()


class _ColumnHash:
    def __init__(self, kind: pa.DataType) -> None:
        self._is_text = pa.types.is_string(kind)
        self._nulls, self._values, self._text = hashlib.sha256(), hashlib.sha256(), hashlib.sha256()

    def update(self, values: pa.Array, offset: int) -> None:
        if values.null_count:
            positions = np.flatnonzero(values.is_null().to_numpy(zero_copy_only=False)).astype("<i8") + offset
            self._nulls.update(positions.data)
            values = values.fill_null("" if self._is_text else pa.scalar(0).cast(_plain(values.type)).cast(values.type))
        if self._is_text:
            self._values.update(_plain_bytes(pc.binary_length(values)))
            self._text.update(_text_bytes(values))
        else:
            self._values.update(_plain_bytes(values))

    def digests(self) -> list[str]:
        return [self._nulls.hexdigest(), self._values.hexdigest(), self._text.hexdigest()]


def _plain(kind: pa.DataType) -> pa.DataType:
    """The integers that a fixed-width type is stored as."""
    return pa.bool_() if pa.types.is_boolean(kind) else pa.int32() if kind.bit_width == 32 else pa.int64()


def _plain_bytes(values: pa.Array) -> Any:
    """The values of a column without nulls as little-endian bytes."""
    if pa.types.is_boolean(values.type):
        return values.cast(pa.uint8()).to_numpy(zero_copy_only=False).data
    integers = values.view(pa.int32() if values.type.bit_width == 32 else pa.int64())
    return np.ascontiguousarray(integers.to_numpy(zero_copy_only=False), dtype=f"<i{integers.type.bit_width // 8}").data


def _text_bytes(values: pa.Array) -> Any:
    """The UTF-8 of a text column without nulls, one text behind the other, without a copy."""
    if not len(values):
        return b""
    _, offsets, text = values.buffers()
    ends = np.frombuffer(offsets, dtype="<i4")[values.offset : values.offset + len(values) + 1]
    return memoryview(text)[ends[0] : ends[-1]] if text is not None else b""


def content_hash(batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> str:
    """The hash of a whole stream of rows."""
    found = ContentHash(schema)
    for batch in batches:
        found.update(batch)
    return found.hexdigest()

"""Columns of text as numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from yibao.settle.arrays import Ints


def encoded(column: pa.ChunkedArray) -> tuple[Ints, list[Any]]:
    """The place of each row's value, and the values; None is a value of its own where it occurs. Dictionaries stay as they are.

    >>> places, values = encoded(pa.chunked_array([["a", None], ["b", "a"]]))
    >>> [values[place] for place in places]
    ['a', None, 'b', 'a']
    """
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    column = column.unify_dictionaries()
    if not column.num_chunks:
        return np.zeros(0, np.int64), []
    values = column.chunk(0).dictionary.to_pylist()
    indices = pa.chunked_array([chunk.indices for chunk in column.chunks]).combine_chunks()
    if indices.null_count:
        indices, values = indices.fill_null(len(values)), [*values, None]
    return np.asarray(indices.to_numpy(zero_copy_only=False), np.int64), values

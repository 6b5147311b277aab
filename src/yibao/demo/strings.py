"""Arrow strings from numbers, fast: ids are fixed-width digits behind a prefix, names are taken from a list."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from yibao.demo.arrays import Flags, Ints

_QUADS = np.frombuffer("".join(f"{i:04d}" for i in range(10_000)).encode(), dtype="S4")


def numbered(prefix: str, serial: Ints, width: int, missing: Flags | None = None) -> pa.Array:
    """`prefix` and the serial as `width` digits; null where missing.

    >>> numbered("A", np.array([7, 123456]), 6).to_pylist()
    ['A000007', 'A123456']
    """
    head, quads = prefix.encode(), -(-width // 4)
    wide = np.empty((len(serial), quads * 4), dtype=np.uint8)
    rest = np.where(missing, 0, serial) if missing is not None else serial
    for quad in range(quads - 1, -1, -1):
        rest, part = np.divmod(rest, 10_000)
        wide[:, quad * 4 : quad * 4 + 4] = _QUADS[part].view(np.uint8).reshape(-1, 4)
    text = np.empty((len(serial), len(head) + width), dtype=np.uint8)
    text[:, : len(head)] = np.frombuffer(head, dtype=np.uint8)
    text[:, len(head) :] = wide[:, quads * 4 - width :]
    offsets = np.arange(len(serial) + 1, dtype=np.int32) * text.shape[1]
    found = pa.StringArray.from_buffers(len(serial), pa.py_buffer(offsets), pa.py_buffer(text))
    return found if missing is None else without(found, missing)


def without(values: pa.Array, missing: Flags) -> pa.Array:
    """The values, null where missing."""
    return pc.if_else(pa.array(missing), pa.scalar(None, values.type), values)


def named(names: pa.Array | Sequence[str | None], index: npt.ArrayLike, missing: Flags | None = None) -> pa.Array:
    """The name at each index; null where missing.

    >>> named(["a", "b"], np.array([1, 0])).to_pylist()
    ['b', 'a']
    """
    values = names if isinstance(names, pa.Array) else pa.array(names, pa.string())
    return values.take(pa.array(np.asarray(index).astype(np.int32), mask=missing))

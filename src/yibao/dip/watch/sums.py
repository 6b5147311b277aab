"""Sums by owner, in whole numbers; quotients rounded half-up where they are printed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
MILLION = 1_000_000  #: of a decimal: 10⁻⁶


def counted(owner: Ints, size: int) -> Ints:
    """How many entries each owner has; an owner of −1 is nobody."""
    return np.bincount(owner[owner >= 0], minlength=size).astype(np.int64)


def summed(owner: Ints, values: Ints, size: int) -> Ints:
    """The exact sum of each owner's values."""
    total = np.zeros(size, np.int64)
    mine = owner >= 0
    np.add.at(total, owner[mine], values[mine])
    return total


def averaged(owner: Ints, values: Floats, size: int) -> Floats:
    """The sum of each owner's statistics (never money), in the order of the entries."""
    mine = owner >= 0
    return np.bincount(owner[mine], weights=values[mine], minlength=size).astype(np.float64)


def per(total: int, count: int, scale: int = 1) -> int | None:
    """total × scale ÷ count, half-up away from zero; None where nothing was counted.

    >>> per(7, 2), per(-7, 2), per(1, 3, 10_000), per(1, 0)
    (4, -4, 3333, None)
    """
    if not count:
        return None
    magnitude = (2 * abs(total) * scale + count) // (2 * count)
    return magnitude if total >= 0 else -magnitude


def coded(values: Sequence[Any]) -> tuple[Ints, list[Any]]:
    """Numbers for values in their own order; None gets −1.

    >>> numbers, names = coded(["b", None, "a", "b"])
    >>> numbers.tolist(), names
    ([1, -1, 0, 1], ['a', 'b'])
    """
    names = sorted({value for value in values if value is not None})
    number = {value: i for i, value in enumerate(names)}
    return np.array([number.get(value, -1) for value in values], np.int64), names


def together(*columns: Ints) -> tuple[Ints, Ints]:
    """One number for each combination that occurs, and the place of its first entry; where any is −1 the combination is −1."""
    known = np.all([column >= 0 for column in columns], axis=0)
    found = np.full(len(columns[0]), -1, np.int64)
    if not known.any():
        return found, np.zeros(0, np.int64)
    key = np.zeros(int(known.sum()), np.int64)
    for column in columns:
        key = key * (int(column.max()) + 1) + column[known]
        key = np.unique(key, return_inverse=True)[1].reshape(-1)
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    found[known] = inverse.reshape(-1)
    return found, np.flatnonzero(known)[first]


def apportioned(total: int, weights: Sequence[int]) -> list[int]:
    """Whole parts of a whole total in proportion to weights, by largest remainders; equal remainders in their order.

    >>> apportioned(100, [1, 1, 1]), apportioned(-5, [1, 1]), apportioned(7, [0, 0])
    ([34, 33, 33], [-3, -2], [0, 0])
    """
    whole = sum(weights)
    if whole <= 0:
        return [0] * len(weights)
    sign, amount = (1, total) if total >= 0 else (-1, -total)
    parts = [amount * weight // whole for weight in weights]
    remainders = [(-(amount * weight % whole), place) for place, weight in enumerate(weights)]
    for _, place in sorted(remainders)[: amount - sum(parts)]:
        parts[place] += 1
    return [sign * part for part in parts]

"""Exact sums of whole numbers by cell: halves of a number are added apart, so that nothing is lost whatever the order of the stays."""

from __future__ import annotations

from fractions import Fraction
from math import prod
from typing import Any

import numpy as np

from yibao.dip.numbered import Ints

CHUNK = 1 << 20  #: so many halves of 32 bits add up exactly in a double
_HALF = 32
_SQUARABLE = 3_037_000_499  #: its square is still an int64


def totals(cells: Ints, values: Ints, size: int) -> Ints:
    """Sum of `values` (not negative) by cell: int64 [size].

    >>> totals(np.array([0, 0, 2]), np.array([2**53, 1, 7]), 3).tolist()
    [9007199254740993, 0, 7]
    """
    found = np.zeros(size, np.int64)
    for low, high in _halves(cells, values, size):
        found += low + (high << _HALF)
    return found


def squares(cells: Ints, values: Ints, size: int) -> list[int]:
    """Sum of the squares by cell, as large as it gets."""
    if len(values) and int(values.max()) > _SQUARABLE:
        found = [0] * size
        for cell, value in zip(cells.tolist(), values.tolist(), strict=True):
            found[cell] += value * value
        return found
    total: Any = np.zeros(size, object)
    for low, high in _halves(cells, values * values, size):
        total += low.astype(object) + high.astype(object) * (1 << _HALF)
    return [int(one) for one in total]


def _halves(cells: Ints, values: Ints, size: int) -> Any:
    for begin in range(0, len(values), CHUNK):
        some, own = values[begin : begin + CHUNK], cells[begin : begin + CHUNK]
        halves = (some & ((1 << _HALF) - 1), some >> _HALF)
        yield tuple(np.bincount(own, half.astype(np.float64), size).astype(np.int64) for half in halves)


def counts(cells: Ints, size: int) -> Ints:
    found: Ints = np.bincount(cells, minlength=size).astype(np.int64)
    return found


def weighted(sums: Any, numbers: Any, weights: tuple[int, ...]) -> Fraction | None:
    """Mean of three years put together by weight (guide F1, 1:2:7); a year without stays does not count. None without any.

    >>> weighted([100, 0, 90], [1, 0, 3], (1, 2, 7))
    Fraction(155, 4)
    """
    counted = [(w, int(s), int(n)) for w, s, n in zip(weights, sums, numbers, strict=True) if w and n]
    if not counted:
        return None
    common = prod(number for _, _, number in counted)
    total = sum(weight * whole * (common // number) for weight, whole, number in counted)
    return Fraction(total, common * sum(weight for weight, _, _ in counted))

"""Names for the arrays that this package passes around, and the small steps that numpy lacks."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[Any]  #: structured

DAY = 86_400  #: seconds


def runs(lengths: Ints) -> tuple[Ints, Ints]:
    """Which run each element of consecutive runs belongs to, and its place in it.

    >>> [list(map(int, a)) for a in runs(np.array([2, 0, 3]))]
    [[0, 0, 2, 2, 2], [0, 1, 0, 1, 2]]
    """
    owner = np.repeat(np.arange(len(lengths)), lengths)
    starts = np.cumsum(lengths) - lengths
    return owner, np.arange(len(owner)) - starts[owner]


def day_number(text: str) -> int:
    """A date as days since 1970."""
    return int(np.datetime64(text, "D").astype(np.int64))


def year_days(year: int) -> tuple[int, int]:
    """First and last day of a year, as days since 1970."""
    return day_number(f"{year}-01-01"), day_number(f"{year}-12-31")


def month_of(days: Ints) -> Ints:
    """Months since 1970 of days since 1970."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def year_of(days: Ints) -> Ints:
    return days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970


def month_day(month: Ints, day: int) -> Ints:
    """The day of a month (since 1970) as days since 1970."""
    return month.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) + day - 1


def weekday(days: Ints) -> Ints:
    """0 Monday … 6 Sunday."""
    return (days + 3) % 7


def half_up(numerator: Ints, denominator: int) -> Ints:
    """Rounded half away from zero, in integers.

    >>> list(map(int, half_up(np.array([5, -5, 4]), 10)))
    [1, -1, 0]
    """
    return np.sign(numerator) * ((np.abs(numerator) + denominator // 2) // denominator)


def choose(rng: np.random.Generator, weights: Floats, size: int) -> Ints:
    """Indices drawn by weight."""
    edges = np.cumsum(weights)
    return np.minimum(np.searchsorted(edges, rng.random(size) * edges[-1], side="right"), len(weights) - 1)


def split_total(total: int, weights: Floats) -> Ints:
    """A whole number in parts by weight that add up (largest remainders).

    >>> list(map(int, split_total(10, np.array([1.0, 1.0, 1.0]))))
    [4, 3, 3]
    """
    share = weights / weights.sum() * total
    parts = np.floor(share).astype(np.int64)
    rest = total - int(parts.sum())
    parts[np.argsort(parts - share, kind="stable")[:rest]] += 1
    return parts

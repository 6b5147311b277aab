"""What the stays of each group cost: numbers and means by year, the weighted mean, the CV, what was trimmed; exact until it is printed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np

from yibao.dip.build.sums import counts, squares, totals, weighted
from yibao.dip.build.terms import Terms
from yibao.dip.numbered import Ints


@dataclass(frozen=True)
class Measure:
    """Of one group; money in fen. `years`: number of stays and sum of cost of those that were not trimmed."""

    stays: int
    trimmed: int
    years: tuple[tuple[int, int], ...]
    mean: Fraction | None  #: None where it has no stay
    cv: Decimal

    @property
    def measured(self) -> int:
        return self.stays - self.trimmed


def measures(groups: Ints, years: Ints, costs: Ints, size: int, terms: Terms) -> list[Measure]:
    """A measure a group, of stays with their group (0 … size − 1), year and cost."""
    kept = _kept(groups, costs, terms.trim)
    number, span = counts(groups, size), len(terms.years)
    groups, years, costs = groups[kept], years[kept], costs[kept]
    cells = groups * span + years
    by_year = counts(cells, size * span).reshape(size, span)
    sums = totals(cells, costs, size * span).reshape(size, span)
    second = squares(groups, costs, size)
    return [
        Measure(
            int(number[i]),
            int(number[i] - by_year[i].sum()),
            tuple(zip(by_year[i].tolist(), sums[i].tolist(), strict=True)),
            weighted(sums[i], by_year[i], terms.weights) or plain_mean(int(sums[i].sum()), int(by_year[i].sum())),
            variation(int(by_year[i].sum()), int(sums[i].sum()), second[i]),
        )
        for i in range(size)
    ]


def plain_mean(total: int, number: int) -> Fraction | None:
    return Fraction(total, number) if number else None


def variation(number: int, total: int, square: int) -> Decimal:
    """F18: standard deviation over mean, of all stays together.

    >>> variation(3, 30, 300), variation(2, 40, 1000)
    (Decimal('0'), Decimal('0.5'))
    """
    return Decimal(number * square - total * total).sqrt() / total if total else Decimal(0)


def _kept(groups: Ints, costs: Ints, trim: tuple[Decimal, Decimal] | None) -> Ints:
    """The places of the stays whose cost is between the percentiles of their group; equal costs stay or go together."""
    if trim is None or not len(groups):
        return np.arange(len(groups))
    order = np.lexsort((costs, groups))
    ordered, cost = groups[order], costs[order]
    begins = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    sizes = np.diff(np.r_[begins, len(ordered)])
    low = cost[begins + np.array([int(size * trim[0]) for size in sizes.tolist()], np.int64)]
    high = cost[begins + np.array([size - 1 - int(size * (1 - trim[1])) for size in sizes.tolist()], np.int64)]
    at = np.repeat(np.arange(len(begins)), sizes)
    inside = (cost >= low[at]) & (cost <= high[at])
    return np.sort(order[inside])

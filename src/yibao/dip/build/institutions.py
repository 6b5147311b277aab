"""Proposed institution coefficients (guide F5), overall and by group, and groups where a lower level costs more than a higher one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from yibao.dip.build.groups import CELL, LEVELS, PRIMARY, Group, Years, rounded
from yibao.dip.build.measure import plain_mean
from yibao.dip.build.stays import Stays
from yibao.dip.build.sums import counts, totals, weighted
from yibao.dip.build.terms import Terms


@dataclass(frozen=True)
class Coefficient:
    """Of a level of hospitals; `group` empty: overall. Mean in fen."""

    group: str
    level: int
    stays: int
    mean: Fraction
    coefficient: Decimal


@dataclass(frozen=True)
class Inversion:
    """A group that costs more on the lower level. Means in fen."""

    group: str
    name: str
    lower: int
    higher: int
    lower_mean: Fraction
    higher_mean: Fraction
    lower_stays: int
    higher_stays: int


def overall(stays: Stays, region_mean: Fraction, terms: Terms) -> list[Coefficient]:
    """Weighted mean cost of a level over the region's mean."""
    span = len(terms.years)
    cells = stays["level"] * span + stays["year"]
    sums = totals(cells, stays["cost"], 4 * span).reshape(4, span)
    number = counts(cells, 4 * span).reshape(4, span)
    found = []
    for level in LEVELS:
        mean = weighted(sums[level], number[level], terms.weights) or plain_mean(
            int(sums[level].sum()), int(number[level].sum())
        )
        if mean is not None:
            found.append(
                Coefficient("", level, int(number[level].sum()), mean, rounded(mean / region_mean, terms.digits))
            )
    return found


def by_group(rows: Sequence[Group], terms: Terms) -> list[Coefficient]:
    """Of groups with enough stays on every level that treats them (two at least) and no inversion; never of 基层病种.

    Weighted mean cost of a level over that of the group, its stays on all levels together.
    """
    found = []
    for row in rows:
        means = _means(row, terms)
        enough = all(row.stays_at(level) >= terms.coefficient_least for level in means)
        if row.layer in (CELL, PRIMARY) or len(means) < 2 or not enough or _inverted(row, 1, terms):
            continue
        whole = _mean([row.levels[level] for level in means], terms)
        found += [
            Coefficient(row.code, level, row.stays_at(level), own, rounded(own / whole, terms.digits))
            for level, own in means.items()
        ]
    return found


def inversions(rows: Sequence[Group], terms: Terms) -> list[Inversion]:
    """Core groups whose mean is higher on a lower level, where both levels have enough stays (guide §14.8)."""
    core = (row for row in rows if row.layer not in (CELL, PRIMARY))
    return [one for row in core for one in _inverted(row, terms.coefficient_least, terms)]


def _means(row: Group, terms: Terms) -> dict[int, Fraction]:
    return {level: _mean([row.levels[level]], terms) for level in LEVELS if row.stays_at(level)}


def _mean(levels: Sequence[Years], terms: Terms) -> Fraction:
    """Weighted over the years, of all stays of some levels; of stays of years without weight alone their plain mean."""
    numbers, sums = ([sum(year[i] for year in years) for years in zip(*levels, strict=True)] for i in (0, 1))
    return weighted(sums, numbers, terms.weights) or Fraction(sum(sums), sum(numbers))


def _inverted(row: Group, least: int, terms: Terms) -> list[Inversion]:
    means = {level: mean for level, mean in _means(row, terms).items() if row.stays_at(level) >= least}
    return [
        Inversion(row.code, row.name, low, high, means[low], means[high], row.stays_at(low), row.stays_at(high))
        for low, high in zip(list(means), list(means)[1:], strict=False)
        if means[low] > means[high]
    ]

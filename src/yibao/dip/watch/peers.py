"""Observed against expected: what the other hospitals of a level make of the same cases (guide supervision §7: O/E with case mix).

Stays are put into strata (a category and an age band, or a disease group). For hospital h in stratum s with n stays and sum x, the other hospitals
of its level with m stays and sum y:

    expected   n × y ÷ m
    variance   n × v × (1 + n ÷ m), v the variance of the value among all stays of the pool, h included
    z          Σ (x − expected) ÷ √Σ variance

The pool is the hospital's level; where no other hospital of the level has such a case, all levels; where nobody has, the stays are not compared.
No share of a mean and no fixed bound decides anything: hospitals are ranked by z among those of their level with enough compared stays.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yibao.dip.watch.sums import Flags, Floats, Ints, averaged, counted


@dataclass(frozen=True)
class Cells:
    """One entry a hospital and stratum: its stays and sum, its peers' stays and sum, the variance of the pool."""

    hospital: Ints
    stratum: Ints
    count: Ints
    total: Floats
    peers: Ints
    peer_total: Floats
    variance: Floats
    at_level: Flags  #: the peers are of its level

    @property
    def compared(self) -> Flags:
        return self.peers > 0

    @property
    def peer_mean(self) -> Floats:
        return np.divide(self.peer_total, self.peers, out=np.zeros(len(self.count)), where=self.compared)

    @property
    def expected(self) -> Floats:
        return self.count * self.peer_mean

    @property
    def error(self) -> Floats:
        """The variance of observed − expected."""
        share = np.divide(self.count, self.peers, out=np.zeros(len(self.count)), where=self.compared)
        return np.where(self.compared, self.count * self.variance * (1 + share), 0.0)


def cells(hospital: Ints, level: Ints, stratum: Ints, value: Floats) -> tuple[Cells, Ints]:
    """The cells, and each stay's cell; stays of stratum −1 take no part (cell −1). `level` is by stay."""
    part = stratum >= 0
    own = np.full(len(stratum), -1, np.int64)
    key = stratum[part] * (int(hospital.max(initial=0)) + 1) + hospital[part]
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    own[part] = inverse.reshape(-1)
    at, size = np.flatnonzero(part)[first], len(first)
    near = stratum * (int(level.max(initial=0)) + 1) + level
    n, x = counted(own, size), averaged(own, value, size)
    pools = [_pool(np.where(part, key, -1), value, at) for key in (near, stratum)]
    at_level = pools[0][0] > n
    m, y, q = (np.where(at_level, here, wide) for here, wide in zip(*pools, strict=True))
    mean = np.divide(y, m, out=np.zeros(size), where=m > 0)
    spread = np.maximum(np.divide(q, m, out=np.zeros(size), where=m > 0) - mean**2, 0.0)
    return Cells(hospital[at], stratum[at], n, x, (m - n).astype(np.int64), y - x, spread, at_level), own


def _pool(key: Ints, value: Floats, at: Ints) -> tuple[Ints, Floats, Floats]:
    """Stays, sum and sum of squares of the pool to which each of some stays belongs."""
    number = np.full(len(key), -1, np.int64)
    part = key >= 0
    number[part] = np.unique(key[part], return_inverse=True)[1].reshape(-1)
    size = int(number.max(initial=-1)) + 1
    sums = counted(number, size), averaged(number, value, size), averaged(number, value**2, size)
    of = number[at]
    return sums[0][of], sums[1][of], sums[2][of]


@dataclass(frozen=True)
class Standing:
    """Of each owner (a hospital, or a hospital and category): compared stays, observed, expected, z (NaN: nothing varies)."""

    compared: Ints
    observed: Floats
    expected: Floats
    z: Floats
    only_level: Flags


def standing(found: Cells, owner: Ints, size: int, sign: int = 1) -> Standing:
    """Cells added up by owner; `sign` −1 where little is suspicious."""
    used = np.where(found.compared, owner, -1)
    n = averaged(used, found.count.astype(np.float64), size).astype(np.int64)
    observed, expected = averaged(used, found.total, size), averaged(used, found.expected, size)
    error = np.sqrt(averaged(used, found.error, size))
    z = np.full(size, np.nan)
    np.divide(sign * (observed - expected), error, out=z, where=error > 0)
    wide = counted(np.where(found.compared & ~found.at_level, owner, -1), size)
    return Standing(n, observed, expected, z, wide == 0)


def ranks(z: Floats, level: Ints, enough: Flags) -> tuple[Ints, Ints]:
    """Place of each hospital among those of its level that have enough stays (0: not ranked), and how many these are."""
    place, of = np.zeros(len(z), np.int64), np.zeros(len(z), np.int64)
    for one in np.unique(level):
        mine = np.flatnonzero((level == one) & enough & ~np.isnan(z))
        of[level == one] = len(mine)
        order = mine[np.argsort(-z[mine], kind="stable")]
        place[order] = np.arange(1, len(order) + 1)
    return place, of

"""What a year or a month of stays looks like: one set of measures for every owner (hospital, level, scheme, region)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yibao.dip.watch.averages import Groups, ratio_to_mean
from yibao.dip.watch.stays import Stays
from yibao.dip.watch.sums import MILLION, Ints, averaged, counted, per, summed


@dataclass(frozen=True)
class Measures:
    """Counts and exact sums, with their quotients. Money fen, score and indices 10⁻⁶, shares 10⁻⁴; None has no denominator."""

    cases: int
    cost: int
    days: int
    booked: int
    grouped: int
    scored: int  #: stays whose group has a score
    score: int
    cost_index_sum: int  #: of the grouped stays, 10⁻⁶
    time_index_sum: int
    judged: int  #: stays that have a deviation band
    low: int
    high: int

    @property
    def cmi(self) -> int | None:
        """F17: Σ(score × cases) ÷ cases, of the stays whose group has a score."""
        return per(self.score, self.scored)

    @property
    def mean_cost(self) -> int | None:
        return per(self.cost, self.cases)

    @property
    def mean_days(self) -> int | None:
        return per(self.days, self.cases, MILLION)

    @property
    def cost_index(self) -> int | None:
        """F17: the mean of cost ÷ mean cost of the group."""
        return per(self.cost_index_sum, self.grouped)

    @property
    def time_index(self) -> int | None:
        return per(self.time_index_sum, self.grouped)

    @property
    def ungrouped_share(self) -> int | None:
        return per(self.cases - self.grouped, self.cases, 10_000)

    @property
    def fund_share(self) -> int | None:
        """What the fund had booked of the cost."""
        return per(self.booked, self.cost, 10_000)

    @property
    def low_share(self) -> int | None:
        return per(self.low, self.judged, 10_000)

    @property
    def high_share(self) -> int | None:
        return per(self.high, self.judged, 10_000)


def measures(stays: Stays, groups: Groups, owner: Ints, size: int) -> list[Measures]:
    """One an owner; stays of owner −1 count for nobody."""
    cost, days = stays.cost, stays.ints("days")
    grouped = (stays.group[0] >= 0).astype(np.int64)
    scored = stays.has("base_score").astype(np.int64)
    judged = stays.are("deviation_band", "low", "normal", "high").astype(np.int64)
    whole = [
        counted(owner, size),
        *(summed(owner, values, size) for values in (cost, days, stays.ints("booked_pay"), grouped, scored, stays.ints("base_score"))),
    ]  # fmt: skip
    indices = [
        np.rint(averaged(owner, ratio_to_mean(stays, groups, values, totals), size) * MILLION).astype(np.int64)
        for values, totals in ((cost, groups.cost), (days, groups.days))
    ]
    bands = [summed(owner, judged, size)]
    bands += [summed(owner, stays.are("deviation_band", band).astype(np.int64), size) for band in ("low", "high")]
    return [Measures(*(int(column[i]) for column in (*whole, *indices, *bands))) for i in range(size)]

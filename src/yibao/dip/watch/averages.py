"""Means of groups over all hospitals of a year, and how far stays of a group differ (F18)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yibao.dip.watch.stays import Stays
from yibao.dip.watch.sums import Floats, Ints, averaged, counted, summed


@dataclass(frozen=True)
class Groups:
    """Per group: cases, exact sums of cost (fen) and days; CV of the cost, a statistic."""

    names: list[str]
    cases: Ints
    cost: Ints
    days: Ints
    cv: Floats


def groups_of(stays: Stays) -> Groups:
    """The groups that occur. CV = standard deviation ÷ mean of all its stays."""
    group, names = stays.group
    size, cost = len(names), stays.cost
    cases, total = counted(group, size), summed(group, cost, size)
    mean = total / np.maximum(cases, 1)
    apart = (cost - mean[np.maximum(group, 0)]) ** 2 if size else np.zeros(len(stays))
    spread = np.sqrt(averaged(group, apart.astype(np.float64), size) / np.maximum(cases, 1))
    cv = np.divide(spread, mean, out=np.zeros(size), where=mean > 0)
    return Groups(names, cases, total, summed(group, stays.ints("days"), size), cv)


def ratio_to_mean(stays: Stays, groups: Groups, values: Ints, totals: Ints) -> Floats:
    """Each stay's value ÷ the mean of its group; 0 where it has no group."""
    group = stays.group[0]
    if not len(totals):
        return np.zeros(len(stays))
    of = np.maximum(group, 0)
    return np.asarray(
        np.divide(
            values * groups.cases[of], totals[of], out=np.zeros(len(stays)), where=(group >= 0) & (totals[of] > 0)
        ),
        np.float64,
    )

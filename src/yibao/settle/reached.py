"""How far a pack's rules reach for each bill: every step, the deductible and the pool, or nothing; and which key is missing.

What cannot be computed must not be told as a difference, at that bill or at a later one. A bill whose benefit is not said still
counts with what was reported (`Benefits.carried`), so the deductibles and the pool of later bills are right; their later layers
look at sums that nobody knows, so they are left out. Where not even that is said, the person's later bills are left out.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from yibao.region.benefits.groups import ORDER as IDENTITY_ORDER
from yibao.region.benefits.plan import Plan, Situation, no_benefit
from yibao.region.benefits.resolve import Benefits
from yibao.region.pack import MissingKey
from yibao.settle.across_years import crosses
from yibao.settle.arrays import Ints
from yibao.settle.columns import encoded
from yibao.settle.run import says_order
from yibao.settle.situations import Key, Situations

NOTHING, TO_THE_POOL, ALL = range(3)
Missing = tuple[
    int, str, bool
]  #: how far a bill is compared, the key that is missing, and whether at an earlier bill of the person


@dataclass(frozen=True, slots=True)
class Reach:
    """What the rules say of one kind of bill."""

    plans: tuple[Plan, ...]  #: one that only carries amounts on, where nothing is said
    far: int = ALL
    later: int = ALL  #: how far the person's later bills can be compared
    key: str = ""  #: what is missing
    situation: Situation | None = None  #: None where no rule is asked


@dataclass(frozen=True)
class Reached:
    """Of each bill of a batch: its plan, how far it may be compared, the fund of its pool, the missing key."""

    plans: Ints
    far: Ints
    fund: Ints
    key: Ints  #: place in `names`
    earlier: Ints  #: 1 where the key is missing at an earlier bill of the person
    names: list[str]

    def taken(self, places: Ints) -> Reached:
        """Those of some bills."""
        plans, far, fund, key, earlier = (
            column[places] for column in (self.plans, self.far, self.fund, self.key, self.earlier)
        )
        return Reached(plans, far, fund, key, earlier, self.names)

    def missing(self) -> Counter[Missing]:
        """How many bills are not compared in full, by how far they are and why."""
        rows = np.column_stack([self.far, self.key, self.earlier])[self.far < ALL]
        kinds, counts = np.unique(rows, axis=0, return_counts=True)
        found: Counter[Missing] = Counter()
        for (far, key, earlier), count in zip(kinds.tolist(), counts.tolist(), strict=True):
            found[far, self.names[key], bool(earlier)] += count
        return found


class Reaches:
    """Finds how far the rules reach for the bills of a run; it grows with what it meets."""

    def __init__(self, benefits: Benefits, situations: Situations) -> None:
        self.benefits, self.situations = benefits, situations
        self._ordered = says_order(benefits.pack)
        self._known: dict[Key, tuple[int, Reach]] = {}

    def of(self, bills: pa.Table) -> Reached:
        """For bills of whole persons, in order of person and settlement."""
        kinds, of = self.situations.kinds(bills)
        known = [self._reach(kind) for kind in kinds]
        plans, far, later, layered, fund = _columns(known, of)
        names, key = [reach.key for _, reach in known], of.copy()
        for at in np.flatnonzero(crosses(bills)).tolist():
            if name := self._year_end(known[int(of[at])][1].situation):
                far[at], later[at], key[at] = NOTHING, NOTHING, len(names)
                names.append(name)
        person = encoded(bills["person_no"])[0]
        limit = _limits(later, person)
        less = (limit < far) & ((limit == NOTHING) | (layered != 0))
        for at in np.flatnonzero(less).tolist():  # in order: the key of one that was limited itself is known by then
            key[at] = key[_cause(later, person, at, int(limit[at]))]
        return Reached(plans, np.where(less, limit, far), fund, key, less.astype(np.int64), names)

    def _reach(self, kind: Key) -> tuple[int, Reach]:
        if kind not in self._known:
            found = self._read(kind)
            self._known[kind] = (self.situations.compiled.add(found.plans), found)
        return self._known[kind]

    def _read(self, kind: Key) -> Reach:
        if not kind[-1]:  # no claim: nothing is paid, whatever the rules say
            return Reach((no_benefit("", ""),))
        try:
            situation = self.situations.situation(kind)
        except MissingKey as error:
            return Reach((no_benefit("", ""),), NOTHING, NOTHING, error.key)
        if self._asks_for_order(situation):
            return self._carried(situation, IDENTITY_ORDER)
        try:
            plans = self.benefits.plans(situation)
        except MissingKey as error:
            return self._part(situation, error.key)
        layers = f"{situation.scheme}.{situation.care}.layers"
        if not plans[0].layers and plans[0].sources[layers].status == "inferred":  # nobody looked beyond the pool
            return Reach(plans, TO_THE_POOL, TO_THE_POOL, layers, situation)
        return Reach(plans, situation=situation)

    def _part(self, situation: Situation, key: str) -> Reach:
        try:
            return Reach(self.benefits.to_the_pool(situation), TO_THE_POOL, TO_THE_POOL, key, situation)
        except MissingKey:
            return self._carried(situation, key)

    def _carried(self, situation: Situation, key: str) -> Reach:
        try:
            plan = self.benefits.carried(situation)
        except MissingKey:
            plan = None
        if plan is None or plan.pool.yearly:  # the year's sum of what the bands looked at is not known
            return Reach((no_benefit(situation.scheme, situation.care),), NOTHING, NOTHING, key, situation)
        return Reach((plan,), NOTHING, TO_THE_POOL, key, situation)

    def _asks_for_order(self, situation: Situation) -> bool:
        """Would another of a person's identities change what holds, where no order of them is said?"""
        if self._ordered or situation.identity == "ordinary":
            return False
        return "identity" in self.benefits.rules(situation.on).dimensions(situation).fields

    def _year_end(self, situation: Situation | None) -> str:
        """The key that does not say how a stay over the end of a year is settled; empty where it does."""
        if situation is None or situation.care != "inpatient":
            return ""
        try:
            self.benefits.year_end(situation)
        except MissingKey as error:
            return error.key
        return ""


def _columns(known: list[tuple[int, Reach]], of: Ints) -> Ints:
    """By bill: plan, how far, how far later ones, whether it has layers, fund of the pool."""
    rows = [
        (row, reach.far, reach.later, bool(reach.plans[0].layers), int(reach.plans[0].pool.fund))
        for row, reach in known
    ]
    return np.array(rows, np.int64).reshape(-1, 5)[of].T.copy()


def _limits(later: Ints, person: Ints) -> Ints:
    """For each bill the least of `later` among the person's bills before it.

    >>> _limits(np.array([2, 1, 2, 2]), np.array([0, 0, 0, 1])).tolist()
    [2, 2, 1, 2]
    """
    run = np.cumsum(np.r_[0, np.diff(person) != 0])
    before = np.minimum.accumulate(later - run * (ALL + 1)) + run * (ALL + 1)
    return np.where(np.diff(run, prepend=-1) != 0, ALL, np.r_[ALL, before[:-1]])


def _cause(later: Ints, person: Ints, at: int, limit: int) -> int:
    """The person's last bill before `at` that sets the limit."""
    before = at - 1
    while later[before] > limit:
        before -= 1
    assert person[before] == person[at]
    return before

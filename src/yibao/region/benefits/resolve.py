"""From a pack to plans: what the rules say about one situation, at its first, second, … admission (ADR 0014).

>>> from yibao.region.packs import region
>>> Benefits(region("cn-4309")).plans(Situation("resident", "inpatient", date(2025, 6, 30)))
Traceback (most recent call last):
yibao.region.pack.MissingKey: “益阳市”的地区包里没有 2025-06-30 有效的 resident.inpatient.deductible（居民·住院·起付线），请在地区包中补上并注明来源。
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from yibao.errors import UserError
from yibao.region.benefits.edits import overlay
from yibao.region.benefits.groups import GROUPS, ORDER
from yibao.region.benefits.knobs import CARES, SCHEMES, is_benefit
from yibao.region.benefits.plan import Plan, Situation
from yibao.region.benefits.reading import Reading
from yibao.region.benefits.rules import Rules, every
from yibao.region.benefits.told_apart import Dimensions, told_apart
from yibao.region.benefits.values import cells
from yibao.region.pack import Pack

_REMEMBERED = 500_000  #: situations


class Benefits:
    """The benefit rules of a jurisdiction as they were known at a day (None: all that is known)."""

    def __init__(self, pack: Pack, known_at: date | None = None) -> None:
        self.pack, self.known_at = pack, known_at
        self.dates = changes(pack)
        self._rules: dict[int, Rules] = {}
        self._plans: dict[Situation, tuple[Plan, ...]] = {}

    def plans(self, situation: Situation) -> tuple[Plan, ...]:
        """The plans for the first, second, … admission of a year; the last one counts for all later ones too.

        UserError names the key that is missing, and for whom.
        """
        found = self._plans.get(situation)
        if found is None:
            if len(self._plans) > _REMEMBERED:
                self._plans.clear()
            found = self._plans[situation] = self._resolved(situation)
        return found

    def _resolved(self, situation: Situation) -> tuple[Plan, ...]:
        rules = self.rules(situation.on)
        kind = rules.dimensions(situation).canonical(situation)
        if (found := self._plans.get(kind)) is None:
            try:
                found = self._plans[kind] = _plans(rules, kind)
            except UserError:
                return _plans(rules, situation)  # the same complaint, in the words of this visit
        return found

    def to_the_pool(self, situation: Situation) -> tuple[Plan, ...]:
        """The plans as far as the pool, where the later layers are not said; MissingKey where that is not said either."""
        return _plans(self.rules(situation.on), situation, Reading.to_the_pool)

    def carried(self, situation: Situation) -> Plan:
        """What counts for later visits of one whose benefit is not said; MissingKey where not even that is said."""
        return _plans(self.rules(situation.on), situation, Reading.carried)[0]

    def rules(self, on: date) -> Rules:
        """The rules of a day."""
        at = bisect_right(self.dates, on) - 1
        if at not in self._rules:
            self._rules[at] = Rules(self.pack, self.dates[at] if at >= 0 else on, self.known_at)
        return self._rules[at]

    def canonical(self, situation: Situation) -> Situation:
        """The situation that stands for all that have the same plans."""
        return self.rules(situation.on).dimensions(situation).canonical(situation)

    def dimensions(self, scheme: str = "", care: str = "") -> Dimensions:
        """What the pack tells apart, at any time: of one scheme and care, or of all."""
        values = [
            value
            for start in self.dates
            for name in ([scheme] if scheme else SCHEMES)
            for kind in ([care] if care else CARES)
            for value in self.rules(start).values(name, kind)
        ]
        return told_apart([cell for value in values for cell in cells(value)], every(values), self.dates)

    def year_end(self, situation: Situation) -> str:
        """How a stay is settled that crosses the end of a year; UserError where the pack does not say."""
        return str(Reading(self.rules(situation.on), situation, 1).need(situation.care, "year_end"))

    def counted(self, identities: Iterable[str], on: date | None = None) -> str:
        """The identity that counts, once: the first of `identity.order` that is held; `ordinary` where none is.

        An identity that the order does not list does not count. UserError where identities are held and there is no order.
        """
        held = set(identities)
        if not held:
            return "ordinary"
        order = self.pack.words(ORDER, on=on or (self.dates[-1] if self.dates else date.max))
        return next((name for name in order if name in held), "ordinary")

    def set(self, key: str, word: str | None, value: Any, on: date) -> Benefits:
        """The same rules with one value changed from a day on: of one row of its cell, or (word None) as a whole.

        `word` is the condition of the row (`level2`, `三级 次数>=2`); in bands and caps the number of the entry and the
        item come first (`1.amount`, `2.rate.level3`). A row that is not there is added.
        """
        return Benefits(overlay(self.pack, key, word, value, on, self.known_at, self.dates), self.known_at)


def changes(pack: Pack) -> tuple[date, ...]:
    """The days on which a benefit rule of the pack, or of one above it, begins or ends."""
    found: set[date] = set()
    for above in pack.chain():
        for name, values in above.parameters.items():
            if is_benefit(name) or name in (GROUPS, ORDER):
                found.update(value.valid_from for value in values)
                found.update(value.valid_to + timedelta(days=1) for value in values if value.valid_to)
    return tuple(sorted(found))


def _plans(rules: Rules, situation: Situation, read: Callable[[Reading], Plan] = Reading.plan) -> tuple[Plan, ...]:
    if situation.scheme not in SCHEMES or situation.care not in CARES:
        raise UserError(f"没有“{situation.scheme}”险种或“{situation.care}”就诊类别。")
    first = Reading(rules, situation, 1)
    found = [read(first)]
    found += [read(Reading(rules, situation, n)) for n in range(2, first.depth + 1)]
    while len(found) > 1 and replace(found[-1], nth=found[-2].nth) == found[-2]:
        found.pop()
    return tuple(found)

"""测算: a year's bills settled under two policies by the same kernel, and what that changes for the funds and for the people.

A policy is the rules in force, with some of them changed for bills from a day on. Nobody is assumed to behave otherwise: the
same people, the same visits, the same bills. Amounts are what the books would show; what hospitals are owed under DIP is another sum.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from yibao.region.benefits.plan import Fund, Plan, Situation
from yibao.region.benefits.resolve import Benefits
from yibao.settle import arrays as a
from yibao.settle.arrays import Ints, State, Visits
from yibao.settle.compile import Compiled
from yibao.settle.kernel import settle
from yibao.settle.prepared import Prepared

Plans = Callable[[Situation], tuple[Plan, ...]]  #: the plans of a situation; UserError for what is missing
ACCOUNT, CASH = a.FUNDS, a.FUNDS + 1  #: the places of an amount behind those of the funds
AMOUNTS = a.FUNDS + 2
PAID = tuple(fund for fund in Fund if fund is not Fund.HOSPITAL)  #: what a fund pays


@dataclass(frozen=True)
class Outcome:
    """What a year costs under one policy: by bill what each fund pays, the account (a family's included), and cash; fen."""

    amounts: Ints  #: bills × AMOUNTS
    undone: Ints  #: by bill, 1 where it was taken back or takes back

    @cached_property
    def fund(self) -> Ints:
        """By bill what all funds pay."""
        return np.asarray(self.amounts[:, : len(PAID)].sum(axis=1), np.int64)

    @cached_property
    def burden(self) -> Ints:
        """By bill what the person pays, from the account and in cash."""
        return self.amounts[:, ACCOUNT] + self.amounts[:, CASH]


def from_day(before: Benefits, after: Benefits, on: date) -> Plans:
    """The plans of `after` for bills from a day on, of `before` for all others."""

    def plans(situation: Situation) -> tuple[Plan, ...]:
        return (after if situation.on >= on else before).plans(situation)

    return plans


def outcome(prepared: Prepared, plans: Plans, *, assumed: bool = False) -> Outcome:
    """The year settled under a policy, part by part on all cores. UserError names the key that it lacks.

    `assumed`: with the identities that count under the policy that is assumed.
    """
    kind = prepared.assumed if assumed else prepared.kind
    compiled = Compiled()
    rows = np.array([compiled.add(prepared.situations.plans(key, plans)) for key in prepared.kinds], np.int64)
    rules = compiled.rules()
    found = Outcome(np.empty((prepared.size, AMOUNTS), np.int64), np.empty(prepared.size, np.int64))

    def pay(visits: Visits, first: int) -> None:
        size = visits.person.size
        state, out = State.fresh(compiled.slots, size), np.zeros((size, a.WIDTH), np.int64)
        settle(visits._replace(plan=rows[kind[first : first + size]]), rules, state, out, a.empty_trace(), -1)
        amounts = found.amounts[first : first + size]
        amounts[:, : a.FUNDS] = out[:, a.FUND : a.FUND + a.FUNDS]
        amounts[:, ACCOUNT] = out[:, a.ACCOUNT] + out[:, a.FAMILY]
        amounts[:, CASH] = out[:, a.CASH]
        found.undone[first : first + size] = state.undone

    sizes = [visits.person.size for visits in prepared.parts]
    with ThreadPoolExecutor() as threads:  # the kernel holds no lock
        list(threads.map(pay, prepared.parts, np.cumsum([0, *sizes[:-1]]).tolist()))
    return found

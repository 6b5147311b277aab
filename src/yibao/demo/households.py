"""Families who share an account: one employee's account also pays for the other, once the other's own is empty.

Couples of employees of one block, so that both live in the same order of time. Half of them registered before the county's last years, the others within.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from yibao.demo.arrays import Flags, Ints, day_number, year_days
from yibao.demo.enrolment import Relations
from yibao.demo.people import FLEXIBLE, NEVER, RESIDENT, WORKER, People
from yibao.demo.records import person_ids
from yibao.demo.settings import Plan
from yibao.demo.write import in_key_order, rows

SHARED = 0.4  #: of the employees whose own account is thin
THIN, FULL = 50_000, 80_000  #: fen before the first year
FIRST_DAY = "2022-01-01"  #: the example region lets couples share since then


@dataclass(frozen=True)
class Households:
    """By person: whose account they may use as well (-1: nobody's), and from when."""

    holder: Ints
    start: Ints

    @property
    def members(self) -> Ints:
        return np.flatnonzero(self.holder >= 0)

    @property
    def order(self) -> Ints:
        """By person a number that a couple shares."""
        return np.where(self.holder >= 0, self.holder, np.arange(len(self.holder)))


def draw_households(plan: Plan, people: People, relations: Relations) -> Households:
    holder = np.full(len(people), -1, dtype=np.int64)
    insured = (people.kind != RESIDENT) & (people.first_year < NEVER) & (people.death == 0) & (relations.end == 0)
    thin = insured & (((people.kind == WORKER) & (people.employer == FLEXIBLE)) | (people.opening < THIN))
    full = insured & ~thin & (people.opening >= FULL) & (people.employer != FLEXIBLE)
    for block, (first, last) in enumerate(people.blocks):
        rng, here = plan.stream("households", block), np.arange(first, last)
        for sex in (1, 2):
            member, other = _couples(rng, here[(thin & (people.sex == sex))[here]], here[(full & (people.sex != sex))[here]], people)  # fmt: skip
            holder[member] = other
    return Households(holder, _begin(plan, people, relations, holder))


def _couples(rng: np.random.Generator, members: Ints, holders: Ints, people: People) -> tuple[Ints, Ints]:
    """As many as there are holders for, those of like age together."""
    size = min(round(SHARED * len(members)), len(holders))
    member, holder = rng.permutation(members)[:size], rng.permutation(holders)[:size]
    return member[np.argsort(people.birth[member], kind="stable")], holder[np.argsort(people.birth[holder], kind="stable")]  # fmt: skip


def _begin(plan: Plan, people: People, relations: Relations, holder: Ints) -> Ints:
    """The day of registration: not before the region allows it, nor before both are insured."""
    rng, size = plan.stream("households", "begin"), len(people)
    first, last = year_days(plan.years[0])[0], year_days(plan.years[-1])[1]
    drawn = np.where(rng.random(size) < 0.5, first - rng.integers(1, 500, size), rng.integers(first, last - 60, size))
    both = np.maximum(relations.start, relations.start[np.maximum(holder, 0)])
    return np.maximum(np.maximum(drawn, both), day_number(FIRST_DAY))


def account_sharing(households: Households) -> Iterator[pa.RecordBatch]:
    """A row a couple; the spouse's registration goes on."""
    member = households.members
    yield in_key_order("account_sharing", rows("account_sharing", len(member), {
        "account_holder_no": person_ids(households.holder[member]),
        "sharing_member_no": person_ids(member),
        "kinship": "spouse",
        "sharing_from": households.start[member],
    }))  # fmt: skip


def may_share(households: Households, person: Ints, day: Ints) -> Flags:
    """Has the person a holder on the day?"""
    found: Flags = (households.holder[person] >= 0) & (households.start[person] <= day)
    return found

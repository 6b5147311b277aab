"""Enrolment: relations, when each year was paid for and from when it covers, assistance identities."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yibao.demo.arrays import Flags, Ints, day_number, year_days, year_of
from yibao.demo.people import NEVER, RESIDENT, People
from yibao.demo.settings import Plan

WAITING = 90  #: days between a late payment and the first covered day (the example county's rule)
PERSON_YUAN = {2022: 320, 2023: 350, 2024: 380, 2025: 400, 2026: 400, 2027: 420}  #: resident's own contribution
LATE = 0.02

#: identity → (issuing office, share of residents, share of the contribution that is paid for them)
IDENTITIES: dict[str, tuple[str, float, float]] = {
    "tekun": ("minzheng", 0.0085, 1.0),
    "guer": ("minzheng", 0.0003, 1.0),
    "dibao": ("minzheng", 0.0290, 0.6),
    "fanpin": ("nongye", 0.0012, 0.6),
    "jiance_tuopin": ("nongye", 0.0060, 0.5),
    "jiance_bianyuan": ("nongye", 0.0065, 0.5),
    "jiance_yanzhong": ("nongye", 0.0040, 0.5),
    "dibao_bianyuan": ("minzheng", 0.0055, 0.0),
    "yinbing_zhipin": ("minzheng", 0.0015, 0.0),
    "zhongcan": ("canlian", 0.0100, 0.5),
    "youfu": ("tuiyi", 0.0030, 0.0),
}
NAMES = tuple(IDENTITIES)


def person_yuan(year: int) -> int:
    """What a resident pays for a year, yuan."""
    return PERSON_YUAN[min(max(year, min(PERSON_YUAN)), max(PERSON_YUAN))]


@dataclass(frozen=True)
class Relations:
    """The one relation of each person: first day, last day (0: goes on)."""

    start: Ints
    end: Ints


def draw_relations(plan: Plan, people: People) -> Relations:
    rng, size = plan.stream("relations"), len(people)
    before = plan.stay_years[0] - 1
    old_day = day_number(f"{before}-01-01")
    past = np.maximum(people.birth, old_day - 365 * rng.integers(0, 14, size))
    joined = _first_day(people.first_year)
    newborn = (people.kind == RESIDENT) & (year_of(people.birth) == people.first_year)
    worker = joined + np.where(people.kind == RESIDENT, 0, rng.integers(0, 28, size) * 10)
    start = np.where(people.first_year <= before, past, np.where(newborn, people.birth, worker))
    left = _first_day(people.last_year + 1) - 1
    end = np.where(people.death > 0, people.death, np.where(people.last_year > plan.years[-1], 0, left))
    return Relations(start, np.where((end > 0) & (end < start), start, end))


def _first_day(years: Ints) -> Ints:
    return (np.minimum(years, NEVER) - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)


def paid_days(plan: Plan, people: People, year: int) -> Ints:
    """The day on which each resident's contribution for a year arrived: in the window before it, or late."""
    rng, size = plan.stream("paid", year), len(people)
    first = day_number(f"{year}-01-01")
    window = first - 92 + np.floor(91 * rng.beta(1.6, 1.1, size)).astype(np.int64)
    late = first + np.where(rng.random(size) < 0.7, rng.integers(0, 59, size), rng.integers(59, 300, size))
    newborn = np.maximum(people.birth, 0) + rng.integers(1, 80, size)
    ontime = np.where(rng.random(size) < LATE, late, window)
    return np.where((year_of(people.birth) == year) & (people.kind == RESIDENT), newborn, ontime)


def covered_from(plan: Plan, people: People, relations: Relations, year: int) -> Ints:
    """The first day of the year that each person is covered (meaningful for those insured in it)."""
    first = year_days(year)[0]
    paid = paid_days(plan, people, year)
    late = (people.kind == RESIDENT) & (paid >= first) & (year_of(people.birth) != year)
    return np.maximum(np.maximum(relations.start, first), np.where(late, paid + WAITING, 0))


@dataclass(frozen=True)
class Identities:
    """One entry an identity that somebody holds, ordered by person."""

    person: Ints
    kind: Ints  #: index into NAMES
    start: Ints
    end: Ints  #: 0: goes on
    listed: Ints

    def holders(self, first: int, last: int, size: int) -> list[list[tuple[int, int, int]]]:
        """For a block of people: (kind, start, end) of each identity of each."""
        found: list[list[tuple[int, int, int]]] = [[] for _ in range(size)]
        inside = (self.person >= first) & (self.person < last)
        columns = (self.person[inside] - first, self.kind[inside], self.start[inside], self.end[inside])
        for person, kind, start, end in zip(*(c.tolist() for c in columns), strict=True):
            found[person].append((kind, start, end))
        return found


def draw_identities(plan: Plan, people: People) -> Identities:
    """Several identities at once happen; some begin or end in the years of the county."""
    rng = plan.stream("identities")
    resident = np.flatnonzero((people.kind == RESIDENT) & (people.first_year < NEVER))
    parts = []
    first_day, last_day = year_days(plan.stay_years[0])[0], year_days(plan.years[-1])[1]
    for kind, (_, share, _) in enumerate(IDENTITIES.values()):
        who = rng.permutation(resident)[: max(2, round(share * len(resident)))]
        recent = rng.random(len(who)) < 0.18
        start = np.where(
            recent, rng.integers(first_day, last_day - 30, len(who)), first_day - rng.integers(30, 2600, len(who))
        )
        start = np.maximum(start, people.birth[who] + 1)
        ends = (rng.random(len(who)) < 0.10) & (start + 200 < last_day)
        end = np.where(ends, rng.integers(np.minimum(start + 190, last_day - 1), last_day), 0)
        parts.append((who, np.full(len(who), kind), start, end, start - rng.integers(0, 20, len(who))))
    person, kinds, starts, ends_, listed = (np.concatenate(column) for column in zip(*parts, strict=True))
    keep = (people.death[person] == 0) | (people.death[person] > starts)
    order = np.lexsort((kinds, person))
    order = order[keep[order]]
    return Identities(person[order], kinds[order], starts[order], ends_[order], listed[order])


def aided_share(identities: Identities, year: int, size: int) -> tuple[Ints, Ints]:
    """For a year: percent of the contribution paid for each person, and the identity (index, -1 none) that gives it.

    The identity must be listed before the year; the most favourable counts, once.
    """
    first = year_days(year)[0]
    percent, by = np.zeros(size, dtype=np.int64), np.full(size, -1, dtype=np.int64)
    for kind, (_, _, share) in enumerate(IDENTITIES.values()):
        chosen = (identities.kind == kind) & (identities.start < first - 95) & held_on(identities, first)
        who = identities.person[chosen]
        better = who[percent[who] < round(share * 100)]
        percent[better], by[better] = round(share * 100), kind
    return percent, by


def held_on(identities: Identities, day: int) -> Flags:
    return (identities.start <= day) & ((identities.end == 0) | (identities.end >= day))

"""The stays of every year: which hospital, which illness, who, when, how dear. Small enough to be planned as a whole.

Nobody lies in two beds at once, and nobody comes back within a month with the same illness, unless somebody planned it:
cycles, transfers, plants and what looks like them are made in stay_plants.py, what cannot be is mended in stay_conflicts.py.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from yibao.demo.arrays import DAY, Flags, Floats, Ints, choose, split_total, year_days
from yibao.demo.calendar import draw_days, draw_time
from yibao.demo.case_mix import LEVEL_COST, LEVEL_DAYS, CaseMix, weights_at
from yibao.demo.enrolment import Relations, covered_from
from yibao.demo.institutions import AWAY, DIP, Institutions, stay_counts
from yibao.demo.people import RESIDENT, People, bucket_of
from yibao.demo.places import Places
from yibao.demo.settings import AWAY_STAYS, Plan

POOR_ILLNESS = 3  #: stays of people with an assistance identity, against others of their age
AWAY_COST, AWAY_SIGMA = 2.65, 0.55  #: of the same illness in a hospital elsewhere; and how far more bills differ there
LAST_STAY, MILD = (
    0.024,
    0.3,
)  #: share of stays at 70 that end in death; of illnesses that any hospital treats, so much of it

ORDINARY = 0  #: role of a stay that truth/ does not speak of; the others: stay_plants.py


@dataclass
class Stays:
    """One entry a stay; times in seconds since 1970."""

    hospital: Ints
    group: Ints
    person: Ints
    start: Ints
    end: Ints
    bill: Ints  #: fen that the stay should cost
    way: Ints  #: 离院方式
    planned: Ints  #: 1: planned to come back within 31 days
    role: Ints  #: ORDINARY, or what truth/ will say of it
    partner: Ints  #: index of the stay that it follows by somebody's intention, -1
    locked: Ints  #: 1: its person and dates stand
    sibling: Ints  #: 1: another code of the same category was written

    def __len__(self) -> int:
        return len(self.hospital)

    def take(self, index: Ints) -> Stays:
        return Stays(**{f.name: getattr(self, f.name)[index] for f in fields(self)})


@dataclass(frozen=True)
class Extra:
    """More stays in a hospital than it has beds for, discharged between two days of a year."""

    plant: str
    which: int  #: of the plants of this behaviour
    hospital: int
    count: int
    first: int
    last: int


def joined(parts: list[Stays]) -> Stays:
    """Several as one; partners keep pointing into their own part."""
    offsets = np.cumsum([0, *(len(part) for part in parts)])
    for part, offset in zip(parts, offsets, strict=False):
        part.partner = np.where(part.partner >= 0, part.partner + offset, -1)
    return Stays(**{f.name: np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Stays)})


@dataclass(frozen=True)
class Pool:
    """Who may be admitted in a year: persons by bucket (age, sex, town)."""

    order: Ints
    first: Ints
    count: Ints
    age: Floats
    sex: Ints
    town: Ints
    newborn: Ints  #: residents born in this year or the one before, in order of birth
    born: Ints  #: their days of birth
    frailty: Floats  #: by person: how likely a stay is their last, against an ordinary one at 70
    covered: Ints  #: by person: first covered day of the year
    steady: Flags  #: by person: covered throughout, and alive

    @classmethod
    def of(cls, plan: Plan, people: People, places: Places, relations: Relations, poor: Flags, year: int) -> Pool:
        """`poor`: by person, holds an assistance identity; they fall ill more often than others of their age."""
        bucket, ages = bucket_of(people, places, year)
        towns = len(places.town_code)
        key = np.where(bucket >= 0, bucket * towns + places.village_town[people.village], -1)
        order = np.argsort(key, kind="stable")[int((key < 0).sum()) :]
        order = np.repeat(order, np.where(poor[order], POOR_ILLNESS, 1))
        count = np.bincount(key[order], minlength=len(ages) * towns)
        sex = np.tile([1, 2], len(ages) // 2)
        covered = covered_from(plan, people, relations, year)
        steady = (people.death == 0) & (covered <= year_days(year)[0]) & people.insured_in(year - 1)
        young = (people.kind == RESIDENT) & (people.birth >= year_days(year - 1)[0]) & people.insured_in(year)
        newborn = np.flatnonzero(young)[np.argsort(people.birth[young], kind="stable")]
        return cls(
            order=order,
            first=np.cumsum(count) - count,
            count=count,
            age=np.repeat(ages, towns),
            sex=np.repeat(sex, towns),
            town=np.tile(np.arange(towns), len(ages)),
            newborn=newborn,
            born=people.birth[newborn],
            frailty=np.clip(np.exp(0.05 * (people.age_at(year_days(year)[0]) - 70)), 0.05, 4.0),
            covered=covered,
            steady=steady,
        )

    def draw(
        self, rng: np.random.Generator, mix: CaseMix, group: int, home: int, days: Ints, newborn: bool = True
    ) -> Ints:
        """Persons whom the illness befalls on these days; a township's hospital serves its own people first.

        `newborn`: an illness of the newborn looks for one; where there are too few, small children have it too.
        """
        size = len(days)
        if newborn and mix.age_to[group] == 0 and len(self.newborn):
            day = days - np.floor(rng.random(size) ** 2 * 25).astype(np.int64)
            return self.newborn[np.maximum(np.searchsorted(self.born, day, side="right") - 1, 0)]
        low, high = mix.age_from[group] // 5 * 5, mix.age_to[group]
        fits = (
            (self.age >= low)
            & (self.age <= max(high, low + 4))
            & ((mix.sex[group] == 0) | (self.sex == mix.sex[group]))
        )
        rate = np.where(self.age < 5, 1.6, np.where(self.age < 40, 0.5, 0.5 + (self.age - 40) * 0.065))
        weight = self.count * fits * rate * (np.where(self.town == home, 14.0, 0.35) if home > 0 else 1.0)
        if weight.sum() == 0:
            weight = self.count * fits.astype(np.float64) + (0 if fits.any() else self.count)
        bucket = choose(rng, weight, size)
        place = np.floor(rng.random(size) * self.count[bucket]).astype(np.int64)
        return self.order[self.first[bucket] + place]


def draw_year(plan: Plan, institutions: Institutions, mix: CaseMix, pool: Pool, year: int, extra: list[Extra]) -> Stays:
    """The ordinary stays that end in a year. `extra`: more stays at the end of the rows."""
    per_hospital = stay_counts(plan, institutions, sum(e.count for e in extra))
    parts = [_hospital(plan, institutions, mix, pool, year, h, int(per_hospital[h])) for h in range(DIP)]
    away = split_total(plan.count(AWAY_STAYS, 12), np.array([4.0, 1.5, 1.2, 2.4, 0.8, 0.6]))
    parts += [_hospital(plan, institutions, mix, pool, year, DIP + i, int(away[i])) for i in range(AWAY)]
    parts += [_hospital(plan, institutions, mix, pool, year, e.hospital, e.count, e) for e in extra]
    return joined(parts)


def _hospital(
    plan: Plan, institutions: Institutions, mix: CaseMix, pool: Pool, year: int, hospital: int, size: int,
    between: Extra | None = None,
) -> Stays:  # fmt: skip
    """Stays of one hospital that end in the year (`between`: the extra ones of a plant)."""
    rng = plan.stream("stays", year, hospital, between.plant if between else "")
    home, level = int(institutions.town[hospital]), int(institutions.level[hospital])
    per_group = split_total(size, weights_at(mix, institutions, hospital))
    group = np.repeat(np.arange(len(mix)), per_group)
    end_day = np.concatenate(
        [draw_days(rng, year, mix.season[g], int(n)) for g, n in enumerate(per_group) if n] or [group]
    )
    if between:
        end_day = rng.integers(between.first, between.last + 1, size)
    stretch = rng.gamma(6.0, 1 / 6.0, size)
    nights = np.maximum(1, np.round(mix.days[group] * LEVEL_DAYS[level] * stretch)).astype(np.int64)
    cost = mix.cost[group] * LEVEL_COST[level] * (AWAY_COST if hospital >= DIP else 1.0)
    sigma = np.hypot(mix.sigma[group], AWAY_SIGMA) if hospital >= DIP else mix.sigma[group]
    spread = np.exp(rng.normal(0, 1, size) * sigma - sigma**2 / 2)
    end = end_day * DAY + np.clip(draw_time(rng, size), 8 * 3600, 18 * 3600)
    start = (end_day - nights) * DAY + draw_time(rng, size)
    edges = np.cumsum(per_group)[:-1]
    person = np.concatenate(
        [pool.draw(rng, mix, g, home, days) for g, days in enumerate(np.split(start // DAY, edges)) if len(days)]
        or [group]
    )
    dies = rng.random(size) < LAST_STAY * pool.frailty[person] * np.where(mix.level[group] > 1, 1.0, MILD)
    way = np.where(rng.random(size) < 0.035, 4, 1)
    zeros = np.zeros(size, dtype=np.int64)
    return Stays(
        hospital=np.full(size, hospital), group=group, person=person, start=start, end=end,
        bill=np.maximum(np.round(cost * spread * (0.6 + 0.4 * stretch)), 20_000).astype(np.int64),
        way=np.where(dies, 5, way), planned=zeros, role=zeros + ORDINARY, partner=zeros - 1, locked=zeros, sibling=zeros,
    )  # fmt: skip

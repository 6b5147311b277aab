"""The people: who they are, when they were born and died, in which years they are insured, where they work.

Columns are arrays over a person's number. People are shuffled once, so a number says nothing about them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yibao.demo.arrays import Flags, Floats, Ints, choose, day_number, split_total, year_days, year_of
from yibao.demo.places import Places
from yibao.demo.settings import BLOCK, INSURED, RESIDENT_SHARE, RETIRED_PER_WORKER, Plan

RESIDENT, WORKER, RETIRED = 0, 1, 2
EMPLOYERS = 420
FLEXIBLE = -1  #: no employer
NEVER = 9_999
HOSPITAL_DEATHS = 0.0012  #: of the insured a year (measured)

_AGE_EDGES = np.array([0, 6, 15, 18, 30, 45, 60, 70, 80, 96])
_AGE_SHARE = {
    RESIDENT: np.array([0.065, 0.125, 0.035, 0.10, 0.17, 0.205, 0.17, 0.09, 0.04]),
    WORKER: np.array([0, 0, 0, 0.24, 0.42, 0.34, 0, 0, 0]),
    RETIRED: np.array([0, 0, 0, 0, 0, 0.22, 0.42, 0.25, 0.11]),
}


@dataclass(frozen=True)
class People:
    """One entry a person. Days count from 1970, money is fen."""

    kind: Ints
    birth: Ints
    sex: Ints  #: 1 male, 2 female
    village: Ints
    death: Ints  #: 0: lives
    first_year: Ints  #: insured from this year …
    last_year: Ints  #: … to this one, both included
    employer: Ints  #: FLEXIBLE: none
    civil: Flags
    wage: Ints  #: a month, fen
    pension_credit: Ints  #: a month into the account of a retired person, fen
    opening: Ints  #: account balance before the first year, fen

    def __len__(self) -> int:
        return len(self.kind)

    @property
    def blocks(self) -> list[tuple[int, int]]:
        return [(start, min(start + BLOCK, len(self))) for start in range(0, len(self), BLOCK)]

    def insured_in(self, year: int) -> Flags:
        """Insured at some time of the year and alive at its start."""
        first, last = year_days(year)
        alive = (self.birth <= last) & ((self.death == 0) | (self.death >= first))
        return alive & (self.first_year <= year) & (self.last_year >= year)

    def insured_at(self, day: int, year: int) -> Flags:
        return self.insured_in(year) & (self.birth <= day) & ((self.death == 0) | (self.death > day))

    def age_at(self, day: int) -> Ints:
        return np.floor((day - self.birth) / 365.2425).astype(np.int64)


def draw_people(plan: Plan, places: Places) -> People:
    last = plan.years[-1]
    insured = plan.count(INSURED)
    residents = round(insured * RESIDENT_SHARE)
    workers = round((insured - residents) / (1 + RETIRED_PER_WORKER))
    targets = {RESIDENT: residents, WORKER: workers, RETIRED: insured - residents - workers}
    parts = [_cohort(plan, places, kind, count, last) for kind, count in targets.items()]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = plan.stream("people", "order").permutation(len(columns["kind"]))
    return People(**{name: column[order] for name, column in columns.items()})


def _cohort(plan: Plan, places: Places, kind: int, target: int, last: int) -> dict[str, Ints]:
    """People of one kind: about `target` of them are insured at the end of the last year, others left, died, or never joined.

    Some of those who live here will die in hospital (wards.py), so there are so many more.
    """
    rng = plan.stream("people", kind)
    target = round(target * (1 + HOSPITAL_DEATHS * len(plan.stay_years)))
    size = round(target * (1.10 if kind == RESIDENT else 1.16)) + 40
    day = year_days(last)[1]
    birth = _births(rng, kind, size, day)
    death = _deaths(rng, plan, birth)
    alive = (birth <= day) & (death == 0)
    here = np.zeros(size, dtype=bool)
    here[rng.permutation(np.flatnonzero(alive))[:target]] = True
    first, last_year = _years(rng, plan, birth, death, here, kind)
    wage = np.round(np.exp(rng.normal(np.log(5_000), 0.38, size))).astype(np.int64) * 100
    return {
        "kind": np.full(size, kind, dtype=np.int64),
        "birth": birth,
        "sex": np.where(rng.random(size) < 0.51, 1, 2),
        "village": choose(rng, places.village_weight, size),
        "death": death,
        "first_year": first,
        "last_year": last_year,
        "employer": _employer(rng, kind, size),
        "civil": (rng.random(size) < 0.16) & (kind != RESIDENT),
        "wage": np.maximum(wage, 340_000),
        "pension_credit": rng.integers(70, 140, size) * 100,
        "opening": np.round(np.exp(rng.normal(np.log(1_400), 0.9, size)) * 100).astype(np.int64),
    }


def _births(rng: np.random.Generator, kind: int, size: int, day: int) -> Ints:
    share = _AGE_SHARE[kind]
    band = np.repeat(np.arange(len(share)), split_total(size, share))
    youngest = {RESIDENT: 0.0, WORKER: 22.0, RETIRED: 52.0}[kind]
    age = rng.uniform(np.maximum(_AGE_EDGES[band], youngest), _AGE_EDGES[band + 1])
    return day - np.floor(age * 365.2425).astype(np.int64)


def _deaths(rng: np.random.Generator, plan: Plan, birth: Ints) -> Ints:
    """A day of death for those who die in the years that the county lives through."""
    death = np.zeros(len(birth), dtype=np.int64)
    for year in plan.stay_years:
        first, last = year_days(year)
        age = (first - birth) / 365.2425
        hazard = np.where(age < 0, 0.0, 0.00022 + 0.000026 * np.exp(0.092 * np.maximum(age, 0)))
        dies = (rng.random(len(birth)) < hazard) & (death == 0)
        death = np.where(dies, rng.integers(first, last + 1, len(birth)), death)
    return death


def _years(rng: np.random.Generator, plan: Plan, birth: Ints, death: Ints, here: Flags, kind: int) -> tuple[Ints, Ints]:
    """First and last insured year of each person."""
    size, last = len(birth), plan.years[-1]
    before = plan.stay_years[0] - 1
    born = year_of(birth)
    joined = np.where(rng.random(size) < 0.035, rng.integers(plan.stay_years[0], last + 1, size), before)
    first = np.maximum(np.minimum(joined, last), born if kind == RESIDENT else 0)
    ended = np.where(death > 0, year_of(death), rng.integers(before, last, size))
    never = ~here & (death == 0) & (rng.random(size) < 0.45)
    first = np.where(never, NEVER, first)
    return first, np.where(here, last + 1, ended)


def _employer(rng: np.random.Generator, kind: int, size: int) -> Ints:
    if kind == RESIDENT:
        return np.full(size, FLEXIBLE, dtype=np.int64)
    employer = choose(rng, 1.0 / np.arange(3.0, EMPLOYERS + 3.0) ** 0.9, size)
    return np.where((rng.random(size) < 0.22) & (kind == WORKER), FLEXIBLE, employer)


def bucket_of(people: People, places: Places, year: int) -> tuple[Ints, Floats]:
    """For hospital admissions: the bucket (age of five years, sex) of each insured person, and each bucket's age.

    Persons who are not insured in the year have -1.
    """
    age = np.clip(people.age_at(day_number(f"{year}-07-01")), 0, 99)
    bucket = (age // 5 * 2 + people.sex - 1).astype(np.int64)
    return np.where(people.insured_in(year), bucket, -1), np.repeat(np.arange(20) * 5.0 + 2, 2)

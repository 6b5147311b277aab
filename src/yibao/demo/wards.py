"""All stays of all years, and the licensed beds that follow from them: the wards of the county."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yibao.demo.arrays import DAY, Flags, Ints, year_days
from yibao.demo.case_mix import CaseMix
from yibao.demo.enrolment import Relations
from yibao.demo.institutions import DIP, Institutions, stay_counts
from yibao.demo.people import People
from yibao.demo.places import Places
from yibao.demo.settings import Plan
from yibao.demo.stay_coding import upcode
from yibao.demo.stay_conflicts import settle_conflicts
from yibao.demo.stay_plants import CROWDED, PER_KIND, intend
from yibao.demo.stays import Extra, Pool, Stays, draw_year, joined

ROOM = 1.04  #: licence over the fullest day, where nobody overfills
TIGHT = 1.02  #: licence over the mean day, where somebody does


def draw_stays(
    plan: Plan, places: Places, people: People, relations: Relations, poor: Flags, institutions: Institutions, mix: CaseMix
) -> dict[int, Stays]:  # fmt: skip
    """The stays by the year in which they end. Deaths in hospital are written into `people`."""
    found: dict[int, Stays] = {}
    for year in plan.stay_years:
        pool = Pool.of(plan, people, places, relations, poor, year)
        extra = _extra(plan, institutions, year)
        stays = draw_year(plan, institutions, mix, pool, year, extra)
        _mark_extra(stays, extra)
        intend(plan, institutions, people, mix, stays, pool.steady, year)
        rng = plan.stream("conflicts", year)
        found[year] = settle_conflicts(rng, stays, people, mix, institutions, pool, found.get(year - 1), year)
        upcode(plan, institutions, mix, found[year], year)
        _deaths(people, found[year], year)
    return found


def _extra(plan: Plan, institutions: Institutions, year: int) -> list[Extra]:
    """More stays where wards are overfilled."""
    first, last = year_days(year)
    found = []
    for which, plant in enumerate(plan.planted("beds_over_licence")):
        hospital = institutions.index(plant.actor)
        low, high = max(first, plant.first_day), min(last, plant.last_day)
        if low <= high:
            count = round(stay_counts(plan, institutions)[hospital] * plant.rate * (high - low + 1) / 365)
            found.append(Extra(plant.id, which, hospital, count, low, high))
    return found


def _mark_extra(stays: Stays, extra: list[Extra]) -> None:
    """The extra stays are the last ones that were drawn (draw_year)."""
    at = len(stays)
    for more in reversed(extra):
        stays.role[at - more.count : at] = CROWDED * PER_KIND + more.which
        at -= more.count


def _deaths(people: People, stays: Stays, year: int) -> None:
    """Who died in hospital died that day; a death that later stays contradict is a discharge."""
    latest = np.full(len(people), -1)
    order = np.argsort(stays.end, kind="stable")
    latest[stays.person[order]] = order
    dying = np.flatnonzero(stays.way == 5)
    may = (latest[stays.person[dying]] == dying) & (people.death[stays.person[dying]] == 0) & (stays.locked[dying] == 0)
    people.death[stays.person[dying[may]]] = stays.end[dying[may]] // DAY
    stays.way[dying[~may]] = 1


def census(stays: list[Stays], hospital: int, first: int, last: int) -> Ints:
    """Patients in bed on each day first … last: admitted by the day, not yet discharged (adm ≤ d < dis)."""
    change = np.zeros(last - first + 2, dtype=np.int64)
    for part in stays:
        mine = part.hospital == hospital
        np.add.at(change, np.clip(part.start[mine] // DAY - first, 0, last - first + 1), 1)
        np.add.at(change, np.clip(part.end[mine] // DAY - first, 0, last - first + 1), -1)
    return np.cumsum(change)[: last - first + 1]


@dataclass(frozen=True)
class Licence:
    """Licensed beds of a hospital, and those approved for a year at a time."""

    hospital: int
    beds: int
    temporary: int = 0


def licences(plan: Plan, institutions: Institutions, stays: dict[int, Stays]) -> list[Licence]:
    """Enough beds everywhere, but where wards were overfilled; one hospital that is as full has approved extra beds."""
    actors = {institutions.index(plant.actor) for plant in plan.planted("beds_over_licence")}
    first, last = year_days(plan.stay_years[0])[0], year_days(plan.stay_years[-1])[1]
    found = []
    for hospital in range(DIP):
        full = int(np.ceil(census(list(stays.values()), hospital, first, last).max() * ROOM)) + 1
        mean = census(_without(stays, CROWDED), hospital, first, last).mean()
        tight = max(round(float(mean) * TIGHT), 2)
        if hospital in actors:
            found.append(Licence(hospital, tight))
        elif hospital == approved_hospital(actors) and full > tight:
            found.append(Licence(hospital, tight, full - tight))
        else:
            found.append(Licence(hospital, full))
    return found


def approved_hospital(actors: set[int]) -> int:
    """The hospital whose extra beds are approved: the largest of the small ones that nobody planted anything on."""
    return next(h for h in (8, 9, 10, 11) if h not in actors)


def _without(stays: dict[int, Stays], kind: int) -> list[Stays]:
    return [part.take(np.flatnonzero(part.role // PER_KIND != kind)) for part in stays.values()]


def all_stays(stays: dict[int, Stays]) -> Stays:
    """The stays of all years as one, in order of years."""
    return joined([part.take(np.arange(len(part))) for part in stays.values()])

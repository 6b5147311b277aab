"""Stays that somebody intended: cycles, transfers, new illnesses, and the planted ones.

Nothing is added for them: stays that were drawn anyway change their person and their dates, so bills, seconds and lines stay
as they are everywhere. Only over-full wards get more stays, drawn like all others (stays.draw_year).
"""

from __future__ import annotations

import numpy as np

from yibao.demo.arrays import DAY, Flags, Ints, year_days
from yibao.demo.case_mix import CaseMix
from yibao.demo.institutions import DIP, PEOPLES, Institutions
from yibao.demo.people import People
from yibao.demo.plants import Plant
from yibao.demo.settings import Plan
from yibao.demo.stays import Stays

SPLIT, CYCLE, TRANSFER, NEW_ILLNESS, CROWDED, UPCODED, SICKER = range(1, 8)  #: kinds of role
PER_KIND = 100  #: role = kind × 100 + which plant of that behaviour
TRANSFERS, NEW_ILLNESSES = 0.006, 0.003  #: of all stays


def intend(
    plan: Plan, institutions: Institutions, people: People, mix: CaseMix, stays: Stays, steady: Flags, year: int
) -> None:
    """Everything of a year that is intended, in place."""
    rng = plan.stream("intended", year)
    _cycles(rng, stays, mix, steady, year)
    for index, plant in enumerate(plan.planted("split_stay")):
        hospital = institutions.index(plant.actor)
        _split(plan.stream("split", plant.id, year), stays, mix, steady, year, plant, index, hospital)
    _transfers(rng, institutions, stays, mix, steady, year)
    _new_illnesses(rng, people, stays, mix, steady, year)


def _free(stays: Stays) -> Flags:
    return (stays.locked == 0) & (stays.way != 5)


def _follow(stays: Stays, first: Ints, second: Ints, start: Ints, kind: int, which: int, year: int) -> Ints:
    """Let each `second` stay belong to the person of `first` and begin at `start`; the seconds that fit into the year."""
    length = stays.end[second] - stays.start[second]
    fits = (start + length) // DAY <= year_days(year)[1]
    first, second, start, length = first[fits], second[fits], start[fits], length[fits]
    stays.person[second], stays.start[second], stays.end[second] = stays.person[first], start, start + length
    stays.partner[second], stays.role[second] = first, kind * PER_KIND + which
    stays.locked[first] = stays.locked[second] = 1
    return second


def _pairs(
    rng: np.random.Generator, stays: Stays, may_be_first: Flags, may_be_second: Flags, wanted: int, size: int
) -> tuple[Ints, Ints]:
    """Up to `wanted` disjoint pairs of stays of one group."""
    firsts, seconds = [], []
    for group in rng.permutation(size):
        one = rng.permutation(np.flatnonzero(may_be_first & (stays.group == group)))
        two = rng.permutation(np.flatnonzero(may_be_second & (stays.group == group)))
        one = one[: len(one) // 2] if len(one) and np.isin(one, two).any() else one
        two = two[~np.isin(two, one)]
        n = min(len(one), len(two))
        firsts.append(one[:n])
        seconds.append(two[:n])
    first, second = np.concatenate(firsts), np.concatenate(seconds)
    chosen = rng.permutation(len(first))[:wanted]
    return first[chosen], second[chosen]


def _split(
    rng: np.random.Generator, stays: Stays, mix: CaseMix, steady: Flags, year: int, plant: Plant, which: int, hospital: int
) -> None:  # fmt: skip
    """Sent home and taken in again after one to six days with the same illness."""
    candidate = _free(stays) & (stays.hospital == hospital) & ~mix.operated[stays.group] & ~mix.is_cycle[stays.group]
    opening = candidate & plant.covers(stays.end // DAY) & steady[stays.person]
    occasions = int((candidate & plant.covers(stays.end // DAY)).sum())
    first, second = _pairs(rng, stays, opening, candidate, round(plant.rate * occasions), len(mix))
    gap = rng.integers(1, 7, len(first))
    start = (stays.end[first] // DAY + gap) * DAY + stays.start[second] % DAY
    done = _follow(stays, first, second, start, SPLIT, which, year)
    if plant.disguise == "sibling_diagnosis":
        stays.sibling[done] = 1


def _cycles(rng: np.random.Generator, stays: Stays, mix: CaseMix, steady: Flags, year: int) -> None:
    """Treatment in planned cycles: three to six stays of one hospital and group belong to one person, 21 days apart."""
    for group in np.flatnonzero(mix.is_cycle):
        for hospital in np.unique(stays.hospital[stays.group == group]):
            chosen = (stays.group == group) & (stays.hospital == hospital) & _free(stays)
            index = rng.permutation(np.flatnonzero(chosen))
            index = index[np.argsort(~steady[stays.person[index]], kind="stable")]
            chains = max(1, len(index) // 4) if len(index) > 1 else 0
            for head in range(chains):
                _chain(rng, stays, index[head::chains], steady, year)


def _chain(rng: np.random.Generator, stays: Stays, chain: Ints, steady: Flags, year: int) -> None:
    person = stays.person[chain[0]]
    if not steady[person] or len(chain) < 2:
        return
    first_day, last_day = year_days(year)
    day = int(rng.integers(first_day + 8, last_day - 21 * (len(chain) - 1) - 14))
    for i, stay in enumerate(chain):
        nights = min(max(stays.end[stay] // DAY - stays.start[stay] // DAY, 1), 10)
        begin = day + 21 * i + int(rng.integers(-1, 3))
        stays.end[stay] = (begin + nights) * DAY + stays.end[stay] % DAY
        stays.start[stay] = begin * DAY + stays.start[stay] % DAY
        stays.person[stay], stays.locked[stay] = person, 1
        stays.planned[stay] = int(i + 1 < len(chain))
        stays.partner[stay] = chain[i - 1] if i else -1
        stays.role[stay] = CYCLE * PER_KIND if i else 0


def _transfers(
    rng: np.random.Generator, institutions: Institutions, stays: Stays, mix: CaseMix, steady: Flags, year: int
) -> None:
    """From a small hospital to the county's largest, the same day, with the same illness."""
    small = np.isin(stays.hospital, np.flatnonzero(institutions.level[:DIP] < 3))
    opening = _free(stays) & small & steady[stays.person] & ~mix.is_cycle[stays.group]
    first, second = _pairs(
        rng, stays, opening, _free(stays) & (stays.hospital == PEOPLES), round(TRANSFERS * len(stays)), len(mix)
    )
    stays.way[first] = 2
    start = stays.end[first] + rng.integers(1800, 3 * 3600, len(first))
    done = _follow(stays, first, second, start, TRANSFER, 0, year)
    stays.way[np.setdiff1d(first, stays.partner[done])] = 1


def _new_illnesses(
    rng: np.random.Generator, people: People, stays: Stays, mix: CaseMix, steady: Flags, year: int
) -> None:
    """Home for a few days, then taken in with something else."""
    wanted = max(2, round(NEW_ILLNESSES * len(stays)))
    pool = rng.permutation(np.flatnonzero(_free(stays) & ~mix.is_cycle[stays.group] & (stays.hospital < DIP)))
    first, second = pool[: wanted * 4], pool[wanted * 4 : wanted * 8]
    size = min(len(first), len(second))
    first, second = first[:size], second[:size]
    age = people.age_at(year_days(year)[0])[stays.person[first]]
    group = stays.group[second]
    fits = (age >= mix.age_from[group]) & (age <= mix.age_to[group]) & steady[stays.person[first]]
    fits &= (mix.sex[group] == 0) | (mix.sex[group] == people.sex[stays.person[first]])
    fits &= mix.category[group] != mix.category[stays.group[first]]
    first, second = first[fits][:wanted], second[fits][:wanted]
    start = (stays.end[first] // DAY + rng.integers(2, 6, len(first))) * DAY + stays.start[second] % DAY
    _follow(stays, first, second, start, NEW_ILLNESS, 0, year)

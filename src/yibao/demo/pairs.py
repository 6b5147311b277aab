"""Items that exclude each other on one day of one patient: who bills one, who the other, and who both.

The same code writes every case, so a planted line is like any other line of its item. `mark` says what it was:
kind × 100 + which plant, negative on the partner of such a line.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yibao.demo.arrays import DAY, Flags, Ints, Rows, runs
from yibao.demo.calendar import within_day
from yibao.demo.fee_lines import ONE, Sheet
from yibao.demo.institutions import DEPARTMENT_CODES
from yibao.demo.world import World

TOGETHER, OTHER_DAY, REFUNDED, OTHER_SIDE = 1, 2, 3, 4  #: kinds of mark; all but the first only look like it
NEAR = {OTHER_DAY: "other_day", REFUNDED: "refunded", OTHER_SIDE: "other_side"}
PER_KIND = 100
ONLY_A, ONLY_B = 10, 11


@dataclass(frozen=True)
class Pair:
    """Two items, in which departments they are met, how often and on how many days of a stay."""

    a: str
    b: str
    departments: tuple[str, ...]
    share: float
    days: int
    hourly: bool


PAIRS = (
    Pair("pair1_a", "pair1_b", ("03", "04", "07", "19", "15"), 0.16, 3, True),
    Pair("pair2_a", "pair2_b", ("04", "21", "50"), 0.30, 4, False),
)


def pair_lines(rng: np.random.Generator, world: World, visits: Rows, sheet: Sheet) -> None:
    """Write the lines of every pair for stays."""
    for pair in PAIRS:
        departments = [DEPARTMENT_CODES.index(code) for code in pair.departments]
        met = np.isin(visits["department"], departments) & (rng.random(len(visits)) < pair.share)
        stay = np.flatnonzero(met & (visits["end"] - visits["start"] > 3 * DAY))
        _one_pair(rng, world, visits, sheet, pair, stay)


def _one_pair(rng: np.random.Generator, world: World, visits: Rows, sheet: Sheet, pair: Pair, stay: Ints) -> None:
    item_a, item_b = (int(world.catalogue.of(kind)[0]) for kind in (pair.a, pair.b))
    sided = bool(world.catalogue.has_side[item_a])
    nights = visits["end"][stay] // DAY - visits["start"][stay] // DAY
    owner, place = runs(np.minimum(rng.integers(1, pair.days + 1, len(stay)), nights - 1))
    visit, start, end = stay[owner], visits["start"][stay][owner], visits["end"][stay][owner]
    day = start // DAY + place
    case = _cases(rng, len(visit), sided)
    case, which, hidden = _planted(rng, world, visits["provider"][visit], day, case)
    with_a, with_b = case != ONLY_B, case != ONLY_A
    elsewhere = np.bincount(owner, with_a, len(stay))[owner] > 0
    case = np.where((case == ONLY_B) & elsewhere, OTHER_DAY, case)
    time_a, time_b = within_day(rng, day, start, end), within_day(rng, day, start, end)
    close = np.clip(time_a + rng.integers(-300, 301, len(visit)), start + 60, end - 60)
    time_b = np.where((case == TOGETHER) & ~hidden, close, time_b)
    side_a = rng.integers(1, 3, len(visit)) * sided
    side_b = np.where(case == OTHER_SIDE, 3 - side_a, side_a) * sided
    mark_b = np.where(case < ONLY_A, case * PER_KIND + which, 0)
    hours_a, hours_b = (_quantity(rng, pair, len(visit)) for _ in range(2))
    mark_a = np.where(with_b & with_a, -mark_b, 0)
    sheet.add(visit[with_a], time_a[with_a], item_a, hours_a[with_a], side=side_a[with_a], mark=mark_a[with_a])
    sheet.add(visit[with_b], time_b[with_b], item_b, hours_b[with_b], side=side_b[with_b], mark=mark_b[with_b])


def _quantity(rng: np.random.Generator, pair: Pair, size: int) -> Ints:
    return rng.integers(3, 25, size) * ONE if pair.hourly else np.full(size, ONE)


def _cases(rng: np.random.Generator, size: int, sided: bool) -> Ints:
    """What happens on each day, where nobody cheats. One item on one day and the other on the next is quite in order."""
    names = np.array([ONLY_A, ONLY_B, REFUNDED, OTHER_SIDE])
    weight = np.array([0.51, 0.44, 0.02, 0.03] if sided else [0.51, 0.44, 0.05, 0.0])
    return names[rng.choice(len(names), size, p=weight)]


def _planted(rng: np.random.Generator, world: World, provider: Ints, day: Ints, case: Ints) -> tuple[Ints, Ints, Flags]:
    """Day by day: on a day with one of the items the actor bills the other too. Which plant, and whether hours apart."""
    which, hidden = np.zeros(len(day), dtype=np.int64), np.zeros(len(day), dtype=bool)
    single = case >= ONLY_A
    for index, plant in enumerate(world.plan.planted("pair_billed_together")):
        drawn = rng.random(len(day)) < plant.rate
        done = single & drawn & (provider == world.institutions.index(plant.actor)) & plant.covers(day)
        case, which = np.where(done, TOGETHER, case), np.where(done, index, which)
        hidden = np.where(done, plant.disguise == "other_hour", hidden)
    return case, which, hidden


def taken_back(rng: np.random.Generator, visits: Rows, lines: Rows) -> tuple[Ints, Ints]:
    """The lines of pairs that are refunded, and when: within the hour or two."""
    chosen = np.flatnonzero(lines["mark"] // PER_KIND == REFUNDED)
    time = lines["time"][chosen] + rng.integers(300, 7_200, len(chosen))
    return chosen, np.minimum(time, visits["settled"][lines["visit"][chosen]])

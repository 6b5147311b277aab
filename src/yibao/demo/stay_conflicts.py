"""Stays that cannot be, and to whom they go instead: nobody lies in two beds at once, or is back too soon without a plan."""

from __future__ import annotations

import numpy as np

from yibao.demo.arrays import DAY, Flags, Ints, year_days
from yibao.demo.case_mix import CaseMix
from yibao.demo.institutions import Institutions
from yibao.demo.people import People
from yibao.demo.stays import ORDINARY, Pool, Stays, joined

APART = 31  #: days between stays of one person with one illness, where nobody planned otherwise
ROUNDS, NEWBORN_ROUNDS = 40, 12  #: of looking for another person; in the first an illness of the newborn wants one


def conflicts(
    stays: Stays, people: People, mix: CaseMix, pool: Pool, before: Stays | None, year: int, locked: Ints
) -> Flags:
    """Stays that cannot be: two at once, after death, not covered, or back too soon; never one that is locked."""
    every = stays if before is None else joined([_copy(stays), _copy(before)])
    order = np.lexsort((every.start, every.person))
    same = every.person[order][1:] == every.person[order][:-1]
    earlier, later = order[:-1], order[1:]
    gap = every.start[later] - every.end[earlier]
    category = mix.category
    alike = category[every.group[later]] == category[every.group[earlier]]
    intended = every.partner[later] == earlier
    clash = same & ~intended & ((gap < DAY) | (alike & (gap < APART * DAY)))
    bad = np.zeros(len(every), dtype=bool)
    movable_later = (np.append(locked, np.ones(len(every) - len(stays)))[later] == 0) & (later < len(stays))
    bad[later[clash & movable_later]] = True
    bad[earlier[clash & ~movable_later]] = True
    bad = bad[: len(stays)]
    death = people.death[stays.person]
    bad |= (death > 0) & (stays.end >= death * DAY)
    start_day = stays.start // DAY
    covered = np.where(
        start_day < year_days(year)[0],
        people.insured_in(year - 1)[stays.person],
        start_day >= pool.covered[stays.person],
    )
    bad |= ~covered | (start_day < people.birth[stays.person])
    return bad & (locked == 0)


def _copy(stays: Stays) -> Stays:
    return stays.take(np.arange(len(stays)))


def settle_conflicts(
    rng: np.random.Generator, stays: Stays, people: People, mix: CaseMix, institutions: Institutions, pool: Pool,
    before: Stays | None, year: int,
) -> Stays:  # fmt: skip
    """Give conflicting stays to other people until none is left. Those that two intentions gave to one person lose
    theirs first; the few that nobody can have are dropped."""
    nobody = np.zeros(len(stays), dtype=np.int64)
    for _ in range(2):
        _reassign(rng, stays, people, mix, institutions, pool, before, year)
        lost = np.flatnonzero(conflicts(stays, people, mix, pool, before, year, nobody))
        _release(stays, lost)
    keep = np.flatnonzero(~conflicts(stays, people, mix, pool, before, year, nobody))
    place = np.full(len(stays), -1)
    place[keep] = np.arange(len(keep))
    kept = stays.take(keep)
    kept.partner = np.where(kept.partner >= 0, place[kept.partner], -1)
    return kept


def _reassign(
    rng: np.random.Generator, stays: Stays, people: People, mix: CaseMix, institutions: Institutions, pool: Pool,
    before: Stays | None, year: int,
) -> None:  # fmt: skip
    for turn in range(ROUNDS):
        bad = np.flatnonzero(conflicts(stays, people, mix, pool, before, year, stays.locked))
        if not len(bad):
            break
        key = stays.hospital[bad] * len(mix) + stays.group[bad]
        for value in np.unique(key):
            chosen = bad[key == value]
            home = int(institutions.town[value // len(mix)])
            stays.person[chosen] = pool.draw(
                rng, mix, int(value % len(mix)), home, stays.start[chosen] // DAY, turn < NEWBORN_ROUNDS
            )


def _release(stays: Stays, lost: Ints) -> None:
    """These are ordinary stays again, and so are those that followed them."""
    lost = np.union1d(lost, np.flatnonzero(np.isin(stays.partner, lost)))
    ordinary = lost[stays.partner[lost] >= 0]
    stays.role[ordinary], stays.partner[ordinary], stays.sibling[ordinary] = ORDINARY, -1, 0
    stays.locked[lost], stays.planned[lost] = 0, 0

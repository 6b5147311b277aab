"""Diagnoses that say more than the illness: the dearer one of the same category is written, nothing else changes.

What only looks like it: the next hospital of the same level really has sicker patients, and their bills are what such patients cost.
Who lies in which bed was settled before; a diagnosis of the same category does not change it.
"""

from __future__ import annotations

import numpy as np

from yibao.demo.arrays import DAY, Flags, Ints
from yibao.demo.case_mix import CaseMix
from yibao.demo.institutions import DIP, Institutions
from yibao.demo.plants import Plant
from yibao.demo.settings import Plan
from yibao.demo.stay_plants import PER_KIND, SICKER, UPCODED
from yibao.demo.stays import ORDINARY, Stays

SICKER_SHARE = 0.4  #: of the occasions of the hospital that has sicker patients


def upcode(plan: Plan, institutions: Institutions, mix: CaseMix, stays: Stays, year: int) -> None:
    """Everything of a year that is coded too high, in place."""
    plants = plan.planted("upcoding")
    actors = {institutions.index(plant.actor) for plant in plants}
    dearer = dearer_groups(mix)
    for which, plant in enumerate(plants):
        rng, hospital = plan.stream("upcoding", plant.id, year), institutions.index(plant.actor)
        chosen = _chosen(rng, stays, dearer, plant, hospital, plant.rate)
        stays.group[chosen], stays.role[chosen] = dearer[stays.group[chosen]], UPCODED * PER_KIND + which
        honest = _chosen(rng, stays, dearer, plant, _neighbour(institutions, hospital, actors), SICKER_SHARE)
        worse = dearer[stays.group[honest]]
        stays.bill[honest] = np.round(stays.bill[honest] * mix.cost[worse] / mix.cost[stays.group[honest]])
        stays.group[honest], stays.role[honest] = worse, SICKER * PER_KIND + which


def dearer_groups(mix: CaseMix) -> Ints:
    """For each group the dearest one of its category that the same people can have without an operation; −1 none."""
    found = np.full(len(mix), -1, dtype=np.int64)
    for group in np.flatnonzero(~mix.operated & ~mix.is_cycle).tolist():
        fits: Flags = (mix.category == mix.category[group]) & ~mix.operated & (mix.cost > mix.cost[group])
        fits &= (mix.age_from <= mix.age_from[group]) & (mix.age_to >= mix.age_to[group])
        fits &= (mix.sex == 0) | (mix.sex == mix.sex[group])
        if fits.any():
            found[group] = np.flatnonzero(fits)[np.argmax(mix.cost[fits])]
    return found


def _chosen(rng: np.random.Generator, stays: Stays, dearer: Ints, plant: Plant, hospital: int, rate: float) -> Ints:
    """A share of the ordinary stays that could be coded higher."""
    open_to = (stays.hospital == hospital) & (dearer[stays.group] >= 0) & (stays.role == ORDINARY) & (stays.locked == 0)
    occasions = np.flatnonzero(open_to & plant.covers(stays.end // DAY))
    return np.sort(rng.permutation(occasions)[: round(rate * len(occasions))])


def _neighbour(institutions: Institutions, hospital: int, actors: set[int]) -> int:
    """The largest other hospital of the level, else of any, that codes as it is."""
    others = [h for h in range(DIP) if h not in actors and institutions.type[h] in ("hospital", "tcm_hospital")]
    return min(others, key=lambda h: (institutions.level[h] != institutions.level[hospital], h))

"""The sheets that the pooling city sends, from the stays: catalogues, results, months, point values, clearing.

A plain reading of the example region's terms, written on its own: whatever groups and clears later is compared with something that
shares no code with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from yibao.demo.arrays import Ints
from yibao.demo.dip_cases import Cases, Grouper, Results, cases, group_cases
from yibao.demo.dip_catalogue import PRIMARY, Catalogue, build, combinations, count
from yibao.demo.dip_deviations import City, Wrong, deviate
from yibao.demo.dip_sheets import Before, Sheets, draw_sheets
from yibao.demo.dip_terms import SCHEMES, Terms, fen_of
from yibao.demo.institutions import DIP
from yibao.demo.records import Shelf
from yibao.demo.settings import HISTORY, REGION
from yibao.demo.world import World
from yibao.region.packs import region

NOTHING = (np.zeros(0, dtype=np.int64),) * 3


@dataclass(frozen=True)
class Dip:
    """Everything that the city sends for the paid year, and what is wrong in it."""

    year: int
    terms: Terms
    catalogues: tuple[Catalogue, Catalogue]  #: of the year before, of the year
    found: Cases
    results: Results
    sheets: Sheets
    wrong: list[Wrong]


def draw_dip(world: World, shelf: Shelf) -> Dip:
    """The last year, paid by what the three years before it cost."""
    year = world.plan.years[-1]
    terms, old_terms = (Terms.of(region(REGION), y) for y in (year, year - 1))
    earlier = [cases(world, shelf, y) for y in range(year - HISTORY, year)]
    found = combinations(world.mix)
    level = world.institutions.level
    counted = [(c.combination, c.fee, level[c.provider]) for c in earlier]
    now = build(terms, found, count(counted, len(found)))
    old = build(old_terms, found, count([NOTHING, *counted[:-1]], len(found)))
    grouper, before = Grouper(terms, now, found), Grouper(old_terms, old, found)
    paid = cases(world, shelf, year)
    results = group_cases(world, terms, grouper, paid)
    wrong = deviate(City(world, terms, old_terms, grouper, before, paid), results)
    known = [_before(world, terms, grouper, earlier, scheme) for scheme in range(len(SCHEMES))]
    sheets = draw_sheets(world.plan, terms, paid, results, known)
    return Dip(year, terms, (old, now), paid, results, sheets, wrong)


def _before(world: World, terms: Terms, grouper: Grouper, earlier: list[Cases], scheme: int) -> Before:
    """Cost and points of a scheme over the years before, weighted; the points without deviations."""
    cost, points = Decimal(0), Decimal(0)
    for weight, year in zip(terms.weights, earlier, strict=True):
        mine = year.scheme == scheme
        cost += weight * int(year.fee[mine].sum())
        points += weight * sum(_points(world, terms, grouper, year.combination[mine], year.provider[mine]), Decimal(0))
    last, booked = earlier[-1], np.zeros(DIP, dtype=np.int64)
    mine = last.scheme == scheme
    np.add.at(booked, last.provider[mine], last.booked[mine])
    advance = [fen_of(amount * terms.advance) for amount in booked.tolist()]
    return Before(cost, points, int(last.fee[mine].sum()), int(booked.sum()), advance)


def _points(world: World, terms: Terms, grouper: Grouper, combination: Ints, provider: Ints) -> Iterator[Decimal]:
    """What the cases score, by combination and hospital."""
    number = np.bincount(combination * DIP + provider, minlength=len(grouper.candidates) * DIP)
    for key in np.flatnonzero(number).tolist():
        if (group := grouper.group(key // DIP)) is not None:
            coefficient = Decimal(1) if group.layer == PRIMARY else terms.coefficients[int(world.institutions.level[key % DIP])]  # fmt: skip
            yield int(number[key]) * group.score * coefficient

"""What the city gets wrong on purpose (truth/dip_deviations): a few of each, named, with what it should have been.

Grouping goes wrong before the sums are made: months and clearing follow the wrong results, as they would. The others stand in one
row of a sheet alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from yibao.demo.arrays import Flags, Ints
from yibao.demo.dip_cases import BANDS, Cases, Grouper, Results, Scored, score
from yibao.demo.dip_catalogue import PRIMARY
from yibao.demo.dip_terms import Terms
from yibao.demo.world import World

FEW = 4  #: cases of each kind
CODE_MAP, PACK, TIE, BAND, COEFFICIENT = "wrong_code_map", "old_pack", "tie_broken_otherwise", "band_misread", "coefficient_of_last_year"  # fmt: skip
POINT_VALUE, DEDUCTION, DEPOSIT = "point_value_rounded", "deduction_twice", "deposit_missing"


@dataclass(frozen=True)
class Wrong:
    """A case that was grouped or scored wrongly."""

    name: str
    case: int
    right: Scored
    wrong: Scored


@dataclass
class City:
    """All that the city knows when it groups."""

    world: World
    terms: Terms
    before: Terms
    grouper: Grouper
    old: Grouper
    found: Cases

    def level(self, case: int) -> int:
        return int(self.world.institutions.level[self.found.provider[case]])

    def right(self, case: int) -> Scored:
        return self._score(self.terms, self.grouper, case)

    def _score(self, terms: Terms, grouper: Grouper, case: int, read: str | None = None) -> Scored:
        group = grouper.group(int(self.found.combination[case]))
        return score(terms, grouper.catalogue, group, self.level(case), int(self.found.fee[case]), read)

    def unmapped(self, case: int) -> Scored:
        """The operations' codes were not known to the city, so the stay counted as one without."""
        one = next(iter(self.grouper.without[int(self.found.combination[case])]), None)
        return score(self.terms, self.grouper.catalogue, one, self.level(case), int(self.found.fee[case]))

    def old_pack(self, case: int) -> Scored:
        """The catalogue of the year before; bands and coefficients are this year's."""
        return self._score(self.terms, self.old, case)

    def otherwise(self, case: int) -> Scored:
        """Of groups that match alike, the one with the lowest score."""
        last = self.grouper.tied(int(self.found.combination[case]))[-1]
        return score(self.terms, self.grouper.catalogue, last, self.level(case), int(self.found.fee[case]))

    def misread(self, case: int) -> Scored:
        return self._score(self.terms, self.grouper, case, read="normal")

    def last_coefficient(self, case: int) -> Scored:
        """Last year's coefficient; the ratio and the band stay as they are read with this year's."""
        right = self.right(case)
        if right.group is None or right.coefficient != self.terms.coefficients[self.level(case)]:
            return right
        coefficient = self.before.coefficients[self.level(case)]
        return replace(right, coefficient=coefficient, points=self.terms.score(right.base, coefficient, right.factor))


def deviate(city: City, results: Results) -> list[Wrong]:
    """Put the wrong results among the others; every case at most once."""
    rng, found = city.world.plan.stream("dip-deviations"), city.found
    operated = np.array([bool(g is not None and g.operations) for g in results.group])
    grouped = np.array([g is not None for g in results.group])
    ties = np.array([len(city.grouper.tied(c)) > 1 for c in range(len(city.grouper.candidates))])
    beyond = results.band != BANDS.index("normal")
    month = _one_month(rng, city, np.array([g is not None and g.layer != PRIMARY for g in results.group]))
    plans: list[tuple[str, Ints, Callable[[int], Scored], int]] = [
        (COEFFICIENT, month, city.last_coefficient, len(month)),
        (TIE, np.flatnonzero(ties[found.combination]), city.otherwise, FEW),
        (BAND, np.flatnonzero(beyond & grouped), city.misread, FEW),
        (CODE_MAP, np.flatnonzero(operated), city.unmapped, FEW),
        (PACK, np.flatnonzero(grouped), city.old_pack, FEW),
    ]
    taken: set[int] = set()
    return [wrong for plan in plans for wrong in _some(rng, city, results, taken, *plan)]


def _some(
    rng: np.random.Generator, city: City, results: Results, taken: set[int], name: str, among: Ints, do: Callable[[int], Scored], most: int
) -> Iterator[Wrong]:  # fmt: skip
    done = 0
    for case in rng.permutation(among).tolist():
        if done >= most or case in taken:
            continue
        right, wrong = city.right(case), do(case)
        if right.points == wrong.points or wrong.group is None:
            continue
        taken.add(case)
        results.put(case, wrong)
        done += 1
        yield Wrong(name, case, right, wrong)


def _one_month(rng: np.random.Generator, city: City, with_coefficient: Flags) -> Ints:
    """The cases of a hospital's month that have a coefficient, which changed with the year: one of the months with few."""
    found, level = city.found, city.world.institutions.level
    changed = np.array([a != b for a, b in zip(city.terms.coefficients, city.before.coefficients, strict=True)])
    place = found.provider * 12 + found.month
    fits = with_coefficient & changed[level[found.provider]]
    number = np.bincount(place[fits], minlength=1)
    few = np.flatnonzero((number >= FEW) & (number <= 3 * FEW))
    return np.flatnonzero(fits & (place == rng.choice(few))) if len(few) else np.zeros(0, dtype=np.int64)


def pick(rng: np.random.Generator, among: list[int], most: int) -> list[int]:
    """A few rows of a sheet."""
    chosen: list[int] = sorted(rng.permutation(among)[:most].tolist())
    return chosen

"""What the city makes of each stay of the paid year: group, coefficient, band, points. One case after the other, in Decimal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from yibao.demo.arrays import DAY, Ints, month_of
from yibao.demo.dip_catalogue import PRIMARY, Catalogue, Combination, Group
from yibao.demo.dip_terms import Terms, rounded
from yibao.demo.institutions import DIP
from yibao.demo.records import INPATIENT, Shelf
from yibao.demo.world import World

SCALE = 1_000_000  #: of the numbers in `Cases.result`: 10⁻⁶
BANDS = ("low", "normal", "high")


@dataclass
class Cases:
    """The stays of a year in the hospitals that are paid by score; one entry a stay."""

    block: Ints
    row: Ints
    provider: Ints
    scheme: Ints  #: 0 resident, 1 employee
    settled: Ints  #: seconds
    combination: Ints
    fee: Ints  #: fen
    booked: Ints  #: fen

    def __len__(self) -> int:
        return len(self.row)

    @property
    def month(self) -> Ints:
        return month_of(self.settled // DAY) % 12


@dataclass(frozen=True)
class Scored:
    """The result of one case."""

    group: Group | None
    base: Decimal
    coefficient: Decimal
    ratio: Decimal | None
    band: str
    factor: Decimal
    points: Decimal


def cases(world: World, shelf: Shelf, year: int) -> Cases:
    """The stays that were settled in a year, in order of block and row."""
    parts: list[list[Ints]] = []
    for block in range(len(world.people.blocks)):
        visits, settled = shelf.get("visits", year, block), shelf.get("settled", year, block)
        row = np.flatnonzero((visits["care"] == INPATIENT) & (visits["provider"] < DIP))
        of = visits[row]
        combination = of["group"] + np.where(of["sibling"] == 1, len(world.mix), 0)
        columns = (
            of["provider"],
            of["employee"],
            of["settled"],
            combination,
            settled["total"][row],
            settled["pool"][row],
        )
        parts.append([np.full(len(row), block), row, *(column.astype(np.int64) for column in columns)])  # fmt: skip
    return Cases(*(np.concatenate(column) for column in zip(*parts, strict=True)))


class Grouper:
    """The groups that each combination meets under a catalogue, looked up once."""

    def __init__(self, terms: Terms, catalogue: Catalogue, found: Sequence[Combination]) -> None:
        self.terms, self.catalogue = terms, catalogue
        self.candidates = [catalogue.candidates(one.diagnosis, one.operations) for one in found]
        self.without = [catalogue.candidates(one.diagnosis, frozenset()) for one in found]  #: as if nothing was done

    def group(self, combination: int) -> Group | None:
        """The group that the city's rule chooses."""
        return next(iter(self.candidates[combination]), None)

    def tied(self, combination: int) -> list[Group]:
        """Groups that match as many operations as the best one."""
        best = self.candidates[combination]
        return [g for g in best if len(g.operations) == len(best[0].operations)]


def score(terms: Terms, catalogue: Catalogue, group: Group | None, level: int, fee: int, read: str | None = None) -> Scored:  # fmt: skip
    """The points of a case that cost `fee` in a hospital of a level. `read`: the band as somebody misread it."""
    if group is None:
        base = rounded(fee / catalogue.region_mean * terms.scale * terms.ungrouped, terms.digits)
        return Scored(None, base, Decimal(1), None, "normal", Decimal(1), base)
    coefficient = Decimal(1) if group.layer == PRIMARY else terms.coefficients[level]
    ratio = rounded(fee / (group.mean * coefficient), terms.digits)
    band, factor = terms.band(ratio)
    if read == "normal":
        band, factor = "normal", Decimal(1)
    return Scored(group, group.score, coefficient, ratio, band, factor, terms.score(group.score, coefficient, factor))


@dataclass
class Results:
    """What stands in the sheet, an entry a case; decimals are whole numbers of 10⁻⁶."""

    group: list[Group | None]
    base: Ints
    coefficient: Ints
    ratio: Ints  #: −1 none
    band: Ints
    factor: Ints
    points: Ints

    @classmethod
    def blank(cls, size: int) -> Results:
        return cls([None] * size, *(np.zeros(size, dtype=np.int64) for _ in range(6)))

    def put(self, case: int, scored: Scored) -> None:
        self.group[case] = scored.group
        self.base[case], self.coefficient[case] = millionths(scored.base), millionths(scored.coefficient)
        self.ratio[case] = -1 if scored.ratio is None else millionths(scored.ratio)
        self.band[case], self.factor[case] = BANDS.index(scored.band), millionths(scored.factor)
        self.points[case] = millionths(scored.points)


def millionths(value: Decimal) -> int:
    """A decimal as the whole number that tables keep.

    >>> millionths(Decimal("1.5"))
    1500000
    """
    return int(value * SCALE)


def decimal(value: int) -> Decimal:
    """The other way."""
    return Decimal(int(value)) / SCALE


def group_cases(world: World, terms: Terms, grouper: Grouper, found: Cases) -> Results:
    """The right result of every case."""
    results, levels = Results.blank(len(found)), world.institutions.level
    for case, (combination, provider, fee) in enumerate(
        zip(found.combination.tolist(), found.provider.tolist(), found.fee.tolist(), strict=True)
    ):
        group = grouper.group(combination)
        results.put(case, score(terms, grouper.catalogue, group, int(levels[provider]), fee))
    return results

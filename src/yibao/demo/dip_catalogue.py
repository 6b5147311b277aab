"""The city's catalogue of disease groups, by simple counting from the stays of the three years before.

A combination is a main diagnosis (亚目) with the set of operations. The most frequent combinations that together make up the covered
share of the stays are core groups; the rest are put together by category and kind of treatment.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import sqrt

import numpy as np

from yibao.demo.arrays import Floats, Ints
from yibao.demo.case_mix import CaseMix
from yibao.demo.catalogue import read_data
from yibao.demo.dip_terms import Terms, rounded
from yibao.demo.tell_visits import siblings

KINDS = ("conservative", "diagnostic", "therapeutic", "surgery")
_KIND_NAMES = ("保守治疗", "诊断性操作", "治疗性操作", "相关手术")
CORE, COMPREHENSIVE, PRIMARY = "core", "comprehensive", "primary"


@dataclass(frozen=True)
class Combination:
    """What a stay is grouped by: its main diagnosis and its operations."""

    diagnosis: str
    name: str
    operations: frozenset[str]

    @property
    def stem(self) -> str:
        return stem(self.diagnosis)


@dataclass(frozen=True)
class Group:
    """A row of the catalogue; the mean cost is fen, not rounded."""

    code: str
    name: str
    layer: str
    kind: str
    key: str  #: 亚目, of a comprehensive group the category
    key_name: str
    operations: frozenset[str]
    score: Decimal
    mean: Decimal
    count: int

    @property
    def expression(self) -> str:
        return "+".join(sorted(self.operations))


@dataclass
class Counted:
    """Stays, their cost and its square by year; of all, and those in hospitals of level 1."""

    stays: Floats  #: years × combinations
    cost: Floats
    square: Floats
    first_level: Floats

    def some(self, index: Sequence[int]) -> Counted:
        """Several combinations as one column."""
        return Counted(*(part[:, list(index)].sum(axis=1, keepdims=True) for part in (self.stays, self.cost, self.square, self.first_level)))  # fmt: skip

    @property
    def number(self) -> int:
        return int(self.stays.sum())

    @property
    def cv(self) -> float:
        mean = self.cost.sum() / self.number
        return sqrt(max(self.square.sum() / self.number - mean * mean, 0)) / float(mean)

    def mean(self, weights: Sequence[Decimal]) -> Decimal:
        """Mean cost over the years, weighted; a year without stays does not count."""
        total, weight = Decimal(0), Decimal(0)
        for share, stays, cost in zip(weights, self.stays.sum(axis=1), self.cost.sum(axis=1), strict=True):
            if stays and share:
                total += share * Decimal(int(cost)) / Decimal(int(stays))
                weight += share
        return total / weight


@dataclass
class Catalogue:
    """The groups of a version, and what a stay finds there."""

    version: str
    region_mean: Decimal  #: fen
    groups: list[Group] = field(default_factory=list)

    def candidates(self, diagnosis: str, operations: frozenset[str]) -> list[Group]:
        """The groups that a stay meets, best first: most operations matched, then the highest score."""
        own = [g for g in self.groups if g.layer != COMPREHENSIVE and g.key == stem(diagnosis)]
        fits = [g for g in own if bool(g.operations) == bool(operations) and g.operations <= operations]
        if not fits:
            key, kind = diagnosis[:3], kind_of(operations)
            fits = [g for g in self.groups if g.layer == COMPREHENSIVE and (g.key, g.kind) == (key, kind)]
        return sorted(fits, key=lambda g: (-len(g.operations), -g.score, g.code))


def stem(diagnosis: str) -> str:
    """The 亚目 of a code; where the fourth place is a placeholder, the category.

    >>> stem("K35.300"), stem("I10.x00")
    ('K35.3', 'I10')
    """
    return diagnosis[:3] if diagnosis[4:5] == "x" else diagnosis[:5]


def kind_of(operations: Iterable[str]) -> str:
    """The highest kind of treatment among operations."""
    kinds = {row["operation_code"]: row["kind"] for row in read_data("operations.csv")}
    return KINDS[max((KINDS.index(kinds[code]) for code in operations), default=0)]


def combinations(mix: CaseMix) -> list[Combination]:
    """By group of the case mix; then the same with the sibling's diagnosis."""
    names = dict(zip(mix.diagnosis, mix.diagnosis_name, strict=True))
    codes = [*mix.diagnosis, *siblings(mix.diagnosis)]
    return [Combination(code, names[code], frozenset(mix.operations[i % len(mix)])) for i, code in enumerate(codes)]


def count(years: Sequence[tuple[Ints, Ints, Ints]], size: int) -> Counted:
    """`years`: combination, cost (fen) and hospital level of each stay, a year each (empty where nothing is known)."""

    def table(weight: Sequence[Floats | None]) -> Floats:
        return np.array([np.bincount(c, w, size) for (c, _, _), w in zip(years, weight, strict=True)])

    cost = [fee.astype(np.float64) for _, fee, _ in years]
    return Counted(
        table([None] * len(years)), table(cost), table([c * c for c in cost]), table([1.0 * (level == 1) for *_, level in years])
    )  # fmt: skip


def build(terms: Terms, found: list[Combination], counted: Counted) -> Catalogue:
    """Core groups until the stays are covered, comprehensive ones for the rest."""
    by_key: dict[tuple[str, frozenset[str]], list[int]] = {}
    for index in np.flatnonzero(counted.stays.sum(axis=0)).tolist():
        by_key.setdefault((found[index].stem, found[index].operations), []).append(index)
    catalogue = Catalogue(terms.version, counted.mean(terms.weights))
    rest, covered = [], 0
    alone = {key: counted.some(index) for key, index in by_key.items()}
    wanted = terms.coverage * counted.number
    for key in sorted(by_key, key=lambda key: (-alone[key].number, key[0], sorted(key[1]))):
        if covered >= wanted:
            rest.append(key)
        elif not _belongs_to_main(terms, key, alone):
            covered += alone[key].number
            catalogue.groups.append(_core(terms, catalogue, found[by_key[key][0]], alone[key]))
    cells: dict[tuple[str, str], list[int]] = {}
    for stem_, operations in rest:
        cells.setdefault((stem_[:3], kind_of(operations)), []).extend(by_key[stem_, operations])
    for (category, kind), cell in sorted(cells.items()):
        catalogue.groups.append(_comprehensive(terms, catalogue, category, kind, counted.some(cell)))
    catalogue.groups.sort(key=lambda group: group.code)
    return catalogue


def _belongs_to_main(terms: Terms, key: tuple[str, frozenset[str]], alone: dict[tuple[str, frozenset[str]], Counted]) -> bool:  # fmt: skip
    """A related operation has a group of its own only where it makes the stay dearer by so much."""
    singles = [alone[key[0], frozenset([code])] for code in key[1] if (key[0], frozenset([code])) in alone]
    if len(key[1]) < 2 or not singles:
        return False
    dearest = max(single.mean(terms.weights) for single in singles)
    return alone[key].mean(terms.weights) < dearest * (1 + terms.related_rise)


def _core(terms: Terms, catalogue: Catalogue, one: Combination, counted: Counted) -> Group:
    mean, operations = counted.mean(terms.weights), sorted(one.operations)
    share = Decimal(int(counted.first_level.sum())) / counted.number
    is_primary = not operations and share >= terms.primary_share and Decimal(counted.cv) <= terms.primary_cv
    return Group(
        code=f"{one.stem}-{'+'.join(operations) or '0'}",
        name=one.name + "".join(f"：{_operation_names()[code]}" for code in operations[:1]),
        layer=PRIMARY if is_primary else CORE,
        kind=kind_of(operations),
        key=one.stem,
        key_name=one.name,
        operations=one.operations,
        score=rounded(mean / catalogue.region_mean * terms.scale, terms.digits),
        mean=rounded(mean, 0),
        count=counted.number,
    )


def _comprehensive(terms: Terms, catalogue: Catalogue, category: str, kind: str, counted: Counted) -> Group:
    mean = counted.mean(terms.weights)
    return Group(
        code=f"{category}-ZH{KINDS.index(kind)}",
        name=f"{category}综合病种（{_KIND_NAMES[KINDS.index(kind)]}）",
        layer=COMPREHENSIVE,
        kind=kind,
        key=category,
        key_name="",
        operations=frozenset(),
        score=rounded(mean / catalogue.region_mean * terms.scale, terms.digits),
        mean=rounded(mean, 0),
        count=counted.number,
    )


def _operation_names() -> dict[str, str]:
    return {row["operation_code"]: row["operation_name"] for row in read_data("operations.csv")}

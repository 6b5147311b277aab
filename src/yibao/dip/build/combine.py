"""Which combinations stand alone: the rule of related operations, the core threshold, and the 综合 cells of the rest (guide §4)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from yibao.dip.build.stays import NATIONAL, Stays, category
from yibao.dip.build.sums import counts, totals, weighted
from yibao.dip.build.terms import Terms
from yibao.dip.grouping.remainder import CLASSED
from yibao.dip.numbered import Ints
from yibao.dip.settings import KINDS

Key = tuple[str, tuple[str, ...]]  #: 亚目 and operations
MOST_LEVEL = 3  #: surgery of level 4 counts as of level 3 (guide §6.3.5)


class Cell(NamedTuple):
    """A 综合 cell: a category with a kind of treatment; or a range of categories, and then surgery by its level."""

    key: str
    kind: int  #: rank
    level: int = 0  #: of surgery, 1 to 3; 0 where it is not told apart, or not known


@dataclass(frozen=True)
class Related:
    """A combination with related operations held against the dearest one without them."""

    stem: str
    operations: tuple[str, ...]
    stays: int
    mean: Fraction  #: fen
    without: tuple[str, ...]
    base_mean: Fraction
    rise: Decimal
    own: bool  #: keeps a group of its own


@dataclass
class Combined:
    """Which group each stay is counted in. A group is (stem, operations)."""

    core: list[Key]
    cells: list[Cell]
    group: Ints  #: of each stay: core groups first, then cells; −1 where its cell was dropped
    related: list[Related]
    covered: int  #: stays in core groups


def combine(stays: Stays, terms: Terms, main_apart: bool, national_cells: frozenset[str] = frozenset()) -> Combined:
    """The groups of a catalogue, in order of their names; cells are not judged here. `national_cells`: 综合 groups of the national pack."""
    pair = stays["stem"] * len(stays.sets) + stays["set"]
    found, place = np.unique(pair, return_inverse=True)
    keys = [(stays.stems[p // len(stays.sets)], stays.sets[p % len(stays.sets)]) for p in found.tolist()]
    alone = _Means(stays, place, len(keys), terms)
    into, related = _merged(keys, alone, terms, main_apart)
    place = np.array(into, np.int64)[place] if len(keys) else place
    core, covered = _core(keys, counts(place, len(keys)), terms, national_cells)
    names = sorted(keys[i] for i in core)
    number = {name: i for i, name in enumerate(names)}
    group = np.array([number.get(key, -1) for key in keys], np.int64)[place] if len(keys) else place
    cells = _cells(stays, group, len(names), terms)
    return Combined(names, cells, group, related, covered)


class _Means:
    """Weighted mean costs of combinations, each worked out when it is asked for."""

    def __init__(self, stays: Stays, place: Ints, size: int, terms: Terms) -> None:
        years = len(terms.years)
        cells = place * years + stays["year"]
        self.costs = totals(cells, stays["cost"], size * years).reshape(size, years)
        self.stays = counts(cells, size * years).reshape(size, years)
        self.weights = terms.weights

    def mean(self, i: int) -> Fraction:
        found = weighted(self.costs[i], self.stays[i], self.weights)
        return found if found is not None else Fraction(int(self.costs[i].sum()), int(self.stays[i].sum()))


def _merged(keys: list[Key], means: _Means, terms: Terms, main_apart: bool) -> tuple[list[int], list[Related]]:
    """Where each combination is counted: in itself, or in the one without its related operations that make it hardly dearer."""
    into = list(range(len(keys)))
    by_stem: dict[str, list[int]] = {}
    for i in sorted(range(len(keys)), key=lambda i: (len(keys[i][1]), keys[i])):
        by_stem.setdefault(keys[i][0], []).append(i)
    told = []
    for group in by_stem.values():
        kept: list[int] = []
        for i in group:
            parent = _without(keys, i, kept, means, main_apart)
            if parent is not None:
                one = _held(keys, i, parent, means, terms)
                told.append(one)
                if not one.own:
                    into[i] = parent
                    continue
            kept.append(i)
    return into, sorted(told, key=lambda one: (one.stem, one.operations))


def _without(keys: list[Key], i: int, kept: list[int], means: _Means, main_apart: bool) -> int | None:
    """The dearest of the largest combinations that have some of its operations, the main one where it is apart."""
    own = keys[i][1]
    if len(own) < 2:
        return None
    fits = [
        j for j in kept if keys[j][1] and set(keys[j][1]) < set(own) and (not main_apart or keys[j][1][0] == own[0])
    ]
    most = max((len(keys[j][1]) for j in fits), default=0)
    return max((j for j in fits if len(keys[j][1]) == most), key=lambda j: (means.mean(j), keys[j]), default=None)


def _held(keys: list[Key], i: int, parent: int, means: _Means, terms: Terms) -> Related:
    mean, base = means.mean(i), means.mean(parent)
    rise = mean / base - 1
    said = Decimal(rise.numerator) / Decimal(rise.denominator)
    stem, operations = keys[i]
    own = rise >= Fraction(terms.related_rise)
    return Related(stem, operations, int(means.stays[i].sum()), mean, keys[parent][1], base, said, own)


def _core(keys: list[Key], number: Ints, terms: Terms, national_cells: frozenset[str]) -> tuple[list[int], int]:
    """National groups; combinations with enough stays, or the most frequent ones until the stays are covered. And the stays covered: those of 综合 groups are not."""
    there = np.flatnonzero(number).tolist()
    core = [i for i in there if keys[i][0].startswith(NATIONAL)]
    covered = sum(int(number[i]) for i in core if keys[i][0].removeprefix(NATIONAL) not in national_cells)
    order = sorted(set(there) - set(core), key=lambda i: (-int(number[i]), keys[i]))
    wanted = None if terms.coverage is None else terms.coverage * int(number.sum())
    for i in order:
        enough = covered >= wanted if wanted is not None else int(number[i]) < (terms.threshold or 1)
        if enough:
            break
        core.append(i)
        covered += int(number[i])
    return core, covered


def _cells(stays: Stays, group: Ints, begin: int, terms: Terms) -> list[Cell]:
    """The cells of what is in no core group; `group` is filled in."""
    rest = np.flatnonzero(group < 0)
    span = len(KINDS) * CLASSED
    pair = stays["stem"][rest] * span + stays["kind"][rest]
    found, place = np.unique(pair, return_inverse=True)
    names = [_cell(category(stays.stems[p // span]), p % span, terms) for p in found.tolist()]
    cells = sorted(set(names))
    number = {name: i for i, name in enumerate(cells, begin)}
    if len(rest):
        group[rest] = np.array([number[name] for name in names], np.int64)[place]
    return cells


def _cell(key: str, classed: int, terms: Terms) -> Cell:
    """The cell of a category treated so; a category outside all ranges stays what it is, and is told."""
    kind, level = divmod(classed, CLASSED)
    within = next((str(span) for span in terms.cell_ranges if key in span), None)
    if within is None:
        return Cell(key, kind)
    return Cell(within, kind, min(level, MOST_LEVEL) if KINDS[kind] == "surgery" else 0)

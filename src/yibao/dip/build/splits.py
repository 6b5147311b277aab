"""Which core groups are split, and by how much a level raises the pay (guide §7): enough stays in the group and in the part, and a part more even than the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np

from yibao.dip.auxiliary.facts import Facts
from yibao.dip.auxiliary.rules import Rules
from yibao.dip.auxiliary.standard import edges_of, standard_of
from yibao.dip.auxiliary.subtype import Levels, levels_of
from yibao.dip.build.groups import CELL, Group, rounded
from yibao.dip.build.limits import Limits
from yibao.dip.build.measure import variation
from yibao.dip.build.stays import Stays
from yibao.dip.build.sums import counts, squares, totals
from yibao.dip.build.terms import Terms
from yibao.dip.numbered import Ints


@dataclass(frozen=True)
class Split:
    """A level of a group that the triggers let through or not; `coefficient` by the last year alone, None where it has no stay of it."""

    group: str
    kind: str
    level: str
    stays: int
    cv: Decimal
    group_cv: Decimal
    coefficient: Decimal | None
    why_not: str  #: empty: it counts


def levels_in(rows: Sequence[Group], row_of: Ints, rules: Rules, known: Facts) -> Levels:
    """The levels of the stays in their groups, whose standards are those that the pack will say."""
    standards = [standard_of(rules, row.score, rounded(row.mean / 100, 2)) for row in rows]
    return levels_of(rules, known, row_of + 1, edges_of(rules, [None, *standards]))


def undecided(rows: Sequence[Group], row_of: Ints, levels: Levels) -> dict[str, int]:
    """Stays in core groups by level (`kind:level`) that could not be decided for want of a cost or its parts."""
    core = np.array([False, *(row.layer != CELL for row in rows)])[row_of + 1]
    found = {f"{kind}:{level}": int((flags & core).sum()) for (kind, level), flags in levels.undecided.items()}
    return {said: number for said, number in found.items() if number}


def splits(
    stays: Stays,
    rows: Sequence[Group],
    row_of: Ints,
    rules: Rules,
    levels: Levels,
    limits: Mapping[str, Limits],
    never: frozenset[str],
    terms: Terms,
) -> list[Split]:
    """Every level that has stays in a core group, judged; `never`: 中医优势病种 and groups paid by bed-day."""
    eligible = [row.layer != CELL and row.code not in never for row in rows]
    last = len(terms.years) - 1
    whole = _Figures(row_of, np.arange(len(stays)), stays, len(rows), last)
    found: list[Split] = []
    for kind in dict.fromkeys(level.kind for level in rules.levels):
        names = [level.level for level in rules.of(kind)]
        place = levels.place[kind]
        at = np.flatnonzero((place >= 0) & (row_of >= 0))
        part = _Figures(row_of[at] * len(names) + place[at], at, stays, len(rows) * len(names), last)
        for cell in np.flatnonzero(part.number).tolist():
            row, level = divmod(cell, len(names))
            if eligible[row]:
                limit = limits.get(kind, limits["default"])
                found.append(_judged(rows[row], kind, names[level], part, cell, whole, row, limit, terms))
    return sorted(found, key=lambda one: (one.group, one.kind, one.level))


class _Figures:
    """Stays, cost and squares of cells over the years; of the last year stays and cost."""

    def __init__(self, cells: Ints, at: Ints, stays: Stays, size: int, last: int) -> None:
        inside = cells >= 0
        cells, at = cells[inside], at[inside]
        cost, is_last = stays["cost"][at], stays["year"][at] == last
        self.number, self.total, self.square = (
            counts(cells, size),
            totals(cells, cost, size),
            squares(cells, cost, size),
        )
        self.last_number = counts(cells[is_last], size)
        self.last_total = totals(cells[is_last], cost[is_last], size)

    def cv(self, cell: int) -> Decimal:
        return variation(int(self.number[cell]), int(self.total[cell]), self.square[cell])

    def cv_squared(self, cell: int) -> Fraction:
        """The CV, squared: exact."""
        number, total = int(self.number[cell]), int(self.total[cell])
        return Fraction(number * self.square[cell] - total * total, total * total) if total else Fraction(0)


def _judged(
    row: Group, kind: str, level: str, part: _Figures, cell: int, whole: _Figures, own: int, limit: Limits, terms: Terms
) -> Split:
    cv, group_cv, number = part.cv(cell), whole.cv(own), int(part.number[cell])
    coefficient = coefficient_of(
        int(part.last_total[cell]), int(part.last_number[cell]), int(whole.last_total[own]), int(whole.last_number[own]), terms.digits
    )  # fmt: skip
    if row.measure.stays <= limit.n1:
        why = f"病种例数不多于 {limit.n1}"
    elif number <= limit.n2:
        why = f"分型例数不多于 {limit.n2}"
    elif not _falls(part.cv_squared(cell), whole.cv_squared(own), limit.cv_drop):
        why = f"变异系数没有下降 {limit.cv_drop:%}"
    else:
        why = "上一年没有这一分型的病例" if coefficient is None else ""
    return Split(row.code, kind, level, number, cv, group_cv, coefficient, why)


def _falls(part: Fraction, whole: Fraction, drop: Decimal) -> bool:
    """Is a CV lower, and by at least this share? Both are squared, so that nothing is rounded.

    >>> _falls(Fraction(16), Fraction(25), Decimal("0.2")), _falls(Fraction(25), Fraction(25), Decimal(0))
    (True, False)
    """
    return part < whole and part <= whole * (1 - Fraction(drop)) ** 2


def coefficient_of(part: int, part_stays: int, whole: int, whole_stays: int, digits: int) -> Decimal | None:
    """K_aux: mean cost of the subtype over mean cost of the group, in the last year.

    >>> coefficient_of(30_000, 2, 50_000, 5, 4)
    Decimal('1.5000')
    """
    if not part_stays or not whole:
        return None
    return rounded(Fraction(part * whole_stays, part_stays * whole), digits)

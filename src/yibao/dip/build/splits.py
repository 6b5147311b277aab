"""Which core groups are split, and by how much a level raises the pay (guide §7): enough stays in the group and in the part, and a part more even than the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np

from yibao.dip.auxiliary.rules import Rules
from yibao.dip.build.groups import CELL, Group, rounded
from yibao.dip.build.measure import variation
from yibao.dip.build.stays import Stays
from yibao.dip.build.sums import counts, squares, totals
from yibao.dip.build.terms import Limits, Terms
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


def splits(
    stays: Stays,
    rows: Sequence[Group],
    row_of: Ints,
    rules: Rules,
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
        place = stays[f"split {kind}"]
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
    elif cv > group_cv * (1 - limit.cv_drop):
        why = f"变异系数没有下降 {limit.cv_drop:%}"
    else:
        why = "上一年没有这一分型的病例" if coefficient is None else ""
    return Split(row.code, kind, level, number, cv, group_cv, coefficient, why)


def coefficient_of(part: int, part_stays: int, whole: int, whole_stays: int, digits: int) -> Decimal | None:
    """K_aux: mean cost of the subtype over mean cost of the group, in the last year.

    >>> coefficient_of(30_000, 2, 50_000, 5, 4)
    Decimal('1.5000')
    """
    if not part_stays or not whole:
        return None
    return rounded(Fraction(part * whole_stays, part_stays * whole), digits)

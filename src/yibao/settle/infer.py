"""What rules a year of reported settlements follows: deductible, ratio and cap for each cell, read off the amounts.

A deductible is the amount that most first (and most later) stays paid. A ratio is the one, exact to four decimals, that gives
most records to the fen with half-up rounding; where records of large amounts follow another line, a band begins at the point
where the two lines meet. A cap is the sum at which payments of many people stop. What a record did not pay as the estimate
says is an exception: a mistake of the platform, or a rule that the estimate does not know.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from yibao.settle.arrays import Flags, Ints
from yibao.settle.evidence import Cell, Evidence
from yibao.settle.inferred_limits import Limit, deductible, limited
from yibao.settle.inferred_ratio import Ratio, borrowed, paid, ratio_of, rounded


@dataclass(frozen=True, slots=True)
class Estimate:
    """One cell. `explained` of `records` follow it to the fen in both amounts."""

    cell: Cell
    records: int
    explained: int
    deductibles: tuple[
        int | None, ...
    ]  #: of the first, second, … stay, the last for all later ones; None: too few records
    ratio: Ratio | None  #: None where nothing can be said


@dataclass(frozen=True, slots=True)
class CareEstimate:
    """One care of a scheme: how the deductible counts, the caps, and its cells."""

    scheme: str
    care: str
    mode: str
    shared_deductible: bool
    limit: Limit | None
    cells: tuple[Estimate, ...]
    crossing: tuple[int, int]  #: stays over the end of a year, and how many follow the estimates as one settlement

    @property
    def whole_at_discharge(self) -> bool:
        """Are most stays over the end of a year settled as one, at discharge?"""
        records, explained = self.crossing
        return explained * 2 > records


@dataclass(frozen=True, slots=True)
class Unexplained:
    """One settlement that does not follow the estimate of its cell."""

    settlement_id: str
    cell: Cell
    step: str  #: deductible or pool
    reported: int
    estimated: int


@dataclass(frozen=True)
class Inferred:
    """Everything that was read off a year."""

    year: int
    cares: tuple[CareEstimate, ...]
    exceptions: tuple[Unexplained, ...]
    continued: int  #: settlements that go on from an earlier one: not used
    unnamed: int  #: settlements with a code that the pack has no word for: not used


def infer(found: Evidence) -> Inferred:
    """The estimates of all cares that occur."""
    cares, exceptions = [], []
    named = sorted({cell[:2] for cell in found.cells if cell[0] and cell[1] and cell[4]})
    for scheme, care in named:
        estimate, odd = _care(found, scheme, care)
        cares.append(estimate)
        exceptions += odd
    unnamed = sum(int((found.cell == at).sum()) for at, cell in enumerate(found.cells) if cell[:2] not in named)
    return Inferred(found.year, tuple(cares), tuple(exceptions), int(found.continues.sum()), unnamed)


def _care(found: Evidence, scheme: str, care: str) -> tuple[CareEstimate, list[Unexplained]]:
    rows = found.where(scheme, care)
    rows = rows[found.continues[rows] == 0]
    mode, shared, standards, due = deductible(found, rows, care)
    places = {at: np.flatnonzero(found.cell[rows] == at) for at in np.unique(found.cell[rows]).tolist()}
    ratios = {at: ratio_of(found, rows[here]) for at, here in places.items()}
    ratios = {at: borrowed(found, rows[here], ratios[at], ratios) for at, here in places.items()}
    pool, told = found.pool[rows], np.zeros(rows.size, bool)
    for at, here in places.items():
        if ratio := ratios[at]:
            scope = found.in_scope[rows[here]]
            pool[here], told[here] = paid(ratio, scope, found.deductible[rows[here]]), True
            due[here] = np.minimum(due[here], scope - rounded(scope * ratio.first_pay))
    limit, pool = limited(found, rows, care, pool)
    right = told & (due == found.deductible[rows]) & (pool == found.pool[rows])
    cells = tuple(
        Estimate(found.cells[at], here.size, int(right[here].sum()), standards[at], ratios[at])
        for at, here in places.items()
    )
    over = found.crosses[rows] != 0
    crossing = int(over.sum()), int((right & over).sum())
    return CareEstimate(scheme, care, mode, shared, limit, cells, crossing), list(
        _odd(found, rows, due, pool, told & ~right)
    )


def _odd(found: Evidence, rows: Ints, due: Ints, pool: Ints, wrong: Flags) -> Iterator[Unexplained]:
    for at in np.flatnonzero(wrong).tolist():
        row = rows[at]
        step, reported, estimated = "pool", int(found.pool[row]), int(pool[at])
        if due[at] != found.deductible[row]:
            step, reported, estimated = "deductible", int(found.deductible[row]), int(due[at])
        yield Unexplained(found.settlement_id[row].as_py(), found.cells[found.cell[row]], step, reported, estimated)

"""Deductibles and caps, read off the records: how they count (a visit, a month, a year, …), with which other cares, and how much."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yibao.settle.arrays import Flags, Ints
from yibao.settle.evidence import Evidence, most, running

Standards = dict[int, tuple[int | None, ...]]  #: cell → fen at the first, second, … stay, None where too few tell
FEW = 3  #: records that must agree before anything is said
WHOLE = 100  #: fen: caps are whole yuan
NTHS = 3  #: first, second, and later stays
SHARING = ("outpatient", "emergency")  #: cares that may count together towards one deductible or cap


@dataclass(frozen=True, slots=True)
class Limit:
    """A cap: over what it counts, with which other cares, and amounts by person (and disease); fen."""

    per: str  #: year, quarter, month, visit
    shared: bool
    each: bool  #: one for each disease
    amounts: tuple[tuple[tuple[str, str], int], ...]  #: (person, disease) → amount


def deductible(found: Evidence, rows: Ints, care: str) -> tuple[str, bool, Standards, Ints]:
    """The way of counting under which most deductibles come out: its name, whether shared, standards by cell, what is due by row."""
    best: tuple[int, str, bool, Standards, Ints] | None = None
    for shared in (False, True) if care in SHARING else (False,):
        for mode in ("visit", "year", "institution", "quarter", "month"):
            standards, due = _standards(found, rows, mode, shared)
            right = int((np.minimum(due, found.in_scope[rows]) == found.deductible[rows]).sum())
            if best is None or right > best[0] + FEW:
                best = right, mode, shared, standards, due
    assert best is not None
    return best[1:]


def _standards(found: Evidence, rows: Ints, mode: str, shared: bool) -> tuple[Standards, Ints]:
    """Standards by cell under one way of counting, and what is due of each row."""
    before = np.zeros(rows.size, np.int64)
    if mode != "visit":
        among = _sharing(found, rows) if shared else rows
        sums = running(found.deductible[among], _period(found, among, mode)) - found.deductible[among]
        before = sums[np.searchsorted(among, rows)]
    after = before + found.deductible[rows]
    standards: Standards = {}
    due = np.zeros(rows.size, np.int64)
    level = np.array([cell[2] for cell in found.cells], np.int64)[found.cell[rows]]
    stay = {nth: _nth_is(found.nth[rows], nth) for nth in range(1, NTHS + 1)} if mode == "visit" else {1: rows >= 0}

    def told(places: Ints) -> int | None:
        """What most of some records paid in full; None of too few."""
        full = places[found.deductible[rows[places]] < found.in_scope[rows[places]]]
        return most(after[full] if full.size else after[places]) if places.size >= FEW else None

    for at in np.unique(found.cell[rows]).tolist():
        here = np.flatnonzero(found.cell[rows] == at)
        held, found_here = 0, list[int | None]()
        for nth, of_nth in stay.items():
            stays = here[of_nth[here]]
            standard = told(stays)
            if standard is None and stays.size:  # too few of their own: held against all of the level
                held = told(np.flatnonzero(of_nth & (level == found.cells[at][2]))) or held
            held = held if standard is None else standard
            due[stays] = np.maximum(0, held - before[stays])
            found_here.append(standard if nth > 1 or standard is not None else held)
        standards[at] = tuple(found_here)
    return standards, due


def _nth_is(nth: Ints, wanted: int) -> Flags:
    return nth == wanted if wanted < NTHS else nth >= wanted


def _period(found: Evidence, rows: Ints, per: str) -> Ints:
    """A number for what a deductible or cap counts over."""
    person = found.person[rows] * 4096
    if per == "institution":
        return found.person[rows] * (int(found.provider.max()) + 1) + found.provider[rows]
    if per == "month":
        return person + found.month[rows] % 100
    if per == "quarter":
        return person + (found.month[rows] % 100 - 1) // 3
    return person


def _sharing(found: Evidence, rows: Ints) -> Ints:
    """The rows of all cares that count together with these."""
    scheme = found.cells[found.cell[rows[0]]][0]
    return np.sort(np.concatenate([found.where(scheme, care) for care in SHARING]))


def limited(found: Evidence, rows: Ints, care: str, due: Ints) -> tuple[Limit | None, Ints]:
    """The cap that explains most of the payments below the ratio, and what is paid under it."""
    short = found.pool[rows] < due
    if short.sum() < FEW:
        return None, due
    best: tuple[int, Limit, Ints] | None = None
    for per in ("year", "quarter", "month", "visit"):
        for shared in (False, True) if care in SHARING else (False,):
            for each in (False, True):
                limit, pay = _limit(found, rows, due, short, per, shared, each)
                right = int((pay == found.pool[rows]).sum())
                if limit.amounts and (best is None or right > best[0] + FEW):
                    best = right, limit, pay
    if best is None or best[0] < int((due == found.pool[rows]).sum()) + FEW:
        return None, due
    return best[1], best[2]


def _limit(
    found: Evidence, rows: Ints, due: Ints, short: Flags, per: str, shared: bool, each: bool
) -> tuple[Limit, Ints]:
    """The amounts of one kind of cap, by person (and disease), and what is paid under them."""
    among = _sharing(found, rows) if shared else rows
    diseases = len(found.diseases) if each else 1
    disease = found.disease if each else np.zeros_like(found.disease)
    before = np.zeros(rows.size, np.int64)
    if per != "visit":
        period = _period(found, among, per) * diseases + disease[among]
        before = (running(found.pool[among], period) - found.pool[among])[np.searchsorted(among, rows)]
    after, pay = before + found.pool[rows], due.copy()
    people = sorted({cell[4] for cell in found.cells})
    kind = (
        np.array([people.index(cell[4]) for cell in found.cells], np.int64)[found.cell[rows]] * diseases + disease[rows]
    )
    amounts: list[tuple[tuple[str, str], int]] = []
    for at in np.unique(kind[short]).tolist():
        here = kind == at
        amount = _stop(after[here & short], after[here])
        if amount is not None:
            pay[here] = np.minimum(due[here], np.maximum(0, amount - before[here]))
            amounts.append(((people[at // diseases], found.diseases[at % diseases] if each else ""), amount))
    return Limit(per, shared, each, tuple(amounts)), pay


def _stop(stops: Ints, sums: Ints) -> int | None:
    """The whole amount at which most payments that fell short stopped; None where too few did, or many went beyond it."""
    amount = most(stops[stops % WHOLE == 0])
    if amount is None or (stops == amount).sum() < FEW:
        return None
    return None if (sums > amount).sum() > (stops == amount).sum() // 4 else amount

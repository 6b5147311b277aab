"""What rules a year of reported settlements follows: deductible, ratio and cap for each cell, read off the amounts.

A deductible is the amount that most first (and most later) stays paid. A ratio is the one, exact to four decimals, that gives
most records to the fen with half-up rounding; where records of large amounts follow another line, a band begins at the point
where the two lines meet. A cap is the sum at which payments of many people stop. What a record did not pay as the estimate
says is an exception: a mistake of the platform, or a rule that the estimate does not know.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from yibao.settle.arrays import Ints
from yibao.settle.evidence import Cell, Evidence, running

RATE_BASE = 1_000_000
STEP = RATE_BASE // 10_000  #: a ratio has four decimals
FEW = 3  #: records that must agree before anything is said
ROUND = 100  #: fen: standards, band ends and caps are whole yuan
NTHS = 3  #: first, second, and later stays
MOST_BANDS = 5
SHARING = ("outpatient", "emergency")  #: cares that may count together towards one deductible or cap
FIRST_PAYS = range(0, 410_000, 10_000)  #: 转外先行自付: whole per cent, up to 40
SURE = 0.995  #: of the records: no band is looked for beyond this


@dataclass(frozen=True, slots=True)
class Ratio:
    """What a cell pays of the amount above the deductible: bands (end in fen, None for the last; rate in millionths)."""

    first_pay: int
    bands: tuple[tuple[int | None, int], ...]
    from_zero: bool  #: bands are measured with the deductible


@dataclass(frozen=True, slots=True)
class Limit:
    """A cap: over what it counts, with which other cares, and amounts by person (and disease); fen."""

    per: str  #: year, quarter, month, visit
    shared: bool
    each: bool  #: one for each disease
    amounts: tuple[tuple[tuple[str, str], int], ...]  #: (person, disease) → amount


@dataclass(frozen=True, slots=True)
class Estimate:
    """One cell. `explained` of `records` follow it to the fen in both amounts."""

    cell: Cell
    records: int
    explained: int
    deductibles: tuple[int, ...]  #: of the first, second, … stay; the last counts for all later ones
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
    usable = rows[found.continues[rows] == 0]
    mode, shared, standards, due = _deductible(found, usable, care)
    ratios = {at: _ratio(found, usable[found.cell[usable] == at]) for at in np.unique(found.cell[usable]).tolist()}
    pool = np.zeros(usable.size, np.int64)
    for at, ratio in ratios.items():
        here = found.cell[usable] == at
        pool[here] = paid(ratio, found.in_scope[usable[here]], found.deductible[usable[here]]) if ratio else found.pool[usable[here]]
    limit, pool = _limited(found, usable, care, pool)
    scope = np.array([ratios[at].first_pay if ratios[at] else 0 for at in found.cell[usable].tolist()], np.int64)  # type: ignore[union-attr]
    due = np.minimum(due, found.in_scope[usable] - rounded(found.in_scope[usable] * scope))
    right = (due == found.deductible[usable]) & (pool == found.pool[usable])
    cells = tuple(
        Estimate(found.cells[at], int((found.cell[usable] == at).sum()), int(right[found.cell[usable] == at].sum()), standards[at], ratio)
        for at, ratio in ratios.items()
    )  # fmt: skip
    return CareEstimate(scheme, care, mode, shared, limit, cells), list(_odd(found, usable, due, pool, right))


def _odd(found: Evidence, rows: Ints, due: Ints, pool: Ints, right: Ints) -> Iterator[Unexplained]:
    for at in np.flatnonzero(~right).tolist():
        row = rows[at]
        step, reported, estimated = "pool", int(found.pool[row]), int(pool[at])
        if due[at] != found.deductible[row]:
            step, reported, estimated = "deductible", int(found.deductible[row]), int(due[at])
        yield Unexplained(found.settlement_id[row].as_py(), found.cells[found.cell[row]], step, reported, estimated)


# the deductible


def _deductible(found: Evidence, rows: Ints, care: str) -> tuple[str, bool, dict[int, tuple[int, ...]], Ints]:
    """The way of counting under which most deductibles come out: its name, whether shared, standards by cell, what is due by row."""
    best: tuple[int, str, bool, dict[int, tuple[int, ...]], Ints] | None = None
    for shared in (False, True) if care in SHARING else (False,):
        for mode in ("visit", "year", "institution", "quarter", "month"):
            standards, due = _standards(found, rows, mode, shared)
            right = int((np.minimum(due, found.in_scope[rows]) == found.deductible[rows]).sum())
            if best is None or right > best[0] + FEW:
                best = right, mode, shared, standards, due
    assert best is not None
    return best[1:]


def _standards(found: Evidence, rows: Ints, mode: str, shared: bool) -> tuple[dict[int, tuple[int, ...]], Ints]:
    """Standards by cell under one way of counting, and what is due of each row."""
    before = np.zeros(rows.size, np.int64)
    if mode != "visit":
        among = _sharing(found, rows) if shared else rows
        sums = running(found.deductible[among], _period(found, among, mode)) - found.deductible[among]
        before = sums[np.searchsorted(among, rows)]
    after = before + found.deductible[rows]
    standards: dict[int, tuple[int, ...]] = {}
    due = np.zeros(rows.size, np.int64)
    for at in np.unique(found.cell[rows]).tolist():
        here = np.flatnonzero(found.cell[rows] == at)
        by_nth = []
        for nth in range(1, NTHS + 1) if mode == "visit" else (1,):
            among_nth = here[_nth_is(found.nth[rows[here]], nth)] if mode == "visit" else here
            told = among_nth[found.deductible[rows[among_nth]] < found.in_scope[rows[among_nth]]]
            standard = most(after[told] if told.size else after[among_nth])
            by_nth.append(standard if standard is not None else (by_nth[-1] if by_nth else 0))
            due[among_nth] = np.maximum(0, by_nth[-1] - before[among_nth])
        standards[at] = _short(by_nth)
    return standards, due


def _nth_is(nth: Ints, wanted: int) -> Ints:
    return nth == wanted if wanted < NTHS else nth >= wanted


def _short(values: list[int]) -> tuple[int, ...]:
    while len(values) > 1 and values[-1] == values[-2]:
        values = values[:-1]
    return tuple(values)


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


# the ratio


def _ratio(found: Evidence, rows: Ints) -> Ratio | None:
    """The ratio of one cell; None where too few records say anything."""
    home = found.cells[found.cell[rows[0]]][3] == "home"
    scope, deductible, pool = found.in_scope[rows], found.deductible[rows], found.pool[rows]
    if rows.size < FEW:
        return None
    if not pool.any():
        return Ratio(0, ((None, 0),), False)
    best: tuple[int, Ratio] | None = None
    for first_pay in (0,) if home else FIRST_PAYS:
        after = scope - rounded(scope * first_pay)
        for rate in rates((after - deductible)[pool > 0], pool[pool > 0]):
            ratio = Ratio(first_pay, ((None, rate),), False)
            right = int((paid(ratio, scope, deductible) == pool).sum())
            if right >= FEW and (best is None or right > best[0]):
                best = right, ratio
    if best is None:
        return None
    right, ratio = best
    return ratio if right >= SURE * rows.size else _with_bands(ratio, right, scope, deductible, pool)


def rates(base: Ints, pool: Ints, most_of: int = 3) -> list[int]:
    """The ratios of four decimals that most records are near, the commonest first. Small amounts say little and are left out."""
    telling = base >= np.minimum(20_000, np.median(base))
    base, pool = base[telling & (base > 0)], pool[telling & (base > 0)]
    if not base.size:
        return []
    near = (2 * pool * (RATE_BASE // STEP) + base) // (2 * base) * STEP
    values, counts = np.unique(near[(near >= 0) & (near <= RATE_BASE)], return_counts=True)
    return [int(values[at]) for at in np.argsort(-counts, kind="stable")[:most_of]]


def _with_bands(flat: Ratio, right: int, scope: Ints, deductible: Ints, pool: Ints) -> Ratio:
    """The ratio with the further bands that explain more records; as it was where none does."""
    best = flat
    for from_zero in (False, True):
        ratio, now = Ratio(flat.first_pay, flat.bands, from_zero), right
        while len(ratio.bands) < MOST_BANDS:
            more = max(_next_band(ratio, scope, deductible, pool), key=lambda found: found[0], default=(0, ratio))
            if more[0] < now + FEW:
                break
            now, ratio = more
        if now > right:
            best, right = ratio, now
    return best


def _next_band(ratio: Ratio, scope: Ints, deductible: Ints, pool: Ints) -> Iterator[tuple[int, Ratio]]:
    """Candidates with one band more: the line that most of the larger unexplained records follow, from where it meets the last one."""
    after = scope - rounded(scope * ratio.first_pay)
    hi = after if ratio.from_zero else after - deductible
    unexplained = np.flatnonzero((paid(ratio, scope, deductible) != pool) & (pool > 0))
    explained = hi[paid(ratio, scope, deductible) == pool]
    unexplained = unexplained[hi[unexplained] > np.median(explained)]
    if unexplained.size < 2 * FEW:
        return
    order = unexplained[np.argsort(hi[unexplained], kind="stable")]
    last = ratio.bands[-1][1]
    # with the bands so far the estimate runs on the last line: what is missing grows with (rate − last)
    for ahead in (1, 2, 3):
        run, rise = hi[order[ahead:]] - hi[order[:-ahead]], pool[order[ahead:]] - pool[order[:-ahead]]
        wide = run >= 20_000
        for rate in rates(run[wide], rise[wide], 2) if wide.any() else []:
            if rate == last:
                continue
            missing = pool[order] - paid(ratio, scope[order], deductible[order])
            meets = hi[order] - missing * RATE_BASE // (rate - last)
            end = most((meets + 5 * ROUND) // (10 * ROUND) * (10 * ROUND))
            before = ratio.bands[-2][0] if len(ratio.bands) > 1 else 0
            if end is None or end <= (before or 0):
                continue
            banded = Ratio(ratio.first_pay, (*ratio.bands[:-1], (end, last), (None, rate)), ratio.from_zero)
            yield int((paid(banded, scope, deductible) == pool).sum()), banded


def paid(ratio: Ratio, scope: Ints, deductible: Ints) -> Ints:
    """What the pool would pay without caps; fen, rounded half-up once."""
    after = scope - rounded(scope * ratio.first_pay)
    lo, hi = (deductible, after) if ratio.from_zero else (np.zeros_like(after), after - deductible)
    exact, low = np.zeros_like(after), 0
    for upto, rate in ratio.bands:
        end = np.minimum(hi, upto) if upto is not None else hi
        exact += np.maximum(0, end - np.maximum(lo, low)) * rate
        low = upto or 0
    return rounded(exact)


def rounded(millionths: Ints) -> Ints:
    """Half-up, of what is not negative."""
    return (millionths + RATE_BASE // 2) // RATE_BASE


# the caps


def _limited(found: Evidence, rows: Ints, care: str, due: Ints) -> tuple[Limit | None, Ints]:
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


def _limit(found: Evidence, rows: Ints, due: Ints, short: Ints, per: str, shared: bool, each: bool) -> tuple[Limit, Ints]:
    among = _sharing(found, rows) if shared else rows
    before = np.zeros(rows.size, np.int64)
    if per != "visit":
        period = _period(found, among, per)
        if each:
            period = np.unique(np.column_stack([period, found.disease[among]]), axis=0, return_inverse=True)[1].reshape(-1)
        before = (running(found.pool[among], period) - found.pool[among])[np.searchsorted(among, rows)]
    after, pay = before + found.pool[rows], due.copy()
    kinds = [(found.cells[at][4], int(disease) if each else -1) for at, disease in zip(found.cell[rows], found.disease[rows], strict=True)]
    amounts: list[tuple[tuple[str, str], int]] = []
    for kind in sorted(set(kinds)):
        here = np.array([k == kind for k in kinds], bool)
        stops = after[here & short]
        amount = most(stops[stops % ROUND == 0])
        if amount is None or (stops == amount).sum() < FEW:
            continue
        if int(after[here].max()) > amount and (after[here] > amount).sum() > (stops == amount).sum() // 4:
            continue  # many were paid beyond it: no cap
        pay[here] = np.minimum(due[here], np.maximum(0, amount - before[here]))
        amounts.append(((kind[0], found.diseases[kind[1]] if each else ""), amount))
    return Limit(per, shared, each, tuple(amounts)), pay


def most(values: Ints | Sequence[int]) -> int | None:
    """The commonest value, of several the largest; None of none.

    >>> most([5, 7, 7, 5, 9]), most([])
    (7, None)
    """
    found, counts = np.unique(np.asarray(values, np.int64), return_counts=True)
    return int(found[len(found) - 1 - np.argmax(counts[::-1])]) if found.size else None

"""The ratio of a cell, read off its records: exact to four decimals, with bands where larger amounts follow another line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from yibao.settle.arrays import Ints
from yibao.settle.evidence import Evidence, most

RATE_BASE = 1_000_000
STEP = RATE_BASE // 10_000  #: a ratio has four decimals
FEW = 3  #: records that must agree before anything is said
AGREE = 2  #: records that must agree on a rate where the band is known already
END = 1_000  #: fen: bands end at tens of yuan
WIDE = 20_000  #: fen: below it a rounded payment does not tell a ratio of four decimals
MOST_BANDS = 5
FIRST_PAYS = range(0, 410_000, 10_000)  #: 转外先行自付: whole per cent, up to 40
SURE = 0.995  #: of the records: no band is looked for beyond this


@dataclass(frozen=True, slots=True)
class Ratio:
    """What a cell pays of the amount above the deductible: bands (end in fen, None for the last; rate in millionths)."""

    first_pay: int
    bands: tuple[tuple[int | None, int], ...]
    from_zero: bool  #: bands are measured with the deductible


def ratio_of(found: Evidence, rows: Ints) -> Ratio | None:
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
    if not base.size:
        return []
    telling = base >= np.minimum(WIDE, np.median(base))
    base, pool = base[telling & (base > 0)], pool[telling & (base > 0)]
    if not base.size:
        return []
    near = (2 * pool * (RATE_BASE // STEP) + base) // (2 * base) * STEP
    values, counts = np.unique(near[(near >= 0) & (near <= RATE_BASE)], return_counts=True)
    return [int(values[at]) for at in np.argsort(-counts, kind="stable")[:most_of]]


def _with_bands(flat: Ratio, right: int, scope: Ints, deductible: Ints, pool: Ints) -> Ratio:
    """The ratio with the further bands that explain more records; as it was where none does."""
    best, most_right = flat, right
    for from_zero in (False, True):
        ratio, now = Ratio(flat.first_pay, flat.bands, from_zero), right
        while len(ratio.bands) < MOST_BANDS:
            more = max(_next_band(ratio, scope, deductible, pool), key=lambda found: found[0], default=(0, ratio))
            if more[0] < now + FEW:
                break
            now, ratio = more
        if now > most_right:
            best, most_right = ratio, now
    return best


def borrowed(found: Evidence, rows: Ints, ratio: Ratio | None, others: Mapping[int, Ratio | None]) -> Ratio | None:
    """A ratio with the band that begins where those of other cells do, where two records agree on its rate."""
    if ratio is None:
        return ratio
    longest = max((other for other in others.values() if other), key=lambda other: len(other.bands))
    scope, deductible, pool = found.in_scope[rows], found.deductible[rows], found.pool[rows]
    while len(ratio.bands) < len(longest.bands):
        end, last = longest.bands[len(ratio.bands) - 1][0], ratio.bands[-1][1]
        if end is None:
            break
        after = scope - rounded(scope * ratio.first_pay)
        odd = (paid(ratio, scope, deductible) != pool) & (pool > 0)
        run = (after if longest.from_zero else after - deductible) - end
        beyond = odd & (run > 0)
        more = pool - paid(ratio, scope, deductible) + rounded(np.maximum(run, 0) * last)
        told = rates(run[beyond], more[beyond], 1)
        banded = [
            Ratio(ratio.first_pay, (*ratio.bands[:-1], (end, last), (None, rate)), longest.from_zero) for rate in told
        ]
        right = [int((paid(one, scope, deductible) == pool).sum()) for one in banded]
        if not right or right[0] < int((~odd).sum()) + AGREE:
            break
        ratio = banded[0]
    return ratio


def _next_band(ratio: Ratio, scope: Ints, deductible: Ints, pool: Ints) -> Iterator[tuple[int, Ratio]]:
    """Candidates with one band more: the line that most of the larger unexplained records follow, from where it meets the last one."""
    after = scope - rounded(scope * ratio.first_pay)
    hi = after if ratio.from_zero else after - deductible
    unexplained = np.flatnonzero((paid(ratio, scope, deductible) != pool) & (pool > 0))
    explained = hi[paid(ratio, scope, deductible) == pool]
    unexplained = unexplained[hi[unexplained] > (np.median(explained) if explained.size else 0)]
    if unexplained.size < 2 * FEW:
        return
    order = unexplained[np.argsort(hi[unexplained], kind="stable")]
    last = ratio.bands[-1][1]
    # with the bands so far the estimate runs on the last line: what is missing grows with (rate − last)
    for ahead in (1, 2, 3):
        run, rise = hi[order[ahead:]] - hi[order[:-ahead]], pool[order[ahead:]] - pool[order[:-ahead]]
        wide = run >= WIDE
        for rate in rates(run[wide], rise[wide], 2) if wide.any() else []:
            if rate == last:
                continue
            missing = pool[order] - paid(ratio, scope[order], deductible[order])
            meets = hi[order] - missing * RATE_BASE // (rate - last)
            end = most((meets + END // 2) // END * END)
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

"""Why a mean moved from one year to the next, in parts that add up to it exactly.

M = Σ total ÷ Σ cases; a cell is a hospital with a disease (亚目 and main operation, which mean the same under every catalogue).
S: hospitals with cases in both years; K: cells of S with cases in both years; w, m: a cell's share of the cases of K and its mean.

    joined    M₁ − M₁(S)                hospitals that only the later year has
    left      M₀(S) − M₀                hospitals that only the earlier year had
    new       M₁(S) − M₁(K)             diseases that a hospital only has in the later year
    gone      M₀(K) − M₀(S)             diseases that it no longer has
    mix       Σ (w₁ − w₀) × m₁           the same cells in other proportions
    price     Σ w₀ × (m₁ − m₀)           the same hospitals with last year's mix, at this year's means (fixed weights, Laspeyres)

The sum is M₁ − M₀ for any numbers: each M stands once with plus and once with minus, and mix + price = Σ w₁m₁ − Σ w₀m₀.
Where S or K is empty nothing can be told apart: everything is `joined`, or `new`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor

Cell = tuple[str, str]  #: hospital, disease
Totals = tuple[int, int]  #: cases, total
PARTS = ("price", "mix", "new", "gone", "joined", "left")


@dataclass(frozen=True)
class Change:
    """Two means and the parts of their difference, in the unit of the totals; parts are whole and add up to the difference."""

    before: int
    after: int
    parts: Mapping[str, int]
    hospitals: tuple[int, int, int]  #: in both years, joined, left
    kept: tuple[int, int]  #: cases of cells in both years: earlier, later year

    @property
    def difference(self) -> int:
        return self.after - self.before

    @property
    def like_for_like(self) -> int:
        """Same hospitals, same mix."""
        return self.parts["price"]


def change(before: Mapping[Cell, Totals], after: Mapping[Cell, Totals]) -> Change | None:
    """The difference of the means and its parts, rounded by largest remainder; None where a year has no cases."""
    if not before or not after:
        return None
    parts = exact_parts(before, after)
    first, last = rounded(_mean(before)), rounded(_mean(after))
    hospitals = {h for h, _ in before}, {h for h, _ in after}
    both = hospitals[0] & hospitals[1]
    kept = before.keys() & after.keys()
    return Change(
        first,
        last,
        whole_parts(parts, last - first),
        (len(both), len(hospitals[1] - both), len(hospitals[0] - both)),
        (sum(before[c][0] for c in kept), sum(after[c][0] for c in kept)),
    )


def exact_parts(before: Mapping[Cell, Totals], after: Mapping[Cell, Totals]) -> dict[str, Fraction]:
    """The six parts, exact.

    >>> one, two = {("A", "x"): (2, 20)}, {("A", "x"): (1, 14), ("B", "x"): (1, 2)}
    >>> {k: str(v) for k, v in exact_parts(one, two).items() if v}
    {'price': '4', 'joined': '-6'}
    """
    staying = {h for h, _ in before} & {h for h, _ in after}
    earlier, later = _only(before, staying), _only(after, staying)
    if not staying:
        return _parts(joined=_mean(after) - _mean(before))
    common = earlier.keys() & later.keys()
    joined, left = _mean(after) - _mean(later), _mean(earlier) - _mean(before)
    if not common:
        return _parts(joined=joined, left=left, new=_mean(later) - _mean(earlier))
    first, last = {c: earlier[c] for c in common}, {c: later[c] for c in common}
    fixed = _at_means_of(first, last)
    return _parts(
        price=fixed - _mean(first), mix=_mean(last) - fixed, new=_mean(later) - _mean(last),
        gone=_mean(first) - _mean(earlier), joined=joined, left=left,
    )  # fmt: skip


def whole_parts(parts: Mapping[str, Fraction], total: int) -> dict[str, int]:
    """Whole parts that add up to a whole total which differs from theirs by rounding only: largest remainders first."""
    down = {name: floor(part) for name, part in parts.items()}
    order = sorted(PARTS, key=lambda name: (down[name] - parts[name], PARTS.index(name)))
    missing = total - sum(down.values())
    return {name: down[name] + missing // len(PARTS) + (order.index(name) < missing % len(PARTS)) for name in PARTS}


def rounded(value: Fraction) -> int:
    """Half-up, away from zero."""
    magnitude = floor(abs(value) + Fraction(1, 2))
    return magnitude if value >= 0 else -magnitude


def _parts(**said: Fraction) -> dict[str, Fraction]:
    return {name: said.get(name, Fraction(0)) for name in PARTS}


def _only(cells: Mapping[Cell, Totals], hospitals: set[str]) -> dict[Cell, Totals]:
    return {cell: totals for cell, totals in cells.items() if cell[0] in hospitals}


def _mean(cells: Mapping[Cell, Totals]) -> Fraction:
    return Fraction(sum(total for _, total in cells.values()), sum(count for count, _ in cells.values()))


def _at_means_of(first: Mapping[Cell, Totals], last: Mapping[Cell, Totals]) -> Fraction:
    """Σ w₀ × m₁: cells with equal counts are added before they are divided, so a province takes no longer than a county."""
    by_count: dict[int, int] = defaultdict(int)
    for cell, (count, _) in first.items():
        by_count[last[cell][0]] += count * last[cell][1]
    whole = sum((Fraction(total, count) for count, total in by_count.items()), Fraction(0))
    return whole / sum(count for count, _ in first.values())

"""What a sheet does not say and its numbers show: how it rounds, where its bands end. Whatever explains most rows is taken, and told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import TypeVar

MODES = {"四舍五入": ROUND_HALF_UP, "四舍六入五成双": ROUND_HALF_EVEN, "舍去": ROUND_DOWN, "进一": ROUND_UP}
PLACES = range(7)  #: tables keep six
SAMPLE = 4_000  #: rows from which a rounding is read
ENOUGH = 5  #: amounts from which their rounding is read
YUAN, COARSEST = 100, 1_000_000  #: fen
NEARLY_ALL = Decimal("0.9")
T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Rounding:
    """So many places, in a way."""

    places: int
    mode: str

    def __call__(self, value: Decimal) -> Decimal:
        """
        >>> Rounding(2, "四舍六入五成双")(Decimal("0.125"))
        Decimal('0.12')
        """
        return value.quantize(Decimal(1).scaleb(-self.places), MODES[self.mode])

    @property
    def says(self) -> str:
        return f"{self.places} 位小数，{self.mode}"


def rounding_of(
    pairs: Sequence[tuple[Decimal, Decimal]], places: Iterable[int] = PLACES
) -> tuple[Rounding, int] | None:
    """The rounding by which most exact values become the stated ones, and how many of a sample of it; None for no pairs.

    >>> rounding_of([(Decimal("1.25"), Decimal("1.3")), (Decimal("2.31"), Decimal("2.3"))])[0].says
    '1 位小数，四舍五入'
    """
    sample = pairs[:: max(1, len(pairs) // SAMPLE)]
    found = [
        (sum(rounding(exact) == stated for exact, stated in sample), -number, rounding)
        for number, rounding in enumerate(Rounding(at, mode) for mode in MODES for at in places)
    ]
    best = max(found, key=lambda one: one[:2], default=None)
    return (best[2], best[0]) if best and sample else None


def whole(pairs: Sequence[tuple[Decimal, int]]) -> Rounding:
    """How amounts are rounded to the fen: as explains most of them, half-up where there are none."""
    found = rounding_of([(exact, Decimal(stated)) for exact, stated in pairs], [0])
    return found[0] if found else Rounding(0, "四舍五入")


def grain(amounts: Sequence[int]) -> int:
    """The unit to which a column of amounts was rounded, fen: 1 unless all of enough of them are whole yuan, tens, hundreds.

    >>> grain([1_230_000, 450_000, 70_000, 990_000, 10_000]), grain([101, 200, 300, 400, 500])
    (10000, 1)
    """
    told = [abs(one) for one in amounts if one]
    if len(told) < ENOUGH:
        return 1
    found = 1
    while found < COARSEST and all(one % (found * 10) == 0 for one in told):
        found *= 10
    return found if found >= YUAN else 1


def explains(pairs: Sequence[tuple[Decimal, Decimal]], rounding: Rounding) -> int:
    """How many of the pairs."""
    return sum(rounding(exact) == stated for exact, stated in pairs)


def commonest(values: Iterable[T]) -> T | None:
    """The value that occurs most; of several the smallest in writing, None for nothing."""
    counted = Counter(values)
    return min(counted, key=lambda value: (-counted[value], str(value)), default=None)


def cut(below: Sequence[Decimal], above: Sequence[Decimal]) -> Decimal | None:
    """The largest value of the lower of two bands, so that fewest rows are on the wrong side; None where one is empty.

    >>> cut([Decimal("0.3"), Decimal("0.48")], [Decimal("0.5"), Decimal("0.9"), Decimal("0.2")])
    Decimal('0.48')
    """
    if not below or not above:
        return None
    lower, upper = Counter(below), Counter(above)
    wrong, found = len(below), []
    for value in sorted({*lower, *upper}):
        wrong += upper[value] - lower[value]
        found.append((wrong, value))
    return min(found)[1]

"""Arithmetic with printed numbers: a value together with the bounds that its printing leaves open.

A number that was rounded for printing stands for everything that rounds to it. `Range` carries these bounds through
sums, differences, products and quotients; who compares decides what a difference means.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Range:
    """A value with the bounds within which its printed operands allow it to lie, all in one unit."""

    value: Decimal
    low: Decimal
    high: Decimal
    exact: bool = False

    @classmethod
    def number(cls, n: int | Decimal) -> Range:
        """A number that was never rounded: 12 months, a factor."""
        value = Decimal(n)
        return cls(value, value, value, True)

    @classmethod
    def printed(cls, value: Decimal, step: Decimal) -> Range:
        """A value rounded to whole `step`s.

        >>> Range.printed(Decimal("11.43"), Decimal("0.01")).low
        Decimal('11.425')
        """
        return cls(value, value - step * HALF, value + step * HALF)

    def __add__(self, other: Range) -> Range:
        return Range(self.value + other.value, self.low + other.low, self.high + other.high, self.exact and other.exact)

    def __sub__(self, other: Range) -> Range:
        return Range(self.value - other.value, self.low - other.high, self.high - other.low, self.exact and other.exact)

    def __mul__(self, other: Range) -> Range:
        corners = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Range(self.value * other.value, min(corners), max(corners), self.exact and other.exact)

    def __truediv__(self, other: Range) -> Range:
        """Raises ZeroDivisionError where the divisor may be zero: a rate on nothing is no rate."""
        if other.low <= 0 <= other.high:
            raise ZeroDivisionError
        corners = [a / b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Range(self.value / other.value, min(corners), max(corners), self.exact and other.exact)

    def __neg__(self) -> Range:
        return Range(-self.value, -self.high, -self.low, self.exact)

    def __abs__(self) -> Range:
        return self if self.value >= 0 else -self


ZERO = Range.number(0)
ONE = Range.number(1)


def total(ranges: Iterable[Range]) -> Range:
    """The sum of ranges; widths add up."""
    out = ZERO
    for item in ranges:
        out = out + item
    return out


def round_half_up(value: Decimal, decimals: int) -> Decimal:
    return rounded(value, decimals, ROUND_HALF_UP)


def rounded(value: Decimal, decimals: int, way: str) -> Decimal:
    """Rounded as printed; a value with more digits than the arithmetic carries is returned as it is."""
    try:
        return value.quantize(Decimal(1).scaleb(-decimals), way)
    except InvalidOperation:
        return value

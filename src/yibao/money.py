"""Money is int64 fen (docs/adr/0001). Yuan, 万元 and 亿元 exist only where something is read or printed.

Rounding is half-up (away from zero at .5), at a step that the caller names by calling `round_fen` or `share_of`;
`exact_fen` never rounds.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Literal, NewType

Fen = NewType("Fen", int)
MoneyUnit = Literal["分", "元", "千元", "万元", "亿元"]

FEN_PER: dict[MoneyUnit, int] = {"分": 1, "元": 100, "千元": 100_000, "万元": 1_000_000, "亿元": 10_000_000_000}
LIMIT = 2**63 - 1  #: what an int64 column holds


def checked(fen: int) -> Fen:
    """The amount as fen; OverflowError beyond int64, where a column would wrap around silently."""
    if not -LIMIT <= fen <= LIMIT:
        raise OverflowError(f"{fen} fen does not fit in int64")
    return Fen(fen)


def exact_fen(amount: Decimal | int | str, unit: MoneyUnit = "元") -> Fen:
    """An amount that is whole in fen; ValueError for one that is finer or no number.

    >>> exact_fen("1997.21", "万元"), exact_fen("0.01")
    (1997210000, 1)
    >>> exact_fen("0.001")
    Traceback (most recent call last):
    ValueError: 0.001 元 is finer than a fen
    """
    fen = _scaled(amount, unit)
    if fen != fen.to_integral_value():
        raise ValueError(f"{amount} {unit} is finer than a fen")
    return checked(int(fen))


def round_fen(amount: Decimal | int | str, unit: MoneyUnit = "元") -> Fen:
    """An amount rounded half-up to the fen.

    >>> round_fen("0.005"), round_fen("-0.005"), round_fen("0.0049")
    (1, -1, 0)
    """
    return checked(int(_scaled(amount, unit).to_integral_value(ROUND_HALF_UP)))


def share_of(fen: Fen, numerator: int, denominator: int) -> Fen:
    """fen × numerator / denominator, half-up, computed in integers: a rate is exact, only its product is rounded.

    >>> share_of(Fen(1005), 50, 100), share_of(Fen(-1005), 50, 100)
    (503, -503)
    """
    if denominator <= 0:
        raise ValueError("a rate needs a positive base")
    product = fen * numerator
    magnitude = (2 * abs(product) + denominator) // (2 * denominator)
    return checked(magnitude if product >= 0 else -magnitude)


def in_unit(fen: Fen, unit: MoneyUnit = "元", decimals: int = 2) -> Decimal:
    """The amount as it is printed in a unit, half-up.

    >>> in_unit(Fen(1997214999), "万元")
    Decimal('1997.21')
    """
    return (Decimal(fen) / FEN_PER[unit]).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _scaled(amount: Decimal | int | str, unit: MoneyUnit) -> Decimal:
    try:
        value = Decimal(amount)
    except InvalidOperation:
        raise ValueError(f"{amount!r} is not an amount") from None
    if not value.is_finite():
        raise ValueError(f"{amount!r} is not an amount")
    if value.adjusted() > 20:
        raise OverflowError(f"{amount} {unit} does not fit in int64")
    return value * FEN_PER[unit]

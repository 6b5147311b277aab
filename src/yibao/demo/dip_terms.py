"""The example region's terms of payment by disease score (packs/cn-9904/dip.yaml), read plainly: Decimal, and nothing else's code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from yibao.region.packs import Pack

SCHEMES = ("resident", "employee")  #: by a visit's `employee`
FEN = Decimal(1)


def rounded(value: Decimal, digits: int) -> Decimal:
    """Half-up to so many digits behind the point.

    >>> rounded(Decimal("2.00005"), 4)
    Decimal('2.0001')
    """
    return value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


@dataclass(frozen=True)
class Terms:
    """What a year pays by."""

    version: str
    weights: tuple[Decimal, ...]  #: of the three years before, oldest first
    coverage: Decimal
    related_rise: Decimal
    primary_share: Decimal
    primary_cv: Decimal
    scale: Decimal
    digits: int
    coefficients: tuple[Decimal, ...]  #: by hospital level
    bands: tuple[Mapping[str, Any], ...]
    ungrouped: Decimal
    growth: tuple[Decimal, Decimal]  #: by scheme
    deposit: Decimal
    advance: Decimal
    booked_below: Decimal
    share: Decimal
    share_to: Decimal

    @classmethod
    def of(cls, pack: Pack, year: int) -> Terms:
        def read(name: str) -> Any:
            return pack.value(f"dip.{name}", on=date(year, 6, 30))

        catalogue, coefficient = read("catalogue"), read("coefficient")
        least, _, most, _ = read("sharing")
        return cls(
            version=f"{catalogue['edition']}-{year}",
            weights=tuple(Decimal(weight) for weight in catalogue["weights"]),
            **{name: catalogue[name] for name in ("coverage", "related_rise", "primary_share", "primary_cv")},
            scale=Decimal(catalogue["scale"]),
            digits=int(catalogue["digits"]),
            coefficients=tuple(Decimal(coefficient.get(level, 1)) for level in "0123"),
            bands=tuple(read("bands")),
            ungrouped=Decimal(read("ungrouped")["share"]),
            growth=(read("fund")["growth"]["resident"], read("fund")["growth"]["employee"]),
            deposit=Decimal(read("deposit")),
            advance=Decimal(read("advance")),
            booked_below=least["below"],
            share=most["bear"],
            share_to=most["below"],
        )

    def band(self, ratio: Decimal) -> tuple[str, Decimal]:
        """The band of a ratio of cost to standard, and its factor."""
        for band in self.bands:
            if "below" not in band or ratio < band["below"] or (band["inclusive"] and ratio == band["below"]):
                factors = {"ratio": ratio, "one": Decimal(1), "ratio_less_one": ratio - 1}
                return band["band"], factors[band["factor"]]
        raise ValueError("the bands end before the ratio")

    def score(self, base: Decimal, coefficient: Decimal, factor: Decimal) -> Decimal:
        """The points of a case: rounded once."""
        return rounded(base * coefficient * factor, self.digits)


def distribute(total: int, shares: list[Decimal]) -> list[int]:
    """A sum (fen) by shares: cut down, then a fen each to the largest remainders, the earlier first.

    >>> distribute(100, [Decimal(1), Decimal(1), Decimal(1)])
    [34, 33, 33]
    """
    whole = sum(shares, Decimal(0))
    if not whole:
        return [0] * len(shares)
    exact = [total * share / whole for share in shares]
    parts = [int(part) for part in exact]
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts


def fen_of(value: Decimal) -> int:
    """Fen, half-up."""
    return int(value.quantize(FEN, ROUND_HALF_UP))

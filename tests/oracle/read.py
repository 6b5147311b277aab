"""What the rules say about one visit: knobs by part, cells read, yuan as fen, rates as Decimal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any

from tests.oracle.cells import Refused, facts, value_of
from tests.oracle.visit import Visit

ROUNDING = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "down": ROUND_DOWN}
COMPONENTS = ("over_pool_cap", "coinsurance", "deductible", "first_pay", "pre_selfpay", "over_cap", "full_selfpay")
FUNDS = (
    "pool", "civil_servant", "enterprise_supplement", "resident_critical_illness", "employee_large_amount", "disabled_person",
    "medical_aid", "other", "hospital",
)  # fmt: skip
MODES = ("visit", "month", "quarter", "year", "top_up", "institution")
PERIODS = ("visit", "month", "quarter", "year")
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Band:
    to: Decimal | None  #: fen
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Cap:
    per: str
    amount: int | None  #: fen
    name: str
    each: bool  #: by disease


class Read:
    """The rules as they hold for one visit at its `nth` admission."""

    def __init__(self, rules: Mapping[str, Any], visit: Visit, nth: int | None) -> None:
        self.rules, self.visit, self.facts = rules, visit, facts(rules, visit, nth)

    def has(self, key: str) -> bool:
        return f"{self.visit.scheme}.{key}" in self.rules

    def plain(self, key: str) -> Any:
        """The knob as it stands."""
        full = f"{self.visit.scheme}.{key}"
        if full not in self.rules:
            raise Refused(f"{full} is missing")
        return self.rules[full]

    def word(self, key: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        found = default if default is not None and not self.has(key) else self.plain(key)
        if found not in allowed:
            raise Refused(f"{key}: {found} is none of {allowed}")
        return str(found)

    def cell(self, key: str, value: Any) -> Decimal | None:
        """The value of a cell here; None for `none`."""
        found = value_of(f"{self.visit.scheme}.{key}", value, self.facts)
        return None if found is None or found == "none" else Decimal(str(found))

    def number(self, key: str, default: int | None = None) -> Decimal:
        if default is not None and not self.has(key):
            return Decimal(default)
        return self.wanted(key, self.plain(key))

    def wanted(self, key: str, value: Any) -> Decimal:
        found = self.cell(key, value)
        if found is None:
            raise Refused(f"{key} may not be none")
        return found

    def fen(self, key: str) -> int:
        return whole(key, self.number(key))

    def components(self, key: str) -> tuple[str, ...]:
        found = tuple(self.plain(key))
        if not set(found) <= set(COMPONENTS):
            raise Refused(f"{key}: {found} are not all components")
        return found

    def bands(self, part: str) -> list[Band]:
        """With what is added to the rate and the factor on the self-pay side."""
        if self.has(f"{part}.rate") == self.has(f"{part}.bands"):
            raise Refused(f"{part}: rate or bands, one of them")
        rows = self.plain(f"{part}.bands") if self.has(f"{part}.bands") else [{"rate": self.plain(f"{part}.rate")}]
        extra = self.plain(f"{part}.rate_plus") if self.has(f"{part}.rate_plus") else []
        plus = sum((self.wanted(f"{part}.rate_plus", cell) for cell in extra), Decimal(0))
        factor = self.number(f"{part}.selfpay_factor", 1)
        return [
            Band(
                None if "to" not in row else Decimal(whole(f"{part}.bands", Decimal(str(row["to"])))),
                final(f"{part}.rate", self.wanted(f"{part}.rate", row["rate"]), plus, factor),
            )
            for row in rows
        ]

    def counts_from_zero(self, part: str, bands: list[Band]) -> bool:
        """Are the bands measured with what lies below them? With one band it makes no difference."""
        return (
            self.word(f"{part}.bands_from", ("zero", "deductible"), None if len(bands) > 1 else "deductible") == "zero"
        )

    def caps(self, part: str) -> list[Cap]:
        found = []
        for row in self.plain(f"{part}.caps"):
            if row["per"] not in PERIODS or row.get("each", "disease") != "disease":
                raise Refused(f"{part}.caps: {row}")
            amount = self.cell(f"{part}.caps", row["amount"])
            fen = None if amount is None else whole(f"{part}.caps", amount)
            found.append(Cap(row["per"], fen, row.get("shares", part), "each" in row))
        return found

    def rounded(self, amount: Decimal) -> int:
        mode = ROUNDING[self.word("rounding", tuple(ROUNDING))]
        return int(amount.quantize(ONE, mode))


def whole(key: str, yuan: Decimal) -> int:
    fen = yuan * 100
    if fen != fen.to_integral_value() or fen < 0:
        raise Refused(f"{key}: {yuan} yuan")
    return int(fen)


def final(key: str, rate: Decimal, plus: Decimal, factor: Decimal) -> Decimal:
    """1 − (1 − rate − plus) × factor, in [0, 1].

    >>> final("", Decimal("0.85"), Decimal(0), Decimal("0.6"))
    Decimal('0.910')
    """
    found = min(max(1 - (1 - rate - plus) * factor, Decimal(0)), ONE)
    if found != found.quantize(Decimal("0.000001")):
        raise Refused(f"{key}: {found} is finer than six decimals")
    return found

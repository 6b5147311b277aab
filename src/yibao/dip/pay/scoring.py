"""The points of one stay: score × coefficients × what its cost makes of them (guide dip §8.1 F6–F10), exact until the region rounds.

ratio   cost ÷ standard, where the standard is the mean cost of the group, or its score at the opening point value
factor  what the band of the ratio says
points  score × factor × institution coefficient × auxiliary coefficient, each where the band applies it
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from yibao.dip.pay.shapes import Band, Scale, Scheme
from yibao.dip.pay.terms import Terms
from yibao.errors import UserError

ONE = Decimal(1)
SHOWN = 6  #: places that tables have
FINE = 16  #: places of points that are not rounded: sums of ten thousand million points are exact in the 28 digits of Decimal
Special = Literal["itemised", "adjusted", "refused"]


@dataclass(frozen=True, slots=True)
class Stay:
    """What the points of a stay depend on; money in fen. `score` and `mean` None: the stay has no group."""

    bill: str
    provider: str
    level: str | None
    score: Decimal | None
    mean: int | None
    primary_care: bool
    auxiliary: Decimal
    fee: int
    special: Special | None = None
    special_score: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Prices:
    """What a scheme's stays are measured by before the clearing: mean cost of the region (fen), opening point value (yuan a point)."""

    region_mean: int
    point_value: Decimal


@dataclass(frozen=True, slots=True)
class Scored:
    """The result; `ratio` None where there is no standard."""

    score: Decimal
    institution: Decimal
    auxiliary: Decimal
    ratio: Decimal | None
    band: Literal["low", "normal", "high"]
    factor: Decimal
    points: Decimal


def half_up(value: Decimal, digits: int) -> Decimal:
    """
    >>> half_up(Decimal("2.00005"), 4)
    Decimal('2.0001')
    """
    return value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def to_scale(value: Decimal, digits: Scale) -> Decimal:
    """A ratio or points as the region keeps them; `none` is as fine as sums stay exact.

    >>> to_scale(Decimal(1) / 3, 4), to_scale(Decimal(1) / 3, "none")
    (Decimal('0.3333'), Decimal('0.3333333333333333'))
    """
    return half_up(value, FINE if digits == "none" else digits)


def _shown(digits: Scale) -> int:
    return SHOWN if digits == "none" else min(digits, SHOWN)


class Scorer:
    """The terms of a day, read once, over many stays of a scheme."""

    def __init__(self, terms: Terms, prices: Prices, scheme: Scheme | None = None) -> None:
        self.terms, self.prices, self.scheme = terms, prices, scheme
        self.standard, self.bands, self.digits = terms.standard, terms.bands, terms.points.digits
        self._coefficients: dict[tuple[str, str | None], Decimal] = {}

    def score(self, stay: Stay) -> Scored:
        """UserError where the terms say nothing on such a stay."""
        if stay.special == "itemised":
            return self._at_cost(stay)
        if stay.score is None and stay.special != "adjusted":
            return self._ungrouped(stay)
        base = stay.special_score if stay.special == "adjusted" else stay.score
        if base is None:
            raise UserError(f"结算 {stay.bill} 的特例单议是调整分值，没有写特例单议分值。")
        institution = ONE if stay.primary_care else self.institution(stay.provider, stay.level)
        if stay.special == "adjusted":
            return Scored(
                base,
                institution,
                stay.auxiliary,
                None,
                "normal",
                ONE,
                self.rounded(base * institution * stay.auxiliary),
            )
        ratio = self.ratio(stay, base, institution)
        band = self.band(ratio)
        factor = self.factor(band, ratio, institution)
        applied = (institution if band.institution else ONE) * (stay.auxiliary if band.auxiliary else ONE)
        return Scored(
            base, institution, stay.auxiliary, ratio, band.band, factor, self.rounded(base * factor * applied)
        )

    def institution(self, provider: str, level: str | None) -> Decimal:
        """The institution coefficient, looked up once."""
        found = self._coefficients.get((provider, level))
        if found is None:
            found = self._coefficients[provider, level] = self.terms.coefficient(provider, level, self.scheme)
        return found

    def ratio(self, stay: Stay, base: Decimal, institution: Decimal) -> Decimal:
        """Cost over standard."""
        if self.standard.by == "mean":
            if not stay.mean:
                raise UserError(
                    f"结算 {stay.bill} 的病种没有次均费用，算不出费用偏差率。请在方案包的 scores 表里补上次均费用。"
                )
            standard = Decimal(stay.mean)
        else:
            standard = base * self.prices.point_value * 100
        if self.standard.institution:
            standard *= institution
        if standard <= 0:
            raise UserError(f"结算 {stay.bill} 的费用标准为 0，算不出费用偏差率。请检查病种分值和年初点值。")
        ratio = stay.fee / standard
        return ratio if self.standard.digits == "none" else half_up(ratio, self.standard.digits)

    def band(self, ratio: Decimal) -> Band:
        return next(b for b in self.bands if b.below is None or ratio < b.below or (b.inclusive and ratio == b.below))

    def factor(self, band: Band, ratio: Decimal, institution: Decimal) -> Decimal:
        """What a band makes of a ratio; `plus_institution` for cities that add the coefficient (guide §8.2)."""
        factor = {"one": ONE, "ratio": ratio, "ratio_less_one": ratio - 1, "ratio_less_two": ratio - 2}[band.factor]
        return factor + institution if band.plus_institution else factor

    @property
    def places(self) -> int:
        """Of points, as tables show them."""
        return _shown(self.digits)

    @property
    def ratio_places(self) -> int:
        """Of the ratio, as tables show it."""
        return _shown(self.standard.digits)

    def shown(self, points: Decimal) -> Decimal:
        """Points as a table shows them."""
        return half_up(points, self.places)

    def rounded(self, points: Decimal) -> Decimal:
        return to_scale(points, self.digits)

    def _ungrouped(self, stay: Stay) -> Scored:
        rule = self.terms.ungrouped
        points = self.rounded(Decimal(stay.fee) / self.prices.region_mean * rule.scale * rule.share)
        return Scored(points, ONE, ONE, None, "normal", ONE, points)

    def _at_cost(self, stay: Stay) -> Scored:
        """Paid as many points as the cost is worth at the opening point value."""
        points = self.rounded(Decimal(stay.fee) / 100 / self.prices.point_value)
        return Scored(points, ONE, ONE, None, "normal", ONE, points)

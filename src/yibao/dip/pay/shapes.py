"""The shapes of the terms of payment: what each parameter of a region pack may say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, cast, get_args

from pydantic import BaseModel, ConfigDict, Field

from yibao.dip.pay.coefficients import Coefficient
from yibao.region.pack import Pack

Scheme = Literal["resident", "employee"]
Share = Annotated[Decimal, Field(ge=0, le=1)]
Positive = Annotated[Decimal, Field(gt=0)]
Places = Annotated[int, Field(ge=0, le=6)]
#: places of points or a ratio, at most ten; none: not rounded before money
Scale = Literal[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, "none"]
BySchemes = Mapping[Scheme, Positive]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Band(Strict):
    """A stretch of cost over standard, up to `below` (the last one is open); the factor on the score of a stay in it.

    `one`: 1; `ratio`: cost ÷ standard, so that a cheap stay is paid about its cost; `ratio_less_one`: what the city adds beyond twice
    the standard; `ratio_less_two`: the same where the institution coefficient is added instead of multiplied. `plus_institution` adds
    the coefficient to the factor; `institution` and `auxiliary` multiply by it.
    """

    band: Literal["low", "normal", "high"]
    below: Positive | None = None
    inclusive: bool = False
    factor: Literal["one", "ratio", "ratio_less_one", "ratio_less_two"]
    plus_institution: bool = False
    institution: bool
    auxiliary: bool


class Standard(Strict):
    """What the cost of a stay is held against. `by: mean` the mean cost of its group; `score` its score at the opening point value (F7)."""

    by: Literal["mean", "score"]
    institution: bool  #: times the institution coefficient
    digits: Scale  #: places of the ratio


class Points(Strict):
    """Places of the points of a stay (guide §8.1, precision trap: four lose a fen); tables show six, money is made of all."""

    digits: Scale


class Ungrouped(Strict):
    """A stay without a group: cost ÷ mean cost of the region × scale × `share`, no coefficient; None: a refusal."""

    scale: Positive
    share: Share


class PointValue(Strict):
    """How the point value of a clearing comes about; `fixed` and `fixed_share` where the mode needs them (yuan a point, by scheme)."""

    mode: Literal["floating", "fixed", "elastic"]
    digits: Places
    fixed: BySchemes | None = None
    fixed_share: Share | None = None


class Opening(Strict):
    """F11: years of weights (oldest first), percentiles beyond which the stays of a group are left out, places of value and ratio."""

    weights: tuple[Positive, ...]
    trim: tuple[Decimal, Decimal] | None
    digits: Places


class Sharing(Strict):
    """A stretch of booked ÷ due up to `below`. `keep` (up to 1): booked + keep × what was saved; `bear` (above 1): so much of what lies in it is paid."""

    below: Positive | None = None
    inclusive: bool = False
    keep: Share | None = None
    bear: Share | None = None


class AdvanceRow(Strict):
    """Whom it is for (each condition that is written must hold; `reserve_below` in months of fund payment), and how much of last year's booked pay."""

    risk: tuple[str, ...] | None = None
    grade: tuple[str, ...] | None = None
    fund_risk: tuple[str, ...] | None = None
    reserve_below: Positive | None = None
    inclusive: bool = False
    share: Share | None = None
    months: Annotated[Decimal, Field(ge=0, le=12)] | None = None

    @property
    def part(self) -> Decimal:
        """Of last year's booked pay."""
        if self.share is not None:
            return self.share
        return (self.months or Decimal(0)) / 12


def as_advances(said: object) -> object:
    """One share for everybody is a table of one row."""
    return ({"share": said},) if isinstance(said, int | float | str | Decimal) else said


class Bonus(Strict):
    """新技术加分: of several on one stay the highest or all; whether the points of the scheme stay in sum what they were (总分值不变)."""

    several: Literal["highest", "sum"]
    total: Literal["kept", "changed"]


class SharingLevel(Strict):
    """Where booked ÷ due is found (guide §9: three levels exist), and its bands; `disease` over the region, `institution_disease` in each hospital."""

    level: Literal["region", "institution", "disease", "institution_disease"]
    bands: tuple[Sharing, ...]


def as_levels(said: object) -> object:
    """One level alone, or a table of bands without a level, which is that of the institutions."""
    if isinstance(said, Mapping):
        return (said,)
    if isinstance(said, list | tuple) and said and all(isinstance(one, Mapping) and "level" not in one for one in said):
        return ({"level": "institution", "bands": said},)
    return said


class Fund(Strict):
    """The DIP fund of a year by scheme: amounts (yuan), or last year's booked pay grown and cut to `unit` yuan."""

    amounts: BySchemes | None = None
    growth: Mapping[Scheme, Decimal] | None = None
    unit: Positive | None = None


class Special(Strict):
    """特例单议: at most so many of a thousand discharges of the region (医保发〔2025〕18号 第二十条)."""

    per_mille: Positive


def schemes_of(pack: Pack, on: date) -> Mapping[str, Scheme]:
    """Insurance type → the scheme whose DIP fund pays, as the region says; types of schemes without such a fund are not in it."""
    said = pack.value("interface.scheme", on=on)
    return {str(code): cast("Scheme", scheme) for code, scheme in said.items() if scheme in get_args(Scheme)}


Base = Literal["ratio", "case_ratio", "patient_share"]
Coefficients = Mapping[str, Coefficient]


def coefficient_of(
    values: Mapping[str, Decimal], provider: str, level: str | None, scheme: str | None
) -> Decimal | None:
    """The institution coefficient: an institution's own precedes its level's, one of the scheme precedes one of both schemes.

    >>> values = {"3": Decimal("1.2"), "resident:3": Decimal("1.1"), "H1": Decimal("1.3")}
    >>> [str(coefficient_of(values, *asked)) for asked in (("H1", "3", "resident"), ("H2", "3", "resident"), ("H2", "3", "employee"))]
    ['1.3', '1.1', '1.2']
    """
    asked = (f"{scheme}:{provider}", provider, f"{scheme}:{level}", level or "")
    return next((values[key] for key in asked if key in values), None)

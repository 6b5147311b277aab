"""The shapes of the terms of payment: what each parameter of a region pack may say."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from yibao.dip.pay.coefficients import Coefficient

Scheme = Literal["resident", "employee"]
SCHEME_OF: Mapping[str, Scheme] = {"390": "resident", "310": "employee"}  #: insurance type → whose fund pays
Share = Annotated[Decimal, Field(ge=0, le=1)]
Positive = Annotated[Decimal, Field(gt=0)]
Places = Annotated[int, Field(ge=0, le=6)]
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
    digits: Places  #: places of the ratio


class Points(Strict):
    """Places of the points of a stay; six are the most that are kept (guide §8.1, precision trap: four lose a fen)."""

    digits: Places


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


class Fund(Strict):
    """The DIP fund of a year by scheme: amounts (yuan), or last year's booked pay grown and cut to `unit` yuan."""

    amounts: BySchemes | None = None
    growth: Mapping[Scheme, Decimal] | None = None
    unit: Positive | None = None


class Special(Strict):
    """特例单议: at most so many of a thousand discharges of the region (医保发〔2025〕18号 第二十条)."""

    per_mille: Positive


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

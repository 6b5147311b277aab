"""The terms on which a region pays by disease score on a day, from its pack. Guide dip §8–9, §12: none of these has a default.

A missing or impossible value is a UserError that names the parameter; `Terms.cited` says where each value stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from yibao.errors import UserError
from yibao.region.pack import Pack
from yibao.region.rules import Value

Scheme = Literal["resident", "employee"]
SCHEME_OF: Mapping[str, Scheme] = {"390": "resident", "310": "employee"}  #: insurance type → whose fund pays
Share = Annotated[Decimal, Field(ge=0, le=1)]
Positive = Annotated[Decimal, Field(gt=0)]
Places = Annotated[int, Field(ge=0, le=6)]
BySchemes = Mapping[Scheme, Positive]
Yuan = Annotated[Decimal, Field(gt=0)]


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
    """How points are written: `digits` None keeps them unrounded until money (guide §8.1, precision trap)."""

    digits: Places | None


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


_COMPLAINTS = {"missing": "没有填写", "extra_forbidden": "不认识这一项", "literal_error": "不在允许的取值之内"}
Coefficients = Mapping[str, Positive]

_SHAPES: Mapping[str, Any] = {
    "dip.coefficient": TypeAdapter(Coefficients),
    "dip.bands": TypeAdapter(tuple[Band, ...]),
    "dip.standard": TypeAdapter(Standard),
    "dip.points": TypeAdapter(Points),
    "dip.ungrouped": TypeAdapter(Ungrouped),
    "dip.pay_base": TypeAdapter(Literal["ratio", "patient_share"]),
    "dip.point_value": TypeAdapter(PointValue),
    "dip.opening": TypeAdapter(Opening),
    "dip.fund": TypeAdapter(Fund),
    "dip.deposit": TypeAdapter(Share),
    "dip.advance": TypeAdapter(Share),
    "dip.sharing": TypeAdapter(tuple[Sharing, ...]),
    "dip.cap": TypeAdapter(Positive),
    "dip.special": TypeAdapter(Special),
}


@dataclass(frozen=True)
class Terms:
    """What a region's pack says on a day; each value is read when it is asked for, so only what is needed can be missing."""

    pack: Pack
    on: date
    _read: dict[str, Value] = field(default_factory=dict, repr=False, compare=False)

    @property
    def coefficients(self) -> Coefficients:
        """By level of hospital; an institution's own number under its code precedes."""
        return self._value("dip.coefficient")  # type: ignore[no-any-return]

    def coefficient(self, provider: str, level: str | None) -> Decimal:
        found = self.coefficients.get(provider, self.coefficients.get(level or ""))
        if found is None:
            said = f"{level}级" if level else "未定级"
            raise UserError(
                f"定点机构 {provider}（{said}）没有机构系数：参数 dip.coefficient 里没有它的编号，也没有它的等级。"
            )
        return found

    @property
    def bands(self) -> tuple[Band, ...]:
        bands: tuple[Band, ...] = self._value("dip.bands")
        _ordered("dip.bands", [(band.below, band.inclusive) for band in bands])
        return bands

    @property
    def standard(self) -> Standard:
        return self._value("dip.standard")  # type: ignore[no-any-return]

    @property
    def points(self) -> Points:
        return self._value("dip.points")  # type: ignore[no-any-return]

    @property
    def ungrouped(self) -> Ungrouped:
        return self._value("dip.ungrouped")  # type: ignore[no-any-return]

    @property
    def pay_base(self) -> Literal["ratio", "patient_share"]:
        """`ratio`: score × value × pay ratio (F13); `patient_share`: score × value − what the patient bears, floor 0 (F14)."""
        return self._value("dip.pay_base")  # type: ignore[no-any-return]

    @property
    def point_value(self) -> PointValue:
        found: PointValue = self._value("dip.point_value")
        if found.mode != "floating" and found.fixed is None:
            raise UserError(
                f"参数 dip.point_value（{self._where('dip.point_value')}）的方式是固定或弹性，缺少 fixed（各险种的固定点值）。"
            )
        if found.mode == "elastic" and found.fixed_share is None:
            raise UserError(
                f"参数 dip.point_value（{self._where('dip.point_value')}）的方式是弹性，缺少 fixed_share（固定部分的份额）。"
            )
        return found

    @property
    def opening(self) -> Opening:
        return self._value("dip.opening")  # type: ignore[no-any-return]

    @property
    def fund(self) -> Fund:
        found: Fund = self._value("dip.fund")
        if found.amounts is None and (found.growth is None or found.unit is None):
            raise UserError(
                f"参数 dip.fund（{self._where('dip.fund')}）要么写 amounts（各险种的金额），要么写 growth 和 unit。"
            )
        return found

    @property
    def deposit(self) -> Decimal:
        """UserError above the national ceiling (经办规程 2025: 5 %)."""
        deposit, ceiling = self._value("dip.deposit"), self.pack.number("dip.deposit.ceiling", on=self.on)
        if deposit > ceiling:
            raise UserError(
                f"参数 dip.deposit（{self._where('dip.deposit')}）的质量保证金比例 {deposit} 超过国家规定的 {ceiling}，不能使用。"
            )
        return deposit  # type: ignore[no-any-return]

    @property
    def advance(self) -> Decimal:
        return self._value("dip.advance")  # type: ignore[no-any-return]

    @property
    def sharing(self) -> tuple[Sharing, ...]:
        """UserError for an empty table: no city's bands are a default (guide §9)."""
        found: tuple[Sharing, ...] = self._value("dip.sharing")
        _ordered("dip.sharing", [(band.below, band.inclusive) for band in found])
        low = Decimal(0)
        for number, band in enumerate(found, 1):
            saved = low < 1
            if saved and (band.below is None or band.below > 1):
                raise UserError(
                    f"参数 dip.sharing（{self._where('dip.sharing')}）第 {number} 段从 {low} 起跨过了 1，请在 1 处分段。"
                )
            if (band.keep is not None, band.bear is not None) != (saved, not saved):
                wanted = "keep（留用）" if saved else "bear（分担）"
                raise UserError(
                    f"参数 dip.sharing（{self._where('dip.sharing')}）第 {number} 段从 {low} 起，应当只写 {wanted}。"
                )
            low = band.below or low
        return found

    @property
    def cap(self) -> Decimal | None:
        """At most so many times the booked pay; None where the region has no such cap."""
        return self._value("dip.cap") if self.pack.find("dip.cap", on=self.on) else None

    @property
    def special(self) -> Special:
        """A ceiling, not an amount: it may be used before its text was compared."""
        return self._value("dip.special", pays=False)  # type: ignore[no-any-return]

    def cited(self) -> Iterator[tuple[str, Value]]:
        """The parameters that were asked for so far, with their sources, by name."""
        return iter(sorted(self._read.items()))

    def _where(self, key: str) -> str:
        return self._read[key].place

    def _value(self, key: str, *, pays: bool = True) -> Any:
        self._read[key] = found = self.pack.parameter(key, on=self.on)
        example = found.status == "example" and self.pack.status != "example"
        if pays and (found.status == "inferred" or example):
            raise UserError(
                f"{found.place}的 {key} 状态是 {found.status}，不能用来付费。请对照文件核实，写明文号，把 status 改为 verified。"
            )
        try:
            return _SHAPES[key].validate_python(found.value)
        except ValidationError as error:
            first = error.errors()[0]
            item = ".".join(str(part + 1) if isinstance(part, int) else part for part in first["loc"]) or "值"
            raise UserError(f"{found.place}的 {key}：{item} {_COMPLAINTS.get(first['type'], '不合要求')}。") from None


def _ordered(key: str, bounds: list[tuple[Decimal | None, bool]]) -> None:
    """Bands follow each other and end open."""
    ends = [below for below, _ in bounds]
    if not ends or ends[-1] is not None:
        raise UserError(f"参数 {key} 没有最后一段（不写 below 的一段），超出各段的情形没有规定。")
    closed = [below for below in ends if below is not None]
    if len(closed) < len(ends) - 1 or any(a >= b for a, b in pairwise(closed)):
        raise UserError(f"参数 {key} 各段的 below 必须由小到大。")

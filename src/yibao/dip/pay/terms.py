"""The terms on which a region pays by disease score on a day, from its pack. Guide dip §8–9, §12: none of these has a default.

A missing or impossible value is a UserError that names the parameter; `Terms.cited` says where each value stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Any

from pydantic import BeforeValidator, TypeAdapter, ValidationError

from yibao.dip.complaints import complaint
from yibao.dip.pay.shapes import (
    AdvanceRow,
    Band,
    Base,
    Bonus,
    Coefficients,
    Fund,
    Opening,
    Points,
    PointValue,
    Positive,
    Scheme,
    Share,
    Sharing,
    SharingLevel,
    Special,
    Standard,
    Ungrouped,
    as_advances,
    as_levels,
    coefficient_of,
    schemes_of,
)
from yibao.errors import UserError
from yibao.region.pack import Pack
from yibao.region.rules import Value

_SHAPES: Mapping[str, Any] = {
    "dip.coefficient": TypeAdapter(Coefficients),
    "dip.bands": TypeAdapter(tuple[Band, ...]),
    "dip.standard": TypeAdapter(Standard),
    "dip.points": TypeAdapter(Points),
    "dip.ungrouped": TypeAdapter(Ungrouped),
    "dip.pay_base": TypeAdapter(Base),
    "dip.point_value": TypeAdapter(PointValue),
    "dip.opening": TypeAdapter(Opening),
    "dip.fund": TypeAdapter(Fund),
    "dip.deposit": TypeAdapter(Share),
    "dip.advance": TypeAdapter(Annotated[tuple[AdvanceRow, ...], BeforeValidator(as_advances)]),
    "dip.bonus": TypeAdapter(Bonus),
    "dip.sharing": TypeAdapter(Annotated[tuple[SharingLevel, ...], BeforeValidator(as_levels)]),
    "dip.cap": TypeAdapter(Positive),
    "dip.special": TypeAdapter(Special),
}


@dataclass(frozen=True)
class Terms:
    """What a region's pack says on a day; each value is read when it is asked for, so only what is needed can be missing."""

    pack: Pack
    on: date
    _read: dict[str, Value] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def schemes(self) -> Mapping[str, Scheme]:
        """Insurance type → the scheme whose fund pays."""
        return schemes_of(self.pack, self.on)

    @property
    def coefficients(self) -> Coefficients:
        """By level of hospital or code of an institution, of one scheme where that is written before it (`resident:3`)."""
        return self._value("dip.coefficient")  # type: ignore[no-any-return]

    def coefficient(self, provider: str, level: str | None, scheme: Scheme | None) -> Decimal:
        found = coefficient_of(self.coefficients, provider, level, scheme)
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
    def pay_base(self) -> Base:
        """From points to money: × value × the pay ratio of the scheme, or of the stay (F13), or × value − what the patient bears (F14)."""
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
    def advance(self) -> tuple[AdvanceRow, ...]:
        """The table of prepayments; a bare share is its one row. UserError for a row that says both how much of a year and how many months, or neither."""
        found: tuple[AdvanceRow, ...] = self._value("dip.advance")
        for number, row in enumerate(found, 1):
            if (row.share is None) == (row.months is None):
                raise UserError(
                    f"参数 dip.advance（{self._where('dip.advance')}）第 {number} 行要么写 share（占上年统筹记账的份额），要么写 months（几个月）。"
                )
        return found

    @property
    def bonus(self) -> Bonus:
        return self._value("dip.bonus")  # type: ignore[no-any-return]

    @property
    def sharing(self) -> tuple[SharingLevel, ...]:
        """The levels in their order; a bare table of bands is the institutions'. UserError for an empty table: no city's bands are a default (guide §9)."""
        found: tuple[SharingLevel, ...] = self._value("dip.sharing")
        if not found:
            raise UserError(
                f"参数 dip.sharing（{self._where('dip.sharing')}）是空的，没有规定结余留用与超支分担，不能清算。"
            )
        if len({level.level for level in found}) < len(found):
            raise UserError(f"参数 dip.sharing（{self._where('dip.sharing')}）同一层级写了两次。")
        for level in found:
            self._check_bands(level.bands)
        return found

    def _check_bands(self, bands: tuple[Sharing, ...]) -> None:
        _ordered("dip.sharing", [(band.below, band.inclusive) for band in bands])
        low = Decimal(0)
        for number, band in enumerate(bands, 1):
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
            raise UserError(f"{found.place}的 {key}：{complaint(error)}。") from None


def _ordered(key: str, bounds: list[tuple[Decimal | None, bool]]) -> None:
    """Bands follow each other and end open."""
    ends = [below for below, _ in bounds]
    if not ends or ends[-1] is not None:
        raise UserError(f"参数 {key} 没有最后一段（不写 below 的一段），超出各段的情形没有规定。")
    closed = [below for below in ends if below is not None]
    if len(closed) < len(ends) - 1 or any(a >= b for a, b in pairwise(closed)):
        raise UserError(f"参数 {key} 各段的 below 必须由小到大。")

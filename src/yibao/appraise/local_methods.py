"""Indicators that a place scores in its own way (办法): the steps are here, every number comes from the region's pack.

资金结余: nothing left over, not more than last year, more than last year (目标: last year's, 实际: this year's amount).
支付进度: a deduction for each date by which too little was paid (实际: the shares paid by those dates, joined by 、).
逐项计分: points for each item that is met (目标: number of items, 实际: how many are met).
Source: 岳阳市部门整体支出绩效评价评分标准. UserError names the parameter that the region does not have.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from yibao.appraise.quotes import Quoting
from yibao.appraise.sheet import Indicator
from yibao.appraise.typed import Number
from yibao.periods import year_end
from yibao.region.packs import Pack

Method = Callable[[Indicator, Quoting, Pack, Decimal], Decimal]


def points_of(row: Indicator, quoting: Quoting, region: Pack) -> Decimal:
    """The points of a row that names a 办法; ValueError with a Chinese reason where the row does not fit it."""
    return METHODS[row.method](row, quoting, region, row.weight or Decimal(0))


def _parameter(region: Pack, key: str, quoting: Quoting) -> list[Decimal]:
    value = region.value(f"appraisal.{key}", on=year_end(quoting.year))
    return [Decimal(str(item)) for item in (value if isinstance(value, list) else [value])]


def _carry(row: Indicator, quoting: Quoting, region: Pack, weight: Decimal) -> Decimal:
    """Points for what is left at the end of the year.

    Three marks of the pack: nothing left, not above last year, above.
    """
    none, not_above, above = _parameter(region, "carry_points", quoting)
    if weight != none:
        raise ValueError(f"“{row.name}”的满分是 {none} 分，表上的分值是 {weight} 分")
    left, last = quoting.number(row.actual, row.unit), quoting.number(row.target, row.unit)
    if left.base == 0:
        return none
    return not_above if left.base <= last.base else above


def _progress(row: Indicator, quoting: Quoting, region: Pack, weight: Decimal) -> Decimal:
    """The pack's last number is the deduction, those before it are the shares to be paid by each date."""
    *wanted, deduction = _parameter(region, "payment_progress", quoting)
    paid: list[Number] = [quoting.number(part, row.unit or "%") for part in row.actual.split("、")]
    if len(paid) != len(wanted):
        raise ValueError(f"“{row.name}”要写 {len(wanted)} 个比例，用“、”隔开")
    missed = sum(share.base < limit for share, limit in zip(paid, wanted, strict=True))
    return max(Decimal(0), weight - missed * deduction)


def _items(row: Indicator, quoting: Quoting, region: Pack, weight: Decimal) -> Decimal:
    (each,) = _parameter(region, "item_points", quoting)
    wanted, met = quoting.number(row.target, "项"), quoting.number(row.actual, "项")
    if wanted.value * each != weight or not 0 <= met.value <= wanted.value:
        raise ValueError(
            f"“{row.name}”每项 {each} 分，{wanted.printed}的分值应是 {wanted.value * each} 分，达到的不能超过{wanted.printed}"
        )
    return met.value * each


METHODS: dict[str, Method] = {"资金结余": _carry, "支付进度": _progress, "逐项计分": _items}

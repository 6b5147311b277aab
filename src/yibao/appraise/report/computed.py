"""Numbers that no table holds: shares, growth, per-head amounts, months of reserve, computed from chosen figures.

Rounded half-up once, at the end, to the decimals of the layout (`Rounding`). Guide §3: 占比 = part ÷ whole, 同比 =
(this − last) ÷ last, 人均 = amount ÷ persons, 可支付月数 = 累计结余 ÷ (支出 ÷ 12). ValueError where a base is not positive.
"""

from __future__ import annotations

from decimal import Decimal

from pydantic import BaseModel, ConfigDict

from yibao.appraise.report.words import changed, unchanged
from yibao.appraise.typed import FEN_PER_YUAN, Number
from yibao.vocabulary.intervals import round_half_up

MONTHS = 12


class Rounding(BaseModel):
    """Decimals of what is computed: percentages, yuan per head, months."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    percent: int = 2
    per_head: int = 0
    months: int = 1


def quotient(part: Number, whole: Number) -> Decimal:
    """part ÷ whole, unrounded; ValueError for two dimensions or a base that is not positive."""
    if part.unit.dimension != whole.unit.dimension:
        raise ValueError(f"{part.printed} 与 {whole.printed} 不能相比")
    if whole.base <= 0:
        raise ValueError(f"{whole.printed} 作分母没有比率")
    return part.base / whole.base


def percent(fraction: Decimal, rounding: Rounding) -> str:
    """A fraction as documents print it.

    >>> percent(Decimal("0.225"), Rounding())
    '22.50%'
    """
    return f"{round_half_up(fraction * 100, rounding.percent)}%"


def difference(number: Number, other: Number) -> Number:
    """|number − other| in the unit and precision of the finer of the two."""
    if number.unit.dimension != other.unit.dimension:
        raise ValueError(f"{number.printed} 与 {other.printed} 不能相减")
    finer = min((number, other), key=lambda n: n.step)
    return finer.rewritten(abs(number.base - other.base))


def change(now: Number, last: Number, rounding: Rounding) -> str:
    """Now against last year; no percentage on a base that is not positive or of a fall below zero, points for a rate.

    >>> from yibao.appraise.typed import number
    >>> change(number("1.84", "万元"), number("9.98", "万元"), Rounding())
    '比上年减少8.14万元，下降81.56%'
    >>> change(number("-5", "万元"), number("20", "万元"), Rounding())
    '比上年减少25万元'
    """
    words = changed(now.base - last.base)
    if words is None:
        return unchanged()
    by = difference(now, last)
    if now.unit.dimension == "ratio":
        return f"比上年{'提高' if words[0] == '增加' else '降低'}{by.text}个百分点"
    said = f"比上年{words[0]}{by.printed}"
    return said if last.base <= 0 or now.base < 0 else f"{said}，{words[1]}{percent(by.base / last.base, rounding)}"


def per_head(amount: Number, persons: Number, rounding: Rounding) -> str:
    """Yuan per person.

    >>> from yibao.appraise.typed import number
    >>> per_head(number("347102", "万元"), number("320.75", "万人"), Rounding())
    '1082元'
    """
    if not amount.is_money or persons.unit.dimension != "persons":
        raise ValueError(f"{amount.printed} ÷ {persons.printed} 不是人均")
    if persons.base <= 0:
        raise ValueError(f"{persons.printed} 作分母没有人均")
    return f"{round_half_up(amount.base / FEN_PER_YUAN / persons.base, rounding.per_head)}元"


def months(balance: Number, expense: Number, rounding: Rounding) -> str:
    """How many months of the year's expense a balance pays for; ValueError for a balance below zero."""
    if balance.base < 0:
        raise ValueError(f"{balance.printed} 不能支付")
    return f"{round_half_up(quotient(balance, expense) * MONTHS, rounding.months)}个月"

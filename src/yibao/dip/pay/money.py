"""Points into money: point values, what a month and a year are worth to each hospital and each of its diseases, ceilings.

Guide dip §8.1 F11–F16, §9. Money is fen, a point value yuan a point; a sum is given away to the fen (largest remainders).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction

from yibao.dip.formulas import due_less_patient_share, settlement_point_value, shared_out
from yibao.dip.pay.cases import Line, Sums, whole
from yibao.dip.pay.scoring import half_up
from yibao.dip.pay.shapes import Base, Fund, PointValue, Scheme
from yibao.errors import UserError
from yibao.money import Fen, in_unit


def fen(value: Decimal | Fraction) -> int:
    """Half-up, away from zero at the half.

    >>> fen(Decimal("0.5")), fen(Fraction(-5, 2)), fen(Decimal("2.49"))
    (1, -3, 2)
    """
    if isinstance(value, Fraction):
        whole_, rest = divmod(abs(value), 1)
        found = int(whole_) + (rest >= Fraction(1, 2))
        return found if value >= 0 else -found
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


def fund_of(fund: Fund, scheme: Scheme, last_booked: int) -> int:
    """The DIP fund of a year in fen. UserError where the parameter does not know the scheme."""
    if fund.amounts is not None:
        if scheme not in fund.amounts:
            raise UserError(f"参数 dip.fund 没有写 {scheme} 的金额。")
        return fen(fund.amounts[scheme] * 100)
    assert fund.growth is not None
    assert fund.unit is not None
    if scheme not in fund.growth:
        raise UserError(f"参数 dip.fund 没有写 {scheme} 的增长率。")
    unit = fund.unit * 100
    return int((last_booked * (1 + fund.growth[scheme]) / unit).quantize(Decimal(1), ROUND_DOWN) * unit)


def month_payable(base: Base, of: Mapping[str, Sums], value: Decimal, ratio: Decimal) -> dict[str, int]:
    """What a month is worth to each hospital of a scheme, before the deposit.

    `ratio`: the month's points × value × ratio, shared out by points, so that the whole is exact. `case_ratio`: each stay's points × value ×
    its own ratio. `patient_share`: each hospital's points × value less what its patients bear, never below nothing (F14).
    """
    if base == "patient_share":
        return {name: max(0, fen(one.points * value * 100) - one.patient_share) for name, one in of.items()}
    if base == "case_ratio":
        return {name: fen(_worth(base, one, value, ratio)) for name, one in of.items()}
    total = fen(whole(of).points * value * ratio * 100)
    return shared_out(total, {name: one.points for name, one in of.items()}) if total else dict.fromkeys(of, 0)


@dataclass(frozen=True, slots=True)
class Cleared:
    """A scheme's clearing value and what each hospital is due; fen. `left`: of the fund, not due to anybody (0 where the value floats)."""

    ratio: Decimal
    value: Decimal
    payable: Mapping[str, int]
    left: int


def cleared(rule: PointValue, base: Base, scheme: Scheme, of: Mapping[str, Sums], fund: int, digits: int) -> Cleared:
    """F12, F13: pay ratio, point value of the clearing, and the fund given away. `digits`: places of the ratio.

    A floating value gives the whole fund away, by points (`ratio`) or by what each stay is worth (`patient_share`). A fixed or
    elastic one, and ratios of single stays, pay what they say, and the rest of the fund is named.
    """
    total = whole(of)
    if not total.points or not total.total_fee:
        raise UserError(f"险种 {scheme} 这一年没有点数或没有费用，不能清算。")
    ratio = half_up(Decimal(total.booked_pay) / total.total_fee, digits)
    if not ratio:
        raise UserError(f"险种 {scheme} 的支付比例（统筹记账 ÷ 总费用）是 0，算不出点值。")
    if base == "patient_share":
        floating = (fund + total.patient_share) / total.points / 100
    else:
        floating = settlement_point_value(Decimal(fund) / 100, ratio, total.points)
    value = half_up(_mode(rule, scheme, floating), rule.digits)
    exact = {name: _worth(base, one, value, ratio) for name, one in of.items()}
    if rule.mode == "floating" and base != "case_ratio":
        if not any(exact.values()):
            raise UserError(
                f"险种 {scheme} 各机构按点数 × 点值减参保人负担都是 0，{in_unit(Fen(fund)):,} 元的基金无处可分，不能清算。请核对 dip.pay_base 和基金总额。"
            )
        payable = shared_out(fund, exact)
    else:
        payable = {name: fen(amount) for name, amount in exact.items()}
    return Cleared(ratio, value, payable, fund - sum(payable.values()))


def _mode(rule: PointValue, scheme: Scheme, floating: Decimal) -> Decimal:
    if rule.mode == "floating":
        return floating
    if rule.fixed is None or scheme not in rule.fixed:
        raise UserError(f"参数 dip.point_value 的 fixed 没有写 {scheme} 的点值。")
    share = Decimal(1) if rule.fixed_share is None or rule.mode == "fixed" else rule.fixed_share
    return share * rule.fixed[scheme] + (1 - share) * floating


def _worth(base: Base, one: Sums, value: Decimal, ratio: Decimal) -> Decimal:
    """What a hospital's stays are worth in fen, not rounded."""
    if base == "ratio":
        return one.points * value * ratio * 100
    return sum((_worth_of(base, line, value, ratio) for line in one.stays), Decimal(0))


def _worth_of(base: Base, line: Line, value: Decimal, ratio: Decimal) -> Decimal:
    """What a stay is worth, the same."""
    worth = line.points * value * 100
    if base == "ratio":
        return worth * ratio
    if base == "case_ratio":
        return worth * line.booked_pay / line.total_fee if line.total_fee else Decimal(0)
    return due_less_patient_share(worth, Decimal(line.total_fee - line.booked_pay))


def due_by_disease(base: Base, one: Sums, paid: Cleared, due: int) -> dict[str, int]:
    """What a hospital is due, cut by disease as its stays are worth; the parts add up to it, fen."""
    weights: dict[str, Decimal] = {}
    for line in one.stays:
        weights[line.group] = weights.get(line.group, Decimal(0)) + _worth_of(base, line, paid.value, paid.ratio)
    return shared_out(due, weights) if due else dict.fromkeys(weights, 0)


def beyond_cap(amount: int, booked: int, times: Decimal | None, cap: int | None) -> int:
    """What a hospital is not paid because of a ceiling: so many times its booked pay, or an amount of its own (fen)."""
    ceilings = [ceiling for ceiling in (None if times is None else fen(booked * times), cap) if ceiling is not None]
    return max(0, amount - min(ceilings)) if ceilings else 0

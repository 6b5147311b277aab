"""The arithmetic of the sheet of point values: months add up, pay ratio and point value are the quotients that they are printed as."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from yibao.dip.pay.scoring import half_up
from yibao.dip.verify.found import MONTHLY, VALUES, Found, Row, decimal, differs, key_of, plain, reaches, ways, yuan
from yibao.dip.verify.months import SUMS, common, is_part, said, summed
from yibao.dip.verify.sheets import Sheets


def check_values(sheets: Sheets, found: Found) -> None:
    """Every check of the sheet; what was not sent is told."""
    names = "点值表为各月之和", "支付比例 = 统筹记账 ÷ 医疗费", "清算点值 = 基金 ÷ 支付比例 ÷ 总点数"
    if not sheets.values:
        for name in names:
            found.not_run(name, "没有点值表")
        return
    _check_region(sheets, found, names[0])
    rows = [row for row in sheets.values if row["booked_pay"] and row["total_fee"] and row["dip_pay_ratio"]]
    ratio = _Quotient("pay_ratio", "dip_pay_ratio", ("booked_pay", "total_fee"), _pay_ratio)
    _check_quotient(rows, sheets, found, names[1], ratio)
    rows = [row for row in sheets.values if row["dip_pay_ratio"] and row["dip_points"] and row["dip_fund"]]
    if rows and sheets.base == "patient_share":
        found.not_run(names[2], "按减参保人负担付费，清算点值不是这样算的")
        return
    value = _Quotient("point_value", "settlement_point_value", ("dip_pay_ratio", "dip_points"), _point_value)
    _check_quotient(rows, sheets, found, names[2], value)


def _check_region(sheets: Sheets, found: Found, name: str) -> None:
    """The region's year is the sum of the months; where the sheets hold a part of the region there is nothing to compare."""
    if len({row["service_month"] for row in sheets.months}) < 12:
        found.not_run(name, "月预结算不满十二个月" if sheets.months else "没有月预结算")
        return
    right, lacks = found.rights(MONTHLY), any(one.step == "row" for one in found.of(MONTHLY))
    for row in sheets.values:
        insurance = row["insurance_type"]
        mine = [month for month in sheets.months if month["insurance_type"] == insurance]
        sums = {column: sum(month[column] for month in mine) for column, _ in SUMS}
        of_results = [values for (*_, what), values in summed(sheets.results).items() if what == insurance]
        if is_part(sheets, insurance) and not lacks:
            found.not_run(f"{name}（{insurance}）", "收到的只是统筹区的一部分机构")
            continue
        found.ran(f"{name}（{insurance}）", len(mine))
        columns = common(sheets, MONTHLY, VALUES)
        for column, step in SUMS:
            if column not in columns:
                continue
            deltas = [
                right[key][column] - m[column] for m in mine if column in right.get(key := key_of(m, MONTHLY), {})
            ]
            instead = lacks and row[column] == sum(values[column] for values in of_results)
            if not reaches(sums[column], row[column], deltas) and not instead:
                official, own = said(column, row[column]), said(column, sums[column])
                found.add([differs(row, VALUES, step, "sum", official, own, "不是各月之和", None, sums[column])])


@dataclass(frozen=True, slots=True)
class _Quotient:
    """A printed quotient: its step and column, the columns that it is reckoned from, and how."""

    step: str
    column: str
    of: tuple[str, ...]
    reckon: Callable[[Row], Decimal]


def _pay_ratio(row: Row) -> Decimal:
    return Decimal(row["booked_pay"]) / Decimal(row["total_fee"])


def _point_value(row: Row) -> Decimal:
    return Decimal(row["dip_fund"]) / 100 / decimal(row["dip_pay_ratio"]) / decimal(row["dip_points"])


def _check_quotient(rows: Sequence[Row], sheets: Sheets, found: Found, name: str, quotient: _Quotient) -> None:
    """A printed quotient is the exact one, half-up, at as many places as most were printed with."""
    stated = [decimal(row[quotient.column]) for row in rows]
    places = max((max(0, -int(one.normalize().as_tuple().exponent)) for one in stated), default=0)
    found.ran(name, len(rows), f"{places} 位小数")
    rights = found.rights(VALUES)
    ratios = {one.key: one.right for one in found.of(VALUES) if one.step == "pay_ratio" and one.right is not None}
    for row, printed in zip(rows, stated, strict=True):
        key = key_of(row, VALUES)
        right = {**rights.get(key, {}), **({"dip_pay_ratio": ratios[key]} if ratios.get(key) else {})}
        exact = [quotient.reckon(one) for one in ways(row, right, quotient.of)]
        if printed in [half_up(one, places) for one in exact]:
            continue
        given = _given_away(row, sheets)
        if (
            quotient.step == "point_value"
            and given
            and half_up(_point_value({**row, "dip_fund": given}), places) == printed
        ):
            says = "各机构应付之和与清算点值都按另一个基金总额"
            found.add([differs(row, VALUES, "fund", "sum", yuan(row["dip_fund"]), yuan(given), says, None, given)])
            continue
        fewer = [at for at in range(places) if half_up(exact[0], at) == printed]
        near = abs(printed - half_up(exact[0], places)) <= Decimal(1).scaleb(-places)
        says = f"只保留了 {fewer[-1]} 位小数" if fewer else "进位不同" if near else "与表上的数算不拢"
        own = half_up(exact[0], places)
        cause = "rounding" if fewer or near else "sum"
        found.add(
            [differs(row, VALUES, quotient.step, cause, plain(printed), plain(own), says, None, int(own * 1_000_000))]
        )


def _given_away(row: Row, sheets: Sheets) -> int | None:
    """What the hospitals of an insurance get together, where all of them are here."""
    mine = [one for one in sheets.clearing if one["insurance_type"] == row["insurance_type"]]
    is_whole = mine and sum(one["dip_points"] for one in mine) == row["dip_points"]
    return sum(one["dip_payable"] for one in mine) if is_whole else None

"""The arithmetic of the year: months add up, the fund is shared out by points, and each hospital's clearing and balance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from yibao.dip.pay.scoring import half_up
from yibao.dip.verify.found import CLEARING, VALUES, Difference, Found, Row, decimal, differs, plain, yuan
from yibao.dip.verify.months import SUMS, summed
from yibao.dip.verify.sheets import Sheets

Pair = tuple[str, str]  #: hospital, insurance
YEAR_SUMS = tuple((column, step) for column, step in SUMS if column != "total_fee")


def check_clearing(sheets: Sheets, found: Found) -> None:
    """Every check of the year; what was not sent is told."""
    _check_values(sheets, found)
    names = (
        "年终清算为各月之和",
        "各机构应付按点数分尽基金",
        "清算应补拨 = 清算金额 − 已拨",
    )
    if not sheets.clearing:
        for name in names:
            found.not_run(name, "没有年终清算")
        return
    _check_sums(sheets, found, names[0])
    _check_payable(sheets, found, names[1])
    found.ran(names[2], len(sheets.clearing))
    for row in sheets.clearing:
        own = row["clearing_amount"] - row["monthly_paid"] - row["advance_paid"]
        if row["clearing_balance"] != own:
            says = "不等于清算金额减已拨月预结算和预付金"
            found.add(
                [
                    differs(
                        row,
                        CLEARING,
                        "balance",
                        "sum",
                        yuan(row["clearing_balance"]),
                        yuan(own),
                        says,
                        row["clearing_balance"] - own,
                    )
                ]
            )


def pair(row: Row) -> Pair:
    return row["provider_code"], row["insurance_type"]


def _check_values(sheets: Sheets, found: Found) -> None:
    names = "点值表为各月之和", "支付比例 = 统筹记账 ÷ 医疗费", "清算点值 = 基金 ÷ 支付比例 ÷ 总点数"
    if not sheets.values:
        for name in names:
            found.not_run(name, "没有点值表")
        return
    _check_region(sheets, found, names[0])
    pairs = [
        (Decimal(row["booked_pay"]) / row["total_fee"], decimal(row["dip_pay_ratio"]))
        for row in sheets.values
        if row["total_fee"]
    ]
    _check_quotient(sheets.values, found, names[1], "pay_ratio", pairs)
    rows = [row for row in sheets.values if row["dip_pay_ratio"] and row["dip_points"]]
    pairs = [
        (Decimal(row["dip_fund"]) / 100 / decimal(row["dip_pay_ratio"]) / decimal(row["dip_points"]), decimal(row["settlement_point_value"]))
        for row in rows
    ]  # fmt: skip
    _check_quotient(rows, found, names[2], "point_value", pairs)


def _check_quotient(
    rows: Sequence[Row], found: Found, name: str, step: str, pairs: Sequence[tuple[Decimal, Decimal]]
) -> None:
    """A printed quotient is the exact one at as many places as it was printed with."""
    places = max((max(0, -int(stated.normalize().as_tuple().exponent)) for _, stated in pairs), default=0)
    found.ran(name, len(pairs), f"{places} 位小数")
    for row, (exact, stated) in zip(rows, pairs, strict=False):
        own = half_up(exact, places)
        if abs(stated - exact) >= Decimal(1).scaleb(-places):
            fewer = [at for at in range(places) if half_up(exact, at) == stated]
            says = f"只保留了 {fewer[0]} 位小数" if fewer else "与表上的基金、费用、点数算不拢"
            found.add([differs(row, VALUES, step, "rounding" if fewer else "sum", plain(stated), plain(own), says)])


def _check_region(sheets: Sheets, found: Found, name: str) -> None:
    """The region's year is the sum of the months; where the sheets hold a part of the region there is nothing to compare."""
    from_months = sheets.months if len({row["service_month"] for row in sheets.months}) == 12 else ()
    if not from_months:
        found.not_run(name, "月预结算不满十二个月" if sheets.months else "没有月预结算")
        return
    for row in sheets.values:
        mine = [month for month in from_months if month["insurance_type"] == row["insurance_type"]]
        sums = {column: sum(month[column] for month in mine) for column, _ in SUMS}
        if all(sums[column] < row[column] for column in sums):
            found.not_run(f"{name}（{row['insurance_type']}）", "收到的只是统筹区的一部分机构")
            continue
        found.ran(f"{name}（{row['insurance_type']}）", len(mine))
        for column, step in SUMS:
            if row[column] != sums[column]:
                official, own = (_said(column, value) for value in (row[column], sums[column]))
                found.add([differs(row, VALUES, step, "sum", official, own, "不是各月之和")])


def _said(column: str, value: int) -> str:
    return str(value) if column == "case_count" else plain(decimal(value)) if column == "dip_points" else yuan(value)


def _check_sums(sheets: Sheets, found: Found, name: str) -> None:
    """Cases, points, booked pay and what was paid, by hospital; explained where a month's row is missing and the results agree."""
    if not sheets.months:
        found.not_run(name, "没有月预结算")
        return
    found.ran(name, len(sheets.clearing))
    months: dict[Pair, list[Row]] = defaultdict(list)
    for row in sheets.months:
        months[pair(row)].append(row)
    lacking = {
        (one.provider, one.insurance) for one in found.differences if one.sheet == "dip_monthly" and one.step == "row"
    }
    lacks_month = any(one.provider is None and one.step == "row" for one in found.of("dip_monthly"))
    results: dict[Pair, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for (_, provider, insurance), values in summed(sheets.results).items():
        for column, value in values.items():
            results[provider, insurance][column] += value
    for row in sheets.clearing:
        mine = months.get(pair(row), [])
        told = lacks_month or pair(row) in lacking
        for column, step in YEAR_SUMS:
            own = sum(month[column] for month in mine)
            if row[column] != own and not (told and row[column] == results[pair(row)][column]):
                says = "不是各月之和"
                found.add([differs(row, CLEARING, step, "sum", _said(column, row[column]), _said(column, own), says)])
        paid = sum(month["dip_paid"] for month in mine)
        if row["monthly_paid"] != paid and not told:
            effect = paid - row["monthly_paid"]
            found.add(
                [
                    differs(
                        row,
                        CLEARING,
                        "monthly_paid",
                        "sum",
                        yuan(row["monthly_paid"]),
                        yuan(paid),
                        "不是各月实拨之和",
                        effect,
                    )
                ]
            )
    for provider, insurance in sorted(months.keys() - {pair(row) for row in sheets.clearing}):
        where = f"{sheets.year}|{provider}|{insurance}"
        says = "月预结算里有这家机构，年终清算没有"
        found.add([Difference(CLEARING, where, "row", "missing", None, None, says, provider, insurance)])


def _check_payable(sheets: Sheets, found: Found, name: str) -> None:
    """Each hospital gets its points' part of the fund, all of them together the fund; other modes: points × value × ratio."""
    if not sheets.values:
        found.not_run(name, "没有点值表")
        return
    for value in sheets.values:
        insurance = value["insurance_type"]
        rows = [row for row in sheets.clearing if row["insurance_type"] == insurance]
        if not rows or not value["dip_points"]:
            found.not_run(f"{name}（{insurance}）", "没有这个险种的清算，或点值表没有总点数")
            continue
        shares = {pair(row): Decimal(value["dip_fund"]) * row["dip_points"] / value["dip_points"] for row in rows}
        priced = {pair(row): _priced(row, value) for row in rows}
        of_fund = sum(_near(row, shares) for row in rows)
        by_value = sum(abs(row["dip_payable"] - priced[pair(row)]) < 1 for row in rows)
        expected = shares if of_fund >= by_value else priced
        if 2 * max(of_fund, by_value) < len(rows):
            found.not_run(f"{name}（{insurance}）", "多数机构不是这样算的，看不出统筹区的算法")
            continue
        found.ran(
            f"{name}（{insurance}）", len(rows), "按点数分基金" if expected is shares else "点数 × 清算点值 × 支付比例"
        )
        wrong = [row for row in rows if abs(row["dip_payable"] - expected[pair(row)]) >= 1]
        found.add(_payable(row, expected[pair(row)], value) for row in wrong)
        if expected is shares and not wrong and sum(row["dip_points"] for row in rows) == value["dip_points"]:
            found.add(_whole(value, rows))


def _near(row: Row, expected: Mapping[Pair, Decimal]) -> bool:
    return bool(abs(row["dip_payable"] - expected[pair(row)]) < 1)


def _priced(row: Row, value: Row, price: Decimal | None = None) -> Decimal:
    """Points at the settlement point value and pay ratio, fen."""
    price = decimal(value["settlement_point_value"]) if price is None else price
    return decimal(row["dip_points"]) * price * decimal(value["dip_pay_ratio"]) * 100


def _payable(row: Row, exact: Decimal, value: Row) -> Difference:
    own, stated = int(half_up(exact, 0)), row["dip_payable"]
    cause, says = "unexplained", "不是按点数应得的基金"
    prices = [half_up(decimal(value["settlement_point_value"]), places) for places in (6, 3, 2, 1, 0)]
    for price in [*prices, decimal(value["preliminary_point_value"])]:
        if abs(stated - _priced(row, value, price)) < 2:
            cause, says = "point_value", f"按点值 {plain(price)} 算的"
            break
    return differs(row, CLEARING, "payable", cause, yuan(stated), yuan(own), says, stated - own)


def _whole(value: Row, rows: Sequence[Row]) -> Iterator[Difference]:
    total = sum(row["dip_payable"] for row in rows)
    if total != value["dip_fund"]:
        says = "各机构应付之和不等于基金总额"
        yield differs(
            value, VALUES, "payable", "rounding", yuan(total), yuan(value["dip_fund"]), says, total - value["dip_fund"]
        )

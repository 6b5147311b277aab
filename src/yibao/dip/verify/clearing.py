"""The arithmetic of each hospital's year: months add up, the fund is shared out by points."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from yibao.dip.pay.scoring import half_up
from yibao.dip.verify.deposits import paid_right
from yibao.dip.verify.found import (
    CLEARING,
    MONTHLY,
    VALUES,
    Difference,
    Found,
    Row,
    decimal,
    differs,
    key_of,
    plain,
    reaches,
    ways,
    yuan,
)
from yibao.dip.verify.infer import grain
from yibao.dip.verify.months import SUMS, common, said, summed
from yibao.dip.verify.sheets import Sheets

Pair = tuple[str, str]  #: hospital, insurance
YEAR_SUMS = tuple((column, step) for column, step in SUMS if column != "total_fee")


def check_clearing(sheets: Sheets, found: Found) -> None:
    """Both checks; what was not sent is told."""
    names = "年终清算为各月之和", "各机构应付按点数分尽基金"
    if not sheets.clearing:
        for name in names:
            found.not_run(name, "没有年终清算")
        return
    _check_sums(sheets, found, names[0])
    _check_payable(sheets, found, names[1])


def pair(row: Row) -> Pair:
    return row["provider_code"], row["insurance_type"]


def _check_sums(sheets: Sheets, found: Found, name: str) -> None:
    """Cases, points, booked pay and what was paid, by hospital; where a month's row is missing the results stand in for it."""
    if not sheets.months:
        found.not_run(name, "没有月预结算")
        return
    strange = found.whole_rows(CLEARING)
    columns = [column for column in common(sheets, MONTHLY, CLEARING) if column != "total_fee"]
    compares_paid = sheets.has(MONTHLY, "dip_paid") and sheets.has(CLEARING, "monthly_paid")
    if not columns and not compares_paid:
        found.not_run(name, "年终清算里没有病例数、点数、统筹记账、已拨月预结算")
        return
    if len(sent := {row["service_month"] for row in sheets.months}) < 12 and not sheets.results:
        found.not_run(name, f"只有 {len(sent)} 个月的月预结算")
        return
    found.ran(name, len(sheets.clearing))
    units = [grain([one["dip_paid"] for one in sheets.months]), grain([one["monthly_paid"] for one in sheets.clearing])]
    coarse = 0 if units == [1, 1] else 6 * units[0] + units[1]
    months: dict[Pair, list[Row]] = defaultdict(list)
    for row in sheets.months:
        months[pair(row)].append(row)
    lacks_month = any(one.provider is None and one.step == "row" for one in found.of(MONTHLY))
    lacking = {(one.provider, one.insurance) for one in found.of(MONTHLY) if one.step == "row"}
    of_results = _of_results(sheets)
    right, paid = found.rights(MONTHLY), paid_right(sheets, found)
    for row in sheets.clearing:
        if key_of(row, CLEARING) not in strange:
            told = lacks_month or pair(row) in lacking
            instead = of_results[pair(row)] if told else None
            found.add(_sums(row, months.get(pair(row), []), right, instead, columns))
            if not told and compares_paid:
                found.add(_monthly_paid(row, months.get(pair(row), []), paid, coarse))
    unknown = {one.provider for one in found.of(MONTHLY) if one.step == "provider"}
    for provider, insurance in sorted(months.keys() - {pair(row) for row in sheets.clearing}):
        if provider not in unknown:
            where, says = f"{sheets.year}|{provider}|{insurance}", "月预结算里有这家机构，年终清算没有"
            found.add([Difference(CLEARING, where, "row", "missing", None, None, says, provider, insurance)])


def _of_results(sheets: Sheets) -> dict[Pair, dict[str, int]]:
    found: dict[Pair, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for (_, provider, insurance), values in summed(sheets.results).items():
        for column, value in values.items():
            found[provider, insurance][column] += value
    return found


def _sums(
    row: Row, months: Sequence[Row], right: Mapping[str, Mapping[str, int]], instead: Mapping[str, int] | None,
    columns: Sequence[str],
) -> Iterator[Difference]:  # fmt: skip
    for column, step in YEAR_SUMS:
        if column not in columns:
            continue
        own = sum(month[column] for month in months)
        deltas = [right[key][column] - m[column] for m in months if column in right.get(key := key_of(m, MONTHLY), {})]
        if not reaches(own, row[column], deltas) and not (
            instead is not None and row[column] == instead.get(column, 0)
        ):
            official, mine = said(column, row[column]), said(column, own)
            yield differs(row, CLEARING, step, "sum", official, mine, "不是各月之和", None, own)


def _monthly_paid(row: Row, months: Sequence[Row], paid: Mapping[str, int], coarse: int) -> Iterator[Difference]:
    """`coarse`: what rounding to whole yuan or more may make, fen."""
    own, stated = sum(month["dip_paid"] for month in months), row["monthly_paid"]
    deltas = [paid[key] - month["dip_paid"] for month in months if (key := key_of(month, MONTHLY)) in paid]
    if not reaches(own, stated, deltas) and abs(own - stated) > coarse:
        yield differs(
            row, CLEARING, "monthly_paid", "sum", yuan(stated), yuan(own), "不是各月实拨之和", own - stated, own
        )


def _check_payable(sheets: Sheets, found: Found, name: str) -> None:
    """Each hospital gets its points' part of the fund, all of them together the fund; other modes: points × value × ratio."""
    if not sheets.values:
        found.not_run(name, "没有点值表")
    if not sheets.has(CLEARING, "dip_points") or not sheets.has(VALUES, "dip_points"):
        found.not_run(name, "年终清算或点值表没有点数")
        return
    right, values_right = found.rights(CLEARING), found.rights(VALUES)
    for value in sheets.values:
        insurance, known = value["insurance_type"], values_right.get(key_of(value, VALUES), {})
        rows = [row for row in sheets.clearing if row["insurance_type"] == insurance]
        if not rows or not value["dip_points"]:
            found.not_run(f"{name}（{insurance}）", "没有这个险种的清算，或点值表没有总点数")
            continue
        by_fund = {key_of(row, CLEARING): _shares(row, value, right, known) for row in rows}
        unit = grain([row["dip_payable"] for row in sheets.clearing])
        most = Decimal(1) if unit == 1 else Decimal(unit) / 2 + 1
        ways_told = [(by_fund, "按点数分基金"), *_by_value(rows, value, right, sheets)]
        fits, place = max((sum(_near(row, way, most) for row in rows), -at) for at, (way, _) in enumerate(ways_told))
        if 2 * fits < len(rows):
            found.not_run(f"{name}（{insurance}）", "多数机构不是这样算的，看不出统筹区的算法")
            continue
        expected, note = ways_told[-place]
        found.ran(f"{name}（{insurance}）", len(rows), note)
        wrong = [row for row in rows if not _near(row, expected, most)]
        found.add(_payable(row, expected[key_of(row, CLEARING)][0], value) for row in wrong)
        if (
            expected is by_fund
            and unit == 1
            and not wrong
            and not known
            and sum(row["dip_points"] for row in rows) == value["dip_points"]
        ):
            found.add(_whole(value, rows))


def _by_value(
    rows: Sequence[Row], value: Row, right: Mapping[str, Mapping[str, int]], sheets: Sheets
) -> Iterator[tuple[dict[str, list[Decimal]], str]]:
    """Points at the settlement value: times the pay ratio; less what the patients bear, never below nothing (guide dip §9)."""
    if value["dip_pay_ratio"]:
        yield (
            {key_of(row, CLEARING): [_priced(one, value) for one in _points(row, right)] for row in rows},
            "点数 × 清算点值 × 支付比例",
        )
    if sheets.has(CLEARING, "patient_share"):
        price = decimal(value["settlement_point_value"]) * 100
        less = {
            key_of(row, CLEARING): [
                max(Decimal(0), decimal(one) * price - row["patient_share"]) for one in _points(row, right)
            ]
            for row in rows
        }
        yield less, "点数 × 清算点值 − 参保人负担，不低于 0"


def _points(row: Row, right: Mapping[str, Mapping[str, int]]) -> list[int]:
    return [one["dip_points"] for one in ways(row, right.get(key_of(row, CLEARING), {}), ("dip_points",))]


def _shares(row: Row, value: Row, right: Mapping[str, Mapping[str, int]], known: Mapping[str, int]) -> list[Decimal]:
    """Parts of the fund, fen, with points, total and fund as they stand or put right."""
    return [
        Decimal(one["dip_fund"]) * points / one["dip_points"]
        for points in _points(row, right)
        for one in ways(value, known, ("dip_fund", "dip_points"))
        if one["dip_points"]
    ]


def _near(row: Row, expected: Mapping[str, Sequence[Decimal]], most: Decimal) -> bool:
    return any(abs(row["dip_payable"] - one) < most for one in expected[key_of(row, CLEARING)])


def _priced(points: int, value: Row, price: Decimal | None = None) -> Decimal:
    """Points at the settlement point value and pay ratio, fen."""
    price = decimal(value["settlement_point_value"]) if price is None else price
    return decimal(points) * price * decimal(value["dip_pay_ratio"]) * 100


def _payable(row: Row, exact: Decimal, value: Row) -> Difference:
    own, stated = int(half_up(exact, 0)), row["dip_payable"]
    cause, says = "unexplained", "不是按点数应得的基金"
    prices = [half_up(decimal(value["settlement_point_value"]), places) for places in (6, 3, 2, 1, 0)]
    for price in [*prices, decimal(value["preliminary_point_value"])]:
        if abs(stated - _priced(row["dip_points"], value, price)) < 2:
            cause, says = "point_value", f"按点值 {plain(price)} 算的"
            break
    return differs(row, CLEARING, "payable", cause, yuan(stated), yuan(own), says, stated - own, own)


def _whole(value: Row, rows: Sequence[Row]) -> Iterator[Difference]:
    total, fund = sum(row["dip_payable"] for row in rows), value["dip_fund"]
    if total != fund:
        yield differs(
            value, VALUES, "payable", "rounding", yuan(total), yuan(fund), "各机构应付之和不等于基金总额", total - fund
        )

"""The arithmetic of the monthly sheet: sums of the results, points × value × ratio, and one price for all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from yibao.dip.pay.scoring import half_up
from yibao.dip.verify.found import MONTHLY, Difference, Found, Row, decimal, differs, plain, yuan
from yibao.dip.verify.infer import commonest
from yibao.dip.verify.presence import absent_of, month_of
from yibao.dip.verify.sheets import Sheets

Key = tuple[int, str, str]  #: month, hospital, insurance
#: column, step, what it is in results
SUMS = (("case_count", "cases"), ("dip_points", "points"), ("total_fee", "fee"), ("booked_pay", "booked"))
VALUE_PLACES = (3, 2, 1, 0)


def check_months(sheets: Sheets, found: Found) -> None:
    """Every check of the sheet; a sheet that was not sent is told."""
    names = "月预结算为分组结果之和", "每月一行不缺", "月应付 = 点数 × 预算点值 × 预算支付比例"
    if not sheets.months:
        for name in names:
            found.not_run(name, "没有月预结算")
        return
    _check_sums(sheets, found, names[0])
    _check_rows(sheets, found, names[1])
    _check_payable(sheets, found, names[2])


def key(row: Row) -> Key:
    return row["service_month"], row["provider_code"], row["insurance_type"]


def summed(results: Sequence[Row]) -> dict[Key, dict[str, int]]:
    """The results by month, hospital and insurance: cases, points, fee, booked."""
    sums: dict[Key, dict[str, int]] = defaultdict(lambda: dict.fromkeys((name for name, _ in SUMS), 0))
    for row in results:
        of = sums[month_of(row), row["provider_code"], row["insurance_type"]]
        of["case_count"] += 1
        for name in ("dip_points", "total_fee", "booked_pay"):
            of[name] += row[name]
    return dict(sums)


def _check_sums(sheets: Sheets, found: Found, name: str) -> None:
    sums = summed(sheets.results)
    sent = {month for month, *_ in sums}
    without = sorted({row["service_month"] for row in sheets.months} - sent)
    if not sums:
        found.not_run(name, "没有分组结果")
        return
    rows = [row for row in sheets.months if row["service_month"] in sent]
    if without:
        found.not_run(f"{name}（{'、'.join(map(str, without))}）", "这些月份没有分组结果")
    found.ran(name, len(rows))
    explained = absent_of(found)
    wrong = [
        row for row in rows if _values(row) != sums.get(key(row)) and not _is_explained(row, sums, explained, sheets)
    ]
    of = {tuple(values.values()): where for where, values in sums.items()}
    for row in wrong:
        other = of.get(tuple(_values(row).values()))
        if other is not None and other != key(row):
            says = f"这一行的数是 {other[0]} {sheets.name(other[1])} 的，放错了行"
            found.add([differs(row, MONTHLY, "row", "swapped", None, None, says)])
        else:
            found.add(_sums_of(row, sums.get(key(row))))


def _values(row: Row) -> dict[str, int]:
    return {name: row[name] for name, _ in SUMS}


def _is_explained(row: Row, sums: Mapping[Key, dict[str, int]], absent: Mapping[Key, Sequence[Difference]], sheets: Sheets) -> bool:  # fmt: skip
    """Do stays found missing or listed twice in the results make the difference? They are told there."""
    mine = absent.get(key(row), ())
    lacks = [one for one in mine if one.cause == "missing"]
    beyond = [one for one in mine if one.cause in ("duplicate", "stranger")]
    results = {one["settlement_id"]: one for one in sheets.results} if beyond else {}
    have = sums.get(key(row), dict.fromkeys((name for name, _ in SUMS), 0))
    cases = have["case_count"] + len(lacks) - len(beyond)
    fee = have["total_fee"] + sum(sheets.settled[one.key]["total_fee"] for one in lacks)
    fee -= sum(results[one.key]["total_fee"] for one in beyond)
    return bool(mine) and (cases, fee) == (row["case_count"], row["total_fee"])


def _sums_of(row: Row, own: Mapping[str, int] | None) -> Iterator[Difference]:
    if own is None:
        yield differs(row, MONTHLY, "row", "stranger", str(row["case_count"]), None, "分组结果里这家机构这个月没有病例")
        return
    for name, step in SUMS:
        if row[name] != own[name]:
            official, mine = (_said(name, value) for value in (row[name], own[name]))
            effect = row[name] - own[name] if name == "booked_pay" else None
            if name == "dip_points":
                effect = worth(row[name] - own[name], row)
            yield differs(row, MONTHLY, step, "sum", official, mine, "不是这个月分组结果之和", effect)


def _said(name: str, value: int) -> str:
    return str(value) if name == "case_count" else plain(decimal(value)) if name == "dip_points" else yuan(value)


def worth(points: int, row: Row) -> int:
    """Points (10⁻⁶) at the opening point value and pay ratio of a row, fen, half-up."""
    return int(half_up(exact_pay(points, row), 0))


def exact_pay(points: int, row: Row, value: Decimal | None = None) -> Decimal:
    """The same, fen, not rounded."""
    price = decimal(row["preliminary_point_value"]) if value is None else value
    return decimal(points) * price * decimal(row["preliminary_pay_ratio"]) * 100


def _check_rows(sheets: Sheets, found: Found, name: str) -> None:
    """A hospital with results has its row; the months follow each other, to the twelfth where the year is cleared."""
    there = {key(row) for row in sheets.months}
    months = {month for month, *_ in there}
    last = sheets.year * 100 + 12 if sheets.clearing else max(months)
    for month in range(sheets.year * 100 + 1, last + 1):
        if month not in months:
            found.add(
                [Difference(MONTHLY, str(month), "row", "missing", None, None, f"{month} 没有月预结算", month=month)]
            )
    for month, provider, insurance in sorted(summed(sheets.results).keys() - there):
        if month in months:
            where = f"{month}|{provider}|{insurance}"
            says = "分组结果里有病例，月预结算没有这一行"
            found.add([Difference(MONTHLY, where, "row", "missing", None, None, says, provider, insurance, month)])
    found.ran(name, len(there))


def _check_payable(sheets: Sheets, found: Found, name: str) -> None:
    _check_prices(sheets, found)
    by_pot: dict[tuple[int, str], list[Row]] = defaultdict(list)
    for row in sheets.months:
        by_pot[row["service_month"], row["insurance_type"]].append(row)
    fits = [row for row in sheets.months if _fits(row)]
    if 2 * len(fits) < len(sheets.months):
        found.not_run(name, "多数行不是这样算的，看不出统筹区的算法")
        return
    found.ran(name, len(sheets.months), "每行相差不到两分，每月合计到分")
    for (month, insurance), rows in sorted(by_pot.items()):
        wrong = [row for row in rows if not _fits(row)]
        found.add(_payable(row, sheets) for row in wrong)
        found.add(_total(month, insurance, [row for row in rows if _fits(row)], len(wrong)))


def _fits(row: Row) -> bool:
    """A fen for the total's rounding shared out, and one for the largest remainder."""
    return bool(abs(row["dip_payable"] - exact_pay(row["dip_points"], row)) < Decimal("1.5"))


def _payable(row: Row, sheets: Sheets) -> Difference:
    own = worth(row["dip_points"], row)
    cause, says = payable_cause(row, sheets.months)
    return differs(row, MONTHLY, "payable", cause, yuan(row["dip_payable"]), yuan(own), says, row["dip_payable"] - own)


def payable_cause(row: Row, rows: Sequence[Row]) -> tuple[str, str]:
    """Which other reckoning gives the month's payable: (cause, sentence)."""
    stated, value = row["dip_payable"], decimal(row["preliminary_point_value"])
    for places in VALUE_PLACES:
        rounded = half_up(value, places)
        if abs(exact_pay(row["dip_points"], row, rounded) - stated) < 2:
            return "point_value", f"按 {places} 位小数的点值 {plain(rounded)} 算的，预算点值是 {plain(value)}"
    others = {decimal(r["preliminary_point_value"]) for r in rows} - {value}
    for other in sorted(others):
        if abs(exact_pay(row["dip_points"], row, other) - stated) < 2:
            return "point_value", f"按另一个险种或月份的点值 {plain(other)} 算的"
    if abs(decimal(row["dip_points"]) * value * 100 - stated) < 2:
        return "point_value", "没有乘预算支付比例"
    pot = row["service_month"], row["insurance_type"]
    beside = [one for one in rows if one is not row and (one["service_month"], one["insurance_type"]) == pot]
    for one in beside:
        if abs(exact_pay(one["dip_points"], row) - stated) < 2:
            return "swapped", f"是机构 {one['provider_code']} 的点数算出来的"
    return "unexplained", "不等于点数 × 预算点值 × 预算支付比例"


def _total(month: int, insurance: str, rows: Sequence[Row], wrong: int) -> Iterator[Difference]:
    """What the hospitals of a month get together is what their points are worth; rows rounded one by one are left alone."""
    if all(row["dip_payable"] == worth(row["dip_points"], row) for row in rows):
        return
    off = sum((row["dip_payable"] - exact_pay(row["dip_points"], row) for row in rows), Decimal(0))
    if abs(off) > Decimal("0.5") + 2 * wrong:
        paid = sum(row["dip_payable"] for row in rows)
        own = int(half_up(paid - off, 0))
        says = "各机构之和与总点数 × 点值 × 比例不同"
        yield Difference(
            MONTHLY, f"{month}|{insurance}", "payable", "rounding", yuan(paid), yuan(own), says, None, insurance, month, None, paid - own
        )  # fmt: skip


def _check_prices(sheets: Sheets, found: Found) -> None:
    """One opening point value and pay ratio for an insurance; that of the sheet of point values where it was sent."""
    for column, step in (("preliminary_point_value", "point_value"), ("preliminary_pay_ratio", "pay_ratio")):
        for insurance in sorted({row["insurance_type"] for row in sheets.months}):
            mine = [row for row in sheets.months if row["insurance_type"] == insurance]
            published = sheets.value(insurance)
            usual: int = published[column] if published else commonest(row[column] for row in mine) or 0
            for row in mine:
                if row[column] != usual:
                    says = "与点值表不同" if published else "与其他行不同"
                    official, own = plain(decimal(row[column])), plain(decimal(usual))
                    price = worth(row["dip_points"], row) - worth(row["dip_points"], {**row, column: usual})
                    found.add([differs(row, MONTHLY, step, "point_value", official, own, says, price)])
    if sheets.values:
        found.ran("月预结算的点值和比例与点值表相同", len(sheets.months))
    else:
        found.not_run("月预结算的点值和比例与点值表相同", "没有点值表，只核对各行相同")

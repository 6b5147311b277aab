"""The arithmetic of the monthly sheet: every hospital has its row, and it is the sum of its results."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from yibao.dip.pay.scoring import half_up
from yibao.dip.verify.found import (
    MONTHLY,
    RESULTS,
    VALUES,
    Difference,
    Found,
    Row,
    decimal,
    differs,
    key_of,
    plain,
    reaches,
    yuan,
)
from yibao.dip.verify.presence import month_of
from yibao.dip.verify.sheets import Sheets, price_of

PLACE = frozenset({"provider", "insurance", "month"})  #: steps at which a stay is told to be in the wrong sum
Key = tuple[int, str, str]  #: month, hospital, insurance
#: column, step, what it is in results
SUM_LABELS = {"case_count": "病例数", "dip_points": "点数", "total_fee": "医疗费", "booked_pay": "统筹记账"}
SUMS = (("case_count", "cases"), ("dip_points", "points"), ("total_fee", "fee"), ("booked_pay", "booked"))


def check_months(
    sheets: Sheets, found: Found, own_points: Mapping[str, Decimal], beyond: Sequence[tuple[Row, int, int, int]] = ()
) -> None:
    """Both checks; a sheet that was not sent is told. `own_points` of stays that differ, by settlement.

    `beyond`: rows that stand in another file as well: row, month of that file, points there (10⁻⁶), points of the row that counts.
    """
    names = "月预结算为分组结果之和", "每月一行不缺"
    if not sheets.months:
        for name in names:
            found.not_run(name, "没有月预结算")
        return
    _check_sums(sheets, found, _deltas(sheets, found, own_points, beyond), names[0])
    _check_rows(sheets, found, names[1])


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


def placed(sheets: Sheets, found: Found) -> list[Row]:
    """The results, each at the hospital, insurance and month of our settlement where the sheet names another."""
    strange = {one.key for one in found.of(RESULTS) if one.step in PLACE} & sheets.settled.keys()
    return [
        _placed(row, sheets.settled[row["settlement_id"]]) if row["settlement_id"] in strange else row
        for row in sheets.results
    ]


def _placed(row: Row, ours: Row) -> Row:
    return {**row, **{name: ours[name] for name in ("provider_code", "insurance_type", "settlement_time")}}


def _check_sums(sheets: Sheets, found: Found, deltas: Mapping[Key, Mapping[str, list[int]]], name: str) -> None:
    sums = summed(placed(sheets, found))
    sent = {month for month, *_ in sums}
    if not sums:
        found.not_run(name, "没有分组结果")
        return
    if without := sorted({row["service_month"] for row in sheets.months} - sent):
        found.not_run(f"{name}（{'、'.join(map(str, without))}）", "这些月份没有分组结果")
    strange = found.whole_rows(MONTHLY)
    rows = [row for row in sheets.months if row["service_month"] in sent and key_of(row, MONTHLY) not in strange]
    columns = common(sheets, MONTHLY, RESULTS)
    without = [label for column, label in SUM_LABELS.items() if column not in columns]
    found.ran(name, len(rows), f"没有{'、'.join(without)}，没有核对这几列" if without else "")
    lacks = {(one.month, one.provider, one.insurance) for one in found.of(RESULTS) if one.cause == "missing"}
    of = {tuple(values[column] for column in columns): where for where, values in sums.items()}
    for row in rows:
        own = sums.get(key(row))
        wrong = [] if own is None else [c for c in columns if not reaches(own[c], row[c], deltas[key(row)][c])]
        if wrong == ["dip_points"] and key(row) in lacks:
            continue  # the points of the missing stay are not known
        other = of.get(tuple(row[column] for column in columns)) if len(columns) > 1 else None
        if own is None or (wrong and other is not None):
            found.add([_misplaced(row, other, sheets)])
        else:
            found.add(_sums_of(row, own, wrong, sheets.base))


def _deltas(
    sheets: Sheets, found: Found, own_points: Mapping[str, Decimal], beyond: Sequence[tuple[Row, int, int, int]]
) -> dict[Key, dict[str, list[int]]]:
    """What the sums of a month change by where wrong results are put right: numbers of rows, rows too many, stays missing."""
    deltas: dict[Key, dict[str, list[int]]] = defaultdict(lambda: {column: [] for column, _ in SUMS})
    right, whole = found.rights(RESULTS), {one.key for one in found.of(RESULTS) if one.step == "row"}
    for row in placed(sheets, found):
        of, where = deltas[month_of(row), row["provider_code"], row["insurance_type"]], row["settlement_id"]
        for column, value in right.get(where, {}).items():
            of[column].append(value - row[column])
        if where in own_points:
            of["dip_points"].append(int(own_points[where] * 1_000_000) - row["dip_points"])
        if where in whole:
            for column, _ in SUMS:
                of[column].append(-1 if column == "case_count" else -row[column])
    for row, month, points, counted in beyond:
        of = deltas[month, row["provider_code"], row["insurance_type"]]
        for column, value in (("case_count", 1), ("dip_points", points), ("total_fee", row["total_fee"]), ("booked_pay", row["booked_pay"])):  # fmt: skip
            of[column].append(value)
        deltas[month_of(row), row["provider_code"], row["insurance_type"]]["dip_points"] += [
            counted - row["dip_points"]
        ]
    for one in found.of(RESULTS):
        if one.cause == "missing" and one.key in sheets.settled:
            ours = sheets.settled[one.key]
            of = deltas[month_of(ours), ours["provider_code"], ours["insurance_type"]]
            of["case_count"].append(1)
            of["total_fee"].append(ours["total_fee"])
            of["booked_pay"].append(ours["pool_fund_pay"])
    return deltas


def _misplaced(row: Row, other: Key | None, sheets: Sheets) -> Difference:
    if other is None:
        return differs(row, MONTHLY, "row", "stranger", None, None, "分组结果里这家机构这个月没有病例")
    says = f"这一行的数是 {other[0]} {sheets.name(other[1])} 的，放错了行"
    return differs(row, MONTHLY, "row", "swapped", None, None, says)


def common(sheets: Sheets, *tables: str) -> list[str]:
    """The columns of `SUMS` that each of the sheets has; results have cases, being them."""
    return [
        column for column, _ in SUMS
        if all(sheets.has(table, column) or (table, column) == (RESULTS, "case_count") for table in tables)
    ]  # fmt: skip


def _sums_of(row: Row, own: Mapping[str, int], wrong: Sequence[str], base: str) -> Iterator[Difference]:
    for column, step in SUMS:
        if column in wrong:
            official, mine = (said(column, value) for value in (row[column], own[column]))
            effect = row[column] - own[column] if column == "booked_pay" else None
            if column == "dip_points":
                effect = worth(row[column] - own[column], row, base)
            yield differs(row, MONTHLY, step, "sum", official, mine, "不是这个月分组结果之和", effect, own[column])


def said(name: str, value: int) -> str:
    """A number of a column in words: cases, points, yuan."""
    return str(value) if name == "case_count" else plain(decimal(value)) if name == "dip_points" else yuan(value)


def worth(points: int, row: Row, base: str = "ratio") -> int:
    """Points (10⁻⁶) at the opening point value of a row, and at its pay ratio where the base has one; fen, half-up."""
    return int(half_up(decimal(points) * price_of(row, base), 0))


def is_part(sheets: Sheets, insurance: str) -> bool:
    """Do the sheets hold only some hospitals of the region? A whole year of months is less than the region in everything."""
    value = sheets.value(insurance)
    mine = [row for row in sheets.months if row["insurance_type"] == insurance]
    whole_year = len({row["service_month"] for row in sheets.months}) == 12
    return (
        value is not None
        and whole_year
        and all(sum(row[c] for row in mine) < value[c] for c in common(sheets, MONTHLY, VALUES))
    )


def _check_rows(sheets: Sheets, found: Found, name: str) -> None:
    """A hospital with results has its row; the months follow each other from the first that was sent, all twelve where the year is cleared."""
    there = {key(row) for row in sheets.months}
    months = {month for month, *_ in there}
    first, last = (sheets.year * 100 + 1, sheets.year * 100 + 12) if sheets.clearing else (min(months), max(months))
    for month in range(first, last + 1):
        if month not in months:
            found.add(
                [Difference(MONTHLY, str(month), "row", "missing", None, None, f"{month} 没有月预结算", month=month)]
            )
    for month, provider, insurance in sorted(summed(placed(sheets, found)).keys() - there):
        if month in months:
            where = f"{month}|{provider}|{insurance}"
            says = "分组结果里有病例，月预结算没有这一行"
            found.add([Difference(MONTHLY, where, "row", "missing", None, None, says, provider, insurance, month)])
    found.ran(name, len(there))

"""Which rows are there: a stay twice, a stay in no sheet, a hospital that is not paid by score, amounts that are not those we settled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from yibao.dip.verify.found import CLEARING, MONTHLY, RESULTS, Difference, Found, Row, differs, yuan
from yibao.dip.verify.sheets import Sheets

#: what the same stay under two numbers has alike
ALIKE = (
    "provider_code",
    "settlement_time",
    "diagnosis_code",
    "dip_group_code",
    "dip_points",
    "total_fee",
    "booked_pay",
)


def check_presence(sheets: Sheets, found: Found) -> None:
    """The four checks; each says what it lacks."""
    once = "每次住院只列一次"
    if sheets.results:
        found.ran(once, len(sheets.results))
        found.add(twice(sheets))
    else:
        found.not_run(once, "没有分组结果")
    _check_providers(sheets, found)
    _check_settled(sheets, found)


def twice(sheets: Sheets) -> Iterator[Difference]:
    """Rows of a stay beyond the first: the same visit, or the same hospital, time and amounts."""
    seen: dict[object, Row] = {}
    ordered = sorted(
        sheets.results, key=lambda r: (r["settlement_id"] not in sheets.settled, r["settlement_time"], r["settlement_id"])
    )  # fmt: skip
    for row in ordered:
        keys = (row["visit_id"], tuple(row[k] for k in ALIKE))
        first = next((seen[key] for key in keys if key in seen), None)
        if first is not None and not _both_ours(first, row, sheets):
            says = f"与结算 {first['settlement_id']} 是同一次住院，列了两行"
            yield differs(row, RESULTS, "row", "duplicate", "两行", "一行", says)
            continue
        seen.update(dict.fromkeys(keys, row))


def _both_ours(one: Row, other: Row, sheets: Sheets) -> bool:
    """Two stays of ours that look alike are two stays: sheets may give the day of a settlement without its time."""
    mine = [sheets.settled.get(row["settlement_id"]) for row in (one, other)]
    return all(mine) and len({row["visit_id"] for row in mine if row}) == 2


def _check_providers(sheets: Sheets, found: Found) -> None:
    name = "各表的机构都按病种分值付费"
    if not any(row["is_dip"] for row in sheets.providers.values()):
        found.not_run(name, "工作区里没有定点医药机构，或没有标明哪些按病种分值付费")
        return
    tables = ((RESULTS, sheets.results), (MONTHLY, sheets.months), (CLEARING, sheets.clearing))
    found.ran(name, sum(len(rows) for _, rows in tables))
    for sheet, rows in tables:
        for row in rows:
            known = sheets.providers.get(row["provider_code"])
            if known is None or not known["is_dip"]:
                says = "定点机构里没有这个编号" if known is None else "这家机构不按病种分值付费"
                found.add([differs(row, sheet, "provider", "stranger", row["provider_code"], None, says)])


def _check_settled(sheets: Sheets, found: Found) -> None:
    names = "医疗费和统筹记账与结算相同", "按病种付费机构的住院都在分组结果里"
    if not sheets.settled or not sheets.results:
        reason = "工作区里没有这一年的医保结算" if sheets.results else "没有分组结果"
        for name in names:
            found.not_run(name, reason)
        return
    found.ran(names[0], len(sheets.results))
    for row in sheets.results:
        found.add(_unlike(row, sheets))
    expected = list(_expected(sheets))
    found.ran(names[1], len(expected))
    found.add(_absent(sheets, expected))


def _unlike(row: Row, sheets: Sheets) -> Iterator[Difference]:
    """What a result says otherwise than our settlement; a stay settled in parts may stand with the sums of its parts."""
    ours = sheets.settled.get(row["settlement_id"])
    if ours is None:
        known = sheets.providers.get(row["provider_code"])
        if known is not None or not sheets.providers:  # a hospital that is not ours is told as such
            yield differs(row, RESULTS, "row", "stranger", "有", "没有", "我们没有这次结算")
        return
    if ours["provider_code"] != row["provider_code"]:
        says = "结算不是这家机构的"
        yield differs(row, RESULTS, "provider", "facts", row["provider_code"], ours["provider_code"], says)
    if ours["insurance_type"] != row["insurance_type"]:
        says = "结算不是这个险种的"
        yield differs(row, RESULTS, "insurance", "facts", row["insurance_type"], ours["insurance_type"], says)
    if month_of(ours) != month_of(row) and not _is_discharge(row, sheets):
        yield differs(row, RESULTS, "month", "facts", str(month_of(row)), str(month_of(ours)), "结算不是这个月的")
    parts = (
        [one for one in sheets.settled.values() if one["visit_id"] == ours["visit_id"]]
        if _parted(row, ours)
        else [ours]
    )
    for step, theirs, mine in (("fee", "total_fee", "total_fee"), ("booked", "booked_pay", "pool_fund_pay")):
        if sheets.has(RESULTS, theirs) and row[theirs] not in (ours[mine], sum(part[mine] for part in parts)):
            says = "与我们的结算不同"
            yield differs(row, RESULTS, step, "facts", yuan(row[theirs]), yuan(ours[mine]), says, None, ours[mine])


def _is_discharge(row: Row, sheets: Sheets) -> bool:
    """Is the day in the sheet that of our discharge? Some cities give it instead of the settlement's."""
    ours = sheets.discharges.get(row["visit_id"])
    return bool(ours and ours["discharge_time"] and ours["discharge_time"].date() == row["settlement_time"].date())


def _parted(row: Row, ours: Row) -> bool:
    return bool(row["total_fee"] != ours["total_fee"] or row["booked_pay"] != ours["pool_fund_pay"])


def _expected(sheets: Sheets) -> Iterator[Row]:
    """Our settlements of the kinds of care that the sheet takes in, one a stay, the last."""
    there, sent = _named(sheets), {month_of(row) for row in sheets.results}
    kinds: Counter[str] = Counter()
    taken: Counter[str] = Counter()
    stays: dict[str, Row] = {}
    for row in sheets.settled.values():
        provider = sheets.providers.get(row["provider_code"])
        if provider is not None and provider["is_dip"]:
            if month_of(row) in sent:
                kinds[row["care_type"]] += 1
                taken[row["care_type"]] += row["visit_id"] in there or row["settlement_id"] in there
            before = stays.get(row["visit_id"])
            if before is None or row["settlement_time"] >= before["settlement_time"]:
                stays[row["visit_id"]] = row
    return (row for row in stays.values() if taken[row["care_type"]] * 2 > kinds[row["care_type"]])


def _named(sheets: Sheets) -> set[str]:
    return {row[name] for row in sheets.results for name in ("visit_id", "settlement_id")}


def _absent(sheets: Sheets, expected: Sequence[Row]) -> Iterator[Difference]:
    """Stays of ours that no row names; a month or a hospital of which nothing was sent is one difference."""
    there, sent = _named(sheets), {month_of(row) for row in sheets.results}
    hospitals = {row["provider_code"] for row in sheets.results}
    owed = {row["service_month"] for row in sheets.months}
    first, last = (0, sheets.year * 100 + 12) if sheets.clearing else (min(sent | owed), max(sent | owed))
    months: dict[int, int] = Counter()
    unsent: dict[str, int] = Counter()
    for row in expected:
        if month_of(row) not in sent:
            months[month_of(row)] += first <= month_of(row) <= last
        elif row["provider_code"] not in hospitals:
            unsent[row["provider_code"]] += 1
        elif row["visit_id"] not in there and row["settlement_id"] not in there:
            says = f"这次住院不在任何一份分组结果里，费用 {yuan(row['total_fee'])} 元"
            yield differs(row, RESULTS, "row", "missing", "没有", "有", says)
    for month, number in sorted(months.items()):
        if number:
            says = f"{month} 没有分组结果，我们有 {number} 次住院"
            yield Difference(RESULTS, str(month), "row", "missing", None, str(number), says, month=month)
    for provider, number in sorted(unsent.items()):
        says = f"分组结果里没有这家机构，我们有 {number} 次住院"
        yield Difference(RESULTS, provider, "row", "missing", None, str(number), says, provider)


def month_of(row: Row) -> int:
    """yyyymm of a settlement."""
    return int(row["settlement_time"].year * 100 + row["settlement_time"].month)

"""Mistakes that the county does not plant, one at a time in its sheets: each is told once, at its place, with its cause."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import combinations

import pytest

from tests.dip.verify.changing import Change, Fits, calm, changed, more, of_month, of_year, paid_again
from tests.dip.verify.conftest import Beyond
from yibao.dip.pay.scoring import half_up
from yibao.dip.verify.found import CLEARING, MONTHLY, RESULTS, VALUES, Difference, Row, key_of
from yibao.dip.verify.sheets import Sheets

MAY = of_month(202505)
HOSPITAL = of_year()
EMPLOYEES: Fits = lambda row: row["insurance_type"] == "310"  # noqa: E731
TABLES = {RESULTS: "results", MONTHLY: "months", VALUES: "values", CLEARING: "clearing"}


def deducted(row: dict[str, int]) -> bool:
    return row["audit_deduction"] > 0


#: sheet, which row, what is changed, the step and cause under which it is told
CASES: dict[str, tuple[str, Fits, Change, str, str]] = {
    "a point too many": (RESULTS, calm, more("dip_points", 1_000_000), "points", "unexplained"),
    "points rounded otherwise": (RESULTS, calm, more("dip_points", 100), "points", "rounding"),
    "a score mistyped": (RESULTS, calm, more("base_score", 1_000_000), "score", "unexplained"),
    "a ratio mistyped": (RESULTS, calm, more("deviation_ratio", 50_000), "ratio", "unexplained"),
    "a band mistaken": (RESULTS, calm, {"deviation_band": "low"}, "band", "band"),
    "the coefficient of another level": (RESULTS, calm, {"institution_coefficient": 760_000, "dip_points": lambda r: round(r["base_score"] * 76 / 10_000) * 100}, "coefficient", "coefficient"),
    "a group that nobody knows": (RESULTS, calm, {"dip_group_code": "Z99.9-0"}, "group", "unexplained"),
    "the cost mistyped": (RESULTS, calm, more("total_fee", 100), "fee", "facts"),
    "the booked pay mistyped": (RESULTS, calm, more("booked_pay", 100), "booked", "facts"),
    "a settlement that is not ours": (RESULTS, calm, {"settlement_id": "X1", "visit_id": "X1", "settlement_time": lambda r: r["settlement_time"] + timedelta(seconds=1)}, "row", "stranger"),
    "a hospital that nobody knows": (RESULTS, calm, {"provider_code": "H0"}, "provider", "stranger"),
    "another hospital of ours": (RESULTS, calm, {"provider_code": "H99042100002"}, "provider", "facts"),
    "the other insurance": (RESULTS, lambda r: calm(r) and r["insurance_type"] == "390", {"insurance_type": "310"}, "insurance", "facts"),
    "another month": (RESULTS, calm, {"settlement_time": lambda r: r["settlement_time"] - timedelta(days=60)}, "month", "facts"),
    "a score rounded": (RESULTS, calm, {"base_score": lambda r: (r["base_score"] + 50_000) // 100_000 * 100_000}, "score", "rounding"),
    "cases of a month": (MONTHLY, MAY, more("case_count", 1), "cases", "sum"),
    "points of a month": (MONTHLY, MAY, more("dip_points", 1_000_000), "points", "sum"),
    "cost of a month": (MONTHLY, MAY, more("total_fee", 100), "fee", "sum"),
    "booked pay of a month": (MONTHLY, MAY, more("booked_pay", 100), "booked", "sum"),
    "a payable mistyped": (MONTHLY, MAY, more("dip_payable", 10_000), "payable", "unexplained"),
    "a payable without the pay ratio": (MONTHLY, MAY, {"dip_payable": lambda r: round(r["dip_points"] * r["preliminary_point_value"] / 10**10)}, "payable", "point_value"),
    "a payable at a whole value": (MONTHLY, MAY, {"dip_payable": lambda r: round(r["dip_points"] * 4 * r["preliminary_pay_ratio"] / 10**10)}, "payable", "point_value"),
    "a point value mistyped": (MONTHLY, MAY, {"preliminary_point_value": 4_000_000}, "point_value", "point_value"),
    "a deposit of three in a hundred": (MONTHLY, MAY, {"quality_deposit": lambda r: r["dip_payable"] * 3 // 100, "dip_paid": lambda r: r["dip_payable"] - r["quality_deposit"]}, "deposit", "deposit"),
    "a deposit a fen off": (MONTHLY, MAY, more("quality_deposit", 1), "deposit", "deposit"),
    "a pay mistyped": (MONTHLY, MAY, more("dip_paid", 100), "paid", "sum"),
    "cases of the region": (VALUES, EMPLOYEES, more("case_count", 1), "cases", "sum"),
    "points of the region": (VALUES, EMPLOYEES, more("dip_points", 1_000_000), "points", "sum"),
    "the fund mistyped": (VALUES, EMPLOYEES, more("dip_fund", 1_000_000), "fund", "sum"),
    "the pay ratio a digit off": (VALUES, EMPLOYEES, more("dip_pay_ratio", 100), "pay_ratio", "rounding"),
    "the point value at two places": (VALUES, EMPLOYEES, {"settlement_point_value": lambda r: round(r["settlement_point_value"], -4)}, "point_value", "rounding"),
    "the opening value of another year": (VALUES, EMPLOYEES, more("preliminary_point_value", 1_000_000), "point_value", "point_value"),
    "cases of a year": (CLEARING, HOSPITAL, more("case_count", 1), "cases", "sum"),
    "points of a year": (CLEARING, HOSPITAL, more("dip_points", 1_000_000), "points", "sum"),
    "booked pay of a year": (CLEARING, HOSPITAL, more("booked_pay", 100), "booked", "sum"),
    "a part of the fund": (CLEARING, HOSPITAL, more("dip_payable", 10_000), "payable", "unexplained"),
    "savings mistyped": (CLEARING, HOSPITAL, more("sharing_amount", 100), "sharing", "sharing"),
    "an assessment mistyped": (CLEARING, HOSPITAL, more("assessment_coefficient", 1_000), "assessment", "assessment"),
    "a deduction mistyped": (CLEARING, HOSPITAL, more("audit_deduction", 100), "deduction", "deduction"),
    "an amount mistyped": (CLEARING, HOSPITAL, more("clearing_amount", 100), "clearing", "unexplained"),
    "an amount without its assessment": (CLEARING, HOSPITAL, {"clearing_amount": lambda r: r["dip_payable"] + r["sharing_amount"] - r["audit_deduction"]}, "clearing", "assessment"),
    "what was paid mistyped": (CLEARING, HOSPITAL, more("monthly_paid", 100), "monthly_paid", "sum"),
    "the advance mistyped": (CLEARING, HOSPITAL, more("advance_paid", 100), "advance", "facts"),
    "a balance mistyped": (CLEARING, HOSPITAL, more("clearing_balance", 100), "balance", "sum"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_one_mistake_is_told_once(name: str, sheets: Sheets, beyond: Beyond) -> None:
    sheet, fits, change, step, cause = CASES[name]
    wrong, before = changed(sheets, TABLES[sheet], fits, change)
    key = str(change.get("settlement_id", key_of(before, sheet)))
    found = told(beyond(wrong))
    if name == "a settlement that is not ours":  # and the stay whose row it was is missing
        found.discard((RESULTS, before["settlement_id"], "row", "missing"))
    assert found == {(sheet, key, step, cause)}


def told(differences: list[Difference]) -> set[tuple[str, str, str, str]]:
    return {(one.sheet, one.key, one.step, one.cause) for one in differences}


def test_a_month_paid_at_the_value_of_the_clearing(sheets: Sheets, beyond: Beyond) -> None:
    final = sheets.value("390")
    assert final is not None
    paid = {
        "dip_payable": lambda r: round(
            r["dip_points"] * final["settlement_point_value"] * r["preliminary_pay_ratio"] / 10**16
        )
    }
    wrong, before = changed(sheets, "months", MAY, paid)
    found = beyond(wrong)
    assert told(found) == {(MONTHLY, key_of(before, MONTHLY), "payable", "point_value")}
    assert found[0].says == "按清算点值算的"


def test_a_month_paid_at_a_value_that_no_sheet_has(sheets: Sheets, beyond: Beyond) -> None:
    paid = {"dip_payable": lambda r: round(r["dip_points"] * 3_912_300 * r["preliminary_pay_ratio"] / 10**16)}
    wrong, before = changed(sheets, "months", MAY, paid)
    found = beyond(wrong)
    assert told(found) == {(MONTHLY, key_of(before, MONTHLY), "payable", "point_value")}
    assert "3.9123" in found[0].says


def test_a_payable_a_fen_off(sheets: Sheets, beyond: Beyond) -> None:
    """At the row, by the month's total, or where the hospitals are few by what was paid."""
    wrong, before = changed(sheets, "months", MAY, more("dip_payable", 1))
    assert [(one.sheet, one.key) for one in beyond(wrong)] == [(MONTHLY, key_of(before, MONTHLY))]


def test_a_payable_that_deposit_and_pay_follow(sheets: Sheets, beyond: Beyond) -> None:
    wrong, before = changed(sheets, "months", MAY, more("dip_payable", 10_000))
    wrong, _ = changed(wrong, "months", MAY, paid_again(next(row for row in wrong.months if MAY(row))))
    assert told(beyond(wrong)) == {(MONTHLY, key_of(before, MONTHLY), "payable", "unexplained")}


def test_a_deduction_that_was_not_taken(sheets: Sheets, beyond: Beyond) -> None:
    planted = {one["provider_code"] for one in sheets.deductions}
    row = next(r for r in sheets.clearing if r["audit_deduction"] and r["clearing_amount"] == round((r["dip_payable"] + r["sharing_amount"]) * r["assessment_coefficient"] / 10**6) - r["audit_deduction"])  # fmt: skip
    assert row["provider_code"] in planted
    fits = of_year(row["provider_code"], row["insurance_type"])
    change = {
        name: lambda r, name=name: r[name] + row["audit_deduction"] for name in ("clearing_amount", "clearing_balance")
    }
    wrong, _ = changed(sheets, "clearing", fits, change)
    assert told(beyond(wrong)) == {(CLEARING, key_of(row, CLEARING), "clearing", "deduction")}


def test_points_of_two_stays_swapped(sheets: Sheets, beyond: Beyond) -> None:
    one, two, *_ = [row for row in sheets.results if calm(row)]
    wrong, _ = changed(sheets, "results", lambda r: r is one, {"dip_points": two["dip_points"]})
    wrong, _ = changed(wrong, "results", lambda r: r is two, {"dip_points": one["dip_points"]})
    assert told(beyond(wrong)) == {(RESULTS, row["settlement_id"], "points", "swapped") for row in (one, two)}


def test_the_whole_results_of_two_stays_swapped(sheets: Sheets, beyond: Beyond) -> None:
    """Group, score, ratio and all that follows are those of the other stay: one cause, told at each of the two."""
    plain = [row for row in sheets.results if row["deviation_band"] == "normal" and row["dip_layer"] == "core"]
    one, two = next(
        (a, b) for a, b in combinations(plain, 2)
        if a["provider_code"] == b["provider_code"] and a["dip_group_code"] != b["dip_group_code"]
    )  # fmt: skip
    names = ("dip_group_code", "dip_layer", "base_score", "institution_coefficient", "deviation_ratio", "deviation_band", "deviation_factor", "dip_points")  # fmt: skip
    wrong, _ = changed(sheets, "results", lambda r: r is one, {name: two[name] for name in names})
    wrong, _ = changed(wrong, "results", lambda r: r is two, {name: one[name] for name in names})
    differences = [one for one in beyond(wrong) if one.sheet == RESULTS]
    assert told(differences) == {(RESULTS, row["settlement_id"], "group", "swapped") for row in (one, two)}


def test_two_rows_of_a_month_swapped(sheets: Sheets, beyond: Beyond) -> None:
    other = of_month(202505, "H99042100002")
    one, two = (next(row for row in sheets.months if fits(row)) for fits in (MAY, other))
    wrong, _ = changed(sheets, "months", lambda r: r is one, {"provider_code": two["provider_code"]})
    wrong, _ = changed(wrong, "months", lambda r: r is two, {"provider_code": one["provider_code"]})
    assert told(beyond(wrong)) == {(MONTHLY, key_of(row, MONTHLY), "row", "swapped") for row in (one, two)}


def test_a_stay_twice(sheets: Sheets, beyond: Beyond) -> None:
    row = next(row for row in sheets.results if calm(row))
    found = beyond(replace(sheets, results=[*sheets.results, {**row, "settlement_id": "X1"}]))
    assert told(found) == {(RESULTS, "X1", "row", "duplicate")}
    assert found[0].effect is not None
    assert found[0].effect > 0


def test_a_stay_in_none_of_the_sheets(sheets: Sheets, beyond: Beyond) -> None:
    row = next(row for row in sheets.results if calm(row))
    found = beyond(replace(sheets, results=[one for one in sheets.results if one is not row]))
    assert told(found) == {(RESULTS, row["settlement_id"], "row", "missing")}
    value = sheets.value(row["insurance_type"])
    assert value is not None
    worth = Decimal(row["dip_points"]) * value["preliminary_point_value"] * value["preliminary_pay_ratio"] / 10**16
    assert found[0].effect == -int(half_up(worth, 0))


def test_a_stay_that_is_not_ours_costs_what_its_points_are_worth(sheets: Sheets, beyond: Beyond) -> None:
    row = next(row for row in sheets.results if calm(row))
    strange = {**row, "settlement_id": "X1", "visit_id": "X1", "total_fee": row["total_fee"] + 100}
    found = [one for one in beyond(replace(sheets, results=[*sheets.results, strange])) if one.sheet == RESULTS]
    assert ("X1", "row", "stranger") in {(one.key, one.step, one.cause) for one in found}
    assert all((one.effect or 0) > 0 for one in found if one.step == "row")


def test_a_month_without_results(sheets: Sheets, beyond: Beyond) -> None:
    rows = [row for row in sheets.results if row["settlement_time"].month != 4]
    without = replace(sheets, results=rows)
    planted = {row["settlement_id"] for row in sheets.results} - {row["settlement_id"] for row in rows}
    found = {one for one in told(_of(without)) if one[1] not in planted}
    assert (RESULTS, "202504", "row", "missing") in found


def _of(sheets: Sheets) -> list[Difference]:
    from yibao.dip.verify.run import verify_sheets
    from yibao.region.packs import region

    return verify_sheets(sheets, region("cn-990421")).found.differences


def test_a_month_without_its_sheet(sheets: Sheets) -> None:
    without = replace(sheets, months=[row for row in sheets.months if row["service_month"] != 202504])
    assert {one for one in told(_of(without)) if one[0] != RESULTS} - told(_of(sheets)) == {
        (MONTHLY, "202504", "row", "missing")
    }


def test_a_hospital_without_its_month(sheets: Sheets, beyond: Beyond) -> None:
    row = next(row for row in sheets.months if MAY(row))
    found = beyond(replace(sheets, months=[one for one in sheets.months if one is not row]))
    assert told(found) == {(MONTHLY, key_of(row, MONTHLY), "row", "missing")}


def test_a_hospital_without_its_clearing(sheets: Sheets, beyond: Beyond) -> None:
    row = next(row for row in sheets.clearing if HOSPITAL(row))
    found = beyond(replace(sheets, clearing=[one for one in sheets.clearing if one is not row]))
    assert told(found) == {(CLEARING, key_of(row, CLEARING), "row", "missing")}


def test_a_hospital_that_no_sheet_names(sheets: Sheets) -> None:
    code = "H99042100001"
    rows = {
        name: [row for row in getattr(sheets, name) if row["provider_code"] != code]
        for name in ("results", "months", "clearing")
    }
    found = [one for one in _of(replace(sheets, **rows)) if one.sheet == RESULTS and one.cause == "missing"]  # type: ignore[arg-type]
    assert [(one.key, one.provider) for one in found] == [(code, code)]


def test_sheets_of_some_hospitals_of_the_region(sheets: Sheets) -> None:
    """What needs the whole region is not run, and nothing is invented."""
    mine = {"H99042100002", "H99042100003"}
    rows = {
        name: [row for row in getattr(sheets, name) if row["provider_code"] in mine]
        for name in ("results", "months", "clearing")
    }
    ours = {code: row for code, row in sheets.providers.items() if code in mine}
    part = replace(
        sheets, providers=ours, settled={k: r for k, r in sheets.settled.items() if r["provider_code"] in mine}, **rows
    )  # type: ignore[arg-type]
    assert told(_of(part)) <= {one for one in told(_of(sheets)) if one[0] in TABLES}


def test_a_sheet_that_rounds_otherwise_is_told_once(sheets: Sheets) -> None:
    """Points and ratios of all rows at two places: two differences of the sheet; the stays that the county plants are told as before."""

    def cut(row: Row) -> Row:
        points = Decimal(row["base_score"] * row["institution_coefficient"] * row["deviation_factor"]).scaleb(-18)
        ratio = row["deviation_ratio"]
        at_two = None if ratio is None else (ratio + 5_000) // 10_000 * 10_000
        return {**row, "dip_points": int(half_up(points, 2) * 1_000_000), "deviation_ratio": at_two}

    rows = [cut(row) for row in sheets.results]
    found = {one for one in told(_of(replace(sheets, results=rows))) if one[0] == RESULTS}
    planted = {one for one in told(_of(sheets)) if one[0] == RESULTS}
    whole = {(RESULTS, "2025", "points", "rounding"), (RESULTS, "2025", "ratio", "rounding")}
    assert found == planted | whole

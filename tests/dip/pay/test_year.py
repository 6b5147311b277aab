"""A year of a small bureau from its opening to its second clearing, every number computed by hand beside it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.dip.pay.terms import pack
from tests.dip.pay.year import (
    STAYS,
    assessed,
    bureau,
    cleared,
    grouping,
    opened,
    rows,
    settled,
    settlement,
    visit,
    write,
)
from yibao.dip.pay.clearing import clear_year
from yibao.dip.pay.month import settle_month
from yibao.dip.pay.owed import pay, payables
from yibao.dip.pay.terms import Terms
from yibao.dip.pay.under import due_under
from yibao.errors import UserError
from yibao.periods import month_end
from yibao.store.workspace import Workspace

PACK = pack()
SCHEMES = Terms(PACK, date(2025, 12, 31)).schemes


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with bureau(tmp_path / "w") as made:
        yield made


@pytest.fixture
def year(workspace: Workspace) -> Workspace:
    opened(workspace, PACK)
    settled(workspace, PACK, 202501, 202503)
    return workspace


def test_the_opening_takes_over_what_was_published(workspace: Workspace) -> None:
    found = opened(workspace, PACK)
    assert [(row["insurance_type"], row["opening_basis"], row["dip_fund"]) for row in found.rows] == [("310", "published", 1_000_000), ("390", "published", 1_600_000)]  # fmt: skip
    owed = rows(workspace, "dip_payables", "dip_payable_no")
    assert {name: row["payable_amount"] for name, row in owed.items()} == {
        "2025-advance-H1-310": 80_000, "2025-advance-H1-390": 60_000, "2025-advance-H2-390": 40_000,
    }  # fmt: skip
    assert {row["due_date"] for row in owed.values()} == {date(2025, 2, 10)}
    again = opened(workspace, PACK)
    assert again.rows == found.rows
    assert len(payables(workspace, 2025)) == 3


def test_a_month(year: Workspace) -> None:
    """H1: 1000 × 1.2 = 1200 points in each scheme; H2: 500 × 1 = 500. The month of 390: 1700 × 10 × 0.7 = 11,900 yuan."""
    cases = rows(year, "computed_dip_cases", "settlement_id")
    assert {name: row["dip_points"] // 1_000_000 for name, row in cases.items()} == {
        "S1": 1200,
        "S2": 500,
        "S3": 1200,
        "S4": 500,
        "S5": 250,
    }
    months = rows(year, "computed_dip_months", "service_month", "insurance_type", "provider_code")
    january = months[202501, "390", "H1"]
    assert (january["case_count"], january["dip_payable"], january["quality_deposit"], january["dip_paid"]) == (
        1,
        840_000,
        42_000,
        798_000,
    )
    assert months[202501, "390", "H2"]["dip_payable"] == 350_000
    assert months[202501, "310", "H1"]["dip_payable"] == 840_000
    owed = rows(year, "dip_payables", "dip_payable_no")
    assert owed["202501-H1-390"] | {"dip_payable_no": ""} == {
        "dip_payable_no": "", "service_year": 2025, "service_month": 202501, "provider_code": "H1", "insurance_type": "390", "payment_kind": "dip",
        "due_date": date(2025, 2, 20), "payable_amount": 798_000,
    }  # fmt: skip


def test_a_month_again_is_the_same_and_adds_nothing(year: Workspace) -> None:
    tables = {"computed_dip_cases": ("settlement_id",), "computed_dip_months": ("service_month", "insurance_type", "provider_code"), "dip_payables": ("dip_payable_no",)}  # fmt: skip
    before = [rows(year, name, *key) for name, key in tables.items()]
    settled(year, PACK, 202501)
    assert [rows(year, name, *key) for name, key in tables.items()] == before


def test_what_an_audit_takes_off_in_a_month_is_taken_off_also_without_stays(workspace: Workspace) -> None:
    deduction = {
        "service_year": 2025,
        "provider_code": "H1",
        "insurance_type": "390",
        "audit_deduction": 10_000,
        "deduction_month": 202503,
    }
    write(workspace, "dip_deductions", [{**deduction, "deduction_no": "K1"}, {**deduction, "deduction_no": "K2", "provider_code": "H2", "deduction_month": 202501}])  # fmt: skip
    opened(workspace, PACK)
    settled(workspace, PACK, 202501, 202503)
    months = rows(workspace, "computed_dip_months", "service_month", "insurance_type", "provider_code")
    assert (months[202503, "390", "H1"]["case_count"], months[202503, "390", "H1"]["dip_paid"]) == (0, -10_000)
    assert months[202501, "390", "H2"]["dip_paid"] == 350_000 - 17_500 - 10_000
    assert rows(workspace, "dip_payables", "dip_payable_no")["202503-H1-390"]["payable_amount"] == -10_000


def test_the_clearing_gives_the_fund_away_and_takes_back_what_was_paid(year: Workspace) -> None:
    """390: 1200 + 1250 points share 16,000 yuan. H1 booked 6,000 of 7,836.73 due: below 0.8, so it is paid what it booked."""
    found = cleared(year, PACK)
    values = {row["insurance_type"]: row for row in found.values}
    assert values["390"]["undistributed_amount"] == 0
    assert values["390"]["settlement_point_value"] == 9_499_100  # 16,000 ÷ 0.6875 ÷ 2450
    done = {(row["insurance_type"], row["provider_code"]): row for row in found.rows}
    assert sum(row["dip_payable"] for key, row in done.items() if key[0] == "390") == 1_600_000
    h1, h2 = done["390", "H1"], done["390", "H2"]
    assert (h1["dip_payable"], h1["sharing_amount"], h1["clearing_amount"]) == (783_673, -183_673, 600_000)
    assert (h1["monthly_paid"], h1["advance_paid"], h1["clearing_balance"]) == (798_000, 60_000, -258_000)
    assert (h2["dip_payable"], h2["booked_pay"]) == (816_327, 1_050_000)
    assert h2["sharing_amount"] == 48_980  # 0.6 × (1.1 − 1) × due; what lies above 1.1 is the hospital's own
    for row in found.rows:
        owed = sum(p["payable_amount"] for p in payables(year, 2025) if (p["insurance_type"], p["provider_code"]) == (row["insurance_type"], row["provider_code"]))  # fmt: skip
        assert owed == row["clearing_amount"]


def test_assessment_deduction_and_ceiling(year: Workspace) -> None:
    write(
        year,
        "dip_assessments",
        [assessed("H1", "310"), assessed("H1", "390", 900_000, 500_000), assessed("H2", "390", 1_010_000)],
    )
    write(
        year,
        "dip_deductions",
        [
            {
                "deduction_no": "K1",
                "service_year": 2025,
                "provider_code": "H1",
                "insurance_type": "390",
                "audit_deduction": 1_234,
            }
        ],
    )
    done = {(row["insurance_type"], row["provider_code"]): row for row in cleared(year, PACK).rows}
    assert (done["390", "H1"]["capped_amount"], done["390", "H1"]["clearing_amount"]) == (100_000, 450_000 - 1_234)
    assert done["390", "H2"]["clearing_amount"] == 873_960  # (816,327 + 48,980) × 1.01 = 873,960.07


def test_a_second_clearing_owes_only_the_difference(year: Workspace) -> None:
    first = cleared(year, PACK)
    again = cleared(year, PACK, date(2026, 6, 1))
    assert (again.run, again.new, again.values) == (1, False, first.values)
    write(
        year,
        "dip_deductions",
        [
            {
                "deduction_no": "K1",
                "service_year": 2025,
                "provider_code": "H2",
                "insurance_type": "390",
                "audit_deduction": 5_000,
            }
        ],
    )
    second = cleared(year, PACK, date(2026, 6, 1))
    assert (second.run, second.new) == (2, True)
    assert {(row["insurance_type"], row["provider_code"]): row["clearing_difference"] for row in second.rows} == {("310", "H1"): 0, ("390", "H1"): 0, ("390", "H2"): -5_000}  # fmt: skip
    kept = rows(year, "computed_dip_clearing", "clearing_run", "insurance_type", "provider_code")
    assert [kept[1, row["insurance_type"], row["provider_code"]] for row in first.rows] == [{name: row[name] for name in kept[1, row["insurance_type"], row["provider_code"]]} for row in first.rows]  # fmt: skip
    owed = rows(year, "dip_payables", "dip_payable_no")
    assert (owed["2025-clearing-2-H2-390"]["payable_amount"], owed["2025-clearing-2-H2-390"]["due_date"]) == (
        -5_000,
        date(2026, 6, 1),
    )
    assert "2025-clearing-2-H1-390" not in owed
    assert owed["2025-clearing-1-H1-390"]["due_date"] == date(2026, 4, 25)


def test_after_a_clearing_the_months_stand(year: Workspace) -> None:
    cleared(year, PACK)
    with pytest.raises(UserError, match="2025 年已经清算，各月不再改动"):
        settled(year, PACK, 202501)


def test_what_is_missing_is_named(workspace: Workspace) -> None:
    with pytest.raises(UserError, match="还没有年初点值"):
        settled(workspace, PACK, 202501)
    opened(workspace, PACK)
    with pytest.raises(UserError, match="2025 年 2 月没有按病种付费的住院"):
        settled(workspace, PACK, 202502)
    settled(workspace, PACK, 202501)
    with pytest.raises(UserError, match="3 月还没有月预结算"):
        cleared(workspace, PACK)
    settled(workspace, PACK, 202503)
    write(workspace, "dip_assessments", [assessed("H1", "310"), assessed("H1", "390")])
    with pytest.raises(UserError, match="H2 险种 390 2025 年的考核系数"):
        cleared(workspace, PACK)
    write(workspace, "dip_assessments", [])
    with pytest.raises(UserError, match="没有 2025 年的考核系数"):
        cleared(workspace, PACK)


def test_a_stay_without_grouping_is_refused(workspace: Workspace) -> None:
    write(workspace, "dip_groupings", [])
    opened(workspace, PACK)
    with pytest.raises(UserError, match="2025 年出院 3 例）。请先运行 yibao dip group --year 2025"):
        settled(workspace, PACK, 202501)


def test_settlements_of_one_stay_are_one_case_and_reversed_ones_none(tmp_path: Path) -> None:
    more = (
        settlement(("T1", "V1", "H1", "390", date(2025, 1, 3), 4_000, 1_000, None, None)),
        settlement(("R1", "V2", "H2", "390", date(2025, 1, 4), 9_999, 9_999, None, None), is_valid=False),
        settlement(("M1", "V4", "H2", "390", date(2025, 1, 5), 9_999, 9_999, None, None), settlement_type="manual"),
        settlement(("A1", "V4", "H2", "390", date(2025, 1, 6), 9_999, 9_999, None, None), out_of_area="1"),
        settlement(("O1", "V4", "H2", "390", date(2025, 1, 7), 9_999, 9_999, None, None), care_type="11"),
    )
    with bureau(tmp_path / "w", more=more) as made:
        opened(made, PACK)
        settled(made, PACK, 202501)
        cases = rows(made, "computed_dip_cases", "settlement_id")
    assert {name: row["total_fee"] for name, row in cases.items()} == {"S1": 1_400_000, "S2": 500_000, "S3": 1_000_000}
    assert cases["S1"]["booked_pay"] == 700_000


def test_a_special_case_counts_on_whichever_settlement_of_the_stay_it_stands(tmp_path: Path) -> None:
    more = (settlement(("T1", "V1", "H1", "390", date(2025, 1, 3), 4_000, 1_000, None, None)),)
    with bureau(tmp_path / "w", more=more) as made:
        write(made, "dip_special_cases", [{"settlement_id": "T1", "special_result": "itemised"}])
        opened(made, PACK)
        settled(made, PACK, 202501)
        found = rows(made, "computed_dip_cases", "settlement_id")["S1"]
    assert (found["special_result"], found["dip_points"]) == ("itemised", 1_400_000_000)


def test_a_last_group_without_a_score_is_paid_by_its_cost(tmp_path: Path) -> None:
    with bureau(tmp_path / "w") as made:
        groupings = [dict(row) for row in rows(made, "dip_groupings", "visit_id").values()]
        last = {"dip_group_code": "KBBZ", "dip_layer": "last", "group_mean_cost": None, "grouping_flags": ""}
        write(made, "dip_groupings", [row | last if row["visit_id"] == "V5" else row for row in groupings])
        opened(made, PACK)
        settled(made, PACK, 202503)
        found = rows(made, "computed_dip_cases", "settlement_id")["S5"]
    assert found["dip_points"] == 250_000_000  # 3,000 ÷ 6,000 × 1,000 × 0.5


def test_special_cases_are_paid_apart_and_counted_against_the_region(workspace: Workspace) -> None:
    special: list[dict[str, Any]] = [
        {"settlement_id": "S1", "special_result": "adjusted", "special_score": 2_000_000_000},
        {"settlement_id": "S2", "special_result": "refused"},
        {"settlement_id": "S4", "special_result": "itemised"},
    ]
    write(workspace, "dip_special_cases", special)
    opened(workspace, PACK)
    settled(workspace, PACK, 202501, 202503)
    points = {
        name: row["dip_points"] // 1_000_000
        for name, row in rows(workspace, "computed_dip_cases", "settlement_id").items()
    }
    assert (points["S1"], points["S2"], points["S4"]) == (2400, 500, 600)
    few = [{**row, "case_count": 150} for row in rows(workspace, "dip_point_values", "insurance_type").values()]
    write(workspace, "dip_point_values", [dict(row) for row in few])
    with pytest.raises(UserError, match="通过 2 例，超过上限 1 例（统筹区出院 300 例的 5‰"):
        settled(workspace, PACK, 202503)
    settle_month(workspace, Terms(PACK, month_end(202503)), 202503, "试医保〔2025〕9号")


def test_payments_are_entered_once(year: Workspace) -> None:
    cleared(year, PACK)
    made = year.produced("by hand")
    [row] = pay(year, made, 2025, date(2025, 2, 18), ["202501-H1-390"], SCHEMES)
    assert (row["due_amount"], row["paid_amount"], row["payment_kind"], row["fund"], row["service_year"]) == (
        798_000,
        798_000,
        "dip",
        "resident",
        2025,
    )
    with pytest.raises(UserError, match="已有拨付记录“DIP-202501-H1-390”"):
        pay(year, made, 2025, date(2025, 2, 19), ["202501-H1-390"], SCHEMES)
    with pytest.raises(UserError, match="没有编号为“202501-H9-390”"):
        pay(year, made, 2025, date(2025, 2, 19), ["202501-H9-390"], SCHEMES)
    pay(year, made, 2025, date(2026, 4, 20), ["2025-clearing-1-H1-390", "202503-H2-390"], SCHEMES)
    with pytest.raises(UserError, match="2025-clearing-1-H1-390”已有拨付记录"):
        pay(year, made, 2025, date(2026, 4, 21), ["2025-clearing-1-H1-390"], SCHEMES)
    kept = rows(year, "payments", "payment_id")
    assert set(kept) == {"DIP-202501-H1-390", "DIP-2025-clearing-1-H1-390", "DIP-202503-H2-390"}


def test_a_run_says_what_it_was_made_from(year: Workspace) -> None:
    cleared(year, PACK)
    manifest = year.manifest("computed_dip_clearing")
    assert manifest is not None
    assert {input_.name for input_ in manifest.produced_by.inputs} >= {
        "settlements",
        "dip_groupings",
        "dip_assessments",
        "computed_dip_months",
    }
    parameters = manifest.produced_by.parameters
    changed = pack(dip__sharing=[{"below": 1, "inclusive": True, "keep": 1}, {"bear": 0}])
    assert cleared(year, changed).new
    after = year.manifest("computed_dip_clearing")
    assert after is not None
    assert after.produced_by.parameters["terms"] != parameters["terms"]


def test_the_hour_of_a_settlement_does_not_move_its_month(workspace: Workspace) -> None:
    late = [
        settlement(stay, settlement_time=datetime(2025, 1, 31, 23, 59, 59)) if stay[0] == "S3" else settlement(stay)
        for stay in STAYS
    ]
    write(workspace, "settlements", late)
    opened(workspace, PACK)
    settled(workspace, PACK, 202501)
    assert "S3" in rows(workspace, "computed_dip_cases", "settlement_id")


def test_other_books_move_the_booked_pay_and_only_the_sharing_of_a_floating_fund(year: Workspace) -> None:
    """390, H2: 10,500 booked of 8,163.27 due; 1,000 less booked is still above 1.1 × due, so nothing moves but the books."""
    terms = Terms(PACK, date(2025, 12, 31))
    found = {row.insurance: row for row in due_under(year, terms, 2025, {"S4": -100_000, "L2": -5})}
    resident, employee = found["390"], found["310"]
    assert (resident.before.booked, resident.after.booked) == (1_650_000, 1_550_000)
    assert resident.before.due == resident.after.due == 1_600_000 - 183_673 + 48_980
    assert resident.after.value > resident.before.value
    assert employee.before == employee.after
    lower = due_under(year, terms, 2025, {"S4": -200_000, "S5": -200_000})[1]
    assert lower.after.shared == -183_673 - 166_327  # H2 now booked 6,500 of 8,163.27: below 0.8 it gets what it booked


def test_an_opening_without_last_years_stays_says_that_no_prepayment_was_computed(tmp_path: Path) -> None:
    with bureau(tmp_path / "w", tuple(stay for stay in STAYS if stay[4].year == 2025)) as made:
        found = opened(made, PACK)
        assert (found.advances, found.notes) == ([], ["2024 年没有按病种付费的住院，预付金没有算。"])
        settled(made, PACK, 202501)


def test_another_opening_names_the_months_that_stand_on_the_first(year: Workspace) -> None:
    assert opened(year, PACK).notes == []
    others = [
        {**row, "preliminary_point_value": 11_000_000}
        for row in rows(year, "dip_point_values", "insurance_type").values()
    ]
    write(year, "dip_point_values", others)
    assert opened(year, PACK).notes == ["1 月、3 月的预结算用的是另外的点值或比例，请重新运行 yibao dip settle。"]
    settled(year, PACK, 202501, 202503)
    cleared(year, PACK)
    with pytest.raises(UserError, match="已经清算"):
        opened(year, PACK)


def test_a_hospital_is_paid_by_score_from_the_day_of_its_agreement(workspace: Workspace) -> None:
    """H2 joins in March: its January stay is not DIP's, its March stays are; H1 has no agreement on file and goes by its flag."""
    agreement = {"provider_code": "H2", "agreement_status": "1"}
    spans = [("fee", date(2020, 1, 1), date(2025, 2, 28)), ("dip", date(2025, 3, 1), None)]
    write(workspace, "provider_agreements", [{**agreement, "agreement_no": f"A{n}", "payment_method": method, "valid_from": first, "valid_to": last} for n, (method, first, last) in enumerate(spans)])  # fmt: skip
    opened(workspace, PACK)
    settled(workspace, PACK, 202501, 202503)
    assert set(rows(workspace, "computed_dip_cases", "settlement_id")) == {"S1", "S3", "S4", "S5"}
    assert "2025-advance-H2-390" not in rows(workspace, "dip_payables", "dip_payable_no")


def test_stays_of_a_scheme_without_a_fund_are_counted_not_lost(tmp_path: Path) -> None:
    with bureau(
        tmp_path / "w", (*STAYS, ("C1", "VC", "H1", "340", date(2025, 1, 9), 9_000, 9_000, "G1", 1000))
    ) as made:
        opened(made, PACK)
        found = settle_month(made, Terms(PACK, month_end(202501)), 202501)
        assert dict(found.others) == {"340": 1}
        assert "C1" not in rows(made, "computed_dip_cases", "settlement_id")


def test_a_deduction_in_a_scheme_without_opening_is_refused(workspace: Workspace) -> None:
    write(workspace, "dip_deductions", [{"deduction_no": "K1", "service_year": 2025, "provider_code": "H1", "insurance_type": "340", "audit_deduction": 1, "deduction_month": 202501}])  # fmt: skip
    opened(workspace, PACK)
    with pytest.raises(UserError, match="险种 340 的扣款，而这个险种没有年初点值"):
        settled(workspace, PACK, 202501)


def test_published_values_of_nothing_are_refused_and_other_schemes_are_left_out(workspace: Workspace) -> None:
    published = [dict(row) for row in rows(workspace, "dip_point_values", "insurance_type").values()]
    write(workspace, "dip_point_values", [*published, {**published[0], "insurance_type": "340"}])
    assert [row["insurance_type"] for row in opened(workspace, PACK).rows] == ["310", "390"]
    write(workspace, "dip_point_values", [{**row, "preliminary_point_value": 0} for row in published])
    opened(workspace, PACK)
    with pytest.raises(UserError, match="不是正数"):
        settled(workspace, PACK, 202501)


def test_the_region_says_whose_fund_an_insurance_type_is(workspace: Workspace) -> None:
    """A region that writes 居民 as 391: its stays are paid, and 390, which it does not know, is counted and not paid."""
    other = pack(interface__scheme={"310": "employee", "391": "resident", "340": "cadre"})
    stays_ = [{**settlement(stay), "insurance_type": "391"} if stay[0] == "S1" else settlement(stay) for stay in STAYS]
    write(workspace, "settlements", stays_)
    values = rows(workspace, "dip_point_values", "insurance_type")
    write(workspace, "dip_point_values", [dict(values["310"]), {**values["390"], "insurance_type": "391"}])
    opened(workspace, other)
    found = settle_month(workspace, Terms(other, month_end(202501)), 202501)
    assert {(row["insurance_type"], row["provider_code"]) for row in found.rows} == {("310", "H1"), ("391", "H1")}
    assert dict(found.others) == {"390": 1}
    [row] = pay(workspace, workspace.produced("by hand"), 2025, date(2025, 2, 18), ["202501-H1-391"], Terms(other, date(2025, 12, 31)).schemes)  # fmt: skip
    assert row["fund"] == "resident"


def test_what_was_taken_off_in_a_month_is_not_given_back_by_the_clearing(workspace: Workspace) -> None:
    """F13, F16: the year's amount is less all deductions, the months were paid less theirs."""
    k = {"service_year": 2025, "provider_code": "H2", "insurance_type": "390"}
    taken = [{**k, "deduction_no": "K1", "audit_deduction": 10_000, "deduction_month": 202503}, {**k, "deduction_no": "K2", "audit_deduction": 700}]  # fmt: skip
    opened(workspace, PACK)
    settled(workspace, PACK, 202501, 202503)
    without = next(row for row in cleared(workspace, PACK).rows if (row["insurance_type"], row["provider_code"]) == ("390", "H2"))  # fmt: skip
    with bureau(workspace.path.parent / "other") as other:
        write(other, "dip_deductions", taken)
        opened(other, PACK)
        settled(other, PACK, 202501, 202503)
        row = next(row for row in cleared(other, PACK).rows if (row["insurance_type"], row["provider_code"]) == ("390", "H2"))  # fmt: skip
        owed = sum(p["payable_amount"] for p in payables(other, 2025) if (p["insurance_type"], p["provider_code"]) == ("390", "H2"))  # fmt: skip
    assert (row["audit_deduction"], row["clearing_amount"]) == (10_700, without["clearing_amount"] - 10_700)
    assert owed == row["clearing_amount"]


def test_a_late_stay_of_a_month_without_others_is_cleared_again(year: Workspace) -> None:
    """After a clearing months are closed: what comes late for a month that had no stays is a difference of the next run."""
    cleared(year, PACK)
    late = ("S9", "V9", "H2", "390", date(2025, 2, 6), 5_000, 4_000, "G2", 500)
    write(year, "visits", [visit(stay) for stay in (*STAYS, late)])
    write(year, "settlements", [settlement(stay) for stay in (*STAYS, late)])
    write(year, "dip_groupings", [grouping(stay) for stay in (*STAYS, late)])
    made = cleared(year, PACK, date(2026, 5, 1))
    assert (made.run, made.new) == (2, True)
    assert sum(row["case_count"] for row in made.rows) == 6


def test_the_way_from_the_fund_to_what_hospitals_get(year: Workspace) -> None:
    write(year, "dip_assessments", [assessed("H1", "310"), assessed("H1", "390", 900_000, 500_000), assessed("H2", "390", 1_010_000)])  # fmt: skip
    made = cleared(year, PACK)
    value = {row["insurance_type"]: row for row in made.values}["390"]
    assert (value["dip_fund"], value["undistributed_amount"], value["sharing_amount"]) == (
        1_600_000,
        0,
        48_980 - 183_673,
    )
    assert (value["capped_amount"], value["assessment_effect"]) == (100_000, -50_000 + 8_653)
    assert value["clearing_amount"] == 450_000 + 873_960
    assert value["fund_balance"] == 1_600_000 - value["clearing_amount"]
    assert rows(year, "computed_dip_sharings", "insurance_type", "provider_code")["390", "H1"]["sharing_amount"] == -183_673  # fmt: skip


@pytest.mark.parametrize("level", ["region", "disease", "institution_disease"])
def test_a_clearing_at_another_level_is_reproducible_and_to_the_fen(year: Workspace, level: str) -> None:
    other = pack(dip__sharing=[{"level": level, "bands": PACK.value("dip.sharing", on=date(2025, 1, 1))}])
    made = cleared(year, other)
    assert made.new
    assert not cleared(year, other).new
    for value in made.values:
        mine = [share["sharing_amount"] for share in made.shares if share["insurance_type"] == value["insurance_type"]]
        assert sum(mine) == value["sharing_amount"]
        due = [share["dip_payable"] for share in made.shares if share["insurance_type"] == value["insurance_type"]]
        assert sum(due) == value["dip_fund"]
    terms = Terms(other, date(2025, 12, 31))
    shared = {row.insurance: row.before.shared for row in due_under(year, terms, 2025, {})}
    assert shared == {row["insurance_type"]: row["sharing_amount"] for row in made.values}


def test_special_cases_above_the_cap_are_refused_at_the_clearing_too(year: Workspace) -> None:
    """Accepted after the months were settled: 5 ‰ of 150 discharges of the region are none."""
    few = [{**row, "case_count": 75} for row in rows(year, "dip_point_values", "insurance_type").values()]
    write(year, "dip_point_values", [dict(row) for row in few])
    write(year, "dip_special_cases", [{"settlement_id": "S4", "special_result": "itemised"}])
    with pytest.raises(UserError, match="通过 1 例，超过上限 0 例"):
        cleared(year, PACK)
    clear_year(year, Terms(PACK, date(2025, 12, 31)), 2025, date(2026, 4, 1), "试医保〔2025〕9号")
    manifest = year.manifest("computed_dip_clearing")
    assert manifest is not None
    assert manifest.produced_by.parameters["special_document"] == "试医保〔2025〕9号"


def test_what_the_counter_settled_and_the_platform_has_not_exported_is_told(year: Workspace) -> None:
    """N1 waits; S2 was exported under its number, N3 as S1 by its visit; N4 was taken back; N5 is no stay; N6 was in another month."""
    live: list[dict[str, Any]] = [
        live_row("N1", "V8", total_fee=123_456),
        live_row("S2", "V7"),
        live_row("N3", "V1"),
        live_row("N4", "V6"),
        live_row("N4R", "V6", reverses_bill_id="N4"),
        live_row("N5", "V8", care_type="11"),
        live_row("N6", "V8", settlement_time=datetime(2025, 2, 1)),
    ]
    write(year, "live_settlements", live)
    found = settle_month(year, Terms(PACK, month_end(202501)), 202501)
    assert (found.waiting.bills, found.waiting.total_fee) == (1, 123_456)
    assert "1 笔（医疗费 1,234.56 元）平台还没有导出" in found.waiting.told()
    with pytest.raises(UserError, match=r"2 月没有按病种付费的住院.*有 1 笔（医疗费 0.00 元）平台还没有导出"):
        settle_month(year, Terms(PACK, month_end(202502)), 202502)
    assert cleared(year, PACK).waiting.bills == 2


def live_row(bill: str, of: str, **changed: Any) -> dict[str, Any]:
    return {
        "benefit_year": 2025, "bill_id": bill, "visit_id": of, "person_no": "-", "provider_code": "H1", "care_type": "21", "insurance_type": "390",
        "settlement_time": datetime(2025, 1, 8, 9), "settlement_type": "online", "away_kind": "home", "policy_date": date(2025, 1, 8), **changed,
    }  # fmt: skip


def test_cleared_three_times_with_changed_data_all_that_is_owed_is_the_last_amount(year: Workspace) -> None:
    """A reversed stay (H1 has none of 390 left), another group, a deduction, an assessment: each run owes what it differs by."""
    cleared(year, PACK)
    changes: list[tuple[str, list[dict[str, Any]]]] = [
        ("settlements", [settlement(stay, is_valid=stay[0] != "S1") for stay in STAYS]),
        ("dip_groupings", [grouping(stay) | ({"base_score": 750_000_000} if stay[0] == "S2" else {}) for stay in STAYS]),
        ("dip_deductions", [{"deduction_no": "K1", "service_year": 2025, "provider_code": "H1", "insurance_type": "390", "audit_deduction": 777}]),
        ("dip_assessments", [assessed("H1", "310", 950_000), assessed("H1", "390"), assessed("H2", "390", 990_000)]),
    ]  # fmt: skip
    for run, (table, changed) in enumerate(changes, 2):
        write(year, table, changed)
        made = cleared(year, PACK, date(2026, 4 + run, 1))
        assert (made.run, made.new) == (run, True)
        for row in made.rows:
            of = row["insurance_type"], row["provider_code"]
            owed = sum(p["payable_amount"] for p in payables(year, 2025) if (p["insurance_type"], p["provider_code"]) == of)  # fmt: skip
            assert owed == row["clearing_amount"]
        assert sum(row["dip_payable"] for row in made.rows if row["insurance_type"] == "390") == 1_600_000
    last = {(row["insurance_type"], row["provider_code"]): row for row in made.rows}
    assert (last["390", "H1"]["case_count"], last["390", "H1"]["clearing_amount"]) == (0, -777)


def test_published_values_without_a_column_that_the_opening_needs_are_refused(workspace: Workspace) -> None:
    published = [dict(row) for row in rows(workspace, "dip_point_values", "insurance_type").values()]
    write(workspace, "dip_point_values", [{**row, "preliminary_pay_ratio": None} for row in published])
    with pytest.raises(UserError, match="没有预算支付比例"):
        opened(workspace, PACK)

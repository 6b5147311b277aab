"""What was due and what was paid: rates with an expiry, bounds of the base, deferrals, shares of the subsidy."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.enrol.conftest import MakeBook, parameter, said
from tests.store.quality.conftest import Plant
from yibao.enrol.levy import employees, levied, residents, subsidies
from yibao.enrol.rules import Book, EmployeeLevy, employee_levy, subsidy_standard
from yibao.errors import UserError
from yibao.store.workspace import Workspace

BASE = parameter("enrol.employee.base", "from: 2019-01-01, value: {floor: 2000, ceiling: 30000}")
ROUNDING = parameter("enrol.levy.rounding", "from: 2019-01-01, value: half_up")
EXPIRING = parameter(
    "enrol.employee.rate",
    "from: 2022-12-01, to: 2024-02-28, value: {employer: 0.08, person: 0.02, flexible: 0.08}",
    "from: 2024-02-29, to: 2025-12-31, value: {employer: 0.065, person: 0.02, flexible: 0.065}",
    "from: 2026-01-01, value: {employer: 0.08, person: 0.02, flexible: 0.08}",
)
ON = date(2025, 12, 31)
RULE = EmployeeLevy(200_000, 3_000_000, 800, 200, 800, "half_up")


def test_a_reduced_rate_expires(written: MakeBook) -> None:
    book = written(EXPIRING + BASE + ROUNDING)
    days = (date(2024, 2, 28), date(2024, 2, 29), date(2025, 12, 31), date(2026, 1, 1))
    assert [employee_levy(book, day).flexible for day in days] == [800, 650, 650, 800]


def test_a_month_before_the_first_notice_is_refused_by_name(written: MakeBook) -> None:
    with pytest.raises(UserError, match=r"2022-11-01 有效的参数 enrol\.employee\.rate"):
        employee_levy(written(EXPIRING + BASE + ROUNDING), date(2022, 11, 1))


@given(st.integers(0, 10_000_000), st.booleans(), st.sampled_from(["half_up", "down"]))
def test_what_is_due_grows_with_the_base_between_its_bounds(base: int, flexible: bool, rounding: str) -> None:
    rule = EmployeeLevy(200_000, 3_000_000, 800, 200, 800, rounding)
    due = levied(rule, base, flexible=flexible)
    assert levied(rule, base + 1, flexible=flexible) >= due
    assert levied(rule, 0, flexible=flexible) <= due <= levied(rule, 10**12, flexible=flexible)
    exact = min(max(base, 200_000), 3_000_000) * 1_000
    assert flexible or abs(sum(due) * 10_000 - exact) < 20_000, "less than a fen for each of the two"


@pytest.mark.parametrize(
    "value", ["{employer: 8, person: 0.02, flexible: 0.08}", "{employer: -0.1, person: 0.02, flexible: 0.08}", "{employer: x, person: 0.02, flexible: 0.08}", "0.08", "{employer: 0.08, person: 0.02}", "{employer: 0.08123, person: 0.02, flexible: 0.08}"]
)  # fmt: skip
def test_a_rate_that_is_none_is_refused(written: MakeBook, value: str) -> None:
    book = written(parameter("enrol.employee.rate", f"from: 2019-01-01, value: {value}") + BASE + ROUNDING)
    with pytest.raises(UserError, match=r"enrol\.employee\.rate"):
        employee_levy(book, ON)


def contribution(
    person: str, month: int, base: int, employer: int, own: int, code: str | None = "E1"
) -> dict[str, object]:
    return {
        "contribution_id": f"{person}{month}", "person_no": person, "insurance_type": "310", "benefit_year": 2025, "contribution_month": month,
        "contribution_base": base, "employer_amount": employer, "person_amount": own, "employer_code": code, "paid_date": date(2025, 2, 10),
    }  # fmt: skip


def test_differences_are_told_person_by_person(workspace: Workspace, plant: Plant, book: Book) -> None:
    plant("contributions", [
        contribution("P1", 202501, 500_000, 40_000, 10_000), contribution("P2", 202501, 500_000, 39_999, 10_000),
        contribution("P3", 202501, 100_000, 16_000, 4_000), contribution("P4", 202501, 500_000, 10_000, 40_000),
        contribution("P5", 202501, 500_000, 0, 40_000, None),
    ])  # fmt: skip
    wrong, _ = employees(workspace, book, 2025, date(2025, 2, 15))
    assert [(row[1], row[8], row[9]) for row in wrong.rows] == [
        ("P2", -1, "少缴"),
        ("P3", 0, "低于基数下限"),
        ("P4", 0, "单位、个人分错"),
    ]


def test_a_deferred_month_is_no_debt_until_its_last_day(workspace: Workspace, plant: Plant, written: MakeBook) -> None:
    plant("enrolments", [
        {"person_no": "P1", "insurance_type": "310", "person_category": "11", "enrolment_status": "1", "enrolment_start_date": date(2020, 1, 1), "employer_code": "E1"},
        {"person_no": "P2", "insurance_type": "310", "person_category": "11", "enrolment_status": "1", "enrolment_start_date": date(2025, 1, 2), "employer_code": "E1"},
        {"person_no": "P3", "insurance_type": "310", "person_category": "12", "enrolment_status": "1", "enrolment_start_date": date(2020, 1, 1), "employer_code": "E1"},
    ])  # fmt: skip
    deferral = parameter("enrol.employee.deferral", "from: 2025-01-01, to: 2025-01-31, value: 2025-06-30")
    book = written(EXPIRING + BASE + ROUNDING + deferral)
    for on, states in ((date(2025, 2, 28), ["缓缴至 2025-06-30", "欠缴", "欠缴"]), (date(2025, 7, 1), ["欠缴"] * 11)):
        _, unpaid = employees(workspace, book, 2025, on)
        assert said(unpaid.rows, 3) == states
    assert {row[1] for row in unpaid.rows} == {"P1", "P2"}


def resident(person: str, own: int, aided: int = 0) -> dict[str, object]:
    return {
        "contribution_id": f"{person}{own}", "person_no": person, "insurance_type": "390", "benefit_year": 2024, "contribution_month": 202401,
        "person_amount": own, "subsidy_amount": aided, "paid_date": date(2023, 11, 1),
    }  # fmt: skip


def test_a_resident_pays_the_standard_with_or_without_aid(workspace: Workspace, plant: Plant, book: Book) -> None:
    plant("persons", [{"person_no": f"P{n}"} for n in range(1, 6)])
    plant(
        "contributions",
        [
            resident("P1", 38_000),
            resident("P2", 15_200, 22_800),
            resident("P3", 37_999),
            resident("P4", 38_000),
            {**resident("P4", 38_000), "contribution_id": "again"},
            resident("P5", 38_000),
            {**resident("P5", -38_000), "contribution_id": "refund"},
        ],
    )
    found = residents(workspace, book, 2024, ON)
    assert [(row[0], row[3], row[8]) for row in found.rows] == [("P3", 1, -1), ("P4", 2, 38_000)]
    assert any("低于国家下限 400 元" in note for note in found.notes)


def test_each_level_of_the_subsidy_due_and_received(workspace: Workspace, plant: Plant, book: Book) -> None:
    said_of = {"benefit_year": 2025, "insured_count": 10}
    plant("fiscal_subsidies", [
        {**said_of, "subsidy_level": "central", "standard_per_person": 42_000, "subsidy_due": 420_000, "subsidy_received": 420_000, "received_date": date(2025, 3, 1)},
        {**said_of, "subsidy_level": "county", "standard_per_person": 6_000, "subsidy_due": 70_000, "subsidy_received": 60_000, "received_date": date(2026, 1, 5)},
    ])  # fmt: skip
    table = {row[0]: row for row in subsidies(workspace, book, 2025, ON).rows}
    assert table["中央"][5:8] == (420_000, 0, 10_000)
    assert table["县级"][5:8] == (0, 70_000, 0), "what comes after the day is not there yet"
    assert table["县级"][9] == "标准与本地参数不同；应到不等于人数乘标准"
    assert table["省级"][9] == "没有补助记录"
    assert table["合计"][4:7] == (490_000, 420_000, 70_000)


def test_levels_that_do_not_add_up_are_refused(written: MakeBook) -> None:
    value = "from: 2025-01-01, value: {total: 700, central: 420, province: 154, city: 56, county: 71}"
    with pytest.raises(UserError, match="各级之和不等于合计"):
        subsidy_standard(written(parameter("enrol.resident.subsidy", value)), 2025)

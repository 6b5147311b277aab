"""Waiting periods and incentives of a county: from planted records into the standard tables."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from tests.store.quality.conftest import Plant
from yibao.enrol.counted import count_incentives, count_waiting, reach
from yibao.enrol.rights import incentives, waiting
from yibao.enrol.rules import Book
from yibao.errors import UserError
from yibao.region.packs import region
from yibao.store.workspace import Workspace

ON = date(2026, 6, 30)


def paid(who: str, year: int, day: str, amount: int = 40_000) -> dict[str, Any]:
    return {
        "contribution_id": f"{who}{year}{day}{amount}", "person_no": who, "insurance_type": "390", "benefit_year": year, "contribution_month": year * 100 + 1,
        "person_amount": amount, "paid_date": date.fromisoformat(day),
    }  # fmt: skip


def settled(no: str, who: str, year: int, funds: int, critical: int = 0, **more: Any) -> dict[str, Any]:
    return {
        "settlement_id": no, "person_no": who, "insurance_type": "390", "benefit_year": year, "is_valid": True, "settlement_time": datetime(year, 5, 5, 9),
        "in_scope_total": funds, "total_fee": funds, "fund_pay_total": funds, "pool_fund_pay": funds - critical, "resident_critical_illness_pay": critical, **more,
    }  # fmt: skip


@pytest.fixture
def county(workspace: Workspace, plant: Plant) -> Workspace:
    plant("persons", [{"person_no": f"P{n}", "birth_date": date(1980, 1, 1)} for n in range(1, 5)])
    plant(
        "enrolments",
        [
            {
                "person_no": f"P{n}",
                "insurance_type": "390",
                "enrolment_status": "1",
                "enrolment_start_date": date(2015, 1, 1),
            }
            for n in range(1, 5)
        ],
    )
    plant(
        "identities",
        [{"person_no": "P1", "identity_type": t, "identity_start": date(2020, 1, 1)} for t in ("dibao", "zhongcan")],
    )
    plant("contributions", [
        *(paid("P1", y, f"{y - 1}-11-05") for y in (2024, 2025, 2026)),  # continuous, in the window
        *(paid("P2", y, f"{y - 1}-11-05") for y in (2024, 2026)),  # 2025 is broken
        paid("P3", 2025, "2025-03-10"), paid("P3", 2026, "2025-11-01"), paid("P3", 2026, "2025-12-01", -40_000),  # late; then refunded
        paid("P4", 2024, "2023-11-05"), paid("P4", 2025, "2026-01-08"), paid("P4", 2026, "2026-01-08"),  # repaired, and late
    ])  # fmt: skip
    plant("settlements", [
        settled("S1", "P1", 2024, 50_000), settled("S2", "P1", 2025, 900_000, 100_000),
    ])  # fmt: skip
    return workspace


def table(workspace: Workspace, name: str, *columns: str) -> set[tuple[Any, ...]]:
    rows = workspace.query(f"SELECT {', '.join(columns)} FROM {name}").read_all().to_pylist()
    return {tuple(row.values()) for row in rows}


def test_waiting_periods_of_everybody(county: Workspace, book: Book) -> None:
    assert count_waiting(county, book, ON) == 6
    assert table(county, "benefit_waiting", "person_no", "benefit_year", "broken_years", "repaired_years", "waiting_months", "benefit_start_date") == {
        ("P1", 2025, 0, 0, 0, date(2025, 1, 1)), ("P1", 2026, 0, 0, 0, date(2026, 1, 1)), ("P2", 2026, 1, 0, 4, date(2026, 3, 5)),
        ("P3", 2025, 0, 0, 3, date(2025, 6, 10)), ("P4", 2025, 0, 0, 3, date(2026, 4, 8)), ("P4", 2026, 1, 1, 3, date(2026, 4, 8)),
    }  # fmt: skip


def test_events_and_the_raises_that_follow(county: Workspace, book: Book) -> None:
    count_incentives(county, book, ON)
    events = table(
        county, "enrolment_events", "person_no", "benefit_year", "incentive_event", "effective_year", "raise_amount"
    )
    assert {e for e in events if e[0] in ("P1", "P2")} == {
        *(("P1", y, "continuous", y, 0) for y in (2024, 2025, 2026)), *(("P2", y, "continuous", y, 0) for y in (2024, 2026)),
        ("P2", 2024, "zero_claim", 2025, 150_000), ("P2", 2025, "broken", 2026, 0),
    }  # fmt: skip
    assert {row for row in table(county, "cap_raises", "person_no", "benefit_year", "continuous_years", "cap_raise") if row[0] != "P4"} == {
        ("P1", 2024, 1, 0), ("P1", 2025, 2, 0), ("P1", 2026, 3, 0), ("P2", 2024, 1, 0), ("P2", 2026, 1, 150_000), ("P3", 2025, 1, 0),
    }  # fmt: skip


def test_a_reversal_is_recounted_and_the_settlements_it_touches_are_listed(
    county: Workspace, plant: Plant, book: Book
) -> None:
    assert incentives(county, book, ON)[2].rows == []
    back = settled("S3", "P1", 2024, -50_000, is_reversal=True, original_settlement_id="S1")
    plant("settlements", [settled("S1", "P1", 2024, 50_000), back, settled("S2", "P1", 2025, 900_000, 100_000)])
    touched = incentives(county, book, ON)[2]
    assert [(row[0], row[1], row[5]) for row in touched.rows] == [("S2", "P1", 150_000)]
    assert incentives(county, book, ON)[2].rows == [], "nothing changed since"


def test_the_same_records_give_the_same_version(county: Workspace, book: Book) -> None:
    versions = []
    for _ in range(2):
        count_waiting(county, book, ON)
        count_incentives(county, book, ON)
        versions.append(
            [
                m.version
                for name in ("benefit_waiting", "enrolment_events", "cap_raises")
                if (m := county.manifest(name))
            ]
        )
    assert versions[0] == versions[1] == [1, 1, 1]


def test_what_was_not_known_yet_does_not_count(county: Workspace, book: Book) -> None:
    count_waiting(county, book, date(2025, 11, 30))
    assert ("P4", 2026) not in table(county, "benefit_waiting", "person_no", "benefit_year")
    assert ("P3", 2026) in table(county, "benefit_waiting", "person_no", "benefit_year"), "refunded only in December"


def test_the_listing_says_how_far_the_records_reach(county: Workspace, book: Book) -> None:
    cases, still = waiting(county, book, date(2026, 3, 1))
    assert any("缴费记录从 2024 年度起" in note for note in cases.notes)
    assert {row[0] for row in still.rows} == {"P2", "P4"}


def test_nothing_can_be_counted_without_contributions(workspace: Workspace, book: Book) -> None:
    with pytest.raises(UserError, match="缴费记录（contributions）还没有数据"):
        reach(workspace)


def test_a_region_without_parameters_writes_nothing(county: Workspace) -> None:
    with pytest.raises(UserError, match=r"enrol\.waiting"):
        count_waiting(county, Book(region("cn-43")), ON)
    assert county.manifest("benefit_waiting") is None

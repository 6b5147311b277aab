"""重复参保: proposals that wait; nothing is deleted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.quality.conftest import Plant
from yibao.enrol.duplicates import decide, listing, propose
from yibao.enrol.keeping import METHODS, KeepRule, Side, keep, one_digit_apart
from yibao.enrol.rules import Book
from yibao.errors import UserError
from yibao.store.workspace import Workspace

ON = date(2025, 12, 31)
METHOD = {
    "employee_employee": "employer",
    "resident_resident": "residence",
    "resident_student": "school",
    "employee_resident": "employee",
    "otherwise": "able_to_pay",
}
RULE = KeepRule(METHOD, 12)
WORKS = Side("R1", "310", "11", date(2023, 1, 1), None, "E1", "990421", "990421001001", 12, 202512)
RESIDES = Side("R2", "390", "15", date(2015, 1, 1), None, None, "990421", "990421001001", 1, 202501)


def test_long_employment_goes_before_residence() -> None:
    assert keep(RULE, WORKS, RESIDES) == ("R1", "职工最近 12 个月里缴费 12 个月，满连续 12 个月：保留职工医保")


def test_short_employment_leaves_the_one_that_can_pay_benefits() -> None:
    kept, why = keep(RULE, replace(WORKS, months=11, pause=date(2025, 1, 31)), RESIDES)
    assert kept == "R2"
    assert why.startswith("职工最近 12 个月里缴费 11 个月，不满连续 12 个月")


def test_two_employers_the_one_that_pays_now() -> None:
    assert keep(RULE, WORKS, replace(WORKS, relation="R3", last_month=202506))[0] == "R1"


def test_two_places_the_one_where_somebody_lives() -> None:
    away = replace(RESIDES, relation="R3", area="990500")
    assert keep(RULE, RESIDES, away)[0] == "R2"
    kept, why = keep(RULE, RESIDES, replace(RESIDES, relation="R3"))
    assert kept is None
    assert "由经办人员核实后决定" in why


def test_a_child_at_school_is_for_a_person_to_decide() -> None:
    kept, why = keep(RULE, replace(RESIDES, category="14"), replace(RESIDES, relation="R3", area="990500"))
    assert kept is None
    assert "学校所在地" in why


SIDES = st.builds(
    Side, st.sampled_from(["R1", "R2"]), st.sampled_from(["310", "390"]), st.sampled_from(["11", "14", "15"]), st.dates(date(2015, 1, 1), ON), st.none() | st.dates(date(2020, 1, 1), ON),
    st.none() | st.just("E1"), st.sampled_from(["990421", "990500"]), st.none() | st.just("990421001001"), st.integers(0, 40),
    st.sampled_from([0, 202501, 202512]),
)  # fmt: skip


@given(SIDES, SIDES, st.lists(st.sampled_from(METHODS), min_size=5, max_size=5))
def test_the_order_of_the_two_does_not_matter(a: Side, b: Side, methods: list[str]) -> None:
    a, b = replace(a, relation="R1"), replace(b, relation="R2")
    rule = KeepRule(dict(zip(METHOD, methods, strict=True)), 12)
    assert keep(rule, a, b) == keep(rule, b, a)
    assert keep(rule, a, b)[0] in ("R1", "R2", None)


def test_numbers_that_are_near() -> None:
    assert one_digit_apart("990421199001011234", "990421199001012236")
    assert not one_digit_apart("990421199001011234", "990421199001022236")
    assert not one_digit_apart("", "990421199001011234")
    assert not one_digit_apart("护照1234567", "护照1234568")


def person(no: str, number: str, name: str = "张三") -> dict[str, Any]:
    return {
        "person_no": no,
        "id_document_type": "01",
        "id_document_no": number,
        "person_name": name,
        "birth_date": date(1990, 1, 1),
        "living_area_code": "990421001001",
    }


def relation(no: str, who: str, insurance: str, start: str, pause: str | None = None, **more: Any) -> dict[str, Any]:
    said = {
        "enrolment_relation_id": no,
        "person_no": who,
        "insurance_type": insurance,
        "enrolment_status": "1",
        "insured_area_code": "990421",
        **more,
    }
    return {
        **said,
        "enrolment_start_date": date.fromisoformat(start),
        "enrolment_pause_date": date.fromisoformat(pause) if pause else None,
    }


@pytest.fixture
def pairs(workspace: Workspace, plant: Plant) -> Workspace:
    plant("persons", [
        person("P1", "990421199001011234"), person("P2", "990421199001011234"), person("P3", "990421199001012236"),
        person("P4", "990421199001011234", "李四"), person("P5", "990421198001011234", "王五"),
    ])  # fmt: skip
    plant("enrolments", [
        relation("R1", "P1", "390", "2020-01-01"), relation("R2", "P2", "310", "2025-01-01", employer_code="E1"), relation("R3", "P3", "390", "2024-01-01"),
        relation("R5", "P5", "390", "2020-01-01", "2024-12-31"), relation("R6", "P5", "310", "2025-01-01"), relation("R7", "P5", "390", "2024-06-01", enrolment_status="0"),
    ])  # fmt: skip
    return workspace


def test_pairs_over_person_numbers_exact_and_near(pairs: Workspace, book: Book) -> None:
    found = {(r["first_relation_id"], r["second_relation_id"]): r for r in propose(pairs, book, ON)}
    assert {pair: r["match_kind"] for pair, r in found.items()} == {
        ("R1", "R2"): "exact",
        ("R1", "R3"): "near",
        ("R2", "R3"): "near",
    }
    assert found["R1", "R3"]["keep_relation_id"] is None, "who is near must be looked at first"
    assert {r["proposal_status"] for r in found.values()} == {"waiting"}
    assert found["R1", "R2"]["overlap_from"] == date(2025, 1, 1)


def test_a_decision_is_kept_and_no_relation_changes(pairs: Workspace, book: Book) -> None:
    relations = pairs.manifest("enrolments")
    number = propose(pairs, book, ON)[0]["proposal_id"]
    decide(pairs, number, "approved", "审批员", ON)
    again = {r["proposal_id"]: r for r in propose(pairs, book, ON)}
    assert (again[number]["proposal_status"], again[number]["decided_by"]) == ("approved", "审批员")
    assert pairs.manifest("enrolments") == relations
    with pytest.raises(UserError, match="已批准"):
        decide(pairs, number, "rejected", "别人", ON)


def test_a_proposal_that_nobody_made_or_signs_is_refused(pairs: Workspace, book: Book) -> None:
    propose(pairs, book, ON)
    with pytest.raises(UserError, match="没有编号为“CF0”的处理建议"):
        decide(pairs, "CF0", "approved", "审批员", ON)
    with pytest.raises(UserError, match="审批人"):
        decide(pairs, "CF0", "approved", "  ", ON)


def test_a_pair_that_is_gone_stays_on_record(pairs: Workspace, plant: Plant, book: Book) -> None:
    propose(pairs, book, ON)
    plant(
        "enrolments",
        [
            relation("R1", "P1", "390", "2020-01-01", "2024-12-31"),
            relation("R2", "P2", "310", "2025-01-01", employer_code="E1"),
        ],
    )
    assert {r["proposal_status"] for r in propose(pairs, book, ON)} == {"gone"}


def test_the_listing_says_why_and_that_nothing_was_deleted(pairs: Workspace, book: Book) -> None:
    propose(pairs, book, ON)
    found = listing(pairs, book, ON)
    assert len(found.rows) == 3
    assert "不改动参保关系" in found.notes[0]
    assert all("990421********" in row[4] for row in found.rows)

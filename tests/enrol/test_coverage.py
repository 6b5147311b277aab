"""参保率 with its denominator; four rosters; 未参保台账."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.store.quality.conftest import Plant
from yibao.enrol.coverage import coverage, groups, rosters
from yibao.errors import UserError
from yibao.store.workspace import Workspace

ON = date(2025, 12, 31)
VILLAGE = "990421001001"


@pytest.fixture
def county(workspace: Workspace, plant: Plant) -> Workspace:
    plant("areas", [
        {"area_code": "990421", "area_name": "县", "area_level": "county"}, {"area_code": "990421001", "area_name": "镇", "area_level": "town"},
        {"area_code": VILLAGE, "area_name": "村", "area_level": "village"},
    ])  # fmt: skip
    people = [("P1", "A"), ("P2", "A"), ("P3", "B"), ("P4", "C"), ("P5", "D")]
    plant("persons", [{"person_no": p, "id_document_no": i, "living_area_code": VILLAGE, "residence_area_code": VILLAGE} for p, i in people[:4]] + [
        {"person_no": "P5", "id_document_no": "D", "birth_date": date(1940, 1, 1), "death_date": date(2025, 5, 1), "living_area_code": VILLAGE}])  # fmt: skip
    plant("enrolments", [
        _relation("R1", "P1"), _relation("R2", "P2", insurance_type="310"), _relation("R3", "P3", enrolment_pause_date=date(2025, 12, 30)), _relation("R5", "P5"),
        _relation("R6", "P4", enrolment_status="0"),
    ])  # fmt: skip
    return workspace


def _relation(no: str, who: str, **more: Any) -> dict[str, Any]:
    return {
        "enrolment_relation_id": no,
        "person_no": who,
        "insurance_type": "390",
        "enrolment_status": "1",
        "enrolment_start_date": date(2020, 1, 1),
        **more,
    }


def _population(plant: Plant) -> None:
    plant(
        "area_population",
        [
            {"area_code": code, "year": 2024, "registered_population": 4, "living_population": 1}
            for code in ("990421", "990421001", VILLAGE)
        ],
    )


def test_a_rate_without_a_denominator_is_not_printed(county: Workspace) -> None:
    whole = coverage(county, ON, None)[0]
    assert [(row[1], row[3]) for row in whole.rows] == [(1, None)] * 3
    assert all("不算参保率" in row[4] for row in whole.rows)
    with pytest.raises(UserError, match="没有分母：人口底数"):
        coverage(county, ON, "户籍")
    with pytest.raises(UserError, match="可写：户籍、常住、应参保"):
        coverage(county, ON, "人口")


def test_people_are_counted_once_by_their_number_against_a_named_denominator(county: Workspace, plant: Plant) -> None:
    _population(plant)
    whole, towns, villages = coverage(county, ON, "户籍")
    assert whole.rows[0][:4] == ("户籍", 1, 4, 2_500)
    assert "人口底数，2024 年末" in whole.rows[0][4]
    assert any("只算一次" in note for note in whole.notes)
    assert [row[2:] for row in (towns.rows[0], villages.rows[0])] == [(1, 1, 0, 4, 2_500)] * 2


def test_more_than_everybody_is_flagged(county: Workspace, plant: Plant) -> None:
    plant(
        "area_population", [{"area_code": "990421", "year": 2024, "registered_population": 4, "living_population": 1}]
    )
    plant("enrolments", [_relation("R1", "P1"), _relation("R3", "P3")])
    assert any("超过 100%" in note for note in coverage(county, ON, None)[0].notes)


def test_those_who_ought_to_be_insured_come_from_a_roster(county: Workspace, plant: Plant) -> None:
    plant(
        "population_rosters", [_listed("due", n, day) for n in "ABC" for day in (date(2025, 6, 1), date(2025, 11, 1))]
    )
    assert coverage(county, ON, "应参保")[0].rows[2][1:] == (1, 3, 3_333, "应参保人员花名册，2025-11-01")


def _listed(kind: str, number: str, day: date = date(2025, 11, 1), **more: Any) -> dict[str, Any]:
    return {
        "roster_kind": kind,
        "roster_date": day,
        "identity_type": "",
        "id_document_no": number,
        "person_name": f"人{number}",
        "area_code": VILLAGE,
        **more,
    }


def test_without_rosters_the_comparison_says_so(county: Workspace) -> None:
    compared, missing = rosters(county, ON)
    assert any("户籍花名册还没有数据" in note for note in compared.notes)
    assert {row[9] for row in missing.rows} == {"平台人员"}


def test_four_rosters_and_who_is_in_none_of_the_insured(county: Workspace, plant: Plant) -> None:
    plant(
        "population_rosters",
        [_listed("registered", n) for n in "ABE"]
        + [_listed("living", n) for n in "BE"]
        + [_listed("living", "F", date(2025, 1, 1))],
    )
    compared, missing = rosters(county, ON)
    assert {row[:5] for row in compared.rows} == {("有", "—", "有", "有", 1), ("有", "有", "—", "—", 2)}
    assert sorted(row[9] for row in missing.rows) == ["平台人员", "户籍、常住", "户籍、常住、平台人员"]
    assert len(missing.rows) == 3, "B and E of the rosters, C of the platform; D died, A is insured"


def test_groups_against_the_platform_and_against_the_offices(county: Workspace, plant: Plant) -> None:
    day = date(2024, 1, 1)
    plant("identities", [
        {"person_no": p, "identity_type": "dibao", "identity_start": day, "issuing_office": o, "list_date": day} for p, o in (("P1", "minzheng"), ("P3", None))
    ])  # fmt: skip
    (platform,) = groups(county, ON)
    assert platform.rows == [("低保对象", 2, 1, 5_000, 1, 1)]
    plant("population_rosters", [_listed("aid", n, identity_type="dibao") for n in "AZ"])
    _, offices = groups(county, ON)
    assert offices.rows == [("低保对象", 2, 1, 5_000, 1)]
    assert "部门名单，2025-11-01" in offices.notes[0]

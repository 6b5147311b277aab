"""The rosters of other offices agree with the people, their relations and their truth; who only looks uninsured is known."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.demo.conftest import Sql
from yibao.demo.settings import COUNTY_CODE, NEIGHBOUR_CODE
from yibao.enrol.coverage import coverage, rosters
from yibao.store.workspace import Workspace

INSURED = """SELECT p.id_document_no FROM enrolments e JOIN persons p USING (person_no)
    WHERE enrolment_start_date <= DATE '2025-10-31' AND (enrolment_pause_date IS NULL OR enrolment_pause_date >= DATE '2025-10-31')
    AND (death_date IS NULL OR death_date > DATE '2025-10-31')"""


def test_three_offices_send_a_roster_each(sql: Sql) -> None:
    found = sql(
        "SELECT roster_kind, issuing_office, CAST(roster_date AS TEXT), count(DISTINCT id_document_no) = count(*) FROM population_rosters GROUP BY 1, 2, 3 ORDER BY 1"
    )
    assert found == [
        ("due", "yibao", "2025-10-31", True),
        ("living", "xiangzhen", "2025-10-31", True),
        ("registered", "gongan", "2025-10-31", True),
    ]


def test_who_ought_to_be_insured_and_is_not_is_the_truth(sql: Sql) -> None:
    missing = sql(
        f"SELECT id_document_no FROM population_rosters WHERE roster_kind = 'due' AND id_document_no NOT IN ({INSURED})"
    )
    planted = sql("SELECT row_key FROM truth_uninsured WHERE label = 'planted'")
    assert len(planted) > 300
    assert sorted(planted) == sorted(missing)


@pytest.mark.parametrize("kind", ["insured_elsewhere", "died", "mistyped"])
def test_near_misses_look_uninsured_and_need_not_be(sql: Sql, kind: str) -> None:
    near = f"SELECT row_key FROM truth_uninsured WHERE label = 'near_miss' AND kind = '{kind}'"
    [(many, on_due, listed, insured)] = sql(f"""
        SELECT count(*), count(*) FILTER (WHERE row_key IN (SELECT id_document_no FROM population_rosters WHERE roster_kind = 'due')),
        count(*) FILTER (WHERE row_key IN (SELECT id_document_no FROM population_rosters)), count(*) FILTER (WHERE row_key IN ({INSURED})) FROM ({near})""")
    assert many > 0
    assert (on_due, listed, insured) == (0, many, 0)


def test_a_mistyped_number_is_nobodys(sql: Sql) -> None:
    assert sql(
        "SELECT count(*) FROM truth_uninsured JOIN persons ON id_document_no = row_key WHERE kind = 'mistyped'"
    ) == [(0,)]


def test_strangers_come_from_the_next_county_and_the_platform_does_not_know_them(sql: Sql) -> None:
    strangers = "SELECT left(id_document_no, 6), count(*) FROM population_rosters WHERE id_document_no NOT IN (SELECT id_document_no FROM persons) GROUP BY 1"
    found = dict(sql(strangers))
    assert set(found) == {NEIGHBOUR_CODE, COUNTY_CODE}
    assert found[COUNTY_CODE] == sql("SELECT count(*) FROM truth_uninsured WHERE kind = 'mistyped'")[0][0]


def test_names_are_those_of_the_platform(sql: Sql) -> None:
    assert sql(
        "SELECT count(*) FROM population_rosters r JOIN persons p USING (id_document_no) WHERE r.person_name <> p.person_name"
    ) == [(0,)]


def test_the_rate_of_those_who_ought_to_be_insured_has_its_denominator(county: Path) -> None:
    """Published rates of such counties lie between 95 and 98 per cent."""
    with Workspace.open(county) as workspace:
        row = coverage(workspace, date(2025, 12, 31), "应参保")[0].rows[2]
        compared, missing = rosters(workspace, date(2025, 12, 31))
    assert row[0] == "应参保"
    assert 9_500 < row[3] < 9_800
    assert row[4] == "应参保人员花名册，2025-10-31"
    assert len(compared.rows) > 6
    assert any("应参保" in line[9] for line in missing.rows)

"""The county looks like the real ones: its size, its hospitals, its bills; and structure stays when people shrink."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.demo.conftest import NOT_TOLD, SCALE, Sql, open_county, small_plan
from yibao.demo.generate import make_county
from yibao.vocabulary.tables import load_tables

CHECK = "10X98765432"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
INSURED = """SELECT count(*) FROM enrolments JOIN persons USING (person_no) WHERE enrolment_status = '1' AND insurance_type = '{}' {}"""


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Sql:
    root = tmp_path_factory.mktemp("tiny")
    make_county(root, small_plan(scale=0.01, years=(2025,), noise=False))
    return open_county(root)


def test_as_many_are_insured(sql: Sql) -> None:
    [(residents,)] = sql(INSURED.format("390", ""))
    employees = dict(
        sql(
            "SELECT person_category, count(*) FROM enrolments WHERE enrolment_status = '1' AND insurance_type = '310' GROUP BY 1"
        )
    )
    insured = residents + sum(employees.values())
    assert insured == pytest.approx(430_100 * SCALE, rel=0.005)
    assert residents / insured == pytest.approx(0.92, abs=0.003)
    assert employees["12"] / employees["11"] == pytest.approx(1.02, abs=0.04)


def test_thirty_hospitals_in_three_levels_among_four_hundred(sql: Sql) -> None:
    levels = dict(sql("SELECT hospital_level, count(*) FROM providers WHERE is_dip GROUP BY 1"))
    assert levels == {"3": 1, "2": 6, "1": 23}
    assert sql("SELECT count(*) FROM providers") == [(400,)]
    assert sql("SELECT area_level, count(*) FROM areas GROUP BY 1 ORDER BY 1") == [
        ("county", 1),
        ("town", 16),
        ("village", 240),
    ]


@pytest.mark.parametrize("year", [2022, 2023, 2024, 2025])
def test_twelve_hospitals_have_two_hundred_stays_a_year(sql: Sql, tiny: Sql, year: int) -> None:
    text = f"SELECT count(*) FROM (SELECT provider_code FROM visits JOIN providers USING (provider_code) WHERE care_type = '21' AND is_dip AND year(discharge_time) = {year} GROUP BY 1 HAVING count(*) >= 200)"
    for county in (sql, tiny):
        assert county(text)[0][0] >= 12


def test_the_mean_bill_and_its_levels(sql: Sql) -> None:
    """Small hospitals weigh more in a small county; there the mean is lower (test_the_county_at_a_larger_scale)."""
    found = dict(
        sql(
            "SELECT p.hospital_level, avg(total_fee) / 100 FROM settlements JOIN providers p USING (provider_code) WHERE care_type = '21' AND is_dip AND benefit_year = 2025 GROUP BY 1"
        )
    )
    assert found["1"] == pytest.approx(1_950, rel=0.12)
    assert found["2"] == pytest.approx(4_450, rel=0.12)
    assert found["3"] == pytest.approx(8_000, rel=0.15)


def test_lines_and_visits_in_proportion(sql: Sql) -> None:
    [(visits,)] = sql("SELECT count(*) FROM visits WHERE care_type <> '21' AND year(admission_time) = 2025")
    [(lines,)] = sql("SELECT count(*) FROM fee_lines WHERE year(service_time) = 2025")
    assert visits / SCALE == pytest.approx(1_500_000, rel=0.10)
    assert 6_000_000 < lines / SCALE < 12_500_000  # at scale 1 the hospitals' floor of stays is gone
    assert sql("SELECT count(DISTINCT month(service_time)) FROM fee_lines WHERE year(service_time) = 2025") == [(12,)]


def test_winter_is_the_season(sql: Sql) -> None:
    winter, summer = (
        sql(
            f"SELECT count(*) FROM visits JOIN visit_diagnoses USING (visit_id) WHERE diagnosis_code LIKE 'J%' AND is_principal_diagnosis AND month(discharge_time) IN ({months}) AND care_type = '21'"
        )[0][0]
        for months in ("12, 1, 2", "6, 7, 8")
    )
    assert winter > 1.15 * summer


@pytest.mark.slow
def test_the_county_at_a_larger_scale(tmp_path: Path) -> None:
    make_county(tmp_path, small_plan(scale=0.3, years=(2025,)))
    sql = open_county(tmp_path)
    [(stays, mean)] = sql(
        "SELECT count(*), avg(total_fee) / 100 FROM settlements JOIN providers USING (provider_code) WHERE care_type = '21' AND is_dip AND benefit_year = 2025"
    )
    assert stays == pytest.approx(58_862 * 0.3, rel=0.002)
    assert mean == pytest.approx(4_304, rel=0.03)
    [(lines,)] = sql("SELECT count(*) FROM fee_lines")
    assert 6_000_000 < lines / 0.3 < 10_500_000


def test_identity_numbers_belong_to_no_place_and_are_valid(sql: Sql) -> None:
    for number, birth, sex in sql("SELECT id_document_no, strftime(birth_date, '%Y%m%d'), sex_code FROM persons"):
        assert re.fullmatch(r"99\d{15}[\dX]", number)
        assert number[6:14] == birth
        assert int(number[16]) % 2 == int(sex) % 2
        assert CHECK[sum(int(d) * w for d, w in zip(number, WEIGHTS, strict=False)) % 11] == number[17]
    assert sql("SELECT count(DISTINCT id_document_no) = count(*) FROM persons") == [(True,)]


def test_item_codes_have_the_right_shape(sql: Sql) -> None:
    shapes = {
        "western": r"X.{22}",
        "tcm_patent": r"Z.{19}",
        "tcm_piece": r"T\d{9}",
        "service": r"00\d{13}",
        "consumable": r"C.{19}",
    }
    for code, kind in sql("SELECT national_item_code, catalogue_type FROM catalogue_items"):
        assert re.fullmatch(shapes[kind], code)


def test_diagnoses_fit_the_person(sql: Sql) -> None:
    men = sql(
        "SELECT count(*) FROM visit_diagnoses JOIN visits USING (visit_id) JOIN persons USING (person_no) WHERE sex_code = '1' AND care_type = '21' AND diagnosis_code LIKE 'O%'"
    )
    assert men == [(0,)]


def test_illnesses_have_official_codes(sql: Sql, shared: Path) -> None:
    for table, column, name, file in (
        ("visit_diagnoses", "diagnosis_code", "diagnosis_name", "icd10_yb2_names.dat"),
        ("visit_operations", "operation_code", "operation_name", "icd9cm3_yb2_names.dat"),
    ):
        lines = (shared / "reference" / file).read_text(encoding="utf-8").splitlines()
        known = dict(line.split(" ", 1) for line in lines if line)
        for code, said in sql(f"SELECT DISTINCT {column}, {name} FROM {table}"):
            assert known[code] == said


def test_noise_is_there_and_can_be_left_out(sql: Sql, tiny: Sql) -> None:
    blemishes = {
        "unmapped": "SELECT count(*) FROM fee_lines WHERE national_item_code IS NULL",
        "no side": "SELECT count(*) FROM fee_lines WHERE body_side IS NULL AND provider_item_name LIKE '关节%动训练'",
        "late refunds": "SELECT count(*) FROM fee_lines JOIN visits USING (visit_id) WHERE care_type = '21' AND quantity < 0 AND service_time > discharge_time",
        "clocks": """SELECT count(*) FROM (SELECT s.provider_code, abs(median(epoch(p.sold_time) - epoch(s.settlement_time))) AS skew
                     FROM pharmacy_sales p JOIN settlements s USING (settlement_id) GROUP BY 1 HAVING count(*) >= 3) WHERE skew > 180""",
        "enrolled twice": "SELECT count(*) FROM (SELECT person_no FROM enrolments WHERE enrolment_status = '1' GROUP BY 1 HAVING count(*) > 1)",
    }
    for what, text in blemishes.items():
        assert sql(text)[0][0] > 0, what
        assert tiny(text)[0][0] == 0, what


def test_every_table_that_the_county_can_know_is_there(county: Path) -> None:
    told = {folder.name for folder in (county / "tables").iterdir()}
    assert set(load_tables().tables) - told == NOT_TOLD

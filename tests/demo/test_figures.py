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


BILL = "SELECT {}, avg(total_fee) / 100 FROM settlements JOIN providers p USING (provider_code) WHERE care_type = '21' AND is_dip GROUP BY 1"


def test_the_mean_bill_is_the_same_at_every_scale(sql: Sql, tiny: Sql) -> None:
    """Small hospitals weigh more in a small county; the case mix is told so."""
    for county in (sql, tiny):
        by_year = dict(county(BILL.format("benefit_year")))
        assert sum(by_year.values()) / len(by_year) == pytest.approx(4_304, rel=0.02)
        assert all(mean == pytest.approx(4_304, rel=0.05) for mean in by_year.values())


def test_a_bill_is_dearer_in_a_larger_hospital(sql: Sql) -> None:
    found = dict(sql(BILL.format("p.hospital_level")))
    assert found["1"] == pytest.approx(2_350, rel=0.12)
    assert found["2"] == pytest.approx(5_250, rel=0.12)
    assert found["3"] == pytest.approx(9_800, rel=0.15)


BUDGET = """SELECT sum(CASE direction WHEN 'income' THEN budget_amount ELSE -budget_amount END) / sum(budget_amount) FILTER (WHERE direction = 'income')
    FROM fund_budgets WHERE fund = '{}' AND budget_stage = 'final'"""


def test_the_funds_are_near_balance(sql: Sql) -> None:
    """Published years save a few percent of their income, or spend a few more (seeds 000 and 003)."""
    for fund, least, most in (("resident", -0.06, 0.10), ("employee", -0.05, 0.12), ("medical_aid", -0.05, 0.08)):
        [(saved,)] = sql(BUDGET.format(fund))
        assert least < saved < most, fund


def test_medical_aid_and_critical_illness_have_their_share(sql: Sql) -> None:
    """Aid for a county of this size was 21 million yuan, 28 % of it for contributions (seed 001); critical illness 6 to 9 % of the residents' fund."""
    aid, contributions, critical, resident = (
        sql(
            f"SELECT sum(budget_amount) / 2e8 / {SCALE} FROM fund_budgets WHERE budget_stage = 'final' AND direction = 'expense' AND {where}"
        )[0][0]
        for where in (
            "fund = 'medical_aid'",
            "income_item = '资助参保支出'",
            "income_item = '大病保险支出'",
            "fund = 'resident'",
        )
    )
    assert aid == pytest.approx(21, rel=0.30)
    assert 0.18 < contributions / aid < 0.38
    assert 0.04 < critical / resident < 0.10


def test_some_die_in_hospital(sql: Sql) -> None:
    [(deaths, in_hospital)] = sql("""
        SELECT count(*), count(*) FILTER (WHERE person_no IN (SELECT person_no FROM visits WHERE discharge_way = '5')) FROM persons WHERE death_date IS NOT NULL""")
    assert 0.07 < in_hospital / deaths < 0.20
    assert sql(
        "SELECT count(*) FROM visits JOIN persons USING (person_no) WHERE discharge_way = '5' AND death_date <> CAST(discharge_time AS DATE)"
    ) == [(0,)]


def test_the_poor_are_in_hospital_more_often(sql: Sql) -> None:
    [(share,)] = sql(
        "SELECT avg((person_no IN (SELECT person_no FROM identities))::INT) FROM visits WHERE care_type = '21'"
    )
    assert 0.14 < share < 0.28


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


def test_illnesses_of_the_newborn_befall_the_newborn(sql: Sql) -> None:
    ages = sql("""
        SELECT date_diff('day', birth_date, CAST(admission_time AS DATE)), newborn_birth_weight_g, diagnosis_code FROM visits JOIN persons USING (person_no)
        JOIN visit_diagnoses USING (visit_id) WHERE care_type = '21' AND is_principal_diagnosis AND left(diagnosis_code, 3) IN ('P07', 'P23', 'P59')""")
    assert len(ages) > 50
    assert sum(age <= 28 for age, _, _ in ages) > 0.85 * len(ages)
    for age, weight, code in ages:
        assert (weight is not None) == (age <= 28)
        assert weight is None or (1_500 <= weight < 2_500) == (code == "P07.101")


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
    assert 6_000_000 < lines / 0.3 < 10_000_000


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

"""Who has no claim on the day the stay begins is paid nothing; what the platform paid anyway is told once. Incentives raise the cap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from tests.demo.conftest import small_plan
from yibao.demo.generate import make_county
from yibao.region.benefits.resolve import Benefits
from yibao.region.pack import Pack
from yibao.region.packs import region
from yibao.settle.payables import write_payables
from yibao.settle.run import collect_bills, settle_year
from yibao.settle.split_stays import STEPS, split_stays
from yibao.settle.verify import differences
from yibao.store.manifest import Produced
from yibao.store.schema import arrow_schema
from yibao.store.workspace import Workspace

YEAR = 2025
BY_HAND = Produced(command="by hand")
ONE_STAY = """SELECT b.person_no, b.bill_id, b.stay_start_date FROM bills AS b JOIN settlements AS s ON s.settlement_id = b.bill_id
WHERE b.benefit_year = 2025 AND b.insurance_type = '390' AND b.care_type = '21' AND s.pool_fund_pay > 0 AND NOT s.is_reversal ORDER BY b.bill_id NULLS LAST LIMIT 1"""


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    root: Path = tmp_path_factory.mktemp("claims") / "county"
    make_county(root, small_plan(scale=0.01, years=(YEAR,)))
    with Workspace.open(root) as opened:
        yield opened


@pytest.fixture(scope="module")
def benefits() -> Benefits:
    return Benefits(region("cn-9904"))


def _waiting(county: Workspace, person: str, starts: date) -> None:
    table = county.table("benefit_waiting")
    row = {
        "person_no": person, "benefit_year": YEAR, "paid_date": date(YEAR, 1, 2), "is_in_window": False, "broken_years": 0,
        "repaired_years": 0, "waiting_exemption": None, "waiting_months": 3, "benefit_start_date": starts, "rule_source": "试",
    }  # fmt: skip
    county.write("benefit_waiting", pa.Table.from_pylist([row], schema=arrow_schema(table)), BY_HAND)


def test_a_stay_that_begins_while_waiting_is_paid_nothing_and_told_once(county: Workspace, benefits: Benefits) -> None:
    collect_bills(county, benefits.pack, YEAR)
    before = differences(county, benefits, YEAR).read_all().num_rows
    [stay] = county.query(ONE_STAY).read_all().to_pylist()
    _waiting(county, stay["person_no"], stay["stay_start_date"] + timedelta(days=1))
    settle_year(county, benefits, YEAR)
    found = [
        row
        for row in differences(county, benefits, YEAR).read_all().to_pylist()
        if row["difference_step"] == "eligibility"
    ]
    [told] = [row for row in found if row["settlement_id"] == stay["bill_id"]]
    assert told["difference_cause"] == "not_enrolled"
    assert told["computed_amount"] == 0 < told["reported_amount"] == told["difference_amount"]
    ours = "SELECT c.fund_pay_total, c.cash_pay, c.total_fee FROM computed_settlements AS c WHERE c.bill_id = $bill"
    [row] = county.query(ours, bill=stay["bill_id"]).read_all().to_pylist()
    assert row["fund_pay_total"] == 0
    assert row["cash_pay"] == row["total_fee"]
    _waiting(county, stay["person_no"], date(YEAR - 1, 1, 1))
    collect_bills(county, benefits.pack, YEAR)
    assert differences(county, benefits, YEAR).read_all().num_rows == before


def test_incentives_reach_the_bills(county: Workspace, benefits: Benefits) -> None:
    [stay] = county.query(ONE_STAY).read_all().to_pylist()
    row = {
        "person_no": stay["person_no"],
        "benefit_year": YEAR,
        "continuous_years": 6,
        "original_cap": 40_000_000,
        "cap_raise": 600_000,
        "rule_source": "试",
    }
    county.write("cap_raises", pa.Table.from_pylist([row], schema=arrow_schema(county.table("cap_raises"))), BY_HAND)
    collect_bills(county, benefits.pack, YEAR)
    rows = county.query("SELECT b.person_no, b.cap_raise FROM bills AS b").read_all().to_pylist()
    assert {row["cap_raise"] for row in rows if row["person_no"] == stay["person_no"]} == {600_000}
    assert {row["cap_raise"] for row in rows if row["person_no"] != stay["person_no"]} == {0}


def test_a_stay_across_the_year_end_is_one_bill_for_each_year_where_the_region_says_so(
    county: Workspace, benefits: Benefits
) -> None:
    whole = [collect_bills(county, benefits.pack, year).sums["total_fee"] for year in (YEAR,)][-1]
    held = dict(benefits.pack.parameters)
    for key in [name for name in held if name.endswith(".inpatient.year_end")]:
        held[key] = tuple(value.model_copy(update={"value": "split_by_days"}) for value in held[key])
    split = replace(benefits.pack, parameters=held)
    manifest = collect_bills(county, split, YEAR)
    crossing = "SELECT s.settlement_id, s.total_fee, s.stay_start_date, s.stay_end_date FROM settlements AS s WHERE s.benefit_year = 2025 AND YEAR(s.stay_start_date) < 2025 AND s.care_type = '21'"
    before = county.query(crossing).read_all().to_pylist()
    assert before
    assert manifest.sums["total_fee"] < whole
    collect_bills(county, split, YEAR - 1)
    rows = (
        county.query("SELECT b.bill_id, b.benefit_year, b.continues, b.total_fee, b.policy_date FROM bills AS b")
        .read_all()
        .to_pylist()
    )
    for stay in before:
        parts = sorted(
            (row for row in rows if row["bill_id"].startswith(stay["settlement_id"] + "#")),
            key=lambda row: row["benefit_year"],
        )
        assert [part["benefit_year"] for part in parts] == [2024, 2025]
        assert sum(part["total_fee"] for part in parts) == stay["total_fee"]
        assert parts[0]["policy_date"] == date(2024, 12, 31)
        assert parts[1]["continues"] == "mid_stay"
    collect_bills(county, benefits.pack, YEAR)


def test_an_epidemic_is_a_diagnosis_of_its_time_and_is_paid_for_later(county: Workspace, benefits: Benefits) -> None:
    collect_bills(county, benefits.pack, YEAR)
    [stay] = county.query(ONE_STAY).read_all().to_pylist()
    of = "SELECT d.diagnosis_code FROM visit_diagnoses AS d JOIN bills AS b ON b.visit_id = d.visit_id WHERE b.bill_id = $bill AND d.is_principal_diagnosis"
    code = county.query(of, bill=stay["bill_id"]).read_all()["diagnosis_code"][0].as_py()
    [days] = benefits.pack.parameters["payable.later.days"]
    held = {"epidemic.diagnoses": (days.model_copy(update={"valid_from": stay["stay_start_date"], "value": [code]}),)}
    pack = replace(benefits.pack, parameters={**benefits.pack.parameters, **held})
    collect_bills(county, pack, YEAR)
    flagged = "SELECT b.bill_id, b.stay_start_date FROM bills AS b WHERE b.is_epidemic"
    rows = county.query(flagged).read_all().to_pylist()
    assert stay["bill_id"] in {row["bill_id"] for row in rows}
    assert min(row["stay_start_date"] for row in rows) == stay["stay_start_date"]
    write_payables(county, pack, YEAR)
    cash = "SELECT p.due_date, p.payable_status, p.service_month FROM payables AS p WHERE p.bill_id = $bill AND p.owing = 'cash'"
    [owed] = county.query(cash, bill=stay["bill_id"]).read_all().to_pylist()
    assert owed["payable_status"] == "open"
    assert owed["due_date"] > stay["stay_start_date"] + timedelta(days=90)
    collect_bills(county, benefits.pack, YEAR)


def _split(pack: Pack) -> Pack:
    held = dict(pack.parameters)
    for key in [name for name in held if name.endswith(".inpatient.year_end")]:
        held[key] = tuple(value.model_copy(update={"value": "split_by_days"}) for value in held[key])
    return replace(pack, parameters=held)


_STEP_COLUMNS = dict(STEPS)


def test_the_parts_of_a_split_stay_are_held_against_the_platforms_one_number(
    county: Workspace, benefits: Benefits
) -> None:
    rules = Benefits(_split(benefits.pack))
    collect_bills(county, rules.pack, YEAR)
    whole = split_stays(county, rules, YEAR)
    assert whole.compared > 0
    rows = whole.differences.to_pylist()
    assert rows, "the platform of the example region settles whole stays"
    assert {row["difference_cause"] for row in rows} == {"split_sum"}
    assert all(row["reported_amount"] - row["computed_amount"] == row["difference_amount"] != 0 for row in rows)
    before = county.query("SELECT s.* FROM settlements AS s").read_all()
    corrected = before.to_pylist()
    for settlement in corrected:
        for row in rows:
            if row["settlement_id"] == settlement["settlement_id"]:
                settlement[_STEP_COLUMNS[row["difference_step"]]] = row["computed_amount"]
                settlement["fund_pay_total"] -= row["difference_amount"]
                settlement["person_burden_total"] += row["difference_amount"]
                settlement["cash_pay"] += row["difference_amount"]
    county.write("settlements", pa.Table.from_pylist(corrected, schema=before.schema), BY_HAND)
    again = split_stays(county, rules, YEAR)
    assert (again.compared, again.differences.num_rows) == (whole.compared, 0)
    county.write("settlements", before, BY_HAND)
    unsaid = {key: values for key, values in rules.pack.parameters.items() if not key.endswith(".inpatient.caps")}
    without = split_stays(county, Benefits(replace(rules.pack, parameters=unsaid)), YEAR)
    assert (without.compared, without.left_out, without.differences.num_rows) == (0, whole.compared, 0)
    assert without.key.endswith(".inpatient.caps")
    collect_bills(county, benefits.pack, YEAR)
    assert split_stays(county, benefits, YEAR).compared == 0

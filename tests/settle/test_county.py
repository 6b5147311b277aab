"""The demo county's platform, held against the rules: every planted deviation at its step, nothing else; two engines, one result."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.demo.conftest import small_plan
from tests.store.parity.conftest import ABSENT
from yibao.demo.generate import make_county
from yibao.errors import UserError
from yibao.region.benefits.resolve import Benefits
from yibao.region.packs import region
from yibao.settle.batches import FUND_COLUMNS
from yibao.settle.run import collect_bills, settle_year, settled
from yibao.settle.verify import differences, misclassified
from yibao.store.workspace import Workspace

YEARS = (2022, 2023, 2024, 2025)
#: where a deviation of the platform shows, and what explains it
SHOWS = {
    "ratio_of_last_year": ({"pool"}, "other_date"),
    "deductible_in_full": ({"deductible"}, "deductible_nth"),
    "identity_missed": ({"critical_illness", "medical_aid"}, "identity"),
    "rounded_down": ({"pool", "large_amount"}, "rounding"),
}
SAME = ("deductible_paid", *FUND_COLUMNS.values(), "fund_pay_total", "account_pay", "cash_pay", "person_burden_total")


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    root = tmp_path_factory.mktemp("settled") / "county"
    make_county(root, small_plan(scale=0.03))
    with Workspace.open(root) as opened:
        yield opened


@pytest.fixture(scope="module")
def benefits() -> Benefits:
    return Benefits(region("cn-9904"))


@pytest.fixture(scope="module")
def told(county: Workspace, benefits: Benefits) -> list[dict[str, Any]]:
    found = []
    for year in YEARS:
        collect_bills(county, benefits.pack, year)
        found += differences(county, benefits, year).read_all().to_pylist()
    return found


@pytest.fixture(scope="module")
def truth(county: Workspace) -> dict[str, str]:
    rows = pq.read_table(county.path / "truth/platform_deviations.parquet").to_pylist()
    return {row["settlement_id"]: row["deviation"] for row in rows}


def test_every_deviation_is_found_and_none_invented(told: list[dict[str, Any]], truth: dict[str, str]) -> None:
    assert {row["settlement_id"] for row in told} == set(truth)
    assert len(truth) > 20
    assert set(truth.values()) == set(SHOWS)


def test_each_is_told_at_its_step_with_its_cause(told: list[dict[str, Any]], truth: dict[str, str]) -> None:
    for row in told:
        steps, cause = SHOWS[truth[row["settlement_id"]]]
        assert row["difference_step"] in steps, (truth[row["settlement_id"]], row)
        assert row["difference_cause"] == cause, (truth[row["settlement_id"]], row)
        assert row["difference_amount"] == row["reported_amount"] - row["computed_amount"] != 0


def test_no_line_is_misclassified(county: Workspace, told: list[dict[str, Any]]) -> None:
    assert misclassified(county, region("cn-9904"), 2025) == 0


def test_people_without_a_deviation_are_settled_as_reported(
    county: Workspace, benefits: Benefits, told: list[dict[str, Any]]
) -> None:
    settle_year(county, benefits, 2025)
    unlike = " OR ".join(f"s.{name} <> c.{name}" for name in SAME)
    rows = county.query(
        f"SELECT c.person_no, ({unlike}) AS is_unlike FROM computed_settlements AS c "
        "JOIN settlements AS s ON s.settlement_id = c.bill_id WHERE c.benefit_year = 2025"
    ).read_all()
    assert rows.num_rows > 30_000
    wronged = {row["person_no"] for row in told if row["benefit_year"] == 2025}
    assert {row["person_no"] for row in rows.to_pylist() if row["is_unlike"]} == wronged


@pytest.mark.xdist_group("spark")
@pytest.mark.skipif(bool(ABSENT), reason=f"engine parity is not tested here: no {' and no '.join(ABSENT)}")
def test_both_engines_settle_alike(county: Workspace, benefits: Benefits) -> None:
    ours = settle_year(county, benefits, 2024).content
    with Workspace.open(county.path, engine="spark") as theirs:
        assert settle_year(theirs, benefits, 2024).content == ours


def test_a_region_without_rules_is_refused_by_name(county: Workspace) -> None:
    with pytest.raises(UserError, match=r"identity\.order|resident\.|employee\."):
        settled(county, Benefits(region("cn-4309")), 2025).read_all()

"""The texts of enrolment over a small county's rows: the same on both engines, and each of them finds something."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pytest

from tests.store.parity.test_parity import assert_equal
from yibao.cli import run
from yibao.demo.generate import make_county
from yibao.demo.plants import SHIPPED, read_plants
from yibao.demo.settings import Plan
from yibao.store.sql.text import load_texts
from yibao.store.workspace import Workspace

pytestmark = [pytest.mark.xdist_group("spark"), pytest.mark.slow]

ON = dt.date(2025, 12, 31)
SAID: dict[str, Any] = {
    "on_day": ON, "known_on": ON, "last_day": ON, "first_day": dt.date(2025, 1, 1), "day_before": dt.date(2024, 12, 31), "year": 2025, "on_year": 2025,
    "year_before": 2024, "month": 202503, "day": 31, "standard": 39_999, "least": 1, "most": 12, "basis": "living", "id_document_no": "x",
    "floor": 200_000, "ceiling": 3_000_000, "own": 200, "flexible": 0, "half": 0, "retired": "assessed", "amount": 0, "share": 0, "since": 202401,
    "by_month": True,
}  # fmt: skip
#: what comes with a call
GIVEN: dict[str, dict[str, pa.Table]] = {
    "account_credits": {
        "months": pa.table({"contribution_month": [202503], "first_day": [dt.date(2025, 3, 1)], "last_day": [dt.date(2025, 3, 31)]}),
        "age_bands": pa.table({"from_age": [-1], "below_age": [1_000], "employer_share": [0]}),
    },
    "account_sharing_unproven": {
        "relatives": pa.table({"kinship": ["spouse"], "first_day": [dt.date(2025, 1, 1)], "last_day": [ON]}),
    },
}  # fmt: skip
#: what the demo county has no rows for: the offices' lists, identities without a list, a number shared by two people, balances that break
EMPTY = {
    "coverage_of_aid_roster",
    "unproven_identities",
    "persons_by_number",
    "account_steps",
}


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    root = tmp_path_factory.mktemp("county")
    make_county(root, Plan(seed=1, scale=0.004, years=(2024, 2025), plants=read_plants(SHIPPED, 2025)))
    for command in ("waiting", "incentive", "duplicates"):
        assert run(["enrol", command, "--workspace", str(root), "--on", "2025-12-31"]) == 0
    with Workspace.open(root) as opened:
        yield opened


@pytest.mark.parametrize("name", load_texts("yibao.enrol"))
def test_both_engines_find_the_same(county: Workspace, spark: Workspace, name: str) -> None:
    text = load_texts("yibao.enrol")[name]
    who = county.query(
        "SELECT MIN(i.person_no) AS who FROM identities i JOIN settlements s ON s.person_no = i.person_no JOIN benefit_waiting w ON w.person_no = i.person_no"
    )
    said = {**SAID, "who": who.read_all()["who"][0].as_py()}
    values = {name: said[name] for name in text.takes}
    if text.name == "ages":
        values["month"] = 12
    if text.name == "still_waiting":
        values["on_day"] = dt.date(2025, 5, 1)
    found = assert_equal(county, Workspace.open(county.path, engine="spark"), text, GIVEN.get(name), **values)
    assert (found.num_rows == 0) == (name in EMPTY)

"""The texts of watching over a small county's rows: the same on both engines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from tests.store.parity.test_parity import assert_equal
from yibao.demo.generate import make_county
from yibao.demo.plants import SHIPPED, read_plants
from yibao.demo.settings import Plan
from yibao.dip.watch.texts import TEXTS, table
from yibao.store.workspace import Workspace

pytestmark = [pytest.mark.xdist_group("spark"), pytest.mark.slow]

DAYS = {"first_day": dt.date(2025, 1, 1), "last_day": dt.date(2025, 12, 31)}
SAID: dict[str, Any] = {**DAYS, "year": 2025, "window": 30, "whose": "city"}


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    root = tmp_path_factory.mktemp("county")
    make_county(root, Plan(seed=1, scale=0.004, years=(2025,), plants=read_plants(SHIPPED, 2025)))
    with Workspace.open(root) as opened:
        yield opened


@pytest.mark.parametrize("name", TEXTS)
def test_both_engines_find_the_same(county: Workspace, spark: Workspace, name: str) -> None:
    text = TEXTS[name]
    stays = table(county, "watched_stays", **DAYS)
    columns = {
        "visit_id": stays["visit_id"], "person_no": stays["person_no"], "provider_code": stays["provider_code"], "category": stays["category"],
        "dip_group_code": stays["category"], "admitted": pc.cast(stays["admission_time"], pa.date32()), "discharged": pc.cast(stays["discharge_time"], pa.date32()), "is_open": pc.invert(stays["is_planned"]),
    }  # fmt: skip
    if name == "readmissions":
        columns["discharged"] = stays["discharge_time"]
    given = {which: pa.table({c: columns[c] for c in shape}) for which, shape in text.given.items()} or None
    found = assert_equal(county, Workspace.open(county.path, engine="spark"), text, given, **{n: SAID[n] for n in text.takes})  # fmt: skip
    assert found.num_rows or name not in ("watched_stays", "results", "cleared", "fee_shares", "readmissions")

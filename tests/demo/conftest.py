"""A small county, made once, of several blocks of people; its tables as views of DuckDB."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from yibao.demo import people
from yibao.demo.generate import make_county
from yibao.demo.plants import SHIPPED, read_plants
from yibao.demo.settings import Plan

SCALE, YEARS = 0.05, (2024, 2025)
BLOCK = 9_000  #: people: three blocks at this scale
#: tables that the county does not tell: other offices list them, or a domain computes them
NOT_TOLD = frozenset({
    "figures", "findings", "cases", "enrolment_duplicates", "benefit_waiting", "enrolment_events", "cap_raises",
    "bills", "computed_settlements", "settlement_differences", "live_settlements", "closed_years", "resettlements", "payables", "dip_groupings",
    "dip_special_cases", "computed_dip_openings", "computed_dip_cases", "computed_dip_months", "computed_dip_values",
    "computed_dip_clearing", "computed_dip_bonuses", "computed_dip_points", "computed_dip_sharings", "dip_new_technologies", "dip_ratings", "dip_reserves", "dip_payables", "dip_sheet_rows", "dip_sheet_totals", "dip_indicators", "dip_indicator_stays", "dip_list_faults", "dip_differences",
})  # fmt: skip
Sql = Callable[[str], list[tuple[Any, ...]]]


def small_plan(**changes: Any) -> Plan:
    years = changes.get("years", YEARS)
    return Plan(**{"seed": 7, "scale": SCALE, "years": years, "plants": read_plants(SHIPPED, years[-1]), **changes})


def open_county(root: Path) -> Sql:
    connection = duckdb.connect()
    for folder in sorted((root / "tables").iterdir()):
        connection.execute(f"CREATE VIEW {folder.name} AS SELECT * FROM read_parquet('{folder}/files/*.parquet')")
    for file in sorted((root / "truth").glob("*.parquet")):
        connection.execute(f"CREATE VIEW truth_{file.stem} AS SELECT * FROM read_parquet('{file}')")
    return lambda text: connection.sql(text).fetchall()


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("county")
    patch = pytest.MonkeyPatch()
    patch.setattr(people, "BLOCK", BLOCK)
    make_county(root, small_plan())
    patch.undo()
    return root


@pytest.fixture(scope="session")
def sql(county: Path) -> Sql:
    return open_county(county)

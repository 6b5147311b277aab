"""`yibao dip watch` over the demo county: whoever was planted is first among its peers, at two seeds, with nothing tuned to it."""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.demo.conftest import small_plan
from yibao.demo.catalogue import read_data
from yibao.demo.generate import make_county
from yibao.dip.choose import Choice
from yibao.dip.grouping.group import Grouper
from yibao.dip.grouping.run import group_year
from yibao.dip.importing.catalogue import import_pack
from yibao.dip.importing.rows import Wanted
from yibao.dip.packing import load_pack
from yibao.dip.watch.year import Watched, watch_year
from yibao.region.packs import region
from yibao.store.workspace import Workspace

UPCODER, SICKER, SPLITTER = "H99042100002", "H99042100005", "H99042100007"
GROUPS = """SELECT g.dip_group_code, g.dip_layer, g.principal_diagnosis, g.operation_expression, g.dip_group_name, g.treatment_kind, g.base_score, g.group_mean_cost
FROM dip_groups AS g WHERE g.pack_version = '2.0-2025'"""


@pytest.fixture(scope="module", params=[7, 11])
def watched(request: pytest.FixtureRequest, county: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Watched, Path]]:  # fmt: skip
    """The year 2025 of a county, grouped by a pack made of the city's own catalogue."""
    root = tmp_path_factory.mktemp("watched")
    if request.param == 7:
        shutil.copytree(county, root / "w", copy_function=os.link)  # files are written once, versions change by rename
    else:
        make_county(root / "w", small_plan(years=(2025,), seed=request.param))
    with Workspace.open(root / "w") as workspace:
        group_year(workspace, Choice((_grouper(workspace, root),), "cn-990421"), 2025)
        yield watch_year(workspace, region("cn-990421"), 2025), root / "w"


def _grouper(workspace: Workspace, folder: Path) -> Grouper:
    groups = folder / "groups.tsv"
    rows = [
        (r["dip_group_code"], r["dip_layer"], r["principal_diagnosis"], r["operation_expression"] or "", r["dip_group_name"], r["treatment_kind"] if r["dip_layer"] == "comprehensive" else "", r["base_score"] / 1_000_000, r["group_mean_cost"] / 100)
        for r in workspace.query(GROUPS).read_all().to_pylist()
    ]  # fmt: skip
    _table(groups, ("seq", "layer", "principal_dx", "proc_expr", "name", "kind", "score", "mean_cost"), rows)
    kinds = folder / "kinds.tsv"
    _table(kinds, ("code", "kind"), [(r["operation_code"], r["kind"]) for r in read_data("operations.csv")])
    import_pack(Wanted(groups, "2.0", {"kinds": kinds}), folder / "pack")
    return Grouper(load_pack(folder / "pack"))


def _table(path: Path, names: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter="\t").writerows([names, *rows])


def first_of(w: Watched, indicator: str, level: str) -> str:
    """Who stands first at a level."""
    hits = [r for r in w.handed.indicators if (r["dip_indicator"], r["hospital_level"], r["peer_rank"]) == (indicator, level, 1)]  # fmt: skip
    return str(hits[0]["provider_code"])


def planted(root: Path, behaviour: str) -> set[str]:
    rows = pq.read_table(root / "truth" / f"{behaviour}.parquet").to_pylist()
    return {r["row_key"] for r in rows if r["label"] == "planted"}


def test_the_upcoding_hospital_is_first(watched: tuple[Watched, Path]) -> None:
    """Its score is above, its costs below what its peers have; where patients really are sicker, costs are not."""
    w, root = watched
    assert first_of(w, "high_score", "2") == UPCODER
    costs = {r["provider_code"]: r["peer_rank"] for r in w.handed.indicators if r["dip_indicator"] == "thin_cost" and not r["diagnosis_category"]}  # fmt: skip
    assert costs[UPCODER] <= 2
    listed = {r["visit_id"] for r in w.handed.stays if r["dip_indicator"] == "high_score" and r["provider_code"] == UPCODER}  # fmt: skip
    upcoded = planted(root, "upcoding")
    assert len(listed & upcoded) > 0.5 * len(upcoded)  # some have no peer of their age and illness
    thin = [r for r in w.handed.indicators if r["dip_indicator"] == "thin_cost" and r["provider_code"] == SICKER and not r["diagnosis_category"]]  # fmt: skip
    assert thin[0]["standardised_excess"] < 1_000_000


def test_the_splitting_hospital_is_first(watched: tuple[Watched, Path]) -> None:
    w, root = watched
    assert first_of(w, "readmission_same", "2") == SPLITTER
    again = {r["related_visit_id"] for r in w.handed.stays if r["dip_indicator"] == "readmission_same"}
    assert len(again & planted(root, "split_stay")) > 0.9 * len(again) > 0


def test_the_books_agree(watched: tuple[Watched, Path]) -> None:
    """Every stay of the city's results is in a line; what is due to the hospitals is the city's fund."""
    w, root = watched
    with Workspace.open(root) as workspace:
        fund = workspace.query("SELECT CAST(SUM(p.dip_fund) AS BIGINT) AS fund FROM dip_point_values AS p WHERE p.service_year = 2025").read_all()["fund"][0].as_py()  # fmt: skip
        results = workspace.manifest("dip_results")
    assert results is not None
    assert sum(line.cases for line in w.balance.lines) == results.rows
    assert sum(line.due or 0 for line in w.balance.lines) == fund
    assert w.balance.without_due == ()
    assert w.changes.cost is not None
    assert sum(w.changes.cost.parts.values()) == w.changes.cost.difference

"""The catalogue that `yibao dip build` makes from the county's three years, beside the one that the city sent: two programs that share no code.

They differ in one rule only, and only where it bites: a combination with a related operation that makes it hardly dearer belongs to
the combination without it (guide §4.2), also where it is rare; the city's script puts rare ones into a 综合 cell.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.demo.conftest import Sql
from yibao.demo.catalogue import read_data
from yibao.dip.build.combine import Cell
from yibao.dip.build.groups import cell_code, group_code
from yibao.dip.build.run import Built, Wanted, build_year
from yibao.dip.build.stays import category
from yibao.dip.choose import Choice
from yibao.dip.grouping.group import Grouper
from yibao.dip.grouping.run import grouped_stays
from yibao.dip.pack import Pack
from yibao.dip.packing import load_pack
from yibao.dip.settings import KIND_NAMES, KINDS
from yibao.store.workspace import Workspace

YEAR = 2025
COLUMNS = "dip_group_code, dip_layer, treatment_kind, principal_diagnosis, operation_expression, base_score, group_mean_cost, case_count"


@pytest.fixture(scope="module")
def workspace(county: Path) -> Iterator[Workspace]:
    """The county's tables as a workspace; nothing is written to it."""
    with Workspace.open(county) as opened:
        yield opened


@pytest.fixture(scope="module")
def built(workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("catalogue")
    kinds = folder / "kinds.tsv"
    rows = [f"{row['operation_code']}\t{KIND_NAMES[row['kind']]}\t" for row in read_data("operations.csv")]
    kinds.write_text("\n".join(["编码\t治疗方式\t手术级别", *rows]) + "\n", encoding="utf-8")
    return build_year(workspace, Wanted(YEAR, folder / "pack", files={"kinds": kinds}))


@pytest.fixture(scope="module")
def sent(sql: Sql) -> dict[str, tuple[Any, ...]]:
    rows = sql(f"SELECT {COLUMNS} FROM dip_groups WHERE pack_version = '2.0-{YEAR}'")
    return {code: (layer, kind, key, operations or "", score, mean, count) for code, layer, kind, key, operations, score, mean, count in rows}  # fmt: skip


def ours(built: Built) -> dict[str, tuple[Any, ...]]:
    """The pack's files in the columns of dip_groups."""
    assert built.out is not None
    tables = [list(csv.DictReader((built.out / f"{name}.tsv").read_text(encoding="utf-8").splitlines(), delimiter="\t")) for name in ("groups", "scores")]  # fmt: skip
    scores = {row["seq"]: row for row in tables[1]}
    return {
        row["seq"]: (
            row["layer"], row["kind"], row["principal_dx"], row["proc_expr"], int(Decimal(scores[row["seq"]]["score"]) * 1_000_000),
            int(Decimal(scores[row["seq"]]["mean_cost"]) * 100), int(scores[row["seq"]]["count"]),
        )
        for row in tables[0]
    }  # fmt: skip


def touched(built: Built) -> set[str]:
    """Groups that a merged related operation adds to, and the cells that it leaves."""
    kinds = {row["operation_code"]: KINDS.index(row["kind"]) for row in read_data("operations.csv")}
    found = set()
    for one in built.catalogue.combined.related:
        if not one.own:
            cell = cell_code(Cell(category(one.stem), max(kinds[code] for code in one.operations)))
            found |= {group_code(one.stem, one.without), cell}
    return found


def test_groups_means_scores_and_counts_are_those_of_the_city(built: Built, sent: dict[str, tuple[Any, ...]]) -> None:
    mine, allowed = ours(built), touched(built)
    different = {code for code in mine.keys() | sent.keys() if mine.get(code) != sent.get(code)}
    assert different <= allowed
    assert len(sent) > 120
    assert len(allowed) <= 4


def test_what_differs_is_explained_to_the_stay(built: Built, sent: dict[str, tuple[Any, ...]]) -> None:
    """The merged stays are all that one side has more in one place and less in the other."""
    mine = ours(built)
    merged = sum(one.stays for one in built.catalogue.combined.related if not one.own)
    more = sum(max(row[-1] - sent.get(code, (0,))[-1], 0) for code, row in mine.items())
    assert more == sum(max(row[-1] - mine.get(code, (0,))[-1], 0) for code, row in sent.items()) == merged
    assert sum(row[-1] for row in mine.values()) == sum(row[-1] for row in sent.values())


def test_the_region_mean_is_that_of_the_city(built: Built, sql: Sql) -> None:
    [(mean,)] = sql("SELECT DISTINCT region_mean_cost FROM dip_point_values")
    assert round(built.catalogue.region.mean) == mean


def test_stays_of_the_three_years_are_grouped_where_they_were_counted(built: Built, workspace: Workspace) -> None:
    """But those that have the operations of two groups: the rule of choice decides for one of them."""
    assert built.out is not None
    pack = load_pack(built.out)
    choice = Choice((Grouper(_undated(pack)),))
    rows = grouped_stays(workspace, choice, date(YEAR - 3, 1, 1), date(YEAR - 1, 12, 31))
    sql = "SELECT p.provider_code FROM providers AS p WHERE p.is_dip"
    paid = set(workspace.query(sql).read_all()["provider_code"].to_pylist())
    grouped = [row["dip_group_code"] for row in rows.read_all().to_pylist() if row["provider_code"] in paid]
    counted = {row.code: row.measure.stays for row in built.catalogue.rows}
    assert len(grouped) == sum(counted.values())
    assert None not in grouped
    moved = sum(abs(grouped.count(code) - number) for code, number in counted.items()) // 2
    assert moved <= len(grouped) // 200


def _undated(pack: Pack) -> Pack:
    return replace(pack, manifest=pack.manifest.model_copy(update={"valid_from": None, "valid_to": None}))

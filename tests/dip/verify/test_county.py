"""Every row that the demo county plants is found with its cause and its points, and nothing else; also of other draws."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from scripts.hold_dip_verification import CAUSES, main

from tests.demo.conftest import small_plan
from tests.dip.verify.conftest import REGION
from yibao.demo.generate import make_county
from yibao.dip.verify.listed import Named, pot
from yibao.dip.verify.pot import put_right
from yibao.dip.verify.run import Verified, verify, verify_sheets, write
from yibao.dip.verify.sheets import Sheets, latest_year, read_sheets
from yibao.errors import UserError
from yibao.region.pack import Pack
from yibao.region.packs import region
from yibao.store.workspace import Workspace
from yibao.vocabulary.tables import load_tables


def truth_of(county: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(county / "truth" / "dip_deviations.parquet").to_pylist()
    return rows


def found_in(verified: Verified) -> set[tuple[str, str, str]]:
    return {(one.sheet, one.key, one.cause) for one in verified.found.differences}


def planted_in(county: Path) -> set[tuple[str, str, str]]:
    return {(row["table_name"], row["row_key"], CAUSES[row["deviation"]]) for row in truth_of(county)}


@pytest.fixture(scope="module")
def verified(sheets: Sheets, terms: Pack) -> Verified:
    return verify_sheets(sheets, terms)


def test_every_planted_row_is_found_with_its_cause_and_nothing_else(verified: Verified, dip_county: Path) -> None:
    assert found_in(verified) == planted_in(dip_county)
    assert len(verified.found.differences) == len(truth_of(dip_county))


def test_every_check_ran(verified: Verified) -> None:
    of_files = {"同一行只在一份文件里出现一次", "各文件的合计行等于各行之和"}  # the county was not imported from files
    assert {one.name for one in verified.found.checks if one.reason} == of_files


def test_points_and_amounts_are_those_of_the_truth(verified: Verified, dip_county: Path) -> None:
    effects = {one.key: one.effect for one in verified.found.differences}
    for row in truth_of(dip_county):
        beyond = row["wrong_amount"] - row["right_amount"]
        if row["right_points"] is not None:
            assert int(verified.own_points[row["row_key"]] * 1_000_000) == row["right_points"]
            assert effects[row["row_key"]] == beyond
        else:
            kept_back = row["column_name"] == "quality_deposit"
            assert abs((effects[row["row_key"]] or 0) - (-beyond if kept_back else beyond)) <= 1


def test_what_the_pot_gives_is_the_fund_whatever_the_points(verified: Verified) -> None:
    parts = list(put_right(verified))
    assert parts
    for insurance in {part.insurance for part in parts}:
        mine = [part for part in parts if part.insurance == insurance]
        assert abs(sum(part.due for part in mine) - sum(part.own_due for part in mine)) <= len(mine)
    assert any(part.own_due != part.due and part.own_points == part.points for part in parts)


def test_points_of_the_pot_are_numbers_that_a_sheet_can_add(verified: Verified, sheets: Sheets) -> None:
    shared = pot(verified, Named(load_tables(), verified))
    assert shared is not None
    assert [kind for name, kind in shared.headings if name.endswith("点数")] == ["decimal", "decimal"]
    told = {part.insurance for part in put_right(verified)}
    assert sum(row[2] for row in shared.rows) == sum(
        row["dip_points"] for row in sheets.clearing if row["insurance_type"] in told
    )


@pytest.mark.parametrize(("seed", "scale"), [(11, 0.03), (29, 0.08)])
def test_another_draw(tmp_path: Path, seed: int, scale: float) -> None:
    make_county(tmp_path / "county", small_plan(seed=seed, scale=scale, years=(2025,)))
    with Workspace.open(tmp_path / "county") as workspace:
        found = verify(workspace, region(REGION), [], 2025)
    assert found_in(found) == planted_in(tmp_path / "county")


def test_the_differences_are_a_table_and_the_script_holds_them_against_the_truth(dip_county: Path) -> None:
    with Workspace.open(dip_county) as workspace:
        assert latest_year(workspace) == 2025
        first = write(workspace, verify(workspace, region(REGION), [], 2025))
        again = write(workspace, verify(workspace, region(REGION), [], 2025))
        rows = workspace.query("SELECT d.* FROM dip_differences AS d").read_all().to_pylist()
    assert first.version == again.version
    assert {(row["dip_sheet"], row["sheet_row_key"], row["dip_cause"]) for row in rows} == planted_in(dip_county)
    assert main([str(dip_county), str(dip_county)]) == 0


def test_without_catalogue_and_terms_the_sheets_arithmetic_is_left(sheets: Sheets, dip_county: Path) -> None:
    bare = Sheets(2025, sheets.results, sheets.months, sheets.values, sheets.clearing)
    found = verify_sheets(bare, None)
    told = {name for name, *_ in planted_in(dip_county)} - {"dip_results"}
    assert {one for one in found_in(found) if one[0] in told} == {
        one for one in planted_in(dip_county) if one[0] in told
    }
    of_stays = {one for one in found_in(found) if one[0] == "dip_results"}
    assert of_stays <= {one for one in planted_in(dip_county) if one[0] == "dip_results"}
    assert {cause for *_, cause in of_stays} == {"band", "coefficient", "pack"}
    reasons = {one.name: one.reason for one in found.found.checks if one.reason}
    assert reasons["逐个病例的分组与分值"].startswith("没有统筹区的病种目录")
    assert reasons["机构系数与参数相同"] == "没有地区包"


def test_the_monthly_sheet_alone(sheets: Sheets, dip_county: Path) -> None:
    found = verify_sheets(Sheets(2025, months=sheets.months), None)
    assert found_in(found) == {one for one in planted_in(dip_county) if one[0] == "dip_monthly"}
    reasons = {one.name: one.reason for one in found.found.checks}
    assert reasons["月预结算为分组结果之和"] == "没有分组结果"
    assert reasons["实拨 = 应付 − 保证金"] == ""


def test_without_our_hospitals_the_price_is_at_the_coefficient_of_the_sheet(sheets: Sheets, verified: Verified) -> None:
    bare = Sheets(2025, sheets.results, sheets.months, sheets.values, sheets.clearing, sheets.groups)
    found = verify_sheets(bare, region(REGION))
    assert found_in(found) == found_in(verified)
    prices = {one.key: one.effect for one in verified.found.differences if one.step == "group"}
    assert prices
    assert {one.key: one.effect for one in found.found.differences if one.step == "group"} == prices


def test_a_year_without_anything_is_refused(dip_county: Path) -> None:
    with Workspace.open(dip_county) as workspace, pytest.raises(UserError, match="2019 年"):
        read_sheets(workspace, 2019)

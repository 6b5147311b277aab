"""Two workspaces side by side: equal ones agree, one changed fen or word is told."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from yibao.cli import run
from yibao.demo.compare import compare
from yibao.store.workspace import Workspace


@pytest.fixture(scope="module")
def copy(county: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("copy") / "county"
    shutil.copytree(county, target)
    return target


def change(root: Path, table: str, column: str, values: pa.Array) -> None:
    with Workspace.open(root) as workspace:
        rows = workspace.query(f"SELECT {', '.join(workspace.table(table).by_name)} FROM {table}").read_all()
        changed = rows.set_column(rows.schema.names.index(column), column, values)
        workspace.write(table, changed, workspace.produced("test"))


def test_a_county_agrees_with_itself(county: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = list(compare(county, county, ["duckdb"]))
    assert len(found) > 40
    assert all(table.agrees and table.same_rows for table in found)


def test_one_fen_and_one_word_are_told(county: Path, copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Workspace.open(copy) as workspace:
        budgets = workspace.query("SELECT budget_amount FROM fund_budgets").read_all()["budget_amount"]
        names = workspace.query("SELECT area_name FROM areas").read_all()["area_name"]
    change(copy, "fund_budgets", "budget_amount", pc.add(budgets, 1).combine_chunks())
    change(copy, "areas", "area_name", pc.binary_join_element_wise(names, "村", "").combine_chunks())
    told = {c.table.name: (c.agrees, c.same_rows) for c in compare(county, copy, ["duckdb"])}
    assert told.pop("fund_budgets") == (False, False)
    assert told.pop("areas") == (True, False)
    assert set(told.values()) == {(True, True)}
    assert run(["demo", "compare", str(county), str(copy)]) == 1
    out, err = capsys.readouterr()
    assert "基金预算（fund_budgets） 甲 duckdb" in out
    assert "行政区划（areas）：行数和合计一致，但有的行内容不同" in out
    assert "2 张不一致" in err

"""`yibao enrol` over a small invented county, as a clerk runs it."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from yibao.cli import run
from yibao.commands.enrol import SUBCOMMANDS
from yibao.demo.generate import make_county
from yibao.demo.plants import SHIPPED, read_plants
from yibao.demo.settings import Plan
from yibao.store.workspace import Workspace

Says = pytest.CaptureFixture[str]
PERSON = "9904000000000002"


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("county")
    make_county(root, Plan(seed=1, scale=0.006, years=(2024, 2025), plants=read_plants(SHIPPED, 2025)))
    return root


def ask(county: Path, *said: str) -> int:
    return run(["enrol", *said, "--workspace", str(county)])


def test_one_page_with_denominators(county: Path, capsys: Says) -> None:
    assert ask(county) == 0
    said = capsys.readouterr().out
    assert "参保率（户籍）" in said
    assert "人口底数，2025 年末" in said
    assert "应参保人员花名册" in said, "a denominator that is missing is named"
    assert "统计日：2025-12-31" in said
    assert "未能计算" not in said


@pytest.mark.parametrize("command", [name for name in SUBCOMMANDS if name != "person"])
def test_each_command_tells_its_day_and_source(county: Path, capsys: Says, tmp_path: Path, command: str) -> None:
    assert ask(county, command, "--on", "2025-12-31", "--out", str(tmp_path)) == 0
    said = capsys.readouterr().out
    assert "统计日：2025-12-31" in said
    assert "来源：" in said
    (path,) = tmp_path.glob("*-2025-12-31.xlsx")
    assert len(load_workbook(path).sheetnames) >= 1


def test_what_the_county_says(county: Path) -> None:
    """The lists hold against the rows: nobody is in two of them, nobody is lost."""
    assert ask(county, "waiting", "--on", "2025-12-31") == 0
    with Workspace.open(county) as workspace:
        sql = """SELECT COUNT(*) AS n, COUNT(DISTINCT person_no) AS people FROM benefit_waiting WHERE benefit_year = 2025"""
        waiting = workspace.query(sql).read_all().to_pylist()[0]
        paid = workspace.query(
            "SELECT COUNT(DISTINCT person_no) AS people FROM contributions WHERE insurance_type = '390' AND benefit_year = 2025"
        )
        assert waiting["n"] == waiting["people"] == paid.read_all()["people"][0].as_py()
        late = workspace.query(
            "SELECT MIN(waiting_months) AS least FROM benefit_waiting WHERE NOT is_in_window AND waiting_exemption IS NULL"
        )
        assert late.read_all()["least"][0].as_py() == 3


def test_every_account_of_the_county_agrees_to_the_fen(county: Path, capsys: Says) -> None:
    """What the example region's notices owe is what the county credits, and every balance rolls forward."""
    assert ask(county, "accounts", "--year", "2025", "--on", "2025-12-31") == 0
    said = capsys.readouterr().out
    assert "应划入与已划入不符（0 人月）" in said
    assert "人中断开 0 人" in said
    assert "滚存：0 人中" not in said
    assert "202501      退休" in said


def test_a_person_in_time(county: Path, capsys: Says) -> None:
    assert ask(county, "person", PERSON) == 0
    said = capsys.readouterr().out
    lines = [line.split()[0] for line in said.splitlines() if line.startswith("  ") and line[2:4] in ("19", "20")]
    assert lines == sorted(lines)
    assert "缴费" in said
    assert "********" in said


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (("person", "nobody"), "没有人员编号为“nobody”的人"),
        (("person", "'; DROP TABLE persons --"), "没有人员编号"),
        (("coverage", "--on", "2025-13-01"), "--on 应写成 2025-12-31 的样子"),
        (("coverage", "--basis", "人口"), "没有“人口”这种口径"),
        (("coverage", "--basis", "应参保", "--on", "2024-12-31"), "没有分母"),
        (("levy", "--year", "20x5"), "--year 应是一个年度"),
        (("levy", "--year", "2010"), "没有 2010-01-01 有效的参数"),
        (("duplicates", "--approve", "CF0", "--by", "某人"), "没有编号为“CF0”的处理建议"),
        (("duplicates", "--approve", "A", "--reject", "B"), "一次只能写一个"),
        (("nonsense",), "没有"),
    ],
)
def test_what_is_wrong_is_one_chinese_sentence(
    county: Path, capsys: Says, said: tuple[str, ...], sentence: str
) -> None:
    assert ask(county, *said) == 2
    captured = capsys.readouterr()
    assert sentence in captured.err.replace("\n", "")
    assert "Traceback" not in captured.err


def test_an_empty_workspace_says_what_to_import(tmp_path: Path, capsys: Says) -> None:
    assert run(["init", str(tmp_path / "new"), "--region", "cn-990421"]) == 0
    assert ask(tmp_path / "new") == 2
    assert "人员、参保关系、缴费记录还没有数据" in capsys.readouterr().err
    assert ask(tmp_path / "new", "coverage") == 0, "the tables are empty, and it says so"
    assert "还没有数据" in capsys.readouterr().out


def test_a_real_region_without_documents_is_refused_by_the_name_of_the_key(
    county: Path, tmp_path: Path, capsys: Says
) -> None:
    settings = county / "yibao.yaml"
    before = settings.read_text(encoding="utf-8")
    settings.write_text(before.replace("cn-990421", "cn-4309"), encoding="utf-8")
    try:
        assert ask(county, "aid") == 2
        assert "参数 enrol." in capsys.readouterr().err.replace("\n", "")
        assert ask(county, "structure") == 0, "what needs no parameter is told"
    finally:
        settings.write_text(before, encoding="utf-8")

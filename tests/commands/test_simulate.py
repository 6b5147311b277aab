"""`yibao simulate` and `yibao policy infer`, as a clerk meets them: what they print, what they write, and what they refuse."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.demo.conftest import small_plan
from yibao.cli import run
from yibao.demo.generate import make_county

HALF = ["--from", "2025-07-01"]
RATE = ["--set", "resident.inpatient.rate.level2=0.75"]


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> str:
    root = tmp_path_factory.mktemp("told") / "county"
    make_county(root, small_plan(scale=0.01))
    return str(root)


def test_a_simulation_says_what_it_assumes_and_what_its_figures_are_sums_of(
    county: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(["simulate", *RATE, *HALF, "--workspace", county, "--out", str(tmp_path / "out")]) == 0
    said = capsys.readouterr().out
    assert "假设：居民·住院·支付比例（二级）：现为 0.74，改为 0.75" in said
    assert "假定就医行为不变" in said
    assert "六、DIP 应付" in said
    assert "没有这一年的 DIP 病例点数" in said
    assert "没有写入任何标准表" in said
    assert said.count("口径：") == 10
    for heading in ("一、基金支出", "二、个人负担", "按乡镇看", "四、对个人影响最大的单据", "五、基金可支付月数"):
        assert heading in said
    book = load_workbook(tmp_path / "out" / "政策测算.xlsx")
    funds = book["基金支出"]
    rows = {row[1]: row for row in funds.iter_rows(values_only=True) if row[0]}
    assert isinstance(rows["统筹基金"][2], int | float)  # a number that can be added up
    assert len(book.sheetnames) == 11


def test_a_sweep_draws_what_it_lists(county: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    asked = ["--sweep", "resident.inpatient.rate.level2=0.73:0.75:0.01", *HALF]
    assert run(["simulate", *asked, "--workspace", county, "--out", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert [word for word in ("73%", "74%（现行）", "75%") if word in said] == ["73%", "74%（现行）", "75%"]
    page = (tmp_path / "政策测算.html").read_text(encoding="utf-8")
    assert "<svg" in page
    assert "74%（现行）" in page
    assert (tmp_path / "政策测算.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "政策测算.svg").exists()


def test_the_same_simulation_writes_the_same_bytes(county: str, tmp_path: Path) -> None:
    for name in ("a", "b"):
        assert run(["simulate", *RATE, *HALF, "--workspace", county, "--out", str(tmp_path / name)]) == 0
    assert (tmp_path / "a" / "政策测算.xlsx").read_bytes() == (tmp_path / "b" / "政策测算.xlsx").read_bytes()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "请写明假设和执行日期"),
        (RATE, "请写明假设和执行日期"),
        ([*RATE, "--from", "七月"], "--from 应是日期"),
        (["--set", "resident.inpatient.rat.level2=1", *HALF], "是不是“rate”？"),
        (["--set", "resident.inpatient.rate.level2=75", *HALF], "百分之 75 写成 0.75"),
        ([*RATE, *HALF, "--year", "2024"], "算不出变动"),
        (["--sweep", "resident.inpatient.rate=0.7", *HALF], "起:止:步长"),
        (["--sweep", "resident.inpatient.rate=a:b:c", *HALF], "rate=a:b:c”应写成"),
        (["--sweep", "resident.inpatient.rate=nan:nan:nan", *HALF], "起:止:步长"),
        (["--set", "resident.inpatient.year_end=split_by_days", *HALF], "规定单据怎样分段"),
        ([*RATE, *HALF, "--pack", "cn-4306"], "岳阳市"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    county: str, words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["simulate", *words, "--workspace", county]) == 2
    caught = capsys.readouterr()
    assert said in caught.err
    assert len(caught.err.strip().splitlines()) == 1
    assert "Traceback" not in caught.err


def test_inferred_rules_are_printed_and_written_as_a_pack(
    county: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(["policy", "infer", "2025", "--workspace", county, "--out", str(tmp_path / "pack")]) == 0
    said = capsys.readouterr().out
    assert "不能用来结算" in said
    assert "三、例外" in said
    text = (tmp_path / "pack" / "benefits.yaml").read_text(encoding="utf-8")
    assert "status: inferred" in text
    assert "status: inferred" in (tmp_path / "pack" / "pack.yaml").read_text(encoding="utf-8")
    assert run(["policy", "infer", "2025", "--workspace", county, "--out", str(tmp_path / "pack")]) == 2
    assert "不是空的" in capsys.readouterr().err

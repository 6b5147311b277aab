"""Words that name an older year: warned of where they may be meant, refused where they cannot be."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from yibao import cli
from yibao.appraise.leftovers import older_years

YEAR = Path(__file__).resolve().parents[2] / "examples" / "yiyang-2025"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("2024年基金平稳运行", [2024]),
        ("2023年末参保人数稳定", [2023]),
        ("比2024年有所增长", []),
        ("自2020年10月1日起实行市级统筹", []),
        ("单位2019年成立", []),
        ("结转2024年资金", []),
        ("{dept.balance:决算@2024}", []),
        ("2025年基金平稳运行", []),
    ],
)
def test_an_older_year_in_a_clause(words: str, found: list[int]) -> None:
    assert [old for _, old in older_years(words, 2025)] == found


@pytest.fixture
def year(tmp_path: Path) -> Path:
    shutil.copytree(YEAR / "figures", tmp_path / "年" / "figures")
    return tmp_path / "年"


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_a_form_and_a_text_are_warned_of(year: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(year / "figures" / "指标" / "整体支出.yaml", "目标: 稳步推进", "目标: 2024年稳步推进")
    change(year / "figures" / "单位.yaml", "落实过紧日子要求", "2024年度落实过紧日子要求")
    cli.run(["appraise", str(year), "--draft"])
    err = capsys.readouterr().err
    assert "“指标/整体支出.yaml”：“2024年稳步推进”还写着 2024 年，评价的是 2025 年度" in err
    assert "“单位.yaml”的厉行节约保障措施：“2024年度落实过紧日子要求”还写着 2024 年" in err


def test_a_form_titled_with_another_year_blocks(year: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(year / "figures" / "指标" / "整体支出.yaml", "名称: 2025年度", "名称: 2024年度")
    assert cli.run(["appraise", str(year)]) == 1
    assert "写着 2024 年，评价的是 2025 年度，请改正" in capsys.readouterr().out


def test_an_own_account_of_last_year_blocks(year: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(year / "figures" / "文字" / "基金管理.md", "全市", "本单位2024年度无国有资本经营预算支出。全市")
    assert cli.run(["appraise", str(year)]) == 1
    assert "文字/基金管理.md 第 1 行：“本单位2024年度无国有资本经营预算支出”写的是 2024 年" in capsys.readouterr().out


def test_a_text_that_may_mean_last_year_is_told(year: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (year / "figures" / "文字" / "公开.md").write_text("2024年报告已公开。", encoding="utf-8")
    assert cli.run(["appraise", str(year)]) == 0
    assert "“2024年报告已公开”还写着 2024 年，评价的是 2025 年度" in capsys.readouterr().err

"""`yibao appraise`: what a clerk reads, and the exit code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.appraise.filled import SHEET, changed, folder, more
from yibao import cli

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("COLUMNS", "140")

    def go(*args: str) -> tuple[int, str, str]:
        code = cli.run(["appraise", *args])
        out, err = capsys.readouterr()
        return code, out, err

    return go


def test_it_prints_the_sheet_and_ends_well(run: Run, tmp_path: Path) -> None:
    code, out, err = run(str(folder(tmp_path)))
    assert code == 0
    assert "附件2-整体支出绩效自评表.xlsx" in err
    assert "总分 100 分，得分 99.23 分，等次：优" in out
    assert "财预〔2020〕10号" in out
    assert "填报的数没有互相矛盾的地方。" in out
    assert "2025年 " not in out.partition("没有妨碍公开的问题。")[2]


def test_a_missing_reason_ends_with_one(run: Run, tmp_path: Path) -> None:
    sheet = changed(SHEET, "  偏差原因及改进措施: 一个项目转入下年\n", "")
    code, out, _ = run(str(folder(tmp_path, sheet=sheet)))
    assert code == 1
    assert "缺少偏差原因" in out
    assert "补上之前不能公开" in out


def test_a_contradiction_ends_with_two_and_nothing_on_standard_output(run: Run, tmp_path: Path) -> None:
    data = more("dept.funds.total: {数值: 590, 单位: 万元, 口径: 年初预算}")
    code, out, err = run(str(folder(tmp_path, data=data)))
    assert (code, out) == (2, "")
    assert "矛盾还没有取舍" in err


def test_a_choice_is_printed_with_its_reason(run: Run, tmp_path: Path) -> None:
    data = more("dept.funds.total: {数值: 590, 单位: 万元, 口径: 年初预算}")
    choices = "取舍:\n  - {矛盾: 2025年 年度资金总额 年初预算, 取: 600万元, 理由: 批复文件}\n"
    code, out, _ = run(str(folder(tmp_path, data=data, choices=choices)))
    assert code == 0
    assert "取：600万元。理由：批复文件" in out


def test_figures_without_a_sheet_are_checked_all_the_same(run: Run, tmp_path: Path) -> None:
    code, out, _ = run(str(folder(tmp_path, sheet=None)))
    assert code == 0
    assert "还没有自评表" in out


def test_new_writes_a_folder_to_fill_in(run: Run, tmp_path: Path) -> None:
    code, _, err = run("new", str(tmp_path / "甲"))
    assert code == 0
    assert "待填的文件" in err
    code, out, err = run(str(tmp_path / "甲"))
    assert (code, out) == (2, "")
    assert "【待填】" in err


@pytest.mark.parametrize("args", [(), ("new",), ("甲", "乙"), ("new", "甲", "乙")])
def test_misuse_is_told_in_one_sentence(run: Run, args: tuple[str, ...]) -> None:
    code, _, err = run(*args)
    assert code == 2
    assert "用法：yibao appraise 文件夹" in err


def test_markup_in_a_name_is_printed_as_it_stands(run: Run, tmp_path: Path) -> None:
    sheet = changed(SHEET, "三级: 参保人数", "三级: '[red]参保人数[/red]'")
    code, out, _ = run(str(folder(tmp_path, sheet=sheet)))
    assert code == 0
    assert "[red]参保人数[/red]" in out

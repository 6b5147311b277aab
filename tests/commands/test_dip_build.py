"""`yibao dip build` and `yibao dip compare` as they are typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.dip.build.conftest import folder, kinds, make
from yibao.cli import run

__all__ = ["folder", "kinds", "make"]  # fixtures


def test_a_catalogue_is_built_shown_and_compared(folder: Path, kinds: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    place, one, other = ["--workspace", str(folder)], str(tmp_path / "A"), str(tmp_path / "B")
    assert run(["dip", "build", "2025", *place, "--kinds", str(kinds), "--threshold", "6", "--out", one]) == 0
    said = capsys.readouterr().out
    assert "2025 年病种目录：2022–2024 年的住院" in said
    assert "核心病种（含基层病种）按例数不少于 6：4 个，54 例，占 94.74%。" in said
    assert f"yibao dip group --pack {one}" in said
    book = load_workbook(tmp_path / "A" / "report.xlsx")
    assert {"清洗", "覆盖", "稳定性", "级别倒挂", "机构系数", "辅助分型", "病种"} <= set(book.sheetnames)
    assert run(["dip", "pack", "show", one]) == 0
    assert run(["dip", "group", *place, "--pack", one, "--year", "2025"]) == 0
    assert run(["dip", "build", "2025", *place, "--kinds", str(kinds), "--coverage", "0.5", "--edition", "3.0", "--out", other]) == 0  # fmt: skip
    capsys.readouterr()
    assert run(["dip", "compare", one, other, "--year", "2025", *place, "--out", str(tmp_path)]) == 0
    assert "各机构的点数、金额得失" in capsys.readouterr().out
    assert "机构得失" in load_workbook(tmp_path / "DIP方案比较.xlsx").sheetnames


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["dip", "build"], "请写明付费年度"),
        (["dip", "build", "2025", "--coverage", "most"], "--coverage 应是一个比例"),
        (["dip", "build", "2025", "--edition", "4.0"], "没有“4.0”这个版本"),
        (["dip", "build", "2025", "--national", "nowhere"], "不是分组方案包"),
        (["dip", "build", "2025", "--kinds", "nowhere.tsv"], "nowhere.tsv"),
        (["dip", "compare", "example-1.0"], "请写明两个分组方案包和年度"),
        (["dip", "compare", "example-1.0", "nowhere", "--year", "2025"], "不是分组方案包"),
    ],
)
def test_what_is_refused_in_one_sentence(folder: Path, command: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    assert run([*command, "--workspace", str(folder)]) == 2
    told = capsys.readouterr()
    assert said in told.err
    assert "Traceback" not in told.err

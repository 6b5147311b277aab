"""A command line that is written wrongly: one Chinese sentence, and where to look."""

from __future__ import annotations

import pytest

from yibao.cli import run


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["demo", "county"], "没有写“文件夹”。用 yibao demo county --help 查看用法。"),
        (["demo", "compare", "甲"], "没有写“工作区乙”。用 yibao demo compare --help 查看用法。"),
        (["demo", "nothing"], "没有“nothing”这个命令。用 yibao demo --help 查看用法。"),
        (["demo", "county", "甲", "乙"], "多写了“乙”。用 yibao demo county --help 查看用法。"),
        (["demo", "county", "甲", "--nope"], "没有“--nope”这个选项。用 yibao demo county --help 查看用法。"),
        (["policy", "infer", "去年"], "“年度”应是一个整数。用 yibao policy infer --help 查看用法。"),
        (["simulate", "--year", "x"], "“--year”应是一个整数。用 yibao simulate --help 查看用法。"),
        (["history", "--key"], "选项“--key”后面缺少内容，或写法不对。用 yibao history --help 查看用法。"),
    ],
)
def test_it_is_told_in_chinese(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(words) == 2
    assert capsys.readouterr().err.strip() == said

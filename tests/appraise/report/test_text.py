"""The bureau's own Markdown: paragraphs, lists, bold, quotes; everything else is refused with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.appraise.filled import folder
from yibao.appraise.appraisal import appraise
from yibao.appraise.report.computed import Rounding
from yibao.appraise.report.text import OwnText, read_text, stale, told
from yibao.appraise.report.voice import Voice
from yibao.errors import UserError


def own(tmp_path: Path, text: str | bytes) -> OwnText:
    path = tmp_path / "问题.md"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_text(path, "文字/问题.md")


def paragraphs(tmp_path: Path, text: str) -> list[str]:
    made = appraise(folder(tmp_path))
    spoken = told(own(tmp_path, text), Voice(made, Rounding(), made.sheets[0]))
    return [f"{p.item}.{p.text}" if p.item else p.text for p in spoken]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一段\n接着写。\n\n另一段", ["一段接着写。", "另一段"]),
        ("1. 甲\n2. 乙\n- 丙", ["1.甲", "2.乙", "丙"]),
        ("在职{dept.staff.in_post}，{年度}年", ["在职18人，2025年"]),
        ("\ufeff有 BOM\r\n换行", ["有 BOM换行"]),
        ("a DIP\nplan", ["a DIP plan"]),
        ("2. 从二开始\n   缩进接着写", ["2.从二开始缩进接着写"]),
        ("", []),
    ],
)
def test_what_is_allowed(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert paragraphs(tmp_path, text) == expected


def test_bold_stays_bold(tmp_path: Path) -> None:
    made = appraise(folder(tmp_path))
    (paragraph,) = told(own(tmp_path, "**在职{dept.staff.in_post}。**其余"), Voice(made, Rounding(), made.sheets[0]))
    assert [(run.text, run.bold) for run in paragraph.runs] == [
        ("在职", True),
        ("18人", True),
        ("。", True),
        ("其余", False),
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("甲\n\n# 标题", 3),
        ("| 甲 | 乙 |", 1),
        ("甲\n![图](a.png)", 2),
        ("[链接](http://a.b)", 1),
        ("<script>alert(1)</script>", 1),
        ("<!-- 注 -->", 1),
        ("```\ncode", 1),
        ("甲\n---", 2),
        ("甲\x00乙", 1),
        ("甲\x1b[31m", 1),
        ("长" * 6000, 1),
        ("甲\n\n**没有成对", 3),
        ("甲\n\n乙{dept.staff.in_post", 3),
        ("甲\n\n{dept.staff.retired}", 3),
        ("{不认识的数}", 1),
        ("{单位.__class__}", 1),
        ("{dept.staff.in_post!r}", 1),
        ("{{年度}}", 1),
        ("{比率(dept.staff.in_post)}", 1),
        ("{日期()}", 1),
        ("{分值(没有)}", 1),
    ],
)
def test_the_rest_is_refused_with_file_and_line(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(UserError, match=rf"“文字/问题.md”第 {line} 行") as raised:
        paragraphs(tmp_path, text)
    assert "values to unpack" not in raised.value.sentence


@pytest.mark.parametrize("content", ["中文".encode("gbk"), b"\xff\xfe\x00", ("长" * 200_000).encode()])
def test_files_that_are_no_text_are_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UserError, match=r"问题\.md"):
        own(tmp_path, content)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2024年开展了专项检查。", 1),
        ("收入比2024年增加。", 0),
        ("结转2024年的经费，2024年没有用完。", 1),
        ("编号12024和20245", 0),
        ("引用{dept.funds.total:决算@2024}", 0),
        ("2025年完成。", 0),
    ],
)
def test_the_year_before_is_pointed_out(tmp_path: Path, text: str, found: int) -> None:
    assert len(list(stale(own(tmp_path, text), 2025))) == found

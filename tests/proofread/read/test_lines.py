"""What a line looks like."""

from __future__ import annotations

import pytest

from yibao.proofread.read.lines import (
    begins_anew,
    ends_sentence,
    is_figure,
    is_note_after,
    is_note_before,
    is_number,
    is_title,
    unit_of,
    width,
)


@pytest.mark.parametrize("text", ["1,234.50", "-5", "95.44%", "（5.2）", "２３．５", "0", "△3.2", "１００％"])
def test_numbers(text: str) -> None:
    assert is_number(text)
    assert is_figure(text)


@pytest.mark.parametrize("text", ["三", "12万元", "1.", "a1", "2025年", "", "1 2", "9" * 50])
def test_no_numbers(text: str) -> None:
    assert not is_number(text)


@pytest.mark.parametrize("text", ["—", "-", "无", "×", "/", "——"])
def test_marks_for_nothing_are_figures(text: str) -> None:
    assert is_figure(text)
    assert not is_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "一、概况",
        "（二）收入",
        "(三)支出",
        "第一部分 概况",
        "1.拟订规划",
        "12、其他",
        "（3）检查",
        "4）四",
        "⑤五",
        "## 标题",
        "- 项",
        "**重点：**说明",
        "附件2",
        "注：甲",
        "单位：万元",
        "联系电话：",
        "公开01表",
        "　　（一）缩进",
    ],
)
def test_lines_that_begin_anew(text: str) -> None:
    assert begins_anew(text)


@pytest.mark.parametrize(
    "text",
    ["全年收入平稳", "10.72 万元的", "2025年末", "元，比上年", "一是加强监管", "单位内部管理", "注意事项", "3.5%左右"],
)
def test_lines_that_go_on(text: str) -> None:
    assert not begins_anew(text)


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("完成。", True),
        ("完成。”", True),
        ("得9分）", False),
        ("得9分。）", True),
        ("如下：", True),
        ("收入", False),
        ("**完成。**", True),
        ("", False),
    ],
)
def test_sentence_ends(text: str, ends: bool) -> None:
    assert ends_sentence(text) is ends


@pytest.mark.parametrize("text", ["公开 01 表", "部门：某局", "附件2", "编制单位：某局 单位：元", "预决算01表", "表3"])
def test_notes_above_a_table(text: str) -> None:
    assert is_note_before(text)


@pytest.mark.parametrize(
    "text", ["注：甲", "备注：乙", "说明：丙", "填表人：", "填报日期：某日", "2. 本套报表有尾数差", "联系电话：1"]
)
def test_notes_below_a_table(text: str) -> None:
    assert is_note_after(text)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("收入决算表", True),
        ("三公经费情况", True),
        ("全年情况良好。", False),
        ("办公室", False),
        ("表", False),
        ("下列情况：", False),
        ("情" * 70 + "况表", False),
    ],
)
def test_titles(text: str, title: bool) -> None:
    assert is_title(text) is title


def test_units_and_width() -> None:
    assert unit_of("部门：某局　单位：％") == "%"
    assert unit_of("单位负责人：") == ""
    assert width("医保a1") == 6

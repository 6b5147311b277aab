"""Markdown and HTML tables inside a text."""

from __future__ import annotations

from tests.proofread.read.making import paragraphs, tables, texts
from yibao.proofread.read.assemble import assemble
from yibao.proofread.read.markup import html_table, split_pipes


def test_pipe_table_with_separator_row() -> None:
    text = "收入情况表\n\n| 项目 | 金额 |\n| --- | ---: |\n| 拨款 | **300** |\n| 合计 | 300 |\n\n正文。"
    [table] = tables(assemble(text))
    assert texts(table) == [["项目", "金额"], ["拨款", "300"], ["合计", "300"]]
    assert table.raw_rows == ("| 项目 | 金额 |", "| 拨款 | **300** |", "| 合计 | 300 |")
    assert table.caption == "收入情况表"
    assert paragraphs(assemble(text)) == ["收入情况表", "正文。"]


def test_pipe_rows_without_leading_pipe_and_separator() -> None:
    [table] = tables(assemble("项目 | 预算 | 决算 |||\n合计 | 100 | |||\n其中：拨款 | 90 | 80 |||"))
    assert texts(table) == [["项目", "预算", "决算"], ["合计", "100", ""], ["其中：拨款", "90", "80"]]


def test_pipe_cells_keep_breaks_and_escaped_pipes() -> None:
    assert split_pipes(r"| 甲\|乙 | 一<br>二 |") == ["甲|乙", "一\n二"]


def test_pipe_row_wrapped_inside_a_cell() -> None:
    [table] = tables(assemble("| 项目 | 规模 |\n| 楼堂馆所\n控制情况 | 12 |\n| 其他 | 3 |"))
    assert texts(table)[1] == ["楼堂馆所\n控制情况", "12"]


def test_pipe_rows_parted_by_blank_lines() -> None:
    [table] = tables(assemble("| 甲 | 1 |\n\n| 乙 | 2 |\n\n| 丙 | 3 |\n\n正文。"))
    assert len(table.rows) == 3


def test_one_pipe_in_prose_is_prose() -> None:
    assert tables(assemble("联系方式 | 办公室\n全年工作完成。")) == []


def test_html_table_with_spans() -> None:
    text = (
        "表前的话。\n<html><body><table><tr><td rowspan=2>项目</td><td colspan='2'>金额</td></tr><tr><td>预算</td><td>决算</td></tr>"
        "<tr><td>接待费&nbsp;</td><td>3<br/>万</td><td>2</td></tr></table></body></html>\n表后的话。"
    )
    blocks = assemble(text)
    [table] = tables(blocks)
    assert texts(table) == [["项目", "金额", "^"], ["^", "预算", "决算"], ["接待费", "3\n万", "2"]]
    assert table.rows[1][0].origin == (0, 0)
    assert all(raw in text for raw in table.raw_rows)
    assert paragraphs(blocks) == ["表前的话。", "表后的话。"]


def test_html_full_width_rows_cut_the_form() -> None:
    text = "<table><tr><td colspan=2>支出情况表</td></tr><tr><td>甲</td><td>1</td></tr><tr><td colspan=2>注：含税。</td></tr></table>"
    blocks = assemble(text)
    assert paragraphs(blocks) == ["支出情况表", "注：含税。"]
    assert tables(blocks)[0].caption == "支出情况表"


def test_html_spans_are_bounded() -> None:
    table = html_table("<table><tr><td rowspan=99999 colspan=99999>甲</td></tr><tr><td>乙</td></tr></table>")
    assert table is not None
    assert len(table.rows) == 2
    assert table.width <= 1_000


def test_unclosed_html_table_stays_text() -> None:
    blocks = assemble("<table><tr><td>甲</td>\n没有结束的表。")
    assert tables(blocks) == []
    assert "没有结束的表。" in "".join(paragraphs(blocks))


def test_many_openings_are_text() -> None:
    assert tables(assemble("<table" * 200_000)) == []

"""Title, unit and notes printed around a table are read into it, and stay paragraphs."""

from __future__ import annotations

import pytest

from yibao.proofread.document import Block, Cell, Paragraph, Table
from yibao.proofread.read.surround import dress


def grid(*rows: tuple[str, ...]) -> Table:
    return Table(tuple(tuple(Cell(text, r, c) for c, text in enumerate(row)) for r, row in enumerate(rows)))


BODY = grid(("项目", "金额"), ("拨款", "3"))


def dressed(*blocks: Block) -> Table:
    before = [block for block in blocks if isinstance(block, Paragraph)]
    done = dress(blocks)
    assert [block for block in done if isinstance(block, Paragraph)] == before
    return next(block for block in done if isinstance(block, Table))


def lines(*texts: str) -> list[Block]:
    return [Paragraph(text) for text in texts]


def test_title_unit_and_notes() -> None:
    table = dressed(
        *lines("正文在此。", "收入决算表", "公开 02 表", "部门：某县医保局", "单位：万元"),
        BODY,
        *lines("注：四舍五入。", "填表人：", "二、支出"),
    )
    assert table.caption == "收入决算表"
    assert table.unit == "万元"
    assert table.notes == ("公开 02 表", "部门：某县医保局", "单位：万元", "注：四舍五入。", "填表人：")


@pytest.mark.parametrize(
    ("line", "unit"),
    [
        ("金额单位：元", "元"),
        ("部门：某局    单位：万元", "万元"),
        ("（单位：亿元）", "亿元"),
        ("单 位：人", "人"),
        ("计量单位：人次", "人次"),
    ],
)
def test_unit_lines(line: str, unit: str) -> None:
    assert dressed(*lines("参保情况表", line), BODY).unit == unit


def test_unit_in_the_title_or_in_the_table() -> None:
    assert dressed(*lines("年度收入情况（万元）"), BODY).unit == "万元"
    assert dressed(*lines("收入表"), grid(("某县", "单位：元"), ("甲", "1"))).unit == "元"


@pytest.mark.parametrize(
    "line", ["全年收入情况良好，支出下降。", "一、收入支出的总体说明如下：", "某局", "注：上表反映支出情况。"]
)
def test_what_is_no_title(line: str) -> None:
    assert dressed(*lines(line), BODY).caption == ""


def test_markdown_marks_are_taken_off_the_title() -> None:
    assert dressed(*lines("## **某年度基础数据表**"), BODY).caption == "某年度基础数据表"


def test_lines_below_another_table_are_not_taken() -> None:
    done = dress([*lines("第一张表"), BODY, *lines("注：甲。"), BODY])
    first, second = (block for block in done if isinstance(block, Table))
    assert first.notes == ("注：甲。",)
    assert second.caption == ""


def test_title_is_found_above_a_header_line() -> None:
    assert dressed(*lines("三公经费支出表", "单位：万元", "财政拨款三公经费"), BODY).caption == "三公经费支出表"

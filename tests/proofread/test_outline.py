"""Which paragraphs are headings, and under which of them every block stands."""

from __future__ import annotations

import pytest

from tests.proofread.documents import source
from yibao.proofread.document import Paragraph
from yibao.proofread.norm import normalise
from yibao.proofread.outline import (
    Heading,
    Outline,
    chinese_number,
    chinese_numeral,
    read_heading,
    read_mark,
    read_outline,
)


def outline(text: str) -> Outline:
    read = source(text)
    return read_outline(read, {i: normalise(p.raw) for i, p in read.paragraphs()})


def heading(text: str, level: int | None = None) -> Heading | None:
    return read_heading(0, Paragraph(text, level=level), normalise(text))


@pytest.mark.parametrize(
    ("text", "style", "number"),
    [
        ("第三部分 名词解释", "part", 3),
        ("附件2：自评表", "annex", 2),
        ("十二、其他事项", "一、", 12),
        ("一．单位概况", "一、", 1),
        ("## 二、支出情况", "一、", 2),
        ("- （三）自评材料", "（一）", 3),
        ("(四) 结余情况", "（一）", 4),
        ("㈤经费情况", "（一）", 5),
        ("3. 2031年度基金收支情况表", "1.", 3),
        ("7、参保情况", "1.", 7),
        ("⒉监管情况", "1.", 2),
        ("（2）机构情况", "（1）", 2),
        ("⑶人员情况", "（1）", 3),
        ("4）资产情况", "（1）", 4),
        ("⑥宣传情况", "①", 6),
    ],
)
def test_numbers(text: str, style: str, number: int) -> None:
    mark = read_mark(normalise(text).text)
    assert mark is not None
    assert (mark.style, mark.number) == (style, number)


@pytest.mark.parametrize("text", ["1.5亿元", "2031年度", "3.14", "一般公共预算", "第一条 总则", "100.2万元"])
def test_what_is_no_number(text: str) -> None:
    assert read_mark(text) is None


def test_a_long_item_is_no_heading_but_has_a_number() -> None:
    text = "2.负责全县" + "医疗保障" * 12 + "工作，完成交办的其他任务。"
    assert heading(text) is None
    assert read_mark(text) is not None


def test_a_heading_may_begin_a_paragraph() -> None:
    found = heading("（一）预算执行率。全年预算执行率达到98%。")
    assert found is not None
    assert (found.title, found.alone) == ("预算执行率", False)


@pytest.mark.parametrize(
    "text", ["下一步改进措施", "存在的问题及原因分析", "其他需要说明的情况", "名词解释", "2031年部门预算编制说明"]
)
def test_known_titles_need_no_number(text: str) -> None:
    found = heading(text)
    assert found is not None
    assert (found.number, found.style) == (None, "一、")


@pytest.mark.parametrize("text", ["全年工作完成情况良好。", "单位：万元", "合计"])
def test_other_short_lines_are_none(text: str) -> None:
    assert heading(text) is None


def test_sections() -> None:
    found = outline("第一部分\n概况\n一、职责\n（一）参保\n甲。\n二、机构\n乙。\n第二部分\n说明\n丙。")
    titles = [section[-1] for section in found.sections if section]
    assert titles[3:5] == ["参保", "参保"]
    assert found.sections[5][-1] == "机构"
    assert found.sections[-1] == ("第二部分",)


def test_a_title_without_number_stands_above_the_numbers_behind_it() -> None:
    found = outline("第四部分\n名词解释\n一、事业收入：指业务收入。\n二、其他收入：指其他收入。")
    assert found.sections[2][:2] == ("第四部分", "名词解释")
    assert found.sections[3][1] == "名词解释"


@pytest.mark.parametrize("number", range(1, 100))
def test_numerals_there_and_back(number: int) -> None:
    assert chinese_number(chinese_numeral(number)) == number

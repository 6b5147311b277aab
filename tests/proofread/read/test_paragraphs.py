"""Lines of prose become paragraphs: what a break has torn is joined, headings and items stay alone."""

from __future__ import annotations

import pytest

from tests.proofread.read.making import paragraphs
from yibao.proofread.document import Paragraph
from yibao.proofread.read.assemble import assemble


def read(text: str) -> list[str]:
    found = assemble(text)
    assert all(block.raw in text for block in found if isinstance(block, Paragraph)), "a paragraph is a literal slice"
    return paragraphs(found)


def test_blank_lines_part_paragraphs() -> None:
    assert read("全年收入平稳。\n\n全年支出下降。\n") == ["全年收入平稳。", "全年支出下降。"]


def test_each_line_that_ends_a_sentence_is_a_paragraph() -> None:
    assert read("全年共征收保费三百万元。\n全年共支付待遇二百万元。") == [
        "全年共征收保费三百万元。",
        "全年共支付待遇二百万元。",
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("年初预算安排公务接待费 12.5 万，全年严格控制，实际支出为 8.25 万", "元，比上年减少。"),
        ("自某年某月起，全县实行职工和居民医保市级统筹的管理办法，", "各项待遇标准随之调整。"),
        ("制定了《某县医疗保障局机关财务管理办法》《某县医疗保", "障局差旅费管理规定》等制度。"),
        ("全县定点医疗机构共有 21 家，其中公立医院、乡镇卫生院（含社区", "卫生服务中心）17 家。"),
        ("我局全年开展打击欺诈骗保专项检查，组织力量，积极推进医保基金监管专项整", "治工作，整治成效明显，群众满意。"),
    ],
)
def test_sentence_torn_by_a_page_break_is_joined(before: str, after: str) -> None:
    text = f"{before}\n\n{after}\n\n其他工作按期完成。"
    assert read(text) == [f"{before}\n\n{after}", "其他工作按期完成。"]


@pytest.mark.parametrize(
    "heading",
    [
        "## 二、一般公共预算支出情况",
        "（三）推进支付方式改革，提高基金使用效率和保障水平",
        "一、单位基本情况",
        "**1、数量指标（指标分值 10 分，得分 10 分，全部完成）**",
        "下一步改进措施",
        "部门整体支出的规模、使用方向、主要内容和涉及范围等情况",
    ],
)
def test_heading_never_swallows_the_line_below(heading: str) -> None:
    body = "各项工作按照年初计划有序推进，任务全部完成。"
    assert read(f"{heading}\n\n{body}") == [heading, body]
    assert read(f"{heading}\n{body}") == [heading, body]


@pytest.mark.parametrize(
    "item",
    [
        "2.完善制度建设。",
        "（二）居民医保。",
        "附件：1.基础数据表",
        "单位：万元",
        "- 第二项工作，按期完成。",
        "## 三、问题",
        "①参保情况。",
        "注：本表四舍五入。",
    ],
)
def test_line_that_begins_anew_is_not_drawn_in(item: str) -> None:
    torn = "全年共检查定点医药机构一百二十家，发现并处理违规问题线索三十条，追回基金"
    assert read(f"{torn}\n\n{item}")[0] == torn


def test_hard_wrapped_text_is_joined_by_its_margin() -> None:
    lines = [
        "全县基本医疗保险参保人数稳定在三十万人以上参保率达到",
        "百分之九十六比上年提高一个百分点其中职工医保参保人数",
        "为四万人居民医保参保人数为二十六万人基金收支保持平衡",
        "当期略有结余。",
    ]
    again = [
        "全县定点医药机构数量与上年持平全年共查处违规机构若干",
        "家追回基金若干万元行政罚款若干万元曝光典型案例若干起",
        "形成了有力震慑。",
    ]
    text = "\n".join(lines + again)
    assert read(text) == ["\n".join(lines), "\n".join(again)]


def test_short_line_goes_on_in_a_percentage_before_a_half_width_semicolon() -> None:
    wrapped = [
        "全县基本医疗保险参保人数稳定在三十万人以上参保率达到",
        "百分之九十六比上年提高一个百分点其中职工医保参保人数",
        "为四万人居民医保参保人数为二十六万人基金收支保持平衡",
        "全县定点医药机构数量与上年持平全年共查处违规机构若干",
        "家追回基金若干万元行政罚款若干万元曝光典型案例若干起",
        "形成了有力震慑。",
    ]
    torn = ["本年支出中基本支出为五百万元所占", "44.02%;其余为项目支出。"]
    assert read("\n".join(wrapped + torn)) == ["\n".join(wrapped), "\n".join(torn)]


def test_declared_level_and_line_are_kept() -> None:
    first, second = assemble("\n### 三、收入情况\n\n正文在此。")
    assert isinstance(first, Paragraph)
    assert isinstance(second, Paragraph)
    assert (first.level, first.line) == (3, 2)
    assert (second.level, second.line) == (None, 4)


def test_form_feed_ends_a_page() -> None:
    first, second = assemble("第一页的内容。\n\f第二页的内容。")
    assert isinstance(first, Paragraph)
    assert isinstance(second, Paragraph)
    assert (first.page, second.page) == (1, 2)


def test_endless_line_is_cut_at_full_stops() -> None:
    text = "参保人数稳定增长。" * 5_000
    found = read(text)
    assert len(found) > 1
    assert "".join(found) == text
    assert max(map(len, found)) <= 20_000
    assert all(part.endswith("。") for part in found)

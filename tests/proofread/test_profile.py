"""What a document says of itself: kind, year, bureau, title."""

from __future__ import annotations

import pytest

from yibao.proofread.norm import normalise
from yibao.proofread.profile import Profile, read_profile


def profile(text: str, file_name: str = "样例") -> Profile:
    return read_profile([normalise(line).text for line in text.split("\n")], file_name)


@pytest.mark.parametrize(
    ("text", "kind", "closed"),
    [
        ("2031年度云岭县医疗保障局整体支出绩效自评报告", "整体支出绩效自评报告", True),
        ("云岭县医疗保障局2031年度部门决算", "部门决算公开", True),
        ("云岭县2031年县级部门预算", "部门预算公开", False),
        ("2031年医疗保险基金预决算收支情况表", "基金预决算表", True),
        ("2031年度项目支出绩效自评表", "自评表", True),
        ("关于举办培训班的通知", "其他", False),
    ],
)
def test_kind(text: str, kind: str, closed: bool) -> None:
    found = profile(text)
    assert (found.kind, found.closed) == (kind, closed)


def test_the_kind_of_a_text_without_title() -> None:
    text = "一、单位基本情况\n全局编制20人。\n二、部门整体支出绩效情况\n部门整体支出绩效自评得分98分。\n自评报告将按时公开。"
    assert profile(text).kind == "整体支出绩效自评报告"


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2031年度部门决算\n与2030年度相比，2030年度增长。", 2031),
        ("云岭县2031年县级部门预算\n2030年度执行数较高，2030年度结余较多。", 2031),
        ("自评报告\n评价年度：2031年度", 2031),
        ("说明\n2031年收入12万元，2031年支出11万元，2030年支出9万元。", 2031),
        ("说明", None),
    ],
)
def test_year(text: str, year: int | None) -> None:
    assert profile(text).year == year


def test_the_year_of_the_file_name() -> None:
    assert profile("说明\n正文。", "云岭县2031年度决算").year == 2031


@pytest.mark.parametrize(
    ("text", "bureau"),
    [
        ("单位名称：云岭县医疗保障局\n正文。", "云岭县医疗保障局"),
        ("编制部门：云岭县医疗保障局 单位：元\n正文。", "云岭县医疗保障局"),
        ("云岭市青山区规划和自然资源局2031年度部门决算\n正文。", "云岭市青山区规划和自然资源局"),
        ("评价单位（公章）：云州市医疗保障局\n" + "云川市医疗保障局负责参保。\n" * 4, "云川市医疗保障局"),
        ("我局负责参保工作。", ""),
    ],
)
def test_bureau(text: str, bureau: str) -> None:
    assert profile(text).bureau == bureau


def test_a_title_torn_over_two_lines() -> None:
    assert profile("云岭县财政局\n2031年度部门决算").title == "云岭县财政局2031年度部门决算"


def test_nothing_at_all() -> None:
    assert profile("") == Profile("样例", "其他", None, "")

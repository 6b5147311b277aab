"""Typing slips, doubled words and marks, rare characters, degree words, tense."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.proofread.checks.said import REPORT, checks, held, loud, one
from yibao.proofread.checks import degrees, tense, wording
from yibao.proofread.checks.typos import load_dictionary, slips
from yibao.proofread.findings import Severity
from yibao.proofread.lookalike import alike, same_sound


@pytest.mark.parametrize(
    ("text", "found", "meant"),
    [
        ("坚持例行节约的原则", "例行节约", "厉行节约"),
        ("推进巷村振兴工作", "巷村振兴", "乡村振兴"),
        ("报销比列提高", "报销比列", "报销比例"),
        ("一般公众预算安排", "一般公众预算", "一般公共预算"),
        ("工资福利支120.50万元", "工资福利支", "工资福利支出"),
        ("一般公共预财政拨款", "一般公共预财政拨款", "一般公共预算财政拨款"),
        ("医疗救救助资金", "医疗救救助", "医疗救助"),
        ("较上一度增加", "上一度", "上一年度"),
    ],
)
def test_slips(text: str, found: str, meant: str) -> None:
    assert [(s.found, s.meant) for s in slips(text)] == [(found, meant)]


@pytest.mark.parametrize(
    "text",
    [
        "基金收支平稳，及时结算到位",
        "医疗保险基金与医疗保障资金",
        "略有节余，其它收入增加",
        "城职基本医疗保险参保人数",
        "因时制宜，以民为本",
        "城镇居民与农村居民",
        "开展预防犯罪宣传",
        "本单位公务车购置费",
        "年末结转结余",
        "绩效自评工作小组",
        "财政拨款收、支总计",
    ],
)
def test_what_is_no_slip(text: str) -> None:
    assert slips(text) == []


def test_no_phrase_is_a_slip_of_another() -> None:
    dictionary = load_dictionary()
    assert [(p, slips(p)) for p in sorted(dictionary.known) if slips(p)] == []


def test_the_dictionary_is_large_enough() -> None:
    dictionary = load_dictionary()
    assert sum(len(found) for found in dictionary.halves.values()) // 2 >= 150


@given(st.text(alphabet="医疗保障基金支出，。1一般公共预算结余执行率", max_size=60))
def test_slips_never_overlap(text: str) -> None:
    found = slips(text)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(text[s.start : s.end] == s.found for s in found)


def test_characters_that_sound_or_look_alike() -> None:
    assert same_sound("厉", "例")
    assert alike("川", "州")
    assert not alike("益", "岳")
    assert not same_sound("a", "厉")


@pytest.mark.parametrize(
    ("line", "quote"),
    [
        ("产生的接待支出支出较上年减少。", "产生的接待支出支出较上年减少"),
        ("3.2031度基金收支情况表", "3.2031度基金收支情况表"),
        ("第三部分 203年度决算说明", "第三部分 203年度决算说明"),
        ("统筹基金㕵赤字运行状态。", "统筹基金㕵赤字运行状态"),
    ],
)
def test_slips_of_the_pen(line: str, quote: str) -> None:
    assert [found for _, found in loud(wording.run, REPORT + line)] == [quote]


def test_a_comparison_sign_read_as_a_book_title() -> None:
    check = one(wording.run, REPORT + "指标\t指标值\t完成值\n覆盖率\t≥80%\t》80%")
    assert check.expected == "≥80%"


@pytest.mark.parametrize(
    "line",
    [
        "一批一批推进，一步一步落实。",
        "云岭县医疗保障局局机关内设科室四个。",
        "全年用电2031度。",
        "完成《2031年度监测报告》。",
        "等待……。。。",
        "（一）收入（含利息）情况。",
    ],
)
def test_what_is_well_written(line: str) -> None:
    assert loud(wording.run, REPORT + line) == []


@pytest.mark.parametrize(
    "line", ["主要表现在，：一是资金不足。", "支出较少。。另有结余。", "（含利息收入。", "开展“两定机构检查。"]
)
def test_marks_are_only_infos(line: str) -> None:
    found = [c for c in checks(wording.run, REPORT + line, "typo") if c.weight]
    assert found
    assert all(c.weight is Severity.INFO for c in found)


def test_budget_and_final_written_for_each_other() -> None:
    line = "2031年决算总支出96.20万元，其中：基本支出预算62.10万元，占64.55%；项目支出决算34.10万元，占35.45%。"
    check = one(wording.run, REPORT + line)
    assert (check.kind, check.expected) == ("label", "基本支出决算")
    assert loud(wording.run, REPORT + line.replace("基本支出预算", "基本支出决算")) == []


@pytest.mark.parametrize(
    "line",
    [
        "公用经费略有增长，增长60.5%。",
        "支出与上年基本持平，下降18.2%。",
        "参保人数大幅增加，增长0.6%。",
        "预算控制率略微偏高，预算控制率为183.2%。",
        "支出决算15万元，略高于年初预算10万元。",
    ],
)
def test_words_that_do_not_fit_the_number(line: str) -> None:
    assert one(degrees.run, REPORT + line).kind == "semantic"


@pytest.mark.parametrize(
    "line",
    [
        "公用经费略有增长，增长3.5%。",
        "支出与上年基本持平，下降0.2%。",
        "参保人数大幅增加，增长36%。",
        "预算控制率略微偏高，预算控制率为103.2%。",
        "支出略有增加，其中办公费增长60%。",
        "支出决算10.2万元，略高于年初预算10万元。",
    ],
)
def test_words_that_fit(line: str) -> None:
    assert loud(degrees.run, REPORT + line) == []


def test_the_rate_may_stand_below_the_heading() -> None:
    text = REPORT + "（二）预算控制率略微偏高\n2031年追加较多，预算控制率为141.3%。"
    check = one(degrees.run, text)
    assert check.related[0].quote.startswith("预算控制率为141.3%")


def test_what_is_expected_of_a_year_that_is_over() -> None:
    check = one(tense.run, REPORT + "三、履职效能\n预计12月底，全县共救助32人次。")
    assert (check.kind, check.weight) == ("tense", Severity.ERROR)
    assert check.evidence.quote == "预计12月底，全县共救助32人次"


@pytest.mark.parametrize(
    "text",
    [
        "下一步工作计划\n预计12月底前完成系统升级。",
        "三、履职效能\n将于2032年12月底前公开。",
        "三、履职效能\n预计2032年全年参保5万人。",
        "项目\t年度目标\n系统升级\t预计12月底前完成升级并投入使用，运行稳定。",
    ],
)
def test_plans_may_be_plans(text: str) -> None:
    assert loud(tense.run, REPORT + text) == []


def test_words_of_the_running_year_are_infos() -> None:
    found = [c for c in checks(tense.run, REPORT + "从今年5月起推进征缴。截至目前，举办培训19期。") if c.weight]
    assert [str(c.weight) for c in found] == ["info", "info"]
    assert held(tense.run, REPORT + "截至12月底，共结算3万人次。")

"""A warning that asks for an explanation falls silent only where the package explains that very item."""

from __future__ import annotations

import pytest

from tests.proofread.documents import together
from yibao.proofread import check_package
from yibao.proofread.findings import Finding, Severity
from yibao.vocabulary.reasons import gives_reason

FORM = """\
2031年度部门整体支出绩效评价基础数据表
填报单位：云岭县医疗保障局	单位：万元
财政供养人员情况（人）	编制数	2031年实际在职人数	控制率
	20	18	90.00%
经费控制情况（万元）	2030年决算数	2031年预算数	2031年决算数{head}
三公经费	3	4	3{blank}
3、公务接待	3	4	3{blank}
项目支出：	10	20	20{blank}
1、业务经费	10	20	20{blank}
公用经费	30	50	80{remark}
其中：办公费	10	20	20{blank}
会议费、培训费	2	4	4{blank}
"""
REPORT = "2031年度云岭县医疗保障局整体支出绩效自评报告\n云岭县医疗保障局\n{text}\n"


def found(text: str, *, below: str = "", remark: str | None = None) -> Finding:
    """What is said of 公用经费, 80 of 50, beside a report with `text` and a form with a note or a remark."""
    extra = {"head": "\t备注", "blank": "\t", "remark": f"\t{remark}"} if remark is not None else {}
    form = FORM.format(**{"head": "", "blank": "", "remark": "", **extra})
    package = together([REPORT.format(text=text), f"{form}\n{below}\n"])
    said = [f for report in check_package(package) for f in report.findings if "公用经费：决算80" in f.message]
    assert len(said) == 1, [f.message for report in check_package(package) for f in report.findings]
    return said[0]


def test_without_a_word_it_is_a_warning() -> None:
    assert found("二、基本支出情况").severity is Severity.WARNING


@pytest.mark.parametrize(
    "text",
    [
        "公用经费预算50万元，决算80万元，完成预算的160.00%，主要是新设的三个经办窗口年中才批复经费。",
        "公用经费：预算50万元，决算80万元，完成预算的160.00%。原因：新设的三个经办窗口年中才批复经费。",
        "日常公用经费超预算30万元，原因是经办窗口搬迁，租金和维修费增加。",
        "由于经办窗口搬迁、租金增加，公用经费决算80万元，高于预算。",
    ],
)
def test_a_sentence_about_the_item_that_gives_the_reason_answers_it(text: str) -> None:
    said = found(text)
    assert said.severity is Severity.INFO
    assert "已说明" in said.message
    assert any("窗口" in e.quote for e in said.related)


@pytest.mark.parametrize(
    "text",
    [
        "存在的问题及原因分析",
        "会议费预算2万元，决算4万元，原因是年中增加了两次会议。",
        "公用经费预算50万元，决算80万元。办公费增加的原因是价格上涨。",
        "公用经费预算50万元，决算80万元，完成预算的160.00%。原因：公开文件没有写明原因，待单位补写。",
        "公用经费预算50万元，决算80万元，完成预算的160.00%，原因待查。",
        "公用经费预算50万元，决算80万元，主要用于机构运转。",
        "公用经费比上年增加50万元，主要原因是人员增加。",
        "公用经费严格执行预算，厉行节约。原因分析见附件。",
    ],
)
def test_words_that_explain_something_else_or_nothing_do_not(text: str) -> None:
    assert found(text).severity is Severity.WARNING


def test_a_note_below_the_form_answers_it() -> None:
    said = found("", below="公用经费决算80万元、预算50万元，原因：新设的三个经办窗口年中才批复经费。")
    assert said.severity is Severity.INFO


def test_a_remark_in_the_row_needs_not_name_the_item_again() -> None:
    assert found("", remark="经办窗口搬迁，租金增加").severity is Severity.INFO


@pytest.mark.parametrize("remark", ["", "无", "待补充", "见说明", "160%"])
def test_a_remark_that_says_nothing_does_not(remark: str) -> None:
    assert found("", remark=remark).severity is Severity.WARNING


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("原因：经办窗口搬迁，租金增加", True),
        ("因经办窗口搬迁，租金增加", True),
        ("主要是年中追加经费", True),
        ("原因：无", False),
        ("原因不详", False),
        ("具体原因公开文件没有写明，待核实", False),
        ("因公出国经费没有支出", False),
        ("主要用于机构运转", False),
        ("增加30万元", False),
    ],
)
def test_a_reason_is_more_than_the_word(words: str, reason: bool) -> None:
    assert gives_reason(words) is reason


FORMULA = "年初预算1000万元，年中追加预算800万元，全年预算1800万元，预算控制率180%{note}。"


def definition(note: str) -> Finding:
    package = together(["2031年度益阳市医疗保障局整体支出绩效自评报告\n益阳市医疗保障局\n" + FORMULA.format(note=note)])
    said = [f for report in check_package(package) for f in report.findings if f.kind == "definition"]
    assert len(said) == 1
    return said[0]


@pytest.mark.parametrize(
    "note", ["（全年预算÷年初预算）", "，按“全年预算/年初预算”计算", "（全年预算数与年初预算数之比）"]
)
def test_the_formula_named_beside_the_rate_answers_the_question_for_it(note: str) -> None:
    assert definition(note).severity is Severity.INFO
    assert "已注明" in definition(note).message


@pytest.mark.parametrize("note", ["", "（追加÷年初预算）", "，比上年下降", "。决算÷年初预算另计"])
def test_another_formula_or_none_does_not(note: str) -> None:
    assert definition(note).severity is Severity.WARNING


SHEET = """\
2031年度部门整体支出绩效自评表
预算部门	云岭县医疗保障局
一级指标	二级指标	三级指标	年度指标值	实际完成值	分值	得分	偏差原因分析及改进措施
产出指标	数量指标	参保人数	≥10万人	8万人	50	40	{remark}
满意度指标	服务对象满意度	满意度	≥90%	95%	50	50	—
总分					100	90	—
"""


@pytest.mark.parametrize(
    ("remark", "asked"), [("", True), ("原因待核实", True), ("停产", False), ("外出务工人员在外参保", False)]
)
def test_the_column_for_reasons_wants_a_reason(remark: str, asked: bool) -> None:
    said = [f.kind for r in check_package(together([SHEET.format(remark=remark)])) for f in r.findings]
    assert ("missing_value" in said) is asked

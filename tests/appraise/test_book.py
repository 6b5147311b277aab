"""What contradicts what among typed figures, and what a choice does about it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.appraise.filled import BUREAU, DATA, SHEET, changed, folder, more
from yibao.appraise.appraisal import Appraisal, appraise
from yibao.appraise.choices import AS_COMPUTED, AS_PRINTED
from yibao.appraise.typed import Key
from yibao.errors import UserError
from yibao.vocabulary.labels import Basis

INITIAL = "dept.funds.total: {数值: 590, 单位: 万元, 口径: 年初预算}"


def said(tmp_path: Path, data: str = DATA, choices: str = "", bureau: str = BUREAU) -> str:
    with pytest.raises(UserError) as error:
        appraise(folder(tmp_path, data=data, choices=choices, bureau=bureau))
    return error.value.sentence


def chosen(appraisal: Appraisal, figure: str, basis: Basis = "final") -> str:
    return appraisal.book.chosen[Key(figure, "", 2025, basis)].number.printed


def take(name: str, what: str) -> str:
    return f"取舍:\n  - {{矛盾: {name}, 取: {what}, 理由: 核对了凭证}}\n"


def test_one_value_told_twice_is_one_figure_with_two_sources(tmp_path: Path) -> None:
    appraisal = appraise(folder(tmp_path, data=more("dept.funds.total: {数值: 6000000.00, 单位: 元, 口径: 年初预算}")))
    (typed,) = appraisal.book.values[Key("dept.funds.total", "", 2025, "initial")]
    assert [s.document for s in typed.sources] == ["自评表", "另一份文件"]
    assert not appraisal.settled


def test_a_rate_printed_more_coarsely_is_the_same_rate(tmp_path: Path) -> None:
    appraisal = appraise(folder(tmp_path, data=more("dept.staff.control_rate: 90%")))
    assert chosen(appraisal, "dept.staff.control_rate") == "90.00%"


@pytest.mark.parametrize("coarse", ["0.0018万人", "18人"])
def test_a_count_told_in_a_larger_unit_is_the_same_count(tmp_path: Path, coarse: str) -> None:
    assert appraise(folder(tmp_path, data=more(f"dept.staff.in_post: {coarse}"))).settled == ()


def test_two_values_without_a_choice_are_listed_with_both_sources(tmp_path: Path) -> None:
    sentence = said(tmp_path, more(INITIAL))
    assert "【2025年 年度资金总额 年初预算】" in sentence
    assert "600万元：自评表 年度预算申请 年初预算（数据/全部.yaml 第 6 行）" in sentence
    assert "590万元：另一份文件（数据/全部.yaml 第 17 行）" in sentence


def test_the_choice_decides_and_nothing_is_thrown_away(tmp_path: Path) -> None:
    choices = take("2025年 年度资金总额 年初预算", "590万元")
    appraisal = appraise(folder(tmp_path, data=more(INITIAL), choices=choices))
    assert chosen(appraisal, "dept.funds.total", "initial") == "590万元"
    assert len(appraisal.book.values[Key("dept.funds.total", "", 2025, "initial")]) == 2
    assert appraisal.settled[0].reason == "核对了凭证"


@pytest.mark.parametrize("what", ["595万元", "随便"])
def test_a_choice_must_be_one_of_the_values(tmp_path: Path, what: str) -> None:
    assert f"写的“{what}”不在其中" in said(tmp_path, more(INITIAL), take("2025年 年度资金总额 年初预算", what))


def test_a_choice_about_nothing_is_refused(tmp_path: Path) -> None:
    assert "没有对应的矛盾" in said(tmp_path, DATA, take("2025年 年度资金总额 年初预算", "600万元"))


def test_an_explanation_of_nothing_is_refused(tmp_path: Path) -> None:
    choices = "说明:\n  - {偏差: 2025年 公用经费 决算与预算, 理由: 没有这回事}\n"
    assert "2025年 公用经费 决算与预算" in said(tmp_path, DATA, choices)


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        ("{矛盾: 甲, 取: 乙}", "“理由”没有填写"),
        ("{矛盾: 甲, 取: 乙, 理由: ''}", "“理由”"),
        ("{矛盾: 甲, 取: 乙, 理由: 丙丙, 备注: 丁}", "“备注”不认识这一项"),
    ],
)
def test_a_choice_needs_a_reason(tmp_path: Path, entry: str, what: str) -> None:
    sentence = said(tmp_path, DATA, f"取舍:\n  - {entry}\n")
    assert what in sentence
    assert "“取舍.yaml”第 2 行" in sentence


SUM = more("dept.expense.general: {数值: 601.5, 单位: 万元, 口径: 决算}\n      dept.expense.basic: {数值: 400, 单位: 万元, 口径: 决算}\n      dept.expense.project: {数值: 201, 单位: 万元, 口径: 决算}")  # fmt: skip
NAME = "2025年 一般公共预算财政拨款支出 决算：一般公共预算财政拨款支出 = 基本支出 + 项目支出"


def test_a_broken_identity_asks_for_a_choice(tmp_path: Path) -> None:
    assert f"【{NAME}】" in said(tmp_path, SUM)
    kept = appraise(folder(tmp_path, data=SUM, choices=take(NAME, AS_PRINTED)))
    assert chosen(kept, "dept.expense.general") == "601.5万元"
    computed = appraise(folder(tmp_path, data=SUM, choices=take(NAME, AS_COMPUTED)))
    assert chosen(computed, "dept.expense.general") == "601.0万元"


def test_rounding_breaks_no_identity(tmp_path: Path) -> None:
    assert appraise(folder(tmp_path, data=changed(SUM, "数值: 201,", "数值: 201.49,"))).settled == ()


@pytest.mark.parametrize(("project", "fits"), [("201.52", True), ("201.10", False)])
def test_a_sum_of_money_is_off_by_a_few_of_the_last_digits_at_most(tmp_path: Path, project: str, fits: bool) -> None:
    """400 may be 399.6, but 0.40 over two printed decimals is no rounding: offices drop trailing zeros."""
    data = changed(SUM, "数值: 201,", f"数值: {project},").replace("数值: 601.5,", "数值: 601.50,")
    if fits:
        assert appraise(folder(tmp_path, data=data)).settled == ()
    else:
        assert NAME in said(tmp_path, data)


ITEMS = ("premium", "interest", "subsidy", "other", "transfer")


@given(amounts=st.lists(st.integers(0, 10**6), min_size=5, max_size=5), off=st.integers(10, 10**5))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
def test_a_fund_table_that_adds_up_is_silent_and_one_wrong_total_is_named(
    tmp_path: Path, amounts: list[int], off: int
) -> None:
    def data(total: int) -> str:
        lines = [f"fund.employee.income.{item}: {amount}" for item, amount in zip(ITEMS, amounts, strict=True)]
        table = "\n      ".join([*lines, f"fund.employee.income.subtotal: {total}"])
        return f"{DATA}  - 来源: 基金表\n    单位: 万元\n    口径: 决算\n    数:\n      {table}\n"

    assert appraise(folder(tmp_path, data=data(sum(amounts)))).settled == ()
    sentence = said(tmp_path, data(sum(amounts) + off))
    assert sentence.count("【") == 1
    assert "收入小计 = 各项收入之和" in sentence
    assert f"按各项计算为 {sum(amounts)}万元" in sentence


def test_figures_that_a_choice_keeps_out_cannot_be_quoted(tmp_path: Path) -> None:
    staff = changed(DATA, "control_rate: 90.00%", "control_rate: 95.00%")
    name = "2025年 财政供养人员控制率 实际：在职人员控制率 = 在职人数 ÷ 编制数"
    root = folder(tmp_path, data=staff, choices=take(name, "不印分项"))
    assert len(appraise(root).book.withheld) == 2
    sheet = root / "figures" / "指标" / "整体支出.yaml"
    text = sheet.read_text(encoding="utf-8")
    sheet.write_text(changed(text, "一个项目转入下年", "在职{dept.staff.in_post}"), encoding="utf-8")
    with pytest.raises(UserError, match="取舍里写明不印"):
        appraise(root)


ADDED = more("dept.funds.total: {数值: 52, 单位: 万元, 口径: 调整追加}")


def test_a_rate_after_another_formula_has_to_be_named(tmp_path: Path) -> None:
    """预算控制率: 追加/年初 = 8.67 % in the province's table, 全年/年初 = 108.67 % in the report."""
    data = more("dept.rate.control: 108.67%", ADDED)
    sentence = said(tmp_path, data)
    assert "调整追加 ÷ 年初预算 = 8.67%" in sentence
    assert "全年预算 ÷ 年初预算 = 108.67%" in sentence
    named = appraise(folder(tmp_path, data=data, bureau=f"{BUREAU}口径: {{预算控制率: control-adjusted}}\n"))
    assert [u.version.formula.expr for u in named.book.rates] == ["adjusted / initial"]


def test_the_regions_own_formula_needs_no_word(tmp_path: Path) -> None:
    assert appraise(folder(tmp_path, data=more("dept.rate.control: 8.67%", ADDED))).book.rates[0].version.formula.valid


def test_a_rate_that_fits_the_named_formula_not_is_a_contradiction(tmp_path: Path) -> None:
    data = more("dept.rate.control: 109.67%", ADDED)
    bureau = f"{BUREAU}口径: {{预算控制率: control-adjusted}}\n"
    assert "预算控制率 = 全年预算 ÷ 年初预算 不成立：印的是 109.67%" in said(tmp_path, data, bureau=bureau)


def test_an_unknown_formula_is_refused(tmp_path: Path) -> None:
    bureau = f"{BUREAU}口径: {{预算控制率: my-own}}\n"
    assert "“预算控制率: my-own”不是可用的算法" in said(
        tmp_path, more("dept.rate.control: 8.67%", ADDED), bureau=bureau
    )


def test_a_result_far_from_its_budget_blocks_until_it_is_explained(tmp_path: Path) -> None:
    both = "dept.expense.public: {数值: 100, 单位: 万元, 口径: 预算}"
    data = more("dept.expense.public: {数值: 138.65, 单位: 万元, 口径: 决算}", more(both), "第三份")
    assert appraise(folder(tmp_path, data=data)).blocking == (
        "2025年 公用经费 决算与预算：138.65万元 ÷ 100万元 = 138.65%，没有写说明",
    )
    choices = "说明:\n  - {偏差: 2025年 公用经费 决算与预算, 理由: 增加在职人员}\n"
    assert appraise(folder(tmp_path, data=data, choices=choices)).blocking == ()


EARLY = "{事项: 自评工作, 类别: 自评, 日期: 2025-03-02}"


def test_an_evaluation_within_its_own_year_is_a_contradiction(tmp_path: Path) -> None:
    bureau = changed(BUREAU, "{事项: 自评工作, 类别: 自评, 日期: 2026-03-02}", EARLY)
    assert "在 2025 年结束之前" in said(tmp_path, bureau=bureau)
    appraisal = appraise(folder(tmp_path, bureau=bureau, choices=take("日期 自评工作", "2026-03-02")))
    assert str(appraisal.frame.dates[0].day) == "2026-03-02"


@pytest.mark.parametrize(("day", "what"), [("2026-04-01", "仍有矛盾"), ("2026-02-30", "不存在")])
def test_a_corrected_day_must_be_right(tmp_path: Path, day: str, what: str) -> None:
    bureau = changed(BUREAU, "{事项: 自评工作, 类别: 自评, 日期: 2026-03-02}", EARLY)
    assert what in said(tmp_path, bureau=bureau, choices=take("日期 自评工作", day))


def test_listed_institutions_must_add_up(tmp_path: Path) -> None:
    bureau = f"{BUREAU}机构:\n  - {{名称: 直属单位, 个数: 4, 其中: [{{名称: 甲, 个数: 1}}, {{名称: 乙, 个数: 2}}]}}\n"
    assert "列出的是 1＋2＝3 个" in said(tmp_path, bureau=bureau)
    appraisal = appraise(folder(tmp_path, bureau=bureau, choices=take("机构 直属单位", AS_COMPUTED)))
    assert appraisal.frame.institutions[0].count == Decimal(3)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("年度: 2025", "年度: 二五", "四位数的年度"),
        ("年度: 2025", "年度: 0000", "四位数的年度"),
        ("年度: 2025", "年度: 2025\n年度: 2024", "写了两次"),
        ("地区: cn-43", "地区: xx-99", "没有代码为 xx-99 的地区包"),
        ("日期: 2026-03-02}", "日期: 3月2日}", "2026-01-31 这样的日期"),
        ("名称: 东河县医疗保障局\n", "", "“名称”没有填写"),
        ("地区: cn-43", "地区: cn-43\n电话: 000", "“电话”不认识这一项"),
    ],
)
def test_the_bureau_is_read_strictly(tmp_path: Path, old: str, new: str, what: str) -> None:
    assert what in said(tmp_path, bureau=changed(BUREAU, old, new))


INSURED = more("fund.insured.rate: 97.73%", more("population.registered: 25.00万人"))


def test_a_soft_identity_speaks_only_where_no_other_holds(tmp_path: Path) -> None:
    """参保率 is told of residents or of the registered: one of the two denominators has to fit."""
    assert "参保率 = 参保人数 ÷ 户籍人口 不成立" in said(tmp_path, INSURED)
    both = more("population.resident: 22.00万人", INSURED)
    assert appraise(folder(tmp_path, data=both)).settled == ()


def test_one_wrong_year_is_one_contradiction(tmp_path: Path) -> None:
    bureau = changed(BUREAU, "类别: 落款, 日期: 2026-03-10", "类别: 落款, 日期: 2025-03-10")
    sentence = said(tmp_path, bureau=bureau)
    assert "【日期 报告落款】" in sentence
    assert "【日期 自评工作】" not in sentence


def test_a_form_filled_in_after_the_report_is_a_contradiction(tmp_path: Path) -> None:
    bureau = f"{BUREAU}  - {{事项: 基金表填报, 类别: 填报, 日期: 2026-03-11}}\n"
    assert "2026-03-11 晚于报告落款的 2026-03-10" in said(tmp_path, bureau=bureau)


def test_funds_of_the_insured_ask_for_no_explanation(tmp_path: Path) -> None:
    data = f"{DATA}  - 来源: 基金表\n    单位: 万元\n    列: [预算, 决算]\n    数:\n      fund.resident.balance: [5677, 1]\n"
    assert appraise(folder(tmp_path, data=data)).deviations == ()


def test_project_forms_must_make_the_project_expenditure(tmp_path: Path) -> None:
    root = folder(tmp_path, data=more("dept.expense.project: {数值: 250, 单位: 万元, 口径: 决算}"))
    form = changed(SHEET, "类型: 整体支出", "类型: 项目支出\n项目: 甲项目")
    form = form.replace('"{dept.funds.total:年初预算}"', "—").replace('"{dept.funds.total:全年预算}"', "260")
    form = form.replace('"{dept.funds.total}"', "240")
    (root / "figures" / "指标" / "项目-甲.yaml").write_text(form, encoding="utf-8")
    with pytest.raises(UserError) as error:
        appraise(root)
    assert "【各项目自评表 全年执行】项目支出 250万元，各项 240万元＝240万元" in error.value.sentence


def test_a_sum_is_not_judged_where_the_bureau_spends_another_budget_too(tmp_path: Path) -> None:
    """Table 05 adds up in itself; 基本支出 and 项目支出 without a further word are those of all budgets."""
    spent = """\
  - 来源: 部门决算
    单位: 万元
    口径: 决算
    数: {dept.expense.general: 600.00, dept.expense.basic: 400.00, dept.expense.project: 208.00}
"""
    with pytest.raises(UserError, match=r"一般公共预算财政拨款支出 = 基本支出 \+ 项目支出"):
        appraise(folder(tmp_path, data=DATA + spent))
    fund = spent.replace("208.00}", "208.00, dept.expense.government_fund: 8.00}")
    assert appraise(folder(tmp_path / "乙", data=DATA + fund)).settled == ()

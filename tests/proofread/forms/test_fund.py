"""Fund tables of seven layouts, each once in order and once with one number wrong."""

import pytest

from tests.proofread.forms.lines import context, failed, table, verdicts
from yibao.proofread.document import Table
from yibao.proofread.findings import Severity
from yibao.proofread.forms.facts import Form
from yibao.proofread.forms.fund import recognise

# the bureau's table: totals above their items, three columns
BUREAU = """
项 目|2030年决算数|2031年预算数|2031年决算数
一、期初余额|500|620|620
二、收入合计|1000|1110|1075
（一）收入小计|980|1090|1050
1．保险费收入|700|800|760
2．利息收入|30|25|28
3．财政补贴收入|200|215|212
4．其他收入|50|50|50
（二）上级补助收入|20|20|25
（三）下级上解收入|0|0|
三、支出合计|880|990|1005
（一）支出小计|860|970|980
1．基本医疗保险待遇支出|800|900|905
2．大病保险支出|60|70|75
（二）补助下级支出|20|20|25
（三）上解上级支出|0|0|0
四、当期收支结余|120|120|70
五、期末滚存结余|620|740|690
"""
# the finance department's form: income beside expense, totals below, × in impossible cells
TWO_SIDED = """
收入项目|上年执行数|本年预算数|支出项目|上年执行数|本年预算数
一、基本医疗保险费收入|300.5|310|一、基本医疗保险待遇支出|700|720.5
其中：医疗救助资助缴费|12|13|其中：住院支出|500|520
财政代缴收入|8|9|门诊支出|200|200.5
二、财政补贴收入|520|540|二、大病保险支出|60|65
三、利息收入|4.5|5|三、其他支出||
四、本年收入小计|825|855|四、本年支出小计|760|785.5
五、上级补助收入|||五、补助下级支出||
六、下级上解收入|||六、上解上级支出||
七、本年收入合计|825|855|七、本年支出合计|760|785.5
×|×|×|八、本年收支结余|65|69.5
八、上年结余|400|465|九、年末滚存结余|465|534.5
总计|1225|1320|总计|1225|1320
"""
# funds one below the other, transfers numbered among the items, no current balance
BLOCKS = """
职工基本医疗保险|
指标|金额
一、上年结余|100.5
二、收入合计|61
1、保险费收入|50
2、利息收入|1
3、上级补助收入|10
三、支出合计|55.5
1、待遇支出|45
2、上解上级支出|10.5
四、滚存结余|106
城乡居民医疗保险|
指标|金额
一、上年结余|20
二、收入合计|88
1、缴费收入|30
2、财政补贴收入|58
三、支出合计|80
1、待遇支出|72
2、大病保险支出|8
四、滚存结余|28
"""
# funds as columns with a total over them, rates behind
COLUMNS = """
项目|职工基本医疗保险||居民基本医疗保险||合计|
|预算数|决算数|预算数|决算数|预算数|决算数
期初结余|90|90|40|40|130|130
基金收入|60|66|50|49|110|115
基金支出|50|52|45|46|95|98
当期结余|10|14|5|3|15|17
期末累计结余|100|104|45|43|145|147
"""
# one row a fund
ROWS = """
险种|上年结余|收入||支出||本年收支结余|年末滚存结余
||合计|其中：财政补贴|合计|其中：待遇支出||
职工医疗保险|80|70|5|66|60|4|84
居民医疗保险|30|90|60|85|70|5|35
合计|110|160|65|151|130|9|119
"""
# pooled and personal accounts as columns
PARTS = """
项目|合计|统筹基金|个人账户
一、期初余额|50|30|20
二、收入合计|40|25|15
1.缴费收入|36|22|14
2.利息收入|4|3|1
三、支出合计|30|20|10
1.医疗保险待遇支出|30|20|10
四、当期收支结余|10|5|5
五、期末滚存结余|60|35|25
"""
# execution and growth columns, unnumbered rows
RATES = """
项目|上年决算|本年预算|本年决算|执行率|比上年增减%
收入合计|200.00|220.00|209.00|95.00%|4.50%
其中：缴费收入|80.00|90.00|85.00|94.44%|6.25%
财政补贴收入|110.00|120.00|114.00|95.00%|3.64%
支出合计|180.00|190.00|195.70|103.00%|8.72%
其中：待遇支出|170.00|180.00|185.00|102.78%|8.82%
当期收支结余|20.00|30.00|13.30||
"""
LAYOUTS = {
    "bureau": (BUREAU, "2031年度某市职工医疗（含生育）保险基金收支情况表"),
    "two sided": (TWO_SIDED, "2031年城乡居民基本医疗保险基金预算表"),
    "blocks": (BLOCKS, "2031年医保基金财务公开"),
    "columns": (COLUMNS, "2031年基本医疗保险基金收支决算表"),
    "rows": (ROWS, "2031年社会保险基金决算情况"),
    "parts": (PARTS, "2031年职工医保基金收支表"),
    "rates": (RATES, "2031年居民医保基金预算执行表"),
}


def form(text: str, title: str, *, weak: bool = False) -> Form:
    found = recognise(table(text, title, "万元", weak=weak), context())
    assert found is not None
    return found


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_table_in_order_has_no_finding(layout: str) -> None:
    found = form(*LAYOUTS[layout])
    assert [c.message for c in failed(found.checks)] == []
    assert sum(str(c.verdict) == "consistent" for c in found.checks) >= 5


@pytest.mark.parametrize(
    ("layout", "right", "wrong", "kind"),
    [
        ("bureau", "2．利息收入|30|25|28", "2．利息收入|30|25|82", "fund_income_sum"),
        ("bureau", "2．大病保险支出|60|70|75", "2．大病保险支出|60|70|57", "fund_expense_sum"),
        (
            "bureau",
            "（二）上级补助收入|20|20|25",
            "（二）上级补助收入|20|20|250",
            "fund_total=subtotal",
        ),
        ("bureau", "四、当期收支结余|120|120|70", "四、当期收支结余|120|120|-70", "fund_balance"),
        ("bureau", "五、期末滚存结余|620|740|690", "五、期末滚存结余|620|740|960", "fund_closing"),
        ("bureau", "一、期初余额|500|620|620", "一、期初余额|500|620|602", "carry_forward"),
        ("two sided", "二、大病保险支出|60|65", "二、大病保险支出|60|56", "fund_expense_sum"),
        ("two sided", "总计|1225|1320\n", "总计|1225|1230\n", "table_balance"),
        ("two sided", "其中：住院支出|500|520", "其中：住院支出|500|720", "subset_sum"),
        ("blocks", "四、滚存结余|106", "四、滚存结余|160", "fund_closing"),
        ("blocks", "2、财政补贴收入|58", "2、财政补贴收入|85", "fund_income_sum"),
        ("columns", "当期结余|10|14|5|3|15|17", "当期结余|10|41|5|3|15|17", "fund_balance"),
        ("columns", "期末累计结余|100|104|45|43|145|147", "期末累计结余|100|104|45|43|145|174", "table_sum"),
        ("rows", "居民医疗保险|30|90", "居民医疗保险|30|99", "fund_balance"),
        ("rows", "|9|119", "|9|191", "table_sum"),
        ("rows", "|4|84", "|4|48", "fund_closing"),
        ("parts", "二、收入合计|40|25|15", "二、收入合计|40|52|15", "table_sum"),
        ("rates", "103.00%", "130.00%", "execution_rate"),
        ("rates", "4.50%", "5.40%", "growth"),
    ],
)
def test_one_wrong_number_is_found(layout: str, right: str, wrong: str, kind: str) -> None:
    text, title = LAYOUTS[layout]
    assert right in text
    found = form(text.replace(right, wrong, 1), title)
    assert "inconsistent" in verdicts(found.checks, kind)


def test_every_identity_of_the_bureau_table_is_evaluated() -> None:
    found = form(*LAYOUTS["bureau"])
    counts = {kind: len(verdicts(found.checks, kind)) for kind in {c.kind for c in found.checks}}
    assert counts == {
        "fund_income_sum": 3, "fund_expense_sum": 3, "fund_total=subtotal": 6, "fund_balance": 3, "fund_closing": 3,
        "carry_forward": 2,
    }  # fmt: skip


def test_facts_have_figure_year_and_basis() -> None:
    found = form(*LAYOUTS["bureau"])
    facts = {(f.figure, f.year, f.basis): str(f.quantity.value) for f in found.facts}
    assert facts["fund.employee.income.premium", 2030, "final"] == "700"
    assert facts["fund.employee.expense.catastrophic", 2031, "budget"] == "70"
    assert facts["fund.employee.closing", 2031, "final"] == "690"


def test_blocks_and_columns_tell_the_funds_apart() -> None:
    blocks = {(f.figure): str(f.quantity.value) for f in form(*LAYOUTS["blocks"]).facts}
    assert blocks["fund.employee.closing"] == "106"
    assert blocks["fund.resident.closing"] == "28"
    columns = {(f.figure, f.basis): str(f.quantity.value) for f in form(*LAYOUTS["columns"]).facts}
    assert columns["fund.resident.income.total", "final"] == "49"


def test_execution_rates_are_facts() -> None:
    facts = {f.figure: str(f.quantity.base) for f in form(*LAYOUTS["rates"]).facts if ".rate." in f.figure}
    assert facts == {
        "fund.resident.rate.income_execution": "0.9500", "fund.resident.rate.premium_execution": "0.9444",
        "fund.resident.rate.expense_execution": "1.0300", "fund.resident.rate.benefit_execution": "1.0278",
    }  # fmt: skip


def test_a_list_of_funds_that_is_not_complete_proves_nothing() -> None:
    text = (
        "险种|收入|支出|本年收支结余|年末滚存结余\n合计|100|90|10|50\n企业职工养老保险|60|55|5|30\n居民医保|20|19|1|9"
    )
    found = form(text, "2031年社会保险基金预算")
    assert failed(found.checks) == []
    assert "uncheckable" in verdicts(found.checks, "table_sum")
    assert "fund.employee.income.total" not in {f.figure for f in found.facts}


def test_half_a_year_is_not_the_year() -> None:
    text = "险种|收入|支出|累计结存\n职工医保|65.07亿元|59.82亿元|216.37亿元\n居民医保|14.64亿元|19.38亿元|22.45亿元"
    found = form(text, "2031年上半年医保基金收支情况")
    assert {f.scope for f in found.facts} == {"上半年"}
    assert {f.figure for f in found.facts} >= {"fund.employee.income.total", "fund.resident.closing"}


def test_districts_may_be_the_rows() -> None:
    text = "名称|上年结余|当期收入|当期支出|当期结余|累计结余\n全市|100.5|40|30|10|110.5\n甲区|60.5|20|15|5|65.5"
    title = "2031年结余表"
    assert verdicts(form(text, title).checks, "fund_closing") == ["consistent"] * 2
    assert "inconsistent" in verdicts(form(text.replace("|65.5", "|56.5"), title).checks, "fund_closing")


def test_parts_are_a_scope() -> None:
    facts = {(f.figure, f.scope): str(f.quantity.value) for f in form(*LAYOUTS["parts"]).facts}
    assert facts["fund.employee.closing", "统筹"] == "35"
    assert facts["fund.employee.closing", ""] == "60"


def test_a_budget_opening_that_differs_is_only_a_warning() -> None:
    text = BUREAU.replace("一、期初余额|500|620|620", "一、期初余额|500|600|620").replace(
        "五、期末滚存结余|620|740|690", "五、期末滚存结余|620|720|690"
    )
    carried = [c for c in form(text, LAYOUTS["bureau"][1]).checks if c.kind == "carry_forward"]
    assert [(str(c.verdict), c.weight) for c in carried] == [("suspicious", Severity.WARNING), ("consistent", None)]


def test_missing_subtotals_do_not_stop_the_other_identities() -> None:
    kept = "\n".join(line for line in BUREAU.split("\n") if "小计" not in line)
    found = form(kept, LAYOUTS["bureau"][1])
    assert failed(found.checks) == []
    assert len(verdicts(found.checks, "fund_income_sum")) == 3
    assert verdicts(found.checks, "fund_total=subtotal") == []


def test_a_lone_total_proves_nothing() -> None:
    blank = (
        BUREAU.replace("1．保险费收入|700|800|760", "1．保险费收入|||")
        .replace("2．利息收入|30|25|28", "2．利息收入|||")
        .replace("3．财政补贴收入|200|215|212", "3．财政补贴收入|||")
        .replace("4．其他收入|50|50|50", "4．其他收入|||")
    )
    assert failed(form(blank, LAYOUTS["bureau"][1]).checks) == []


def test_a_guessed_grid_is_not_trusted_when_most_of_it_fails() -> None:
    shifted = BUREAU.replace("|", "||", 9)
    found = recognise(table(shifted, LAYOUTS["bureau"][1], "万元", weak=True), context())
    assert found is None or "inconsistent" not in {str(c.verdict) for c in found.checks}


@pytest.mark.parametrize(
    "text",
    [
        "项目|金额\n一、一般公共预算财政拨款收入|5\n四、上级补助收入|1\n八、其他收入|1\n本年收入合计|7\n年初结转和结余|1\n总计|8",
        "姓名|年龄\n甲|3\n乙|4",
        "一级指标|分值|得分\n产出|10|10",
        "",
    ],
)
def test_other_tables_are_left_alone(text: str) -> None:
    assert recognise(table(text, "2031年度某表"), context()) is None


def test_hostile_tables_do_not_crash() -> None:
    assert recognise(Table(()), context()) is None
    wide = table("收入合计|" + "|".join("9" * 3 for _ in range(5000)) + "\n" + "x\n" * 3)
    assert recognise(wide, context()) is None


def test_the_caption_names_the_fund_before_the_notes_do() -> None:
    text = "一、上年结余|56\n二、收入合计|375\n1、利息收入|1\n2、上级补助收入|374\n三、支出合计|429\n1、救助支出|339\n2、上解上级支出|90\n四、滚存结余|2"
    found = recognise(table(text, "医疗救助", "万元", ("注：职工含个人账户。",)), context())
    assert found is not None
    assert found.scope == "aid"
    said = "".join(check.message for check in found.checks)
    assert "医疗救助" in said
    assert "职工" not in said

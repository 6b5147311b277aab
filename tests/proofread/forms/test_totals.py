"""Tables that nobody declared: totals, rates and shares are found from words and from what other numbers obey."""

from __future__ import annotations

import pytest

from tests.proofread.forms.lines import context, failed, table, verdicts
from yibao.proofread.findings import Check, Severity, Verdict
from yibao.proofread.forms.totals import recognise

HOSPITALS = """序号|医疗机构|住院人次|医疗费用（万元）|基金支付（万元）
1|甲医院|120|96.50|60.20
2|乙医院|80|{a}|41.30
3|丙卫生院|45|12.25|9.10
合计||245|173.05|110.60"""
TOWNS_TOP = """乡镇|参保人数（人）|个人缴费（元）|财政补助（元）
合计|{a}|1140000.00|2010000.00
东镇|1200|456000.00|804000.00
西镇|1000|380000.00|670000.00
南乡|800|304000.00|536000.00"""
NUMBERED = """项目|上年决算数|本年预算数|本年决算数
一、职工医保|100.00|110.00|{a}
（一）统筹基金|70.00|75.00|78.00
（二）个人账户|30.00|35.00|34.00
二、居民医保|200.00|210.00|206.00
其中：大病保险|20.00|21.00|22.00
合计|300.00|320.00|318.00"""
SUBTOTALS = """单位|一季度|二季度|三季度
甲科|10|12|14
乙科|20|22|24
小计|30|34|{a}
丙站|5|6|7
丁站|6|7|8
小计|11|13|15
总计|41|47|53"""
CODES = """科目|预算数|决算数
201 某类|50.00|48.00
20101 某款|30.00|28.00
20102 另一款|20.00|20.00
202 某另类|40.00|{a}
合计|90.00|87.00"""
GROUPED = """机构|门诊|||住院|||总计
|基金|个人|小计|基金|个人|小计|
甲院|10.0|5.0|15.0|40.0|10.0|50.0|65.0
乙院|8.0|4.0|12.0|30.0|{a}|38.0|50.0
丙院|6.0|2.0|8.0|20.0|5.0|25.0|33.0
丁院|5.0|3.0|8.0|10.0|2.0|12.0|20.0"""
ROW_TOTAL = """月份|职工|居民|合计
1月|12.50|30.25|42.75
2月|11.00|{a}|40.50
3月|13.75|31.00|44.75
4月|12.00|30.00|42.00"""
RATES = """项目名称|年初预算（万元）|决算（万元）|完成率
宣传|20.00|18.00|90%
稽核|40.00|38.00|{a}
信息化|50.00|50.00|100%
培训|10.00|7.50|75%"""
SHARES = """类别|金额（万元）|占比
药品|40.00|40.00%
检查|25.00|{a}
耗材|20.00|20.00%
护理|15.00|15.00%
合计|100.00|100.00%"""
CHANGES = """指标|2030年|2031年|增减额|增减率
门诊|100.00|110.00|10.00|10.00%
住院|200.00|190.00|-10.00|-5.00%
慢病|50.00|60.00|{a}|20.00%
生育|40.00|44.00|4.00|10.00%"""
FLOWS = """基金|收入|支出|当期结余|上年结余|累计结余
职工|80.00|70.00|10.00|50.00|60.00
居民|90.00|85.00|{a}|20.00|25.00
救助|6.00|5.50|0.50|1.00|1.50"""
RATE_ROWS = """指标|2029年|2030年|2031年
全年预算收入|200.00|220.00|240.00
全年实际收入|210.00|209.00|{a}
收入完成率|105.00%|95.00%|105.00%"""
TWO_SIDES = """收入项目|金额|件数|支出项目|金额|件数
利息|3.00|1|手续费|1.00|2
补助|20.00|2|购置|{a}|3
合计|23.00|3|合计|13.00|5"""

#: name → (table, the right value, a wrong one, the kind that must speak)
TABLES = {
    "three columns, total last": (HOSPITALS, "64.30", "46.30", "table_sum"),
    "total first": (TOWNS_TOP, "3000", "3100", "table_sum"),
    "numbered with 其中": (NUMBERED, "112.00", "121.00", "table_sum"),
    "subtotals and a grand total": (SUBTOTALS, "38", "83", "table_sum"),
    "codes": (CODES, "39.00", "93.00", "table_sum"),
    "grouped columns": (GROUPED, "8.0", "9.0", "row_sum"),
    "total column": (ROW_TOTAL, "29.50", "92.50", "row_sum"),
    "completion rate": (RATES, "95%", "59%", "execution_rate"),
    "shares": (SHARES, "25.00%", "52.00%", "percent_of"),
    "change": (CHANGES, "10.00", "1.00", "difference"),
    "flows in columns": (FLOWS, "5.00", "50.00", "fund_balance"),
    "rate in a row": (RATE_ROWS, "252.00", "225.00", "completion_rate"),
    "two halves": (TWO_SIDES, "12.00", "21.00", "table_sum"),
}


def checks(text: str, *, weak: bool = False, caption: str = "某某情况表", unit: str = "") -> list[Check]:
    form = recognise(table(text, caption, unit, weak=weak), context())
    return [] if form is None else list(form.checks)


@pytest.mark.parametrize("name", TABLES)
def test_a_right_table_raises_nothing(name: str) -> None:
    text, right, _, kind = TABLES[name]
    found = checks(text.format(a=right))
    assert failed(found) == []
    assert "consistent" in verdicts(found, kind)


@pytest.mark.parametrize("name", TABLES)
def test_a_wrong_number_is_an_error_of_the_right_kind(name: str) -> None:
    text, _, wrong, kind = TABLES[name]
    found = failed(checks(text.format(a=wrong)))
    assert kind in {c.kind for c in found}
    assert all(wrong.rstrip("%") in c.message or wrong in c.stated for c in found)
    assert all(c.weight is Severity.ERROR for c in found)


@pytest.mark.parametrize("name", TABLES)
def test_a_guessed_grid_proves_nothing(name: str) -> None:
    text, _, wrong, _ = TABLES[name]
    assert failed(checks(text.format(a=wrong), weak=True)) == []


def test_a_plain_list_with_one_column_is_suspicious_and_a_slip_is_an_error() -> None:
    text = "科室|金额\n甲|12.50\n乙|20.00\n丙|7.25\n合计|{a}"
    assert failed(checks(text.format(a="39.75"))) == []
    assert [c.verdict for c in failed(checks(text.format(a="51.30")))] == [Verdict.SUSPICIOUS]
    slipped = failed(checks(text.format(a="93.75")))
    assert [(c.verdict, c.cause) for c in slipped] == [(Verdict.INCONSISTENT, "疑相邻两位数字颠倒")]


@pytest.mark.parametrize(
    "text",
    [
        "序号|单位|联系电话\n1|甲|07301234567\n2|乙|07307654321\n合计|2|",
        "年份|平均费用\n2029|5000\n2030|5200\n合计|5100",
        "项目|单价（元）|数量\n甲|5.00|10\n乙|6.00|20\n合计|200.00|30",
        "编号|代码\n1|210\n2|208\n合计|3",
        "机构|次均费用|报销率\n甲|500.00|70%\n乙|600.00|65%\n合计|540.00|67%",
    ],
)
def test_numbers_that_do_not_add_are_left_alone(text: str) -> None:
    assert failed(checks(text)) == []


def test_a_total_that_no_reading_explains_in_any_column_is_not_decided() -> None:
    text = "名称|甲|乙\n一队|10.00|30.00\n二队|20.00|40.00\n合计|35.00|80.00"
    found = checks(text)
    assert failed(found) == []
    assert verdicts(found, "table_sum") == ["uncheckable", "uncheckable"]


def test_a_table_without_header_may_continue_another() -> None:
    assert failed(checks("2101501|10.00|5.00\n2101502|20.00|6.00\n合计|90.00|11.00")) == []


def test_rounded_parts_are_rounding() -> None:
    found = checks("名称|甲|乙\n一队|10.01|30.00\n二队|20.01|40.00\n三队|5.01|2.00\n合计|35.02|72.00", unit="万元")
    assert failed(found) == []
    assert "rounding" in verdicts(found, "table_sum")


def test_persons_have_no_tolerance() -> None:
    found = checks("名称|人数（人）|金额（万元）\n一队|10|30.00\n二队|20|40.00\n三队|6|2.00\n合计|37|72.00")
    assert [(c.kind, c.stated) for c in failed(found)] == [("table_sum", "37")]


@pytest.mark.parametrize("text", ["", "合计", "|||\n|||", "合计|合计\n合计|合计", "甲|乙\n" + "合计|1\n" * 80])
def test_odd_tables_end_quietly(text: str) -> None:
    assert failed(checks(text)) == []


def test_a_huge_table_is_said_not_to_be_checked() -> None:
    form = recognise(table("甲|乙\n" + "丙|1.00\n" * 1600, "某表"), context())
    assert form is not None
    assert [n.kind for n in form.not_run] == ["table_sum"]
    assert form.checks == ()

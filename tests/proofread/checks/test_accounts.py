"""Identities inside and across the tables: nothing on consistent tables of any layout, the right check on a changed digit."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from tests.proofread.forms.department import LAYOUTS, Bureau, Layout, changed, tables
from tests.proofread.forms.lines import context, table
from tests.proofread.read_accounts import read_accounts
from yibao.proofread.checks.accounts import check_accounts
from yibao.proofread.document import Table
from yibao.proofread.findings import Check, Severity, Verdict
from yibao.proofread.forms.facts import FormContext

Tables = Sequence[tuple[Table, FormContext]]


def check(made: Tables) -> list[Check]:
    return list(check_accounts(read_accounts(made)))


def loud(checks: Sequence[Check]) -> list[Check]:
    return [c for c in checks if c.weight in (Severity.ERROR, Severity.WARNING)]


def one(text: str, caption: str, unit: str = "万元", *, weak: bool = False) -> list[Check]:
    return check([(table(text, caption, unit, weak=weak), context())])


def keys(c: Check) -> set[tuple[int, ...]]:
    return {o.key for o in (*((c.target,) if c.target else ()), *c.operands)}


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda x: x.name)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_consistent_tables_raise_nothing(layout: Layout, seed: int) -> None:
    checks = check(tables(Bureau(seed), layout))
    assert [c.message for c in checks if c.verdict is not Verdict.CONSISTENT] == []
    assert {"table_sum", "row_sum", "table_balance", "cross_table", "soft_cross", "code"} <= {c.kind for c in checks}


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda x: x.name)
def test_one_changed_digit_is_found_at_its_number(layout: Layout) -> None:
    draw = random.Random(layout.name)
    made = tables(Bureau(1), layout)
    cells = [
        (i, n)
        for i, account in enumerate(read_accounts(made))
        for line in account.lines
        for n in line.amounts.values()
        if n.value
    ]
    for i, number in draw.sample(cells, 12):
        row, col = number.key[1:]
        text = made[i][0].text(row, col)
        at = next(k for k, char in enumerate(text) if char.isdigit() and char != "0")
        wrong = text[:at] + str(int(text[at]) % 9 + 1) + text[at + 1 :]
        broken = [*made[:i], (changed(made[i][0], row, col, wrong), made[i][1]), *made[i + 1 :]]
        found = loud(check(broken))
        touching = [c for c in found if number.key in keys(c) or c.evidence.place.block == number.key[0]]
        assert touching, f"{made[i][0].caption}: {text} → {wrong}"
        assert all(number.key in keys(c) for c in found if c.kind in ("table_sum", "row_sum")), [
            c.message for c in found
        ]


def test_a_wrong_class_total_is_an_error_with_what_it_should_be() -> None:
    checks = one(
        "科目编码|科目名称|本年支出合计|基本支出|项目支出\n合计||30.00|20.00|10.00\n210|卫生健康支出|18.00|8.00|10.00\n"
        "2101501|行政运行|8.00|8.00|\n2101502|一般行政管理事务|12.00||12.00\n221|住房保障支出|12.00|12.00|",
        "支出决算表",
    )
    found = loud(checks)
    assert [(c.kind, c.stated, c.expected) for c in found] == [
        ("table_sum", "18.00", "20.00万元"), ("table_sum", "10.00", "12.00万元"),
    ]  # fmt: skip


def test_last_digit_of_converted_amounts_is_rounding() -> None:
    checks = one(
        "科目编码|科目名称|本年支出合计|基本支出|项目支出\n合计||30.01|20.01|10.01\n2101501|行政运行|20.01|20.01|\n2101502|一般行政管理事务|10.01||10.01",
        "支出决算表",
    )
    assert loud(checks) == []
    assert sum(c.verdict is Verdict.ROUNDING for c in checks) == 2


def test_a_fen_in_yuan_is_no_rounding() -> None:
    checks = one(
        "科目编码|科目名称|本年支出合计|基本支出|项目支出\n合计||300.02|200.01|100.01\n2101501|行政运行|200.01|200.01|\n2101502|一般行政管理事务|100.02||100.02",
        "支出决算表",
        "元",
    )
    assert [(c.kind, str(c.verdict)) for c in loud(checks)] == [
        ("table_sum", "inconsistent"),
        ("table_sum", "inconsistent"),
    ]


def test_rounded_yuan_beside_fen_are_rounding() -> None:
    checks = one(
        "科目编码|科目名称|本年支出合计|基本支出|项目支出\n合计||300.34|200|100.34\n2101501|行政运行|200.34|200|0.34\n2101502|一般行政管理事务|100.00||100.00",
        "支出决算表",
        "元",
    )
    assert loud(checks) == []


def test_amounts_in_an_unknown_column_prove_nothing() -> None:
    checks = one(
        "科目编码|科目名称|本年支出合计|基本支出|项目支出|某某资金\n合计||30.00|20.00|8.00|2.00\n2101501|行政运行|30.00|20.00|8.00|2.00",
        "支出决算表",
    )
    assert loud(checks) == []
    assert any(c.kind == "row_sum" and c.verdict is Verdict.UNCHECKABLE for c in checks)


def test_a_code_printed_twice_makes_sums_uncheckable() -> None:
    checks = one(
        "科目编码|科目名称|本年支出合计|基本支出|项目支出\n合计||30.00|20.00|10.00\n2101501|行政运行|10.00|10.00|\n2101501|行政运行|10.00|10.00|\n"
        "2101502|一般行政管理事务|20.00||20.00",
        "支出决算表",
    )
    assert [c.kind for c in loud(checks) if c.kind == "table_sum"] == []


SUMMARY = """收入||支出|
项目|决算数|项目|决算数
一、一般公共预算财政拨款收入|90.00|一、社会保障和就业支出|{a}
二、其他收入|4.00|二、卫生健康支出|80.00
本年收入合计|94.00|本年支出合计|92.00
年初结转和结余|{b}|年末结转和结余|5.00
总计|97.00|总计|97.00"""


@pytest.mark.parametrize(
    ("values", "kinds"),
    [
        ({"a": "12.00", "b": "3.00"}, []),
        ({"a": "21.00", "b": "3.00"}, ["table_sum"]),
        ({"a": "12.00", "b": "8.00"}, ["table_balance"]),
    ],
)
def test_both_sides_of_the_summary(values: dict[str, str], kinds: list[str]) -> None:
    assert [c.kind for c in loud(one(SUMMARY.format(**values), "收入支出决算总表"))] == kinds


def test_numbered_rows_below_a_source_add_up_and_its_其中_need_not() -> None:
    text = """收入||支出|
项目|预算数|项目|预算数
一、财政拨款收入|120.00|一、卫生健康支出|128.00
1.一般公共预算拨款|{a}||
2.政府性基金预算拨款|10.00||
二、事业收入|8.00||
其中：培训收入|3.00||
收入总计|128.00|支出总计|128.00"""
    assert loud(one(text.format(a="110.00"), "部门收支总表")) == []
    assert [(c.kind, c.stated) for c in loud(one(text.format(a="101.00"), "部门收支总表"))] == [("table_sum", "120.00")]


def test_opening_balances_by_budget() -> None:
    text = """收入||支出||||
项目|金额|项目|合计|一般公共预算财政拨款|政府性基金预算财政拨款|国有资本经营预算财政拨款
一、一般公共预算财政拨款|50.00|一、卫生健康支出|53.00|50.50|2.50|
二、政府性基金预算财政拨款|4.00||||
本年收入合计|54.00|本年支出合计|53.00|50.50|2.50|
年初财政拨款结转和结余|2.00|年末财政拨款结转和结余|3.00|1.00|2.00|
一般公共预算财政拨款|{a}||||
政府性基金预算财政拨款|0.50||||
总计|56.00|总计|56.00|51.50|4.50|"""
    good = one(text.format(a="1.50"), "财政拨款收入支出决算总表")
    assert loud(good) == []
    assert sum("本年收入＋年初结转" in c.message for c in good) == 2
    bad = loud(one(text.format(a="5.10"), "财政拨款收入支出决算总表"))
    assert {c.kind for c in bad} == {"table_sum", "table_balance"}


def test_fund_table_flow() -> None:
    text = """项目||年初结转和结余|本年收入|本年支出|||年末结转和结余
科目代码|科目名称|||小计|基本支出|项目支出|
合计||1.20|9.56|8.00||8.00|{x}
2296013|用于城乡医疗救助的彩票公益金支出|1.20|9.56|8.00||8.00|{x}"""
    assert loud(one(text.format(x="2.76"), "政府性基金预算财政拨款收入支出决算表")) == []
    assert {c.kind for c in loud(one(text.format(x="2.67"), "政府性基金预算财政拨款收入支出决算表"))} == {
        "table_balance"
    }


def test_three_public_both_identities() -> None:
    text = "项目|预算数|决算数\n合计|6.00|{a}\n因公出国（境）费||\n公务接待费|2.00|1.20\n公务用车购置及运行维护费|4.00|3.30\n其中：公务用车购置费||\n公务用车运行维护费|4.00|{b}"
    title = "“三公”经费支出决算表"
    assert loud(one(text.format(a="4.50", b="3.30"), title)) == []
    assert [c.expected for c in loud(one(text.format(a="5.40", b="3.30"), title))] == ["4.50万元"]
    assert [c.expected for c in loud(one(text.format(a="4.50", b="3.03"), title))] == ["3.03万元"]


def test_units_rows_add_up_to_the_total_of_three_public() -> None:
    text = """单位名称|合计|因公出国（境）费|公务用车购置及运行维护费|||公务接待费
|||小计|购置费|运行维护费|
合计|6.00||4.00||4.00|2.00
局本级|4.00||3.00||3.00|1.00
事务中心|2.00||{a}||{a}|{b}"""
    title = "“三公”经费支出决算表"
    assert loud(one(text.format(a="1.00", b="1.00"), title)) == []
    assert {c.kind for c in loud(one(text.format(a="0.50", b="1.50"), title))} == {"table_sum"}


def test_weak_tables_prove_nothing_by_themselves() -> None:
    text = "科目编码|科目名称|本年支出合计|基本支出|项目支出\n合计||30.00|20.00|10.00\n2101501|行政运行|18.00|18.00|0.00\n2101502|一般行政管理事务|10.00|0.00|10.00"
    assert len(loud(one(text, "支出决算表"))) == 2
    assert loud(one(text, "支出决算表", weak=True)) == []


def test_empty_tables_are_passed_over() -> None:
    text = "科目代码|科目名称|合计|基本支出|项目支出\n合计||||\n无||0|0|0"
    assert one(text, "国有资本经营预算财政拨款支出决算表") == []


# --- across tables ----------------------------------------------------------------------------------------------------


def edited(made: Tables, caption: str, old: str, new: str, nth: int = 0) -> list[tuple[Table, FormContext]]:
    """One cell of a table printed otherwise, told by its text."""
    out = list(made)
    i = next(k for k, (t, _) in enumerate(made) if t.caption == caption)
    t = made[i][0]
    places = [(r, c) for r, row in enumerate(t.rows) for c, cell in enumerate(row) if cell.text == old]
    out[i] = (changed(t, *places[nth], new), made[i][1])
    return out


def test_totals_of_two_tables_differ() -> None:
    made = tables(Bureau(1), LAYOUTS[1])
    total = made[1][0].text(3, 2)
    wrong = edited(made, "收入决算表", total, total.replace(total[0], "7", 1) if total[0] != "7" else "1" + total[1:])
    assert any(c.kind == "cross_table" and "本年收入合计" in c.message for c in loud(check(wrong)))


def test_items_are_compared_only_without_carried_amounts() -> None:
    income = "科目编码|科目名称|本年收入合计|财政拨款收入\n合计||30.00|30.00\n2101501|行政运行|20.00|20.00\n2101502|一般行政管理事务|10.00|10.00"
    expense = "科目编码|科目名称|本年支出合计|基本支出|项目支出\n合计||30.00|19.00|11.00\n2101501|行政运行|19.00|19.00|\n2101502|一般行政管理事务|11.00||11.00"
    summary = "收入||支出|\n项目|决算数|项目|决算数\n一、一般公共预算财政拨款收入|30.00|一、卫生健康支出|30.00\n本年收入合计|30.00|本年支出合计|30.00\n年初结转和结余|{c}|年末结转和结余|{c}\n总计|{t}|总计|{t}"

    def made(c: str, t: str) -> list[Check]:
        parts = [("收入支出决算总表", summary.format(c=c, t=t)), ("收入决算表", income), ("支出决算表", expense)]
        return check([(table(x, caption, "万元"), replace(context(), block=i)) for i, (caption, x) in enumerate(parts)])

    assert sum(c.kind == "cross_table" and "行政" in c.message for c in loud(made("", "30.00"))) == 2
    assert loud(made("5.00", "35.00")) == []


def test_basic_expenditure_against_its_economic_items() -> None:
    made = tables(Bureau(2), LAYOUTS[0])
    basic = made[5][0]
    row = len(basic.rows) - 1
    wrong = [*made[:5], (changed(basic, row, 2, "99999.00"), made[5][1]), made[6]]
    found = loud(check(wrong))
    assert {c.kind for c in found} == {"table_sum", "cross_table"}


def test_a_three_public_item_above_its_whole_is_a_warning() -> None:
    made = tables(Bureau(1), LAYOUTS[0])
    three = made[6][0]
    wrong = changed(changed(three, 4, 11, "0.10"), 4, 6, "3.66")
    found = loud(check([*made[:6], (wrong, made[6][1])]))
    assert [(c.kind, c.severity) for c in found] == [("cross_table", Severity.WARNING)]
    assert "30217" in found[0].message


def test_expected_equality_is_only_told() -> None:
    bureau = Bureau(1)
    bureau.items["2210201"] = (bureau.items["2210201"][0] + 500_000, 0)
    bureau.items["2101501"] = (bureau.items["2101501"][0] - 500_000, bureau.items["2101501"][1])
    checks = check(tables(bureau, LAYOUTS[0]))
    assert loud(checks) == []
    assert [c.severity for c in checks if c.verdict is Verdict.SUSPICIOUS] == [Severity.INFO]


def test_last_years_closing_is_this_years_opening() -> None:
    now = (table(SUMMARY.format(a="12.00", b="3.00"), "2031年收入支出决算总表", "万元"), context(2031))
    last = SUMMARY.format(a="12.00", b="3.00").replace("年末结转和结余|5.00", "年末结转和结余|{c}")
    for closing, verdict in (("3.00", Verdict.CONSISTENT), ("5.00", Verdict.INCONSISTENT)):
        before = (
            table(last.format(c=closing), "2030年收入支出决算总表", "万元"),
            replace(context(2030), file="上年.txt"),
        )
        found = [c for c in check([now, before]) if c.kind == "carry_forward"]
        assert [c.verdict for c in found] == [verdict]


def test_a_code_beside_another_name_is_a_warning() -> None:
    text = "科目编码|科目名称|本年支出合计|基本支出|项目支出\n合计||8.00|8.00|\n2101550|行政运行|8.00|8.00|"
    found = loud(one(text, "支出决算表"))
    assert [(c.kind, str(c.verdict), c.expected) for c in found] == [("code", "suspicious", "事业运行")]


def test_a_second_unit_opens_a_set_of_its_own() -> None:
    first, second = tables(Bureau(1), LAYOUTS[0]), tables(Bureau(2), LAYOUTS[0])
    moved = [(t, replace(c, block=c.block + 50)) for t, c in second]
    assert loud(check([*first, *moved])) == []


def test_tables_of_several_files_belong_together_unless_they_name_other_bureaus() -> None:
    made = tables(Bureau(1), LAYOUTS[0])
    spread = [
        (t, replace(c, file=f"{i}.xlsx", bureau="甲县医疗保障局" if i == 0 else "")) for i, (t, c) in enumerate(made)
    ]
    assert sum(c.kind == "cross_table" for c in check(spread)) == sum(c.kind == "cross_table" for c in check(made))
    apart = [(t, replace(c, file=f"{i}.xlsx", bureau=f"{i}县医疗保障局")) for i, (t, c) in enumerate(made)]
    assert [c for c in check(apart) if c.kind == "cross_table"] == []


def test_budget_and_final_account_are_not_compared() -> None:
    final, budget = tables(Bureau(1), LAYOUTS[0]), tables(Bureau(2), LAYOUTS[9])
    moved = [(t, replace(c, block=c.block + 50)) for t, c in budget]
    assert loud(check([*final, *moved])) == []

"""The published tables are recognised by title and columns, in every layout, and read into lines and facts."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.proofread.forms.department import LAYOUTS, Bureau, Layout, tables
from tests.proofread.forms.lines import context, table
from tests.proofread.read_accounts import read_accounts
from yibao.proofread.document import Cell, Table
from yibao.proofread.forms.accounts import read_account, recognise
from yibao.proofread.forms.accounts_table import Account

KINDS = ["summary", "income", "expense", "fiscal", "general", "basic", "three_public"]


def read(text: str, caption: str, unit: str = "万元", *, year: int = 2031) -> Account:
    found = read_account(table(text, caption, unit), context(year))
    assert found is not None
    return found


def amounts(account: Account, role: str, side: str = "") -> dict[str, str]:
    line = account.line(role, side)
    assert line is not None
    return {column: str(n.quantity.value) for column, n in line.amounts.items()}


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda x: x.name)
def test_every_layout_is_recognised_and_its_columns_are_certain(layout: Layout) -> None:
    accounts = read_accounts(tables(Bureau(3), layout))
    assert [a.kind for a in accounts] == KINDS
    assert all(a.certain for a in accounts)
    assert {a.basis for a in accounts} == {"budget" if layout.budget else "final"}


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda x: x.name)
def test_every_layout_tells_the_same_amounts(layout: Layout) -> None:
    bureau = Bureau(3)
    accounts = {a.kind: a for a in read_accounts(tables(bureau, layout))}
    expense = {x.code: x for x in accounts["expense"].items()}
    assert expense["2101501"].value("basic") == Decimal(bureau.items["2101501"][0]) / 100
    assert expense["2101501"].value("project") == Decimal(bureau.items["2101501"][1]) / 100
    assert ("208" in expense) == layout.levels
    economic = {x.code: x.value() for x in accounts["basic"].items()}
    assert economic["30211"] == Decimal(bureau.economic["30211"]) / 100
    three = accounts["three_public"]
    assert {r: three.line(r).value("final") for r in ("running", "reception", "vehicle")} == {  # type: ignore[union-attr]
        "running": Decimal(35600), "reception": Decimal(11200), "vehicle": Decimal(35600)
    }  # fmt: skip
    assert accounts["summary"].line("class", "expense") is not None
    health = next(x for x in accounts["summary"].on("expense") if x.code == "210")
    assert health.value() == Decimal(bureau.amount("210")) / 100


def test_trailing_zeros_that_are_not_printed_do_not_widen_a_number() -> None:
    account = read(
        "科目编码|科目名称|本年支出合计|基本支出|项目支出\n合计||20.5|18|2.55\n2101501|行政运行|20.5|18|2.55",
        "支出决算表",
    )
    assert {n.quantity.decimals for x in account.lines for n in x.amounts.values()} == {2}


def test_whole_yuan_beside_fen_stay_rounded() -> None:
    account = read(
        "科目编码|科目名称|本年支出合计|基本支出|项目支出\n合计||205000.34|180000|25000.34", "支出决算表", "元"
    )
    assert amounts(account, "total") == {"total": "205000.34", "basic": "180000", "project": "25000.34"}
    line = account.line("total")
    assert line is not None
    assert line.amounts["basic"].quantity.decimals == 0


def test_a_unit_printed_in_the_header_is_the_tables() -> None:
    text = "支出决算表||||单位：万元\n科目编码|科目名称|本年支出合计|基本支出|项目支出\n合计||9.00|5.00|4.00\n2101501|行政运行|9.00|5.00|4.00"
    account = read(text, "", "")
    assert account.kind == "expense"
    assert {n.quantity.unit.symbol for x in account.lines for n in x.amounts.values() if n.quantity.unit} == {"万元"}


def test_summary_with_three_value_columns() -> None:
    account = read(
        """收入|||||支出||||
项目|行次|年初预算数|全年预算数|决算数|项目|行次|年初预算数|全年预算数|决算数
栏次||1|2|3|栏次||4|5|6
一、一般公共预算财政拨款收入|1|80.00|90.00|88.50|一、社会保障和就业支出|10|10.00|11.00|10.50
二、事业收入|2|5.00|5.00|4.20|二、卫生健康支出|11|75.00|84.00|80.20
本年收入合计|3|85.00|95.00|92.70|本年支出合计|12|85.00|95.00|90.70
年初结转和结余|5|1.00|1.00|1.00|年末结转和结余|14|1.00|1.00|3.00
总计|6|86.00|96.00|93.70|总计|15|86.00|96.00|93.70""",
        "收入支出决算总表",
    )
    assert amounts(account, "total", "income") == {"initial": "85.00", "adjusted": "95.00", "total": "92.70"}
    assert amounts(account, "closing", "expense") == {"initial": "1.00", "adjusted": "1.00", "total": "3.00"}
    assert amounts(account, "enterprise", "income")["total"] == "4.20"


def test_income_with_budgets_below_fiscal() -> None:
    account = read(
        """项目||本年收入合计|财政拨款收入|||事业收入||其他收入
科目编码|科目名称||小计|一般公共预算|政府性基金预算|小计|其中：教育收费|
合计||66.00|60.00|55.00|5.00|4.00||2.00
2101501|行政运行|61.00|55.00|55.00||4.00||2.00""",
        "收入决算表",
    )
    assert amounts(account, "total") == {
        "total": "66.00", "fiscal": "60.00", "general": "55.00", "government_fund": "5.00", "enterprise": "4.00", "other": "2.00"
    }  # fmt: skip


def test_general_table_with_carried_amounts() -> None:
    account = read(
        """项目||年初结转和结余|||本年收入|||本年支出|||年末结转和结余||
科目代码|科目名称|合计|基本支出结转|项目支出结转|合计|基本支出|项目支出|合计|基本支出|项目支出|合计|基本支出结转|项目支出结转
合计||3.00|1.00|2.00|50.00|20.00|30.00|51.00|20.50|30.50|2.00|0.50|1.50
2101501|行政运行|1.00|1.00||20.00|20.00||20.50|20.50||0.50|0.50|""",
        "一般公共预算财政拨款收入支出决算表",
    )
    assert account.kind == "general"
    found = amounts(account, "total")
    assert (found["opening"], found["income"], found["total"], found["basic"], found["closing.project"]) == (
        "3.00",
        "50.00",
        "51.00",
        "20.50",
        "1.50",
    )


def test_header_row_whose_blanks_were_lost_is_read_by_the_line_row() -> None:
    account = read(
        """项目||年初结转和结余|本年收入|本年支出|||年末结转和结余
科目代码|科目名称|小计|基本支出|项目支出
栏次||1|2|3|4|5|6
合计||1.20|9.56|8.00||8.00|2.76
2296013|用于城乡医疗救助的彩票公益金支出|1.20|9.56|8.00||8.00|2.76""",
        "政府性基金预算财政拨款收入支出决算表",
    )
    assert account.kind == "fund"
    assert amounts(account, "total") == {
        "opening": "1.20",
        "income": "9.56",
        "total": "8.00",
        "project": "8.00",
        "closing": "2.76",
    }


def test_economic_items_beside_government_classification() -> None:
    account = read(
        """政府预算经济分类||部门预算经济分类||合计|人员经费|公用经费
科目编码|科目名称|科目编码|科目名称|||
501|机关工资福利支出|301|工资福利支出|60.00|60.00|
50101|工资奖金津补贴|30101|基本工资|40.00|40.00|
50101|工资奖金津补贴|30102|津贴补贴|20.00|20.00|
502|机关商品和服务支出|302|商品和服务支出|12.00||12.00
50201|办公经费|30201|办公费|12.00||12.00
||合计||72.00|60.00|12.00""",
        "一般公共预算基本支出表",
    )
    assert [x.code for x in account.items()] == ["301", "30101", "30102", "302", "30201"]
    assert amounts(account, "total") == {"total": "72.00", "personnel": "60.00", "public": "12.00"}


def test_economic_groups_without_numbers_in_some_cells() -> None:
    account = read(
        """科目编码|科目名称|决算数|科目编码|科目名称|决算数|科目编码|科目名称|决算数
301|工资福利支出|60.00|302|商品和服务支出|305|307|债务利息及费用支出|
30101|基本工资|40.00|30201|办公费|300|310|资本性支出|
30102|津贴补贴|20.00|30211|差旅费|5||||
人员经费合计||60.00|公用经费合计|||||305""",
        "一般公共预算财政拨款基本支出决算表",
    )
    found = {x.code: x.value() for x in account.items()}
    assert found["302"] == 3_050_000, "305 is an amount, not a code"
    assert found["307"] == 0
    assert amounts(account, "public") == {"total": "305"}


def test_merged_cells_of_a_word_table() -> None:
    rows = [
        ["项目", "", "本年支出", "", ""],
        ["编码", "名称", "小计", "基本支出", "项目支出"],
        ["合计", "", "9.00", "5.00", "4.00"],
        ["2101501", "行政运行", "9.00", "5.00", "4.00"],
    ]
    cells = [[Cell(t, r, c) for c, t in enumerate(row)] for r, row in enumerate(rows)]
    cells[0][1] = Cell("", 0, 1, origin=(0, 0))
    cells[0][3] = Cell("", 0, 3, origin=(0, 2))
    cells[0][4] = Cell("", 0, 4, origin=(0, 2))
    cells[2][1] = Cell("", 2, 1, origin=(2, 0))
    account = read_account(Table(tuple(map(tuple, cells)), "一般公共预算财政拨款支出决算表", "万元"), context())
    assert account is not None
    assert (account.kind, account.certain) == ("general", True)
    assert amounts(account, "total") == {"total": "9.00", "basic": "5.00", "project": "4.00"}


def test_three_public_by_unit_keeps_the_total_apart() -> None:
    account = read(
        """单位名称|预算数||||||决算数|||||
|合计|因公出国（境）费|公务用车购置及运行维护费|||公务接待费|合计|因公出国（境）费|公务用车购置及运行维护费|||公务接待费
|||小计|购置费|运行维护费||||小计|购置费|运行维护费|
合计|6.00||4.00||4.00|2.00|4.50||3.30||3.30|1.20
局本级|4.00||3.00||3.00|1.00|3.00||2.30||2.30|0.70
事务中心|2.00||1.00||1.00|1.00|1.50||1.00||1.00|0.50""",
        "“三公”经费支出决算表",
    )
    assert amounts(account, "total") == {"budget": "6.00", "final": "4.50"}
    assert sum(x.side == "unit" and x.role == "reception" for x in account.lines) == 2


def test_three_public_of_last_year_is_no_figure_of_this_year() -> None:
    text = """项目|上年决算数|本年预算数|本年决算数|比上年增减%
合计|5.00|4.00|3.00|-40.00
1、因公出国（境）费用|0.00|0.00|0.00|
2、公务接待费|1.00|1.00|0.50|-50.00
3、公务用车费|4.00|3.00|2.50|-37.50
（1）国内公务接待批次（个）|8|9|6|"""
    form = recognise(table(text, "“三公”经费支出决算表", "万元"), context())
    assert form is not None
    found = {(f.figure, f.basis): str(f.quantity.value) for f in form.facts}
    assert found["dept.three_public.total", "final"] == "3.00"
    assert found["dept.three_public.vehicle", "budget"] == "3.00"
    assert not any("groups" in figure or value == "5.00" for (figure, _), value in found.items())


def test_a_page_without_header_continues_the_table_before_it() -> None:
    first = table(
        "科目编码|科目名称|本年支出合计|基本支出|项目支出\n合计||60.00|30.00|30.00\n210|卫生健康支出|45.00|20.00|25.00",
        "支出决算表",
        "万元",
    )
    second = table("2101501|行政运行|22.00|20.00|2.00\n221|住房保障支出|15.00|10.00|5.00", "", "万元")
    accounts = read_accounts([(first, context()), (second, replace(context(), block=4))])
    assert len(accounts) == 1
    codes = {x.code: x for x in accounts[0].items()}
    assert codes["221"].value("basic") == 100_000
    assert codes["221"].amounts["total"].evidence.place.row == 1
    assert codes["221"].amounts["total"].key[0] == 4


def test_a_page_that_repeats_its_header_continues_too() -> None:
    head = "科目编码|科目名称|本年支出合计|基本支出|项目支出\n"
    first = table(head + "210|卫生健康支出|45.00|20.00|25.00", "支出决算表", "万元")
    second = table(head + "221|住房保障支出|15.00|10.00|5.00\n合计||60.00|30.00|30.00", "", "万元")
    accounts = read_accounts([(first, context()), (second, replace(context(), block=5))])
    assert [(a.kind, len(a.lines)) for a in accounts] == [("expense", 3)]


@pytest.mark.parametrize(
    ("caption", "text"),
    [
        (
            "部门整体支出绩效评价基础数据表",
            "经费控制情况|预算数|决算数\n三公经费|4|3\n1、公务用车购置和维护经费|3|2\n2、出国经费|0|0\n3、公务接待|1|1",
        ),
        ("项目支出预算明细表", "科目编码|项目名称|金额\n2101502|宣传|3.00\n2101502|稽核|4.00"),
        ("各科室人员情况", "科室|人数\n办公室|5\n稽核科|6"),
        ("", "序号|金额\n1|5.00\n2|6.00"),
    ],
)
def test_other_tables_are_left_to_others(caption: str, text: str) -> None:
    assert recognise(table(text, caption, "万元"), context()) is None


def test_facts_carry_the_registers_names() -> None:
    bureau = Bureau(5)
    facts = [f for t, c in tables(bureau, LAYOUTS[0]) if (form := recognise(t, c)) for f in form.facts]
    found = {(f.figure, f.scope, f.basis): f.quantity.base for f in facts}
    total = Decimal(bureau.amount("")) / 100
    assert found["dept.income.total", "", "final"] == total
    assert found["dept.expense.total", "", "final"] == total
    assert found["dept.income.fiscal", "", "final"] == total
    assert found["dept.expense.general", "", "final"] == total
    assert found["dept.function.210", "general", "final"] == Decimal(bureau.amount("210")) / 100
    assert found["code:2101501", "basic", "final"] == Decimal(bureau.items["2101501"][0]) / 100
    assert found["code:2101501", "income", "final"] == Decimal(bureau.amount("2101501")) / 100
    assert found["econ:30201", "", "final"] == Decimal(bureau.economic["30201"]) / 100
    assert found["dept.three_public.reception", "", "budget"] == 20000
    assert {f.year for f in facts} == {2031}


def test_all_tables_of_the_published_final_account_are_recognised(shared) -> None:  # type: ignore[no-untyped-def]
    from yibao.proofread.read import read_file

    source = read_file(next((shared / "seeds").glob("004_*")))
    forms = [
        f for block, t in source.tables() if (f := recognise(t, replace(context(2023), block=block, file=source.path)))
    ]
    assert [f.kind.removeprefix("accounts:") for f in forms] == [*KINDS[:6], "fund", "capital", "three_public"]

"""部门决算公开 01—09: nine tables that fit together, from the figures of the book alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.appraise.filled import BUREAU, folder
from yibao import proofread
from yibao.appraise.appraisal import Appraisal, appraise
from yibao.appraise.forms.accounts import accounts
from yibao.appraise.forms.attachments import attachments
from yibao.appraise.forms.table import Form
from yibao.appraise.publish import publish
from yibao.proofread.findings import Severity
from yibao.proofread.read import read_package

TOTALS = {
    "dept.income.general": "652.00", "dept.income.total": "652.00", "dept.income.fiscal": "652.00",
    "dept.income.fiscal_grand": "662.00", "dept.income.grand": "662.00", "dept.carry.opening": "10.00",
    "dept.carry.closing": "60.50", "dept.expense.total": "601.50", "dept.expense.grand": "662.00",
    "dept.expense.fiscal": "601.50", "dept.expense.fiscal_grand": "662.00", "dept.expense.general": "601.50",
    "dept.expense.basic": "400.50", "dept.expense.project": "201.00", "dept.expense.personnel": "350.50",
    "dept.expense.public": "50.00", "dept.wages": "350.50", "dept.goods_services": "50.00",
    "dept.function.208": "40.25", "dept.function.210": "561.25", "dept.income.government_fund": "0",
    "dept.expense.government_fund": "0", "dept.expense.state_capital": "0", "dept.three_public.total": "4.84",
    "dept.three_public.vehicle": "4.34", "dept.three_public.vehicle_running": "4.34", "dept.three_public.reception": "0.50",
}  # fmt: skip
ITEMS = {
    "dept.income.total": ("40.25", "611.75"), "dept.income.fiscal": ("40.25", "611.75"),
    "dept.expense.total": ("40.25", "561.25"), "dept.expense.general": ("40.25", "561.25"),
    "dept.expense.fiscal": ("40.25", "561.25"), "dept.expense.basic": ("40.25", "360.25"),
    "dept.expense.project": ("0.00", "201.00"),
}  # fmt: skip
ECONOMIC = {"30101": "200.00", "30102": "110.25", "30108": "40.25", "30201": "30.00", "30211": "20.00"}
BUDGET = {"total": "5.50", "vehicle": "4.50", "vehicle_running": "4.50", "reception": "1.00"}


def _group(values: dict[str, str], scope: str = "", basis: str = "决算") -> str:
    lines = "".join(f"      {figure}: {value}\n" for figure, value in values.items())
    return f"  - 来源: 部门决算\n    单位: 万元\n    口径: {basis}\n    范围: '{scope}'\n    数:\n{lines}"


def _data() -> str:
    groups = [
        _group(TOTALS),
        _group({f"dept.three_public.{name}": value for name, value in BUDGET.items()}, basis="预算"),
    ]
    for at, codes in enumerate((("208", "20805", "2080505"), ("210", "21015", "2101501"))):
        groups += [_group({figure: pair[at] for figure, pair in ITEMS.items()}, code) for code in codes]
    groups += [_group({"dept.expense.basic": value}, code) for code, value in ECONOMIC.items()]
    return "数据:\n" + "".join(groups)


@pytest.fixture
def year(tmp_path: Path) -> Appraisal:
    reason = "说明:\n  - {偏差: 2025年 公务接待费 决算与预算, 理由: 接待批次减少}\n"
    return appraise(folder(tmp_path, data=_data(), sheet=None, bureau=BUREAU + "版式: 决算\n", choices=reason))


def table(year: Appraisal, number: str) -> Form:
    return next(form for form in accounts(year) if form.id == f"accounts:{number}")


def row(form: Form, label: str) -> list[str]:
    rows = ([cell.text for cell in cells if cell is not None] for cells in form.grid)
    return next(texts for texts in rows if label in texts)


def test_there_are_nine(year: Appraisal) -> None:
    assert [form.id for form in accounts(year)] == [f"accounts:0{number}" for number in range(1, 10)]


def test_the_package_passes_the_proofreader(year: Appraisal, tmp_path: Path) -> None:
    publish(year, tmp_path / "out")
    reports = proofread.check_package(read_package(tmp_path / "out"))
    findings = [finding for report in reports for finding in report.findings]
    assert [f.message for f in findings if f.severity in (Severity.ERROR, Severity.WARNING)] == []
    assert sum(len(report.checks) for report in reports) > 40


def test_both_sides_end_in_the_same_row(year: Appraisal) -> None:
    assert row(table(year, "01"), "总计") == ["总计", "27", "662.00", "总计", "54", "662.00"]


def test_items_are_the_codes_of_the_book_under_their_names_of_the_year(year: Appraisal) -> None:
    form = table(year, "05")
    assert row(form, "合计") == ["合计", "601.50", "400.50", "201.00"]
    assert row(form, "21015") == ["21015", "医疗保障管理事务", "561.25", "360.25", "201.00"]
    codes = [cells[0].text for cells in form.grid[2:] if cells[0] is not None]
    assert codes == ["208", "20805", "2080505", "210", "21015", "2101501"]


def test_totals_are_sums_of_the_level_below(year: Appraisal) -> None:
    total, leaf = table(year, "05").grid[1][2], table(year, "05").grid[7][2]
    assert total is not None
    assert leaf is not None
    assert total.formula == "ROUND(SUM({2,2},{5,2}),2)"
    assert leaf.formula == "ROUND(SUM({7,3},{7,4}),2)"


def test_basic_expenditure_stands_by_economic_code(year: Appraisal) -> None:
    form = table(year, "06")
    assert row(form, "30101")[:3] == ["30101", "基本工资", "200.00"]
    assert row(form, "人员经费合计") == ["人员经费合计", "350.50", "公用经费合计", "50.00"]


def test_an_empty_table_carries_its_note(year: Appraisal) -> None:
    assert table(year, "07").below == ("注：2025年度本部门没有政府性基金预算财政拨款收入和支出，本表为空表。",)
    assert table(year, "05").below == ("注：本表反映部门本年度一般公共预算财政拨款支出情况。",)


def test_three_public_has_budget_and_result(year: Appraisal) -> None:
    cells = [cell.text for cell in table(year, "09").grid[-1] if cell is not None]
    assert cells == ["5.50", "", "4.50", "", "4.50", "1.00", "4.84", "", "4.34", "", "4.34", "0.50"]


def test_other_layouts_do_without(year: Appraisal, tmp_path: Path) -> None:
    assert attachments(year)[0].title == "2025年度部门决算公开表"
    assert "部门决算公开" not in attachments(appraise(folder(tmp_path / "另一个")))[0].title


def test_a_book_without_accounts_has_none(tmp_path: Path) -> None:
    data = "数据:\n  - 来源: 报告\n    数:\n      参保总人数: 21.50万人\n"
    assert accounts(appraise(folder(tmp_path, data=data, sheet=None))) == ()


def test_carry_over_and_expenditure_stand_by_budget(tmp_path: Path) -> None:
    fund = {
        "dept.carry.government_fund.opening": "1.00", "dept.income.government_fund": "8.00",
        "dept.expense.government_fund": "7.00", "dept.expense.government_fund.basic": "0",
        "dept.expense.government_fund.project": "7.00", "dept.carry.government_fund.closing": "2.00",
    }  # fmt: skip
    data = "数据:\n" + _group(fund) + _group(fund, "2296013")
    form = table(appraise(folder(tmp_path, data=data, sheet=None, bureau=BUREAU + "版式: 决算\n")), "07")
    assert row(form, "合计") == ["合计", "1.00", "8.00", "7.00", "0", "7.00", "2.00"]
    assert row(form, "2296013")[1] == "用于城乡医疗救助的彩票公益金支出"
    closing, spent = form.grid[3][7], form.grid[3][4]
    assert closing is not None
    assert spent is not None
    assert closing.formula == "ROUND({3,2}+{3,3}-{3,4},2)"
    assert spent.formula == "ROUND(SUM({3,5},{3,6}),2)"
    assert [cell.text for cell in form.grid[0] if cell is not None][3:] == ["本年收入", "本年支出", "年末结转和结余"]


def test_a_government_fund_is_no_part_of_table_05(year: Appraisal, tmp_path: Path) -> None:
    more = _group({"dept.expense.total": "5.00", "dept.expense.project": "5.00"}, "2296013")
    reason = "说明:\n  - {偏差: 2025年 公务接待费 决算与预算, 理由: 接待批次减少}\n"
    own = appraise(folder(tmp_path, data=_data() + more, sheet=None, bureau=BUREAU + "版式: 决算\n", choices=reason))
    assert row(table(own, "03"), "2296013")[2] == "5.00"
    assert not any("2296013" in [cell.text for cell in cells if cell] for cells in table(own, "05").grid)

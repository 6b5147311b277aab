"""The forms of a year: official rows, the chosen value of every figure, open cells for what the book does not have."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.appraise.filled import BUREAU, DATA, SHEET, changed, folder, more
from yibao.appraise.appraisal import Appraisal, appraise
from yibao.appraise.forms.attachments import attachments, file_words
from yibao.appraise.forms.base_data import base_data
from yibao.appraise.forms.funds import funds
from yibao.appraise.forms.government_fund import government_fund
from yibao.appraise.forms.printing import in_unit
from yibao.appraise.forms.scoresheet import scoresheet
from yibao.appraise.forms.table import Form
from yibao.appraise.typed import number
from yibao.errors import UserError

YEAR = Path(__file__).resolve().parents[3] / "examples" / "yiyang-2025"


@pytest.fixture(scope="module")
def yiyang() -> Appraisal:
    return appraise(YEAR)


def rows(form: Form | None) -> list[list[str]]:
    """Rows of texts, what is covered left out."""
    assert form is not None
    return [[cell.text for cell in row if cell is not None] for row in form.grid]


def row(form: Form | None, label: str) -> list[str]:
    return next(texts for texts in rows(form) if label in texts)


def made(tmp_path: Path, *, data: str = DATA, sheet: str | None = SHEET, bureau: str = BUREAU) -> Appraisal:
    return appraise(folder(tmp_path, data=data, sheet=sheet, bureau=bureau))


def test_base_data_prints_the_chosen_values(yiyang: Appraisal) -> None:
    form = base_data(yiyang)
    assert row(form, "三公经费") == ["三公经费", "9.98", "15.22", "1.84"]
    assert row(form, "部门基本支出预算调整") == ["部门基本支出预算调整", "", "1138.21", "1371.71"]
    assert row(form, "中央下达医疗补助与能力提升资金") == ["中央下达医疗补助与能力提升资金", "587", "", "601.5"]
    assert rows(form)[1] == ["60", "60", "100.00%"]
    assert form is not None
    assert "填报日期：2026年4月21日" in form.below[-1]


def test_funds_have_three_columns_and_the_official_rows(yiyang: Appraisal) -> None:
    employee, resident = funds(yiyang)
    assert rows(employee)[0] == ["项目", "2024年决算数", "2025年预算数", "2025年决算数"]
    assert row(employee, "五、期末滚存结余") == ["五、期末滚存结余", "345485", "348912", "366954"]
    assert row(resident, "2. 大病保险支出") == ["2. 大病保险支出", "26150", "29722", "31933"]
    assert employee.title == "2025年度益阳市职工医疗（含生育）保险基金预决算收支情况表"


def test_the_score_sheet_has_the_official_blocks(yiyang: Appraisal) -> None:
    form = scoresheet(yiyang, yiyang.sheets[0])
    assert row(form, "年度资金总额") == ["年度资金总额", "1138.21", "2092.71", "1997.21", "10", "95.44%", "9.54"]
    assert row(form, "按收入性质分") == ["按收入性质分", "2092.71", "按支出性质分", "1997.21"]
    assert row(form, "“三公经费”控制率") == ["“三公经费”控制率", "≤95%", "12.09%", "8", "8", ""]
    assert row(form, "时效指标") == ["时效指标", "不适用", "", "不适用", "", "", ""]
    assert rows(form)[-1] == ["总分", "100", "99.54", ""]
    assert form.below[0].startswith("预算执行率扣 0.46 分：全年预算2092.71万元")


def test_a_project_has_its_sources(yiyang: Appraisal) -> None:
    form = scoresheet(yiyang, yiyang.sheets[1])
    assert row(form, "其中：当年财政拨款") == ["其中：当年财政拨款", "", "652", "601.5", "—", "—", "—"]
    assert rows(form)[-1] == ["总分", "100", "99.23", ""]


def test_what_is_printed_is_known_by_key(yiyang: Appraisal) -> None:
    """Every number of the fund tables, and every figure that a cell quotes, is a figure of the book."""
    for form in funds(yiyang):
        assert all(cell.key in yiyang.book.chosen for _, _, cell in form.cells if cell.number is not None)
    goals = [cell for _, _, cell in scoresheet(yiyang, yiyang.sheets[0]).cells if len(cell.quoted) == 4]
    assert [key.figure for key in goals[0].prints] == [
        "fund.insured.employee", "fund.insured.resident", "fund.insured.rate", "audit.coverage",
    ]  # fmt: skip


def test_a_form_of_which_nothing_is_known_is_left_out(tmp_path: Path) -> None:
    appraisal = made(tmp_path)
    assert funds(appraisal) == ()
    assert government_fund(appraisal) is None
    assert [a.title for a in attachments(appraisal)] == [
        "2025年度部门整体支出绩效评价基础数据表",
        "2025年度部门整体支出绩效自评表",
    ]
    data = changed(DATA, "dept.staff.control_rate: 90.00%", "dept.balance: {数值: 50.5, 单位: 万元, 口径: 决算}")
    data = data.replace("      dept.staff.establishment: 20人\n      dept.staff.in_post: 18人\n", "")
    assert base_data(made(tmp_path, data=data)) is None


def test_no_government_fund_is_an_empty_table_with_its_note(yiyang: Appraisal) -> None:
    form = government_fund(yiyang)
    assert rows(form)[-1] == ["合计", "", "", "", "", "", ""]
    assert form is not None
    assert form.below[0] == "说明：2025年度本部门没有政府性基金预算收入和支出，本表为空表。"


def test_a_government_fund_is_printed_with_its_parts(tmp_path: Path) -> None:
    data = more("dept.expense.government_fund: {数值: 30, 单位: 万元, 口径: 决算}")
    data = more("dept.expense.government_fund: {数值: 30, 单位: 万元, 口径: 决算, 范围: 用于城乡医疗救助}", data)
    form = government_fund(made(tmp_path, data=data))
    assert rows(form)[2:] == [["合计", "", "", "30", "", "", ""], ["用于城乡医疗救助", "", "", "30", "", "", ""]]
    assert form is not None
    total = form.grid[2][3]
    assert total is not None
    assert total.formula == "ROUND(SUM({3,3}),0)"
    assert len(form.below) == 1


def test_a_fund_without_its_closing_balance_may_not_be_published(tmp_path: Path) -> None:
    lines = [
        f"      fund.employee.{name}: [{', '.join(values)}]\n"
        for name, values in {
            "opening": ("10", "20", "20"), "income.total": ("30", "30", "31"), "expense.total": ("20", "25", "26"),
            "balance": ("10", "5", "5"),
        }.items()
    ]  # fmt: skip
    block = "  - 来源: 基金表\n    单位: 万元\n    列: [2024年决算, 2025年预算, 2025年决算]\n    数:\n" + "".join(lines)
    (form,) = funds(made(tmp_path, data=DATA + block))
    assert [key.name for key in form.missing] == [
        "2024年 职工医保期末滚存结余 决算",
        "2025年 职工医保期末滚存结余 预算",
        "2025年 职工医保期末滚存结余 决算",
    ]


def test_a_quote_that_finds_nothing_is_named(tmp_path: Path) -> None:
    sheet = SHEET.replace("指标:\n", "目标:\n  预期: 参保{fund.insured.resident}。\n指标:\n", 1)
    with pytest.raises(UserError, match=r"整体支出.yaml”的“.*”：引用了 \{fund.insured.resident\}，数据里没有"):
        attachments(made(tmp_path, sheet=sheet))


def test_words_of_a_form_come_from_the_bureau(tmp_path: Path) -> None:
    bureau = BUREAU + "表内文字:\n  厉行节约保障措施: 公车集中管理。\n"
    assert row(base_data(made(tmp_path, bureau=bureau)), "厉行节约保障措施") == ["厉行节约保障措施", "公车集中管理。"]


def test_words_for_no_cell_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="“节约措施”不是表里的一格，可写的是“厉行节约保障措施”"):
        base_data(made(tmp_path, bureau=BUREAU + "表内文字: {节约措施: 无}\n"))


def test_a_book_in_yuan_is_printed_in_ten_thousands(tmp_path: Path) -> None:
    data = DATA.replace("单位: 万元", "单位: 元", 1).replace("[600, 652, 601.5]", "[6000000, 6520000, 6015000.00]")
    appraisal = made(tmp_path, data=data)
    form = scoresheet(appraisal, appraisal.sheets[0])
    assert row(form, "年度资金总额") == ["年度资金总额", "600.00", "652.00", "601.50", "10", "92%", "9.23"]


@pytest.mark.parametrize(
    ("text", "unit", "printed"),
    [
        ("1.70万元", "万元", "1.70万元"),
        ("20927100元", "万元", "2092.71万元"),
        ("20927149元", "万元", "2092.71万元"),
        ("20927150元", "万元", "2092.72万元"),
        ("2.5亿元", "万元", "25000万元"),
        ("60人", "万元", "60人"),
    ],
)
def test_amounts_in_another_unit_are_converted(text: str, unit: str, printed: str) -> None:
    assert in_unit(number(text), unit).printed == printed


@pytest.mark.parametrize(
    ("project", "words"),
    [
        ("能力提升/二期\\三期", "能力提升_二期_三期"),
        ("长" * 300, "长" * 40),
        ("CON", "CON"),
        ("..", "项目"),
        ("  前后 空格. ", "前后_空格"),
        ("a\x00b\u202ec\n", "a_b_c"),
        ('“引号”<>:"|?*', "“引号”"),
    ],
)
def test_a_project_becomes_a_part_of_a_file_name(project: str, words: str) -> None:
    assert file_words(project) == words

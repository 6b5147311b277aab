"""Forms that only some places have: by institution and to be signed (岳阳), the 评分表 (广东)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.appraise.filled import BUREAU, DATA, SHEET, changed, folder
from yibao.appraise.appraisal import Appraisal, appraise
from yibao.appraise.forms.attachments import attachments
from yibao.appraise.forms.booklet import booklet
from yibao.appraise.forms.institutions import institutions
from yibao.appraise.forms.scorecard import scorecard
from yibao.appraise.forms.table import Cell, Form
from yibao.errors import UserError

UNITS = "版式: 岳阳\n预算单位: [局机关, 事务中心]\n"
SPENT = """\
  - 来源: 按机构的收支
    单位: 万元
    口径: 决算
    数: {dept.expense.total: 601.50, dept.expense.basic: 400.50, dept.expense.project: 201.00}
  - 来源: 按机构的收支
    范围: 局机关
    单位: 万元
    口径: 决算
    数: {dept.expense.total: 351.50, dept.expense.basic: 250.50, dept.expense.project: 101.00}
  - 来源: 按机构的收支
    范围: 事务中心
    单位: 万元
    口径: 决算
    数: {dept.expense.total: 250.00, dept.expense.basic: 150.00, dept.expense.project: 100.00}
"""


def year(tmp_path: Path, data: str = DATA + SPENT, bureau: str = UNITS, choices: str = "") -> Appraisal:
    return appraise(folder(tmp_path, data=data, bureau=BUREAU + bureau, choices=choices))


def texts(form: Form) -> list[list[str]]:
    return [[cell.text for cell in row if cell is not None] for row in form.grid]


def cell(form: Form, r: int, c: int) -> Cell:
    found = form.grid[r][c]
    assert found is not None
    return found


def test_expense_stands_by_institution(tmp_path: Path) -> None:
    (form,) = institutions(year(tmp_path))
    assert form.id == "institution:expense"
    assert texts(form)[3:] == [
        ["局机关及二级机构汇总", "601.50", "400.50", "", "", "201.00", "", ""],
        ["1、局机关", "351.50", "250.50", "", "", "101.00", "", ""],
        ["2、事务中心", "250.00", "150.00", "", "", "100.00", "", ""],
    ]
    assert texts(form)[:3] == [
        ["机构名称", "支出合计", "其中：", "结余"],
        ["基本支出", "其中：", "项目支出", "当年结余", "累计结余"],
        ["人员支出", "公用支出"],
    ]


def test_the_row_of_all_is_the_sum_of_the_institutions(tmp_path: Path) -> None:
    (form,) = institutions(year(tmp_path))
    assert cell(form, 3, 1).formula == "ROUND(SUM({4,1},{5,1}),2)"
    assert cell(form, 4, 1).formula == "ROUND(SUM({4,2},{4,5}),2)"


def test_institutions_that_do_not_add_up_contradict_the_whole(tmp_path: Path) -> None:
    odd = changed(DATA + SPENT, "dept.expense.total: 250.00, dept.expense.basic: 150.00", "dept.expense.total: 249.00, dept.expense.basic: 149.00")  # fmt: skip
    with pytest.raises(UserError, match=r"【各预算单位 2025年 本年支出合计 决算】汇总 601.50万元，各预算单位 351.50万元＋249.00万元＝600.50万元"):  # fmt: skip
        year(tmp_path, odd)
    kept = "".join(
        f"  - {{矛盾: 各预算单位 2025年 {name} 决算, 取: 按印数, 理由: 待核对}}\n"
        for name in ("本年支出合计", "基本支出")
    )
    (form,) = institutions(year(tmp_path / "乙", odd, choices=f"取舍:\n{kept}"))
    assert cell(form, 3, 1).formula != "ROUND(SUM({4,1},{5,1}),2)"


def test_a_bureau_of_one_institution_has_one_row(tmp_path: Path) -> None:
    (form,) = institutions(year(tmp_path, bureau="版式: 岳阳\n"))
    assert len(form.grid) == 4


def test_other_layouts_have_none(tmp_path: Path) -> None:
    plain = appraise(folder(tmp_path))
    assert (institutions(plain), booklet(plain), scorecard(plain)) == ((), (), ())


def test_the_booklet_leaves_names_and_opinions_to_the_pen(tmp_path: Path) -> None:
    profile, targets, people = booklet(year(tmp_path))
    assert texts(profile) == [["联系人", "", "联络电话", ""], ["人员编制", "20", "实有人数", "18"]]
    assert [row for row in texts(people)[1:6] if any(row)] == []
    opinion = cell(people, 8, 0)
    assert opinion.text == "财政部门归口业务科室意见："
    assert opinion.signed[-1] == "年　　月　　日"
    assert texts(targets)[-2:] == [["绩效自评综合得分", "99.23"], ["评价等次", "优"]]


def test_forms_inside_the_report_take_no_number(tmp_path: Path) -> None:
    numbers = {a.title: a.number for a in attachments(year(tmp_path))}
    assert numbers["表册"] == 0
    assert numbers["2025年度部门（单位）收支情况表"] == 0
    assert numbers["2025年度部门整体支出绩效评价基础数据表"] == 1


STANDARD = changed(SHEET, "分值: 40}", "分值: 40, 评分标准: 每少1万人扣1分}").replace("产出指标", "预算执行情况")


def card(tmp_path: Path, sheet: str = STANDARD) -> Form:
    (form,) = scorecard(appraise(folder(tmp_path, sheet=sheet, bureau=BUREAU + "版式: 广东\n")))
    return form


def test_the_score_card_says_by_which_standard(tmp_path: Path) -> None:
    form = card(tmp_path)
    assert texts(form)[1][:7] == ["预算执行情况", "支出进度", "预算执行率", "100%", "92%", "10", ""]
    assert texts(form)[2][-4:] == ["40", "每少1万人扣1分", "40", ""]
    assert texts(form)[-1] == ["总分", "100", "", "99.23", ""]


def test_its_totals_are_alive(tmp_path: Path) -> None:
    form = card(tmp_path)
    last = len(form.grid) - 1
    assert cell(form, last, 5).formula.startswith("ROUND(SUM({1,5},{2,5}")
    assert cell(form, last, 7).formula.endswith(f"{{{last - 1},7}}),2)")


def test_a_standard_that_quotes_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"评分标准“不超过\{dept.meeting\}”"):
        card(tmp_path, changed(STANDARD, "每少1万人扣1分", '"不超过{dept.meeting}"'))

"""部门决算 as a layout of its own: no form is scored, the figures are those of the final accounts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.appraise.filled import BUREAU, changed, folder
from tests.appraise.report.written import write_reports
from yibao.appraise.appraisal import appraise
from yibao.appraise.report.compose import compose
from yibao.appraise.report.composed import Report
from yibao.appraise.report.text import read_texts
from yibao.errors import UserError
from yibao.proofread import check_package
from yibao.proofread.read import read_package

DATA = """\
数据:
  - 来源: 部门决算
    单位: 万元
    口径: 决算
    数:
      dept.income.grand: 362.62
      dept.expense.grand: 362.62
      dept.income.total: 362.62
      dept.income.fiscal: 362.62
      dept.expense.total: 362.62
      dept.expense.basic: 122.83
      dept.expense.project: 239.79
      dept.expense.general: 362.62
      dept.expense.personnel: 104.09
      dept.expense.public: 18.74
      dept.function.208: 17.64
      dept.function.210: 329.85
      dept.function.221: 15.13
      dept.expense.operating: 18.74
      dept.procurement.total: 4.6
      dept.procurement.goods: 4.6
      dept.expense.government_fund: 0
  - 来源: 部门决算
    单位: 万元
    列: [2024年决算, 2025年预算, 2025年决算]
    数:
      dept.three_public.total: [2.40, 2, 0.89]
      dept.three_public.reception: [2.40, 2, 0.89]
      dept.income.grand: [771.27, —, 362.62]
  - 来源: 部门决算
    数:
      dept.three_public.reception_batches: 16个
      dept.three_public.reception_guests: 85人次
      dept.vehicles: 0辆
"""


def accounts(tmp_path: Path, data: str = DATA, choices: str = "") -> Report:
    year = folder(
        tmp_path, data=data, sheet=None, bureau=changed(BUREAU, "年度:", "版式: 决算\n年度:"), choices=choices
    )
    (year / "figures" / "文字").mkdir()
    (year / "figures" / "文字" / "职能职责.md").write_text("落实医疗保障政策。", encoding="utf-8")
    (report,) = compose(appraise(year), read_texts(year))
    return report


def test_it_is_told_without_a_form(tmp_path: Path) -> None:
    text = accounts(tmp_path).text
    assert "收入总计362.62万元，比上年减少408.65万元，下降52.98%" in text
    assert "支出预算2万元，支出决算0.89万元，完成预算的44.50%。“三公”经费支出比上年减少1.51万元，下降62.92%" in text
    assert "2025年度没有政府性基金预算支出" in text


def test_it_proofreads_without_a_finding(tmp_path: Path) -> None:
    write_reports((accounts(tmp_path),), tmp_path / "out")
    assert [f.message for report in check_package(read_package(tmp_path / "out")) for f in report.findings] == []


def test_the_reason_stands_with_the_budget_that_it_explains(tmp_path: Path) -> None:
    """Behind the comparison with last year it would explain that one."""
    choices = "说明: [{偏差: 2025年 三公经费 决算与预算, 理由: 压减接待}]"
    assert "完成预算的44.50%，主要原因是：压减接待。“三公”经费支出比上年" in accounts(tmp_path, choices=choices).text


def test_a_list_without_its_last_part_ends_in_one_stop(tmp_path: Path) -> None:
    data = changed(DATA, "      dept.function.221: 15.13\n", "")
    assert "占90.96%。\n" in accounts(tmp_path, data).text


def test_a_list_without_any_part_is_left_out(tmp_path: Path) -> None:
    data = "\n".join(line for line in DATA.split("\n") if "dept.function" not in line)
    assert "\n。" not in accounts(tmp_path, data).text


def test_a_needed_figure_is_named(tmp_path: Path) -> None:
    data = changed(DATA, "      dept.expense.total: 362.62\n", "")
    with pytest.raises(UserError, match=r"“支出决算情况说明”一节没有内容：.*本年支出合计 决算"):
        accounts(tmp_path, data)

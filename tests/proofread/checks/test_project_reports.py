"""A project's own report beside the department's score sheet: equal names of levels, other weights."""

from __future__ import annotations

from tests.proofread.documents import source
from yibao.proofread import check_package
from yibao.proofread.document import Package
from yibao.proofread.findings import Finding

FORM = """\
2025年度部门整体支出绩效自评表
一级指标	二级指标	三级指标	年度指标值	实际完成值	分值	得分
产出指标	数量指标	参保人数	≥20万人	21万人	50	50
效益指标	社会效益指标	基金安全	安全	安全	30	30
满意度指标	服务对象满意度指标	满意度	≥90%	95%	20	20
总分				100	100
"""
PROJECT = """\
2025年度信息系统运维项目支出绩效自评报告
一、绩效评价指标分析
（一）产出指标
指标分值40分，得分40分。
"""


def found(name: str, text: str) -> list[Finding]:
    package = Package((source(FORM, "自评表.txt"), source(text, name)))
    return [f for report in check_package(package) for f in report.findings if f.kind == "weight_text_vs_table"]


def test_a_projects_weights_are_its_own() -> None:
    assert found("项目.txt", PROJECT) == []


def test_the_departments_weights_are_those_of_its_form() -> None:
    department = PROJECT.replace("信息系统运维项目支出", "东河县医疗保障局整体支出")
    assert [f.stated for f in found("报告.txt", department)] == ["40分"]

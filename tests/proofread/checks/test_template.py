"""Template text that was left in a document."""

from __future__ import annotations

import pytest

from tests.proofread.checks.said import ACCOUNTS, checks, loud
from yibao.proofread.checks import template
from yibao.proofread.checks.template import load_leftovers


@pytest.mark.parametrize(
    ("line", "severity"),
    [
        ("云岭县XX局2031年度决算说明", "error"),
        ("全年支出××万元。", "error"),
        ("评价时间为X年X月。", "error"),
        ("收入总计比上年增加（减少）12.50万元。", "error"),
        ("支出下降（增长）3.20%。", "error"),
        ("决算数大于/小于预算数的原因是任务调整。", "error"),
        ("决算数大小于预算数的主要原因是任务调整。", "error"),
        ("主要原因：工作量变化。（如持平作持平表述）", "error"),
        ("无该项支出的，仍保留该表格式，并在本表下方作下述说明：", "error"),
        ("由主管部门根据有关规定填写。", "error"),
        ("主要用于接待，列明公务接待2批次。", "warning"),
        ("取得的成效（200字以内）", "warning"),
        ("五、资产情况（增加内容）", "warning"),
        ("与上年持平，主要原因是。", "error"),
        ("比上年增加2万元，主要原因是qq。", "error"),
        ("本项目由【单位名称】负责实施。", "error"),
        ("负责人意见（待补充）。", "error"),
        ("（单位名称）本年度没有收入。", "warning"),
        ("本年培训____人。", "warning"),
        ("经***局批准后实施。", "warning"),
    ],
)
def test_leftovers(line: str, severity: str) -> None:
    assert [found for found, _ in loud(template.run, ACCOUNTS + line)] == [severity]


@pytest.mark.parametrize(
    "line",
    [
        "注：本表反映部门本年度取得的各项收入情况。",
        "备注：每个一级项目支出一张表。如：业务工作经费、运行维护经费。",
        "说明：“项目支出”需要填报基本支出以外的所有项目支出情况。",
        "部门（单位）名称：云岭县医疗保障局",
        "成立工作小组，填写自评表格并综合分析。",
        "预算执行率=执行数÷预算数×100%。",
        "联系电话：138****2046",
        "负责人签字：________",
        "本年净增加（减少）额",
        "**主要做法**",
        "主要原因是人员增加。",
        "主要原因是：1.人员增加；2.政策调整。",
        "访问www.xxzx.gov.cn查询。",
    ],
)
def test_what_is_no_leftover(line: str) -> None:
    assert loud(template.run, ACCOUNTS + line) == []


def test_instructions_in_notes_are_leftovers() -> None:
    line = "说明：本单位没有该项收入，故本表无数据。（当表格数据为空时，应有此说明）"
    assert [severity for severity, _ in loud(template.run, ACCOUNTS + line)] == ["error"]


def test_a_row_of_the_form_that_was_not_named() -> None:
    table = "机构名称\t收入合计\n1、局机关\t52.10\n2、二级机构1\t\n3、二级机构2\t"
    assert len(loud(template.run, ACCOUNTS + table)) == 2


def test_one_passage_is_told_once_for_each_pattern() -> None:
    line = "收入XX万元，支出XX万元，结余XX万元。"
    found = checks(template.run, ACCOUNTS + line)
    assert [c.evidence.quote for c in found] == ["收入XX万元，支出XX万元，结余XX万元"]


def test_leftovers_of_one_pattern_are_one_group() -> None:
    found = checks(template.run, ACCOUNTS + "收入XX万元。\n支出XX万元。")
    assert len({c.group for c in found}) == 1


def test_every_pattern_is_named_once() -> None:
    ids = [leftover.id for leftover in load_leftovers()]
    assert len(set(ids)) == len(ids) >= 10

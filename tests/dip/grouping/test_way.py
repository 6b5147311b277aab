"""The way to a group in sentences: true, whole, and readable by whoever codes records in a county hospital."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dip.making import case, made, row
from yibao.dip.grouping.explain import explain, what_ifs
from yibao.dip.grouping.group import Grouper
from yibao.dip.grouping.way import way


def said(grouper: Grouper, *codes: str, **more: object) -> list[str]:
    return list(way(grouper.group(case(*codes, **more)).decision))


def test_rows_that_fit_and_lost_are_named_with_the_rule(national: Grouper) -> None:
    assert said(national, "Z51.103", "99.2503", "99.2800x005", "C34.901 C77.900")[-3:] == [
        "FZ-1771 符合：诊断辅助细分，诊断按 Z51.1 匹配，99.2503、99.2800x005、C34.901",
        "FZ-1770、FZ-1774（诊断辅助细分）也符合，没有取：符合的手术操作最多的优先",
        "FZ-1775（诊断辅助细分）也符合，没有取：条件同样，按目录次序取第一个",
    ]


def test_a_row_whose_turn_comes_later_is_named(second: Grouper, tmp_path: Path) -> None:
    rows = [row("C1", "core", "K80.1", "96.0400"), row("J1", "primary", "K80.1", "51.2300")]
    kinds = "code\tkind\tlevel\n96.0400\t治疗性操作\t\n51.2300\t相关手术\t3\n"
    grouper = Grouper(made(tmp_path, "2.0", rows, kinds=kinds))
    assert said(grouper, "K80.100", "51.2300", "96.0400") == [
        "J1 符合：基层病种，诊断按 K80.1 匹配，51.2300",
        "C1（核心病种）也符合，没有取：次序在后",
    ]


def test_costs_that_decide_are_the_rule_by_which_the_others_lost(tmp_path: Path) -> None:
    rows = [row(f"C{i}", "core", "K35.3", "47.0100", score="1", mean_cost=f"{i}000", level=str(i)) for i in (1, 2)]
    rows[1]["proc_expr"] = "47.0100|47.0901"
    grouper = Grouper(made(tmp_path, "2.0", rows))
    assert said(grouper, "K35.300", "47.0100", cost=1900)[1:] == ["C1（核心病种）也符合，没有取：次均费用最接近的优先"]
    assert said(grouper, "K35.300", "47.0100")[1:] == ["C2（核心病种）也符合，没有取：条件同样，按目录次序取第一个"]


@pytest.mark.parametrize(
    ("codes", "facts", "expected"),
    [
        (("P07.200",), {"age_day": 30, "birth_weight_g": 900}, "XQ-16、XQ-17、XQ-18、XQ-19（先期分组）没有进：天龄不符，要求 小于 29 天"),
        (("P07.200",), {"age_day": 3, "birth_weight_g": 1000}, "XQ-16（先期分组）没有进：出生体重不符，要求 0～999 克"),
        (("P07.200",), {"age_day": 3}, "XQ-16、XQ-17、XQ-18、XQ-19（先期分组）没有进：没有填 出生体重"),
        (("P07.200",), {"birth_weight_g": 3}, "XQ-16（先期分组）没有进：没有填 天龄"),
        (("A17.000", "", "", "U84.300"), {}, "FZ-1841（诊断辅助细分）没有进：耐药情况不符，要求 非耐药"),
    ],
)  # fmt: skip
def test_what_a_row_asks_for_is_said(
    national: Grouper, codes: tuple[str, ...], facts: dict[str, int], expected: str
) -> None:
    assert expected in said(national, *codes, **facts)


@pytest.mark.parametrize(
    ("codes", "why", "expected"),
    [
        (("",), "NO_DIAGNOSIS", "没有主要诊断"),
        (("甲状腺",), "DIAGNOSIS_UNREAD", "主要诊断的编码不能用来分组"),
        (("D34.x00", "手术"), "OPERATION_UNREAD", "主要手术操作的编码不能用来分组，其他手术操作不代替它"),
        (("R69.x00",), "NO_ROW", "方案里没有这个主要诊断的病种"),
        (("K35.300", "47.0901"), "NO_FIT", "方案里这个主要诊断的病种，手术操作、其他诊断或条件都不符合"),
        (("Z51.100",), "", "主要诊断在不纳入分组的名单上（Z51.100）"),
    ],
)
def test_why_a_stay_is_in_no_group(national: Grouper, codes: tuple[str, ...], why: str, expected: str) -> None:
    assert national.group(case(*codes)).decision.why == why
    assert said(national, *codes)[-1] == (f"没有入组：{expected}" if why else expected)


@pytest.mark.parametrize(
    ("edition", "codes", "expected"),
    [
        ("second", ("J18.900", "96.0400"), "Z003 符合：综合病种，诊断按 J18 匹配，病种的治疗方式是治疗性操作"),
        ("second", ("K35.300", "45.1300"), "H003 符合：核心病种，诊断按 K35.3 匹配，这个病种不要求手术操作"),
        ("first", ("K80.100", "51.2300"), "Q001 符合：综合病种，诊断按 K80 匹配，病种的治疗方式是相关手术，手术级别 3"),
        ("first", ("Z00.000",), "B002 符合：保底组，不限主要诊断，这个病种不要求手术操作"),
    ],
)
def test_a_row_that_names_no_operation_says_what_it_goes_by(
    edition: str, codes: tuple[str, ...], expected: str, request: pytest.FixtureRequest
) -> None:
    assert expected in said(request.getfixturevalue(edition), *codes)


def test_a_system_without_a_map_is_told_with_the_maps_that_are_there(national: Grouper) -> None:
    told = list(explain(national, case("K35.300", code_system="国家临床版2.0")))
    assert "  编码体系写的是“国家临床版2.0”，没有这个名称的对照表（方案里没有对照表）" in told


def test_what_would_change_stands_in_the_order_of_the_record(third: Grouper) -> None:
    found = what_ifs(third, case("K35.300", "47.0100", "54.5101 99.1500", "I10.x00 E11.900"))
    assert [(change["how"], change["code"]) for change in found] == [
        ("without", "47.0100"),
        ("without", "54.5101"),
        ("as_main_diagnosis", "I10.x00"),
        ("as_main_diagnosis", "E11.900"),
        ("as_main_operation", "54.5101"),
    ]

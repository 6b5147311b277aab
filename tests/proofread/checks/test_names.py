"""The unit's name, identical throughout."""

from __future__ import annotations

import pytest

from tests.proofread.checks.said import ACCOUNTS, BUDGET, held, loud, one
from yibao.proofread.checks import names
from yibao.proofread.findings import Severity

OWN = "云川市医疗保障局核定编制10名。\n云川市医疗保障局负责全市参保工作。\n云川市医疗保障局制定了内控制度。\n"


def test_one_name_holds() -> None:
    assert loud(names.run, OWN) == []
    assert held(names.run, OWN, "name")


def test_another_place_on_the_cover_is_an_error() -> None:
    check = one(names.run, "评价单位（公章）：云州市医疗保障局\n" + OWN)
    assert (check.weight, check.stated, check.expected) == (Severity.ERROR, "云州市医疗保障局", "云川市医疗保障局")


def test_a_place_that_looks_alike_is_an_error() -> None:
    assert loud(names.run, OWN + "根据云州市医疗保障局的要求上报材料。")[0][0] == "error"


@pytest.mark.parametrize(
    "line",
    [
        "赴云海市医疗保障局学习。",
        "云川县医疗保障局派员参加。",
        "云川市医保局统一部署。",
        "全市医疗保障局系统工作会议。",
        "云川市财政局批复了预算。",
    ],
)
def test_other_places_and_short_names_are_no_slip(line: str) -> None:
    assert loud(names.run, OWN + line) == []


LONG = "云岭市青山区规划和自然资源局"
TITLED = f"{LONG}2031年度部门决算\n" + f"{LONG}负责空间规划。\n{LONG}负责确权登记。\n{LONG}下设中心一个。\n"


def test_a_title_with_the_name_cut_short() -> None:
    check = one(names.run, TITLED + "云岭市规划和自然资源局2031年度部门决算表")
    assert check.expected == LONG
    assert "青山区" in check.message


def test_a_title_without_the_city_is_the_same() -> None:
    assert loud(names.run, TITLED + "青山区规划和自然资源局2031年度部门决算表") == []


def test_one_other_character_in_a_long_name() -> None:
    check = one(names.run, TITLED + "云岭市青山区规划与自然资源局共有车辆0辆。")
    assert check.expected == LONG
    assert loud(names.run, TITLED + "云岭市青山区规划和自然资源管理事务中心负责此项工作。") == []


def test_another_office_of_the_place_is_no_slip() -> None:
    own = "云岭市青山区财政局"
    text = "\n".join(f"{own}{what}" for what in ("2031年度部门决算", "负责预算。", "负责决算。", "负责采购。"))
    assert loud(names.run, text + "\n云岭市青山区民政局负责救助。") == []
    assert loud(names.run, text + "\n云岭市青山区才政局负责救助。")[0][0] == "warning"


def test_the_name_without_its_last_character() -> None:
    check = one(names.run, OWN + "云川市医疗保障是2019年新组建单位。")
    assert check.expected == "云川市医疗保障局"
    assert loud(names.run, OWN + "云川市医疗保障制度不断完善。") == []


def test_one_table_of_another_unit() -> None:
    headers = "\n".join(["部门：云岭县医疗保障局"] * 4)
    check = one(names.run, ACCOUNTS + headers + "\n部门：云岭县住房保障管理局")
    assert check.stated == "云岭县住房保障管理局"


def test_the_level_in_the_glossary() -> None:
    line = "（一）财政拨款收入：是{}级预算主管部门及所属预算单位取得的拨款。"
    assert loud(names.run, BUDGET + line.format("县")) == []
    check = one(names.run, BUDGET + line.format("市"))
    assert (check.kind, check.expected) == ("label", "县级预算主管部门及所属")

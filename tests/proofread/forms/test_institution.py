"""Tables by institution: rows add up across, 汇总 adds up down."""

import pytest

from tests.proofread.forms.lines import context, failed, table, verdicts
from yibao.proofread.document import Table
from yibao.proofread.forms.facts import Form
from yibao.proofread.forms.institution import recognise

BOOKLET = """
人员编制|40|实有人数|38|||
机构名称|收入合计|其中：||||
|	|上年结转|公共财政拨款|政府基金拨款|其他收入|
局机关及二级机构汇总|900.5|20.5|850|25|5|
1、局机关|700.5|20.5|650|25|5|
2、下属中心|200|0|200|||
机构名称|支出合计|其中：|||结余|
||基本支出|其中：||项目支出|当年结余
|||人员支出|公用支出||
局机关及二级机构汇总|880|500|420|80|380|0
1、局机关|690|390|330|60|300|0
2、下属中心|190|110|90|20|80|0
机构名称|三公经费合计|公务接待费|公务用车运维费|公务用车购置费|因公出国费|
局机关及二级机构汇总|9|4|5|0|0|
1、局机关|7|3|4|0|0|
2、下属中心|2|1|1|||
机构名称|固定资产合计|在用固定资产|出租固定资产|其他||
局机关及二级机构汇总|66|60|4|2||
1、局机关|46|40|4|2||
2、下属中心|20|20||||
"""


def form(text: str) -> Form:
    found = recognise(table(text, "2031年度绩效自评表", "万元"), context())
    assert found is not None
    return found


def test_a_booklet_in_order_has_no_finding() -> None:
    found = form(BOOKLET)
    assert [c.message for c in failed(found.checks)] == []
    assert len(verdicts(found.checks, "row_sum")) == 15
    assert len(verdicts(found.checks, "table_sum")) >= 15


@pytest.mark.parametrize(
    ("right", "wrong", "kind"),
    [
        ("1、局机关|700.5|20.5", "1、局机关|705.5|20.5", "row_sum"),
        ("1、局机关|690|390|330", "1、局机关|690|390|303", "row_sum"),
        ("汇总|880|500", "汇总|980|500", "table_sum"),
        ("汇总|9|4|5", "汇总|9|8|5", "table_sum"),
        ("1、局机关|46|40|4|2", "1、局机关|64|40|4|2", "row_sum"),
    ],
)
def test_one_wrong_number_is_found(right: str, wrong: str, kind: str) -> None:
    assert right in BOOKLET
    assert "inconsistent" in verdicts(form(BOOKLET.replace(right, wrong, 1)).checks, kind)


def test_a_column_that_nobody_filled_in_is_not_zero() -> None:
    found = form(
        """
机构名称|支出合计|其中：|||结余
||基本支出|其中：||项目支出
|||人员支出|公用支出|
汇总|100|60||5|40
"""
    )
    assert failed(found.checks) == []
    assert len(verdicts(found.checks, "row_sum")) == 2


def test_institutions_are_a_scope() -> None:
    facts = {(f.figure, f.scope): str(f.quantity.value) for f in form(BOOKLET).facts}
    assert facts["dept.expense.basic", ""] == "500"
    assert facts["dept.expense.basic", "局机关"] == "390"
    assert facts["dept.three_public.total", "下属中心"] == "2"
    assert facts["dept.staff.establishment", ""] == "40"
    assert facts["dept.staff.in_post", ""] == "38"


def test_an_institution_alone_repeats_the_summary() -> None:
    text = "机构名称|三公经费合计|公务接待费|因公出国费\n合计|9.5|4|5.5\n某局|9.5|4|5.5"
    assert verdicts(form(text).checks, "table_sum") == ["consistent"] * 3
    wrong = [c for c in form(text.replace("某局|9.5", "某局|8.5")).checks if c.verdict == "inconsistent"]
    assert {c.kind for c in wrong} == {"table_sum", "row_sum"}


@pytest.mark.parametrize("text", ["", "机构名称|地址\n甲|路\n乙|街", "甲|乙\n1|2\n3|4"])
def test_other_tables_are_left_alone(text: str) -> None:
    assert recognise(table(text), context()) is None


def test_hostile_tables_do_not_crash() -> None:
    assert recognise(Table(()), context()) is None
    found = recognise(table("机构名称|收入合计" + "|其他收入" * 5000 + "\n甲|1\n乙|2"), context())
    assert found is not None


def test_a_head_sheet_checks_the_control_rate() -> None:
    head = "人员编制|25\n实有人数|20\n在职人员控制率|80%\n联系人|某某"
    assert verdicts(form(head).checks, "control_rate") == ["consistent"]
    assert verdicts(form(head.replace("80%", "90%")).checks, "control_rate") == ["inconsistent"]

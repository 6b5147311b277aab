"""Units missing, doubled, too small; percentages."""

from __future__ import annotations

import pytest

from tests.proofread.checks.said import REPORT, checks, loud, one
from yibao.proofread.checks import units
from yibao.proofread.findings import Severity

LIST = "专项资金1554万元，其中：113万元是稽核经费，34.6万元是维护经费，40{}是采购监管经费，1316万元是救助资金。"


def test_a_bare_number_among_amounts() -> None:
    check = one(units.run, REPORT + LIST.format(""))
    assert (check.stated, check.expected, check.weight) == ("40", "40万元", Severity.WARNING)
    assert loud(units.run, REPORT + LIST.format("万元")) == []


@pytest.mark.parametrize(
    "line",
    [
        "安排资金12万元，其中3是重点项目。",
        "共检查机构12家，处理5家，移送3家。",
        "2031年收入12.5万元，2030年收入11.2万元。",
    ],
)
def test_other_bare_numbers(line: str) -> None:
    assert loud(units.run, REPORT + line, "unit") == []


@pytest.mark.parametrize("text", ["12.3亿亿元", "5.6万万元", "7.8%%", "3.2元元", "4.5亿万元"])
def test_units_printed_twice(text: str) -> None:
    assert loud(units.run, REPORT + f"基金收入{text}。")[0][0] == "error"


@pytest.mark.parametrize("text", ["12.3万亿元", "5个个体工商户", "6家家庭医生", "3人人均"])
def test_what_only_looks_doubled(text: str) -> None:
    assert loud(units.run, REPORT + f"共计{text}。") == []


JUMP = "支付清算金额1.05亿元、1973万元。通过月结支付的医保基金{}；救助1722万元；预付住院金额3.57亿元。"


def test_a_fund_payment_ten_thousand_times_too_small() -> None:
    check = one(units.run, REPORT + JUMP.format("1.1万元"))
    assert (check.stated, check.expected) == ("1.1万元", "1.1亿元")
    assert loud(units.run, REPORT + JUMP.format("1.1亿元")) == []


@pytest.mark.parametrize(
    "line", ["追回基金6.2万元，罚款3万元。", "人均筹资0.1万元，基金总收入3.2亿元，总支出2.9亿元。"]
)
def test_small_amounts_may_be_small(line: str) -> None:
    assert loud(units.run, REPORT + line, "unit") == []


def test_a_fraction_of_a_yuan() -> None:
    line = "违规收费2万余元，另一起违规结算2.9万余元，造成损失2.8余元。"
    check = one(units.run, REPORT + line)
    assert check.expected == "2.8万余元"
    assert loud(units.run, REPORT + "次均费用下降260余元，支出3.1万元。") == []


@pytest.mark.parametrize(
    "line",
    [
        "全年预算执行率为95.44，执行较好。",
        "增加120.50万元，增长13.95。",
        "办公费12.50万元，占1.84；差旅费3万元，占0.44%。",
        "完成年初预算的95.89。",
    ],
)
def test_a_percent_sign_left_out(line: str) -> None:
    assert [severity for severity, _ in loud(units.run, REPORT + line)] == ["warning"]


@pytest.mark.parametrize(
    "line",
    [
        "全年预算执行率为95.44%，执行较好。",
        "满意度为1，控制率达到98‰。",
        "用地占地12.5亩。",
        "人数增长13人，占编制的一半。",
        "完成年初预算的2.5倍。",
    ],
)
def test_numbers_that_need_no_percent_sign(line: str) -> None:
    assert loud(units.run, REPORT + line) == []


def test_shares_do_not_exceed_the_whole() -> None:
    assert one(units.run, REPORT + "监督检查覆盖率达到102.5%。").kind == "bound"
    assert one(units.run, REPORT + "综合参保率达到102.5%。").kind == "bound"
    assert loud(units.run, REPORT + "完成合同进度的277.37%，占预算的120%。") == []


def test_a_count_below_zero() -> None:
    assert loud(units.run, REPORT + "年末在职人员为-5人。")[0][0] == "warning"
    assert loud(units.run, REPORT + "参保人数净增-5人。", "unit") == []


def test_one_figure_in_persons_and_in_visits() -> None:
    text = REPORT + "全年医疗救助对象38677人。\n累计医疗救助对象38677人次。"
    assert [str(c.weight) for c in checks(units.run, text, "unit") if c.weight] == ["info"]

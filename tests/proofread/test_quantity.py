"""Printed numbers, the interval of what they can mean, and whether two of them agree."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from yibao.proofread.checks.compare import digits, printed_sum, slip
from yibao.proofread.checks.repeats import agreement
from yibao.proofread.findings import Verdict
from yibao.proofread.norm import normalise
from yibao.proofread.quantity import (
    ONE,
    ZERO,
    Quantity,
    Range,
    is_blank,
    judge,
    parse,
    quantities,
    round_half_up,
    total,
)

AMOUNTS = st.decimals(Decimal("0.01"), Decimal(10) ** 6, places=2)
UNITS = st.sampled_from(["万元", "亿元", "元", "%", "万人"])


def q(text: str) -> Quantity:
    found = parse(text)
    assert found is not None, text
    return found


def found(text: str) -> list[tuple[str, str]]:
    return [(str(x.value), x.unit.symbol if x.unit else "") for x in quantities(normalise(text).text)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("编制31人", [("31", "人")]),
        ("支出1,997.21万元", [("1997.21", "万元")]),
        ("就诊5万人次", [("5", "万人次")]),
        ("检查9家次", [("9", "家次")]),
        ("检查9家", [("9", "家")]),
        ("提高2.3个百分点", [("2.3", "个百分点")]),
        ("支付5.3个月", [("5.3", "个月")]),
        ("得9.5分", [("9.5", "分")]),
        ("占20.0‰", [("20.0", "‰")]),
        ("625.5万", [("625.5", "万")]),
        ("面积1200平方米", [("1200", "平方米")]),
        ("每人670元/人", [("670", "元/人")]),
        ("DIP2.0", []),
        ("A4纸3箱", [("3", "")]),
        ("9" * 19, []),
        ("9" * 18, [("9" * 18, "")]),
        ("5-8万元", [("5", ""), ("8", "万元")]),
        ("结余-700万元", [("-700", "万元")]),
        ("第-3条", [("3", "条")]),
        ("1.2.3", []),
        ("", []),
    ],
)
def test_numbers_of_a_text(text: str, numbers: list[tuple[str, str]]) -> None:
    if text == "1.2.3":
        assert len(found(text)) <= 1
    else:
        assert found(text) == numbers


@pytest.mark.parametrize(
    ("text", "approx", "operator"),
    [
        ("约80人", "约", ""),
        ("近80人", "近", ""),
        ("80余人", "余", ""),
        ("80多人", "多", ""),
        ("80人左右", "左右", ""),
        ("80人以上", "以上", ""),
        ("超过80人", "超过", ""),
        ("≥80人", "", "≥"),
        ("》80人", "", "≥"),
        ("不低于80人", "", "≥"),
        ("不超过80人", "", "≤"),
        ("≤80人", "", "≤"),
        ("大于80人", "", ">"),
        ("小于80人", "", "<"),
        ("80人", "", ""),
    ],
)
def test_words_around_a_number(text: str, approx: str, operator: str) -> None:
    (number,) = quantities(text)
    assert (number.approx, number.operator) == (approx, operator)


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("31人", True), ("9.5分", True), ("3家", True), ("12", True), ("1.20", False), ("12万元", False), ("5.2万人", False), ("95%", False), ("约31人", False),
    ],
)  # fmt: skip
def test_counts_and_scores_are_exact(text: str, exact: bool) -> None:
    assert q(text).exact is exact
    assert (q(text).half == 0) is exact


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("31人", "31", "31"),
        ("80余人", "80", "90"),
        ("6808.94余元", "6808.94", "6808.95"),
        ("1.5万元", "14500", "15500"),
        ("1.50万元", "14950", "15050"),
        ("约100人", "95", "105"),
        ("100人以上", "100", "1000"),
        ("15.00%", "0.14995", "0.15005"),
    ],
)
def test_the_interval_of_a_number(text: str, low: str, high: str) -> None:
    r = q(text).range
    assert (r.low, r.high) == (Decimal(low), Decimal(high))


@pytest.mark.parametrize("text", ["", "—", "--", "/", "无", "×", "不适用", " "])
def test_blank_cells(text: str) -> None:
    assert is_blank(text)
    assert parse(text) is None


@pytest.mark.parametrize("text", ["合计", "12人和13人", "2031年12月", "3-5", "约", "（12）人"])
def test_what_is_not_one_number(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    ("text", "value"), [("（5.2）", "-5.2"), ("-5.2", "-5.2"), ("1,234.50", "1234.50"), ("５．２", "5.2"), ("0", "0")]
)
def test_cells(text: str, value: str) -> None:
    assert q(text).value == Decimal(value)
    assert not is_blank(text)


@pytest.mark.parametrize(
    ("stated", "value", "exact", "verdict"),
    [
        ("15.00%", "0.15", False, "consistent"),
        ("15.00%", "0.150049", False, "consistent"),
        ("6.97%", "0.069767", False, "rounding"),
        ("6.98%", "0.069767", False, "consistent"),
        ("6.96%", "0.069767", False, "inconsistent"),
        ("92%", "0.9225", False, "consistent"),
        ("31人", "31", True, "consistent"),
        ("31人", "30", True, "inconsistent"),
        ("80余人", "85", True, "consistent"),
        ("80余人", "91", True, "inconsistent"),
        ("约100人", "104", True, "consistent"),
        ("约100人", "106", True, "inconsistent"),
        ("-5.00%", "-0.05", False, "consistent"),
        ("5.00%", "-0.05", False, "inconsistent"),
        ("0.00%", "0.00001", False, "consistent"),
    ],
)
def test_judge(stated: str, value: str, exact: bool, verdict: str) -> None:
    d = Decimal(value)
    assert judge(q(stated), Range(d, d, d, exact)) == verdict


def test_a_sum_of_money_may_be_off_by_two_last_places() -> None:
    parts = total([q("33.33万元").range] * 3)
    assert judge(q("100.00万元"), parts, sum_cap=2) == "rounding"
    assert judge(q("100.03万元"), parts, sum_cap=2) == "inconsistent"


@given(AMOUNTS, UNITS)
def test_a_number_agrees_with_itself(value: Decimal, unit: str) -> None:
    number = q(f"{value}{unit}")
    assert judge(number, number.range) == "consistent"
    assert agreement(number, number) == "consistent"


@given(AMOUNTS, st.decimals(Decimal(0), Decimal(1000), places=2), st.decimals(Decimal(0), Decimal(1000), places=2))
def test_judge_is_monotonic(value: Decimal, near: Decimal, farther: Decimal) -> None:
    """What is farther from the stated number on the same side is never judged more kindly."""
    order = [Verdict.CONSISTENT, Verdict.ROUNDING, Verdict.INCONSISTENT]
    stated = q(f"{value}万元")
    a, b = (stated.base + d * 100 for d in (near, near + farther))
    verdicts = [judge(stated, Range(x, x, x)) for x in (a, b)]
    assert order.index(verdicts[0]) <= order.index(verdicts[1])


@given(AMOUNTS, st.integers(0, 6))
def test_wider_operands_never_make_an_error(value: Decimal, width: int) -> None:
    stated = q(f"{value}万元")
    computed = stated.base + 150
    narrow = Range(computed, computed - 10, computed + 10)
    wide = Range(computed, computed - 10 - width * 100, computed + 10 + width * 100)
    if judge(stated, narrow) is not Verdict.INCONSISTENT:
        assert judge(stated, wide) is not Verdict.INCONSISTENT


@given(AMOUNTS, AMOUNTS)
def test_arithmetic_of_intervals_contains_the_true_value(a: Decimal, b: Decimal) -> None:
    x, y = q(f"{a}万元").range, q(f"{b}万元").range
    for r, value in ((x + y, a + b), (x - y, a - b), (-x, -a)):
        assert r.low <= value * 10000 <= r.high
        assert r.low <= r.value <= r.high
    assert (x * y).low <= a * b * 10**8 <= (x * y).high
    assume(y.low > 0)
    assert (x / y).low <= x.value / y.value <= (x / y).high


@given(AMOUNTS)
def test_a_sum_of_parts_is_its_total(value: Decimal) -> None:
    r = q(f"{value}万元").range
    assert total([r]).value == r.value
    assert total([]) == ZERO
    assert (r * ONE).value == r.value


def test_a_rate_on_nothing_is_no_rate() -> None:
    with pytest.raises(ZeroDivisionError):
        q("5万元").range / q("0万元").range
    with pytest.raises(ZeroDivisionError):
        q("5万元").range / Range(Decimal(1), Decimal(-1), Decimal(2))


@given(st.decimals(Decimal(-1000), Decimal(1000), places=4), st.integers(0, 3))
def test_rounding_is_half_up(value: Decimal, places: int) -> None:
    rounded = round_half_up(value, places)
    assert abs(rounded - value) <= Decimal(5).scaleb(-places - 1)
    assert round_half_up(rounded, places) == rounded


@pytest.mark.parametrize(
    ("a", "b", "verdict"),
    [
        ("1.05亿元", "10500万元", "consistent"),
        ("1.05亿元", "10503万元", "consistent"),
        ("1.05亿元", "10560万元", "rounding"),
        ("1.05亿元", "10650万元", "inconsistent"),
        ("4700万元", "4706.6万元", "rounding"),
        ("5.02万元", "5.03万元", "suspicious"),
        ("5.02万元", "5.04万元", "inconsistent"),
        ("38人", "39人", "inconsistent"),
        ("38人", "39家", "uncheckable"),
        ("38人", "38家", "uncheckable"),
        ("38人", "38", "consistent"),
        ("约48万人", "48.15万人", "consistent"),
        ("约48万人", "58.15万人", "inconsistent"),
        ("95%", "95.3%", "consistent"),
        ("9分", "9.0分", "consistent"),
        ("9.0分", "9.5分", "inconsistent"),
        ("9分", "9.5分", "inconsistent"),
        ("45人以内", "48人以内", "inconsistent"),
    ],
)
def test_agreement(a: str, b: str, verdict: str) -> None:
    assert agreement(q(a), q(b)) == verdict


@given(AMOUNTS, AMOUNTS, UNITS)
def test_agreement_is_symmetric(a: Decimal, b: Decimal, unit: str) -> None:
    x, y = q(f"{a}{unit}"), q(f"{b}{unit}")
    assert agreement(x, y) == agreement(y, x)


@pytest.mark.parametrize(
    ("printed", "required", "cause"),
    [
        ("20092.71万元", "20927100", "疑多输一位数字"),
        ("209.71万元", "20927100", "疑漏输一位数字"),
        ("12.43万元", "124600", "疑一位数字录入错误"),
        ("12.43万元", "123400", "疑两位数字颠倒"),
        ("12.43万元", "1243000", "疑小数点错位"),
        ("12.43万元", "12.43", "疑单位（元/万元）写错"),
        ("700万元", "-7000000", "疑正负号写反"),
        ("12.43万元", "987700", ""),
        ("12.43万元", "0", ""),
    ],
)
def test_the_likely_slip(printed: str, required: str, cause: str) -> None:
    assert slip(q(printed), Decimal(required)) == cause


@given(AMOUNTS, st.integers(0, 7), st.integers(1, 9))
def test_one_changed_digit_is_a_slip(value: Decimal, place: int, by: int) -> None:
    text = f"{value}"
    places = [i for i, c in enumerate(text) if c.isdigit()]
    at = places[place % len(places)]
    new = text[:at] + str((int(text[at]) + by) % 10) + text[at + 1 :]
    assume(new[0] != "0" or text[0] == "0")
    assume(Decimal(new) > 0)
    assert slip(q(f"{new}万元"), value * 10000) != ""


def test_printed_sums() -> None:
    parts = [q("72.00万元"), q("16.00万元")]
    assert printed_sum(parts) == "72.00万元+16.00万元"
    assert printed_sum(parts, [1, -1]) == "72.00万元-16.00万元"
    assert printed_sum(parts, [-1, 1]) == "-72.00万元+16.00万元"


@pytest.mark.parametrize(("text", "n"), [("0.50万元", 1), ("12.43万元", 4), ("0万元", 0)])
def test_significant_digits(text: str, n: int) -> None:
    assert digits(q(text)) in (n, n + 1)


@given(st.text(max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    norm = normalise(text)
    for number in quantities(norm.text):
        assert norm.text[number.start : number.end] == number.raw
        assert number.start < number.end

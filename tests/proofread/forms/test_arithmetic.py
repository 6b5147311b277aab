"""Relations of cells: verdicts, blanks, units and the likely slip."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.proofread.forms.lines import context
from yibao.proofread.document import Place
from yibao.proofread.findings import Check, Evidence, Severity, Verdict
from yibao.proofread.forms.arithmetic import add_up, at_most, combine, rate, same, slip, trusted
from yibao.proofread.forms.grid import Number
from yibao.proofread.quantity import parse


def number(text: str | None, row: int = 0, label: str = "甲") -> Number | None:
    q = parse(text) if text else None
    return None if q is None else Number(q, Evidence(text or "", Place("f", 1, row=row)), (1, row, 0), label, "金额")


def verdict(check: Check | None) -> str | None:
    return str(check.verdict) if check else None


@pytest.mark.parametrize(
    ("target", "expected", "weight"),
    [
        ("9.13万元", "rounding", Severity.INFO),
        ("9.14万元", "inconsistent", Severity.WARNING),  # ten halves: possible, hardly likely
        ("9.15万元", "inconsistent", Severity.ERROR),
    ],
)
def test_what_rounding_can_do_grows_with_the_number_of_parts(target: str, expected: str, weight: Severity) -> None:
    check = add_up("table_sum", number(target), [number("1.01万元", i) for i in range(1, 10)], "合计")
    assert check is not None
    assert (verdict(check), check.weight) == (expected, weight)


@pytest.mark.parametrize(
    ("target", "parts", "expected"),
    [
        ("7.80万元", ["4.10万元", "3.70万元"], "consistent"),
        ("7.80万元", ["4.10万元", "3.10万元"], "inconsistent"),
        ("7.81万元", ["4.10万元", "3.70万元"], "rounding"),
        ("7.80万元", ["7.80万元", None], "consistent"),
        ("7.80万元", [None, None], "uncheckable"),
        (None, ["7.80万元"], None),
        ("37人", ["18人", "20人"], "inconsistent"),
        ("9.9万元", ["4.1", "5.8"], "consistent"),
        ("9.9万元", ["4.1人", "5.8人"], "uncheckable"),
        ("9万元", ["4万元", "50000元"], "consistent"),
    ],
)
def test_a_total_is_the_sum_of_its_parts(target: str | None, parts: list[str | None], expected: str | None) -> None:
    check = add_up("table_sum", number(target), [number(p, i + 1) for i, p in enumerate(parts)], "某项")
    assert verdict(check) == expected


def test_a_failed_sum_says_what_it_should_be() -> None:
    check = add_up("table_sum", number("45.30万元"), [number("20.00万元", 1), number("34.30万元", 2)], "某项")
    assert check is not None
    assert (check.stated, check.expected, check.cause) == ("45.30万元", "54.30万元", "疑相邻两位数字颠倒")
    assert check.message == "某项：20.00万元+34.30万元=54.30万元，此处为45.30万元"
    assert [o.key for o in check.operands] == [(1, 1, 0), (1, 2, 0)]
    assert len(check.related) == 2


def test_differences_keep_their_sign() -> None:
    good = combine("fund_balance", number("-12万元"), [(1, number("8万元", 1)), (-1, number("20万元", 2))], "结余")
    wrong = combine("fund_balance", number("12万元"), [(1, number("8万元", 1)), (-1, number("20万元", 2))], "结余")
    assert verdict(good) == "consistent"
    assert wrong is not None
    assert (wrong.verdict, wrong.cause) == (Verdict.INCONSISTENT, "疑正负号写反")


def test_a_subset_may_be_smaller_never_larger() -> None:
    assert verdict(at_most("subset_sum", number("20.00"), [number("9", 1), number("8.5", 2)], "x")) == "consistent"
    check = at_most("subset_sum", number("20.00万元"), [number("14万元", 1), number("9万元", 2)], "x")
    assert check is not None
    assert (check.verdict, check.expected) == (Verdict.INCONSISTENT, "≥23.00万元")
    assert at_most("subset_sum", number("20"), [None], "x") is None


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("12.5万元", "12.5万元", "consistent"),
        ("12.5万元", "125000元", "consistent"),
        ("12.5万元", "12.52万元", "consistent"),
        ("12.5万元", "12.4万元", "inconsistent"),
        ("12.5万元", "13.5万元", "inconsistent"),
        ("12.5万元", "12人", "uncheckable"),
    ],
)
def test_one_figure_printed_twice(a: str, b: str, expected: str) -> None:
    assert verdict(same("table_internal", number(a), number(b, 1), "x")) == expected


def test_one_last_digit_off_is_a_warning() -> None:
    check = same("table_internal", number("12.5万元"), number("12.4万元", 1), "x")
    assert check is not None
    assert check.weight is Severity.WARNING


@pytest.mark.parametrize(
    ("stated", "part", "whole", "expected"),
    [
        ("92%", "601.5万元", "652万元", "consistent"),
        ("92.25", "601.5万元", "652万元", "consistent"),
        ("0.9225", "601.5万元", "652万元", "consistent"),
        ("92.27%", "601.50万元", "652.00万元", "inconsistent"),
        ("29.25%", "601.50万元", "652.00万元", "inconsistent"),
        ("100%", "5万元", "0万元", "inconsistent"),
        ("0%", "0万元", "0万元", "uncheckable"),
        ("50%", "5万元", "-3万元", "uncheckable"),
    ],
)
def test_a_rate_is_part_over_whole(stated: str, part: str, whole: str, expected: str) -> None:
    assert verdict(rate("execution_rate", number(stated), number(part, 1), number(whole, 2), "x")) == expected


def test_growth_is_measured_on_the_old_value() -> None:
    check = rate("growth", number("8.15%"), number("164.50万元", 1), number("152.10万元", 2), "x", growth=True)
    assert verdict(check) == "consistent"


@pytest.mark.parametrize(
    ("stated", "expected", "word"),
    [
        ("20092.71", "2092.71", "多录"),
        ("2092.7", "20092.7", "少录"),
        ("360", "3600000", "单位"),
        ("36", "3600", "小数点"),
        ("128", "123", "一位数字"),
        ("77", "12", ""),
        ("0", "12", ""),
    ],
)
def test_slips_of_the_pen(stated: str, expected: str, word: str) -> None:
    found = slip(Decimal(stated), Decimal(expected))
    assert (word in found) if word else found == ""


def made(verdict: Verdict, operands: int = 2) -> Check:
    n = number("1")
    assert n is not None
    return Check("table_sum", verdict, n.evidence, operands=(n.operand,) * operands)


def test_a_guessed_grid_proves_nothing_alone() -> None:
    bad, good = made(Verdict.INCONSISTENT), made(Verdict.CONSISTENT)
    assert [str(c.verdict) for c in trusted([bad, good], sure=False)] == ["uncheckable", "consistent"]
    assert [str(c.verdict) for c in trusted([bad], sure=True)] == ["inconsistent"]
    assert trusted([bad, good, good, good], sure=False)[0].verdict is Verdict.UNCHECKABLE
    likely = replace(bad, cause="疑相邻两位数字颠倒")
    assert trusted([likely, good, good, good], sure=False)[0].verdict is Verdict.INCONSISTENT
    assert trusted([bad, *[good] * 6], sure=False)[0].verdict is Verdict.INCONSISTENT
    assert context().year == 2031

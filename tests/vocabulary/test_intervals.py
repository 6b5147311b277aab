"""Printed numbers in arithmetic: a result lies where its operands allow it to."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibao.vocabulary.intervals import Range, round_half_up, total

D = Decimal
TRUE = st.decimals(D("0.001"), 10**6, places=3)


@given(a=TRUE, b=TRUE)
def test_the_true_result_lies_within_the_printed_one(a: Decimal, b: Decimal) -> None:
    printed_a, printed_b = (Range.printed(round_half_up(x, 2), D("0.01")) for x in (a, b))
    for made, true in ((printed_a + printed_b, a + b), (printed_a - printed_b, a - b), (printed_a * printed_b, a * b)):
        assert made.low <= true <= made.high
    if printed_b.low > 0:
        quotient = printed_a / printed_b
        assert quotient.low - D("1e-18") <= a / b <= quotient.high + D("1e-18")


def test_nothing_is_divided_by_what_may_be_zero() -> None:
    with pytest.raises(ZeroDivisionError):
        _ = Range.number(1) / Range.printed(D("0.00"), D("0.01"))


def test_widths_add_up() -> None:
    summed = total([Range.printed(D(1), D(1))] * 3)
    assert (summed.low, summed.value, summed.high) == (D("1.5"), 3, D("4.5"))
    assert not summed.exact
    assert total([Range.number(2), Range.number(3)]).exact

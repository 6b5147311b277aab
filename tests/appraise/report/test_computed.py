"""Shares, growth, per-head amounts, months: half-up once, at the printed place; no rate without a base."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibao.appraise.report.computed import Rounding, change, months, per_head, percent, quotient
from yibao.appraise.typed import number

R = Rounding()


@pytest.mark.parametrize(
    ("now", "last", "said"),
    [
        (("1.84", "万元"), ("9.98", "万元"), "比上年减少8.14万元，下降81.56%"),
        (("207806", "万元"), ("203070", "万元"), "比上年增加4736万元，增长2.33%"),
        (("5", "万元"), ("5.00", "万元"), "与上年持平"),
        (("5", "万元"), ("0", "万元"), "比上年增加5万元"),
        (("5", "万元"), ("-3", "万元"), "比上年增加8万元"),
        (("0", "万元"), ("3", "万元"), "比上年减少3万元，下降100.00%"),
        (("1.2", "亿元"), ("9000.00", "万元"), "比上年增加3000.00万元，增长33.33%"),
        (("97.51", "%"), ("96.5", "%"), "比上年提高1.01个百分点"),
        (("18", "人"), ("20", "人"), "比上年减少2人，下降10.00%"),
    ],
)
def test_change(now: tuple[str, str], last: tuple[str, str], said: str) -> None:
    assert change(number(*now), number(*last), R) == said


def test_no_rate_without_a_positive_base() -> None:
    with pytest.raises(ValueError, match="没有比率"):
        quotient(number("1", "万元"), number("0", "万元"))
    with pytest.raises(ValueError, match="没有人均"):
        per_head(number("1", "万元"), number("0", "人"), R)
    with pytest.raises(ValueError, match="不是人均"):
        per_head(number("1", "人"), number("1", "万元"), R)
    with pytest.raises(ValueError, match="不能支付"):
        months(number("-1", "万元"), number("1", "万元"), R)


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_a_share_is_half_up_at_two_decimals(part: int, whole: int) -> None:
    said = percent(quotient(number(str(part), "元"), number(str(whole), "元")), R)
    hundredths = (part * 10**4 * 2 + whole) // (2 * whole)  # integers alone
    assert said == f"{Decimal(hundredths) / 100:.2f}%"

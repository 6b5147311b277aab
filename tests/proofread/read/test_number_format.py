"""Numbers and dates as Excel shows them."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibao.proofread.read.number_format import plain, shown, shown_date

ACCOUNTING = '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ '


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (1234.567, "General", "1234.567"),
        (0.1 + 0.2, "General", "0.3"),
        (1234.567, "0.00", "1234.57"),
        (1234.567, "#,##0", "1,235"),
        (1.005, "0.00", "1.01"),
        (-2.675, "0.00", "-2.68"),
        (-0.001, "0.00", "0.00"),
        (0.9544, "0.00%", "95.44%"),
        (1.2, "0%", "120%"),
        (1234.5, ACCOUNTING, "1,234.50"),
        (-3, ACCOUNTING, "-3.00"),
        (0, ACCOUNTING, "-"),
        (-1234.5, "#,##0.00;[Red]\\(#,##0.00\\)", "(1,234.50)"),
        (-5, "0.00_);(0.00)", "(5.00)"),
        (0, "0.00;-0.00;;@", ""),
        (0.5, "#.##", ".5"),
        (12.50, "0.##", "12.5"),
        (12345678, "#,##0,", "12,346"),
        (12.3, '0.00"万元"', "12.30万元"),
        (1234.5, "[$¥-804]#,##0.00", "¥1,234.50"),
        (7, '0"人"', "7人"),
        (208, "000000", "000208"),
        (0.25, "# ?/?", "0.25"),
        (20050, "0.00E+00", "20050"),
        (float("nan"), "0.00", ""),
        (float("inf"), "General", ""),
    ],
)
def test_shown(value: float, form: str, text: str) -> None:
    assert shown(value, form) == text


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4), st.integers(0, 3))
def test_rounding_is_half_up_in_decimal(value: Decimal, places: int) -> None:
    expected = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    assert Decimal(shown(float(value), f"0.{'0' * places}".rstrip("."))) == expected


@given(st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=30))
def test_no_format_and_no_number_breaks_it(value: float, form: str) -> None:
    assert isinstance(shown(value, form), str)
    assert isinstance(plain(value), str)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("yyyy/m/d", "2025/4/8"),
        ('yyyy"年"m"月"d"日"', "2025年4月8日"),
        ("yyyy-mm-dd hh:mm", "2025-04-08 09:05"),
        ('[$-804]yyyy"年"m"月";@', "2025年4月"),
        ("yy.m.d", "25.4.8"),
        ("General", "2025-04-08"),
    ],
)
def test_shown_date(form: str, text: str) -> None:
    assert shown_date(dt.datetime(2025, 4, 8, 9, 5), form) == text

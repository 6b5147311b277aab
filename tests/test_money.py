"""Fen: exact in, exact out, half-up where it is asked for, and never past int64."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibao.money import FEN_PER, LIMIT, Fen, MoneyUnit, checked, exact_fen, in_unit, round_fen, share_of

UNITS = st.sampled_from(sorted(FEN_PER))
AMOUNTS = st.integers(-LIMIT, LIMIT).map(Fen)


@given(AMOUNTS)
def test_yuan_and_back_is_the_same_amount(fen: Fen) -> None:
    assert exact_fen(in_unit(fen)) == fen


@given(AMOUNTS, UNITS)
def test_printing_loses_less_than_half_a_unit_of_the_last_place(fen: Fen, unit: MoneyUnit) -> None:
    printed = in_unit(fen, unit, 2)
    assert abs(printed * FEN_PER[unit] - fen) <= Decimal(FEN_PER[unit]) / 200


@given(st.decimals(-(10**12), 10**12, allow_nan=False, places=6), UNITS)
def test_rounding_is_to_the_nearest_fen_and_symmetric(amount: Decimal, unit: MoneyUnit) -> None:
    if abs(amount * FEN_PER[unit]) > LIMIT:
        with pytest.raises(OverflowError):
            round_fen(amount, unit)
        return
    fen = round_fen(amount, unit)
    assert abs(Decimal(fen) - amount * FEN_PER[unit]) <= Decimal("0.5")
    assert round_fen(-amount, unit) == -fen


@given(st.integers(-(10**15), 10**15).map(Fen), st.integers(0, 10_000), st.integers(1, 10_000))
def test_a_share_is_within_half_a_fen_and_symmetric(fen: Fen, numerator: int, denominator: int) -> None:
    share = share_of(fen, numerator, denominator)
    assert abs(2 * (share * denominator - fen * numerator)) <= denominator
    assert share_of(Fen(-fen), numerator, denominator) == -share


@given(AMOUNTS)
def test_the_whole_share_is_the_amount(fen: Fen) -> None:
    assert share_of(fen, 7, 7) == fen
    assert share_of(fen, 0, 7) == 0


@pytest.mark.parametrize(("amount", "fen"), [("0.005", 1), ("0.004999", 0), ("-0.005", -1), ("2.675", 268)])
def test_half_up(amount: str, fen: int) -> None:
    assert round_fen(amount) == fen


@pytest.mark.parametrize(("amount", "unit"), [("0.001", "元"), ("1.0000001", "万元"), ("0.5", "分")])
def test_finer_than_a_fen_is_refused(amount: str, unit: MoneyUnit) -> None:
    with pytest.raises(ValueError, match="finer than a fen"):
        exact_fen(amount, unit)


@pytest.mark.parametrize("amount", ["一百", "", "NaN", "Infinity", "1,000"])
def test_what_is_no_amount_is_refused(amount: str) -> None:
    with pytest.raises(ValueError, match="is not an amount"):
        exact_fen(amount)


@pytest.mark.parametrize("amount", ["922337204", "1e30", "-1e400"])
def test_overflow_is_refused(amount: str) -> None:
    with pytest.raises(OverflowError):
        exact_fen(amount, "亿元")


def test_limit_itself_fits() -> None:
    assert checked(LIMIT) == LIMIT
    with pytest.raises(OverflowError):
        checked(LIMIT + 1)


def test_a_rate_without_a_base_is_refused() -> None:
    with pytest.raises(ValueError, match="positive base"):
        share_of(Fen(100), 1, 0)

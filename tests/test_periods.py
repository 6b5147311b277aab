"""Dates between which a value holds: no day twice, no day missing."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibao.periods import ONE_DAY, Span, gaps, overlaps, year_end

DAYS = st.dates(date(2000, 1, 1), date(2040, 12, 31))


def test_both_ends_are_included() -> None:
    span = Span(date(2024, 1, 1), date(2024, 12, 31))
    assert date(2024, 1, 1) in span
    assert date(2024, 12, 31) in span
    assert date(2025, 1, 1) not in span
    assert "2024" not in span
    assert year_end(2024) in span


def test_open_end_holds_for_ever() -> None:
    assert date(9999, 12, 31) in Span(date(2024, 1, 1))


def test_reversed_span_is_refused() -> None:
    with pytest.raises(ValueError, match="is before"):
        Span(date(2024, 1, 2), date(2024, 1, 1))


@given(st.lists(DAYS, min_size=2, max_size=8, unique=True))
def test_a_chain_of_spans_has_neither_gap_nor_overlap(days: list[date]) -> None:
    days.sort()
    chain = [Span(a, b - ONE_DAY) for a, b in pairwise(days)] + [Span(days[-1])]
    assert gaps(chain[::-1]) == []
    assert overlaps(chain[::-1]) == []


@given(DAYS, st.integers(1, 400), st.integers(1, 400))
def test_a_hole_is_reported_with_its_days(start: date, long: int, hole: int) -> None:
    first = Span(start, start + timedelta(days=long))
    assert first.end is not None
    second = Span(first.end + timedelta(days=hole + 1))
    assert gaps([second, first]) == [Span(first.end + ONE_DAY, second.start - ONE_DAY)]


@given(DAYS, st.integers(0, 400))
def test_a_shared_day_is_an_overlap(start: date, long: int) -> None:
    first = Span(start, start + timedelta(days=long))
    assert first.end is not None
    assert overlaps([first, Span(first.end)]) == [(first, Span(first.end))]
    assert overlaps([first, Span(first.end + ONE_DAY)]) == []

"""参保激励: an event log; the cap follows from it at any day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibao.enrol.history import History, YearPaid
from yibao.enrol.incentives import (
    Event,
    IncentiveRule,
    cap_raise,
    continuous_years,
    events,
    incentive_rule,
    incentive_rules,
)
from yibao.enrol.rules import Book
from yibao.errors import UserError
from yibao.region.packs import region

RULE = IncentiveRule(
    counted_from=2025, after_years=4, continuous=300_000, zero_claim=300_000, limit=2_000, cap=40_000_000
)
ON = date(2040, 12, 31)
RULES = dict.fromkeys(range(2025, 2042), RULE)
CLAIMED = 12_345


def history(years: list[int], claims: dict[int, int] | None = None, critical: dict[int, int] | None = None) -> History:
    paid = {
        y: YearPaid(
            date(y - 1, 11, 5), 1, y * 100 + 1, frozenset(), (claims or {}).get(y, CLAIMED), (critical or {}).get(y, 0)
        )
        for y in years
    }
    return History("P1", date(1980, 1, 1), date(2010, 1, 1), paid, {}, reaches_from=2020)


def raised(found: History, year: int, on: date = ON) -> int:
    return cap_raise(RULE, list(events(RULES, found, on)), year, on)


def test_the_case_of_the_guide() -> None:
    """Original cap 400,000, thirty raises of 3,000, limit 20 %: the cap is 480,000."""
    log = [Event(2025 + n, "zero_claim", 2026 + n, date(2026 + n, 1, 1), 300_000, "") for n in range(30)]
    assert RULE.cap + cap_raise(RULE, log, 2060, date(2060, 1, 1)) == 48_000_000


def test_each_year_after_the_fourth_raises_the_cap() -> None:
    found = history(list(range(2025, 2032)))
    assert [raised(found, year) for year in range(2025, 2032)] == [0, 0, 0, 0, 300_000, 600_000, 900_000]


def test_a_break_restarts_the_count_and_keeps_the_credit_of_years_without_claims() -> None:
    years = [2025, 2026, 2027, 2028, 2029, 2031, 2032]
    found = history(years, claims={2026: 0})
    assert raised(found, 2029) == 600_000  # the fifth year, and one year without claims
    assert raised(found, 2031) == 300_000  # only the credit is left
    log = list(events(RULES, found, ON))
    assert [continuous_years(log, y) for y in (2029, 2031, 2032)] == [5, 1, 2]


def test_a_year_without_claims_counts_from_the_next_year_and_only_when_it_is_over() -> None:
    found = history([2025, 2026], claims={2025: 0})
    assert raised(found, 2025) == 0
    assert raised(found, 2026, date(2025, 12, 31)) == 0
    assert raised(found, 2026, date(2026, 1, 1)) == 300_000


def test_a_reversal_turns_a_year_back_into_one_without_claims() -> None:
    before, after = (
        history([2025, 2026], claims={2025: CLAIMED}),
        history([2025, 2026], claims={2025: CLAIMED - CLAIMED}),
    )
    assert (raised(before, 2026), raised(after, 2026)) == (0, 300_000)


def test_credit_that_was_used_is_gone_and_unused_credit_is_kept() -> None:
    used = history([2025, 2026, 2027], claims={2025: 0}, critical={2026: RULE.cap + 1})
    kept = history([2025, 2026, 2027], claims={2025: 0}, critical={2026: RULE.cap})
    assert (raised(used, 2026), raised(used, 2027), raised(kept, 2027)) == (300_000, 0, 300_000)


def test_a_year_paid_after_its_end_does_not_continue_the_count() -> None:
    found = history([2025, 2026, 2028])
    repaired = replace(found, resident={**found.resident, 2027: YearPaid(date(2028, 2, 1), 1, 202701)})
    assert continuous_years(list(events(RULES, repaired, ON)), 2028) == 1


def test_a_year_of_employment_neither_counts_nor_breaks() -> None:
    found = replace(history([2025, 2026, 2028]), employee={2027: YearPaid(date(2027, 1, 5), 12, 202712)})
    assert continuous_years(list(events(RULES, found, ON)), 2028) == 3


HISTORIES = st.tuples(
    st.sets(st.integers(2025, 2039)), st.dictionaries(st.integers(2025, 2039), st.sampled_from([0, CLAIMED]), max_size=15),
    st.dictionaries(st.integers(2025, 2039), st.sampled_from([0, RULE.cap + 1]), max_size=15),
).map(lambda t: history(sorted(t[0]), t[1], t[2]))  # fmt: skip


@given(HISTORIES, st.integers(2025, 2040))
def test_a_raise_lies_between_nothing_and_the_limit(found: History, year: int) -> None:
    assert 0 <= raised(found, year) <= RULE.cap * RULE.limit // 10_000


@given(HISTORIES, st.integers(2025, 2040), st.randoms(use_true_random=False))
def test_the_order_of_the_log_does_not_matter(found: History, year: int, chance: object) -> None:
    log = list(events(RULES, found, ON))
    mixed = list(log)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert cap_raise(RULE, mixed, year, ON) == cap_raise(RULE, log, year, ON)
    assert continuous_years(mixed, year) == continuous_years(log, year)


@given(HISTORIES, st.integers(2025, 2040), st.dates(date(2025, 1, 1), ON))
def test_what_is_known_on_a_day_is_what_the_whole_log_says_of_that_day(found: History, year: int, on: date) -> None:
    """A log made later agrees with the log made then, as long as no claim came late."""
    then = list(events(dict.fromkeys(range(2025, on.year + 2), RULE), found, on))
    assert all(event in then for event in events(RULES, found, ON) if event.year < on.year)
    assert len({(e.year, e.kind) for e in then}) == len(then)


@given(HISTORIES, st.integers(2025, 2039))
def test_taking_a_claim_back_never_lowers_a_raise(found: History, year: int) -> None:
    entry = found.resident.get(year)
    if entry is not None:
        without = replace(found, resident={**found.resident, year: replace(entry, fund_paid=0, critical_paid=0)})
        assert all(raised(without, y) >= raised(found, y) for y in range(2025, 2041))


def test_a_region_without_the_rule_is_refused_by_its_name() -> None:
    with pytest.raises(UserError, match=r"enrol\.incentive"):
        incentive_rule(Book(region("cn-43")), 2025)


def test_years_before_the_first_notice_go_by_that_notice(book: Book) -> None:
    rules = incentive_rules(book, date(2026, 6, 1))
    assert sorted(rules) == list(range(2022, 2028))
    assert rules[2022] == rules[2025]
    assert rules[2025].cap == 30_000_000

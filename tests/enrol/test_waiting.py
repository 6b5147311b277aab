"""待遇等待期: the acceptance cases of the guide (benefits §16) and what must hold of any record."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.enrol.conftest import MakeBook, parameter
from yibao.enrol.history import History, YearPaid
from yibao.enrol.rules import Book, Window, window
from yibao.enrol.waiting import ANCHORS, WaitingRule, benefit_start, waiting_months, waiting_of, waiting_rule
from yibao.errors import UserError

RULE = WaitingRule(
    counted_from=2025,
    fixed_months=3,
    months_per_broken_year=1,
    months_per_repaired_year=1,
    first_broken_year_counts=True,
    floor_years=4,
    floor_months=6,
    anchor="payment_date",
    partial_year_covers=True,
    exempt=frozenset({"newborn", "transfer"}),
    newborn_days=90,
    transfer_gap_months=3,
    transfer_months=24,
)
IN_2030 = Window(date(2029, 10, 1), date(2029, 12, 31))


def paid(*years: int, late: int = 0) -> dict[int, YearPaid]:
    """Years that were paid for in November of the year before; `late`: that one in the following March, as a repair."""
    days = {y: date(y + 1, 3, 1) if y == late else date(y - 1, 11, 5) for y in (*years, *([late] if late else []))}
    return {y: YearPaid(day, 1, y * 100 + 1) for y, day in days.items()}


def person(resident: dict[int, YearPaid], employee: dict[int, YearPaid] | None = None, **more: date) -> History:
    known = {"birth": date(1980, 5, 1), "first_enrolled": date(2010, 1, 1), **more}
    return History("P1", known["birth"], known["first_enrolled"], resident, employee or {}, reaches_from=2020)


@pytest.mark.parametrize(
    ("in_window", "broken", "repaired", "months"),
    [
        (True, 0, 0, 0),
        (False, 0, 0, 3),  # late, continuous
        (False, 2, 1, 4),  # two broken years, one repaired
        (True, 2, 1, 4),  # in the window, but not continuous
        (False, 5, 5, 6),  # floor
        (False, 5, 0, 8),
        (True, 1, 3, 3),  # more repaired than broken never goes below the fixed months
    ],
)
def test_the_cases_of_the_guide(in_window: bool, broken: int, repaired: int, months: int) -> None:
    found = waiting_months(RULE, in_window=in_window, broken_years=broken, repaired_years=repaired)
    assert found == months


def test_the_first_broken_year_counts_or_not_as_the_region_says() -> None:
    rule = replace(RULE, first_broken_year_counts=False)
    assert waiting_months(rule, in_window=False, broken_years=2, repaired_years=1) == 3
    assert waiting_months(rule, in_window=False, broken_years=2, repaired_years=0) == 4


def test_without_a_floor_repair_brings_five_broken_years_to_three_months() -> None:
    rule = replace(RULE, floor_years=99)
    assert waiting_months(rule, in_window=False, broken_years=5, repaired_years=5) == 3


@given(st.booleans(), st.integers(0, 30), st.integers(0, 30), st.booleans())
def test_a_gap_never_shortens_and_a_repair_never_lengthens(
    window: bool, broken: int, repaired: int, first: bool
) -> None:
    rule = replace(RULE, first_broken_year_counts=first)

    def months(b: int, r: int) -> int:
        return waiting_months(rule, in_window=window, broken_years=b, repaired_years=r)

    assert months(broken, repaired + 1) <= months(broken, repaired) <= months(broken + 1, repaired)
    assert months(broken, repaired) == 0 or months(broken, repaired) >= rule.fixed_months
    assert waiting_months(rule, in_window=window, broken_years=broken, repaired_years=repaired, exempt=True) == 0


@given(st.sampled_from(ANCHORS), st.dates(date(2024, 9, 1), date(2025, 12, 31)), st.integers(0, 24))
def test_a_benefit_never_begins_before_its_year_nor_before_the_anchor(anchor: str, day: date, months: int) -> None:
    starts = benefit_start(anchor, day, months, 2025)
    assert starts >= date(2025, 1, 1)
    assert benefit_start(anchor, day, months + 1, 2025) >= starts


def test_broken_years_are_the_run_before_the_year() -> None:
    found = waiting_of(RULE, person(paid(2025, 2027, 2030)), 2030, IN_2030)
    assert (found.in_window, found.broken_years, found.months) == (True, 2, 5)  # 2028 and 2029, not 2026


def test_a_year_paid_after_its_end_is_repaired_not_covered() -> None:
    found = waiting_of(RULE, person(paid(2025, 2026, 2027, 2030, late=2029)), 2030, IN_2030)
    assert (found.broken_years, found.repaired_years, found.months) == (2, 1, 4)


def test_years_before_the_rule_the_records_and_the_first_enrolment_are_not_broken() -> None:
    late = {2026: YearPaid(date(2026, 3, 1), 1, 202601)}
    assert waiting_of(RULE, person(late), 2026, Window(date(2025, 10, 1), date(2025, 12, 31))).broken_years == 1
    new = person(late, first_enrolled=date(2026, 3, 1))
    assert waiting_of(RULE, new, 2026, Window(date(2025, 10, 1), date(2025, 12, 31))).broken_years == 0
    short = replace(person(late), reaches_from=2026)
    assert waiting_of(RULE, short, 2026, Window(date(2025, 10, 1), date(2025, 12, 31))).broken_years == 0


def test_a_newborn_is_covered_from_birth_for_as_long_as_the_region_says() -> None:
    window_2025 = Window(date(2024, 10, 1), date(2024, 12, 31))
    for day, starts in ((date(2025, 6, 30), date(2025, 4, 10)), (date(2025, 8, 1), date(2025, 11, 1))):
        child = person({2025: YearPaid(day, 1, 202501)}, birth=date(2025, 4, 10), first_enrolled=day)
        assert waiting_of(RULE, child, 2025, window_2025).starts == starts


def test_who_left_an_employer_in_time_does_not_wait() -> None:
    worked = {y: YearPaid(date(y, 1, 10), 12, y * 100 + 12) for y in (2027, 2028)} | {
        2029: YearPaid(date(2029, 1, 9), 3, 202903)
    }
    window_2029 = Window(date(2028, 10, 1), date(2028, 12, 31))
    for day, exemption in ((date(2029, 7, 1), "transfer"), (date(2029, 7, 2), None)):
        found = waiting_of(RULE, person({2029: YearPaid(day, 1, 202901)}, worked), 2029, window_2029)
        assert (found.exemption, found.months) == (exemption, 0 if exemption else 3)


def test_who_worked_too_short_waits() -> None:
    worked = {2029: YearPaid(date(2029, 1, 9), 5, 202905)}
    found = waiting_of(
        RULE,
        person({2029: YearPaid(date(2029, 6, 1), 1, 202901)}, worked),
        2029,
        Window(date(2028, 10, 1), date(2028, 12, 31)),
    )
    assert found.exemption is None


def test_some_months_of_employment_cover_a_year_or_not_as_the_region_says() -> None:
    worked = {2029: YearPaid(date(2029, 1, 9), 5, 202905)}
    history = person(paid(2030), worked, first_enrolled=date(2029, 1, 1))
    assert waiting_of(RULE, history, 2030, IN_2030).broken_years == 0
    assert waiting_of(replace(RULE, partial_year_covers=False), history, 2030, IN_2030).broken_years == 1


def test_an_exempt_identity_does_not_wait() -> None:
    rule = replace(RULE, exempt=frozenset({"tekun"}))
    entry = YearPaid(date(2030, 3, 1), 1, 203001, frozenset({"dibao", "tekun"}))
    assert waiting_of(rule, person({2030: entry}), 2030, IN_2030).exemption == "identity"
    assert (
        waiting_of(rule, person({2030: replace(entry, identities=frozenset({"dibao"}))}), 2030, IN_2030).exemption
        is None
    )


def test_first_time_is_an_exemption_only_where_the_region_says_so() -> None:
    history = person({2030: YearPaid(date(2030, 3, 1), 1, 203001)}, first_enrolled=date(2030, 3, 1))
    assert waiting_of(replace(RULE, exempt=frozenset({"first_time"})), history, 2030, IN_2030).months == 0
    assert waiting_of(RULE, history, 2030, IN_2030).months == 3


def test_a_region_without_a_parameter_is_refused_by_its_name() -> None:
    from yibao.region.packs import region

    with pytest.raises(UserError, match=r"enrol\.waiting\.floor"):
        waiting_rule(Book(region("cn-43")), 2025)


def test_the_example_region_has_a_whole_rule(book: Book) -> None:
    rule = waiting_rule(book, 2025)
    assert (rule.fixed_months, rule.anchor, rule.counted_from) == (3, "payment_date", 2025)
    assert any("国办发〔2024〕38号" in line and "未核对原文" in line for line in book.cited)


def test_an_anchor_that_nobody_knows_is_refused(written: MakeBook) -> None:
    with pytest.raises(UserError, match="只能是 payment_date"):
        written(parameter("enrol.waiting.anchor", "from: 2025-01-01, value: someday")).one_of(
            "enrol.waiting.anchor", date(2025, 1, 1), ANCHORS
        )


def test_a_window_may_close_in_the_benefit_year(written: MakeBook) -> None:
    found = window(
        written(parameter("enrol.window", 'from: 2025-01-01, value: {opens: "09-15", closes: "02-28"}')), 2025
    )
    assert (found.opens, found.closes) == (date(2024, 9, 15), date(2025, 2, 28))

"""待遇等待期: from when a resident who paid late, or after a gap, has benefits (国办发〔2024〕38号; guide benefits §6.1).

if exempt: 0; if in window and continuous: 0
F = 3; V = broken years (the first one counts or not: a parameter); V′ = max(0, V − repaired); W = F + V′
from `floor_years` broken years on: W = max(W, floor_months)
benefits begin at anchor + W months, never before the year does
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

from yibao.enrol.history import History
from yibao.enrol.rules import Book, Window, year_start

ANCHORS = ("payment_date", "next_month", "year_start")
GROUPS = ("newborn", "first_time", "transfer")


@dataclass(frozen=True, slots=True)
class WaitingRule:
    """Months and years of the rule; the parameters that no document of the nation lays down have no default."""

    counted_from: int
    fixed_months: int
    months_per_broken_year: int
    months_per_repaired_year: int
    first_broken_year_counts: bool
    floor_years: int
    floor_months: int
    anchor: str
    partial_year_covers: bool
    exempt: frozenset[str]
    newborn_days: int
    transfer_gap_months: int
    transfer_months: int


def waiting_rule(book: Book, year: int) -> WaitingRule:
    """The rule for a benefit year; UserError names the first parameter that is missing."""
    on = year_start(year)
    floor = book.mapping("enrol.waiting.floor", on, ("broken_years", "months"))
    transfer = book.mapping("enrol.transfer", on, ("gap_months", "continuous_months"))
    return WaitingRule(
        counted_from=book.count("enrol.waiting.counted_from", on),
        fixed_months=book.count("enrol.waiting.fixed_months", on),
        months_per_broken_year=book.count("enrol.waiting.months_per_broken_year", on),
        months_per_repaired_year=book.count("enrol.waiting.months_per_repaired_year", on),
        first_broken_year_counts=book.flag("enrol.waiting.first_broken_year_counts", on),
        floor_years=book.whole("enrol.waiting.floor", floor["broken_years"]),
        floor_months=book.whole("enrol.waiting.floor", floor["months"]),
        anchor=book.one_of("enrol.waiting.anchor", on, ANCHORS),
        partial_year_covers=book.one_of("enrol.waiting.partial_year", on, ("covered", "broken")) == "covered",
        exempt=frozenset(book.words("enrol.waiting.exempt", on)),
        newborn_days=book.count("enrol.waiting.newborn_days", on),
        transfer_gap_months=book.whole("enrol.transfer", transfer["gap_months"]),
        transfer_months=book.whole("enrol.transfer", transfer["continuous_months"]),
    )


def waiting_months(
    rule: WaitingRule, *, in_window: bool, broken_years: int, repaired_years: int, exempt: bool = False
) -> int:
    """Months between the anchor and the first covered day. `broken_years` 0: continuous."""
    if exempt or (in_window and not broken_years):
        return 0
    counted = max(0, broken_years - (0 if rule.first_broken_year_counts else 1))
    variable = max(0, counted * rule.months_per_broken_year - repaired_years * rule.months_per_repaired_year)
    months = rule.fixed_months + variable
    return max(months, rule.floor_months) if broken_years >= rule.floor_years else months


def benefit_start(anchor: str, paid: date, months: int, year: int) -> date:
    """
    >>> benefit_start("payment_date", date(2025, 11, 30), 3, 2025), benefit_start("next_month", date(2025, 3, 5), 3, 2025)
    (datetime.date(2026, 2, 28), datetime.date(2025, 7, 1))
    """
    first = year_start(year)
    if anchor == "payment_date":
        begins = paid
    elif anchor == "next_month":
        begins = plus_months(paid.replace(day=1), 1)
    else:
        begins = first
    return max(first, plus_months(begins, months))


def plus_months(day: date, months: int) -> date:
    """The same day some months on; the last of a shorter month.

    >>> plus_months(date(2024, 1, 31), 1)
    datetime.date(2024, 2, 29)
    """
    at = day.year * 12 + day.month - 1 + months
    year, month = at // 12, at % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


@dataclass(frozen=True, slots=True)
class Waiting:
    """One person and benefit year, as `benefit_waiting` holds it."""

    in_window: bool
    broken_years: int
    repaired_years: int
    exemption: str | None
    months: int
    starts: date


def waiting_of(rule: WaitingRule, history: History, year: int, span: Window) -> Waiting:
    """The waiting period of a resident's year that was paid for (KeyError otherwise)."""
    paid = history.resident[year].first_paid
    broken = broken_years(rule, history, year)
    repaired = sum(history.repaired(y) for y in broken)
    in_window = span.opens <= paid <= span.closes
    exemption = None if in_window and not broken else _exemption(rule, history, year, paid, span)
    months = waiting_months(
        rule, in_window=in_window, broken_years=len(broken), repaired_years=repaired, exempt=exemption is not None
    )
    starts = (
        max(history.birth, year_start(year))
        if exemption == "newborn"
        else benefit_start(rule.anchor, paid, months, year)
    )
    return Waiting(in_window, len(broken), repaired, exemption, months, starts)


def broken_years(rule: WaitingRule, history: History, year: int) -> list[int]:
    """The run of years right before `year` that were not covered in time.

    Years before the rule, before the records and before the person's first enrolment do not count: nothing was broken there.
    """
    first = max(rule.counted_from, history.reaches_from, history.first_enrolled.year)
    found = []
    for before in range(year - 1, first - 1, -1):
        if history.in_time(before, partial_counts=rule.partial_year_covers):
            break
        found.append(before)
    return found


def _exemption(rule: WaitingRule, history: History, year: int, paid: date, span: Window) -> str | None:
    if "newborn" in rule.exempt and 0 <= (paid - history.birth).days <= rule.newborn_days:
        return "newborn"
    if history.resident[year].identities & rule.exempt:
        return "identity"
    if "transfer" in rule.exempt and _transferred(rule, history, paid):
        return "transfer"
    new = history.first_enrolled >= span.opens and not any(y < year for y in history.years)
    return "first_time" if new and "first_time" in rule.exempt else None


def _transferred(rule: WaitingRule, history: History, paid: date) -> bool:
    """Left an employer not long before paying, after an unbroken enrolment of either kind that was long enough."""
    last = max((e.last_month for y, e in history.employee.items() if y <= paid.year), default=0)
    if not last or paid > plus_months(date(last // 100, last % 100, 1), 1 + rule.transfer_gap_months):
        return False
    year, months = last // 100, 0
    while (covered := _months(history, year)) and months < rule.transfer_months:
        months += covered
        year -= 1
    return months >= rule.transfer_months


def _months(history: History, year: int) -> int:
    if (entry := history.employee.get(year)) is not None:
        return entry.months
    return 12 if history.in_time(year) else 0

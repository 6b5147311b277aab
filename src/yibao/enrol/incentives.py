"""参保激励: how far a resident's 大病 cap is raised by 连续参保 and 零报销 (国办发〔2024〕38号; guide benefits §6.2).

What happened is an event with a signed amount; the raise of a year is their sum, held below a share of the original cap:

    raise(year, day) = min(limit × cap, Σ amount of events that take effect by the year and are known on the day)

Nothing is ever subtracted from a stored number. A reversal of a claim that turns a year back into one without claims shows as another
event when the log is made again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from yibao.enrol.history import History
from yibao.enrol.rules import CRITICAL_ILLNESS, Book, year_start
from yibao.money import Fen, share_of


@dataclass(frozen=True, slots=True)
class IncentiveRule:
    """Amounts in fen, the limit in 10⁻⁴ of the original cap."""

    counted_from: int
    after_years: int
    continuous: int
    zero_claim: int
    limit: int
    cap: int


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """Something that happened in `year`, known from `day` on, and what it adds to the cap from `effective` on, fen."""

    year: int
    kind: str
    effective: int
    day: date
    amount: int
    source: str


def incentive_rule(book: Book, year: int) -> IncentiveRule:
    """The rule for a benefit year; UserError names the first parameter that is missing."""
    key, on = "enrol.incentive", year_start(year)
    said = book.mapping(key, on, ("counted_from", "after_years", "continuous", "zero_claim", "limit"))
    cap = book.mapping(CRITICAL_ILLNESS, on, ("cap",))["cap"]
    return IncentiveRule(
        counted_from=book.whole(key, said["counted_from"]),
        after_years=book.whole(key, said["after_years"]),
        continuous=int(book.fen(key, said["continuous"])),
        zero_claim=int(book.fen(key, said["zero_claim"])),
        limit=book.rate(key, said["limit"]),
        cap=int(book.fen(CRITICAL_ILLNESS, cap)),
    )


def incentive_rules(book: Book, on: date) -> dict[int, IncentiveRule]:
    """The rule of each benefit year that counts up to the one after `on`; years before the first notice go by that notice."""
    latest = incentive_rule(book, on.year)
    found: dict[int, IncentiveRule] = {}
    for year in range(on.year + 1, latest.counted_from - 1, -1):
        there = book.optional("enrol.incentive", year_start(year)) is not None
        found[year] = incentive_rule(book, year) if there else found[year + 1]
    return found


def events(rules: Mapping[int, IncentiveRule], history: History, on: date) -> Iterator[Event]:
    """The log of a person as known on a day, year after year; `rules` by benefit year, without a gap.

    A repaired year shortens a waiting period, it does not continue the count: a break restarts it. A year of employment neither counts
    nor breaks.
    """
    run = raised = credit = 0
    for year in sorted(rules):
        rule = rules[year]
        if year < history.reaches_from:
            continue
        if history.resident_in_time(year):
            paid = history.resident[year]
            run += 1
            amount = rule.continuous if run > rule.after_years else 0
            raised += amount
            yield Event(year, "continuous", year, paid.first_paid, amount, f"缴费 {paid.first_paid}，连续第 {run} 年")
            if year < on.year:
                over = paid.critical_paid > rule.cap
                if paid.fund_paid == 0:
                    yield _ended(year, "zero_claim", rules[year + 1].zero_claim, "全年基金支付净额为 0")
                elif over and credit:
                    yield _ended(year, "credit_used", -credit, f"大病支付 {paid.critical_paid} 分，超过原限额")
                credit = credit + rules[year + 1].zero_claim if paid.fund_paid == 0 else 0 if over else credit
        elif run and year < on.year and not history.in_time(year):
            yield _ended(year, "broken", -raised, f"此前连续参保 {run} 年")
            run = raised = 0


def _ended(year: int, kind: str, amount: int, source: str) -> Event:
    """What is only known when the year is over."""
    return Event(year, kind, year + 1, year_start(year + 1), amount, source)


def cap_raise(rule: IncentiveRule, log: Iterable[Event], year: int, on: date) -> Fen:
    """By how much the cap of a benefit year is raised, as known on a day; fen.

    >>> rule = IncentiveRule(2025, 4, 300_000, 300_000, 2_000, 40_000_000)
    >>> log = [Event(2025 + n, "zero_claim", 2026 + n, date(2026 + n, 1, 1), 300_000, "") for n in range(30)]
    >>> cap_raise(rule, log, 2056, date(2056, 1, 1))
    8000000
    """
    total = sum(event.amount for event in log if event.effective <= year and event.day <= on)
    return Fen(min(total, share_of(Fen(rule.cap), rule.limit, 10_000)))


def continuous_years(log: Iterable[Event], year: int) -> int:
    """How many years in a row up to `year` were paid for; the events are those of one person."""
    run = 0
    for event in sorted(log):
        if event.year > year:
            break
        if event.kind == "continuous":
            run += 1
        elif event.kind == "broken":
            run = 0
    return run

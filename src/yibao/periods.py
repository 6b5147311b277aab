"""Budget years, and the dates between which a value holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


def year_end(year: int) -> date:
    """The last day of a budget year: the date on which a year's rules are asked for.

    >>> year_end(2025)
    datetime.date(2025, 12, 31)
    """
    return date(year, 12, 31)


def month_end(month: int) -> date:
    """The last day of a month (yyyymm).

    >>> month_end(202402), month_end(202512)
    (datetime.date(2024, 2, 29), datetime.date(2025, 12, 31))
    """
    year, number = divmod(month, 100)
    return date(year + number // 12, number % 12 + 1, 1) - ONE_DAY


@dataclass(frozen=True, slots=True)
class Span:
    """From the first day to the last, both included; `end` None: until further notice."""

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"{self.end} is before {self.start}")

    def __contains__(self, day: object) -> bool:
        if not isinstance(day, date):
            return False
        return self.start <= day and (self.end is None or day <= self.end)

    def overlaps(self, other: Span) -> bool:
        return other.start in self or self.start in other


def overlaps(spans: Sequence[Span]) -> list[tuple[Span, Span]]:
    """Neighbours in time that hold on the same day.

    >>> overlaps([Span(date(2020, 1, 1)), Span(date(2024, 1, 1))])[0][1].start
    datetime.date(2024, 1, 1)
    """
    ordered = sorted(spans, key=lambda span: span.start)
    return [(a, b) for i, a in enumerate(ordered) for b in ordered[i + 1 :] if a.overlaps(b)]


def gaps(spans: Sequence[Span]) -> list[Span]:
    """The days between the first and the last span on which nothing holds.

    >>> gaps([Span(date(2020, 1, 1), date(2020, 12, 31)), Span(date(2022, 1, 1))])
    [Span(start=datetime.date(2021, 1, 1), end=datetime.date(2021, 12, 31))]
    """
    found: list[Span] = []
    reached: date | None = None
    for span in sorted(spans, key=lambda s: s.start):
        if reached is not None and span.start > reached + ONE_DAY:
            found.append(Span(reached + ONE_DAY, span.start - ONE_DAY))
        if span.end is None:
            return found
        reached = max(reached, span.end) if reached else span.end
    return found

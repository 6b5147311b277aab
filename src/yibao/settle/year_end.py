"""A stay across the end of a benefit year, as the region's `year_end` says: whole at discharge, or by days (benefits.md §9.5)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from yibao.region.benefits.plan import Rounding

BUCKETS = ("full_selfpay", "over_cap", "pre_selfpay", "in_scope")


def split_by_days(
    amounts: Mapping[str, int], start: date, discharge: date, rounding: Rounding
) -> list[tuple[date, dict[str, int]]]:
    """For each calendar year of a stay its last day and its share of each bucket, fen: that of its days, the last year the rest.

    >>> split_by_days({"in_scope": 100_01}, date(2024, 12, 30), date(2025, 1, 3), Rounding.HALF_UP)
    [(datetime.date(2024, 12, 31), {'in_scope': 5001}), (datetime.date(2025, 1, 3), {'in_scope': 5000})]
    """
    days = (discharge - start).days
    rest = dict(amounts)
    parts: list[tuple[date, dict[str, int]]] = []
    for year in range(start.year, discharge.year):
        here = (date(year + 1, 1, 1) - max(start, date(year, 1, 1))).days
        share = {name: min(rest[name], _share(amount * here, days, rounding)) for name, amount in amounts.items()}
        rest = {name: rest[name] - share[name] for name in amounts}
        parts.append((date(year, 12, 31), share))
    return [*parts, (discharge, rest)]


def _share(amount: int, days: int, rounding: Rounding) -> int:
    whole, left = divmod(amount, days)
    if rounding is Rounding.DOWN or left * 2 < days:
        return whole
    if left * 2 == days and rounding is Rounding.HALF_EVEN:
        return whole + whole % 2
    return whole + 1

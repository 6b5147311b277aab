"""A stay across the end of a benefit year, as `year_end` says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from tests.oracle.cells import Refused
from tests.oracle.read import Read
from tests.oracle.visit import Visit

BUCKETS = ("full_selfpay", "over_cap", "pre_selfpay", "in_scope")


def by_year(rules: Mapping[str, Any], visit: Visit) -> list[Visit]:
    """The bill itself, or one bill for each calendar year of the stay."""
    if visit.start is None or visit.start.year == visit.discharge.year:
        return [visit]
    read = Read(rules, visit, None)
    how = read.word(f"{visit.care}.year_end", ("whole_at_discharge", "split_by_days", "two_settlements"))
    if how == "two_settlements":
        raise Refused(f"{visit.id}: {visit.care}.year_end asks for two settlements of a stay across the year end")
    return [visit] if how == "whole_at_discharge" else split(read, visit, visit.start)


def split(read: Read, visit: Visit, start: date) -> list[Visit]:
    """By mean daily cost: each year its share of the days, the last year the rest."""
    days = (visit.discharge - start).days
    rest = {bucket: getattr(visit, bucket) for bucket in BUCKETS}
    parts: list[Visit] = []
    for year in range(start.year, visit.discharge.year):
        here = (date(year + 1, 1, 1) - max(start, date(year, 1, 1))).days
        share = {
            bucket: min(rest[bucket], read.rounded(Decimal(getattr(visit, bucket) * here) / days)) for bucket in BUCKETS
        }
        rest = {bucket: rest[bucket] - share[bucket] for bucket in BUCKETS}
        parts.append(bill(visit, len(parts), date(year, 12, 31), visit.year - visit.discharge.year + year, share))
    return [*parts, bill(visit, len(parts), visit.discharge, visit.year, rest)]


def bill(visit: Visit, at: int, discharge: date, year: int, buckets: dict[str, int]) -> Visit:
    changes: dict[str, Any] = {**buckets, "total": sum(buckets.values()), "continues": 1 if at else visit.continues}
    return replace(visit, id=f"{visit.id}/{at}", start=None, discharge=discharge, year=year, **changes)

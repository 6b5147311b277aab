"""The years of a person: what was paid for each, when, and what the funds paid. The rules of waiting and incentives read nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

import pyarrow as pa

RESIDENT, EMPLOYEE = "390", "310"


@dataclass(frozen=True, slots=True)
class YearPaid:
    """What was paid for one benefit year under one insurance. Money in fen."""

    first_paid: date
    months: int  #: months of the year that were paid for; a resident pays for the year
    last_month: int  #: yyyymm
    identities: frozenset[str] = frozenset()  #: held on the day of the first payment
    fund_paid: int = 0  #: by all funds, reversals subtracted
    critical_paid: int = 0  #: of it, 大病


@dataclass(frozen=True, slots=True)
class History:
    """One person. Years without an entry were not paid for, as far as the records reach (`reaches_from`)."""

    person_no: str
    birth: date
    first_enrolled: date  #: of the earliest relation
    resident: Mapping[int, YearPaid]
    employee: Mapping[int, YearPaid]
    reaches_from: int

    def in_time(self, year: int, *, partial_counts: bool = True) -> bool:
        """Was the year covered while it lasted? What was paid for a year after its end repairs, it does not cover.

        `partial_counts`: a year of some months of employment counts.
        """
        employee = self.employee.get(year)
        if self.resident_in_time(year):
            return True
        return employee is not None and (partial_counts or employee.months >= 12)

    def resident_in_time(self, year: int) -> bool:
        """As a resident; the year of birth may be paid for after it has ended."""
        paid = self.resident.get(year)
        return paid is not None and (paid.first_paid.year <= year or year == self.birth.year)

    def repaired(self, year: int) -> bool:
        return year in self.resident and not self.resident_in_time(year)

    @property
    def years(self) -> list[int]:
        return sorted({*self.resident, *self.employee})


def histories(groups: pa.Table, reaches_from: int) -> Iterator[History]:
    """Rows of `person_years`, those of a person together, as one history a person."""
    for person, rows in groupby(_rows(groups), key=itemgetter("person_no")):
        years: tuple[dict[int, YearPaid], dict[int, YearPaid]] = ({}, {})
        row: dict[str, Any] = {}
        for row in rows:
            of, year = years[row["insurance_type"] == EMPLOYEE], row["benefit_year"]
            held = of[year].identities if year in of else frozenset()
            held = held | {row["identity_type"]} if row["identity_type"] else held
            of[year] = YearPaid(
                row["first_paid"], row["months"], row["last_month"], held, row["fund_paid"], row["critical_paid"]
            )
        yield History(person, row["birth_date"], row["first_enrolled"], *years, reaches_from)


def _rows(groups: pa.Table) -> Iterator[dict[str, Any]]:
    names = groups.column_names
    for values in zip(*(groups[name].to_pylist() for name in names), strict=True):
        yield dict(zip(names, values, strict=True))

"""Visit after visit, person by person: what settles, what is taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tests.oracle.cells import Refused
from tests.oracle.paid import Entry, Paid, Person, together
from tests.oracle.steps import Steps
from tests.oracle.visit import Visit
from tests.oracle.year_end import by_year


def settle(rules: Mapping[str, Any], visits: Iterable[Visit]) -> list[Paid]:
    """One result per visit, in the order given; Refused names what is missing or wrong."""
    persons: dict[str, Person] = {}
    results = []
    for visit in visits:
        person = persons.setdefault(visit.person_no, Person())
        results.append(reverse(person, visit) if visit.reverses else settle_bill(rules, person, visit))
    return results


def settle_bill(rules: Mapping[str, Any], person: Person, visit: Visit) -> Paid:
    """A bill, in parts where the year end splits it."""
    if visit.id in person.standing:
        raise Refused(f"{visit.id} is settled already")
    check(visit)
    parts: list[Entry] = []
    for part in by_year(rules, visit):
        parts.append(Steps(rules, person, part).run())
        person.standing[visit.id] = together(parts)
    return person.standing[visit.id].paid


def check(visit: Visit) -> None:
    buckets = (visit.full_selfpay, visit.over_cap, visit.pre_selfpay, visit.in_scope)
    if min(buckets) < 0 or visit.total != sum(buckets):
        raise Refused(f"{visit.id}: {visit.total} is not the sum of {buckets}")
    if min(visit.credited, visit.family, visit.cap_raise) < 0:
        raise Refused(f"{visit.id}: an amount below 0")


def reverse(person: Person, visit: Visit) -> Paid:
    """Takes an earlier visit out of the sums that it went into."""
    entry = person.standing.pop(str(visit.reverses), None)
    if entry is None:
        raise Refused(f"{visit.reverses} does not stand")
    person.sums.subtract(entry.added)
    return entry.paid.negated()

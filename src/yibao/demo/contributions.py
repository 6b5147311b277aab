"""Contributions: residents for a year, employees for a month; who else pays for them; the receipts of the tax office.

Told block by block. What the money of the funds needs of them is added up on the way (`Collected`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from yibao.demo.arrays import Ints, month_day, month_of, runs, year_days
from yibao.demo.enrolment import NAMES, aided_share, paid_days, person_yuan
from yibao.demo.people import EMPLOYERS, FLEXIBLE, RESIDENT, RETIRED
from yibao.demo.platform import account_credit
from yibao.demo.records import person_ids
from yibao.demo.strings import named, numbered
from yibao.demo.tell_people import employer_codes
from yibao.demo.world import World
from yibao.demo.write import in_key_order, rows

EMPLOYER_RATE, PERSON_RATE, FLEXIBLE_RATE = 800, 200, 800  #: 10⁻⁴
SUBSIDY_YUAN = {2022: 610, 2023: 640, 2024: 670, 2025: 700, 2026: 724}
LEVELS = (("central", 0.60, "03-20"), ("province", 0.22, "06-15"), ("city", 0.08, "09-10"), ("county", 0.10, "11-20"))


@dataclass
class Collected:
    """Sums of money that arrived, fen, by day and place."""

    receipts: dict[tuple[int, int, int, int, int], int] = field(default_factory=dict)
    """(day, insurance 0 resident 1 employee, benefit year, employer or −1, town) → fen"""
    aided: dict[tuple[int, int], int] = field(default_factory=dict)  #: (month, benefit year) → fen paid by the aid fund

    def add(self, insurance: int, year: int, day: Ints, employer: Ints, town: Ints, amount: Ints) -> None:
        key = ((day * (EMPLOYERS + 2) + employer + 1) * 64 + town).astype(np.int64)
        for value, total in zip(*_summed(key, amount), strict=True):
            rest, place = divmod(value, 64)
            when, who = divmod(rest, EMPLOYERS + 2)
            name = (when, insurance, year, who - 1, place)
            self.receipts[name] = self.receipts.get(name, 0) + total

    def add_aided(self, year: int, day: Ints, amount: Ints) -> None:
        for month, total in zip(*_summed(month_of(day), amount), strict=True):
            if total:
                self.aided[month, year] = self.aided.get((month, year), 0) + total


def _summed(key: Ints, amount: Ints) -> tuple[list[int], list[int]]:
    if not len(key):
        return [], []
    order = np.argsort(key, kind="stable")
    key, amount = key[order], amount[order]
    first = np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1])))
    return key[first].tolist(), np.add.reduceat(amount, first).tolist()


def contributions(world: World, collected: Collected) -> Iterator[pa.RecordBatch]:
    """For the full years, and what arrived of the next one before the last day."""
    years = world.plan.years
    for year in range(years[0], years[-1] + 2):
        paid = paid_days(world.plan, world.people, year)
        percent, by = aided_share(world.identities, year, len(world.people))
        for block, (first, last) in enumerate(world.people.blocks):
            person = np.arange(first, last)
            parts = [_residents(world, year, person, paid[person], percent[person], by[person], collected)]
            if year <= years[-1]:
                parts.append(_employees(world, year, person, collected))
            whole = pa.Table.from_batches(parts).combine_chunks()
            order = world.plan.stream("contribution-numbers", year, block).permutation(whole.num_rows)
            serial = numbered(f"{year}{block:04d}", np.arange(whole.num_rows), 8)
            whole = whole.take(pa.array(order)).set_column(0, whole.schema.field(0), serial)
            yield from whole.combine_chunks().to_batches()


def _residents(
    world: World, year: int, person: Ints, paid: Ints, percent: Ints, by: Ints, collected: Collected
) -> pa.RecordBatch:
    people, (_, horizon) = world.people, year_days(world.plan.years[-1])
    last = world.plan.years[-1]
    pays = (people.kind[person] == RESIDENT) & (
        people.insured_in(min(year, last))[person] & (people.last_year[person] >= year)
    )
    if year > last:
        stays = world.plan.stream("next-year", year, int(person[0]) if len(person) else 0).random(len(person)) < 0.965
        pays &= stays & (people.death[person] == 0)
    pays &= (paid <= horizon) & ((people.death[person] == 0) | (paid < people.death[person]))
    who, day = person[pays], paid[pays]
    full = person_yuan(year) * 100
    aided = full * percent[pays] // 100
    town = world.places.village_town[people.village[who]]
    collected.add(0, year, day, np.full(len(who), FLEXIBLE), town, full - aided)
    collected.add_aided(year, day, aided)
    nothing = np.zeros(len(who), dtype=np.int64)
    return rows("contributions", len(who), {
        "contribution_id": "", "person_no": person_ids(who), "insurance_type": "390", "benefit_year": year,
        "contribution_month": year * 100 + 1, "employer_amount": nothing, "person_amount": full - aided, "subsidy_amount": aided,
        "account_amount": nothing, "identity_type": named(list(NAMES), np.maximum(by[pays], 0), aided == 0),
        "area_code": named(world.places.town_code, town), "paid_date": day,
    })  # fmt: skip


def _employees(world: World, year: int, person: Ints, collected: Collected) -> pa.RecordBatch:
    people, relations, horizon = world.people, world.relations, year_days(world.plan.years[-1])[1]
    person = person[(people.kind[person] != RESIDENT) & people.insured_in(year)[person]]
    owner, place = runs(np.full(len(person), 12))
    who, month = person[owner], month_of(np.array([year_days(year)[0]]))[0] + place
    end = relations.end[who]
    inside = (month >= month_of(relations.start[who])) & ((end == 0) | (month <= month_of(end)))
    day = _pay_days(world, year, people.employer[who], place)
    late = world.plan.stream("late", year, int(person[0]) if len(person) else 0).random(len(who)) < 0.004
    day = np.where(late & (people.employer[who] == FLEXIBLE), day + 30, day)
    inside &= day <= horizon
    who, month, day, place = who[inside], month[inside], day[inside], place[inside]
    works = people.kind[who] != RETIRED
    flexible = works & (people.employer[who] == FLEXIBLE)
    base = np.where(works, people.wage[who], 0)
    employer = np.where(works & ~flexible, base * EMPLOYER_RATE // 10_000, 0)
    own = np.where(flexible, base * FLEXIBLE_RATE // 10_000, np.where(works, base * PERSON_RATE // 10_000, 0))
    town = world.places.village_town[people.village[who]]
    payer = np.where(flexible, FLEXIBLE, people.employer[who])
    paying = employer + own > 0
    place_of = np.where(payer[paying] == FLEXIBLE, town[paying], 0)
    collected.add(1, year, day[paying], payer[paying], place_of, (employer + own)[paying])
    return rows("contributions", len(who), {
        "contribution_id": "", "person_no": person_ids(who), "insurance_type": "310", "benefit_year": year,
        "contribution_month": year * 100 + place + 1,
        "employer_code": named(employer_codes(), np.maximum(payer, 0), payer == FLEXIBLE),
        "contribution_base": pa.array(base, mask=~works), "contribution_rate": pa.array(np.where(flexible, FLEXIBLE_RATE, EMPLOYER_RATE + PERSON_RATE), mask=~works),
        "employer_amount": employer, "person_amount": own, "subsidy_amount": np.zeros(len(who), dtype=np.int64),
        "account_amount": account_credit(people, who), "area_code": named(world.places.town_code, town), "paid_date": day,
    })  # fmt: skip


def _pay_days(world: World, year: int, employer: Ints, month: Ints) -> Ints:
    """An employer pays everyone of a month on one day; who has none pays by the middle of it."""
    days = world.plan.stream("pay-days", year).integers(8, 26, (EMPLOYERS + 1, 12))
    first = month_day(month_of(np.array([year_days(year)[0]]))[0] + month, 1)
    return first + days[employer, month] - 1


def tax_receipts(world: World, collected: Collected) -> Iterator[pa.RecordBatch]:
    """One receipt a day and payer: an employer, or the people of a town."""
    found = sorted(collected.receipts.items())
    day, insurance, year, employer, town = (np.array(column) for column in zip(*(key for key, _ in found), strict=True))
    codes = employer_codes()
    yield in_key_order("tax_receipts", rows("tax_receipts", len(found), {
        "tax_receipt_no": numbered("SS", np.arange(1, len(found) + 1), 9),
        "fund": named(["resident", "employee"], insurance), "insurance_type": named(["390", "310"], insurance),
        "benefit_year": year, "employer_code": named(codes, np.maximum(employer, 0), employer < 0),
        "area_code": named(world.places.town_code, town, employer >= 0), "tax_date": day,
        "tax_amount": np.array([amount for _, amount in found]),
    }))  # fmt: skip


def subsidies(world: World) -> list[tuple[int, str, int, int, int, int, int]]:
    """Year, level, people, fen a person, due, received, day: what finance pays for the residents of the full years."""
    found = []
    for year in world.plan.years:
        people = world.people
        count = int((people.insured_at(year_days(year)[0] + 90, year) & (people.kind == RESIDENT)).sum())
        standard = SUBSIDY_YUAN[min(max(year, 2022), 2026)] * 100
        for level, share, day in LEVELS:
            each = round(standard * share)
            due = count * each
            short = due * 3 // 100 if level == "county" and year == world.plan.years[-1] else 0
            when = int(np.datetime64(f"{year}-{day}", "D").astype(int))
            found.append((year, level, count, each, due, due - short, when))
    return found


def fiscal_subsidies(world: World) -> Iterator[pa.RecordBatch]:
    year, level, count, each, due, received, day = (list(column) for column in zip(*subsidies(world), strict=True))
    yield in_key_order("fiscal_subsidies", rows("fiscal_subsidies", len(year), {
        "benefit_year": year, "subsidy_level": level, "insured_count": count, "standard_per_person": each, "subsidy_due": due,
        "subsidy_received": received, "received_date": np.array(day),
    }))  # fmt: skip

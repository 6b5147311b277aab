"""The tables of the land and its people: areas, population, persons, identities, employers, relations."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from yibao.demo.arrays import DAY, Flags, Ints, year_days
from yibao.demo.enrolment import IDENTITIES, NAMES
from yibao.demo.names import birth_serials, identity_numbers, person_names
from yibao.demo.people import EMPLOYERS, FLEXIBLE, NEVER, RESIDENT
from yibao.demo.places import TOWNS, areas_rows
from yibao.demo.records import person_ids
from yibao.demo.settings import COUNTY_CODE, POOLING_AREA
from yibao.demo.strings import named, numbered
from yibao.demo.tell_visits import BATCH, category
from yibao.demo.world import World
from yibao.demo.write import in_key_order, rows

_FIRMS = [
    "机关",
    "学校",
    "医院",
    "建材",
    "食品",
    "纺织",
    "机械",
    "物流",
    "商贸",
    "电子",
    "农机",
    "水务",
    "供电",
    "客运",
    "印务",
    "家具",
    "陶瓷",
    "化工",
    "茶业",
    "建筑",
]
TWICE = 0.001  #: share of the residents who also have a relation as employees (noise)


def areas(world: World) -> Iterator[pa.RecordBatch]:
    columns = areas_rows(world.places)
    yield in_key_order("areas", rows("areas", len(columns["area_code"]), columns))


def area_population(world: World) -> Iterator[pa.RecordBatch]:
    """Registered people are more than live here: some work elsewhere. A county is the sum of its towns."""
    places, rng, parts = world.places, world.plan.stream("population"), []
    away = rng.uniform(0.05, 0.16, len(places.village_code))
    for year in world.plan.stay_years:
        last = year_days(year)[1]
        people = world.people
        lives = (people.birth <= last) & ((people.death == 0) | (people.death > last))
        village = np.bincount(people.village[lives], minlength=len(places.village_code))
        registered = village + rng.binomial(village, 0.012)
        living = np.round(registered * (1 - away)).astype(np.int64)
        towns = [np.bincount(places.village_town, c, TOWNS).astype(np.int64) for c in (registered, living)]
        codes = [COUNTY_CODE, *places.town_code, *places.village_code]
        columns = {
            "area_code": codes,
            "year": year,
            "registered_population": np.concatenate([[registered.sum()], towns[0], registered]),
            "living_population": np.concatenate([[living.sum()], towns[1], living]),
        }
        parts.append(rows("area_population", len(codes), columns))
    yield in_key_order("area_population", pa.Table.from_batches(parts).combine_chunks().to_batches()[0])


def persons(world: World) -> Iterator[pa.RecordBatch]:
    people, places = world.people, world.places
    village, serial = pa.array(places.village_code), birth_serials(people, world.plan)
    for block, (first, last) in enumerate(people.blocks):
        rng, size, home = world.plan.stream("persons", block), last - first, people.village[first:last]
        living, names = _living(world, rng, home), person_names(rng, size)
        yield rows("persons", size, {
            "person_no": person_ids(np.arange(first, last)),
            "id_document_type": "01",
            "id_document_no": identity_numbers(people.birth[first:last], serial[first:last]),
            "person_name": names,
            "sex_code": named(["", "1", "2"], people.sex[first:last]),
            "ethnicity_code": named(["01", "15", "08", "03"], rng.choice(4, size, p=[0.97, 0.015, 0.01, 0.005])),
            "birth_date": people.birth[first:last],
            "death_date": dates(people.death[first:last], people.death[first:last] == 0),
            "residence_area_code": named(village, home),
            "living_area_code": named(village, living),
        })  # fmt: skip


def _living(world: World, rng: np.random.Generator, home: Ints) -> Ints:
    """The village where each lives: a few in another one than their own."""
    villages = len(world.places.village_code)
    return np.where(rng.random(len(home)) < 0.06, rng.integers(0, villages, len(home)), home)


def named_people(world: World) -> tuple[pa.Array, Ints]:
    """Everybody's name, and the village where they live, as `persons` tells them."""
    names, villages = [], []
    for block, (first, last) in enumerate(world.people.blocks):
        rng = world.plan.stream("persons", block)
        villages.append(_living(world, rng, world.people.village[first:last]))
        names.append(person_names(rng, last - first))
    return pa.concat_arrays(names), np.concatenate(villages)


def identities(world: World) -> Iterator[pa.RecordBatch]:
    found = world.identities
    offices = [office for office, _, _ in IDENTITIES.values()]
    civil = np.flatnonzero(world.people.civil & (world.people.first_year < NEVER))
    person = np.concatenate([found.person, civil])
    kind = np.concatenate([found.kind, np.full(len(civil), len(NAMES))])
    start = np.concatenate([found.start, np.maximum(world.relations.start[civil], 0)])
    end = np.concatenate([found.end, np.zeros(len(civil), dtype=np.int64)])
    listed = np.concatenate([found.listed, start[len(found.listed) :]])
    yield in_key_order("identities", rows("identities", len(person), {
        "person_no": person_ids(person),
        "identity_type": named([*NAMES, "gongwuyuan"], kind),
        "identity_start": start,
        "identity_end": dates(end, end == 0),
        "issuing_office": named([*offices, "zuzhi"], kind),
        "list_date": listed,
    }))  # fmt: skip


def dates(days: Ints, missing: Flags) -> pa.Array:
    """Days since 1970 as dates, null where missing."""
    return pa.array(np.asarray(days).astype(np.int32), mask=missing).view(pa.date32())


def employer_codes() -> list[str]:
    return [f"E{COUNTY_CODE}{i + 1:06d}" for i in range(EMPLOYERS)]


def closed_employers(world: World) -> Flags:
    return world.plan.stream("employers").random(EMPLOYERS) < 0.07


def employers(world: World) -> Iterator[pa.RecordBatch]:
    rng = world.plan.stream("employers", "names")
    names = [f"棠泽{_FIRMS[int(rng.integers(len(_FIRMS)))]}第{i + 1}单位" for i in range(EMPLOYERS)]
    town = rng.choice(TOWNS, EMPLOYERS, p=world.places.town_weight / world.places.town_weight.sum())
    yield rows("employers", EMPLOYERS, {
        "employer_code": employer_codes(),
        "employer_name": names,
        "is_closed_enterprise": closed_employers(world),
        "area_code": named(world.places.town_code, town),
    })  # fmt: skip


def enrolments(world: World) -> Iterator[pa.RecordBatch]:
    """One relation a person; with noise some residents have a second one as employees."""
    people, relations = world.people, world.relations
    rng = world.plan.stream("enrolments")
    person = np.flatnonzero(people.first_year < NEVER)
    employee = people.kind[person] != RESIDENT
    if world.plan.noise:
        grown = (people.kind[person] == RESIDENT) & (people.birth[person] < 12_000)
        twice = rng.permutation(person[grown & (relations.end[person] == 0)])
        twice = twice[: max(1, round(TWICE * len(twice)))]
        person, employee = np.concatenate([person, twice]), np.append(employee, np.ones(len(twice), dtype=bool))
    order = rng.permutation(len(person))
    for at in range(0, len(order), BATCH):
        chosen = order[at : at + BATCH]
        yield _enrolments(world, person[chosen], employee[chosen], at)


def _enrolments(world: World, person: Ints, employee: Flags, at: int) -> pa.RecordBatch:
    people, size = world.people, len(person)
    start, end, employer = world.relations.start[person], world.relations.end[person], people.employer[person]
    second = employee & (people.kind[person] == RESIDENT)
    flexible = (employee & (employer == FLEXIBLE)) & ~second
    status = np.where(end == 0, 0, np.where(people.death[person] > 0, 2, 1))
    today = np.full(size, year_days(world.plan.years[-1])[1] * DAY)
    works_at = np.where(second, person % EMPLOYERS, np.maximum(employer, 0))
    return rows("enrolments", size, {
        "enrolment_relation_id": numbered(COUNTY_CODE, np.arange(at, at + size), 10),
        "person_no": person_ids(person),
        "insurance_type": named(["390", "310"], employee),
        "person_category": pa.compute.if_else(pa.array(second), "11", category(world, person, today)),
        "enrolment_status": named(["1", "2", "4"], status),
        "enrolment_start_date": start,
        "enrolment_pause_date": dates(end, end == 0),
        "employer_code": named(employer_codes(), works_at, ~employee | flexible),
        "is_flexible_employment": flexible,
        "is_civil_servant": people.civil[person] & employee,
        "is_newborn": (people.birth[person] == start) & ~employee,
        "insured_area_code": COUNTY_CODE,
        "pooling_area_code": POOLING_AREA,
        "area_code": named(world.places.town_code, world.places.village_town[people.village[person]]),
    })  # fmt: skip

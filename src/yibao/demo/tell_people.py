"""The tables of the land and its people: areas, population, persons, identities, employers, relations."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from yibao.demo.arrays import Flags, Ints, year_days
from yibao.demo.enrolment import IDENTITIES, NAMES
from yibao.demo.names import identity_numbers, person_names
from yibao.demo.people import EMPLOYERS, FLEXIBLE, NEVER, RESIDENT
from yibao.demo.places import TOWNS, areas_rows
from yibao.demo.records import person_ids
from yibao.demo.settings import COUNTY_CODE, POOLING_AREA
from yibao.demo.strings import named, numbered
from yibao.demo.tell_visits import category
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
    rng = world.plan.stream("persons")
    village = pa.array(places.village_code)
    elsewhere = rng.random(len(people)) < 0.06
    living = np.where(elsewhere, rng.integers(0, len(places.village_code), len(people)), people.village)
    yield rows("persons", len(people), {
        "person_no": person_ids(np.arange(len(people))),
        "id_document_type": "01",
        "id_document_no": identity_numbers(people, world.plan),
        "person_name": person_names(people, world.plan),
        "sex_code": named(["", "1", "2"], people.sex),
        "ethnicity_code": named(["01", "15", "08", "03"], rng.choice(4, len(people), p=[0.97, 0.015, 0.01, 0.005])),
        "birth_date": people.birth,
        "death_date": pa.array(people.death.astype(np.int32), mask=people.death == 0).view(pa.date32()),
        "residence_area_code": named(village, people.village),
        "living_area_code": named(village, living),
    })  # fmt: skip


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
        active = person[
            (people.kind[person] == RESIDENT) & (relations.end[person] == 0) & (people.birth[person] < 12_000)
        ]
        twice = rng.permutation(active)[: max(1, round(TWICE * len(active)))]
        person, employee = np.concatenate([person, twice]), np.concatenate([employee, np.ones(len(twice), dtype=bool)])
    order = rng.permutation(len(person))
    person, employee = person[order], employee[order]
    start, end, employer = relations.start[person], relations.end[person], people.employer[person]
    second = employee & (people.kind[person] == RESIDENT)
    flexible = (employee & (employer == FLEXIBLE)) & ~second
    died = people.death[person] > 0
    status = np.where(end == 0, 0, np.where(died, 2, 1))
    town = world.places.village_town[people.village[person]]
    yield rows("enrolments", len(person), {
        "enrolment_relation_id": numbered(COUNTY_CODE, np.arange(len(person)), 10),
        "person_no": person_ids(person),
        "insurance_type": named(["390", "310"], employee),
        "person_category": pa.compute.if_else(pa.array(second), "11", category(world, person, np.full(len(person), year_days(world.plan.years[-1])[1] * 86_400))),
        "enrolment_status": named(["1", "2", "4"], status),
        "enrolment_start_date": start,
        "enrolment_pause_date": dates(end, end == 0),
        "employer_code": named(employer_codes(), np.where(second, person % EMPLOYERS, np.maximum(employer, 0)), ~employee | flexible),
        "is_flexible_employment": flexible,
        "is_civil_servant": people.civil[person] & employee,
        "is_newborn": (people.birth[person] == start) & ~employee,
        "insured_area_code": COUNTY_CODE,
        "pooling_area_code": POOLING_AREA,
        "area_code": named(world.places.town_code, town),
    })  # fmt: skip

"""Outpatient visits, emergency, recognised chronic illness, and purchases in pharmacies: who, where, when, and the lines."""

from __future__ import annotations

import numpy as np

from yibao.demo.arrays import DAY, Flags, Floats, Ints, Rows, choose, runs, year_days
from yibao.demo.calendar import draw_days, draw_time
from yibao.demo.catalogue import DIALYSER, TUBES, read_data
from yibao.demo.enrolment import covered_from
from yibao.demo.fee_lines import ONE, Sheet, refunds
from yibao.demo.institutions import DIP
from yibao.demo.people import RESIDENT
from yibao.demo.records import CHRONIC, EMERGENCY, OUTPATIENT, PHARMACY, VISIT
from yibao.demo.settings import INSURED, PURCHASES, RESIDENT_SHARE, VISITS
from yibao.demo.world import World

REVERSED = 0.004  #: share of visits whose settlement is taken back, the fee with it
EMPLOYEE_VISITS, RESIDENT_VISITS = 2.0, 0.92  #: against the mean person of their age
KIDNEY, CANCER = 4, 5  #: recognised illnesses of great cost
SPLIT_BOX = 0.02  #: share of a pharmacy's lines that are part of a box
QUARTER = ONE // 4
_VILLAGE, _TOWN, _CLINIC, _HOSPITAL = range(4)
_WHERE = {OUTPATIENT: [0.40, 0.30, 0.08, 0.22], CHRONIC: [0.0, 0.42, 0.0, 0.58], EMERGENCY: [0.0, 0.3, 0.0, 0.7]}


def draw_visits(rng: np.random.Generator, world: World, year: int, first: int, last: int, stays: Rows) -> Rows:
    """The visits of the people first … last in a year, without those that nobody could have made. `stays`: their stays."""
    people, person = world.people, np.arange(first, last)
    insured = people.insured_in(year)[person]
    employee = people.kind[person] != RESIDENT
    age = people.age_at(year_days(year)[0])[person]
    factor = np.where(age < 6, 1.25, np.where(age < 45, 0.62, np.where(age < 60, 1.05, 1.62))) * world.eagerness[person]
    factor *= np.where(employee, EMPLOYEE_VISITS, RESIDENT_VISITS)
    seen = rng.poisson(np.where(insured, factor * VISITS / INSURED * 1.06, 0))
    buys = insured & employee
    bought = rng.poisson(
        np.where(buys, 1.06 * world.eagerness[person] * PURCHASES / (INSURED * (1 - RESIDENT_SHARE)), 0)
    )
    parts = [_visits(rng, world, year, person[runs(seen)[0]]), _purchases(rng, world, year, person[runs(bought)[0]])]
    visits = np.concatenate(parts)
    visits = visits[_possible(world, year, visits, stays)]
    taken_back = rng.random(len(visits)) < REVERSED
    delay = rng.integers(240, 3_600, len(visits))
    visits["reversed"] = np.where(taken_back, visits["settled"] + delay, 0)
    return visits


def _blank(rng: np.random.Generator, world: World, year: int, person: Ints, season: str) -> Rows:
    rows = np.zeros(len(person), dtype=VISIT)
    rows["person"], rows["stay"], rows["group"], rows["illness"], rows["bed"] = person, -1, -1, -1, -1
    rows["start"] = draw_days(rng, year, season, len(person)) * DAY + draw_time(rng, len(person))
    rows["employee"] = world.people.kind[person] != RESIDENT
    rows["category"] = world.people.kind[person]
    rows["end"] = rows["start"] + rng.integers(900, 6_000, len(person))
    rows["settled"] = rows["end"] - rng.integers(60, 600, len(person))
    return rows


def _visits(rng: np.random.Generator, world: World, year: int, person: Ints) -> Rows:
    rows, size = _blank(rng, world, year, person, "winter"), len(person)
    chronic = (world.chronic[person] >= 0) & (rng.random(size) < 0.78)
    rows["care"] = np.where(chronic, CHRONIC, np.where(rng.random(size) < 0.03, EMERGENCY, OUTPATIENT))
    where = np.zeros(size, dtype=np.int64)
    for care, weights in _WHERE.items():
        mine = rows["care"] == care
        where[mine] = choose(rng, np.array(weights), int(mine.sum()))
    rows["provider"] = _providers(rng, world, where, world.places.village_town[world.people.village[person]])
    rows["illness"] = np.where(chronic, world.chronic[person], _illness(rng, world, year, person))
    department = rng.choice([0, 1, 2, 3, 5, 9, 10], size, p=[0.55, 0.12, 0.05, 0.10, 0.06, 0.04, 0.08])
    rows["department"] = np.where(where >= _CLINIC, np.where(where == _CLINIC, 0, department), 0)
    return rows


def _illness(rng: np.random.Generator, world: World, year: int, person: Ints) -> Ints:
    listed = [row for row in read_data("diagnoses.csv") if row["kind"] == "outpatient"]
    young = np.flatnonzero([int(row["min_age"]) == 0 for row in listed])
    grown = world.people.age_at(year_days(year)[0])[person] >= 35
    return np.where(grown, rng.integers(0, len(listed), len(person)), young[rng.integers(0, len(young), len(person))])


def _providers(rng: np.random.Generator, world: World, where: Ints, town: Ints) -> Ints:
    """A provider of the wanted kind, in the person's town where it has one."""
    institutions, found = world.institutions, np.zeros(len(where), dtype=np.int64)
    kinds = (("village_clinic",), ("township", "community"), ("clinic",), ())
    for index, types in enumerate(kinds):
        mine = np.flatnonzero(where == index)
        if not types:
            weight = institutions.stay_share[:DIP] * (institutions.level[:DIP] >= 2)
            found[mine] = choose(rng, weight * np.array([2.0, *[1.0] * (DIP - 1)]), len(mine))
            continue
        every = institutions.of_type(*types)
        found[mine] = every[rng.integers(0, len(every), len(mine))]
        for t in np.unique(town[mine]):
            near = every[institutions.town[every] == t]
            home = mine[town[mine] == t]
            if len(near):
                found[home] = near[rng.integers(0, len(near), len(home))]
    return found


def _purchases(rng: np.random.Generator, world: World, year: int, person: Ints) -> Rows:
    rows, size = _blank(rng, world, year, person, "flat"), len(person)
    shops = world.institutions.of_type("pharmacy")
    size_of = 1 / np.arange(3, len(shops) + 3) ** 0.7
    rows["care"], rows["provider"] = PHARMACY, shops[choose(rng, size_of, size)]
    rows["end"] = rows["settled"] = rows["start"]
    return rows


def _possible(world: World, year: int, visits: Rows, stays: Rows) -> Flags:
    """Insured and covered that day, alive, and not in a hospital bed at the time."""
    person, day = visits["person"], visits["start"] // DAY
    people, relations = world.people, world.relations
    fine: Flags = day >= covered_from(world.plan, people, relations, year)[person]
    fine &= (people.death[person] == 0) | (day < people.death[person])
    fine &= (relations.end[person] == 0) | (day <= relations.end[person])
    fine &= day <= year_days(year)[1]
    order = np.lexsort((stays["start"], stays["person"]))
    key = stays["person"][order].astype(np.int64) << 34
    opened, closed = key + stays["start"][order] - DAY, key + np.maximum(stays["end"][order], stays["settled"][order])
    mine = (person.astype(np.int64) << 34) + visits["start"]
    place = np.searchsorted(opened, mine, side="right") - 1
    inside = (place >= 0) & (mine <= closed[np.maximum(place, 0)]) if len(order) else np.zeros(len(visits), dtype=bool)
    return fine & ~inside


def visit_lines(rng: np.random.Generator, world: World, visits: Rows) -> Rows:
    """The lines of outpatient visits and purchases; those of a reversed visit are taken back with it."""
    sheet = Sheet()
    types = np.array(world.institutions.type)[visits["provider"]]
    village = np.isin(types, ["village_clinic", "clinic"])
    shop = visits["care"] == PHARMACY
    seen = ~shop
    every = np.arange(len(visits))
    _once(rng, world, visits, sheet, every[seen & village], "general")
    _once(rng, world, visits, sheet, every[seen & ~village], "visit")
    large = world.institutions.level[visits["provider"]] >= 2
    urgent = visits["care"] == EMERGENCY
    for kind, rate in (("lab", 0.65), ("exam", 0.26), ("treat", 0.40)):
        expected = np.where(seen & ~village, rate * np.where(large, 1.3, 0.7) * np.where(urgent, 1.7, 1.0), 0.0)
        expected = np.where(visits["care"] == CHRONIC, expected * 0.25, expected)
        _some(rng, world, visits, sheet, expected, kind)
    _drugs(rng, world, visits, sheet, shop, village)
    _severe(rng, world, visits, sheet)
    lines = sheet.lines()
    _attribute(rng, world, visits, lines)
    back = np.flatnonzero(visits["reversed"][lines["visit"]] > 0)
    return np.concatenate([lines, refunds(lines, back, visits["reversed"][lines["visit"][back]], part=1)])


def _when(rng: np.random.Generator, visits: Rows, visit: Ints) -> Ints:
    start, settled = visits["start"][visit], visits["settled"][visit]
    return start + np.floor(rng.random(len(visit)) * np.maximum(settled - start, 1)).astype(np.int64)


def _once(rng: np.random.Generator, world: World, visits: Rows, sheet: Sheet, visit: Ints, kind: str) -> None:
    items = world.catalogue.of(kind)
    choice = np.where(visits["care"][visit] == EMERGENCY, min(1, len(items) - 1), 0)
    sheet.add(visit, _when(rng, visits, visit), items[choice])


def _some(rng: np.random.Generator, world: World, visits: Rows, sheet: Sheet, expected: Floats, kind: str) -> None:
    items, (owner, _) = world.catalogue.of(kind), runs(np.minimum(rng.poisson(expected), 8))
    sheet.add(owner, _when(rng, visits, owner), items[rng.integers(0, len(items), len(owner))])


def _drugs(rng: np.random.Generator, world: World, visits: Rows, sheet: Sheet, shop: Flags, village: Flags) -> None:
    catalogue = world.catalogue
    drugs = catalogue.of("drug", "patent")
    drugs = drugs[np.argsort(catalogue.price[drugs, 3], kind="stable")]
    chronic = visits["care"] == CHRONIC
    mean = np.where(shop, 0.55, np.where(village, 0.75, np.where(chronic, 1.0, 0.7)))
    owner, _ = runs(rng.poisson(mean) + np.where(shop | chronic, 1, rng.random(len(visits)) < 0.8))
    top = np.where(village, 0.62, np.where(chronic, 0.88, np.where(shop, 0.82, 0.80)))[owner]
    item = drugs[np.floor(rng.random(len(owner)) ** 1.25 * top * len(drugs)).astype(np.int64)]
    boxes = 1 + rng.binomial(np.where(chronic, 6, 2)[owner], 0.35)
    split = shop[owner] & (catalogue.pack[item] >= 10) & (rng.random(len(owner)) < SPLIT_BOX)
    time = np.where(shop[owner], visits["start"][owner], _when(rng, visits, owner))
    rx = np.where(shop[owner], -1, 0)
    sheet.add(owner, time, item, np.where(split, QUARTER, boxes * ONE), prescription=rx)


def _severe(rng: np.random.Generator, world: World, visits: Rows, sheet: Sheet) -> None:
    """What a month of dialysis takes; dear drugs for cancer."""
    catalogue, chronic = world.catalogue, visits["care"] == CHRONIC
    kidney = np.flatnonzero(chronic & (visits["illness"] == KIDNEY))
    times = rng.integers(7, 14, len(kidney)) * ONE
    dialysis = [row["operation_code"] for row in read_data("operations.csv")].index("39.9500")
    for item in (catalogue.of("operation")[dialysis], *catalogue.of("consumable")[[DIALYSER, TUBES]]):
        sheet.add(kidney, _when(rng, visits, kidney), item, times)
    cancer = np.flatnonzero(chronic & (visits["illness"] == CANCER))
    drugs = catalogue.of("drug")
    dear = drugs[np.argsort(catalogue.price[drugs, 3], kind="stable")][-20:]
    boxes = rng.integers(8, 26, len(cancer)) * ONE
    sheet.add(cancer, _when(rng, visits, cancer), dear[rng.integers(0, len(dear), len(cancer))], boxes, prescription=0)


def _attribute(rng: np.random.Generator, world: World, visits: Rows, lines: Rows) -> None:
    visit, item = lines["visit"], lines["item"]
    provider = visits["provider"][visit].astype(np.int64)
    lines["department"] = visits["department"][visit]
    lines["doctor"] = visits["doctor"][visit]
    lines["unmapped"] = world.unmapped[provider, item]
    lines["approved"] = np.where(world.catalogue.restricted[item], rng.random(len(lines)) < 0.92, True)

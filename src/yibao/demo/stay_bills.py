"""The bill of a stay: beds, nursing, tests, treatments, operations and drugs that add up to about what the stay should cost."""

from __future__ import annotations

import numpy as np

from yibao.demo.arrays import DAY, Floats, Ints, Rows, runs
from yibao.demo.calendar import within_day
from yibao.demo.catalogue import read_data
from yibao.demo.fee_lines import ONE, Sheet, refunds
from yibao.demo.institutions import DEPARTMENT_CODES
from yibao.demo.pairs import OTHER_SIDE, PER_KIND, pair_lines, taken_back
from yibao.demo.world import World

OVERSHOOT = 0.98  #: lines have a least size, so bills come out dearer than wanted by this much (measured)
REFUND, LATE_REFUND = 0.007, 0.15  #: share of drug lines, and of these after discharge (noise)
NO_SIDE = 0.10  #: share of lines with a side that lost it (noise)
_PHYSIO, _PSYCH = ("21", "50"), ("15",)


def stay_lines(rng: np.random.Generator, world: World, visits: Rows, bill: Ints) -> Rows:
    """Lines of stays; `visit` is the row of `visits`, `bill` what each should cost (fen)."""
    sheet, size = Sheet(), len(visits)
    catalogue, provider = world.catalogue, visits["provider"].astype(np.int64)
    nights = np.maximum(visits["end"] // DAY - visits["start"] // DAY, 1)
    spent = _daily(rng, world, visits, sheet, nights)
    bill = np.round(bill * OVERSHOOT).astype(np.int64)
    rest = np.maximum(bill - spent, bill * 0.25)
    spent_more = np.zeros(size)
    operated = world.mix.operated[visits["group"]]
    spent_more += _operations(rng, world, visits, sheet, rest * 0.62, operated)
    left = np.where(operated, rest * 0.38, rest)
    labs, exams = catalogue.of("lab"), catalogue.of("exam")
    spent_more += _tests(rng, world, visits, sheet, labs, left * 0.15, front=0.7)
    spent_more += _tests(rng, world, visits, sheet, exams, left * 0.19, front=0.85)
    spent_more += _treatments(rng, world, visits, sheet, left * 0.14, nights)
    pair_lines(rng, world, visits, sheet)
    paired = sum((_amounts(world, provider, part) for part in sheet.parts[-4:]), start=np.zeros(size))
    target = np.maximum(rest - spent_more - paired, 1_500)
    _drugs(rng, world, visits, sheet, target, nights)
    lines = sheet.lines()
    _attribute(rng, world, visits, lines)
    return _with_refunds(rng, world, visits, lines)


def _amounts(world: World, provider: Ints, rows: Rows) -> Floats:
    """What some lines cost, by visit (fen, for targets only)."""
    price = world.price(rows["item"].astype(np.int64), provider[rows["visit"]])
    return np.bincount(rows["visit"], price * rows["quantity"] / 1e8, len(provider)).astype(np.float64)


def _daily(rng: np.random.Generator, world: World, visits: Rows, sheet: Sheet, nights: Ints) -> Floats:
    owner, place = runs(nights)
    start, end = visits["start"][owner], visits["end"][owner]
    day = start // DAY + place
    nursing = world.catalogue.of("nursing")
    care = nursing[rng.choice(3, len(visits), p=[0.62, 0.32, 0.06])]
    for item in (world.catalogue.of("bed")[0], care[owner], world.catalogue.of("consult")[0]):
        sheet.add(owner, within_day(rng, day, start, end), item)
    provider = visits["provider"].astype(np.int64)
    return np.asarray(sum((_amounts(world, provider, part) for part in sheet.parts), start=np.zeros(len(visits))))


def _operations(
    rng: np.random.Generator, world: World, visits: Rows, sheet: Sheet, budget: Floats, operated: Ints
) -> Floats:
    """Operation, anaesthesia, and consumables for the rest of the budget, on the day of the operation."""
    catalogue, provider = world.catalogue, visits["provider"].astype(np.int64)
    first = catalogue.of("operation")[0]
    place = {row["operation_code"]: first + i for i, row in enumerate(read_data("operations.csv"))}
    width = max(len(ops) for ops in world.mix.operations)
    table = np.full((len(world.mix), width), -1)
    for group, ops in enumerate(world.mix.operations):
        table[group, : len(ops)] = [place[code] for code in ops]
    stay = np.flatnonzero(operated)
    start, end = visits["start"][stay], visits["end"][stay]
    day = operation_day(visits)[stay]
    at = len(sheet.parts)
    for column in range(width):
        item = table[visits["group"][stay], column]
        there = item >= 0
        sheet.add(stay[there], within_day(rng, day[there], start[there], end[there]), item[there])
    anaesthesia = catalogue.of("anaesthesia")[rng.choice(4, len(stay), p=[0.35, 0.3, 0.1, 0.25])]
    sheet.add(stay, within_day(rng, day, start, end), anaesthesia)
    spent = np.asarray(sum((_amounts(world, provider, p) for p in sheet.parts[at:]), start=np.zeros(len(visits))))
    things = np.sort(catalogue.of("consumable"))
    by_price = things[np.argsort(catalogue.price[things, 3], kind="stable")]
    owner, _ = runs(np.where(budget[stay] > spent[stay], rng.integers(1, 5, len(stay)), 0))
    share = rng.dirichlet(np.ones(4), len(stay))[:, 0][owner] + 0.15
    wanted = np.maximum((budget - spent)[stay][owner] * share, 300)
    where = np.searchsorted(catalogue.price[by_price, 3] / 1e4, wanted) - 1
    item = by_price[np.clip(where, 0, len(by_price) - 1)]
    count = np.clip(np.round(wanted * 1e4 / catalogue.price[item, 3]), 1, 6).astype(np.int64)
    sheet.add(stay[owner], within_day(rng, day[owner], start[owner], end[owner]), item, count * ONE)
    return spent + _amounts(world, provider, sheet.parts[-1])


def operation_day(visits: Rows) -> Ints:
    """The day of the operation: the second day where there is one (a fixed rule, so the record and the bill agree)."""
    first, last = visits["start"] // DAY, visits["end"] // DAY
    return np.minimum(first + 1 + visits["stay"] % 2, np.maximum(last - 1, first))


def _tests(
    rng: np.random.Generator, world: World, visits: Rows, sheet: Sheet, items: Ints, budget: Floats, front: float
) -> Floats:
    """Tests for a budget, most of them on the first day."""
    provider = visits["provider"].astype(np.int64)
    mean = world.catalogue.price[items].mean(axis=0)[world.institutions.level[provider]] / 1e4
    owner, _ = runs(np.minimum(rng.poisson(budget / mean), 30))
    start, end = visits["start"][owner], visits["end"][owner]
    later = np.floor(rng.random(len(owner)) * (end - start) / DAY).astype(np.int64)
    day = start // DAY + np.where(rng.random(len(owner)) < front, 0, later)
    sheet.add(owner, within_day(rng, day, start, end), items[rng.integers(0, len(items), len(owner))])
    return _amounts(world, provider, sheet.parts[-1])


def _treatments(
    rng: np.random.Generator, world: World, visits: Rows, sheet: Sheet, budget: Floats, nights: Ints
) -> Floats:
    """Treatments day by day: physiotherapy, psychiatric care or ward treatments by department."""
    provider, spent = visits["provider"].astype(np.int64), np.zeros(len(visits))
    code = np.array(DEPARTMENT_CODES)[visits["department"]]
    kind = np.where(np.isin(code, _PHYSIO), 1, np.where(np.isin(code, _PSYCH), 2, 0))
    for index, name in enumerate(("treat", "physio", "psych")):
        items, stay = world.catalogue.of(name), np.flatnonzero(kind == index)
        level = world.institutions.level[provider[stay]]
        mean = world.catalogue.price[items].mean(axis=0)[level] / 1e4
        owner, _ = runs(np.minimum(rng.poisson(budget[stay] * (1.5 if index else 1.0) / mean), nights[stay] * 4))
        visit = stay[owner]
        start, end = visits["start"][visit], visits["end"][visit]
        day = start // DAY + np.floor(rng.random(len(visit)) * nights[visit]).astype(np.int64)
        time = within_day(rng, day, start, end)
        performer = world.staff.therapist_on(rng, provider[visit], time // DAY) if index else -1
        sheet.add(visit, time, items[rng.integers(0, len(items), len(visit))], performer=performer)
        spent += _amounts(world, provider, sheet.parts[-1])
    return spent


def _drugs(rng: np.random.Generator, world: World, visits: Rows, sheet: Sheet, target: Floats, nights: Ints) -> None:
    """Drug lines whose sum comes close to `target` (fen)."""
    count = np.clip(rng.poisson(np.minimum(1.0 * nights, 22)), 1, 60)
    count = np.minimum(count, np.maximum(target // 400, 1).astype(np.int64))
    owner, _ = runs(count)
    weight = rng.gamma(1.6, 1.0, len(owner)) + 0.05
    wanted = target[owner] * weight / np.bincount(owner, weight, len(visits))[owner]
    catalogue = world.catalogue
    drugs = catalogue.of("drug", "patent")
    drugs = drugs[np.argsort(catalogue.price[drugs, 3], kind="stable")]
    unit = wanted / rng.integers(1, 5, len(owner)) * np.exp(rng.normal(0, 0.25, len(owner)))
    place = np.searchsorted(catalogue.price[drugs, 3] / 1e4, unit) + rng.integers(-3, 4, len(owner))
    item = drugs[np.clip(place, 0, len(drugs) - 1)]
    boxes = np.maximum(np.round(wanted * 1e4 / catalogue.price[item, 3]), 1).astype(np.int64)
    start, end = visits["start"][owner], visits["end"][owner]
    day = start // DAY + np.floor(rng.random(len(owner)) * nights[owner]).astype(np.int64)
    time = within_day(rng, day, start, end)
    sheet.add(owner, time, item, boxes * ONE, prescription=(time // DAY - start // DAY) % 64)


def _attribute(rng: np.random.Generator, world: World, visits: Rows, lines: Rows) -> None:
    """Who ordered a line and where; what the register lost."""
    visit, item = lines["visit"], lines["item"]
    provider = visits["provider"][visit].astype(np.int64)
    lines["department"] = visits["department"][visit]
    lines["doctor"] = world.staff.doctor_on(rng, provider, lines["department"].astype(np.int64), lines["time"] // DAY)
    lines["unmapped"] = world.unmapped[provider, item]
    lines["approved"] = np.where(world.catalogue.restricted[item], rng.random(len(lines)) < 0.92, True)
    if world.plan.noise:
        lost = rng.random(len(lines)) < NO_SIDE
        lost &= np.abs(lines["mark"]) // PER_KIND != OTHER_SIDE
        lines["side"] = np.where(lost, 0, lines["side"])


def _with_refunds(rng: np.random.Generator, world: World, visits: Rows, lines: Rows) -> Rows:
    """The lines and those that take some of them back: before settlement, some after discharge."""
    drug = lines["prescription"] >= 0
    chosen = np.flatnonzero(drug & (rng.random(len(lines)) < REFUND))
    visit = visits[lines["visit"][chosen]]
    time = np.minimum(lines["time"][chosen] + rng.integers(1800, 2 * DAY, len(chosen)), visit["end"] - 30)
    time = np.maximum(time, lines["time"][chosen] + 20)
    if world.plan.noise:
        late = rng.random(len(chosen)) < LATE_REFUND
        between = visit["end"] + np.floor(rng.random(len(chosen)) * (visit["settled"] - visit["end"])).astype(np.int64)
        time = np.where(late, np.maximum(between, time), time)
    paired, soon = taken_back(rng, visits, lines)
    return np.concatenate([lines, refunds(lines, chosen, time), refunds(lines, paired, soon)])

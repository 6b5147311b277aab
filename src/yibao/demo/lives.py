"""A block of people through the years: visits, lines, settlement; shuffled, numbered, and put on the shelf.

The rows of a block depend on the seed and the block alone. So blocks may be lived in any order, or side by side.
"""

from __future__ import annotations

import numpy as np

from yibao.demo.arrays import DAY, Ints, Rows, year_days
from yibao.demo.fee_lines import costs
from yibao.demo.institutions import DIP
from yibao.demo.outpatient import draw_visits, visit_lines
from yibao.demo.people import RESIDENT
from yibao.demo.platform import Accounts, Deviation, settle_block, totals
from yibao.demo.policy import Policy
from yibao.demo.records import INPATIENT, LINE, PHARMACY, SETTLED, VISIT, Shelf
from yibao.demo.settings import REGION
from yibao.demo.settlement import DEVIATIONS
from yibao.demo.stay_bills import stay_lines
from yibao.demo.world import World
from yibao.region.packs import region

LATE_SETTLEMENT = 0.08  #: share of stays that settle days after discharge (noise)
MANUAL = 0.10  #: share of stays elsewhere that are claimed by hand


def live(world: World, shelf: Shelf, block: int) -> None:
    """All years of a block, onto the shelf."""
    first, last = world.people.blocks[block]
    accounts = Accounts.opened(world.people, first, last)
    for year in world.plan.stay_years:
        full = year in world.plan.years
        policy = Policy.of(region(REGION), year)
        visits, lines, found, deviations = _year(world, policy, year, block, accounts, full)
        _number(world, shelf, year, block, visits, lines, found, deviations)


def _year(
    world: World, policy: Policy, year: int, block: int, accounts: Accounts, full: bool
) -> tuple[Rows, Rows, Rows, list[Deviation]]:
    plan, (first, last) = world.plan, world.people.blocks[block]
    stays = stay_visits(plan.stream("stay-visits", year, block), world, year, first, last)
    bill = world.stays[year].bill[stays["stay"]]
    if not full:
        found = _history(plan.stream("history", year, block), stays, bill)
        visits, lines = stays, np.empty(0, dtype=LINE)
    else:
        from_stays = stay_lines(plan.stream("stay-lines", year, block), world, stays, bill)
        in_bed = np.concatenate([stays, _next_year(world, year, first, last)])
        others = draw_visits(plan.stream("visits", year, block), world, year, first, last, in_bed)
        rng = plan.stream("visit-doctors", year, block)
        others["doctor"] = world.staff.doctor_on(
            rng, others["provider"].astype(np.int64), others["department"].astype(np.int64), others["start"] // DAY
        )
        more = visit_lines(plan.stream("visit-lines", year, block), world, others)
        _shift(more, len(stays), len(from_stays))
        visits, lines = np.concatenate([stays, others]), np.concatenate([from_stays, more])
        cost = costs(
            world, lines, visits["provider"][lines["visit"]].astype(np.int64), visits["employee"][lines["visit"]]
        )
        found = totals(visits, lines, cost)
        visits, lines, found = _without_empty(visits, lines, found)
    deviations = settle_block(plan.stream("platform", year, block), world, policy, year, visits, found, accounts)
    return visits, lines, found, deviations


def _next_year(world: World, year: int, first: int, last: int) -> Rows:
    """Stays that end in the next year: some of them begin in this one."""
    if year + 1 not in world.stays:
        return np.zeros(0, dtype=VISIT)
    return stay_visits(world.plan.stream("stay-visits", year + 1, "ahead"), world, year + 1, first, last)


def _shift(lines: Rows, visits: int, before: int) -> None:
    """Lines that were written on a sheet of their own, put behind others."""
    lines["visit"] += visits
    lines["origin"] = np.where(lines["origin"] >= 0, lines["origin"] + before, -1)


def _without_empty(visits: Rows, lines: Rows, found: Rows) -> tuple[Rows, Rows, Rows]:
    """Visits that cost nothing never reach the platform."""
    keep = found["total"] > 0
    place = np.cumsum(keep) - 1
    kept_lines = keep[lines["visit"]]
    line_place = np.cumsum(kept_lines) - 1
    lines = lines[kept_lines]
    lines["visit"] = place[lines["visit"]]
    lines["origin"] = np.where(lines["origin"] >= 0, line_place[lines["origin"]], -1)
    return visits[keep], lines, found[keep]


def stay_visits(rng: np.random.Generator, world: World, year: int, first: int, last: int) -> Rows:
    """The planned stays of a block's people as visits."""
    stays = world.stays[year]
    chosen = np.flatnonzero((stays.person >= first) & (stays.person < last))
    rows, size = np.zeros(len(chosen), dtype=VISIT), len(chosen)
    planned = stays.take(chosen)
    rows["person"], rows["provider"], rows["care"] = planned.person, planned.hospital, INPATIENT
    rows["employee"] = world.people.kind[planned.person] != RESIDENT
    rows["category"] = world.people.kind[planned.person]
    rows["start"], rows["end"], rows["stay"] = planned.start, planned.end, chosen
    rows["record"] = world.plan.stream("records", year).permutation(len(stays))[chosen]
    rows["group"], rows["illness"], rows["planned"], rows["way"] = planned.group, -1, planned.planned, planned.way
    rows["sibling"] = planned.sibling
    rows["department"] = world.mix.department[planned.group]
    rows["route"] = np.where(rng.random(size) < 0.22, 1, 2)
    rows["away"] = planned.hospital >= DIP
    rows["manual"] = (planned.hospital >= DIP) & (rng.random(size) < MANUAL)
    rows["bed"] = _beds(rng, world, planned.hospital)
    rows["doctor"] = world.staff.doctor_on(
        rng, planned.hospital, rows["department"].astype(np.int64), planned.start // DAY
    )
    soon = planned.end + rng.integers(900, 4 * 3600, size)
    late = planned.end + rng.integers(DAY, 5 * DAY, size)
    share = LATE_SETTLEMENT if world.plan.noise else 0.0
    limit = (year_days(year)[1] + 1) * DAY - 1 - rng.integers(0, 3600, size)
    settled = np.where((rng.random(size) < share) | (rows["manual"] == 1), late, soon)
    rows["settled"] = np.maximum(np.minimum(settled, limit), planned.end)
    return rows


def _beds(rng: np.random.Generator, world: World, hospital: Ints) -> Ints:
    """A bed number within the licence; where wards overflow it is above it, or shared."""
    beds = np.full(len(world.institutions), 200)
    for licence in world.licences:
        beds[licence.hospital] = licence.beds + licence.temporary
    for plant in world.plan.planted("beds_over_licence"):
        actor = world.institutions.index(plant.actor)
        beds[actor] = round(beds[actor] * (1 if plant.disguise == "shared_bed_numbers" else 1 + plant.rate))
    return 1 + np.floor(rng.random(len(hospital)) * beds[hospital]).astype(np.int64)


def _history(rng: np.random.Generator, stays: Rows, bill: Ints) -> Rows:
    """Bills of years without lines: totals, and the parts that lines would have given."""
    found = np.zeros(len(stays), dtype=SETTLED)
    found["total"] = bill
    for name, low, high in (("full_selfpay", 150, 600), ("over_cap", 0, 60), ("pre_selfpay", 250, 800)):
        found[name] = bill * rng.integers(low, high, len(stays)) // 10_000
    found["in_scope"] = bill - found["full_selfpay"] - found["over_cap"] - found["pre_selfpay"]
    return found


def _number(
    world: World,
    shelf: Shelf,
    year: int,
    block: int,
    visits: Rows,
    lines: Rows,
    found: Rows,
    deviations: list[Deviation],
) -> None:
    """Shuffle, number, and put away. Settlements are numbered apart, reversals among them."""
    rng = world.plan.stream("numbers", year, block)
    order = rng.permutation(len(visits))
    place = np.empty(len(visits), dtype=np.int64)
    place[order] = np.arange(len(visits))
    visits, found = visits[order], found[order]
    back = np.flatnonzero(visits["reversed"] > 0)
    numbers = rng.permutation(len(visits) + len(back))
    visits["settlement"], visits["reversal"] = numbers[: len(visits)], -1
    visits["reversal"][back] = numbers[len(visits) :]
    shelf.put("visits", year, block, visits)
    shelf.put("settled", year, block, found)
    wrong = [(place[d.visit], DEVIATIONS.index(d.name), d.pool, d.critical, d.aid) for d in deviations]
    shelf.put("deviations", year, block, np.array(wrong, dtype=np.int64).reshape(-1, 5))
    if not len(lines):
        return
    line_order = rng.permutation(len(lines))
    line_place = np.empty(len(lines), dtype=np.int64)
    line_place[line_order] = np.arange(len(lines))
    lines["visit"] = place[lines["visit"]]
    lines["origin"] = np.where(lines["origin"] >= 0, line_place[lines["origin"]], -1)
    lines = lines[line_order]
    shelf.put("lines", year, block, lines)
    shop = np.flatnonzero(visits["care"][lines["visit"]] == PHARMACY)
    shelf.put("shop", year, block, shop)

"""truth/: one table a behaviour, with the rows that were planted and those that only look like it. Nothing else tells them apart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from yibao.demo import pairs, stay_plants, trace
from yibao.demo.arrays import DAY, Rows
from yibao.demo.dip import Dip
from yibao.demo.dip_truth import dip_deviations
from yibao.demo.records import INPATIENT, Shelf, id_text
from yibao.demo.settlement import DEVIATIONS
from yibao.demo.shops import Shops
from yibao.demo.stock import chain_shops
from yibao.demo.tell_rosters import Rosters, uninsured
from yibao.demo.tell_visits import blocks
from yibao.demo.tills import pharmacies, till
from yibao.demo.wards import approved_hospital
from yibao.demo.world import World

COLUMNS = ("plant", "label", "kind", "table_name", "row_key", "related_table", "related_key", "provider_code")
SCHEMA = pa.schema([(name, pa.string()) for name in COLUMNS])
DEVIATION = pa.schema(
    [
        ("settlement_id", pa.string()),
        ("deviation", pa.string()),
        *((f"right_{name}", pa.int64()) for name in ("pool", "critical", "aid")),
    ]
)
PLANTED, NEAR_MISS = "planted", "near_miss"
Row = tuple[str | None, ...]


def write_truth(
    root: Path, world: World, shelf: Shelf, sold: dict[int, Shops], dip: Dip, rosters: Rosters
) -> dict[str, int]:
    """Write every table; planted rows by behaviour."""
    folder = root / "truth"
    folder.mkdir(parents=True, exist_ok=True)
    tables = {
        "pair_billed_together": _pairs(world, shelf),
        "split_stay": _stays(world, shelf),
        "beds_over_licence": _beds(world, shelf),
        "upcoding": _codings(world, shelf),
        "pharmacy_swap": _swaps(world, sold),
        "code_sold_twice": _codes(world, sold),
        "uninsured": _uninsured(rosters),
    }
    planted = {}
    for name, found in tables.items():
        rows = sorted(found, key=lambda row: tuple(value or "" for value in row))
        columns = (
            [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
            if rows
            else [pa.array([], pa.string())] * len(COLUMNS)
        )
        pq.write_table(pa.Table.from_arrays(columns, schema=SCHEMA), folder / f"{name}.parquet")
        planted[name] = sum(row[1] == PLANTED for row in rows)
    planted["platform_deviations"] = _deviations(folder, world, shelf)
    planted["dip_deviations"] = dip_deviations(folder, world, shelf, dip)
    return planted


def _plant_id(world: World, behaviour: str, mark: int) -> str:
    return world.plan.planted(behaviour)[mark % 100].id


def _pairs(world: World, shelf: Shelf) -> Iterator[Row]:
    for year, block in blocks(world, world.plan.years):
        lines, visits = shelf.get("lines", year, block), shelf.get("visits", year, block)
        second = np.flatnonzero((lines["mark"] > 0) & (lines["quantity"] > 0))
        partner = _partners(lines)
        for line in second.tolist():
            mark, visit = int(lines["mark"][line]), int(lines["visit"][line])
            kind = mark // pairs.PER_KIND
            first = partner.get((visit, int(lines["time"][line]) // DAY, mark))
            done = kind == pairs.TOGETHER
            yield (
                _plant_id(world, "pair_billed_together", mark) if done else None, PLANTED if done else NEAR_MISS,
                "together" if done else pairs.NEAR[kind], "fee_lines", id_text(year, block, line), "fee_lines",
                None if first is None else id_text(year, block, first), world.institutions.code[int(visits["provider"][visit])],
            )  # fmt: skip


def _partners(lines: Rows) -> dict[tuple[int, int, int], int]:
    """The first item's line by visit, day and mark; one that was billed on another day has none."""
    found: dict[tuple[int, int, int], int] = {}
    for line in np.flatnonzero((lines["mark"] < 0) & (lines["quantity"] > 0)).tolist():
        visit, mark = int(lines["visit"][line]), -int(lines["mark"][line])
        found[visit, int(lines["time"][line]) // DAY, mark] = line
    return found


def _stay_places(world: World, shelf: Shelf, year: int) -> dict[int, tuple[int, int]]:
    """Where each stay of the plan went: block and row."""
    found = {}
    for block in range(len(world.people.blocks)):
        visits = shelf.get("visits", year, block)
        for row in np.flatnonzero(visits["care"] == INPATIENT).tolist():
            found[int(visits["stay"][row])] = (block, row)
    return found


_STAY_KINDS = {
    stay_plants.SPLIT: "split",
    stay_plants.CYCLE: "planned_cycle",
    stay_plants.TRANSFER: "transfer",
    stay_plants.NEW_ILLNESS: "new_illness",
}


def _stays(world: World, shelf: Shelf) -> Iterator[Row]:
    for year, stays in world.stays.items():
        places = _stay_places(world, shelf, year)
        chosen = np.flatnonzero(np.isin(stays.role // stay_plants.PER_KIND, list(_STAY_KINDS)))
        for stay in chosen.tolist():
            role, before = int(stays.role[stay]), int(stays.partner[stay])
            if stay not in places or before not in places:
                continue
            done = role // stay_plants.PER_KIND == stay_plants.SPLIT
            yield (
                _plant_id(world, "split_stay", role) if done else None, PLANTED if done else NEAR_MISS,
                _STAY_KINDS[role // stay_plants.PER_KIND], "visits", id_text(year, *places[stay]), "visits",
                id_text(year, *places[before]), world.institutions.code[int(stays.hospital[stay])],
            )  # fmt: skip


def _beds(world: World, shelf: Shelf) -> Iterator[Row]:
    """The stays that overfilled the wards; the licence with extra beds that were approved."""
    for year, stays in world.stays.items():
        crowded = np.flatnonzero(stays.role // stay_plants.PER_KIND == stay_plants.CROWDED)
        places = _stay_places(world, shelf, year) if len(crowded) else {}
        for stay in crowded.tolist():
            if stay in places:
                code = world.institutions.code[int(stays.hospital[stay])]
                plant = _plant_id(world, "beds_over_licence", int(stays.role[stay]))
                yield plant, PLANTED, "crowded", "visits", id_text(year, *places[stay]), None, None, code
    actors = {world.institutions.index(plant.actor) for plant in world.plan.planted("beds_over_licence")}
    code = world.institutions.code[approved_hospital(actors)]
    yield None, NEAR_MISS, "approved_extra_beds", "providers", code, "provider_beds", code, code


def _codings(world: World, shelf: Shelf) -> Iterator[Row]:
    """Stays whose diagnosis says more than they were, and those of a hospital whose patients are that ill."""
    for year, stays in world.stays.items():
        chosen = np.flatnonzero(np.isin(stays.role // stay_plants.PER_KIND, (stay_plants.UPCODED, stay_plants.SICKER)))
        places = _stay_places(world, shelf, year) if len(chosen) else {}
        for stay in chosen.tolist():
            if stay in places:
                role, code = int(stays.role[stay]), world.institutions.code[int(stays.hospital[stay])]
                done = role // stay_plants.PER_KIND == stay_plants.UPCODED
                plant = _plant_id(world, "upcoding", role) if done else None
                kind = "upcoded" if done else "sicker"
                yield plant, PLANTED if done else NEAR_MISS, kind, "visits", id_text(year, *places[stay]), None, None, code  # fmt: skip


def _swaps(world: World, sold: dict[int, Shops]) -> Iterator[Row]:
    for year, shop in sold.items():
        for provider in pharmacies(world):
            found, code = till(world, shop, provider), world.institutions.code[provider]
            for ticket in np.flatnonzero((found.swap >= 0) | (found.twin >= 0)).tolist():
                done = found.swap[ticket] >= 0
                line = shop.lines[shop.first[found.settled[ticket] if done else found.twin[ticket]]]
                settlement = id_text(year, int(line["block"]), int(line["settlement"]))
                plant = world.plan.planted("pharmacy_swap")[int(found.swap[ticket])].id if done else None
                key = f"{code}|{year}{ticket + 1:08d}"
                yield (
                    plant,
                    PLANTED if done else NEAR_MISS,
                    "swapped" if done else "same_amount",
                    "settlements",
                    settlement,
                    "pharmacy_sales",
                    key,
                    code,
                )
    for provider in sorted(chain_shops(world)):
        code = world.institutions.code[provider]
        yield None, NEAR_MISS, "transfer_from_warehouse", "providers", code, "stock_movements", code, code


def _codes(world: World, sold: dict[int, Shops]) -> Iterator[Row]:
    for year, shop in sold.items():
        for group in range(len(trace.groups(world))):
            found = trace.events(world, shop, group)
            for event in np.flatnonzero(found.mark > 0).tolist():
                mark, first = int(found.mark[event]), int(found.first[event])
                done = mark // trace.PER_KIND == trace.SOLD_TWICE
                related = f"{year}{group:03d}{first:09d}" if first >= 0 else None
                yield (
                    _plant_id(world, "code_sold_twice", mark) if done else None, PLANTED if done else NEAR_MISS,
                    "sold_twice" if done else trace.NEAR[mark // trace.PER_KIND], "trace_events", f"{year}{group:03d}{event:09d}",
                    "trace_events" if related else None, related, world.institutions.code[int(found.provider[event])],
                )  # fmt: skip


def _uninsured(rosters: Rosters) -> Iterator[Row]:
    for label, kind, number in uninsured(rosters):
        yield "", label, kind, "population_rosters", number, None, None, None


def _deviations(folder: Path, world: World, shelf: Shelf) -> int:
    """Where the platform is wrong on purpose: the settlement, what was done, and the right amounts."""
    rows = []
    for year, block in blocks(world, world.plan.stay_years):
        visits = shelf.get("visits", year, block)
        for visit, which, pool, critical, aid in shelf.get("deviations", year, block).tolist():
            rows.append(
                (id_text(year, block, int(visits["settlement"][visit])), DEVIATIONS[which], pool, critical, aid)
            )
    columns = (
        [
            pa.array(list(column), kind)
            for column, kind in zip(zip(*sorted(rows), strict=True), DEVIATION.types, strict=True)
        ]
        if rows
        else [pa.array([], t) for t in DEVIATION.types]
    )
    pq.write_table(pa.Table.from_arrays(columns, schema=DEVIATION), folder / "platform_deviations.parquet")
    return len(rows)

"""The tables of care, told from the shelf: visits, diagnoses, operations, intensive care, fee lines.

Every stream comes in order of its key: year, block, number.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from yibao.demo.arrays import DAY, Flags, Ints, Rows, runs
from yibao.demo.catalogue import read_data
from yibao.demo.fee_lines import costs
from yibao.demo.institutions import DEPARTMENT_CODES
from yibao.demo.records import CARES, CHRONIC, INPATIENT, PHARMACY, Shelf, ids, person_ids
from yibao.demo.stay_bills import operation_day
from yibao.demo.strings import named, numbered
from yibao.demo.world import World
from yibao.demo.write import chosen, rows

BATCH = 100_000
NEWBORN = 28  #: days
INSURANCE = ("390", "310")
CATEGORY = ("15", "11", "12")


def blocks(world: World, years: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    for year in years:
        for block in range(len(world.people.blocks)):
            yield year, block


def departments(code: Ints, missing: Flags | None = None) -> pa.Array:
    return named(list(DEPARTMENT_CODES), code, missing)


def category(world: World, person: Ints, start: Ints) -> pa.Array:
    """人员类别 on the day: minors and the old among the residents have their own."""
    kind, age = world.people.kind[person], (start // DAY - world.people.birth[person]) / 365.2425
    index = np.where(kind > 0, kind, np.where(age < 18, 3, np.where(age >= 60, 4, 0)))
    return named([*CATEGORY, "14", "16"], index)


def visits(world: World, shelf: Shelf) -> Iterator[pa.RecordBatch]:
    for year, block in blocks(world, world.plan.stay_years):
        found = shelf.get("visits", year, block)
        size, stay, shop = len(found), found["care"] == INPATIENT, found["care"] == PHARMACY
        person, provider = found["person"].astype(np.int64), found["provider"].astype(np.int64)
        newborn = stay & (found["start"] // DAY - world.people.birth[person] <= NEWBORN)
        weight = _birth_weight(world, found)
        yield rows("visits", size, {
            "visit_id": ids(year, block, np.arange(size)),
            "person_no": person_ids(person),
            "provider_code": named(world.institutions.codes, provider),
            "care_type": named(list(CARES), found["care"]),
            "insurance_type": named(list(INSURANCE), found["employee"]),
            "medical_record_no": numbered(f"ZY{year}", found["record"].astype(np.int64), 8, ~stay),
            "admission_time": found["start"],
            "discharge_time": found["end"],
            "admission_department": departments(found["department"], shop),
            "discharge_department": departments(found["department"], ~stay),
            "bed_no": numbered("", found["bed"].astype(np.int64), 3, ~stay),
            "admission_way": named(["9", "1", "2", "3"], found["route"], ~stay),
            "discharge_way": named(["9", "1", "2", "3", "4", "5"], found["way"], ~stay),
            "attending_doctor_code": named(world.staff.codes, found["doctor"], shop),
            "newborn_birth_weight_g": chosen(weight, newborn),
            "newborn_admission_weight_g": chosen(weight + weight // 300 * (found["start"] // DAY - world.people.birth[person] - 3), newborn),
            "planned_readmission": chosen(found["planned"] == 1, stay),
            "disease_code": _disease(world, found),
            "out_of_area": named(["0", "1"], found["away"]),
            "treatment_area_code": named(world.institutions.area, provider, found["away"] == 0),
        })  # fmt: skip


def _birth_weight(world: World, found: Rows) -> Ints:
    """Grams, whole tens: by a person's number, so that every stay says the same; low where the illness is low weight."""
    spread = found["person"].astype(np.int64) * 7919 % 1000
    light = np.char.startswith(np.array([*world.mix.diagnosis, ""]), "P07")[found["group"]]
    return np.where(light, 1_500 + spread, 2_500 + spread * 17 // 10) // 10 * 10


def _disease(world: World, found: Rows) -> pa.Array:
    listed = [f"M{row['code'][:3]}00" for row in read_data("diagnoses.csv") if row["kind"] == "chronic"]
    return named(listed, np.maximum(found["illness"], 0), found["care"] != CHRONIC)


def _diagnosis_names() -> tuple[list[str], list[str], dict[str, int]]:
    """Codes, names, and where each list of data/diagnoses.csv begins."""
    listed = read_data("diagnoses.csv")
    first = {
        kind: next(i for i, row in enumerate(listed) if row["kind"] == kind)
        for kind in ("secondary", "outpatient", "chronic")
    }
    return [row["code"] for row in listed], [row["name"] for row in listed], first


def visit_diagnoses(world: World, shelf: Shelf) -> Iterator[pa.RecordBatch]:
    codes, names, first = _diagnosis_names()
    base, mix = len(codes), world.mix
    codes, names = (
        [*codes, *mix.diagnosis, *siblings(mix.diagnosis)],
        [*names, *mix.diagnosis_name, *mix.diagnosis_name],
    )
    ages = np.array([int(row["min_age"]) for row in read_data("diagnoses.csv") if row["kind"] == "secondary"])
    for year, block in blocks(world, world.plan.stay_years):
        found = shelf.get("visits", year, block)
        rng = world.plan.stream("diagnoses", year, block)
        stay, shop = found["care"] == INPATIENT, found["care"] == PHARMACY
        age = (found["start"] // DAY - world.people.birth[found["person"]]) / 365.2425
        extra = np.where(
            stay & (age >= 40), rng.integers(0, 5, len(found)), np.where(stay, rng.random(len(found)) < 0.3, 0)
        )
        owner, place = runs(np.where(shop, 0, 1 + extra))
        main = np.where(found["care"] == CHRONIC, first["chronic"], first["outpatient"]) + np.maximum(
            found["illness"], 0
        )
        main = np.where(stay, base + found["group"] + np.where(found["sibling"] == 1, len(mix), 0), main)
        old = rng.integers(0, 10_000, len(found))
        step = np.where(age[owner] >= 40, old[owner] + place * 7, 0) % len(ages)
        young = np.flatnonzero(ages == 0)[(old[owner] + place) % int((ages == 0).sum())]
        second = np.where(age[owner] >= 40, step, young) + first["secondary"]
        index = np.where(place == 0, main[owner], second)
        yield rows("visit_diagnoses", len(owner), {
            "visit_id": ids(year, block, owner),
            "sequence_no": place + 1,
            "diagnosis_kind": "western",
            "diagnosis_code": named(codes, index),
            "diagnosis_name": named(names, index),
            "is_principal_diagnosis": place == 0,
            "admission_condition": named(["1", "2"], rng.random(len(owner)) < 0.06, ~stay[owner]),
        })  # fmt: skip


def siblings(codes: list[str]) -> list[str]:
    """For each code another of the same category (three characters), where the case mix knows one."""
    return [next((other for other in codes if other[:3] == code[:3] and other != code), code) for code in codes]


def visit_operations(world: World, shelf: Shelf) -> Iterator[pa.RecordBatch]:
    names = {row["operation_code"]: row["operation_name"] for row in read_data("operations.csv")}
    codes, mix = list(names), world.mix
    table = [[codes.index(code) for code in ops] for ops in mix.operations]
    count = np.array([len(ops) for ops in table])
    flat = np.array([*(op for ops in table for op in ops), 0])
    start = np.cumsum(count) - count
    for year, block in blocks(world, world.plan.stay_years):
        found = shelf.get("visits", year, block)
        rng = world.plan.stream("operations", year, block)
        group = found["group"]
        owner, place = runs(np.where(found["care"] == INPATIENT, count[group], 0))
        day = operation_day(found)[owner]
        time = np.clip(
            day * DAY + rng.integers(8 * 3600, 17 * 3600, len(owner)),
            found["start"][owner] + 1800,
            found["end"][owner] - 600,
        )
        index = flat[start[group[owner]] + place]
        yield rows("visit_operations", len(owner), {
            "visit_id": ids(year, block, owner),
            "sequence_no": place + 1,
            "operation_code": named(codes, index),
            "operation_name": named(list(names.values()), index),
            "operation_role": named(["main", "other"], place > 0),
            "operation_time": time,
            "operator_code": named(world.staff.codes, found["doctor"][owner]),
        })  # fmt: skip


def icu_stays(world: World, shelf: Shelf) -> Iterator[pa.RecordBatch]:
    """Dear stays at hospitals of level 2 and 3: some days in intensive care after the first."""
    for year, block in blocks(world, world.plan.stay_years):
        found, settled = shelf.get("visits", year, block), shelf.get("settled", year, block)
        rng = world.plan.stream("icu", year, block)
        dear = (
            (found["care"] == INPATIENT)
            & (settled["total"] > 1_800_000)
            & (world.institutions.level[found["provider"]] >= 2)
        )
        dear &= (found["end"] - found["start"] > 4 * DAY) & (rng.random(len(found)) < 0.30)
        visit = np.flatnonzero(dear)
        begin = found["start"][visit] + rng.integers(1800, DAY, len(visit))
        close = np.minimum(begin + rng.integers(DAY // 2, 4 * DAY, len(visit)), found["end"][visit] - 3600)
        yield rows("icu_stays", len(visit), {
            "visit_id": ids(year, block, visit),
            "icu_ward_type": "9",
            "icu_in_time": begin,
            "icu_out_time": close,
        })  # fmt: skip


def fee_lines(world: World, shelf: Shelf) -> Iterator[pa.RecordBatch]:
    for year, block in blocks(world, world.plan.years):
        visit, lines = shelf.get("visits", year, block), shelf.get("lines", year, block)
        for at in range(0, len(lines), BATCH):
            yield _lines(world, year, block, visit, lines[at : at + BATCH], at)


def _lines(world: World, year: int, block: int, visits: Rows, lines: Rows, at: int) -> pa.RecordBatch:
    catalogue, size = world.catalogue, len(lines)
    visit, item = lines["visit"].astype(np.int64), lines["item"].astype(np.int64)
    of = visits[visit]
    provider = of["provider"].astype(np.int64)
    cost = costs(world, lines, provider, of["employee"])
    unmapped = lines["unmapped"] == 1
    settlement = np.where(lines["part"] == 1, of["reversal"], of["settlement"])
    return rows("fee_lines", size, {
        "fee_line_no": ids(year, block, np.arange(at, at + size)),
        "original_fee_line_no": ids(year, block, lines["origin"].astype(np.int64), lines["origin"] < 0),
        "visit_id": ids(year, block, visit),
        "person_no": person_ids(of["person"].astype(np.int64)),
        "provider_code": named(world.institutions.codes, provider),
        "settlement_id": ids(year, block, settlement.astype(np.int64)),
        "service_time": lines["time"],
        "national_item_code": named(catalogue.code, item, unmapped),
        "provider_item_code": named(world.vendor_codes, world.institutions.vendor[provider] * len(catalogue) + item),
        "provider_item_name": named(catalogue.name, item),
        "catalogue_type": named(catalogue.type, item),
        "charge_category": named(catalogue.charge, item),
        "reimbursement_class": named(["", "1", "2", "3"], cost.item_class),
        "quantity": lines["quantity"],
        "unit_price": cost.price,
        "line_amount": cost.amount,
        "price_cap": chosen(cost.cap, cost.cap > 0),
        "pre_selfpay_ratio": cost.ratio,
        "line_full_selfpay": cost.full_selfpay,
        "line_over_cap": cost.over_cap,
        "line_pre_selfpay": cost.pre_selfpay,
        "line_in_scope": cost.in_scope,
        "is_restricted_use": catalogue.restricted[item],
        "is_hospital_approved": chosen(lines["approved"] == 1, catalogue.restricted[item]),
        "prescription_no": numbered(f"R{year}{block:04d}", visit * 64 + np.maximum(lines["prescription"], 0), 10, lines["prescription"] < 0),
        "prescriber_code": named(world.staff.codes, np.maximum(lines["doctor"], 0), of["care"] == PHARMACY),
        "performer_code": named(world.staff.codes, np.maximum(lines["performer"], 0), lines["performer"] < 0),
        "ordering_department": departments(lines["department"], of["care"] == PHARMACY),
        "body_side": named(["", "left", "right"], lines["side"], lines["side"] == 0),
    })  # fmt: skip

"""The registers: providers with departments, beds, agreements and devices; practitioners with what they may do and when they work."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from yibao.demo.arrays import Ints, year_days
from yibao.demo.institutions import AWAY, DEPARTMENT_CODES, DEPARTMENTS, DIP, MENTAL
from yibao.demo.places import TOWNS
from yibao.demo.staff import DOCTOR, KINDS, PHARMACIST, THERAPIST, titles, works
from yibao.demo.strings import named
from yibao.demo.tell_people import dates
from yibao.demo.world import World
from yibao.demo.write import in_key_order, rows

_DEVICES = (("64排螺旋CT", "CT", 2), ("1.5T磁共振成像系统", "MR", 3), ("数字化X射线摄影系统", "DR", 1), ("彩色多普勒超声诊断仪", "US", 1), ("全自动生化分析仪", "BA", 1), ("电子胃肠镜系统", "EN", 2), ("血液透析机", "HD", 2), ("多参数监护仪", "PM", 1), ("呼吸机", "VT", 2), ("中频治疗仪", "MF", 1), ("低频治疗仪", "LF", 1), ("心电图机", "EC", 0))  # fmt: skip


def providers(world: World) -> Iterator[pa.RecordBatch]:
    found = world.institutions
    size = len(found)
    closed = np.where(world.plan.stream("closed").random(size) < 0.02, year_days(world.plan.years[-1])[1] + 1, 0)
    closed[: DIP + AWAY] = 0
    yield in_key_order("providers", rows("providers", size, {
        "provider_code": found.codes,
        "provider_name": found.name,
        "provider_type": found.type,
        "hospital_level": named(["0", "1", "2", "3"], found.level),
        "ownership": found.ownership,
        "is_dip": np.arange(size) < DIP,
        "area_code": named(world.places.town_code, np.maximum(found.town, 0), found.town < 0),
        "opened_date": found.opened,
        "closed_date": dates(closed, closed == 0),
    }))  # fmt: skip


def provider_departments(world: World) -> Iterator[pa.RecordBatch]:
    count = DIP + AWAY
    provider, department = np.divmod(np.arange(count * len(DEPARTMENT_CODES)), len(DEPARTMENT_CODES))
    yield in_key_order("provider_departments", rows("provider_departments", len(provider), {
        "provider_code": named(world.institutions.codes, provider),
        "department_code": named(list(DEPARTMENT_CODES), department),
        "department_name": named(list(DEPARTMENTS.values()), department),
        "department_standard_code": named(list(DEPARTMENT_CODES), department),
    }))  # fmt: skip


def provider_beds(world: World) -> Iterator[pa.RecordBatch]:
    """The licence of each hospital, and a year's approval for each year of extra beds."""
    found: list[tuple[str, int, bool, str | None, int, int]] = []
    for licence in world.licences:
        code, opened = world.institutions.code[licence.hospital], int(world.institutions.opened[licence.hospital])
        found.append((code, licence.beds, False, None, opened, 0))
        first = world.plan.stay_years[0] - 1
        for year in range(first, world.plan.stay_years[-1] + 1) if licence.temporary else ():
            low, high = year_days(year)
            found.append((code, licence.temporary, True, f"棠卫批〔{year}〕{licence.hospital + 3}号", low, high))
    code_, beds, temporary, approval, low_, high_ = (list(column) for column in zip(*found, strict=True))
    ends = np.array(high_)
    yield in_key_order("provider_beds", rows("provider_beds", len(found), {
        "provider_code": code_, "department_code": "", "licensed_beds": beds, "is_temporary": temporary,
        "approval_no": pa.array(approval, pa.string()), "valid_from": np.array(low_), "valid_to": dates(ends, ends == 0),
    }))  # fmt: skip


def provider_agreements(world: World) -> Iterator[pa.RecordBatch]:
    """An agreement a year; a few clinics and pharmacies are suspended."""
    parts, size = [], len(world.institutions)
    for year in world.plan.stay_years:
        rng = world.plan.stream("agreements", year)
        low, high = year_days(year)
        suspended = (rng.random(size) < 0.012) & (np.arange(size) >= DIP + AWAY)
        status = np.where(suspended, 1, 2 if year < world.plan.years[-1] else 0)
        parts.append(rows("provider_agreements", size, {
            "provider_code": world.institutions.codes,
            "agreement_no": [f"XY{year}{code[1:]}" + code[0] for code in world.institutions.code],
            "agreement_status": named(["active", "suspended", "expired"], status),
            "payment_method": named(["item", "dip"], np.arange(size) < DIP),
            "valid_from": np.full(size, low), "valid_to": np.full(size, high),
        }))  # fmt: skip
    yield in_key_order("provider_agreements", pa.Table.from_batches(parts).combine_chunks().to_batches()[0])


def devices(world: World) -> Iterator[pa.RecordBatch]:
    rng = world.plan.stream("devices")
    found: list[tuple[str, str, str, str, str, str, int, int]] = []
    for licence in world.licences:
        hospital = licence.hospital
        for name, model, least in _DEVICES:
            if world.institutions.level[hospital] < least:
                continue
            if model == "LF" and hospital == 1:
                continue  # the TCM hospital has none
            count = 1 + licence.beds // 60 if model not in ("PM", "HD") else 2 + licence.beds // 12
            bought = int(world.institutions.opened[hospital]) + int(rng.integers(100, 1500))
            code = f"DV{len(found) + 1:06d}"
            number = f"演械注准{int(rng.integers(2012, 2020))}{int(rng.integers(1, 9999)):04d}"
            found.append(
                (
                    world.institutions.code[hospital],
                    code,
                    name,
                    f"{model}-{int(rng.integers(100, 900))}",
                    number,
                    f"供医疗机构{name}使用",
                    count,
                    bought,
                )
            )
    columns = [list(column) for column in zip(*found, strict=True)]
    names = (
        "provider_code",
        "device_id",
        "device_name",
        "device_model",
        "registration_no",
        "registered_scope",
        "device_count",
    )
    named_columns = dict(zip(names, columns[:-1], strict=True))
    yield in_key_order("devices", rows("devices", len(found), {**named_columns, "valid_from": np.array(columns[-1])}))


def practitioners(world: World) -> Iterator[pa.RecordBatch]:
    staff = world.staff
    yield in_key_order("practitioners", rows("practitioners", len(staff), {
        "practitioner_code": staff.codes,
        "practitioner_kind": named(list(KINDS), staff.kind),
        "professional_title": titles(world.plan, staff),
    }))  # fmt: skip


def practitioner_qualifications(world: World) -> Iterator[pa.RecordBatch]:
    """Everyone's licence; therapists' own; two at the mental hospital may give psychotherapy."""
    staff, rng = world.staff, world.plan.stream("qualifications")
    names = ["执业医师", "护士执业", "药师", "康复治疗", "医学检验技术", "抗菌药物特殊级", "心理治疗"]
    who, what = [np.arange(len(staff))], [staff.kind]
    psych = np.flatnonzero((staff.kind == THERAPIST) & (staff.provider == MENTAL))
    special = np.flatnonzero((staff.kind == DOCTOR) & (staff.provider < DIP) & (rng.random(len(staff)) < 0.15))
    who += [special, psych]
    what += [np.full(len(special), 5), np.full(len(psych), 6)]
    person, name = np.concatenate(who), np.concatenate(what)
    yield in_key_order("practitioner_qualifications", rows("practitioner_qualifications", len(person), {
        "practitioner_code": named(staff.codes, person),
        "qualification": named(names, name),
        "certificate_no": [f"ZS{n:09d}" for n in rng.integers(0, 10**9, len(person)).tolist()],
        "valid_from": rng.integers(12_500, 18_200, len(person)),
    }))  # fmt: skip


def practitioner_registrations(world: World) -> Iterator[pa.RecordBatch]:
    """Where people are registered; some doctors at a second place."""
    staff, rng = world.staff, world.plan.stream("registrations")
    person, provider = np.arange(len(staff)), staff.provider
    second = np.flatnonzero((staff.kind == DOCTOR) & (staff.provider < 7) & (rng.random(len(staff)) < 0.04))
    person = np.concatenate([person, second])
    provider = np.concatenate([provider, 7 + rng.integers(0, TOWNS, len(second))])
    department = staff.department[person]
    suspended = rng.random(len(person)) < 0.003
    yield in_key_order("practitioner_registrations", rows("practitioner_registrations", len(person), {
        "practitioner_code": named(staff.codes, person),
        "provider_code": named(world.institutions.codes, provider),
        "department_code": named(list(DEPARTMENT_CODES), np.maximum(department, 0), (department < 0) | (provider >= DIP)),
        "registration_status": named(["normal", "suspended"], suspended),
        "valid_from": rng.integers(14_000, 18_200, len(person)),
    }))  # fmt: skip


def shifts(world: World) -> Iterator[pa.RecordBatch]:
    """Day shifts of everyone at the hospitals of the county, in the full years; nurses work nights too."""
    staff = world.staff
    provider_order = np.argsort(world.institutions.code[:DIP], kind="stable")
    codes = np.array(staff.codes.to_pylist())
    for provider in provider_order.tolist():
        mine = np.flatnonzero((staff.provider == provider) & (staff.kind != PHARMACIST))
        for person in np.array_split(mine[np.argsort(codes[mine], kind="stable")], max(1, len(mine) // 100)):
            if len(person):
                yield _shifts(world, provider, person)


def _shifts(world: World, provider: int, person: Ints) -> pa.RecordBatch:
    staff, rng = world.staff, world.plan.stream("shifts", provider, int(person[0]))
    first, last = year_days(world.plan.years[0])[0], year_days(world.plan.years[-1])[1]
    days = np.arange(first, last + 1)
    who, day = np.repeat(person, len(days)), np.tile(days, len(person))
    there = np.asarray(works(who, day)) & (rng.random(len(who)) < 0.985)
    who, day = who[there], day[there]
    night = (staff.kind[who] == 1) & (rng.random(len(who)) < 0.28)
    start = day * 86_400 + np.where(night, 20 * 3600, 8 * 3600) - rng.integers(0, 900, len(who))
    length = np.where(night, 12 * 3600, 9 * 3600) + rng.integers(0, 1800, len(who))
    department = staff.department[who]
    return rows("shifts", len(who), {
        "provider_code": world.institutions.code[provider],
        "practitioner_code": named(staff.codes, who),
        "department_code": named(list(DEPARTMENT_CODES), np.maximum(department, 0), department < 0),
        "shift_date": day, "shift_start": start, "shift_end": start + length,
    })  # fmt: skip

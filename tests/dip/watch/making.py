"""A workspace from a few stays written by hand: each stay a `Stay`, everything else filled with blanks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from yibao.store.schema import arrow_schema
from yibao.store.workspace import Workspace

BLANK = {pa.string(): "-", pa.bool_(): False, pa.int64(): 0, pa.date32(): date(2025, 1, 1), pa.timestamp("us"): datetime(2025, 1, 1)}  # fmt: skip
LEVELS = {"A": "2", "B": "2", "C": "2", "D": "2", "E": "3"}  #: hospitals by letter


@dataclass(frozen=True)
class Stay:
    """Cost in yuan, score in points; `group` empty is 未入组, None not grouped at all."""

    id: str
    hospital: str
    cost: int = 1000
    days: int = 5
    dx: str = "J18.900"
    group: str | None = "G"
    score: int | None = 1000
    person: str = ""
    admitted: date = date(2025, 3, 1)
    others: tuple[str, ...] = ()
    op: str = ""
    age: int = 50
    way: str = "1"
    planned: bool = False
    band: str = "normal"
    own_expense: int = 0
    booked: int = 600
    sex: str = "1"
    weight: int | None = None
    flags: str = ""
    care: str = "21"

    @property
    def discharged(self) -> date:
        return self.admitted + timedelta(days=self.days)

    @property
    def who(self) -> str:
        return self.person or f"P{self.id}"


def write(workspace: Workspace, name: str, rows: Iterable[dict[str, Any]]) -> None:
    """Rows of a table, with blanks where a column must not be empty."""
    table = workspace.table(name)
    schema = arrow_schema(table)
    needed = {c.name: BLANK[schema.field(c.name).type] for c in table.columns if not c.nullable}
    given = [{**needed, **row} for row in rows]
    if given:
        workspace.write(name, pa.Table.from_pylist(given, schema=schema), workspace.produced("by hand"))


def made(folder: Path, stays: Sequence[Stay], *, results: bool = True, **tables: list[dict[str, Any]]) -> Workspace:
    """A workspace of stays, with their results as the city sends them unless `results` is false."""
    workspace = Workspace.create(folder, "cn-9904")
    hospitals = sorted({s.hospital for s in stays})
    persons = {s.who: s for s in stays}
    write(workspace, "providers", [{"provider_code": h, "provider_name": f"{h}医院", "provider_type": "hospital", "hospital_level": LEVELS.get(h, "1"), "is_dip": True} for h in hospitals])  # fmt: skip
    write(workspace, "persons", [{"person_no": p, "sex_code": s.sex, "birth_date": s.admitted - timedelta(days=int(s.age * 365.25) + 1)} for p, s in persons.items()])  # fmt: skip
    write(workspace, "visits", [_visit(s) for s in stays])
    write(workspace, "settlements", [_settlement(s) for s in stays])
    write(workspace, "visit_diagnoses", [row for s in stays for row in _diagnoses(s)])
    write(workspace, "visit_operations", [{"visit_id": s.id, "sequence_no": 1, "operation_code": s.op, "operation_role": "main"} for s in stays if s.op])  # fmt: skip
    inpatient = [s for s in stays if s.care == "21"]
    write(workspace, "dip_groupings", [_grouping(s) for s in inpatient if s.group is not None])
    if results:
        write(workspace, "dip_results", [result(s) for s in inpatient])
    for name, rows in tables.items():
        write(workspace, name, rows)
    return workspace


def at_noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12)


def _visit(s: Stay) -> dict[str, Any]:
    return {"visit_id": s.id, "person_no": s.who, "provider_code": s.hospital, "care_type": s.care, "insurance_type": "390", "admission_time": at_noon(s.admitted), "discharge_time": at_noon(s.discharged), "discharge_way": s.way, "planned_readmission": s.planned, "out_of_area": "0", "newborn_birth_weight_g": s.weight}  # fmt: skip


def _settlement(s: Stay) -> dict[str, Any]:
    return {"settlement_id": f"S{s.id}", "visit_id": s.id, "person_no": s.who, "provider_code": s.hospital, "is_valid": True, "settlement_time": at_noon(s.discharged), "total_fee": s.cost * 100, "pool_fund_pay": s.booked * 100, "person_burden_total": (s.cost - s.booked) * 100, "full_selfpay_total": s.own_expense * 100}  # fmt: skip


def _diagnoses(s: Stay) -> list[dict[str, Any]]:
    return [
        {"visit_id": s.id, "sequence_no": i, "diagnosis_kind": "western", "diagnosis_code": code, "is_principal_diagnosis": i == 1}
        for i, code in enumerate((s.dx, *s.others), 1)
        if code
    ]  # fmt: skip


def _grouping(s: Stay) -> dict[str, Any]:
    return {"visit_id": s.id, "discharge_time": at_noon(s.discharged), "provider_code": s.hospital, "insurance_type": "390", "pack_version": "P", "dip_group_code": s.group or None, "dip_layer": "core" if s.group else None, "base_score": s.score * 1_000_000 if s.group and s.score is not None else None, "grouping_flags": s.flags}  # fmt: skip


def result(s: Stay) -> dict[str, Any]:
    return {"settlement_id": f"S{s.id}", "visit_id": s.id, "provider_code": s.hospital, "insurance_type": "390", "settlement_time": at_noon(s.discharged), "dip_group_code": s.group or None, "base_score": (s.score or 0) * 1_000_000, "deviation_band": s.band, "dip_points": (s.score or 0) * 1_000_000, "total_fee": s.cost * 100, "booked_pay": s.booked * 100}  # fmt: skip

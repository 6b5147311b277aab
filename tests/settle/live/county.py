"""A small workspace for live settlement: three insured people, a hospital, and what a test adds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from yibao.settle.live.request import Request, read_request
from yibao.store.schema import arrow_schema
from yibao.store.workspace import Workspace

PEOPLE = ("P1", "P2", "P3")


def county(folder: Path) -> Workspace:
    """P1 a resident, P2 a retired employee, P3 a resident who has been 特困 since July."""
    workspace = Workspace.create(folder, "cn-99")
    put(workspace, "persons", [{"person_no": p, "id_document_type": "01", "id_document_no": f"X{p}", "person_name": "张三", "sex_code": "1", "birth_date": date(1965, 3, 4)} for p in PEOPLE])  # fmt: skip
    put(workspace, "providers", [{"provider_code": f"H{level}", "provider_name": f"第{level}医院", "provider_type": "1", "hospital_level": str(level), "ownership": "public", "is_dip": True, "opened_date": date(2019, 1, 1)} for level in (1, 2, 3)])  # fmt: skip
    put(workspace, "enrolments", [
        {"enrolment_relation_id": f"R{p}", "person_no": p, "insurance_type": kind, "person_category": category, "enrolment_status": "1",
         "enrolment_start_date": date(2025, 1, 1), "is_flexible_employment": False, "is_civil_servant": False, "insured_area_code": "999999"}
        for p, kind, category in (("P1", "390", "15"), ("P2", "310", "12"), ("P3", "390", "15"))
    ])  # fmt: skip
    put(workspace, "identities", [{"person_no": "P3", "identity_type": "tekun", "identity_start": date(2025, 7, 1)}])
    return workspace


def put(workspace: Workspace, table: str, rows: Sequence[dict[str, Any]]) -> None:
    schema = arrow_schema(workspace.table(table))
    full = [{**dict.fromkeys(schema.names), **row} for row in rows]
    workspace.write(table, pa.Table.from_pylist(full, schema=schema), workspace.produced("test"))


def stay(request_id: str, in_scope: object, day: int = 10, person: str = "P1", **more: Any) -> Request:
    """A stay of five days in June at the county hospital, everything in scope."""
    insurance = "310" if person == "P2" else "390"
    written = {
        "request_id": request_id, "visit_id": f"V{request_id}", "person_no": person, "provider_code": "H2", "insurance_type": insurance,
        "care_type": "21", "settlement_time": datetime(2025, 6, day, 9), "stay_start_date": date(2025, 6, day - 5),
        "stay_end_date": date(2025, 6, day), "total_fee": in_scope, "full_selfpay_total": 0, "over_cap_total": 0,
        "pre_selfpay_total": 0, "in_scope_total": in_scope,
    }  # fmt: skip
    return read_request({**written, **more})


def rows(workspace: Workspace) -> list[dict[str, Any]]:
    """What is stored, in the order in which it was written."""
    sql = "SELECT l.* FROM live_settlements AS l"
    found: list[dict[str, Any]] = workspace.query(sql).read_all().sort_by("entry_no").to_pylist()
    return found


FEES = ("full_selfpay_total", "over_cap_total", "pre_selfpay_total", "in_scope_total")
PAID = (
    "deductible_paid", "pool_fund_pay", "civil_servant_pay", "enterprise_supplement_pay", "resident_critical_illness_pay",
    "employee_large_amount_pay", "disabled_person_pay", "medical_aid_pay", "other_fund_pay", "fund_pay_total", "hospital_burden",
    "person_burden_total", "account_pay", "account_family_pay", "cash_pay",
)  # fmt: skip
_SAME = ("visit_id", "person_no", "provider_code", "insurance_type", "person_category", "care_type", "settlement_type", "settlement_time", "stay_start_date", "hospital_level")  # fmt: skip


def exported(row: Any, settlement_id: str, **more: Any) -> dict[str, Any]:
    """A row of the counter's ledger as the platform exports it."""
    back = row["reverses_bill_id"] is not None
    return {
        **{name: row[name] for name in (*_SAME, *FEES, *PAID, "total_fee", "benefit_year", "counts_as_admission")},
        "settlement_id": settlement_id, "stay_end_date": row["policy_date"], "out_of_area": "0", "is_reversal": back, "is_valid": True, **more,
    }  # fmt: skip


def visited(*rows: Any) -> list[dict[str, Any]]:
    return [
        {"visit_id": visit, "person_no": person, "provider_code": provider, "insurance_type": insurance, "care_type": "21", "out_of_area": "0",
         "admission_time": datetime(2025, 6, 1), "discharge_time": datetime(2025, 6, 10), "registration_time": datetime(2025, 6, 1)}
        for visit, person, provider, insurance in sorted({(row["visit_id"], row["person_no"], row["provider_code"], row["insurance_type"]) for row in rows})
    ]  # fmt: skip


def told(workspace: Workspace, platform: list[dict[str, Any]]) -> None:
    put(workspace, "visits", visited(*platform))
    put(workspace, "settlements", platform)

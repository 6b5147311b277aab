"""A workspace of a few stays over four years: three to build from, the fourth to pay."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from yibao.store.schema import arrow_schema
from yibao.store.workspace import Workspace

#: main diagnosis, operations (the main one first), hospital, cost in yuan
Stay = tuple[str, str, str, int]
CASES: Sequence[Stay] = [
    *[("K35.300", "47.0100", "H2", 6000 + 100 * i) for i in range(4)],
    *[("K35.300", "47.0100 54.5101", "H3", 9000 + 100 * i) for i in range(3)],
    *[("K35.300", "", "H1", 2000 + 50 * i) for i in range(5)],
    *[("I10.x00", "", "H1", 1500 + 10 * i) for i in range(6)],
    ("K80.100", "51.2300", "H2", 8000),
    ("", "", "H2", 700),
    ("J18.900", "", "H2", 0),
    ("J18.900", "", "H9", 3000),
]
YEARS = (2022, 2023, 2024, 2025)
KINDS = "编码\t治疗方式\t手术级别\n47.0100\t相关手术\t三级\n54.5101\t相关手术\t\n51.2300\t相关手术\t\n"


@pytest.fixture(scope="session")
def make(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """The folder of a workspace; `order` is the order in which rows are written."""

    def made(cases: Sequence[Stay] = CASES, years: Sequence[int] = YEARS, order: int = 1) -> Path:
        path = tmp_path_factory.mktemp("built") / "w"
        stays = [(f"{year}-{i:02}", year, *one) for year in years for i, one in enumerate(cases)][::order]
        with Workspace.create(path, "cn-990421") as workspace:
            write(workspace, "providers", [_provider(code, level) for code, level in (("H1", "1"), ("H2", "2"), ("H3", "3"), ("H9", "2"))])  # fmt: skip
            write(workspace, "persons", [{"person_no": "P1", "birth_date": date(1980, 1, 1)}])
            write(workspace, "visits", [_visit(*stay) for stay in stays])
            write(workspace, "visit_diagnoses", [row for stay in stays for row in _diagnoses(*stay)])
            write(workspace, "visit_operations", [row for stay in stays for row in _operations(*stay)])
            write(workspace, "settlements", [_settlement(*stay) for stay in stays])
        return path

    return made


@pytest.fixture(scope="session")
def folder(make: Callable[..., Path]) -> Path:
    return make()


@pytest.fixture(scope="session")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("kinds") / "kinds.tsv"
    path.write_text(KINDS, encoding="utf-8")
    return path


@pytest.fixture
def workspace(folder: Path) -> Iterator[Workspace]:
    with Workspace.open(folder) as opened:
        yield opened


def _provider(code: str, level: str) -> dict[str, Any]:
    return {"provider_code": code, "provider_name": f"示例{code}", "hospital_level": level, "is_dip": code != "H9"}


def _visit(visit: str, year: int, _: str, __: str, provider: str, ___: int) -> dict[str, Any]:
    return {"visit_id": visit, "person_no": "P1", "provider_code": provider, "care_type": "21", "insurance_type": "390", "admission_time": datetime(year, 3, 1, 9), "discharge_time": datetime(year, 3, 8, 10), "out_of_area": "0", "discharge_way": "1"}  # fmt: skip


def _diagnoses(visit: str, _: int, code: str, *__: Any) -> Iterator[dict[str, Any]]:
    if code:
        yield {"visit_id": visit, "sequence_no": 1, "diagnosis_kind": "western", "diagnosis_code": code, "diagnosis_name": f"名{code[:3]}", "is_principal_diagnosis": True}  # fmt: skip


def _operations(visit: str, _: int, __: str, codes: str, *___: Any) -> Iterator[dict[str, Any]]:
    for i, code in enumerate(codes.split(), 1):
        yield {"visit_id": visit, "sequence_no": i, "operation_code": code, "operation_role": "main" if i == 1 else "other"}  # fmt: skip


def _settlement(visit: str, year: int, _: str, __: str, provider: str, cost: int) -> dict[str, Any]:
    return {"settlement_id": f"S{visit}", "visit_id": visit, "provider_code": provider, "insurance_type": "390", "care_type": "21", "total_fee": cost * 100, "pool_fund_pay": cost * 70, "is_valid": True, "settlement_time": datetime(year, 3, 8, 11), "benefit_year": year}  # fmt: skip


def write(workspace: Workspace, name: str, rows: list[dict[str, Any]]) -> None:
    table = workspace.table(name)
    schema = arrow_schema(table)
    blank = {pa.string(): "-", pa.bool_(): False, pa.int64(): 0, pa.date32(): date(2025, 1, 1), pa.timestamp("us"): datetime(2025, 1, 1)}  # fmt: skip
    needed = {c.name: blank[schema.field(c.name).type] for c in table.columns if not c.nullable}
    workspace.write(name, pa.Table.from_pylist([{**needed, **row} for row in rows], schema=schema), workspace.produced("by hand"))  # fmt: skip

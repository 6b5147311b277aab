"""A workspace through the grouper: what single cases get, in a table; two packs over a year's end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.store.parity.conftest import ABSENT
from yibao.dip.choose import Choice
from yibao.dip.grouping.group import Grouper
from yibao.dip.grouping.run import explain_visit, group_year
from yibao.errors import UserError
from yibao.store.schema import arrow_schema
from yibao.store.workspace import Workspace

#: visit, discharge, diagnoses (the main one first), operations (the main one first)
STAYS = [
    ("A1", date(2026, 3, 1), "K35.300 I10.x00", "47.0100 54.5101"),
    ("A2", date(2026, 3, 1), "I10.x00", ""),
    ("A3", date(2026, 12, 31), "J18.900", "33.2402"),
    ("A4", date(2027, 1, 1), "K35.300 I10.x00", "47.0100 54.5101"),
    ("A5", date(2027, 1, 2), "J18.900 P07.001", ""),
    ("A6", date(2027, 1, 2), "", ""),
]
EXPECTED = {"A1": "H002", "A2": "H007", "A3": "H005", "A4": "BX-6", "A5": "XQ-3", "A6": None}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with Workspace.create(tmp_path_factory.mktemp("dip") / "w", "cn-9904") as made:
        _write(made, "persons", [{"person_no": "P1", "birth_date": date(2026, 12, 31)}])
        _write(made, "visits", [_visit(*stay) for stay in STAYS])
        _write(made, "visit_diagnoses", [row for stay in STAYS for row in _diagnoses(*stay)])
        _write(made, "visit_operations", [row for stay in STAYS for row in _operations(*stay)])
        yield made


@pytest.fixture(scope="module")
def choice(second: Grouper, third: Grouper) -> Choice:
    return Choice((second, third), "cn-9904")


def _visit(visit: str, day: date, *_: str) -> dict[str, Any]:
    time = datetime(day.year, day.month, day.day, 10)
    return {"visit_id": visit, "person_no": "P1", "provider_code": "H1", "care_type": "21", "insurance_type": "390", "admission_time": datetime(2026, 1, 1) if day.year < 2027 else time, "discharge_time": time, "out_of_area": "0", "newborn_birth_weight_g": 900}  # fmt: skip


def _diagnoses(visit: str, _: date, codes: str, __: str) -> Iterator[dict[str, Any]]:
    for i, code in enumerate(codes.split(), 1):
        yield {"visit_id": visit, "sequence_no": i, "diagnosis_kind": "western", "diagnosis_code": code, "is_principal_diagnosis": i == 1}  # fmt: skip


def _operations(visit: str, _: date, __: str, codes: str) -> Iterator[dict[str, Any]]:
    for i, code in enumerate(codes.split(), 1):
        yield {"visit_id": visit, "sequence_no": i, "operation_code": code, "operation_role": "main" if i == 1 else "other"}  # fmt: skip


def _write(workspace: Workspace, name: str, rows: list[dict[str, Any]]) -> None:
    table = workspace.table(name)
    schema = arrow_schema(table)
    blank = {pa.string(): "-", pa.bool_(): False, pa.int64(): 0, pa.date32(): date(2026, 1, 1)}
    needed = {c.name: blank.get(schema.field(c.name).type) for c in table.columns if not c.nullable}
    given = [{**needed, **row} for row in rows]
    workspace.write(name, pa.Table.from_pylist(given, schema=schema), workspace.produced("by hand"))


def _groups(workspace: Workspace) -> dict[str, str | None]:
    rows = workspace.query("SELECT g.visit_id, g.dip_group_code FROM dip_groupings AS g").read_all().to_pylist()
    return {row["visit_id"]: row["dip_group_code"] for row in rows}


def test_each_stay_by_the_pack_of_its_discharge(workspace: Workspace, choice: Choice) -> None:
    group_year(workspace, choice, 2026)
    group_year(workspace, choice, 2027)
    assert _groups(workspace) == EXPECTED


def test_the_table_keeps_the_pack_and_the_trace(workspace: Workspace, choice: Choice, second: Grouper) -> None:
    group_year(workspace, choice, 2026)
    row = workspace.row("dip_groupings", ["A1"])
    assert row is not None
    assert row["pack_version"] == second.pack.version[:12]
    assert row["base_score"] == 1_020_000_000
    assert str(row["grouping_trace"]).startswith("core@K35.3=47.0100+54.5101")


def test_again_changes_nothing(workspace: Workspace, choice: Choice) -> None:
    before = group_year(workspace, choice, 2027)
    assert group_year(workspace, choice, 2027).version == before.version


def test_one_stay_is_explained(workspace: Workspace, choice: Choice) -> None:
    lines = list(explain_visit(workspace, choice, "A4"))
    assert lines[0] == "病例 A4　分组方案：示例分组方案（DIP 3.0）"
    assert "结果：BX-6 示例：阑尾切除加粘连松解，并项，相关手术，分值 960" in lines
    with pytest.raises(UserError, match="没有就诊ID为“B9”"):
        list(explain_visit(workspace, choice, "B9"))


def test_a_day_without_a_pack_stops_the_year(workspace: Workspace, third: Grouper, second: Grouper) -> None:
    with pytest.raises(UserError, match="没有这一天有效的分组方案"):
        group_year(workspace, Choice((third,), "cn-9904"), 2026)
    with pytest.raises(UserError, match="没有出院的住院"):
        group_year(workspace, Choice((second,), "cn-9904"), 2015)


@pytest.mark.xdist_group("spark")
@pytest.mark.skipif(bool(ABSENT), reason=f"engine parity is not tested here: no {' and no '.join(ABSENT)}")
def test_a_year_without_stays_writes_nothing(workspace: Workspace, choice: Choice) -> None:
    before = workspace.manifest("dip_groupings")
    with pytest.raises(UserError, match="2019 年没有出院的住院"):
        group_year(workspace, choice, 2019)
    assert workspace.manifest("dip_groupings") == before


def test_both_engines_group_alike(workspace: Workspace, choice: Choice) -> None:
    ours = group_year(workspace, choice, 2026).content
    with Workspace.open(Path(workspace.path), engine="spark") as theirs:
        assert group_year(theirs, choice, 2026).content == ours

"""清单质控: each rule finds its fault and leaves its near miss."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.dip.watch.making import Stay, at_noon, made
from yibao.dip.watch.first_pass.run import FirstPass, first_pass, load_rules
from yibao.dip.watch.stays import read_stays
from yibao.dip.watch.year import watch_year
from yibao.region.packs import region

BASE = Stay("1", "A")
FEES = {"visit_id": "1", "provider_code": "A", "charge_category": "01", "line_amount": 100_000}
Given = dict[str, list[dict[str, Any]]]


def ran(folder: Path, stays: list[Stay], **tables: Any) -> FirstPass:
    with made(folder, stays, **tables) as workspace:
        return first_pass(workspace, read_stays(workspace, 2025), 2025)


def lines(*more: dict[str, Any]) -> Given:
    return {"fee_lines": [{**FEES, "fee_line_no": str(i), **line} for i, line in enumerate(({}, *more))]}


def operated(day: datetime | None) -> Given:
    return {"visit_operations": [{"visit_id": "1", "sequence_no": 1, "operation_code": "47.0100", "operation_role": "main", "operation_time": day}]}  # fmt: skip


def intensive(start: datetime) -> Given:
    return {"icu_stays": [{"visit_id": "1", "icu_in_time": start}]}


INSIDE, OUTSIDE = at_noon(BASE.admitted), datetime(2025, 1, 2)
ADULT, BABY = replace(BASE, age=40), replace(BASE, age=0)
#: rule → a stay (and tables) at fault, and one that is not
CASES: dict[str, tuple[tuple[Stay, Given], tuple[Stay, Given]]] = {
    "no_principal": ((replace(BASE, dx="", others=("I10.x00",)), {}), (BASE, {})),
    "sex_contradicts": ((replace(BASE, dx="O80.000", sex="1"), {}), (replace(BASE, dx="O80.000", sex="2"), {})),
    "newborn_contradicts": ((replace(ADULT, dx="P22.000"), {}), (replace(BABY, dx="P22.000"), {})),
    "born_after_admission": ((replace(BASE, age=-1), {}), (BABY, {})),
    "birth_weight_missing": ((replace(BABY, dx="J18.900", others=("P07.100",)), {}), (replace(BABY, others=("P07.100",), weight=1400), {})),
    "diagnosis_repeated": ((replace(BASE, others=("I10.x00", "I10.x00")), {}), (replace(BASE, others=("I10.x00", "I11.900")), {})),
    "operation_uncoded": ((BASE, lines({"charge_category": "06", "line_amount": 5})), (replace(BASE, op="47.0100"), lines({"charge_category": "06", "line_amount": 5}))),
    "operation_unbilled": ((replace(BASE, op="47.0100"), lines()), (replace(BASE, op="47.0100"), lines({"charge_category": "05", "line_amount": 5}))),
    "operation_outside": ((BASE, operated(OUTSIDE)), (BASE, operated(INSIDE))),
    "intensive_outside": ((BASE, intensive(OUTSIDE)), (BASE, intensive(INSIDE))),
    "lines_differ": ((BASE, lines({"line_amount": 1})), (BASE, lines())),
    "main_operation_excluded": ((replace(BASE, flags="MAIN_PROC_EXCLUDED"), {}), (replace(BASE, flags="REPAIRED_CODE"), {})),
    "main_operation_missing": ((replace(BASE, flags="KIND_UNKNOWN MAIN_PROC_MISSING"), {}), (BASE, {})),
    "ventilation_contradicts": ((replace(BASE, flags="VENT_CONTRADICTS"), {}), (BASE, {})),
    "code_unmapped": ((replace(BASE, flags="UNKNOWN_CODE"), {}), (replace(BASE, flags="REPAIRED_CODE"), {})),
    "not_groupable": ((replace(BASE, group="", flags="NOT_GROUPABLE"), {}), (replace(BASE, group="", flags="UNGROUPED"), {})),
    "input_missing": ((replace(BASE, flags="MISSING_INPUT"), {}), (BASE, {})),
}  # fmt: skip


@pytest.mark.parametrize("rule", CASES)
def test_a_fault_and_its_near_miss(tmp_path: Path, rule: str) -> None:
    fault, near = CASES[rule]
    found = ran(tmp_path / "fault", [fault[0]], **fault[1])
    assert found.by_rule().get(rule) == 1
    assert found.failed() == 1
    good = ran(tmp_path / "near", [near[0]], **near[1])
    assert rule in {r.id for r in good.run}
    assert rule not in good.by_rule()


def test_a_stay_that_nobody_settled(tmp_path: Path) -> None:
    bills = [{"settlement_id": "S1", "visit_id": "1", "is_valid": True, "total_fee": 1}]
    found = ran(tmp_path / "w", [BASE, replace(BASE, id="2")], settlements=bills)
    assert [(f.rule.id, f.visit_id) for f in found.faults] == [("no_settlement", "2")]
    assert (found.stays, found.failed("A")) == ({"A": 2}, 1)


def test_every_rule_is_tried_here() -> None:
    assert {rule.id for rule in load_rules()} == {*CASES, "no_settlement"}


def test_what_has_no_rows_is_not_run(tmp_path: Path) -> None:
    """Never a pass: without fee lines and own groups the rules that need them are told."""
    found = ran(tmp_path / "w", [replace(BASE, group=None)])
    left = {rule.id: missing for rule, missing in found.not_run}
    assert left["lines_differ"] == ("费用明细",)
    assert left["code_unmapped"] == ("DIP分组（自算）",)
    assert len(found.run) + len(found.not_run) == len(load_rules())
    assert found.failed() == 0


def test_faults_are_handed_over_as_a_table(tmp_path: Path) -> None:
    asked = "SELECT f.list_rule, f.list_rule_name, f.visit_id, f.provider_code, f.list_fault_told FROM dip_list_faults AS f WHERE f.service_year = 2025"  # fmt: skip
    stays = [replace(BASE, others=("I10.x00", "I10.x00")), replace(BASE, id="2")]
    with made(tmp_path / "w", stays) as workspace:
        watch_year(workspace, region("cn-9904"), 2025)
        [row] = workspace.query(asked).read_all().to_pylist()
    assert tuple(row.values()) == ("diagnosis_repeated", "同一诊断写了几次", BASE.id, BASE.hospital, "I10.x00 2 次")

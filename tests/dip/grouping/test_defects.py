"""Defects of other engines (guide dip §11), kept as tests."""

from __future__ import annotations

from pathlib import Path

from tests.dip.making import case, group, made, made_with, row
from yibao.dip.grouping.group import Grouper
from yibao.dip.pack import Condition


def test_the_largest_set_wins_whatever_stands_first_in_the_table(tmp_path: Path) -> None:
    rows = [
        row("FZ-1", "FZ", "Z51.1", "99.2503", other_dx="C00-C75"),
        row("FZ-2", "FZ", "Z51.1", "99.2503+99.2800x005+99.2800x006", other_dx="C00-C75"),
        row("FZ-3", "FZ", "Z51.1", "99.2503+99.2800x005", other_dx="C00-C75"),
    ]
    grouper = Grouper(made(tmp_path, "3.0", rows))
    assert group(grouper, "Z51.101", "99.2800x006", "99.2503 99.2800x005", "C34.901") == "FZ-2"


def test_an_age_among_the_operations_is_a_condition(tmp_path: Path) -> None:
    rows = [row("XQ-1", "XQ", "P07", "<29天", condition="weight=0-999")]
    pack, done = made_with(tmp_path, "3.0", rows)
    assert pack.rows[0].condition == Condition(any_diagnosis=True, age_below=29, weight=(0, 999))
    assert not pack.rows[0].operations
    assert [repair.reason for repair in done.repairs] == ["“<29天”是天龄，读作条件"]


def test_headings_inside_the_data_are_no_group(tmp_path: Path) -> None:
    rows = [row("JC-1", "JC", "D34"), row("seq", "layer", "principal_dx", "proc_expr"), row("JC-2", "JC", "D45")]
    pack, done = made_with(tmp_path, "3.0", rows)
    assert [r.group for r in pack.rows] == ["JC-1", "JC-2"]
    assert [(fault.row, fault.reason) for fault in done.faults] == [(3, "夹在数据中的表头")]


def test_low_birth_weight_may_stand_among_the_other_diagnoses(third: Grouper) -> None:
    assert group(third, "J18.900", others="P07.001", age_day=3, birth_weight_g=900) == "XQ-3"


def test_the_day_of_birth_is_an_age(third: Grouper) -> None:
    assert group(third, "P07.001", age_day=0, birth_weight_g=900) == "XQ-3"


def test_a_missing_weight_is_told_and_matches_nothing(third: Grouper) -> None:
    found = third.group(case("P07.001", age_day=0))
    assert found.group is None
    assert "MISSING_INPUT" in found.flags


def test_a_missing_weight_is_told_whichever_group_the_newborn_is_in(national: Grouper) -> None:
    for said in (("P07.100", "96.7201"), ("J96.000", "96.7201", "", "P07.100")):
        found = national.group(case(*said, age_day=3))
        assert (found.group, found.flags) == ("XQ-14", ("MISSING_INPUT",))
    assert national.group(case("P07.100", "96.7201", age_day=3, birth_weight_g=900)).flags == ()
    assert national.group(case("P07.100", age_day=40)).flags == ("MISSING_INPUT", "UNGROUPED")


def test_a_weight_of_nothing_is_a_missing_one(third: Grouper) -> None:
    found = third.group(case("P07.100", age_day=3, birth_weight_g=0))
    assert (found.group, "MISSING_INPUT" in found.flags) == (None, True)


def test_the_main_operation_is_required_where_the_row_is_silent(third: Grouper) -> None:
    assert group(third, "J18.900", "33.5100") == "XQ-1"
    assert group(third, "J18.900", "96.0400", "33.5100") != "XQ-1"
    assert group(third, "J18.900", "96.0400", "39.6500") == "XQ-2"


def test_excluded_diagnoses_match_exactly(third: Grouper) -> None:
    assert third.group(case("K80.100")).flags == ("NOT_GROUPABLE",)
    assert group(third, "K80.100x001") == "JC-17"


def test_a_prefix_excludes_where_the_pack_says_so(tmp_path: Path) -> None:
    rows = [row("JC-1", "JC", "K80.1")]
    pack = made(tmp_path, "3.0", rows, "excluded_dx_match: prefix", excluded_diagnoses="code\nK80.100\n")
    assert Grouper(pack).group(case("K80.100x001")).flags == ("NOT_GROUPABLE",)


def test_rules_are_never_run(tmp_path: Path) -> None:
    rows = [row("JC-1", "JC", "D34"), row("JC-2", "JC", "D35.0", "__import__('os')"), row("JC-3", "JC", "D45", condition="age_day<29 or True")]  # fmt: skip
    pack, done = made_with(tmp_path, "3.0", rows)
    assert [r.group for r in pack.rows] == ["JC-1", "JC-3"]
    assert pack.rows[1].condition == Condition()
    assert len(done.faults) == 1

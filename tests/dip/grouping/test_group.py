"""The layers and what decides between rows, on the packs that ship and on small ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dip.making import case, group, made, row
from yibao.dip.grouping.group import Grouper
from yibao.dip.grouping.what_if import what_if

KINDS = "code\tkind\tlevel\n47.0100\t相关手术\t三级\n54.5101\t相关手术\t四级\n96.0400\t治疗性操作\t\n33.2402\t诊断性操作\t\n99.1500\t保守治疗\t\n45.2302\t诊断性操作\t\n"


# 3.0


def test_a_related_row_wins_with_a_hit_and_is_closed_without(third: Grouper) -> None:
    assert group(third, "K35.300", "47.0100", "54.5101") == "BX-6"
    assert group(third, "K35.300", "47.0100") == "BX-5"
    assert group(third, "K35.300", "47.0901", "54.5101") == "BX-5"


def test_an_unmatched_operation_bars_the_row_without_operations(third: Grouper) -> None:
    assert group(third, "J18.900") == "JC-15"
    found = third.group(case("J18.900", "33.2402"))
    assert found.group == "ZH-21"  # 综合, by the kind of the main operation
    assert any(miss.why == "OPERATIONS_PRESENT" and miss.row.group == "JC-15" for miss in found.decision.misses)


def test_an_operation_that_counts_as_conservative_does_not_bar_it(third: Grouper) -> None:
    assert group(third, "J18.900", "99.1500") == "JC-15"
    assert "MAIN_PROC_EXCLUDED" in third.group(case("J18.900", "99.1500")).flags


def test_an_operation_that_may_not_lead_gives_way_to_the_next(third: Grouper) -> None:
    assert group(third, "K35.300", "88.7200", "47.0100") == "BX-5"
    assert group(third, "J18.900", "88.7200") == "JC-15"


def test_a_main_operation_within_a_range_of_diagnoses(third: Grouper) -> None:
    assert group(third, "J18.900", "33.2402") == "ZH-21"
    assert group(third, "I10.x00", "33.2402") == "JC-16"  # outside J00-J99 it may not lead


def test_burns_without_a_fitting_operation_go_to_the_row_without(third: Grouper) -> None:
    assert group(third, "T20.200", "45.2302", "", "T31.000") == "FZ-8"
    assert group(third, "T21.200", "86.2201", "", "T31.000") == "FZ-9"


def test_resistance_comes_from_the_list(third: Grouper) -> None:
    assert group(third, "A15.000", others="U84.300") == "FZ-13"
    assert group(third, "A15.000") == "FZ-14"


def test_a_category_without_its_kind_goes_to_its_conservative_group(third: Grouper) -> None:
    assert group(third, "K80.200", "96.0400") == "ZH-19"
    assert group(third, "K80.200", "51.2200") == "ZH-20"


def test_nothing_is_grouped_on_a_code_that_cannot_be_read(third: Grouper) -> None:
    assert third.group(case("K99")).flags == ("UNGROUPED", "AMBIGUOUS_CODE")
    found = third.group(case("J18.900", "手术"))
    assert found.group is None
    assert "UNKNOWN_CODE" in found.flags
    assert third.group(case("")).flags == ("MISSING_INPUT", "UNGROUPED")


@pytest.mark.parametrize("nothing", [" ", "-", "——", "／", "无", "\t"])
def test_what_stands_for_no_operation_is_none(third: Grouper, nothing: str) -> None:
    found = third.group(case("J18.900", nothing, nothing))
    assert (found.group, found.flags) == ((whole := third.group(case("J18.900"))).group, whole.flags)
    assert third.group(case(nothing)).flags == third.group(case("")).flags


def test_no_other_operation_leads_where_the_main_one_cannot_be_read(national: Grouper) -> None:
    found = national.group(case("A40.900", "34.O401", "33.2402"))
    assert (found.group, set(found.flags)) == (None, {"UNGROUPED", "UNKNOWN_CODE"})
    assert national.group(case("J96.000", "34.O401", "96.7201")).group == "XQ-14"  # it need not lead


def test_hours_of_ventilation_that_contradict_the_operation_are_told(third: Grouper) -> None:
    assert "VENT_CONTRADICTS" in third.group(case("J18.900", "96.7201", vent_hours=95)).flags
    assert "VENT_CONTRADICTS" not in third.group(case("J18.900", "96.7201", vent_hours=96)).flags
    assert "VENT_CONTRADICTS" in third.group(case("J18.900", "96.7101", vent_hours=96)).flags


# 1.0, 2.0


def test_sets_of_operations_whichever_leads(second: Grouper) -> None:
    assert group(second, "K35.300", "54.5101", "47.0100") == "H002"
    assert group(second, "K35.300", "47.0100", "54.5101") == "H002"
    assert group(second, "K35.300", "47.0100") == "H001"


def test_an_operation_of_the_category_goes_before_the_conservative_core_group(second: Grouper) -> None:
    assert group(second, "K80.100", "51.2200") == "Z001"
    assert group(second, "J18.900", "96.0400") == "Z003"
    assert group(second, "J18.900", "33.2402") == "H005"


def test_conservative_operations_count_as_none(second: Grouper) -> None:
    assert group(second, "K35.300", "99.1500") == "H003"


def test_an_operation_without_a_kind_is_flagged(second: Grouper) -> None:
    found = second.group(case("K35.300", "45.1300"))
    assert found.group == "H003"  # counts as conservative, as in eight cities
    assert "KIND_UNKNOWN" in found.flags


def test_the_placeholder_of_an_old_catalogue(second: Grouper) -> None:
    assert group(second, "I10.x00") == "H007"


def test_a_full_code_beats_a_prefix(first: Grouper) -> None:
    assert group(first, "K35.300", "47.0100") == "A002"
    assert group(first, "K35.300", "47.0900x001") == "A001"


def test_ranges_by_kind_and_level_then_the_last_groups(first: Grouper) -> None:
    assert group(first, "K80.100", "51.2300") == "Q001"
    assert group(first, "K36.x00", "47.0901") == "Q002"
    assert group(first, "J40.x00") == "Q003"
    assert group(first, "K80.100", "96.0400") == "B001"
    assert group(first, "Z00.000") == "B002"


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("tie_order: [closest_cost, table_order]", "C2"),
        ("tie_order: [max_score, table_order]", "C1"),
        ("tie_order: [table_order]", "C1"),
    ],
)
def test_what_decides_between_equals_is_declared(tmp_path: Path, settings: str, expected: str) -> None:
    rows = [
        row("C1", "core", "K35.3", "47.0100", score="900", mean_cost="9000"),
        row("C2", "core", "K35.3", "54.5101", score="500", mean_cost="5000"),
    ]
    choose = "\nlayers: {core: {main: free, no_operation: conservative, choose: [exact, matched, tie]}}"
    grouper = Grouper(made(tmp_path, "2.0", rows, settings + choose, kinds=KINDS))
    assert group(grouper, "K35.300", "47.0100", "54.5101", cost=5200) == expected


def test_a_tie_by_the_order_of_the_table_is_flagged(tmp_path: Path) -> None:
    rows = [row("JC-1", "JC", "D34|D45", "06.1101"), row("JC-2", "JC", "D34", "06.1101|06.2x01")]
    assert "TIE_TABLE_ORDER" in Grouper(made(tmp_path, "3.0", rows)).group(case("D34.x00", "06.1101")).flags


def test_a_city_may_put_all_core_groups_first(tmp_path: Path) -> None:
    rows = [
        row("C1", "core", "J18.9"),
        row("Z1", "comprehensive", "J18", kind="治疗性操作"),
    ]
    order = "order: [core, primary, comprehensive]\nlayers: {core: {main: free, no_operation: always, choose: [tie]}}"
    grouper = Grouper(made(tmp_path, "2.0", rows, order, kinds=KINDS))
    assert group(grouper, "J18.900", "96.0400") == "C1"


def test_a_city_may_let_surgery_that_core_leaves_unused_lead(tmp_path: Path) -> None:
    rows = [
        row("C1", "core", "K35.3", "47.0100"),
        row("Z1", "comprehensive", "K35", kind="相关手术"),
    ]
    plain = Grouper(made(tmp_path, "2.0", rows, kinds=KINDS))
    assert group(plain, "K35.300", "47.0100", "54.5101") == "C1"
    left_over = Grouper(made(tmp_path, "2.0", rows, "surgery_left_over: comprehensive", kinds=KINDS))
    assert group(left_over, "K35.300", "47.0100", "54.5101") == "Z1"
    assert group(left_over, "K35.300", "47.0100") == "C1"


def test_the_next_operation_in_order_may_lead(tmp_path: Path) -> None:
    rows = [row("JC-1", "JC", "D34", "06.1101"), row("JC-2", "JC", "D34", "06.2x01")]
    excluded = "code\trule\tdx_range\n99.1500\t按保守治疗入组\t\n"
    grouper = Grouper(made(tmp_path, "3.0", rows, "next_main: in_order", excluded_procedures=excluded))
    assert group(grouper, "D34.x00", "99.1500", "06.2x01 06.1101") == "JC-2"
    assert group(grouper, "D34.x00", "99.1500", "06.1101 06.2x01") == "JC-1"


def test_packs_side_by_side_do_not_touch_each_other(second: Grouper, third: Grouper) -> None:
    stay = case("K35.300", "47.0100", "54.5101")
    before = (second.group(stay).group, third.group(stay).group)
    assert before == ("H002", "BX-6")
    assert (third.group(stay).group, second.group(stay).group) == before[::-1]


def test_what_if_names_the_single_changes_that_matter(third: Grouper) -> None:
    changes = what_if(third, case("K35.300", "47.0100", "54.5101", "I10.x00 E11.900"))
    assert [(change.how, change.code, change.found.group) for change in changes] == [
        ("without", "47.0100", None),
        ("without", "54.5101", "BX-5"),
        ("as_main_diagnosis", "I10.x00", None),
        ("as_main_diagnosis", "E11.900", None),
        ("as_main_operation", "54.5101", None),
    ]


def test_what_closes_the_rows_without_operations(third: Grouper) -> None:
    assert group(third, "J18.900", "81.5400") != "JC-15"  # a main operation that fits nothing
    assert group(third, "J18.900", "手术") != "JC-15"  # one that cannot be read
    assert group(third, "J18.900", "99.1500", "96.0400") != "JC-15"  # the next one is classed as therapeutic
    assert group(third, "J18.900", "99.1500", "81.5400") == "JC-15"  # nobody knows the next one
    assert group(third, "J18.900", "", "81.5400") == "JC-15"


def test_the_diagnosis_that_makes_a_newborn_small_stands_in_the_trace(third: Grouper) -> None:
    anywhere = third.group(case("J18.900", others="P07.001 I10.x00", age_day=3, birth_weight_g=900)).decision
    assert (anywhere.key, anywhere.others) == ("*", ("P07.001",))
    principal = third.group(case("P07.001", age_day=3, birth_weight_g=900)).decision
    assert (principal.key, principal.others) == ("P07", ())


def test_an_operation_without_a_level_is_still_classed(tmp_path: Path) -> None:
    kinds = "code\tkind\tlevel\n47.0100\t相关手术\t3\n99.1500\t保守治疗\t0\n99.1800\t保守治疗\t无\n"
    pack = made(tmp_path, "2.0", [row("H1", "core", "K35.3")], kinds=kinds)
    assert pack.kinds["99.1500"] == pack.kinds["99.1800"] == (0, 0)

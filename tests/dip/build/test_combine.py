"""Which combinations stand alone, and where the others go: every counted stay is in one group, or told."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dip.build.making import built, by_code, counted, known, stay, terms
from tests.dip.making import made as made_pack
from tests.dip.making import row
from yibao.dip.build.combine import combine

STAYS = st.lists(
    st.builds(
        stay,
        st.sampled_from(["K35.300", "K35.200", "I10.x00", "I11.900", "M47.000+G99.2*"]),
        st.integers(100, 90_000),
        st.integers(0, 2),
        st.sampled_from(["", "", "47.0100", "51.2300", "96.0400"]),
        st.sampled_from(["", "54.5101", "88.5500", "88.5500 54.5101"]),
    ),
    min_size=1,
    max_size=60,
)


def test_enough_stays_make_a_core_group_too_few_a_cell() -> None:
    made = built([stay(main="47.0100")] * 3 + [stay(main="51.2300")] + [stay("K35.200", main="96.0400")], threshold=3)
    assert {code: row.layer for code, row in by_code(made).items()} == {"K35.3-47.0100": "core", "K35-ZH3": "comprehensive", "K35-ZH2": "comprehensive"}  # fmt: skip


def test_groups_by_coverage_are_the_most_frequent_ones() -> None:
    rows = [stay("A09.900")] * 6 + [stay("B01.900")] * 3 + [stay("C34.900")]
    made = built(rows, threshold=None, coverage=Decimal("0.9"))
    assert [row.code for row in made.core] == ["A09.9-0", "B01.9-0"]
    assert made.combined.covered == 9


def test_comprehensive_groups_of_the_national_pack_count_for_no_coverage(tmp_path: Path) -> None:
    national = made_pack(tmp_path, "3.0", [row("N1", "comprehensive", "K35", kind="conservative")])
    rows = [stay("K35.300")] * 5 + [stay("A09.900")] * 5
    made = built(rows, known("3.0", national=national), threshold=None, coverage=Decimal("0.5"))
    assert [one.code for one in made.core] == ["A09.9-0"]
    assert made.combined.covered == 5


def test_the_main_operation_is_apart_in_3_0_and_not_before() -> None:
    rows = [stay(main="47.0100", related="51.2300")] * 3 + [stay(main="51.2300", related="47.0100")] * 3
    assert set(by_code(built(rows))) == {"K35.3-47.0100+51.2300"}
    assert set(by_code(built(rows, known("3.0")))) == {"K35.3-47.0100+51.2300", "K35.3-51.2300+47.0100"}


def test_conservative_operations_make_no_combination_where_they_count_as_none() -> None:
    assert set(by_code(built([stay(main="99.9900")] * 2))) == {"K35.3-0"}


def test_placeholder_dagger_and_lost_zeros() -> None:
    rows = [stay("I10.x00")] * 2 + [stay("M47.000+G99.2*")] * 2 + [stay("M47.000")] * 2 + [stay(main="0.24")] * 2
    rows += [stay(main="00.2400")] * 2 + [stay(main="002400")] * 2
    made = by_code(built(rows))
    assert {"I10-0", "M47.0+-0", "M47.0-0"} <= set(made)
    assert made["K35.3-00.2400"].measure.stays == 4  # 0.24 could be several codes: told, not guessed


def test_the_largest_part_is_what_a_related_operation_is_held_against() -> None:
    rows = [stay(cost=100, main="47.0100")] * 2 + [stay(cost=200, main="47.0100", related="54.5101")] * 2
    rows += [stay(cost=210, main="47.0100", related="54.5101 88.5500")] * 2
    made = built(rows)
    assert {one.operations: one.without for one in made.combined.related} == {
        ("47.0100", "54.5101"): ("47.0100",),
        ("47.0100", "54.5101", "88.5500"): ("47.0100", "54.5101"),
    }
    assert by_code(made)["K35.3-47.0100+54.5101"].measure.stays == 4


def test_a_cell_below_its_least_is_dropped_and_told() -> None:
    made = built([stay()] * 5 + [stay("I11.900")], threshold=5, cell_least=2)
    assert [(one.cell.key, one.measure.stays, one.why) for one in made.dropped] == [("I11", 1, "例数少于 2")]


def test_an_uneven_cell_is_dropped_and_told() -> None:
    rows = [stay()] * 9 + [stay("I11.900", 1)] * 3 + [stay("I11.900", 1000)]
    made = built(rows, threshold=5, cell_cv=Decimal("0.7"))
    assert [(one.cell.key, one.why) for one in made.dropped] == [("I11", "变异系数高于 0.7")]


@given(STAYS)
@settings(max_examples=60, deadline=None)
def test_every_counted_stay_is_in_exactly_one_cell(rows: list[dict[str, object]]) -> None:
    made = built(rows, cell_least=2)
    counted_once = sum(row.measure.stays for row in made.rows) + sum(one.measure.stays for one in made.dropped)
    assert counted_once == len(made.stays)
    assert int(made.stays.reasons.sum()) == len(rows)


@given(STAYS, st.integers(1, 8))
@settings(max_examples=40, deadline=None)
def test_a_higher_threshold_never_makes_more_core_groups(rows: list[dict[str, object]], threshold: int) -> None:
    found = counted(rows)
    if len(found):
        low, high = (combine(found, terms(threshold=n), False) for n in (threshold, threshold + 1))
        assert set(high.core) <= set(low.core)
        assert high.covered <= low.covered


@given(STAYS, st.decimals("0.05", 1, places=2))
@settings(max_examples=40, deadline=None)
def test_coverage_is_reached_and_by_no_group_too_many(rows: list[dict[str, object]], coverage: Decimal) -> None:
    found = counted(rows)
    if len(found):
        done = combine(found, terms(threshold=None, coverage=coverage), False)
        assert done.covered >= coverage * len(found)
        sizes = [int((done.group == i).sum()) for i in range(len(done.core))]
        assert done.covered - min(sizes) < coverage * len(found)

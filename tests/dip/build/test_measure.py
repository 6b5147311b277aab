"""Means, CV and trimming: exact, and the same whatever the order of the stays."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dip.build.making import built, by_code, counted, stay
from yibao.dip.build.clean import Reason
from yibao.dip.build.sums import squares, totals


def test_trimming_leaves_out_the_ends_and_keeps_the_number() -> None:
    rows = [stay(cost=cost) for cost in range(1, 101)]
    row = by_code(built(rows, trim=(Decimal("0.025"), Decimal("0.975"))))["K35.3-0"]
    assert (row.measure.stays, row.measure.trimmed) == (100, 4)
    assert row.mean == Fraction(sum(range(3, 99)), 96) * 100


def test_equal_costs_at_the_edge_stay_together() -> None:
    rows = [stay(cost=5)] * 50 + [stay(cost=9)] * 50
    row = by_code(built(rows, trim=(Decimal("0.025"), Decimal("0.975"))))["K35.3-0"]
    assert row.measure.trimmed == 0


def test_all_the_same_cost_has_no_variation() -> None:
    assert by_code(built([stay()] * 7))["K35.3-0"].measure.cv == 0


def test_one_stay_makes_a_catalogue() -> None:
    made = built([stay(cost=123.45)], threshold=1)
    assert [(row.code, row.score, row.mean) for row in made.rows] == [("K35.3-0", Decimal("1000.0000"), 12_345)]


def test_costs_too_large_for_a_square_of_64_bits() -> None:
    row = by_code(built([stay(cost=40_000_000), stay(cost=120_000_000)]))["K35.3-0"]
    assert row.measure.cv == Decimal("0.5")


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2**53)), max_size=50))
def test_sums_lose_nothing(pairs: list[tuple[int, int]]) -> None:
    cells, values = (np.array([pair[i] for pair in pairs], np.int64) for i in (0, 1))
    expected = [sum(v for c, v in pairs if c == cell) for cell in range(4)]
    assert totals(cells, values, 4).tolist() == expected
    assert squares(cells, values, 4) == [sum(v * v for c, v in pairs if c == cell) for cell in range(4)]


@given(st.permutations(range(12)))
@settings(max_examples=30, deadline=None)
def test_the_order_of_the_stays_changes_nothing(order: list[int]) -> None:
    rows = [stay("K35.300" if i % 3 else "I10.x00", 100 * i + 7, i % 3, "47.0100" if i % 2 else "", "54.5101" if i % 4 else "") for i in range(12)]  # fmt: skip
    one, other = built(rows), built([rows[i] for i in order])
    assert (one.rows, one.dropped, one.coefficients, one.combined.related) == (other.rows, other.dropped, other.coefficients, other.combined.related)  # fmt: skip


def test_what_is_left_out_has_one_reason_each() -> None:
    rows = [
        stay(), stay(""), stay(None), stay("K35"), stay("Q1"), stay(cost=0), stay(cost=-3), stay(is_dip=False), stay(los_days=400), stay(main="6.31"),
        stay("K35.300", 0, is_dip=False),
    ]  # fmt: skip
    reasons = {Reason(i): int(n) for i, n in enumerate(counted(rows).reasons.sum(axis=0)) if n}
    assert reasons == {
        Reason.COUNTED: 1, Reason.NO_DIAGNOSIS: 2, Reason.UNREAD_DIAGNOSIS: 2, Reason.NO_COST: 2, Reason.OTHER_HOSPITAL: 2, Reason.TOO_LONG: 1,
        Reason.UNREAD_OPERATION: 1,
    }  # fmt: skip


def test_all_hospitals_where_the_region_says_so() -> None:
    assert len(counted([stay(is_dip=False)], every=True)) == 1
    assert len(counted([stay(is_dip=False)])) == 0


def test_drugs_and_material_where_the_fee_lines_are_known() -> None:
    rows = [stay(drug=60_000, material=10_000), stay(drug=20_000, material=0), stay("I10.x00", drug=20_000, material=2_000), stay("I10.x00")]  # fmt: skip
    made = built(rows)
    row, other = by_code(made)["K35.3-0"], by_code(made)["I10-0"]
    assert (row.mean_drug, row.mean_material, row.with_lines) == (40_000, 5_000, 2)
    assert (other.mean_drug, other.with_lines) == (20_000, 1)
    assert made.region.drug == Fraction(100_000, 3)
    assert row.mean_los == 5

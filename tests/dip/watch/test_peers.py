"""Observed against expected, by hand; who is a peer and who is ranked."""

from __future__ import annotations

from math import sqrt

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from yibao.dip.watch.peers import cells, ranks, standing


def ints(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


def floats(*values: float) -> np.ndarray:
    return np.array(values, np.float64)


def test_one_stratum_by_hand() -> None:
    """Hospital 0 has 2 of 2, its peers 1 of 4: expected 2 × 1 ÷ 4, variance 2 × ½ × ½ × (1 + 2 ÷ 4)."""
    made, own = cells(ints(0, 0, 1, 1, 1, 2), ints(2, 2, 2, 2, 2, 2), ints(0, 0, 0, 0, 0, 0), floats(1, 1, 1, 0, 0, 0))
    at = standing(made, made.hospital, 3)
    assert own.tolist() == [0, 0, 1, 1, 1, 2]
    assert at.observed.tolist() == [2, 1, 0]
    assert at.expected[0] == 0.5
    assert abs(at.z[0] - 1.5 / sqrt(2 * 0.25 * 1.5)) < 1e-12
    assert at.only_level.all()
    assert standing(made, made.hospital, 3, -1).z[0] == -at.z[0]


def test_case_mix_is_taken_out() -> None:
    """Both treat stratum 0 always and stratum 1 never, in other proportions: nobody stands out."""
    hospital, stratum = ints(0, 0, 0, 0, 1, 1, 1, 1), ints(0, 0, 0, 1, 0, 1, 1, 1)
    made, _ = cells(hospital, ints(*[2] * 8), stratum, (stratum == 0).astype(float))
    at = standing(made, made.hospital, 2)
    assert at.observed.tolist() == at.expected.tolist() == [3, 1]


def test_peers_are_of_the_level_where_there_are_any() -> None:
    """The third hospital is alone at its level: it is compared with everybody, and that is said."""
    made, _ = cells(ints(0, 1, 2), ints(2, 2, 3), ints(0, 0, 0), floats(1, 0, 5))
    at = standing(made, made.hospital, 3)
    assert at.expected.tolist() == [0, 1, 0.5]
    assert at.only_level.tolist() == [True, True, False]


def test_a_case_that_nobody_else_has_is_not_compared() -> None:
    made, own = cells(ints(0, 0, 1), ints(2, 2, 2), ints(0, 1, 1), floats(9, 1, 1))
    at = standing(made, made.hospital, 2)
    assert own.tolist() == [0, 1, 2]
    assert at.compared.tolist() == [1, 1]
    assert np.isnan(at.z).all()  # 1 and 1: nothing varies


def test_stays_outside_take_no_part() -> None:
    made, own = cells(ints(0, 1), ints(2, 2), ints(-1, -1), floats(1, 2))
    assert len(made.count) == 0
    assert own.tolist() == [-1, -1]


def test_ranks_are_within_a_level_among_those_with_enough() -> None:
    place, of = ranks(floats(1, 3, 2, np.nan, 9), ints(2, 2, 2, 2, 3), np.array([True, True, False, True, True]))
    assert place.tolist() == [2, 1, 0, 0, 1]
    assert of.tolist() == [2, 2, 2, 2, 1]


ROWS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3), st.integers(0, 5).map(float)), min_size=2, max_size=60)


@given(ROWS, st.randoms())
def test_the_order_of_stays_does_not_matter(rows: list[tuple[int, int, float]], random: object) -> None:
    def z_of(some: list[tuple[int, int, float]]) -> np.ndarray:
        h, s, v = (np.array(c) for c in zip(*some, strict=True))
        made, _ = cells(h.astype(np.int64), np.full(len(h), 2), s.astype(np.int64), v.astype(np.float64))
        return standing(made, made.hospital, 5).z

    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert np.array_equal(z_of(rows), z_of(shuffled), equal_nan=True)

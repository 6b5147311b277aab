"""Parts that add up, whatever the numbers; and each part alone where only one thing changed."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from yibao.dip.watch.decomposition import PARTS, Cell, Totals, change, exact_parts, whole_parts
from yibao.dip.watch.year_on_year import explained

Cells = dict[Cell, Totals]
CELLS = st.dictionaries(
    st.tuples(st.sampled_from("ABCDE"), st.sampled_from("uvwxyz")),
    st.tuples(st.integers(1, 500), st.integers(0, 10_000_000)),
    min_size=1,
)


def mean(cells: Cells) -> Fraction:
    return Fraction(sum(t for _, t in cells.values()), sum(n for n, _ in cells.values()))


def only(before: Cells, after: Cells) -> set[str]:
    """The parts that are not zero."""
    return {name for name, part in exact_parts(before, after).items() if part}


@given(CELLS, CELLS)
def test_the_parts_add_up_to_the_difference(before: Cells, after: Cells) -> None:
    assert sum(exact_parts(before, after).values()) == mean(after) - mean(before)
    found = change(before, after)
    assert found is not None
    assert sum(found.parts.values()) == found.difference == found.after - found.before


@given(CELLS, CELLS)
def test_a_whole_part_is_its_exact_part_rounded(before: Cells, after: Cells) -> None:
    found, exact = change(before, after), exact_parts(before, after)
    assert found is not None
    assert all(abs(found.parts[name] - exact[name]) < 2 for name in PARTS)


@given(CELLS, st.integers(-50, 50))
def test_the_same_mix_at_other_prices_is_all_price(before: Cells, more: int) -> None:
    after = {cell: (n, t + n * more) for cell, (n, t) in before.items()}
    assert exact_parts(before, after)["price"] == more
    assert only(before, after) <= {"price"}


@given(CELLS, st.lists(st.integers(1, 500), min_size=30, max_size=30))
def test_the_same_prices_in_another_mix_is_all_mix(before: Cells, counts: list[int]) -> None:
    """Laspeyres: with each cell's mean unchanged the fixed-weight comparison does not move."""
    priced = {cell: (n, n * (t % 1000)) for cell, (n, t) in before.items()}
    after = {c: (k, k * (t // n)) for (c, (n, t)), k in zip(priced.items(), counts, strict=False)}
    assert only(priced, after) <= {"mix"}


def test_26_hospitals_join() -> None:
    """Cheap hospitals join while the old ones grow dearer: the plain mean falls, like for like rises."""
    before: Cells = {("H1", "x"): (100, 600_000_00)}
    after: Cells = {("H1", "x"): (100, 630_000_00)} | {(f"T{i}", "x"): (10, 20_000_00) for i in range(26)}
    found = change(before, after)
    assert found is not None
    assert (found.before, found.after, found.difference) == (600_000, 319_444, -280_556)
    assert found.parts == {"price": 30_000, "mix": 0, "new": 0, "gone": 0, "joined": -310_556, "left": 0}
    assert (found.hospitals, found.like_for_like) == ((1, 26, 0), 30_000)
    said = explained(found, 2025)
    assert "减少2,805.56元" in said
    assert "新加入的机构（26家）-3,105.56元" in said
    assert "同院同病种比较（1家机构，上年结构）为增加300.00元" in said


def test_by_hand() -> None:
    before: Cells = {("A", "u"): (1, 100), ("A", "v"): (3, 900), ("B", "u"): (1, 500)}
    after: Cells = {("A", "u"): (2, 240), ("A", "v"): (2, 640), ("A", "w"): (1, 1000), ("C", "u"): (5, 500)}
    # M0 300, S = {A}: 250; K = {u, v}: 250 and 220; M1(S) 376, M1 238; fixed weights ¼·120 + ¾·320 = 270
    assert exact_parts(before, after) == {"price": 20, "mix": -50, "new": 156, "gone": 0, "joined": -138, "left": -50}
    assert 20 - 50 + 156 - 138 - 50 == 238 - 300


def test_nothing_in_common() -> None:
    assert only({("A", "u"): (1, 5)}, {("B", "u"): (1, 9)}) == {"joined"}
    assert only({("A", "u"): (1, 5)}, {("A", "v"): (1, 9)}) == {"new"}
    assert change({}, {("A", "u"): (1, 1)}) is None
    found = change({("A", "u"): (1, 5)}, {("B", "u"): (1, 9)})
    assert found is not None
    assert "没有相同的机构和病种" in explained(found, 2025)


def test_rounding_is_spread_by_remainders() -> None:
    thirds = dict.fromkeys(PARTS, Fraction(1, 3))
    assert list(whole_parts(thirds, 2).values()) == [1, 1, 0, 0, 0, 0]

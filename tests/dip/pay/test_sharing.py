"""Savings and overspending at three levels, alone and in order: nothing but what the bands say is added, to the fen."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.dip.pay.terms import USUAL, terms
from tests.dip.pay.test_money import BANDS
from yibao.dip.pay.shapes import Sharing, SharingLevel
from yibao.dip.pay.sharing import Cell, added, by_disease, shares, sharing
from yibao.errors import UserError

BOOKED = {("A", "g"): 9_000, ("A", "h"): 3_000, ("B", "g"): 2_000, ("B", ""): 400}
DUE = {("A", "g"): 10_000, ("A", "h"): 2_000, ("B", "g"): 1_000, ("B", ""): 1_000}
LEVELS = ("region", "institution", "disease", "institution_disease")


def level(name: str, bands: tuple[Sharing, ...] = BANDS) -> SharingLevel:
    return SharingLevel(level=name, bands=bands)  # type: ignore[arg-type]


def test_the_region_moves_every_hospital_in_the_same_proportion() -> None:
    """Booked 14,400 of 14,000: r = 1.02857; 0.6 × 400 = 240 by due: 12,000 and 2,000 of 14,000."""
    [share] = shares([level("region")], BOOKED, DUE)
    assert (share.provider, share.group, share.booked, share.due, share.added) == ("", "", 14_400, 14_000, 240)
    assert added([level("region")], BOOKED, DUE) == {"A": 206, "B": 34}  # 205.71 and 34.29


def test_institutions_each_by_their_own() -> None:
    """A: 12,000 of 12,000, nothing; B: 2,400 of 2,000 = 1.2: 0.6 × 0.1 + 0.2 × 0.1 of 2,000."""
    assert added([level("institution")], BOOKED, DUE) == {"A": 0, "B": 160}


def test_a_disease_over_the_region_shares_by_what_it_is_due_in_each_hospital() -> None:
    """g: 11,000 of 11,000; h: 3,000 of 2,000, at most 0.08 × 2,000; none: 400 of 1,000, below 0.8: what was booked."""
    found = {share.group: share.added for share in shares([level("disease")], BOOKED, DUE)}
    assert found == {"": -600, "g": 0, "h": 160}
    assert added([level("disease")], BOOKED, DUE) == {"A": 160, "B": -600}


def test_a_disease_in_each_hospital() -> None:
    """A g: 0.9, half of 1,000 kept; A h: 160; B g: 2.0, 0.08 × 1,000; B none: −600."""
    found = {
        (share.provider, share.group): share.added for share in shares([level("institution_disease")], BOOKED, DUE)
    }
    assert found == {("A", "g"): -500, ("A", "h"): 160, ("B", "g"): 80, ("B", ""): -600}


def test_the_next_level_starts_from_what_the_one_before_left() -> None:
    """Region: A 12,206, B 2,034. Then A: 12,000 of 12,206, half of 206 kept; B: 2,400 of 2,034 = 1.1799: 0.06 + 0.2 × 0.0799 of 2,034."""
    order = [level("region"), level("institution")]
    assert [share.order for share in shares(order, BOOKED, DUE)] == [1, 2, 2]
    assert [(share.provider, share.due, share.added) for share in shares(order, BOOKED, DUE)][1:] == [
        ("A", 12_206, -103),
        ("B", 2_034, 155),
    ]
    assert added(order, BOOKED, DUE) == {"A": 206 - 103, "B": 34 + 155}
    other = added([*reversed(order)], BOOKED, DUE)
    assert other != added(order, BOOKED, DUE)


CELLS = st.dictionaries(
    st.tuples(st.sampled_from("ABCDE"), st.sampled_from(["", "g", "h", "i"])),
    st.tuples(st.integers(0, 10**10), st.integers(0, 10**10)),
    min_size=1,
)
ORDERS = st.permutations(LEVELS).flatmap(lambda order: st.integers(1, 4).map(lambda size: order[:size]))


@given(CELLS, ORDERS)
def test_what_hospitals_get_is_what_the_levels_give(cells: dict[Cell, tuple[int, int]], order: list[str]) -> None:
    booked, due = ({cell: pair[n] for cell, pair in cells.items()} for n in (0, 1))
    levels = [level(name) for name in order]
    found = added(levels, booked, due)
    assert sum(found.values()) == sum(share.added for share in shares(levels, booked, due))
    for provider, amount in found.items():
        mine = sum(of for (name, _), of in due.items() if name == provider)
        assert mine + amount >= 0
        if not mine:
            assert amount == 0


@given(CELLS)
def test_the_region_scales_all_hospitals_equally(cells: dict[Cell, tuple[int, int]]) -> None:
    booked, due = ({cell: pair[n] for cell, pair in cells.items()} for n in (0, 1))
    total, one = sum(due.values()), added([level("region")], booked, due)
    whole = sharing(BANDS, sum(booked.values()), total)
    if total:
        for provider, amount in one.items():
            mine = sum(of for (name, _), of in due.items() if name == provider)
            cells_of = sum(name == provider for name, _ in due)
            assert abs(Fraction(whole * mine, total) - amount) < cells_of + 1
    assert sum(one.values()) == whole


def test_a_table_of_bands_alone_is_that_of_the_institutions() -> None:
    bands = USUAL["dip.sharing"]
    [old] = terms().sharing
    assert (old.level, len(old.bands)) == ("institution", 4)
    assert terms(dip__sharing={"level": "institution", "bands": bands}).sharing == (old,)
    order = terms(dip__sharing=[{"level": "disease", "bands": bands}, {"level": "institution", "bands": bands}]).sharing
    assert [one.level for one in order] == ["disease", "institution"]
    assert (by_disease(order), by_disease((old,))) == (True, False)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ([], "是空的"),
        ([{"level": "region", "bands": []}], "没有最后一段"),
        ([{"level": "town", "bands": USUAL["dip.sharing"]}], "1.level 不在允许的取值之内"),
        ([{"level": "region", "bands": USUAL["dip.sharing"]}] * 2, "同一层级写了两次"),
        ({"level": "region", "bands": [{"below": Decimal("0.9"), "keep": 1}, {"bear": 0}]}, "跨过了 1"),
    ],
)
def test_impossible_levels_are_refused(value: object, said: str) -> None:
    with pytest.raises(UserError, match=said):
        _ = terms(dip__sharing=value).sharing

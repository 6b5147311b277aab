"""Points into money: nothing is lost in sharing out, bands mean what they say, each way of paying on hand-made numbers."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibao.dip.pay.cases import Sums
from yibao.dip.pay.money import beyond_cap, cleared, fen, fund_of, month_payable
from yibao.dip.pay.shapes import Fund, PointValue, Sharing
from yibao.dip.pay.sharing import sharing
from yibao.errors import UserError

FLOATING = PointValue(mode="floating", digits=4)
BANDS = (
    Sharing(below=Decimal("0.8"), keep=Decimal(0)),
    Sharing(below=Decimal(1), inclusive=True, keep=Decimal("0.5")),
    Sharing(below=Decimal("1.1"), inclusive=True, bear=Decimal("0.6")),
    Sharing(below=Decimal("1.2"), bear=Decimal("0.2")),
    Sharing(bear=Decimal(0)),
)


def sums(*stays: tuple[int, int, int]) -> Sums:
    """`stays`: points in 10⁻⁶, cost and booked pay in fen."""
    found = Sums()
    for points, fee, booked in stays:
        found.add({"dip_points": points, "total_fee": fee, "booked_pay": booked})
    return found


STAY = st.tuples(st.integers(1, 10**10), st.integers(1, 10**8), st.floats(0.01, 1)).map(
    lambda s: (s[0], s[1], max(1, int(s[1] * s[2])))
)
HOSPITALS = st.dictionaries(st.sampled_from("ABCDEFG"), st.lists(STAY, min_size=1, max_size=5), min_size=1)


@given(HOSPITALS, st.integers(1, 10**12), st.sampled_from(["ratio", "patient_share"]))
def test_a_floating_value_gives_the_whole_fund_away(
    hospitals: dict[str, list[tuple[int, int, int]]], fund: int, base: str
) -> None:
    of = {name: sums(*stays) for name, stays in hospitals.items()}
    try:
        found = cleared(FLOATING, base, "resident", of, fund, 4)  # type: ignore[arg-type]
    except (UserError, ValueError):  # a ratio of nothing, or nobody is due anything
        return
    assert sum(found.payable.values()) == fund
    assert found.left == 0
    if base == "ratio":
        points = sum(one.dip_points for one in of.values())
        assert all(abs(Fraction(fund * one.dip_points, points) - found.payable[name]) < 1 for name, one in of.items())


@given(HOSPITALS, st.integers(1, 10**7), st.integers(1, 9999))
def test_a_month_is_worth_its_points(hospitals: dict[str, list[tuple[int, int, int]]], value: int, ratio: int) -> None:
    of = {name: sums(*stays) for name, stays in hospitals.items()}
    v, r = Decimal(value) / 10_000, Decimal(ratio) / 10_000
    found = month_payable("ratio", of, v, r)
    exact = sum(one.dip_points for one in of.values()) * v * r / 10_000
    assert abs(sum(found.values()) - exact) <= Decimal("0.5")
    assert found.keys() == of.keys()


def test_the_formula_of_the_settlement_point_value() -> None:
    """F12: (4.5e8 ÷ 0.72) ÷ 5.0e7 = 12.50."""
    of = {
        "A": sums((10**6 * 20_000_000, 100 * 300_000_000, 100 * 216_000_000)),
        "B": sums((10**6 * 30_000_000, 100 * 700_000_000, 100 * 504_000_000)),
    }
    found = cleared(FLOATING, "ratio", "resident", of, 100 * 450_000_000, 4)
    assert (found.ratio, found.value) == (Decimal("0.7200"), Decimal("12.5000"))
    assert found.payable == {"A": 100 * 180_000_000, "B": 100 * 270_000_000}


def test_pay_base_of_the_patients_share() -> None:
    """Guide §15.2: the standard less what the patient bears, floor nothing; 80.627819 points, value 73.6011 and 63.3253."""
    fee, booked = 1_240_227, 765_703
    of = {"A": sums((80_627_819, fee, booked))}
    assert month_payable("patient_share", of, Decimal("73.6011"), Decimal(1)) == {"A": 118_906}
    assert month_payable("patient_share", of, Decimal("63.3253"), Decimal(1)) == {"A": 36_054}
    assert month_payable("patient_share", of, Decimal("1"), Decimal(1)) == {"A": 0}


def test_a_fixed_value_names_what_is_left_of_the_fund() -> None:
    of = {"A": sums((1_000_000_000, 1_000_000, 800_000)), "B": sums((500_000_000, 500_000, 400_000))}
    rule = PointValue(mode="fixed", digits=4, fixed={"resident": Decimal(10)})
    found = cleared(rule, "ratio", "resident", of, 1_500_000, 4)
    assert (found.value, found.payable, found.left) == (10, {"A": 800_000, "B": 400_000}, 300_000)
    with pytest.raises(UserError, match="没有写 employee"):
        cleared(rule, "ratio", "employee", of, 1_500_000, 4)


def test_an_elastic_value_is_part_fixed_part_floating() -> None:
    of = {"A": sums((1_000_000_000, 1_000_000, 800_000))}
    rule = PointValue(mode="elastic", digits=4, fixed={"resident": Decimal(10)}, fixed_share=Decimal("0.7"))
    found = cleared(rule, "ratio", "resident", of, 1_600_000, 4)  # floating: 16,000 / 0.8 / 1000 = 20
    assert found.value == 13
    assert (found.payable, found.left) == ({"A": 1_040_000}, 560_000)


@pytest.mark.parametrize(
    ("booked", "added"),
    [
        (0, -10_000), (7_999, -2_001), (8_000, -1_000), (9_000, -500), (10_000, 0), (10_500, 300), (11_000, 600), (11_500, 700),
        (12_000, 800), (99_000, 800),
    ],
)  # fmt: skip
def test_savings_kept_and_overspending_shared(booked: int, added: int) -> None:
    assert sharing(BANDS, booked, 10_000) == added


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(1, 10**9))
def test_more_booked_never_pays_less_within_a_side(one: int, other: int, due: int) -> None:
    low, high = sorted((one, other))
    if low > due:
        assert sharing(BANDS, low, due) <= sharing(BANDS, high, due)
    assert sharing(BANDS, high, due) <= due


def test_ceilings() -> None:
    assert beyond_cap(1_000, 500, None, None) == 0
    assert beyond_cap(1_000, 500, Decimal("1.5"), None) == 250
    assert beyond_cap(1_000, 500, Decimal("1.5"), 600) == 400
    assert beyond_cap(100, 500, Decimal("1.5"), 600) == 0


def test_funds() -> None:
    grown = Fund(growth={"resident": Decimal("0.03")}, unit=Decimal(10_000))
    assert fund_of(grown, "resident", 123_456_789) == 127_000_000
    assert fund_of(Fund(amounts={"resident": Decimal("1234.56")}), "resident", 0) == 123_456
    with pytest.raises(UserError, match="employee"):
        fund_of(grown, "employee", 1)


def test_half_up_on_both_sides() -> None:
    assert [fen(Fraction(n, 2)) for n in (-3, -1, 1, 3)] == [-2, -1, 1, 2]
    assert fen(Decimal("-0.5")) == -1

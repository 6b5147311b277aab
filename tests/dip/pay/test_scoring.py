"""The points of one stay: the cities of the guide (§8.2), the published numbers (§15.2), and what never may be."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dip.pay.terms import BANDS, terms
from yibao.dip.pay.cases import Sums
from yibao.dip.pay.money import fen, month_payable
from yibao.dip.pay.scoring import Prices, Scorer, Stay, half_up
from yibao.errors import UserError

PRICES = Prices(region_mean=500_000, point_value=Decimal(10))
ONE = Decimal(1)


def stay(**changed: Any) -> Stay:
    usual = {"bill": "S1", "provider": "H1", "level": "2", "score": Decimal(1000), "mean": 1_000_000, "primary_care": False, "auxiliary": ONE, "fee": 1_200_000}  # fmt: skip
    return Stay(**{**usual, **changed})


def points(changed_terms: dict[str, Any] | None = None, **changed: Any) -> Decimal:
    return Scorer(terms(**(changed_terms or {})), PRICES).score(stay(**changed)).points


BASE = {"dip__coefficient": {"2": Decimal("0.9")}, "dip__standard": {"by": "mean", "institution": False, "digits": 6}}
JINING = {
    **BASE,
    "dip__bands": [
        {"band": "low", "below": Decimal("0.5"), "inclusive": True, "factor": "ratio", "institution": False, "auxiliary": True},
        {"band": "normal", "below": 2, "inclusive": True, "factor": "one", "institution": True, "auxiliary": True},
        {"band": "high", "below": 5, "inclusive": True, "factor": "ratio_less_two", "plus_institution": True, "institution": False, "auxiliary": True},
        {"band": "high", "factor": "one", "institution": True, "auxiliary": True},
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("city", "fee", "expected"),
    [
        (JINING, 1_200_000, 900),
        (JINING, 2_500_000, 1400),
        (JINING, 6_000_000, 900),
        (JINING, 300_000, 300),
        (BASE, 2_500_000, 1350),
        (BASE, 400_000, 360),
        (BASE, 500_000, 450),
        (BASE, 2_000_000, 900),
    ],
)
def test_cities_of_the_guide(city: dict[str, Any], fee: int, expected: int) -> None:
    assert points(city, fee=fee) == expected


@pytest.mark.parametrize(("fee", "expected"), [(40, "0.4"), (130, "1"), (260, "1.6")])
def test_guangzhou_2018(fee: int, expected: str) -> None:
    assert points(score=ONE, mean=100, fee=fee) == Decimal(expected)


def test_an_ultra_low_stay_is_paid_its_cost_whatever_value_and_coefficient() -> None:
    by_score = {
        "dip__standard": {"by": "score", "institution": True, "digits": 6},
        "dip__coefficient": {"2": Decimal("1.1")},
    }
    found = Scorer(terms(**by_score), PRICES).score(stay(score=Decimal(800), fee=300_000, mean=None))
    assert found.ratio == Decimal("0.340909")
    assert abs(found.points - 300) < Decimal("0.001")


@settings(max_examples=400)
@given(
    fee=st.integers(1, 10**9), value=st.integers(1, 10**5), institution=st.integers(10, 300), auxiliary=st.integers(10, 500),
    above=st.fractions(Fraction(201, 100), 5_000, max_denominator=10**6),
)  # fmt: skip
@pytest.mark.parametrize("scale", ["none", 10])
def test_an_ultra_low_stay_is_paid_its_cost_to_the_fen(
    scale: str | int, fee: int, value: int, institution: int, auxiliary: int, above: Fraction
) -> None:
    """F7 over its range: cost 0.01 to 10 million yuan, value 0.01 to 1000, K 0.1 to 3; points that a standard of `above` × cost leads to."""
    v, k, k_aux = Decimal(value) / 100, Decimal(institution) / 100, Decimal(auxiliary) / 100
    score = half_up(Decimal(above.numerator) / above.denominator * fee / 100 / v / k, 4) + Decimal("0.0001")
    exact = {
        "dip__standard": {"by": "score", "institution": True, "digits": "none"},
        "dip__points": {"digits": scale},
        "dip__coefficient": {"2": k},
        "dip__bands": [{**BANDS[0], "auxiliary": False}, *BANDS[1:]],
    }
    found = Scorer(terms(**exact), Prices(1, v)).score(stay(score=score, fee=fee, mean=None, auxiliary=k_aux))
    assert found.band == "low"
    assert fen(found.points * v * 100) == fee
    assert month_payable("ratio", {"A": of_stay(found.points, fee)}, v, Decimal(1)) == {"A": fee}


def of_stay(points: Decimal, fee: int) -> Sums:
    found = Sums()
    found.add({"points": points, "total_fee": fee, "booked_pay": fee})
    return found


def test_an_itemised_stay_is_paid_its_cost_to_the_fen() -> None:
    exact = Scorer(terms(dip__points={"digits": "none"}), Prices(1, Decimal("997.3131")))
    found = exact.score(stay(special="itemised", fee=999_999_999))
    assert fen(found.points * Decimal("997.3131") * 100) == 999_999_999


def test_a_region_may_keep_no_more_than_ten_places() -> None:
    with pytest.raises(UserError, match=r"dip\.points"):
        _ = terms(dip__points={"digits": 11}).points


@given(
    fee=st.integers(1, 10**9), mean=st.integers(100, 10**8), score=st.integers(1, 10**7), level=st.sampled_from(["1", "2", "3"]),
    auxiliary=st.integers(1, 30),
)  # fmt: skip
def test_points_are_score_times_what_applies(fee: int, mean: int, score: int, level: str, auxiliary: int) -> None:
    k_aux = Decimal(auxiliary) / 10
    found = Scorer(terms(), PRICES).score(
        stay(fee=fee, mean=mean, score=Decimal(score) / 100, level=level, auxiliary=k_aux)
    )
    assert found.institution == {"3": Decimal("1.2"), "2": 1, "1": Decimal("0.8")}[level]
    assert found.ratio is not None
    assert abs(found.ratio - fee / (mean * found.institution)) <= Decimal("0.0000005")
    exact = found.score * found.factor * found.institution * k_aux
    assert abs(found.points - exact) <= Decimal("0.0000005")
    assert {"low": found.factor == found.ratio, "normal": found.factor == 1, "high": found.factor == found.ratio - 1}[
        found.band
    ]


def test_a_primary_care_group_pays_the_same_everywhere() -> None:
    assert len({points(primary_care=True, level=level, mean=1_000_000) for level in "123"}) == 1
    assert len({points(level=level) for level in "123"}) == 3


def test_an_institution_of_its_own_precedes_its_level() -> None:
    assert points({"dip__coefficient": {"2": 1, "H1": Decimal("1.5")}}) == 1500


def test_a_hospital_without_coefficient_is_refused() -> None:
    with pytest.raises(UserError, match="H1（9级）没有机构系数"):
        points(level="9")
    with pytest.raises(UserError, match="未定级"):
        points(level=None)


def test_without_a_group_cost_over_the_mean_of_the_region() -> None:
    found = Scorer(terms(), PRICES).score(stay(score=None, mean=None, fee=600_000, auxiliary=Decimal(2)))
    assert (found.points, found.ratio, found.institution) == (600, None, 1)


def test_special_cases() -> None:
    assert points(special="itemised", fee=123_400) == Decimal("123.4")
    assert points(special="adjusted", special_score=Decimal(3000), fee=9_000_000, level="3") == 3600
    assert points(special="adjusted", special_score=Decimal(3000), score=None, mean=None) == 3000
    with pytest.raises(UserError, match="没有写特例单议分值"):
        points(special="adjusted")


def test_a_group_without_mean_cost_is_refused() -> None:
    with pytest.raises(UserError, match="没有次均费用"):
        points(mean=None)


def test_a_bound_belongs_where_the_data_say() -> None:
    open_ = [{**BANDS[0], "inclusive": False}, *BANDS[1:]]
    assert points(fee=500_000) == 500
    assert points({"dip__bands": open_}, fee=500_000) == 1000


def test_six_places_keep_the_fen_that_four_lose() -> None:
    """Guide §8.1, the precision trap."""
    score, coefficient, value = Decimal("78.0521"), {"2": Decimal("1.0330")}, Decimal("73.6011")
    six = points({"dip__coefficient": coefficient}, score=score, fee=1_000_000)
    four = points({"dip__coefficient": coefficient, "dip__points": {"digits": 4}}, score=score, fee=1_000_000)
    assert [(found * value).quantize(Decimal("0.01")) for found in (six, four)] == [
        Decimal("5934.30"),
        Decimal("5934.29"),
    ]

"""The worked examples that are about paying (guide §15.2), through the scorer and the money, as published."""

from __future__ import annotations

from decimal import Decimal as D
from typing import Any

import pytest

from tests.dip.pay.terms import BANDS, terms
from tests.dip.pay.test_money import sums
from tests.dip.pay.test_scoring import BASE, JINING, PRICES, stay
from yibao.dip.pay.money import cleared, fen, month_payable
from yibao.dip.pay.scoring import Prices, Scorer
from yibao.dip.pay.shapes import PointValue


def yuan(amount: object) -> int:
    return fen(D(str(amount)) * 100)


@pytest.mark.parametrize(("name", "city"), [("W13", JINING), ("W14", JINING), ("W16", BASE), ("W17", BASE)])
def test_deviation_by_city(worked: dict[str, dict[str, Any]], name: str, city: dict[str, Any]) -> None:
    g = worked[name]["inputs"]
    coefficient = {"dip__coefficient": {"2": D(g["hospital_factor"])}}
    found = Scorer(terms(**{**city, **coefficient}), PRICES).score(
        stay(score=D(g["score"]), mean=yuan(g["avg"]), fee=yuan(g["cost"]))
    )
    assert found.points == worked[name]["expected"]["case_score"]


def test_deviation_of_guangzhou(worked: dict[str, dict[str, Any]]) -> None:
    ratios = worked["W19"]["inputs"]["ratios"]
    found = [
        Scorer(terms(), PRICES).score(stay(score=D(1), mean=1000, fee=int(ratio * 1000))).points for ratio in ratios
    ]
    assert found == worked["W19"]["expected"]["score_multiple"]


def test_bounds(worked: dict[str, dict[str, Any]]) -> None:
    """荆州: a fen below the lower bound and one above the upper one part from the normal stays."""
    mean, low, high = (
        yuan(amount)
        for amount in (
            worked["W08"]["inputs"]["avg"],
            worked["W08"]["expected"]["lower"],
            worked["W08"]["expected"]["upper"],
        )
    )
    inside = [{**BANDS[0], "inclusive": False}, {**BANDS[1], "inclusive": True}, BANDS[2]]
    scorer = Scorer(terms(dip__bands=inside), PRICES)
    assert [scorer.score(stay(mean=mean, fee=fee)).band for fee in (low - 1, low, high, high + 1)] == [
        "low",
        "normal",
        "normal",
        "high",
    ]


@pytest.mark.parametrize("name", ["W10", "W11"])
def test_pay_base_less_the_patient_share(worked: dict[str, dict[str, Any]], name: str) -> None:
    g = {**worked["W10"]["inputs"], **worked[name]["inputs"]}
    scorer = Scorer(terms(dip__coefficient={"2": D(g["hosp_coef"])}), PRICES)
    fee, booked = sum(map(yuan, g["fees"])), yuan(g["pool_paid"])
    points = scorer.score(stay(score=D(g["base_score"]), mean=fee, fee=fee)).points
    of = {"A": sums((int(points * 1_000_000), fee, booked))}
    assert fen(points * D(g["point_value"]) * 100) == yuan(worked[name]["expected"]["standard"])
    assert month_payable("patient_share", of, D(g["point_value"]), D(1)) == {
        "A": yuan(worked[name]["expected"]["dip_amount"])
    }


def test_an_ultra_low_stay_is_paid_its_cost(worked: dict[str, dict[str, Any]]) -> None:
    g, expected = worked["W20"]["inputs"], worked["W20"]["expected"]
    by_score = terms(
        dip__standard={"by": "score", "institution": True, "digits": 6}, dip__coefficient={"2": D(g["coef"])}
    )
    found = Scorer(by_score, Prices(500_000, D(g["point_value"]))).score(
        stay(score=D(g["score"]), mean=None, fee=yuan(g["cost"]))
    )
    assert found.ratio == expected["correction"]
    assert fen(found.points * g["point_value"] * 100) == yuan(expected["amount"])


def test_the_annual_amount_with_the_ratio_of_each_stay(worked: dict[str, dict[str, Any]]) -> None:
    g = worked["W25"]["inputs"]
    of = {"A": sums(*((int(score * 1_000_000), 100_000, int(ratio * 100_000)) for score, ratio in g["cases"]))}
    rule = PointValue(mode="fixed", digits=4, fixed={"resident": D(g["point_value"])})
    found = cleared(rule, "case_ratio", "resident", of, 2_000_000, 4)
    assert (found.payable, found.left) == ({"A": 1_150_000}, 850_000)
    assert fen(found.payable["A"] * D(g["assessment"])) - yuan(g["deductions"]) == yuan(
        worked["W25"]["expected"]["amount"]
    )


def test_point_value_and_surplus(worked: dict[str, dict[str, Any]]) -> None:
    g = worked["W22"]["inputs"]
    points = int(D(g["total_points"]))
    of = {"A": sums((points * 1_000_000, points * 100, points * 100))}
    floating = PointValue(mode="floating", digits=4)
    assert (
        cleared(floating, "ratio", "resident", of, yuan(g["budget"]), 4).value
        == worked["W22"]["expected"]["point_value"]
    )
    g = worked["W23"]["inputs"]
    of = {"A": sums((g["points"] * 1_000_000, yuan(g["cost"]), yuan(g["cost"])))}
    assert month_payable("ratio", of, D(g["point_value"]), D(1))["A"] - yuan(g["cost"]) == yuan(
        worked["W23"]["expected"]["surplus"]
    )

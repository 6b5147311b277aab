"""A flat rate and bands are two ways to say one thing: the later word counts, whichever it is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.region.benefits.conftest import Rules, stay
from yibao.errors import UserError
from yibao.region.benefits.resolve import Benefits

BANDS = {"resident.inpatient.rate": None, "resident.inpatient.bands": "[{to: 30000, rate: 0.6}, {rate: 0.7}]", "resident.inpatient.bands_from": "zero"}  # fmt: skip
LATER = "  - {source: 测试〔2025〕2号, from: 2025-06-01, grade: proposal, status: example, sets: [{key: resident.inpatient.%s}]}\n"
FLAT = LATER % "rate, value: 0.65"
BANDED = LATER % "bands, value: [{to: 10000, rate: 0.5}, {rate: 0.9}]"


def rates(benefits: Benefits) -> list[int]:
    return [band.rate for band in benefits.plans(stay())[0].pool.bands]


def test_a_later_rate_takes_the_place_of_bands(rules: Rules) -> None:
    pack = rules(BANDS, FLAT)
    assert rates(Benefits(pack)) == [650_000]
    assert rates(Benefits(pack, date(2025, 5, 31))) == [600_000, 700_000]  # before it was published


def test_later_bands_take_the_place_of_a_rate(rules: Rules) -> None:
    assert rates(Benefits(rules({"resident.inpatient.bands_from": "zero"}, BANDED))) == [500_000, 900_000]


def test_a_simulated_rate_takes_the_place_of_bands(rules: Rules) -> None:
    held = Benefits(rules(BANDS))
    assert rates(held.set("resident.inpatient.rate", None, Decimal("0.5"), date(2025, 6, 1))) == [500_000]


def test_both_on_one_day_are_refused_with_their_place(rules: Rules) -> None:
    with pytest.raises(UserError, match=r"rules.yaml 第 \d+ 行的参数 resident.inpatient.bands 有误：同一天又写了"):
        rules({"resident.inpatient.bands": "[{rate: 0.5}]"})

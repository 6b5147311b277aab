"""The published numbers (guide §15.2, F1–F6, table 3-3) through the code that builds a catalogue."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from tests.dip.build.making import built, by_code, stay, terms
from yibao.dip.build.groups import Region, component_score, rounded
from yibao.dip.build.measure import variation
from yibao.dip.build.splits import coefficient_of
from yibao.dip.build.sums import weighted
from yibao.region.packs import region


def related(base: int, with_related: int, rise: Decimal) -> Any:
    """Three stays a combination, their means in yuan."""
    rows = [stay("I21.900", base, main="51.2300") for _ in range(3)]
    rows += [stay("I21.900", with_related, main="51.2300", related="88.5500") for _ in range(3)]
    return built(rows, related_rise=rise)


@pytest.mark.parametrize("name", ["W01", "W02"])  # angiography, IVUS
def test_a_related_operation_makes_a_group_of_its_own_by_its_rise(worked: dict[str, dict[str, Any]], name: str) -> None:
    given, expected = worked[name]["inputs"], worked[name]["expected"]
    made = related(given["base_mean"], given["with_related_mean"], given["threshold"])
    [one] = made.combined.related
    assert (round(one.rise, 4), one.own) == (expected["increase"], expected["separate"])
    own = {"I21.9-51.2300+88.5500"} if expected["separate"] else set()
    assert set(by_code(made)) == {"I21.9-51.2300"} | own
    assert by_code(made)["I21.9-51.2300"].measure.stays == (3 if own else 6)


def test_exactly_ten_per_cent_is_enough() -> None:
    rows = [stay("I21.900", 100, main="51.2300")] * 3 + [stay("I21.900", 110, main="51.2300", related="88.5500")] * 3
    assert len(built(rows).rows) == 2


def test_weights_of_the_draft_are_one_two_seven(worked: dict[str, dict[str, Any]]) -> None:
    weights = tuple(region("cn").value("dip.build.weights", on=date(2023, 6, 30)))
    assert weights == (1, 2, 7)
    assert [Decimal(one) / sum(weights) for one in weights] == worked["W04"]["expected"]["weights"]
    assert weighted([100, 200, 300], [1, 1, 1], weights) == Fraction(260)


def test_the_three_years_stand_in_their_order() -> None:
    rows = [stay(cost=100 * (year + 1), year=year) for year in range(3)]
    assert by_code(built(rows))["K35.3-0"].mean == Fraction(26_000)


def test_f1_mean_cost_method(worked: dict[str, dict[str, Any]]) -> None:
    given, expected = worked["W07"]["inputs"]["groups"], worked["W07"]["expected"]
    codes = {"I21-1": "I21.900", "K35-1": "K35.300", "J06-1": "J06.900"}
    made = built([stay(codes[name], mean) for name, (number, mean) in given.items() for _ in range(number)])
    assert rounded(made.region.mean / 100, 4) == expected["M"]
    assert {code: row.score for code, row in by_code(made).items()} == {
        f"{codes[name][:5]}-0": score for name, score in expected["RW"].items()
    }


def test_f2_base_disease_method(worked: dict[str, dict[str, Any]]) -> None:
    base, expected = worked["W05"]["inputs"]["M"], worked["W05"]["expected"]["RW"]
    made = built([stay("K35.300", base)] * 2 + [stay("I21.900", 2 * base)] * 2, score={"method": "base", "group": "K35.3-0"})  # fmt: skip
    assert {code: row.score for code, row in by_code(made).items()} == {"K35.3-0": expected, "I21.9-0": 2 * expected}


def test_f3_quota_method() -> None:
    made = built([stay("K35.300", 9_600)] * 2, score={"method": "quota", "quota": 80})
    assert made.rows[0].score == 120


@pytest.mark.parametrize(("scale", "expected"), [(1, "1.2500"), (1000, "1250.0000")])
def test_f4_drug_score(scale: int, expected: str) -> None:
    found = component_score(Fraction(2000), Fraction(1600), terms(component_scale=scale))
    assert found == Decimal(expected)
    assert component_score(None, Fraction(1), terms()) is None
    assert Region(Fraction(1), None, None).drug is None


def test_f5_institution_coefficient() -> None:
    rows = [stay(cost=13_200, hospital_level="3")] * 5 + [stay(cost=10_800, hospital_level="1")] * 5
    found = {one.level: one.coefficient for one in built(rows).coefficients if not one.group}
    assert found == {3: Decimal("1.1000"), 1: Decimal("0.9000")}


def test_f18_variation() -> None:
    assert variation(4, 40, 400) == 0
    assert variation(2, 4, 10) == Decimal("0.5")


def test_k_aux_is_the_mean_of_the_subtype_over_that_of_the_group_in_the_last_year() -> None:
    assert coefficient_of(part=24_000, part_stays=2, whole=40_000, whole_stays=4, digits=4) == Decimal("1.2000")
    assert coefficient_of(0, 0, 40_000, 4, 4) is None

"""The worked examples of the guide (§8.1, §15.2), in Decimal."""

from __future__ import annotations

import json
from decimal import Decimal
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibao.dip.formulas import (
    YEAR_WEIGHTS,
    Band,
    annual_due,
    base_disease_score,
    case_mix_index,
    deviation_score,
    due_less_patient_share,
    mean_cost_scores,
    quota_score,
    related_rise,
    settlement_point_value,
    shared_out,
    special_case_cap,
    ultra_low_score,
    weighted_mean,
)
from yibao.money import round_fen

HALF, TWO, FIVE = D("0.5"), D(2), D(5)
#: the deviation policies of two cities, as data (guide §8.2)
BASE = (
    Band(None, HALF, False, True, "ratio", True),
    Band(HALF, TWO, False, False, "one", True),
    Band(TWO, None, True, False, "ratio_less_one", True),
)
JINING = (
    Band(None, HALF, False, True, "ratio", False),
    Band(HALF, TWO, False, True, "institution", False),
    Band(TWO, FIVE, False, True, "ratio_less_two_plus_institution", False),
    Band(FIVE, None, False, False, "institution", False),
)
GUANGZHOU = (
    Band(None, HALF, False, False, "ratio", False),
    Band(HALF, TWO, True, True, "one", False),
    Band(TWO, None, False, False, "ratio_less_one", False),
)


@pytest.fixture(scope="module")
def worked(reference: Path) -> dict[str, dict[str, Any]]:
    lines = (reference / "dip_worked_examples.jsonl").read_text(encoding="utf-8").splitlines()
    found = [json.loads(line, parse_float=Decimal) for line in lines]
    return {row["id"]: row for row in found}


def test_related_operations_and_weights(worked: dict[str, dict[str, Any]]) -> None:
    for name in ("W01", "W02"):
        given, expected = worked[name]["inputs"], worked[name]["expected"]
        rise = related_rise(D(given["base_mean"]), D(given["with_related_mean"]))
        assert round(rise, 4) == expected["increase"]
        assert (rise >= given["threshold"]) == expected["separate"]
    assert list(YEAR_WEIGHTS) == worked["W04"]["expected"]["weights"]
    assert weighted_mean([D(10), D(20), D(40)], YEAR_WEIGHTS) == 33


def test_scores(worked: dict[str, dict[str, Any]]) -> None:
    groups = {name: (count, D(mean)) for name, (count, mean) in worked["W07"]["inputs"]["groups"].items()}
    found = mean_cost_scores(groups)
    assert {name: round(score, 4) for name, score in found.items()} == worked["W07"]["expected"]["RW"]
    assert base_disease_score(D(12800), D(12800)) == worked["W05"]["expected"]["RW"]
    assert quota_score(D(9600), D(80)) == 120


@pytest.mark.parametrize(("name", "bands"), [("W13", JINING), ("W14", JINING), ("W16", BASE), ("W17", BASE)])
def test_deviation_by_city(worked: dict[str, dict[str, Any]], name: str, bands: tuple[Band, ...]) -> None:
    g = worked[name]["inputs"]
    found = deviation_score(D(g["score"]), D(g["cost"]), D(g["avg"]), D(g["hospital_factor"]), bands)
    assert found == worked[name]["expected"]["case_score"]


def test_deviation_of_guangzhou(worked: dict[str, dict[str, Any]]) -> None:
    ratios = worked["W19"]["inputs"]["ratios"]
    assert [deviation_score(D(1), D(ratio), D(1), D(1), GUANGZHOU) for ratio in ratios] == worked["W19"]["expected"]["score_multiple"]  # fmt: skip


def test_bands_that_leave_a_gap_are_an_error() -> None:
    with pytest.raises(ValueError, match="0 bands"):
        deviation_score(D(1), D(9), D(1), D(1), BASE[:2])


@pytest.mark.parametrize("name", ["W10", "W11"])
def test_pay_base_less_the_patient_share(worked: dict[str, dict[str, Any]], name: str) -> None:
    g = {**worked["W10"]["inputs"], **worked[name]["inputs"]}
    expected = worked[name]["expected"]
    total = sum(map(D, g["fees"]))
    standard = D(g["base_score"]) * D(g["hosp_coef"]) * D(g["point_value"])  # the score is not rounded on the way
    due = due_less_patient_share(standard, total - D(g["pool_paid"]))
    assert round_fen(standard) == round_fen(expected["standard"])
    assert round_fen(due) == round_fen(expected["dip_amount"])


def test_the_rest_of_the_examples(worked: dict[str, dict[str, Any]]) -> None:
    assert ultra_low_score(D(800), D("1.1"), D(10), D(3000)) == worked["W20"]["expected"]["case_score"]
    w25 = worked["W25"]["inputs"]
    cases = [(D(score), D(ratio)) for score, ratio in w25["cases"]]
    assert annual_due(cases, D(10), D(w25["assessment"]), D(100)) == worked["W25"]["expected"]["amount"]
    assert special_case_cap(100_000, 5) == worked["W26"]["expected"]["cap"]
    assert settlement_point_value(D("3e9"), D(1), D("3e9")) == worked["W22"]["expected"]["point_value"]
    assert case_mix_index([(D(1000), 1), (D(500), 3)]) == 625


@given(
    st.decimals(1, 5000, places=4),
    st.decimals("0.01", 3, places=4),
    st.decimals(1, 200, places=4),
    st.integers(1, 10**6),
)
def test_ultra_low_pays_the_cost_whatever_value_and_coefficient(score: D, k: D, v: D, cost: int) -> None:
    assert abs(ultra_low_score(score, k, v, D(cost)) * v - cost) < D("0.0001")


@given(st.integers(0, 10**13), st.lists(st.decimals(0, 10**6, places=4), min_size=1, max_size=30))
def test_what_is_shared_out_adds_up_to_the_fund(fund: int, weights: list[D]) -> None:
    named = {str(i): weight for i, weight in enumerate([*weights, D(1)])}
    parts = shared_out(fund, named)
    assert sum(parts.values()) == fund
    total = sum(named.values())
    assert all(abs(parts[name] - fund * weight / total) < 1 for name, weight in named.items())

"""The worked examples of the guide (§8.1, §15.2), in Decimal."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibao.dip.formulas import (
    base_disease_score,
    case_mix_index,
    drg_points,
    mean_cost_scores,
    quota_score,
    related_rise,
    settlement_point_value,
    shared_out,
    special_case_cap,
    weighted_mean,
)
from yibao.region.packs import region


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
    parts = [D(part) for part in region("cn").value("dip.build.weights", on=date(2023, 12, 31))]
    weights = [part / sum(parts) for part in parts]
    assert weights == worked["W04"]["expected"]["weights"]
    assert weighted_mean([D(10), D(20), D(40)], weights) == 33


def test_scores(worked: dict[str, dict[str, Any]]) -> None:
    groups = {name: (count, D(mean)) for name, (count, mean) in worked["W07"]["inputs"]["groups"].items()}
    found = mean_cost_scores(groups)
    assert {name: round(score, 4) for name, score in found.items()} == worked["W07"]["expected"]["RW"]
    assert base_disease_score(D(12800), D(12800)) == worked["W05"]["expected"]["RW"]
    assert quota_score(D(9600), D(80)) == 120


def test_the_rest_of_the_examples(worked: dict[str, dict[str, Any]]) -> None:
    w28, w29 = worked["W28"], worked["W29"]["inputs"]
    assert round(D(w28["inputs"]["total"]) / w28["inputs"]["n"], 2) == w28["expected"]["mean"]
    drg = [drg_points(D(w29["group_mean"]), D(w29["city_mean"]), cost) for cost in (None, D(w29["incomplete_cost"]))]
    assert drg == [worked["W29"]["expected"][name] for name in ("base_points", "incomplete_points")]
    assert special_case_cap(100_000, 5) == worked["W26"]["expected"]["cap"]
    assert settlement_point_value(D("3e9"), D(1), D("3e9")) == worked["W22"]["expected"]["point_value"]
    assert case_mix_index([(D(1000), 1), (D(500), 3)]) == 625


@given(st.integers(0, 10**13), st.lists(st.decimals(0, 10**6, places=4), min_size=1, max_size=30))
def test_what_is_shared_out_adds_up_to_the_fund(fund: int, weights: list[D]) -> None:
    named = {str(i): weight for i, weight in enumerate([*weights, D(1)])}
    parts = shared_out(fund, named)
    assert sum(parts.values()) == fund
    total = sum(named.values())
    assert all(abs(parts[name] - fund * weight / total) < 1 for name, weight in named.items())

"""The formulas of payment: worked examples of the guide (§15.2), and what is shared out."""

from __future__ import annotations

from decimal import Decimal as D
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from yibao.dip.formulas import drg_points, settlement_point_value, shared_out, special_case_cap


def test_worked_examples(worked: dict[str, dict[str, Any]]) -> None:
    w29 = worked["W29"]["inputs"]
    drg = [drg_points(D(w29["group_mean"]), D(w29["city_mean"]), cost) for cost in (None, D(w29["incomplete_cost"]))]
    assert drg == [worked["W29"]["expected"][name] for name in ("base_points", "incomplete_points")]
    assert special_case_cap(100_000, 5) == worked["W26"]["expected"]["cap"]
    assert settlement_point_value(D("3e9"), D(1), D("3e9")) == worked["W22"]["expected"]["point_value"]


@given(st.integers(0, 10**13), st.lists(st.decimals(0, 10**6, places=4), min_size=1, max_size=30))
def test_what_is_shared_out_adds_up_to_the_fund(fund: int, weights: list[D]) -> None:
    named = {str(i): weight for i, weight in enumerate([*weights, D(1)])}
    parts = shared_out(fund, named)
    assert sum(parts.values()) == fund
    total = sum(named.values())
    assert all(abs(parts[name] - fund * weight / total) < 1 for name, weight in named.items())

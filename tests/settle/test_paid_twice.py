"""Pairs of standing settlements that may be one payment twice; parts, exports and transfers are none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.settle.live.county import county, exported, put, stay, told
from yibao.region.benefits.resolve import Benefits
from yibao.region.packs import region
from yibao.settle.live.entries import settle
from yibao.settle.paid_twice import KINDS, paid_twice
from yibao.store.workspace import Workspace

PACK, YEAR = region("cn-9904"), 2025
RULES = Benefits(PACK)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with county(tmp_path / "w") as opened:
        put(opened, "visits", [])
        yield opened


def found(workspace: Workspace) -> list[tuple[str, str, str]]:
    kinds = {label: kind for kind, label in KINDS.items()}
    return [(kinds[row[0]], row[2], row[8]) for row in paid_twice(workspace, PACK, YEAR).rows]


@pytest.fixture
def first(workspace: Workspace) -> dict[str, Any]:
    """A stay from the 5th to the 10th of June, settled on the platform alone."""
    row = exported(settle(workspace, RULES, stay("A", 4000)), "S1")
    put(workspace, "live_settlements", [])
    return row


def other(first: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**first, "settlement_id": "S2", "visit_id": "V2", "settlement_time": datetime(2025, 6, 20, 9), **more}


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"visit_id": "VA"}, "same_visit"),
        ({"visit_id": "VA", "total_fee": 1, "in_scope_total": 1}, "same_visit"),
        ({}, "same_bill"),
        ({"provider_code": "H3", "stay_start_date": date(2025, 6, 9), "stay_end_date": date(2025, 6, 20)}, "two_places"),
        ({"provider_code": "H3", "stay_start_date": date(2025, 6, 10), "stay_end_date": date(2025, 6, 20)}, None),
        ({"total_fee": 400100, "in_scope_total": 400100}, None),
        ({"visit_id": "VA", "settlement_type": "mid_stay", "stay_start_date": date(2025, 6, 10), "stay_end_date": date(2025, 6, 20)}, None),
        ({"visit_id": "VA", "settlement_type": "mid_stay"}, "same_visit"),
        ({"visit_id": "VA", "is_valid": False}, None),
        ({"person_no": "P3"}, None),
    ],
)  # fmt: skip
def test_which_pairs_are_leads(
    workspace: Workspace, first: dict[str, Any], more: dict[str, Any], kind: str | None
) -> None:
    told(workspace, [first, other(first, **more)])
    assert found(workspace) == ([(kind, "S1", "S2")] if kind else [])


def test_what_was_taken_back_is_no_lead(workspace: Workspace, first: dict[str, Any]) -> None:
    second = other(first, visit_id="VA")
    told(
        workspace,
        [first, second, {**second, "settlement_id": "S3", "is_reversal": True, "original_settlement_id": "S2"}],
    )
    assert found(workspace) == []


def test_a_counter_settlement_beside_its_export_is_none_and_beside_another_is_one(workspace: Workspace) -> None:
    row = settle(workspace, RULES, stay("A", 4000))
    told(workspace, [exported(row, "S1")])
    assert found(workspace) == []
    told(workspace, [exported(row, "S1", visit_id="ELSEWHERE")])
    assert found(workspace) == [("same_bill", "A", "S1")]

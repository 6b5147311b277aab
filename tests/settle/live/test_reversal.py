"""A reversal is a row of its own; the last settlement first, an earlier one only through an approved list."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.settle.explain.bills import benefits
from tests.settle.live.county import county, rows, stay
from yibao.errors import UserError
from yibao.settle.closed_years import close_year
from yibao.settle.live.entries import presettle, settle
from yibao.settle.live.reversal import AMOUNTS, Approval, changed, preview, reverse
from yibao.store.workspace import Workspace

RULES = benefits()
LATER = datetime(2025, 7, 1, 8)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with county(tmp_path / "w") as opened:
        yield opened


def test_a_settlement_and_its_reversal_are_nothing_in_every_column(workspace: Workspace) -> None:
    first = settle(workspace, RULES, stay("A", 4000))
    [back] = reverse(workspace, RULES, "A", "RA", LATER)
    assert back["reverses_bill_id"] == "A"
    assert [back[name] + first[name] for name in (*AMOUNTS, "total_fee")] == [0] * (len(AMOUNTS) + 1)


def test_after_a_reversal_the_year_is_as_it_was_before(workspace: Workspace) -> None:
    fresh = presettle(workspace, RULES, stay("B", 4000, day=28))
    settle(workspace, RULES, stay("A", 4000))
    reverse(workspace, RULES, "A", "RA", datetime(2025, 6, 27))
    again = presettle(workspace, RULES, stay("B", 4000, day=28))
    assert again == fresh


def test_the_account_is_restored(workspace: Workspace) -> None:
    paying: dict[str, Any] = {"person": "P2", "is_account_used": True}
    settle(workspace, RULES, stay("A", 4000, account_balance_before=300, **paying))
    reverse(workspace, RULES, "A", "RA", datetime(2025, 6, 15))
    assert (
        settle(workspace, RULES, stay("B", 4000, day=20, account_balance_before=300, **paying))["account_pay"] == 300_00
    )


def test_a_second_reversal_is_refused(workspace: Workspace) -> None:
    settle(workspace, RULES, stay("A", 4000))
    reverse(workspace, RULES, "A", "RA", LATER)
    with pytest.raises(UserError, match="已经冲正过"):
        reverse(workspace, RULES, "A", "RB", LATER)
    with pytest.raises(UserError, match="本身是冲正"):
        reverse(workspace, RULES, "RA", "RC", LATER)


def test_the_same_reversal_request_again_gives_the_stored_row(workspace: Workspace) -> None:
    settle(workspace, RULES, stay("A", 4000))
    first = reverse(workspace, RULES, "A", "RA", LATER)
    assert reverse(workspace, RULES, "A", "RA", datetime(2025, 8, 1)) == first
    assert len(rows(workspace)) == 2


def test_out_of_order_is_refused_and_changes_nothing(workspace: Workspace) -> None:
    settle(workspace, RULES, stay("A", 4000))
    settle(workspace, RULES, stay("B", 4000, day=20))
    with pytest.raises(UserError, match="后结先退"):
        reverse(workspace, RULES, "A", "RA", LATER)
    assert len(rows(workspace)) == 2


def test_the_preview_lists_every_later_settlement_with_before_and_after(workspace: Workspace) -> None:
    for name, day in (("A", 10), ("B", 18), ("C", 25)):
        settle(workspace, RULES, stay(name, 4000, day=day))
    shown = preview(workspace, RULES, "A", "RA", LATER)
    assert [before["bill_id"] for before, _ in shown.later] == ["B", "C"]
    second, third = (changed(before, after) for before, after in shown.later)
    assert second["deductible_paid"] == (250_00, 500_00)  # it is now the first stay of the year
    assert third == {}
    assert len(rows(workspace)) == 3


def test_an_approved_list_takes_back_and_settles_again(workspace: Workspace) -> None:
    for name, day in (("A", 10), ("B", 18)):
        settle(workspace, RULES, stay(name, 4000, day=day))
    approval = Approval("王五", "重复收费", preview(workspace, RULES, "A", "RA", LATER).list_id)
    added = reverse(workspace, RULES, "A", "RA", LATER, approval)
    assert [row["reverses_bill_id"] for row in added] == ["B", "A", None]
    assert {(row["approved_by"], row["approval_reason"]) for row in added} == {("王五", "重复收费")}
    alone = presettle(workspace, RULES, stay("X", 4000, person="P3", day=18))
    assert [added[2][name] for name in AMOUNTS] == [alone[name] for name in AMOUNTS]
    assert [row["bill_id"] for row in rows(workspace)][:2] == ["A", "B"]  # nothing is overwritten


def test_the_later_ones_are_taken_back_from_the_last_and_settled_again_in_their_order(workspace: Workspace) -> None:
    for name, day in (("A", 10), ("B", 18), ("C", 25)):
        settle(workspace, RULES, stay(name, 4000, day=day))
    approval = Approval("王五", "重复收费", preview(workspace, RULES, "A", "RA", LATER).list_id)
    added = reverse(workspace, RULES, "A", "RA", LATER, approval)
    assert [row["reverses_bill_id"] or row["visit_id"] for row in added] == ["C", "B", "A", "VB", "VC"]
    with pytest.raises(UserError, match="后结先退"):
        reverse(workspace, RULES, added[3]["bill_id"], "RB", LATER)


def test_another_list_than_the_approved_one_is_refused(workspace: Workspace) -> None:
    for name, day in (("A", 10), ("B", 18)):
        settle(workspace, RULES, stay(name, 4000, day=day))
    approval = Approval("王五", "重复收费", preview(workspace, RULES, "A", "RA", LATER).list_id)
    settle(workspace, RULES, stay("C", 4000, day=25))
    with pytest.raises(UserError, match="重新预览"):
        reverse(workspace, RULES, "A", "RA", LATER, approval)


def test_a_closed_year_takes_no_reversal(workspace: Workspace) -> None:
    settle(workspace, RULES, stay("A", 4000))
    close_year(workspace, 2025, "李四", LATER.date())
    with pytest.raises(UserError, match="YEAR_CLOSED"):
        reverse(workspace, RULES, "A", "RA", LATER)
    assert len(rows(workspace)) == 1

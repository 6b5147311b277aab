"""A settlement at the counter and its export are one; a reversal of nothing is named, and the year settles without it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.settle.live.county import FEES, PAID, county, exported, put, stay, told
from yibao.errors import UserError
from yibao.region.benefits.resolve import Benefits
from yibao.region.packs import region
from yibao.settle.counted_once import exported_listing, once_listings, orphan_listing, recognised, stray_listing
from yibao.settle.live.entries import presettle, settle
from yibao.settle.live.ledger import history
from yibao.settle.live.reversal import reverse
from yibao.settle.payables import write_payables
from yibao.settle.prepared import prepare
from yibao.settle.run import collect_bills, settle_year
from yibao.settle.simulate import outcome
from yibao.store.workspace import Workspace

PACK, YEAR = region("cn-9904"), 2025
COUNTER = Benefits(PACK)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with county(tmp_path / "w") as opened:
        put(opened, "visits", [])
        yield opened


def bills(workspace: Workspace) -> dict[str, str | None]:
    collect_bills(workspace, COUNTER.pack, YEAR)
    rows = workspace.query("SELECT b.bill_id, b.reverses_bill_id FROM bills AS b").read_all().to_pylist()
    return {row["bill_id"]: row["reverses_bill_id"] for row in rows}


def matched(workspace: Workspace) -> dict[str, tuple[str, str]]:
    rows = recognised(workspace, YEAR).to_pylist()
    return {row["bill_id"]: (row["settlement_id"], row["recognised_by"]) for row in rows}


def test_a_counter_settlement_that_the_platform_has_not_exported_is_a_bill_of_the_year(workspace: Workspace) -> None:
    row = settle(workspace, COUNTER, stay("A", 4000))
    assert bills(workspace) == {"A": None}
    settle_year(workspace, COUNTER, YEAR)
    [ours] = workspace.query("SELECT c.* FROM computed_settlements AS c").read_all().to_pylist()
    assert {name: ours[name] for name in PAID} == {name: row[name] for name in PAID}


def test_it_counts_once_when_the_platform_exports_it(workspace: Workspace) -> None:
    row = settle(workspace, COUNTER, stay("A", 4000))
    told(workspace, [exported(row, "S1")])
    assert matched(workspace) == {"A": ("S1", "visit")}
    assert bills(workspace) == {"S1": None}
    assert history(workspace, "P1", YEAR).rows["bill_id"].to_pylist() == ["S1"]
    write_payables(workspace, PACK, YEAR)
    owed = workspace.query("SELECT p.bill_id, p.payable_amount FROM payables AS p").read_all().to_pylist()
    assert {one["bill_id"] for one in owed} == {"S1"}
    assert sum(one["payable_amount"] for one in owed) == row["total_fee"]
    prepared = prepare(workspace, YEAR, COUNTER)
    assert prepared.size == 1
    assert int(outcome(prepared, COUNTER.plans).fund.sum()) == row["fund_pay_total"]


def test_the_next_stay_follows_one_stay_and_not_two(workspace: Workspace) -> None:
    row = settle(workspace, COUNTER, stay("A", 4000))
    before = presettle(workspace, COUNTER, stay("B", 4000, day=28))
    told(workspace, [exported(row, "S1")])
    bills(workspace)
    after = presettle(workspace, COUNTER, stay("B", 4000, day=28))
    assert after == before


def test_the_number_that_the_hospital_sent_tells_it_also_under_another_visit_number(workspace: Workspace) -> None:
    row = settle(workspace, COUNTER, stay("A", 4000))
    told(workspace, [exported(row, "S1", visit_id="OTHER", provider_settlement_id="A")])
    assert matched(workspace) == {"A": ("S1", "number")}
    assert bills(workspace) == {"S1": None}


def test_parts_of_one_stay_are_told_apart_by_their_days(workspace: Workspace) -> None:
    first = settle(workspace, COUNTER, stay("A", 4000, visit_id="V", settlement_type="mid_stay"))
    second = settle(workspace, COUNTER, stay("B", 4000, day=20, visit_id="V", is_mid_stay=True, continues="mid_stay"))
    told(workspace, [exported(second, "S2", settlement_type="mid_stay")])
    assert matched(workspace) == {"B": ("S2", "visit")}
    assert bills(workspace) == {"A": None, "S2": None}
    told(workspace, [exported(second, "S2", settlement_type="mid_stay"), exported(first, "S1")])
    assert matched(workspace) == {"A": ("S1", "visit"), "B": ("S2", "visit")}


def test_a_reversal_at_the_counter_takes_the_exported_settlement_back(workspace: Workspace) -> None:
    row = settle(workspace, COUNTER, stay("A", 4000))
    reverse(workspace, COUNTER, "A", "RA", datetime(2025, 7, 1))
    told(workspace, [exported(row, "S1")])
    assert bills(workspace) == {"S1": None, "RA": "S1"}
    listing = exported_listing(workspace, YEAR)
    assert listing is not None
    assert any("RA" in note and "S1" in note for note in listing.notes)
    settle_year(workspace, COUNTER, YEAR)
    rows = workspace.query("SELECT c.fund_pay_total FROM computed_settlements AS c").read_all()
    assert sum(rows["fund_pay_total"].to_pylist()) == 0


def test_a_reversal_that_was_exported_too_counts_once(workspace: Workspace) -> None:
    row = settle(workspace, COUNTER, stay("A", 4000))
    [back] = reverse(workspace, COUNTER, "A", "RA", datetime(2025, 7, 1))
    again = settle(workspace, COUNTER, stay("B", 3000, day=10, visit_id="VA", settlement_time=datetime(2025, 7, 2)))
    platform = [exported(row, "S1"), exported(back, "S2", original_settlement_id="S1"), exported(again, "S3")]
    told(workspace, platform)
    assert matched(workspace) == {"A": ("S1", "visit"), "RA": ("S2", "original"), "B": ("S3", "visit")}
    assert bills(workspace) == {"S1": None, "S2": "S1", "S3": None}


def test_what_the_platform_says_otherwise_is_listed(workspace: Workspace) -> None:
    row = settle(workspace, COUNTER, stay("A", 4000))
    less = {"pool_fund_pay": row["pool_fund_pay"] - 100, "fund_pay_total": row["fund_pay_total"] - 100, "cash_pay": row["cash_pay"] + 100, "person_burden_total": row["person_burden_total"] + 100}  # fmt: skip
    told(workspace, [exported(row, "S1", **less)])
    listing = exported_listing(workspace, YEAR)
    assert listing is not None
    assert [(line[0], line[1], line[4], line[7]) for line in listing.rows] == [
        ("A", "S1", "基本医疗保险统筹基金支出", -100),
        ("A", "S1", "个人现金支出", 100),
    ]
    assert "逐笔结算 1 行，平台已经导出 1 行" in listing.notes[0]


def test_what_the_platform_exported_is_not_taken_back_at_the_counter(workspace: Workspace) -> None:
    row = settle(workspace, COUNTER, stay("A", 4000))
    told(workspace, [exported(row, "S1")])
    bills(workspace)
    with pytest.raises(UserError, match="S1，请在平台冲正"):
        reverse(workspace, COUNTER, "A", "RA", datetime(2025, 7, 1))


def _negative(row: dict[str, Any], settlement_id: str, original: str | None, **more: Any) -> dict[str, Any]:
    amounts = {name: -row[name] for name in (*FEES, *PAID, "total_fee")}
    return {**row, **amounts, "settlement_id": settlement_id, "original_settlement_id": original, "is_reversal": True, "settlement_time": datetime(2025, 7, 1), **more}  # fmt: skip


def _platform(workspace: Workspace) -> dict[str, Any]:
    """A settlement that the counter never saw."""
    row = dict(presettle(workspace, COUNTER, stay("A", 4000)))
    seen = {**row, "person_category": "15", "stay_start_date": datetime(2025, 6, 5).date(), "policy_date": datetime(2025, 6, 10).date(), "hospital_level": "2"}  # fmt: skip
    return exported(seen, "S1")


@pytest.mark.parametrize(
    ("original", "more", "reason"),
    [
        ("NOWHERE", {}, "没有这一笔原结算"),
        ("S1", {"settlement_time": datetime(2025, 6, 1)}, "早于原结算"),
        ("S0", {}, "另一个待遇年度（2024 年）"),
        ("S9", {}, "原结算是无效的"),
    ],
)
def test_a_reversal_of_nothing_is_named_and_the_year_settles_without_it(
    workspace: Workspace, original: str, more: dict[str, Any], reason: str
) -> None:
    first = _platform(workspace)
    old = {**first, "settlement_id": "S0", "benefit_year": 2024, "settlement_time": datetime(2024, 6, 10), "stay_start_date": datetime(2024, 6, 5).date(), "stay_end_date": datetime(2024, 6, 10).date(), "visit_id": "V0"}  # fmt: skip
    invalid = {**first, "settlement_id": "S9", "is_valid": False}
    told(workspace, [first, old, invalid, _negative(first, "S2", original, **more)])
    assert bills(workspace) == {"S1": None}
    [row] = stray_listing(workspace, YEAR).rows
    assert row[:2] == ("S2", original)
    assert reason in row[-1]
    settle_year(workspace, COUNTER, YEAR)
    rows = workspace.query("SELECT c.bill_id FROM computed_settlements AS c").read_all()
    assert rows["bill_id"].to_pylist() == ["S1"]


def test_a_second_reversal_of_one_settlement_is_named(workspace: Workspace) -> None:
    first = _platform(workspace)
    second = _negative(first, "S3", "S1", settlement_time=datetime(2025, 7, 2))
    told(workspace, [first, _negative(first, "S2", "S1"), second])
    assert bills(workspace) == {"S1": None, "S2": "S1"}
    [row] = stray_listing(workspace, YEAR).rows
    assert (row[0], row[-1]) == ("S3", "原结算已由另一笔冲正")


def test_what_the_account_paid_at_the_counter_is_gone_from_the_next_bills_balance_once(workspace: Workspace) -> None:
    first = settle(workspace, COUNTER, stay("A", 4000, person="P2", is_account_used=True, account_balance_before=300))
    assert first["account_pay"] == 300_00
    later = settle(workspace, COUNTER, stay("B", 4000, day=28, person="P2"))
    told(workspace, [exported(later, "S2", account_balance_before=0)])
    bills(workspace)
    rows = workspace.query("SELECT b.bill_id, b.account_credited FROM bills AS b").read_all().to_pylist()
    assert {row["bill_id"]: row["account_credited"] for row in rows} == {"A": 300_00, "S2": 300_00}


def test_a_settlement_that_was_imported_since_must_become_a_bill_before_the_counter_goes_on(
    workspace: Workspace,
) -> None:
    row = settle(workspace, COUNTER, stay("A", 4000))
    bills(workspace)
    told(workspace, [exported(row, "S7", visit_id="V7", settlement_time=datetime(2025, 6, 12))])
    with pytest.raises(UserError, match="S7 还没有整理成单据，请先运行 yibao settle 2025"):
        presettle(workspace, COUNTER, stay("B", 4000, day=28))
    with pytest.raises(UserError, match="S7 还没有整理成单据"):
        reverse(workspace, COUNTER, "A", "RA", datetime(2025, 7, 1))
    presettle(workspace, COUNTER, stay("C", 4000, day=28, person="P3"))
    bills(workspace)
    presettle(workspace, COUNTER, stay("B", 4000, day=28))


def test_a_settlement_of_no_visit_or_nobody_is_named(workspace: Workspace) -> None:
    first = _platform(workspace)
    assert orphan_listing(workspace, YEAR).rows == []
    told(
        workspace,
        [
            first,
            {**first, "settlement_id": "S5", "visit_id": "GONE"},
            {**first, "settlement_id": "S6", "visit_id": "VN", "person_no": "NOBODY"},
        ],
    )
    put(
        workspace,
        "visits",
        [
            row
            for row in workspace.query("SELECT v.* FROM visits AS v").read_all().to_pylist()
            if row["visit_id"] != "GONE"
        ],
    )
    assert [(row[0], row[-1]) for row in orphan_listing(workspace, YEAR).rows] == [
        ("S5", "就诊表里没有这次就诊"),
        ("S6", "人员表里没有这个人"),
    ]
    assert "未计算的结算" in [listing.name for listing in once_listings(workspace, YEAR)]
    assert set(bills(workspace)) == {"S1"}

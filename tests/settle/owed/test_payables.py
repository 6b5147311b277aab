"""Every settled fen is owed by somebody to somebody, and what is paid and what is open add up to it."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.demo.conftest import small_plan
from tests.settle.explain.bills import benefits
from tests.settle.live.county import county, put, stay
from yibao.demo.generate import make_county
from yibao.errors import UserError
from yibao.region.packs import region
from yibao.settle.live.entries import settle
from yibao.settle.live.reversal import reverse
from yibao.settle.payables import compared, write_payables
from yibao.store.workspace import Workspace

PACK, RULES = region("cn-9904"), benefits()


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with county(tmp_path / "w") as opened:
        yield opened


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    root = tmp_path_factory.mktemp("owed")
    make_county(root, small_plan(scale=0.01))
    with Workspace.open(root) as opened:
        yield opened


def payables(workspace: Workspace) -> list[dict[str, Any]]:
    write_payables(workspace, PACK, 2025)
    rows: list[dict[str, Any]] = workspace.query("SELECT p.* FROM payables AS p").read_all().to_pylist()
    return sorted(rows, key=lambda row: (row["bill_id"], row["owing"], row["payable_part"]))


def owed(rows: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in rows]


@pytest.mark.parametrize("year", [2024, 2025])
def test_the_demo_countys_payables_are_what_its_payments_say_is_due(demo: Workspace, year: int) -> None:
    write_payables(demo, PACK, year)
    books = compared(demo, year)
    assert books.by_score == _decided_otherwise(demo, year)
    assert books.unexplained == 0
    assert books.entered > 0
    assert books.allotted + books.beyond == books.paid


def _decided_otherwise(demo: Workspace, year: int) -> int:
    """What settlements of hospitals paid by score gave, less what the city's sheets say is due for it: only those part, by points."""
    dip = "SELECT CAST(SUM(p.payable_amount) AS BIGINT) AS fen FROM payables AS p WHERE p.benefit_year = $year AND p.payable_part IN ('monthly', 'clearing')"
    due = "SELECT CAST(SUM(y.due_amount) AS BIGINT) AS fen FROM payments AS y WHERE y.service_year = $year AND y.payment_kind IN ('dip', 'advance', 'clearing')"
    booked, decided = (demo.query(sql, year=year).read_all()["fen"][0].as_py() for sql in (dip, due))
    return int(booked - decided)


@pytest.mark.parametrize("year", [2024, 2025])
def test_the_demo_countys_settlements_end_in_payables_to_the_fen(demo: Workspace, year: int) -> None:
    write_payables(demo, PACK, year)
    sql = """SELECT CAST(SUM(s.total_fee - s.hospital_burden) AS BIGINT) AS providers, CAST(SUM(s.fund_pay_total + s.account_pay) AS BIGINT) AS funds,
        CAST(SUM(CASE WHEN s.settlement_type = 'manual' THEN s.fund_pay_total + s.account_pay ELSE 0 END) AS BIGINT) AS by_hand
        FROM settlements AS s WHERE s.benefit_year = $year AND s.is_valid"""
    [settled] = demo.query(sql, year=year).read_all().to_pylist()
    sql = "SELECT p.debtor, p.creditor, p.payable_status, p.payable_amount, p.settled_amount FROM payables AS p WHERE p.benefit_year = $year"
    rows = demo.query(sql, year=year).read_all().to_pylist()
    assert sum(row["payable_amount"] for row in rows if row["debtor"] == "fund") == settled["funds"]
    assert sum(row["payable_amount"] for row in rows if row["creditor"] == "person") == settled["by_hand"]
    to_providers = sum(row["payable_amount"] for row in rows if row["creditor"] != "person")
    assert to_providers == settled["providers"]
    states = {row["payable_status"] for row in rows}
    assert {"paid", "open"} <= states if year == 2025 else "paid" in states
    for row in rows:
        if row["payable_status"] != "partly":
            assert row["settled_amount"] == (row["payable_amount"] if row["payable_status"] == "paid" else 0)


def test_a_stay_at_a_dip_hospital_is_due_by_month_and_at_the_clearing(workspace: Workspace) -> None:
    settle(workspace, RULES, stay("A", 10000))
    assert owed(payables(workspace), "debtor", "creditor", "payable_part", "due_date", "payable_amount", "payable_status") == [
        ("person", "provider", "whole", date(2025, 6, 10), 2_970_00, "paid"),
        ("fund", "provider", "clearing", date(2026, 4, 25), 351_50, "open"),
        ("fund", "provider", "monthly", date(2025, 7, 20), 6_678_50, "open"),
    ]  # fmt: skip


def test_a_claim_by_hand_is_owed_to_the_person(workspace: Workspace) -> None:
    settle(workspace, RULES, stay("A", 10000, settlement_type="manual", away_kind="unreferred"))
    assert owed(payables(workspace), "debtor", "creditor", "creditor_code", "due_date", "payable_amount") == [
        ("person", "provider", "H2", date(2025, 6, 10), 10_000_00),
        ("fund", "person", "P1", date(2025, 6, 30), 5_550_00),
    ]


def test_a_stay_away_is_owed_to_the_other_area(workspace: Workspace) -> None:
    settle(workspace, RULES, stay("A", 10000, away_kind="referred"))
    [_, fund] = payables(workspace)
    assert (fund["creditor"], fund["payment_kind"], fund["due_date"]) == (
        "other_area",
        "out_of_area",
        date(2025, 7, 20),
    )


def test_what_was_paid_is_allotted_in_the_order_in_which_it_is_due(workspace: Workspace) -> None:
    settle(workspace, RULES, stay("A", 10000))
    settle(workspace, RULES, stay("B", 10000, person="P3"))
    put(workspace, "payments", [{"payment_id": "Y", "payment_kind": "dip", "payment_status": "paid", "fund": "resident", "insurance_type": "390", "service_year": 2025, "provider_code": "H2", "due_date": date(2025, 7, 20), "due_amount": 7_000_00, "paid_date": date(2025, 7, 21), "paid_amount": 7_000_00}])  # fmt: skip
    found = [row for row in payables(workspace) if row["debtor"] == "fund"]
    assert owed(found, "bill_id", "payable_part", "settled_amount", "payable_status") == [
        ("A", "clearing", 0, "open"),
        ("A", "monthly", 6_678_50, "paid"),
        ("B", "clearing", 0, "open"),
        ("B", "monthly", 321_50, "partly"),
    ]


def test_a_reversal_takes_its_payables_back(workspace: Workspace) -> None:
    first = settle(workspace, RULES, stay("A", 10000))
    reverse(workspace, RULES, "A", "RA", first["settlement_time"])
    rows = payables(workspace)
    assert sum(row["payable_amount"] for row in rows) == 0
    assert sum(row["settled_amount"] for row in rows) == 0


def test_a_month_of_nothing_but_reversals_is_open_until_the_money_comes_back(workspace: Workspace) -> None:
    clinic: dict[str, Any] = {"care_type": "11", "hospital_level": "1", "provider_code": "H1"}
    settle(workspace, RULES, stay("A", 140, **clinic))
    settle(workspace, RULES, stay("B", 60, day=20, **clinic))
    for bill in ("B", "A"):
        reverse(workspace, RULES, bill, f"R{bill}", datetime(2025, 7, 2))
    shown = ("bill_id", "service_month", "payable_amount", "settled_amount", "payable_status")
    found = [row for row in payables(workspace) if row["debtor"] == "fund"]
    assert owed(found, *shown) == [
        ("A", 202506, 70_00, 0, "open"), ("B", 202506, 30_00, 0, "open"),
        ("RA", 202507, -70_00, 0, "open"), ("RB", 202507, -30_00, 0, "open"),
    ]  # fmt: skip
    put(workspace, "payments", [{"payment_id": "Y", "payment_kind": "monthly", "payment_status": "paid", "fund": "resident", "insurance_type": "390", "service_year": 2025, "service_month": 202507, "provider_code": "H1", "due_date": date(2025, 8, 20), "due_amount": -100_00, "paid_date": date(2025, 8, 20), "paid_amount": -80_00}])  # fmt: skip
    found = [row for row in payables(workspace) if row["debtor"] == "fund" and row["service_month"] == 202507]
    assert owed(found, *shown) == [("RA", 202507, -70_00, -70_00, "paid"), ("RB", 202507, -30_00, -10_00, "partly")]


def test_a_region_without_the_rule_is_refused_with_the_key(workspace: Workspace) -> None:
    with pytest.raises(UserError, match=r"payable\.provider\.day"):
        write_payables(workspace, region("cn-43"), 2025)


def _dip(number: str, kind: str, amount: int, due: date, month: int | None = None) -> dict[str, Any]:
    return {"dip_payable_no": number, "service_year": 2025, "service_month": month, "provider_code": "H2", "insurance_type": "390", "payment_kind": kind, "due_date": due, "payable_amount": amount}  # fmt: skip


def test_what_dip_owes_takes_the_place_of_what_was_booked(workspace: Workspace) -> None:
    """A month that was settled under DIP replaces the bills of that month; a clearing those of the year."""
    settle(workspace, RULES, stay("A", 10000))  # June
    settle(workspace, RULES, stay("B", 10000, person="P3", settlement_time=datetime(2025, 7, 2, 9)))
    june = [
        _dip("202506-H2-390", "dip", 6_000_00, date(2025, 7, 20), 202506),
        _dip("2025-advance-H2-390", "advance", 500_00, date(2025, 2, 20)),
    ]
    put(workspace, "dip_payables", june)
    put(workspace, "payments", [{"payment_id": "Y", "payment_kind": "advance", "payment_status": "paid", "fund": "resident", "insurance_type": "390", "service_year": 2025, "provider_code": "H2", "due_date": date(2025, 2, 20), "due_amount": 500_00, "paid_date": date(2025, 2, 20), "paid_amount": 500_00}])  # fmt: skip
    found = [row for row in payables(workspace) if row["debtor"] == "fund"]
    shown = ("bill_id", "owing", "payable_part", "payable_amount", "payable_status")
    assert owed(found, *shown) == [
        ("2025-advance-H2-390", "dip", "advance", 500_00, "paid"),
        ("202506-H2-390", "dip", "monthly", 6_000_00, "open"),
        ("B", "pool", "clearing", 351_50, "open"),
        ("B", "pool", "monthly", 6_678_50, "open"),
    ]
    put(workspace, "dip_payables", [*june, _dip("2025-clearing-1-H2-390", "clearing", 5_500_00, date(2026, 4, 25))])
    found = [row for row in payables(workspace) if row["debtor"] == "fund"]
    assert {row["bill_id"]: row["payable_amount"] for row in found} == {
        "2025-advance-H2-390": 500_00,
        "202506-H2-390": 6_000_00,
        "2025-clearing-1-H2-390": 5_500_00,
    }
    assert len(payables(workspace)) == len(found) + 2  # the patients' own parts stay
    books = compared(workspace, 2025)  # what was decided is here: payments that say another amount are to be looked at
    assert (books.owed, books.entered, books.by_score, books.unexplained) == (12_000_00, 500_00, 0, 11_500_00)

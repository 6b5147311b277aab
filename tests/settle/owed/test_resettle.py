"""A notice that came late: the settlements that it changes are listed, and none is changed."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pyarrow as pa

from tests.settle.explain.bills import benefits, bills
from yibao.region.benefits.resolve import Benefits
from yibao.settle.batches import Settler
from yibao.settle.resettle import differing

CLINIC = {"care_type": "11", "hospital_level": "1"}


def late_notice() -> Benefits:
    """From April on the clinic's share is 60 %."""
    return benefits().set("resident.outpatient.rate", "else", Decimal("0.6"), date(2025, 4, 1))


def listed(said: Sequence[dict[str, object]]) -> list[dict[str, object]]:
    table = bills(said)
    before, after = (Settler(of)(table) for of in (benefits(), late_notice()))
    found: list[dict[str, object]] = differing(reader(before), reader(after)).to_pylist()
    return found


def reader(table: pa.Table) -> pa.RecordBatchReader:
    return table.to_reader()


def test_only_settlements_from_the_day_of_the_rule_are_listed() -> None:
    found = listed(
        [
            {**CLINIC, "day": date(2025, 3, 31), "fees": [0, 0, 0, 100]},
            {**CLINIC, "day": date(2025, 4, 1), "fees": [0, 0, 0, 100]},
        ]
    )
    assert [(row["bill_id"], row["fund_pay_before"], row["fund_pay_after"]) for row in found] == [("S2", 50_00, 60_00)]


def test_a_later_settlement_that_the_cap_makes_smaller_is_listed_too() -> None:
    months = [{**CLINIC, "day": date(2025, month, 5), "fees": [0, 0, 0, 400]} for month in (4, 5, 6)]
    found = listed(months)
    assert [(row["bill_id"], row["fund_pay_before"], row["fund_pay_after"]) for row in found] == [
        ("S1", 200_00, 240_00),
        ("S2", 200_00, 180_00),  # 420.00 a year, of which 240.00 are used
        ("S3", 20_00, 0),
    ]


def test_a_notice_counts_from_the_day_on_which_it_could_be_known() -> None:
    """In force since February 2026, published on 20 May."""
    table = bills(
        [{**CLINIC, "benefit_year": 2026, "day": date(2026, month, 5), "fees": [0, 0, 0, 100]} for month in (1, 2, 3)]
    )
    early, eve, day = (
        Settler(benefits(known_at))(table) for known_at in (date(2026, 2, 10), date(2026, 5, 19), date(2026, 5, 20))
    )
    assert differing(reader(early), reader(eve)).num_rows == 0
    assert differing(reader(eve), reader(day))["bill_id"].to_pylist() == ["S2", "S3"]


def test_equal_amounts_give_an_empty_list() -> None:
    assert listed([{"fees": [0, 0, 0, 5000]}]) == []

"""The sheet of results alone, without catalogue and terms: what holds for nearly all rows is the rule, and it is told."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.dip.verify.making import HOSPITAL, Row, stay, value
from yibao.dip.pay.shapes import Sharing
from yibao.dip.verify.amounts import shared
from yibao.dip.verify.found import Found
from yibao.dip.verify.infer import Rounding, cut, rounding_of, whole
from yibao.dip.verify.results import check_results
from yibao.dip.verify.run import verify_sheets
from yibao.dip.verify.sheets import Sheets


def told(rows: list[Row]) -> set[tuple[str, str, str]]:
    found = Found()
    check_results(Sheets(2025, rows), found)
    return {(one.key, one.step, one.cause) for one in found.differences}


def tied(number: int, points: int) -> Row:
    """500.0025 × 0.42 = 210.00105: a tie at four places."""
    row = stay(number, "K35.300", None, "K35.3-0", 2_100)
    return {
        **row,
        "base_score": 500_002_500,
        "deviation_ratio": 420_000,
        "deviation_factor": 420_000,
        "dip_points": points,
    }


def test_one_row_rounded_half_to_even() -> None:
    rows = [*(tied(at, 210_001_100) for at in range(10)), tied(20, 210_001_000)]
    assert told(rows) == {("S20", "points", "rounding")}


def test_a_sheet_rounded_half_to_even_is_read_so() -> None:
    rows = [tied(at, 210_001_000) for at in range(10)]
    odd = {
        **tied(20, 0),
        "dip_group_code": "K35.3-1",
        "base_score": 500_007_500,
        "dip_points": 210_003_200,
    }  # 210.00315 → .0032, to even
    found = Found()
    check_results(Sheets(2025, [*rows, odd]), found)
    assert found.differences == []
    assert found.checks[0].note == "4 位小数，四舍六入五成双"


#: what is wrong in the last of many rows that are right; step and cause
WRONG: dict[str, tuple[int, dict[str, Any], tuple[str, str]]] = {
    "another score": (5_000, {"base_score": 450_000_000}, ("score", "pack")),
    "another coefficient": (5_000, {"institution_coefficient": 1_260_000}, ("coefficient", "coefficient")),
    "points by another coefficient": (5_000, {"dip_points": 500_000_000, "institution_coefficient": 1_000_000, "base_score": 400_000_000}, ("points", "unexplained")),
    "a band on the wrong side": (2_000, {"deviation_band": "normal", "deviation_factor": 1_000_000}, ("band", "band")),
    "a factor that is not the ratio": (2_000, {"deviation_factor": 500_000}, ("factor", "band")),
    "no ratio": (5_000, {"deviation_ratio": None}, ("ratio", "unexplained")),
    "points without their factor": (2_000, {"dip_points": 500_000_000}, ("points", "band")),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_one_wrong_row(name: str) -> None:
    fee, wrong, expected = WRONG[name]
    right = [stay(at, "K35.300", None, "K35.3-0", 1_500 + 250 * at) for at in range(14)]
    found = set(told([*right, stay(50, "K35.300", None, "K35.3-0", fee, **wrong)]))
    assert ("S50", *expected) in found
    assert {key for key, *_ in found} == {"S50"}


def test_two_coefficients_of_a_hospital_equally_often_are_not_judged() -> None:
    rows = [
        stay(at, "K35.300", None, "K35.3-0", 5_000, institution_coefficient=1_000_000 + 20_000 * (at % 2))
        for at in range(4)
    ]
    found = Found()
    check_results(Sheets(2025, rows), found)
    assert found.differences == []
    assert HOSPITAL in next(one.note for one in found.checks if one.name == "一家机构一个系数")


def test_no_sheet_is_told() -> None:
    found = verify_sheets(Sheets(2025), None).found
    assert found.differences == []
    assert all(one.reason for one in found.checks)


def test_a_region_without_terms_is_told_with_the_key() -> None:
    from yibao.region.packs import region

    rows = [stay(at, "K35.300", None, "K35.3-0", 5_000) for at in range(3)]
    found = verify_sheets(Sheets(2025, rows), region("cn")).found
    reasons = {one.name: one.reason for one in found.checks if one.reason}
    assert "dip.coefficient" in reasons["机构系数与参数相同"]
    assert "dip." in reasons["费用偏差率、偏差类型、偏差系数、点数按规定"]


def test_how_a_sheet_rounds() -> None:
    pairs = [(Decimal("1.2345"), Decimal("1.23")), (Decimal("1.235"), Decimal("1.24"))]
    assert rounding_of(pairs) == (Rounding(2, "四舍五入"), 2)
    assert rounding_of([]) is None
    assert whole([(Decimal("1.5"), 1), (Decimal("2.7"), 2)]).mode == "舍去"
    assert cut([], [Decimal(1)]) is None


def test_savings_and_overspending() -> None:
    """Guide dip §9: below the first bound booked pay, to one all of the due, above it a part of what lies in each stretch."""
    bands = (
        Sharing(below=Decimal("0.85"), keep=Decimal(0)), Sharing(below=Decimal(1), inclusive=True, keep=Decimal(1)),
        Sharing(below=Decimal("1.15"), inclusive=True, bear=Decimal("0.6")), Sharing(bear=Decimal(0)),
    )  # fmt: skip
    assert [shared(bands, booked, 1_000) for booked in (800, 850, 1_000, 1_100, 1_300)] == [-200, 0, 0, 60, 90]
    assert shared(bands, 0, 0) == 0
    half = (Sharing(below=Decimal(1), inclusive=True, keep=Decimal("0.5")), Sharing(bear=Decimal("0.5")))
    assert [shared(half, booked, 1_000) for booked in (800, 1_200)] == [-100, 100]


def test_a_sheet_of_point_values_without_booked_pay_has_no_ratio_to_reckon() -> None:
    rows = [{**value(), "service_year": 2025, "booked_pay": 0}]
    assert verify_sheets(Sheets(2025, [], values=rows), None).found.differences == []


def test_a_ratio_that_rounds_to_nothing_divides_nothing() -> None:
    rows = [{**value(), "booked_pay": 30, "dip_pay_ratio": 1_000_000}]
    steps = [one.step for one in verify_sheets(Sheets(2025, [], values=rows), None).found.differences]
    assert steps == ["pay_ratio", "point_value"]

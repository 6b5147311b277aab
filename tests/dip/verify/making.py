"""Sheets by hand: one hospital of level two, two versions of a small catalogue, stays that are right until a test makes them wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from yibao.dip.pack import Pack
from yibao.dip.pay.scoring import half_up
from yibao.dip.verify.run import Verified, verify_sheets
from yibao.dip.verify.sheets import Codes, Sheets
from yibao.region.packs import region

Row = dict[str, Any]
HOSPITAL = "H1"
#: version, code, layer, kind, key, operations, score, mean (yuan)
GROUPS = (
    ("2.0-2024", "K35.3-0", "core", "conservative", "K35.3", None, 450, 4_500),
    ("2.0-2024", "K35.3-47.0100", "core", "surgery", "K35.3", "47.0100", 950, 9_500),
    ("2.0-2024", "K35.3-47.0900", "core", "surgery", "K35.3", "47.0900", 850, 8_500),
    ("2.0-2024", "I10-0", "core", "conservative", "I10", None, 200, 2_000),
    ("2.0-2025", "K35.3-0", "core", "conservative", "K35.3", None, 500, 5_000),
    ("2.0-2025", "K35.3-47.0100", "core", "surgery", "K35.3", "47.0100", 1000, 10_000),
    ("2.0-2025", "K35.3-47.0900", "core", "surgery", "K35.3", "47.0900", 900, 9_000),
    ("2.0-2025", "K35.3-47.0100+54.5101", "core", "surgery", "K35.3", "47.0100+54.5101", 1300, 13_000),
    ("2.0-2025", "J18.9-0", "primary", "conservative", "J18.9", None, 300, 3_000),
    ("2.0-2025", "E11-ZH0", "comprehensive", "conservative", "E11", None, 400, 4_000),
)


def group(
    version: str, code: str, layer: str, kind: str, key: str, operations: str | None, score: int, mean: int
) -> Row:
    return {
        "pack_version": version, "dip_group_code": code, "dip_group_name": code, "dip_layer": layer, "treatment_kind": kind,
        "principal_diagnosis": key, "principal_diagnosis_name": None, "operation_expression": operations,
        "base_score": score * 1_000_000, "group_mean_cost": mean * 100, "case_count": 10,
    }  # fmt: skip


def stay(
    number: int, dx: str, operations: str | None, code: str, fee: int, version: str = "2.0-2025", **wrong: Any
) -> Row:
    """A row as the terms of 2025 give it for a hospital of level two (coefficient 1); `wrong` columns as they are said. Fee in yuan."""
    _, _, layer, _, _, _, score, mean = next(one for one in GROUPS if one[:2] == (version, code))
    ratio = half_up(Decimal(fee) / mean, 4)
    band = "low" if ratio < Decimal("0.5") else "normal" if ratio <= 2 else "high"
    factor = {"low": ratio, "normal": Decimal(1), "high": ratio - 1}[band]
    row = {
        "settlement_id": f"S{number}", "visit_id": f"V{number}", "provider_code": HOSPITAL, "insurance_type": "390",
        "settlement_time": datetime(2025, 3, 1 + number % 28, 10, number % 60), "diagnosis_code": dx,
        "operation_expression": operations, "dip_group_code": code, "dip_layer": layer, "base_score": score * 1_000_000,
        "institution_coefficient": 1_000_000, "deviation_ratio": int(ratio * 1_000_000), "deviation_band": band,
        "deviation_factor": int(factor * 1_000_000), "total_fee": fee * 100, "booked_pay": fee * 60,
    }  # fmt: skip
    row |= wrong
    exact = Decimal(row["base_score"] * row["deviation_factor"] * row["institution_coefficient"]) / 10**18
    return {**row, "dip_points": wrong.get("dip_points", int(half_up(exact, 4) * 1_000_000))}


#: stays about which nothing is wrong, so that the rule can be read off the sheet
RIGHT = [stay(100 + at, "K35.300", None, "K35.3-0", 4_000 + 100 * at) for at in range(10)]


def judged(
    rows: Sequence[Row], records: dict[str, Codes] | None = None, packs: Sequence[Pack] = (), **more: Any
) -> Verified:
    """The rows among right ones, against the catalogue and the terms; `records` by visit where ours differ from the sheet."""
    results = [*RIGHT, *rows]
    sheets = Sheets(
        2025,
        results,
        groups=[group(*one) for one in GROUPS],
        values=[value()],
        providers={HOSPITAL: {"provider_name": "甲医院", "hospital_level": "2", "is_dip": True}},
        codes=records or {},
        **more,
    )
    return verify_sheets(sheets, region("cn-990421"), packs)


def value() -> Row:
    return {
        "service_year": 2025, "insurance_type": "390", "region_mean_cost": 500_000, "case_count": 1, "dip_points": 1_000_000,
        "total_fee": 100, "booked_pay": 60, "preliminary_point_value": 10_000_000, "preliminary_pay_ratio": 600_000,
        "dip_fund": 600, "dip_pay_ratio": 600_000, "settlement_point_value": 10_000_000,
    }  # fmt: skip


def of_stay(verified: Verified, number: int) -> list[tuple[str, str]]:
    """Step and cause of what is told of a stay; nothing may be told of the right ones."""
    told = [one for one in verified.found.differences if one.sheet == "dip_results"]
    assert {one.key for one in told} <= {f"S{number}"}
    return [(one.step, one.cause) for one in told]


def record(dx: str, operations: str = "", others: str = "") -> Codes:
    codes = operations.split()
    return Codes(dx, tuple(others.split()), codes[0] if codes else "", frozenset(codes))

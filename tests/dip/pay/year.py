"""A small bureau by hand: two hospitals, two schemes, a few stays in 2024 and 2025, grouped already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from yibao.dip.pay.clearing import Clearing, clear_year
from yibao.dip.pay.month import settle_month
from yibao.dip.pay.opening import Opened, open_year
from yibao.dip.pay.terms import Terms
from yibao.periods import month_end
from yibao.region.pack import Pack
from yibao.store.schema import arrow_schema
from yibao.store.workspace import Workspace

#: settlement, visit, hospital, insurance, settled on, total and booked (yuan), group, score
Stay = tuple[str, str, str, str, date, int, int, str | None, int | None]
STAYS: tuple[Stay, ...] = (
    ("L1", "W1", "H1", "390", date(2024, 5, 2), 10_000, 6_000, "G1", 1000),
    ("L2", "W2", "H2", "390", date(2024, 6, 2), 5_000, 4_000, "G2", 500),
    ("L3", "W3", "H1", "310", date(2024, 7, 2), 10_000, 8_000, "G1", 1000),
    ("S1", "V1", "H1", "390", date(2025, 1, 10), 10_000, 6_000, "G1", 1000),
    ("S2", "V2", "H2", "390", date(2025, 1, 20), 5_000, 4_000, "G2", 500),
    ("S3", "V3", "H1", "310", date(2025, 1, 31), 10_000, 8_000, "G1", 1000),
    ("S4", "V4", "H2", "390", date(2025, 3, 5), 6_000, 4_500, "G2", 500),
    ("S5", "V5", "H2", "390", date(2025, 3, 6), 3_000, 2_000, None, None),
)
MEAN = {"G1": 1_000_000, "G2": 500_000}
BLANK = {
    pa.string(): "-",
    pa.bool_(): False,
    pa.int64(): 0,
    pa.date32(): date(2025, 1, 1),
    pa.timestamp("us"): datetime(2025, 1, 1),
}


def write(workspace: Workspace, name: str, rows: list[dict[str, Any]], replaces: str = "all") -> None:
    """Rows of a table by hand; what is not said is blank."""
    table = workspace.table(name)
    schema = arrow_schema(table)
    needed = {c.name: BLANK.get(schema.field(c.name).type) for c in table.columns if not c.nullable}
    given = [{**needed, **row} for row in rows]
    workspace.write(name, pa.Table.from_pylist(given, schema=schema), workspace.produced("by hand"), replaces)


def bureau(folder: Path, stays: tuple[Stay, ...] = STAYS, more: tuple[dict[str, Any], ...] = ()) -> Workspace:
    """`more`: further rows of settlements."""
    made = Workspace.create(folder, "cn-99")
    write(made, "providers", [{"provider_code": code, "provider_name": f"{code}医院", "hospital_level": level, "is_dip": True} for code, level in (("H1", "3"), ("H2", "2"))])  # fmt: skip
    write(made, "visits", [visit(stay) for stay in stays])
    write(made, "settlements", [*(settlement(stay) for stay in stays), *more])
    write(made, "dip_groupings", [grouping(stay) for stay in stays])
    write(made, "dip_point_values", list(point_values()))
    write(
        made,
        "dip_assessments",
        [assessed(provider, insurance) for provider in ("H1", "H2") for insurance in ("310", "390")],
    )
    return made


def visit(stay: Stay) -> dict[str, Any]:
    _, of, provider, insurance, day, *_ = stay
    return {
        "visit_id": of,
        "provider_code": provider,
        "insurance_type": insurance,
        "discharge_time": datetime(day.year, day.month, day.day),
    }


def settlement(stay: Stay, **changed: Any) -> dict[str, Any]:
    number, of, provider, insurance, day, fee, booked, *_ = stay
    return {
        "settlement_id": number, "visit_id": of, "provider_code": provider, "insurance_type": insurance, "care_type": "21", "out_of_area": "0",
        "settlement_time": datetime(day.year, day.month, day.day, 9), "benefit_year": day.year, "is_valid": True, "is_reversal": False,
        "total_fee": fee * 100, "pool_fund_pay": booked * 100, **changed,
    }  # fmt: skip


def grouping(stay: Stay) -> dict[str, Any]:
    _, of, provider, insurance, day, _, _, group, score = stay
    return {
        "visit_id": of, "discharge_time": datetime(day.year, day.month, day.day), "provider_code": provider, "insurance_type": insurance,
        "pack_version": "试验", "dip_group_code": group, "dip_layer": "core" if group else None, "base_score": score and score * 1_000_000,
        "group_mean_cost": MEAN.get(group or ""), "grouping_flags": "" if group else "UNGROUPED",
    }  # fmt: skip


def point_values() -> Iterator[dict[str, Any]]:
    for insurance, fund in (("310", 1_000_000), ("390", 1_600_000)):
        yield {
            "service_year": 2025, "insurance_type": insurance, "region_mean_cost": 600_000, "preliminary_point_value": 10_000_000,
            "preliminary_pay_ratio": 700_000, "dip_fund": fund, "case_count": 1_000,
        }  # fmt: skip


def assessed(provider: str, insurance: str, coefficient: int = 1_000_000, cap: int | None = None) -> dict[str, Any]:
    return {"service_year": 2025, "provider_code": provider, "insurance_type": insurance, "assessment_coefficient": coefficient, "institution_cap": cap}  # fmt: skip


def opened(workspace: Workspace, pack: Pack) -> Opened:
    return open_year(workspace, Terms(pack, date(2025, 1, 1)), 2025, None)


def settled(workspace: Workspace, pack: Pack, *months: int) -> None:
    for month in months:
        settle_month(workspace, Terms(pack, month_end(month)), month)


def cleared(workspace: Workspace, pack: Pack, on: date = date(2026, 4, 1)) -> Clearing:
    return clear_year(workspace, Terms(pack, date(2025, 12, 31)), 2025, on)


def rows(workspace: Workspace, name: str, *key: str) -> dict[Any, Mapping[str, Any]]:
    """A table by some of its columns."""
    found = workspace.query(f"SELECT t.* FROM {name} AS t").read_all().to_pylist()
    return {tuple(row[column] for column in key) if len(key) > 1 else row[key[0]]: row for row in found}

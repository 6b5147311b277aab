"""truth/dip_deviations: each row of the city's sheets that is wrong on purpose, with what it should have been."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from yibao.demo.dip import Dip
from yibao.demo.dip_cases import Scored, millionths
from yibao.demo.dip_terms import fen_of
from yibao.demo.records import Shelf, id_text
from yibao.demo.tell_visits import INSURANCE
from yibao.demo.world import World

_TEXTS = ("deviation", "table_name", "row_key", "provider_code", "insurance_type", "column_name")
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in _TEXTS),
        ("service_month", pa.int64()),
        ("right_group", pa.string()),
        ("wrong_group", pa.string()),
        ("right_points", pa.int64()),
        ("wrong_points", pa.int64()),
        ("right_amount", pa.int64()),
        ("wrong_amount", pa.int64()),
    ]
)
"""Keys of several columns are joined by `|` in their order; points are 10⁻⁶, amounts fen. A case's amounts are its points at the budgeted
point value and ratio; months are yyyymm, 0 for the year."""


def dip_deviations(folder: Path, world: World, shelf: Shelf, dip: Dip) -> int:
    """Write the table; its rows."""
    found = sorted(
        [*_cases(world, shelf, dip), *_slips(world, dip)], key=lambda row: (row["deviation"], row["row_key"])
    )
    pq.write_table(pa.Table.from_pylist(found, schema=SCHEMA), folder / "dip_deviations.parquet")
    return len(found)


def _cases(world: World, shelf: Shelf, dip: Dip) -> Iterator[dict[str, str | int | None]]:
    for wrong in dip.wrong:
        block, row = int(dip.found.block[wrong.case]), int(dip.found.row[wrong.case])
        scheme, month = int(dip.found.scheme[wrong.case]), int(dip.found.month[wrong.case])
        settlement = int(shelf.get("visits", dip.year, block)["settlement"][row])
        yield {
            "deviation": wrong.name,
            "table_name": "dip_results",
            "row_key": id_text(dip.year, block, settlement),
            "provider_code": world.institutions.code[int(dip.found.provider[wrong.case])],
            "insurance_type": INSURANCE[scheme],
            "column_name": "dip_points",
            "service_month": dip.year * 100 + month + 1,
            "right_group": wrong.right.group.code if wrong.right.group else None,
            "wrong_group": wrong.wrong.group.code if wrong.wrong.group else None,
            "right_points": millionths(wrong.right.points),
            "wrong_points": millionths(wrong.wrong.points),
            "right_amount": _amount(dip, scheme, wrong.right),
            "wrong_amount": _amount(dip, scheme, wrong.wrong),
        }


def _amount(dip: Dip, scheme: int, scored: Scored) -> int:
    value = dip.sheets.values[scheme]
    return fen_of(scored.points * value.preliminary * value.preliminary_ratio * 100)


def _slips(world: World, dip: Dip) -> Iterator[dict[str, str | int | None]]:
    for slip in dip.sheets.slips:
        monthly, provider = slip.month >= 0, world.institutions.code[slip.provider]
        period = dip.year * 100 + slip.month + 1 if monthly else dip.year
        yield {
            "deviation": slip.name,
            "table_name": "dip_monthly" if monthly else "dip_clearing",
            "row_key": f"{period}|{provider}|{INSURANCE[slip.scheme]}",
            "provider_code": provider,
            "insurance_type": INSURANCE[slip.scheme],
            "column_name": slip.column,
            "service_month": period if monthly else 0,
            "right_amount": slip.right,
            "wrong_amount": slip.wrong,
        }

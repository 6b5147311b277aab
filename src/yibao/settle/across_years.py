"""Bills of stays across the end of a benefit year, as the region's `year_end` says: whole, or one for each year (`year_end`)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yibao.errors import UserError
from yibao.region.benefits.resolve import Benefits
from yibao.region.pack import Pack
from yibao.settle.arrays import CONTINUES, MID_STAY, Flags
from yibao.settle.situations import Situations
from yibao.settle.year_end import split_by_days

WHOLE, BY_DAYS = "whole_at_discharge", "split_by_days"
MARK = "#"  #: between a settlement and the calendar year of its part
_COLUMNS = {
    "full_selfpay": "full_selfpay_total",
    "over_cap": "over_cap_total",
    "pre_selfpay": "pre_selfpay_total",
    "in_scope": "in_scope_total",
}


def may_split(pack: Pack) -> bool:
    """Does any rule say otherwise than whole at discharge? Only then stays across a year end must be looked at."""
    values = (
        value
        for above in pack.chain()
        for key, held in above.parameters.items()
        if key.endswith(".year_end")
        for value in held
    )
    return any(value.value != WHOLE for value in values)


def parts_of(bills: pa.RecordBatchReader, benefits: Benefits, year: int) -> Iterator[pa.RecordBatch]:
    """Bills as they are settled: those of a stay that is split are replaced by its part in `year`, others stay as they are.

    UserError where the region wants two settlements and the hospital sent one.
    """
    situations = Situations(benefits)
    for batch in bills:
        table = pa.Table.from_batches([batch])
        over = crosses(table)
        if not over.any():
            yield from table.filter(pc.equal(table["benefit_year"], year)).to_batches()
            continue
        rest = table.filter(pa.array(~over))
        yield from rest.filter(pc.equal(rest["benefit_year"], year)).to_batches()
        rows = [
            row
            for bill in _split(table.filter(pa.array(over)), situations)
            for row in bill
            if row["benefit_year"] == year
        ]
        if rows:
            yield from pa.Table.from_pylist(rows, schema=table.schema).to_batches()


def crosses(bills: pa.Table) -> Flags:
    """Which bills are of stays that begin in an earlier calendar year than they end."""
    starts, ends = (
        pc.year(bills[name]).combine_chunks().to_numpy(zero_copy_only=False)
        for name in ("stay_start_date", "policy_date")
    )
    found: Flags = np.asarray(starts) < np.asarray(ends)
    return found


def _split(bills: pa.Table, situations: Situations) -> Iterator[list[dict[str, Any]]]:
    kinds, of = situations.kinds(bills)
    for bill, kind in zip(bills.to_pylist(), of.tolist(), strict=True):
        if not bill["is_eligible"]:  # nothing is paid, in either year
            yield [bill]
            continue
        situation = situations.situation(kinds[kind])
        how = situations.benefits.year_end(situation) if situation.care == "inpatient" else WHOLE
        if how == WHOLE:
            yield [bill]
        elif how == BY_DAYS:
            yield _by_days(bill, situations.plans(kinds[kind])[0].rounding)
        else:
            raise UserError(
                f"单据 {bill['bill_id']} 的住院跨了年度，地区规定年末结一次、出院再结一次，现在只有一笔；请由医院分两笔结算后再导入。"
            )


def _by_days(bill: dict[str, Any], rounding: Any) -> list[dict[str, Any]]:
    """One bill for each calendar year of the stay; those of a reversal are as negative as it is."""
    sign = -1 if bill["total_fee"] < 0 else 1
    buckets = {name: abs(bill[column]) for name, column in _COLUMNS.items()}
    start, end, back = bill["stay_start_date"], bill["policy_date"], bill["reverses_bill_id"]
    found: list[dict[str, Any]] = []
    for last, share in split_by_days(buckets, start, end, rounding):
        amounts = {_COLUMNS[name]: sign * amount for name, amount in share.items()}
        mark = f"{MARK}{last.year}"
        found.append({
            **bill, **amounts, "total_fee": sum(amounts.values()), "bill_id": bill["bill_id"] + mark,
            "reverses_bill_id": back + mark if back else None, "benefit_year": bill["benefit_year"] - end.year + last.year,
            "stay_start_date": start if not found else date(last.year, 1, 1), "policy_date": last, "discharge_month": last.year * 100 + last.month,
            "continues": CONTINUES[MID_STAY][0] if found else bill["continues"],
        })  # fmt: skip
    return found

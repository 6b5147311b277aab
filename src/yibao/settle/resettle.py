"""A late notice: the settlements that would have been others, had it been known. A list; nothing is changed."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from yibao.region.benefits.resolve import Benefits
from yibao.settle.run import collect_bills, settled
from yibao.store.schema import arrow_schema
from yibao.store.workspace import Workspace
from yibao.vocabulary.tables import load_tables

RESULT = arrow_schema(load_tables().tables["resettlements"])
_CARRIED = (
    "benefit_year",
    "person_no",
    "settlement_time",
    "bill_id",
    "visit_id",
    "provider_code",
    "insurance_type",
    "care_type",
)


def write_resettlements(workspace: Workspace, before: Benefits, after: Benefits, year: int) -> pa.Table:
    """Settle a year under what was known before and after; write and give the bills whose amounts differ, in order."""
    collect_bills(workspace, after.pack, year)
    rows = differing(settled(workspace, before, year), settled(workspace, after, year))
    for name, benefits in (("known_before", before), ("known_after", after)):
        rows = rows.append_column(name, pa.array([benefits.known_at] * rows.num_rows, pa.date32()))
    found = rows.select(RESULT.names).cast(RESULT)
    produced = workspace.produced("yibao settle resettle", reads=["bills"], year=year, region=after.pack.code)
    workspace.write("resettlements", found, produced, str(year))
    return found


def differing(before: pa.RecordBatchReader, after: pa.RecordBatchReader) -> pa.Table:
    """Two computations of the same bills in the same order: those where a fund or the person pays another amount."""
    old, new = before.read_all().combine_chunks(), after.read_all().combine_chunks()
    if not old["bill_id"].equals(new["bill_id"]):
        raise ValueError("the two computations are of different bills")
    amounts = [name for name in old.schema.names if name.endswith(("_pay", "_paid", "_burden", "_total"))]
    changed = _any_differs(old, new, amounts)
    columns = {name: new[name].filter(changed) for name in _CARRIED}
    for name, column in (("fund_pay", "fund_pay_total"), ("person_burden", "person_burden_total")):
        columns[f"{name}_before"], columns[f"{name}_after"] = old[column].filter(changed), new[column].filter(changed)
    return pa.table(columns)


def _any_differs(old: pa.Table, new: pa.Table, names: list[str]) -> pa.ChunkedArray:
    found = pc.not_equal(old[names[0]], new[names[0]])
    for name in names[1:]:
        found = pc.or_(found, pc.not_equal(old[name], new[name]))
    return found

"""A year through settlement: bills from the tables, each paid as the region's rules say, and compared with what was reported."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from yibao.errors import UserError
from yibao.region.benefits.resolve import Benefits
from yibao.region.pack import Pack
from yibao.settle.batches import RESULT, Settler
from yibao.store.manifest import Manifest, Produced
from yibao.store.sql.text import load_texts
from yibao.store.workspace import Workspace
from yibao.store.write import columns_of

TEXTS = load_texts("yibao.settle")
ORDER = ("benefit_year", "settlement_time", "bill_id")
BILLS = "SELECT b.* FROM bills AS b WHERE b.benefit_year = $year"
_READ = ("visits", "fee_lines", "settlements", "persons", "enrolments", "identities", "providers")


def collect_bills(workspace: Workspace, pack: Pack, year: int) -> Manifest:
    """Write the bills of a benefit year; UserError where nothing was settled or discharged in it."""
    on = date(year, 12, 31)
    ranks = pack.words("identity.order", on=on)
    given = {
        "identity_ranks": pa.table(
            {"identity_type": list(ranks), "rank": pa.array(range(1, len(ranks) + 1), pa.int64())},
            schema=pa.schema([("identity_type", pa.string()), ("rank", pa.int64())]),
        )
    }
    days = int(pack.number("interface.transfer_days", on=on))
    province = workspace.settings.region.partition("-")[2][:2]
    rows = workspace.query(TEXTS["bills"], given, year=year, transfer_days=days, province=province)
    produced = workspace.produced("yibao settle", reads=_READ, year=year, region=pack.code)
    manifest = write_year(workspace, "bills", rows, produced, year)
    if not any(file.partition == str(year) for file in manifest.files):
        raise UserError(f"{year} 年没有已结算或已出院的就诊。请先导入就诊、结算和费用明细，或检查年度。")
    return manifest


def write_year(
    workspace: Workspace,
    table: str,
    rows: pa.RecordBatchReader,
    produced: Produced,
    year: int,
    *,
    in_order: bool = False,
) -> Manifest:
    """Put a year's rows of a computed table in the place of that year's; of all years where the table is declared otherwise by now."""
    before = workspace.manifest(table)
    same = before is None or before.columns == columns_of(workspace.table(table))
    return workspace.write(table, rows, produced, str(year) if same else "all", in_order=in_order)


def settle_year(workspace: Workspace, benefits: Benefits, year: int) -> Manifest:
    """Compute every bill of a year under the rules and write the result. UserError names what the pack lacks."""
    collect_bills(workspace, benefits.pack, year)
    produced = workspace.produced("yibao settle", reads=["bills"], year=year, region=benefits.pack.code)
    return workspace.write(
        "computed_settlements", settled(workspace, benefits, year), produced, str(year), in_order=True
    )


def settled(workspace: Workspace, benefits: Benefits, year: int) -> pa.RecordBatchReader:
    """The computed settlements of a year's bills, streamed in order of their key; writes nothing."""
    return workspace.apply(BILLS, "person_no", ORDER, Settler(benefits), RESULT, year=year)

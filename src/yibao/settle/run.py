"""A year through settlement: bills from the tables, each paid as the region's rules say, and compared with what was reported."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pyarrow as pa

from yibao.errors import UserError
from yibao.region.benefits.resolve import Benefits
from yibao.region.pack import Pack
from yibao.settle.batches import CODES, RESULT, Settler
from yibao.store.manifest import Manifest, Produced
from yibao.store.sql.text import load_texts
from yibao.store.workspace import Given, Workspace

TEXTS = load_texts("yibao.settle")
ORDER = ("benefit_year", "settlement_time", "bill_id")
BILLS = "SELECT b.* FROM bills AS b WHERE b.benefit_year = $year"
_READ = ("visits", "fee_lines", "settlements", "persons", "enrolments", "identities", "providers")


def asked_of_bills(pack: Pack, year: int) -> tuple[Given, int]:
    """What the text `bills` needs of the pack: the order of identities, and `transfer_days`."""
    on = date(year, 12, 31)
    ranks = pack.words("identity.order", on=on)
    return ranked(ranks), int(pack.number("interface.transfer_days", on=on))


def ranked(identities: Sequence[str]) -> Given:
    """The order of identities as rows for the text `bills`."""
    schema = pa.schema([("identity_type", pa.string()), ("rank", pa.int64())])
    rows = {"identity_type": list(identities), "rank": pa.array(range(1, len(identities) + 1), pa.int64())}
    return {"identity_ranks": pa.table(rows, schema=schema)}


def bills_from(workspace: Workspace, pack: Pack, year: int) -> Produced:
    """What the bills of a year are made from, as the tables and the pack stand."""
    given, days = asked_of_bills(pack, year)
    order = " ".join(given["identity_ranks"]["identity_type"].to_pylist())
    return workspace.produced(
        "yibao settle", reads=_READ, year=year, region=pack.code, identity_order=order, transfer_days=days
    )


def no_bills(year: int) -> UserError:
    return UserError(f"{year} 年没有已结算或已出院的就诊。请先导入就诊、结算和费用明细，或检查年度。")


def collect_bills(workspace: Workspace, pack: Pack, year: int) -> Manifest:
    """Write the bills of a benefit year; UserError where nothing was settled or discharged in it."""
    given, days = asked_of_bills(pack, year)
    rows = workspace.query(TEXTS["bills"], given, year=year, transfer_days=days)
    manifest = workspace.write("bills", rows, bills_from(workspace, pack, year), str(year))
    if not any(file.partition == str(year) for file in manifest.files):
        raise no_bills(year)
    return manifest


def settle_year(workspace: Workspace, benefits: Benefits, year: int) -> Manifest:
    """Compute every bill of a year under the rules and write the result. UserError names what the pack lacks, or what may not pay."""
    collect_bills(workspace, benefits.pack, year)
    produced = workspace.produced("yibao settle", reads=["bills"], year=year, region=benefits.pack.code)
    return workspace.write(
        "computed_settlements", settled(workspace, benefits, year, paying=True), produced, str(year), in_order=True
    )


def settled(workspace: Workspace, benefits: Benefits, year: int, *, paying: bool = False) -> pa.RecordBatchReader:
    """The computed settlements of a year's bills, streamed in order of their key; writes nothing.

    `paying`: UserError where they rest on a rule that may only check.
    """
    settler = Settler(benefits, paying)
    if workspace.settings.engine == "spark":
        return workspace.apply(BILLS, "person_no", ORDER, settler, RESULT, year=year)
    return workspace.apply_stored("bills", str(year), "person_no", settler, RESULT, CODES)

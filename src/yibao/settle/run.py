"""A year through settlement: bills from the tables, each paid as the region's rules say, and compared with what was reported."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date

import pyarrow as pa

from yibao.errors import UserError
from yibao.region.benefits.groups import ORDER as IDENTITY_ORDER
from yibao.region.benefits.resolve import Benefits
from yibao.region.pack import Pack
from yibao.settle.across_years import may_split, parts_of
from yibao.settle.batches import CODES, RESULT, Settler
from yibao.settle.closed_years import refuse_closed
from yibao.settle.counted_once import given_once
from yibao.settle.texts import TEXTS
from yibao.store.manifest import Manifest, Produced
from yibao.store.workspace import Given, Workspace
from yibao.store.write import columns_of

ORDER = ("benefit_year", "settlement_time", "bill_id")
BILLS = "SELECT b.* FROM bills AS b WHERE b.benefit_year = $year"
_READ = (
    "visits", "fee_lines", "settlements", "live_settlements", "persons", "enrolments", "identities", "providers", "benefit_waiting", "cap_raises",
)  # fmt: skip


def asked_of_bills(
    workspace: Workspace, pack: Pack, year: int, identities: Sequence[str] | None = None
) -> tuple[Given, dict[str, int | str]]:
    """What the text `bills` needs: the order of identities (the pack's, where none is given), and its parameters."""
    order = order_of_identities(pack, year) if identities is None else identities
    return bills_given(workspace, pack, year, order), parameters_of_bills(workspace, pack, year)


def order_of_identities(pack: Pack, year: int) -> tuple[str, ...]:
    """Which identity of several counts in a year, the first one first."""
    return pack.words(IDENTITY_ORDER, on=date(year, 12, 31))


def any_order(workspace: Workspace, pack: Pack, year: int) -> tuple[str, ...]:
    """The pack's order of identities, or where no document gives one that of the code table: for who does not pay by it."""
    if says_order(pack):
        return order_of_identities(pack, year)
    return tuple(workspace.vocabulary.codes["identity_type"].values)


def says_order(pack: Pack) -> bool:
    """Does the pack say which identity of several counts?"""
    return any(IDENTITY_ORDER in above.parameters for above in pack.chain())


def parameters_of_bills(workspace: Workspace, pack: Pack, year: int) -> dict[str, int | str]:
    """The parameters of the text `bills`. What is treated under other first digits than the region's is in another province."""
    days = int(pack.number("interface.transfer_days", on=date(year, 12, 31)))
    province = workspace.settings.region.partition("-")[2][:2]
    return {"year": year, "transfer_days": days, "province": province}


def bills_given(workspace: Workspace, pack: Pack, year: int, identities: Sequence[str]) -> Given:
    """Rows for the text `bills`: the order of identities, the diagnoses of epidemics with their dates, and what counts once."""
    schema = pa.schema([("identity_type", pa.string()), ("rank", pa.int64())])
    rows = {"identity_type": list(identities), "rank": pa.array(range(1, len(identities) + 1), pa.int64())}
    return {
        "identity_ranks": pa.table(rows, schema=schema),
        "epidemics": dated(pack, "epidemic.diagnoses", "diagnosis_code"),
        **given_once(workspace, year),
    }


def dated(pack: Pack, key: str, column: str) -> pa.Table:
    """A list of codes that a pack keeps over time, as rows: column, valid_from, valid_to. Empty where no document names any."""
    rows = [
        {column: str(code), "valid_from": value.valid_from, "valid_to": value.valid_to or date(9999, 12, 31)}
        for above in pack.chain()
        for value in above.parameters.get(key, ())
        for code in value.value
    ]
    return pa.Table.from_pylist(
        rows, schema=pa.schema([(column, pa.string()), ("valid_from", pa.date32()), ("valid_to", pa.date32())])
    )


def bills_from(workspace: Workspace, pack: Pack, year: int, identities: Sequence[str] | None = None) -> Produced:
    """What the bills of a year are made from, as the tables and the pack stand."""
    given, values = asked_of_bills(workspace, pack, year, identities)
    order = " ".join(given["identity_ranks"]["identity_type"].to_pylist())
    return workspace.produced(
        "yibao settle",
        reads=_READ,
        inputs=(),
        region=pack.code,
        identity_order=order,
        rules=_rules_of_bills(pack),
        **values,
    )


def _rules_of_bills(pack: Pack) -> str:
    """A fingerprint of what a pack says of the bills themselves: how stays over a year end are split, which illnesses are epidemic."""
    said = sorted(
        f"{name} {value.valid_from} {value.valid_to} {value.known} {value.value}"
        for above in pack.chain()
        for name, values in above.parameters.items()
        if name.endswith(".year_end") or name == "epidemic.diagnoses"
        for value in values
    )
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:12]


def no_bills(year: int) -> UserError:
    return UserError(f"{year} 年没有已结算或已出院的就诊。请先导入就诊、结算和费用明细，或检查年度。")


def collect_bills(workspace: Workspace, pack: Pack, year: int, identities: Sequence[str] | None = None) -> Manifest:
    """Write the bills of a benefit year; UserError where nothing was settled or discharged in it."""
    rows = bills_of(workspace, pack, year, identities)
    manifest = write_year(workspace, "bills", rows, bills_from(workspace, pack, year, identities), year)
    if not any(file.partition == str(year) for file in manifest.files):
        raise no_bills(year)
    return manifest


def bills_of(
    workspace: Workspace, pack: Pack, year: int, identities: Sequence[str] | None = None
) -> pa.RecordBatchReader:
    """The bills of a benefit year, in no order; stays over the end of a year as the region settles them."""

    def discharged(in_year: int) -> pa.RecordBatchReader:
        given, values = asked_of_bills(workspace, pack, in_year, identities)
        return workspace.query(TEXTS["bills"], given, **values)

    rows = discharged(year)
    if not may_split(pack):
        return rows
    benefits = Benefits(pack)

    def parts() -> Iterator[pa.RecordBatch]:
        yield from parts_of(rows, benefits, year)
        yield from parts_of(discharged(year + 1), benefits, year)  # those that begin in the year and end in the next

    return pa.RecordBatchReader.from_batches(rows.schema, parts())


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
    """Compute every bill of a year under the rules and write the result. UserError names what the pack lacks, or what may not pay; a closed year is refused."""
    refuse_closed(workspace, year)
    collect_bills(workspace, benefits.pack, year)
    produced = workspace.produced("yibao settle", reads=["bills"], year=year, region=benefits.pack.code)
    rows = settled(workspace, benefits, year, paying=True)
    return write_year(workspace, "computed_settlements", rows, produced, year, in_order=True)


def settled(workspace: Workspace, benefits: Benefits, year: int, *, paying: bool = False) -> pa.RecordBatchReader:
    """The computed settlements of a year's bills, streamed in order of their key; writes nothing.

    `paying`: UserError where they rest on a rule that may only check.
    """
    settler = Settler(benefits, paying)
    if workspace.settings.engine == "spark":
        return workspace.apply(BILLS, "person_no", ORDER, settler, RESULT, year=year)
    return workspace.apply_stored("bills", str(year), "person_no", settler, RESULT, CODES)

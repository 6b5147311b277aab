"""The person's settled year, what new bills give after it, and the rows that are added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyarrow as pa

from yibao.settle.arrays import Ints
from yibao.settle.batches import Settler, result, visits_of
from yibao.settle.counted_once import recognised
from yibao.settle.texts import TEXTS
from yibao.settle.verify import reported_amounts
from yibao.store.schema import arrow_schema
from yibao.store.workspace import Workspace
from yibao.vocabulary.tables import load_tables

Row = Mapping[str, Any]
BILLS = arrow_schema(load_tables().tables["bills"])
LEDGER = arrow_schema(load_tables().tables["live_settlements"])
FEES = ("total_fee", "full_selfpay_total", "over_cap_total", "pre_selfpay_total", "in_scope_total")


@dataclass(frozen=True)
class History:
    """What is settled of a person's benefit year, in order, and what was paid."""

    rows: pa.Table

    @cached_property
    def bills(self) -> pa.Table:
        return self.rows.select(BILLS.names).cast(BILLS)

    @cached_property
    def reported(self) -> Ints:
        return reported_amounts(self.rows)

    @cached_property
    def standing(self) -> list[Row]:
        """The settlements that nobody took back, in order."""
        rows = self.rows.to_pylist()
        undone = {row["reverses_bill_id"] for row in rows if row["reverses_bill_id"]}
        return [row for row in rows if not row["reverses_bill_id"] and row["bill_id"] not in undone]

    @property
    def spent(self) -> int:
        """What the person's own account paid in the year, fen."""
        return int(self.reported[:, -1].sum())


def history(workspace: Workspace, person: str, year: int) -> History:
    """A person's settled year: of the platform first, where the time is equal."""
    given = {"recognised": recognised(workspace, year)}
    rows = workspace.query(TEXTS["person_history"], given, person=person, year=year).read_all()
    order = [("settlement_time", "ascending"), ("entry_no", "ascending"), ("bill_id", "ascending")]
    return History(rows.sort_by(order))


def computed(settler: Settler, before: History, bills: Sequence[Row]) -> list[Row]:
    """Rows of computed_settlements for new bills, after what was settled before."""
    new = pa.Table.from_pylist([{name: bill[name] for name in BILLS.names} for bill in bills], schema=BILLS)
    both = pa.concat_tables([before.bills, new]).combine_chunks()
    out = settler.settled(visits_of(both, settler.situations.numbers(both)), before.reported)
    return list(result(new, out[before.bills.num_rows :], settler.situations.compiled.codes).to_pylist())


def reversal_of(bill: Row, bill_id: str, when: object) -> Row:
    """The bill that takes another one back."""
    return {**bill, **{name: -bill[name] for name in FEES}, "bill_id": bill_id, "reverses_bill_id": bill["bill_id"], "settlement_time": when}  # fmt: skip


def year_rows(workspace: Workspace, year: int) -> pa.Table:
    """The rows of a year as they stand, in the order in which they were written."""
    rows = workspace.query("SELECT l.* FROM live_settlements AS l WHERE l.benefit_year = $year", year=year).read_all()
    return rows.select(LEDGER.names).cast(LEDGER).sort_by("entry_no")


def append(workspace: Workspace, year: int, bills: Sequence[Row], results: Sequence[Row], head: Row) -> list[Row]:
    """Add rows to the year; those that stand are written again as they are. Only under the writer's lock."""
    known = year_rows(workspace, year)
    added = [
        {**dict.fromkeys(LEDGER.names), **bill, **paid, **head, "entry_no": known.num_rows + number}
        for number, (bill, paid) in enumerate(zip(bills, results, strict=True), 1)
    ]
    rows: list[Row] = [{name: row[name] for name in LEDGER.names} for row in added]
    whole = pa.concat_tables([known, pa.Table.from_pylist(rows, schema=LEDGER)])
    produced = workspace.produced("yibao settle accept", reads=["settlements", "bills"], year=year, request=str(head["request_id"]))  # fmt: skip
    workspace.write("live_settlements", whole, produced, str(year))
    return rows

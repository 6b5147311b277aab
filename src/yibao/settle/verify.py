"""What the platform reported, computed again: where the two part, at which step, and which other rule would give the platform's amount.

Every settlement is computed after the history that was reported, so that one wrong settlement is told once and not again at each
later one of the same person. Within a settlement the first step that differs is told; what follows from it is not.
Where the rules do not reach (`reached`) nothing is compared, and how many settlements that leaves out is told by the missing key.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yibao.errors import UserError
from yibao.region.benefits.groups import ORDER as IDENTITY_ORDER
from yibao.region.benefits.plan import Fund
from yibao.region.benefits.resolve import Benefits
from yibao.region.pack import Pack
from yibao.settle import arrays as a
from yibao.settle.arrays import Flags, Ints
from yibao.settle.batches import FUND_COLUMNS, Settler, numbers, visits_of
from yibao.settle.reached import ALL, TO_THE_POOL, Missing, Reached, Reaches
from yibao.settle.run import ORDER, dated, says_order
from yibao.settle.texts import TEXTS
from yibao.store.schema import arrow_schema
from yibao.store.workspace import Workspace
from yibao.vocabulary.tables import load_tables

STEP_OF_FUND = {
    Fund.POOL: "pool", Fund.EMPLOYEE_LARGE_AMOUNT: "large_amount", Fund.CIVIL_SERVANT: "civil_servant",
    Fund.ENTERPRISE_SUPPLEMENT: "enterprise_supplement", Fund.RESIDENT_CRITICAL_ILLNESS: "critical_illness",
    Fund.DISABLED_PERSON: "disabled_person", Fund.MEDICAL_AID: "medical_aid", Fund.OTHER: "other_fund", Fund.HOSPITAL: "hospital",
}  # fmt: skip
#: the steps in their order: code (settlement_step), place among the reported amounts
STEPS = (
    ("deductible", a.REPORTED_DEDUCTIBLE),
    *((step, a.REPORTED_FUND + fund) for fund, step in STEP_OF_FUND.items()),
    ("account", a.REPORTED_ACCOUNT),
)
#: the columns reported_… in the order of the kernel (`arrays.REPORTED_…`)
REPORTED = ("deductible_paid", *(FUND_COLUMNS[fund] for fund in sorted(FUND_COLUMNS)), "account_pay")
CARRIED = (
    "person_no",
    "benefit_year",
    "settlement_id",
    "visit_id",
    "provider_code",
    "insurance_type",
    "care_type",
    "settlement_time",
)
DIFFERENCES = arrow_schema(load_tables().tables["settlement_differences"])
#: how many settlements were not compared in full, carried with the differences
_COUNTED = (("far", pa.int64()), ("missing_key", pa.string()), ("at_earlier", pa.bool_()), ("settlements", pa.int64()))
COMPARED = pa.schema([*(field.with_nullable(True) for field in DIFFERENCES), *(pa.field(*one) for one in _COUNTED)])


@dataclass
class Verifier:
    """Compares batches of settlements under one set of rules: whole persons, in order."""

    benefits: Benefits

    def __post_init__(self) -> None:
        self.settler = Settler(self.benefits)
        self.reaches = Reaches(self.benefits, self.settler.situations)

    def __call__(self, bills: pa.Table) -> pa.Table:
        """Rows of settlement_differences for reported bills (text `reported`)."""
        return self.differences(bills, self.reaches.of(bills))

    def compared(self, bills: pa.Table) -> pa.Table:
        """The differences, and how many bills are not compared in full (COMPARED); a function for `Workspace.apply`."""
        reached = self.reaches.of(bills)
        found, missing = self.differences(bills, reached), reached.missing()
        names = [name for name, _ in _COUNTED]
        counts = [dict(zip(names, (*kind, count), strict=True)) for kind, count in missing.items()]
        told = pa.Table.from_pylist(counts, pa.schema(_COUNTED))
        rows = pa.concat_tables([found, told], promote_options="default")
        return rows.select(COMPARED.names).cast(COMPARED).combine_chunks()

    def differences(self, bills: pa.Table, reached: Reached) -> pa.Table:
        """Where a step that the rules reach differs."""
        reported = _reported(bills)
        ours = self._expected(bills, reported, reached)
        claims = np.asarray(bills["is_eligible"].combine_chunks().to_numpy(zero_copy_only=False), bool)
        rows, steps = np.nonzero((ours != reported) & claims[:, None] & _steps(reached))
        without = _without_claim(bills, np.flatnonzero(~claims & (reported[:, _FUNDS].sum(axis=1) > 0)), reported)
        if not len(rows):
            return without
        near = np.abs(reported - ours)[rows, steps] == 1
        causes = self._causes(bills, reported, reached, rows, steps, ["rounding" if fen else None for fen in near])
        taken = bills.select(list(CARRIED)).take(pa.array(rows))
        columns: dict[str, Any] = {name: taken[name] for name in CARRIED}
        columns["difference_step"] = pa.array([STEPS[at][0] for at in steps], pa.string())
        columns["reported_amount"] = pa.array(reported[rows, steps])
        columns["computed_amount"] = pa.array(ours[rows, steps])
        columns["difference_amount"] = pa.array((reported - ours)[rows, steps])
        columns["difference_cause"] = pa.array(causes, pa.string())
        found = pa.table([columns[name] for name in DIFFERENCES.names], schema=DIFFERENCES)
        return pa.concat_tables([found, without]).combine_chunks()

    def _expected(self, bills: pa.Table, reported: Ints, reached: Reached, nth: int | None = None) -> Ints:
        """What the rules give, a row a bill and a column a step; of no use where they do not reach."""
        plans = reached.plans
        if nth is not None:
            plans = self.settler.situations.compiled.always(plans, nth)
        expected = self.settler.expected(visits_of(bills, plans), reported[:, _TO_KERNEL])
        return expected[:, _FROM_KERNEL]

    def _causes(
        self, bills: pa.Table, reported: Ints, reached: Reached, rows: Ints, steps: Ints, causes: list[str | None]
    ) -> list[str | None]:
        """For each difference without a cause the other rule under which the platform's amount is right."""
        people = pc.unique(bills["person_no"].take(pa.array(rows)))
        kept = np.flatnonzero(np.asarray(pc.is_in(bills["person_no"].combine_chunks(), people)))
        few, places = bills.take(pa.array(kept)), np.searchsorted(kept, rows)
        for name, ours, said in self._otherwise(few, reported[kept], reached.taken(kept)):
            same = (ours[places, steps] == reported[rows, steps]) & said[places, steps]
            causes = [name if cause is None and alike else cause for cause, alike in zip(causes, same, strict=True)]
        return causes

    def _otherwise(self, bills: pa.Table, reported: Ints, reached: Reached) -> Iterator[tuple[str, Ints, Flags]]:
        """The same bills under other facts, the likely mistakes first; and where the rules say something of those."""
        yield "deductible_nth", self._expected(bills, reported, reached, nth=1), _steps(reached)
        yield "deductible_nth", self._expected(bills, reported, reached, nth=2), _steps(reached)
        for name, column, values in (
            ("other_date", "policy_date", (_moved(bills["policy_date"], -365), _moved(bills["policy_date"], 365))),
            ("identity", "identity_type", [pa.nulls(len(bills), pa.string()), *self._identities(len(bills))]),
            ("level", "hospital_level", [pa.repeat(level, len(bills)) for level in "0123"]),
        ):
            for value in values:
                try:
                    changed = bills.set_column(bills.schema.get_field_index(column), column, value)
                    other = self.reaches.of(changed)
                    yield name, self._expected(changed, reported, other), _steps(other)
                except UserError:
                    continue  # what the pack says of that day or kind cannot be read: no explanation from there

    def _identities(self, size: int) -> Iterator[pa.Array]:
        dates, pack = self.benefits.dates, self.benefits.pack
        for word in pack.words(IDENTITY_ORDER, on=dates[-1]) if dates and says_order(pack) else ():
            yield pa.repeat(word, size)


_FROM_KERNEL = [place for _, place in STEPS]
_TO_KERNEL = np.argsort(_FROM_KERNEL)


_FUNDS = [at for at, (_, place) in enumerate(STEPS) if a.REPORTED_FUND <= place < a.REPORTED_ACCOUNT]


def _steps(reached: Reached) -> Flags:
    """The steps that the rules reach, a row a bill: all, or the deductible and what the pool's fund pays, or none."""
    places = np.array(_FROM_KERNEL)[None, :]
    first = (places == a.REPORTED_DEDUCTIBLE) | (places == (a.REPORTED_FUND + reached.fund)[:, None])
    far = reached.far[:, None]
    found: Flags = (far == ALL) | (far == TO_THE_POOL) & first
    return found


def _without_claim(bills: pa.Table, rows: Ints, reported: Ints) -> pa.Table:
    """What funds paid for who had no claim on the day the stay began: one difference a settlement."""
    taken = bills.select(list(CARRIED)).take(pa.array(rows))
    paid = reported[:, _FUNDS].sum(axis=1)[rows]
    columns: dict[str, Any] = {name: taken[name] for name in CARRIED}
    columns |= {
        "reported_amount": pa.array(paid),
        "computed_amount": pa.array(paid * 0),
        "difference_amount": pa.array(paid),
    }
    columns["difference_step"] = pa.array(["eligibility"] * len(rows), pa.string())
    columns["difference_cause"] = pa.array(["not_enrolled"] * len(rows), pa.string())
    return pa.table([columns[name] for name in DIFFERENCES.names], schema=DIFFERENCES)


def reported_amounts(bills: pa.Table) -> Ints:
    """The amounts of the columns reported_…, as the kernel takes them (`arrays.REPORTED_…`)."""
    return np.column_stack([numbers(bills[f"reported_{name}"]) for name in REPORTED])


def _reported(bills: pa.Table) -> Ints:
    """The platform's amounts, a row a bill and a column a step."""
    return reported_amounts(bills)[:, _FROM_KERNEL]


def _moved(days: pa.ChunkedArray, by: int) -> pa.Array:
    """Dates some days earlier or later."""
    return pc.cast(pc.add(pc.cast(days.combine_chunks(), pa.int32()), pa.scalar(by, pa.int32())), pa.date32())


def differences(
    workspace: Workspace, benefits: Benefits, year: int, missing: Counter[Missing] | None = None
) -> pa.RecordBatchReader:
    """The differences of a year, streamed in order of person and settlement.

    Into `missing`, once all is read, how many settlements were not compared in full, by how far they were and the missing key.
    """
    rows = workspace.apply(TEXTS["reported"], "person_no", ORDER, Verifier(benefits).compared, COMPARED, year=year)
    counted = Counter() if missing is None else missing
    return pa.RecordBatchReader.from_batches(DIFFERENCES, _apart(rows, counted))


def _apart(rows: pa.RecordBatchReader, counted: Counter[Missing]) -> Iterator[pa.RecordBatch]:
    """The differences among COMPARED; the counts are added up."""
    names = [name for name, _ in _COUNTED]
    for batch in rows:
        told = pc.is_valid(batch["settlements"])
        for one in batch.filter(told).select(names).to_pylist():
            counted[one["far"], one["missing_key"], one["at_earlier"]] += one["settlements"]
        yield batch.filter(pc.invert(told)).select(DIFFERENCES.names).cast(DIFFERENCES)


def misclassified(workspace: Workspace, pack: Pack, year: int) -> int:
    """How many fee lines of a year's settlements stand in other buckets than their class, cap and ratio say."""
    items = dated(pack, "epidemic.items", "national_item_code")
    return sum(
        batch.num_rows for batch in workspace.query(TEXTS["misclassified"], {"temporary_items": items}, year=year)
    )

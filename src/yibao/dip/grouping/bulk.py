"""Many stays at once: columns in, columns out. Each stay is cut down to what can change its group, and equal remainders are one.

The loop sees a main diagnosis, a main operation and the few other codes that a row in reach names; everything else is dropped
before, by intersection with `Plan.kept`. Codes are read once each, decisions made once each, flags are bits.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa

from yibao.dip.auxiliary.facts import FACTS
from yibao.dip.auxiliary.subtype import Subtyper
from yibao.dip.codes import Code
from yibao.dip.grouping.batch import BITS, VENTILATED, Batch
from yibao.dip.grouping.decision import Decision
from yibao.dip.grouping.group import Grouper
from yibao.dip.grouping.plans import Plan
from yibao.dip.grouping.remainder import NONE
from yibao.dip.grouping.trace import trace_codes
from yibao.dip.numbered import Ints, Numbered
from yibao.money import round_fen

#: stays: codes as recorded, the main ones apart; weight in g; ventilation in minutes; cost in fen
STAYS = pa.schema(
    [
        ("principal_dx", pa.string()),
        ("principal_proc", pa.string()),
        ("related_procs", pa.list_(pa.string())),
        ("other_dx", pa.list_(pa.string())),
        ("age_day", pa.int64()),
        ("birth_weight_g", pa.int64()),
        ("vent_minutes", pa.int64()),
        ("cost", pa.int64()),
    ]
)
CASE = pa.schema([*STAYS, *FACTS])  #: a stay with what the auxiliary splits ask as well
RESULT = pa.schema(
    [
        ("dip_group_code", pa.string()),
        ("dip_layer", pa.string()),
        ("treatment_kind", pa.string()),
        ("base_score", pa.int64()),
        ("group_mean_cost", pa.int64()),
        ("grouping_flags", pa.string()),
        ("grouping_trace", pa.string()),
    ]
)
_SHOWN = 63
_MILLIONTHS = 1_000_000


class BulkGrouper:
    """Groups batches with one pack; what it learns stays for the next batch."""

    def __init__(self, grouper: Grouper) -> None:
        self.grouper = grouper
        pack = grouper.pack
        self.diagnoses = Numbered(pack.diagnoses.read, lambda code: BITS.get(code.status, 0))
        self.operations = Numbered(pack.operations.read, self._operation_bits)
        self._plans: dict[int, tuple[Plan, frozenset[str], dict[Any, int]] | None] = {}
        self._decisions: list[Decision] = []
        self._numbers: dict[int, int] = {}
        self._resolved: dict[tuple[int, int], int] = {}
        self._rows: dict[int, tuple[Any, ...]] = {}
        self._subtyper = Subtyper(pack)

    def _operation_bits(self, code: Code) -> int:
        pack = self.grouper.pack
        strange = bool(pack.kinds) and bool(code.raw) and code.code not in pack.kinds
        ventilated = code.code in pack.settings.ventilation
        return BITS.get(code.status, 0) | (strange * BITS["KIND_UNKNOWN"]) | (ventilated * VENTILATED)

    def group(self, stays: pa.RecordBatch) -> pa.RecordBatch:
        """RESULT for STAYS, row by row."""
        with _uncollected():
            batch = Batch(self, stays)
            decided = self._by_cost(batch.decided(), stays)
            return self._told(decided, batch.bits())

    @property
    def uses_fees(self) -> bool:
        """Do subtypes ask for treatment and drugs of a stay?"""
        return self._subtyper.rules is not None and self._subtyper.rules.uses_fees

    def subtypes(self, stays: pa.RecordBatch, groups: pa.Array) -> pa.RecordBatch:
        """SUBTYPES for CASE, row by row, by the groups that the stays are in; nothing where the pack splits no group."""
        return self._subtyper.found(stays, groups, self.diagnoses)

    def plan(self, number: int) -> tuple[Plan, frozenset[str], dict[Any, int]] | None:
        """The plan of a numbered diagnosis and what was decided under it; None where nothing is grouped on it."""
        if number not in self._plans:
            code = self.diagnoses.codes[number]
            plan = self.grouper.plans.plan(code) if number and code.counts else None
            self._plans[number] = (plan, plan.kept, {}) if plan else None
        return self._plans[number]

    def number(self, decision: Decision) -> int:
        found = self._numbers.get(id(decision))
        if found is None:
            found = self._numbers[id(decision)] = len(self._decisions)
            self._decisions.append(decision)
        return found

    def _by_cost(self, decided: Ints, stays: pa.RecordBatch) -> Ints:
        """Rows of equal right told apart by the cost of each stay."""
        tied = np.array([bool(decision.tied) for decision in self._decisions])
        places = np.flatnonzero(tied[decided]) if tied.any() else np.zeros(0, np.int64)
        if not len(places):
            return decided
        decided = decided.copy()
        costs = stays["cost"].take(pa.array(places)).to_pylist()
        for place, cost in zip(places.tolist(), costs, strict=True):
            decision = self._decisions[decided[place]]
            found = decision.resolved(None if cost is None else Decimal(cost) / 100)
            order = found.row.order if found.row else NONE
            key = (int(decided[place]), order if cost is not None else NONE - 1)
            if key not in self._resolved:
                self._resolved[key] = self.number(found)
            decided[place] = self._resolved[key]
        return decided

    def _told(self, decided: Ints, bits: Ints) -> pa.RecordBatch:
        """Decisions and bits as text, each pair once."""
        pairs, inverse = np.unique(decided * (_SHOWN + 1) + (bits & _SHOWN), return_inverse=True)
        rows = [self._row(pair) for pair in pairs.tolist()]
        index = pa.array(inverse.astype(np.int32))
        columns = [
            pa.array([row[i] for row in rows], type_).take(index)
            for i, type_ in enumerate(field.type for field in RESULT)
        ]
        return pa.RecordBatch.from_arrays(columns, schema=RESULT)

    def _row(self, pair: int) -> tuple[Any, ...]:
        if pair not in self._rows:
            self._rows[pair] = self._words(self._decisions[pair // (_SHOWN + 1)], pair % (_SHOWN + 1))
        return self._rows[pair]

    def _words(self, decision: Decision, bits: int) -> tuple[Any, ...]:
        row = decision.row
        flags = [*decision.flags, *(name for name, bit in BITS.items() if bits & bit)]
        score = int(row.score * _MILLIONTHS) if row and row.score is not None else None
        mean = round_fen(row.mean_cost) if row and row.mean_cost is not None else None
        return (
            row.group if row else None,
            row.layer if row else None,
            row.kind if row else None,
            score,
            mean,
            " ".join(dict.fromkeys(flags)),
            trace_codes(decision),
        )


@contextmanager
def _uncollected() -> Iterator[None]:
    """Decisions are many small objects without cycles: looking for cycles among them took a fifth of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()

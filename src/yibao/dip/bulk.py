"""Many stays at once: columns in, columns out. Each stay is cut down to what can change its group, and equal remainders are one.

The loop sees a main diagnosis, a main operation and the few other codes that a row in reach names; everything else is dropped
before, by intersection with `Plan.kept`. Codes are read once each, decisions made once each, flags are bits.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yibao.dip.codes import Code
from yibao.dip.decide import Decision
from yibao.dip.group import Grouper
from yibao.dip.plans import Plan
from yibao.dip.remainder import NONE
from yibao.dip.trace import trace_codes

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
RESULT = pa.schema(
    [
        ("dip_group_code", pa.string()),
        ("dip_layer", pa.string()),
        ("treatment_kind", pa.string()),
        ("base_score", pa.int64()),
        ("grouping_flags", pa.string()),
        ("grouping_trace", pa.string()),
    ]
)
_BITS = {"REPAIRED_CODE": 1, "UNMAPPED_CODE": 2, "AMBIGUOUS_CODE": 4, "UNKNOWN_CODE": 8, "KIND_UNKNOWN": 16, "VENT_CONTRADICTS": 32}  # fmt: skip
_VENTILATED = 64  #: an operation stands for hours of ventilation
_SHOWN = 63
_MILLIONTHS = 1_000_000
_NO_EXTRA: tuple[Any, ...] = ()
Ints = np.ndarray[Any, np.dtype[np.int64]]


@dataclass
class _Codes:
    """Codes met so far, numbered: what each means, and the bits that it sets on a stay."""

    read: Any
    bits_of: Any
    numbers: dict[str, int] = field(default_factory=dict)
    codes: list[Code] = field(default_factory=list)
    bits: list[int] = field(default_factory=list)

    def encode(self, values: pa.Array) -> Ints:
        """The number of each value; null and empty are number 0, which is no code."""
        if not self.codes:
            self._number("")
        encoded = values.fill_null("").dictionary_encode()
        numbers = np.array([self._number(raw) for raw in encoded.dictionary.to_pylist()], np.int64)
        return numbers[encoded.indices.to_numpy(zero_copy_only=False)] if len(values) else np.zeros(0, np.int64)

    def _number(self, raw: str) -> int:
        number = self.numbers.get(raw)
        if number is None:
            number = self.numbers[raw] = len(self.codes)
            code = self.read(raw) if raw else Code("", "")
            self.codes.append(code)
            self.bits.append(self.bits_of(code) if raw else 0)
        return number


class BulkGrouper:
    """Groups batches with one pack; what it learns stays for the next batch."""

    def __init__(self, grouper: Grouper) -> None:
        self.grouper = grouper
        pack = grouper.pack
        self.diagnoses = _Codes(pack.diagnoses.read, lambda code: _BITS.get(code.status, 0))
        self.operations = _Codes(pack.operations.read, self._operation_bits)
        self._plans: dict[int, tuple[Plan, frozenset[str], dict[Any, int]] | None] = {}
        self._decisions: list[Decision] = []
        self._numbers: dict[int, int] = {}
        self._resolved: dict[tuple[int, int], int] = {}

    def _operation_bits(self, code: Code) -> int:
        pack = self.grouper.pack
        strange = bool(pack.kinds) and code.code not in pack.kinds
        ventilated = code.code in pack.settings.ventilation
        return _BITS.get(code.status, 0) | (strange * _BITS["KIND_UNKNOWN"]) | (ventilated * _VENTILATED)

    def group(self, stays: pa.RecordBatch) -> pa.RecordBatch:
        """RESULT for STAYS, row by row."""
        batch = _Batch(self, stays)
        decided = batch.decided()
        decided = self._by_cost(decided, stays)
        return self._told(decided, batch.bits())

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
        rows = [self._row(self._decisions[pair // (_SHOWN + 1)], pair % (_SHOWN + 1)) for pair in pairs.tolist()]
        index = pa.array(inverse.astype(np.int32))
        columns = [
            pa.array([row[i] for row in rows], type_).take(index)
            for i, type_ in enumerate(field.type for field in RESULT)
        ]
        return pa.RecordBatch.from_arrays(columns, schema=RESULT)

    def _row(self, decision: Decision, bits: int) -> tuple[Any, ...]:
        row = decision.row
        flags = [*decision.flags, *(name for name, bit in _BITS.items() if bits & bit)]
        score = int(row.score * _MILLIONTHS) if row and row.score is not None else None
        return (
            row.group if row else None,
            row.layer if row else None,
            row.kind if row else None,
            score,
            " ".join(dict.fromkeys(flags)),
            trace_codes(decision),
        )


class _Batch:
    """One batch on its way."""

    def __init__(self, bulk: BulkGrouper, stays: pa.RecordBatch) -> None:
        self.bulk, self.stays = bulk, stays
        self.principal = bulk.diagnoses.encode(stays["principal_dx"])
        self.main = bulk.operations.encode(stays["principal_proc"])
        self.related, self.related_at = self._lists("related_procs", bulk.operations)
        self.others, self.others_at = self._lists("other_dx", bulk.diagnoses)
        self.operation_bits = np.array(bulk.operations.bits, np.int64)
        self.diagnosis_bits = np.array(bulk.diagnoses.bits, np.int64)

    def _lists(self, name: str, codes: _Codes) -> tuple[Ints, Ints]:
        """The numbers of all lists one after the other, and where each list begins and the last ends."""
        lists = self.stays[name]
        if lists.null_count:
            lists = pc.if_else(lists.is_valid(), lists, pa.scalar([], lists.type))
        lengths = pc.list_value_length(lists).to_numpy(zero_copy_only=False).astype(np.int64)
        return codes.encode(lists.flatten()), np.concatenate(([0], np.cumsum(lengths)))

    def decided(self) -> Ints:
        """The number of each stay's decision."""
        bulk, cutter = self.bulk, self.bulk.grouper.cutter
        names = [code.code if code.counts else "" for code in bulk.operations.codes]
        flat = [names[number] for number in self.related.tolist()]
        leads = np.array([bool(name) and name not in cutter.excluded for name in names])[self.main]
        needs_rest = ~leads | cutter.needs_kind
        rest = np.where(needs_rest, self._rest(names), NONE).tolist()
        extras = self._extras(names)
        found: list[int] = []
        add = found.append
        ends = self.related_at.tolist()
        begin = 0
        plans = {number: bulk.plan(number) for number in np.unique(self.principal).tolist()}
        nothing = frozenset[str]()
        for place, (principal, main) in enumerate(zip(self.principal.tolist(), self.main.tolist(), strict=True)):
            end = ends[place + 1]
            known = plans[principal]
            if known is None:
                add(self._unread(principal))
                begin = end
                continue
            plan, kept, decided = known
            codes = kept.intersection(flat[begin:end]) if end > begin else nothing
            key = (main, codes, rest[place], extras.get(place, _NO_EXTRA))
            number = decided.get(key)
            if number is None:
                number = decided[key] = self._decide(plan, place)
            add(number)
            begin = end
        return np.array(found, np.int64)

    def _rest(self, names: list[str]) -> Ints:
        """Kind and level of the greatest operation beside the main one."""
        ranks = np.array([self.bulk.grouper.cutter.rank(name) if name else NONE for name in names], np.int64)
        return _reduced(np.maximum, ranks[self.related], self.related_at, NONE)

    def _extras(self, names: list[str]) -> dict[int, tuple[Any, ...]]:
        """What few stays have: other diagnoses that matter with age and weight, unread operations, order, surplus."""
        found: dict[int, list[Any]] = {}
        cutter, settings = self.bulk.grouper.cutter, self.bulk.grouper.pack.settings
        codes = self.bulk.diagnoses.codes
        matters = np.array([code.counts and any(cutter.matters(code)) for code in codes], bool)
        facts = np.array([code.counts and cutter.matters(code)[0] for code in codes], bool)
        where = np.flatnonzero(matters[self.others])
        owners = np.searchsorted(self.others_at, where, side="right") - 1
        for place, number in zip(owners.tolist(), self.others[where].tolist(), strict=True):
            found.setdefault(place, []).append(codes[number].code)
        with_facts = set(np.flatnonzero(facts[self.principal]).tolist()) | {
            place for place, number in zip(owners.tolist(), self.others[where].tolist(), strict=True) if facts[number]
        }
        for place in with_facts:
            age, weight = self.stays["age_day"][place].as_py(), self.stays["birth_weight_g"][place].as_py()
            found.setdefault(place, []).append((age, weight))
        for place in np.flatnonzero(self._unread_operations()).tolist():
            found.setdefault(place, []).append("?")
        keys = {place: tuple(sorted(set(map(str, said)))) for place, said in found.items()}
        if cutter.needs_surplus or settings.next_main == "in_order" or self.bulk.grouper.plans.prefixes:
            for place in range(len(self.main)):
                order = self.related[self.related_at[place] : self.related_at[place + 1]].tolist()
                said = order if settings.next_main == "in_order" else sorted(set(order))
                keys[place] = (*keys.get(place, ()), *said)
        return keys

    def _unread_operations(self) -> Any:
        counts = np.array([not code.counts for code in self.bulk.operations.codes], np.int64)
        return counts[self.main] | _reduced(np.bitwise_or, counts[self.related], self.related_at, 0)

    def _decide(self, plan: Plan, place: int) -> int:
        """The careful way, once for all stays that are equal in what matters."""
        bulk = self.bulk
        related = [bulk.operations.codes[i] for i in self.related[self.related_at[place] : self.related_at[place + 1]]]
        others = [bulk.diagnoses.codes[i] for i in self.others[self.others_at[place] : self.others_at[place + 1]]]
        main = bulk.operations.codes[self.main[place]]
        remainder = bulk.grouper.cutter.cut(
            plan,
            main,
            [code.code for code in related if code.counts and code.code],
            [code for code in others if code.counts and code.code],
            any(not code.counts for code in (main, *related)),
            self.stays["age_day"][place].as_py(),
            self.stays["birth_weight_g"][place].as_py(),
        )
        return bulk.number(bulk.grouper.decision(remainder))

    def _unread(self, principal: int) -> int:
        return self.bulk.number(_MISSING if principal == 0 else _UNREAD)

    def bits(self) -> Ints:
        """The flags of each stay's codes."""
        found = self.operation_bits[self.main] | self.diagnosis_bits[self.principal]
        found |= _reduced(np.bitwise_or, self.operation_bits[self.related], self.related_at, 0)
        found |= _reduced(np.bitwise_or, self.diagnosis_bits[self.others], self.others_at, 0)
        for place in np.flatnonzero(found & _VENTILATED).tolist():
            minutes = self.stays["vent_minutes"][place].as_py()
            numbers = [self.main[place], *self.related[self.related_at[place] : self.related_at[place + 1]]]
            operations = [self.bulk.operations.codes[number].code for number in numbers]
            hours = None if minutes is None else Decimal(minutes) / 60
            if self.bulk.grouper.contradicts(hours, operations):
                found[place] |= _BITS["VENT_CONTRADICTS"]
        return found


_MISSING = Decision(None, ("MISSING_INPUT", "UNGROUPED"))
_UNREAD = Decision(None, ("UNGROUPED",))


def _reduced(operation: Any, values: Ints, at: Ints, empty: int) -> Ints:
    """One value a list: its values put together; `empty` for an empty list."""
    found = np.full(len(at) - 1, empty, np.int64)
    filled = at[1:] > at[:-1]
    if filled.any():
        found[filled] = operation.reduceat(values, at[:-1][filled])
    return found

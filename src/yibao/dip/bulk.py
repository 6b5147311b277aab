"""Many stays at once: columns in, columns out. Each stay is cut down to what can change its group, and equal remainders are one.

The loop sees a main diagnosis, a main operation and the few other codes that a row in reach names; everything else is dropped
before, by intersection with `Plan.kept`. Codes are read once each, decisions made once each, flags are bits.
"""

from __future__ import annotations

from collections.abc import Callable
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
Ints = np.ndarray[Any, np.dtype[np.int64]]


@dataclass
class _Codes:
    """Codes met so far, numbered: what each means, and the bits that it sets on a stay."""

    read: Any
    bits_of: Any
    numbers: dict[str, int] = field(default_factory=dict)
    codes: list[Code] = field(default_factory=list)
    columns: dict[str, Any] = field(default_factory=dict)

    def encode(self, values: pa.Array) -> Ints:
        """The number of each value; null and empty are number 0, which is no code."""
        if not self.codes:
            self._number("")
        encoded = values.fill_null("").dictionary_encode()
        numbers = np.array([self._number(raw) for raw in encoded.dictionary.to_pylist()], np.int64)
        return numbers[encoded.indices.to_numpy(zero_copy_only=False)] if len(values) else np.zeros(0, np.int64)

    def column(self, name: str, value: Callable[[Code], Any], kind: Any) -> Any:
        """One value a code, as an array; worked out for the codes that are new since it was asked last."""
        known = self.columns.get(name)
        done = 0 if known is None else len(known)
        if known is None or done < len(self.codes):
            more = np.empty(len(self.codes) - done, kind)
            more[:] = [value(code) for code in self.codes[done:]]
            known = self.columns[name] = more if known is None else np.concatenate((known, more))
        return known

    def _number(self, raw: str) -> int:
        number = self.numbers.get(raw)
        if number is None:
            number = self.numbers[raw] = len(self.codes)
            code = self.read(raw) if raw else Code("", "")
            self.codes.append(code)
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
        self._rows: dict[int, tuple[Any, ...]] = {}

    def _operation_bits(self, code: Code) -> int:
        pack = self.grouper.pack
        strange = bool(pack.kinds) and bool(code.raw) and code.code not in pack.kinds
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

    def _lists(self, name: str, codes: _Codes) -> tuple[Ints, Ints]:
        """The numbers of all lists one after the other, and where each list begins and the last ends."""
        lists = self.stays[name]
        if lists.null_count:
            lists = pc.if_else(lists.is_valid(), lists, pa.scalar([], lists.type))
        lengths = pc.list_value_length(lists).to_numpy(zero_copy_only=False).astype(np.int64)
        return codes.encode(lists.flatten()), np.concatenate(([0], np.cumsum(lengths)))

    def decided(self) -> Ints:
        """The number of each stay's decision."""
        bulk = self.bulk
        names = bulk.operations.column("name", lambda code: code.code if code.counts else "", object)
        flat = names[self.related].tolist()
        ends = self.related_at.tolist()
        plans = {number: bulk.plan(number) for number in np.unique(self.principal).tolist()}
        rows = zip(self.principal.tolist(), self.main.tolist(), ends, ends[1:], self._extras(), strict=False)
        found: list[int] = []
        add = found.append
        for principal, main, begin, end, extra in rows:
            known = plans[principal]
            if known is None:
                add(self._unread(principal))
                continue
            plan, kept, decided = known
            codes = flat[begin:end]
            key = main if extra == NONE and kept.isdisjoint(codes) else (main, kept.intersection(codes), extra)
            number = decided.get(key)
            if number is None:
                number = decided[key] = self._decide(plan, len(found))
            add(number)
        return np.array(found, np.int64)

    def _rest(self) -> Ints:
        """Kind and level of the greatest operation beside the main one."""
        rank = self.bulk.grouper.cutter.rank
        ranks = self.bulk.operations.column("rank", lambda c: rank(c.code) if c.code and c.counts else NONE, np.int64)
        return _reduced(np.maximum, ranks[self.related], self.related_at, NONE)

    def _extras(self) -> list[Any]:
        """What few stays have beside operations that rows name; NONE for all others.

        The greatest kind where the main operation does not lead, other diagnoses that matter, age and weight where they do, that
        an operation is unread, and all operations where the pack asks for exact sets, prefixes or their order.
        """
        cutter, settings, plans = self.bulk.grouper.cutter, self.bulk.grouper.pack.settings, self.bulk.grouper.plans
        leading = self.bulk.operations.column(
            "leads", lambda code: bool(code.code) and code.counts and code.code not in cutter.excluded, bool
        )
        leads = leading[self.main]
        extras: list[Any] = np.where(~leads | cutter.needs_kind, self._rest(), NONE).tolist()
        found: dict[int, list[Any]] = {}
        self._other_diagnoses(found)
        for place in np.flatnonzero(self._unread_operations()).tolist():
            found.setdefault(place, []).append("?")
        for place, said in found.items():
            extras[place] = (extras[place], *sorted(map(str, said)))
        if cutter.needs_surplus or cutter.keeps_surgery or settings.next_main == "in_order" or plans.prefixes:
            for place, (begin, end) in enumerate(zip(self.related_at[:-1], self.related_at[1:], strict=True)):
                order = self.related[begin:end].tolist()
                in_order = settings.next_main == "in_order"
                extras[place] = (extras[place], tuple(order) if in_order else frozenset(order))
        return extras

    def _other_diagnoses(self, found: dict[int, list[Any]]) -> None:
        codes, cutter = self.bulk.diagnoses.codes, self.bulk.grouper.cutter
        column = self.bulk.diagnoses.column
        matters = column("matters", lambda code: code.counts and any(cutter.matters(code)), bool)
        facts = column("facts", lambda code: code.counts and cutter.matters(code)[0], bool)
        where = np.flatnonzero(matters[self.others])
        owners = (np.searchsorted(self.others_at, where, side="right") - 1).tolist()
        numbers = self.others[where].tolist()
        for place, number in zip(owners, numbers, strict=True):
            found.setdefault(place, []).append(codes[number].code)
        with_facts = {place for place, number in zip(owners, numbers, strict=True) if facts[number]}
        for place in with_facts | set(np.flatnonzero(facts[self.principal]).tolist()):
            facts_of = (self.stays["age_day"][place].as_py(), self.stays["birth_weight_g"][place].as_py())
            found.setdefault(place, []).append(facts_of)

    def _unread_operations(self) -> Any:
        counts = self.bulk.operations.column("unread", lambda code: not code.counts, np.int64)
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
        operations = self.bulk.operations.column("bits", self.bulk.operations.bits_of, np.int64)
        diagnoses = self.bulk.diagnoses.column("bits", self.bulk.diagnoses.bits_of, np.int64)
        found: Ints = operations[self.main] | diagnoses[self.principal]
        found |= _reduced(np.bitwise_or, operations[self.related], self.related_at, 0)
        found |= _reduced(np.bitwise_or, diagnoses[self.others], self.others_at, 0)
        for place in np.flatnonzero(found & _VENTILATED).tolist():
            minutes = self.stays["vent_minutes"][place].as_py()
            numbers = [self.main[place], *self.related[self.related_at[place] : self.related_at[place + 1]]]
            codes = [self.bulk.operations.codes[number].code for number in numbers]
            hours = None if minutes is None else Decimal(minutes) / 60
            if self.bulk.grouper.contradicts(hours, codes):
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

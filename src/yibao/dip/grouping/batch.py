"""One batch of stays on its way: lists of codes as flat arrays, and the loop that finds each stay's decision."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yibao.dip.grouping.group import MISSING, UNREAD
from yibao.dip.grouping.plans import Plan
from yibao.dip.grouping.remainder import NONE
from yibao.dip.numbered import Ints, Numbered

if TYPE_CHECKING:
    from yibao.dip.grouping.bulk import BulkGrouper

#: flags that follow from codes alone, as bits of a stay
BITS = {"REPAIRED_CODE": 1, "UNMAPPED_CODE": 2, "AMBIGUOUS_CODE": 4, "UNKNOWN_CODE": 8, "KIND_UNKNOWN": 16, "VENT_CONTRADICTS": 32}  # fmt: skip
VENTILATED = 64  #: an operation stands for hours of ventilation


class Batch:
    """One batch on its way."""

    def __init__(self, bulk: BulkGrouper, stays: pa.RecordBatch) -> None:
        self.bulk, self.stays = bulk, stays
        self.principal = bulk.diagnoses.encode(stays["principal_dx"])
        self.main = bulk.operations.encode(stays["principal_proc"])
        self.related, self.related_at = self._lists("related_procs", bulk.operations)
        self.others, self.others_at = self._lists("other_dx", bulk.diagnoses)

    def _lists(self, name: str, codes: Numbered) -> tuple[Ints, Ints]:
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
        surplus = bulk.grouper.cutter.needs_surplus
        counted = {name for name in set(flat) if name and bulk.grouper.cutter.rank(name) != NONE} if surplus else set()
        found: list[int] = []
        add = found.append
        for principal, main, begin, end, extra in rows:
            known = plans[principal]
            if known is None:
                add(self._unread(principal))
                continue
            plan, kept, decided = known
            codes = flat[begin:end]
            if extra == NONE and not (surplus and codes) and kept.isdisjoint(codes):
                key = main
            elif surplus:
                key = (main, kept.intersection(codes), extra, any(c not in kept and c in counted for c in codes))
            else:
                key = (main, kept.intersection(codes), extra)
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
        unread = self.bulk.operations.column("unread", lambda code: not code.counts, bool)
        for place in np.flatnonzero(unread[self.main]).tolist():
            found.setdefault(place, []).append("?")
        for place, said in found.items():
            extras[place] = (extras[place], *sorted(map(str, said)))
        if cutter.keeps_surgery or settings.next_main == "in_order" or plans.prefixes:
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
            self.stays["age_day"][place].as_py(),
            self.stays["birth_weight_g"][place].as_py(),
        )
        return bulk.number(bulk.grouper.decision(remainder))

    def _unread(self, principal: int) -> int:
        return self.bulk.number(MISSING if principal == 0 else UNREAD)

    def bits(self) -> Ints:
        """The flags of each stay's codes."""
        operations = self.bulk.operations.column("bits", self.bulk.operations.bits_of, np.int64)
        diagnoses = self.bulk.diagnoses.column("bits", self.bulk.diagnoses.bits_of, np.int64)
        found: Ints = operations[self.main] | diagnoses[self.principal]
        found |= _reduced(np.bitwise_or, operations[self.related], self.related_at, 0)
        found |= _reduced(np.bitwise_or, diagnoses[self.others], self.others_at, 0)
        for place in np.flatnonzero(found & VENTILATED).tolist():
            minutes = self.stays["vent_minutes"][place].as_py()
            numbers = [self.main[place], *self.related[self.related_at[place] : self.related_at[place + 1]]]
            codes = [self.bulk.operations.codes[number].code for number in numbers]
            hours = None if minutes is None else Decimal(minutes) / 60
            if self.bulk.grouper.contradicts(hours, codes):
                found[place] |= BITS["VENT_CONTRADICTS"]
        return found


def _reduced(operation: Any, values: Ints, at: Ints, empty: int) -> Ints:
    """One value a list: its values put together; `empty` for an empty list."""
    found = np.full(len(at) - 1, empty, np.int64)
    filled = at[1:] > at[:-1]
    if filled.any():
        found[filled] = operation.reduceat(values, at[:-1][filled])
    return found

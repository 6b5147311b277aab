"""Counting stays, batch after batch: codes are read once each, and a stay that is left out has a reason.

A stay's combination is the 亚目 of its main diagnosis with the operations that may make a group: read, not excluded from
grouping, and, where the edition counts conservative operations as none, more than conservative.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yibao.dip.auxiliary.facts import Facts, facts, joined
from yibao.dip.build.clean import Reason
from yibao.dip.build.stays import NATIONAL, UNKNOWN, Known, Stays, stem
from yibao.dip.codes import Code
from yibao.dip.grouping.bulk import CASE, BulkGrouper
from yibao.dip.grouping.group import Grouper
from yibao.dip.grouping.remainder import CLASSED
from yibao.dip.numbered import Ints, Numbered

_PLAIN = {"cost": "cost", "los": "los_days", "drug": "drug", "material": "material"}


class Counter:
    """Takes batches of stays, year after year."""

    def __init__(self, known: Known, every_hospital: bool, longest: int, years: int) -> None:
        self.known, self.every_hospital, self.longest = known, every_hospital, longest
        self.diagnoses = Numbered(known.diagnoses.read, lambda code: 0)
        self.operations = Numbered(known.operations.read, lambda code: 0)
        self.reasons = np.zeros((years, len(Reason)), np.int64)
        self.unclassed = 0
        self._stems, self._sets, self._codes = _Names(), _Names(), _Names()
        self._sets.number(())
        self._parts: dict[str, list[Ints]] = {}
        self._facts: list[Facts] = []
        self._national = BulkGrouper(Grouper(known.national)) if known.national is not None else None

    def add(self, batch: pa.RecordBatch, year: int) -> None:
        """COUNTED rows of the year at this place."""
        principal, main = self._leading(batch)
        reason = self._reason(batch, principal, main)
        self.reasons[year] += np.bincount(reason, minlength=len(Reason))
        keep = np.flatnonzero(reason == Reason.COUNTED)
        columns = {
            "year": np.full(len(batch), year, np.int64),
            "stem": self._stem()[principal],
            "code": self._code()[principal],
            "set": self._sets_of(batch, main),
            "kind": self._kinds_of(batch, main),
            "level": _level(batch["hospital_level"]),
            **{name: _whole(batch[said]) for name, said in _PLAIN.items()},
        }
        self._put_in_national(batch, columns)
        if self.known.rules is not None:
            self._facts.append(facts(self.known.rules, self.known.lists, batch, self.diagnoses).of(keep))
        for name, values in columns.items():
            self._parts.setdefault(name, []).append(values[keep])

    def reasons_of(self, batch: pa.RecordBatch) -> Ints:
        """The reason of each row, nothing counted."""
        return self._reason(batch, *self._leading(batch))

    def _leading(self, batch: pa.RecordBatch) -> tuple[Ints, Ints]:
        """Main diagnosis and main operation by number."""
        return self.diagnoses.encode(batch["principal_dx"]), self.operations.encode(batch["principal_proc"])

    def done(self) -> Stays:
        columns = {name: np.concatenate(parts) for name, parts in self._parts.items()}
        names = ("year", "stem", "code", "set", "kind", "level", *_PLAIN)
        empty = {name: np.zeros(0, np.int64) for name in names if name not in columns}
        return Stays(
            columns | (empty if not columns else {}),
            self._stems.all,
            self._sets.all,
            self._codes.all,
            self.reasons,
            self.unclassed,
            joined(self._facts) if self._facts else None,
        )

    def _put_in_national(self, batch: pa.RecordBatch, columns: dict[str, Ints]) -> None:
        """A stay that a national group takes is counted there, whatever its own combination."""
        if self._national is None:
            return
        encoded = self._national.group(batch.select(CASE.names))["dip_group_code"].fill_null("").dictionary_encode()
        named = [NATIONAL + code if code else "" for code in encoded.dictionary.to_pylist()]
        numbers = np.array([self._stems.number(name) if name else UNKNOWN for name in named], np.int64)
        found = numbers[encoded.indices.to_numpy(zero_copy_only=False)]
        columns["stem"] = np.where(found >= 0, found, columns["stem"])
        columns["set"] = np.where(found >= 0, 0, columns["set"])

    # why a stay is left out

    def _reason(self, batch: pa.RecordBatch, principal: Ints, main: Ints) -> Ints:
        cost, excluded = _whole(batch["cost"]), self.known.excluded_diagnoses
        readable = self.diagnoses.column("counts", lambda code: code.counts, bool)[principal]
        refused = self.diagnoses.column("refused", lambda code: code.code.removesuffix("+") in excluded, bool)[
            principal
        ]
        unread = self.operations.column("unread", lambda code: bool(code.raw) and not code.counts, bool)[main]
        dip = np.asarray(batch["is_dip"].fill_null(False)) | self.every_hospital
        tests = {
            Reason.OTHER_HOSPITAL: ~dip,
            Reason.NO_DIAGNOSIS: principal == 0,
            Reason.UNREAD_DIAGNOSIS: ~readable,
            Reason.NOT_GROUPABLE: refused,
            Reason.UNREAD_OPERATION: unread,
            Reason.NO_COST: cost <= 0,
            Reason.TOO_LONG: _whole(batch["los_days"]) > self.longest,
        }
        found = np.zeros(len(batch), np.int64)
        for reason, holds in reversed(tests.items()):
            found[holds] = reason
        return found

    # what a stay is counted by

    def _stem(self) -> Ints:
        return _ints(self.diagnoses.column("stem", lambda code: self._stems.number(stem(code)), np.int64))

    def _code(self) -> Ints:
        return _ints(self.diagnoses.column("full", lambda code: self._codes.number(code.code), np.int64))

    def _makes_groups(self, code: Code) -> bool:
        """May an operation be part of a combination?"""
        if not code.code or not code.counts or self._excluded(code):
            return False
        kind = self.known.kinds.get(code.code)
        return not (self.known.conservative_is_none and kind is not None and kind[0] == 0)

    def _flat(self, batch: pa.RecordBatch, main: Ints) -> tuple[Ints, Ints]:
        """Owner and number of every operation, the main ones first."""
        lists = batch["related_procs"]
        lengths = pc.list_value_length(lists).fill_null(0).to_numpy(zero_copy_only=False)
        owners = np.concatenate((np.arange(len(batch)), np.repeat(np.arange(len(batch)), lengths)))
        return owners, np.concatenate((main, self.operations.encode(lists.flatten())))

    def _sets_of(self, batch: pa.RecordBatch, main: Ints) -> Ints:
        owners, numbers = self._flat(batch, main)
        counts = self.operations.column("makes", self._makes_groups, bool)[numbers]
        names = self.operations.column("name", lambda code: code.code, object)
        single = self.operations.column(
            "single", lambda code: self._sets.number((code.code,)) if code.code else 0, np.int64
        )
        leads = counts[: len(batch)] & self.known.main_apart
        owners, numbers = owners[counts], numbers[counts]
        order = np.argsort(owners, kind="stable")
        owners, numbers = owners[order], numbers[order]
        found = np.zeros(len(batch), np.int64)
        found[owners] = single[numbers]
        begins = np.flatnonzero(np.r_[True, owners[1:] != owners[:-1]][: len(owners)])
        ends = np.r_[begins, len(owners)][1:]
        for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
            if end - begin > 1:
                found[owners[begin]] = self._sets.number(
                    _ordered(list(names[numbers[begin:end]]), leads[owners[begin]])
                )
        return found

    def _rank(self, code: Code) -> int:
        """Kind × 10 + level of an operation, as the grouper has it: nothing where it is excluded from grouping."""
        if not code.counts or self._excluded(code):
            return 0
        kind, level = self.known.kinds.get(code.code, (0, 0))
        return kind * CLASSED + level

    def _excluded(self, code: Code) -> bool:
        rule = self.known.excluded_operations.get(code.code)
        return rule is not None and rule.handling != "main_in_range"

    def _kinds_of(self, batch: pa.RecordBatch, main: Ints) -> Ints:
        """Kind × 10 + level of each record: of the main operation where that decides and leads, else of the highest of all."""
        owners, numbers = self._flat(batch, main)
        kinds = self.known.kinds
        rank = self.operations.column("rank", self._rank, np.int64)
        strange = self.operations.column("strange", lambda code: bool(code.code) and code.code not in kinds, bool)
        self.unclassed += len(np.unique(owners[strange[numbers]]))
        found = np.zeros(len(batch), np.int64)
        np.maximum.at(found, owners, rank[numbers])
        if self.known.settings.kind_of == "highest":
            return found
        leads = self.operations.column("leads", lambda code: bool(code.code) and not self._excluded(code), bool)
        return np.where(leads[main], rank[main], found)


def _ordered(codes: list[str], leads: bool) -> tuple[str, ...]:
    """A set of operations in one order; a main one that is apart stands first."""
    first = codes[:1] if leads else []
    return (*first, *sorted(set(codes) - set(first)))


class _Names:
    """Values by number, in the order in which they were met."""

    def __init__(self) -> None:
        self.all: list[Any] = []
        self._numbers: dict[Any, int] = {}

    def number(self, value: Any) -> int:
        if value not in self._numbers:
            self._numbers[value] = len(self.all)
            self.all.append(value)
        return self._numbers[value]


def _whole(values: pa.Array) -> Ints:
    return _ints(values.fill_null(UNKNOWN).to_numpy(zero_copy_only=False))


def _ints(values: Any) -> Ints:
    found: Ints = values
    return found


def _level(values: pa.Array) -> Ints:
    """Hospital levels as numbers, 0 where none is known."""
    encoded = values.fill_null("").dictionary_encode()
    numbers = np.array(
        [int(said) if said in ("1", "2", "3") else 0 for said in encoded.dictionary.to_pylist()], np.int64
    )
    return numbers[encoded.indices.to_numpy(zero_copy_only=False)] if len(values) else np.zeros(0, np.int64)

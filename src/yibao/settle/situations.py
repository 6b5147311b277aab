"""Bills to plan numbers: each kind of bill that the region's rules tell apart gets the plans of its situation, once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import reduce
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yibao.region.benefits.plan import Plan, Situation, no_benefit
from yibao.region.benefits.resolve import Benefits
from yibao.region.benefits.told_apart import Dimensions
from yibao.region.pack import MissingKey
from yibao.settle.arrays import Ints, Rules
from yibao.settle.columns import encoded
from yibao.settle.compile import Compiled

Key = tuple[Any, ...]  #: what makes a kind of bill: day, classes of age, fee and fetuses, codes, flags
Rule = Callable[[Situation], tuple[Plan, ...]]  #: what rules say of a situation
_NOBODY = np.zeros(0, np.int64)  #: places where there is only one value
_DAY_ONE = date(1970, 1, 1)
_CODES = ("insurance_type", "care_type", "hospital_level", "away_kind", "person_category", "identity_type")
_FLAGS = (
    "is_across_province",
    "is_civil_servant",
    "is_enterprise_supplemented",
    "is_signed_provider",
    "is_transfer",
    "is_mid_stay",
    "is_epidemic",
    "is_eligible",
)
#: columns that matter only where a cell asks for them: column, field of a situation
_ASKED = (("disease_code", "disease"), ("provider_code", "provider"), ("maternity_type", "maternity"))


class Situations:
    """Numbers the plans of a region's rules as bills come. One for a run; it grows with what it meets."""

    def __init__(self, benefits: Benefits, *others: Benefits) -> None:
        """Bills are told apart where `benefits` or one of `others` tells them apart; their plans are those of `benefits`."""
        self.benefits = benefits
        self.compiled = Compiled()
        self._rows: dict[Key, int] = {}
        dimensions = reduce(Dimensions.joined, (other.dimensions() for other in others), benefits.dimensions())
        self._asked = [(column, name) for column, name in _ASKED if name in dimensions.fields]
        self._days = np.array([(day - _DAY_ONE).days for day in dimensions.dates], np.int64)
        self._starts = {
            "age_years": np.array(dimensions.starts.get("age", (0,)), np.int64),
            "total_fee": np.array(dimensions.starts.get("bill", (0,)), np.int64),
            "fetus_count": np.array(dimensions.starts.get("fetus", (0,)), np.int64),
        }
        self._words: dict[tuple[str, date], Any] = {}
        self._rules: tuple[int, Rules] | None = None

    def numbers(self, bills: pa.Table) -> Ints:
        """For each bill the row of its first plan. UserError names the key that the pack lacks."""
        kinds, of = self.kinds(bills)
        return np.fromiter((self._row(key) for key in kinds), np.int64, len(kinds))[of]

    def kinds(self, bills: pa.Table) -> tuple[list[Key], Ints]:
        """The kinds of bills that occur, and for each bill the place of its kind."""
        if not bills.num_rows:
            return [], np.zeros(0, np.int64)
        packed, columns = self._packed(bills)
        kinds = pa.array(packed).dictionary_encode()
        return list(_keys(columns, _ints(kinds.dictionary))), _ints(kinds.indices)

    def rules(self) -> Rules:
        """The arrays of all plans met so far."""
        if self._rules is None or self._rules[0] != len(self.compiled.plans):
            self._rules = (len(self.compiled.plans), self.compiled.rules())
        return self._rules[1]

    def _packed(self, bills: pa.Table) -> tuple[Ints, list[tuple[Ints, list[Any]]]]:
        """One number a bill, equal for bills of one kind, and the columns behind it: place of each bill's value, and the values."""
        columns = [self._days_of(bills)]
        columns += [self._class_of(bills, name) for name in self._starts]
        columns += [encoded(bills[name]) for name in (*_CODES, *(column for column, _ in self._asked))]
        columns += [_flags(bills[name]) for name in _FLAGS]
        packed = np.zeros(bills.num_rows, np.int64)
        size = 1
        for places, values in columns:
            if len(values) == 1:
                continue  # all alike: nothing to tell apart
            size *= len(values)
            if size >= 2**62:
                raise ValueError("more kinds of bills than a number can hold")
            packed *= len(values)
            packed += places
        return packed, columns

    def _days_of(self, bills: pa.Table) -> tuple[Ints, list[Any]]:
        days = _ints(pc.cast(pc.cast(bills["policy_date"], pa.int32()), pa.int64()))
        places = np.maximum(np.searchsorted(self._days, days, side="right") - 1, 0)
        early = bool(len(self._days)) and int(days.min()) < int(self._days[0])
        if early or not len(self._days):
            return _classes(days, np.unique(days))
        return places, [_DAY_ONE + timedelta(days=int(day)) for day in self._days]

    def _class_of(self, bills: pa.Table, name: str) -> tuple[Ints, list[Any]]:
        starts = self._starts[name]
        if len(starts) == 1:
            return _NOBODY, starts.tolist()
        return np.maximum(np.searchsorted(starts, _ints(bills[name]), side="right") - 1, 0), starts.tolist()

    def _row(self, key: Key) -> int:
        row = self._rows.get(key)
        if row is None:
            row = self._rows[key] = self.compiled.add(self.plans(key))
        return row

    def plans(self, key: Key, rule: Rule | None = None) -> tuple[Plan, ...]:
        """The plans of a kind of bills, under the rules at hand or others; the plan of nothing where there is no claim."""
        if not key[-1]:
            on, _, _, _, insurance, care, *_ = key
            return (no_benefit(self._word("scheme", insurance, on), self._word("care", care, on)),)
        return (rule or self.benefits.plans)(self.situation(key))

    def situation(self, key: Key) -> Situation:
        """What the bills of a kind have in common. UserError for a code that the pack has no word for."""
        on, age, bill, fetus, insurance, care, level, area, category, identity, *rest = key
        asked = {name: value or "" for (_, name), value in zip(self._asked, rest, strict=False)}
        across, civil, enterprise, signed, transfer, mid_stay, epidemic, _ = rest[len(self._asked) :]
        return Situation(
            scheme=self._word("scheme", insurance, on), care=self._word("care", care, on), on=on, level=int(level or 0), area=area, across=across,
            person=self._word("person", category, on), identity=identity or "ordinary", civil=civil, enterprise=enterprise, age=age,
            fetus=fetus, bill=bill, signed=signed, transfer=transfer, mid_stay=mid_stay, epidemic=epidemic, **asked,
        )  # fmt: skip

    def _word(self, name: str, code: str | None, on: date) -> str:
        """The word that the rules know a code by; UserError where the pack does not say."""
        if (name, on) not in self._words:
            self._words[name, on] = self.benefits.pack.value(f"interface.{name}", on=on)
        words = self._words[name, on]
        if code not in words:
            raise MissingKey(
                f"“{self.benefits.pack.name}”的地区包参数 interface.{name} 没有代码“{code or '空白'}”，请补上后再运行。",
                f"interface.{name} {code or ''}".strip(),
            )
        return str(words[code])


def _flags(column: pa.ChunkedArray) -> tuple[Ints, list[Any]]:
    """The places of a flag's values; one value where all are alike."""
    if not pc.any(column).as_py():
        return _NOBODY, [False]
    return _ints(pc.cast(column, pa.int64())), [False, True]


def _keys(columns: list[tuple[Ints, list[Any]]], packed: Ints) -> Iterator[Key]:
    """The values behind packed numbers: the last column is the last digit."""
    taken = []
    for _, values in reversed(columns):
        packed, places = np.divmod(packed, len(values))
        taken.append([values[place] for place in places.tolist()])
    return zip(*reversed(taken), strict=True)


def _classes(values: Ints, known: Ints) -> tuple[Ints, list[Any]]:
    return np.searchsorted(known, values), [_DAY_ONE + timedelta(days=int(day)) for day in known]


def _ints(column: pa.ChunkedArray | pa.Array) -> Ints:
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    if column.null_count:
        column = column.fill_null(0)
    return np.asarray(column.to_numpy(zero_copy_only=False), np.int64)

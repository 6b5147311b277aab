"""What the levels ask of a stay, as columns: whole numbers where −1 is not known, and yes or no."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yibao.dip.auxiliary.rules import Rules
from yibao.dip.codes import Code
from yibao.dip.expressions import Range, diagnosis_key
from yibao.dip.numbered import Ints, Numbered

#: of a stay, beside what is grouped on; years at admission, days, seconds of intensive care, 离院方式; 治疗费 and drugs in fen
FACTS = pa.schema(
    [
        ("age_years", pa.int64()), ("los_days", pa.int64()), ("icu_seconds", pa.int64()), ("discharge_way", pa.string()),
        ("treatment", pa.int64()), ("drug", pa.int64()),
    ]
)  # fmt: skip
#: everything that is asked of a stay; cost in fen
ASKED = pa.schema(
    [("principal_dx", pa.string()), ("other_dx", pa.list_(pa.string())), ("age_day", pa.int64()), ("cost", pa.int64()), *FACTS]
)  # fmt: skip
MONEY = ("cost", "treatment", "drug")
DIED = "5"
DAY = 86_400
UNKNOWN = -1
Flags = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Lists:
    """What a pack knows of other diagnoses: conditions with weights, and lists; both by keys of diagnoses."""

    comorbidities: Mapping[str, tuple[str, int]]
    severity: Mapping[str, frozenset[str]]


@dataclass
class Facts:
    """A column a fact, a row a stay."""

    numbers: dict[str, Ints]  #: age_days, age_years, icu_days, los; cci and money where a level asks for them
    flags: dict[str, Flags]  #: died, known_way; `list <name>`, tumour and other_malignancy where a level asks for them

    def __len__(self) -> int:
        return len(self.flags["died"])

    def of(self, places: Ints) -> Facts:
        """Those of some stays."""
        numbers = {name: values[places] for name, values in self.numbers.items()}
        return Facts(numbers, {name: values[places] for name, values in self.flags.items()})


def joined(parts: Sequence[Facts]) -> Facts:
    """The facts of batches, one after the other; at least one batch."""
    numbers = {name: np.concatenate([part.numbers[name] for part in parts]) for name in parts[0].numbers}
    return Facts(numbers, {name: np.concatenate([part.flags[name] for part in parts]) for name in parts[0].flags})


def facts(rules: Rules, lists: Lists, stays: pa.RecordBatch, diagnoses: Numbered) -> Facts:
    """The facts of CASE rows; only what the levels ask for is worked out."""
    way = stays["discharge_way"].fill_null("")
    icu = _whole(stays["icu_seconds"])
    more = DAY - 1 if rules.icu_day == "started" else 0
    days, years = _whole(stays["age_day"]), _whole(stays["age_years"])
    unknown = np.flatnonzero(years == UNKNOWN)
    if len(unknown):
        years = years.copy()
        years[unknown] = years_of(days[unknown])
    numbers = {
        "age_days": days,
        "age_years": years,
        "los": _whole(stays["los_days"]),
        "icu_days": np.where(icu < 0, icu, (icu + more) // DAY),
    }
    if rules.uses_money:
        numbers |= {name: _whole(stays[name]) for name in MONEY}
    found = Facts(numbers, {"died": np.asarray(pc.equal(way, DIED)), "known_way": np.asarray(pc.not_equal(way, ""))})
    _from_diagnoses(found, rules, lists, stays, diagnoses)
    return found


def years_of(days: Ints) -> Ints:
    """Whole years that so many days of age must be: −1 about a birthday, where it depends on leap years.

    >>> years_of(np.array([-1, 0, 364, 365, 366, 730, 731, 24106, 24107])).tolist()
    [-1, 0, 0, -1, 1, -1, 2, -1, 66]
    """
    about = days * 4 // 1461
    found: Ints = np.full(len(days), UNKNOWN, np.int64)
    for years in (about, about + 1):
        sure = (days >= 365 * years + (years + 3) // 4) & (days < 365 * (years + 1) + (years + 1) // 4) & (days >= 0)
        found[sure] = years[sure]
    return found


def _whole(values: pa.Array) -> Ints:
    found: Ints = values.fill_null(UNKNOWN).to_numpy(zero_copy_only=False)
    return found


def _from_diagnoses(found: Facts, rules: Rules, lists: Lists, stays: pa.RecordBatch, diagnoses: Numbered) -> None:
    if not (rules.lists or rules.uses_comorbidity or rules.tumour):
        return
    count = len(stays)
    others = stays["other_dx"]
    lengths = pc.list_value_length(others).fill_null(0).to_numpy(zero_copy_only=False)
    numbers = diagnoses.encode(others.flatten())
    owner = np.repeat(np.arange(count), lengths)
    principal = diagnoses.encode(stays["principal_dx"])
    for name in rules.lists:
        on_list = diagnoses.column(f"list {name}", _on(lists.severity[name]), bool)
        found.flags[f"list {name}"] = _any(owner[on_list[numbers]], count)
    if rules.uses_comorbidity:
        found.numbers["cci"] = _index(lists.comorbidities, diagnoses, numbers, owner, count)
    if rules.tumour:
        spans = _spans(rules.tumour)
        is_tumour = diagnoses.column(
            "tumour", lambda code: code.counts and any(code.code in span for span in spans), bool
        )
        category = diagnoses.column("category", lambda code: code.code[:3], object)
        elsewhere = is_tumour[numbers] & (category[numbers] != category[principal][owner])
        found.flags["tumour"] = is_tumour[principal]
        found.flags["other_malignancy"] = _any(owner[elsewhere], count)


def _on(keys: frozenset[str]) -> Callable[[Code], bool]:
    """Has a diagnosis one of the keys?"""
    return lambda code: code.counts and not keys.isdisjoint(code.keys)


@lru_cache(maxsize=8)
def _spans(written: tuple[str, ...]) -> tuple[Range, ...]:
    """C50 alone is the range from C50 to C50."""
    keys = [diagnosis_key(text) for text in written]
    return tuple(key if isinstance(key, Range) else Range(key[:3], key[:3]) for key in keys)


def _any(owners: Ints, count: int) -> Flags:
    found = np.zeros(count, bool)
    found[owners] = True
    return found


def _index(known: Mapping[str, tuple[str, int]], diagnoses: Numbered, numbers: Ints, owner: Ints, count: int) -> Ints:
    """Each condition counts once a stay, however many of its codes there are."""
    conditions = sorted(set(known.values()))
    place = {said: i for i, said in enumerate(conditions)}

    def condition(code: Code) -> int:
        return next((place[known[key]] for key in code.keys if key in known), UNKNOWN) if code.counts else UNKNOWN

    which = diagnoses.column("condition", condition, np.int64)[numbers]
    hit = which >= 0
    pairs = np.unique(owner[hit] * max(len(conditions), 1) + which[hit])
    weights = np.array([weight for _, weight in conditions] or [0], np.int64)
    total = np.zeros(count, np.int64)
    np.add.at(total, pairs // max(len(conditions), 1), weights[pairs % max(len(conditions), 1)])
    return total

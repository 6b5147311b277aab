"""What the levels ask of a stay, as columns: whole numbers where −1 is not known, and yes or no."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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

#: of a stay, beside what is grouped on; years at admission, days, seconds of intensive care, 离院方式
FACTS = pa.schema(
    [("age_years", pa.int64()), ("los_days", pa.int64()), ("icu_seconds", pa.int64()), ("discharge_way", pa.string())]
)
#: everything that is asked of a stay
ASKED = pa.schema([("principal_dx", pa.string()), ("other_dx", pa.list_(pa.string())), ("age_day", pa.int64()), *FACTS])
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

    numbers: dict[str, Ints]  #: age_days, age_years, icu_days, los, cci
    died: Flags
    known_way: Flags
    listed: dict[str, Flags]
    tumour: Flags
    other_malignancy: Flags


def facts(rules: Rules, lists: Lists, stays: pa.RecordBatch, diagnoses: Numbered) -> Facts:
    """The facts of CASE rows; only what the levels ask for is worked out."""
    way = stays["discharge_way"].fill_null("")
    icu = _whole(stays["icu_seconds"])
    more = DAY - 1 if rules.icu_day == "started" else 0
    days = _whole(stays["age_day"])
    years = _whole(stays["age_years"])
    years = np.where((years == UNKNOWN) & (days >= 0) & (days < 365), 0, years)
    found = Facts(
        {"age_days": days, "age_years": years, "los": _whole(stays["los_days"]), "icu_days": np.where(icu < 0, icu, (icu + more) // DAY)},
        np.asarray(pc.equal(way, DIED)), np.asarray(pc.not_equal(way, "")), {}, np.zeros(len(stays), bool), np.zeros(len(stays), bool),
    )  # fmt: skip
    _from_diagnoses(found, rules, lists, stays, diagnoses)
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
        found.listed[name] = _any(owner[on_list[numbers]], count)
    if rules.uses_comorbidity:
        found.numbers["cci"] = _index(lists.comorbidities, diagnoses, numbers, owner, count)
    if rules.tumour:
        spans = _spans(rules.tumour)
        is_tumour = diagnoses.column(
            "tumour", lambda code: code.counts and any(code.code in span for span in spans), bool
        )
        category = diagnoses.column("category", lambda code: code.code[:3], object)
        elsewhere = is_tumour[numbers] & (category[numbers] != category[principal][owner])
        found.tumour, found.other_malignancy = is_tumour[principal], _any(owner[elsewhere], count)


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

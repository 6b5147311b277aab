"""The subtype of each stay and its coefficient: of the kinds that are hit in its group, only the highest coefficient counts (guide dip §7)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

import numpy as np
import pyarrow as pa

from yibao.dip.auxiliary.facts import ASKED, UNKNOWN, Facts, Flags, Lists, facts
from yibao.dip.auxiliary.rules import Kind, Level, Rules, bounds
from yibao.dip.numbered import Ints, Numbered

if TYPE_CHECKING:
    from yibao.dip.pack import Pack

KINDS: tuple[Kind, ...] = get_args(Kind)
#: coefficient in 10⁻⁶
SUBTYPES = pa.schema([("auxiliary_subtype", pa.string()), ("auxiliary_coefficient", pa.int64())])
NEVER: frozenset[str] = frozenset({"tcm", "bed_day"})  #: marks of groups that are not split
_MILLIONTHS = 1_000_000


class Subtype(NamedTuple):
    """`kind:level`, empty for none, and its coefficient."""

    said: str
    coefficient: Decimal | None


def levels_of(rules: Rules, known: Facts) -> dict[Kind, Ints]:
    """By kind: the place of each stay's level among the levels of that kind, −1 for none."""
    found: dict[Kind, Ints] = {}
    for kind in ("severity", *(kind for kind in KINDS if kind != "severity")):  # the others may ask for it
        place = np.full(len(known.died), UNKNOWN, np.int64)
        for i, level in reversed(list(enumerate(rules.of(kind)))):
            place[_holds(rules, level, known, found)] = i
        found[kind] = place  # type: ignore[index]
    return found


def _holds(rules: Rules, level: Level, known: Facts, found: dict[Kind, Ints]) -> Flags:
    """Where everything that a level says holds: said together, never one or the other."""
    holds = np.ones(len(known.died), bool)
    for name in ("age_days", "age_years", "icu_days", "los", "cci"):
        if text := getattr(level, name):
            low, high = rules.los(text) if name == "los" else bounds(text)
            values = known.numbers[name]
            holds &= (values >= (low or 0)) & (values <= (np.iinfo(np.int64).max if high is None else high))
    if level.died is not None:
        holds &= known.known_way & (known.died == level.died)
    if level.listed:
        holds &= known.listed[level.listed]
    if level.tumour is not None:
        holds &= known.tumour == level.tumour
    if level.other_malignancy:
        holds &= known.other_malignancy
    if level.severity:
        names = [one.level for one in rules.of("severity")]
        holds &= np.isin(found["severity"], [names.index(name) for name in level.severity if name in names])
    return holds


class Subtyper:
    """The auxiliary table of one pack, ready to look up."""

    def __init__(self, pack: Pack) -> None:
        self.rules = pack.manifest.auxiliary if pack.auxiliary else None
        self.lists = Lists(pack.comorbidities, pack.severity)
        self._place: dict[str, int] = {}
        self._coefficients: dict[Kind, Ints] = {}
        if self.rules is not None:
            self._load(self.rules, pack)

    def _load(self, rules: Rules, pack: Pack) -> None:
        """A table a kind: group × level, 0 where the group is not split so. Groups that are never split stay out."""
        never = {group for group, marks in pack.marks.items() if marks & NEVER}
        groups = dict.fromkeys(group for group, _, _ in pack.auxiliary if group not in never)
        self._place = {group: i for i, group in enumerate(groups, 1)}
        columns: dict[tuple[str, str], int] = {
            (level.kind, level.level): i for kind in KINDS for i, level in enumerate(rules.of(kind))
        }
        for kind in KINDS:  # the last column is for no level
            self._coefficients[kind] = np.zeros((len(groups) + 1, len(rules.of(kind)) + 1), np.int64)
        for (group, of, name), coefficient in pack.auxiliary.items():
            place, column = self._place.get(group), columns.get((of, name))
            if place is not None and column is not None:
                self._coefficients[of][place, column] = int(coefficient * _MILLIONTHS)  # type: ignore[index]

    def found(self, stays: pa.RecordBatch, groups: pa.Array, diagnoses: Numbered) -> pa.RecordBatch:
        """SUBTYPES of CASE rows that are in these groups."""
        count = len(stays)
        if self.rules is None:
            blank = pa.array([""]).take(pa.array(np.zeros(count, np.int32)))
            return pa.RecordBatch.from_arrays([blank, pa.nulls(count, pa.int64())], schema=SUBTYPES)
        encoded = groups.fill_null("").dictionary_encode()
        places = np.array([self._place.get(group, 0) for group in encoded.dictionary.to_pylist()], np.int64)
        place = places[encoded.indices.to_numpy(zero_copy_only=False)] if count else np.zeros(0, np.int64)
        levels = levels_of(self.rules, facts(self.rules, self.lists, stays, diagnoses))
        best, which = np.zeros(count, np.int64), np.zeros(count, np.int64)
        names = [""]
        for kind in KINDS:
            coefficient = self._coefficients[kind][place, levels[kind]]
            higher = coefficient > best
            best = np.where(higher, coefficient, best)
            which = np.where(higher, levels[kind] + len(names), which)
            names += [f"{kind}:{level.level}" for level in self.rules.of(kind)]
        said = pa.array(names, pa.string()).take(pa.array(which))
        return pa.RecordBatch.from_arrays([said, pa.array(best, mask=best == 0)], schema=SUBTYPES)


def subtypes_of(
    subtyper: Subtyper, stays: list[dict[str, Any]], groups: list[str | None], diagnoses: Numbered
) -> list[Subtype]:
    """Stays given as rows of ASKED, one after the other."""
    rows = pa.RecordBatch.from_pylist(stays, schema=ASKED)
    found = subtyper.found(rows, pa.array(groups, pa.string()), diagnoses)
    told = zip(*(column.to_pylist() for column in found.columns), strict=True)
    return [Subtype(said, None if of is None else Decimal(of) / _MILLIONTHS) for said, of in told]

"""The subtype of each stay and its coefficient: of the kinds that are hit in its group, only the highest coefficient counts (guide dip §7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

import numpy as np
import pyarrow as pa

from yibao.dip.auxiliary.facts import ASKED, UNKNOWN, Facts, Flags, Lists, facts
from yibao.dip.auxiliary.rules import SHARES, Kind, Level, Rules, bounds
from yibao.dip.auxiliary.standard import MOST, Edges, edges_of, standard_of, within_share
from yibao.dip.numbered import Ints, Numbered

if TYPE_CHECKING:
    from yibao.dip.pack import Pack

KINDS: tuple[Kind, ...] = get_args(Kind)
#: coefficient in 10⁻⁶; levels (`kind:level`) that could not be decided for want of a cost
SUBTYPES = pa.schema(
    [
        ("auxiliary_subtype", pa.string()),
        ("auxiliary_coefficient", pa.int64()),
        ("undecided", pa.list_(pa.string())),
    ]
)
NEVER: frozenset[str] = frozenset({"tcm", "bed_day"})  #: marks of groups that are not split
_MILLIONTHS = 1_000_000


class Subtype(NamedTuple):
    """`kind:level`, empty for none, and its coefficient."""

    said: str
    coefficient: Decimal | None


@dataclass(frozen=True)
class Levels:
    """By kind the place of each stay's level among the levels of that kind, −1 for none; and where a level before it could not be decided."""

    place: dict[Kind, Ints]
    undecided: dict[tuple[Kind, str], Flags]


def levels_of(rules: Rules, known: Facts, groups: Ints, edges: Edges) -> Levels:
    """Of stays in groups (places in the edges): of a kind the first level that holds."""
    found = Levels({}, {})
    for kind in ("severity", *(kind for kind in KINDS if kind != "severity")):  # the others may ask for it
        place = np.full(len(known), UNKNOWN, np.int64)
        open_: dict[int, Flags] = {}
        for i, level in reversed(list(enumerate(rules.of(kind)))):
            holds = _holds(rules, level, known, found)
            if level.uses_money:
                fails, unknown = _by_money(level, known, groups, edges)
                open_[i] = holds & ~fails & unknown
                holds &= ~fails & ~unknown
            place[holds] = i
        found.place[kind] = place  # type: ignore[index]
        for i, flags in reversed(open_.items()):
            found.undecided[kind, rules.of(kind)[i].level] = flags & ((place < 0) | (place > i))  # type: ignore[index]
    return found


def _holds(rules: Rules, level: Level, known: Facts, found: Levels) -> Flags:
    """Where everything that a level says of a stay, but for money, holds: said together, never one or the other."""
    holds = np.ones(len(known), bool)
    for name in ("age_days", "age_years", "icu_days", "los", "cci"):
        if text := getattr(level, name):
            low, high = rules.los(text) if name == "los" else bounds(text)
            values = known.numbers[name]
            holds &= (values >= (low or 0)) & (values <= (MOST if high is None else high))
    if level.died is not None:
        holds &= known.flags["known_way"] & (known.flags["died"] == level.died)
    if level.listed:
        holds &= known.flags[f"list {level.listed}"]
    if level.tumour is not None:
        holds &= known.flags["tumour"] == level.tumour
    if level.other_malignancy:
        holds &= known.flags["other_malignancy"]
    if level.severity:
        names = [one.level for one in rules.of("severity")]
        holds &= np.isin(found.place["severity"], [names.index(name) for name in level.severity if name in names])
    return holds


def _by_money(level: Level, known: Facts, groups: Ints, edges: Edges) -> tuple[Flags, Flags]:
    """Where a bound of money surely does not hold, and where one cannot be told for want of a cost or of a part of it."""
    cost = known.numbers["cost"]
    fails, unknown = np.zeros(len(known), bool), np.zeros(len(known), bool)
    if level.cost_times:
        low, high = edges[level.kind, level.level]
        there = cost >= 0
        fails |= there & ((cost < low[groups]) | (cost > high[groups]))
        unknown |= ~there
    for name in SHARES:
        if text := getattr(level, name):
            part = known.numbers[name.removesuffix("_share")]
            there = (cost > 0) & (part >= 0)
            fails |= there & ~within_share(text, part, cost)
            unknown |= ~there
    return fails, unknown


class Subtyper:
    """The auxiliary table of one pack, ready to look up."""

    def __init__(self, pack: Pack) -> None:
        self.rules = pack.manifest.auxiliary if pack.auxiliary else None
        self.lists = Lists(pack.comorbidities, pack.severity)
        self._place: dict[str, int] = {}
        self._coefficients: dict[Kind, Ints] = {}
        self._edges: Edges = {}
        if self.rules is not None:
            self._load(self.rules, pack)

    def _load(self, rules: Rules, pack: Pack) -> None:
        """A table a kind: group × level, 0 where the group is not split so. Groups that are never split stay out."""
        never = {group for group, marks in pack.marks.items() if marks & NEVER}
        groups = dict.fromkeys(group for group, _, _ in pack.auxiliary if group not in never)
        self._place = {group: i for i, group in enumerate(groups, 1)}
        rows = {row.group: row for row in pack.rows}
        known = [
            standard_of(rules, rows[group].score, rows[group].mean_cost) if group in rows else None for group in groups
        ]
        self._edges = edges_of(rules, [None, *known])
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
            none = _told({}, np.zeros(count, bool))
            return pa.RecordBatch.from_arrays([blank, pa.nulls(count, pa.int64()), none], schema=SUBTYPES)
        encoded = groups.fill_null("").dictionary_encode()
        places = np.array([self._place.get(group, 0) for group in encoded.dictionary.to_pylist()], np.int64)
        place = places[encoded.indices.to_numpy(zero_copy_only=False)] if count else np.zeros(0, np.int64)
        levels = levels_of(self.rules, facts(self.rules, self.lists, stays, diagnoses), place, self._edges)
        best, which = np.zeros(count, np.int64), np.zeros(count, np.int64)
        names = [""]
        for kind in KINDS:
            coefficient = self._coefficients[kind][place, levels.place[kind]]
            higher = coefficient > best
            best = np.where(higher, coefficient, best)
            which = np.where(higher, levels.place[kind] + len(names), which)
            names += [f"{kind}:{level.level}" for level in self.rules.of(kind)]
        said = pa.array(names, pa.string()).take(pa.array(which))
        undecided = _told(levels.undecided, place > 0)
        return pa.RecordBatch.from_arrays([said, pa.array(best, mask=best == 0), undecided], schema=SUBTYPES)


def _told(undecided: Mapping[tuple[Kind, str], Flags], split: Flags) -> pa.Array:
    """A list a stay: the levels that could not be decided, where its group is split at all."""
    levels = list(undecided)
    places = [np.flatnonzero(undecided[level] & split) for level in levels]
    stays = np.concatenate([np.zeros(0, np.int64), *places])
    which = np.repeat(np.arange(len(levels)), list(map(len, places)))[np.argsort(stays, kind="stable")]
    ends = np.cumsum(np.bincount(stays, minlength=len(split)))
    names = pa.array([f"{kind}:{level}" for kind, level in levels], pa.string()).take(pa.array(which, pa.int64()))
    return pa.ListArray.from_arrays(pa.array(np.r_[0, ends].astype(np.int32)), names)


def subtypes_of(
    subtyper: Subtyper, stays: list[dict[str, Any]], groups: list[str | None], diagnoses: Numbered
) -> list[tuple[Subtype, tuple[str, ...]]]:
    """Of stays given as rows of ASKED, one after the other, with the levels that could not be decided."""
    rows = pa.RecordBatch.from_pylist(stays, schema=ASKED)
    found = subtyper.found(rows, pa.array(groups, pa.string()), diagnoses)
    told = zip(*(column.to_pylist() for column in found.columns), strict=True)
    return [
        (Subtype(said, None if of is None else Decimal(of) / _MILLIONTHS), tuple(undecided))
        for said, of, undecided in told
    ]

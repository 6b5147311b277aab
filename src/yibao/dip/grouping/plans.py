"""Which rows a main diagnosis can reach, worked out once a diagnosis: the engine looks at these and at nothing else.

Operations and other diagnoses that none of these rows names cannot change the group; a stay is cut down to what can
(`Plan.kept`), so equal remainders are grouped once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from yibao.dip.codes import Code
from yibao.dip.expressions import Range
from yibao.dip.pack import Pack, Row
from yibao.dip.settings import KINDS


@dataclass(frozen=True, slots=True)
class Bucket:
    """A key, and the rows that have it: those with operations, the codes that they name, and those without."""

    key: str
    having: tuple[Row, ...]
    without: tuple[Row, ...]
    named: frozenset[str]

    @property
    def rows(self) -> tuple[Row, ...]:
        return self.having + self.without


def _bucket(key: str, rows: Iterable[Row]) -> Bucket:
    found = tuple(rows)
    having = tuple(row for row in found if row.operations)
    without = tuple(row for row in found if not row.operations)
    return Bucket(key, having, without, frozenset().union(*(row.codes for row in having)))


@dataclass(frozen=True)
class Plan:
    """Rows by layer, the more specific key first, and what they ask for."""

    diagnosis: Code
    layers: Mapping[str, tuple[Bucket, ...]]
    kept: frozenset[str]  #: operations that can matter beside the main one
    uses_others: bool  #: some row asks for another diagnosis
    uses_facts: bool  #: some row asks for age or weight
    is_newborn: bool  #: the diagnosis is one for which rows of any diagnosis ask age and weight (P07)
    excluded: str  #: the entry of the list of diagnoses that are not grouped, empty for none
    primary: tuple[Row, ...]


@dataclass(frozen=True)
class _Layer:
    by_key: Mapping[str, list[Row]]
    ranges: list[tuple[Range, Row]]
    anywhere: list[Row]

    @cached_property
    def every(self) -> Bucket:
        return _bucket("*", self.anywhere)


class Plans:
    """The plans of a pack, each made when its diagnosis is met for the first time."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.settings = pack.settings
        self.steps = pack.settings.steps()
        self.rows = tuple(_with_kind(row, pack) for row in pack.rows)
        self.prefixes = _prefixes(self.rows) if self.settings.procedure_prefix else frozenset()
        self._layers = {name: _layer(row for row in self.rows if row.layer == name) for name in self.settings.layers}
        self._anywhere = [row for layer in self._layers.values() for row in layer.anywhere]
        self._always = frozenset().union(*(row.codes for row in self._anywhere)) | {
            code for code, rule in pack.excluded_operations.items() if rule.handling == "main_in_range"
        }
        self._others = _Keys([row.others for row in self.rows])
        self._anywhere_keys = _Keys([row.diagnoses for row in self._anywhere if row.condition.any_diagnosis])
        self._primary: dict[str, list[Row]] = defaultdict(list)
        for row in pack.primary_care:
            for key in row.diagnoses:
                self._primary[str(key)].append(row)
        self._plans: dict[str, Plan] = {}

    def plan(self, diagnosis: Code) -> Plan:
        found = self._plans.get(diagnosis.code)
        if found is None:
            found = self._plans[diagnosis.code] = self._made(diagnosis)
        return found

    def matters(self, other: Code) -> tuple[bool, bool]:
        """Whether another diagnosis can matter: to any stay (a weight group), and to stays whose rows ask for others."""
        resistant = any(key in self.pack.resistant for key in other.keys)
        return self.is_newborn(other), resistant or self._others.hits(other)

    def is_newborn(self, diagnosis: Code) -> bool:
        return self._anywhere_keys.hits(diagnosis)

    def _made(self, diagnosis: Code) -> Plan:
        layers = {name: self._buckets(name, layer, diagnosis) for name, layer in self._layers.items()}
        rows = [row for buckets in layers.values() for bucket in buckets for row in bucket.rows]
        fixed = [row for row in rows if not row.condition.any_diagnosis]
        return Plan(
            diagnosis=diagnosis,
            layers=layers,
            kept=frozenset().union(*(row.codes for row in rows)) | self._always,
            uses_others=any(row.others or row.condition.resistant is not None for row in fixed),
            uses_facts=any(row.condition.age_below is not None or row.condition.weight for row in fixed)
            or self.is_newborn(diagnosis),
            is_newborn=self.is_newborn(diagnosis),
            excluded=self._excluded(diagnosis),
            primary=tuple(row for key in diagnosis.keys for row in self._primary.get(key, ())),
        )

    def _buckets(self, name: str, layer: _Layer, diagnosis: Code) -> tuple[Bucket, ...]:
        category = diagnosis.code[:3]
        keys = (*diagnosis.keys, category[:2], category[:1])
        found = [_bucket(key, layer.by_key[key]) for key in keys if key in layer.by_key]
        if within := tuple(row for span, row in layer.ranges if diagnosis.code in span):
            found.append(_bucket(category, within))
        if layer.anywhere:
            found.append(layer.every)
        if self.settings.layers[name].keys == "together" and len(found) > 1:
            rows = {row.order: row for bucket in found for row in bucket.rows}
            return (_bucket(diagnosis.code, (rows[order] for order in sorted(rows))),)
        return tuple(found)

    def _excluded(self, diagnosis: Code) -> str:
        exact = (diagnosis.code, diagnosis.code.removesuffix("+"))
        if self.settings.excluded_dx_match == "exact":
            return next((code for code in exact if code in self.pack.excluded_diagnoses), "")
        starting = (diagnosis.code[:length] for length in range(len(diagnosis.code), 2, -1))
        return next((part for part in starting if part in self.pack.excluded_diagnoses), "")


class _Keys:
    """Keys and ranges put together, to ask whether a diagnosis has one of them."""

    def __init__(self, groups: Iterable[tuple[str | Range, ...]]) -> None:
        every = {key for group in groups for key in group}
        self.keys = frozenset(key for key in every if isinstance(key, str))
        self.ranges = tuple(key for key in every if isinstance(key, Range))

    def hits(self, diagnosis: Code) -> bool:
        return any(key in self.keys for key in diagnosis.keys) or any(diagnosis.code in span for span in self.ranges)


def _layer(rows: Iterator[Row]) -> _Layer:
    by_key: dict[str, list[Row]] = defaultdict(list)
    layer = _Layer(by_key, [], [])
    for row in rows:
        if row.condition.any_diagnosis or "*" in row.diagnoses:
            layer.anywhere.append(row)
            continue
        for key in row.diagnoses:
            if isinstance(key, Range):
                layer.ranges.append((key, row))
            else:
                by_key[key].append(row)
    return layer


def _with_kind(row: Row, pack: Pack) -> Row:
    """A row with its kind of treatment: declared, or that of its operations; None where nobody says."""
    if row.kind is not None or pack.settings.layers[row.layer].by == "kind":
        return row
    if not row.operations:
        return row if row.condition.weight else replace(row, kind="conservative")
    ranks = [rank for code in row.codes for rank in _ranks(code, pack)]
    return replace(row, kind=KINDS[max(ranks)]) if ranks else row


def _ranks(code: str, pack: Pack) -> list[int]:
    """The rank of an operation's kind; of a prefix, those of all that begin so."""
    if code in pack.kinds or len(code) > 5 or not pack.settings.procedure_prefix:
        return [pack.kinds[code][0]] if code in pack.kinds else []
    return [rank for other, (rank, _) in pack.kinds.items() if other.startswith(code)]


def _prefixes(rows: Iterable[Row]) -> frozenset[str]:
    """Operations of three or four digits."""
    return frozenset(code for row in rows for code in row.codes if len(code) <= 5)

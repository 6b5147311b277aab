"""Stays as columns of numbers: what a catalogue counts of each, and what the user gave to read them by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from yibao.dip.auxiliary.facts import Facts, Lists
from yibao.dip.auxiliary.rules import Rules
from yibao.dip.codes import Code, CodeList
from yibao.dip.grouping.bulk import CASE
from yibao.dip.numbered import Ints
from yibao.dip.pack import Exclusion, Pack
from yibao.dip.settings import Settings

#: what is counted of a stay beside CASE; amounts in fen, null where they are not known
COUNTED = pa.schema(
    [
        ("visit_id", pa.string()), ("provider_code", pa.string()), ("hospital_level", pa.string()), ("insurance_type", pa.string()),
        ("is_dip", pa.bool_()), ("booked", pa.int64()), *CASE, ("material", pa.int64()),
    ]
)  # fmt: skip
UNKNOWN = -1
NATIONAL = "@"  #: before the code of a national group, where a local one has its 亚目


@dataclass(frozen=True)
class Known:
    """What the user gave to read stays by."""

    settings: Settings
    diagnoses: CodeList
    operations: CodeList
    kinds: Mapping[str, tuple[int, int]]  #: operation → rank of its kind, level
    excluded_diagnoses: frozenset[str] = frozenset()
    excluded_operations: Mapping[str, Exclusion] = field(default_factory=dict)
    lists: Lists = field(default_factory=lambda: Lists({}, {}))
    rules: Rules | None = None
    national: Pack | None = None  #: its groups go before local ones (guide §4.5)

    @property
    def main_apart(self) -> bool:
        """Does the edition name the main operation apart from the related ones (3.0)?"""
        return "JC" in self.settings.layers

    @property
    def national_cells(self) -> frozenset[str]:
        """Its 综合 groups: they count for no coverage."""
        rows = self.national.rows if self.national is not None else ()
        return frozenset(row.group for row in rows if row.layer == "comprehensive")

    @property
    def conservative_is_none(self) -> bool:
        return any(policy.no_operation == "conservative" for policy in self.settings.layers.values())


@dataclass
class Stays:
    """The counted stays, a number each; those left out are only in `reasons`."""

    columns: dict[
        str, Ints
    ]  #: year (0 oldest), stem, set, kind (rank × 10 + surgery level), level (of the hospital), cost, los, drug, material
    stems: list[str]  #: 亚目 with its dagger, or a national group
    sets: list[tuple[str, ...]]  #: operations; where the main one is apart it stands first
    codes: list[str]  #: main diagnoses in full, by `code`
    reasons: Ints  #: [years, reasons]
    unclassed: int = 0  #: stays with an operation of no known kind
    facts: Facts | None = None  #: what the levels of subtypes ask

    def __len__(self) -> int:
        return len(self.columns["cost"])

    def __getitem__(self, name: str) -> Ints:
        return self.columns[name]


def stem(code: Code) -> str:
    """The 亚目 that a diagnosis is counted under: a dagger code apart, a placeholder as its category.

    >>> [stem(Code("", text)) for text in ("K35.300", "I10.x00", "M47.000+G99.2*")]
    ['K35.3', 'I10', 'M47.0+']
    """
    main = code.code.partition("+")[0]
    return (main[:3] if main[4:5] == "x" else main[:5]) + ("+" if code.is_dagger else "")


def category(stem_: str) -> str:
    return stem_[:3]

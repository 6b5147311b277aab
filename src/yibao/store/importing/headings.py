"""What a file's headings mean: columns of the standard tables, with their units. Pure; the vocabulary's names are all that counts.

金额（元）, ＊金 额, 金额(万元) are one heading with different units; det_item_fee_sumamt and 明细项目费用总额 are one column.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from yibao.vocabulary.tables import Column, Table, Vocabulary

MONEY_UNITS: Mapping[str, int] = {
    "分": -2,
    "元": 0,
    "人民币元": 0,
    "百元": 2,
    "千元": 3,
    "万元": 4,
    "百万元": 6,
    "亿元": 8,
}
RATE_UNITS: Mapping[str, int] = {"%": -2, "百分比": -2, "‰": -3}
COUNT_UNITS: Mapping[str, int] = {"万": 4, "万人": 4, "万人次": 4, "千": 3}
NOTES = re.compile(
    r"必填|选填|可空|可不填|文本|文本格式|代码|编码|日期|\d*位|yyyy[-/年]?mm.*|格式.*|如.*", re.IGNORECASE
)
_TAIL = re.compile(r"(.+?)(?:[(\[【]([^()\[\]]*)[)\]】]|[/:,](\S{1,4}))")
_DROP = re.compile(r"[\s*﻿​]|:$")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the mapping file says about one heading: its column (None: leave it out), the unit, values → codes."""

    column: str | None
    unit: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Named:
    """A heading that is understood: place in the file, column, power of ten of its unit, what a mapping file adds."""

    place: int
    column: Column
    heading: str
    power: int = 0
    unit: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """A row of headings read for one table."""

    table: Table
    named: tuple[Named, ...] = ()
    unknown: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()  #: columns that two headings name
    bad_units: tuple[str, ...] = ()
    constant: frozenset[str] = frozenset()  #: columns that the mapping file fills
    titles: Mapping[str, str] = field(default_factory=dict)  #: columns that the title fills, with what it says

    @property
    def missing(self) -> tuple[Column, ...]:
        """Columns that no row may leave empty and that the file does not have."""
        there = {n.column.name for n in self.named} | self.constant | set(self.titles)
        return tuple(c for c in self.table.columns if not c.nullable and not c.blank and c.name not in there)


def plain(heading: str) -> str:
    """A heading without what people add for the eye.

    >>> plain("＊ 金　额：\\n")
    '金额'
    """
    return _DROP.sub("", unicodedata.normalize("NFKC", heading)).lower()


def split_unit(heading: str) -> tuple[str, str]:
    """A plain heading and the unit in its tail, or a note that says nothing ("必填").

    >>> split_unit("金额(万元)"), split_unit("证件号码(必填)"), split_unit("职称(医务)")
    (('金额', '万元'), ('证件号码', ''), ('职称(医务)', ''))
    """
    found = _TAIL.fullmatch(heading)
    if not found:
        return heading, ""
    name, said = found[1], found[2] or found[3] or ""
    unit = said.removeprefix("单位").lstrip(":")
    if (
        unit in MONEY_UNITS
        or unit in RATE_UNITS
        or unit in COUNT_UNITS
        or (len(unit) <= 2 and found[2] and unit in _words())
    ):
        return name, unit
    return (name, "") if found[2] is not None and NOTES.fullmatch(said) else (heading, "")


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    """Units that change nothing: the counted thing itself."""
    return frozenset({"人", "张", "次", "台", "克", "日", "天", "个", "家", "件", "例", "人次", "分钟", "g"})


@lru_cache(maxsize=64)
def _index(table_name: str, headings: tuple[tuple[str, tuple[str, ...]], ...]) -> Mapping[str, str]:
    return {plain(heading): name for name, known in headings for heading in reversed(known)}


def known_headings(table: Table) -> Mapping[str, str]:
    """Plain heading → column of a table."""
    return _index(table.name, tuple((c.name, c.headings) for c in table.columns))


def read_headings(
    headings: Sequence[str],
    table: Table,
    mapping: Mapping[str, Wanted] | None = None,
    unit: str = "",
    constant: frozenset[str] = frozenset(),
    titles: Mapping[str, str] | None = None,
) -> Reading:
    """What the headings of a file mean for one table. `unit`: what a title row says of all amounts (单位：万元)."""
    index, wanted = known_headings(table), {plain(h): w for h, w in (mapping or {}).items()}
    index = {**index, **_instead(headings, table, index, wanted)}
    named: dict[str, Named] = {}
    unknown, twice, bad_units = [], [], []
    for place, heading in enumerate(headings):
        said = plain(heading)
        if not said:
            continue
        short, own_unit = (said, "") if said in index or said in wanted else split_unit(said)
        asked = wanted.get(short) or wanted.get(said)
        name = (asked.column or "") if asked else index.get(short, "")
        if name not in table.by_name:
            unknown += [] if asked and asked.column is None else [heading]
            continue
        if name in named:
            twice.append(name)
            continue
        column = table.by_name[name]
        told = (asked.unit if asked else "") or own_unit or (unit if column.type == "money" else "")
        power = power_of(told, column)
        if power is None:
            bad_units.append(f"{heading.strip()}（{told}）")
        named[name] = Named(place, column, heading.strip(), power or 0, told, asked.values if asked else {})
    said_above = {name: said for name, said in (titles or {}).items() if name not in named and name not in constant}
    return Reading(
        table,
        tuple(named.values()),
        tuple(unknown),
        tuple(twice),
        tuple(bad_units),
        constant & set(table.by_name),
        said_above,
    )


def _instead(
    headings: Sequence[str], table: Table, index: Mapping[str, str], wanted: Mapping[str, Wanted]
) -> dict[str, str]:
    """Headings that stand for a column because no other heading does, each for one column (a hospital's name for its code)."""
    if table.foreign is None:
        return {}
    said = [short for h in headings if (short := plain(h))]
    said = [one if one in index or one in wanted else split_unit(one)[0] for one in said]
    named = {index[one] for one in said if one in index} | {w.column for h, w in wanted.items() if h in said}
    found: dict[str, str] = {}
    for column, known in table.foreign.instead.items():
        free = (plain(one) for one in known if plain(one) in said and plain(one) not in found)
        heading = None if column in named else next((one for one in free if one not in wanted), None)
        is_key = not table.by_name[column].nullable  # it comes before what may be empty
        if heading is not None and (is_key or heading not in index):
            found[heading] = column
    return found


def power_of(unit: str, column: Column) -> int | None:
    """Ten to which power a unit is of the column's own; None where it cannot be.

    >>> from yibao.vocabulary.tables import Element
    >>> column = Column(name="x", element=Element(label="金额", type="money"))
    >>> power_of("万元", column), power_of("%", column)
    (4, None)
    """
    if not unit:
        return 0
    if column.type in ("money", "price"):
        return MONEY_UNITS.get(unit)
    if column.type == "rate":
        return RATE_UNITS.get(unit)
    if column.type == "decimal" and unit in RATE_UNITS:
        return RATE_UNITS[unit]
    if column.type in ("count", "quantity", "decimal"):
        return COUNT_UNITS.get(unit, 0 if unit in _words() or unit == column.unit else None)
    return 0


def fits(headings: Sequence[str], vocabulary: Vocabulary) -> int:
    """How many headings some table knows, at best: where a header row is looked for."""
    said = {short for h in headings if (short := split_unit(plain(h))[0])} | {plain(h) for h in headings}
    tables = _tables_by_heading(vocabulary)
    counted = Counter(name for heading in said for name in tables.get(heading, ()))
    return max(counted.values(), default=0)


def _tables_by_heading(vocabulary: Vocabulary) -> Mapping[str, Sequence[str]]:
    """Plain heading → the tables that know it; made once for a vocabulary."""
    if (kept := _KNOWN.get(id(vocabulary))) is None or kept[0] is not vocabulary:
        known: dict[str, list[str]] = {}
        for table in vocabulary.tables.values():
            stands_in = (plain(h) for one in (table.foreign.instead.values() if table.foreign else ()) for h in one)
            for heading in {*known_headings(table), *stands_in}:
                known.setdefault(heading, []).append(table.name)
        _KNOWN[id(vocabulary)] = kept = (vocabulary, known)
    return kept[1]


_KNOWN: dict[int, tuple[Vocabulary, Mapping[str, Sequence[str]]]] = {}

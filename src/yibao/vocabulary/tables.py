"""The standard tables: where the domains meet (data: tables/*.yaml, one file a subject; tables/codes.yaml).

A *data element* (`Element`) is declared once: its Chinese label, type, national codes, meaning. A *table* lists elements by
name, `name?` where a row may leave it empty and `name~` where the empty text is a value of its own. So the same name means
the same thing in every table. The importer accepts each column under its name, its label, its national codes and aliases.

Money is int64 fen; the other exact numbers are int64 too, scaled by a power of ten that their type says (`SCALES`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict

from yibao.vocabulary.data import shipped_yaml

Type = Literal[
    "code", "text", "flag", "date", "time", "year", "month", "count", "money", "price", "quantity", "rate", "decimal"
]

#: the files, in the order of the year
SUBJECTS = (
    "persons", "enrolment", "providers", "practitioners", "catalogue", "visits", "fees", "settlements",
    "benefits", "dip", "pharmacy", "supply", "service", "audit", "funds", "department", "figures",
)  # fmt: skip

#: digits behind the point that a type keeps; its values are whole numbers of that last digit
SCALES: Mapping[Type, int] = {
    "money": 2,
    "price": 6,
    "quantity": 4,
    "rate": 4,
    "count": 0,
    "year": 0,
    "month": 0,
    "decimal": 6,
}
#: what one whole number of a type is, in words
UNITS_OF: Mapping[Type, str] = {
    "money": "分",
    "price": "百万分之一元",
    "quantity": "万分之一",
    "rate": "万分之一",
    "decimal": "百万分之一",
}


class Codes(BaseModel):
    """What a coded column may hold, with the name of each value. `seen`: known from documents, not complete."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str
    status: Literal["standard", "seen", "own"]
    source: str
    values: dict[str, str]
    spoken: dict[str, str] = {}  #: what people write → the value, "" for none of them

    @property
    def is_open(self) -> bool:
        """May other values occur? Then they are accepted and counted by the quality rules."""
        return self.status == "seen"


class Element(BaseModel):
    """A data element: the same thing in every table that has a column of this name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str
    type: Type
    unit: str = ""  #: in words; by the type where it is not said
    codes: str = ""  #: its list in codes.yaml
    national: tuple[str, ...] = ()  #: names in the national interface; one thing has several
    aliases: tuple[str, ...] = ()  #: other headings that people write
    of: str = ""  #: the table whose rows this element names, by its key
    references: str = ""  #: a table whose key it holds under another name
    digits: str = ""  #: how a code of digits alone looks (a pattern): by it the importer puts lost zeros back in front
    meaning: str = ""


class Column(BaseModel):
    """An element as a column of one table."""

    model_config = ConfigDict(frozen=True)

    name: str
    element: Element
    nullable: bool = False
    blank: bool = False  #: the empty text is a value (all departments, no project), never null
    also: tuple[str, ...] = ()  #: headings that mean it in this table alone

    @property
    def type(self) -> Type:
        return self.element.type

    @property
    def unit(self) -> str:
        return self.element.unit or UNITS_OF.get(self.type, "")

    @property
    def headings(self) -> tuple[str, ...]:
        """Every heading under which the importer accepts the column, the English name first."""
        e = self.element
        return tuple(dict.fromkeys((self.name, e.label, *e.national, *e.aliases, *self.also)))


class Partition(BaseModel):
    """How the files of a table are cut: by the year or the month of one of its dates."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: Literal["year", "month"]
    of: str


class RowCheck(BaseModel):
    """What must be true of each row: `holds`, an expression of the portable subset over its columns, or a named `rule` of the importer.

    A check refuses the row, unless it only flags it. An expression that is NULL (a value is missing) holds.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    says: str
    holds: str = ""
    rule: str = ""
    severity: Literal["refuse", "flag"] = "refuse"


class Foreign(BaseModel):
    """How a table is read that another office writes as it likes: its rows are never refused for what our tables do not hold.

    `also`: headings by column; `instead`: headings that stand for a column where no other one does; `titled`: columns that may
    stand in the title, the name of the sheet or of the file for all rows.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    also: dict[str, tuple[str, ...]] = {}
    instead: dict[str, tuple[str, ...]] = {}
    titled: tuple[str, ...] = ()
    added: tuple[str, ...] = ()  #: columns that the office's own totals add up; those of money where it does not say


class Relation(BaseModel):
    """Column `column` holds a key of `table`."""

    model_config = ConfigDict(frozen=True)

    column: str
    table: str


class Table(BaseModel):
    """A standard table."""

    model_config = ConfigDict(frozen=True)

    name: str
    subject: str
    label: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    partition: Partition | None = None
    checks: tuple[RowCheck, ...] = ()
    foreign: Foreign | None = None

    @cached_property
    def by_name(self) -> Mapping[str, Column]:
        return {column.name: column for column in self.columns}

    @cached_property
    def relations(self) -> tuple[Relation, ...]:
        """The columns that name rows of other tables (or of this one, under another name)."""
        found = []
        for column in self.columns:
            to = column.element.references or column.element.of
            if to and (to != self.name or column.element.references):
                found.append(Relation(column=column.name, table=to))
        return tuple(found)

    @cached_property
    def money(self) -> tuple[str, ...]:
        """The columns in fen."""
        return tuple(column.name for column in self.columns if column.type == "money")

    @property
    def added(self) -> tuple[str, ...]:
        """The columns that a total adds up."""
        return (self.foreign.added if self.foreign else ()) or self.money


class Vocabulary(BaseModel):
    """All standard tables, their elements and code lists."""

    model_config = ConfigDict(frozen=True)

    elements: dict[str, Element]
    codes: dict[str, Codes]
    tables: dict[str, Table]

    def table(self, name: str) -> Table:
        """By English name or Chinese label; KeyError for a stranger."""
        if name in self.tables:
            return self.tables[name]
        for table in self.tables.values():
            if table.label == name:
                return table
        raise KeyError(name)

    def codes_of(self, column: Column) -> Codes | None:
        return self.codes[column.element.codes] if column.element.codes else None


def _words(value: Any) -> Any:
    """A YAML mapping of codes with keys as text: "01" stays "01"."""
    return {str(code): str(name) for code, name in value.items()} if isinstance(value, dict) else value


class _Declared(BaseModel):
    """A table as its file writes it."""

    model_config = ConfigDict(extra="forbid")

    label: str
    grain: str
    key: tuple[str, ...]
    columns: Annotated[tuple[str, ...], BeforeValidator(tuple)]
    partition: Partition | None = None
    checks: tuple[RowCheck, ...] = ()
    foreign: Foreign | None = None


@lru_cache(maxsize=1)
def load_tables() -> Vocabulary:
    """The vocabulary as shipped; ValueError where a declaration contradicts itself (a test reads them all)."""
    codes = {
        name: Codes.model_validate({**c, "values": _words(c["values"])})
        for name, c in shipped_yaml("tables/codes.yaml").items()
    }
    elements: dict[str, Element] = {}
    declared: dict[str, tuple[str, _Declared]] = {}
    for subject in SUBJECTS:
        content = shipped_yaml(f"tables/{subject}.yaml")
        for name, element in content["elements"].items():
            if name in elements:
                raise ValueError(f"{subject}: element {name} is declared twice")
            elements[name] = Element.model_validate(element)
        for name, table in content["tables"].items():
            declared[name] = (subject, _Declared.model_validate(table))
    tables = {name: _table(name, subject, table, elements) for name, (subject, table) in declared.items()}
    found = Vocabulary(elements=elements, codes=codes, tables=tables)
    if wrong := list(_contradictions(found)):
        raise ValueError("; ".join(wrong))
    return found


def _table(name: str, subject: str, declared: _Declared, elements: Mapping[str, Element]) -> Table:
    also = declared.foreign.also if declared.foreign else {}
    columns = tuple(_column(f"{subject}: {name}", text, elements, also) for text in declared.columns)
    return Table(
        name=name,
        subject=subject,
        label=declared.label,
        grain=declared.grain,
        key=declared.key,
        columns=columns,
        partition=declared.partition,
        checks=declared.checks,
        foreign=declared.foreign,
    )


def _column(where: str, text: str, elements: Mapping[str, Element], also: Mapping[str, tuple[str, ...]]) -> Column:
    name = text.rstrip("?~")
    if name not in elements:
        raise ValueError(f"{where}: no element {name}")
    return Column(
        name=name,
        element=elements[name],
        nullable=text.endswith("?"),
        blank=text.endswith("~"),
        also=also.get(name, ()),
    )


def _contradictions(vocabulary: Vocabulary) -> Iterator[str]:
    """What is wrong with the declarations as a whole."""
    for name, element in vocabulary.elements.items():
        if element.codes and element.codes not in vocabulary.codes:
            yield f"{name}: no code list {element.codes}"
        for to in filter(None, (element.of, element.references)):
            if to not in vocabulary.tables:
                yield f"{name}: no table {to}"
    for name, codes in vocabulary.codes.items():
        if strange := set(codes.spoken.values()) - {*codes.values, ""}:
            yield f"{name}: spoken of no value {sorted(strange)}"
    for table in vocabulary.tables.values():
        yield from (f"{table.name}: {said}" for said in _contradictions_of(table))


def _contradictions_of(table: Table) -> Iterator[str]:
    if len(table.by_name) < len(table.columns):
        yield "a column stands twice"
    for name in table.key:
        if name not in table.by_name:
            yield f"the key {name} is no column"
        elif table.by_name[name].nullable:
            yield f"the key {name} may be empty"
    if table.partition:
        column = table.by_name.get(table.partition.of)
        cuts = ("date", "time", "year") if table.partition.by == "year" else ("date", "time")
        if column is None or column.nullable or column.type not in cuts:
            yield f"partitioned by {table.partition.of}, which is no date of every row"
    taken: dict[str, str] = {}
    for column in table.columns:
        for heading in column.headings:
            if taken.setdefault(heading, column.name) != column.name:
                yield f"{heading} could be {taken[heading]} or {column.name}"
    if table.foreign:
        named = {*table.foreign.also, *table.foreign.instead, *table.foreign.titled, *table.foreign.added}
        yield from (f"foreign: {name} is no column" for name in sorted(named - set(table.by_name)))
    for check in table.checks:
        if bool(check.holds) == bool(check.rule):
            yield f"check {check.id} needs an expression or a rule"

"""Identities between figures, and word lists known to leave nothing out (data: relations.yaml).

A relation says `result = op(terms)`. Its operands name figures of the register; the reader of a document brings the
year, the basis and the scope, which all operands share unless an operand names its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict

from yibao.vocabulary.data import shipped_yaml
from yibao.vocabulary.intervals import Range, total
from yibao.vocabulary.labels import Basis, normal

Op = Literal["sum", "difference", "ratio", "change", "product", "equal", "between"]

_OPERAND = re.compile(r"(?P<figure>[a-z_0-9.]+)(?::(?P<basis>[a-z]+))?(?:@(?P<shift>-?\d))?")


class Operand(BaseModel):
    """A figure in a relation. `basis` None: the relation's common basis; `shift` −1: the year before."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    figure: str
    basis: Basis | None = None
    shift: int = 0


def _operand(written: Any) -> Any:
    """An operand from its short form, `figure[:basis][@shift]`."""
    if not isinstance(written, str):
        return written
    m = _OPERAND.fullmatch(written)
    if m is None:
        raise ValueError(f"not an operand: {written}")
    return {"figure": m["figure"], "basis": m["basis"], "shift": int(m["shift"] or 0)}


_Written = Annotated[Operand, BeforeValidator(_operand)]


class Relation(BaseModel):
    """One identity: `result = factor × op(terms)`.

    sum adds the terms up (`complete` False: they only must not exceed the result), difference takes the others from
    the first, ratio divides the first by the second, change is (first − second) / second, product multiplies, equal
    has one term, between says that the result lies between the terms. `optional` terms count as 0 where a form has no
    such row. `hard` False: a violation asks for an explanation. `formula` names the region's formula versions.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    kind: str  #: name of the check, as in `yibao check --explain`
    op: Op
    result: _Written
    terms: tuple[_Written, ...]
    optional: frozenset[str] = frozenset()
    factor: Decimal = Decimal(1)
    complete: bool = True
    hard: bool = True
    formula: str | None = None
    label: str
    source: str

    @property
    def figures(self) -> tuple[str, ...]:
        """Ids of the result and the terms."""
        return (self.result.figure, *(term.figure for term in self.terms))

    def computed(self, ranges: Sequence[Range]) -> Range | None:
        """The result that the terms give; None where their number does not fit the operation.

        `between` gives the sum, which says nothing: whoever checks it looks at the ends. ZeroDivisionError on no base.
        """
        if not ranges:
            return None
        if self.op in ("sum", "between"):
            out = total(ranges)
        elif self.op == "equal":
            out = ranges[0]
        elif len(ranges) != 2:
            return None
        elif self.op == "difference":
            out = ranges[0] - ranges[1]
        elif self.op == "ratio":
            out = ranges[0] / ranges[1]
        elif self.op == "change":
            out = (ranges[0] - ranges[1]) / ranges[1]
        else:
            out = ranges[0] * ranges[1]
        return out if self.factor == 1 else out * Range.number(self.factor)


class Partition(BaseModel):
    """Words that together leave nothing out: 在职 and 退休 of the insured employees. One tuple of synonyms a member."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str
    whole: tuple[str, ...] = ()  #: words of what is divided, () for anything
    members: tuple[tuple[str, ...], ...]
    hard: bool = True  #: False: usually exhaustive, but a rest may be left out without a word

    def covers(self, labels: Sequence[str]) -> bool:
        """True where each member is named by exactly one label and each label names exactly one member.

        >>> by_name = {p.name: p for p in load_partitions()}
        >>> by_name["编制性质"].covers(["其中行政编制", "事业编制"]), by_name["编制性质"].covers(["行政编制"])
        (True, False)
        """
        if len(labels) != len(self.members):
            return False
        named = [self._members_of(normal(label)) for label in labels]
        return all(len(hits) == 1 for hits in named) and len({hits[0] for hits in named}) == len(self.members)

    def _members_of(self, label: str) -> list[int]:
        """Numbers of the members that a label names by its longest word: 非公立 is not 公立."""
        found = [(len(word), i) for i, words in enumerate(self.members) for word in words if word in label]
        longest = max(found)[0] if found else 0
        return sorted({i for length, i in found if length == longest})

    def divides(self, whole: str) -> bool:
        """True where a label can be what this partition divides."""
        text = normal(whole)
        return not self.whole or any(word in text for word in self.whole)


def covering_partition(labels: Sequence[str], whole: str = "", *, hard: bool = True) -> Partition | None:
    """The partition that a list of labels completes, None for a list that may leave something out.

    With `whole` (the label of the total) only partitions of such a thing count; `hard` False admits the usual ones too.

    >>> covering_partition(["货物支出", "工程支出", "服务支出"], "政府采购支出总额").name
    '政府采购'
    """
    for partition in load_partitions():
        fits = not whole or partition.divides(whole)
        if fits and (partition.hard or not hard) and partition.covers(labels):
            return partition
    return None


@lru_cache(maxsize=1)
def load_relations() -> tuple[Relation, ...]:
    """The shipped relations, lines with `each` written out."""
    lines = shipped_yaml("relations.yaml")["relations"]
    relations = tuple(Relation.model_validate(line) for entry in lines for line in _each(entry))
    if len({r.id for r in relations}) != len(relations):
        raise ValueError("relations.yaml declares an id twice")
    return relations


@lru_cache(maxsize=1)
def load_partitions() -> tuple[Partition, ...]:
    """The shipped partitions, in the order in which they are tried."""
    return tuple(Partition.model_validate(line) for line in shipped_yaml("relations.yaml")["partitions"])


@lru_cache(maxsize=1)
def _by_result() -> dict[str, tuple[Relation, ...]]:
    found: dict[str, tuple[Relation, ...]] = {}
    for relation in load_relations():
        key = relation.result.figure
        found[key] = (*found.get(key, ()), relation)
    return found


def relations_for(figure_id: str) -> tuple[Relation, ...]:
    """The relations that say how a figure follows from others; () where none is declared.

    >>> [r.label for r in relations_for("fund.resident.balance")]
    ['当期结余 = 收入合计 − 支出合计']
    """
    return _by_result().get(figure_id, ())


def _each(entry: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The entry once for each member of `each`, {} filled in."""
    members = entry.get("each")
    body = {key: value for key, value in entry.items() if key != "each"}
    if members is None:
        yield body
        return
    for member in members:
        yield {key: _filled(value, member) for key, value in body.items()}


def _filled(value: Any, member: str) -> Any:
    if isinstance(value, list):
        return [_filled(item, member) for item in value]
    return value.replace("{}", member) if isinstance(value, str) else value

"""Identities between named figures, wherever they are printed (vocabulary/relations): text with text, text with table.

A relation is checked for every printing of its result. Its terms are taken from the same table or paragraph where they
stand there, else from the place that most places agree with. Inside one table its form has checked already.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate, islice, product

from yibao.proofread.checks.compare import compared, sum_verdict
from yibao.proofread.checks.repeats import certain, operand
from yibao.proofread.findings import Check, Evidence, Operand, Severity, Verdict
from yibao.proofread.forms.facts import Fact
from yibao.proofread.quantity import Quantity, Range, judge
from yibao.proofread.reading import Reading
from yibao.vocabulary.figures import load_figures
from yibao.vocabulary.relations import Relation, load_relations

MAX_READINGS = 64  #: combinations of printed values tried for one relation
_SIGNS = {"sum": "+", "difference": "-", "ratio": "/", "product": "×"}


@dataclass(frozen=True, slots=True)
class _Printed:
    """A fact in the shape that `compared` prints."""

    fact: Fact

    @property
    def quantity(self) -> Quantity:
        return self.fact.quantity

    @property
    def evidence(self) -> Evidence:
        return self.fact.evidence

    @property
    def operand(self) -> Operand:
        return operand(self.fact)


Index = dict[tuple[str, int | None, str], list[Fact]]


def run(reading: Reading) -> Iterator[Check]:
    index = index_of(reading.facts)
    for relation in load_relations():
        for check in check_relation(relation, index):
            if not _has_other_parts(check, reading):
                yield check


def _has_other_parts(check: Check, reading: Reading) -> bool:
    """A broken sum whose sentence lists more than the known parts: "编制 86 名，其中行政 24 名、工勤 2 名、事业 60 名"."""
    if check.verdict not in (Verdict.INCONSISTENT, Verdict.SUSPICIOUS) or check.target is None or not check.operands:
        return False
    keys = {check.target.key, *(o.key for o in check.operands)}
    sentence = next((s for s in reading.sentences if keys <= {m.key for m in s.mentions}), None)
    if sentence is None:
        return False
    head = next(m for m in sentence.mentions if m.key == check.target.key)
    terms = [m.index for m in sentence.mentions if m.key in keys and m.key != head.key]
    listed = [m for m in sentence.mentions[min(terms) :] if m.dimension == head.dimension and m.depth == head.depth]
    inside = any(m.index not in terms and m.index < max(terms) for m in listed)
    sums = accumulate(m.quantity.base for m in listed)
    return inside or any(s == head.quantity.base for s in sums)


def index_of(facts: Sequence[Fact]) -> Index:
    """Facts by figure, year and basis; counts and rates have one basis unless a budget or a target is meant."""
    register = load_figures()
    index: Index = defaultdict(list)
    seen: set[tuple[tuple[int, ...], str]] = set()
    for fact in facts:
        if fact.figure not in register or fact.scope or (fact.key, fact.figure) in seen:
            continue
        seen.add((fact.key, fact.figure))
        index[(fact.figure, fact.year, _basis(fact.basis))].append(fact)
    return index


def _basis(basis: str) -> str:
    return "final" if basis in ("actual", "") else basis


def check_relation(relation: Relation, index: Index) -> Iterator[Check]:
    own = relation.result
    for (figure, year, basis), results in list(index.items()):
        if figure != own.figure or (own.basis and basis != own.basis):
            continue
        if any(f.quantity.base for other in relation.unless for f in _term(index, other, basis, year, 0)):
            continue
        for fact in _distinct(results):
            terms = [_term(index, t.figure, t.basis or basis, year, t.shift) for t in relation.terms]
            present = [(t, found) for t, found in zip(relation.terms, terms, strict=True) if found]
            missing = [t for t, found in zip(relation.terms, terms, strict=True) if not found]
            if any(t.figure not in relation.optional for t in missing) or not present:
                continue
            check = _evaluate(relation, fact, [found for _, found in present])
            if check is not None:
                yield check


def _distinct(facts: Sequence[Fact]) -> list[Fact]:
    """One fact for each printed value, prose before tables: a table's own sums are checked by its form."""
    found: dict[Decimal, Fact] = {}
    for fact in sorted(facts, key=lambda f: f.source == "table"):
        found.setdefault(fact.quantity.base, fact)
    return list(found.values())[:6]


def _term(index: Index, figure: str, basis: str, year: int | None, shift: int) -> list[Fact]:
    if year is None and shift:
        return []  # a document that names no year has no year before it
    when = None if year is None else year + shift
    bases = {"budget": ("budget", "adjusted", "initial")}.get(basis, (basis,))
    for b in bases:
        if found := index.get((figure, when, b)):
            return found
    return []


def _evaluate(relation: Relation, fact: Fact, terms: list[list[Fact]]) -> Check | None:
    choices = [_ordered(candidates, fact) for candidates in terms]
    first: Check | None = None
    for chosen in islice(product(*choices), MAX_READINGS):
        blocks = {f.evidence.place.block for f in (fact, *chosen)}
        if fact.source == "table" and len(blocks) == 1 and all(f.source == "table" for f in chosen):
            return None
        if any(f.key == fact.key for f in chosen):
            continue
        check = _check(relation, fact, chosen)
        if check is None:
            continue
        if check.verdict in (Verdict.CONSISTENT, Verdict.ROUNDING):
            return check
        first = first or check
    return first


def _ordered(candidates: Sequence[Fact], fact: Fact) -> list[Fact]:
    """The same paragraph or table first, then what most places print."""
    counts = Counter(f.quantity.base for f in candidates)
    found: dict[Decimal, Fact] = {}
    for f in sorted(candidates, key=lambda f: (f.key[0] != fact.key[0], -counts[f.quantity.base])):
        found.setdefault(f.quantity.base, f)
    return list(found.values())[:4]


def _check(relation: Relation, fact: Fact, terms: Sequence[Fact]) -> Check | None:
    ranges = [f.quantity.range for f in terms]
    try:
        computed = relation.computed(ranges)
    except ZeroDivisionError:
        return None
    if computed is None:
        return None
    shown = _SIGNS.get(relation.op, "、").join(f.quantity.raw for f in terms)
    if not relation.complete or relation.op == "between":
        return _bounded(relation, fact, terms, computed, shown)
    summed = relation.op in ("sum", "difference", "flow")
    verdict = (
        sum_verdict(fact.quantity, computed, [f.quantity for f in terms]) if summed else judge(fact.quantity, computed)
    )
    severity = None
    if verdict is Verdict.INCONSISTENT:
        if not _together(relation, fact, terms):
            return None
        sure = relation.hard and all(certain(f) for f in (fact, *terms))
        verdict, severity = (verdict, None) if sure else (Verdict.SUSPICIOUS, Severity.WARNING)
        if relation.formula and not relation.hard:
            return None  # another formula version may hold: checks.rates tries them all
    printed = [_Printed(f) for f in terms]
    return compared(
        relation.kind,
        _Printed(fact),
        computed,
        printed,
        shown,
        name=relation.label,
        verdict=verdict,
        severity=severity,
        summed=summed,
    )


def _together(relation: Relation, fact: Fact, terms: Sequence[Fact]) -> bool:
    """Figures that stand apart may differ in scope: only tables of a fund, or numbers under one heading, contradict."""
    if relation.id.startswith(("fund.", "insured.")) and relation.hard and any(f.source == "table" for f in terms):
        return True
    places = {(f.evidence.place.file, f.evidence.place.section) for f in (fact, *terms)}
    return len(places) == 1 and all(f.source == "text" for f in (fact, *terms))


def _bounded(relation: Relation, fact: Fact, terms: Sequence[Fact], computed: Range, shown: str) -> Check | None:
    """Parts that must not exceed their whole, and means that lie between their ends."""
    own = fact.quantity.range
    if relation.op == "between":
        ends = sorted(f.quantity.base for f in terms)
        holds = ends[0] <= own.value <= ends[-1]
    else:
        holds = computed.low <= own.high
    if not holds and not _together(relation, fact, terms):
        return None
    verdict = (
        Verdict.CONSISTENT
        if holds
        else Verdict.INCONSISTENT
        if relation.hard and all(certain(f) for f in (fact, *terms))
        else Verdict.SUSPICIOUS
    )
    message = f"{relation.label}：{fact.quantity.raw}与{shown}{'相符' if holds else '不相符'}"
    told = terms[0].evidence if len(terms) == 1 and holds else fact.evidence
    return Check(
        relation.kind, verdict, told, fact.quantity.raw, None, message, "", tuple(f.evidence for f in terms),
        None, operand(fact), tuple(operand(f) for f in terms),
    )  # fmt: skip

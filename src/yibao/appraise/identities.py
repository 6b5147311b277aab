"""The declared identities (vocabulary/relations) over typed figures: which published inputs cannot all be true.

Operands are intervals of their printed precision; a sum of money may be off by a few units of the last printed place,
no more. A soft identity (one that may fail for a good reason) speaks only where no other identity of its result holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import isqrt

from yibao.appraise.choices import AS_COMPUTED, AS_PRINTED, WITHOUT_PARTS, Contradiction
from yibao.appraise.typed import Key, Number, Typed
from yibao.vocabulary.intervals import Range, round_half_up
from yibao.vocabulary.labels import Basis
from yibao.vocabulary.relations import Operand, Relation, load_relations

Chosen = Mapping[Key, Typed]

#: a budget is asked for by its general name too: the whole-year one first, then the initial one
_BUDGETS: tuple[Basis, ...] = ("budget", "adjusted", "initial")


@dataclass(frozen=True, slots=True)
class Broken:
    """A published result that its own terms do not give. `computed` in base units, None where only a bound is broken."""

    key: Key
    label: str
    terms: tuple[Key, ...]
    computed: Decimal | None
    said: str

    @property
    def name(self) -> str:
        return f"{self.key.name}：{self.label}"

    @property
    def contradiction(self) -> Contradiction:
        options = (AS_PRINTED, WITHOUT_PARTS) if self.computed is None else (AS_PRINTED, AS_COMPUTED, WITHOUT_PARTS)
        return Contradiction(self.name, self.said, options)


def found(chosen: Chosen, key: Key) -> Typed | None:
    """The figure of a key; where a budget without a further word is asked for, whichever budget there is."""
    for basis in _BUDGETS if key.basis == "budget" else (key.basis,):
        typed = chosen.get(Key(key.figure, key.scope, key.year, basis))
        if typed is not None:
            return typed
    return None


def broken_identities(chosen: Chosen, cap: Decimal) -> list[Broken]:
    """Every identity that the figures break; `cap`: units of the last place that rounding may take from a sum."""
    judged = [(relation, typed, _judged(relation, typed, chosen, cap)) for relation, typed in _results(chosen)]
    holding = {typed.key for _, typed, broken in judged if broken is True}
    return [
        broken
        for relation, typed, broken in judged
        if isinstance(broken, Broken) and (relation.hard or typed.key not in holding)
    ]


def _results(chosen: Chosen) -> Iterator[tuple[Relation, Typed]]:
    by_figure: dict[str, list[Typed]] = {}
    for key in sorted(chosen):
        by_figure.setdefault(key.figure, []).append(chosen[key])
    for relation in load_relations():
        if relation.formula is None:  # named rates have versions: see named_rates
            for typed in by_figure.get(relation.result.figure, ()):
                if relation.result.basis in (None, typed.key.basis):
                    yield relation, typed


def _judged(relation: Relation, typed: Typed, chosen: Chosen, cap: Decimal) -> Broken | bool | None:
    """The break, True where the identity holds, None where a term is missing or the base is zero."""
    terms = [(operand, _term(operand, typed.key, chosen)) for operand in relation.terms]
    if any(term is None and operand.figure not in relation.optional for operand, term in terms):
        return None
    present = [term for _, term in terms if term is not None]
    try:
        computed = relation.computed([term.number.range for term in present])
    except ZeroDivisionError:
        return None
    if computed is None:
        return None
    if _holds(relation, typed.number, computed, present, cap):
        return True
    sole = None if relation.op == "between" or not relation.complete else computed.value
    said = _said(relation.label, typed, present, sole)
    return Broken(typed.key, relation.label, tuple(term.key for term in present), sole, said)


def _term(operand: Operand, key: Key, chosen: Chosen) -> Typed | None:
    return found(chosen, Key(operand.figure, key.scope, key.year + operand.shift, operand.basis or key.basis))


def _holds(relation: Relation, stated: Number, computed: Range, terms: Sequence[Typed], cap: Decimal) -> bool:
    if relation.op == "between":
        ends = sorted(term.number.base for term in terms)
        return ends[0] <= stated.base <= ends[-1]
    if not relation.complete:
        return computed.low <= stated.range.high
    summed = relation.op in ("sum", "difference", "equal")
    return agrees(stated, computed, [term.number for term in terms] if summed else [], cap)


def agrees(stated: Number, computed: Range, addends: Sequence[Number], cap: Decimal) -> bool:
    """Can the printed number be what its operands give? Rounding is all that may lie between them.

    A sum of n rounded numbers spreads by about √(n+1) units of the last place: more than that and `cap` is no rounding,
    even where all roundings one way would reach it.
    """
    if stated.unit.exact and computed.exact:
        return stated.base == computed.value
    if stated.rewritten(computed.value).value == stated.value:
        return True
    own = Range.printed(stated.base, stated.step)
    if own.high < computed.low or computed.high < own.low:
        return False
    if not addends or not stated.is_money:
        return True
    step = min(n.step for n in (stated, *addends))
    return abs(computed.value - stated.base) <= max(cap, Decimal(isqrt(len(addends)) + 1)) * step


def _said(label: str, typed: Typed, terms: Sequence[Typed], computed: Decimal | None) -> str:
    parts = "；".join(f"{term.key.name} {term.number.printed}" for term in terms)
    gives = "" if computed is None else f"，按各项计算为 {typed.number.rewritten(computed).printed}"
    return f"{label} 不成立：印的是 {typed.cited}{gives}。各项：{parts}"


def percent(fraction: Decimal) -> str:
    """A fraction as messages print it.

    >>> percent(Decimal("0.954365"))
    '95.44%'
    """
    return f"{round_half_up(fraction * 100, 2)}%"

"""Rates of one name in several versions: 预算控制率 is 追加 ÷ 年初 here and 全年 ÷ 年初 there, 100 points apart.

A rate that agrees with the version valid in the region and year needs no word. Where another version gives another
number, 单位.yaml says which one is meant (口径: {预算控制率: control-adjusted}); documents print the formula beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from yibao.appraise.identities import Broken, Chosen, agrees, found, percent
from yibao.appraise.typed import Key, Typed
from yibao.errors import UserError
from yibao.region.formulas import FormulaVersion, evaluate, variants
from yibao.region.packs import Pack
from yibao.vocabulary.intervals import Range
from yibao.vocabulary.labels import Basis
from yibao.vocabulary.relations import Relation, load_relations

_BASES: Mapping[str, Basis] = {
    "initial": "initial",
    "added": "added",
    "adjusted": "adjusted",
    "budget": "budget",
    "final": "final",
}
_WORDS = {
    "initial": "年初预算", "added": "调整追加", "adjusted": "全年预算", "budget": "预算", "final": "决算", "opening": "上年结转",
    "closing": "年末结余", "last": "上年决算", "last_budget": "上年预算", "/": "÷", "*": "×", "-": "−", "+": "+",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a rate with what it gives; `terms` are the figures that went in."""

    formula: FormulaVersion
    computed: Range
    terms: tuple[Typed, ...]

    @property
    def told(self) -> str:
        return f"{in_words(self.formula.expr)} = {percent(self.computed.value)}（{self.formula.id}，{self.formula.source}）"


@dataclass(frozen=True, slots=True)
class RateUsed:
    """The version behind a printed rate. `standard`: the region's own, where that is another one and gives another number."""

    key: Key
    name: str
    version: Version
    standard: Version | None = None


def in_words(expression: str) -> str:
    """An expression as a document prints it.

    >>> in_words("added / initial")
    '调整追加 ÷ 年初预算'
    """
    return " ".join(_WORDS.get(word, word) for word in re.findall(r"[a-z_]+|\d+|[-+*/()]", expression))


def rates(chosen: Chosen, region: Pack, named: Mapping[str, str], cap: Decimal) -> tuple[list[RateUsed], list[Broken]]:
    """The version behind each typed rate that has a formula, and the rates that fit none.

    `named`: the version that the bureau names for a rate. UserError where one has to be named, or is unknown.
    """
    used, broken = [], []
    for key, name, versions in _typed_rates(chosen, region):
        typed = chosen[key]
        version = _meant(typed, name, versions, named, cap)
        if agrees(typed.number, version.computed, [], cap):
            used.append(RateUsed(key, name, version, _standard(versions, version)))
        else:
            broken.append(_broken(typed, name, version))
    return used, broken


def _standard(versions: list[Version], used: Version) -> Version | None:
    valid = next((v for v in versions if v.formula.valid), None)
    same = valid is None or percent(valid.computed.value) == percent(used.computed.value)
    return None if same else valid


def _typed_rates(chosen: Chosen, region: Pack) -> Iterator[tuple[Key, str, list[Version]]]:
    """Each typed rate with the versions that its figures allow to compute."""
    for figure, relations in formulas_by_figure().items():
        for key in sorted(k for k in chosen if k.figure == figure and k.basis == "final"):
            name = relations[0].formula or ""
            versions = [v for f in variants(name, key.year, region) if (v := _evaluated(f, relations, key, chosen))]
            if versions:
                yield key, name, versions


def formulas_by_figure() -> dict[str, list[Relation]]:
    """The relations with a named formula, by the rate they define."""
    grouped: dict[str, list[Relation]] = {}
    for relation in load_relations():
        if relation.formula is not None:
            grouped.setdefault(relation.result.figure, []).append(relation)
    return grouped


def _evaluated(formula: FormulaVersion, relations: list[Relation], key: Key, chosen: Chosen) -> Version | None:
    for relation in relations:
        terms = {name: _bound(name, relation, key, chosen) for name in sorted(formula.terms, key=formula.expr.find)}
        known = {name: term for name, term in terms.items() if term is not None}
        if len(known) == len(terms):
            ranges = {name: term.number.range for name, term in known.items()}
            computed = evaluate(formula.expr, ranges, Range.number)
            if computed is not None:
                return Version(formula, computed, tuple(known.values()))
    return None


def _bound(name: str, relation: Relation, key: Key, chosen: Chosen) -> Typed | None:
    """The figure behind a name of an expression, by the relation's operands."""
    if name in ("opening", "closing"):
        return found(chosen, Key(f"dept.carry.{name}", key.scope, key.year, "final"))
    if name in ("last", "last_budget"):
        basis: Basis = "final" if name == "last" else "budget"
        return found(chosen, Key(relation.terms[0].figure, key.scope, key.year - 1, basis))
    if name not in _BASES:
        return None
    own = next((t for t in relation.terms if t.basis == _BASES[name]), relation.terms[0])
    return found(chosen, Key(own.figure, key.scope, key.year, _BASES[name]))


def _meant(typed: Typed, name: str, versions: list[Version], named: Mapping[str, str], cap: Decimal) -> Version:
    """The version that a printed rate is to be compared with."""
    if name in named:
        wanted = next((v for v in versions if v.formula.id == named[name]), None)
        if wanted is None:
            told = "；".join(v.told for v in versions)
            raise UserError(f"“单位.yaml”口径里的“{name}: {named[name]}”不是可用的算法，可用的有：{told}。请改正。")
        return wanted
    valid = next((v for v in versions if v.formula.valid), None)
    if valid is not None and agrees(typed.number, valid.computed, [], cap):
        return valid
    results = {percent(v.computed.value) for v in versions}
    if len(results) > 1:
        told = "；".join(v.told for v in versions)
        example = f"口径: {{{name}: {versions[0].formula.id}}}"
        raise UserError(
            f"“{name}”印的是 {typed.cited}，而它有几种算法：{told}。请在“单位.yaml”的口径里写明用哪一种，如 {example}。"
        )
    return versions[0]


def _broken(typed: Typed, name: str, version: Version) -> Broken:
    label = f"{name} = {in_words(version.formula.expr)}"
    parts = "；".join(f"{term.key.name} {term.number.printed}" for term in version.terms)
    gives = typed.number.rewritten(version.computed.value).printed
    said = f"{label} 不成立：印的是 {typed.cited}，按各项计算为 {gives}。各项：{parts}"
    return Broken(typed.key, label, tuple(term.key for term in version.terms), version.computed.value, said)

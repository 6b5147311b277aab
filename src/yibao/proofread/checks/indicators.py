"""The narrative's indicators beside those of the score sheet: weights, scores and achieved values (kinds
weight_text_vs_table, text_vs_table). Headings and items are matched by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from yibao.proofread.checks.points_tree import Node, read_points
from yibao.proofread.checks.repeats import agreement, operand
from yibao.proofread.findings import Check, Severity, Verdict
from yibao.proofread.forms.facts import Fact
from yibao.proofread.norm import normalise
from yibao.proofread.prose import Mention, Sentence
from yibao.proofread.reading import Reading

_NOISE = re.compile(r"[\"“”'：:，、（）()《》\s]|指标$")
MIN_NAME = 4
PROJECT = "项目支出绩效自评报告"  #: a kind of document: its indicators are one project's, not the department's


def run(reading: Reading) -> Iterator[Check]:
    facts = _by_name(reading.facts)
    if not facts:
        return
    own = [file for file in reading.files if file.profile.kind != PROJECT]
    for file in own:
        yield from _headings(read_points(file, reading), facts, None)
    paths = {file.source.path for file in own}
    for sentences in reading.paragraphs():
        if sentences[0].place.table is None and sentences[0].place.file in paths:
            yield from _achieved(sentences, facts)


Named = Mapping[tuple[str, str], Fact]


def _by_name(facts: Sequence[Fact]) -> Named:
    """Facts of the department's own sheet (not of single projects) by (weight|score|label, clean name)."""
    out: dict[tuple[str, str], Fact] = {}
    for fact in facts:
        sort, _, name = fact.figure.partition(":")
        if (
            sort in ("weight", "score", "label")
            and fact.form == "scoresheet"
            and not fact.scope
            and fact.basis == "actual"
        ):
            out.setdefault((sort, _clean(name)), fact)
    return out


def _clean(name: str) -> str:
    return _NOISE.sub("", normalise(name.partition("（")[0]).text)


def _headings(node: Node, facts: Named, parent_agrees: bool | None) -> Iterator[Check]:
    """Weights and scores of headings. A part that differs under a whole that agrees is classed differently, not wrong."""
    agrees: bool | None = None
    if node.heading is not None:
        name = _clean(node.title)
        for sort, mention in (("weight", node.weight), ("score", node.score)):
            fact = facts.get((sort, name))
            if fact is None or mention is None:
                continue
            same = mention.quantity.value == fact.quantity.value
            agrees = same if agrees is None else agrees and same
            yield _points_check(node, sort, mention, fact, parent_agrees)
    for child in node.children:
        yield from _headings(child, facts, agrees if agrees is not None else parent_agrees)


def _points_check(node: Node, sort: str, mention: Mention, fact: Fact, parent_agrees: bool | None) -> Check:
    same = mention.quantity.value == fact.quantity.value
    word = "分值" if sort == "weight" else "得分"
    message = f"{_clean(node.title)}{word}：正文{mention.quantity.raw}，自评表{fact.quantity.value}分"
    if same:
        verdict = Verdict.CONSISTENT
    elif parent_agrees and len(_clean(node.title)) <= 4:
        verdict = Verdict.SUSPICIOUS
        message += "，上级指标一致，疑为归类不同"
    else:
        verdict = Verdict.INCONSISTENT
    return Check(
        "weight_text_vs_table", verdict, mention.evidence, mention.quantity.raw, f"{fact.quantity.value}分", message, "",
        (fact.evidence,), None, mention.operand, (operand(fact),), group="" if same else "weights:text:table",
    )  # fmt: skip


def _achieved(sentences: Sequence[Sentence], facts: Named) -> Iterator[Check]:
    """A paragraph that begins with an indicator's name must print the value that the sheet says was achieved."""
    name = _clean(re.split(r"[：。，]", sentences[0].text, maxsplit=1)[0])
    fact = facts.get(("label", name))
    if fact is None or len(name) < MIN_NAME or not fact.quantity.dimension:
        return
    same_kind = [m for s in sentences for m in s.mentions if m.dimension == fact.quantity.dimension and not m.change]
    equal = [m for m in same_kind if agreement(m.quantity, fact.quantity) in (Verdict.CONSISTENT, Verdict.ROUNDING)]
    if equal:
        yield _value_check(name, equal[0], fact, Verdict.CONSISTENT)
    elif len(same_kind) == 1 and not same_kind[0].quantity.bounds:
        yield _value_check(name, same_kind[0], fact, Verdict.INCONSISTENT)


def _value_check(name: str, mention: Mention, fact: Fact, verdict: Verdict) -> Check:
    message = f"{name}：正文{mention.quantity.raw}，自评表完成值{fact.quantity.raw}"
    severity = Severity.WARNING if verdict is Verdict.INCONSISTENT and mention.quantity.approx else None
    return Check(
        "text_vs_table", verdict, mention.evidence, mention.quantity.raw, fact.quantity.raw, message, "",
        (fact.evidence,), severity, mention.operand, (operand(fact),),
    )  # fmt: skip

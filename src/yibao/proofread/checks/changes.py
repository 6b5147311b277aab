"""A change against last year and this year's figure give last year's figure: it must be the one printed elsewhere
(a table's column of last year, a sentence about it). Kinds text_vs_table, text_vs_text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from yibao.proofread.checks.compare import compared, sum_verdict
from yibao.proofread.checks.repeats import operand
from yibao.proofread.findings import Check, Verdict
from yibao.proofread.forms.facts import Fact
from yibao.proofread.prose import Mention, Sentence
from yibao.proofread.quantity import Quantity
from yibao.proofread.reading import Reading

_LAST_YEAR = re.compile(r"[比较与](?:上年|去年|上一年)(?!.{0,6}预算)")
NEAR = 4  #: numbers between a figure and the change told of it


def run(reading: Reading) -> Iterator[Check]:
    printed: dict[tuple[str, int], list[Fact]] = defaultdict(list)
    for fact in reading.facts:
        if fact.year is not None and fact.basis in ("final", "actual") and not fact.scope:
            printed[(fact.figure, fact.year)].append(fact)
    named = {f.key: f for f in reading.facts if f.source == "text" and f.basis == "final" and ":" not in f.figure}
    for sentence in reading.sentences:
        for now in sentence.mentions:
            told = named.get(now.key)
            delta = _change_of(now, sentence) if told else None
            if told and delta and told.year is not None:
                yield from _implied(now, delta, printed.get((told.figure, told.year - 1), []))


def _change_of(now: Mention, sentence: Sentence) -> Mention | None:
    """The first change of this number told after it: "…0.89 万元，…，与上年相比减少 1.51 万元"."""
    for m in sentence.mentions[now.index + 1 : now.index + 1 + NEAR]:
        if m.change and m.dimension == now.dimension:
            return m if _LAST_YEAR.search(m.clause) or _LAST_YEAR.search(m.lead) else None
        if m.dimension == now.dimension and not m.previous:
            return None
    return None


def _implied(now: Mention, delta: Mention, last: list[Fact]) -> Iterator[Check]:
    if not last:
        return
    before = now.range - delta.range if delta.change > 0 else now.range + delta.range
    sign = "-" if delta.change > 0 else "+"
    for fact in last[:1]:
        if fact.quantity.dimension != now.dimension:
            continue
        q: Quantity = fact.quantity
        verdict = sum_verdict(q, before, [now.quantity, delta.quantity])
        shown = verdict if verdict is not Verdict.INCONSISTENT else Verdict.SUSPICIOUS
        kind = "text_vs_table" if fact.source == "table" else "text_vs_text"
        formula = f"{now.quantity.raw}{sign}{delta.quantity.raw}"
        check = compared(kind, _Printed(fact), before, [now, delta], formula, name=f"上年{now.label}", verdict=shown)
        yield replace(check, evidence=delta.evidence, related=(fact.evidence, now.evidence))


class _Printed:
    """A fact in the shape that `compared` prints."""

    def __init__(self, fact: Fact) -> None:
        self.quantity = fact.quantity
        self.evidence = fact.evidence
        self.operand = operand(fact)

"""One count told twice under the same words: "追缴基金涉及机构 658 家次 … 追缴基金涉及机构 659 家次" (kind text_vs_text).

The register of figures names what a bureau usually counts; these are the counts it does not name. Only long words, said
exactly twice, with numbers a slip apart, are taken for one count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from yibao.proofread.checks.compare import slip
from yibao.proofread.findings import Check, Verdict
from yibao.proofread.part_year import part_of_year
from yibao.proofread.prose import Mention
from yibao.proofread.reading import Reading

LONG_LABEL = 8  #: characters that two different counts hardly share
NEAR = Decimal("0.05")  #: share by which the second number may miss the first
_UNCOUNTED = frozenset({"", "money", "ratio", "score", "months", "days", "per head"})


def run(reading: Reading) -> Iterator[Check]:
    named = {fact.evidence.quote for fact in reading.facts if fact.source == "text"}
    said: defaultdict[tuple[str, str, str], list[Mention]] = defaultdict(list)
    for sentence in reading.sentences:
        for m in sentence.mentions:
            if m.dimension in _UNCOUNTED or m.change or m.previous or not m.quantity.exact:
                continue
            if m.quantity.bounds or part_of_year(m, sentence):
                continue
            if len(m.label) >= LONG_LABEL and sentence.place.table is None:
                said[sentence.place.file, m.label, m.dimension].append(m)
    for (_, label, _), mentions in said.items():
        if len(mentions) == 2 and mentions[1].evidence.quote not in named:
            yield from _compare(label, *mentions)


def _compare(label: str, first: Mention, again: Mention) -> Iterator[Check]:
    a, b = first.quantity.base, again.quantity.base
    related = (first.evidence,)
    if a == b:
        message = f"{label}：两处均为{first.quantity.raw}"
        yield Check(
            "text_vs_text", Verdict.CONSISTENT, again.evidence, again.quantity.raw, None, message, related=related
        )
    elif a and b and (abs(a - b) <= NEAR * a or slip(again.quantity, a)):
        message = f"{label}：正文一处为{again.quantity.raw}，正文另一处为{first.quantity.raw}"
        yield Check(
            "text_vs_text", Verdict.SUSPICIOUS, again.evidence, again.quantity.raw, first.quantity.raw, message,
            related=related,
        )  # fmt: skip

"""Several parts, then their several shares: "甲 3.10 亿元，乙 1.52 亿元，分别占 67.10%、32.90%" (kind percent_of)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from yibao.proofread.checks.ratio import fits, names_whole, ratio_check, together
from yibao.proofread.findings import Check, Verdict
from yibao.proofread.prose import Mention, Sentence

_RESPECTIVELY = re.compile(r"(?:分别占|占比分别为?|比例分别为?|比重分别为?|各占)(?P<whole>[^，；：。]*)$")
_TOTAL = re.compile(r"(?:小计|合计|共计|总计|总额)(?:为|达)?$")
_NEXT = ("、", "和", "及", "与", "，")


def check_respective(m: Mention, sentence: Sentence) -> Check | None:
    """The share against the part in the same place of its list; the whole stands before the parts, or is their sum."""
    run = _shares(m, sentence)
    if run is None:
        return None
    shares, name = run
    parts = _parts(shares[0], len(shares), sentence)
    if parts is None:
        return None
    wholes = _wholes(name, parts, sentence)
    part = parts[shares.index(m)]
    for whole in wholes:
        if fits(m, part, whole):
            return ratio_check("percent_of", m, part, whole)
    others = [(s, p) for s, p in zip(shares, parts, strict=True) if s is not m]
    for whole in wholes:
        if all(fits(s, p, whole) for s, p in others):
            return ratio_check("percent_of", m, part, whole)
    return None if name and len(wholes) == 1 else ratio_check("percent_of", m, part, wholes[0], Verdict.SUSPICIOUS)


def _shares(m: Mention, sentence: Sentence) -> tuple[list[Mention], str] | None:
    """The run of shares that `m` belongs to, and what they are said to be shares of."""
    first = m.index
    while first and sentence.mentions[first].lead in _NEXT and sentence.mentions[first - 1].dimension == "ratio":
        first -= 1
    found = _RESPECTIVELY.search(sentence.mentions[first].clause)
    if found is None:
        return None
    last = m.index
    while last + 1 < len(sentence.mentions) and sentence.mentions[last + 1].lead in _NEXT:
        last += 1
    run = [x for x in sentence.mentions[first : last + 1] if x.dimension == "ratio"]
    return (run, re.sub(r"(?:的|比例|比重|总数)+$", "", found["whole"])) if len(run) > 1 else None


def _parts(first: Mention, n: int, sentence: Sentence) -> list[Mention] | None:
    """The n numbers right before the shares, all of one dimension; their total may stand between."""
    end = first.index
    if end > n and _TOTAL.search(sentence.mentions[end - 1].clause):
        end -= 1
    parts = list(sentence.mentions[max(0, end - n) : end])
    alike = len(parts) == n and len({x.dimension for x in parts}) == 1 and parts[0].dimension != "ratio"
    return parts if alike and not any(x.change for x in parts) else None


def _wholes(name: str, parts: Sequence[Mention], sentence: Sentence) -> list[Mention]:
    """What the shares can be shares of: the number named or standing before the parts, and the parts together."""
    earlier = [x for x in sentence.mentions[: parts[0].index] if x.dimension == parts[0].dimension and not x.change]
    largest = max(x.quantity.base for x in parts)
    printed = [x for x in reversed(earlier) if (names_whole(x.label, name) if name else x.quantity.base >= largest)]
    return [*printed[:1], together(parts)]

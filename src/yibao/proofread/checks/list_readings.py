"""The ways in which the numbers behind 其中 can be the parts of a total: nested lists, two sides, what ends a list."""

from __future__ import annotations

import re
from collections.abc import Iterator

from yibao.proofread.checks.summing import MAX_PARTS, STRONG_TOTAL, is_denominator
from yibao.proofread.checks.two_sides import one_side
from yibao.proofread.prose import Mention, Sentence

OTHERS = re.compile(r"其[他它]")
_EACH = re.compile(r"每(?:人|户|月|次|名|村|床|辆|件|例|生|台|套|亩)|[人户次月日件例]均|单价")


def readings(head: Mention, tail: list[Mention]) -> Iterator[list[Mention]]:
    """The ways in which the numbers after an opener can be the parts of `head`, likeliest first."""
    tail = one_side(_until_total(tail), head)
    same = [m for m in tail if same_dimension(m, head) and not m.previous]
    same = [m for m in same if bool(m.change) == bool(head.change) or taken_off(m, head)][:MAX_PARTS]
    same = [m for m in same if not is_rate_of(m, head)]
    if re.search(r"得分|自评", head.clause):
        same = [m for m in same if not _is_weight(m)]
    outer = [m for m in same if m.depth == min((x.depth for x in same), default=0)]
    shares = [m for m in same if is_denominator(m)]
    amounts = [m for m in outer if not is_denominator(m)]
    flat = _without_nested(amounts)
    seen: set[tuple[int, ...]] = set()
    for candidate in (flat, amounts, _of_basis(amounts, head), shares, *_prefixes(flat), *_prefixes(amounts)):
        key = tuple(m.index for m in candidate)
        if key and key not in seen:
            seen.add(key)
            yield candidate


def _until_total(tail: list[Mention]) -> list[Mention]:
    """A list ends where its total is said once more."""
    for i, m in enumerate(tail):
        if i and STRONG_TOTAL.search(m.clause):
            return tail[:i]
    return tail


def _prefixes(parts: list[Mention]) -> Iterator[list[Mention]]:
    """The list may end before its sentence does, but not between items joined by 、 nor before its 其他."""
    last = max((i for i, m in enumerate(parts) if m.lead.startswith("、") or OTHERS.match(m.label)), default=0)
    return (parts[:n] for n in range(len(parts) - 1, max(1, last), -1))


def _without_nested(parts: list[Mention]) -> list[Mention]:
    """Drop the numbers of an inner 其中: it belongs to the part before it and ends at the next semicolon."""
    out: list[Mention] = []
    inside = False
    for i, m in enumerate(parts):
        if i and ("；" in m.lead or re.search(r"(?:^|，)[二三四五]是", m.lead)):
            inside = False
        if i and "其中" in m.lead:
            inside = True
        if not inside:
            out.append(m)
    return out


def _of_basis(parts: list[Mention], head: Mention) -> list[Mention]:
    budget = "预算" in head.clause
    return [m for m in parts if ("预算" in m.clause) == budget]


def unbroken(parts: list[Mention]) -> list[Mention]:
    """The leading run of parts that read "label number" one after the other: nothing else has come between them."""
    out: list[Mention] = []
    for m in parts:
        if out and ("。" in m.lead or re.search(r"同比|比上年|较上年|上年|截至|另|此外|同时", m.lead)):
            break
        out.append(m)
    return out


def same_dimension(m: Mention, head: Mention) -> bool:
    """Bare decimals beside money are money whose unit was left out."""
    if m.dimension == head.dimension:
        return True
    return {m.dimension, head.dimension} == {"", "money"} and (m if m.dimension == "" else head).quantity.decimals > 0


def is_rate_of(m: Mention, head: Mention) -> bool:
    """An amount for each one is no part of a total: "6120 人，每人每月 80 元，全年 587.52 万元"."""
    return bool(_EACH.search(m.clause)) and not _EACH.search(head.clause)


def _is_weight(m: Mention) -> bool:
    """ "投入 10 分得 9.4 分": 10 is what could be scored."""
    return m.dimension == "score" and m.tail.startswith(("得", "自评"))


def taken_off(m: Mention, head: Mention) -> bool:
    return not head.change and bool(re.search(r"^(?:其中)?(?:压减|核减|调减)", m.clause))


def goes_on(sentence: Sentence) -> bool:
    """The list has more lines than this paragraph."""
    return sentence.text.rstrip().endswith(("；", "，", "、"))

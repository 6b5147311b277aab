"""Lists whose items state a budget and a final amount: "甲预算 2 万元，决算 1 万元；乙预算 5 万元，决算 4 万元".

They are two columns: the amounts of one side are the parts of the total of that side.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from yibao.proofread.checks.summing import sum_check
from yibao.proofread.findings import Check, Verdict
from yibao.proofread.prose import Mention, Sentence
from yibao.vocabulary.figures import basis_of

_BARE = re.compile(
    r"(?:实际|全年|年初|年中|调整后?|财政拨款|一般公共预算)*(?:支出|收入)?(?:预算|决算|执行|完成|支出)(?:安排|支出)?(?:数|额)?"
)
_BUDGETS, _FINALS = ("initial", "adjusted", "budget"), ("final", "actual")


def side_of(m: Mention) -> str:
    """ "budget" or "final" as the clause says, else ""."""
    basis = basis_of(m.clause)
    return "budget" if basis in _BUDGETS else "final" if basis in _FINALS else ""


def names_side_only(m: Mention) -> bool:
    """ "决算 1 万元": the item is the one named before."""
    return _BARE.fullmatch(m.label) is not None


def two_sided(tail: Sequence[Mention]) -> bool:
    """Does an item state both, the second by its side alone?"""
    return any(
        names_side_only(b) and a.dimension == b.dimension and {side_of(a), side_of(b)} == {"budget", "final"}
        for a, b in pairwise([m for m in tail if m.dimension != "ratio"])
    )


def one_side(tail: Sequence[Mention], head: Mention) -> list[Mention]:
    """The parts of the head's own side, each by the name of its item; every part where the list has no two sides."""
    if not two_sided(tail):
        return list(tail)
    other = "final" if side_of(head) == "budget" else "budget"
    out: list[Mention] = []
    item = ""
    for m in tail:
        bare = names_side_only(m)
        item = item if bare else m.label
        if side_of(m) != other:
            out.append(replace(m, label=item) if bare and item else m)
    return out


def other_side(
    heads: Sequence[Mention], fitted: Mention, tail: Sequence[Mention], n: int, sentence: Sentence
) -> Iterator[Check]:
    """Of a list in two columns, one of which adds up to its total `fitted`: it is complete, so the other one should."""
    if not two_sided(tail) or not side_of(fitted):
        return
    for head in heads:
        if abs(head.index - fitted.index) == 1 and side_of(head) not in ("", side_of(fitted)):
            parts = [m for m in one_side(tail, head) if m.dimension == head.dimension and side_of(m) == side_of(head)]
            check = sum_check(head, parts, sentence=sentence) if len(parts) == n else None
            if check is not None and check.verdict is Verdict.INCONSISTENT:
                cause = check.cause or "另一列合计相符，所列各项应是全部"
                yield replace(check, verdict=Verdict.SUSPICIOUS, severity=None, cause=cause)

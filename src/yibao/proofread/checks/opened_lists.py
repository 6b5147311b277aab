"""Lists that follow their total: "A，其中：B、C", "A（B、C）", "A，分别为B、C" (kinds sum, subset_sum).

Which numbers can be the parts: checks.list_readings. What is said where none of the ways adds up: checks.misfits. A
difference that one slip of the keyboard explains is reported all the same: in long numbers it is hardly a coincidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from yibao.proofread.checks.list_readings import goes_on, readings, taken_off, unbroken
from yibao.proofread.checks.misfits import misfit
from yibao.proofread.checks.summing import (
    MAX_LISTS,
    can_head,
    explained_by_slip,
    is_before,
    start_of,
    sum_check,
)
from yibao.proofread.checks.two_sides import other_side, side_of
from yibao.proofread.findings import Check, Verdict
from yibao.proofread.prose import Mention, Sentence
from yibao.proofread.quantity import total
from yibao.vocabulary.relations import covering_partition

_OPENERS = re.compile(
    r"其中|当中|用于(?=[^，。；0-9]{2})|分为[^，。；：0-9]{0,8}[：，]?|由[^，。；0-9]{1,10}(?:组成|构成)[：，]?|由(?=[^。；]{6,120}(?:组成|构成))|分别(?:为|是)|包括|主要(?:是|为|用于|有|包括|原因)[^，。；0-9]{0,12}?[：:]?|含(?=[^量])|：|（|按[^，。；0-9]{1,12}分(?:类|组|别)?[，：]"
)
MAX_HEADS = 4
MAX_GAP = 14  #: characters between a total and the 其中 that opens its list


def opened_lists(
    sentence: Sentence, before: Sentence | None = None, following: Sequence[Sentence] = ()
) -> Iterator[Check]:
    """Lists that follow their total, which may stand in the sentence before: "…1.84 万元。其中：…"."""
    done: set[tuple[int, ...]] = set()
    for opener in islice(_OPENERS.finditer(sentence.text), MAX_LISTS):
        at = sentence.start + opener.start()
        end = _region_end(sentence, opener)
        again: Mention | None = None  #: the total of what the sentence before has sorted by something else
        heads = [m for m in reversed(sentence.mentions) if is_before(m, at) and can_head(m)]
        if not heads and before is not None and opener.start() <= 1:
            heads = [m for m in reversed(before.mentions) if can_head(m)]
            if opener.group().startswith("按"):
                sorted_at = before.start + before.text.find("按")
                again = next((m for m in before.mentions if is_before(m, sorted_at) and can_head(m)), None)
        end = min(end, _next_subject(sentence, opener))
        tail = [m for m in sentence.mentions if at < start_of(m) < end]
        if not tail and following and opener.end() >= len(sentence.text.rstrip("：，")):
            tail = _of_items(following, heads)
        for check in _best_lists(heads[:MAX_HEADS], tail, sentence, opener.group(), at, again):
            if check.target and check.target.key not in done:
                done.add(check.target.key)
                yield check


def _of_items(following: Sequence[Sentence], heads: Sequence[Mention]) -> list[Mention]:
    """One number of each item in the paragraphs below, of the side of the total: its budget or its final amount."""
    side = side_of(heads[0]) if heads else ""
    rows = [s.mentions for s in following if s.mentions]
    if side and any({"budget", "final"} <= {side_of(m) for m in row} for row in rows):
        rows = [tuple(m for m in row if side_of(m) == side) for row in rows]
    return [row[0] for row in rows if row]


def _next_subject(sentence: Sentence, opener: re.Match[str]) -> int:
    """ "甲 5 人，其中…；乙 9 人，其中…": the first list ends at the semicolon before the second subject."""
    again = sentence.text.find("其中", opener.end()) if opener.group() == "其中" else -1
    cut = sentence.text.rfind("；", opener.end(), again) if again > 0 else -1
    return sentence.start + cut if cut > 0 else sentence.end


def _adjacent(head: Mention, at: int, sentence: Sentence) -> bool:
    """Only a list that follows its total at once can be said not to add up to it."""
    if head.key[0] != sentence.block:
        return False
    end = head.key[-1] + head.quantity.end - head.quantity.start
    skipped = [m for m in sentence.mentions if head.key < m.key and is_before(m, at)]
    if any(not m.change and m.dimension != "ratio" for m in skipped):
        return False
    between = sentence.norm.text[end:at]
    return len(between) <= MAX_GAP * (1 + len(skipped)) and not re.search(r"[；。]", between)


def _best_lists(
    heads: list[Mention],
    tail: list[Mention],
    sentence: Sentence,
    opener: str,
    at: int,
    sorted_before: Mention | None,
) -> Iterator[Check]:
    """Every head whose own parts fit; if none has any, the verdict on the nearest head."""
    verdict: Check | None = None
    used: list[tuple[int, ...]] = []
    fitted: list[Mention] = []
    heads = [h for h in heads if not (h.change and any(not m.change for m in tail))]
    nearest = heads[0] if heads else None
    if nearest is not None and _adjacent(nearest, at, sentence) and _is_partition(nearest, tail):
        heads = [nearest]  # "参公 21 人；离退休 23 人，其中离休 1 人、退休 20 人": 21 is a coincidence
    for head in heads:
        for parts in readings(head, tail):
            if len(parts) < 2 or tuple(m.index for m in parts) in used:
                continue
            check = sum_check(head, parts, [-1 if taken_off(m, head) else 1 for m in parts], sentence=sentence)
            if check.verdict in (Verdict.CONSISTENT, Verdict.ROUNDING):
                used.append(tuple(m.index for m in parts))
                fitted.append(head)
                yield check
                break
        if head is nearest and _adjacent(head, at, sentence):
            verdict = misfit(head, tail, sentence, opener)
    if used:
        yield from other_side(heads, fitted[0], tail, len(used[0]), sentence)
        return
    if verdict is None and heads and heads[0].key[0] == sentence.block and heads[0].key[-1] < sentence.start:
        verdict = _slip_before(heads, tail, sentence)
    if verdict is None and sorted_before is not None:
        verdict = _sorted_again(sorted_before, tail, sentence)
    if verdict is not None:
        yield verdict


def _is_partition(head: Mention, tail: list[Mention]) -> bool:
    parts = unbroken(next(iter(readings(head, tail)), []))
    return len(parts) > 1 and covering_partition([m.label for m in parts], head.label) is not None


def _sorted_again(head: Mention, tail: list[Mention], sentence: Sentence) -> Check | None:
    """ "总支出 550.13 万元，按支出性质，其中：…。按经济分类，其中：…": what is sorted twice has one total."""
    parts = unbroken(next(iter(readings(head, tail)), []))
    if len(parts) < 2 or head.change or goes_on(sentence):
        return None
    cause = explained_by_slip(head, parts, total([m.range for m in parts]))
    return sum_check(
        head, parts, verdict=Verdict.INCONSISTENT if cause else Verdict.SUSPICIOUS, cause=cause, sentence=sentence
    )


def _slip_before(heads: list[Mention], tail: list[Mention], sentence: Sentence) -> Check | None:
    """A list whose total stands in the sentence before: only a slip of the keyboard says which of its numbers it was."""
    for head in heads:
        parts = unbroken(next(iter(readings(head, tail)), []))
        sides = {side_of(m) for m in (head, *parts)} - {""}
        if len(parts) < 2 or len(sides) > 1:
            continue
        if cause := explained_by_slip(head, parts, total([m.range for m in parts])):
            return sum_check(head, parts, verdict=Verdict.INCONSISTENT, cause=cause, sentence=sentence)
    return None


def _region_end(sentence: Sentence, opener: re.Match[str]) -> int:
    """Brackets end their list; so does the bracket around an opener."""
    text = sentence.text
    depth = 1 if opener.group() == "（" else 0
    for i in range(opener.end(), len(text)):
        if text[i] == "（":
            depth += 1
        elif text[i] == "）":
            depth -= 1
            if depth == 0 and opener.group() == "（":
                return sentence.start + i
            if depth < 0:
                return sentence.start + i
    return sentence.end

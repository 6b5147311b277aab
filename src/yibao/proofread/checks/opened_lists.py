"""Lists that follow their total: "A，其中：B、C", "A（B、C）", "A，分别为B、C" (kinds sum, subset_sum).

A list after 其中 need not be complete. It must add up when its labels are a known partition (行政＋事业), when it says so
(分别为), or when each part names its members; otherwise it must only not exceed the whole. A difference that one slip of
the keyboard explains is reported all the same: in long numbers it is hardly a coincidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import islice

from yibao.proofread.checks.compare import printed_sum
from yibao.proofread.checks.summing import (
    MAX_LISTS,
    MAX_PARTS,
    STRONG_TOTAL,
    can_head,
    explained_by_slip,
    is_before,
    is_denominator,
    start_of,
    sum_check,
)
from yibao.proofread.checks.two_sides import one_side, other_side, side_of
from yibao.proofread.findings import Check, Severity, Verdict
from yibao.proofread.outline import chinese_number
from yibao.proofread.prose import Mention, Sentence
from yibao.proofread.quantity import Range, total
from yibao.vocabulary.relations import covering_partition, load_partitions

_OPENERS = re.compile(
    r"其中|当中|用于(?=[^，。；0-9]{2})|分为[^，。；：0-9]{0,8}[：，]?|由[^，。；0-9]{1,10}(?:组成|构成)[：，]?|由(?=[^。；]{6,120}(?:组成|构成))|分别(?:为|是)|包括|主要(?:是|为|用于|有|包括|原因)[^，。；0-9]{0,12}?[：:]?|含(?=[^量])|：|（|按[^，。；]{1,12}分(?:类|组|别)?[，：]"
)
_COMPLETE = re.compile(r"分别|由|包括")
_OTHERS = re.compile(r"其[他它]")
_PARTIAL = re.compile(r"主要|等|重点")
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
    for head in heads:
        for parts in _readings(head, tail):
            if len(parts) < 2 or tuple(m.index for m in parts) in used:
                continue
            check = sum_check(head, parts, [-1 if _negative(m, head) else 1 for m in parts], sentence=sentence)
            if check.verdict in (Verdict.CONSISTENT, Verdict.ROUNDING):
                used.append(tuple(m.index for m in parts))
                fitted.append(head)
                yield check
                break
        if head is nearest and _adjacent(head, at, sentence):
            verdict = _misfit(head, tail, sentence, opener)
    if used:
        yield from other_side(heads, fitted[0], tail, len(used[0]), sentence)
        return
    if verdict is None and heads and heads[0].key[0] == sentence.block and heads[0].key[-1] < sentence.start:
        verdict = _slip_before(heads, tail, sentence)
    if verdict is None and sorted_before is not None:
        verdict = _sorted_again(sorted_before, tail, sentence)
    if verdict is not None:
        yield verdict


def _sorted_again(head: Mention, tail: list[Mention], sentence: Sentence) -> Check | None:
    """ "总支出 550.13 万元，按支出性质，其中：…。按经济分类，其中：…": what is sorted twice has one total."""
    parts = _clean(next(iter(_readings(head, tail)), []))
    if len(parts) < 2 or head.change or _goes_on(sentence):
        return None
    cause = explained_by_slip(head, parts, total([m.range for m in parts]))
    return sum_check(
        head, parts, verdict=Verdict.INCONSISTENT if cause else Verdict.SUSPICIOUS, cause=cause, sentence=sentence
    )


def _goes_on(sentence: Sentence) -> bool:
    """The list has more lines than this paragraph."""
    return sentence.text.rstrip().endswith(("；", "，", "、"))


def _slip_before(heads: list[Mention], tail: list[Mention], sentence: Sentence) -> Check | None:
    """A list whose total stands in the sentence before: only a slip of the keyboard says which of its numbers it was."""
    for head in heads:
        parts = _clean(next(iter(_readings(head, tail)), []))
        if len(parts) > 1 and (cause := explained_by_slip(head, parts, total([m.range for m in parts]))):
            return sum_check(head, parts, verdict=Verdict.INCONSISTENT, cause=cause, sentence=sentence)
    return None


def _readings(head: Mention, tail: list[Mention]) -> Iterator[list[Mention]]:
    """The ways in which the numbers after an opener can be the parts of `head`, likeliest first."""
    tail = one_side(_until_total(tail), head)
    same = [m for m in tail if _same_dimension(m, head) and not m.previous]
    same = [m for m in same if bool(m.change) == bool(head.change) or _negative(m, head)][:MAX_PARTS]
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
    last = max((i for i, m in enumerate(parts) if m.lead.startswith("、") or _OTHERS.match(m.label)), default=0)
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


def _misfit(head: Mention, tail: list[Mention], sentence: Sentence, opener: str) -> Check | None:
    """The verdict on a list that does not add up to its head."""
    if head.change or len(re.sub(r"^其中", "", head.label)) < 2:
        return None
    readings = list(_readings(head, tail))
    if not readings:
        return None
    parts = _clean(readings[0])
    if not parts:
        return None
    tail = one_side(tail, head)
    whole = total([m.range for m in parts])
    labels = [m.label for m in parts]
    partition = covering_partition(labels, head.label) if len(parts) > 1 else None
    if partition is None and _is_incomplete(labels):
        return None
    if head.dimension == "money" and whole.low > head.range.high and covering_partition(labels, head.label, hard=False):
        return sum_check(head, parts, verdict=None if partition else Verdict.SUSPICIOUS, sentence=sentence)
    rest = len(parts) > 2 and bool(_OTHERS.match(parts[-1].label))  # "…、其他用车 0 辆"
    first = next((m for m in sentence.mentions if m.dimension == head.dimension), None)
    sorted_out = opener.startswith("按") and head is first and not _goes_on(sentence)  # a classification is complete
    said = len(parts) > 1 and (bool(_COMPLETE.match(opener)) or _counted(opener, len(parts)) or rest or sorted_out)
    bracket = opener == "（" and len(parts) > 1 and head.quantity.exact and all(p.quantity.exact for p in parts)
    complete = partition is not None or said or bracket or _all_named(parts, sentence)
    if complete and len(parts) > 1 and not _PARTIAL.search(opener):
        note = f"“{'、'.join(labels)}”应合计为总数" if partition else ""
        sure = (
            partition is not None
            or _counted(opener, len(parts))
            or (rest and head.quantity.exact)
            or _all_named(parts, sentence)
        )
        if not sure and (explained := explained_by_slip(head, parts, whole)):
            return sum_check(head, parts, verdict=Verdict.INCONSISTENT, cause=explained, sentence=sentence)
        severity = None if sure else Severity.WARNING
        verdict = Verdict.INCONSISTENT if severity is None else Verdict.SUSPICIOUS
        check = sum_check(head, parts, verdict=verdict, sentence=sentence)
        return replace(check, severity=severity, cause=check.cause or note)
    skipped = [
        m
        for m in tail
        if _same_dimension(m, head)
        and m not in parts
        and start_of(parts[0]) < start_of(m) < start_of(parts[-1])
        and not is_denominator(m)
    ]
    explained = explained_by_slip(head, parts, whole) if len(parts) > 1 and not skipped else ""
    if explained:
        return sum_check(head, parts, verdict=Verdict.INCONSISTENT, cause=explained, sentence=sentence)
    parts = [
        m
        for i, m in enumerate(parts)
        if not any("；" in x.lead for x in parts[1 : i + 1]) and not re.search(r"结余|结存|滚存|累计", m.label)
    ]
    if opener not in ("其中", "当中") or not parts:
        return None
    whole = total([m.range for m in parts])
    if _nearly(head, parts, whole):
        return sum_check(head, parts, verdict=Verdict.SUSPICIOUS, sentence=sentence)
    largest = max(parts, key=lambda m: m.quantity.base)
    if largest.range.low > head.range.high and largest.dimension == head.dimension:
        return _subset_check(head, [largest], largest.range, Verdict.SUSPICIOUS)
    if whole.low > head.range.high and head.dimension not in ("persons", "visits", "institutions") and len(parts) > 1:
        things = head.dimension in ("辆", "台", "台套", "套", "件", "个") and head.quantity.exact
        return _subset_check(head, parts, whole, Verdict.INCONSISTENT if things else Verdict.SUSPICIOUS)
    return _subset_check(
        head, parts, whole, Verdict.CONSISTENT if whole.low <= head.range.high else Verdict.UNCHECKABLE
    )


def _nearly(head: Mention, parts: Sequence[Mention], whole: Range) -> bool:
    """Counts that miss their total by a hair."""
    gap = abs(head.quantity.base - whole.value)
    return (
        head.quantity.exact
        and len(parts) > 2
        and head.dimension == "institutions"
        and whole.exact
        and 0 < gap <= max(Decimal(3), head.quantity.base * Decimal("0.03"))
        and gap * 10 < head.quantity.base
    )


def _counted(opener: str, n: int) -> bool:
    """ "分为两类：甲…，乙…": the list says how many parts it has."""
    found = re.search(r"(?:分为|由)(?P<n>[一二两三四五六七八九十]|\d)", opener)
    return found is not None and chinese_number(found["n"]) == n


def _is_incomplete(labels: Sequence[str]) -> bool:
    """Some members of a known partition, but not all: the rest may stand elsewhere (货物、工程 without 服务)."""
    for partition in load_partitions():
        named = [sum(any(w in label for w in words) for label in labels) for words in partition.members]
        if 1 < sum(bool(n) for n in named) < len(partition.members) and len(labels) < len(partition.members):
            return True
    return False


def _clean(parts: list[Mention]) -> list[Mention]:
    """The leading run of parts that read "label number" one after the other: nothing else has come between them."""
    out: list[Mention] = []
    for m in parts:
        if out and ("。" in m.lead or re.search(r"同比|比上年|较上年|上年|截至|另|此外|同时", m.lead)):
            break
        out.append(m)
    return out


def _all_named(parts: list[Mention], sentence: Sentence) -> bool:
    """Each count is followed by the names it counts: "副处级1个：甲；正科级2个：乙、丙"."""
    if any(m.quantity.value > 30 or not m.quantity.exact for m in parts):
        return False
    return all(re.match(r"(?:：|（|，?(?:分别)?(?:为|是))[^0-9]{2,}", m.tail) for m in parts)


def _subset_check(head: Mention, parts: Sequence[Mention], whole: Range, verdict: Verdict) -> Check:
    shown = printed_sum([m.quantity for m in parts])
    relation = "不超过" if whole.low <= head.range.high else "超过"
    message = f"{head.label}{head.quantity.raw}，其中项合计{shown}={head.quantity.printed(whole)}，{relation}总数"
    return Check(
        "subset_sum", verdict, head.evidence, head.quantity.raw, None, message, "",
        tuple(m.evidence for m in parts)[:12], None, head.operand, tuple(m.operand for m in parts),
    )  # fmt: skip


def _same_dimension(m: Mention, head: Mention) -> bool:
    """Bare decimals beside money are money whose unit was left out."""
    if m.dimension == head.dimension:
        return True
    return {m.dimension, head.dimension} == {"", "money"} and (m if m.dimension == "" else head).quantity.decimals > 0


def _is_weight(m: Mention) -> bool:
    """ "投入 10 分得 9.4 分": 10 is what could be scored."""
    return m.dimension == "score" and m.tail.startswith(("得", "自评"))


def _negative(m: Mention, head: Mention) -> bool:
    return not head.change and bool(re.search(r"^(?:其中)?(?:压减|核减|调减)", m.clause))


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

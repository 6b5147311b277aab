"""Sums in prose: "A，其中：B、C", "A（B、C）", "B，C，共计 A", changes with their reasons (kinds sum, subset_sum).

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

from yibao.proofread.checks.compare import compared, digits, printed_sum, slip, sum_verdict
from yibao.proofread.findings import Check, Severity, Verdict
from yibao.proofread.outline import chinese_number
from yibao.proofread.prose import Mention, Sentence
from yibao.proofread.quantity import Range, judge, total
from yibao.proofread.reading import Reading
from yibao.vocabulary.relations import covering_partition, load_partitions

_OPENERS = re.compile(
    r"其中|当中|用于(?=[^，。；0-9]{2})|分为[^，。；：0-9]{0,8}[：，]?|由[^，。；0-9]{1,10}(?:组成|构成)[：，]?|由(?=[^。；]{6,120}(?:组成|构成))|分别(?:为|是)|包括|主要(?:是|为|用于|有|包括|原因)[^，。；0-9]{0,12}?[：:]?|含(?=[^量])|：|（|按[^，。；]{1,12}分(?:类|组|别)?[，：]"
)
_TOTAL = re.compile(r"(?:共计|合计|总计|总共|一共|共)(?:为|达|达到|是|约|资金|金额)?$")
_STRONG_TOTAL = re.compile(r"(?:共计|合计|总计)(?:为|达|达到|是)?$")
_COMPLETE = re.compile(r"分别|由|包括")
_PARTIAL = re.compile(r"主要|等|重点")
MAX_HEADS = 4
MAX_PARTS = 40
MAX_LISTS = 20  #: lists of one sentence that are looked at
MAX_GAP = 14  #: characters between a total and the 其中 that opens its list
SLIP_DIGITS = 4  #: from so many digits on, one differing digit is no coincidence


def run(reading: Reading) -> Iterator[Check]:
    last: Sentence | None = None
    for sentences in reading.paragraphs():
        for i, sentence in enumerate(sentences):
            following = reading.items_after(sentence) if i == len(sentences) - 1 else ()
            yield from opened_lists(sentence, sentences[i - 1] if i else last, following)
            yield from closed_lists(sentence)
            yield from adjusted_budget(sentence)
            yield from plain_partitions(sentence, sentences[i - 1] if i else None)
            yield from reasons(sentence, sentences[i - 1] if i else None)
        last = sentences[-1]


def opened_lists(
    sentence: Sentence, before: Sentence | None = None, following: Sequence[Sentence] = ()
) -> Iterator[Check]:
    """Lists that follow their total, which may stand in the sentence before: "…1.84 万元。其中：…"."""
    done: set[tuple[int, ...]] = set()
    for opener in islice(_OPENERS.finditer(sentence.text), MAX_LISTS):
        at = sentence.start + opener.start()
        end = _region_end(sentence, opener)
        heads = [m for m in reversed(sentence.mentions) if _is_before(m, at) and _can_head(m)]
        if not heads and before is not None and opener.start() <= 1:
            heads = [m for m in reversed(before.mentions) if _can_head(m)]
        end = min(end, _next_subject(sentence, opener))
        tail = [m for m in sentence.mentions if at < _start(m) < end]
        if not tail and following and opener.end() >= len(sentence.text.rstrip("：，")):
            tail = [s.mentions[0] for s in following if s.mentions]
        for check in _best_lists(heads[:MAX_HEADS], tail, sentence, opener.group(), at):
            if check.target and check.target.key not in done:
                done.add(check.target.key)
                yield check


def _next_subject(sentence: Sentence, opener: re.Match[str]) -> int:
    """ "甲 5 人，其中…；乙 9 人，其中…": the first list ends at the semicolon before the second subject."""
    again = sentence.text.find("其中", opener.end()) if opener.group() == "其中" else -1
    cut = sentence.text.rfind("；", opener.end(), again) if again > 0 else -1
    return sentence.start + cut if cut > 0 else sentence.end


def _can_head(m: Mention) -> bool:
    return m.dimension not in ("ratio", "months", "days", "") or (m.quantity.unit is None and m.quantity.decimals > 0)


def _adjacent(head: Mention, at: int, sentence: Sentence) -> bool:
    """Only a list that follows its total at once can be said not to add up to it."""
    if head.key[0] != sentence.block:
        return False
    end = head.key[-1] + head.quantity.end - head.quantity.start
    skipped = [m for m in sentence.mentions if head.key < m.key and _is_before(m, at)]
    if any(not m.change and m.dimension != "ratio" for m in skipped):
        return False
    between = sentence.norm.text[end:at]
    return len(between) <= MAX_GAP * (1 + len(skipped)) and not re.search(r"[；。]", between)


def _best_lists(heads: list[Mention], tail: list[Mention], sentence: Sentence, opener: str, at: int) -> Iterator[Check]:
    """Every head whose own parts fit; if none has any, the verdict on the nearest head."""
    verdict: Check | None = None
    used: list[tuple[int, ...]] = []
    heads = [h for h in heads if not (h.change and any(not m.change for m in tail))]
    nearest = heads[0] if heads else None
    for head in heads:
        for parts in _readings(head, tail):
            if len(parts) < 2 or tuple(m.index for m in parts) in used:
                continue
            check = _sum_check(head, parts, [-1 if _negative(m, head) else 1 for m in parts], sentence=sentence)
            if check.verdict in (Verdict.CONSISTENT, Verdict.ROUNDING):
                used.append(tuple(m.index for m in parts))
                yield check
                break
        if head is nearest and _adjacent(head, at, sentence):
            verdict = _misfit(head, tail, sentence, opener)
    if used:
        return
    if verdict is None and heads and heads[0].key[0] == sentence.block and heads[0].key[-1] < sentence.start:
        verdict = _slip_before(heads, tail, sentence)
    if verdict is not None:
        yield verdict


def _slip_before(heads: list[Mention], tail: list[Mention], sentence: Sentence) -> Check | None:
    """A list whose total stands in the sentence before: only a slip of the keyboard says which of its numbers it was."""
    for head in heads:
        parts = _clean(next(iter(_readings(head, tail)), []))
        if len(parts) > 1 and (cause := _explained_by_slip(head, parts, total([m.range for m in parts]))):
            return _sum_check(head, parts, verdict=Verdict.INCONSISTENT, cause=cause, sentence=sentence)
    return None


def _readings(head: Mention, tail: list[Mention]) -> Iterator[list[Mention]]:
    """The ways in which the numbers after an opener can be the parts of `head`, likeliest first."""
    tail = _until_total(tail)
    same = [m for m in tail if _same_dimension(m, head) and not m.previous]
    same = [m for m in same if bool(m.change) == bool(head.change) or _negative(m, head)][:MAX_PARTS]
    outer = [m for m in same if m.depth == min((x.depth for x in same), default=0)]
    shares = [m for m in same if _is_denominator(m)]
    amounts = [m for m in outer if not _is_denominator(m)]
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
        if i and _STRONG_TOTAL.search(m.clause):
            return tail[:i]
    return tail


def _prefixes(parts: list[Mention]) -> Iterator[list[Mention]]:
    return (parts[:n] for n in range(len(parts) - 1, 1, -1))


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
    whole = total([m.range for m in parts])
    labels = [m.label for m in parts]
    partition = covering_partition(labels, head.label) if len(parts) > 1 else None
    if partition is None and _is_incomplete(labels):
        return None
    rest = head.quantity.exact and len(parts) > 2 and bool(re.match(r"其[他它]", parts[-1].label))  # "…、其他用车 0 辆"
    said = len(parts) > 1 and (bool(_COMPLETE.match(opener)) or _counted(opener, len(parts)) or rest)
    bracket = opener == "（" and len(parts) > 1 and head.quantity.exact and all(p.quantity.exact for p in parts)
    complete = partition is not None or said or bracket or _all_named(parts, sentence)
    if complete and len(parts) > 1 and not _PARTIAL.search(opener):
        note = f"“{'、'.join(labels)}”应合计为总数" if partition else ""
        sure = partition is not None or _counted(opener, len(parts)) or rest or _all_named(parts, sentence)
        severity = None if sure else Severity.WARNING
        verdict = Verdict.INCONSISTENT if severity is None else Verdict.SUSPICIOUS
        check = _sum_check(head, parts, verdict=verdict, sentence=sentence)
        return replace(check, severity=severity, cause=check.cause or note)
    skipped = [
        m
        for m in tail
        if _same_dimension(m, head)
        and m not in parts
        and _start(parts[0]) < _start(m) < _start(parts[-1])
        and not _is_denominator(m)
    ]
    explained = _explained_by_slip(head, parts, whole) if len(parts) > 1 and not skipped else ""
    if explained:
        return _sum_check(head, parts, verdict=Verdict.INCONSISTENT, cause=explained, sentence=sentence)
    parts = [
        m
        for i, m in enumerate(parts)
        if not any("；" in x.lead for x in parts[1 : i + 1]) and not re.search(r"结余|结存|滚存|累计", m.label)
    ]
    if opener not in ("其中", "当中") or not parts:
        return None
    whole = total([m.range for m in parts])
    if _nearly(head, parts, whole):
        return _sum_check(head, parts, verdict=Verdict.SUSPICIOUS, sentence=sentence)
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


def _explained_by_slip(head: Mention, parts: list[Mention], whole: Range) -> str:
    if digits(head.quantity) >= SLIP_DIGITS and (found := slip(head.quantity, whole.value)):
        return found
    for part in parts:
        required = head.quantity.base - (whole.value - part.quantity.base)
        if required > 0 and digits(part.quantity) >= SLIP_DIGITS and (found := slip(part.quantity, required)):
            return f"{part.label or '分项'}{found}（应为{part.quantity.printed(required)}）"
    return ""


def _all_named(parts: list[Mention], sentence: Sentence) -> bool:
    """Each count is followed by the names it counts: "副处级1个：甲；正科级2个：乙、丙"."""
    if any(m.quantity.value > 30 or not m.quantity.exact for m in parts):
        return False
    return all(re.match(r"(?:：|（|，?(?:分别)?(?:为|是))[^0-9]{2,}", m.tail) for m in parts)


_CARRY = re.compile(r"年初|期初|上年(?:末|结转|结余)")


def closed_lists(sentence: Sentence) -> Iterator[Check]:
    """Lists whose total comes last: "追回 42.78 万元，扣付 161.1 万元，总计 203.88 万元"."""
    heads = [m for m in sentence.mentions if _TOTAL.search(m.clause)][:MAX_LISTS]
    for head in heads:
        clause = head.clause
        if head.change or head.dimension in ("ratio", ""):
            continue
        before = [
            m
            for m in sentence.mentions[max(0, head.index - MAX_PARTS) : head.index]
            if m.dimension == head.dimension and m.change >= 0 and not m.previous
        ]
        if any(_CARRY.search(m.clause) for m in before) and re.search(r"收入|支出", head.clause):
            continue  # opening, income, expense, closing: checks.differences
        if (
            any(m.change for m in before)
            and judge(head.quantity, total([m.range for m in before])) is not Verdict.CONSISTENT
        ):
            before = [m for m in before if not m.change]
        before = [m for m in before if m.depth == head.depth and not _is_denominator(m)]
        if head.dimension == "score":
            before = [m for m in before if re.search(r"自评|得", m.clause)]
        segment = max(sentence.text.rfind(mark, 0, _start(head) - sentence.start) for mark in "；：")
        near = [m for m in before if _start(m) - sentence.start > segment]
        fits = [
            parts
            for parts in _suffixes(before)
            if sum_verdict(head.quantity, total([m.range for m in parts]), [m.quantity for m in parts])
            is Verdict.CONSISTENT
        ]
        if fits:
            yield _sum_check(head, fits[0], sentence=sentence)
        elif len(near) > 1 and _STRONG_TOTAL.search(clause):
            whole = total([m.range for m in near])
            explained = _explained_by_slip(head, near, whole)
            partition = covering_partition([m.label for m in near], head.label)
            counts = head.quantity.exact and all(m.quantity.exact for m in near) and "其中" not in sentence.text
            if explained or partition:
                yield _sum_check(head, near, verdict=Verdict.INCONSISTENT, cause=explained, sentence=sentence)
            elif (
                counts
                and head.dimension not in ("persons", "visits")
                and 2 * abs(head.quantity.base - whole.value) < head.quantity.base
            ):
                yield _sum_check(head, near, verdict=Verdict.SUSPICIOUS, sentence=sentence)


def _suffixes(parts: list[Mention]) -> Iterator[list[Mention]]:
    return (parts[i:] for i in range(len(parts) - 1))


def plain_partitions(sentence: Sentence, before: Sentence | None) -> Iterator[Check]:
    """A total and its two or three known parts without any 其中: "参保 50 万人，职工 9 万人，居民 41 万人"."""
    levels = [
        m for m in sentence.mentions if _can_head(m) and not m.change and not m.previous and not _is_denominator(m)
    ]
    for i, first in enumerate(levels):
        for n in (2, 3):
            parts = levels[i : i + n]
            if len(parts) < n or len({m.dimension for m in parts}) > 1:
                continue
            partition = covering_partition([m.label for m in parts], hard=False)
            if partition is None or any(re.search(r"其中|：|（", m.lead) for m in parts):
                continue
            earlier = levels[:i] or [m for m in (before.mentions if before else ()) if not m.change and not m.previous]
            heads = [
                m
                for m in earlier
                if m.dimension == first.dimension
                and covering_partition([m.label, *[p.label for p in parts[1:]]], hard=False) is None
            ]
            if heads:
                yield from _partition_check(heads[-1], parts, sentence, partition.hard)
            return


def _partition_check(head: Mention, parts: Sequence[Mention], sentence: Sentence, hard: bool) -> Iterator[Check]:
    check = _sum_check(head, parts, sentence=sentence)
    if check.verdict in (Verdict.CONSISTENT, Verdict.ROUNDING) or (
        hard
        and head.key[0] == sentence.block
        and _explained_by_slip(head, list(parts), total([m.range for m in parts]))
    ):
        yield check


_ADJUSTED, _INITIAL, _ADDED = (
    re.compile(r"全年预算|调整后预算|调整预算数"),
    re.compile(r"年初预算"),
    re.compile(r"追加|调增"),
)


def adjusted_budget(sentence: Sentence) -> Iterator[Check]:
    """全年预算 = 年初预算 + 追加, where one sentence says all three and no 其中 has told it already."""
    money = [m for m in sentence.mentions if m.dimension == "money" and not m.previous and "占" not in m.clause]
    roles = [[m for m in money if role.search(m.clause)] for role in (_ADJUSTED, _INITIAL, _ADDED)]
    if any(len(found) != 1 for found in roles) or len({found[0].index for found in roles}) < 3:
        return
    whole, parts = roles[0][0], [roles[1][0], roles[2][0]]
    if re.search(r"压减|核减|调减|结转", sentence.text):
        check = _sum_check(whole, parts, sentence=sentence)
        if check.verdict is not Verdict.CONSISTENT:
            return
    yield _sum_check(whole, parts, sentence=sentence)


_SIGNED = re.compile(r"减少|下降|减|压减|增加|增长|增|新增|追加")


def reasons(sentence: Sentence, before: Sentence | None) -> Iterator[Check]:
    """A change and the reasons given for it, with their signs carried forward (T11): lists after 主要 may be partial."""
    m = re.search(r"主要(?:是|原因|系|因为|为)", sentence.text)
    if m is None:
        return
    at = sentence.start + m.start()
    own = [x for x in sentence.mentions if x.change and x.dimension == "money" and _is_before(x, at)]
    earlier = [x for x in (before.mentions if before else ()) if x.change and x.dimension == "money"]
    heads = own or earlier
    tail = [x for x in sentence.mentions if _start(x) > at and x.dimension == "money" and x.depth == 0]
    if not heads or len(tail) < 2 or len(tail) > MAX_PARTS:
        return
    signs: list[int] = []
    sign = 0
    for part in tail:
        words = _SIGNED.findall(part.lead)
        if words:
            sign = -1 if words[-1] in ("减少", "下降", "减", "压减") else 1
        signs.append(sign)
    if 0 in signs:
        return
    for head in heads[:2]:
        relative = [s * head.change for s in signs]
        computed = total([x.range if s > 0 else -x.range for x, s in zip(tail, relative, strict=True)])
        verdict = sum_verdict(head.quantity, computed, [m.quantity for m in tail])
        if verdict in (Verdict.CONSISTENT, Verdict.ROUNDING) or head is heads[0]:
            shown = verdict if verdict is not Verdict.INCONSISTENT else Verdict.UNCHECKABLE
            formula = printed_sum([x.quantity for x in tail], relative)
            check = compared("sum", head, computed, tail, formula, name="变动原因合计", verdict=shown)
            yield replace(check, evidence=sentence.span(tail[0], tail[-1]), related=(head.evidence,))
            return


def _sum_check(
    head: Mention,
    parts: Sequence[Mention],
    signs: Sequence[int] | None = None,
    *,
    sentence: Sentence,
    verdict: Verdict | None = None,
    cause: str = "",
) -> Check:
    signs = signs or [1] * len(parts)
    head = _with_unit(head, parts[0])
    parts = [_with_unit(m, head) for m in parts]
    computed = total([m.range if s > 0 else -m.range for m, s in zip(parts, signs, strict=True)])
    kind = "sum" if all(s > 0 for s in signs) else "difference"
    formula = printed_sum([m.quantity for m in parts], signs)
    check = compared(kind, head, computed, parts, formula, name=head.label, verdict=verdict, cause=cause, summed=True)
    first, last = min((head, *parts), key=_start), max((head, *parts), key=_start)
    inside = (
        bool(sentence.mentions)
        and all(m.key[:-1] == sentence.mentions[0].key[:-1] for m in (first, last))
        and last.key[-1] < sentence.end
    )
    return replace(check, evidence=sentence.span(first, last)) if inside else check


def _subset_check(head: Mention, parts: Sequence[Mention], whole: Range, verdict: Verdict) -> Check:
    shown = printed_sum([m.quantity for m in parts])
    relation = "不超过" if whole.low <= head.range.high else "超过"
    message = f"{head.label}{head.quantity.raw}，其中项合计{shown}={head.quantity.printed(whole)}，{relation}总数"
    return Check(
        "subset_sum", verdict, head.evidence, head.quantity.raw, None, message, "",
        tuple(m.evidence for m in parts)[:12], None, head.operand, tuple(m.operand for m in parts),
    )  # fmt: skip


def _with_unit(m: Mention, head: Mention) -> Mention:
    """A bare number inside a list takes the unit of its total: "（其中压减26.58，追加297.19）"."""
    if m.quantity.unit is None and head.quantity.unit is not None:
        return replace(m, quantity=replace(m.quantity, unit=head.quantity.unit))
    return m


def _same_dimension(m: Mention, head: Mention) -> bool:
    """Bare decimals beside money are money whose unit was left out."""
    if m.dimension == head.dimension:
        return True
    return {m.dimension, head.dimension} == {"", "money"} and (m if m.dimension == "" else head).quantity.decimals > 0


def _negative(m: Mention, head: Mention) -> bool:
    return not head.change and bool(re.search(r"^(?:其中)?(?:压减|核减|调减)", m.clause))


def _is_denominator(m: Mention) -> bool:
    """ "占全年预算 4.5 万元的 38.67%": 4.5 is what something is a share of."""
    return "占" in m.clause and m.tail.startswith(("的", "比"))


def _start(m: Mention) -> int:
    return m.key[-1]


def _is_before(m: Mention, at: int) -> bool:
    return _start(m) < at


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

"""Sums in prose: lists before or after their total, partitions without 其中, changes with their reasons (kinds sum, subset_sum)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from yibao.proofread.checks.compare import compared, printed_sum, sum_verdict
from yibao.proofread.checks.opened_lists import opened_lists
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
from yibao.proofread.findings import Check, Verdict
from yibao.proofread.prose import Mention, Sentence
from yibao.proofread.quantity import judge, total
from yibao.proofread.reading import Reading
from yibao.vocabulary.relations import covering_partition

_TOTAL = re.compile(r"(?:共计|合计|总计|总共|一共|共)(?:为|达|达到|是|约|资金|金额)?$")
_TOTAL_OF = re.compile(r"^，?(?:[一二两三四五六七八九十]项|以上|上述)?(?:共计|合计|总计|共)[\u4e00-\u9fff]{0,4}$")
_CARRY = re.compile(r"年初|期初|上年(?:末|结转|结余)")
_ADJUSTED, _INITIAL, _ADDED = (
    re.compile(r"全年预算|调整后预算|调整预算数"),
    re.compile(r"年初预算"),
    re.compile(r"追加|调增"),
)
_SIGNED = re.compile(r"减少|下降|减|压减|增加|增长|增|新增|追加")


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


def closed_lists(sentence: Sentence) -> Iterator[Check]:
    """Lists whose total comes last: "追回 42.78 万元，扣付 161.1 万元，总计 203.88 万元"."""
    heads = [m for m in sentence.mentions if _TOTAL.search(m.clause) or _TOTAL_OF.match(m.lead)][:MAX_LISTS]
    for head in heads:
        clause = head.clause
        if head.change or head.dimension in ("ratio", ""):
            continue
        before = [
            m
            for m in sentence.mentions[max(0, head.index - MAX_PARTS) : head.index]
            if m.dimension == head.dimension and m.change >= 0 and (not m.previous or _CARRY.search(m.clause))
        ]
        if any(_CARRY.search(m.clause) for m in before) and re.search(r"收入|支出", head.clause):
            continue  # opening, income, expense, closing: checks.differences
        if (
            any(m.change for m in before)
            and judge(head.quantity, total([m.range for m in before])) is not Verdict.CONSISTENT
        ):
            before = [m for m in before if not m.change]
        before = [m for m in before if m.depth == head.depth and not is_denominator(m)]
        if head.dimension == "score":
            before = [m for m in before if re.search(r"自评|得", m.clause)]
        segment = max(sentence.text.rfind(mark, 0, start_of(head) - sentence.start) for mark in "；：")
        near = [m for m in before if start_of(m) - sentence.start > segment]
        fits = [
            parts
            for parts in _suffixes(before)
            if sum_verdict(head.quantity, total([m.range for m in parts]), [m.quantity for m in parts])
            is Verdict.CONSISTENT
        ]
        if fits:
            yield sum_check(head, fits[0], sentence=sentence)
        elif (row := _row_before(head, near)) is not None:
            yield sum_check(head, row, verdict=Verdict.SUSPICIOUS, sentence=sentence)
        elif len(near) > 1 and STRONG_TOTAL.search(clause):
            whole = total([m.range for m in near])
            explained = explained_by_slip(head, near, whole)
            partition = covering_partition([m.label for m in near], head.label)
            counts = head.quantity.exact and all(m.quantity.exact for m in near) and "其中" not in sentence.text
            if explained or partition:
                yield sum_check(head, near, verdict=Verdict.INCONSISTENT, cause=explained, sentence=sentence)
            elif (
                counts
                and head.dimension not in ("persons", "visits")
                and 2 * abs(head.quantity.base - whole.value) < head.quantity.base
            ):
                yield sum_check(head, near, verdict=Verdict.SUSPICIOUS, sentence=sentence)


def _row_before(head: Mention, near: Sequence[Mention]) -> list[Mention] | None:
    """Three and more numbers joined by 、 right before their total: "8 起、21 起、44 起，共 73 起"."""
    row: list[Mention] = []
    for m in reversed(near):
        if m.index != head.index - len(row) - 1 or m.quantity.unit != head.quantity.unit or m.change:
            break
        row.insert(0, m)
        if not m.lead.startswith("、"):
            return row if len(row) > 2 and _TOTAL_OF.match(head.lead) else None
    return None


def _suffixes(parts: list[Mention]) -> Iterator[list[Mention]]:
    return (parts[i:] for i in range(len(parts) - 1))


def plain_partitions(sentence: Sentence, before: Sentence | None) -> Iterator[Check]:
    """A total and its two or three known parts without any 其中: "参保 50 万人，职工 9 万人，居民 41 万人"."""
    levels = [m for m in sentence.mentions if can_head(m) and not m.change and not m.previous and not is_denominator(m)]
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
    check = sum_check(head, parts, sentence=sentence)
    if check.verdict in (Verdict.CONSISTENT, Verdict.ROUNDING) or (
        hard and head.key[0] == sentence.block and explained_by_slip(head, list(parts), total([m.range for m in parts]))
    ):
        yield check


def adjusted_budget(sentence: Sentence) -> Iterator[Check]:
    """全年预算 = 年初预算 + 追加, where one sentence says all three and no 其中 has told it already."""
    money = [m for m in sentence.mentions if m.dimension == "money" and not m.previous and "占" not in m.clause]
    roles = [[m for m in money if role.search(m.clause)] for role in (_ADJUSTED, _INITIAL, _ADDED)]
    if any(len(found) != 1 for found in roles) or len({found[0].index for found in roles}) < 3:
        return
    whole, parts = roles[0][0], [roles[1][0], roles[2][0]]
    beside = [
        m for m in money if parts[1].depth and m.depth and m is not parts[1]
    ]  # "（含追加 96 万元、收回 11.40 万元）"
    if beside or re.search(r"压减|核减|调减|结转|收回|缴回|上缴", sentence.text):
        check = sum_check(whole, parts, sentence=sentence)
        if check.verdict is not Verdict.CONSISTENT:
            return
    yield sum_check(whole, parts, sentence=sentence)


def reasons(sentence: Sentence, before: Sentence | None) -> Iterator[Check]:
    """A change and the reasons given for it, with their signs carried forward (T11): lists after 主要 may be partial."""
    m = re.search(r"主要(?:是|原因|系|因为|为)", sentence.text)
    if m is None:
        return
    at = sentence.start + m.start()
    own = [x for x in sentence.mentions if x.change and x.dimension == "money" and is_before(x, at)]
    earlier = [x for x in (before.mentions if before else ()) if x.change and x.dimension == "money"]
    heads = own or earlier
    tail = [x for x in sentence.mentions if start_of(x) > at and x.dimension == "money" and x.depth == 0]
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

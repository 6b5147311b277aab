"""The verdict on a list that does not add up to its total: complete, explained by a slip, or allowed to be smaller.

A list after 其中 need not be complete. It must add up when its labels are a known partition (行政＋事业), when it says so
(分别为, 分为两类, 按…分), when it ends in 其他, or when each part names its members; otherwise it must only not exceed the whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from yibao.proofread.checks.compare import printed_sum, slip
from yibao.proofread.checks.list_readings import OTHERS, goes_on, is_rate_of, readings, same_dimension, unbroken
from yibao.proofread.checks.summing import explained_by_slip, is_denominator, start_of, sum_check
from yibao.proofread.checks.two_sides import one_side
from yibao.proofread.findings import Check, Severity, Verdict
from yibao.proofread.outline import chinese_number
from yibao.proofread.prose import Mention, Sentence
from yibao.proofread.quantity import Range, total
from yibao.vocabulary.relations import Partition, covering_partition, load_partitions

_COMPLETE = re.compile(r"分别|由|包括")
_PARTIAL = re.compile(r"主要|等|重点")
_TARGET = re.compile(r"^(?:全年|年度|年初)?(?:目标|任务|计划|上年|去年|同期)[值数]?(?:任务)?(?:分别)?(?:为|是)?$")
_STAGE = re.compile(  #: at the end of a label: how far something has come, or what is set against it
    r"(?:支出|支付|拨付|到位|使用|执行|下达|应[缴收付]|[实已][缴收付]|受理|办结|结案|整改|处理|处罚|追回|退回|收回|负债|净资产|中标|成交)(?:数|额|金额)?$"
)


@dataclass(frozen=True, slots=True)
class _List:
    """A total, the parts that follow it, and how they were announced."""

    head: Mention
    parts: list[Mention]
    sentence: Sentence
    opener: str
    partition: Partition | None

    @property
    def whole(self) -> Range:
        return total([m.range for m in self.parts])

    @property
    def labels(self) -> list[str]:
        return [m.label for m in self.parts]

    @property
    def rest(self) -> bool:
        """ "…、其他用车 0 辆": what is left over has a line of its own."""
        return len(self.parts) > 2 and bool(OTHERS.match(self.parts[-1].label))

    @property
    def proven(self) -> bool:
        """Nothing else can belong to the list."""
        whole_rest = self.rest and self.head.quantity.exact
        counted = _counted(self.opener, len(self.parts))
        return self.partition is not None or counted or whole_rest or _all_named(self.parts, self.sentence)

    @property
    def complete(self) -> bool:
        """The list says that it is complete, or looks so."""
        if len(self.parts) < 2 or _PARTIAL.search(self.opener):
            return False
        first = next((m for m in self.sentence.mentions if m.dimension == self.head.dimension), None)
        sorted_out = self.opener.startswith("按") and self.head is first and not goes_on(self.sentence)
        counts = self.head.quantity.exact and all(p.quantity.exact for p in self.parts)
        said = bool(_COMPLETE.match(self.opener)) or (self.opener == "（" and counts)
        return self.proven or said or self.rest or sorted_out


def misfit(head: Mention, tail: list[Mention], sentence: Sentence, opener: str) -> Check | None:
    """The verdict on a list that does not add up to its head; None where nothing can be said."""
    if head.change or len(re.sub(r"^其中", "", head.label)) < 2:
        return None
    parts = _of_one_whole(unbroken(next(iter(readings(head, tail)), [])), head)
    if not parts or (_TARGET.search(parts[0].clause) and not _TARGET.search(head.clause)):
        return None  # "就业 412 人，完成目标的 103%（目标分别为 1200 人、400 人）"
    labels = [m.label for m in parts]
    partition = covering_partition(labels, head.label) if len(parts) > 1 else None
    if partition is None and _is_incomplete(labels):
        return None
    found = _List(head, parts, sentence, opener, partition)
    usual = head.dimension == "money" and covering_partition(labels, head.label, hard=False)
    if usual and found.whole.low > head.range.high:
        return sum_check(head, parts, verdict=None if partition else Verdict.SUSPICIOUS, sentence=sentence)
    if found.complete:
        return _of_complete(found)
    if opener == "其中" and (swapped := _swapped(found)) is not None:
        return swapped
    return _by_slip(found, one_side(tail, head)) or _of_partial(found)


def _of_complete(found: _List) -> Check:
    """A complete list must add up: an error where it is proven complete or a slip explains it, else a warning."""
    head, parts, sentence = found.head, found.parts, found.sentence
    if not found.proven and (explained := explained_by_slip(head, parts, found.whole)):
        return sum_check(head, parts, verdict=Verdict.INCONSISTENT, cause=explained, sentence=sentence)
    verdict = Verdict.INCONSISTENT if found.proven else Verdict.SUSPICIOUS
    check = sum_check(head, parts, verdict=verdict, sentence=sentence)
    note = f"“{'、'.join(found.labels)}”应合计为总数" if found.partition else ""
    return replace(check, severity=None if found.proven else Severity.WARNING, cause=check.cause or note)


def _swapped(found: _List) -> Check | None:
    """Usual parts that miss their total by two digits that changed places: 医疗机构 89 家、药店 118 家 of 216."""
    head, parts = found.head, found.parts
    if covering_partition(found.labels, head.label, hard=False) is None or found.whole.value == head.quantity.base:
        return None
    for part in parts:
        required = head.quantity.base - found.whole.value + part.quantity.base
        if required > 0 and "颠倒" in (cause := slip(part.quantity, required)):
            note = f"{part.label}{cause}（应为{part.quantity.printed(required)}）"
            return sum_check(head, parts, verdict=Verdict.SUSPICIOUS, cause=note, sentence=found.sentence)
    return None


def _by_slip(found: _List, tail: Sequence[Mention]) -> Check | None:
    """A difference that one slip in a long number explains, where no number between the parts was left out."""
    head, parts = found.head, found.parts
    between = [m for m in tail if start_of(parts[0]) < start_of(m) < start_of(parts[-1]) and m not in parts]
    beside = [m for m in between if not is_denominator(m) and not is_rate_of(m, head)]
    if len(parts) < 2 or any(same_dimension(m, head) for m in beside):
        return None
    explained = explained_by_slip(head, parts, found.whole)
    if not explained:
        return None
    return sum_check(head, parts, verdict=Verdict.INCONSISTENT, cause=explained, sentence=found.sentence)


def _of_partial(found: _List) -> Check | None:
    """A list that may leave something out must only stay below its total."""
    head = found.head
    parts = _of_one_stage(_of_one_list(found.parts))
    if found.opener not in ("其中", "当中") or not parts:
        return None
    whole = total([m.range for m in parts])
    if _nearly(head, parts, whole):
        return sum_check(head, parts, verdict=Verdict.SUSPICIOUS, sentence=found.sentence)
    largest = max(parts, key=lambda m: m.quantity.base)
    if largest.range.low > head.range.high and largest.dimension == head.dimension:
        return _subset_check(head, [largest], largest.range, Verdict.SUSPICIOUS)
    if whole.low <= head.range.high:
        return _subset_check(head, parts, whole, Verdict.CONSISTENT)
    if head.dimension in ("persons", "visits", "institutions") or len(parts) == 1:
        return _subset_check(head, parts, whole, Verdict.UNCHECKABLE)
    return _subset_check(head, parts, whole, Verdict.INCONSISTENT if _apart(head, parts) else Verdict.SUSPICIOUS)


def _apart(head: Mention, parts: Sequence[Mention]) -> bool:
    """Things that are counted once: vehicles; cases only where the parts are kinds of one thing (电话举报、信件举报)."""
    if not head.quantity.exact:
        return False
    kinds = len({m.label[-2:] for m in parts}) == 1
    return head.dimension in ("辆", "台", "台套", "套") or (kinds and head.dimension in ("件", "个"))


def _of_one_whole(parts: list[Mention], head: Mention) -> list[Mention]:
    """Up to the semicolon, where what stands before it is a known partition: "行政 24 名、事业 60 名；实有 81 人"."""
    cut = next((i for i, m in enumerate(parts) if i and "；" in m.lead), len(parts))
    whole = 1 < cut < len(parts) and covering_partition([m.label for m in parts[:cut]], head.label)
    return parts[:cut] if whole else parts


def _of_one_list(parts: Sequence[Mention]) -> list[Mention]:
    """Up to the first semicolon, without what is left over."""
    return [
        m
        for i, m in enumerate(parts)
        if not any("；" in x.lead for x in parts[1 : i + 1]) and not re.search(r"结余|结存|滚存|累计", m.label)
    ]


def _of_one_stage(parts: list[Mention]) -> list[Mention]:
    """Up to the first number that says what became of the others: "其中到位 480 万元，支出 450 万元" is no list of two parts."""
    stages = [found[0] if (found := _STAGE.search(m.label)) else "" for m in parts]
    return [m for i, m in enumerate(parts) if all(stage in ("", stages[0]) for stage in stages[: i + 1])]


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
        if covering_partition(labels, hard=False) is not None:
            return False
        if 1 < sum(bool(n) for n in named) < len(partition.members) and len(labels) < len(partition.members):
            return True
    return False


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

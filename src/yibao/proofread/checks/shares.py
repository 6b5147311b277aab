"""Shares in prose: "A，占 B 的 p%". The whole is named, or it is the total of the list the part stands in (kind percent_of)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from yibao.proofread.checks.compare import digits
from yibao.proofread.checks.ratio import (
    behind,
    fits,
    likeness,
    names_whole,
    only_value,
    own_clause,
    ratio_check,
    together,
    unbound,
    zero_base,
)
from yibao.proofread.findings import Check, Verdict
from yibao.proofread.part_year import part_of_year
from yibao.proofread.prose import Mention, Sentence
from yibao.proofread.reading import Reading

NEAR = 6  #: how many numbers back the part is looked for
MANY = 12  #: numbers of one name that are compared
LOOKED = 60  #: numbers of a name like it among which those are looked for: not the whole of an endless document
_KINDS_OF_MONEY = ("一般公共预算", "财政拨款", "政府性基金", "国有资本", "专项", "中央", "省级", "市级", "县级")
_SUM = re.compile(r"合计|总计|共计|小计")
SIBLINGS = 8  #: shares of the same list, nearest first, that are asked what they are shares of


def check_share(
    m: Mention, whole: str, sentence: Sentence, before: Sequence[Sentence], reading: Reading
) -> Iterator[Check]:
    earlier = [x for x in sentence.mentions[: m.index] if x.dimension != "ratio"]
    inside = [
        x
        for x in earlier
        if x.key[-1] - sentence.start >= len(sentence.text[: m.key[-1] - sentence.start]) - len(own_clause(m, sentence))
    ]
    if inside and "占" in inside[-1].clause:  # "占全年预算 4.5 万元的"
        under = inside[-1]
        parts = [x for x in earlier if x.key < under.key and x.dimension == under.dimension]
        if parts:
            yield ratio_check("percent_of", m, parts[-1], under)
        return
    part = _nearest_part(earlier, m)
    name = re.sub(r"^(?:本年|当年|全年|年度)|(?:的|比|比重|比例)+$", "", whole)
    if part is None:
        both = _both_behind(m, name, sentence)
        yield (
            ratio_check("percent_of", m, *both, Verdict.INCONSISTENT)
            if both
            else unbound("percent_of", m, "未找到占比的分子")
        )
        return
    yield _share_of(m, part, name, sentence, before, reading)


def _share_of(
    m: Mention, part: Mention, name: str, sentence: Sentence, before: Sequence[Sentence], reading: Reading
) -> Check:
    pool = _pool(sentence, before, part)
    months = part_of_year(part, sentence)
    named = _named_whole(name, part, pool, reading, months=months) if name else []
    if (zero := only_value(named)) is not None and zero.quantity.base == 0:
        return zero_base(m, zero)
    common = None if name else _whole_of_siblings(m, part, sentence, before)
    if common is not None and sentence.start <= common.key[-1] < part.key[-1] and common.key[0] == part.key[0]:
        return ratio_check("percent_of", m, part, common, Verdict.INCONSISTENT)
    told = (
        next((x for x in (*named, *pool) if fits(m, part, x, strict=True)), common)
        or next((x for x in (*named, *pool) if fits(m, part, x)), None)
        or _told_behind(m, part, sentence)
        or _whole_of_list(m, part, sentence)
    )
    if told is not None:
        return ratio_check("percent_of", m, part, told, Verdict.INCONSISTENT)
    named = [x for x in named if not _is_wider(x, name)]
    if (flat := only_value(named)) is not None:
        proven = flat.key[0] == m.key[0] or len(named) > 1
        return ratio_check("percent_of", m, part, flat, Verdict.INCONSISTENT if proven else Verdict.SUSPICIOUS)
    likely = _likely_whole(m, part, name, named, sentence)
    if likely is not None:
        return ratio_check("percent_of", m, part, likely, Verdict.SUSPICIOUS)
    return unbound("percent_of", m, f"未找到“{name or '总数'}”的数值")


def _is_wider(x: Mention, name: str) -> bool:
    """The number of a document that says less than the name: 项目支出 is more than 一般公共预算项目支出."""
    said = x.label + x.clause
    return any(word in name and word not in said for word in _KINDS_OF_MONEY)


def _likely_whole(m: Mention, part: Mention, name: str, named: Sequence[Mention], sentence: Sentence) -> Mention | None:
    """What the part is probably a share of, where nothing says so for certain."""
    head = _head_of_list(m, part, sentence)
    if head is not None and (not name or name in head.label):
        return head
    kin = None if name else _kin(part, sentence)
    return kin or _less_than_part(part, named, name)


def _named_whole(name: str, part: Mention, pool: Sequence[Mention], reading: Reading, *, months: bool) -> list[Mention]:
    """Numbers that carry the name of the whole: near by, else anywhere. "占总支出": one kind of expense is not the total."""
    near = _best_named([x for x in pool if x.key != part.key], name)
    sure = any(max(likeness(x.label, name), likeness(x.clause, name)) > 1 for x in near)
    found = near if sure or (near and "总" not in name) else _named_in_facts(name, part, reading, months=months)
    return [x for x in found if x.key != part.key]


def _nearest_part(earlier: Sequence[Mention], m: Mention) -> Mention | None:
    """The amount just before the share, in the same sentence."""
    for x in reversed(earlier[-NEAR:]):
        if x.dimension not in ("", "months", "days", "score") and "占" not in x.clause:
            return x
    return None


def _pool(sentence: Sentence, before: Sequence[Sentence], part: Mention) -> list[Mention]:
    """Numbers that can be the whole: larger or equal, same dimension, nearest first, at most two sentences back."""
    nearby = [
        *(x for x in reversed(sentence.mentions) if x.key < part.key),
        *(x for s in reversed(before[-3:]) for x in reversed(s.mentions)),
    ]
    later = [x for x in sentence.mentions if x.key > part.key]
    return [
        x
        for x in (*nearby, *later)
        if x.dimension == part.dimension
        and bool(x.change) == bool(part.change)
        and x.quantity.base >= part.quantity.base
    ][:24]


def _best_named(pool: Sequence[Mention], name: str) -> list[Mention]:
    """The numbers whose label is most like the name."""
    alike = [(max(likeness(x.label, name), likeness(x.clause, name)), x) for x in pool]
    best = max((found for found, _ in alike), default=0)
    return [x for found, x in alike if best and found == best]


def _named_in_facts(name: str, part: Mention, reading: Reading, *, months: bool) -> list[Mention]:
    """Numbers elsewhere in the document that carry the name of the whole; a share of some months has a whole of months."""
    found = (
        x
        for s in reading.sentences
        for x in s.mentions
        if x.dimension == part.dimension and not x.change and not x.previous and names_whole(x.label, name)
        if part_of_year(x, s) == months
    )
    alike = list(islice(found, LOOKED))
    exact = [x for x in alike if re.search(rf"{re.escape(name)}(?:为|共|是)?$", x.clause)]  # 支出合计, not any 支出
    return (exact or alike)[:MANY]


def _head_of_list(m: Mention, part: Mention, sentence: Sentence) -> Mention | None:
    """The total of "A，其中：甲 B，占 p%": the number right before 其中, where 甲 is the first of the list."""
    if part.index == 0 or m.index != part.index + 1 or not re.search(r"^，?其中", part.lead.lstrip("。；")):
        return None
    head = sentence.mentions[part.index - 1]
    same = head.dimension == part.dimension and not head.change and "占" not in head.clause
    return head if same and head.quantity.base > 0 else None


def _both_behind(m: Mention, name: str, sentence: Sentence) -> tuple[Mention, Mention] | None:
    """ "基金支出占收入的 95.61%（收入 10.26 亿元、支出 9.81 亿元）": part and whole in the bracket behind, by their names."""
    told = behind(m, sentence)
    words = own_clause(m, sentence).partition("占")[0]
    unders = [x for x in told if name and names_whole(x.label, name)]
    overs = [x for x in told if x not in unders and len(x.label) > 1 and (x.label in words or words in x.label)]
    if len(told) != 2 or len(unders) != 1 or len(overs) != 1 or unders[0].dimension != overs[0].dimension:
        return None
    return overs[0], unders[0]


def _told_behind(m: Mention, part: Mention, sentence: Sentence) -> Mention | None:
    """ "占检查机构总数的 26.04%（全年检查 96 家）": the whole stands in the bracket behind."""
    wholes = [x for x in behind(m, sentence) if x.dimension == part.dimension and not x.change and not x.previous]
    return wholes[0] if len(wholes) == 1 and wholes[0].quantity.base > part.quantity.base else None


def _less_than_part(part: Mention, named: Sequence[Mention], name: str) -> Mention | None:
    """A number that is surely the whole, where the part is larger than all of them."""
    sure = [x for x in named if likeness(x.label, name) > 1]
    return sure[0] if sure and all(x.quantity.base < part.quantity.base for x in sure) else None


def _kin(part: Mention, sentence: Sentence) -> Mention | None:
    """The one larger number before the part that counts the same: "检查医药机构 312 家，处理违规机构 78 家，占比 25%"."""
    earlier = [x for x in sentence.mentions[: part.index] if x.dimension == part.dimension and not x.change]
    whole = only_value(earlier)
    if whole is None or whole.quantity.base < part.quantity.base or part.dimension in ("money", "score", ""):
        return None
    return whole if len(whole.label) > 1 and whole.label[-2:] in part.label else None


def _whole_of_list(m: Mention, part: Mention, sentence: Sentence) -> Mention | None:
    """The parts together, where every other share of the sentence is a share of just that: "甲 3 万元，占 60%；乙 2 万元，占 40%"."""
    rows = [
        (x, sentence.mentions[x.index - 1])
        for x in sentence.mentions
        if x.index and x.dimension == "ratio" and "占" in x.clause
    ]
    if len(rows) < 2 or any(y.dimension != part.dimension or y.change for _, y in rows):
        return None
    whole = together([y for _, y in rows])
    others = [(x, y) for x, y in rows if x.key != m.key]
    return whole if len(others) < len(rows) and all(fits(x, y, whole, strict=True) for x, y in others) else None


def _whole_of_siblings(m: Mention, part: Mention, sentence: Sentence, before: Sequence[Sentence]) -> Mention | None:
    """The whole that the other shares of the same list are shares of: "…，占 60%；…，占 40%"."""
    shares = [
        x
        for s in (*before[-2:], sentence)
        for x in s.mentions
        if x.dimension == "ratio" and x.key != m.key and "占" in x.clause and x.quantity.value
    ]
    wholes = _pool(sentence, before, part)
    for share in sorted(shares, key=lambda x: abs(x.key[-1] - m.key[-1]))[:SIBLINGS]:
        row = [
            x
            for s in (*before[-2:], sentence)
            for x in s.mentions
            if x.key < share.key and x.dimension == part.dimension
        ]
        if not row or row[-1].key == part.key or digits(share.quantity) < 2:
            continue
        for whole in wholes:
            if (whole.key < row[-1].key or _SUM.search(whole.clause)) and fits(share, row[-1], whole, strict=True):
                return whole
    return None

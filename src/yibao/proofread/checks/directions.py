"""Words that claim an order or a direction, held against the numbers beside them (kinds comparison, direction, bound)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from yibao.proofread.findings import Check, Evidence, Severity, Verdict
from yibao.proofread.parameters import convention
from yibao.proofread.prose import Mention, Sentence
from yibao.proofread.reading import Reading

_COMPARES = re.compile(
    r"(?:(?P<left>支出决算数?|决算数?|支出数?|执行数?|实际支出数?)?)"
    r"(?P<not>未|不|没有)?(?P<word>大于|小于|等于|高于|低于|超过|超出|少于|多于|与(?=[^，。]{0,10}(?:持平|一致|相等|相同)))"
    r"(?P<right>(?:全年|年初|当年|本年|调整)*预算(?:数|安排|批复)?)"
    r"(?P<same>持平|一致|相等|相同|基本持平)?"
)
_BUDGET = re.compile(r"预算")
_FINAL = re.compile(r"决算|支出|执行|实际|使用")
_ABOVE = re.compile(r"(?:大于|高于|超过|超出|多于)[^，。；]{0,6}预算(?:数|额)?$")
_CHANGE = re.compile(r"追加|调增|结转|结余|比|较")


def run(reading: Reading) -> Iterator[Check]:
    for sentences in reading.paragraphs():
        for i, sentence in enumerate(sentences):
            before = sentences[max(0, i - 2) : i]
            for m in _COMPARES.finditer(sentence.text):
                yield from _budget_and_final(m, sentence, before)
            yield from _more_than_budget(sentence)
            yield from _opposite_changes(sentence)
            yield from _impossible_increase(sentence)
            yield from _unchanged(sentence)
            yield from _reason(sentence, sentences[i + 1] if i + 1 < len(sentences) else None)
            yield from _weighted_mean(sentence)
            yield from _bounds(sentence)


def _budget_and_final(m: re.Match[str], sentence: Sentence, before: Sequence[Sentence]) -> Iterator[Check]:
    """ "决算数小于年初预算数" beside "年初预算为 2 万元，支出决算为 0.89 万元": the nearest of each before the words."""
    at = sentence.start + m.start()
    pool = [*(x for s in before for x in s.mentions), *(x for x in sentence.mentions if x.key[-1] < at)]
    amounts = [
        x for x in pool if x.dimension == "money" and not x.change and not x.previous and not _CHANGE.search(x.clause)
    ]
    budgets = [x for x in amounts if _BUDGET.search(x.clause) and not re.search(r"决算", x.clause)]
    if "年初" in m["right"]:
        budgets = [x for x in budgets if "年初" in x.clause] or budgets
    finals = [x for x in amounts if x not in budgets and _FINAL.search(x.clause)]
    if not budgets or not finals:
        return
    budget, final = budgets[-1], finals[-1]
    word = "等于" if m["word"] == "与" else m["word"]
    if m["same"] and m["word"] != "与":
        return
    gap = final.quantity.base - budget.quantity.base
    claims = {"大于": gap > 0, "高于": gap > 0, "超过": gap > 0, "超出": gap > 0, "多于": gap > 0, "等于": gap == 0}
    holds = claims.get(word, gap < 0)
    if m["not"]:
        holds = not holds
    if word == "等于" and m["same"] in ("持平", "基本持平") and budget.quantity.base:
        holds = abs(gap) <= abs(budget.quantity.base) * convention("level.limit")
    actual = "大于" if gap > 0 else "小于" if gap < 0 else "等于"
    quote = sentence.quote(sentence.start + m.start(), sentence.start + m.end())
    place = sentence.place
    start, end = sentence.norm.span(sentence.start + m.start(), sentence.start + m.end())
    evidence = Evidence(_context(sentence, m, quote), replace(place, start=start, end=end))
    near = (
        final.key[0] == budget.key[0]
        and len({x.quantity.base for x in finals if x.key[-1] > budget.key[-1] or x is final}) == 1
    )
    verdict = Verdict.CONSISTENT if holds else Verdict.INCONSISTENT
    severity = None if holds or (near and m["right"] != "预算") else Severity.WARNING
    message = f"决算{final.quantity.raw}{actual}预算{budget.quantity.raw}，文中称“{m.group()}”"
    yield Check(
        "comparison",
        verdict,
        evidence,
        m.group(),
        actual,
        message,
        "",
        (final.evidence, budget.evidence),
        severity,
        None,
        (final.operand, budget.operand),
    )


def _context(sentence: Sentence, m: re.Match[str], quote: str) -> str:
    """The clause around the words, so that the quote can be found again."""
    text = sentence.text
    start = max(text.rfind("，", 0, m.start()), text.rfind("；", 0, m.start())) + 1
    return sentence.quote(sentence.start + start, sentence.start + m.end()) or quote


def _more_than_budget(sentence: Sentence) -> Iterator[Check]:
    """ "决算 91.98 万元，大于年初预算 112.98 万元": neither the budget nor what it was exceeded by can be that much."""
    for final, budget in pairwise(sentence.mentions):
        if not _ABOVE.search(budget.clause) or budget.dimension != final.dimension or final.change or final.previous:
            continue
        if not _FINAL.search(final.clause) or _BUDGET.search(final.clause):
            continue
        holds = final.range.high >= budget.range.low
        relation = "大于" if final.quantity.base > budget.quantity.base else "不大于"
        message = f"{final.label}{final.quantity.raw}{relation}{budget.quantity.raw}，文中称“{budget.clause}{budget.quantity.raw}”"
        verdict = Verdict.CONSISTENT if holds else Verdict.SUSPICIOUS
        yield Check(
            "comparison", verdict, budget.evidence, budget.clause, None if holds else "小于", message, "",
            (final.evidence,), None, None, (final.operand, budget.operand),
        )  # fmt: skip


def _opposite_changes(sentence: Sentence) -> Iterator[Check]:
    """ "增加 12 万元，下降 3 %": amount and rate of one change cannot differ in direction."""
    for delta, rate in zip(sentence.mentions, sentence.mentions[1:], strict=False):
        if not (delta.change and rate.change and rate.dimension == "ratio" and delta.dimension not in ("ratio", "")):
            continue
        if (
            re.search(r"[。；]|其中|比|较|同比", rate.lead)
            or len(rate.lead) > 8
            or rate.quantity.value < 0
            or delta.quantity.value < 0
        ):
            continue
        same = delta.change == rate.change
        verdict = Verdict.CONSISTENT if same else Verdict.INCONSISTENT
        message = f"变动额为“{delta.clause}{delta.quantity.raw}”，变动率为“{rate.clause}{rate.quantity.raw}”，方向{'一致' if same else '相反'}"
        yield Check(
            "direction",
            verdict,
            rate.evidence,
            rate.clause,
            delta.clause,
            message,
            "",
            (delta.evidence,),
            None,
            rate.operand,
            (delta.operand,),
        )


def _impossible_increase(sentence: Sentence) -> Iterator[Check]:
    """ "支出 0 万元，比上年增加 20 万元": an increase larger than what there is now."""
    for now, delta in zip(sentence.mentions, sentence.mentions[1:], strict=False):
        if (
            delta.change <= 0
            or now.change
            or now.dimension != delta.dimension
            or now.dimension != "money"
            or now.previous
        ):
            continue
        if (
            not re.match(r"，(?:较|比|与)(?:上年|去年|20\d{2}年)[^，；。]{0,16}增(?:加|长)$", delta.lead)
            or now.quantity.value < 0
        ):
            continue
        holds = delta.range.low <= now.range.high
        message = f"{now.label}为{now.quantity.raw}，{'可以' if holds else '不可能'}比上年增加{delta.quantity.raw}"
        verdict = Verdict.CONSISTENT if holds else Verdict.INCONSISTENT
        yield Check(
            "direction",
            verdict,
            sentence.span(now, delta),
            delta.quantity.raw,
            None,
            message,
            "",
            (now.evidence,),
            None,
            delta.operand,
            (now.operand,),
        )


_SAME = re.compile(
    r"(?:与|和|同|较|比)(?P<year>20\d{2})年(?P<what>预算数?|决算数?|执行数)?(?:相比|比较)?(?:基本)?(?P<word>持平|无变化|无增减|相同|一致|没有变化)"
)


def _unchanged(sentence: Sentence) -> Iterator[Check]:
    """ "2024 年预算 5 万元……决算 3 万元，与 2024 年预算相比无变化": both numbers stand in the sentence."""
    for m in _SAME.finditer(sentence.text):
        at = sentence.start + m.start()
        earlier = [x for x in sentence.mentions if x.key[-1] < at and x.dimension == "money" and not x.change]
        bases = [x for x in earlier if m["year"] + "年" in x.clause and (not m["what"] or m["what"][:2] in x.clause)]
        levels = [x for x in earlier if x not in bases]
        if not bases or not levels:
            continue
        now, base = levels[-1], bases[-1]
        gap = abs(now.quantity.base - base.quantity.base)
        holds = gap == 0 or (
            "基本" in m.group() and base.quantity.base != 0 and gap <= base.quantity.base * convention("level.limit")
        )
        message = f"{now.label}{now.quantity.raw}与{base.label}{base.quantity.raw}{'相同' if holds else f'相差{now.quantity.printed(gap)}'}，文中称“{m['word']}”"
        verdict = Verdict.CONSISTENT if holds else Verdict.INCONSISTENT
        yield Check(
            "comparison",
            verdict,
            sentence.span(base, now),
            m["word"],
            None,
            message,
            "",
            (now.evidence, base.evidence),
            None,
            now.operand,
            (base.operand,),
        )


_REASON = re.compile(r"(?:主要)?(?:原因|是因为|因为|主要是|主要为|主要)(?:是|为|：|系|由于)*(?P<why>[^。；]{4,80})")
_MORE, _LESS = re.compile(r"增加|增长|增多|上升|提高|新增|扩大|上涨"), re.compile(r"减少|下降|降低|压缩|压减|缩减|取消")


def _reason(sentence: Sentence, after: Sentence | None) -> Iterator[Check]:
    """A fall explained by "…增加", a rise by "…减少": wording left over from another year, or a wrong direction."""
    changes = [m for m in sentence.mentions if m.change and m.dimension in ("ratio", "money")]
    direction = _only_direction(changes, sentence)
    if direction == 0:
        return
    last = sentence.mentions[-1]
    end = last.key[-1] - sentence.start
    found = _REASON.search(sentence.text, end)
    source = sentence
    if found is None and after is not None and not after.mentions:
        found, source = _REASON.match(after.text), after
    if found is None or any(m.key[-1] - source.start > found.start() for m in source.mentions):
        return
    up = direction > 0
    more, less = bool(_MORE.search(found["why"])), bool(_LESS.search(found["why"]))
    if more == less:
        return
    holds = more if up else less
    a, b = source.norm.span(source.start + found.start(), source.start + found.end())
    evidence = Evidence(source.norm.raw[a:b], replace(source.place, start=a, end=b))
    told = (
        f"{last.clause}{last.quantity.raw}"
        if changes
        else f"由{last.quantity.raw}到{sentence.mentions[0].quantity.raw}"
    )
    message = f"{told}，所述原因却是“{found['why'][:30]}”" if not holds else "变动原因与增减方向一致"
    verdict = Verdict.CONSISTENT if holds else Verdict.SUSPICIOUS
    yield Check(
        "direction",
        verdict,
        evidence,
        found["why"][:30],
        None,
        message,
        "" if holds else "疑沿用旧稿或方向写反",
        (last.evidence,),
    )


def _only_direction(changes: Sequence[Mention], sentence: Sentence) -> int:
    """+1 or −1 where the sentence tells of one direction: by its changes, or "58 万元，上年：421 万元"; else 0."""
    if changes:
        return changes[0].change if len({m.change for m in changes}) == 1 else 0
    if len(sentence.mentions) != 2:
        return 0
    now, last = sentence.mentions
    if not re.search(r"上年(?:数|度)?(?:为|：)?$", last.lead) or now.dimension != last.dimension:
        return 0
    gap = now.quantity.base - last.quantity.base
    return (gap > 0) - (gap < 0)


_MEAN = re.compile(r"综合|平均|总体|整体")


def _weighted_mean(sentence: Sentence) -> Iterator[Check]:
    """An overall ratio lies between those of its groups."""
    rates = [
        m
        for m in sentence.mentions
        if m.dimension == "ratio" and re.search(r"报销比例|报销率|支付比例", m.label) and not m.change
    ]
    means = [m for m in rates if _MEAN.search(m.label)]
    groups = [m for m in rates if m not in means and re.search(r"职工|居民", m.label)]
    if len(means) != 1 or len(groups) != 2:
        return
    mean, (a, b) = means[0], groups
    low, high = sorted((a.quantity.base, b.quantity.base))
    holds = low <= mean.quantity.base <= high
    message = f"{mean.label}{mean.quantity.raw}{'介于' if holds else '不在'}{a.quantity.raw}与{b.quantity.raw}之间"
    verdict = Verdict.CONSISTENT if holds else Verdict.INCONSISTENT
    yield Check(
        "bound",
        verdict,
        mean.evidence,
        mean.quantity.raw,
        None,
        message,
        "",
        (a.evidence, b.evidence),
        None,
        mean.operand,
        (a.operand, b.operand),
    )


#: what cannot exceed what: words of the smaller and of the larger number, of one unit and in one sentence
_LIMITS = (
    (re.compile(r"办结|结案"), re.compile(r"立案")),
    (re.compile(r"整改|办结|立行立改"), re.compile(r"发现(?:的)?(?:问题|线索)")),
    (re.compile(r"平均"), re.compile(r"最高|最大|最多")),
    (re.compile(r"最低|最小|最少"), re.compile(r"平均")),
)


def _bounds(sentence: Sentence) -> Iterator[Check]:
    """Cases closed are not more than cases opened, a mean is not above the maximum."""
    for small_words, large_words in _LIMITS:
        small = [m for m in sentence.mentions if small_words.search(m.clause) and not large_words.search(m.clause)]
        large = [m for m in sentence.mentions if large_words.search(m.clause) and not small_words.search(m.clause)]
        if len(small) != 1 or len(large) != 1 or small[0].dimension != large[0].dimension:
            continue
        a, b = small[0], large[0]
        holds = a.range.low <= b.range.high
        message = f"{a.label}{a.quantity.raw}{'不超过' if holds else '超过'}{b.label}{b.quantity.raw}"
        verdict = Verdict.CONSISTENT if holds else Verdict.SUSPICIOUS
        yield Check(
            "bound",
            verdict,
            sentence.span(*sorted((a, b), key=lambda m: m.index)),
            a.quantity.raw,
            None,
            message,
            "",
            (b.evidence,),
            None,
            a.operand,
            (b.operand,),
        )

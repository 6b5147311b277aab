"""Growth in prose: the present value, the change, last year's value and the rate must agree (kinds growth, zero_base)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from yibao.proofread.checks.compare import compared
from yibao.proofread.checks.growth_by_change import growth_from_change
from yibao.proofread.checks.ratio import behind, own_clause, unbound, zero_base
from yibao.proofread.checks.stated_changes import last_years
from yibao.proofread.findings import Check, Verdict
from yibao.proofread.prose import Mention, Sentence
from yibao.proofread.quantity import Range, judge

_QUARTER = re.compile(r"[一二三四1-4]季度|[上下]半年|上月|上季|\d月|本月|本季")
_PERIOD = re.compile(r"20\d{2}年(?:度|末|底)?|第?[一二三四1-4]季度|[上下]半年|上月|上季度?|\d{1,2}月份?|本月|本季度?")
_NEXT = re.compile(r"，(?:同比|[较比]上年)?(?:增加|减少|多|少|下降|上升)了?")


def check_growth(m: Mention, sentence: Sentence, before: Sequence[Sentence]) -> Iterator[Check]:
    words = own_clause(m, sentence)
    sign = m.change or (-1 if re.search(r"降|减|负", words) else 1)
    if m.quantity.value < 0:
        sign = 1
    previous = sentence.mentions[m.index - 1] if m.index else None
    delta = previous if previous is not None and previous.change and previous.dimension != "ratio" else None
    if sign < 0 and m.quantity.base > 1 and m.quantity.value > 0 and not m.quantity.approx:
        yield compared(
            "growth",
            m,
            Range(Decimal(1), Decimal(0), Decimal(1)),
            [],
            "降幅上限",
            verdict=Verdict.SUSPICIOUS,
            cause="下降不可能超过100%",
        )
        return
    last = [x for x in (*sentence.mentions[: m.index], *behind(m, sentence)) if x.previous and x.dimension != "ratio"]
    last = last or [x for x in (_year_before(m, sentence), _told_behind(m, sentence)) if x is not None]
    if (ends := _from_to(m, delta, sentence)) is not None:
        yield _between(m, *ends, sign)
        return
    named = _named_base(words, sentence.mentions[: m.index])
    if delta is not None:
        yield from growth_from_change(m, delta, sign, sentence, before)
    elif named is not None:
        yield from _growth_from_last_year(m, named, sign, sentence)
    elif last:
        yield from _growth_from_last_year(m, last[-1], sign, sentence)
    elif (later := _change_behind(m, sentence)) is not None:
        yield from growth_from_change(m, later, sign, sentence, before)
    else:
        yield unbound("growth", m, "上年数未给出")


def _change_behind(m: Mention, sentence: Sentence) -> Mention | None:
    """ "同比增长 4.23%，增加 52.97 万元": the rate stands first."""
    later = sentence.mentions[m.index + 1 : m.index + 2]
    told = [x for x in later if x.dimension not in ("ratio", "") and x.change == m.change and _NEXT.fullmatch(x.lead)]
    return told[0] if told else None


def _named_base(words: str, earlier: Sequence[Mention]) -> Mention | None:
    """ "2025年执行数为 90 万元，2026年预算安排 99 万元，比2025年执行数增加 10%": the base is named with its year."""
    found = re.search(
        r"[比较](?:于)?(?P<year>20\d{2})年(?P<base>[^，]{0,16}?)(?:相比)?(?:增|减|下降|上升|提高|降低|多|少)", words
    )
    if found is None:
        return None
    wanted = re.sub(r"数$|当年", "", found["base"])
    hits = [
        x
        for x in earlier
        if x.dimension not in ("ratio", "")
        and not x.change
        and found["year"] + "年" in x.clause
        and wanted in x.clause.replace("当年", "")
    ]
    return hits[-1] if hits else None


def _year_before(m: Mention, sentence: Sentence) -> Mention | None:
    """ "2030年支出 560.10 万元，2031年支出 601.75 万元，增长 7.44%": one figure of two years, or quarters, in a row."""
    if m.index != 2 or not m.change:
        return None
    a, b = sentence.mentions[:2]
    names = [_PERIOD.sub("", x.clause) for x in (a, b)]
    alike = a.dimension == b.dimension and a.dimension not in ("ratio", "") and not a.change and not b.change
    if not alike or (names[0] != names[1] and "" not in names):
        return None
    if "环比" in m.clause:
        return a if _QUARTER.search(a.clause) and _QUARTER.search(b.clause) else None
    return next(iter(last_years([a, b])), None)


def _told_behind(m: Mention, sentence: Sentence) -> Mention | None:
    """ "环比增长 24%（三季度 250 万元）": the one number in the bracket behind, of a period."""
    told = behind(m, sentence)
    return told[0] if len(told) == 1 and _PERIOD.fullmatch(told[0].clause) and not told[0].change else None


def _from_to(m: Mention, delta: Mention | None, sentence: Sentence) -> tuple[Mention, Mention] | None:
    """ "由 a 提高到 b，(提高 c，)增长 p%": both ends are told."""
    stop = delta.index if delta is not None else m.index
    if stop < 2:
        return None
    a, b = sentence.mentions[stop - 2], sentence.mentions[stop - 1]
    told = re.search(r"(?:由|从)[^，。；]*$", a.lead) and re.search(r"(?:到|至|为)了?$", b.lead) and len(b.lead) < 14
    return (
        (a, b) if told and a.dimension == b.dimension and a.dimension not in ("ratio", "") and a.quantity.base else None
    )


def _between(m: Mention, a: Mention, b: Mention, sign: int) -> Check:
    rate = (b.range - a.range) / a.range
    return compared(
        "growth",
        m,
        rate if sign > 0 else -rate,
        [b, a],
        f"({b.quantity.raw}-{a.quantity.raw})/{a.quantity.raw}",
        name=m.label,
    )


def _growth_from_last_year(m: Mention, last: Mention, sign: int, sentence: Sentence) -> Iterator[Check]:
    levels = [
        x
        for x in sentence.mentions[: m.index]
        if x.dimension == last.dimension and not x.previous and not x.change and x.key != last.key
    ]
    for now in reversed(levels):
        try:
            rate = (now.range - last.range) / last.range
        except ZeroDivisionError:
            yield zero_base(m, last)
            return
        computed = rate if sign > 0 else -rate
        if judge(m.quantity, computed) in (Verdict.CONSISTENT, Verdict.ROUNDING) or now is levels[0]:
            backwards = (rate.value < 0 < sign or rate.value > 0 > sign) and len(levels) == 1
            cause = "增减方向与两个数相反" if backwards else ""
            formula = f"({now.quantity.raw}-{last.quantity.raw})/{last.quantity.raw}"
            clear = len(levels) == 1
            verdict = None if judge(m.quantity, computed) is not Verdict.INCONSISTENT or clear else Verdict.UNCHECKABLE
            yield compared("growth", m, computed, [now, last], formula, name=now.label, verdict=verdict, cause=cause)
            return
    yield unbound("growth", m, "未找到本年数")

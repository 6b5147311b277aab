"""Changes in prose whose two ends are printed: "较上年的 3 增加 2", "由 3 提高到 5，提高 2" (kind difference)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from yibao.proofread.checks.compare import compared, slip, sum_verdict
from yibao.proofread.checks.differences import FROM_TO
from yibao.proofread.findings import Check, Verdict
from yibao.proofread.prose import Mention, Sentence
from yibao.proofread.quantity import Range
from yibao.proofread.reading import Reading

_NAMED_YEAR = re.compile(r"(20\d{2})年")
_TO = re.compile(r"(?:到|至|为)了?(?:20\d{2}年(?:度|末|底)?的?|(?:今|本|当)年(?:末|底)?的?)?$")
_NAMED_BASE = re.compile(r"[比较](?P<base>[^，比较]{2,14}?)(?:相比)?(?:增|减|下降|上升|提高|降低|多|少|节)")
_MEAN = re.compile(r"年均|月均|平均|每年|每月")
_SUBJECT = re.compile(r"(?P<what>决算|预算|收入)数?(?:比|较)")
_COMPARED = re.compile(r"(?:^与|^同|(?<![同环占百])比(?![例重])|较(?![大高多小低])).*$")
_CHANGED = re.compile(
    r"(?:相比，?)?(?:增加|增长|减少|下降|上升|提高|降低|净增|净减|超出|多|少|节约|节省|增|减)(?:了|支出?|收入?)?"
)
_NOW = re.compile(r"实际|本年|当年|今年|本期|决算|达到?$|为$")


def run(reading: Reading) -> Iterator[Check]:
    for sentences in reading.paragraphs():
        for sentence in sentences:
            for m in sentence.mentions:
                points = m.quantity.unit is not None and m.quantity.unit.symbol.endswith("百分点")
                if m.change and not _MEAN.search(m.clause) and (points or m.dimension not in ("ratio", "", "score")):
                    check = _from_to(m, sentence) or _stated_change(m, sentence)
                    if check is not None:
                        yield check


def _stated_change(m: Mention, sentence: Sentence) -> Check | None:
    """A change with a named base, or with last year's figure."""
    own = _levels(sentence.mentions[: m.index], m)
    later = _levels(sentence.mentions[m.index + 1 :], m)
    named = _NAMED_BASE.search(m.clause)
    joined = bool(own) and own[-1].index == m.index - 1 and starts_from(own[-1], m)
    base = own[-1] if joined else _base(own, later, named)
    if base is None or (named is None and not joined and (len(own) != 2 or m.index != own[-1].index + 1)):
        return None
    levels = [x for x in own if x is not base and not x.previous and not _COMPARED.search(x.clause)]
    levels = [x for x in levels if x.index < base.index or "其中" not in x.lead]  # a part is not what the whole became
    after = joined and not levels
    if after:  # "比预算数 8 万元减少 2 万元，实际支出 6 万元"
        levels = [x for x in later[:1] if x.index == m.index + 1 and _NOW.search(x.clause)]
    if not levels or not _of_subject(m, levels):
        return None
    alike = [x for x in levels if x.quantity.decimals == base.quantity.decimals]
    levels = alike or levels  # "托位 420 个，每千人 4.1 个，较上年的 3.2 个提高 0.9 个"
    fits = [x for x in levels if _agrees(m, x, base)]
    now = fits[-1] if fits else levels[-1]
    verdict = None if fits or len({x.quantity.base for x in levels}) == 1 else Verdict.UNCHECKABLE
    check = _difference(m, now, base, verdict)
    unsure = (after or base in later) and not slip(m.quantity, _change(now, base, m).value)
    return replace(check, verdict=Verdict.SUSPICIOUS) if unsure and check.verdict is Verdict.INCONSISTENT else check


def _of_subject(m: Mention, levels: Sequence[Mention]) -> bool:
    """ "决算较年初预算多 5 万元" speaks of a final amount: where none is printed, nothing can be computed."""
    subject = _SUBJECT.search(m.clause)
    return subject is None or any(subject["what"] in x.label + x.clause for x in levels)


def _levels(mentions: Sequence[Mention], m: Mention) -> list[Mention]:
    return [x for x in mentions if x.dimension == m.dimension and not x.change and "占" not in x.clause]


def _base(own: Sequence[Mention], later: Sequence[Mention], named: re.Match[str] | None) -> Mention | None:
    """The number that carries the name of the base, before the change or behind it; else last year's."""
    if named is not None:
        name = named["base"].removesuffix("数")
        bases = [x for x in own if not x.previous and name in x.label] or [x for x in later if name in x.label][:1]
        if bases:
            return bases[-1]
        if not re.search(r"上年|去年|同期", name):
            return None
    lasts = last_years(own)
    return lasts[-1] if lasts else None


def _agrees(m: Mention, now: Mention, base: Mention) -> bool:
    return sum_verdict(m.quantity, _change(now, base, m), [now.quantity, base.quantity]) is Verdict.CONSISTENT


def _difference(m: Mention, now: Mention, base: Mention, verdict: Verdict | None = None) -> Check:
    high, low = (now, base) if m.change > 0 else (base, now)
    shown = f"{high.quantity.raw}-{low.quantity.raw}"
    return compared(
        "difference", m, _change(now, base, m), [high, low], shown, name=m.label, verdict=verdict, summed=True
    )


def _change(now: Mention, base: Mention, m: Mention) -> Range:
    return now.range - base.range if m.change > 0 else base.range - now.range


def starts_from(base: Mention, m: Mention) -> bool:
    """ "较年初预算数 880 万元超出 21.75 万元": the number compared with stands between the words."""
    return bool(_COMPARED.search(base.clause)) and not base.change and bool(_CHANGED.fullmatch(m.lead))


def last_years(levels: Sequence[Mention]) -> list[Mention]:
    """Last year's figures: said to be so, or named with the year before the other one's."""
    said = [x for x in levels if x.previous]
    years = {int(y): x for x in levels if (y := (_NAMED_YEAR.findall(x.clause) or [""])[-1])}
    if said or len(years) != 2 or max(years) - min(years) != 1:
        return said
    return [years[min(years)]]


def _from_to(m: Mention, sentence: Sentence) -> Check | None:
    """ "由 a 提高到 b，提高 c" """
    if m.index < 2:
        return None
    b, a = sentence.mentions[m.index - 1], sentence.mentions[m.index - 2]
    told = a.dimension == b.dimension == m.dimension and FROM_TO.search(a.lead) and _TO.search(b.lead)
    return _difference(m, b, a) if told else None

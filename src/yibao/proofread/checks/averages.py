"""Averages in prose, a total over a number of heads: "参保 47 万人，待遇支出 5 亿元，人均 1080 元" (kind per_capita).

A fit is always told. A misfit only where the sentence prints one total and one number of heads, and the average bears no
name of its own: 人均筹资 is not what was spent on each. An error where its word counts these very heads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from yibao.proofread.checks.compare import compared, digits, slip
from yibao.proofread.checks.differences import numbers_near
from yibao.proofread.findings import Check, Verdict
from yibao.proofread.prose import Mention, Sentence
from yibao.proofread.quantity import judge, round_half_up
from yibao.proofread.reading import Reading

_PER_HEAD = re.compile(r"人均|次均|户均|例均|车均|辆均|每人|每床|平均每")
_HEADS = ("persons", "visits", "辆", "institutions", "户", "批次")
_AVERAGE = re.compile(r"(?P<each>人均|次均|户均|例均|车均|辆均|(?:平均)?每[人辆户家])(?P<name>[^，；：。]*)$")
_COUNTED = {  # the heads that a word counts
    "人": "persons", "次": "visits", "例": "visits", "户": "户", "车": "辆", "辆": "辆", "家": "institutions",
}  # fmt: skip
_OTHER = re.compile(r"标准|限额|最高|最低|定额|基数|每月|每日|每天|每季|月人均|日人均|其中")
_TAIL = re.compile(r"(?:金额|水平|费用|约|为|达到?|数|额)+$")
_GENERAL = re.compile(r"支出|收入|支付|资金|金额|费用|水平|达到")

_LONG = 3  #: digits of a number from which on a slip of the keyboard is hardly a coincidence


@dataclass(frozen=True, slots=True)
class _Pair:
    """A total and its heads; `verdict` for a misfit."""

    over: Mention
    under: Mention
    verdict: Verdict | None = None


def run(reading: Reading) -> Iterator[Check]:
    for sentences in reading.paragraphs():
        for i, sentence in enumerate(sentences):
            for m in sentence.mentions:
                if m.dimension == "money" and not m.change and _PER_HEAD.search(m.clause):
                    yield _average(m, sentence, sentences[max(0, i - 6) : i])


def _average(m: Mention, sentence: Sentence, before: Sequence[Sentence]) -> Check:
    pool = numbers_near(m, sentence, before)
    heads = [x for x in pool if x.dimension in _HEADS and x.quantity.base > 0]
    totals = [x for x in pool if x.dimension == "money" and not _PER_HEAD.search(x.clause)]
    fitting = (
        _Pair(over, under)
        for over in totals
        for under in heads
        if judge(m.quantity, over.range / under.range) is Verdict.CONSISTENT
    )
    pair = next(fitting, None) or _only_pair(m, sentence, totals, heads)
    if pair is None:
        reason = f"{m.label}{m.quantity.raw}：文中没有能相除得出它的总额和人数"
        return Check("per_capita", Verdict.UNCHECKABLE, m.evidence, m.quantity.raw, None, reason)
    formula = f"{pair.over.quantity.raw}/{pair.under.quantity.raw}"
    computed = pair.over.range / pair.under.range
    return compared("per_capita", m, computed, [pair.over, pair.under], formula, name=m.label, verdict=pair.verdict)


def _only_pair(m: Mention, sentence: Sentence, totals: Sequence[Mention], heads: Sequence[Mention]) -> _Pair | None:
    """The one amount and the one number of heads before the average in its sentence, if they are surely its own."""
    own = {x.key for x in sentence.mentions[: m.index] if not x.change and not x.previous}
    before = [x for x in totals if x.key < sentence.mentions[0].key and not x.change and not x.previous]
    totals, counts = [x for x in totals if x.key in own], [x for x in heads if x.key in own]
    if not totals and len(before) == 1:
        return _of_sentence_before(m, before[0], counts)
    found = _AVERAGE.search(m.clause)
    if found is None:
        return None
    dimension = next((_COUNTED[c] for c in reversed(found["each"]) if c in _COUNTED), "")
    name = _TAIL.sub("", found["name"])
    totals = [x for x in totals if len(name) > 3 and name in x.clause] or totals
    counts = [x for x in counts if x.dimension == dimension] or [x for x in counts if x.dimension == "visits"] or counts
    if len(totals) != 1 or len(counts) != 1:
        return None
    over, under = totals[0], counts[0]
    verdict = _misfit(m, over, under, same=under.dimension == dimension, named=_is_other(m, name, over, under))
    return None if verdict is None else _Pair(over, under, verdict)


def _of_sentence_before(m: Mention, over: Mention, counts: Sequence[Mention]) -> _Pair | None:
    """ "接待费 2.16 万元。全年接待 31 批次、246 人次，人均 87.80 元": only a slip in a long number says what it is of."""
    if digits(m.quantity) < _LONG:
        return None
    fitting = [x for x in counts if slip(m.quantity, _printed(m, over, x))]
    return _Pair(over, fitting[0], Verdict.SUSPICIOUS) if len(fitting) == 1 else None


def _printed(m: Mention, over: Mention, under: Mention) -> Decimal:
    """The average as it would be printed, in the digits of `m`."""
    computed = (over.range / under.range).value / m.quantity.factor
    return round_half_up(computed, m.quantity.decimals) * m.quantity.factor


def _misfit(m: Mention, over: Mention, under: Mention, *, same: bool, named: bool) -> Verdict | None:
    """How surely an average that does not fit is wrong: its word counts these heads (`same`), it has a name of its own (`named`)."""
    computed = over.range / under.range
    near = abs(computed.value - m.quantity.base) * 2 <= m.quantity.base
    slipped = bool(slip(m.quantity, computed.value))
    in_a_row = m.index - min(over.index, under.index) == 2
    found = judge(m.quantity, computed)
    if found is not Verdict.INCONSISTENT:
        return found
    if same and not named:
        return found if slipped or near or in_a_row else None
    return Verdict.SUSPICIOUS if slipped and digits(m.quantity) >= _LONG else None


def _is_other(m: Mention, name: str, over: Mention, under: Mention) -> bool:
    """The average is of something else: a standard, or what neither the amount nor the heads are called."""
    words = over.clause + under.clause
    core = _GENERAL.sub("", name)
    if _OTHER.search(m.clause):
        return True
    return bool(core) and not any(core[i : i + 2] in words for i in range(len(core) - 1))

"""Percentages in prose, each recomputed from the numbers it speaks of: shares, growth, completion and named rates.

How surely a rate is tied to its operands decides how loud a difference is. Operands named in the rate's own sentence
prove an error; operands found by looking around confirm a rate, but a difference only says that nothing fits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from yibao.proofread.checks.completion import check_completion, stated_base
from yibao.proofread.checks.growth import check_growth
from yibao.proofread.checks.named_rates import check_named_rate, named_pair
from yibao.proofread.checks.ratio import own_clause
from yibao.proofread.checks.respective import check_respective
from yibao.proofread.checks.shares import check_share
from yibao.proofread.findings import Check
from yibao.proofread.prose import Mention, Sentence
from yibao.proofread.reading import Reading

_COMPLETION = re.compile(
    r"(?:完成|为|占|达到|达|是)(?:了)?(?:全年|年初|当年|本年|调整|全部|年度|支出|收入)*(?:预算|计划|目标|任务)(?:数|额)?的?(?:比例为?)?$"
)
_GROWTH = re.compile(
    r"同比|环比|比上年|较上年|比去年|较去年|上年|去年|同期|增长|增幅|降幅|下降|减少|增加|提高|降低|上升|减幅|涨幅|压减|压缩"
)
_SHARE = re.compile(r"占(?P<whole>[^，；：。]*?)(?:的|比|比重|比例|总数|为|达|约)*$")
_RATE_NAME = re.compile(r"(?:率|比例|比重|占比|百分比)$")


def run(reading: Reading) -> Iterator[Check]:
    for sentences in reading.paragraphs():
        for i, sentence in enumerate(sentences):
            for m in sentence.mentions:
                if m.dimension == "ratio" and m.quantity.unit and m.quantity.unit.symbol in ("%", "‰"):
                    yield from _rate(m, sentence, sentences[:i], reading)


def _rate(m: Mention, sentence: Sentence, before: Sequence[Sentence], reading: Reading) -> Iterator[Check]:
    words = own_clause(m, sentence)
    if (listed := check_respective(m, sentence)) is not None:
        yield listed
        return
    if m.quantity.operator in ("≥", "≤") or "%" in words[-4:]:
        return
    share = _SHARE.search(words)
    if _COMPLETION.search(words) or stated_base(m, sentence) is not None:
        yield from check_completion(m, sentence, before, reading)
    elif share:
        yield from check_share(m, share["whole"], sentence, before, reading)
    elif _is_growth(m, words):
        yield from check_growth(m, sentence, before)
    elif (
        _RATE_NAME.search(m.label)
        or _RATE_NAME.search(words.rstrip("为是达到约"))
        or named_pair(m, sentence) is not None
    ):
        yield from check_named_rate(m, words, sentence, before)


def _is_growth(m: Mention, words: str) -> bool:
    return bool(m.change) or (bool(_GROWTH.search(words)) and not m.previous and not _RATE_NAME.search(words))

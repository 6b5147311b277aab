"""A price, a number of heads and their product, in any order: averages, payable months, products, halves.

Kinds per_capita, months_payable, product, ratio. The total of an average may be printed nowhere, so most of what does not
fit is only suspicious.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from yibao.proofread.checks.compare import compared, slip
from yibao.proofread.checks.differences import BALANCE, CUMULATIVE, FROM_TO, numbers_near
from yibao.proofread.findings import Check, Verdict
from yibao.proofread.prose import Mention, Sentence
from yibao.proofread.quantity import Range, judge
from yibao.proofread.reading import Reading

_PER_HEAD = re.compile(r"人均|次均|户均|例均|车均|辆均|每人|每床|平均每")
_HEADS = ("persons", "visits", "辆", "institutions", "户", "批次")
_AVERAGE = re.compile(r"(?P<each>人均|次均|户均|例均|车均|辆均|每人|平均每人)(?P<name>[^，；：。]*)$")
_OTHER_AVERAGE = re.compile(r"标准|限额|最高|最低|定额|每月|每日|每天|月人均|日人均|季|其中")
_COUNTED = {
    "人均": ("visits", "persons"),
    "每人": ("visits", "persons"),
    "平均每人": ("visits", "persons"),
    "次均": ("visits",),
    "例均": ("visits",),
    "户均": ("户",),
    "车均": ("辆",),
    "辆均": ("辆",),
}
_TAIL = re.compile(r"(?:金额|水平|费用|约|为|达到?|数|额)+$")
_PAYABLE = re.compile(r"可支付|支付能力|可支撑|支付月数|可用")
_MONTHS = Range(Decimal(12), Decimal(12), Decimal(12), True)
_UNIT_PRICE = re.compile(r"每(?:人|户|例|张|件|家|次|场)|人均|标准")
_OTHER_TIME = re.compile(r"每月|每日|每天|每季|/月|/天")  #: times a number of months or days as well
_OF_THEM = re.compile(r"培训|补助|资助|发放|共|合计|救助|奖励")
_AMOUNT = re.compile(r"合计|共|金额|支出|总|资金|补助|费$|费用|需要?(?:投入)?$|投入|收入|缴")
_IN_ALL = re.compile(r"^(?:合计|共|总(?:费用|金额|额|支出|投入))|(?:总额|总费用)$")
_HALVED = re.compile(r"减半|降低一半|下调一半|降低50%|下调50%")
_TWO = Range(Decimal(2), Decimal(2), Decimal(2), True)


def run(reading: Reading) -> Iterator[Check]:
    for sentences in reading.paragraphs():
        for i, sentence in enumerate(sentences):
            before = sentences[max(0, i - 6) : i]
            for m in sentence.mentions:
                if m.dimension in ("ratio", "", "score"):
                    continue
                yield from _per_head(m, sentence, before)
                yield from _months(m, sentence, before)
                yield from _product(m, sentence)
                yield from _halved(m, sentence)


def _per_head(m: Mention, sentence: Sentence, before: Sequence[Sentence]) -> Iterator[Check]:
    """An average is a total over a number of heads, where both are printed."""
    if not _PER_HEAD.search(m.clause) or m.dimension != "money" or m.change:
        return
    pool = numbers_near(m, sentence, before)
    heads = [x for x in pool if x.dimension in _HEADS and x.quantity.base > 0]
    amounts = [x for x in pool if x.dimension == "money" and not _PER_HEAD.search(x.clause)]
    fitting = (
        (over, under)
        for over in amounts
        for under in heads
        if judge(m.quantity, over.range / under.range) is Verdict.CONSISTENT
    )
    pair = next(fitting, None) or _only_pair(m, sentence, amounts, heads)
    if pair is not None:
        over, under = pair
        formula = f"{over.quantity.raw}/{under.quantity.raw}"
        yield compared("per_capita", m, over.range / under.range, [over, under], formula, name=m.label)
        return
    reason = f"{m.label}{m.quantity.raw}：文中没有能相除得出它的总额和人数"
    yield Check("per_capita", Verdict.UNCHECKABLE, m.evidence, m.quantity.raw, None, reason)


def _only_pair(
    m: Mention, sentence: Sentence, amounts: Sequence[Mention], heads: Sequence[Mention]
) -> tuple[Mention, Mention] | None:
    """The one amount and the one number of heads before the average in its sentence, where it can be no other's."""
    own = {x.key for x in sentence.mentions[: m.index]}
    totals, counts = [x for x in amounts if x.key in own], [x for x in heads if x.key in own]
    if (each := _AVERAGE.search(m.clause)) is not None:
        name = _TAIL.sub("", each["name"])
        totals = [x for x in totals if len(name) > 3 and name in x.clause] or totals
        for dimension in _COUNTED[each["each"]]:  # "38 批次、310 人次，人均": of the heads that the word means
            counts = [x for x in counts if x.dimension == dimension] or counts
    if len(totals) != 1 or len(counts) != 1:
        return None
    over, under = totals[0], counts[0]
    computed = (over.range / under.range).value
    near = abs(computed - m.quantity.base) * 2 <= m.quantity.base or bool(slip(m.quantity, computed))
    return (over, under) if near or _averaged(m, over, under) else None


def _averaged(m: Mention, over: Mention, under: Mention) -> bool:
    """ "参保 47 万人，待遇支出 5 亿元，人均 1080 元": amount, heads and average in a row, and no name that says otherwise."""
    found = _AVERAGE.search(m.clause)
    if found is None or m.index - min(over.index, under.index) != 2 or _OTHER_AVERAGE.search(m.clause):
        return False
    if under.dimension not in _COUNTED[found["each"]] or over.change or under.change or over.previous or under.previous:
        return False
    name = _TAIL.sub("", found["name"])
    return not name or any(name[i : i + 2] in over.clause + under.clause for i in range(len(name) - 1))


def _months(m: Mention, sentence: Sentence, before: Sequence[Sentence]) -> Iterator[Check]:
    """可支付月数 = 累计结余 ÷（支出 ÷ 12）; another basis (with or without personal accounts) is possible, so nothing is proven."""
    if m.dimension != "months" or not _PAYABLE.search(m.clause):
        return
    pool = [x for x in numbers_near(m, sentence, before) if x.dimension == "money" and not x.change and not x.previous]
    balances = [x for x in pool if CUMULATIVE.search(x.label) and BALANCE.search(x.label)]
    expenses = [x for x in pool if re.search(r"支出$", x.label) and x.quantity.base > 0]
    pairs = [(a, b, a.range / b.range * _MONTHS) for a in balances for b in expenses]
    fit = next((p for p in pairs if judge(m.quantity, p[2]) in (Verdict.CONSISTENT, Verdict.ROUNDING)), None)
    alone = len({x.quantity.base for x in balances}) == len({x.quantity.base for x in expenses}) == 1
    if fit is None and not alone:
        return
    over, under, computed = fit or pairs[0]
    verdict = None if fit else Verdict.SUSPICIOUS
    yield compared(
        "months_payable",
        m,
        computed,
        [over, under],
        f"{over.quantity.raw}/({under.quantity.raw}/12)",
        name="可支付月数",
        verdict=verdict,
    )


def _product(m: Mention, sentence: Sentence) -> Iterator[Check]:
    """ "每人 150 元，补助 3900 人，合计 58.5 万元": a price, a number and their product in one sentence."""
    if m.dimension != "money" or m.change or _UNIT_PRICE.search(m.clause) or not _AMOUNT.search(m.clause):
        return
    earlier = sentence.mentions[: m.index]
    prices = [
        x
        for x in earlier
        if x.dimension in ("money", "per head")
        and _UNIT_PRICE.search(x.clause)
        and not _OTHER_TIME.search(x.clause)
        and not x.change
    ]
    heads = [x for x in earlier if x.dimension in ("persons", "visits", "户", "例", "次", "场") and not x.change]
    if len(prices) != 1 or len(heads) != 1 or len([x for x in earlier if x.dimension == "money"]) > 1:
        return
    price = prices[0].quantity
    exact = Range(price.base, price.base, price.base, True)
    computed = exact * heads[0].range
    verdict = None
    if judge(m.quantity, computed) is Verdict.INCONSISTENT and not slip(m.quantity, computed.value):
        if not (_IN_ALL.search(m.clause) or (m.index == 2 and _OF_THEM.search(m.clause))):
            return
        verdict = Verdict.SUSPICIOUS
    formula = f"{price.raw}×{heads[0].quantity.raw}"
    yield compared("product", m, computed, [prices[0], heads[0]], formula, name=m.label, verdict=verdict)


def _halved(m: Mention, sentence: Sentence) -> Iterator[Check]:
    """ "起付线减半，由 8800 元降为 4400 元"."""
    if m.index == 0 or not re.search(r"(?:降|调整|下调|减)(?:低|少)?[为到至]$", m.lead):
        return
    before = sentence.mentions[m.index - 1]
    if before.dimension != m.dimension or not FROM_TO.search(before.lead):
        return
    if _HALVED.search(sentence.text[: m.key[-1] - sentence.start]):
        computed = before.range / _TWO
        yield compared("ratio", m, computed, [before], f"{before.quantity.raw}/2", name="减半后的标准")

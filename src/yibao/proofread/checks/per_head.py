"""A price, a number of heads and their product; payable months; halves (kinds product, months_payable, ratio)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from yibao.proofread.checks.compare import compared, slip
from yibao.proofread.checks.differences import BALANCE, CUMULATIVE, FROM_TO, numbers_near
from yibao.proofread.findings import Check, Verdict
from yibao.proofread.prose import Mention, Sentence
from yibao.proofread.quantity import ONE, Range, judge
from yibao.proofread.reading import Reading

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
                yield from _months(m, sentence, before)
                yield from _product(m, sentence)
                yield from _halved(m, sentence)


def _months(m: Mention, sentence: Sentence, before: Sequence[Sentence]) -> Iterator[Check]:
    """可支付月数 = 累计结余 ÷（支出 ÷ 12）; another basis (with or without personal accounts) is possible, so nothing is proven."""
    if m.dimension != "months" or not _PAYABLE.search(m.clause):
        return
    pool = [x for x in numbers_near(m, sentence, before) if x.dimension == "money" and not x.change and not x.previous]
    scope = [word for word in ("统筹", "个人账户") if word in m.clause]
    own = [x for x in pool if scope and BALANCE.search(x.label) and all(word in x.label for word in scope)]
    balances = own or [x for x in pool if CUMULATIVE.search(x.label) and BALANCE.search(x.label)]
    expenses = [x for x in pool if re.search(r"支出$", x.label) and x.quantity.base > 0]
    pairs = [(a, b, a.range / b.range * (ONE if "月均" in b.label else _MONTHS)) for a in balances for b in expenses]
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
        f"{over.quantity.raw}/{under.quantity.raw}"
        if "月均" in under.label
        else f"{over.quantity.raw}/({under.quantity.raw}/12)",
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

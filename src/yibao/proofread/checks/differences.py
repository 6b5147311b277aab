"""Differences in prose: balances, stated changes, "a exceeds b by c", and averages per head (kinds difference, per_capita)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from yibao.proofread.checks.compare import compared, slip, sum_verdict
from yibao.proofread.findings import Check, Verdict
from yibao.proofread.prose import Mention, Sentence
from yibao.proofread.quantity import Range, judge
from yibao.proofread.reading import Reading

_BALANCE = re.compile(r"结余|结存|剩余|结转|节余|亏损|缺口|赤字|超支|差额|余额")
_CUMULATIVE = re.compile(r"累计|滚存|期末|年末|历年")
_LOSS = re.compile(r"亏损|缺口|赤字|超支")
_INCOME = re.compile(r"收入|预算|资金|到位|下达|指标|安排")
_EXPENSE = re.compile(r"支出|执行|决算|使用|拨付")
_NAMED_YEAR = re.compile(r"(20\d{2})年")
_FROM_TO = re.compile(r"(?:由|从)[^，。；]*$")
_TO = re.compile(r"(?:到|至|为)了?$")
_SCHEME = re.compile(r"基金|总|医保|统筹|全市|全县|全区|比上年|城乡|居民|职工|城镇")
_PER_HEAD = re.compile(r"人均|次均|户均|例均|每人|每床|平均每")
_EXCEEDS = re.compile(
    r"(?P<a>[^，。；]{2,16}?)(?P<word>大于|多于|高于|超过|小于|低于|少于)(?P<b>[^，。；0-9]{2,16}?)(?:数|额)?$"
)
_MORE_THAN = re.compile(
    r"(?P<a>[^，。；]{2,16}?)比(?P<b>(?!上年|去年|同期|年初|20\d\d)[^，。；0-9]{2,12}?)(?P<word>多|少|高|低)(?:出)?$"
)


def run(reading: Reading) -> Iterator[Check]:
    for sentences in reading.paragraphs():
        for i, sentence in enumerate(sentences):
            before = sentences[max(0, i - 6) : i]
            section = reading.same_section(sentence)[:40]
            for m in sentence.mentions:
                if m.dimension == "ratio":
                    yield from _from_to(m, sentence)  # "提高 2.3 个百分点"
                if m.dimension in ("ratio", "", "score"):
                    continue
                yield from _balance(m, sentence, before)
                yield from _stated_change(m, sentence, before)
                yield from _carried(m, sentence)
                yield from _from_to(m, sentence)
                yield from _exceeds(m, sentence, [*section, *before])
                yield from _per_head(m, sentence, before)
                yield from _months(m, sentence, before)
                yield from _product(m, sentence)
                yield from _halved(m, sentence)


def _pool(m: Mention, sentence: Sentence, before: Sequence[Sentence]) -> list[Mention]:
    """Numbers before `m` in the paragraph and behind it in its sentence, nearest first."""
    own = sorted((x for x in sentence.mentions if x.index != m.index), key=lambda x: abs(x.index - m.index))
    return [*own, *(x for s in reversed(before) for x in reversed(s.mentions))][:40]


def _balance(m: Mention, sentence: Sentence, before: Sequence[Sentence]) -> Iterator[Check]:
    if m.dimension != "money" or m.change or not _BALANCE.search(m.label) or _CUMULATIVE.search(m.label):
        return
    pool = [x for x in _pool(m, sentence, before) if x.dimension == "money" and not x.change and not x.previous]
    sign = -1 if _LOSS.search(m.label) and m.quantity.value > 0 else 1
    incomes = [x for x in pool if _INCOME.search(x.label) and not _EXPENSE.search(x.label.replace("支出预算", ""))]
    expenses = [x for x in pool if _EXPENSE.search(x.label)]
    special = [s for s in ("统筹", "个人账户", "个人帐户", "职工", "居民") if s in m.label]
    own_in = [x for x in incomes if special and all(s in x.label for s in special)]
    own_out = [x for x in expenses if special and all(s in x.label for s in special)]
    if own_in and own_out:
        incomes, expenses = own_in, own_out
    for a in incomes:
        for b in expenses:
            computed = (a.range - b.range) if sign > 0 else (b.range - a.range)
            near = a.key[0] == m.key[0] and a.key[-1] >= sentence.start
            allowed = (Verdict.CONSISTENT, Verdict.ROUNDING) if near else (Verdict.CONSISTENT,)
            if sum_verdict(m.quantity, computed, [a.quantity, b.quantity]) in allowed:
                yield _difference(m, a, b, computed, sign)
                return
    scoped_in = [x for x in incomes if _same_scope(x, special)]
    scoped_out = [x for x in expenses if _same_scope(x, special)]
    if (
        _one(scoped_in)
        and _one(scoped_out)
        and "当" in m.label + m.clause
        and "收入" in scoped_in[0].label
        and "收入" not in m.label
    ):
        a, b = scoped_in[0], scoped_out[0]
        computed = (a.range - b.range) if sign > 0 else (b.range - a.range)
        yield _difference(m, a, b, computed, sign, Verdict.INCONSISTENT)
        return
    own = [x for x in sentence.mentions[: m.index] if x in incomes or x in expenses]
    scoped = all(s in own[0].label for s in special) if own else False
    if scoped and len(own) == 2 and own[0] in incomes and own[1] in expenses and own[1].index == m.index - 1:
        computed = own[0].range - own[1].range
        sure = bool(slip(m.quantity, computed.value))
        yield _difference(m, own[0], own[1], computed, 1, Verdict.INCONSISTENT if sure else Verdict.SUSPICIOUS)
        return
    if scoped_in or scoped_out:
        yield Check(
            "difference",
            Verdict.UNCHECKABLE,
            m.evidence,
            m.quantity.raw,
            None,
            f"{m.label}{m.quantity.raw}：文中没有能相减得出它的两个数",
        )


def _same_scope(x: Mention, special: Sequence[str]) -> bool:
    if special:
        return all(s in x.label for s in special)
    return not re.search(r"统筹|个人|其中|上级|转移|利息|财政", x.label)


def _one(xs: Sequence[Mention]) -> bool:
    return len({x.quantity.base for x in xs}) == 1


def _difference(
    m: Mention, a: Mention, b: Mention, computed: Range, sign: int, verdict: Verdict | None = None
) -> Check:
    if (
        verdict is Verdict.INCONSISTENT
        and sum_verdict(m.quantity, computed, [a.quantity, b.quantity]) is not Verdict.INCONSISTENT
    ):
        verdict = None
    first, second = (a, b) if sign > 0 else (b, a)
    return compared(
        "difference",
        m,
        computed,
        [a, b],
        f"{first.quantity.raw}-{second.quantity.raw}",
        name=m.label,
        verdict=verdict,
        summed=True,
    )


_CLOSING = re.compile(r"(?<!上)年末(?:财政拨款)?结[转余]|期末|(?<!上)年末(?:基金)?累计结余|年末滚存")


def _carried(m: Mention, sentence: Sentence) -> Iterator[Check]:
    """年初结转 + 收入 − 支出 = 年末结转, where one sentence says all four."""
    if m.dimension != "money" or not _CLOSING.search(m.clause):
        return
    money = [x for x in sentence.mentions if x.dimension == "money" and not x.change and x.key != m.key]
    roles = [
        [x for x in money if re.search(r"年初(?:财政拨款)?结[转余]|期初|上年(?:结转|结余)|上年末", x.clause)],
        [x for x in money if re.search(r"收入(?:合计|总计)?$", x.label)],
        [x for x in money if re.search(r"支出(?:合计|总计)?$", x.label)],
    ]
    if any(len(found) != 1 for found in roles):
        return
    opening, income, expense = (found[0] for found in roles)
    computed = opening.range + income.range - expense.range
    formula = f"{opening.quantity.raw}+{income.quantity.raw}-{expense.quantity.raw}"
    check = compared("fund_closing", m, computed, [opening, income, expense], formula, name=m.label, summed=True)
    if check.verdict is Verdict.INCONSISTENT and not slip(m.quantity, computed.value):
        check = replace(check, verdict=Verdict.SUSPICIOUS)  # 结余分配 and other lines may stand between
    yield check


def _stated_change(m: Mention, sentence: Sentence, before: Sequence[Sentence]) -> Iterator[Check]:
    """A change whose two ends are printed: a named base, or last year's figure."""
    if not m.change:
        return
    own = [
        x for x in sentence.mentions[: m.index] if x.dimension == m.dimension and not x.change and "占" not in x.clause
    ]
    named = re.search(r"[比较](?P<base>[^，比较]{2,14}?)(?:相比)?(?:增|减|下降|上升|提高|降低|多|少|节)", m.clause)
    bases = [x for x in own if named and not x.previous and named["base"].removesuffix("数") in x.label]
    lasts = _last_years(own) if named is None or re.search(r"上年|去年|同期", named["base"]) else []
    base = (bases or lasts)[-1] if bases or lasts else None
    if base is None:
        return
    levels = [x for x in own if x is not base and not x.previous]
    if named is None and (len(own) != 2 or m.index != own[-1].index + 1):
        return
    if not levels:
        return
    fits = [
        x
        for x in levels
        if sum_verdict(m.quantity, _change(x, base, m), [x.quantity, base.quantity]) is Verdict.CONSISTENT
    ]
    now = fits[-1] if fits else levels[-1]
    verdict = None if fits or len({x.quantity.base for x in levels}) == 1 else Verdict.UNCHECKABLE
    high, low = (now, base) if m.change > 0 else (base, now)
    yield compared(
        "difference",
        m,
        _change(now, base, m),
        [now, base],
        f"{high.quantity.raw}-{low.quantity.raw}",
        name=m.label,
        verdict=verdict,
        summed=True,
    )


def _last_years(levels: Sequence[Mention]) -> list[Mention]:
    """Last year's figures: said to be so, or named with the year before the other one's."""
    said = [x for x in levels if x.previous]
    years = {int(y): x for x in levels if (y := (_NAMED_YEAR.findall(x.clause) or [""])[-1])}
    if said or len(years) != 2 or max(years) - min(years) != 1:
        return said
    return [years[min(years)]]


def _change(now: Mention, base: Mention, m: Mention) -> Range:
    return now.range - base.range if m.change > 0 else base.range - now.range


def _from_to(m: Mention, sentence: Sentence) -> Iterator[Check]:
    """ "由 a 提高到 b，提高 c" """
    if m.index < 2 or not m.change:
        return
    b, a = sentence.mentions[m.index - 1], sentence.mentions[m.index - 2]
    if a.dimension == b.dimension == m.dimension and _FROM_TO.search(a.lead) and _TO.search(b.lead):
        computed = _change(b, a, m)
        high, low = (b, a) if m.change > 0 else (a, b)
        yield compared(
            "difference",
            m,
            computed,
            [a, b],
            f"{high.quantity.raw}-{low.quantity.raw}",
            name=m.label,
            summed=True,
        )


def _exceeds(m: Mention, sentence: Sentence, before: Sequence[Sentence]) -> Iterator[Check]:
    """ "人均支出大于人均收入 22 元": both sides found by name in the paragraph; of one year."""
    found = _EXCEEDS.search(m.clause)
    if found is None or m.quantity.operator:
        found = _EXCEEDS.search(m.clause + {">": "大于", "<": "小于"}.get(m.quantity.operator, ""))
    found = found or _MORE_THAN.search(m.clause)
    if found is None:
        return
    larger, smaller = (
        (found["a"], found["b"])
        if found["word"] in ("大于", "多于", "高于", "超过", "多", "高")
        else (found["b"], found["a"])
    )
    pool = [x for x in _pool(m, sentence, before) if x.dimension == m.dimension and not x.change and x.key != m.key]
    tops = [x for x in pool if _tail_match(larger, x.label)]
    bottoms = [x for x in pool if _tail_match(smaller, x.label)]
    for a in tops:
        for b in bottoms:
            if judge(m.quantity, a.range - b.range) is Verdict.CONSISTENT:
                yield compared(
                    "difference", m, a.range - b.range, [a, b], f"{a.quantity.raw}-{b.quantity.raw}", name=m.label
                )
                return


def _tail_match(words: str, label: str) -> bool:
    clean, name = (_SCHEME.sub("", re.sub(r"^.*?年(?:度)?", "", x)) for x in (words, label))
    return len(clean) >= 2 and len(name) >= 2 and (name.endswith(clean) or clean.endswith(name))


def _per_head(m: Mention, sentence: Sentence, before: Sequence[Sentence]) -> Iterator[Check]:
    """An average is a total over a number of heads; only a fit is told, for the total may be printed nowhere."""
    if not _PER_HEAD.search(m.clause) or m.dimension != "money" or m.change:
        return
    pool = _pool(m, sentence, before)
    heads = [
        x
        for x in pool
        if x.dimension in ("persons", "visits", "辆", "institutions", "户", "批次") and x.quantity.base > 0
    ]
    amounts = [x for x in pool if x.dimension == "money" and not _PER_HEAD.search(x.clause)]
    for over in amounts:
        for under in heads:
            if judge(m.quantity, over.range / under.range) is Verdict.CONSISTENT:
                yield compared(
                    "per_capita",
                    m,
                    over.range / under.range,
                    [over, under],
                    f"{over.quantity.raw}/{under.quantity.raw}",
                    name=m.label,
                )
                return
    own_amounts = [x for x in amounts if x.key[-1] >= sentence.start and x.index < m.index and x.key[0] == m.key[0]]
    own_heads = [x for x in heads if x.key[-1] >= sentence.start and x.index < m.index and x.key[0] == m.key[0]]
    if len(own_amounts) == 1 and len(own_heads) == 1:
        computed = own_amounts[0].range / own_heads[0].range
        if abs(computed.value - m.quantity.base) * 2 <= m.quantity.base or slip(m.quantity, computed.value):
            formula = f"{own_amounts[0].quantity.raw}/{own_heads[0].quantity.raw}"
            yield compared("per_capita", m, computed, [own_amounts[0], own_heads[0]], formula, name=m.label)
            return
    yield Check(
        "per_capita",
        Verdict.UNCHECKABLE,
        m.evidence,
        m.quantity.raw,
        None,
        f"{m.label}{m.quantity.raw}：文中没有能相除得出它的总额和人数",
    )


_PAYABLE = re.compile(r"可支付|支付能力|可支撑|支付月数|可用")
_MONTHS = Range(Decimal(12), Decimal(12), Decimal(12), True)


def _months(m: Mention, sentence: Sentence, before: Sequence[Sentence]) -> Iterator[Check]:
    """可支付月数 = 累计结余 ÷（支出 ÷ 12）; another basis (with or without personal accounts) is possible, so nothing is proven."""
    if m.dimension != "months" or not _PAYABLE.search(m.clause):
        return
    pool = [x for x in _pool(m, sentence, before) if x.dimension == "money" and not x.change and not x.previous]
    balances = [x for x in pool if _CUMULATIVE.search(x.label) and _BALANCE.search(x.label)]
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


_UNIT_PRICE = re.compile(r"每(?:人|户|例|张|件|家|次|场)|人均|标准")
_OF_THEM = re.compile(r"培训|补助|资助|发放|共|合计|救助|奖励")
_AMOUNT = re.compile(r"合计|共计?|金额|支出|总额|资金|补助")


def _product(m: Mention, sentence: Sentence) -> Iterator[Check]:
    """ "每人 150 元，补助 3900 人，合计 58.5 万元": a price, a number and their product in one sentence."""
    if m.dimension != "money" or m.change or _UNIT_PRICE.search(m.clause) or not _AMOUNT.search(m.clause):
        return
    earlier = sentence.mentions[: m.index]
    prices = [
        x for x in earlier if x.dimension in ("money", "per head") and _UNIT_PRICE.search(x.clause) and not x.change
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


_IN_ALL = re.compile(r"^(?:合计|共计|共需|共)")
_HALVED = re.compile(r"减半|降低一半|下调一半|降低50%|下调50%")
_TWO = Range(Decimal(2), Decimal(2), Decimal(2), True)


def _halved(m: Mention, sentence: Sentence) -> Iterator[Check]:
    """ "起付线减半，由 8800 元降为 4400 元"."""
    if m.index == 0 or not re.search(r"(?:降|调整|下调|减)(?:低|少)?[为到至]$", m.lead):
        return
    before = sentence.mentions[m.index - 1]
    if before.dimension != m.dimension or not _FROM_TO.search(before.lead):
        return
    if _HALVED.search(sentence.text[: m.key[-1] - sentence.start]):
        computed = before.range / _TWO
        yield compared("ratio", m, computed, [before], f"{before.quantity.raw}/2", name="减半后的标准")

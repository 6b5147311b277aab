"""Differences in prose: balances, "a exceeds b by c" (kind difference); openings: checks.carried; changes: stated_changes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from yibao.proofread.checks.carried import closes, closing, opened, opens
from yibao.proofread.checks.compare import compared, slip, sum_verdict
from yibao.proofread.checks.ratio import behind
from yibao.proofread.findings import Check, Verdict
from yibao.proofread.part_year import part_of_year
from yibao.proofread.prose import Mention, Sentence
from yibao.proofread.quantity import Range, judge
from yibao.proofread.reading import Reading

BALANCE = re.compile(r"结余(?!分配)|结存|剩余|结转|节余|亏损|缺口|赤字|超支|差额|余额|收不抵支|入不敷出")
_NO_BALANCE = re.compile(r"累计|滚存|期末|年末|历年|分配")
CUMULATIVE = re.compile(r"累计|滚存|期末|年末|历年")
_LOSS = re.compile(r"亏损|缺口|赤字|超支|收不抵支|入不敷出")
_INCOME = re.compile(r"收入|预算|资金|到位|下达|指标|安排|调整(?:到|至|为|后)")
_EXPENSE = re.compile(r"支出|执行|决算|使用|拨付|支付")
FROM_TO = re.compile(r"(?:由|从)[^，。；]*$")
_SCHEME = re.compile(r"基金|总|医保|统筹|全市|全县|全区|比上年|城乡|居民|职工|城镇")
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
                if m.dimension in ("ratio", "", "score"):
                    continue
                yield from _balance(m, sentence, before)
                yield from closing(m, sentence, before)
                yield from _exceeds(m, sentence, [*section, *before])


def numbers_near(m: Mention, sentence: Sentence, before: Sequence[Sentence]) -> list[Mention]:
    """Numbers before `m` in the paragraph and behind it in its sentence, nearest first."""
    own = sorted((x for x in sentence.mentions if x.index != m.index), key=lambda x: abs(x.index - m.index))
    return [*own, *(x for s in reversed(before) for x in reversed(s.mentions))][:40]


def _balance(m: Mention, sentence: Sentence, before: Sequence[Sentence]) -> Iterator[Check]:
    if m.dimension != "money" or m.change or not BALANCE.search(m.label) or _NO_BALANCE.search(m.label):
        return
    carried = opened(sentence) and not re.search(r"[当本][期年]|收支", m.clause)
    if opens(m) or (closes(m) and carried):
        return  # what the year began with, or ends with after it began with something
    pool = [x for x in numbers_near(m, sentence, before) if x.dimension == "money" and not x.change and not x.previous]
    months = part_of_year(m, sentence)
    pool = [x for x in pool if part_of_year(x, sentence) == months]
    sign = -1 if _LOSS.search(m.label) and m.quantity.value > 0 else 1
    incomes = [x for x in pool if _INCOME.search(_words(x)) and not _EXPENSE.search(_words(x).replace("支出预算", ""))]
    expenses = [x for x in pool if _EXPENSE.search(_words(x))]
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
    if carried or (closes(m) and any("收入" in x.label for x in incomes)):
        return  # a budget may hold what was carried, an income does not
    yield from _misfit(m, sentence, incomes, expenses, special)


def _misfit(
    m: Mention, sentence: Sentence, incomes: Sequence[Mention], expenses: Sequence[Mention], special: Sequence[str]
) -> Iterator[Check]:
    """No two numbers give the balance: an error where it can only be theirs, else a warning, else nothing is known."""
    sign = -1 if _LOSS.search(m.label) and m.quantity.value > 0 else 1
    scoped_in = [x for x in incomes if _same_scope(x, special)]
    scoped_out = [x for x in expenses if _same_scope(x, special)]
    if _one(scoped_in) and _one(scoped_out) and _of_the_year(m, scoped_in[0]):
        a, b = scoped_in[0], scoped_out[0]
        computed = (a.range - b.range) if sign > 0 else (b.range - a.range)
        yield _difference(m, a, b, computed, sign, Verdict.INCONSISTENT)
        return
    told = [x for x in behind(m, sentence) if x in incomes or x in expenses]
    own = [x for x in sentence.mentions[: m.index] if x in incomes or x in expenses]
    scoped = bool(own) and all(s in own[0].label for s in special) and own[-1].index == m.index - 1
    for pair, way in (
        (told, sign),
        (own if scoped else [], 1),
    ):  # "收不抵支 0.15 亿元（收入 9.66 亿元，支出 9.81 亿元）"
        if len(pair) == 2 and pair[0] in incomes and pair[1] in expenses:
            a, b = pair
            computed = (a.range - b.range) if way > 0 else (b.range - a.range)
            sure = bool(slip(m.quantity, computed.value))
            yield _difference(m, a, b, computed, way, Verdict.INCONSISTENT if sure else Verdict.SUSPICIOUS)
            return
    if scoped_in or scoped_out:
        reason = f"{m.label}{m.quantity.raw}：文中没有能相减得出它的两个数"
        yield Check("difference", Verdict.UNCHECKABLE, m.evidence, m.quantity.raw, None, reason)


def _of_the_year(m: Mention, income: Mention) -> bool:
    """ "当年结余" is income minus expense, where income is called so."""
    return "当" in m.label + m.clause and "收入" in income.label and "收入" not in m.label


def _words(x: Mention) -> str:
    """The words of a number with those that lead over to it: the label of "下达资金 5 万元" is short of its 资金."""
    return x.label + x.clause


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
    pool = [
        x for x in numbers_near(m, sentence, before) if x.dimension == m.dimension and not x.change and x.key != m.key
    ]
    tops = [x for x in pool if _tail_match(larger, x.label)]
    bottoms = [x for x in pool if _tail_match(smaller, x.label)]
    for a in tops:
        for b in bottoms:
            if judge(m.quantity, a.range - b.range) is Verdict.CONSISTENT:
                yield _exceeding(m, a, b, None)
                return
    own = {x.key for x in sentence.mentions}
    if len({x.key for x in tops}) == len({x.key for x in bottoms}) == 1 and {tops[0].key, bottoms[0].key} <= own:
        fit = judge(m.quantity, tops[0].range - bottoms[0].range)
        yield _exceeding(m, tops[0], bottoms[0], Verdict.SUSPICIOUS if fit is Verdict.INCONSISTENT else fit)


def _exceeding(m: Mention, a: Mention, b: Mention, verdict: Verdict | None) -> Check:
    shown = f"{a.quantity.raw}-{b.quantity.raw}"
    return compared("difference", m, a.range - b.range, [a, b], shown, name=m.label, verdict=verdict)


def _tail_match(words: str, label: str) -> bool:
    clean, name = (_SCHEME.sub("", re.sub(r"^.*?年(?:度)?", "", x)) for x in (words, label))
    return len(clean) >= 2 and len(name) >= 2 and (name.endswith(clean) or clean.endswith(name))

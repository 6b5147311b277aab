"""Percentages in prose: shares, growth, completion and other rates, each recomputed from the numbers it speaks of.

How surely a rate is tied to its operands decides how loud a difference is. Operands named in the rate's own sentence
prove an error; operands found by looking around confirm a rate, but a difference only says that nothing fits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from yibao.proofread.checks.compare import compared
from yibao.proofread.findings import Check, Severity, Verdict
from yibao.proofread.prose import Mention, Sentence
from yibao.proofread.quantity import Range, judge
from yibao.proofread.reading import Reading

_COMPLETION = re.compile(
    r"(?:完成|为|占|达到|达|是)(?:了)?(?:全年|年初|当年|本年|调整|全部|年度|支出|收入)*(?:预算|计划|目标|任务)(?:数|额)?的?(?:比例为?)?$"
)
_GROWTH = re.compile(
    r"同比|环比|比上年|较上年|比去年|较去年|上年|去年|同期|增长|增幅|降幅|下降|减少|增加|提高|降低|上升|减幅|涨幅|压减|压缩"
)
_TARGET = re.compile(r"年初预算[^，]*率|目标|指标值|不高于|不低于|控制在|以上|以内|要求|计划|应达|力争|确保|降幅|平均")
_SHARE = re.compile(r"占(?P<whole>[^，；：。]*?)(?:的|比|比重|比例|总数|为|达|约)*$")
_RATE_NAME = re.compile(r"(?:率|比例|比重|占比|百分比)$")
_BUDGET = re.compile(r"预算|安排|下达|指标|计划|应|任务")
_FINAL = re.compile(r"决算|执行|支出|实际|使用|完成|支付|到位|结算|收入")
_SCOPES = ("统筹", "个人", "职工", "居民", "住院", "门诊", "收入", "支出", "征缴", "待遇", "基本", "项目")
_BASIS = re.compile(
    r"年初|预算|决算|实际|全年|本年|当年|支出数|安排数|数|额|总|合计|财政拨款|年末|年底|共|全市|全县|全区|本部门|我局|我单位|市|县|区|:|的|资金|人数"
)
NEAR = 6  #: how many numbers back an operand is looked for


@dataclass(frozen=True, slots=True)
class Pair:
    """A numerator over a denominator; `explicit` when the rate's own sentence names both."""

    over: Mention
    under: Mention
    explicit: bool = False
    kind: str = "percent_of"


def run(reading: Reading) -> Iterator[Check]:
    for sentences in reading.paragraphs():
        for i, sentence in enumerate(sentences):
            for m in sentence.mentions:
                if m.dimension == "ratio" and m.quantity.unit and m.quantity.unit.symbol in ("%", "‰"):
                    yield from _rate(m, sentence, sentences[:i], reading)


def _rate(m: Mention, sentence: Sentence, before: Sequence[Sentence], reading: Reading) -> Iterator[Check]:
    words = _own_clause(m, sentence)
    if m.quantity.operator in ("≥", "≤") or "%" in words[-4:]:
        return
    share = _SHARE.search(words)
    if _COMPLETION.search(words):
        found = list(_completion(m, sentence, before))
    elif share:
        found = list(_share(m, share["whole"], sentence, before, reading))
    elif _is_growth(m, words):
        found = list(_growth(m, sentence, before))
    elif _RATE_NAME.search(m.label) or _RATE_NAME.search(words.rstrip("为是达到约")):
        found = list(_named_rate(m, words, sentence, before, reading))
    else:
        found = []
    yield from found


def _own_clause(m: Mention, sentence: Sentence) -> str:
    """The clause up to the number, earlier numbers included: "占全年预算4.5万元的"."""
    head = sentence.text[: m.key[-1] - sentence.start]
    return re.split(r"[，；：。（）]", head)[-1]


def _is_growth(m: Mention, words: str) -> bool:
    return bool(m.change) or (bool(_GROWTH.search(words)) and not _RATE_NAME.search(words))


# ---- shares -----------------------------------------------------------------------------------------------------


def _share(m: Mention, whole: str, sentence: Sentence, before: Sequence[Sentence], reading: Reading) -> Iterator[Check]:
    earlier = [x for x in sentence.mentions[: m.index] if x.dimension != "ratio"]
    inside = [
        x
        for x in earlier
        if x.key[-1] - sentence.start
        >= len(sentence.text[: m.key[-1] - sentence.start]) - len(_own_clause(m, sentence))
    ]
    if inside and "占" in inside[-1].clause:  # "占全年预算 4.5 万元的"
        under = inside[-1]
        parts = [x for x in earlier if x.key < under.key and x.dimension == under.dimension]
        if parts:
            yield _ratio_check("percent_of", m, parts[-1], under)
        return
    part = _nearest_part(earlier, m)
    if part is None:
        yield _unbound("percent_of", m, "未找到占比的分子")
        return
    name = re.sub(r"^(?:本年|当年|全年|年度)|(?:的|比|比重|比例)+$", "", whole)
    pool = _pool(sentence, before, part)
    named = [x for x in pool if name and _names(x.label, name)] or (
        _named_in_facts(name, part, reading) if name else []
    )
    named = [x for x in named if x.key != part.key]
    if (zero := _only_value(named)) is not None and zero.quantity.base == 0:
        yield _zero_base(m, zero)
        return
    candidates = named or pool
    for under in candidates:
        if _fits(m, part, under):
            yield _ratio_check("percent_of", m, part, under)
            return
    for under in pool:
        if _fits(m, part, under):
            yield _ratio_check("percent_of", m, part, under)
            return
    flat = _only_value(named)
    if flat is not None:
        proven = flat.key[0] == m.key[0] or len(named) > 1
        yield _ratio_check("percent_of", m, part, flat, Verdict.INCONSISTENT if proven else Verdict.SUSPICIOUS)
    elif not name and (common := _whole_of_siblings(m, part, sentence, before)) is not None:
        yield _ratio_check("percent_of", m, part, common, Verdict.INCONSISTENT)
    else:
        yield _unbound("percent_of", m, f"未找到“{name or '总数'}”的数值")


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


def _likeness(label: str, name: str) -> int:
    """3: the label ends with the name as printed, 2: alike without words of basis, 1: one ends with the other, 0: no."""
    if len(name) >= 2 and label.endswith(name):
        return 3
    a, b = _BASIS.sub("", label), _BASIS.sub("", name)
    if not a or not b:
        return 0
    if a == b:
        return 2
    return 1 if a.endswith(b) or (b.endswith(a) and len(a) >= 4) else 0


def _names(label: str, name: str) -> bool:
    return _likeness(label, name) > 0


def _best_named(pool: Sequence[Mention], name: str) -> list[Mention]:
    """The numbers whose label is most like the name."""
    best = max((_likeness(x.label, name) for x in pool), default=0)
    return [x for x in pool if best and _likeness(x.label, name) == best]


def _named_in_facts(name: str, part: Mention, reading: Reading) -> list[Mention]:
    """Numbers elsewhere in the document that carry the name of the whole: the same section first."""
    found = [
        x
        for s in reading.sentences
        for x in s.mentions
        if x.dimension == part.dimension and not x.change and not x.previous and _names(x.label, name)
    ]
    return found[:12]


def _only_value(candidates: Sequence[Mention]) -> Mention | None:
    values = {x.quantity.base for x in candidates}
    return candidates[0] if len(values) == 1 else None


def _whole_of_siblings(m: Mention, part: Mention, sentence: Sentence, before: Sequence[Sentence]) -> Mention | None:
    """The whole that the other shares of the same list are shares of: "…，占 60%；…，占 40%"."""
    shares = [
        x
        for s in (*before[-2:], sentence)
        for x in s.mentions
        if x.dimension == "ratio" and x.key != m.key and "占" in x.clause
    ]
    for share in shares:
        row = [
            x
            for s in (*before[-2:], sentence)
            for x in s.mentions
            if x.key < share.key and x.dimension == part.dimension
        ]
        if not row or row[-1].key == part.key:
            continue
        for whole in _pool(sentence, before, part):
            if whole.key != row[-1].key and _fits(share, row[-1], whole, strict=True):
                return whole
    return None


# ---- growth -----------------------------------------------------------------------------------------------------


def _growth(m: Mention, sentence: Sentence, before: Sequence[Sentence]) -> Iterator[Check]:
    words = _own_clause(m, sentence)
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
    last = [x for x in sentence.mentions[: m.index] if x.previous and x.dimension != "ratio"]
    if (ends := _from_to(m, delta, sentence)) is not None:
        yield _between(m, *ends, sign)
        return
    named = _named_base(words, sentence.mentions[: m.index])
    if delta is not None:
        yield from _growth_from_change(m, delta, sign, sentence, before)
    elif named is not None:
        yield from _growth_from_last_year(m, named, sign, sentence)
    elif last:
        yield from _growth_from_last_year(m, last[-1], sign, sentence)
    else:
        yield _unbound("growth", m, "上年数未给出")


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


def _from_to(m: Mention, delta: Mention | None, sentence: Sentence) -> tuple[Mention, Mention] | None:
    """ "由 a 提高到 b，(提高 c，)增长 p%": both ends are told."""
    stop = delta.index if delta is not None else m.index
    if stop < 2:
        return None
    a, b = sentence.mentions[stop - 2], sentence.mentions[stop - 1]
    told = re.search(r"(?:由|从)[^，。；]*$", a.lead) and re.search(r"(?:到|至|为)了?$", b.lead) and len(b.lead) < 14
    return (a, b) if told and a.dimension == b.dimension and a.dimension not in ("ratio", "") and a.quantity.base else None


def _between(m: Mention, a: Mention, b: Mention, sign: int) -> Check:
    rate = (b.range - a.range) / a.range
    return compared("growth", m, rate if sign > 0 else -rate, [b, a], f"({b.quantity.raw}-{a.quantity.raw})/{a.quantity.raw}", name=m.label)


def _growth_from_change(
    m: Mention, delta: Mention, sign: int, sentence: Sentence, before: Sequence[Sentence]
) -> Iterator[Check]:
    own = [x for x in reversed(sentence.mentions[: delta.index]) if _is_level(x, delta)]
    piece = sentence.start + sentence.text.rfind("；", 0, delta.key[-1] - sentence.start)
    own = [x for x in own if x.key[-1] > piece] or own
    back = [x for s in reversed(before[-2:]) for x in reversed(s.mentions) if _is_level(x, delta)]
    candidates = (own + back)[: 3 * NEAR]
    bases = [(x, _base_of(x, delta, own, sentence)) for x in candidates]
    for now, base in bases:
        if base is not None and judge(m.quantity, _signed(delta, base, m, sign)) in (
            Verdict.CONSISTENT,
            Verdict.ROUNDING,
        ):
            yield _growth_check(m, now, delta, base, sign)
            return
    if (
        own
        and own[0].quantity.base == delta.quantity.base
        and delta.change > 0
        and m.quantity.value == 100
        and _no_named_base(delta)
    ):
        yield _zero_base(m, own[0], "全部现值都是增加额，上年为零")
        return
    levels = own or back
    first = _only_value(levels[:4]) or (own[0] if own else None)
    if first is None:
        yield _unbound("growth", m, "未找到本年数")
        return
    base = _base_of(first, delta, own, sentence)
    if base is None:
        yield _unbound("growth", m, "基数为零或未找到")
        return
    proven = len({x.quantity.base for x in levels[:4]}) == 1 or not _no_named_base(delta)
    yield _growth_check(m, first, delta, base, sign, Verdict.INCONSISTENT if proven else Verdict.SUSPICIOUS)


def _no_named_base(delta: Mention) -> bool:
    return not re.search(r"[比较](?!上年|去年|上一年|同期|20\d\d年)[^，比较]{2,14}?(?:增|减|多|少)", delta.clause)


def _base_of(now: Mention, delta: Mention, own: Sequence[Mention], sentence: Sentence) -> Range | None:
    """What the change starts from: a named base ("比年初预算数减少"), else the present value without the change."""
    named = re.search(
        r"[比较](?!上年|去年|上一年|同期)(?P<base>[^，比较]{2,14}?)(?:相比)?(?:增|减|下降|上升|提高|降低|多|少|节)",
        delta.clause,
    )
    if named:
        hits = [x for x in own if _names(x.label, named["base"]) or named["base"] in x.label]
        if hits:
            return hits[0].range
    base = now.range - delta.range if delta.change > 0 else now.range + delta.range
    return base if base.low > 0 else None


def _is_level(x: Mention, delta: Mention) -> bool:
    return x.dimension == delta.dimension and not x.change and not x.previous and "占" not in x.clause


def _signed(delta: Mention, base: Range, m: Mention, sign: int) -> Range:
    rate = delta.range / base
    return rate if m.quantity.value >= 0 or (sign > 0 and delta.change > 0) else -rate


def _growth_check(
    m: Mention, now: Mention, delta: Mention, base: Range, sign: int, verdict: Verdict | None = None
) -> Check:
    computed = _signed(delta, base, m, sign)
    shown = now.quantity.printed(base, max(now.quantity.decimals, delta.quantity.decimals))
    name = f"{now.label}变动率" if now.label else "变动率"
    if verdict is Verdict.INCONSISTENT and delta.change and m.change and delta.change != m.change:
        return compared(
            "growth",
            m,
            computed,
            [now, delta],
            f"{delta.quantity.raw}/{shown}",
            name=name,
            verdict=verdict,
            cause="增减方向前后不一",
        )
    return compared("growth", m, computed, [now, delta], f"{delta.quantity.raw}/{shown}", name=name, verdict=verdict)


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
            yield _zero_base(m, last)
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
    yield _unbound("growth", m, "未找到本年数")


# ---- completion and named rates ---------------------------------------------------------------------------------


def _completion(m: Mention, sentence: Sentence, before: Sequence[Sentence]) -> Iterator[Check]:
    initial = "年初" in _own_clause(m, sentence)
    kind = "completion_rate" if initial else "execution_rate"
    pair = _budget_and_final(m, sentence, initial) or _budget_and_final_nearby(m, sentence, before, initial)
    if pair is None:
        yield _unbound(kind, m, "未找到预算数或决算数")
        return
    final, budget, same = pair
    if budget.quantity.base == 0:
        yield _zero_base(m, budget)
        return
    fits = _fits(m, final, budget)
    yield _ratio_check(kind, m, final, budget, None if fits or same else Verdict.SUSPICIOUS)


def _budget_and_final(m: Mention, sentence: Sentence, initial: bool) -> tuple[Mention, Mention, bool] | None:
    amounts = [
        x for x in sentence.mentions[: m.index] if x.dimension not in ("ratio", "") and not x.change and not x.previous
    ]
    budgets = [x for x in amounts if _BUDGET.search(x.clause) and not re.search(r"追加|调增|决算", x.clause)]
    if initial:
        budgets = [x for x in budgets if "年初" in x.clause] or budgets
    elif len(budgets) > 1:
        budgets = [x for x in budgets if "年初" not in x.clause] or budgets
    finals = [x for x in amounts if x not in budgets and x.depth <= m.depth]
    finals = [x for x in finals if _FINAL.search(x.clause)] or finals
    if not budgets or not finals or finals[-1].dimension != budgets[-1].dimension:
        return None
    final, budget = finals[-1], budgets[-1]
    part = _segment(final, sentence)  # a part of a list has a budget of its own, or none that is printed
    if budget.key[-1] < part <= final.key[-1] and not _fits(m, final, budget):
        return None
    return final, budget, True


def _segment(m: Mention, sentence: Sentence) -> int:
    """Where the piece of the sentence that a number stands in begins: behind 其中, and behind a semicolon of its list."""
    text = sentence.text[: m.key[-1] - sentence.start]
    listed = text.rfind("其中")
    return sentence.start + max(listed, text.rfind("；", max(listed, 0)) if listed >= 0 else -1)


def _budget_and_final_nearby(
    m: Mention, sentence: Sentence, before: Sequence[Sentence], initial: bool
) -> tuple[Mention, Mention, bool] | None:
    pool = [
        x
        for s in (*before[-2:], sentence)
        for x in s.mentions
        if x.key < m.key and x.dimension not in ("ratio", "") and not x.change
    ]
    for budget in reversed([x for x in pool if _BUDGET.search(x.clause)]):
        for final in reversed(
            [x for x in pool if x is not budget and x.dimension == budget.dimension and not _BUDGET.search(x.clause)]
        ):
            if _fits(m, final, budget):
                return final, budget, False
    return None


def _named_rate(
    m: Mention, words: str, sentence: Sentence, before: Sequence[Sentence], reading: Reading
) -> Iterator[Check]:
    if _TARGET.search(words) and not re.search(r"实际|达到|完成", words):
        return
    kind = _kind_of_rate(m.label or words)
    name = m.label or words
    expected = _expected_pair(m, kind, sentence, before)
    if expected is not None and _fits(m, expected.over, expected.under):
        yield _ratio_check(kind, m, expected.over, expected.under)
        return
    around = [
        x
        for s in (*before[-3:], sentence)
        for x in s.mentions
        if x.dimension not in ("ratio", "", "score", "months", "days")
    ]
    fit = _fitting_pair(m, around)
    if expected is not None and expected.explicit:
        cause = f"{fit.over.quantity.raw}/{fit.under.quantity.raw}恰为{m.quantity.raw}，疑分子或分母取错" if fit else ""
        yield _ratio_check(kind, m, expected.over, expected.under, Verdict.INCONSISTENT, cause)
    elif fit is not None and kind != "percent_of":
        yield _ratio_check(kind, m, fit.over, fit.under)
    else:
        yield _unbound(kind, m, f"未找到计算“{name}”所需的数")


def _kind_of_rate(label: str) -> str:
    if "执行率" in label or "完成率" in label or "使用率" in label or "支出率" in label:
        return "execution_rate"
    return "control_rate" if "控制率" in label else "percent_of"


def _expected_pair(m: Mention, kind: str, sentence: Sentence, before: Sequence[Sentence]) -> Pair | None:
    """Numerator and denominator by their words, in the sentence (explicit) or in the paragraph."""
    if "结余率" in m.label:
        return _balance_pair(m, sentence, before)
    if (told := _subject_pair(m, kind, sentence, before)) is not None:
        return told
    if kind not in ("execution_rate", "control_rate") or re.search(r"预算控制率|调整率|变动率", m.label):
        return None
    budget_final = _budget_and_final(m, sentence, initial=False)
    if budget_final is None:
        return None
    final, budget, _ = budget_final
    level = [x for x in sentence.mentions[: m.index] if x.dimension == final.dimension and not x.change]
    level = [x for x in level if not re.search(r"追加|调增|结转|压减|结余", x.clause)]
    scopes = {s for s in _SCOPES if s in m.label}
    clear = len({x.quantity.base for x in level if not _BUDGET.search(x.clause)}) == 1 or len(level) == 2
    return Pair(final, budget, clear and all(s in sentence.text for s in scopes), kind)


def _subject_pair(m: Mention, kind: str, sentence: Sentence, before: Sequence[Sentence]) -> Pair | None:
    """ "三公经费控制率" is of the numbers that are called 三公经费, where both are printed."""
    subject = re.sub(r"(?:预算|支出|收入)*(?:控制率|执行率|完成率|使用率)$|^(?:实际|全年|本年)", "", m.label)
    if len(subject) < 3 or kind not in ("execution_rate", "control_rate"):
        return None
    pool = [x for s in (*before[-2:], sentence) for x in s.mentions if x.key < m.key and x.dimension == "money" and subject in x.label and not x.change]
    budgets = [x for x in pool if _BUDGET.search(x.label) and not re.search(r"追加|年初", x.label)]
    finals = [x for x in pool if x not in budgets and re.search(r"支出|决算|执行|实际", x.label)]
    one = len({x.quantity.base for x in budgets}) == len({x.quantity.base for x in finals}) == 1
    return Pair(finals[-1], budgets[-1], True, kind) if one else None


def _balance_pair(m: Mention, sentence: Sentence, before: Sequence[Sentence]) -> Pair | None:
    pool = [
        x for s in (*before, sentence) for x in s.mentions if x.key < m.key and x.dimension == "money" and not x.change
    ]
    balances = [x for x in pool if re.search(r"结余|亏损|缺口|赤字", x.label)]
    if not balances:
        return None
    over = balances[-1]
    special = [s for s in ("统筹", "个人账户", "个人帐户") if s in (m.label + over.label)]
    incomes = [x for x in pool if "收入" in x.label and all(s in x.label for s in special)]
    incomes = incomes if special else [x for x in incomes if not re.search(r"统筹|个人", x.label)]
    if not incomes:
        return None
    return Pair(over, incomes[-1], len({x.quantity.base for x in incomes}) == 1, "percent_of")


def _fitting_pair(m: Mention, around: Sequence[Mention]) -> Pair | None:
    """Any two numbers nearby that give the rate. A coincidence is unlikely at two printed decimals; below that, none is tried."""
    if m.quantity.decimals < 1 or len(around) > 40:
        return None
    for over in reversed(around):
        for under in reversed(around):
            if over is not under and over.dimension == under.dimension and _fits(m, over, under, strict=True):
                return Pair(over, under)
    return None


def _fits(m: Mention, over: Mention, under: Mention, *, strict: bool = False) -> bool:
    try:
        computed = over.range / under.range
    except ZeroDivisionError:
        return False
    allowed = (Verdict.CONSISTENT,) if strict else (Verdict.CONSISTENT, Verdict.ROUNDING)
    loss = m.quantity.value < 0
    return judge(m.quantity, -computed if loss and computed.value > 0 else computed) in allowed


def _ratio_check(
    kind: str, m: Mention, over: Mention, under: Mention, verdict: Verdict | None = None, cause: str = ""
) -> Check:
    try:
        computed = over.range / under.range
    except ZeroDivisionError:
        return _zero_base(m, under)
    if m.quantity.value < 0 < computed.value:
        computed = -computed
    if verdict is not None and judge(m.quantity, computed) is not Verdict.INCONSISTENT:
        verdict = None
    severity = Severity.WARNING if verdict is Verdict.SUSPICIOUS else None
    formula = f"{over.quantity.raw}/{under.quantity.raw}"
    name = m.label if not m.label.startswith("占") else f"{over.label}占比"
    return compared(
        kind, m, computed, [over, under], formula, name=name, verdict=verdict, severity=severity, cause=cause
    )


def _zero_base(m: Mention, base: Mention, why: str = "") -> Check:
    if m.quantity.value == 0:
        message = f"基数（{base.label}{base.quantity.raw}）为零，百分比没有意义，宜不填"
        return Check(
            "zero_base", Verdict.SUSPICIOUS, m.evidence, m.quantity.raw, "不填百分比", message, "", (base.evidence,), None,
            None, (base.operand,), group=f"zero_base:{m.evidence.place.file}",
        )  # fmt: skip
    message = f"{why or f'基数（{base.label}{base.quantity.raw}）为零'}，不应计算百分比，文中为{m.quantity.raw}"
    return Check(
        "zero_base",
        Verdict.INCONSISTENT,
        m.evidence,
        m.quantity.raw,
        "不填百分比",
        message,
        "",
        (base.evidence,),
        None,
        m.operand,
        (base.operand,),
    )


def _unbound(kind: str, m: Mention, reason: str) -> Check:
    return Check(kind, Verdict.UNCHECKABLE, m.evidence, m.quantity.raw, None, f"{m.label}{m.quantity.raw}：{reason}")

"""Percentages in prose, each recomputed from the numbers it speaks of: shares, growth, completion and named rates.

How surely a rate is tied to its operands decides how loud a difference is. Operands named in the rate's own sentence
prove an error; operands found by looking around confirm a rate, but a difference only says that nothing fits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yibao.proofread.checks.carried import opens
from yibao.proofread.checks.differences import CUMULATIVE
from yibao.proofread.checks.growth import check_growth
from yibao.proofread.checks.ratio import fits, own_clause, ratio_check, unbound, zero_base
from yibao.proofread.checks.shares import check_share
from yibao.proofread.findings import Check, Verdict
from yibao.proofread.part_year import part_of_year
from yibao.proofread.prose import Mention, Sentence
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
    words = own_clause(m, sentence)
    if m.quantity.operator in ("≥", "≤") or "%" in words[-4:]:
        return
    share = _SHARE.search(words)
    if _COMPLETION.search(words):
        yield from _completion(m, sentence, before)
    elif share:
        yield from check_share(m, share["whole"], sentence, before, reading)
    elif _is_growth(m, words):
        yield from check_growth(m, sentence, before)
    elif _RATE_NAME.search(m.label) or _RATE_NAME.search(words.rstrip("为是达到约")):
        yield from _named_rate(m, words, sentence, before, reading)


def _is_growth(m: Mention, words: str) -> bool:
    return bool(m.change) or (bool(_GROWTH.search(words)) and not _RATE_NAME.search(words))


def _completion(m: Mention, sentence: Sentence, before: Sequence[Sentence]) -> Iterator[Check]:
    initial = "年初" in own_clause(m, sentence)
    kind = "completion_rate" if initial else "execution_rate"
    pair = _budget_and_final(m, sentence, initial) or _budget_and_final_nearby(m, sentence, before, initial)
    if pair is None:
        yield unbound(kind, m, "未找到预算数或决算数")
        return
    final, budget, same = pair
    if budget.quantity.base == 0:
        yield zero_base(m, budget)
        return
    sure = same or fits(m, final, budget)
    yield ratio_check(kind, m, final, budget, None if sure else Verdict.SUSPICIOUS)


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
    if budget.key[-1] < part <= final.key[-1] and not fits(m, final, budget):
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
            if fits(m, final, budget):
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
    if expected is not None and fits(m, expected.over, expected.under):
        yield ratio_check(kind, m, expected.over, expected.under)
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
        yield ratio_check(kind, m, expected.over, expected.under, Verdict.INCONSISTENT, cause)
    elif fit is not None and kind != "percent_of":
        yield ratio_check(kind, m, fit.over, fit.under)
    else:
        yield unbound(kind, m, f"未找到计算“{name}”所需的数")


def _kind_of_rate(label: str) -> str:
    if "执行率" in label or "完成率" in label or "使用率" in label or "支出率" in label:
        return "execution_rate"
    return "control_rate" if "控制率" in label else "percent_of"


def _expected_pair(m: Mention, kind: str, sentence: Sentence, before: Sequence[Sentence]) -> Pair | None:
    """Numerator and denominator by their words, in the sentence (explicit) or in the paragraph."""
    if "结余率" in m.label and "结转" not in m.label:
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
    pool = [
        x
        for s in (*before[-2:], sentence)
        for x in s.mentions
        if x.key < m.key and x.dimension == "money" and subject in x.label and not x.change
    ]
    budgets = [x for x in pool if _BUDGET.search(x.label) and not re.search(r"追加|年初", x.label)]
    finals = [x for x in pool if x not in budgets and re.search(r"支出|决算|执行|实际", x.label)]
    one = len({x.quantity.base for x in budgets}) == len({x.quantity.base for x in finals}) == 1
    return Pair(finals[-1], budgets[-1], True, kind) if one else None


def _balance_pair(m: Mention, sentence: Sentence, before: Sequence[Sentence]) -> Pair | None:
    pool = [
        x for s in (*before, sentence) for x in s.mentions if x.key < m.key and x.dimension == "money" and not x.change
    ]
    months = part_of_year(m, sentence)
    pool = [x for x in pool if part_of_year(x, sentence) == months]
    balances = [x for x in pool if re.search(r"结余|亏损|缺口|赤字", x.label)]
    if "累计" not in m.label:
        balances = [x for x in balances if not CUMULATIVE.search(x.clause) and not opens(x)]
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
            if over is not under and over.dimension == under.dimension and fits(m, over, under, strict=True):
                return Pair(over, under)
    return None

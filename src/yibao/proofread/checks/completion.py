"""How much of a budget, a plan or a task is done: "完成年初预算的 98%" (kinds completion_rate, execution_rate)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from yibao.proofread.checks.ratio import behind, fits, own_clause, ratio_check, together, unbound, zero_base
from yibao.proofread.findings import Check, Verdict
from yibao.proofread.prose import Mention, Sentence
from yibao.proofread.reading import Reading

BUDGET = re.compile(r"预算|安排|下达|指标|计划|应|任务|调整(?:为|后|到|至)")
NO_BUDGET = re.compile(
    r"追加|调增|决算|预算(?:执行|完成)(?:数|额|金额)?(?:为|了|共)?$"
)  #: "预算执行 686.7 万元" is spent
_ARRIVED = re.compile(r"到位")  #: what has arrived is the whole of what is spent, and a part of what was granted
_OF_ARRIVED = re.compile(r"使用率|支出率|执行率|拨付率")
_ADDED = re.compile(r"追加|调增")
_WHOLE_YEAR = re.compile(r"全年|调整")
_FINAL = re.compile(r"决算|执行|支出|实际|使用|完成|支付|到位|结算|收入")
_STATED_BASE = re.compile(
    r"(?:完成|为|达到|达|是)(?:了)?(?!.*占)[^，；：。]{0,8}(?:预算|计划|目标|任务)(?:数|额|收入|支出)?$"
)


def stated_base(m: Mention, sentence: Sentence) -> Mention | None:
    """The budget inside the clause: "完成年初预算 20000 万元的 102.5%"."""
    if m.index == 0 or not re.fullmatch(r"的(?:比例为?)?", m.lead):
        return None
    base = sentence.mentions[m.index - 1]
    return base if _STATED_BASE.search(base.clause) and base.dimension not in ("ratio", "") else None


def check_completion(m: Mention, sentence: Sentence, before: Sequence[Sentence], reading: Reading) -> Iterator[Check]:
    initial = "年初" in own_clause(m, sentence)
    kind = "completion_rate" if initial else "execution_rate"
    pair = (
        _of_stated_base(m, sentence)
        or _told_behind(m, sentence)
        or budget_and_final(m, sentence, initial)
        or _budget_and_final_nearby(m, sentence, before, initial)
        or _budget_in_tables(m, sentence, reading, initial)
    )
    if pair is None:
        yield unbound(kind, m, "未找到预算数或决算数")
        return
    final, budget, same = pair
    if budget.quantity.base == 0:
        yield zero_base(m, budget)
        return
    sure = same or fits(m, final, budget)
    yield ratio_check(kind, m, final, budget, None if sure else Verdict.SUSPICIOUS)


def _of_stated_base(m: Mention, sentence: Sentence) -> tuple[Mention, Mention, bool] | None:
    base = stated_base(m, sentence)
    if base is None or base.index == 0:
        return None
    final = sentence.mentions[base.index - 1]
    return (final, base, True) if final.dimension == base.dimension and not final.change else None


def _told_behind(m: Mention, sentence: Sentence) -> tuple[Mention, Mention, bool] | None:
    """ "支出 1.12 亿元，为预算的 18.36%（年度预算 6.10 亿元）": the budget stands in the bracket behind."""
    amounts = [x for x in sentence.mentions[: m.index] if x.dimension == "money" and not x.change and not x.previous]
    told = [x for x in behind(m, sentence) if x.dimension == "money" and BUDGET.search(x.clause)]
    return (amounts[-1], told[0], True) if amounts and len(told) == 1 else None


def _of_another_rate(budget: Mention, m: Mention, sentence: Sentence) -> bool:
    """ "收入完成预算 7.52 亿元的 25.4%；支出为预算的 18.36%": that budget is the base of the rate behind it."""
    after = sentence.mentions[budget.index + 1 : budget.index + 2]
    return bool(after) and after[0] is not m and stated_base(after[0], sentence) is budget


def budget_and_final(m: Mention, sentence: Sentence, initial: bool) -> tuple[Mention, Mention, bool] | None:
    amounts = [
        x for x in sentence.mentions[: m.index] if x.dimension not in ("ratio", "") and not x.change and not x.previous
    ]
    budgets = [x for x in amounts if BUDGET.search(x.clause) and not NO_BUDGET.search(x.clause)]
    named = list(budgets)
    budgets = [x for x in budgets if not _of_another_rate(x, m, sentence)]
    if not budgets and _OF_ARRIVED.search(m.label):
        budgets = [x for x in amounts if _ARRIVED.search(x.clause)]
    if initial:
        budgets = [x for x in budgets if "年初" in x.clause] or budgets
    elif len(budgets) > 1:
        budgets = [x for x in budgets if "年初" not in x.clause] or budgets
    finals = [x for x in amounts if x not in (*budgets, *named) and x.depth <= m.depth]
    finals = [x for x in finals if _FINAL.search(x.clause)] or finals
    if not budgets or not finals or finals[-1].dimension != budgets[-1].dimension:
        return None
    final, budget = finals[-1], budgets[-1]
    added = [x for x in sentence.mentions[: m.index] if _ADDED.search(x.clause) and x.dimension == budget.dimension]
    if added and not initial and "年初" in budget.clause:  # the whole year's budget is printed in two parts
        whole = together([budget, *added])
        said = _WHOLE_YEAR.search(own_clause(m, sentence)) is not None
        return (final, whole, said) if said or fits(m, final, whole) else (final, budget, False)
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
    for budget in reversed([x for x in pool if BUDGET.search(x.clause)]):
        for final in reversed(
            [x for x in pool if x is not budget and x.dimension == budget.dimension and not BUDGET.search(x.clause)]
        ):
            if fits(m, final, budget):
                return final, budget, False
    return None


def _budget_in_tables(
    m: Mention, sentence: Sentence, reading: Reading, initial: bool
) -> tuple[Mention, Mention, bool] | None:
    """The final right before the rate, and the budget of the same figure where one table alone prints it."""
    final = sentence.mentions[m.index - 1] if m.index else None
    named = reading.fact_at(final.key) if final is not None else None
    if final is None or named is None or named.basis != "final":
        return None
    wanted = ("initial", "budget") if initial else ("budget", "adjusted")
    printed = [
        f
        for f in reading.facts
        if f.source == "table" and f.figure == named.figure and f.basis in wanted and f.year in (None, named.year)
    ]
    finals = [f for f in reading.facts if f.source == "table" and f.figure == named.figure and f.basis == "final"]
    if len({f.quantity.base for f in printed}) != 1 or final.quantity.base not in {f.quantity.base for f in finals}:
        return None
    budget = printed[0].quantity
    shown = replace(budget, raw=budget.raw if budget.unit is None else f"{budget.value}{budget.unit.symbol}")
    return final, replace(final, quantity=shown, evidence=printed[0].evidence, key=printed[0].key), True

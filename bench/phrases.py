"""Turns of phrase that every province's papers share; each declares the relations it states."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bench.marked import Draft, value_of
from bench.ties import alike, direction, growth, listed, ratio, total

UP_REASONS = ["新增信息系统运维任务", "人员调入和工资标准调整", "上级追加专项补助", "年中新安排经办能力建设经费"]
DOWN_REASONS = ["压减一般性开支", "部分合同尾款结转下年支付", "人员调出", "严控接待和会议活动"]


def reason(d: Draft, up: bool) -> str:
    return d.rng.choice(UP_REASONS if up else DOWN_REASONS)


def change(
    d: Draft,
    now: str,
    now_yuan: Decimal,
    last_yuan: Decimal,
    why: bool = True,
    against: str = "",
    second: bool = True,
) -> str:
    """, 与上年相比，减少12.00万元，下降3.10%，主要原因是……"""
    against = against or d.rng.choice(["与上年相比", "与上年度相比", "比上年", "较上年"])
    amount = d.money(abs(now_yuan - last_yuan))
    if not value_of(d.marks[amount[0]].text):
        return f"{against}持平"
    up = now_yuan > last_yuan
    first = d.word("增加" if up else "减少")
    text = f"{against}{'，' if against.endswith('比') else ''}{first}{amount}"
    if second:
        word = d.word(d.rng.choice(["增长", "增加"] if up else ["下降", "减少"]))
        rate = d.percent(abs(now_yuan - last_yuan) / last_yuan * 100)
        d.tie(growth("growth", rate, now, amount, first), alike([first, word]))
        text += d.rng.choice(["，{}{}", "，{}{}", "，{}{}", "（{}{}）"]).format(word, rate)
    return text + (f"，主要原因是{reason(d, up)}" if why else "")


def shares(d: Draft, whole: str, whole_yuan: Decimal, parts: Sequence[tuple[str, Decimal, str]], joint: str = "", stated: str = "",
           exhaustive: bool = True) -> str:  # fmt: skip
    """甲60.00万元，占60.00%；乙40.00万元，占40.00%: parts that add up, each with its share of the whole."""
    joint, stated = joint or d.rng.choice(["；", "；", "，"]), stated or d.rng.choice(["占{}", "占{}", "占比{}"])
    printed, said = [], []
    for label, yuan, key in parts:
        amount = d.money(yuan, key)
        rate = d.percent(yuan / whole_yuan * 100)
        d.tie(ratio("percent_of", rate, amount, whole))
        printed.append(amount)
        said.append(f"{label}{amount}，{stated.format(rate)}")
    if exhaustive:
        d.tie(total("sum", whole, printed))
    return joint.join(said)


def parts(d: Draft, whole: str, named: Sequence[tuple[str, Decimal, str]], joint: str = "，") -> str:
    """甲60.00万元，乙40.00万元: parts that add up."""
    printed = [(label, d.money(yuan, key)) for label, yuan, key in named]
    d.tie(total("sum", whole, [amount for _, amount in printed]))
    return joint.join(label + amount for label, amount in printed)


def completion(d: Draft, budget: str, spent: str, budget_yuan: Decimal, spent_yuan: Decimal, said: str = "") -> str:
    rate = d.percent(spent_yuan / budget_yuan * 100)
    d.tie(ratio("completion_rate", rate, spent, budget))
    return (said or d.rng.choice(["完成年初预算的{}", "完成年初预算的{}", "完成年初预算{}"])).format(rate)


def against_budget(d: Draft, budget: str, spent: str, budget_yuan: Decimal, spent_yuan: Decimal, name: str = "决算数", base: str = "年初预算数",
                   close: str = "的主要原因是") -> str:  # fmt: skip
    """决算数小于年初预算数的主要原因是……: judged on what is printed."""
    if d.marks[budget[0]].text == d.marks[spent[0]].text:
        return f"{name}等于{base}"
    up = spent_yuan > budget_yuan
    word = d.word("大于" if up else "小于")
    d.tie(direction(word, spent, budget))
    return f"{name}{word}{base}{close}{reason(d, up)}"


def counted_list(
    d: Draft, n_names: Sequence[str], unit: str, before: str = "", colon: str = "：", chinese: bool = False
) -> str:
    """设3个科室：甲、乙、丙."""
    number = d.count(len(n_names), chinese=chinese)
    text, marks = d.items(list(n_names))
    d.tie(listed(number, marks, value_of))
    return f"{before}{number}{unit}{colon}{text}"


def people(
    d: Draft, whole: tuple[str, int, str], named: Sequence[tuple[str, int, str]], unit: str, joint: str = "、"
) -> str:
    """核定编制31名，其中行政编制9名、事业编制22名."""
    label, n, key = whole
    every = d.people(n, key)
    printed = [(name, d.people(m, k)) for name, m, k in named]
    d.tie(total("sum", every, [mark for _, mark in printed]))
    return f"{label}{every}{unit}，其中" + joint.join(f"{name}{mark}{unit}" for name, mark in printed)

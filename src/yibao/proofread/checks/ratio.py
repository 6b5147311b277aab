"""One rate over two printed numbers: does it fit, and the check that says so. Used by shares, growth and named rates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from yibao.proofread.checks.compare import compared, printed_sum
from yibao.proofread.findings import Check, Severity, Verdict
from yibao.proofread.prose import Mention, Sentence
from yibao.proofread.quantity import judge, round_half_up, total

_BASIS = re.compile(
    r"年初|预算|决算|实际|全年|本年|当年|支出数|安排数|数|额|总|合计|财政拨款|年末|年底|共|全市|全县|全区|本部门|我局|我单位|市|县|区|:|的|资金|人数"
)


_MEASURE = re.compile(r"(?:支出|金额?|费用|资金)+$")  #: 政府采购金额 and 政府采购支出总额 are one


def own_clause(m: Mention, sentence: Sentence) -> str:
    """The clause up to the number, earlier numbers included: "占全年预算4.5万元的"."""
    head = sentence.text[: m.key[-1] - sentence.start]
    return re.split(r"[，；：。（）]", head)[-1]


def behind(m: Mention, sentence: Sentence) -> list[Mention]:
    """The numbers in the bracket right behind a rate: "征缴率 99.17%（应缴 1.20 亿元，实缴 1.19 亿元）"."""
    if not m.tail.startswith("（"):
        return []
    out: list[Mention] = []
    for x in sentence.mentions[m.index + 1 :]:
        if x.depth <= m.depth:
            break
        out.append(x)
    return out


def together(parts: Sequence[Mention]) -> Mention:
    """The parts of a list as one number, which is printed nowhere."""
    q = parts[0].quantity
    whole = total([x.range for x in parts]).value / q.factor
    decimals = max(x.quantity.decimals for x in parts)
    text = f"（{printed_sum([x.quantity for x in parts])}）"
    summed = replace(q, value=round_half_up(whole, decimals), decimals=decimals, raw=text)
    return replace(parts[0], label="合计", quantity=summed, key=(*parts[0].key, 0))


def likeness(label: str, name: str) -> int:
    """3: the label ends with the name as printed, 2: alike without words of basis, 1: one ends with the other, 0: no."""
    if len(name) >= 2 and label.endswith(name):
        return 3
    if "总" in name:  # "占总支出": a total, not one kind of expense
        kind = name.replace("总", "")[-2:]
        if kind and kind in label:
            return 3 if re.search(r"总|合计", label) else 1
    a, b = _BASIS.sub("", label), _BASIS.sub("", name)
    if not a or not b:
        return 0
    if a == b or (len(a) >= 4 and _MEASURE.sub("", b) == _MEASURE.sub("", a)):
        return 2
    return 1 if a.endswith(b) or (b.endswith(a) and len(a) >= 4) else 0


def names_whole(label: str, name: str) -> bool:
    return likeness(label, name) > 0


def only_value(candidates: Sequence[Mention]) -> Mention | None:
    values = {x.quantity.base for x in candidates}
    return candidates[0] if len(values) == 1 else None


def fits(m: Mention, over: Mention, under: Mention, *, strict: bool = False) -> bool:
    try:
        computed = over.range / under.range
    except ZeroDivisionError:
        return False
    allowed = (Verdict.CONSISTENT,) if strict else (Verdict.CONSISTENT, Verdict.ROUNDING)
    loss = m.quantity.value < 0
    return judge(m.quantity, -computed if loss and computed.value > 0 else computed) in allowed


def ratio_check(
    kind: str, m: Mention, over: Mention, under: Mention, verdict: Verdict | None = None, cause: str = ""
) -> Check:
    try:
        computed = over.range / under.range
    except ZeroDivisionError:
        return zero_base(m, under)
    if m.quantity.value < 0 < computed.value:
        computed = -computed
    if verdict is not None and judge(m.quantity, computed) is not Verdict.INCONSISTENT:
        verdict = None
    severity = Severity.WARNING if verdict is Verdict.SUSPICIOUS else None
    formula = f"{over.quantity.raw}/{under.quantity.raw}"
    name = m.label
    if len(name) < 2 or name.startswith(("占", "分别占")) or name.endswith("的"):  # "完成预算的 98%"
        name = f"{over.label}完成比例" if kind in ("completion_rate", "execution_rate") else f"{over.label}占比"
    return compared(
        kind, m, computed, [over, under], formula, name=name, verdict=verdict, severity=severity, cause=cause
    )


def zero_base(m: Mention, base: Mention, why: str = "") -> Check:
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


def unbound(kind: str, m: Mention, reason: str) -> Check:
    return Check(kind, Verdict.UNCHECKABLE, m.evidence, m.quantity.raw, None, f"{m.label}{m.quantity.raw}：{reason}")

"""The relations of table cells as checks: a total and its parts, a rate and its operands, one number printed twice.

Every function returns a check also when the relation holds, and `None` where nothing is printed that could be compared.
Blanks follow one rule: a blank part counts as zero beside a filled one; a lone total proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from yibao.proofread.findings import Check, Evidence, Severity, Verdict
from yibao.proofread.forms.grid import Number
from yibao.proofread.parameters import sum_cap
from yibao.proofread.quantity import (
    ONE,
    SCARCELY_ROUNDED,
    Quantity,
    Range,
    judge,
    round_half_up,
    total,
    within_rounding,
)
from yibao.vocabulary.units import UNITS, Unit


def add_up(
    kind: str, target: Number | None, parts: Sequence[Number | None], subject: str, *, group: str = ""
) -> Check | None:
    """target = Σ parts. `subject` names the relation for the reader: "三公经费（2025年决算数）"."""
    return combine(kind, target, [(1, part) for part in parts], subject, group=group)


def combine(
    kind: str, target: Number | None, terms: Sequence[tuple[int, Number | None]], subject: str, *, group: str = ""
) -> Check | None:
    """target = Σ sign × part: sums, differences, opening + flow."""
    filled = [(sign, part) for sign, part in terms if part is not None]
    if target is None:
        return None
    if not filled:
        return uncheckable(kind, target, f"{subject}：各分项均为空，无法核对合计")
    numbers = same_unit([target, *(part for _, part in filled)])
    if numbers is None:
        return uncheckable(kind, target, f"{subject}：单位不一，无法相加")
    target, operands = numbers[0], numbers[1:]
    computed = total(
        [p.quantity.range if sign > 0 else -p.quantity.range for (sign, _), p in zip(filled, operands, strict=True)]
    )
    verdict = judge(target.quantity, computed, sum_cap=sum_cap(len(operands)))
    formula = _formula([(sign, p) for (sign, _), p in zip(filled, operands, strict=True)])
    check = compared(kind, target, computed, verdict, f"{subject}：{formula}", operands, group=group)
    if verdict is Verdict.INCONSISTENT and within_rounding(target.quantity, computed):
        return replace(check, severity=Severity.WARNING, cause=check.cause or SCARCELY_ROUNDED)
    return check


def at_most(kind: str, whole: Number | None, parts: Sequence[Number | None], subject: str) -> Check | None:
    """Σ parts ≤ whole: 其中 rows, a part beside its whole."""
    filled = [part for part in parts if part is not None]
    if whole is None or not filled:
        return None
    numbers = same_unit([whole, *filled])
    if numbers is None:
        return uncheckable(kind, whole, f"{subject}：单位不一，无法比较")
    whole, operands = numbers[0], numbers[1:]
    computed = total([p.quantity.range for p in operands])
    holds = computed.low <= whole.quantity.range.high
    formula = _formula([(1, p) for p in operands])
    verdict = Verdict.CONSISTENT if holds else Verdict.INCONSISTENT
    sum_ = formula if len(operands) == 1 else f"{formula}={whole.quantity.printed(computed)}"
    message = f"{subject}：其中项{sum_}{'不超过' if holds else '超过'}总数{whole.printed}"
    return Check(
        kind,
        verdict,
        whole.evidence,
        whole.printed,
        None if holds else f"≥{whole.quantity.printed(computed)}",
        message,
        related=related_to(whole, operands),
        target=whole.operand,
        operands=tuple(p.operand for p in operands),
    )


def same(kind: str, stated: Number | None, other: Number | None, subject: str, *, group: str = "") -> Check | None:
    """One figure printed twice. Equal at the coarser precision is consistent; one last digit off is a warning."""
    if stated is None or other is None:
        return None
    numbers = same_unit([stated, other])
    if numbers is None:
        return uncheckable(kind, stated, f"{subject}：单位不一，无法比较")
    stated, other = numbers
    verdict = agreement(stated.quantity, other.quantity)
    slightly = abs(stated.value - other.value) <= max(stated.quantity.step, other.quantity.step)
    formula = f"{subject}：{other.label}为{other.printed}"
    check = compared(kind, stated, other.quantity.range, verdict, formula, [other], group=group)
    said = "一致" if verdict is Verdict.CONSISTENT else f"此处为{stated.printed}"
    check = replace(check, message=f"{formula}，{said}")
    if verdict is Verdict.INCONSISTENT and slightly and not stated.quantity.exact:
        return replace(check, severity=Severity.WARNING, cause="末位相差1，可能由元换算万元引起")
    return check


def agreement(a: Quantity, b: Quantity) -> Verdict:
    """Do two printed numbers tell the same value? Rounding where the finer one rounds to the coarser one."""
    if a.base == b.base:
        return Verdict.CONSISTENT
    coarse, fine = (a, b) if a.step >= b.step else (b, a)
    if a.step == b.step and not (a.approx or b.approx):
        return Verdict.INCONSISTENT
    return judge(coarse, fine.range)


def rate(
    kind: str,
    stated: Number | None,
    part: Number | None,
    whole: Number | None,
    subject: str,
    *,
    growth: bool = False,
    group: str = "",
) -> Check | None:
    """stated = part / whole, or their growth (part - whole) / whole; without a sign, percent or fraction."""
    if stated is None or part is None or whole is None:
        return None
    numbers = same_unit([part, whole])
    if numbers is None:
        return uncheckable(kind, stated, f"{subject}：分子分母单位不一，无法核对")
    part, whole = numbers
    formula = f"{subject}：{part.printed}÷{whole.printed}"
    if whole.value == 0:
        return _on_nothing(stated, part, whole, subject)
    if whole.quantity.range.low <= 0:
        return uncheckable(kind, stated, f"{subject}：分母不是正数，比率无从核对")
    computed = part.quantity.range / whole.quantity.range
    if growth:
        computed, formula = computed - ONE, f"{subject}：({part.printed}-{_term(whole)})÷{whole.printed}"
    percent = in_percent(stated, computed.value)
    return compared(kind, percent, computed, judge(percent.quantity, computed), formula, [part, whole], group=group)


def in_percent(stated: Number, expected: Decimal) -> Number:
    """A rate without a sign: read as percent or as a fraction, whichever lies nearer to what it should be."""
    q = stated.quantity
    if q.unit is not None:
        return stated
    percent = abs(q.value / 100 - expected) <= abs(q.value - expected)
    unit = UNITS["%"] if percent else None
    return replace(stated, quantity=replace(q, unit=unit))


def _on_nothing(stated: Number, part: Number, whole: Number, subject: str) -> Check:
    """A percentage of zero: 0% is let pass as filler, anything else has no base."""
    operands = (part.operand, whole.operand)
    if stated.value == 0 and part.value == 0:
        return uncheckable("zero_base", stated, f"{subject}：分母为0，比率无意义")
    return Check(
        "zero_base",
        Verdict.INCONSISTENT,
        stated.evidence,
        stated.printed,
        None,
        f"{subject}：分母为0，不能得出{stated.printed}",
        severity=Severity.WARNING,
        related=(whole.evidence,),
        target=stated.operand,
        operands=operands,
    )


def compared(
    kind: str,
    stated: Number,
    computed: Range,
    verdict: Verdict,
    formula: str,
    operands: Iterable[Number],
    *,
    group: str = "",
) -> Check:
    """A check of a printed number against a computed one, with the sentence that says so."""
    operands = tuple(operands)
    expected = stated.quantity.printed(computed)
    computes = any(sign in formula.rpartition("：")[2] for sign in "+-÷×")
    shown = f"{formula}={expected}" if computes else formula
    message = f"{shown}，一致" if verdict is Verdict.CONSISTENT else f"{shown}，此处为{stated.printed}"
    wrong = verdict is Verdict.INCONSISTENT
    return Check(
        kind,
        verdict,
        stated.evidence,
        stated.printed,
        expected,
        message,
        slip(stated.quantity.value, computed.value / stated.quantity.factor) if wrong else "",
        related=related_to(stated, operands),
        target=stated.operand,
        operands=tuple(o.operand for o in operands),
        group=group,
    )


def related_to(stated: Number, operands: Iterable[Number]) -> tuple[Evidence, ...]:
    """The rows that the operands stand in, each once, without the row of the check itself."""
    rows = {o.key[:2]: o.evidence for o in reversed(list(operands)) if o.key[:2] != stated.key[:2]}
    return tuple(rows[key] for key in sorted(rows))


def uncheckable(kind: str, stated: Number, reason: str) -> Check:
    return Check(kind, Verdict.UNCHECKABLE, stated.evidence, stated.printed, None, reason, target=stated.operand)


def same_unit(numbers: Sequence[Number]) -> list[Number] | None:
    """Numbers that may be added: bare ones take the one unit of the others; None where dimensions differ."""
    known = {n.quantity.unit.symbol: n.quantity.unit for n in numbers if n.quantity.unit is not None}
    if len({u.dimension for u in known.values()}) > 1:
        return None
    if not known or all(n.quantity.unit is not None for n in numbers):
        return list(numbers)
    if len({u.factor for u in known.values()}) > 1:
        return None
    unit = next(iter(known.values()))
    return [with_unit(n, unit) for n in numbers]


def with_unit(number: Number, unit: Unit) -> Number:
    """A number in the given unit where it was printed without one."""
    if number.quantity.unit is not None:
        return number
    return replace(number, quantity=replace(number.quantity, unit=unit))


def slip(stated: Decimal, expected: Decimal) -> str:
    """The likely slip of the pen between two values, "" where none suggests itself.

    >>> slip(Decimal("20092.71"), Decimal("2092.71")), slip(Decimal("45.3"), Decimal("54.3"))
    ('疑多录一位数字', '疑相邻两位数字颠倒')
    """
    if stated == 0 or expected == 0:
        return ""
    for power in (-8, -4, -3, -2, -1, 1, 2, 3, 4, 8):
        if stated == expected.scaleb(power):
            return "疑单位写错（元与万元、万元与亿元）" if power in (-8, -4, 4, 8) else "疑小数点错位"
    if stated == -expected:
        return "疑正负号写反"
    places = max(0, -int(stated.as_tuple().exponent))
    a = str(abs(stated)).replace(".", "")
    b = str(round_half_up(abs(expected), places)).replace(".", "")
    if len(a) == len(b) + 1 and any(a[:i] + a[i + 1 :] == b for i in range(len(a))):
        return "疑多录一位数字"
    if len(b) == len(a) + 1 and any(b[:i] + b[i + 1 :] == a for i in range(len(b))):
        return "疑少录一位数字"
    different = [i for i in range(len(a)) if a[i] != b[i]] if len(a) == len(b) else []
    if (
        len(different) == 2
        and different[1] == different[0] + 1
        and a[different[0]] == b[different[1]]
        and a[different[1]] == b[different[0]]
    ):
        return "疑相邻两位数字颠倒"
    return "疑一位数字录入有误" if len(different) == 1 and len(a) >= 3 else ""


def trusted(checks: Sequence[Check], sure: bool) -> tuple[Check, ...]:
    """Checks of a table whose grid was guessed prove an error only where the others show that the grid is right.

    A cell that was lost with its blank shifts what stands beside it, so that a slip of the keyboard must also be likely.
    """
    if sure:
        return tuple(checks)
    held = sum(c.verdict is Verdict.CONSISTENT and len(c.operands) > 1 for c in checks)
    failed = sum(c.verdict is Verdict.INCONSISTENT for c in checks)
    right, surely = held >= max(3, 2 * failed), held >= max(6, 6 * failed)
    return tuple(c if surely or (right and c.cause) else c.doubted("表格对齐不确定") for c in checks)


def _formula(terms: Sequence[tuple[int, Number]]) -> str:
    text = "".join(("+" if sign > 0 else "-") + _term(p) for sign, p in terms)
    return text.removeprefix("+")


def _term(number: Number) -> str:
    return f"({number.printed})" if number.quantity.value < 0 else number.printed

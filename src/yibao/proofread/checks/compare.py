"""One comparison, told in one way: what is stated, what its own operands give, and why they may differ."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol

from yibao.proofread.findings import Check, Evidence, Operand, Severity, Verdict
from yibao.proofread.parameters import sum_cap
from yibao.proofread.quantity import (
    SCARCELY_ROUNDED,
    Quantity,
    Range,
    finest_step,
    judge,
    round_half_up,
    within_rounding,
)

MANY = 3  #: of so many rounded parts one unit of the last place may be lost


class Printed(Protocol):
    """A printed number with its place: a mention in prose or a fact of a table."""

    @property
    def quantity(self) -> Quantity: ...
    @property
    def evidence(self) -> Evidence: ...
    @property
    def operand(self) -> Operand: ...


def compared(
    kind: str,
    stated: Printed,
    computed: Range,
    operands: Sequence[Printed],
    formula: str,
    *,
    name: str = "",
    verdict: Verdict | None = None,
    severity: Severity | None = None,
    cause: str = "",
    summed: bool = False,
    places: int | None = None,
    group: str = "",
) -> Check:
    """The check that `stated` equals `computed`, where `formula` prints the computation ("23.92+19.50")."""
    q = stated.quantity
    found = verdict or (sum_verdict(q, computed, [o.quantity for o in operands]) if summed else judge(q, computed))
    expected = q.printed(computed, places)
    subject = f"{name}：" if name else ""
    if found is Verdict.CONSISTENT:
        message = f"{subject}{formula}={expected}，与所述{q.raw}一致"
    elif found is Verdict.ROUNDING:
        message = f"{subject}{formula}={q.printed(computed, q.decimals + 2)}，所述为{q.raw}，差在四舍五入或截尾之内"
    elif found is Verdict.UNCHECKABLE:
        message = f"{subject}按{formula}得{expected}，与所述{q.raw}不同，但文中未说明口径，无法判定"
    else:
        message = f"{subject}{formula}={expected}，文中为{q.raw}"
        cause = cause or _likely_slip(q, computed)
        if summed and found is Verdict.INCONSISTENT and within_rounding(q, computed):
            severity, cause = severity or Severity.WARNING, cause or SCARCELY_ROUNDED
    related = tuple(o.evidence for o in operands if o.evidence != stated.evidence)
    return Check(
        kind, found, stated.evidence, q.raw, expected, message, cause, related[:12], severity,
        stated.operand, tuple(o.operand for o in operands), group,
    )  # fmt: skip


def sum_verdict(stated: Quantity, computed: Range, operands: Sequence[Quantity]) -> Verdict:
    """Whether a sum or a difference of printed amounts agrees with what is stated (guide §7.5 (3))."""
    cap = max(sum_cap(len(operands)), len(operands) // MANY)
    return judge(stated, computed, sum_cap=cap, finest=finest_step(stated, operands))


def _likely_slip(q: Quantity, computed: Range) -> str:
    """In a small count one digit is the whole number: it says nothing about the keyboard."""
    if q.exact and q.value < 100 and computed.exact:
        return "疑漏列、多列或数目未改"
    return slip(q, round_half_up(computed.value / q.factor, q.decimals) * q.factor)


def printed_sum(parts: Sequence[Quantity], signs: Sequence[int] | None = None) -> str:
    """
    >>> from yibao.proofread.quantity import parse
    >>> printed_sum([parse("23.92万人"), parse("19.50万人")])
    '23.92万人+19.50万人'
    """
    out = ""
    for i, q in enumerate(parts):
        negative = signs is not None and signs[i] < 0
        out += ("-" if negative else "+" if out else "") + q.raw
    return out


def slip(printed: Quantity, required: Decimal) -> str:
    """The likely slip that turns the required value into the printed one, "" if none is recognised.

    >>> from yibao.proofread.quantity import parse
    >>> slip(parse("20092.71万元"), Decimal("20927100"))
    '疑多输一位数字'
    """
    ours = required / printed.factor
    if ours <= 0 or printed.value <= 0:
        return "疑正负号写反" if ours == -printed.value != 0 else ""
    if printed.value == ours * 10000 or printed.value * 10000 == ours:
        return "疑单位（元/万元）写错"
    places = max(printed.decimals, -_exponent(ours))
    a, b = f"{printed.value:.{places}f}", f"{ours:.{places}f}"
    if len(a) == len(b):
        different = [i for i in range(len(a)) if a[i] != b[i]]
        if len(different) == 1:
            return "疑一位数字录入错误"
        if len(different) == 2 and sorted(a) == sorted(b) and different[1] - different[0] <= 2:
            return "疑两位数字颠倒"
    if len(a) == len(b) + 1 and any(a[:i] + a[i + 1 :] == b for i in range(len(a))):
        return "疑多输一位数字"
    if len(b) == len(a) + 1 and any(b[:i] + b[i + 1 :] == a for i in range(len(b))):
        return "疑漏输一位数字"
    ratio = printed.value / ours
    if ratio in (Decimal(10), Decimal(100), Decimal("0.1"), Decimal("0.01")):
        return "疑小数点错位"
    return ""


def _exponent(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def digits(q: Quantity) -> int:
    """How many significant digits a number has, zeros at its end left out: a slip in a long number is hardly a coincidence."""
    return len(q.value.normalize().as_tuple().digits)

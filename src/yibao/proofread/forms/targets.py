"""An indicator's target and completion: what was promised, what was reached, the score that follows (guide §2.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import cast

from yibao.proofread.norm import normalise
from yibao.proofread.quantity import Quantity, parse, quantities
from yibao.region.scoring import Operator, ScoringRule
from yibao.vocabulary.units import UNITS

MAX_TEXT = 300  #: characters of a target or completion that are searched for numbers

_RANGE = re.compile(r"(\d+(?:\.\d+)?)([^\d\-~至.]{0,4})[-~至](\d+(?:\.\d+)?)([^\d]{0,4})")
_OPERATOR_WORDS = {
    "≥": "≥", ">=": "≥", "大于等于": "≥", "不少于": "≥",
    "不低于": "≥", "正向": "≥",
    "≤": "≤", "<=": "≤", "小于等于": "≤", "不超过": "≤", "不高于": "≤",
    "反向": "≤",
    ">": ">", "大于": ">", "<": "<", "小于": "<", "=": "=", "等于": "=",
}  # fmt: skip
_AT_LEAST, _AT_MOST = ("以上", "余", "多", "超过"), ("以内", "以下")
_SCALES = ("万", "亿")  #: bare multipliers: 354.84万 may be persons
_DATES = ("年", "月", "日", "年度")


@dataclass(frozen=True, slots=True)
class Target:
    """`low` and `high` are the bounds that must hold; `sure` where sign and number are printed plainly."""

    operator: str
    low: Quantity
    high: Quantity
    sure: bool


@dataclass(frozen=True, slots=True)
class Actual:
    """`bound` where only a limit is printed (≥90%); `sure` where the cell is the number alone."""

    quantity: Quantity
    bound: bool
    sure: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """Target and completion on one scale."""

    operator: str
    low: Decimal
    high: Decimal
    actual: Decimal
    sure: bool

    @property
    def met(self) -> bool:
        a = self.actual
        return {
            "≥": a >= self.low, ">": a > self.low, "≤": a <= self.high, "<": a < self.high, "=": a == self.low,
            "range": self.low <= a <= self.high,
        }[self.operator]  # fmt: skip

    @property
    def over(self) -> Decimal:
        """(a - t) / t: how far a ≥ target is beaten."""
        return (self.actual - self.low) / self.low if self.low > 0 and self.operator in ("≥", ">") else Decimal(0)

    def due(self, weight: Decimal, rule: ScoringRule) -> Decimal | None:
        """The marks that the rule gives; None for a target of zero."""
        if self.operator == "range":
            return rule.range_score(self.low, self.high, self.actual, weight)
        return rule.score(cast(Operator, self.operator), self.low, self.actual, weight)


def read_target(text: str, operator: str = "", unit: str = "", direction: str = "") -> Target | None:
    """The number that a target cell promises; None for qualitative targets and deadlines.

    `direction` is what a target without sign means, "" where nobody knows: then ≥ is a guess.

    >>> t = read_target("≥354.84万"); t.operator, str(t.low.value), t.sure
    ('≥', '354.84', True)
    >>> read_target("2031年12月底前") is None, read_target("稳步推进") is None
    (True, True)
    """
    clean = _words(text)
    m = _RANGE.fullmatch(clean)
    if m is not None and (bounds := _bounds(m)) is not None:
        return Target("range", *bounds, True)
    column_sign = _OPERATOR_WORDS.get(normalise(operator[:10]).text.removesuffix("指标"), "")
    q, sure = parse(clean), True
    if q is None:
        signed = [found for found in quantities(clean) if found.operator or found.approx in (*_AT_LEAST, *_AT_MOST)]
        q, sure = (signed[0], False) if len(signed) == 1 else (None, False)
    if q is None or _is_date(q, clean):
        return None
    q = _with_unit(q, unit)
    sign = q.operator or column_sign or _sign_after(q)
    if sign:
        return Target(sign, q, q, sure)
    return Target(direction or "≥", q, q, sure and bool(direction))


def _words(text: str) -> str:
    return normalise(text[:MAX_TEXT]).text.replace(">=", "≥").replace("<=", "≤")


def _bounds(m: re.Match[str]) -> tuple[Quantity, Quantity] | None:
    high = parse(m[3] + m[4])
    low = parse(m[1] + (m[2] or m[4]))
    if low is None or high is None or low.dimension != high.dimension or low.base > high.base or _is_date(high, m[0]):
        return None
    return low, high


def _sign_after(q: Quantity) -> str:
    return "≥" if q.approx in _AT_LEAST else "≤" if q.approx in _AT_MOST else ""


def _is_date(q: Quantity, text: str) -> bool:
    symbol = q.unit.symbol if q.unit else ""
    if symbol in _DATES and re.search(r"[年月日].{0,4}(?:前|底|内)|\d{1,2}月|(?:19|20)\d{2}年", text):
        return True
    return not symbol and q.decimals == 0 and 1990 <= q.value <= 2100


def _with_unit(q: Quantity, unit: str) -> Quantity:
    known = UNITS.get(normalise(unit[:10]).text)
    return replace(q, unit=known) if q.unit is None and known is not None else q


def read_actual(text: str, target: Target, unit: str = "") -> Actual | None:
    """The completion to compare with a target: the cell itself, or the one number of the target's kind in its text."""
    clean = _words(text)
    q, sure = parse(clean), True
    if q is None:
        alike = [f for f in quantities(clean) if f.unit is not None and f.dimension == target.low.dimension]
        q, sure = (alike[0], False) if len(alike) == 1 and not _is_date(alike[0], clean) else (None, False)
    if q is None:
        return None
    return Actual(_with_unit(q, unit), bool(q.operator or _sign_after(q)), sure)


def outcome(target: Target, actual: Actual) -> Outcome | None:
    """Target beside completion; None where the units cannot be compared."""
    low, a = _comparable(target.low, actual.quantity)
    high, _ = _comparable(target.high, actual.quantity)
    if low is None or high is None or a is None:
        return None
    return Outcome(target.operator, low, high, a, target.sure and actual.sure)


def _comparable(t: Quantity, a: Quantity) -> tuple[Decimal, Decimal] | tuple[None, None]:
    """Both values on one scale; a number without unit takes the other's; 万 and 万人 are one scale."""
    if t.dimension == a.dimension:
        return t.base, a.base
    if t.unit is None:
        return t.value * a.factor, a.base
    if a.unit is None:
        fraction = t.dimension == "ratio" and a.value <= 1 < t.value  # 0.95 beside ≥90%
        return t.base, a.value if fraction else a.value * t.factor
    if t.unit.symbol in _SCALES or a.unit.symbol in _SCALES:
        return t.base, a.base
    return None, None

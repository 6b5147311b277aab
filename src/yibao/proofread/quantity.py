"""Printed numbers: value, unit, printed precision, and the interval of what they can mean (guide §7.2, §7.5).

A number that was rounded for printing stands for an interval; a count or a score stands for itself. `Range`
(vocabulary/intervals) carries both through the arithmetic, `judge` compares what a document states with what its own numbers give.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal, InvalidOperation

from yibao.proofread.findings import Verdict
from yibao.proofread.parameters import convention
from yibao.vocabulary.intervals import HALF as HALF
from yibao.vocabulary.intervals import ONE as ONE
from yibao.vocabulary.intervals import ZERO as ZERO
from yibao.vocabulary.intervals import Range as Range
from yibao.vocabulary.intervals import round_half_up as round_half_up
from yibao.vocabulary.intervals import rounded
from yibao.vocabulary.intervals import total as total
from yibao.vocabulary.units import UNITS, Unit

SCARCELY_ROUNDED = "差额超出通常的四舍五入，请按元核对"  #: less than all roundings one way, more than is likely
MAX_DIGITS = 18  #: longer digit runs are codes or account numbers, not quantities


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as printed. `start:end` is its span (unit included) in the text it was read from."""

    value: Decimal
    unit: Unit | None
    decimals: int
    raw: str
    start: int = 0
    end: int = 0
    approx: str = ""  #: 余, 多, 约, 近, 左右, 以上 …
    operator: str = ""  #: ≥ ≤ > < =
    number_end: int = 0  #: where the digits end, before the unit

    @property
    def dimension(self) -> str:
        return self.unit.dimension if self.unit else ""

    @property
    def bounds(self) -> bool:
        """A limit that a value must keep, and no value: ≥90%, 不超过45人, 95%以上."""
        return self.operator in ("≥", "≤", ">", "<") or self.approx in ("以上", "以下", "以内")

    @property
    def exact(self) -> bool:
        """Counts, scores and bare integers are exact; money in 万元, percentages and 万人 are rounded."""
        if self.approx:
            return False
        if self.unit is None:
            return self.decimals == 0
        return self.unit.exact

    @property
    def step(self) -> Decimal:
        """One unit of the last printed place, in the unit's base (1997.21万元 → 100 元)."""
        return Decimal(1).scaleb(-self.decimals) * self.factor

    @property
    def half(self) -> Decimal:
        """Half a unit of the last printed place in base units, 0 for exact numbers."""
        return Decimal(0) if self.exact else self.step * HALF

    @property
    def factor(self) -> Decimal:
        return self.unit.factor if self.unit else Decimal(1)

    @property
    def base(self) -> Decimal:
        """The value in base units: 元, 人, a fraction for %, 分."""
        return self.value * self.factor

    @property
    def range(self) -> Range:
        return _range(self)

    def printed(self, base: Decimal | Range, places: int | None = None) -> str:
        """`base` printed in this quantity's unit and precision, half up.

        >>> parse("11.43%").printed(Decimal("0.120894"))
        '12.09%'
        """
        value = base.value if isinstance(base, Range) else base
        n = self.decimals if places is None else places
        return f"{round_half_up(value / self.factor, n)}{self.unit.symbol if self.unit else ''}"


def _range(q: Quantity) -> Range:
    """What a printed number can stand for, in base units."""
    if q.exact:
        return Range.number(q.base)
    if q.approx in ("余", "多"):
        return Range(q.base, q.base, q.base + _last_digit_step(q))
    if q.approx in ("以上", "超过", "超"):
        return Range(q.base, q.base, q.base * 10)
    if q.approx:
        slack = q.base * convention("approx_tolerance")
        return Range(q.base, q.base - slack, q.base + slack)
    return Range.printed(q.base, q.step)


def judge(stated: Quantity, computed: Range, *, sum_cap: int | None = None, finest: Decimal | None = None) -> Verdict:
    """Does the printed number agree with what its operands give? consistent, rounding or inconsistent.

    Equal at the printed precision is consistent. Otherwise the intervals decide, never for counts and scores, and for
    sums of money within `sum_cap` units of the last printed place: of the place that the most precise operand in the same
    unit prints (`finest`), since offices drop trailing zeros. Truncation counts as rounding. Guide §7.5.
    """
    value = computed.value / stated.factor
    if stated.exact and computed.exact:
        return Verdict.CONSISTENT if value == stated.value else Verdict.INCONSISTENT
    if round_half_up(value, stated.decimals) == stated.value:
        return Verdict.CONSISTENT
    if stated.approx:
        own = stated.range
        return Verdict.CONSISTENT if own.low <= computed.high and computed.low <= own.high else Verdict.INCONSISTENT
    if rounded(abs(value), stated.decimals, ROUND_FLOOR) == abs(stated.value) and value * stated.value > 0:
        return Verdict.ROUNDING
    step = stated.step if finest is None else finest
    if within_rounding(stated, computed) and (sum_cap is None or abs(computed.value - stated.base) <= sum_cap * step):
        return Verdict.ROUNDING
    return Verdict.INCONSISTENT


def within_rounding(stated: Quantity, computed: Range) -> bool:
    """Can the rounding of the printed numbers alone make up the difference? Beyond, something is wrong for certain."""
    if stated.exact and computed.exact:
        return stated.base == computed.value
    half = stated.step * HALF
    return stated.base - half <= computed.high and computed.low <= stated.base + half


def finest_step(stated: Quantity, operands: Sequence[Quantity]) -> Decimal:
    """The step by which a sum can be off, in base units: the smallest in the unit of `stated`, or that of a coarser unit."""
    coarser = [q.step for q in operands if q.factor > stated.factor]
    return (
        sum(coarser, Decimal(0)) if coarser else min(q.step for q in (stated, *operands) if q.factor >= stated.factor)
    )


def _last_digit_step(q: Quantity) -> Decimal:
    """One unit of the last non-zero digit: 80余条 → [80, 90), 6808.94余 → [.94, .95)."""
    digits = q.value.normalize()
    exponent = digits.as_tuple().exponent
    return Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0) * q.factor


_NUMBER = r"(?<![\d.A-Za-z])(?P<sign>[-+])?(?P<digits>\d+(?:\.\d+)?)"
_UNIT_ALTERNATIVES = "|".join(sorted((re.escape(u) for u in UNITS), key=len, reverse=True))
_QUANTITY = re.compile(
    r"(?P<pre>约|近|超过|超|不足|不少于|不低于|不超过|大于等于|小于等于|大于|小于|高于|低于|达到|≥|≤|>|<|=|》|《)?"
    + _NUMBER
    + r"(?P<approx>余|多|几)?(?:\u2423)?"
    + rf"(?P<unit>{_UNIT_ALTERNATIVES})?"
    + r"(?P<post>余|多(?=[，。；、）]|$)|左右|以上|以内|以下)?"
)
_OPERATORS = {
    "≥": "≥", "》": "≥", "不少于": "≥", "不低于": "≥", "大于等于": "≥", "≤": "≤", "《": "≤", "不超过": "≤", "小于等于": "≤",
    ">": ">", "大于": ">", "高于": ">", "<": "<", "小于": "<", "低于": "<", "不足": "<", "=": "=",
}  # fmt: skip
_APPROX_BEFORE = {"约": "约", "近": "近", "超过": "超过", "超": "超过"}


def quantities(text: str) -> list[Quantity]:
    """All printed numbers of a normalised text, in order: also years, dates and ordinals, which the grammar sorts out.

    >>> [(str(q.value), q.unit.symbol) for q in quantities("共有编制60人，支出1997.21万元，占22.52%") if q.unit]
    [('60', '人'), ('1997.21', '万元'), ('22.52', '%')]
    """
    return [q for m in _QUANTITY.finditer(text) if (q := _from_match(m)) is not None]


def _from_match(m: re.Match[str]) -> Quantity | None:
    digits = m["digits"]
    if len(digits) > MAX_DIGITS:
        return None
    try:
        value = Decimal(digits)
    except InvalidOperation:  # pragma: no cover - the pattern admits digits only
        return None
    start = m.start("sign") if m["sign"] else m.start("digits")
    if m["sign"] == "-" and _is_dash(m):
        start = m.start("digits")
    elif m["sign"] == "-":
        value = -value
    pre = m["pre"] or ""
    approx = m["approx"] or m["post"] or _APPROX_BEFORE.get(pre, "")
    end = m.end("unit") if m["unit"] else m.end("digits")
    if m["approx"] and not m["unit"]:
        end = m.end("approx")
    decimals = len(digits.partition(".")[2])
    operator = _OPERATORS.get(pre, "")
    unit = UNITS.get(m["unit"]) if m["unit"] else None
    return Quantity(value, unit, decimals, m.string[start:end], start, end, approx, operator, m.end("digits"))


def _is_dash(m: re.Match[str]) -> bool:
    """A minus after a digit, a letter or a unit joins a range or a code ("0-3万", "2021-2025"), it is no sign."""
    before = m.string[m.start("sign") - 1] if m.start("sign") else ""
    return bool(before) and ((before.isascii() and before.isalnum()) or before in "%‰）-元人年月日家万亿号第")


_BLANKS = frozenset(("", "-", "--", "---", "/", "\\", "无", "×", "x", "X", "不适用"))


def parse(text: str, default: Unit | None = None) -> Quantity | None:
    """A table cell or a piece of text that is one number, with its own unit or `default`; None for blank, — and prose.

    >>> parse("1997.21万元").base
    Decimal('19972100.00')
    >>> parse("—") is None, parse("（5.2）").value
    (True, Decimal('-5.2'))
    """
    from yibao.proofread.norm import normalise

    clean = normalise(text).text
    if clean in _BLANKS:
        return None
    negative = re.fullmatch(r"（(\d+(?:\.\d+)?)）", clean)
    if negative:
        clean = "-" + negative[1]
    m = _QUANTITY.fullmatch(clean)
    q = _from_match(m) if m else None
    if q is None:
        return None
    if q.unit is None and default is not None:
        return Quantity(q.value, default, q.decimals, q.raw, q.start, q.end, q.approx, q.operator, q.number_end)
    return q


def is_blank(text: str) -> bool:
    """True for an empty cell and the marks that mean "not applicable"."""
    from yibao.proofread.norm import normalise

    return normalise(text).text in _BLANKS

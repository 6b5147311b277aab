"""A total and its parts as one check, and what a slip of the keyboard explains: shared by the modules on sums in prose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from yibao.proofread.checks.compare import compared, digits, printed_sum, slip
from yibao.proofread.findings import Check, Verdict
from yibao.proofread.prose import Mention, Sentence
from yibao.proofread.quantity import Range, total

STRONG_TOTAL = re.compile(r"(?:共计|合计|总计)(?:为|达|达到|是)?$")
MAX_PARTS = 40
MAX_LISTS = 20  #: lists of one sentence that are looked at
MOST_ROUNDED = 2  #: units of the last digit by which a sum of rounded parts is usually off, at most
FEW = 4  #: parts among which a slip that only nearly fits is no coincidence
SLIP_DIGITS = 4  #: from so many digits on, one differing digit is no coincidence


def can_head(m: Mention) -> bool:
    return m.dimension not in ("ratio", "months", "days", "") or (m.quantity.unit is None and m.quantity.decimals > 0)


def sum_check(
    head: Mention,
    parts: Sequence[Mention],
    signs: Sequence[int] | None = None,
    *,
    sentence: Sentence,
    verdict: Verdict | None = None,
    cause: str = "",
) -> Check:
    signs = signs or [1] * len(parts)
    head = _with_unit(head, parts[0])
    parts = [_with_unit(m, head) for m in parts]
    computed = total([m.range if s > 0 else -m.range for m, s in zip(parts, signs, strict=True)])
    kind = "sum" if all(s > 0 for s in signs) else "difference"
    formula = printed_sum([m.quantity for m in parts], signs)
    check = compared(kind, head, computed, parts, formula, name=head.label, verdict=verdict, cause=cause, summed=True)
    first, last = min((head, *parts), key=start_of), max((head, *parts), key=start_of)
    inside = (
        bool(sentence.mentions)
        and all(m.key[:-1] == sentence.mentions[0].key[:-1] for m in (first, last))
        and last.key[-1] < sentence.end
    )
    return replace(check, evidence=sentence.span(first, last)) if inside else check


def _with_unit(m: Mention, head: Mention) -> Mention:
    """A bare number inside a list takes the unit of its total: "（其中压减26.58，追加297.19）"."""
    if m.quantity.unit is None and head.quantity.unit is not None:
        return replace(m, quantity=replace(m.quantity, unit=head.quantity.unit))
    return m


def is_denominator(m: Mention) -> bool:
    """ "占全年预算 4.5 万元的 38.67%": 4.5 is what something is a share of."""
    return "占" in m.clause and m.tail.startswith(("的", "比"))


def start_of(m: Mention) -> int:
    return m.key[-1]


def is_before(m: Mention, at: int) -> bool:
    return start_of(m) < at


def explained_by_slip(head: Mention, parts: list[Mention], whole: Range) -> str:
    """The one slip of the keyboard that makes `parts` miss `head`, "" if none does.

    The sum of rounded parts may be off by a unit or two of its own, so its neighbours are tried as well.
    """
    for off in _rounded_away(head, parts):
        enough = SLIP_DIGITS + (off != 0)  # more trials, more coincidences
        if digits(head.quantity) >= enough and (found := slip(head.quantity, whole.value + off)):
            return found
        for part in parts:
            required = head.quantity.base - (whole.value - part.quantity.base) - off
            if required > 0 and digits(part.quantity) >= enough and (found := slip(part.quantity, required)):
                return f"{part.label or '分项'}{found}（应为{part.quantity.printed(required)}）"
    return ""


def _rounded_away(head: Mention, parts: Sequence[Mention]) -> list[Decimal]:
    """0 first, then what rounding alone can put between rounded amounts and their sum."""
    if not head.quantity.decimals or len(parts) > FEW:
        return [Decimal(0)]
    unit = 2 * head.quantity.half
    steps = range(1, min(len(parts), MOST_ROUNDED) + 1)
    return [Decimal(0), *(sign * n * unit for n in steps for sign in (1, -1))]

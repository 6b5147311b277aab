"""Costs held against the standard of a group, and parts of costs against the whole: in whole numbers, so that exactly three times is exactly that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING

import numpy as np

from yibao.dip.auxiliary.rules import SHARE_UNIT, Rules, ratio_bounds
from yibao.dip.numbered import Ints

if TYPE_CHECKING:
    from yibao.dip.auxiliary.facts import Flags

MOST = int(np.iinfo(np.int64).max)
#: level (kind, name) → lowest and highest cost in fen, by group
Edges = Mapping[tuple[str, str], tuple[Ints, Ints]]


def standard_of(rules: Rules, score: Decimal | None, mean_cost: Decimal | None) -> Fraction | None:
    """Fen, of a group with this score and mean cost (yuan); None where the pack does not say what the standard is made of."""
    if rules.standard == "score":
        found = None if score is None or rules.point_value is None else score * rules.point_value
    else:
        found = mean_cost
    return Fraction(found) * 100 if found else None


def edges_of(rules: Rules, standards: Sequence[Fraction | None]) -> Edges:
    """The costs within each level's multiple of the standards of groups; no cost is, where a group has none."""
    found: dict[tuple[str, str], tuple[Ints, Ints]] = {}
    for level in rules.levels:
        if level.cost_times:
            ends = [_whole(level.cost_times, standard) for standard in standards]
            low, high = (np.array(column, np.int64) for column in zip(*ends, strict=True))
            found[level.kind, level.level] = low, high
    return found


def _whole(text: str, standard: Fraction | None) -> tuple[int, int]:
    """The lowest and the highest whole number of fen.

    >>> _whole(">=3", Fraction(1001, 2)), _whole(">3", Fraction(500)), _whole("<3", Fraction(500))
    ((1502, 9223372036854775807), (1501, 9223372036854775807), (0, 1499))
    """
    if standard is None:
        return MOST, -1
    span = ratio_bounds(text)
    low, high = 0, MOST
    if span.low is not None:
        end = Fraction(span.low) * standard
        low = ceil(end) if span.low_included else floor(end) + 1
    if span.high is not None:
        end = Fraction(span.high) * standard
        high = floor(end) if span.high_included else ceil(end) - 1
    return min(low, MOST), min(high, MOST)


def within_share(text: str, part: Ints, whole: Ints) -> Flags:
    """Is part ÷ whole (not negative, up to 10¹⁴ fen) within the bound?"""
    span, parts = ratio_bounds(text), part * SHARE_UNIT
    holds: Flags = np.ones(len(part), bool)
    if span.low is not None:
        end = whole * int(span.low * SHARE_UNIT)
        holds &= parts >= end if span.low_included else parts > end
    if span.high is not None:
        end = whole * int(span.high * SHARE_UNIT)
        holds &= parts <= end if span.high_included else parts < end
    return holds

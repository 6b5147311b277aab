"""The formulas of DIP (guide dip §8.1, F1–F18), exact: Decimal in, Decimal out, no rounding; whoever pays rounds, and says where.

Money is in one unit throughout (yuan, or fen); scores are points. Nothing here has a default that a notice could change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from math import lcm
from typing import TypeVar

Name = TypeVar("Name", str, tuple[str, str])
THOUSAND = Decimal(1000)


def related_rise(base_mean: Decimal, with_related_mean: Decimal) -> Decimal:
    """By how much a related operation raises a group's mean cost: a group of its own from 10 % on (draft, table 3-3).

    >>> round(related_rise(Decimal(28033), Decimal(44003)), 4)
    Decimal('0.5697')
    """
    return with_related_mean / base_mean - 1


def mean_cost_scores(groups: Mapping[str, tuple[int, Decimal]]) -> dict[str, Decimal]:
    """F1, of one year: cases and mean cost by group → RW = mean / mean of all cases × 1000."""
    total = sum((count * mean for count, mean in groups.values()), Decimal(0))
    overall = total / sum(count for count, _ in groups.values())
    return {group: mean / overall * THOUSAND for group, (_, mean) in groups.items()}


def weighted_mean(years: Sequence[Decimal], weights: Sequence[Decimal]) -> Decimal:
    """A figure of three years put together, oldest first."""
    return sum((value * weight for value, weight in zip(years, weights, strict=True)), Decimal(0)) / sum(weights)


def base_disease_score(mean: Decimal, base_mean: Decimal) -> Decimal:
    """F2."""
    return mean / base_mean * THOUSAND


def quota_score(mean: Decimal, quota: Decimal) -> Decimal:
    """F3."""
    return mean / quota


def settlement_point_value(fund: Decimal, pay_ratio: Decimal, total_score: Decimal) -> Decimal:
    """F12.

    >>> settlement_point_value(Decimal("4.5e8"), Decimal("0.72"), Decimal("5e7"))
    Decimal('12.5')
    """
    return fund / pay_ratio / total_score


def due_less_patient_share(standard: Decimal, patient_share: Decimal) -> Decimal:
    """Pay base (b) of a case: what the score is worth, less what the patient bears, never below nothing (guide §9)."""
    return max(Decimal(0), standard - patient_share)


def special_case_cap(region_discharges: int, per_mille: Decimal | int) -> int:
    """特例单议: a share of the discharges of the region, not of a hospital (five: 医保发〔2025〕18号 art. 20)."""
    return int(region_discharges * per_mille / 1000)


def drg_points(group_mean: Decimal, region_mean: Decimal, incomplete_cost: Decimal | None = None) -> Decimal:
    """DRG 点数法 as 金华 counted it, to compare: mean of the group over that of the region × 100; an incomplete case by its cost, at most that.

    >>> drg_points(Decimal(12000), Decimal(8000)), drg_points(Decimal(12000), Decimal(8000), Decimal(6000))
    (Decimal('150.0'), Decimal('75.0'))
    """
    points = group_mean / region_mean * 100
    return points if incomplete_cost is None else min(points, points * incomplete_cost / group_mean)


def case_mix_index(groups: Sequence[tuple[Decimal, int]]) -> Decimal:
    """F17: scores and numbers of cases."""
    return sum((score * count for score, count in groups), Decimal(0)) / sum(count for _, count in groups)


def shared_out(fund: int, weights: Mapping[Name, Decimal] | Mapping[Name, int]) -> dict[Name, int]:
    """Whole fen that add up to the fund: largest remainders first, then by name (guide §9.1). ValueError without any weight.

    >>> shared_out(100, {"a": Decimal(1), "b": Decimal(1), "c": Decimal(1)})
    {'a': 34, 'b': 33, 'c': 33}
    """
    total = sum(weights.values(), Decimal(0))
    if fund < 0 or total <= 0 or any(weight < 0 for weight in weights.values()):
        raise ValueError("nothing to share, or nobody to share it with")
    ratios = {name: weight.as_integer_ratio() for name, weight in weights.items()}
    common = lcm(*(bottom for _, bottom in ratios.values()))
    whole = {name: top * (common // bottom) for name, (top, bottom) in ratios.items()}
    every = sum(whole.values())
    parts = {name: divmod(fund * weight, every) for name, weight in whole.items()}
    missing = fund - sum(part for part, _ in parts.values())
    first = set(sorted(parts, key=lambda name: (-parts[name][1], name))[:missing])
    return {name: part + (name in first) for name, (part, _) in parts.items()}

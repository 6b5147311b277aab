"""Formulas of payment that stand alone (guide dip §8.1, §9), exact: Decimal in, Decimal out, no rounding; whoever pays rounds, and says where.

Money is in one unit throughout (yuan, or fen); scores are points. Nothing here has a default that a notice could change. Each formula
stands once: scores and coefficients of a catalogue (F1–F5, F18) in build, points of a stay (F6–F10) in pay, indices (F17) in watch.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from math import lcm
from typing import TypeVar

Name = TypeVar("Name", str, tuple[str, str])


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

"""What a rule gives for one indicator: from target, result and weight, unrounded.

Numbers are compared in the unit of the indicator's 单位; a target may be a range (40-50), a day or, for 定性, words.
Errors: ValueError with a Chinese reason, without its place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from yibao.appraise.local_methods import points_of
from yibao.appraise.quotes import Quoting
from yibao.appraise.sheet import Indicator
from yibao.appraise.typed import Number
from yibao.periods import year_end
from yibao.region.formulas import FormulaVersion, variants
from yibao.region.packs import Pack
from yibao.region.scoring import Operator, ScoringRule

_RANGE = re.compile(r"(?P<low>[^-~～至]+)[-~～至](?P<high>[^-~～至]+)")
_BOUND = re.compile(r"^\s*[≥≤><＞＜]\s*")
_PERCENT = Decimal(100)


@dataclass(frozen=True, slots=True)
class Marks:
    """`low`–`high` is what the rule allows: one value for a number, a range for a 定性 tier, None where it is silent."""

    target: str
    actual: str
    low: Decimal | None
    high: Decimal | None
    over_target: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """The dated rules of a place."""

    region: Pack
    year: int
    scoring: ScoringRule


def marks_of(row: Indicator, quoting: Quoting, rules: Rules) -> Marks:
    """The marks that the rule gives to a row that carries weight."""
    weight = row.weight or Decimal(0)
    if row.method:
        points = points_of(row, quoting, rules.region)
        return Marks(
            quoting.text(row.target), quoting.text(row.actual), points, points, note=f"按{row.method}的办法计分"
        )
    if row.direction == "定性":
        return _qualitative(row, quoting, rules.scoring, weight)
    if row.direction == "期限":
        return _deadline(row, rules.scoring, weight)
    actual, note = _actual(row, quoting)
    if row.formula:
        return _by_formula(row, actual, rules, weight, quoting)
    if row.direction == "区间":
        return _range(row, actual, rules.scoring, weight, quoting)
    target = quoting.number(row.target, row.unit)
    _same_dimension(row, target, actual)
    operator: Operator = row.direction or "="
    score = rules.scoring.score(operator, target.base, actual.base, weight)
    if score is None:
        note = "目标不是正数，不能按比例计分"
    over = rules.scoring.over_target(target.base, actual.base)
    return Marks(f"{row.direction}{target.printed}", _shown(row, actual), score, score, over, note)


def _actual(row: Indicator, quoting: Quoting) -> tuple[Number, str]:
    """The result; a bound (≥90%) is compared as the value that it names."""
    bare = _BOUND.sub("", row.actual)
    return quoting.number(bare, row.unit), "完成值写成了范围，不是确数" if bare != row.actual else ""


def _shown(row: Indicator, actual: Number) -> str:
    bound = _BOUND.match(row.actual)
    return f"{bound.group().strip() if bound else ''}{actual.printed}"


def _same_dimension(row: Indicator, target: Number, actual: Number) -> None:
    if target.unit.dimension != actual.unit.dimension:
        raise ValueError(f"“{row.name}”的目标是 {target.printed}，实际是 {actual.printed}，单位不能相比")


def _range(row: Indicator, actual: Number, rule: ScoringRule, weight: Decimal, quoting: Quoting) -> Marks:
    ends = _RANGE.fullmatch(row.target)
    if ends is None:
        raise ValueError(f"“{row.name}”的目标“{row.target}”不是区间，应写成 40-50")
    low, high = (quoting.number(end.strip(), row.unit) for end in (ends["low"], ends["high"]))
    _same_dimension(row, low, actual)
    if low.base > high.base:
        raise ValueError(f"“{row.name}”的区间 {row.target} 前大后小")
    score = rule.range_score(low.base, high.base, actual.base, weight)
    return Marks(f"{low.text}-{high.printed}", actual.printed, score, score)


def _qualitative(row: Indicator, quoting: Quoting, rule: ScoringRule, weight: Decimal) -> Marks:
    band = rule.qualitative_band(row.tier, weight) if row.tier else None
    if row.tier and band is None:
        names = "、".join(tier.words[0] for tier in rule.tiers)
        raise ValueError(f"“{row.name}”的档次“{row.tier}”不在计分规则中，应是{names}之一")
    low, high = band or (None, None)
    return Marks(row.target, quoting.text(row.actual), low, high)


def _deadline(row: Indicator, rule: ScoringRule, weight: Decimal) -> Marks:
    try:
        due, done = date.fromisoformat(row.target), date.fromisoformat(row.actual)
    except ValueError:
        raise ValueError(f"“{row.name}”是期限指标，目标和实际应写成 2025-12-31 这样的日期") from None
    score = rule.deadline_score(due, done, weight)
    return Marks(f"{due}前", str(done), score, score, note="" if done <= due else "逾期完成")


def _by_formula(row: Indicator, actual: Number, rules: Rules, weight: Decimal, quoting: Quoting) -> Marks:
    """Points from the bands or deductions that the region lays down for a named rate."""
    version = _version(row, rules)
    top = version.points(_best(version), weight)
    if top is not None and top != weight:
        raise ValueError(f"“{row.formula}”的满分是 {top} 分（{version.source}），表上的分值是 {weight} 分")
    score = version.points(actual.base * _PERCENT, weight)
    target = quoting.number(row.target, row.unit)
    return Marks(f"{row.direction}{target.printed}", actual.printed, score, score, note=f"按{version.source}计分")


def _version(row: Indicator, rules: Rules) -> FormulaVersion:
    version = next((v for v in variants(row.formula, rules.year, rules.region) if v.valid), None)
    if version is None or version.points(_PERCENT, Decimal(1)) is None:
        day = year_end(rules.year)
        raise ValueError(
            f"“{rules.region.name}”的地区包里没有 {day} 有效的“{row.formula}”分档（formulas），请补上，或不写公式"
        )
    return version


def _best(version: FormulaVersion) -> Decimal:
    """A rate that earns full points: none at all for a rate to be kept down, beyond all bands for one to be raised."""
    rising = version.body.lower_bound or version.body.shortfall is not None
    return Decimal(10**6) if rising else Decimal(-(10**6))

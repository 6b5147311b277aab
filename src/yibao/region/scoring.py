"""Marks of an indicator from target and result: the scoring rule of a region and day.

t = 年度指标值, a = 实际完成值, w = 分值. ≥: w·min(1, a/t). ≤: w where a ≤ t, else w·t/a. =: w·max(0, 1 − |a−t|/t).
A qualitative tier gives a range of marks. Source: 财预〔2020〕10号 as the pack grades it.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from yibao.errors import UserError
from yibao.periods import year_end
from yibao.region.packs import Pack
from yibao.region.rules import Rule

Operator = Literal["≥", ">", "≤", "<", "="]

ZERO = Decimal(0)
ONE = Decimal(1)


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Tier(_Strict):
    """A qualitative result and the share of the weight that it can earn."""

    words: tuple[str, ...]
    low: Decimal
    high: Decimal


class GradeBand(_Strict):
    """From this share of the full score on, a result is called one of these."""

    at_least: Decimal
    labels: tuple[str, ...]


class ScoringRule(_Strict):
    """How marks follow from target and result. All marks are unrounded; `printed` rounds them as a form prints them."""

    id: str = ""
    cited: str = ""  #: where the rule stands, as documents and messages quote it
    name: str
    negative: Literal["target_over_actual", "excess_share"]
    over_target_flag: Decimal
    score_decimals: int
    rounding: Literal["half_up", "down"] = "half_up"  #: down with score_decimals 0: whole points, 9.63 earns 9
    late: Decimal | None = None  #: share of the weight that a result after its deadline earns; None: not laid down
    tiers: tuple[Tier, ...]
    grades: tuple[GradeBand, ...]

    def score(self, operator: Operator, target: Decimal, actual: Decimal, weight: Decimal) -> Decimal | None:
        """Marks between 0 and `weight`; None where the target is zero or negative (never 0/0 = 100 %).

        >>> from yibao.region.packs import region
        >>> rule = scoring_rule(region(), 2025)
        >>> rule.score("≥", Decimal(80), Decimal(72), Decimal(10))
        Decimal('9.0')
        """
        if target <= 0 or weight < 0:
            return None
        if operator in ("≥", ">"):
            share = actual / target
        elif operator in ("≤", "<"):
            share = self._under(target, actual)
        else:
            share = ONE - abs(actual - target) / target
        return weight * min(ONE, max(ZERO, share))

    def _under(self, target: Decimal, actual: Decimal) -> Decimal:
        if actual <= target:
            return ONE
        return target / actual if self.negative == "target_over_actual" else ONE - (actual - target) / target

    def range_score(self, low: Decimal, high: Decimal, actual: Decimal, weight: Decimal) -> Decimal | None:
        """Marks for a target range: the bound that is violated counts as ≥ or ≤."""
        return self.score("≤", high, actual, weight) if actual > high else self.score("≥", low, actual, weight)

    def execution_score(self, rate: Decimal, weight: Decimal) -> Decimal:
        """min(w, rate × w) from the unrounded rate (a fraction): 601.5/652 of 10 points prints as 9.23, not as 9.2."""
        return weight * min(ONE, max(ZERO, rate))

    def printed(self, score: Decimal, decimals: int | None = None) -> Decimal:
        """A score at the printed number of decimals, rounded as the rule says.

        >>> from yibao.region.packs import region
        >>> scoring_rule(region(), 2025).printed(Decimal("9.225"))
        Decimal('9.23')
        """
        places = self.score_decimals if decimals is None else decimals
        return score.quantize(ONE.scaleb(-places), ROUND_HALF_UP if self.rounding == "half_up" else ROUND_DOWN)

    def deadline_score(self, deadline: date, done: date, weight: Decimal) -> Decimal | None:
        """Full marks up to the deadline, then the share that the rule leaves; None where it says nothing."""
        if done <= deadline:
            return weight
        return None if self.late is None else weight * self.late

    def over_target(self, target: Decimal, actual: Decimal) -> bool:
        """True where a result beats its target so far that the form asks for a reason."""
        return target > 0 and (actual - target) / target > self.over_target_flag

    def qualitative_band(self, words: str, weight: Decimal) -> tuple[Decimal, Decimal] | None:
        """The range of marks of a qualitative result, both ends included; None for words that name no tier.

        >>> from yibao.region.packs import region
        >>> scoring_rule(region(), 2025).qualitative_band("部分达成", Decimal(10))
        (Decimal('6.0'), Decimal('8.0'))
        """
        hits = [(len(word), tier) for tier in self.tiers for word in tier.words if word in words]
        if not hits:
            return None
        tier = max(hits, key=lambda hit: hit[0])[1]
        return tier.low * weight, tier.high * weight

    def grade(self, score: Decimal, total: Decimal = Decimal(100)) -> str | None:
        """The first name of the grade that a score earns; None where the total is zero."""
        band = self._band(score, total)
        return band.labels[0] if band else None

    def grade_fits(self, label: str, score: Decimal, total: Decimal = Decimal(100)) -> bool | None:
        """Does a printed grade go with the score? None for a name that the rule does not know."""
        band = self._band(score, total)
        if band is None or not any(label in known.labels for known in self.grades):
            return None
        return label in band.labels

    def _band(self, score: Decimal, total: Decimal) -> GradeBand | None:
        if total <= 0:
            return None
        bands = sorted(self.grades, key=lambda band: band.at_least, reverse=True)
        return next((band for band in bands if score / total >= band.at_least), None)


def scoring_rule(region: Pack, on: date | int) -> ScoringRule:
    """The scoring rule in force on a day (or at the end of a year); UserError where the packs hold none."""
    day = year_end(on) if isinstance(on, int) else on
    rules = region.rules("scoring", on=day)
    if not rules:
        raise UserError(
            f"“{region.name}”的地区包里没有 {day.isoformat()} 有效的计分规则（scoring），请在地区包中补上。"
        )
    return _rule(rules[0])


def _rule(rule: Rule) -> ScoringRule:
    try:
        return ScoringRule.model_validate({**rule.body, "id": rule.id, "cited": rule.cited})
    except ValidationError as error:
        first = error.errors()[0]
        raise rule.error(f"“{'.'.join(map(str, first['loc']))}”{first['msg']}") from error

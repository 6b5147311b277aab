"""Stays that are not scored by a group: those without one, and those reviewed on their own (特例单议)."""

from __future__ import annotations

from decimal import Decimal

from yibao.dip.pay.scoring import ONE, Scorer, Stay
from yibao.dip.verify.found import RESULTS, Difference, Row, decimal, differs, plain
from yibao.dip.verify.terms_read import scored
from yibao.errors import UserError

HALF = Decimal("0.5")  #: fen: the region's mean is published rounded, and was not when it was used


def ungrouped(row: Row, scorer: Scorer) -> list[Difference] | None:
    """The points of a stay without a group against cost ÷ mean of the region × scale × share; None where the terms say nothing."""
    if not scorer.prices.region_mean:
        return None
    try:
        rule = scorer.terms.ungrouped
    except UserError:
        return None
    unit = Decimal(1).scaleb(-scorer.places)
    worth, mean = row["total_fee"] * rule.scale * rule.share, scorer.prices.region_mean
    stated = decimal(row["dip_points"])
    if worth / (mean + HALF) - unit < stated < worth / (mean - HALF) + unit:
        return []
    says = "未入组的点数不等于费用 ÷ 区域次均费用 × 基数 × 折扣"
    own = scorer.shown(worth / mean)
    return [differs(row, RESULTS, "points", "unexplained", plain(stated), plain(own), says, None, int(own * 1_000_000))]


def reviewed(row: Row, special: Row, scorer: Scorer, level: str | None) -> Decimal | None:
    """The points of a stay as its review decided; None where the terms or the point value are lacking."""
    score = None if special["special_score"] is None else decimal(special["special_score"])
    primary = row["dip_layer"] == "primary"
    stay = Stay(row["settlement_id"], row["provider_code"], level, None, None, primary, ONE, row["total_fee"], special["special_result"], score)  # fmt: skip
    own = scored(scorer, stay)
    return own.points if own else None


def not_reviewed(row: Row, own: Decimal) -> Difference:
    """A row that was not scored as decided."""
    says = "特例单议已经通过，没有按单议的结果算"
    return differs(
        row,
        RESULTS,
        "points",
        "special",
        plain(decimal(row["dip_points"])),
        plain(own),
        says,
        None,
        int(own * 1_000_000),
    )

"""The pot is shared: points that are wrong in one hospital move money in all of them. What each should have had of the fund."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from yibao.dip.pay.scoring import half_up
from yibao.dip.verify.clearing import Pair, pair
from yibao.dip.verify.found import decimal
from yibao.dip.verify.run import Verified


@dataclass(frozen=True, slots=True)
class Part:
    """A hospital's part of an insurance's fund, fen: as points stand, and with ours."""

    provider: str
    insurance: str
    points: Decimal
    own_points: Decimal
    due: int
    own_due: int


def put_right(verified: Verified) -> Iterator[Part]:
    """The parts of all hospitals of the sheets; none where the point values or the clearing were not sent, or no points differ."""
    sheets = verified.sheets
    more = _differences(verified)
    for value in sheets.values:
        rows = [row for row in sheets.clearing if row["insurance_type"] == value["insurance_type"]]
        beyond = sum(
            (points for (_, insurance), points in more.items() if insurance == value["insurance_type"]), Decimal(0)
        )
        total, fund = decimal(value["dip_points"]), value["dip_fund"]
        if not rows or not total or not any(insurance == value["insurance_type"] for _, insurance in more):
            continue
        for row in rows:
            points = decimal(row["dip_points"])
            own = points - more.get(pair(row), Decimal(0))
            due, own_due = half_up(fund * points / total, 0), half_up(fund * own / (total - beyond), 0)
            yield Part(*pair(row), points, own, int(due), int(own_due))


def _differences(verified: Verified) -> dict[Pair, Decimal]:
    """Points beyond ours by hospital and insurance; a stay listed twice has none of its own, one in no sheet has all of its."""
    twice = {one.key for one in verified.found.of("dip_results") if one.cause == "duplicate"}
    found: dict[Pair, Decimal] = defaultdict(Decimal)
    for row in verified.sheets.results:
        key, points = row["settlement_id"], decimal(row["dip_points"])
        own = Decimal(0) if key in twice else verified.own_points.get(key, points)
        if own != points:
            found[pair(row)] += points - own
    for key, points in verified.missing_points.items():
        found[pair(verified.sheets.settled[key])] -= points
    return dict(found)

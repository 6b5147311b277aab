"""A sheet that rounds otherwise than the terms does so everywhere: that is told once, and its rows are read as it wrote them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yibao.dip.pay.scoring import Scorer
from yibao.dip.verify.found import RESULTS, Difference, Row, decimal
from yibao.dip.verify.infer import NEARLY_ALL, Rounding, rounding_of
from yibao.dip.verify.results import full

PLACES_OF_TABLES = Rounding(6, "四舍五入")
FEW = 20  #: rows below which a habit cannot be told from a mistake


@dataclass(frozen=True, slots=True)
class Habits:
    """How nearly all rows of a sheet write points and ratios; as exactly as tables hold them where no way does."""

    points: Rounding = PLACES_OF_TABLES
    ratio: Rounding = PLACES_OF_TABLES


def read_habits(results: Sequence[Row]) -> Habits:
    """The roundings that the rows show, ratios by the places that they are written with."""
    read = rounding_of([(full(row), decimal(row["dip_points"])) for row in results])
    size = len(results[:: max(1, len(results) // 4_000)])
    points = read[0] if read and len(results) >= FEW and read[1] >= NEARLY_ALL * size else PLACES_OF_TABLES
    ratios = [decimal(row["deviation_ratio"]) for row in results if row["deviation_ratio"] is not None]
    places = max((max(0, -int(one.normalize().as_tuple().exponent)) for one in ratios), default=6)
    return Habits(points, Rounding(places, "四舍五入") if len(ratios) >= FEW else PLACES_OF_TABLES)


def other_habits(results: Sequence[Row], habits: Habits, scorer: Scorer, year: int) -> Iterator[Difference]:
    """A difference of the whole sheet where its rounding explains nearly all rows and the terms' does not."""
    sample = results[:: max(1, len(results) // 4_000)]
    pairs = [(full(row), decimal(row["dip_points"])) for row in sample]
    ours = sum(scorer.shown(exact) == stated for exact, stated in pairs)
    theirs = sum(habits.points(exact) == stated for exact, stated in pairs)
    if habits.points != PLACES_OF_TABLES and ours < NEARLY_ALL * len(sample) <= theirs:
        own = Rounding(scorer.places, "四舍五入").says
        yield _whole(year, "points", habits.points.says, own, "结算点数的位数或进位与规定不同，各行按它的写法核对")
    if habits.ratio.places < scorer.ratio_places:
        own = Rounding(scorer.ratio_places, "四舍五入").says
        yield _whole(year, "ratio", habits.ratio.says, own, "费用偏差率的位数与规定不同，各行按它的写法核对")


def _whole(year: int, step: str, official: str, own: str, says: str) -> Difference:
    return Difference(RESULTS, str(year), step, "rounding", official, own, says)

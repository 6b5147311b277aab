"""Shapes of yibao.charts from what was watched. Labels are printed numbers; lengths are drawn from the same values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from yibao.charts.compared import Difference, Differences, Standing, Standings
from yibao.charts.shapes import Curve, Curves, Mark
from yibao.dip.watch.decomposition import PARTS, Change
from yibao.dip.watch.measures import Measures
from yibao.dip.watch.year_on_year import SAID
from yibao.money import Fen, in_unit
from yibao.store.listing import index_shown

Value = Callable[[Measures], int | None]
MOST_MONTHS = 24


def yuan(fen: int, sign: bool = False) -> Mark:
    value = in_unit(Fen(fen))
    return Mark(value, f"{value:+}" if sign else f"{value}")


def ten_thousand(fen: int) -> Mark:
    value = in_unit(Fen(fen), "万元")
    return Mark(value, f"{value:+}")


def number(value: int, places: int = 4) -> Mark:
    """A number of 10⁻⁶."""
    exact = (Decimal(value) / 1_000_000).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return Mark(exact, index_shown(value, places))


def why_moved(found: Change) -> Differences | None:
    """The parts of the change of the mean cost; None where nothing moved."""
    parts = [Difference(SAID[name], yuan(found.parts[name], sign=True)) for name in PARTS if found.parts[name]]
    whole = Difference("次均费用的变化", yuan(found.difference, sign=True))
    return Differences("次均费用与上年相差多少，各部分之和等于相差", "元", (whole, *parts)) if parts else None


def by_month(months: Sequence[int], found: Sequence[Measures | None]) -> list[Curves]:
    """Mean cost and CMI over the months that have cases, each at its place in the year."""
    both = [(m, x) for m, x in zip(months, found, strict=True) if x is not None and x.cases]
    at = tuple(Mark(Decimal(m % 100), f"{m % 100}月") for m, _ in both)
    drawn = []
    costs = [x.mean_cost for _, x in both]
    scores = [x.cmi for _, x in both]
    if len(at) > 1 and None not in costs:
        marks = tuple(yuan(c) for c in costs if c is not None)
        drawn.append(Curves("元", "出院月份", at, (Curve("次均费用", marks),)))
    if len(at) > 1 and None not in scores:
        marks = tuple(number(s, 2) for s in scores if s is not None)
        drawn.append(Curves("分", "出院月份", at, (Curve("CMI", marks),)))
    return drawn


def gains_and_losses(title: str, results: Sequence[tuple[str, int]], most: int = 8) -> Differences | None:
    """The largest on both sides, in order; None where nobody gains or loses."""
    ordered = sorted((x for x in results if x[1]), key=lambda x: (-x[1], x[0]))
    kept = ordered if len(ordered) <= 2 * most else [*ordered[:most], *ordered[-most:]]
    left = len(ordered) - len(kept)
    said = f"{title}（两头各 {most} 个，中间 {left} 个略）" if left else title
    return Differences(said, "万元", tuple(Difference(n, ten_thousand(v)) for n, v in kept)) if kept else None


def where_it_stands(who: str, others: str, own: Measures, peers: Sequence[Measures]) -> Standings | None:
    """The measures of one hospital among those of its peers; None where it has no peer."""
    measured: tuple[tuple[str, Value, Callable[[int], Mark]], ...] = (
        ("次均费用", lambda m: m.mean_cost, yuan),
        ("CMI", lambda m: m.cmi, lambda v: number(v, 2)),
        ("平均住院日", lambda m: m.mean_days, lambda v: number(v, 2)),
        ("费用指数", lambda m: m.cost_index, number),
        ("时间指数", lambda m: m.time_index, number),
        ("费用超低占比", lambda m: m.low_share, _share),
        ("费用超高占比", lambda m: m.high_share, _share),
    )
    rows = []
    for name, value, mark in measured:
        mine, theirs = value(own), [v for p in peers if (v := value(p)) is not None]
        if mine is not None and theirs:
            rows.append(Standing(name, mark(mine), tuple(mark(v).value for v in theirs)))
    return Standings(who, others, tuple(rows)) if rows else None


def _share(rate: int) -> Mark:
    value = Decimal(rate) / 100
    return Mark(value, f"{value}%")

"""Curves over a range: one panel for each measure, each on a scale of its own that does not begin at zero and says so by its labels."""

from __future__ import annotations

from typing import Any

import altair as alt

from yibao.charts.house import ACCENT, INK, LIGHT, SMALL, THIN, WIDTH, length, rows, words
from yibao.charts.shapes import Curve, Curves, with_thousands

HEIGHT, SIDES = 96, 34
AIR = 0.3  #: of the whole height, above and below


def curves(chart: Curves) -> Any:
    """Panels one above the other, so that what belongs to one value stands in one line."""
    return alt.vconcat(*(_panel(chart, curve) for curve in chart.curves))


def _panel(chart: Curves, curve: Curve) -> Any:
    labelled = {0, len(curve.marks) - 1} | ({chart.now} if chart.now is not None else set())
    values: list[dict[str, Any]] = [
        {
            "at": length(at.value),
            "value": length(mark.value),
            "label": with_thousands(mark.label) if place in labelled else "",
            "now": place == chart.now,
            "below": _falls_to(curve, place),
        }
        for place, (at, mark) in enumerate(zip(chart.at, curve.marks, strict=True))
    ]
    data = rows(values)
    low, high = min(v["value"] for v in values), max(v["value"] for v in values)
    air = (high - low or 1.0) * AIR
    ticks = alt.Axis(
        title=None, values=[v["at"] for v in values], ticks=True, tickColor=INK, domainColor=INK, tickSize=3,
        labelExpr=_names(chart), labelFontSize=SMALL, labelOverlap=True, labelAngle=0,
    )  # fmt: skip
    across = alt.X("at:Q", axis=ticks, scale=alt.Scale(nice=False, zero=False, padding=SIDES))
    y = alt.Y("value:Q", axis=None, scale=alt.Scale(domain=[low - air, high + air], nice=False, zero=False))
    layers = [
        alt.Chart(data).transform_filter(alt.datum.now).mark_rule(color=LIGHT, strokeWidth=2.5).encode(x=across),
        alt.Chart(data).mark_line(color=ACCENT, strokeWidth=THIN * 2).encode(x=across, y=y),
        alt.Chart(data).mark_point(color=ACCENT, filled=True, opacity=1, size=18).encode(x=across, y=y),
    ]
    for below, dy in ((False, -8), (True, 11)):
        label = words(data, SMALL, INK, dy=dy).transform_filter(alt.datum.below == below)
        layers.append(label.encode(x=across, y=y, text="label:N"))
    return alt.layer(*layers).properties(
        width=WIDTH,
        height=HEIGHT,
        title=f"{curve.name}（{chart.unit}{'；灰线为现行' if chart.now is not None else ''}）",
    )


def _falls_to(curve: Curve, place: int) -> bool:
    """Does the line come down to this place, or go up from it? Then its label stands below."""
    beside = curve.marks[place - 1] if place else curve.marks[min(1, len(curve.marks) - 1)]
    return beside.value > curve.marks[place].value


def _names(chart: Curves) -> str:
    """What stands at each tick, as the owner prints it."""
    named = " : ".join(f"abs(datum.value - {length(at.value)!r}) < 1e-9 ? '{at.label}'" for at in chart.at)
    return f"{named} : ''"

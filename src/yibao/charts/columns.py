"""Columns over years. No axis of values: every column carries its number, its series and its year."""

from __future__ import annotations

from typing import Any

import altair as alt

from yibao.charts.house import FILLS, INK, QUIET, SMALL, THIN, USUAL, WIDTH, length, rows, text_width, words
from yibao.charts.shapes import Columns, Panel, with_thousands

HEIGHT, LOW_HEIGHT = 128, 92  #: of panels side by side; of one above the other
GAP, AIR, TIGHTEST = 24, 6, 6.5  #: between panels, between two labels, and the smallest type of a label
WIDEST = 64  #: of a column and its share of the space between years
HEADROOM = 0.14  #: of the whole height, for the labels
_BAND = 0.86


def columns(chart: Columns) -> Any:
    """Panels side by side where their labels have room, one above the other where not."""
    longest = max(text_width(with_thousands(m.label), SMALL) for p in chart.panels for _, _, m in p.columns) + AIR
    total = sum(_slots(panel) for panel in chart.panels)
    beside = (WIDTH - GAP * (len(chart.panels) - 1)) / total >= longest
    values = [length(mark.value) for panel in chart.panels for _, _, mark in panel.columns]
    low, high = min(0.0, *values), max(0.0, *values)
    air = (high - low or 1.0) * HEADROOM
    domain = [low - air if low else 0.0, high + air]
    if beside:
        slot = min(WIDEST, (WIDTH - GAP * (len(chart.panels) - 1)) / total)
        return alt.hconcat(
            *(_panel(panel, chart.unit, slot * _slots(panel), HEIGHT, domain, SMALL) for panel in chart.panels)
        )
    made = []
    for panel in chart.panels:
        slot = min(WIDEST, WIDTH / _slots(panel))
        size = max(TIGHTEST, min(SMALL, SMALL * slot / longest))
        made.append(_panel(panel, chart.unit, slot * _slots(panel), LOW_HEIGHT, domain, size))
    return alt.vconcat(*made)


def _slots(panel: Panel) -> float:
    """Widths of a column in a panel, the space between years included."""
    return len(panel.periods) * (len(panel.series) + 0.5)


def _panel(panel: Panel, unit: str, width: float, height: float, domain: list[float], size: float) -> Any:
    names = [series.name for series in panel.series]
    single = len(names) == 1
    fills = dict(zip(names, FILLS[len(names) - 1], strict=True))
    data = rows(
        [
            {
                "period": period,
                "series": name,
                "fill": fills[name],
                "value": length(mark.value),
                "label": with_thousands(mark.label),
            }
            for period, name, mark in panel.columns
        ]
    )
    axis = alt.Axis(
        title=None, domain=False, ticks=False, labelAngle=0, labelPadding=4 if single else 17, labelFontSize=USUAL,
    )  # fmt: skip
    x: dict[str, Any] = {
        "x": alt.X(
            "period:N", sort=list(panel.periods), axis=axis, scale=alt.Scale(paddingInner=0.25, paddingOuter=0.12)
        )
    }
    if not single:
        x["xOffset"] = alt.XOffset("series:N", sort=names, scale=alt.Scale(paddingInner=1 - _BAND))
    y = alt.Y("value:Q", axis=None, scale=alt.Scale(domain=domain, nice=False))
    color = alt.Color("fill:N", scale=None)
    layers = [alt.Chart(data).mark_bar(stroke=INK, strokeWidth=0.5).encode(**x, y=y, color=color)]
    at = alt.datum.value
    for above, dy, baseline in ((at >= 0, -3, "bottom"), (at < 0, 3, "top")):
        label = words(data, size, dy=dy, baseline=baseline).transform_filter(above)
        layers.append(label.encode(**x, y=y, text="label:N"))
    if not single:
        foot = words(data, SMALL, QUIET, baseline="top", dy=4)
        layers.append(foot.encode(**x, y=alt.value(height), text="series:N"))
    ground = alt.Chart(rows([{"value": 0}])).mark_rule(color=INK, strokeWidth=THIN).encode(y=y)
    return alt.layer(*layers, ground).properties(width=width, height=height, title=f"{panel.name}（{unit}）")

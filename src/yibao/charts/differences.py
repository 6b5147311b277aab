"""Bars to both sides of one line: light to the left takes away, dark to the right adds. Every bar carries its number."""

from __future__ import annotations

from typing import Any

import altair as alt

from yibao.charts.compared import Differences
from yibao.charts.house import (
    ACCENT,
    INK,
    MIDDLE,
    THIN,
    USUAL,
    WIDTH,
    length,
    named,
    names,
    rows,
    text_width,
    words,
    wrapped,
)
from yibao.charts.shapes import with_thousands

ROW, BETWEEN = 18, 0.3
LONGEST_NAME, GAP = 14, 8


def differences(chart: Differences) -> Any:
    """Rows in the order given; the label stands at the end of its bar."""
    values: list[dict[str, Any]] = [
        {
            "at": at,
            "name": wrapped(row.name, LONGEST_NAME),
            "value": length(row.amount.value),
            "label": with_thousands(row.amount.label),
            "adds": row.amount.value >= 0,
        }
        for at, row in enumerate(chart.rows)
    ]
    made = named(values, ROW, BETWEEN)
    sides = {
        side: max((text_width(v["label"], USUAL) for v in values if v["adds"] == side), default=0)
        for side in (False, True)
    }
    low, high = min(0.0, *(v["value"] for v in values)), max(0.0, *(v["value"] for v in values))
    room = WIDTH - made.widest - GAP - (sides[False] + GAP if low < 0 else 0) - sides[True] - GAP
    x = alt.X("value:Q", axis=None, scale=alt.Scale(domain=[low, high or 1.0], nice=False))
    data, y, left = made.data, made.y, -made.widest - GAP - (sides[False] + GAP if low < 0 else 0)
    layers = [*names(values, "name", USUAL, INK, alt.value(left), y)]
    for adds, colour, align, dx in ((True, ACCENT, "left", 4), (False, MIDDLE, "right", -4)):
        some = alt.datum.adds == adds
        layers.append(alt.Chart(data).transform_filter(some).mark_bar(color=colour).encode(x=x, y=y))
        layers.append(words(data, align=align, dx=dx).transform_filter(some).encode(x=x, y=y, text="label:N"))
    layers.append(alt.Chart(rows([{"value": 0}])).mark_rule(color=INK, strokeWidth=THIN).encode(x=x))
    return alt.layer(*layers).properties(width=room, height=made.height, title=f"{chart.title}（{chart.unit}）")

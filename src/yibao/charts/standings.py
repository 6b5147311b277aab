"""Where one stands among others: a line a measure, from the least to the greatest value, the others as light strokes."""

from __future__ import annotations

from typing import Any

import altair as alt

from yibao.charts.compared import Standings
from yibao.charts.house import ACCENT, INK, LIGHT, MIDDLE, QUIET, THIN, USUAL, WIDTH, length, rows, text_width, words
from yibao.charts.shapes import with_thousands

ROW, GAP, STROKE, DOT = 24, 10, 9, 70
HEAD = -8


def standings(chart: Standings) -> Any:
    """Rows in the order given; the number of whom the picture is about stands on the right."""
    values: list[dict[str, Any]] = []
    for at, row in enumerate(chart.rows):
        everybody = [length(value) for value in (row.own.value, *row.others)]
        low, high = min(everybody), max(everybody)
        for place, value in enumerate(everybody):
            share = (value - low) / (high - low) if high > low else 0.5
            values.append({"at": at, "share": share, "own": place == 0})
    heads = [{"at": at, "name": row.name, "label": with_thousands(row.own.label)} for at, row in enumerate(chart.rows)]
    name, label = (max(text_width(head[key], USUAL) for head in heads) for key in ("name", "label"))  # type: ignore[arg-type]
    width = WIDTH - name - label - 2 * GAP
    x = alt.X("share:Q", axis=None, scale=alt.Scale(domain=[0, 1], nice=False))
    y = alt.Y("at:O", axis=None, scale=alt.Scale(padding=0.2))
    data, text = rows(values), rows(heads)
    line = alt.Chart(text).mark_rule(color=LIGHT, strokeWidth=THIN).encode(x=alt.value(0), x2=alt.value(width), y=y)
    others = alt.Chart(data).transform_filter(~alt.datum.own)
    own = alt.Chart(data).transform_filter(alt.datum.own)
    layers = [
        line,
        others.mark_tick(color=MIDDLE, thickness=1.2, size=STROKE, orient="vertical").encode(x=x, y=y),
        own.mark_point(color=ACCENT, filled=True, opacity=1, size=DOT).encode(x=x, y=y),
        words(text, USUAL, INK, align="left").encode(x=alt.value(-name - GAP), y=y, text="name:N"),
        words(text, USUAL, INK, align="left").encode(x=alt.value(width + GAP), y=y, text="label:N"),
        words(rows([{"text": f"低　　●{chart.who}　｜{chart.others}"}]), USUAL, QUIET, align="left").encode(
            x=alt.value(0), y=alt.value(HEAD), text="text:N"
        ),
        words(rows([{"text": "高"}]), USUAL, QUIET, align="right").encode(
            x=alt.value(width), y=alt.value(HEAD), text="text:N"
        ),
    ]
    return alt.layer(*layers).properties(width=width, height=ROW * len(chart.rows))

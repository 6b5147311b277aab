"""Parts of wholes: the whole as a light bar, what is reached dark on it. Only what is missing is set off in words."""

from __future__ import annotations

from typing import Any

import altair as alt

from yibao.charts.house import (
    ACCENT,
    INK,
    LIGHT,
    QUIET,
    SMALL,
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
from yibao.charts.shapes import PartsOfWholes

ROW, BETWEEN, DARK = 20, 0.3, 0.45  #: points of a row; its share of air; the dark bar's share of the light one
LONGEST_NAME, LONGEST_GROUP = 16, 8  #: characters of a line
GAP, HEADS = 10, -10


def parts_of_wholes(chart: PartsOfWholes) -> Any:
    """Rows in the order given, the name of a group at its first row and a fine line before it."""
    values: list[dict[str, Any]] = []
    for at, row in enumerate(chart.rows):
        first = at == 0 or chart.rows[at - 1].group != row.group
        values.append(
            {
                "at": at,
                "group": wrapped(row.group, LONGEST_GROUP) if first else [""],
                "first": first,
                "name": wrapped(row.name, LONGEST_NAME),
                "whole": length(row.whole.value),
                "reached": length(row.reached.value),
                "label": f"{row.reached.label}／{row.whole.label}" + (f"　{row.missing}" if row.missing else ""),
                "short": bool(row.missing),
            }
        )
    group = max(text_width(line, SMALL) for v in values for line in v["group"])
    made = named(values, ROW, BETWEEN, "group")
    label = max(text_width(v["label"], USUAL) for v in values)
    left = made.widest + GAP + (group + GAP if group else 0)
    width, data, y = WIDTH - left - label, made.data, made.y
    scale = alt.Scale(domain=[0, max(v["whole"] for v in values)], nice=False)
    layers = [
        alt.Chart(data).mark_bar(color=LIGHT).encode(x=alt.X("whole:Q", axis=None, scale=scale), y=y),
        alt.Chart(data).mark_bar(color=ACCENT, height=alt.RelativeBandSize(band=DARK)).encode(x="reached:Q", y=y),
        *names(values, "name", USUAL, INK, alt.value(-made.widest - GAP), y),
        *names(values, "group", SMALL, QUIET, alt.value(-left), y),
    ]
    for short, color in ((True, INK), (False, QUIET)):
        said = words(data, USUAL, color, align="left", dx=4)
        layers.append(said.transform_filter(alt.datum.short == short).encode(x="whole:Q", y=y, text="label:N"))
    line = alt.Chart(data).mark_rule(color=LIGHT, strokeWidth=THIN, yOffset=-made.row * BETWEEN / 2)
    line = line.transform_filter(alt.datum.first & (alt.datum.at > 0))
    layers.append(line.encode(x=alt.value(-left), x2=alt.value(width + label), y=alt.Y("at:O", bandPosition=0)))
    head = words(rows([{"text": f"{chart.reached}／{chart.whole}（{chart.unit}）"}]), USUAL, QUIET, align="left")
    layers.append(head.encode(x=alt.value(0), y=alt.value(HEADS), text="text:N"))
    return alt.layer(*layers).properties(width=width, height=made.height)

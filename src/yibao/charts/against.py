"""Results against their plans: a light bar to 100 % for each plan, the result dark on it, the amounts in front."""

from __future__ import annotations

from typing import Any

import altair as alt

from yibao.charts.house import (
    ACCENT,
    INK,
    LIGHT,
    QUIET,
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
from yibao.charts.shapes import AgainstPlan, with_thousands

ROW, BETWEEN, DARK = 22, 0.34, 0.42  #: points of a row; its share of air; the dark bar's share of the light one
LONGEST_NAME = 12  #: characters of a line
GAP, HEADS = 14, -12
FULL = 100


def against_plan(chart: AgainstPlan) -> Any:
    """Rows in the order given."""
    values: list[dict[str, Any]] = [
        {
            "at": at,
            "name": wrapped(row.name, LONGEST_NAME),
            "plan": with_thousands(row.plan.label),
            "result": with_thousands(row.result.label),
            "percent": length(row.percent.value),
            "label": row.percent.label,
            "end": max(length(row.percent.value), FULL),
            "full": FULL,
        }
        for at, row in enumerate(chart.rows)
    ]
    heads = (f"{chart.plan}（{chart.unit}）", f"{chart.result}（{chart.unit}）")
    column = max(text_width(text, USUAL) for text in (*heads, *(v[k] for v in values for k in ("plan", "result"))))
    made = named(values, ROW, BETWEEN)
    label = max(text_width(row.percent.label, USUAL) for row in chart.rows)
    width = WIDTH - made.widest - 2 * (column + GAP) - GAP - label
    data, y = made.data, made.y
    domain = [0, max(v["end"] for v in values)]
    x = alt.X("percent:Q", axis=None, scale=alt.Scale(domain=domain, nice=False))
    layers = list(names(values, "name", USUAL, INK, alt.value(-made.widest - 2 * (column + GAP) - GAP), y))
    for key, left in (("plan", column + 2 * GAP), ("result", GAP)):
        layers.append(words(data, align="right").encode(x=alt.value(-left), y=y, text=f"{key}:N"))
    for head, left in zip(heads, (column + 2 * GAP, GAP), strict=True):
        layers.append(_head(head, -left, "right"))
    layers += [
        alt.Chart(data).mark_bar(color=LIGHT).encode(x=alt.X("full:Q", axis=None), y=y),
        alt.Chart(data).mark_bar(color=ACCENT, height=alt.RelativeBandSize(band=DARK)).encode(x=x, y=y),
        words(data, align="left", dx=4).encode(x=alt.X("end:Q"), y=y, text="label:N"),
    ]
    line = (
        alt.Chart(rows([{"full": FULL}])).mark_rule(color=INK, strokeWidth=THIN, strokeDash=[3, 2]).encode(x="full:Q")
    )
    layers += [line, _head(f"{chart.result}为{chart.plan}的（{chart.plan}＝100%）", 0, "left")]
    return alt.layer(*layers).properties(width=width, height=made.height)


def _head(text: str, left: float, align: str) -> alt.Chart:
    return words(rows([{"text": text}]), USUAL, QUIET, align=align).encode(
        x=alt.value(left), y=alt.value(HEADS), text="text:N"
    )

"""Any shape as a Vega-Lite specification in the style of the house."""

from __future__ import annotations

from typing import Any

from yibao.charts.against import against_plan
from yibao.charts.columns import columns
from yibao.charts.compared import Differences, Standings
from yibao.charts.curves import curves
from yibao.charts.differences import differences
from yibao.charts.house import in_house
from yibao.charts.parts import parts_of_wholes
from yibao.charts.shapes import AgainstPlan, Chart, Columns, Curves
from yibao.charts.standings import standings


def specification(chart: Chart) -> dict[str, Any]:
    """The specification; plain data, for a page that draws it itself or for `draw`."""
    if isinstance(chart, Columns):
        return in_house(columns(chart), chart.alt)
    if isinstance(chart, AgainstPlan):
        return in_house(against_plan(chart), chart.alt)
    if isinstance(chart, Curves):
        return in_house(curves(chart), chart.alt)
    if isinstance(chart, Differences):
        return in_house(differences(chart), chart.alt)
    if isinstance(chart, Standings):
        return in_house(standings(chart), chart.alt)
    return in_house(parts_of_wholes(chart), chart.alt)

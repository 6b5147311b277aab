"""New technologies (新技术加分): what a stay with an approved operation is given on top of its points, guide dip §8.1.

The list is the table dip_new_technologies: an operation code, compared exactly, of one institution or of all, for discharges between two
days; points for the stay, or a share of its own points. No coefficient multiplies it; a stay paid by item is given none. Where the region
keeps its total score (总分值不变), the points of a scheme are scaled down together so that they add up to what they were; stays that are
paid their cost keep theirs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from yibao.dip.formulas import shared_out
from yibao.dip.pay.cases import TEXTS, Row, as_table, decimal, millionths
from yibao.dip.pay.scoring import FINE, to_scale
from yibao.dip.pay.terms import Terms
from yibao.store.manifest import Produced
from yibao.store.workspace import Workspace

READ = ("visit_operations", "dip_new_technologies")
ZERO = Decimal(0)


def with_bonus(workspace: Workspace, terms: Terms, rows: Iterable[Row]) -> list[Row]:
    """Scored stays of a month or a year with `bonus`, part of `points`; UserError where a stay has one and the region has no dip.bonus."""
    found = [{**row, "bonus": ZERO} for row in rows]
    listed: dict[str, list[Row]] = defaultdict(list)
    for row in workspace.query(TEXTS["new_technologies"]).read_all().to_pylist():
        listed[row["visit_id"]].append(row)
    given = {n: listed[row["visit_id"]] for n, row in enumerate(found) if row["visit_id"] in listed and row["special_result"] != "itemised"}  # fmt: skip
    if not given:
        return found
    rule, digits = terms.bonus, terms.points.digits
    for n, technologies in given.items():
        amounts = [_amount(found[n]["points"], one) for one in technologies]
        bonus = to_scale(max(amounts) if rule.several == "highest" else sum(amounts, ZERO), digits)
        numbers = "、".join(sorted(one["technology_no"] for one in technologies))
        found[n] |= {"bonus": bonus, "points": found[n]["points"] + bonus, "new_technologies": numbers}
    if rule.total == "kept":
        for insurance in sorted({found[n]["insurance_type"] for n in given}):
            moving = [row for row in found if row["insurance_type"] == insurance and not _at_cost(row)]
            _keep_total(moving, FINE if digits == "none" else digits)
    for row in found:
        row |= {"dip_points": millionths(row["points"])}
    return found


def put_bonuses(workspace: Workspace, made: Produced, rows: Iterable[Row], months: str | Sequence[str]) -> None:
    """The stays of some months that were given a bonus, in the place of those before."""
    given = [{**row, "bonus_points": millionths(row["bonus"])} for row in rows if row["bonus"]]
    if given or workspace.manifest("computed_dip_bonuses") is not None:
        workspace.write("computed_dip_bonuses", as_table(workspace, "computed_dip_bonuses", given), made, months)


def _amount(points: Decimal, technology: Row) -> Decimal:
    if technology["bonus_points"] is not None:
        return decimal(technology["bonus_points"])
    return points * decimal(technology["bonus_share"])


def _at_cost(row: Row) -> bool:
    """Is a stay paid its cost (by item, or ultra-low, F7) and nothing on top? It keeps its points where others are scaled down."""
    return row["special_result"] == "itemised" or (row["deviation_band"] == "low" and not row["bonus"])


def _keep_total(rows: Sequence[Row], places: int) -> None:
    """Scale points and bonus so that the points are in sum what they were without any bonus: largest remainders, `places` of a point."""
    unit = Decimal(1).scaleb(-places)
    before = sum((row["points"] - row["bonus"] for row in rows), ZERO)
    if not before:
        return
    parts = shared_out(int(before.scaleb(places)), {row["settlement_id"]: row["points"] for row in rows})
    for row in rows:
        scaled = parts[row["settlement_id"]] * unit
        row["bonus"] = to_scale(row["bonus"] * scaled / row["points"], places) if row["points"] else ZERO  # type: ignore[arg-type]
        row["points"] = scaled

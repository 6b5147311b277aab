"""What the points of an institution are made of: core, comprehensive, TCM, auxiliary, primary care, special cases, new technologies (guide §8.1).

A stay stands in one part with its own points, in this order: accepted by review, primary care, TCM, with an auxiliary subtype, comprehensive
(also 保底组), core (also the national layers of 3.0); without a group it has a part of its own. What new technologies add is a part beside them.
"""

from __future__ import annotations

from collections.abc import Iterable

from yibao.dip.pay.cases import MILLION, Row, millionths

BONUS = "bonus"
_OF_LAYER = {"comprehensive": "comprehensive", "last": "comprehensive", "primary": "primary"}


def part_of(row: Row) -> str:
    """The part in which a scored stay stands."""
    flags = (row["grouping_flags"] or "").split()
    if row["special_result"] in ("itemised", "adjusted"):
        return "special"
    if row["dip_group_code"] is None:
        return "ungrouped"
    if row["dip_layer"] == "primary" or "PRIMARY_CARE" in flags:
        return "primary"
    if "TCM" in flags:
        return "tcm"
    if (row["auxiliary_coefficient"] or MILLION) != MILLION:
        return "auxiliary"
    return _OF_LAYER.get(row["dip_layer"], "core")


def parts(rows: Iterable[Row]) -> list[Row]:
    """Cases and points by insurance type, hospital and part: rows of computed_dip_points without year and run."""
    found: dict[tuple[str, str, str], list[int]] = {}
    for row in rows:
        of = row["insurance_type"], row["provider_code"]
        bonus = millionths(row["bonus"])
        found.setdefault((*of, part_of(row)), []).append(row["dip_points"] - bonus)
        if bonus:
            found.setdefault((*of, BONUS), []).append(bonus)
    return [
        {"insurance_type": insurance, "provider_code": provider, "points_part": part, "case_count": len(of), "dip_points": sum(of)}
        for (insurance, provider, part), of in sorted(found.items())
    ]  # fmt: skip

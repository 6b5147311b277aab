"""What a year would be owed under DIP if the books were other: the same stays and points, the same fund, another booked pay.

A change of benefits moves what the pool books at the counter. What hospitals are due follows the terms instead: under a floating value
the fund is given away by points whatever is booked, and only savings and overspending are shared otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from yibao.dip.pay.cases import Row, summed, whole
from yibao.dip.pay.clearing import cells_of, given_away
from yibao.dip.pay.opening import opening_of
from yibao.dip.pay.sharing import added
from yibao.dip.pay.terms import Terms
from yibao.store.workspace import Workspace

_CASES = """SELECT c.settlement_id, c.insurance_type, c.provider_code, c.dip_group_code, c.dip_points, c.total_fee, c.booked_pay FROM computed_dip_cases AS c
WHERE YEAR(c.settlement_time) = $year"""
_OF_CASE = """SELECT s.settlement_id AS bill, c.settlement_id AS case_id FROM computed_dip_cases AS c
JOIN settlements AS s ON s.visit_id = c.visit_id WHERE YEAR(c.settlement_time) = $year AND s.is_valid"""


@dataclass(frozen=True, slots=True)
class Due:
    """A scheme's year: booked by the pool at DIP hospitals, due under DIP (before assessment and deductions), both fen; value and ratio."""

    booked: int
    due: int
    shared: int  #: of the due amount, savings and overspending
    value: Decimal
    ratio: Decimal


@dataclass(frozen=True, slots=True)
class Under:
    """A scheme as it is and as it would be."""

    insurance: str
    cases: int
    before: Due
    after: Due


def due_under(workspace: Workspace, terms: Terms, year: int, changes: Mapping[str, int]) -> list[Under]:
    """By scheme, where `changes` says by how much a settlement's pool pay would change (fen). Empty where no stay has points yet.

    UserError where the year has no opening or a term is missing.
    """
    rows = workspace.query(_CASES, year=year).read_all().to_pylist()
    if not rows:
        return []
    moved: dict[str, int] = {}
    for row in workspace.query(_OF_CASE, year=year).read_all().to_pylist():
        moved[row["case_id"]] = moved.get(row["case_id"], 0) + changes.get(row["bill"], 0)
    other = [{**row, "booked_pay": row["booked_pay"] + moved.get(row["settlement_id"], 0)} for row in rows]
    opening = opening_of(workspace, year)
    before, after = (_due(terms, opening, of) for of in (rows, other))
    return [
        Under(insurance, cases, before[insurance][1], after[insurance][1]) for insurance, (cases, _) in before.items()
    ]


def _due(terms: Terms, opening: Mapping[str, Row], rows: list[Row]) -> dict[str, tuple[int, Due]]:
    found = {}
    for insurance, of in summed(rows).items():
        paid = given_away(terms, insurance, of, opening[insurance]["dip_fund"])
        shared = sum(added(terms.sharing, *cells_of(terms, of, paid)).values())
        total = whole(of)
        due = sum(paid.payable.values()) + shared
        found[insurance] = (total.case_count, Due(total.booked_pay, due, shared, paid.value, paid.ratio))
    return found

"""From a number on a receipt to the bill: a visit or a settlement, with the person's year around it."""

from __future__ import annotations

import pyarrow as pa

from yibao.errors import UserError
from yibao.region.benefits.resolve import Benefits
from yibao.settle.batches import Settler
from yibao.settle.counted_once import recognised
from yibao.settle.explain.replay import Replayed, replay
from yibao.settle.texts import TEXTS
from yibao.store.workspace import Workspace

_FOUND = """SELECT b.bill_id, b.person_no, b.benefit_year, b.bill_id = $asked AS is_settlement FROM bills AS b
WHERE b.bill_id = $asked OR b.visit_id = $asked
UNION ALL
SELECT l.bill_id, l.person_no, l.benefit_year, l.bill_id = $asked AS is_settlement FROM live_settlements AS l
WHERE l.bill_id = $asked OR l.visit_id = $asked"""
KINDS = {"结算": True, "就诊": False}  #: what a number may be said to be


def find(workspace: Workspace, benefits: Benefits, asked: str, kind: str = "") -> list[Replayed]:
    """The bills of a visit, or the one of a settlement, in order. `kind`: which of the two the number is, where it could be both.

    UserError where there is none, and where the number is a settlement of one visit and the number of another visit.
    """
    found = workspace.query(_FOUND, asked=asked).read_all().to_pylist()
    if kind:
        found = [row for row in found if row["is_settlement"] == KINDS[kind] or len(found) == 1]
    if not found:
        raise UserError(
            f"没有就诊ID或结算ID是“{asked}”的单据。请核对号码；还没有计算过这个年度的，请先运行 yibao settle 年度。"
        )
    if len({row["person_no"] for row in found}) > 1:
        raise UserError(
            f"“{asked}”既是一次结算的结算ID，又是另一次就诊的就诊ID。请写明：explain 结算 {asked}，或 explain 就诊 {asked}。"
        )
    settler = Settler(benefits)
    replayed = []
    for year, person in sorted({(row["benefit_year"], row["person_no"]) for row in found}):
        bills = year_of(workspace, person, year)
        mine = [row["bill_id"] for row in found if (row["benefit_year"], row["person_no"]) == (year, person)]
        exported = _exported(workspace, year)
        wanted = {exported.get(bill, bill) for bill in mine}
        ids = bills["bill_id"].to_pylist()
        replayed += [replay(settler, bills, place) for place, bill in enumerate(ids) if bill in wanted]
    return replayed


def _exported(workspace: Workspace, year: int) -> dict[str, str]:
    """The platform's settlements by the counter's bills that they are."""
    rows = recognised(workspace, year)
    return dict(zip(rows["bill_id"].to_pylist(), rows["settlement_id"].to_pylist(), strict=True))


def year_of(workspace: Workspace, person: str, year: int) -> pa.Table:
    """A person's bills of a benefit year, in order of settlement."""
    rows = workspace.query(
        TEXTS["person_bills"], {"recognised": recognised(workspace, year)}, person=person, year=year
    ).read_all()
    return rows.sort_by([("settlement_time", "ascending"), ("entry_no", "ascending"), ("bill_id", "ascending")])

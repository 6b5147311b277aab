"""Trying and settling one request: the same computation, once without and once with a row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from yibao.errors import UserError
from yibao.region.benefits.knobs import YEAR_ENDS, choice
from yibao.region.benefits.resolve import Benefits
from yibao.settle.across_years import MARK
from yibao.settle.batches import Settler
from yibao.settle.closed_years import refuse_closed
from yibao.settle.counted_once import given_once
from yibao.settle.live.ledger import History, Row, append, computed, history
from yibao.settle.live.request import Request
from yibao.store.workspace import Workspace


def presettle(workspace: Workspace, benefits: Benefits, request: Request) -> Row:
    """What the request would be paid now; nothing is stored."""
    return tried(workspace, benefits, request)[1]


def settle(workspace: Workspace, benefits: Benefits, request: Request) -> Row:
    """Settle a request, once: the same request again gives the row that was stored. UserError for a changed one."""
    with workspace.writing(f"结算请求 {request.id}"):
        if stored := answered(workspace, request.id, request.content):
            return stored[0]
        _refuse_known(workspace, request.id)
        bill, paid = tried(workspace, benefits, request)
        head = {"request_id": request.id, "request_content": request.content}
        return append(workspace, bill["benefit_year"], [bill], [paid], head)[0]


def answered(workspace: Workspace, request_id: str, content: str) -> Sequence[Row]:
    """The rows that a request made before, in order; none where it is new. UserError where it said something else then."""
    sql = "SELECT l.* FROM live_settlements AS l WHERE l.request_id = $request"
    rows = workspace.query(sql, request=request_id).read_all().sort_by("entry_no").to_pylist()
    if rows and rows[0]["request_content"] != content:
        raise UserError(
            f"请求号 {request_id} 已经用过，内容与这一次不同，没有结算。重发要与原来一字不差；新的结算请用新的请求号。"
        )
    return list(rows)


def _refuse_known(workspace: Workspace, bill_id: str) -> None:
    """UserError where a settlement has the number already: of the counter (a reversal numbers several), or of the platform."""
    if workspace.query(_KNOWN, bill=bill_id).read_all().num_rows:
        raise UserError(f"已有号码为 {bill_id} 的结算，没有结算。请换一个请求号。")


_KNOWN = """SELECT l.bill_id FROM live_settlements AS l WHERE l.bill_id = $bill
UNION ALL
SELECT s.settlement_id AS bill_id FROM settlements AS s WHERE s.settlement_id = $bill"""


def tried(workspace: Workspace, benefits: Benefits, request: Request) -> tuple[Row, Row]:
    """The bill of a request and what it is paid after the person's settled year."""
    said = request.said
    year = said["stay_end_date"].year
    refuse_closed(workspace, year)
    refuse_uncollected(workspace, said["person_no"], year)
    _refuse_split(benefits, said)
    before = history(workspace, said["person_no"], year)
    if before.rows.num_rows and before.rows["settlement_time"][-1].as_py() > said["settlement_time"]:
        last = before.rows["settlement_time"][-1].as_py()
        raise UserError(f"这个人 {last:%Y-%m-%d %H:%M} 已有更晚的结算，结算时间不能早于它。")
    if any(row["visit_id"] == said["visit_id"] and not said["is_mid_stay"] and row["settlement_type"] != "mid_stay" for row in before.standing):  # fmt: skip
        raise UserError(f"就诊 {said['visit_id']} 已经结算过，没有再结算。要改的先冲正原来的结算。")
    bill = _bill(workspace, benefits, request, before, year)
    return bill, computed(Settler(benefits), before, [bill])[0]


def _refuse_split(benefits: Benefits, said: Row) -> None:
    """UserError for a stay over the end of a year that the region settles in parts: each part is a request of its own."""
    start, end = said["stay_start_date"], said["stay_end_date"]
    if start.year == end.year:
        return
    words = (("scheme", said["insurance_type"]), ("care", said["care_type"]))
    scheme, care = (benefits.pack.value(f"interface.{name}", on=end).get(code) for name, code in words)
    if care == "inpatient" and choice(benefits.pack.value(f"{scheme}.{care}.year_end", on=end), YEAR_ENDS) != "whole_at_discharge":  # fmt: skip
        raise UserError(f"{start} 至 {end} 的住院跨年，本地区按年度分段结算，请每一段作一个请求。")


def refuse_uncollected(workspace: Workspace, person: str, year: int) -> None:
    """UserError where a settlement of the person was imported and is no bill yet: a history without it would be wrong."""
    given = {"strays": given_once(workspace, year)["strays"]}
    rows = workspace.query(_UNCOLLECTED, given, person=person, year=year).read_all()["settlement_id"].to_pylist()
    if rows:
        raise UserError(
            f"这个人有平台的结算 {'、'.join(sorted(rows)[:3])} 还没有整理成单据，请先运行 yibao settle {year}。"
        )


_UNCOLLECTED = f"""SELECT s.settlement_id FROM settlements AS s
WHERE s.person_no = $person AND s.benefit_year = $year AND s.is_valid
    AND NOT EXISTS (SELECT 1 AS one FROM strays AS x WHERE x.settlement_id = s.settlement_id)
    AND NOT EXISTS (SELECT 1 AS one FROM bills AS b WHERE b.person_no = $person AND (b.bill_id = s.settlement_id OR STARTS_WITH(b.bill_id, s.settlement_id || '{MARK}')))"""


def _bill(workspace: Workspace, benefits: Benefits, request: Request, before: History, year: int) -> Row:
    """The bill: what the request says of the visit, what the tables say of the person and the provider."""
    said = dict(request.said)
    start, end = said["stay_start_date"], said["stay_end_date"]
    person = workspace.row("persons", [said["person_no"]])
    if person is None:
        raise UserError(f"“人员”表里没有人员编号 {said['person_no']}，请核对。")
    provider = workspace.row("providers", [said["provider_code"]])
    if provider is None and not said["hospital_level"]:
        raise UserError(f"“定点医药机构”表里没有 {said['provider_code']}，请核对；外地的机构请写明医院等级。")
    _refuse_lifeless(person, start)
    enrolled = _enrolled(workspace, said["person_no"], said["insurance_type"], start)
    _refuse_waiting(workspace, said["person_no"], said["insurance_type"], year, start)
    raised = workspace.row("cap_raises", [said["person_no"], year]) or {"cap_raise": 0}
    born: Any = person["birth_date"]
    held = workspace.query(_HELD, person=said["person_no"], on=start).read_all()["identity_type"].to_pylist()
    counted = benefits.counted(held, end)
    return {
        **said, "benefit_year": year, "bill_id": request.id, "reverses_bill_id": None, "policy_date": end,
        "discharge_month": end.year * 100 + end.month, "person_category": enrolled["person_category"],
        "hospital_level": said["hospital_level"] or (provider or {}).get("hospital_level"),
        "identity_type": None if counted == "ordinary" else counted, "is_civil_servant": enrolled["is_civil_servant"],
        "is_enterprise_supplemented": bool(enrolled["is_enterprise_supplemented"]), "age_years": start.year - born.year - ((start.month, start.day) < (born.month, born.day)),
        "account_credited": said["account_balance_before"] + before.spent, "cap_raise": raised["cap_raise"], "is_eligible": True,
    }  # fmt: skip


def _refuse_lifeless(person: Row, start: date) -> None:
    """UserError for a stay that begins before the person was born or after the person died."""
    if start < person["birth_date"]:
        raise UserError(f"人员 {person['person_no']} {person['birth_date']} 出生，{start} 的就诊在出生以前，请核对。")
    if person["death_date"] is not None and start > person["death_date"]:
        raise UserError(
            f"人员 {person['person_no']} 已于 {person['death_date']} 死亡，{start} 的就诊在死亡以后，不能结算。请核实。"
        )


RESIDENT = "390"  #: insutype; only residents wait
_HELD = """SELECT i.identity_type FROM identities AS i
WHERE i.person_no = $person AND i.identity_start <= $on AND (i.identity_end IS NULL OR i.identity_end >= $on)"""
_ENROLLED = """SELECT e.person_category, e.is_civil_servant, e.is_enterprise_supplemented FROM enrolments AS e
WHERE e.person_no = $person AND e.insurance_type = $insurance AND e.enrolment_start_date <= $on
    AND (e.enrolment_pause_date IS NULL OR e.enrolment_pause_date >= $on)"""


def _enrolled(workspace: Workspace, person: str, insurance: str, on: date) -> Row:
    """The enrolment that holds on the first day of the stay; UserError where there is none."""
    rows = workspace.query(_ENROLLED, person=person, insurance=insurance, on=on).read_all().to_pylist()
    if not rows:
        raise UserError(f"人员 {person} 在 {on} 没有险种 {insurance} 的参保关系，不能结算。请核对参保状态。")
    return max(rows, key=lambda row: str(row["person_category"]))


def _refuse_waiting(workspace: Workspace, person: str, insurance: str, year: int, on: date) -> None:
    """UserError for a resident whose benefits of the year had not begun when the stay did."""
    waiting: Any = workspace.row("benefit_waiting", [person, year]) if insurance == RESIDENT else None
    if waiting is not None and waiting["benefit_start_date"] > on:
        raise UserError(f"人员 {person} 在 {on} 还在等待期，{waiting['benefit_start_date']} 起才享受待遇，不能结算。")

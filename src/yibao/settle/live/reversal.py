"""Taking a settlement back: the person's last one at once; an earlier one only after a list of all later ones was approved.

Out of order, every later settlement is taken back, the last first, then the one that was asked for, then the later ones are
settled again: rows are only added, and between any two of them the ledger is one that could have come about in order.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from yibao.errors import UserError
from yibao.region.benefits.resolve import Benefits
from yibao.settle.batches import RESULT, Settler
from yibao.settle.closed_years import refuse_closed
from yibao.settle.counted_once import recognised
from yibao.settle.live.entries import answered, refuse_uncollected
from yibao.settle.live.ledger import BILLS, Row, append, computed, history, reversal_of
from yibao.store.workspace import Workspace

AMOUNTS = tuple(name for name in RESULT.names if name.endswith(("_pay", "_paid", "_burden", "_total")))


@dataclass(frozen=True, slots=True)
class Preview:
    """A reversal before it is done."""

    bill_id: str
    later: tuple[tuple[Row, Row], ...]  #: every later settlement as it stands, and as it would be settled again
    list_id: str  #: of this list: what is approved is what was shown
    bills: tuple[Row, ...]  #: what would be added
    results: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Approval:
    by: str
    reason: str
    list_id: str


def preview(workspace: Workspace, benefits: Benefits, bill_id: str, request_id: str, when: datetime) -> Preview:
    """What a reversal would do; stores nothing. UserError where it may not be done at all."""
    target = _target(workspace, bill_id)
    refuse_closed(workspace, target["benefit_year"])
    refuse_uncollected(workspace, target["person_no"], target["benefit_year"])
    before = history(workspace, target["person_no"], target["benefit_year"])
    standing = [row["bill_id"] for row in before.standing]
    if bill_id not in standing:
        _refuse_exported(workspace, target)
        raise UserError(f"结算 {bill_id} 已经冲正过，不能再次冲正。")
    later = before.standing[standing.index(bill_id) + 1 :]
    if foreign := [row["bill_id"] for row in later if not row["entry_no"]]:
        raise UserError(f"结算 {bill_id} 之后有平台的结算 {'、'.join(foreign[:3])}，请先在平台冲正，再导入。")
    if before.rows["settlement_time"][-1].as_py() > when:
        raise UserError("冲正的时间不能早于这个人最后一次结算。")
    backwards = [*reversed(later), before.standing[standing.index(bill_id)]]
    numbers = _numbered(request_id, len(backwards) + len(later))
    bills = [reversal_of(row, number, when) for row, number in zip(backwards, numbers, strict=False)]
    again = zip(later, numbers[len(backwards) :], strict=True)
    bills += [{**row, "bill_id": number, "settlement_time": when} for row, number in again]
    results = computed(Settler(benefits), before, bills)
    stored = {row["bill_id"]: row for row in _rows(workspace, target)}
    pairs = tuple((stored[row["bill_id"]], again) for row, again in zip(later, results[len(later) + 1 :], strict=True))
    kept = tuple({name: bill[name] for name in BILLS.names} for bill in bills)
    return Preview(bill_id, pairs, _list_id(bill_id, pairs), kept, tuple(results))


def reverse(
    workspace: Workspace,
    benefits: Benefits,
    bill_id: str,
    request_id: str,
    when: datetime,
    approval: Approval | None = None,
) -> Sequence[Row]:
    """Take a settlement back; the rows that were added. The same request again gives the same rows.

    UserError out of order without an approval, and where the list is no longer the one that was approved.
    """
    content = hashlib.sha256(f"reverse {bill_id}".encode()).hexdigest()
    with workspace.writing(f"冲正 {bill_id}"):
        if stored := answered(workspace, request_id, content):
            return stored
        shown = preview(workspace, benefits, bill_id, request_id, when)
        if shown.later and approval is None:
            raise UserError(
                f"结算 {bill_id} 之后还有 {len(shown.later)} 次结算，按后结先退不能单独冲正。请先看预览清单，批准后写明 --by、--reason 和 --list {shown.list_id}。"
            )
        if shown.later and approval is not None and approval.list_id != shown.list_id:
            raise UserError(f"批准的清单 {approval.list_id} 与现在的 {shown.list_id} 不同，请重新预览、批准。")
        head = {"request_id": request_id, "request_content": content}
        if shown.later and approval is not None:
            head |= {"approved_by": approval.by, "approval_reason": approval.reason}
        return append(workspace, shown.bills[0]["benefit_year"], shown.bills, shown.results, head)


def changed(before: Row, after: Row) -> dict[str, tuple[int, int]]:
    """The amounts of a settlement that would be others."""
    return {name: (before[name], after[name]) for name in AMOUNTS if before[name] != after[name]}


def _numbered(request_id: str, size: int) -> list[str]:
    """The numbers of the rows that a request adds: in order also as texts, since they all have one time.

    >>> _numbered("R", 1), _numbered("R", 3), _numbered("R", 11)[:2]
    (['R'], ['R-1', 'R-2', 'R-3'], ['R-01', 'R-02'])
    """
    if size == 1:
        return [request_id]
    return [f"{request_id}-{n:0{len(str(size))}d}" for n in range(1, size + 1)]


def _refuse_exported(workspace: Workspace, target: Row) -> None:
    """UserError where the platform has the settlement: what it exported is taken back there."""
    pairs = recognised(workspace, target["benefit_year"]).to_pylist()
    if there := [row["settlement_id"] for row in pairs if row["bill_id"] == target["bill_id"]]:
        raise UserError(f"结算 {target['bill_id']} 平台已经导出，结算ID是 {there[0]}，请在平台冲正，再导入。")


def _target(workspace: Workspace, bill_id: str) -> Row:
    sql = "SELECT l.* FROM live_settlements AS l WHERE l.bill_id = $bill"
    rows = workspace.query(sql, bill=bill_id).read_all().to_pylist()
    if not rows:
        raise UserError(f"没有逐笔结算的结算 {bill_id}。平台的结算请在平台冲正。")
    if rows[0]["reverses_bill_id"]:
        raise UserError(f"{bill_id} 本身是冲正，不能再冲正。")
    return dict(rows[0])


def _rows(workspace: Workspace, target: Row) -> list[Row]:
    sql = "SELECT l.* FROM live_settlements AS l WHERE l.person_no = $person AND l.benefit_year = $year"
    return list(workspace.query(sql, person=target["person_no"], year=target["benefit_year"]).read_all().to_pylist())


def _list_id(bill_id: str, pairs: Sequence[tuple[Row, Row]]) -> str:
    said = [
        bill_id,
        *[(old["bill_id"], [old[name] for name in AMOUNTS], [new[name] for name in AMOUNTS]) for old, new in pairs],
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:12]

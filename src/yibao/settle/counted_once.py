"""What counts once, and what cannot count: counter settlements that the platform exported later, reversals of nothing, settlements of no visit.

A settlement at the counter and its export are one: the platform's row counts, the counter's stays in the ledger beside it. Which
export belongs to which is told by the number (its own, or the one that the hospital sent), else by the visit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa

from yibao.settle.texts import TEXTS
from yibao.store.listing import Headings, Listing
from yibao.store.workspace import Given, Workspace

RECOGNISED = pa.schema([("bill_id", pa.string()), ("settlement_id", pa.string()), ("recognised_by", pa.string())])
STRAYS = pa.schema([("settlement_id", pa.string())])

STRAY_REASONS: Mapping[str, str] = {
    "unnamed": "没有写明原结算ID",
    "absent": "医保结算表里没有这一笔原结算",
    "invalid": "原结算是无效的，没有计入",
    "of_reversal": "原结算本身是冲正",
    "other_person": "原结算是另一个人的",
    "other_year": "原结算属于另一个待遇年度",
    "too_early": "冲正早于原结算",
    "again": "原结算已由另一笔冲正",
}
_STRAY: Headings = (
    ("冲正的结算ID", "text"), ("原结算ID", "text"), ("人员编号", "text"), ("结算时间", "date"), ("医疗费总额", "money"), ("基金支付", "money"), ("原因", "text"),
)  # fmt: skip
_STRAY_NOTES = ("这些冲正的金额没有计入本年度的计算；请按原因核对原结算ID、待遇年度，在平台改正后重新导入。",)
_ORPHAN: Headings = (
    ("结算ID", "text"), ("就诊ID", "text"), ("人员编号", "text"), ("结算时间", "date"), ("医疗费总额", "money"), ("基金支付", "money"), ("原因", "text"),
)  # fmt: skip
_ORPHAN_NOTES = ("这些结算的金额没有计入本年度的计算；请导入缺少的就诊或人员，或在平台核对。",)
ORPHAN_REASONS: Mapping[str, str] = {"visit": "就诊表里没有这次就诊", "person": "人员表里没有这个人"}

#: the amounts that are held against each other
AMOUNTS = (
    "total_fee", "in_scope_total", "deductible_paid", "pool_fund_pay", "civil_servant_pay", "enterprise_supplement_pay",
    "resident_critical_illness_pay", "employee_large_amount_pay", "disabled_person_pay", "medical_aid_pay", "other_fund_pay",
    "hospital_burden", "account_pay", "cash_pay",
)  # fmt: skip
BY: Mapping[str, str] = {"number": "单据号相同", "visit": "就诊相同", "original": "冲正同一笔"}
_PAIRED = f"""SELECT r.recognised_by, l.bill_id, s.settlement_id, l.person_no, l.settlement_time, {", ".join(f"l.{name} AS ours_{name}, s.{name} AS theirs_{name}" for name in AMOUNTS)}
FROM recognised AS r
JOIN live_settlements AS l ON l.bill_id = r.bill_id AND l.benefit_year = $year
JOIN settlements AS s ON s.settlement_id = r.settlement_id
ORDER BY l.entry_no NULLS LAST, l.bill_id NULLS LAST"""
_OPEN = """SELECT x.bill_id, x.settlement_id, l.bill_id AS back_id FROM recognised AS x
JOIN live_settlements AS l ON l.reverses_bill_id = x.bill_id AND l.benefit_year = $year
LEFT JOIN recognised AS y ON y.bill_id = l.bill_id
WHERE y.bill_id IS NULL
ORDER BY x.bill_id NULLS LAST"""
_DIFFERS: Headings = (
    ("窗口的单据号", "text"), ("平台的结算ID", "text"), ("认出的依据", "text"), ("人员编号", "text"), ("项目", "text"), ("窗口", "money"), ("平台", "money"), ("平台减窗口", "money"),
)  # fmt: skip


def recognised(workspace: Workspace, year: int) -> pa.Table:
    """The counter's settlements of a year that the platform exported: bill_id, settlement_id, recognised_by; one to one."""
    ledger = workspace.manifest("live_settlements")
    if ledger is None or not any(file.partition == str(year) for file in ledger.files):
        return RECOGNISED.empty_table()
    return workspace.query(TEXTS["recognised"], year=year).read_all().cast(RECOGNISED)


def given_once(workspace: Workspace, year: int) -> Given:
    """What the texts over a year's settlements need in order to count each once."""
    strays = workspace.query(TEXTS["stray_reversals"], year=year).read_all()
    return {"recognised": recognised(workspace, year), "strays": strays.select(STRAYS.names).cast(STRAYS)}


def stray_listing(workspace: Workspace, year: int) -> Listing:
    """The platform's reversals that the year cannot count, with the reason."""
    found = workspace.query(TEXTS["stray_reversals"], year=year).read_all().sort_by("settlement_id").to_pylist()
    rows = [
        (row["settlement_id"], row["original_settlement_id"], row["person_no"], row["settlement_time"], row["total_fee"], row["fund_pay_total"], _why(row))
        for row in found
    ]  # fmt: skip
    return Listing("未计算的冲正", f"{year} 年没有计算的冲正，{len(rows)} 笔", _STRAY, rows, _STRAY_NOTES)


def orphan_listing(workspace: Workspace, year: int) -> Listing:
    """The platform's settlements that the year cannot count, since their visit or person is not there."""
    found = workspace.query(TEXTS["orphans"], year=year).read_all().sort_by("settlement_id").to_pylist()
    names = ("settlement_id", "visit_id", "person_no", "settlement_time", "total_fee", "fund_pay_total")
    rows = [(*(row[name] for name in names), ORPHAN_REASONS[row["orphan_reason"]]) for row in found]
    return Listing("未计算的结算", f"{year} 年没有计算的结算，{len(rows)} 笔", _ORPHAN, rows, _ORPHAN_NOTES)


def _why(row: Mapping[str, Any]) -> str:
    said = STRAY_REASONS[row["stray_reason"]]
    return f"{said}（{row['original_year']} 年）" if row["stray_reason"] == "other_year" else said


def exported_listing(workspace: Workspace, year: int) -> Listing | None:
    """Where the counter's settlements and the platform's of the same bills say other amounts; None where none was exported yet."""
    pairs = recognised(workspace, year)
    if not pairs.num_rows:
        return None
    found = workspace.query(_PAIRED, {"recognised": pairs}, year=year).read_all().to_pylist()
    rows = [row for pair in found for row in _differing(workspace, pair)]
    ledger = workspace.query("SELECT l.bill_id FROM live_settlements AS l WHERE l.benefit_year = $year", year=year)
    notes = [
        f"逐笔结算 {ledger.read_all().num_rows} 行，平台已经导出 {len(found)} 行，只计一次，以平台的为准；金额不同的 {len({row[0] for row in rows})} 行。"
    ]
    undone = workspace.query(_OPEN, {"recognised": pairs}, year=year).read_all().to_pylist()
    notes += [
        f"窗口已用 {row['back_id']} 冲正 {row['bill_id']}，平台的同一笔 {row['settlement_id']} 还没有冲正；本年度按已冲正计，请在平台冲正。"
        for row in undone
    ]
    title = f"{year} 年逐笔结算与平台导出的同一笔，金额不同的项目"
    return Listing("窗口与平台", title, _DIFFERS, rows, notes)


def once_listings(workspace: Workspace, year: int) -> list[Listing]:
    """What people must know of a year's counting: the listings that say anything."""
    exported = exported_listing(workspace, year)
    left_out = (stray_listing(workspace, year), orphan_listing(workspace, year))
    return [*([exported] if exported else []), *(listing for listing in left_out if listing.rows)]


def _differing(workspace: Workspace, pair: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    for name in AMOUNTS:
        ours, theirs = pair[f"ours_{name}"], pair[f"theirs_{name}"]
        if ours != theirs:
            label = workspace.vocabulary.elements[name].label
            yield (pair["bill_id"], pair["settlement_id"], BY[pair["recognised_by"]], pair["person_no"], label, ours, theirs, theirs - ours)  # fmt: skip

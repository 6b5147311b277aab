"""What may have been paid twice in a benefit year: leads for the office that pays, from settlements that stand.

One visit settled twice; one bill (person, provider, care, days, total) under two visits; one person in two hospitals at a time. A stay
settled in parts is no duplicate, nor is a counter settlement beside its own export. Supervision asks other questions elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from yibao.region.pack import Pack
from yibao.settle.counted_once import recognised
from yibao.settle.payables import inpatient
from yibao.settle.texts import TEXTS
from yibao.store.listing import Headings, Listing
from yibao.store.workspace import Workspace

KINDS: Mapping[str, str] = {
    "same_visit": "同一就诊结算两次",
    "same_bill": "同一张单据结算两次",
    "two_places": "同一时间在两家机构住院",
}
_HEADINGS: Headings = (
    ("情形", "text"), ("人员编号", "text"), ("先结算的单据", "text"), ("结算时间", "date"), ("机构", "text"), ("开始", "date"), ("结束", "date"), ("医疗费总额", "money"),
    ("后结算的单据", "text"), ("结算时间", "date"), ("机构", "text"), ("开始", "date"), ("结束", "date"), ("医疗费总额", "money"), ("后一次基金支付", "money"),
)  # fmt: skip
_SETTLED = """SELECT COUNT(*) AS settled FROM settlements AS s WHERE s.benefit_year = $year AND s.is_valid AND NOT s.is_reversal"""


def paid_twice(workspace: Workspace, pack: Pack, year: int) -> Listing:
    """The pairs of a year, the clearest first; an overlap of stays is none where one ends on the day the other begins."""
    given = {"recognised": recognised(workspace, year), "inpatient": inpatient(pack, date(year, 12, 31))}
    found: list[dict[str, Any]] = workspace.query(TEXTS["paid_twice"], given, year=year).read_all().to_pylist()
    settled = workspace.query(_SETTLED, year=year).read_all()["settled"][0].as_py()
    rows = [_row(row) for row in found]
    counts = "，".join(
        f"{KINDS[kind]} {n:,} 对" for kind in KINDS if (n := sum(row["twice_kind"] == kind for row in found))
    )
    notes = (
        f"核对了 {year} 年有效、没有冲正的结算 {settled:,} 笔" + (f"：{counts}" if counts else ""),
        "中途结算的各段、窗口结算与平台导出的同一笔，不算重复；一次出院当日另一次入院，不算重叠",
        "只是线索：核实以后，在平台冲正多付的一笔；本表不改动任何结算",
    )
    return Listing("重复支付线索", f"{year} 年可能支付了两次的结算（{len(rows):,} 对）", _HEADINGS, rows, notes)


def _in_order(row: Mapping[str, Any]) -> bool:
    return (row["first_time"], row["first_id"]) <= (row["second_time"], row["second_id"])


def _row(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """A pair with the one that was settled first in front."""
    sides = ("first", "second") if _in_order(row) else ("second", "first")
    columns = ("id", "time", "provider", "start", "end", "fee")
    told = [row[f"{side}_{column}"] for side in sides for column in columns]
    return (KINDS[row["twice_kind"]], row["person_no"], *told, row[f"{sides[1]}_paid"])

"""Inpatient settlements of the counter that the platform has not exported yet: they are no cases, and are told so that nobody misses them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from yibao.dip.pay.cases import TEXTS, inpatient_codes
from yibao.money import Fen, in_unit
from yibao.region.pack import Pack
from yibao.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class NotExported:
    """How many, and their total cost (fen)."""

    bills: int
    total_fee: int

    def told(self) -> str:
        """The sentence; empty where there are none."""
        if not self.bills:
            return ""
        fee = in_unit(Fen(self.total_fee), "元")
        return f"窗口逐笔结算的住院有 {self.bills:,} 笔（医疗费 {fee:,.2f} 元）平台还没有导出，没有计入病例；导出并导入、分组后再运行一次。"


def not_exported(workspace: Workspace, pack: Pack, first: date, last: date) -> NotExported:
    """Of a stretch of days, by settlement time; only hospitals paid by score."""
    if workspace.manifest("live_settlements") is None:
        return NotExported(0, 0)
    given = {"inpatient": inpatient_codes(pack, last)}
    [row] = workspace.query(TEXTS["not_exported"], given, first_day=first, last_day=last).read_all().to_pylist()
    return NotExported(row["bills"], row["total_fee"])

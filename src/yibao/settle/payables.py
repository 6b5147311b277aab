"""Every settled amount as a payable: who owes whom, when it is due, and how much of it was paid.

Cash is paid at the counter. What a fund owes is paid by month and provider (or area, or person), so what was paid of such a group
is allotted to its payables in the order in which they are due: Σ payables = Σ paid + Σ open, by group and altogether.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa

from yibao.errors import UserError
from yibao.region.pack import Pack
from yibao.settle.run import TEXTS
from yibao.store.manifest import Manifest
from yibao.store.workspace import Workspace

FUNDS = (
    "pool", "critical_illness", "large_amount", "civil_servant", "enterprise_supplement", "disabled_person", "medical_aid",
    "other_fund", "account",
)  # fmt: skip
FUND_OF = {"310": "employee", "390": "resident", "340": "employee"}  #: insurance type → the books that pay
#: at home some amounts are paid under an insurance type of their own (guide benefits §11.1)
PAID_AS = {"critical_illness": "392", "large_amount": "330", "civil_servant": "330", "medical_aid": ""}
KIND_OF = {"critical_illness": "critical_illness", "account": "account"}
_READ = ("settlements", "live_settlements", "visits", "providers", "payments")


def write_payables(workspace: Workspace, pack: Pack, year: int) -> Manifest:
    """Write the payables of a benefit year. UserError names a parameter that the pack lacks."""
    on = date(year, 12, 31)
    given = {"owings": _owings(), "months": _months(pack, year), "inpatient": _inpatient(pack, on)}
    month, day = (int(number) for number in pack.value("payable.dip.clearing", on=on))
    rows = workspace.query(
        TEXTS["payables"],
        given,
        year=year,
        manual_days=int(pack.number("payable.manual.days", on=on)),
        dip_monthly=int(pack.number("payable.dip.monthly", on=on) * 10_000),
        clearing_day=date(year + 1, month, day),
    )
    produced = workspace.produced("yibao settle payables", reads=_READ, year=year, region=pack.code)
    manifest = workspace.write("payables", rows, produced, str(year))
    if not any(file.partition == str(year) for file in manifest.files):
        raise UserError(f"{year} 年没有结算，因此没有应付款。请先导入结算，或检查年度。")
    return manifest


def unmatched(workspace: Workspace, year: int) -> int:
    """What was paid for a year's settlements beyond every payable, fen: 0 where payments and settlements agree."""
    paid = workspace.query(_PAID, year=year).read_all()["paid"][0].as_py() or 0
    allotted = workspace.query(_ALLOTTED, year=year).read_all()["paid"][0].as_py() or 0
    return int(paid - allotted)


_PAID = """SELECT CAST(SUM(y.paid_amount) AS BIGINT) AS paid FROM payments AS y WHERE y.service_year = $year
    AND y.payment_kind IN ('monthly', 'dip', 'advance', 'clearing', 'critical_illness', 'account', 'out_of_area', 'manual')"""
_ALLOTTED = "SELECT CAST(SUM(p.settled_amount) AS BIGINT) AS paid FROM payables AS p WHERE p.benefit_year = $year AND p.debtor = 'fund'"


def _owings() -> pa.Table:
    """What may be owed, by insurance type and way of settling: how it is called in the payments."""
    rows: list[dict[str, Any]] = []
    for insurance, fund in FUND_OF.items():
        for way, kind in (("home", "monthly"), ("away", "out_of_area"), ("manual", "manual")):
            rows.append({"owing": "cash", "payment_kind": "", "fund": "", "paid_insurance": "", "insurance_type": insurance, "way": way})  # fmt: skip
            for owing in FUNDS:
                aid = owing == "medical_aid"
                rows.append({
                    "owing": owing, "insurance_type": insurance, "way": way, "fund": "medical_aid" if aid else fund,
                    "payment_kind": KIND_OF.get(owing, kind) if way == "home" else kind,
                    "paid_insurance": PAID_AS.get(owing, insurance) if way == "home" else "" if aid else insurance,
                })  # fmt: skip
    return pa.Table.from_pylist(rows)


def _months(pack: Pack, year: int) -> pa.Table:
    """When the settlements of a month are due, by the rule of that month; also those settled in the two years after."""
    rows = []
    for number in range(36):
        this, following = (date(year + n // 12, n % 12 + 1, 1) for n in (number, number + 1))
        provider, away = (int(pack.number(f"payable.{of}.day", on=this)) for of in ("provider", "away"))
        rows.append((this.year * 100 + this.month, following.replace(day=provider), following.replace(day=away)))
    month, at_home, elsewhere = zip(*rows, strict=True)
    return pa.table({"month": pa.array(month, pa.int64()), "provider_day": list(at_home), "away_day": list(elsewhere)})


def _inpatient(pack: Pack, on: date) -> pa.Table:
    """The care types that are stays."""
    words = pack.value("interface.care", on=on)
    return pa.table({"care_type": [str(code) for code, word in words.items() if word == "inpatient"]})

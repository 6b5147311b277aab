"""Every settled amount as a payable: who owes whom, when it is due, and how much of it was paid.

Cash is paid at the counter. What a fund owes is paid by month and provider (or area, or person), so what was paid of such a group
is allotted to its payables in the order in which they are due: Σ payables = Σ paid + Σ open, by group and altogether.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from yibao.errors import UserError
from yibao.region.pack import Pack
from yibao.settle.counted_once import recognised
from yibao.settle.texts import TEXTS
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
_READ = (
    "settlements",
    "bills",
    "live_settlements",
    "visits",
    "providers",
    "provider_agreements",
    "payments",
    "dip_payables",
)


def write_payables(workspace: Workspace, pack: Pack, year: int) -> Manifest:
    """Write the payables of a benefit year. UserError names a parameter that the pack lacks."""
    on = date(year, 12, 31)
    given = {
        "owings": _owings(),
        "months": _months(pack, year),
        "inpatient": inpatient(pack, on),
        "recognised": recognised(workspace, year),
    }
    month, day = (int(number) for number in pack.value("payable.dip.clearing", on=on))
    rows = workspace.query(
        TEXTS["payables"],
        given,
        year=year,
        manual_days=int(pack.number("payable.manual.days", on=on)),
        dip_monthly=int(pack.number("payable.dip.monthly", on=on) * 10_000),
        clearing_day=date(year + 1, month, day),
        later_days=int(later.value) if (later := pack.find("payable.later.days", on=on)) else 0,
    )
    produced = workspace.produced("yibao settle payables", reads=_READ, year=year, region=pack.code)
    manifest = workspace.write("payables", rows, produced, str(year))
    if not any(file.partition == str(year) for file in manifest.files):
        raise UserError(f"{year} 年没有结算，因此没有应付款。请先导入结算，或检查年度。")
    return manifest


@dataclass(frozen=True, slots=True)
class Books:
    """The payables of the funds for a year beside the payments for it, fen."""

    owed: int
    entered: int  #: what the payments say is due, paid or not
    allotted: int  #: of what was paid, what stands against payables
    paid: int
    by_score: int  #: of `owed` − `entered`, where bookings stand for what points decide, and the payments say what they decided

    @property
    def unexplained(self) -> int:
        """What is owed beyond what the payments say is due, apart from payment by score."""
        return self.owed - self.entered - self.by_score

    @property
    def beyond(self) -> int:
        """Paid beyond what is owed so far: advances and monthly payments that a clearing takes back."""
        return self.paid - self.allotted


def compared(workspace: Workspace, year: int) -> Books:
    """Both sides of a year; they agree where nothing is `unexplained`."""
    payables = workspace.query(_PAYABLES, year=year).read_all().to_pylist()[0]
    payments = workspace.query(_PAYMENTS, year=year).read_all().to_pylist()[0]
    booked, decided = payables["by_score"] or 0, payments["by_score"] or 0
    stands_in = booked - decided if booked and decided and not payables["by_dip"] else 0
    return Books(
        payables["owed"] or 0, payments["entered"] or 0, payables["allotted"] or 0, payments["paid"] or 0, stands_in
    )  # fmt: skip


_PAYABLES = """SELECT CAST(SUM(p.payable_amount) AS BIGINT) AS owed, CAST(SUM(p.settled_amount) AS BIGINT) AS allotted,
    CAST(SUM(CASE WHEN p.payable_part IN ('monthly', 'clearing') AND p.owing = 'pool' THEN p.payable_amount ELSE 0 END) AS BIGINT) AS by_score,
    CAST(SUM(CASE WHEN p.owing = 'dip' THEN 1 ELSE 0 END) AS BIGINT) AS by_dip
FROM payables AS p WHERE p.benefit_year = $year AND p.debtor = 'fund'"""
_PAYMENTS = """SELECT CAST(SUM(y.due_amount) AS BIGINT) AS entered, CAST(SUM(y.paid_amount) AS BIGINT) AS paid,
    CAST(SUM(CASE WHEN y.payment_kind IN ('dip', 'advance', 'clearing') THEN y.due_amount ELSE 0 END) AS BIGINT) AS by_score
FROM payments AS y WHERE y.service_year = $year
    AND y.payment_kind IN ('monthly', 'dip', 'advance', 'clearing', 'critical_illness', 'account', 'out_of_area', 'manual')"""


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


def inpatient(pack: Pack, on: date) -> pa.Table:
    """The care types that are stays."""
    words = pack.value("interface.care", on=on)
    return pa.table({"care_type": [str(code) for code, word in words.items() if word == "inpatient"]})

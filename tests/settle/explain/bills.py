"""Bills for tests, from a few words each: what is not said is an ordinary stay of an adult resident at a county hospital."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from yibao.money import exact_fen
from yibao.region.benefits.resolve import Benefits
from yibao.region.packs import load_packs
from yibao.store.schema import arrow_schema
from yibao.vocabulary.tables import load_tables

FOLDER = Path(__file__).parent
FEES = ("full_selfpay_total", "over_cap_total", "pre_selfpay_total", "in_scope_total")
BILLS = arrow_schema(load_tables().tables["bills"])
USUAL: Mapping[str, Any] = {
    "person_no": "P1", "benefit_year": 2025, "reverses_bill_id": None, "provider_code": "H1", "insurance_type": "390",
    "person_category": "15", "care_type": "21", "settlement_type": "online", "is_eligible": True, "hospital_level": "2", "away_kind": "home", "is_across_province": False,
    "identity_type": None, "is_civil_servant": False, "is_enterprise_supplemented": False, "age_years": 52,
    "disease_code": None, "maternity_type": None, "fetus_count": None, "is_signed_provider": False, "is_transfer": False,
    "is_mid_stay": False, "is_epidemic": False, "continues": "new",
}  # fmt: skip


def benefits(known_at: date | None = None) -> Benefits:
    """The rules of 试验市, as they were known at a day."""
    return Benefits(load_packs(FOLDER / "packs")["cn-99"], known_at)


def bills(said: Sequence[Mapping[str, Any]]) -> pa.Table:
    """A person's year; amounts in yuan, balances as of before the first bill."""
    rows: list[dict[str, Any]] = []
    for number, bill in enumerate(said, 1):
        rows.append(_reversal(rows, bill, number) if "reverses" in bill else _bill(bill, number))
    return pa.Table.from_pylist(rows, schema=BILLS)


def _bill(said: Mapping[str, Any], number: int) -> dict[str, Any]:
    words = dict(said)
    on = words.pop("day", date(2025, 6, 10))
    fees = [int(exact_fen(str(fee))) for fee in words.pop("fees")]
    balance, family, raised = (int(exact_fen(str(words.pop(name, 0)))) for name in ("balance", "family", "cap_raise"))
    stays = words.get("care_type", "21") == "21"
    row = {
        **USUAL, "bill_id": f"S{number}", "visit_id": f"V{number}", "settlement_time": datetime.combine(on, time(10)),
        "stay_start_date": on - timedelta(days=7) if stays else on, "policy_date": on, "discharge_month": on.year * 100 + on.month,
        "total_fee": sum(fees), **dict(zip(FEES, fees, strict=True)), "account_credited": balance,
        "is_account_used": balance > 0, "family_available": family, "cap_raise": raised,
    }  # fmt: skip
    assert set(words) <= set(USUAL), words
    return {**row, **words}


def _reversal(rows: Sequence[Mapping[str, Any]], said: Mapping[str, Any], number: int) -> dict[str, Any]:
    of = rows[said["reverses"] - 1]
    amounts = {name: -of[name] for name in ("total_fee", *FEES)}
    when = datetime.combine(said["day"], time(10))
    return {**of, **amounts, "bill_id": f"S{number}", "reverses_bill_id": of["bill_id"], "settlement_time": when}

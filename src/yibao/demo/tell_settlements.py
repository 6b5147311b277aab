"""The settlements, told from the shelf: what the platform reports, reversals among them, and what each fund paid."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from yibao.demo.arrays import DAY, Ints, Rows
from yibao.demo.institutions import DIP
from yibao.demo.records import CARES, INPATIENT, Shelf, ids, person_ids
from yibao.demo.settings import COUNTY_CODE, POOLING_AREA
from yibao.demo.strings import named
from yibao.demo.tell_visits import BATCH, INSURANCE, blocks, category
from yibao.demo.world import World
from yibao.demo.write import chosen, rows

_CLEARING = ("outpatient", "chronic", "outpatient", "pharmacy", "inpatient")
FUNDS = (("pool", ("390101", "310101")), ("critical", ("390201", "390201")), ("aid", ("610101", "610101")), ("large", ("999996", "999996")))  # fmt: skip


def settlement_rows(visits: Rows, settled: Rows) -> tuple[Ints, Ints]:
    """In order of settlement number: the visit, and the sign (−1: a reversal)."""
    back = np.flatnonzero(visits["reversal"] >= 0)
    size = len(visits) + len(back)
    visit, sign = np.empty(size, dtype=np.int64), np.ones(size, dtype=np.int64)
    visit[visits["settlement"]] = np.arange(len(visits))
    visit[visits["reversal"][back]] = back
    sign[visits["reversal"][back]] = -1
    return visit, sign


def settlements(world: World, shelf: Shelf) -> Iterator[pa.RecordBatch]:
    for year, block in blocks(world, world.plan.stay_years):
        found, settled = shelf.get("visits", year, block), shelf.get("settled", year, block)
        every, signs = settlement_rows(found, settled)
        for at in range(0, len(every), BATCH):
            yield _settlements(world, year, block, found, settled, every[at : at + BATCH], signs[at : at + BATCH], at)


def fund_total(settled: Rows) -> Ints:
    found: Ints = settled["pool"] + settled["civil"] + settled["critical"] + settled["large"] + settled["aid"]
    return found


def _settlements(
    world: World, year: int, block: int, visits: Rows, settled: Rows, visit: Ints, sign: Ints, at: int
) -> pa.RecordBatch:
    of, paid, back = visits[visit], settled[visit], sign < 0
    stay, person, provider = of["care"] == INPATIENT, of["person"].astype(np.int64), of["provider"].astype(np.int64)
    employee = of["employee"] == 1
    level = world.institutions.level[provider]
    money = {
        "total_fee": "total", "full_selfpay_total": "full_selfpay", "over_cap_total": "over_cap", "pre_selfpay_total": "pre_selfpay",
        "in_scope_total": "in_scope", "deductible_paid": "deductible_paid", "pool_fund_pay": "pool", "civil_servant_pay": "civil",
        "resident_critical_illness_pay": "critical", "employee_large_amount_pay": "large", "medical_aid_pay": "aid",
        "account_pay": "account", "account_family_pay": "family", "cash_pay": "cash",
    }  # fmt: skip
    columns = {name: paid[key] * sign for name, key in money.items()}
    gap = paid["deductible_standard"] > 0
    after = np.where(back, paid["balance_before"], paid["balance_after"])
    return rows("settlements", len(visit), {
        **columns,
        "settlement_id": ids(year, block, np.arange(at, at + len(visit))),
        "original_settlement_id": ids(year, block, of["settlement"].astype(np.int64), ~back),
        "visit_id": ids(year, block, visit),
        "person_no": person_ids(person),
        "provider_code": named(world.institutions.codes, provider),
        "insurance_type": named(list(INSURANCE), of["employee"]),
        "person_category": category(world, person, of["start"]),
        "care_type": named(list(CARES), of["care"]),
        "settlement_type": named(["online", "manual"], of["manual"]),
        "settlement_time": np.where(back, of["reversed"], of["settled"]),
        "benefit_year": year,
        "stay_start_date": of["start"] // DAY,
        "stay_end_date": of["end"] // DAY,
        "hospital_level": named(["0", "1", "2", "3"], level),
        "deductible_hospital_level": named(["0", "1", "2", "3"], level, ~stay),
        "out_of_area": named(["0", "1"], of["away"]),
        "is_reversal": back,
        "is_valid": True,
        "counts_as_admission": stay & (paid["counts"] == 1),
        "manual_claim_reason": named(["", "1"], of["manual"], of["manual"] == 0),
        "deductible_standard": chosen(paid["deductible_standard"] * sign, gap),
        "deductible_this_visit": chosen(paid["deductible_this"] * sign, gap),
        "pool_pay_ratio": chosen(paid["ratio"], paid["ratio"] >= 0),
        "enterprise_supplement_pay": 0, "disabled_person_pay": 0, "other_fund_pay": 0, "hospital_burden": 0,
        "fund_pay_total": fund_total(paid) * sign,
        "person_burden_total": (paid["account"] + paid["cash"]) * sign,
        "account_balance_before": chosen(np.where(back, paid["balance_after"], paid["balance_before"]), employee),
        "account_balance_after": chosen(after, employee),
        "clearing_type": named(list(_CLEARING), of["care"]),
        "clearing_method": named(["item", "dip"], stay & (provider < DIP)),
        "clearing_office_code": named([COUNTY_CODE, POOLING_AREA], of["away"]),
    })  # fmt: skip


def settlement_funds(world: World, shelf: Shelf) -> Iterator[pa.RecordBatch]:
    """One row a fund that paid something; the account is no fund of the bureau's."""
    kinds = sorted({code for _, pair in FUNDS for code in pair})
    for year, block in blocks(world, world.plan.stay_years):
        found, settled = shelf.get("visits", year, block), shelf.get("settled", year, block)
        every, signs = settlement_rows(found, settled)
        parts = []
        for name, pair in FUNDS:
            amount = settled[name] + (settled["civil"] if name == "large" else 0)
            there = np.flatnonzero(amount[every] != 0)
            kind = np.array([kinds.index(code) for code in pair])[found["employee"][every[there]]]
            parts.append((there, kind, amount[every[there]] * signs[there]))
        settlement, kind, pay = (np.concatenate(column) for column in zip(*parts, strict=True))
        order = np.lexsort((kind, settlement))
        yield rows("settlement_funds", len(order), {
            "settlement_id": ids(year, block, settlement[order]),
            "fund_type": named(kinds, kind[order]),
            "fund_pay": pay[order],
        })  # fmt: skip

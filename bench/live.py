"""One visit at the counter: the computation of a request after a person's settled year, and one explanation. The bar: < 1 ms of compute.

    python bench/live.py [--history 40] [--repeat 2000]

Compute is what follows the reading of tables: the bills as arrays, the plan of the visit, the kernel, the amounts as a row.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa

from yibao.region.benefits.resolve import Benefits
from yibao.region.packs import region
from yibao.settle.batches import RESULT, Settler
from yibao.settle.explain.names import Names
from yibao.settle.explain.passages import passages, text
from yibao.settle.explain.replay import replay
from yibao.settle.live.ledger import BILLS, History, computed
from yibao.settle.verify import REPORTED
from yibao.vocabulary.tables import load_tables

BAR = 1.0  #: milliseconds, median


def bills(count: int) -> pa.Table:
    """A resident's stays at a county hospital, one every few days of 2025."""
    rows = []
    for number in range(count):
        on = date(2025, 1, 10) + timedelta(days=number * 340 // count)
        rows.append({
            **dict.fromkeys(BILLS.names), "person_no": "P", "benefit_year": 2025, "settlement_time": datetime(on.year, on.month, on.day),
            "bill_id": str(number), "visit_id": str(number), "provider_code": "H", "insurance_type": "390", "person_category": "15",
            "care_type": "21", "settlement_type": "online", "stay_start_date": on, "policy_date": on, "discharge_month": on.year * 100 + on.month,
            "hospital_level": "2", "away_kind": "home", "age_years": 60, "continues": "new", "total_fee": 500_000, "full_selfpay_total": 0,
            "over_cap_total": 0, "pre_selfpay_total": 0, "in_scope_total": 500_000, "account_credited": 0, "family_available": 0, "cap_raise": 0,
            **dict.fromkeys((n for n in BILLS.names if n.startswith("is_")), False),
        })  # fmt: skip
    return pa.Table.from_pylist(rows, schema=BILLS)


def timed(repeat: int, work: Callable[[], object]) -> tuple[float, float]:
    """Median and 99th percentile of the processor's time, milliseconds: other work on the machine does not count."""
    took = []
    for _ in range(repeat):
        begun = time.thread_time()
        work()
        took.append((time.thread_time() - begun) * 1000)
    return float(np.median(took)), float(np.quantile(took, 0.99))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--history", type=int, default=40)
    parser.add_argument("--repeat", type=int, default=2000)
    said = parser.parse_args()
    settler, table = Settler(Benefits(region("cn-9904"))), bills(said.history + 1)
    paid = settler(table)
    reported = [paid[name] for name in REPORTED]
    rows = table
    for name, column in zip(REPORTED, reported, strict=True):
        rows = rows.append_column(f"reported_{name}", column)
    before, new = History(rows.slice(0, said.history).combine_chunks()), table.slice(said.history).to_pylist()
    assert computed(settler, before, new)[0] == paid.select(RESULT.names).slice(said.history).to_pylist()[0]
    median, slow = timed(said.repeat, lambda: computed(settler, before, new))
    print(f"one visit after {said.history} others: median {median:.2f} ms, p99 {slow:.2f} ms (bar {BAR} ms)")
    names = Names.of(load_tables(), table.slice(0, 1).to_pylist()[0], "示例市", "张*", "医院")
    median, slow = timed(said.repeat // 10, lambda: text(passages(replay(settler, table, said.history), names)))
    print(f"its explanation: median {median:.2f} ms, p99 {slow:.2f} ms")


if __name__ == "__main__":
    main()

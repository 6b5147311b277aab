"""The payments as a table."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from yibao.demo.arrays import Ints
from yibao.demo.payments import Payment
from yibao.demo.strings import named, numbered
from yibao.demo.tell_people import dates
from yibao.demo.world import World
from yibao.demo.write import in_key_order, rows


def payment_ids(serial: Ints) -> pa.Array:
    return numbered("BF", serial, 10)


def payments(world: World, found: list[Payment]) -> Iterator[pa.RecordBatch]:
    paid, person = np.array([p.paid for p in found]), np.array([p.person for p in found])
    provider = np.array([-1 if p.kind == "out_of_area" else p.provider for p in found])
    month = np.array([p.service_month or 0 for p in found])
    yield in_key_order("payments", rows("payments", len(found), {
        "payment_id": payment_ids(np.array([p.id for p in found])), "payment_kind": [p.kind for p in found],
        "payment_status": [p.status for p in found], "fund": [p.fund for p in found],
        "insurance_type": pa.array([p.insurance for p in found], pa.string()), "service_year": [p.service_year for p in found],
        "service_month": pa.array(month, mask=month == 0),
        "provider_code": named(world.institutions.codes, np.maximum(provider, 0), provider < 0),
        "person_no": numbered("9904", np.maximum(person, 0), 12, person < 0), "payee_area_code": pa.array([p.area for p in found], pa.string()),
        "settlement_id": pa.array([p.settlement for p in found], pa.string()), "due_date": np.array([p.due for p in found]),
        "due_amount": [p.amount for p in found], "paid_date": dates(paid, paid == 0), "paid_amount": [p.amount if p.paid else 0 for p in found],
    }))  # fmt: skip

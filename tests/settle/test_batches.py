"""What a batch of bills may hold, and what is said of one that it may not."""

from __future__ import annotations

import pyarrow as pa
import pytest

from tests.settle.explain.bills import benefits, bills
from yibao.errors import UserError
from yibao.settle.batches import Settler


def test_who_was_never_enrolled_pays_all_of_it_and_stops_nobody() -> None:
    year = bills([{"fees": (0, 0, 0, 4000), "is_eligible": False, "person_category": ""}, {"fees": (0, 0, 0, 4000)}])
    first, second = Settler(benefits())(year).to_pylist()
    assert (first["fund_pay_total"], first["cash_pay"], first["admission_no"]) == (0, 4000_00, 1)
    assert (second["fund_pay_total"] > 0, second["admission_no"]) == (True, 1)


@pytest.mark.parametrize("amount", [-1, 10**12 + 1])
def test_an_amount_that_cannot_be_is_told_with_its_bill(amount: int) -> None:
    year = bills([{"fees": (0, 0, 0, 4000)}, {"fees": (0, 0, 0, 4000)}])
    at = year.schema.get_field_index("in_scope_total")
    wrong = year.set_column(at, year.schema.field(at), pa.array([4000_00, amount]))
    with pytest.raises(UserError, match="单据 S2 的符合政策范围金额"):
        Settler(benefits())(wrong)

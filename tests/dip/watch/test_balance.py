"""What is due, shared among cases to the fen; where the amount comes from."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.dip.watch.making import Stay, made
from yibao.dip.watch.balance import added, balance, due_amounts
from yibao.dip.watch.stays import read_results
from yibao.dip.watch.sums import apportioned
from yibao.dip.watch.year import watch_year
from yibao.region.packs import region

STAYS = [
    Stay("1", "A", group="G", score=1000, booked=600),
    Stay("2", "A", group="G", score=1000, booked=500),
    Stay("3", "A", group="K", score=1000, booked=100),
    Stay("4", "B", group="G", score=500, booked=300),
]
CLEARED = [{"service_year": 2025, "provider_code": h, "insurance_type": "390", "dip_payable": due} for h, due in (("A", 100_000), ("B", 25_001))]  # fmt: skip


def test_diseases_add_up_to_hospitals(tmp_path: Path) -> None:
    with made(tmp_path / "w", STAYS, dip_clearing=CLEARED) as workspace:
        due, source = due_amounts(workspace, 2025)
        found = balance(read_results(workspace, 2025)[0], due, source)
    assert source == "市里的年终清算"
    assert [(x.hospital, x.group, x.cases, x.due, x.result) for x in found.lines] == [
        ("A", "G", 2, 66_667, -43_333),
        ("A", "K", 1, 33_333, 23_333),
        ("B", "G", 1, 25_001, -4_999),
    ]
    whole = added(list(found.lines))
    assert (whole.due, whole.booked, whole.result, whole.booked_rate) == (125_001, 150_000, -24_999, 12_000)


def test_a_hospital_that_is_due_nothing_known_is_told(tmp_path: Path) -> None:
    with made(tmp_path / "w", STAYS, dip_clearing=CLEARED[:1]) as workspace:
        found = balance(read_results(workspace, 2025)[0], *due_amounts(workspace, 2025))
    assert found.without_due == (("B", "390"),)
    assert added([x for x in found.lines if x.hospital == "B"]).result is None
    assert added(list(found.lines)).due is None


def test_own_clearing_before_the_citys_before_months(tmp_path: Path) -> None:
    months = [{"service_month": m, "provider_code": "A", "insurance_type": "390", "dip_payable": 7} for m in (202501, 202512, 202601)]  # fmt: skip
    with made(tmp_path / "m", STAYS, dip_monthly=months) as workspace:
        assert due_amounts(workspace, 2025) == ({("A", "390"): 14}, "市里的月预结算合计（预付口径，未清算）")
        assert due_amounts(workspace, 2024) == ({}, "")
    runs = [{"service_year": 2025, "clearing_run": run, "provider_code": "A", "insurance_type": "390", "dip_payable": run * 10} for run in (1, 2)]  # fmt: skip
    with made(tmp_path / "o", STAYS, dip_clearing=CLEARED, computed_dip_clearing=runs) as workspace:
        assert due_amounts(workspace, 2025) == ({("A", "390"): 20}, "自算的年终清算")


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 10**9), min_size=1, max_size=30))
def test_apportioned_adds_up(total: int, weights: list[int]) -> None:
    parts = apportioned(total, weights)
    assert sum(parts) == (total if sum(weights) else 0)
    assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if weight == 0)


def test_nothing_was_settled() -> None:
    empty = pa.table({n: pa.array([], pa.string()) for n in ("visit_id", "provider_code", "insurance_type", "dip_group_code")} | {n: pa.array([], pa.int64()) for n in ("dip_points", "total_fee", "booked_pay")})  # fmt: skip
    found = balance(empty, {}, "")
    assert found.lines == ()
    assert added([]).booked_rate is None


@pytest.mark.parametrize("due", [0, -100])
def test_no_rate_of_nothing(tmp_path: Path, due: int) -> None:
    cleared = [{**CLEARED[0], "dip_payable": due}]
    with made(tmp_path / "w", STAYS[:3], dip_clearing=cleared) as workspace:
        found = balance(read_results(workspace, 2025)[0], *due_amounts(workspace, 2025))
    assert (added(list(found.lines)).due, added(list(found.lines)).booked_rate) == (due, None)


def test_a_group_that_the_citys_catalogue_lacks_is_called_by_its_main_diagnosis(tmp_path: Path) -> None:
    names = {"1": "肺炎", "2": "肺炎", "3": "急性支气管炎", "4": "高血压"}
    said = [{"visit_id": v, "sequence_no": 1, "diagnosis_kind": "western", "diagnosis_code": "J18.900", "diagnosis_name": name, "is_principal_diagnosis": True} for v, name in names.items()]  # fmt: skip
    known = [{"pack_version": "P", "dip_group_code": "K", "dip_group_name": "高血压（目录）"}]
    stays = [Stay(v, "A", group="K" if v == "4" else "BX-9") for v in names]
    with made(tmp_path / "w", stays, visit_diagnoses=said, dip_groups=known) as workspace:
        found = watch_year(workspace, region("cn-9904"), 2025)
    assert dict(found.group_names) == {"BX-9": "肺炎等", "K": "高血压（目录）"}

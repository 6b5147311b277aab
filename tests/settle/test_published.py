"""The Chinese examples, published and derived from published parameters, through their packs and the kernel (benefits.md §16)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.oracle import Paid, Visit
from tests.settle.kernel import settle_under
from yibao.region.benefits.resolve import Benefits
from yibao.region.packs import load_packs

PACKS = load_packs(Path(__file__).parent / "packs")
ON = date(2025, 6, 30)


def paid(pack: str, scheme: str, yuan: str, **known: Any) -> Paid:
    """The last of one stay, or of a first one of a fen and then this one (`second`)."""
    fen = int(yuan.replace(".", "")) if "." in yuan else int(yuan) * 100
    second = known.pop("second", False)
    person = known.pop("person", "in_service" if scheme == "employee" else "adult")
    stays = [
        Visit(str(n), scheme=scheme, discharge=ON, person=person, total=x, in_scope=x, **known)
        for n, x in enumerate([1, fen] if second else [fen])
    ]
    return settle_under(Benefits(PACKS[pack]), stays)[-1]


def test_bands_with_the_deductible_inside_and_60_percent_for_the_retired() -> None:
    """CN-BJ-01: 2,641.50 + 600.00 + 1,721.1654 of the patient's own, rounded once."""
    found = paid("xx-1100", "employee", "97372.18", person="retired", second=True)
    assert found.deductible_paid == 650_00
    assert 97_372_18 - found.deductible_paid - found.pool_pay == 4_962_67


@pytest.mark.parametrize(
    ("pack", "pool", "civil", "own"),
    [("xx-360102", 170_000_00, 28_800_00, 1_200_00), ("xx-360101", 169_320_00, 29_452_80, 1_227_20)],
)
def test_a_civil_servant_without_and_with_the_deductible(pack: str, pool: int, civil: int, own: int) -> None:
    """CN-NC-01 as the explainer counts, and as it is with 800."""
    found = paid(pack, "employee", "200000", level=3, civil=True)
    assert (found.pool_pay, found.funds.get("civil_servant"), found.funds.get("employee_large_amount"), found.cash) == (
        pool,
        civil,
        None,
        own,
    )


@pytest.mark.parametrize(
    ("pack", "scheme", "yuan", "known", "pool", "critical", "own"),
    [
        pytest.param("xx-2308", "resident", "100000", {"level": 3, "identities": ("dibao",)}, 69_510_00, 12_745_00, 17_745_00, id="CN-JMS-D2"),
        pytest.param("xx-2308", "resident", "5000", {"level": 0}, 4_320_00, 0, 680_00, id="CN-JMS-D3"),
        pytest.param("xx-2308", "resident", "5000", {"level": 2}, 3_450_00, 0, 1_550_00, id="CN-JMS-D5"),
        pytest.param("xx-2308", "resident", "20000", {"level": 2, "area": "unreferred"}, 7_400_00, 0, 12_600_00, id="CN-JMS-D6"),
        pytest.param("xx-3601", "employee", "50000", {"level": 3}, 41_820_00, 0, 8_180_00, id="CN-NC-D1"),
        pytest.param("xx-3601", "resident", "100000", {"level": 3}, 59_640_00, 14_016_00, 26_344_00, id="CN-NC-D2"),
        pytest.param("xx-36", "employee", "30000", {"level": 3, "area": "settled_away"}, 24_820_00, 0, 5_180_00, id="CN-NC-D4"),
        pytest.param("xx-36", "employee", "30000", {"level": 3, "area": "referred"}, 22_270_00, 0, 7_730_00, id="CN-NC-D5"),
        pytest.param("xx-00", "resident", "15800", {}, 4_640_00, 0, 11_160_00, id="CN-COMM-01"),
    ],
)  # fmt: skip
def test_a_published_example(
    pack: str, scheme: str, yuan: str, known: dict[str, Any], pool: int, critical: int, own: int
) -> None:
    found = paid(pack, scheme, yuan, **known)
    assert (found.pool_pay, found.funds.get("resident_critical_illness", 0), found.cash) == (pool, critical, own)

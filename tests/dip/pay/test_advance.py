"""Prepayments: a share for everybody, or by risk, credit grade and reserve; what nobody supplied is refused by name."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.dip.pay.terms import pack, terms
from tests.dip.pay.year import bureau, opened, rows, write
from yibao.errors import UserError
from yibao.store.workspace import Workspace

BY_LEVEL = [
    {"risk": ["high"], "share": 0},
    {"grade": ["A"], "reserve_below": 6, "inclusive": True, "months": Decimal("0.5")},
    {"grade": ["A"], "months": 1},
    {"share": Decimal("0.02")},
]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with bureau(tmp_path / "w") as made:
        yield made


def rated(workspace: Workspace, **levels: tuple[str | None, str | None]) -> None:
    rated: list[dict[str, Any]] = [
        {"service_year": 2025, "provider_code": name, "risk_level": risk, "credit_grade": grade}
        for name, (risk, grade) in levels.items()
    ]
    write(workspace, "dip_ratings", rated)


def reserves(workspace: Workspace, **months: int | None) -> None:
    write(workspace, "dip_reserves", [{"service_year": 2025, "insurance_type": code[1:], "reserve_months": of} for code, of in months.items()])  # fmt: skip


def advanced(workspace: Workspace, table: object) -> dict[str, int]:
    opened(workspace, pack(dip__advance=table))
    owed = rows(workspace, "dip_payables", "dip_payable_no")
    return {name.removeprefix("2025-advance-"): row["payable_amount"] for name, row in owed.items()}


def test_by_risk_grade_and_reserve(workspace: Workspace) -> None:
    """Booked last year: H1 6,000 (390) and 8,000 (310), H2 4,000 (390). 390 holds six months, 310 nine."""
    rated(workspace, H1=("low", "A"), H2=("low", "B"))
    reserves(workspace, i390=6_000_000, i310=9_000_000)
    assert advanced(workspace, BY_LEVEL) == {
        "H1-390": 25_000,  # 6,000 ÷ 12 ÷ 2
        "H1-310": 66_667,  # 8,000 ÷ 12
        "H2-390": 8_000,  # 2 %
    }


def test_what_each_row_of_the_table_came_to_is_told(workspace: Workspace) -> None:
    rated(workspace, H1=("low", "A"), H2=("high", "B"))
    reserves(workspace, i390=6_000_000, i310=9_000_000)
    assert opened(workspace, pack(dip__advance=BY_LEVEL)).notes == [
        "预付金第 1 行（风险等级high：上年记账的 0）：1 笔，共 0.00 元。",
        "预付金第 2 行（信用等级A，结余不超过 6 个月：0.5 个月）：1 笔，共 250.00 元。",
        "预付金第 3 行（信用等级A：1 个月）：1 笔，共 666.67 元。",
        "预付金第 4 行（其余：上年记账的 0.02）：0 笔，共 0.00 元。",
    ]


def test_no_prepayment_for_high_risk(workspace: Workspace) -> None:
    rated(workspace, H1=("high", "A"), H2=("high", "A"))
    assert advanced(workspace, BY_LEVEL) == {}


def test_a_level_that_nobody_supplied_is_refused_by_name(workspace: Workspace) -> None:
    with pytest.raises(UserError, match=r"“DIP机构评级”表里没有定点机构 H1 2025 年的风险等级.*像这样的还有 1 处。"):
        advanced(workspace, BY_LEVEL)
    rated(workspace, H1=("low", None), H2=("low", "A"))
    with pytest.raises(UserError, match="定点机构 H1 2025 年的信用等级"):
        advanced(workspace, BY_LEVEL)
    rated(workspace, H1=("low", "A"), H2=("low", "A"))
    with pytest.raises(UserError, match="“DIP基金结余”表里没有险种 310 2025 年的基金结余可支付月数"):
        advanced(workspace, BY_LEVEL)
    assert "2025-advance-H1-390" not in rows(workspace, "dip_payables", "dip_payable_no")


def test_a_level_that_no_row_fits_is_refused(workspace: Workspace) -> None:
    rated(workspace, H1=("low", "A"), H2=("low", "D"))
    with pytest.raises(UserError, match="没有一行适合定点机构 H2 险种 390"):
        advanced(workspace, [{"grade": ["A"], "months": 1}])


def test_the_risk_of_the_fund(workspace: Workspace) -> None:
    write(workspace, "dip_reserves", [{"service_year": 2025, "insurance_type": of, "fund_risk_level": level} for of, level in (("390", "红"), ("310", "绿"))])  # fmt: skip
    assert advanced(workspace, [{"fund_risk": ["红"], "share": 0}, {"months": 12}]) == {"H1-310": 800_000}


def test_a_share_alone_is_for_everybody() -> None:
    [row] = terms(dip__advance=Decimal("0.1")).advance
    assert row.part == Decimal("0.1")


@pytest.mark.parametrize(
    "row", [{"share": Decimal("0.1"), "months": 1}, {"risk": ["low"]}, {"months": 13}, {"risk": "low", "share": 0}]
)
def test_a_row_says_how_much_once(row: object) -> None:
    with pytest.raises(UserError, match=r"dip\.advance"):
        _ = terms(dip__advance=[row]).advance

"""Explained from a workspace: found by either number, the platform's difference said at its step, live settlements too."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.settle.explain.bills import benefits
from tests.settle.live.county import county, put, stay
from yibao.errors import UserError
from yibao.settle.explain.find import find
from yibao.settle.explain.names import names_of
from yibao.settle.explain.passages import passages
from yibao.settle.explain.platform import NOT_SETTLED, differing
from yibao.settle.live.entries import presettle, settle, tried
from yibao.store.workspace import Workspace

RULES = benefits()


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with county(tmp_path / "w") as opened:
        yield opened


def platform(workspace: Workspace, **wrong: Any) -> None:
    """The platform settled a stay of 10,000.00 as the rules say, but for what is `wrong`; its bill is there."""
    row = {**presettle(workspace, RULES, stay("S", 10000)), "stay_end_date": None}
    schema = workspace.table("settlements").by_name
    settled = {name: row.get(name) for name in schema} | {
        "settlement_id": "S", "person_category": "15", "stay_start_date": datetime(2025, 6, 5).date(), "out_of_area": "0",
        "is_reversal": False, "is_valid": True, **wrong,
    }  # fmt: skip
    bill = {name: value for name, value in find_bill(workspace).items() if name in workspace.table("bills").by_name}
    put(workspace, "settlements", [settled])
    put(workspace, "bills", [bill])


def find_bill(workspace: Workspace) -> dict[str, Any]:
    return dict(tried(workspace, RULES, stay("S", 10000))[0])


def lines(workspace: Workspace, asked: str) -> dict[str, tuple[str, ...]]:
    [replayed] = find(workspace, RULES, asked)
    names = names_of(workspace, RULES, replayed.bill)
    return {p.title: p.lines for p in passages(replayed, names, differing(workspace, RULES, replayed))}


def test_the_same_result_of_the_platform_is_not_mentioned(workspace: Workspace) -> None:
    platform(workspace)
    assert not any("平台" in line for said in lines(workspace, "VS").values() for line in said)


def test_a_wrong_deductible_is_told_at_its_step_and_what_follows_as_a_consequence(workspace: Workspace) -> None:
    platform(workspace, deductible_paid=250_00, pool_fund_pay=7_215_00, fund_pay_total=7_215_00, cash_pay=2_785_00, person_burden_total=2_785_00)  # fmt: skip
    said = lines(workspace, "S")
    assert (
        said["起付线"][-1]
        == "★ 平台结算为 250.00，按规定应为 500.00，平台少 250.00；可能的原因：与另一住院次数的起付线相符。"
    )
    assert said["统筹支付"][-1].startswith("平台结算为 7,215.00，与前面的步骤")
    assert not any("平台" in line for line in said["大病保险"])


def test_a_live_settlement_is_explained_and_the_platform_has_none(workspace: Workspace) -> None:
    settle(workspace, RULES, stay("A", 10000))
    said = lines(workspace, "VA")
    assert "(10,000.00 − 500.00) × 74% = 7,030.00。" in said["统筹支付"]
    assert said["合计"][-1] == NOT_SETTLED
    assert said["就诊"][0].startswith("张*，")


def test_a_strange_number_and_an_ambiguous_one_are_refused(workspace: Workspace) -> None:
    with pytest.raises(UserError, match="没有就诊ID或结算ID"):
        find(workspace, RULES, "X")
    settle(workspace, RULES, stay("A", 10000, visit_id="B"))
    settle(workspace, RULES, stay("B", 10000, person="P3", visit_id="C"))
    with pytest.raises(UserError, match="explain 就诊 B"):
        find(workspace, RULES, "B")
    assert [found.bill["bill_id"] for kind in ("结算", "就诊") for found in find(workspace, RULES, "B", kind)] == [
        "B",
        "A",
    ]

"""`yibao settle` and `settle verify` where the counter and the platform settled the same, as an accountant meets it."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from tests.settle.live.county import county, exported, stay, told
from tests.settle.test_counted_once import COUNTER
from yibao.cli import run
from yibao.region.packs import SHIPPED
from yibao.settle.live.entries import settle
from yibao.store.workspace import Workspace


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small county with a stay settled at the counter and exported with a yuan less, and a reversal of nothing."""
    with county(tmp_path / "w") as made:
        row = settle(made, COUNTER, stay("A", 4000))
        less = {"pool_fund_pay": row["pool_fund_pay"] - 100, "fund_pay_total": row["fund_pay_total"] - 100, "cash_pay": row["cash_pay"] + 100, "person_burden_total": row["person_burden_total"] + 100}  # fmt: skip
        same = exported(row, "S1", **less)
        amounts = {name: -value for name, value in same.items() if type(value) is int and name != "benefit_year"}
        stray = {**same, **amounts, "settlement_id": "S2", "original_settlement_id": "S0", "is_reversal": True, "settlement_time": datetime(2025, 7, 1)}  # fmt: skip
        told(made, [same, stray])
    settings = tmp_path / "w" / "yibao.yaml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("cn-99", "cn-9904"), encoding="utf-8")
    return tmp_path / "w"


def test_the_year_settles_and_says_what_it_left_out(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["settle", "2025", "--workspace", str(folder)]) == 0
    said = capsys.readouterr().out
    assert "计算了 1 张单据" in said
    assert "逐笔结算 1 行，平台已经导出 1 行，只计一次，以平台的为准；金额不同的 1 行。" in said
    assert "2025 年没有计算的冲正，1 笔" in said
    assert "S0" in said


def test_verify_lists_what_counter_and_platform_say_otherwise(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["settle", "verify", "2025", "--workspace", str(folder)]) == 1
    said = capsys.readouterr().out
    assert "平台结算 1 笔" in said
    assert "基本医疗保险统筹基金支出" in said
    assert "医保结算表里没有这一笔原结算" in said


def test_verify_tells_what_the_pack_does_not_say_as_not_compared(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = folder / "地区包" / "cn-9904"
    shutil.copytree(SHIPPED / "cn-9904", own)
    rules = own / "benefits_rules.yaml"
    lines = rules.read_text(encoding="utf-8").splitlines(keepends=True)
    rules.write_text("".join(line for line in lines if "key: resident.inpatient.caps" not in line), encoding="utf-8")
    assert run(["settle", "verify", "2025", "--workspace", str(folder)]) == 1
    said = capsys.readouterr().out
    assert "平台结算 1 笔" in said
    assert "0 笔有差异" in said
    assert "没有全部核对的结算：没有核对 1 笔，只核对起付线和统筹支付 0 笔" in said
    assert "居民·住院·封顶" in said
    assert run(["settle", "2025", "--workspace", str(folder)]) == 2
    assert "resident.inpatient.caps" in capsys.readouterr().err


def test_a_bill_that_was_paid_twice_is_a_lead(folder: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(["settle", "duplicates", "2025", "--workspace", str(folder)]) == 0
    with Workspace.open(folder) as made:
        rows = made.query("SELECT s.* FROM settlements AS s").read_all().to_pylist()
        told(made, [*rows, {**rows[0], "settlement_id": "S9", "visit_id": "VZ"}])
    capsys.readouterr()
    out = tmp_path / "名单"
    assert run(["settle", "duplicates", "2025", "--workspace", str(folder), "--out", str(out)]) == 1
    assert "同一张单据结算两次 1 对" in capsys.readouterr().out
    assert (out / "重复支付线索-2025.xlsx").exists()
    run(["settle", "verify", "2025", "--workspace", str(folder)])
    assert "可能支付了两次的有 1 对，见 yibao settle duplicates 2025。" in capsys.readouterr().out

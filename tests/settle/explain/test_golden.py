"""Every explanation is compared with its golden text, and every amount that it prints is one that the kernel or the bill has.

A new case: an entry in cases.yaml, then `python -m tests.settle.explain.test_golden` writes its text; read it before you keep it.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
import yaml

from tests.settle.explain.bills import FOLDER, benefits, bills
from yibao.settle import arrays as a
from yibao.settle.batches import Settler
from yibao.settle.explain.names import Names
from yibao.settle.explain.passages import passages, text
from yibao.settle.explain.replay import Replayed, replay
from yibao.vocabulary.tables import load_tables

CASES = yaml.safe_load((FOLDER / "cases.yaml").read_text(encoding="utf-8"))
_AMOUNT = re.compile(r"\d[\d,]*\.\d{2,}(?![\d%])")


def replayed_of(case: dict[str, Any]) -> Replayed:
    table = bills(case["bills"])
    return replay(Settler(benefits()), table, len(table) - 1)


def explained(replayed: Replayed) -> str:
    names = Names.of(load_tables(), replayed.bill, "试验市", "张**", "试验县人民医院")
    return text(passages(replayed, names))


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_explanation_is_the_golden_text(case: dict[str, Any]) -> None:
    golden = (FOLDER / "golden" / f"{case['id']}.txt").read_text(encoding="utf-8")
    assert explained(replayed_of(case)) == golden


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_every_amount_printed_is_the_kernels_the_bills_or_the_plans(case: dict[str, Any]) -> None:
    replayed = replayed_of(case)
    printed = {Decimal(found.replace(",", "")) for found in _AMOUNT.findall(explained(replayed))}
    assert printed <= _known(replayed), sorted(printed - _known(replayed))


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_funds_patient_and_hospital_together_are_the_bill(case: dict[str, Any]) -> None:
    row = replayed_of(case).row
    assert row["fund_pay_total"] + row["person_burden_total"] + row["hospital_burden"] == row["total_fee"]


def _known(replayed: Replayed) -> set[Decimal]:
    """The amounts in yuan, without sign, that the trace, the row, the bill and the plan hold."""
    fen = {abs(int(value)) for value in (*replayed.out[replayed.place], *replayed.row.values(), *replayed.bill.values()) if isinstance(value, int) or hasattr(value, "dtype")}  # fmt: skip
    fen |= {value for step in replayed.steps for value in step[2:]}
    exact = {Decimal(step.result).scaleb(-8) for step in replayed.steps if step.kind == a.T_BAND}
    if replayed.steps:
        fen |= {band.upto for layer in replayed.layers for band in layer.bands if band.upto}
        fen |= {layer.threshold for layer in replayed.layers} | {
            cap.amount for layer in replayed.layers for cap in layer.caps if cap.amount
        }
    return {Decimal(value).scaleb(-2) for value in fen} | exact


if __name__ == "__main__":
    for case in CASES:
        (FOLDER / "golden" / f"{case['id']}.txt").write_text(explained(replayed_of(case)), encoding="utf-8")

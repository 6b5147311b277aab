"""A small pack, written by a test."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from yibao.region.benefits.plan import Plan, Situation
from yibao.region.benefits.resolve import Benefits
from yibao.region.packs import Pack, load_packs

ON = date(2025, 6, 30)
HEAD = "from: 2025-01-01, grade: proposal, status: example"

#: the least that a stay needs
STAY = {
    "resident.rounding": "half_up",
    "resident.inpatient.deductible": "{level3: 1000, level2: 500, else: 200}",
    "resident.inpatient.deductible_mode": "visit",
    "resident.inpatient.rate": "{level3: 0.6, else: 0.8}",
    "resident.inpatient.caps": "[{per: year, amount: 100000}]",
    "resident.inpatient.layers": "[]",
}
#: the least that a layer needs
AID = {
    "resident.aid.fund": "medical_aid",
    "resident.aid.base": "[coinsurance, deductible]",
    "resident.aid.over": "year",
    "resident.aid.threshold": "0",
    "resident.aid.rate": "{tekun: 0.9, else: 0}",
    "resident.aid.caps": "[]",
}

Rules = Callable[..., Pack]


@pytest.fixture
def rules(tmp_path: Path) -> Rules:
    """A pack of one notice: what a stay needs, with these values added or (None) taken out."""

    def written(more: dict[str, str | None] | None = None, extra: str = "", base: dict[str, str] | None = None) -> Pack:
        values = {**(STAY if base is None else base), **(more or {})}
        folder = tmp_path / "xx-11"
        folder.mkdir(exist_ok=True)
        (folder / "pack.yaml").write_text("code: xx-11\nname: 测试市\nstatus: example\n", encoding="utf-8")
        sets = "".join(
            f"      - {{key: {k}, value: {v}, clause: 第一条}}\n" for k, v in values.items() if v is not None
        )
        text = f"notices:\n  - source: 测试〔2024〕1号\n    {HEAD.replace(', ', chr(10) + '    ')}\n    sets:\n{sets}{extra}"
        (folder / "rules.yaml").write_text(text, encoding="utf-8")
        return load_packs(tmp_path)["xx-11"]

    return written


def stay(**known: object) -> Situation:
    return Situation("resident", "inpatient", ON, **known)  # type: ignore[arg-type]


def plan(pack: Pack, **known: object) -> Plan:
    return Benefits(pack).plans(stay(**known))[0]

"""Terms to test with: a small region of its own, and what is changed of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from yibao.dip.pay.terms import Terms
from yibao.region.pack import Pack
from yibao.region.packs import shipped_packs
from yibao.region.rules import Value

BANDS = [
    {
        "band": "low",
        "below": Decimal("0.5"),
        "inclusive": True,
        "factor": "ratio",
        "institution": True,
        "auxiliary": True,
    },
    {"band": "normal", "below": 2, "factor": "one", "institution": True, "auxiliary": True},
    {"band": "high", "factor": "ratio_less_one", "institution": True, "auxiliary": True},
]
USUAL: dict[str, Any] = {
    "dip.coefficient": {"3": Decimal("1.2"), "2": 1, "1": Decimal("0.8")},
    "dip.bands": BANDS,
    "dip.standard": {"by": "mean", "institution": True, "digits": 6},
    "dip.points": {"digits": 6},
    "dip.ungrouped": {"scale": 1000, "share": Decimal("0.5")},
    "dip.pay_base": "ratio",
    "dip.point_value": {"mode": "floating", "digits": 4},
    "dip.opening": {"weights": [1, 2, 7], "trim": None, "digits": 4},
    "dip.fund": {"amounts": {"resident": 100_000, "employee": 50_000}},
    "dip.deposit": Decimal("0.05"),
    "dip.advance": Decimal("0.1"),
    "dip.sharing": [
        {"below": Decimal("0.8"), "keep": 0},
        {"below": 1, "inclusive": True, "keep": Decimal("0.5")},
        {"below": Decimal("1.1"), "inclusive": True, "bear": Decimal("0.6")},
        {"bear": 0},
    ],
    "dip.bonus": {"several": "highest", "total": "changed"},
    "payable.dip.advance": [2, 10],
    "payable.dip.clearing": [4, 25],
    "payable.provider.day": 20,
}


def pack(status: str = "example", pack_status: str = "example", **changed: Any) -> Pack:
    """`changed`: values by key with `_` for `.`; None takes a parameter away."""
    given = {**USUAL, **{key.replace("__", "."): value for key, value in changed.items()}}
    parameters = {
        key: (
            Value(
                **{"from": date(2000, 1, 1)},
                value=value,
                source="试验文件",
                grade="proposal",
                status=status,
                file="dip.yaml",
                line=3,
            ),
        )  # type: ignore[arg-type]
        for key, value in given.items()
        if value is not None
    }
    return Pack("cn-99", "试验市", pack_status, (), shipped_packs()["cn"], parameters, ())  # type: ignore[arg-type]


def terms(on: date = date(2025, 12, 31), **changed: Any) -> Terms:
    return Terms(pack(**changed), on)

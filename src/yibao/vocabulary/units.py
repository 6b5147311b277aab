"""Units that public-finance documents print, with their dimension and factor to the base unit (guide §7.2).

Conversion happens only inside a dimension: 人 is not 人次, 家 is not 家次.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Unit:
    """`factor` base units are one of this unit; `exact` units are counted, the others are rounded for printing."""

    symbol: str
    dimension: str
    factor: Decimal
    exact: bool


def _units() -> dict[str, Unit]:
    found: dict[str, Unit] = {}

    def add(dimension: str, exact: bool, **symbols: str) -> None:
        for symbol, factor in symbols.items():
            found[symbol] = Unit(symbol, dimension, Decimal(factor), exact)

    add(
        "money",
        False,
        元="1",
        千元="1000",
        万元="10000",
        百万元="1000000",
        千万元="10000000",
        亿元="100000000",
        万="10000",
        亿="100000000",
    )
    add("money", False, 角="0.1")
    add("persons", True, 人="1", 名="1", 位="1", 万人="10000", 万名="10000", 亿人="100000000")
    add("visits", True, 人次="1", 万人次="10000", 例="1", 例次="1", 万例="10000")
    add("institutions", True, 家="1", 所="1")
    add("institution visits", True, 家次="1")
    add("ratio", False, **{"%": "0.01", "‰": "0.001", "个百分点": "0.01", "百分点": "0.01"})
    add("score", True, 分="1")
    add("months", False, 个月="1", 月="1")
    add("days", False, 天="1", 日="1", 个工作日="1")
    add("years", True, 年="1", 年度="1")
    add("area", False, 平方米="1", 平米="1", m2="1", 亩="666.666667")
    add("per head", False, **{"元/人": "1", "元/年": "1"})
    for counted in ("个", "件", "宗", "辆", "台", "台套", "批次", "批", "条", "次", "户", "项", "起", "场", "期", "份", "张", "册",
                    "部", "轮", "类", "种", "支", "套", "篇", "间", "处", "村", "场次", "户次", "件次", "组", "团", "人天", "桩", "笔", "度", "倍", "周", "小时"):  # fmt: skip
        add(counted, True, **{counted: "1"})
        if counted in ("个", "件", "条", "次", "户", "份", "张", "笔"):
            add(counted, False, **{"万" + counted: "10000"})
    for symbol in ("万人", "万名", "亿人", "万人次", "万例"):
        unit = found[symbol]
        found[symbol] = Unit(unit.symbol, unit.dimension, unit.factor, False)
    return found


UNITS: dict[str, Unit] = _units()

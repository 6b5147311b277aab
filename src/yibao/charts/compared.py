"""Shapes that compare: what adds and what takes away, and where one stands among others."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from yibao.charts.marks import Mark


@dataclass(frozen=True, slots=True)
class Difference:
    """An item and by how much it adds (+) or takes away (−)."""

    name: str
    amount: Mark


@dataclass(frozen=True, slots=True)
class Differences:
    """What adds and what takes away: bars to both sides of one line, in the order given."""

    title: str
    unit: str
    rows: tuple[Difference, ...]

    def __post_init__(self) -> None:
        if not self.rows:
            raise ValueError(f"{self.title}: nothing to draw")

    @property
    def alt(self) -> str:
        """
        >>> Differences("盈亏", "万元", (Difference("甲", Mark(Decimal(3), "+3")), Difference("乙", Mark(Decimal(-2), "-2")))).alt
        '条形图：盈亏（单位：万元）。甲+3，乙-2。'
        """
        return (
            f"条形图：{self.title}（单位：{self.unit}）。{'，'.join(f'{r.name}{r.amount.label}' for r in self.rows)}。"
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """One measure: where somebody stands among others. `others` are values only, unnamed."""

    name: str
    own: Mark
    others: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Standings:
    """Several measures, each on a scale of its own from the least to the greatest of all, this one dark among the others."""

    who: str
    others: str
    rows: tuple[Standing, ...]
    unit: str = "各行自己的"

    def __post_init__(self) -> None:
        if not self.rows:
            raise ValueError(f"{self.who}: nothing to draw")

    @property
    def alt(self) -> str:
        """
        >>> Standings("甲院", "同级医院", (Standing("次均费用", Mark(Decimal(5), "5元"), (Decimal(3), Decimal(9))),)).alt
        '位置图（单位：各行自己的）：甲院在同级医院中。次均费用5元，2家中1家更高。'
        """
        return f"位置图（单位：{self.unit}）：{self.who}在{self.others}中。" + "；".join(map(_stands, self.rows)) + "。"


def _stands(row: Standing) -> str:
    higher = sum(other > row.own.value for other in row.others)
    return f"{row.name}{row.own.label}，{len(row.others)}家中{higher}家更高"

"""Pictures as data. A `Mark` is a value and the label that stands at it, printed as its owner prints it.

Values are Decimals in the unit that the picture names. `alt` is the picture in one Chinese sentence, made from the labels.
"""

from __future__ import annotations

from dataclasses import dataclass

from yibao.charts.compared import Differences, Standings
from yibao.charts.marks import Mark as Mark
from yibao.charts.marks import with_thousands as with_thousands

Column = tuple[str, str, "Mark"]  #: period, series, mark
MOST_SERIES = 3  #: in one panel


@dataclass(frozen=True, slots=True)
class Series:
    """What is measured, with one mark for each period of its panel."""

    name: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """Columns over one ground line: for each period one of each series."""

    name: str
    periods: tuple[str, ...]
    series: tuple[Series, ...]

    def __post_init__(self) -> None:
        if not self.periods or not 1 <= len(self.series) <= MOST_SERIES:
            raise ValueError(f"{self.name}: no periods, no series, or more series than can be told apart")
        if any(len(series.marks) != len(self.periods) for series in self.series):
            raise ValueError(f"{self.name}: a mark for each period")

    @property
    def columns(self) -> tuple[Column, ...]:
        """Every column in the order in which they stand."""
        return tuple(
            (period, series.name, series.marks[at]) for at, period in enumerate(self.periods) for series in self.series
        )


@dataclass(frozen=True, slots=True)
class Columns:
    """Panels on one scale, one beside the other: amounts over years."""

    unit: str
    panels: tuple[Panel, ...]

    @property
    def alt(self) -> str:
        """
        >>> from decimal import Decimal
        >>> panel = Panel("收入", ("2024年", "2025年"), (Series("收入", (Mark(Decimal(3), "3"), Mark(Decimal(5), "5"))),))
        >>> Columns("万元", (panel,)).alt
        '柱形图（单位：万元）。收入：2024年3，2025年5。'
        """
        return f"柱形图（单位：{self.unit}）。" + "".join(f"{p.name}：{_columns_said(p)}。" for p in self.panels)


def _columns_said(panel: Panel) -> str:
    named = len(panel.series) > 1
    return "，".join(f"{period}{name if named else ''}{mark.label}" for period, name, mark in panel.columns)


@dataclass(frozen=True, slots=True)
class Against:
    """An item: its plan, its result, and the result in per cent of the plan."""

    name: str
    plan: Mark
    result: Mark
    percent: Mark


@dataclass(frozen=True, slots=True)
class AgainstPlan:
    """Results beside their plans, each plan drawn as 100 %: a bar beyond the line is above plan."""

    unit: str
    plan: str
    result: str
    rows: tuple[Against, ...]

    @property
    def alt(self) -> str:
        """
        >>> from decimal import Decimal
        >>> row = Against("办公费", Mark(Decimal(4), "4"), Mark(Decimal(5), "5"), Mark(Decimal(125), "125%"))
        >>> AgainstPlan("万元", "预算", "决算", (row,)).alt
        '条形图（单位：万元）。办公费：预算4，决算5，决算为预算的125%。'
        """
        rows = (
            f"{r.name}：{self.plan}{r.plan.label}，{self.result}{r.result.label}，{self.result}为{self.plan}的{r.percent.label}。"
            for r in self.rows
        )
        return f"条形图（单位：{self.unit}）。" + "".join(rows)


@dataclass(frozen=True, slots=True)
class Part:
    """What is reached of a whole, in a group. `missing`: words for what is not, empty where nothing is."""

    group: str
    name: str
    whole: Mark
    reached: Mark
    missing: str = ""


@dataclass(frozen=True, slots=True)
class PartsOfWholes:
    """How much of each whole is reached: scores beside their weights. Rows of a group stand together."""

    unit: str
    whole: str
    reached: str
    rows: tuple[Part, ...]

    @property
    def alt(self) -> str:
        """
        >>> from decimal import Decimal
        >>> row = Part("产出指标", "参保人数", Mark(Decimal(10), "10"), Mark(Decimal(9), "9"), "扣1")
        >>> PartsOfWholes("分", "分值", "得分", (row,)).alt
        '条形图（单位：分）。参保人数：分值10，得分9（扣1）。'
        """
        rows = (
            f"{r.name}：{self.whole}{r.whole.label}，{self.reached}{r.reached.label}{f'（{r.missing}）' if r.missing else ''}。"
            for r in self.rows
        )
        return f"条形图（单位：{self.unit}）。" + "".join(rows)


@dataclass(frozen=True, slots=True)
class Curve:
    """One measure over a range, with one mark for each of its places."""

    name: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Curves:
    """What follows from a setting, over a range of settings. `now` is the place of what is in force, where it is among them."""

    unit: str
    setting: str
    at: tuple[Mark, ...]
    curves: tuple[Curve, ...]
    now: int | None = None

    def __post_init__(self) -> None:
        if not self.at or any(len(curve.marks) != len(self.at) for curve in self.curves):
            raise ValueError(f"{self.setting}: a mark for each place of the range")

    @property
    def alt(self) -> str:
        """
        >>> from decimal import Decimal
        >>> at = (Mark(Decimal("0.7"), "70%"), Mark(Decimal("0.8"), "80%"))
        >>> Curves("万元", "二级比例", at, (Curve("基金支出", (Mark(Decimal(3), "3"), Mark(Decimal(5), "5"))),), now=0).alt
        '折线图（单位：万元）。基金支出随二级比例：70%（现行）时3，80%时5。'
        """
        return f"折线图（单位：{self.unit}）。" + "".join(self._said(curve) for curve in self.curves)

    def _said(self, curve: Curve) -> str:
        points = "，".join(
            f"{at.label}{'（现行）' if place == self.now else ''}时{mark.label}"
            for place, (at, mark) in enumerate(zip(self.at, curve.marks, strict=True))
        )
        return f"{curve.name}随{self.setting}：{points}。"


Chart = Columns | AgainstPlan | PartsOfWholes | Curves | Differences | Standings

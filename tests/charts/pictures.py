"""One small picture of each kind."""

from __future__ import annotations

from decimal import Decimal

from yibao.charts.compared import Difference, Differences, Standing, Standings
from yibao.charts.shapes import (
    Against,
    AgainstPlan,
    Columns,
    Curve,
    Curves,
    Mark,
    Panel,
    Part,
    PartsOfWholes,
    Series,
)


def mark(label: str) -> Mark:
    return Mark(Decimal(label), label)


def panel(name: str, periods: str, **series: str) -> Panel:
    """Series as their numbers, blank between them."""
    found = tuple(Series(name, tuple(map(mark, numbers.split()))) for name, numbers in series.items())
    return Panel(name, tuple(periods.split()), found)


def against(name: str, plan: str, result: str, percent: str) -> Against:
    return Against(name, mark(plan), mark(result), Mark(Decimal(percent), f"{percent}%"))


FUND = Columns(
    "万元",
    (
        panel("收入与支出", "2024年 2025年", 收入="203070 207806", 支出="184222 186337"),
        panel("期末滚存结余", "2023年末 2024年末 2025年末", 期末滚存结余="326637 345485 366954"),
    ),
)
EXPENSES = AgainstPlan(
    "万元",
    "预算",
    "决算",
    (against("公用经费", "222.78", "308.88", "138.65"), against("公务接待费", "10.72", "0.1", "0.93")),
)
SCORES = PartsOfWholes(
    "分",
    "分值",
    "得分",
    (
        Part("", "预算执行率", mark("10"), mark("9.54"), "扣0.46分"),
        Part("产出指标", "医疗服务价格动态调整与深化医疗服务价格改革试点执行情况", mark("8"), mark("8")),
    ),
)
RANGE = Curves(
    "万元",
    "住院支付比例（二级）",
    tuple(Mark(Decimal(at) / 100, f"{at}%") for at in (70, 71, 72)),
    (
        Curve("基金支出", (mark("16927.7"), mark("16955.4"), mark("16983.1"))),
        Curve("个人现金", (mark("13832.2"), mark("13804.5"), mark("13776.8"))),
    ),
    now=1,
)
RESULTS = Differences(
    "盈亏",
    "万元",
    (
        Difference("棠泽县人民医院", Mark(Decimal("51.67"), "+51.67")),
        Difference("棠泽县康宁精神专科医院", Mark(Decimal("-1214.56"), "-1214.56")),
        Difference("没有盈亏的医院", Mark(Decimal(0), "0.00")),
    ),
)
PLACES = Standings(
    "本院",
    "其他二级医院",
    (
        Standing("次均费用", mark("4733.56"), (Decimal("3200.10"), Decimal("9100"))),
        Standing("都一样的", mark("1"), (Decimal(1), Decimal(1))),
    ),
)
ALL = (FUND, EXPENSES, SCORES, RANGE, RESULTS, PLACES)

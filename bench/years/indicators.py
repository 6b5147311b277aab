"""Rows of a drawn score sheet: every direction, results that reach, miss and pass their targets, a reason where one is owed."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from bench.years.ledger import Ledger

Row = dict[str, Any]
REASONS = [
    "一个项目的合同跨年执行，下年按进度支付",
    "上级资金下达较晚，当年没有用完",
    "参保登记数据清理后口径收窄，下年加强宣传动员",
    "服务外包比选推迟，已经重新安排",
    "部分乡镇网点调整，下年补齐",
]
OVER = ["当年扩大了服务范围，完成数超过年初测算，下年按实际调整目标值", "年初测算偏保守，下年提高目标值"]
QUANTITY = [
    ("开展政策宣传活动", "场", 6, 40),
    ("走访定点医药机构", "家", 30, 400),
    ("培训经办人员", "人次", 40, 600),
    ("新增慢特病定点药店", "家", 3, 20),
]
QUALITY = [
    ("医保经办服务能力", "显著提升"),
    ("集中带量采购落实情况", "按要求落实"),
    ("医疗保险待遇发放的及时性", "及时发放"),
    ("信息系统运行情况", "安全稳定"),
]
SOCIAL = [
    ("推行医保支付方式改革", "深入开展"),
    ("维护基金安全", "保持安全"),
    ("减轻群众就医负担", "逐步减轻"),
    ("提高经办服务便利程度", "明显提高"),
]
LASTING = [
    ("门诊共济保障机制改革", "稳步推进"),
    ("长效监管机制建设", "持续完善"),
    ("医疗服务价格动态调整", "按要求开展"),
]
TIERS = {"full": "达成预期", "part": "部分达成预期", "none": "未达成预期"}


class Indicators:
    """Makes rows without their weights."""

    def __init__(self, rng: random.Random, ledger: Ledger) -> None:
        self.rng, self.ledger, self.year = rng, ledger, ledger.year

    def number(
        self,
        level: tuple[str, str],
        name: str,
        direction: str,
        target: Decimal,
        unit: str,
        decimals: int,
        actual: str = "",
    ) -> Row:
        """A numeric row; `actual` quotes a figure, else it is drawn: reached, missed, far above."""
        row: Row = {
            "一级": level[0],
            "二级": level[1],
            "三级": name,
            "方向": direction,
            "目标": _text(target, decimals),
            "单位": unit,
        }
        if actual:
            return row | {"实际": actual}
        fate = self.rng.random()
        if direction in ("≤", "<"):
            share = self.rng.uniform(0.75, 0.99) if fate < 0.8 else self.rng.uniform(1.02, 1.3)
        elif direction == "=":
            share = 1 if fate < 0.8 else self.rng.uniform(0.8, 0.99)
        else:
            share = (
                self.rng.uniform(1.02, 1.25)
                if fate < 0.75
                else self.rng.uniform(0.7, 0.98)
                if fate < 0.92
                else self.rng.uniform(1.4, 1.9)
            )
        done = (target * Decimal(str(round(share, 4)))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
        if unit == "%":
            done = min(done, Decimal(100))
        row["实际"] = _text(done, decimals)
        missed = done > target if direction in ("≤", "<") else done != target if direction == "=" else done < target
        if missed:
            row["偏差原因及改进措施"] = self.rng.choice(REASONS)
        elif direction in ("≥", ">") and done > target * Decimal("1.3"):
            row["偏差原因及改进措施"] = self.rng.choice(OVER)
        return row

    def quantity(self) -> Row:
        name, unit, low, high = self.rng.choice(QUANTITY)
        return self.number(
            ("产出指标", "数量指标"), name, self.rng.choice("≥≥≥="), Decimal(self.rng.randint(low, high)), unit, 0
        )

    def quoted(
        self,
        figure: str,
        level: tuple[str, str],
        name: str,
        unit: str,
        scope: str = "",
        lowest: Decimal = Decimal("0.85"),
    ) -> Row | None:
        """A row whose result quotes a figure that is not below its target."""
        place = self.ledger.place(figure, scope=scope)
        if place not in self.ledger.typed:
            return None
        text = self.ledger.typed[place][0].removesuffix(unit)
        if not text.replace(".", "").isdigit():
            return None
        decimals = len(text.partition(".")[2])
        share = Decimal(str(round(self.rng.uniform(float(lowest), 1), 3)))
        target = (Decimal(text) * share).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
        return self.number(
            level,
            name,
            "≥",
            max(target, Decimal(1).scaleb(-decimals)),
            unit,
            decimals,
            f"{{{figure}}}" if not scope else f"{{{figure}/{scope}}}",
        )

    def insured(self) -> Row | None:
        text = self.ledger.typed[self.ledger.place("fund.insured.total")][0]
        return self.quoted(
            "fund.insured.total",
            ("产出指标", "数量指标"),
            "基本医疗保险参保人数",
            "万人" if text.endswith("万人") else "人",
        )

    def benefit(self) -> Row | None:
        return self.quoted("fund.benefit.ratio.overall", ("产出指标", "数量指标"), "政策范围内住院报销比例", "%")

    def checked(self) -> Row | None:
        low = self.rng.choice([40, 60, 65])
        row: Row = {
            "一级": "产出指标",
            "二级": "质量指标",
            "三级": "举报线索按期办结率",
            "方向": "区间",
            "目标": f"{low}-100",
            "单位": "%",
            "实际": str(self.rng.randint(low, 100)),
        }
        if self.rng.random() < 0.15:
            row |= {"实际": str(low - self.rng.randint(1, 20)), "偏差原因及改进措施": REASONS[3]}
        return row

    def deadline(self) -> Row:
        due = f"{self.year}-{self.rng.choice(['06-30', '11-30', '12-31'])}"
        late = due < f"{self.year}-12" and self.rng.random() < 0.2
        done = (
            f"{self.year}-12-{self.rng.randint(10, 20)}"
            if late
            else f"{self.year}-0{self.rng.randint(3, 6)}-{self.rng.randint(10, 28)}"
        )
        row: Row = {
            "一级": "产出指标",
            "二级": "时效指标",
            "三级": "年度任务完成时间",
            "方向": "期限",
            "目标": due,
            "实际": done,
        }
        return row | ({"偏差原因及改进措施": REASONS[3]} if late else {})

    def coverage(self) -> Row:
        return (
            self.quoted("audit.coverage", ("效益指标", "社会效益指标"), "定点医药机构监督检查覆盖率", "%")
            or self.qualitative("社会效益指标", SOCIAL)()
        )

    def recovered(self) -> Row | None:
        return self.quoted("audit.recovered", ("效益指标", "经济效益指标"), "追回医保基金", "万元")

    def satisfaction(self, scope: str) -> Callable[[], Row | None]:
        def make() -> Row | None:
            level, name = ("满意度指标", "服务对象满意度指标"), "参保群众满意度"
            row = self.quoted("dept.appraisal.satisfaction", level, name, "%", scope.removeprefix("/"))
            return row or self.number(level, name, "≥", Decimal(self.rng.randint(80, 90)), "%", 0)

        return make

    def cost(self, target: str, actual: str, name: str) -> Callable[[], Row]:
        def make() -> Row:
            return {
                "一级": "成本指标",
                "二级": "经济成本指标",
                "三级": name,
                "方向": "≤",
                "目标": target,
                "单位": self.ledger.coin.unit,
                "实际": actual,
            }

        return make

    def qualitative(self, level2: str, names: list[tuple[str, str]]) -> Callable[[], Row]:
        level1 = "产出指标" if level2 in ("质量指标", "时效指标") else "效益指标"

        def make() -> Row:
            name, target = self.rng.choice(names)
            tier = self.rng.choices(list(TIERS.values()), (8, 1, 0.3))[0]
            return {
                "一级": level1,
                "二级": level2,
                "三级": name,
                "方向": "定性",
                "目标": target,
                "实际": target if tier == "达成预期" else f"部分{target}",
                "档次": tier,
            }

        return make


def _text(value: Decimal, decimals: int) -> str:
    return f"{value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):f}"

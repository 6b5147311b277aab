"""Score sheets of a drawn year: indicators of every direction, full and lost points, a reason wherever one is owed."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import yaml

from bench.years.department import Project
from bench.years.ledger import Ledger, percent

Row = dict[str, Any]
EXECUTION = 10
REASONS = [
    "一个项目的合同跨年执行，下年按进度支付",
    "上级资金下达较晚，当年没有用完",
    "参保登记数据清理后口径收窄，下年加强宣传动员",
    "服务外包比选推迟，已经重新安排",
    "部分乡镇网点调整，下年补齐",
]
OVER = ["当年扩大了服务范围，完成数超过年初测算，下年按实际调整目标值", "年初测算偏保守，下年提高目标值"]
QUANTITY = [("开展政策宣传活动", "场", 6, 40), ("走访定点医药机构", "家", 30, 400), ("培训经办人员", "人次", 40, 600), ("新增慢特病定点药店", "家", 3, 20)]
QUALITY = [("医保经办服务能力", "显著提升"), ("集中带量采购落实情况", "按要求落实"), ("医疗保险待遇发放的及时性", "及时发放"), ("信息系统运行情况", "安全稳定")]
SOCIAL = [("推行医保支付方式改革", "深入开展"), ("维护基金安全", "保持安全"), ("减轻群众就医负担", "逐步减轻"), ("提高经办服务便利程度", "明显提高")]
LASTING = [("门诊共济保障机制改革", "稳步推进"), ("长效监管机制建设", "持续完善"), ("医疗服务价格动态调整", "按要求开展")]
TIERS = {"full": "达成预期", "part": "部分达成预期", "none": "未达成预期"}


class Sheets:
    """Makes the forms of one year."""

    def __init__(self, rng: random.Random, ledger: Ledger, region: str) -> None:
        self.rng, self.ledger, self.region = rng, ledger, region
        self.year = ledger.year

    def department(self) -> str:
        """指标/整体支出.yaml."""
        adjusted = self.ledger.place("dept.funds.total", "adjusted").quote
        final = self.ledger.place("dept.funds.total").quote
        funds: Row = {"单位": self.ledger.coin.unit, "年初预算": self.ledger.place("dept.funds.total", "initial").quote, "全年预算": adjusted, "全年执行": final, "分值": EXECUTION}
        self._execution(funds, self.ledger.final("dept.funds.total"), self._yuan("dept.funds.total", "adjusted"))
        if self.rng.random() < 0.8:
            funds["按收入性质"], funds["按支出性质"] = self._natures()
        rows = self._rows(self._department_makers(), 90)
        goals = {"预期": "扩大参保覆盖面，落实待遇政策，管好用好医保基金。", "实际": self._reached()}
        sheet = {"名称": f"{self.year}年度部门整体支出绩效自评表", "类型": "整体支出", "计分": "规则", "资金": funds, "目标": goals, "指标": rows}
        if self.rng.random() < 0.5:
            sheet["各级分值"] = self._headings(rows)
        return _dump(sheet)

    def project(self, project: Project) -> str:
        """指标/项目-<name>.yaml."""
        name = project.name
        quote = {basis: self.ledger.place("dept.funds.total", basis, scope=name) for basis in ("initial", "adjusted", "final")}
        initial = quote["initial"].quote if quote["initial"] in self.ledger.typed else "—"
        funds: Row = {"单位": self.ledger.coin.unit, "年初预算": initial, "全年预算": quote["adjusted"].quote, "全年执行": quote["final"].quote, "分值": EXECUTION}
        self._execution(funds, project.executed, project.adjusted)
        if project.sources:
            funds["资金来源"] = {source: self._amounts(amounts, initial != "—") for source, amounts in project.sources.items()}
        goals = {"预期": f"按要求完成{name}的各项任务。", "实际": f"{name}的各项任务已经完成。"}
        makers = [self._quantity, self._qualitative("质量指标", QUALITY), self._deadline, self._qualitative("社会效益指标", SOCIAL), self._qualitative("可持续影响指标", LASTING),
                  self._satisfaction(f"/{name}"), self._cost(quote["adjusted"].quote, quote["final"].quote, "项目支出成本")]  # fmt: skip
        rows = self._rows(makers, 90)
        return _dump({"名称": f"{self.year}年度项目支出绩效自评表", "类型": "项目支出", "项目": name, "计分": "规则", "资金": funds, "目标": goals, "指标": rows})

    def _yuan(self, figure: str, basis: str) -> Decimal:
        return self.ledger.yuan[self.ledger.place(figure, basis)]

    def _execution(self, funds: Row, final: Decimal, adjusted: Decimal) -> None:
        if self.rng.random() < 0.6:
            funds["执行率"] = percent(final / adjusted)
        if final < adjusted:
            funds["偏差原因及改进措施"] = self.rng.choice(REASONS[:2])

    def _amounts(self, amounts: tuple[Decimal, ...], initial: bool) -> Row:
        if not any(amounts) and self.rng.random() < 0.6:
            return {}
        texts = [self.ledger.coin.text(value) for value in amounts]
        made = dict(zip(("年初预算", "全年预算", "全年执行"), texts, strict=True))
        if not initial:
            del made["年初预算"]
        return made

    def _natures(self) -> tuple[Row, Row]:
        ledger = self.ledger
        income = {"一般公共预算": ledger.place("dept.income.general", "adjusted").quote}
        expense = {"基本支出": ledger.place("dept.expense.basic").quote}
        for name, label in (("government_fund", "政府性基金拨款"), ("state_capital", "国有资本经营预算拨款")):
            value = ledger.final(f"dept.expense.{name}")
            if value or self.rng.random() < 0.5:
                income[label] = ledger.coin.text(value) if value else "—"
        if ledger.place("dept.expense.project") in ledger.typed:
            expense["项目支出"] = ledger.place("dept.expense.project").quote
        return income, expense

    def _reached(self) -> str:
        told = [f"{label}{{{figure}}}" for label, figure in (("职工医保参保", "fund.insured.employee"), ("城乡居民医保参保", "fund.insured.resident"), ("参保率", "fund.insured.rate")) if self.ledger.has(figure)]
        return "，".join(told) + "，待遇按时足额支付。"

    def _department_makers(self) -> list[Callable[[], Row | None]]:
        cost = self._cost("{dept.funds.total:全年预算}", "{dept.funds.total:决算}", "预算执行情况")
        every: list[Callable[[], Row | None]] = [self._quantity, self._insured, self._benefit, self._checked, self._qualitative("质量指标", QUALITY), self._deadline,
                 self._coverage, self._qualitative("社会效益指标", SOCIAL), self._recovered, self._qualitative("可持续影响指标", LASTING), self._satisfaction(""), cost, self._three_public, self._control]  # fmt: skip
        if self.region == "cn-4306":
            every += [self._carry, self._progress, self._items]
        return every

    def _rows(self, makers: list[Callable[[], Row | None]], points: int) -> list[Row]:
        """Rows in the order of the levels whose weights make `points`; some rows say 不适用."""
        drawn = [row for make in makers if self.rng.random() < 0.75 and (row := make())]
        if not any(row["一级"] == "产出指标" for row in drawn):
            drawn.append(self._qualitative("质量指标", QUALITY)())
        fixed = sum(row.get("分值", 0) for row in drawn)
        free = [row for row in drawn if "分值" not in row]
        if not free:
            drawn.append(self._qualitative("质量指标", QUALITY)())
            free = drawn[-1:]
        for row, weight in zip(free, self._weights(points - fixed, len(free)), strict=True):
            row["分值"] = weight
            self._tier(row)
        for level1, level2 in (("产出指标", "时效指标"), ("效益指标", "经济效益指标"), ("效益指标", "生态效益指标"), ("成本指标", "社会成本指标")):
            if self.rng.random() < 0.5 and not any(row["二级"] == level2 for row in drawn):
                drawn.append({"一级": level1, "二级": level2, "不适用": "是"})
        order = ["数量指标", "质量指标", "时效指标", "经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标", "服务对象满意度指标", "经济成本指标", "社会成本指标"]
        drawn.sort(key=lambda row: order.index(row["二级"]))
        return [_scored(row) for row in drawn]

    def _weights(self, points: int, rows: int) -> list[int]:
        cuts = sorted(self.rng.sample(range(1, points), rows - 1))
        return [b - a for a, b in zip([0, *cuts], [*cuts, points], strict=True)]

    def _tier(self, row: Row) -> None:
        """The score of a 定性 row, from its tier."""
        if row.get("方向") != "定性":
            return
        low, high = {"达成预期": (80, 100), "部分达成预期": (60, 79), "未达成预期": (10, 59)}[row["档次"]]
        share = 100 if row["档次"] == "达成预期" and self.rng.random() < 0.85 else self.rng.randint(low, high)
        score = (Decimal(row["分值"] * share) / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
        row["得分"] = f"{score.normalize():f}"
        if share < 100:
            row["偏差原因及改进措施"] = self.rng.choice(REASONS[2:])

    def _number(self, level: tuple[str, str], name: str, direction: str, target: Decimal, unit: str, decimals: int, actual: str = "") -> Row:
        """A numeric row; `actual` quotes a figure, else it is drawn: reached, missed, far above."""
        row: Row = {"一级": level[0], "二级": level[1], "三级": name, "方向": direction, "目标": _text(target, decimals), "单位": unit}
        if actual:
            return row | {"实际": actual}
        fate = self.rng.random()
        if direction in ("≤", "<"):
            share = self.rng.uniform(0.75, 0.99) if fate < 0.8 else self.rng.uniform(1.02, 1.3)
        elif direction == "=":
            share = 1 if fate < 0.8 else self.rng.uniform(0.8, 0.99)
        else:
            share = self.rng.uniform(1.02, 1.25) if fate < 0.75 else self.rng.uniform(0.7, 0.98) if fate < 0.92 else self.rng.uniform(1.4, 1.9)
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

    def _quantity(self) -> Row:
        name, unit, low, high = self.rng.choice(QUANTITY)
        return self._number(("产出指标", "数量指标"), name, self.rng.choice("≥≥≥="), Decimal(self.rng.randint(low, high)), unit, 0)

    def _quoted(self, figure: str, level: tuple[str, str], name: str, unit: str, scope: str = "", lowest: Decimal = Decimal("0.85")) -> Row | None:
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
        return self._number(level, name, "≥", max(target, Decimal(1).scaleb(-decimals)), unit, decimals, f"{{{figure}}}" if not scope else f"{{{figure}/{scope}}}")

    def _insured(self) -> Row | None:
        text = self.ledger.typed[self.ledger.place("fund.insured.total")][0]
        return self._quoted("fund.insured.total", ("产出指标", "数量指标"), "基本医疗保险参保人数", "万人" if text.endswith("万人") else "人")

    def _benefit(self) -> Row | None:
        return self._quoted("fund.benefit.ratio.overall", ("产出指标", "数量指标"), "政策范围内住院报销比例", "%")

    def _checked(self) -> Row | None:
        low = self.rng.choice([40, 60, 65])
        row: Row = {"一级": "产出指标", "二级": "质量指标", "三级": "举报线索按期办结率", "方向": "区间", "目标": f"{low}-100", "单位": "%", "实际": str(self.rng.randint(low, 100))}
        if self.rng.random() < 0.15:
            row |= {"实际": str(low - self.rng.randint(1, 20)), "偏差原因及改进措施": REASONS[3]}
        return row

    def _deadline(self) -> Row:
        due = f"{self.year}-{self.rng.choice(['06-30', '11-30', '12-31'])}"
        late = due < f"{self.year}-12" and self.rng.random() < 0.2
        done = f"{self.year}-12-{self.rng.randint(10, 20)}" if late else f"{self.year}-0{self.rng.randint(3, 6)}-{self.rng.randint(10, 28)}"
        row: Row = {"一级": "产出指标", "二级": "时效指标", "三级": "年度任务完成时间", "方向": "期限", "目标": due, "实际": done}
        return row | ({"偏差原因及改进措施": REASONS[3]} if late else {})

    def _coverage(self) -> Row:
        return self._quoted("audit.coverage", ("效益指标", "社会效益指标"), "定点医药机构监督检查覆盖率", "%") or self._qualitative("社会效益指标", SOCIAL)()

    def _recovered(self) -> Row | None:
        return self._quoted("audit.recovered", ("效益指标", "经济效益指标"), "追回医保基金", "万元")

    def _satisfaction(self, scope: str) -> Callable[[], Row | None]:
        def make() -> Row | None:
            level, name = ("满意度指标", "服务对象满意度指标"), "参保群众满意度"
            row = self._quoted("dept.appraisal.satisfaction", level, name, "%", scope.removeprefix("/"))
            return row or self._number(level, name, "≥", Decimal(self.rng.randint(80, 90)), "%", 0)

        return make

    def _cost(self, target: str, actual: str, name: str) -> Callable[[], Row]:
        def make() -> Row:
            return {"一级": "成本指标", "二级": "经济成本指标", "三级": name, "方向": "≤", "目标": target, "单位": self.ledger.coin.unit, "实际": actual}

        return make

    def _three_public(self) -> Row | None:
        if not self.ledger.has("dept.rate.three_public_control"):
            return None
        row: Row = {"一级": "成本指标", "二级": "经济成本指标", "三级": "“三公”经费控制率", "方向": "≤", "目标": "100", "单位": "%", "实际": "{dept.rate.three_public_control}"}
        if self.region == "cn-4306":
            row |= {"公式": "三公经费控制率", "分值": 6}
        return row

    def _control(self) -> Row | None:
        if not self.ledger.has("dept.rate.control") or self.region not in ("cn-43", "cn-4306"):
            return None
        weight = 3 if self.region == "cn-4306" else 5
        row: Row = {"一级": "成本指标", "二级": "经济成本指标", "三级": "预算控制率", "方向": "≤", "目标": "0", "单位": "%", "实际": "{dept.rate.control}", "公式": "预算控制率", "分值": weight}
        added = self.ledger.yuan[self.ledger.place("dept.funds.total", "added")]
        return row | ({"偏差原因及改进措施": "年中增加了上级专项和人员增支"} if added else {})

    def _carry(self) -> Row:
        left, last = self.rng.randint(0, 30), self.rng.randint(0, 30)
        row: Row = {"一级": "产出指标", "二级": "质量指标", "三级": "资金结余控制", "方向": "≤", "目标": str(last), "实际": str(left), "单位": "万元", "办法": "资金结余", "分值": 3}
        return row | ({"偏差原因及改进措施": REASONS[1]} if left else {})

    def _progress(self) -> Row:
        first, second = self.rng.randint(40, 70), self.rng.randint(90, 100)
        row: Row = {"一级": "产出指标", "二级": "时效指标", "三级": "专项资金支付进度", "方向": "≥", "目标": "50%、100%", "实际": f"{first}%、{second}%", "办法": "支付进度"}
        return row | ({"偏差原因及改进措施": REASONS[1]} if first < 50 or second < 100 else {})

    def _items(self) -> Row:
        wanted = self.rng.randint(3, 5)
        met = self.rng.choice([wanted, wanted, wanted - 1])
        row: Row = {"一级": "产出指标", "二级": "质量指标", "三级": "管理制度健全性", "方向": "=", "目标": str(wanted), "实际": str(met), "单位": "项", "办法": "逐项计分", "分值": wanted}
        return row | ({"偏差原因及改进措施": "一项制度正在修订"} if met < wanted else {})

    def _qualitative(self, level2: str, names: list[tuple[str, str]]) -> Callable[[], Row]:
        level1 = "产出指标" if level2 in ("质量指标", "时效指标") else "效益指标"

        def make() -> Row:
            name, target = self.rng.choice(names)
            tier = self.rng.choices(list(TIERS.values()), (8, 1, 0.3))[0]
            return {"一级": level1, "二级": level2, "三级": name, "方向": "定性", "目标": target, "实际": target if tier == "达成预期" else f"部分{target}", "档次": tier}

        return make

    def _headings(self, rows: list[Row]) -> list[Row]:
        """Weights as the text prints them."""
        found = {"预算执行率": EXECUTION}
        for row in rows:
            for level in (row["一级"], row["二级"]):
                found[level] = found.get(level, 0) + row.get("分值", 0)
        return [{"指标": level, "分值": weight} for level, weight in found.items() if weight]


def _text(value: Decimal, decimals: int) -> str:
    return f"{value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):f}"


def _scored(row: Row) -> Row:
    """Keys in the order of the form."""
    order = ("一级", "二级", "三级", "方向", "目标", "实际", "单位", "分值", "得分", "公式", "办法", "档次", "偏差原因及改进措施", "不适用")
    return {key: row[key] for key in order if key in row}


def _dump(sheet: Row) -> str:
    return str(yaml.safe_dump(sheet, allow_unicode=True, sort_keys=False, width=4000))

"""Score sheets of a drawn year: the department's and one of each project, weights that add up to 100."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from functools import partial

import yaml

from bench.years.department import Project
from bench.years.indicators import LASTING, QUALITY, REASONS, SOCIAL, Indicators, Row
from bench.years.ledger import Ledger, percent
from bench.years.local_indicators import carry, control, items, progress, three_public

EXECUTION = 10
LEVELS = [
    "数量指标",
    "质量指标",
    "时效指标",
    "经济效益指标",
    "社会效益指标",
    "生态效益指标",
    "可持续影响指标",
    "服务对象满意度指标",
    "经济成本指标",
    "社会成本指标",
]


class Sheets:
    """Makes the forms of one year."""

    def __init__(self, rng: random.Random, ledger: Ledger, region: str) -> None:
        self.rng, self.ledger, self.region = rng, ledger, region
        self.rows = Indicators(rng, ledger)
        self.year = ledger.year

    def department(self) -> str:
        """指标/整体支出.yaml."""
        adjusted = self.ledger.place("dept.funds.total", "adjusted").quote
        final = self.ledger.place("dept.funds.total").quote
        funds: Row = {
            "单位": self.ledger.coin.unit,
            "年初预算": self.ledger.place("dept.funds.total", "initial").quote,
            "全年预算": adjusted,
            "全年执行": final,
            "分值": EXECUTION,
        }
        self._execution(funds, self.ledger.final("dept.funds.total"), self._yuan("dept.funds.total", "adjusted"))
        if self.rng.random() < 0.8:
            funds["按收入性质"], funds["按支出性质"] = self._natures()
        rows = self._rows(self._department_makers(), 90)
        goals = {"预期": "扩大参保覆盖面，落实待遇政策，管好用好医保基金。", "实际": self._reached()}
        sheet = {
            "名称": f"{self.year}年度部门整体支出绩效自评表",
            "类型": "整体支出",
            "计分": "规则",
            "资金": funds,
            "目标": goals,
            "指标": rows,
        }
        if self.rng.random() < 0.5:
            sheet["各级分值"] = self._headings(rows)
        return _dump(sheet)

    def project(self, project: Project) -> str:
        """指标/项目-<name>.yaml."""
        name = project.name
        quote = {
            basis: self.ledger.place("dept.funds.total", basis, scope=name)
            for basis in ("initial", "adjusted", "final")
        }
        initial = quote["initial"].quote if quote["initial"] in self.ledger.typed else "—"
        funds: Row = {
            "单位": self.ledger.coin.unit,
            "年初预算": initial,
            "全年预算": quote["adjusted"].quote,
            "全年执行": quote["final"].quote,
            "分值": EXECUTION,
        }
        self._execution(funds, project.executed, project.adjusted)
        if project.sources:
            funds["资金来源"] = {
                source: self._amounts(amounts, initial != "—") for source, amounts in project.sources.items()
            }
        goals = {"预期": f"按要求完成{name}的各项任务。", "实际": f"{name}的各项任务已经完成。"}
        makers = [self.rows.quantity, self.rows.qualitative("质量指标", QUALITY), self.rows.deadline, self.rows.qualitative("社会效益指标", SOCIAL), self.rows.qualitative("可持续影响指标", LASTING),
                  self.rows.satisfaction(f"/{name}"), self.rows.cost(quote["adjusted"].quote, quote["final"].quote, "项目支出成本")]  # fmt: skip
        rows = self._rows(makers, 90)
        return _dump(
            {
                "名称": f"{self.year}年度项目支出绩效自评表",
                "类型": "项目支出",
                "项目": name,
                "计分": "规则",
                "资金": funds,
                "目标": goals,
                "指标": rows,
            }
        )

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
        told = [
            f"{label}{{{figure}}}"
            for label, figure in (
                ("职工医保参保", "fund.insured.employee"),
                ("城乡居民医保参保", "fund.insured.resident"),
                ("参保率", "fund.insured.rate"),
            )
            if self.ledger.has(figure)
        ]
        return "，".join(told) + "，待遇按时足额支付。"

    def _headings(self, rows: list[Row]) -> list[Row]:
        """Weights as the text prints them."""
        found = {"预算执行率": EXECUTION}
        for row in rows:
            for level in (row["一级"], row["二级"]):
                found[level] = found.get(level, 0) + row.get("分值", 0)
        return [{"指标": level, "分值": weight} for level, weight in found.items() if weight]

    def _department_makers(self) -> list[Callable[[], Row | None]]:
        cost = self.rows.cost("{dept.funds.total:全年预算}", "{dept.funds.total:决算}", "预算执行情况")
        every: list[Callable[[], Row | None]] = [self.rows.quantity, self.rows.insured, self.rows.benefit, self.rows.checked, self.rows.qualitative("质量指标", QUALITY), self.rows.deadline,
                 self.rows.coverage, self.rows.qualitative("社会效益指标", SOCIAL), self.rows.recovered, self.rows.qualitative("可持续影响指标", LASTING), self.rows.satisfaction(""), cost]  # fmt: skip
        local = [three_public, control, *((carry, progress, items) if self.region == "cn-4306" else ())]
        return [*every, *(partial(make, self.rows, self.region) for make in local)]

    def _rows(self, makers: list[Callable[[], Row | None]], points: int) -> list[Row]:
        """Rows in the order of the levels whose weights make `points`; some rows say 不适用."""
        drawn = [row for make in makers if self.rng.random() < 0.75 and (row := make())]
        if not any(row["一级"] == "产出指标" for row in drawn):
            drawn.append(self.rows.qualitative("质量指标", QUALITY)())
        fixed = sum(row.get("分值", 0) for row in drawn)
        free = [row for row in drawn if "分值" not in row]
        if not free:
            drawn.append(self.rows.qualitative("质量指标", QUALITY)())
            free = drawn[-1:]
        for row, weight in zip(free, self._weights(points - fixed, len(free)), strict=True):
            row["分值"] = weight
            self._tier(row)
        for level1, level2 in (
            ("产出指标", "时效指标"),
            ("效益指标", "经济效益指标"),
            ("效益指标", "生态效益指标"),
            ("成本指标", "社会成本指标"),
        ):
            if self.rng.random() < 0.5 and not any(row["二级"] == level2 for row in drawn):
                drawn.append({"一级": level1, "二级": level2, "不适用": "是"})
        drawn.sort(key=lambda row: LEVELS.index(row["二级"]))
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


def _scored(row: Row) -> Row:
    """Keys in the order of the form."""
    order = (
        "一级",
        "二级",
        "三级",
        "方向",
        "目标",
        "实际",
        "单位",
        "分值",
        "得分",
        "公式",
        "办法",
        "档次",
        "偏差原因及改进措施",
        "不适用",
    )
    return {key: row[key] for key in order if key in row}


def _dump(sheet: Row) -> str:
    return str(yaml.safe_dump(sheet, allow_unicode=True, sort_keys=False, width=4000))

"""The forms of a self-evaluation: 部门整体支出绩效自评表, 项目支出绩效自评表, 绩效评价基础数据表."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from decimal import Decimal

from bench.accounts_facts import ZERO, Purse
from bench.county import County
from bench.marked import Draft, Role, rounded
from bench.ties import at_most, ratio, score, total

TOP = Decimal(10)  #: points of 预算执行率
POOL = [("产出指标", "数量指标", "定点医药机构检查数量", "≥", "家"), ("产出指标", "数量指标", "政策宣传活动场次", "≥", "场"),
        ("产出指标", "质量指标", "住院费用抽查审核比例", "≥", "%"), ("产出指标", "质量指标", "困难群众参保率", "≥", "%"),
        ("产出指标", "时效指标", "待遇按时支付率", "≥", "%"), ("效益指标", "社会效益指标", "政策知晓率", "≥", "%"),
        ("效益指标", "社会效益指标", "投诉办结率", "≥", "%"), ("效益指标", "可持续影响指标", "制度健全程度", "", "健全"),
        ("满意度指标", "服务对象满意度指标", "参保群众满意度", "≥", "%"), ("成本指标", "经济成本指标", "单次培训成本", "≤", "元")]  # fmt: skip


@dataclass(slots=True)
class Indicator:
    """One line of the form: what was aimed at, what was reached, what it is worth and got."""

    one: str
    two: str
    name: str
    sign: str
    unit: str
    goal: Decimal
    actual: Decimal
    weight: Decimal
    got: Decimal


@dataclass(slots=True)
class Evaluation:
    """A department's (or a project's) self-evaluation."""

    initial: Decimal
    budget: Decimal
    spent: Decimal
    basic: Decimal
    project: Decimal
    own: Decimal
    indicators: list[Indicator] = field(default_factory=list)

    @property
    def execution_score(self) -> Decimal:
        return min(TOP, rounded(self.spent / self.budget * TOP, 2))

    @property
    def score(self) -> Decimal:
        return self.execution_score + sum((i.got for i in self.indicators), ZERO)


def draw_evaluation(rng: random.Random, purse: Purse) -> Evaluation:
    """Weights add up to 100; each indicator gets what its figures are worth."""
    initial = purse.amount(300, 1500)
    budget = initial + purse.amount(20, 400)
    spent = purse.near(budget, 0.86, 0.999)
    basic = purse.near(spent, 0.5, 0.8)
    out = Evaluation(
        initial, budget, spent, basic, spent - basic, purse.near(budget, 0.02, 0.1) if rng.random() < 0.3 else ZERO
    )
    kept = sorted(rng.sample(range(len(POOL)), rng.randint(6, len(POOL))))
    weights = _weights(rng, len(kept))
    out.indicators = [_indicator(rng, POOL[i], w) for i, w in zip(kept, weights, strict=True)]
    return out


def _weights(rng: random.Random, n: int) -> list[int]:
    """n weights that add up to 90."""
    cuts = sorted(rng.sample(range(1, 30), n - 1))
    return [(b - a) * 3 for a, b in zip([0, *cuts], [*cuts, 30], strict=True)]


def _indicator(rng: random.Random, row: tuple[str, str, str, str, str], weight: int) -> Indicator:
    one, two, name, sign, unit = row
    w = Decimal(weight)
    if not sign:
        return Indicator(one, two, name, sign, unit, ZERO, ZERO, w, w)
    goal = Decimal(rng.randint(80, 95) if unit == "%" else rng.randint(3, 30) * 10)
    if sign == "≤":
        return Indicator(one, two, name, sign, unit, goal, goal - rng.randint(0, 5), w, w)
    if rng.random() < 0.25:
        actual = goal - rng.randint(1, 6)
        return Indicator(one, two, name, sign, unit, goal, actual, w, rounded(w * actual / goal, 2))
    top = Decimal(100) if unit == "%" else goal * Decimal("1.2")
    actual = min(top, goal + rng.randint(0, 15))
    return Indicator(one, two, name, sign, unit, goal, Decimal(int(actual)), w, w)


class Forms:
    """Prints the forms of one department."""

    def __init__(self, draft: Draft, county: County, evaluation: Evaluation) -> None:
        self.d, self.county, self.e = draft, county, evaluation

    def _money(self, yuan: Decimal, key: str = "", glued: bool = False) -> str:
        return self.d.money(yuan, key, unit=self.d.style.table_unit if glued else "")

    def block(self, e: Evaluation, keys: str = "") -> tuple[list[list[str]], list[str]]:
        """The indicator block, and four marks: weight and score of 预算执行率, total weight and score."""
        d = self.d
        rows = [
            [
                "绩效指标",
                "一级指标",
                "二级指标",
                "三级指标",
                "年度指标值",
                "实际完成值",
                "分值",
                "得分",
                "偏差原因分析及改进措施",
            ]
        ]
        weights: list[str] = []
        scores: list[str] = []
        seen: set[str] = set()
        for i in e.indicators:
            weight, got = (
                d.points(i.weight, keys and f"w.{i.name}", Role.WEIGHT),
                d.points(i.got, keys and f"s.{i.name}"),
            )
            weights.append(weight)
            scores.append(got)
            goal, actual, why = i.unit, i.unit, ""
            if i.sign:
                a, b = d.count(int(i.goal), keys and f"g.{i.name}"), d.count(int(i.actual), keys and f"a.{i.name}")
                goal, actual = f"{i.sign}{a}{i.unit}", f"{b}{i.unit}"
                top, bottom = (b, a) if i.sign == "≥" else (a, b)
                d.tie(score("indicator_score", got, weight, top, bottom))
            if i.got < i.weight:
                why = "任务年底集中推进，个别事项延后；下年按季调度"
            new = [x if x not in seen else "" for x in (i.one, i.two)]
            seen.update((i.one, i.two))
            rows.append(["", new[0], new[1], i.name, goal, actual, weight, got, why])
        weight, got = d.points(TOP, "", Role.WEIGHT), d.points(e.execution_score, keys and "s.预算执行率")
        return rows, self._totals(e, keys, weights, scores, weight, got)

    def _totals(
        self, e: Evaluation, keys: str, weights: list[str], scores: list[str], weight: str, got: str
    ) -> list[str]:
        d = self.d
        whole, every = d.points(100, "", Role.WEIGHT), d.points(e.score, keys and "score")
        d.tie(total("weight_sum", whole, [*weights, weight]), total("score_sum", every, [*scores, got]))
        return [weight, got, whole, every]

    def department(self) -> None:
        """部门整体支出绩效自评表."""
        d, e = self.d, self.e
        d.open_table("")
        rows, four = self.block(e, "e")
        weight, got, whole, every = four
        glued = d.rng.random() < 0.5
        initial, budget, spent = (
            self._money(v, k) for v, k in ((e.initial, "initial"), (e.budget, "budget"), (e.spent, "spent"))
        )
        rate = d.percent(e.spent / e.budget * 100, "execution")
        d.tie(ratio("execution_rate", rate, spent, budget), score("score_formula", got, weight, spent, budget))
        income, expense = self._money(e.budget, "budget", True), self._money(e.spent, "spent", True)
        general, own = self._money(e.budget - e.own, "", glued), self._money(e.own, "", glued) if e.own else ""
        basic, project = self._money(e.basic, "basic", glued), self._money(e.project, "project", glued)
        d.tie(total("sum", income, [general, own] if own else [general]), total("sum", expense, [basic, project]))
        head = [["预算部门", d.name(self.county.bureau)], ["年度预算申请（" + d.style.table_unit + "）", "年度资金总额", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分", ""],
                ["", "", initial, budget, spent, weight, rate, got, ""], ["", f"按收入性质分：{income}", "", "", f"按支出性质分：{expense}", "", "", "", ""],
                ["", f"其中：一般公共预算：{general}", "", "", f"其中：基本支出：{basic}", "", "", "", ""],
                ["", f"其他资金：{own}", "", "", f"项目支出：{project}", "", "", "", ""],
                ["年度总体目标", "预期目标", "", "", "实际完成情况"], ["", "完善待遇保障，管好用好基金", "", "", "各项重点任务按计划完成"]]  # fmt: skip
        top = len(head)
        rows = [*head, *rows, ["总分", "", "", "", "", "", whole, every, ""]]
        merges = [(0, 1, 1, 8), (1, 0, 5, 1), (1, 1, 2, 1), (6, 0, 2, 1), *((r, 1, 1, 3) for r in (3, 4, 5, 6, 7)), *((r, 4, 1, 5) for r in (3, 4, 5, 6, 7)),
                  (top, 0, len(e.indicators) + 1, 1), (len(rows) - 1, 0, 1, 6), *_runs(rows, top + 1, len(e.indicators))]  # fmt: skip
        d.close_table(
            f"{d.year()}年度部门整体支出绩效自评表",
            [],
            rows,
            1,
            below=(f"填报日期：{d.year(1)}年4月8日",),
            merges=tuple(merges),
        )

    def project(self, name: str, e: Evaluation, source: Decimal) -> None:
        """项目支出绩效自评表: 资金总额 from this year's grant and last year's carry-over."""
        d = self.d
        d.open_table("")
        rows, four = self.block(e)
        weight, got, whole, every = four
        amounts = [
            self._money(v, k)
            for v, k in ((e.initial, ""), (e.budget, f"project.{name}.budget"), (e.spent, f"project.{name}.spent"))
        ]
        rest = [v - min(source, v) for v in (e.initial, e.budget, e.spent)]
        grants = [self._money(v) for v in rest]
        carried = [self._money(min(source, v)) if source else "" for v in (e.initial, e.budget, e.spent)]
        for i, amount in enumerate(amounts):
            d.tie(total("sum", amount, [grants[i], carried[i]] if source else [grants[i]]))
        rate = d.percent(e.spent / e.budget * 100)
        d.tie(
            ratio("execution_rate", rate, amounts[2], amounts[1]),
            score("score_formula", got, weight, amounts[2], amounts[1]),
        )
        head = [["项目名称", name], ["主管部门", d.name(self.county.bureau), "", "", "实施单位", self.county.bureau, "", "", ""],
                ["项目资金（" + d.style.table_unit + "）", "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分", ""],
                ["", "年度资金总额", *amounts, weight, rate, got, ""], ["", "其中：当年财政拨款", *grants, "", "", "", ""],
                ["", "上年结转资金", *carried, "", "", "", ""], ["", "其他资金", "", "", "", "", "", "", ""]]  # fmt: skip
        top = len(head)
        rows = [*head, *rows, ["总分", "", "", "", "", "", whole, every, ""]]
        merges = [(0, 1, 1, 8), (1, 1, 1, 3), (1, 5, 1, 4), (2, 0, 5, 1), (top, 0, len(e.indicators) + 1, 1), (len(rows) - 1, 0, 1, 6),
                  *_runs(rows, top + 1, len(e.indicators))]  # fmt: skip
        d.close_table(
            f"{d.year()}年度项目支出绩效自评表",
            [],
            rows,
            2,
            below=(f"填报日期：{d.year(1)}年4月8日",),
            merges=tuple(merges),
        )

    def base_data(self, purse: Purse, staff: tuple[int, int], projects: dict[str, Evaluation]) -> None:
        """部门整体支出绩效评价基础数据表."""
        d = self.d
        d.open_table("")
        posts, present = d.people(staff[0], "posts"), d.people(staff[1], "staff")
        control = d.percent(Decimal(staff[1]) / staff[0] * 100)
        d.tie(ratio("control_rate", control, present, posts))
        rows = [["财政供养人员情况（人）", "编制数", "", f"{d.year()}年实际在职人数", "", "控制率"], ["", posts, "", present, "", control],
                [f"经费控制情况（{d.style.table_unit}）", f"{d.year(-1)}年决算数", "", f"{d.year()}年预算数", "", f"{d.year()}年决算数"]]  # fmt: skip
        host, car = _falling(purse, 2, 9), _falling(purse, 2, 6)
        three = self._triple([a + b for a, b in zip(host, car, strict=True)], "three")
        drive, run, meals = self._triple(car, ""), self._triple(car, ""), self._triple(host, "host")
        for i in range(3):
            d.tie(total("table_sum", three[i], [drive[i], meals[i]]), total("table_sum", drive[i], [run[i]]))
        rows += [_spread("三公经费", three), _spread("1、公务用车购置和维护经费", drive), _spread("其中：公车购置", ["", "", ""]),
                 _spread("公车运行维护", run), _spread("2、出国经费", ["", "", ""]), _spread("3、公务接待", meals)]  # fmt: skip
        rows += self._projects(purse, projects)
        public, office, travel = _falling(purse, 90, 140), _falling(purse, 20, 30), _falling(purse, 10, 20)
        a, b, c = self._triple(public, "public"), self._triple(office, ""), self._triple(travel, "")
        for i in range(3):
            d.tie(at_most("subset_sum", a[i], [b[i], c[i]]))
        rows += [_spread("公用经费", a), _spread("其中：办公费", b), _spread("水费、电费、差旅费", c)]
        bought = self._money(purse.amount(3, 30), "purchase")
        rows += [["政府采购金额", "—", "", "", "", bought]]
        merges = [(r, c, 1, 2) for r in range(len(rows)) for c in (1, 3)]
        merges[:2] = [(0, 1, 1, 2), (0, 3, 1, 2)]
        d.close_table(
            f"{d.year()}年度部门整体支出绩效评价基础数据表",
            [],
            rows,
            1,
            below=(f"填报日期：{d.year(1)}年4月8日",),
            merges=tuple(merges),
        )

    def _projects(self, purse: Purse, projects: dict[str, Evaluation]) -> list[list[str]]:
        d = self.d
        whole = [ZERO, ZERO, ZERO]
        lines = []
        for n, (name, e) in enumerate(projects.items(), 1):
            values = [purse.near(e.spent, 0.7, 1.1), e.budget, e.spent]
            whole = [a + b for a, b in zip(whole, values, strict=True)]
            keys = ("", f"project.{name}.budget", f"project.{name}.spent")
            lines.append((f"{n}、{name}", [self._money(v, k) for v, k in zip(values, keys, strict=True)]))
        top = [self._money(whole[0]), self._money(whole[1]), self._money(whole[2], "project")]
        for i in range(3):
            d.tie(total("table_sum", top[i], [m[i] for _, m in lines]))
        return [_spread("项目支出：", top), *(_spread(label, m) for label, m in lines)]

    def _triple(self, values: list[Decimal], key: str) -> list[str]:
        return [self._money(v, key and f"{key}.{i}") for i, v in enumerate(values)]


def _falling(purse: Purse, low: float, high: float) -> list[Decimal]:
    """Last year's final figure, the budget, and a final figure within the budget."""
    budget = purse.amount(low, high)
    return [purse.near(budget, 0.7, 1.2), budget, purse.near(budget, 0.75, 0.99)]


def _spread(label: str, values: list[str]) -> list[str]:
    """A row whose first two figures are two cells wide."""
    return [label, values[0], "", values[1], "", values[2]]


def _runs(rows: list[list[str]], start: int, n: int) -> list[tuple[int, int, int, int]]:
    """The merges of 一级指标 and 二级指标 down their rows."""
    out = []
    for column in (1, 2):
        first = start
        for r in range(start + 1, start + n + 1):
            if r == start + n or rows[r][column] or (column == 2 and rows[r][1]):
                if r - first > 1:
                    out.append((first, column, r - first, 1))
                first = r
    return out

"""The accounts of an invented department: drawn from the bottom up, so that every identity holds before rounding."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from decimal import Decimal

ZERO = Decimal(0)
CLASSES = {"208": "社会保障和就业支出", "210": "卫生健康支出", "221": "住房保障支出", "229": "其他支出"}
GROUPS = {"20805": "行政事业单位养老支出", "21011": "行政事业单位医疗", "21013": "医疗救助", "21015": "医疗保障管理事务",
          "22102": "住房改革支出", "22960": "彩票公益金安排的支出"}  # fmt: skip
ITEMS = {"2080505": "机关事业单位基本养老保险缴费支出", "2080506": "机关事业单位职业年金缴费支出", "2101101": "行政单位医疗",
         "2101102": "事业单位医疗", "2101103": "公务员医疗补助", "2101301": "城乡医疗救助", "2101501": "行政运行",
         "2101502": "一般行政管理事务", "2101504": "信息化建设", "2101505": "医疗保障政策管理", "2101506": "医疗保障经办事务",
         "2101550": "事业运行", "2101599": "其他医疗保障管理事务支出", "2210201": "住房公积金",
         "2296013": "用于城乡医疗救助的彩票公益金支出"}  # fmt: skip
ECONOMIC = {"301": "工资福利支出", "30101": "基本工资", "30102": "津贴补贴", "30103": "奖金", "30107": "绩效工资",
            "30108": "机关事业单位基本养老保险缴费", "30109": "职业年金缴费", "30110": "职工基本医疗保险缴费",
            "30111": "公务员医疗补助缴费", "30112": "其他社会保障缴费", "30113": "住房公积金", "30199": "其他工资福利支出",
            "302": "商品和服务支出", "30201": "办公费", "30202": "印刷费", "30205": "水费", "30206": "电费",
            "30207": "邮电费", "30211": "差旅费", "30213": "维修（护）费", "30215": "会议费", "30216": "培训费",
            "30217": "公务接待费", "30228": "工会经费", "30231": "公务用车运行维护费", "30239": "其他交通费用",
            "30299": "其他商品和服务支出", "303": "对个人和家庭的补助", "30302": "退休费", "30305": "生活补助",
            "30307": "医疗费补助", "310": "资本性支出", "31002": "办公设备购置"}  # fmt: skip
PROJECT_ITEMS = ["2101502", "2101504", "2101505", "2101506", "2101599", "2101301"]


@dataclass(slots=True)
class Item:
    """One 项: what it spent (基本, 项目) and its budget at the start of the year."""

    code: str
    basic: Decimal = ZERO
    project: Decimal = ZERO
    budget: Decimal = ZERO

    @property
    def spent(self) -> Decimal:
        return self.basic + self.project


@dataclass(slots=True)
class Accounts:
    """A department's year, in yuan."""

    items: dict[str, Item]
    economic: dict[str, Decimal]
    other_income: Decimal  #: spent in full on projects of the 事业运行 or 经办 item
    other_item: str
    opening: Decimal
    closing: Decimal
    last_income: Decimal
    last_spent: Decimal
    last_fiscal: Decimal
    three: dict[str, tuple[Decimal, Decimal, Decimal]]  #: budget, final, last year of 接待, 运行, 购置, 出国
    lottery: bool
    running_budget: Decimal
    last_running: Decimal
    purchases: dict[str, Decimal]
    small: Decimal
    counts: dict[str, int] = field(default_factory=dict)

    def spent(self, prefix: str = "", part: str = "spent") -> Decimal:
        return sum((getattr(i, part) for c, i in self.items.items() if c.startswith(prefix)), ZERO)

    @property
    def spent_all(self) -> Decimal:
        return self.spent()

    def general(self, prefix: str = "", part: str = "spent") -> Decimal:
        """Of 一般公共预算财政拨款: without the lottery fund, without what other income paid."""
        value = sum(
            (getattr(i, part) for c, i in self.items.items() if c.startswith(prefix) and not c.startswith("229")), ZERO
        )
        if part in ("spent", "project") and self.other_item.startswith(prefix):
            value -= self.other_income
        return value

    @property
    def fund(self) -> Decimal:
        return self.spent("229")

    @property
    def fiscal(self) -> Decimal:
        return self.general() + self.fund

    @property
    def fiscal_income(self) -> Decimal:
        return self.fiscal + self.closing - self.opening

    @property
    def income(self) -> Decimal:
        return self.fiscal_income + self.other_income

    @property
    def personnel(self) -> Decimal:
        return self.economic["301"] + self.economic["303"]

    @property
    def public(self) -> Decimal:
        return self.economic["302"] + self.economic["310"]

    def three_total(self, column: int) -> Decimal:
        return sum((v[column] for v in self.three.values()), ZERO)


class Purse:
    """Draws amounts that are whole in the grain: 100 元 for two decimals of 万元; 1 fen where each figure is rounded."""

    def __init__(self, rng: random.Random, grain: Decimal, scale: int = 1) -> None:
        self.rng, self.grain, self.scale = rng, grain, scale

    def amount(self, low: float, high: float) -> Decimal:
        """Between two amounts of 万元, in yuan."""
        steps = int(Decimal(str(round(self.rng.uniform(low, high), 4))) * 10_000 * self.scale / self.grain)
        return max(1, steps) * self.grain

    def near(self, base: Decimal, low: float, high: float) -> Decimal:
        """A multiple of an amount."""
        return max(1, int(base * Decimal(str(round(self.rng.uniform(low, high), 4))) / self.grain)) * self.grain


def draw_accounts(rng: random.Random, grain: Decimal) -> Accounts:
    """A department whose tables 01–09 and text all agree."""
    purse = Purse(rng, grain)
    economic = _economic(purse)
    items = _items(purse, economic)
    lottery = rng.random() < 0.25
    if lottery:
        items["2296013"] = Item("2296013", project=purse.amount(5, 60))
    other_item = rng.choice([c for c in items if c in PROJECT_ITEMS])
    other = purse.near(items[other_item].project, 0.05, 0.4) if rng.random() < 0.4 else ZERO
    for item in items.values():
        fiscal = item.spent - (other if item.code == other_item else ZERO)
        item.budget = _budget(rng, purse, fiscal)
    opening = purse.amount(1, 40) if rng.random() < 0.4 else ZERO
    closing = purse.near(opening, 0.1, 1.5) if opening else ZERO
    purchases = {k: purse.amount(0.5, 30) for k in rng.sample(["货物", "工程", "服务"], rng.randint(2, 3))}
    every = sum(purchases.values(), ZERO)
    out = Accounts(items, economic, other, other_item, opening, closing, ZERO, ZERO, ZERO, _three(rng, purse, economic), lottery,
                   ZERO, ZERO, purchases, purse.near(every, 0.3, 0.9))  # fmt: skip
    out.last_income = purse.near(out.income, 0.8, 1.25)
    out.last_spent = purse.near(out.spent_all, 0.8, 1.25)
    out.last_fiscal = purse.near(out.fiscal, 0.8, 1.25)
    out.running_budget = purse.near(out.public, 0.9, 1.2)
    out.last_running = purse.near(out.public, 0.85, 1.15)
    out.counts = {
        "batches": rng.randint(3, 60),
        "visitors": rng.randint(61, 600),
        "cars": 0,
        "meetings": rng.randint(1, 6),
    }
    out.counts["cars"] = rng.randint(1, 4) if out.three["运行"][1] else 0
    return out


def _economic(purse: Purse) -> dict[str, Decimal]:
    rng = purse.rng
    codes = {"30101": (60, 260), "30102": (20, 160), "30103": (10, 90), "30107": (10, 90), "30108": (10, 45), "30109": (5, 22),
             "30110": (6, 30), "30111": (1, 9), "30112": (0.5, 4), "30113": (10, 50), "30199": (1, 30), "30201": (3, 30),
             "30202": (0.5, 8), "30205": (0.2, 2), "30206": (1, 6), "30207": (0.5, 6), "30211": (1, 12), "30213": (0.5, 9),
             "30215": (0.2, 3), "30216": (0.3, 6), "30217": (0.1, 1.2), "30228": (1, 8), "30231": (0.5, 4), "30239": (2, 20),
             "30299": (0.5, 10), "30302": (1, 20), "30305": (0.5, 9), "30307": (0.3, 9), "31002": (0.5, 12)}  # fmt: skip
    kept = {
        c for c in codes if c in ("30101", "30108", "30109", "30110", "30113", "30201", "30217") or rng.random() < 0.75
    }
    out = {c: purse.amount(*codes[c]) for c in codes if c in kept}
    for head in ("301", "302", "303", "310"):
        out[head] = sum((v for c, v in out.items() if len(c) == 5 and c.startswith(head)), ZERO)
    return out


def _items(purse: Purse, economic: dict[str, Decimal]) -> dict[str, Item]:
    """功能分类 whose basic expenditure is exactly the economic classification."""
    rng = purse.rng
    fixed = {"2080505": "30108", "2080506": "30109", "2210201": "30113"}
    items = {code: Item(code, basic=economic[e]) for code, e in fixed.items()}
    medical = economic["30110"]
    part = purse.near(medical, 0.3, 0.7)
    items["2101101"], items["2101102"] = Item("2101101", basic=part), Item("2101102", basic=medical - part)
    if "30111" in economic:
        items["2101103"] = Item("2101103", basic=economic["30111"])
    rest = sum(economic[h] for h in ("301", "302", "303", "310")) - sum((i.basic for i in items.values()), ZERO)
    administration = purse.near(rest, 0.45, 0.8)
    items["2101501"] = Item("2101501", basic=administration)
    items["2101550"] = Item("2101550", basic=rest - administration)
    for code in rng.sample(PROJECT_ITEMS, rng.randint(2, 4)):
        items[code] = Item(code, project=purse.amount(5, 300))
    if rng.random() < 0.4:
        items["2101501"].project = purse.amount(2, 30)
    return dict(sorted(items.items()))


def _budget(rng: random.Random, purse: Purse, spent: Decimal) -> Decimal:
    fate = rng.random()
    if fate < 0.3:
        return spent
    return purse.near(spent, 0.7, 1.4)


def _three(
    rng: random.Random, purse: Purse, economic: dict[str, Decimal]
) -> dict[str, tuple[Decimal, Decimal, Decimal]]:
    """三公: budget ≥ final ≥ what 基本支出 paid; no car, no running cost."""
    out = {"出国": (ZERO, ZERO, ZERO), "购置": (ZERO, ZERO, ZERO), "运行": (ZERO, ZERO, ZERO)}
    host = purse.near(economic["30217"], 1.0, 1.6)
    host = max(host, economic["30217"])
    out["接待"] = (purse.near(host, 1.0, 2.0), host, purse.near(host, 0.7, 1.5))
    if "30231" in economic:
        car = economic["30231"]
        out["运行"] = (purse.near(car, 1.02, 1.8), car, purse.near(car, 0.7, 1.5))
    if rng.random() < 0.15 and "30231" in economic:
        bought = purse.amount(12, 25)
        out["购置"] = (bought, bought, ZERO)
    return out

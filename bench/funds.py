"""Fund tables (bureau layout, two-sided layout of the finance department) and the text that reports on them."""

from __future__ import annotations

import random
from dataclasses import dataclass
from decimal import Decimal

from bench.accounts_facts import ZERO
from bench.county import County
from bench.marked import Draft, Role, rounded
from bench.phrases import people
from bench.ties import equal, ratio, times, total

Column = dict[str, Decimal]
EMPLOYEE = (
    ["基本医疗保险费收入", "利息收入", "财政补贴收入", "其他收入", "转移收入"],
    ["基本医疗保险待遇支出", "其他支出", "转移支出"],
)
RESIDENT = (["缴费收入", "利息收入", "财政补贴收入", "其他收入"], ["基本医疗保险待遇支出", "大病保险支出", "其他支出"])
SIZES = {"基本医疗保险费收入": (8_000, 200_000), "缴费收入": (5_000, 90_000), "利息收入": (50, 3_000), "财政补贴收入": (100, 1_500),
         "其他收入": (5, 900), "转移收入": (10, 600), "基本医疗保险待遇支出": (9_000, 180_000), "大病保险支出": (900, 9_000),
         "其他支出": (5, 1_200), "转移支出": (10, 700)}  # fmt: skip


@dataclass(slots=True)
class Fund:
    """One fund: the columns 上年决算, 本年预算, 本年决算, each with opening and lines; insured persons."""

    name: str
    incomes: list[str]
    expenses: list[str]
    columns: list[Column]
    insured: int

    def income(self, c: int) -> Decimal:
        return self.own_income(c) + self.columns[c]["上级补助收入"]

    def own_income(self, c: int) -> Decimal:
        return sum((self.columns[c][n] for n in self.incomes), ZERO)

    def expense(self, c: int) -> Decimal:
        return self.own_expense(c) + self.columns[c]["上解上级支出"]

    def own_expense(self, c: int) -> Decimal:
        return sum((self.columns[c][n] for n in self.expenses), ZERO)

    def closing(self, c: int) -> Decimal:
        return self.columns[c]["期初"] + self.income(c) - self.expense(c)


def draw_fund(rng: random.Random, resident: bool, grain: Decimal) -> Fund:
    """A fund whose columns carry on from last year's closing; incomes larger than expenses more often than not."""
    incomes, expenses = RESIDENT if resident else EMPLOYEE
    transfers = rng.random() < 0.4

    def amount(low: float, high: float) -> Decimal:
        return Decimal(int(rng.uniform(low, high) * 10_000 / float(grain))) * grain

    base = {n: amount(*SIZES[n]) for n in [*incomes, *expenses]}
    if resident:
        base["财政补贴收入"] = amount(10_000, 150_000)
    main = incomes[0]
    room = base["基本医疗保险待遇支出"] * Decimal("1.04") - base[main] * Decimal("0.2")
    base[main] = max(base[main], Decimal(int(room / grain)) * grain)
    columns: list[Column] = []
    for _ in range(3):
        column = {
            n: Decimal(int(v * Decimal(str(round(rng.uniform(0.9, 1.12), 4))) / grain)) * grain for n, v in base.items()
        }
        column["上级补助收入"] = amount(100, 2_000) if transfers else ZERO
        column["上解上级支出"] = amount(50, 1_000) if transfers else ZERO
        columns.append(column)
    columns[0]["期初"] = amount(20_000, 120_000)
    fund = Fund(
        "城乡居民基本医疗保险" if resident else "职工基本医疗保险（含生育）",
        incomes,
        expenses,
        columns,
        rng.randint(30_000, 900_000),
    )
    columns[1]["期初"] = columns[2]["期初"] = fund.closing(0)
    return fund


class FundPrinter:
    """Prints a fund's table and text."""

    def __init__(self, draft: Draft, fund: Fund, county: County, key: str) -> None:
        self.d, self.f, self.county, self.key = draft, fund, county, key

    def at(self, name: str, column: int) -> str:
        return f"{self.key}.{name}.{column}"

    def _row(self, label: str, name: str, values: list[Decimal]) -> tuple[str, list[str]]:
        return label, [self.d.money(v, self.at(name, c)) for c, v in enumerate(values)]

    def bureau_table(self) -> None:
        """The bureau's layout: one column of items, three of figures."""
        d, f = self.d, self.f
        unit = d.open_table()
        cols = range(3)
        opening = self._row("一、期初余额", "opening", [f.columns[c]["期初"] for c in cols])
        income = self._row("二、收入合计", "income", [f.income(c) for c in cols])
        own = self._row("（一）收入小计", "own_income", [f.own_income(c) for c in cols])
        lines = [self._row(f"{i}. {n}", n, [f.columns[c][n] for c in cols]) for i, n in enumerate(f.incomes, 1)]
        grant = self._row("（二）上级补助收入", "grant", [f.columns[c]["上级补助收入"] for c in cols])
        up = self._row("（三）下级上解收入", "up", [ZERO] * 3)
        expense = self._row("三、支出合计", "expense", [f.expense(c) for c in cols])
        own_out = self._row("（一）支出小计", "own_expense", [f.own_expense(c) for c in cols])
        outs = [self._row(f"{i}. {n}", n, [f.columns[c][n] for c in cols]) for i, n in enumerate(f.expenses, 1)]
        down = self._row("（二）补助下级支出", "down", [ZERO] * 3)
        paid = self._row("（三）上解上级支出", "paid", [f.columns[c]["上解上级支出"] for c in cols])
        surplus = self._row("四、当期收支结余", "surplus", [f.income(c) - f.expense(c) for c in cols])
        closing = self._row("五、期末滚存结余", "closing", [f.closing(c) for c in cols])
        for c in cols:
            d.tie(total("fund_income_sum", own[1][c], [x[1][c] for x in lines]), total("fund_expense_sum", own_out[1][c], [x[1][c] for x in outs]),
                  total("fund_total=subtotal", income[1][c], [own[1][c], grant[1][c], up[1][c]]),
                  total("fund_total=subtotal", expense[1][c], [own_out[1][c], down[1][c], paid[1][c]]),
                  total("fund_balance", surplus[1][c], [income[1][c], expense[1][c]], (1, -1)),
                  total("fund_closing", closing[1][c], [opening[1][c], surplus[1][c]]))  # fmt: skip
        d.tie(
            equal("carry_forward", opening[1][1], closing[1][0]), equal("carry_forward", opening[1][2], closing[1][0])
        )
        body = [opening, income, own, *lines, grant, up, expense, own_out, *outs, down, paid, surplus, closing]
        rows = [["项目", f"{d.year(-1)}年决算数", f"{d.year()}年预算数", f"{d.year()}年决算数"]] + [
            [n, *v] for n, v in body
        ]
        d.close_table(f"{d.year()}年度{self.county.full}{f.name}基金预决算收支情况表", [f"单位：{unit}"], rows, 1)

    def two_sided(self) -> None:
        """The finance department's layout: income beside expense, one year; 总计 equal on both sides."""
        d, f = self.d, self.f
        unit = d.open_table()
        values = f.columns[2]
        left = [
            (f"{n}、{name}", d.money(values[name], self.at(name, 2)))
            for n, name in zip("一二三四五", f.incomes, strict=False)
        ]
        right = [
            (f"{n}、{name}", d.money(values[name], self.at(name, 2)))
            for n, name in zip("一二三四五", f.expenses, strict=False)
        ]
        own, own_out = (
            d.money(f.own_income(2), self.at("own_income", 2)),
            d.money(f.own_expense(2), self.at("own_expense", 2)),
        )
        grant, paid = (
            d.money(values["上级补助收入"], self.at("grant", 2)),
            d.money(values["上解上级支出"], self.at("paid", 2)),
        )
        income, expense = d.money(f.income(2), self.at("income", 2)), d.money(f.expense(2), self.at("expense", 2))
        surplus, closing = (
            d.money(f.income(2) - f.expense(2), self.at("surplus", 2)),
            d.money(f.closing(2), self.at("closing", 2)),
        )
        opening = d.money(values["期初"], self.at("opening", 2))
        whole = (
            d.money(f.income(2) + values["期初"], self.at("grand", 2)),
            d.money(f.income(2) + values["期初"], self.at("grand", 2)),
        )
        d.tie(total("fund_income_sum", own, [m for _, m in left]), total("fund_expense_sum", own_out, [m for _, m in right]),
              total("fund_total=subtotal", income, [own, grant]), total("fund_total=subtotal", expense, [own_out, paid]),
              total("fund_balance", surplus, [income, expense], (1, -1)), total("fund_closing", closing, [opening, surplus]),
              total("table_balance", whole[0], [income, opening]), total("table_balance", whole[1], [expense, closing]),
              equal("table_balance", *whole))  # fmt: skip
        depth = max(len(left), len(right))
        left += [("", "")] * (depth - len(left))
        right += [("", "")] * (depth - len(right))
        tail = [("小计", own, "小计", own_out), ("上级补助收入", grant, "上解上级支出", paid), ("本年收入合计", income, "本年支出合计", expense),
                ("", "", "本年收支结余", surplus), ("上年结余", opening, "年末滚存结余", closing), ("总计", whole[0], "总计", whole[1])]  # fmt: skip
        rows = [
            ["收入", "", "支出", ""],
            ["项目", "决算数", "项目", "决算数"],
            *([*x, *y] for x, y in zip(left, right, strict=True)),
            *map(list, tail),
        ]
        d.close_table(
            f"{d.year()}年{f.name}基金收支决算表", [f"单位：{unit}"], rows, 2, merges=((0, 0, 1, 2), (0, 2, 1, 2))
        )

    def text(self, unit: str, decimals: int) -> None:
        """Income, expense, balance, rates: the figures of the table, often in a larger unit."""
        d, f = self.d, self.f

        def say(yuan: Decimal, name: str) -> str:
            return d.money(yuan, self.at(name, 2), unit, decimals)

        income, expense = say(f.income(2), "income"), say(f.expense(2), "expense")
        surplus_yuan = f.income(2) - f.expense(2)
        text = f"{d.year()}年，全{self.county.kind}{f.name}基金总收入{income}，总支出{expense}"
        if surplus_yuan > 0:
            surplus = say(surplus_yuan, "surplus")
            rate = d.percent(surplus_yuan / f.income(2) * 100)
            d.tie(total("difference", surplus, [income, expense], (1, -1)), ratio("percent_of", rate, surplus, income))
            text += f"，当年结余{surplus}，当期结余率{rate}"
        closing = say(f.closing(2), "closing")
        months = f.closing(2) / (f.expense(2) / 12)
        month = d.mark(d.printed(months, 2), Role.PERCENT)
        d.tie(ratio("months_payable", month, closing, expense, 12))
        d.say(f"{text}，年末累计结余{closing}，可支付{month}个月。")
        text = ""
        for label, name, value in (("总收入", "income", f.income), ("总支出", "expense", f.expense)):
            rate = d.percent(value(2) / value(1) * 100)
            base = d.facts.get(self.at(name, 1))
            if base:
                d.tie(ratio("execution_rate", rate, d.facts[self.at(name, 2)], base))
                text += f"，{label}预算执行率{rate}"
        if text:
            d.say(f"{d.year()}年全{self.county.kind}{f.name}基金{text.removeprefix('，')}。")
        each = rounded(f.columns[2]["基本医疗保险待遇支出"] / f.insured, 2)
        n, head = d.people(f.insured, self.key + ".insured"), d.money(each, unit="元", decimals=2)
        paid = d.money(f.columns[2]["基本医疗保险待遇支出"], self.at("基本医疗保险待遇支出", 2), unit, decimals)
        d.tie(times("per_capita", paid, head, n))
        d.say(f"{f.name}参保{n}人，待遇支出{paid}，人均{head}。")


def insured(d: Draft, county: County, funds: list[Fund], keys: list[str]) -> None:
    """How many are insured: the two schemes add up."""
    whole = sum(f.insured for f in funds)
    named = [
        (f"{f.name.removesuffix('（含生育）').removesuffix('基本医疗保险')}医保", f.insured, f"{k}.insured")
        for f, k in zip(funds, keys, strict=True)
    ]
    d.say(
        f"{d.year()}年末，全{county.kind}基本医疗保险" + people(d, ("参保人数", whole, "insured"), named, "人") + "。"
    )

"""Short passages: one relation each, in many wordings, so that a kind of arithmetic is seen alone."""

from __future__ import annotations

from decimal import Decimal

from bench.accounts_facts import Purse
from bench.county import County
from bench.marked import Draft, Role, rounded, value_of
from bench.ties import alike, direction, equal, growth, listed, ratio, score, times, total
from bench.wordings import WORDINGS

TASKS = ["政策宣传", "费用审核", "协议管理", "价格监测", "信用评价", "异地就医", "投诉处理"]


class Passages:
    """Draws a handful of statements about one invented county."""

    def __init__(self, draft: Draft, county: County, purse: Purse) -> None:
        self.d, self.county, self.purse = draft, county, purse

    def write(self) -> None:
        d = self.d
        d.title(f"{d.year()}年度{d.name(self.county.bureau)}工作情况")
        kinds = [
            self.sum_people, self.sum_money, self.places, self.difference, self.share, self.share_pair, self.grown,
            self.grown_from, self.execution, self.completion, self.control, self.per_capita, self.product, self.closing,
            self.months, self.points, self.weights, self.listing, self.compared, self.twice, self.half,
        ]  # fmt: skip
        for statement in d.rng.sample(kinds, 12):
            statement()
        d.say(f"以上数据由{d.name(self.county.bureau)}各科室提供，截至{d.year()}年12月31日。")
        d.say(d.name(self.county.bureau))
        d.say(f"{d.year(1)}年3月15日")

    def put(self, kind: str, **pieces: str) -> None:
        """One wording of the relation, filled in; what the wording leaves out is not printed."""
        for line in self.d.rng.choice(WORDINGS[kind]).format(**pieces).split("|"):
            self.d.say(line)

    def amounts(self, n: int) -> list[Decimal]:
        return [self.purse.amount(5, 900) for _ in range(n)]

    def people(self, *ranges: tuple[int, int]) -> dict[str, str]:
        """Counts and their total {n}."""
        d = self.d
        values = [d.rng.randint(*r) for r in ranges]
        whole, marks = d.people(sum(values)), [d.people(v) for v in values]
        d.tie(total("sum", whole, marks))
        return {"n": whole, **dict(zip("abc", marks, strict=False))}

    def sum_people(self) -> None:
        self.put("sum_people", **self.people((4, 20), (8, 60)))

    def places(self) -> None:
        self.put("places", **self.people((5, 60), (20, 150), (3, 40)))

    def sum_money(self) -> None:
        d = self.d
        values = self.amounts(3)
        whole, marks = d.money(sum(values, Decimal(0))), [d.money(v) for v in values]
        d.tie(total("sum", whole, marks))
        self.put("sum_money", n=whole, a=marks[0], b=marks[1], c=marks[2])

    def pair(self, low: float, high: float, kind: str, *range_: float) -> dict[str, str]:
        """A whole or a budget {a}, a part of it or what was spent {b}, and their {rate}."""
        d = self.d
        whole = self.purse.amount(low, high)
        part = self.purse.near(whole, *range_)
        a, b, rate = d.money(whole), d.money(part), d.percent(part / whole * 100)
        d.tie(ratio(kind, rate, b, a))
        return {"a": a, "b": b, "rate": rate}

    def share(self) -> None:
        self.put("share", **self.pair(300, 2000, "percent_of", 0.1, 0.9))

    def execution(self) -> None:
        self.put("execution", **self.pair(100, 900, "execution_rate", 0.8, 0.99))

    def completion(self) -> None:
        self.put("completion", **self.pair(100, 900, "completion_rate", 0.8, 1.3))

    def control(self) -> None:
        self.put("control", **self.pair(5, 30, "control_rate", 0.3, 0.99))

    def difference(self) -> None:
        d = self.d
        budget = self.purse.amount(200, 900)
        spent = self.purse.near(budget, 0.85, 0.99)
        a, b, c = d.money(budget), d.money(spent), d.money(budget - spent)
        d.tie(total("difference", c, [a, b], (1, -1)))
        self.put("difference", a=a, b=b, c=c)

    def share_pair(self) -> None:
        d = self.d
        x, y = self.amounts(2)
        whole, a, b = d.money(x + y), d.money(x), d.money(y)
        p, q = d.percent(x / (x + y) * 100), d.percent(y / (x + y) * 100)
        d.tie(total("sum", whole, [a, b]), ratio("percent_of", p, a, whole), ratio("percent_of", q, b, whole))
        self.put("share_pair", n=whole, a=a, b=b, p=p, q=q)

    def moved(self) -> tuple[Decimal, Decimal, str, str, str]:
        """This year, last year, the two words and the rate of the change (unequal as printed)."""
        d = self.d
        now = self.purse.amount(100, 3000)
        last = now * 2
        while last == now * 2 or abs(last - now) * 100 < now:
            last = self.purse.near(now, 0.8, 1.2)
        up = now > last
        w, v = d.word("增加" if up else "减少"), d.word("增长" if up else "下降")
        d.tie(alike([w, v]))
        return now, last, w, v, d.percent(abs(now - last) / last * 100)

    def grown(self) -> None:
        d = self.d
        now, last, w, v, rate = self.moved()
        a, b = d.money(now), d.money(abs(now - last))
        d.tie(growth("growth", rate, a, b, w))
        self.put("grown", a=a, b=b, w=w, v=v, rate=rate)

    def grown_from(self) -> None:
        """Last year's figure is printed too."""
        d = self.d
        now, last, w, v, rate = self.moved()
        a, b, c = d.money(last), d.money(now), d.money(abs(now - last))
        d.tie(
            total("difference", c, [b, a], (1, -1) if now > last else (-1, 1)),
            growth("growth", rate, b, c, w),
            direction(w, b, a),
        )
        self.put("grown_from", a=a, b=b, c=c, w=w, v=v, rate=rate, year=d.year(), last=d.year(-1))

    def heads(self, kind: str, n: int, each: Decimal) -> None:
        """So much for each of so many."""
        d = self.d
        amount = d.money(n * each, unit="万元", decimals=2)
        many, head = d.people(n), d.money(each, unit="元", decimals=0)
        d.tie(times(kind, amount, head, many))
        self.put(kind, a=amount, b=head, m=many)

    def per_capita(self) -> None:
        r = self.d.rng
        self.heads("per_capita", r.randint(20, 600) * 100, Decimal(r.randint(20, 90) * 10))

    def product(self) -> None:
        r = self.d.rng
        self.heads("product", r.randint(2, 90) * 100, Decimal(r.randint(3, 80) * 10))

    def closing(self) -> None:
        d = self.d
        opening, income = self.purse.amount(900, 5000), self.purse.amount(1000, 8000)
        spent = self.purse.near(income, 0.8, 0.99)
        a, b, c, rest, end = (
            d.money(v) for v in (opening, income, spent, income - spent, opening + income - spent)
        )  # fmt: skip
        d.tie(total("fund_balance", rest, [b, c], (1, -1)), total("fund_closing", end, [a, rest]))
        self.put("closing", a=a, b=b, c=c, d=rest, e=end)

    def months(self) -> None:
        d = self.d
        spent = self.purse.amount(20_000, 300_000)
        rest = self.purse.near(spent, 0.4, 1.5)
        a, b = d.money(rest), d.money(spent)
        month = d.mark(d.printed(rest / (spent / 12), d.rng.randint(1, 2)), Role.PERCENT)
        d.tie(ratio("months_payable", month, a, b, 12))
        self.put("months", a=a, b=b, m=month)

    def points(self) -> None:
        d = self.d
        budget = self.purse.amount(50, 400)
        spent = self.purse.near(budget, 0.8, 0.99)
        w, a, b = d.points(10, role=Role.WEIGHT), d.money(budget), d.money(spent)
        rate = d.percent(spent / budget * 100, decimals=2)
        got = d.points(rounded(spent / budget * 10, 2))
        d.tie(ratio("execution_rate", rate, b, a), score("score_formula", got, w, b, a))
        self.put("points", w=w, a=a, b=b, rate=rate, s=got)

    def weights(self) -> None:
        d, r = self.d, self.d.rng
        n = [r.randint(4, 15) for _ in range(3)]
        whole, got = d.points(sum(n), role=Role.WEIGHT), d.points(sum(n) - 1)
        ws = [d.points(x, role=Role.WEIGHT) for x in n]
        ss = [d.points(x - (1 if i == 1 else 0)) for i, x in enumerate(n)]
        d.tie(total("weight_sum", whole, ws), total("score_sum", got, ss))
        names = ("宣传活动场次", "待遇支付及时率", "抽查审核比例")
        top, below = r.choice([
            ("数量指标（指标分值{}分，得分{}分）", "{}：按计划完成。（指标分值{}分，得分{}分）"),
            ("质量指标，分值{}分，自评得分{}分。", "{}，已完成，分值{}分，自评得分{}分。"),
        ])  # fmt: skip
        d.say(top.format(whole, got))
        for name, w, s in zip(names, ws, ss, strict=True):
            d.say(below.format(name, w, s))

    def listing(self) -> None:
        d = self.d
        names = d.rng.sample(TASKS, d.rng.randint(3, 5))
        number = d.count(len(names), chinese=d.rng.random() < 0.4)
        text, marks = d.items(names)
        d.tie(listed(number, marks, value_of))
        self.put("listing", n=number, list=text)

    def compared(self) -> None:
        d = self.d
        budget = self.purse.amount(10, 200)
        spent = self.purse.near(budget, 0.7, 1.3)
        a, b = d.money(budget), d.money(spent)
        if d.marks[a[0]].text == d.marks[b[0]].text:
            return
        word = d.word(d.rng.choice(["大于", "高于"] if spent > budget else ["小于", "低于"]))
        d.tie(direction(word, b, a))
        self.put("compared", a=a, b=b, w=word)

    def twice(self) -> None:
        d, n = self.d, self.d.rng.randint(200, 900)
        a, b = d.count(n), d.count(n)
        d.tie(equal("text_vs_text", a, b))
        self.put("twice", a=a, b=b)

    def half(self) -> None:
        d, n = self.d, self.d.rng.randint(10, 60) * 100
        a, b = d.money(Decimal(n * 2), unit="元", decimals=0), d.money(Decimal(n), unit="元", decimals=0)
        d.tie(ratio("ratio", b, a, d.mark("2", Role.LABEL), 1))
        self.put("half", a=a, b=b)

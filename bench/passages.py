"""Short passages: one relation each, in many wordings, so that a kind of arithmetic is seen alone."""

from __future__ import annotations

from decimal import Decimal

from bench.accounts_facts import Purse
from bench.county import County
from bench.marked import Draft, Role, rounded
from bench.phrases import change, counted_list, parts, people, shares
from bench.ties import alike, direction, equal, growth, ratio, score, times, total


class Passages:
    """Draws a handful of statements about one invented county."""

    def __init__(self, draft: Draft, county: County, purse: Purse) -> None:
        self.d, self.county, self.purse = draft, county, purse
        self.n = 0

    def write(self) -> None:
        d = self.d
        d.title(f"{d.year()}年度{d.name(self.county.bureau)}工作情况")
        kinds = [self.sum_people, self.sum_money, self.places, self.difference, self.share, self.share_pair, self.grown, self.grown_from, self.execution, self.completion,
                 self.control, self.per_capita, self.product, self.closing, self.months, self.points, self.weights, self.listing, self.compared,
                 self.twice, self.half]  # fmt: skip
        for statement in d.rng.sample(kinds, 12):
            statement()
        d.say(f"以上数据由{d.name(self.county.bureau)}各科室提供，截至{d.year()}年12月31日。")
        d.say(d.name(self.county.bureau))
        d.say(f"{d.year(1)}年3月15日")

    def pick(self, *shapes: str) -> str:
        return self.d.rng.choice(shapes)

    def amounts(self, n: int) -> list[Decimal]:
        return [self.purse.amount(5, 900) for _ in range(n)]

    def sum_people(self) -> None:
        d, r = self.d, self.d.rng
        a, b = r.randint(4, 20), r.randint(8, 60)
        label = self.pick("全局核定编制", "人员编制共", "局机关和下属单位共有编制")
        d.say(
            people(
                d,
                (label, a + b, ""),
                [("行政编制", a, ""), ("事业编制", b, "")],
                self.pick("名", "人"),
                self.pick("、", "，"),
            )
            + "。"
        )

    def sum_money(self) -> None:
        d = self.d
        values = self.amounts(3)
        whole = d.money(sum(values, Decimal(0)))
        named = [(n, v, "") for n, v in zip(("中央补助", "省级补助", "县级配套"), values, strict=True)]
        if d.rng.random() < 0.5:
            d.say(f"全年筹集医疗救助资金{whole}，由{parts(d, whole, named, '、')}三部分组成。")
        else:
            d.say(f"全年医疗救助资金共{whole}，其中：{parts(d, whole, named, self.pick('；', '，'))}。")

    def places(self) -> None:
        d, r = self.d, self.d.rng
        a, b, c = r.randint(5, 60), r.randint(20, 150), r.randint(3, 40)
        whole = d.count(a + b + c)
        marks = [d.count(n) for n in (a, b, c)]
        d.tie(total("sum", whole, marks))
        tail = "医院{}家、药店{}家、诊所{}家".format(*marks)
        d.say(
            self.pick(
                f"现有定点医药机构{whole}家，包括{tail}。",
                f"全年检查定点医药机构{whole}家，其中{tail}。",
                f"签订服务协议的定点医药机构共{whole}家，分别是{tail}。",
            )
        )

    def difference(self) -> None:
        d = self.d
        budget = self.purse.amount(200, 900)
        spent = self.purse.near(budget, 0.85, 0.99)
        a, b, c = d.money(budget), d.money(spent), d.money(budget - spent)
        d.tie(total("difference", c, [a, b], (1, -1)))
        d.say(
            self.pick(
                f"窗口改造全年预算{a}，实际支出{b}，年末结余{c}。",
                f"信息化项目预算{a}，执行{b}，结余{c}。",
                f"档案整理当年安排资金{a}，使用{b}，剩余{c}。",
            )
        )

    def share(self) -> None:
        d = self.d
        whole = self.purse.amount(300, 2000)
        part = self.purse.near(whole, 0.1, 0.9)
        a, b = d.money(whole), d.money(part)
        rate = d.percent(part / whole * 100)
        d.tie(ratio("percent_of", rate, b, a))
        d.say(self.pick(f"全年医疗救助支出{a}，其中住院救助{b}，占{rate}。", f"居民医保门诊支出{b}，占基金支出{a}的{rate}。",
                        f"宣传经费支出合计{a}，其中：印刷支出{b}，占宣传经费的{rate}。"))  # fmt: skip

    def share_pair(self) -> None:
        d = self.d
        x, y = self.amounts(2)
        whole = d.money(x + y)
        names = self.pick("市级负担/县级负担", "住院费用/门诊费用", "药品费用/诊疗费用").split("/")
        d.say(
            f"离休人员医疗费全年支出{whole}，其中：{shares(d, whole, x + y, [(names[0], x, ''), (names[1], y, '')], self.pick('；', '，'), self.pick('占{}', '占比{}', '占全年支出的{}'))}。"
        )

    def grown(self) -> None:
        d = self.d
        now = self.purse.amount(100, 3000)
        last = self.purse.near(now, 0.8, 1.2)
        mark = d.money(now)
        lead = self.pick("全年征缴收入", "本年度收入", "追回医保基金", "医疗救助支出")
        d.say(
            f"{lead}{mark}，{change(d, mark, now, last, d.rng.random() < 0.3, self.pick('与上年相比', '比上年', '较上年', '同比'))}。"
        )

    def grown_from(self) -> None:
        """Last year's figure is printed too."""
        d = self.d
        now = self.purse.amount(100, 3000)
        last = self.purse.near(now, 0.8, 1.2)
        up = now > last
        a, b, c = d.money(last), d.money(now), d.money(abs(now - last))
        w1, w2 = d.word("增加" if up else "减少"), d.word("增长" if up else "下降")
        rate = d.percent(abs(now - last) / last * 100)
        d.tie(
            total("difference", c, [b, a], (1, -1) if up else (-1, 1)),
            growth("growth", rate, b, c, w1),
            alike([w1, w2]),
            direction(w1, b, a),
        )
        d.say(
            self.pick(
                f"印刷费上年支出{a}，本年支出{b}，{w1}{c}，{w2}{rate}。",
                f"会议费{d.year()}年支出{b}，{d.year(-1)}年支出{a}，比上年{w1}{c}，{w2}{rate}。",
            )
        )

    def execution(self) -> None:
        d = self.d
        budget = self.purse.amount(100, 900)
        spent = self.purse.near(budget, 0.8, 0.99)
        a, b, rate = d.money(budget), d.money(spent), d.percent(spent / budget * 100)
        d.tie(ratio("execution_rate", rate, b, a))
        d.say(
            self.pick(
                f"信用评价项目全年预算{a}，全年执行{b}，预算执行率{rate}。",
                f"监管专项资金预算数{a}，执行数{b}，执行率为{rate}。",
            )
        )

    def completion(self) -> None:
        d = self.d
        budget = self.purse.amount(100, 900)
        spent = self.purse.near(budget, 0.8, 1.3)
        a, b, rate = d.money(budget), d.money(spent), d.percent(spent / budget * 100)
        d.tie(ratio("completion_rate", rate, b, a))
        d.say(
            self.pick(
                f"培训经费年初预算为{a}，支出决算为{b}，完成年初预算的{rate}。",
                f"邮电费年初预算{a}，决算{b}，完成预算的{rate}。",
            )
        )

    def control(self) -> None:
        d = self.d
        budget = self.purse.amount(5, 30)
        spent = self.purse.near(budget, 0.3, 0.99)
        a, b, rate = d.money(budget), d.money(spent), d.percent(spent / budget * 100)
        d.tie(ratio("control_rate", rate, b, a))
        d.say(
            self.pick(
                f"“三公”经费预算{a}，实际支出{b}，“三公”经费控制率{rate}。",
                f"公用经费预算{a}，实际支出{b}，公用经费控制率为{rate}。",
            )
        )

    def per_capita(self) -> None:
        d, r = self.d, self.d.rng
        n, each = r.randint(2_000, 60_000), Decimal(r.randint(20, 90) * 10)
        n -= n % 100
        amount = d.money(n * each, unit="万元", decimals=2)
        many, head = d.people(n), d.money(each, unit="元", decimals=0)
        d.tie(times("per_capita", amount, head, many))
        d.say(
            self.pick(
                f"资助{many}人参保，资助金额{amount}，人均{head}。", f"发放补助{amount}，惠及{many}人，人均{head}。"
            )
        )

    def product(self) -> None:
        d, r = self.d, self.d.rng
        n, each = r.randint(2, 90) * 100, Decimal(r.randint(3, 80) * 10)
        head, many, amount = (
            d.money(each, unit="元", decimals=0),
            d.people(n),
            d.money(n * each, unit="万元", decimals=2),
        )
        d.tie(times("product", amount, head, many))
        d.say(
            self.pick(
                f"按每人{head}的标准资助{many}人，共需{amount}。",
                f"财政补助标准为每人{head}，补助{many}人，合计{amount}。",
            )
        )

    def closing(self) -> None:
        d = self.d
        opening, income = self.purse.amount(900, 5000), self.purse.amount(1000, 8000)
        spent = self.purse.near(income, 0.8, 0.99)
        marks = [d.money(v) for v in (opening, income, spent, income - spent, opening + income - spent)]
        d.tie(
            total("fund_balance", marks[3], marks[1:3], (1, -1)), total("fund_closing", marks[4], [marks[0], marks[3]])
        )
        d.say("大病保险上年末基金累计结余{}，本年收入{}，本年支出{}，当年结余{}，年末累计结余{}。".format(*marks))

    def months(self) -> None:
        d = self.d
        spent = self.purse.amount(20_000, 300_000)
        rest = self.purse.near(spent, 0.4, 1.5)
        a, b = d.money(rest), d.money(spent)
        month = d.mark(d.printed(rest / (spent / 12), d.rng.randint(1, 2)), Role.PERCENT)
        d.tie(ratio("months_payable", month, a, b, 12))
        d.say(f"长期护理保险全年基金支出{b}，年末累计结余{a}，可支付{month}个月。")

    def points(self) -> None:
        d = self.d
        budget = self.purse.amount(50, 400)
        spent = self.purse.near(budget, 0.8, 0.99)
        w, a, b = d.points(10, role=Role.WEIGHT), d.money(budget), d.money(spent)
        rate = d.percent(spent / budget * 100, decimals=2)
        got = d.points(rounded(spent / budget * 10, 2))
        d.tie(ratio("execution_rate", rate, b, a), score("score_formula", got, w, b, a))
        d.say(f"预算执行率指标分值{w}分。全年预算数{a}，全年执行数{b}，执行率{rate}，得分{got}分。")

    def weights(self) -> None:
        d, r = self.d, self.d.rng
        n = [r.randint(4, 15) for _ in range(3)]
        whole, got = d.points(sum(n), role=Role.WEIGHT), d.points(sum(n) - 1)
        ws = [d.points(x, role=Role.WEIGHT) for x in n]
        ss = [d.points(x - (1 if i == 1 else 0)) for i, x in enumerate(n)]
        d.tie(total("weight_sum", whole, ws), total("score_sum", got, ss))
        names = ("宣传活动场次", "待遇支付及时率", "抽查审核比例")
        d.say(f"数量指标（指标分值{whole}分，得分{got}分）")
        for name, w, s in zip(names, ws, ss, strict=True):
            d.say(f"{name}：按计划完成。（指标分值{w}分，得分{s}分）")

    def listing(self) -> None:
        d = self.d
        names = d.rng.sample(
            ["政策宣传", "费用审核", "协议管理", "价格监测", "信用评价", "异地就医", "投诉处理"], d.rng.randint(3, 5)
        )
        unit, lead = self.pick("项/重点抓好以下", "个方面/主要工作包括", "个专题/举办培训").split("/")
        d.say(counted_list(d, names, unit, lead, self.pick("：", "，分别是", "，即"), d.rng.random() < 0.4) + "。")

    def compared(self) -> None:
        d = self.d
        a_value = self.purse.amount(10, 200)
        b_value = self.purse.near(a_value, 0.7, 1.3)
        a, b = d.money(a_value), d.money(b_value)
        if d.marks[a[0]].text == d.marks[b[0]].text:
            return
        word = d.word("大于" if b_value > a_value else "小于")
        d.tie(direction(word, b, a))
        d.say(f"差旅费年初预算为{a}，支出决算为{b}，决算数{word}年初预算数。")

    def twice(self) -> None:
        d, n = self.d, self.d.rng.randint(200, 900)
        a, b = d.count(n), d.count(n)
        d.tie(equal("text_vs_text", a, b))
        d.say(f"全年追缴违规基金涉及定点机构{a}家次。")
        d.say(f"基金监管方面，追缴违规基金涉及定点机构{b}家次，同时完善了日常稽核制度。")

    def half(self) -> None:
        d, n = self.d, self.d.rng.randint(10, 60) * 100
        a, b = d.money(Decimal(n * 2), unit="元", decimals=0), d.money(Decimal(n), unit="元", decimals=0)
        d.tie(ratio("ratio", b, a, d.mark("2", Role.LABEL), 1))
        d.say(f"对特困人员大病保险起付线减半，由{a}降为{b}。")

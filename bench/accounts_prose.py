"""The narrative of 部门决算公开 as four provinces write it, in our own words, over the same drawn accounts."""

from __future__ import annotations

from decimal import Decimal

from bench.accounts_facts import CLASSES, GROUPS, ITEMS, ZERO, Accounts
from bench.accounts_tables import Book, names_of
from bench.county import County
from bench.marked import Draft
from bench.phrases import against_budget, change, completion, counted_list, parts, shares
from bench.ties import ratio, times, total


class Narrative:
    """What the provinces' narratives share: the figures they are asked to give."""

    def __init__(self, draft: Draft, accounts: Accounts, county: County, book: Book) -> None:
        self.d, self.a, self.county, self.book = draft, accounts, county, book

    def general_key(self, prefix: str = "", part: str = "spent") -> str:
        return self.book.key(prefix, part)

    def incomes(self) -> list[tuple[str, Decimal, str]]:
        a = self.a
        out = [("财政拨款收入", a.fiscal_income, "income.fiscal")]
        return out + ([("其他收入", a.other_income, "income.other")] if a.other_income else [])

    def spendings(self, general: bool = False) -> list[tuple[str, Decimal, str]]:
        a, key = self.a, self.general_key if general else (lambda p, part: f"expense.{part}")
        take = a.general if general else a.spent
        return [
            ("基本支出", take("", "basic"), key("", "basic")),
            ("项目支出", take("", "project"), key("", "project")),
        ]

    def classes(self) -> list[tuple[str, Decimal, str]]:
        a = self.a
        return [(c, a.general(c), self.general_key(c)) for c in CLASSES if a.general(c)]

    def items(self) -> list[tuple[str, Decimal, Decimal, str]]:
        """(code, budget, final, key) of each 项 of the general budget."""
        a = self.a
        return [(c, i.budget, a.general(c), self.general_key(c)) for c, i in a.items.items() if a.general(c)]

    def item_list(self, shape: str, joint: str, closing: str, rates: bool, run: int = 3) -> None:
        """Each 项 with its budget, its final figure and why they differ; together they are the totals above."""
        d, budgets, finals = self.d, [], []
        for n, (code, budget, final, key) in enumerate(self.items(), 1):
            name = shape.format(CLASSES[code[:3]].removesuffix("支出") + "支出", GROUPS[code[:5]], ITEMS[code])
            planned, spent = d.money(budget, f"{code}.budget"), d.money(final, key)
            text = joint.format(planned, spent)
            if rates:
                text += "，" + completion(d, planned, spent, budget, final)
            text += "。" if closing == "" else f"{closing}{against_budget(d, planned, spent, budget, final)}。"
            d.heading(n, name + text, run, "items")
            budgets.append(planned)
            finals.append(spent)
        d.tie(total("sum", d.facts["budget"], budgets), total("sum", d.facts[self.general_key()], finals))

    def three(self, key: str, basis: int) -> tuple[Decimal, str]:
        column = ("budget", "final", "last")[basis]
        if key == "公车":
            return self.a.three["购置"][basis] + self.a.three["运行"][basis], f"three.公车.{column}"
        return (
            (self.a.three[key][basis], f"three.{key}.{column}")
            if key
            else (self.a.three_total(basis), f"three.{column}")
        )

    def three_line(self, label: str, key: str, said: str = "完成预算的{}") -> str:
        """公务接待费支出预算为…，支出决算为…，完成预算的…，…，与上年相比…"""
        d = self.d
        (budget, k1), (final, k2), (last, _) = (self.three(key, i) for i in range(3))
        planned, spent = d.money(budget, k1), d.money(final, k2)
        shape = d.rng.choice(["{}支出预算为{}，支出决算为{}", "{}年初预算{}，支出决算{}", "{}预算数为{}，决算数为{}"])
        text = shape.format(label, planned, spent)
        if not budget:
            return text
        text += "，" + completion(d, planned, spent, budget, final, said)
        text += "，" + against_budget(d, planned, spent, budget, final, base="预算数")
        return text + ("，" + change(d, spent, final, last, d.rng.random() < 0.5) if last else "")

    def purchase(self, lead: str) -> str:
        d, a = self.d, self.a
        every = sum(a.purchases.values(), ZERO)
        whole = d.money(every, "purchase")
        text = f"{lead}{whole}，其中：" + parts(
            d, whole, [(f"政府采购{k}支出", a.purchases.get(k, ZERO), "") for k in ("货物", "工程", "服务")], "、"
        )
        small = d.money(a.small)
        rate = d.percent(a.small / every * 100)
        d.tie(ratio("percent_of", rate, small, whole))
        shape = d.rng.choice(
            ["授予中小企业合同金额{}，占政府采购支出总额的{}", "授予中小企业合同金额{}，占政府采购支出总额{}"]
        )
        return text + f"。{shape.format(small, rate)}。"

    def cars(self) -> str:
        d, n = self.d, self.a.counts["cars"]
        service = d.rng.randint(0, n)
        whole = d.count(n, "cars")
        kinds = [("机要通信用车", service), ("应急保障用车", 0), ("执法执勤用车", n - service), ("其他用车", 0)]
        printed = [(name, d.count(m)) for name, m in kinds]
        d.tie(total("sum", whole, [m for _, m in printed]))
        return (
            f"截至{d.year()}年12月31日，本部门共有车辆{whole}辆，其中"
            + d.rng.choice("，：")
            + "、".join(f"{name}{m}辆" for name, m in printed)
            + "。"
        )

    def visits(self) -> str:
        d, c = self.d, self.a.counts
        return f"全年共接待来访{d.count(c['batches'], 'batches')}批次、{d.people(c['visitors'], 'visitors')}人次"

    def meetings(self) -> str:
        """Meetings at so much a head: 人均 × 人数."""
        d = self.d
        n, each = d.rng.randint(20, 90) * 10, d.rng.randint(3, 30) * 10
        amount = d.money(Decimal(n * each), unit="元", decimals=0)
        head = d.money(Decimal(each), unit="元", decimals=0)
        many = d.people(n)
        d.tie(times("product", amount, head, many))
        return f"举办经办人员培训，参训{many}人，人均{head}，培训支出{amount}"


def hunan(w: Narrative) -> None:
    """Hunan: thirteen sections, items as 年初预算…支出决算…完成年初预算…"""
    d, a = w.d, w.a
    grand = a.income + a.opening

    def head(n: int, text: str) -> None:
        d.heading(n, text, 1, "sections")

    d.title(f"{d.year()}年度部门决算情况说明")
    head(1, "收入支出决算总体情况说明")
    whole = d.money(grand, "grand")
    d.say(f"{d.year()}年度收、支总计{whole}。{change(d, whole, grand, a.last_income)}。")
    head(2, "收入决算情况说明")
    whole = d.money(a.income, "income")
    lead = d.rng.choice(["收入合计", "本年收入合计", "总收入"])
    d.say(f"{d.year()}年度{lead}{whole}，其中：{shares(d, whole, a.income, w.incomes())}。")
    head(3, "支出决算情况说明")
    whole = d.money(a.spent_all, "expense.spent")
    lead = d.rng.choice(["支出合计", "本年支出合计", "总支出"])
    d.say(f"{d.year()}年度{lead}{whole}，其中：{shares(d, whole, a.spent_all, w.spendings())}。")
    head(4, "财政拨款收入支出决算总体情况说明")
    fiscal = a.fiscal + a.closing
    whole = d.money(fiscal, "fiscal.grand")
    d.say(f"{d.year()}年度财政拨款收、支总计{whole}，{change(d, whole, fiscal, a.last_fiscal)}。")
    head(5, "一般公共预算财政拨款支出决算情况说明")
    d.heading(1, "财政拨款支出决算总体情况", 2, "five")
    general = d.money(a.general(), w.general_key())
    rate = d.percent(a.general() / a.spent_all * 100)
    d.tie(ratio("percent_of", rate, general, d.facts["expense.spent"]))
    d.say(
        f"{d.year()}年度一般公共预算财政拨款支出{general}，占本年支出合计的{rate}，{change(d, general, a.general(), a.last_fiscal)}。"
    )
    d.heading(2, "财政拨款支出决算结构情况", 2, "five")
    whole = d.money(a.general(), w.general_key())
    named = [(f"{CLASSES[c].removesuffix('支出')}（类）支出", v, k) for c, v, k in w.classes()]
    d.say(f"{d.year()}年度一般公共预算财政拨款支出{whole}，主要用于以下方面：{shares(d, whole, a.general(), named)}。")
    d.heading(3, "财政拨款支出决算具体情况", 2, "five")
    budget = sum((b for _, b, _, _ in w.items()), ZERO)
    planned, spent = d.money(budget, "budget"), d.money(a.general(), w.general_key())
    d.say(
        f"{d.year()}年度一般公共预算财政拨款支出年初预算数为{planned}，支出决算数为{spent}，{completion(d, planned, spent, budget, a.general())}，其中："
    )
    said = d.rng.choice(["年初预算为{}，支出决算为{}", "年初预算{}，支出决算{}", "年初预算数为{}，决算数为{}"])
    w.item_list("{}（类）{}（款）{}（项）。", said, "，", True)
    head(6, "一般公共预算财政拨款基本支出决算情况说明")
    whole = d.money(a.general("", "basic"), w.general_key("", "basic"))
    people, public = (d.money(v, k) for v, k in ((a.personnel, "personnel"), (a.public, "public")))
    rates = [d.percent(v / (a.personnel + a.public) * 100) for v in (a.personnel, a.public)]
    d.tie(
        total("sum", whole, [people, public]),
        ratio("percent_of", rates[0], people, whole),
        ratio("percent_of", rates[1], public, whole),
    )
    d.say(f"{d.year()}年度财政拨款基本支出{whole}，其中：")
    d.say(f"人员经费{people}，占基本支出的{rates[0]}，主要包括{'、'.join(names_of(a, ('301', '303')))}。")
    d.say(f"公用经费{public}，占基本支出的{rates[1]}，主要包括{'、'.join(names_of(a, ('302', '310')))}。")
    head(7, "财政拨款“三公”经费支出决算情况说明")
    d.say(w.three_line("“三公”经费财政拨款", "") + "。其中：")
    d.say(w.three_line("公务接待费", "接待") + f"。{w.visits()}。")
    d.say(w.three_line("公务用车购置费及运行维护费", "公车") + "。")
    d.say(w.three_line("因公出国（境）费", "出国") + "。")
    head(8, "政府性基金预算收入支出决算情况")
    d.say(_fund(w))
    head(9, "机关运行经费支出说明")
    whole = d.money(a.public, "public")
    plan = d.money(a.running_budget)
    d.say(
        f"本部门{d.year()}年度机关运行经费支出{whole}，年初预算数{plan}，{change(d, whole, a.public, a.running_budget, against='比年初预算数')}。"
    )
    head(10, "一般性支出情况说明")
    d.say(f"{d.year()}年本部门{w.meetings()}。没有举办节庆、论坛和赛事。")
    head(11, "政府采购支出说明")
    d.say(w.purchase(f"本部门{d.year()}年度政府采购支出总额"))
    head(12, "国有资产占用情况说明")
    d.say(w.cars())


def _fund(w: Narrative) -> str:
    d, a = w.d, w.a
    if not a.fund:
        return f"{d.year()}年度没有政府性基金预算财政拨款收入和支出。"
    income, spent = d.money(a.fund, "income.fund"), d.money(a.fund, "fund.spent")
    return f"{d.year()}年度政府性基金预算财政拨款收入{income}，支出{spent}，用于城乡困难群众医疗救助。"


def shanghai(w: Narrative) -> None:
    """Shanghai: 年初预算为…，支出决算为…。决算数小于预算数的主要原因：…"""
    d, a, name = w.d, w.a, w.county.bureau
    grand = a.income + a.opening
    d.title(f"第三部分 {d.name(name)}{d.year()}年度部门决算情况说明")
    d.heading(1, "收入支出决算总体情况说明", 1, "sections")
    whole = d.money(grand, "grand")
    last = f"与{d.year(-1)}年度相比"
    d.say(
        f"{d.name(name)}{d.year()}年度收入支出总计{whole}。{change(d, whole, grand, a.last_income, False, last + '，收入支出总计')}。"
    )
    d.heading(2, "收入决算情况说明", 1, "sections")
    whole = d.money(a.income, "income")
    d.say(f"本年收入合计{whole}，其中：{shares(d, whole, a.income, w.incomes())}。")
    d.heading(3, "支出决算情况说明", 1, "sections")
    whole = d.money(a.spent_all, "expense.spent")
    d.say(f"本年支出合计{whole}，其中：{shares(d, whole, a.spent_all, w.spendings())}。")
    d.heading(4, "一般公共预算财政拨款支出决算情况说明", 1, "sections")
    general = d.money(a.general(), w.general_key())
    rate = d.percent(a.general() / a.spent_all * 100)
    d.tie(ratio("percent_of", rate, general, whole))
    said = change(d, general, a.general(), a.last_fiscal, True, f"与{d.year(-1)}年度相比，一般公共预算财政拨款支出")
    d.say(f"一般公共预算财政拨款支出{general}，占本年支出合计的{rate}。{said}。")
    whole = d.money(a.general(), w.general_key())
    named = [(f"{CLASSES[c]}（类）", v, k) for c, v, k in w.classes()]
    d.say(f"一般公共预算财政拨款支出{whole}，主要用于以下方面：{shares(d, whole, a.general(), named)}。")
    budget = sum((b for _, b, _, _ in w.items()), ZERO)
    planned, spent = d.money(budget, "budget"), d.money(a.general(), w.general_key())
    why = against_budget(d, planned, spent, budget, a.general(), base="预算数", close="的主要原因：")
    d.say(
        f"一般公共预算财政拨款支出年初预算为{planned}，支出决算为{spent}，{completion(d, planned, spent, budget, a.general())}。{why}。其中："
    )
    w.item_list(
        "{}（类）{}（款）{}（项）。主要用于：单位履职的相关支出。",
        "年初预算为{}，支出决算为{}",
        "。",
        d.rng.random() < 0.5,
    )
    d.heading(5, "一般公共预算财政拨款基本支出决算情况说明", 1, "sections")
    whole = d.money(a.general("", "basic"), w.general_key("", "basic"))
    people, public = (d.money(v, k) for v, k in ((a.personnel, "personnel"), (a.public, "public")))
    d.tie(total("sum", whole, [people, public]))
    d.say(f"一般公共预算财政拨款基本支出{whole}。其中：人员经费{people}，主要包括：{'、'.join(names_of(a, ('301', '303')))}；"
          f"公用经费{public}，主要包括：{'、'.join(names_of(a, ('302', '310')))}。")  # fmt: skip
    d.heading(6, "财政拨款“三公”经费支出决算情况说明", 1, "sections")
    _three_shanghai(w)
    d.heading(7, "其他重要事项说明", 1, "sections")
    whole = d.money(a.public, "public")
    d.say(f"机关运行经费支出{whole}，{change(d, whole, a.public, a.last_running, True, f'比{d.year(-1)}年度')}。")
    d.say(w.purchase(f"{d.year()}年度政府采购金额为"))
    d.say(w.cars())


def _three_shanghai(w: Narrative) -> None:
    d = w.d
    (budget, k1), (final, k2) = w.three("", 0), w.three("", 1)
    planned, spent = d.money(budget, k1), d.money(final, k2)
    said = completion(d, planned, spent, budget, final, "完成预算的{}")
    details, finals = [], []
    for label, key in (("因公出国（境）费", "出国"), ("公务用车购置及运行维护费", "公车"), ("公务接待费", "接待")):
        (plan, j1), (value, j2) = w.three(key, 0), w.three(key, 1)
        mark = d.money(value, j2)
        finals.append(mark)
        text = f"{label}支出决算为{mark}"
        if plan:
            base = d.facts.get(j1) or d.money(plan, j1)
            rate = d.percent(value / plan * 100)
            d.tie(ratio("completion_rate", rate, mark, base))
            text += f"，完成预算的{rate}"
        details.append(text)
    d.tie(total("sum", spent, finals))
    d.say(f"“三公”经费财政拨款支出年初预算为{planned}，支出决算为{spent}，{said}，其中：{'；'.join(details)}。"
          f"{against_budget(d, planned, spent, budget, final, '“三公”经费支出决算数', '预算数', '的主要原因：')}。")  # fmt: skip


def yunnan(w: Narrative) -> None:
    """Yunnan: amounts in 元, each part of income compared with last year."""
    d, a = w.d, w.a
    d.title(f"第三部分 {d.year()}年度部门决算情况说明")
    d.heading(1, "收入决算情况说明", 1, "sections")
    whole = d.money(a.income, "income")
    d.say(f"{w.county.bureau}{d.year()}年度收入合计{whole}。其中：{shares(d, whole, a.income, w.incomes(), '；', '占总收入的{}')}。"
          f"{change(d, whole, a.income, a.last_income, True, '与上年相比，收入合计')}。")  # fmt: skip
    d.heading(2, "支出决算情况说明", 1, "sections")
    whole = d.money(a.spent_all, "expense.spent")
    d.say(f"{w.county.bureau}{d.year()}年度支出合计{whole}。其中：{shares(d, whole, a.spent_all, w.spendings(), '；', '占总支出的{}')}。"
          f"{change(d, whole, a.spent_all, a.last_spent, True, '与上年相比，支出合计')}。")  # fmt: skip
    d.heading(1, "基本支出情况", 2, "two")
    basic = d.money(a.spent("", "basic"), "expense.basic")
    people, public = (d.money(v, k) for v, k in ((a.personnel, "personnel"), (a.public, "public")))
    rates = [d.percent(v / (a.personnel + a.public) * 100) for v in (a.personnel, a.public)]
    d.tie(
        total("sum", basic, [people, public]),
        ratio("percent_of", rates[0], people, basic),
        ratio("percent_of", rates[1], public, basic),
    )
    d.say(
        f"{d.year()}年度用于保障机关和下属单位日常运转的基本支出{basic}。其中：人员经费支出{people}，占基本支出的{rates[0]}；公用经费支出{public}，占基本支出的{rates[1]}。"
    )
    d.heading(2, "项目支出情况", 2, "two")
    d.say(f"{d.year()}年度用于完成专项任务的项目支出{d.money(a.spent('', 'project'), 'expense.project')}。")
    d.heading(3, "一般公共预算财政拨款支出决算情况说明", 1, "sections")
    general = d.money(a.general(), w.general_key())
    rate = d.percent(a.general() / a.spent_all * 100)
    d.tie(ratio("percent_of", rate, general, whole))
    d.say(
        f"{w.county.bureau}{d.year()}年度一般公共预算财政拨款支出{general}，占本年支出合计的{rate}。{change(d, general, a.general(), a.last_fiscal)}。具体用于以下方面："
    )
    marks = []
    for n, (c, value, key) in enumerate(w.classes(), 1):
        amount, share = d.money(value, key), d.percent(value / a.general() * 100)
        d.tie(ratio("percent_of", share, amount, general))
        marks.append(amount)
        d.heading(
            n,
            f"{CLASSES[c]}（类）支出{amount}，占一般公共预算财政拨款总支出的{share}。主要用于单位履行职责。",
            3,
            "classes",
        )
    d.tie(total("sum", general, marks))
    d.heading(4, "“三公”经费支出决算情况说明", 1, "sections")
    d.say(w.three_line("财政拨款“三公”经费", "") + "。")
    d.say("其中：" + w.three_line("公务接待费", "接待") + f"。{w.visits()}。")
    d.heading(5, "其他重要事项", 1, "sections")
    whole = d.money(a.public, "public")
    d.say(f"{d.year()}年度机关运行经费支出{whole}，{change(d, whole, a.public, a.last_running)}。")
    d.say(w.purchase(f"{d.year()}年度政府采购支出总额"))


def sichuan(w: Narrative) -> None:
    """Sichuan: 收、支总计均为…；each item 支出决算为…，完成预算…，决算数等于预算数."""
    d, a = w.d, w.a
    grand = a.income + a.opening
    d.title(f"第二部分 {d.year()}年度部门决算情况说明")
    d.heading(1, "收入支出决算总体情况说明", 1, "sections")
    whole = d.money(grand, "grand")
    d.say(
        f"{d.year()}年度收、支总计均为{whole}。{change(d, whole, grand, a.last_income, True, f'与{d.year(-1)}年度相比，收、支总计各')}。"
    )
    d.heading(2, "收入决算情况说明", 1, "sections")
    whole = d.money(a.income, "income")
    d.say(f"{d.year()}年度本年收入合计{whole}，其中：{shares(d, whole, a.income, w.incomes())}。")
    d.heading(3, "支出决算情况说明", 1, "sections")
    whole = d.money(a.spent_all, "expense.spent")
    d.say(f"{d.year()}年度本年支出合计{whole}，其中：{shares(d, whole, a.spent_all, w.spendings())}。")
    d.heading(4, "一般公共预算财政拨款支出决算具体情况", 1, "sections")
    budget = sum((b for _, b, _, _ in w.items()), ZERO)
    planned, spent = d.money(budget, "budget"), d.money(a.general(), w.general_key())
    d.say(
        f"{d.year()}年度一般公共预算财政拨款支出年初预算为{planned}，支出决算数为{spent}，{completion(d, planned, spent, budget, a.general(), '完成预算{}')}。其中："
    )
    budgets, finals = [], []
    for n, (code, plan, final, key) in enumerate(w.items(), 1):
        p, s = d.money(plan, f"{code}.budget"), d.money(final, key)
        name = f"{CLASSES[code[:3]]}（类）{GROUPS[code[:5]]}（款）{ITEMS[code]}（项）"
        d.heading(n, f"{name}：年初预算为{p}，支出决算为{s}，{completion(d, p, s, plan, final, '完成预算{}')}，{against_budget(d, p, s, plan, final, base='预算数')}。", 3, "items")  # fmt: skip
        budgets.append(p)
        finals.append(s)
    d.tie(total("sum", planned, budgets), total("sum", spent, finals))
    d.heading(5, "财政拨款“三公”经费支出决算情况说明", 1, "sections")
    (plan, k1), (final, k2) = w.three("", 0), w.three("", 1)
    p, s = d.money(plan, k1), d.money(final, k2)
    d.say(f"{d.year()}年度“三公”经费财政拨款支出预算为{p}，支出决算为{s}，{completion(d, p, s, plan, final, '完成预算{}')}，"
          f"{against_budget(d, p, s, plan, final, base='预算数')}。")  # fmt: skip
    named = [("公务用车购置及运行维护费支出决算", *w.three("公车", 1)), ("公务接待费支出决算", *w.three("接待", 1))]
    d.say(
        f"具体情况：{shares(d, s, final, [(n, v, k) for n, v, k in named if v], exhaustive=not a.three['出国'][1])}。{w.visits()}。"
    )
    d.heading(6, "机构设置", 1, "sections")
    d.say(counted_list(d, w.county.centres, "个", f"{w.county.bureau}下属事业单位", "，分别是") + "。")


PROVINCES = {"hunan": hunan, "shanghai": shanghai, "yunnan": yunnan, "sichuan": sichuan}

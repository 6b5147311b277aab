"""Self-evaluation reports: Hunan (headings down to points, forms attached), Guangdong (budget beside final), Yueyang booklet."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal

from bench.accounts_facts import ZERO, Purse
from bench.county import County
from bench.forms import Evaluation
from bench.funds import Fund, FundPrinter, insured
from bench.marked import Draft, Role
from bench.phrases import change, counted_list, people, shares
from bench.ties import equal, ratio, score, total

SHAPES = [
    ("指标分值{}分，得分{}分。", "（指标分值{}分，此项指标自评{}分）"),
    ("本项分值{}分，自评得分{}分。", "（分值{}分，得分{}分）"),
    ("（分值{}分，得分{}分）", "该指标分值{}分，自评{}分。"),
    ("（{}分，自评{}分）", "（{}分，得{}分）"),
]  #: how a report prints weight and score of a group, and of one indicator


def staff(rng: random.Random) -> tuple[int, int, int, int]:
    """(行政编制, 事业编制, 行政在职, 事业在职)."""
    admin, other = rng.randint(6, 20), rng.randint(15, 60)
    return admin, other, admin - rng.randint(0, 2), other - rng.randint(0, 4)


def _points(
    d: Draft, weight: Decimal, got: Decimal, shape: str, keys: tuple[str, str] = ("", "")
) -> tuple[str, str, str]:
    w, s = d.points(weight, keys[0], Role.WEIGHT), d.points(got, keys[1])
    return shape.format(w, s), w, s


def hunan_report(d: Draft, county: County, e: Evaluation, purse: Purse, funds: list[Fund]) -> None:
    """Ten sections; the sixth walks through the indicators with weight and score at each depth."""

    def head(n: int, text: str) -> None:
        d.heading(n, text, 1, "sections")

    d.title(f"{d.year()}年度{d.name(county.bureau)}整体支出绩效自评报告")
    head(1, "单位基本情况")
    d.heading(1, "机构设置情况", 2, "one")
    d.say(counted_list(d, county.sections, "个", f"{d.name(county.bureau)}机关内设科室", "，分别是", d.rng.random() < 0.3) + "。"
          + counted_list(d, county.centres, "个", "局下属事业单位", "，分别是") + "。")  # fmt: skip
    d.heading(2, "人员编制情况", 2, "one")
    admin, other, here, there = staff(d.rng)
    unit = d.rng.choice(["人", "名"])
    d.say(f"{d.year()}年末，" + people(d, ("全局共有编制", admin + other, "posts"), [("行政编制", admin, ""), ("事业编制", other, "")], unit) + "；"
          + people(d, ("实有在职人员", here + there, "staff"), [("行政", here, ""), ("事业", there, "")], unit) + "。")  # fmt: skip
    head(2, "一般公共预算支出情况")
    spent = d.money(e.spent, "spent")
    basic, project = d.money(e.basic, "basic"), d.money(e.project, "project")
    d.tie(total("sum", spent, [basic, project]))
    d.say(f"{d.year()}年一般公共预算财政拨款支出{spent}，其中：基本支出{basic}，项目支出{project}。")
    d.heading(1, "预算安排", 2, "two")
    budget, initial, added = d.money(e.budget, "budget"), d.money(e.initial, "initial"), d.money(e.budget - e.initial)
    left = d.money(e.budget - e.spent)
    d.tie(total("sum", budget, [initial, added]), total("difference", left, [budget, spent], (1, -1)))
    d.say(
        f"{d.year()}年财政批复全年预算数为{budget}，其中：年初预算{initial}，年中调整追加预算{added}。{d.rng.choice(['年终结余资金', '年末结余', '年末结转结余'])}{left}。"
    )
    d.heading(2, "基本支出构成", 2, "two")
    public = purse.near(e.basic, 0.15, 0.3)
    whole = d.money(e.basic, "basic")
    d.say(
        f"基本支出{whole}，其中："
        + shares(
            d,
            whole,
            e.basic,
            [("人员经费", e.basic - public, ""), ("日常公用经费", public, "")],
            stated="占基本支出的{}",
        )
        + "。"
    )
    head(3, "政府性基金预算支出情况")
    d.say(f"{d.year()}年度本单位没有安排政府性基金预算支出。")
    head(4, "社会保险基金预决算收支情况")
    if funds:
        insured(d, county, funds, [f"fund{i}" for i in range(len(funds))])
        for i, fund in enumerate(funds):
            FundPrinter(d, fund, county, f"fund{i}").text(*d.rng.choice([("万元", 0), ("亿元", 2)]))
    else:
        d.say("本单位不单独编制社会保险基金预算。")
    head(5, "部门整体支出绩效情况")
    _indicators(d, e)
    head(6, "存在的问题及原因分析")
    d.say("预算编制的前瞻性不够，年中追加较多；部分项目支付集中在下半年。")
    head(7, "下一步改进措施")
    for n, text in enumerate(
        [
            "提前摸清专项资金来源，编实编细年初预算。",
            "按季通报支付进度，督促科室及时结算。",
            "把绩效目标和预算同步编报、同步审核。",
        ],
        1,
    ):
        d.heading(n, text, 3, "measures")
    head(8, "绩效自评结果应用和公开情况")
    d.say(f"本报告将于{d.year(1)}年5月底前在门户网站公开，结果作为编制下年预算的参考。")
    d.say(d.name(county.bureau))
    d.say(f"{d.year(1)}年4月28日")


def _indicators(d: Draft, e: Evaluation) -> None:
    """Weights and scores at three depths: total, first-level, indicator."""
    ones = list(dict.fromkeys(i.one for i in e.indicators))
    whole, every = d.points(100, "", Role.WEIGHT), d.points(e.score, "score")
    d.say(
        f"按照财政部门通知，我局于{d.year(1)}年3月开展了{d.year()}年度绩效自评，总分值{whole}分，自评得分{every}分。具体情况如下："
    )
    above, beside = d.rng.choice(SHAPES)

    def opened(n: int, name: str, weight: Decimal, got: Decimal, key: str = "") -> tuple[str, str]:
        """A heading with its weight and score, beside it or in a line of its own."""
        text, w, s = _points(d, weight, got, above, ("", key))
        d.heading(n, name + (text if text.startswith("（") else ""), 2, "indicators")
        if not text.startswith("（"):
            d.say(text)
        return w, s

    w, s = opened(1, "预算执行率", Decimal(10), e.execution_score, "s.预算执行率")
    budget, spent = d.money(e.budget, "budget"), d.money(e.spent, "spent")
    rate = d.percent(e.spent / e.budget * 100, "execution")
    d.tie(ratio("execution_rate", rate, spent, budget), score("score_formula", s, w, spent, budget))
    d.say(
        f"{d.year()}年度年初预算{d.money(e.initial, 'initial')}，全年预算数{budget}，预算执行{spent}，预算执行率{rate}。"
    )
    weights, scores = [w], [s]
    for n, one in enumerate(ones, 2):
        below = [i for i in e.indicators if i.one == one]
        w, s = opened(n, one, sum((i.weight for i in below), ZERO), sum((i.got for i in below), ZERO))
        weights.append(w)
        scores.append(s)
        deep = []
        for i in below:
            actual = f"完成值{d.count(int(i.actual), f'a.{i.name}')}{i.unit}，" if i.sign else ""
            text, a, b = _points(d, i.weight, i.got, beside, (f"w.{i.name}", f"s.{i.name}"))
            deep.append((a, b))
            d.say(f"{i.name}：{actual}年度目标按计划推进。{text}")
        d.tie(total("weight_sum", w, [a for a, _ in deep]), total("score_sum", s, [b for _, b in deep]))
    d.tie(total("weight_sum", whole, weights), total("score_sum", every, scores))


def guangdong_report(d: Draft, county: County, e: Evaluation, purse: Purse) -> None:
    """Budget and final accounts side by side, compared with last year; score and scores of the four parts."""
    d.title("部门整体支出绩效自评报告")
    d.say(f"评价年度：{d.year()}年度")
    d.say(f"评价单位：{d.name(county.bureau)}")
    d.say(f"填报日期：{d.year(1)}年6月")
    d.heading(1, "单位基本情况", 1, "sections")
    d.heading(1, "单位机构设置、职能", 2, "one")
    admin, other, here, there = staff(d.rng)
    posts, working = d.people(admin + other, "posts"), d.people(here + there, "staff")
    a, b, x, y = d.people(admin), d.people(other), d.people(here), d.people(there)
    d.tie(total("sum", posts, [a, b]), total("sum", working, [x, y]))
    d.say(
        f"{d.name(county.bureau)}核定编制{posts}名，其中行政编制{a}名、事业编制{b}名。截至{d.year()}年12月31日，在职人员{working}名，其中行政在职{x}名、事业在职{y}名。"
    )
    d.heading(2, "部门整体支出情况", 2, "one")
    income, own = e.spent + e.own, e.own
    whole, general, rest = d.money(income, "income"), d.money(e.spent, "general"), d.money(own, "own")
    zeros = [d.money(ZERO), d.money(ZERO)]
    d.tie(total("sum", whole, [general, *zeros, rest]))
    d.say(
        f"{d.year()}年度部门决算收入{whole}，其中：一般公共预算拨款{general}，基金预算拨款{zeros[0]}，财政专户拨款{zeros[1]}，其他资金{rest}。"
    )
    spent = d.money(income, "spent")
    project = e.project + own
    d.say(
        f"{d.year()}年度部门决算总支出{spent}，按支出性质分类，其中："
        + shares(
            d, spent, income, [("基本支出", e.basic, "basic"), ("项目支出", project, "project")], stated="占总支出的{}"
        )
        + "。"
    )
    wages, goods = purse.near(income, 0.5, 0.7), purse.near(income, 0.1, 0.2)
    named = [("工资福利支出", wages), ("商品和服务支出", goods), ("对个人和家庭的补助", income - wages - goods)]
    d.say("按经济分类，其中：" + _parts(d, spent, named) + "。")
    d.heading(2, "自评情况", 1, "sections")
    d.heading(1, "自评结果", 2, "two")
    groups = {"预算编制情况": 15, "预算执行情况": 35, "预算使用效益": 50}
    got = {k: Decimal(w) - Decimal(d.rng.randint(0, 5)) / 2 for k, w in groups.items()}
    every = d.points(sum(got.values(), ZERO), "score")
    d.say(f"经评价小组逐项核对，{d.year()}年度整体支出绩效自评得分{every}分。")
    d.heading(2, "部门整体支出绩效指标分析", 2, "two")
    scores = []
    for n, (name, weight) in enumerate(groups.items(), 1):
        w, s = d.points(weight, "", Role.WEIGHT), d.points(got[name])
        scores.append(s)
        d.heading(n, f"{name}。该项指标分值{w}分，自评得分{s}分。", 3, "groups")
        _group(d, n, e, purse, income)
    d.tie(total("score_sum", every, scores))
    d.heading(3, "存在问题", 2, "two")
    d.say("绩效指标的量化程度不够，支出进度前松后紧。")
    d.heading(4, "改进措施", 2, "two")
    d.say("细化预算编制，按月跟踪执行，年中及时调整。")


def _parts(d: Draft, whole: str, named: list[tuple[str, Decimal]]) -> str:
    printed = [(label, d.money(v)) for label, v in named]
    d.tie(total("sum", whole, [m for _, m in printed]))
    return "；".join(label + m for label, m in printed)


def _group(d: Draft, n: int, e: Evaluation, purse: Purse, income: Decimal) -> None:
    """What each of the three groups says of the year's money."""
    if n == 1:
        plan = d.money(e.initial, "plan")
        basic = purse.near(e.initial, 0.5, 0.8)
        marks = [d.money(basic), d.money(e.initial - basic)]
        rates = [d.percent(v / e.initial * 100) for v in (basic, e.initial - basic)]
        d.tie(total("sum", plan, marks), *(ratio("percent_of", r, m, plan) for r, m in zip(rates, marks, strict=True)))
        last = [purse.near(basic, 0.85, 1.15), purse.near(e.initial - basic, 0.8, 1.2)]
        d.say(f"{d.year()}年部门预算总支出{plan}，其中：基本支出预算{marks[0]}，占总支出的{rates[0]}，{change(d, marks[0], basic, last[0], False, '比上年')}；"
              f"项目支出预算{marks[1]}，占总支出的{rates[1]}，{change(d, marks[1], e.initial - basic, last[1], False, '比上年')}。")  # fmt: skip
    elif n == 2:
        opening = purse.amount(1, 30)
        closing = opening
        marks = [d.money(opening), d.money(income, "income"), d.money(income, "spent"), d.money(closing)]
        d.tie(total("fund_closing", marks[3], marks[:3], (1, 1, -1)))
        d.say(
            f"{d.year()}年年初结转结余{marks[0]}，本年决算收入合计{marks[1]}，本年决算支出合计{marks[2]}，年末结转结余{marks[3]}。"
        )
        budget = purse.amount(8, 30)
        actual = purse.near(budget, 0.5, 0.98)
        p, q = d.money(budget), d.money(actual)
        rate = d.percent(actual / budget * 100)
        d.tie(ratio("control_rate", rate, q, p))
        d.say(f"“三公”经费年初预算{p}，实际支出{q}，“三公”经费控制率{rate}。")
    else:
        whole = d.rng.randint(300_000, 900_000)
        first = d.rng.randint(20_000, 90_000)
        d.say(
            f"{d.year()}年，全{'市'}"
            + people(
                d,
                ("基本医疗保险参保人数", whole, "insured"),
                [("职工医保", first, ""), ("城乡居民医保", whole - first, "")],
                "人",
            )
            + "。"
        )
        checked, hospitals = d.rng.randint(60, 200), d.rng.randint(10, 50)
        d.say(
            people(
                d,
                ("全年检查定点医药机构", checked, ""),
                [("医院", hospitals, ""), ("药店和诊所", checked - hospitals, "")],
                "家",
            )
            + "。"
        )


def booklet(d: Draft, county: County, e: Evaluation, purse: Purse) -> None:
    """Yueyang: five numbered parts, the money in small tables by 局机关及二级机构."""
    d.title(f"{d.year()}年度部门（单位）整体支出绩效评价自评报告")
    d.say(f"部门（单位）名称：{d.name(county.bureau)}")
    d.say(f"报告日期：{d.year(1)}年6月20日")
    d.heading(1, "部门（单位）基本概况", 1, "sections")
    admin, other, here, there = staff(d.rng)
    d.say(
        people(d, ("人员编制", admin + other, "posts"), [("行政编制", admin, ""), ("事业编制", other, "")], "人")
        + f"；实有人数{d.people(here + there, 'staff')}人。"
    )
    d.say(f"{d.name(county.bureau)}" + counted_list(d, county.sections, "个", "设内设机构", "："))
    d.heading(2, "部门（单位）收支情况", 1, "sections")
    second = purse.near(e.spent, 0.2, 0.4)
    _units(d, "年度收入情况", ["收入合计", "上年结转", "公共财政拨款", "其他收入"], county,
           [[v, ZERO, v - o, o] for v, o in ((e.spent - second, purse.near(e.own, 0.4, 0.6) if e.own else ZERO), (second, ZERO))],
           lambda r: d.tie(total("row_sum", r[0], r[1:])), ["spent"])  # fmt: skip
    basics = [purse.near(e.spent - second, 0.5, 0.8), purse.near(second, 0.5, 0.8)]
    people_part = [purse.near(b, 0.7, 0.9) for b in basics]
    rows = [[w, b, p, b - p, w - b] for w, b, p in zip((e.spent - second, second), basics, people_part, strict=True)]
    _units(d, "部门（单位）年度支出情况", ["支出合计", "基本支出", "人员支出", "公用支出", "项目支出"], county, rows,
           lambda r: d.tie(total("row_sum", r[0], [r[1], r[4]]), total("row_sum", r[1], [r[2], r[3]])), ["spent", "basic2"])  # fmt: skip
    host, car = purse.amount(1, 9), purse.amount(1, 6)
    _units(d, "三公经费支出情况", ["三公经费合计", "公务接待费", "公务用车运维费", "公务用车购置费", "因公出国费"], county,
           [[host + car, host, car, ZERO, ZERO], [host, host, ZERO, ZERO, ZERO]], lambda r: d.tie(total("row_sum", r[0], r[1:])), ["three"])  # fmt: skip
    d.heading(3, "部门（单位）整体支出绩效自评情况", 1, "sections")
    spent = d.money(e.spent, "spent")
    basic = d.money(sum(basics, ZERO), "basic2")
    project = d.money(e.spent - sum(basics, ZERO))
    d.tie(total("sum", spent, [basic, project]))
    d.say(f"{d.year()}年支出合计{spent}，其中基本支出{basic}、项目支出{project}。")
    d.heading(4, "评价人员", 1, "sections")
    d.say("由局办公室牵头，财务、监管等股室参加。")
    d.heading(5, "综述", 1, "sections")
    got = Decimal(d.rng.randint(180, 200)) / 2
    one, two = d.points(got, "score"), d.points(got, "score")
    d.tie(equal("text_vs_text", one, two))
    d.say(f"绩效自评综合得分{one}分。经复核，各项指标证据齐全，综合得分{two}分。")


def _units(
    d: Draft,
    title: str,
    names: list[str],
    county: County,
    rows: list[list[Decimal]],
    relate: Callable[[list[str]], None],
    keys: list[str],
) -> None:
    """A table by unit: the whole, the bureau, its centre."""
    d.open_table()
    sums = [sum(column, ZERO) for column in zip(*rows, strict=True)]
    keyed = [keys[i] if i < len(keys) else "" for i in range(len(names))]
    top = [d.money(v, k) for v, k in zip(sums, keyed, strict=True)]
    below = [[d.money(v) for v in row] for row in rows]
    for i in range(len(names)):
        d.tie(total("table_sum", top[i], [r[i] for r in below]))
    for r in (top, *below):
        relate(r)
    body = [["局机关及二级机构汇总", *top], ["1、局机关", *below[0]], [f"2、{county.centres[0]}", *below[1]]]
    d.close_table(f"{title}", [f"单位：{d.table_unit}"], [["机构名称", *names], *body], 1)

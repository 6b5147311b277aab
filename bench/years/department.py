"""The bureau's own year, drawn from the bottom up: basic expenditure, projects, budgets, 三公, people."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from decimal import Decimal

from bench.accounts_facts import Purse
from bench.years.ledger import Ledger
from bench.years.watched import NEAR, ZERO, people, plan, procurement, three_public, watched
from yibao.vocabulary.figures import load_figures

PROJECTS = [
    "基金监管专项经费", "医保信息系统运行维护经费", "医疗服务与保障能力提升补助资金", "城乡居民医保征缴工作经费", "“双通道”药品管理经费",
    "长期护理保险试点经费（第二批）", "DIP支付方式改革经费", "医疗救助业务经费", "窗口服务及办公场地运转经费", "药品集中带量采购工作经费", "年初-政策宣传经费",
]  # fmt: skip
PART = "dept.expense.general.project"  #: what 一般公共预算 paid of 项目支出, where other budgets paid too
SOURCES = ("当年财政拨款", "上年结转资金", "其他资金")
KINDS = ("dept.expense.activity", "dept.expense.routine", "dept.expense.special")


@dataclass(slots=True)
class Project:
    """A project with its money in yuan, by source where the form lists sources: (initial, adjusted, executed)."""

    name: str
    initial: Decimal
    adjusted: Decimal
    executed: Decimal
    kind: str
    sources: dict[str, tuple[Decimal, Decimal, Decimal]] = field(default_factory=dict)


@dataclass(slots=True)
class Department:
    projects: list[Project]
    last: dict[str, Decimal] = field(default_factory=dict)


def draw_department(rng: random.Random, ledger: Ledger, purse: Purse, far: bool, income: bool) -> Department:
    """`far`: some results lie far from their budgets, which then has to be explained; `income`: what came in is said."""
    out = Department(_projects(rng, purse, far))
    personnel, public = purse.amount(120, 2400), purse.amount(20, 600)
    basic, project = personnel + public, sum((p.executed for p in out.projects), ZERO)
    _put_expenses(
        rng,
        ledger,
        purse,
        far,
        {"dept.expense.personnel": personnel, "dept.expense.public": public, "dept.expense.basic": basic},
    )
    paid = _other_budgets(rng, ledger, purse, project)
    ledger.money("dept.expense.general", basic + project - paid)
    if paid:
        ledger.money("dept.expense.general.basic", basic)
        ledger.money(PART, project - paid)
    if out.projects or rng.random() < 0.7:
        _put_projects(rng, ledger, purse, out)
    _put_funds(rng, ledger, purse, basic + project, paid, far, income)
    _kinds(rng, ledger, purse, personnel, public)
    three_public(rng, ledger, purse, far)
    watched(rng, ledger, purse, public, far)
    procurement(rng, ledger, purse, far)
    people(rng, ledger)
    if rng.random() < 0.5:
        _assets(rng, ledger, purse)
    return out


def _assets(rng: random.Random, ledger: Ledger, purse: Purse) -> None:
    """固定资产 in use, let, and other."""
    parts = {"in_use": purse.amount(30, 3000)}
    for name in ("rented", "other"):
        parts[name] = purse.amount(1, 200) if rng.random() < 0.3 else ZERO
    ledger.money("dept.assets.fixed", sum(parts.values(), ZERO))
    if rng.random() < 0.6:
        for name, value in parts.items():
            ledger.money(f"dept.assets.{name}", value)


def _projects(rng: random.Random, purse: Purse, far: bool) -> list[Project]:
    found = []
    for name in rng.sample(PROJECTS, rng.choice([0, 1, 1, 2, 2, 3, 4])):
        executed = purse.amount(2, 60) if rng.random() < 0.6 else purse.amount(60, 1500)
        adjusted = executed if rng.random() < 0.5 else purse.near(executed, 1.01, 1.25)
        initial = adjusted if rng.random() < 0.5 else purse.near(adjusted, *((0.3, 1.5) if far else (0.8, 1.0)))
        made = Project(name, initial, adjusted, executed, rng.choice(KINDS))
        if rng.random() < 0.6:
            made.sources = _sources(rng, purse, made)
        found.append(made)
    return found


def _sources(rng: random.Random, purse: Purse, p: Project) -> dict[str, tuple[Decimal, Decimal, Decimal]]:
    if rng.random() < 0.5:
        return {
            SOURCES[0]: (p.initial, p.adjusted, p.executed),
            SOURCES[1]: (ZERO, ZERO, ZERO),
            SOURCES[2]: (ZERO, ZERO, ZERO),
        }
    part = [min(amount, purse.near(p.executed, 0.1, 0.6)) for amount in (p.initial, p.adjusted, p.executed)]
    rest = [whole - one for whole, one in zip((p.initial, p.adjusted, p.executed), part, strict=True)]
    return {SOURCES[0]: (rest[0], rest[1], rest[2]), SOURCES[1]: (part[0], part[1], part[2])}


def _put_expenses(rng: random.Random, ledger: Ledger, purse: Purse, far: bool, amounts: dict[str, Decimal]) -> None:
    """The results; the budget of 公用经费 and last year's numbers now and then, each whole the sum of its parts."""
    for figure, value in amounts.items():
        ledger.money(figure, value)
    public = amounts["dept.expense.public"]
    ledger.money("dept.expense.public", plan(rng, purse, public, far), "budget")
    if rng.random() < 0.7:
        last = purse.near(public, 0.75, 1.3)
        ledger.money("dept.expense.public", last, last=True)
        ledger.money("dept.expense.basic", purse.near(amounts["dept.expense.personnel"], 0.9, 1.05) + last, last=True)


def _put_projects(rng: random.Random, ledger: Ledger, purse: Purse, out: Department) -> None:
    """项目支出 as the sum of its kinds and of the projects, results and budgets."""
    ledger.money("dept.expense.project", sum((p.executed for p in out.projects), ZERO))
    ledger.money("dept.expense.project", sum((p.initial for p in out.projects), ZERO), "budget")
    kinds = rng.random() < 0.6
    last = {kind: purse.amount(1, 400) if rng.random() < 0.7 else ZERO for kind in KINDS}
    for kind in KINDS if kinds else ():
        own = [p for p in out.projects if p.kind == kind]
        ledger.money(kind, sum((p.executed for p in own), ZERO))
        ledger.money(kind, sum((p.initial for p in own), ZERO), "budget")
        ledger.money(kind, last[kind], last=True)
        if kind == "dept.expense.special":
            for p in own:
                ledger.money(kind, p.executed, scope=p.name)
                ledger.money(kind, p.initial, "budget", scope=p.name)
    if kinds or rng.random() < 0.5:
        ledger.money("dept.expense.project", sum(last.values(), ZERO), last=True)
    for p in out.projects:
        if p.initial != p.adjusted or rng.random() < 0.7:
            ledger.money("dept.funds.total", p.initial, "initial", scope=p.name, source="项目台账")
        ledger.money("dept.funds.total", p.adjusted, "adjusted", scope=p.name, source="项目台账")
        ledger.money("dept.funds.total", p.executed, scope=p.name, source="项目台账")


def _other_budgets(rng: random.Random, ledger: Ledger, purse: Purse, projects: Decimal) -> Decimal:
    """政府性基金 and 国有资本经营预算: none, or some of the money of the projects; what they paid."""
    paid = ZERO
    for name, chance in (("government_fund", 0.35), ("state_capital", 0.15)):
        amount = min(purse.near(projects, 0.05, 0.4), projects - paid) if projects and rng.random() < chance else ZERO
        if PART not in load_figures():  # the register does not tell apart what each budget paid
            amount = ZERO
        paid += amount
        ledger.money(f"dept.expense.{name}", amount)
        if amount and (name == "government_fund" or rng.random() < 0.5):
            ledger.money(f"dept.income.{name}", amount)
        if amount and rng.random() < 0.5:
            ledger.money(f"dept.expense.{name}", purse.near(amount, 0.5, 1.6), last=True)
        if amount and name == "government_fund" and rng.random() < 0.5:
            _special_funds(ledger, purse, amount)
        if amount and rng.random() < 0.5:
            ledger.money(f"dept.expense.{name}.basic", ZERO)
            ledger.money(f"dept.expense.{name}.project", amount)
    return paid


def _special_funds(ledger: Ledger, purse: Purse, amount: Decimal) -> None:
    """A row of the 政府性基金 form for each fund."""
    first = min(amount, purse.near(amount, 0.2, 0.8))
    parts = {"彩票公益金安排的支出": first, "国有土地使用权出让收入安排的支出": amount - first}
    for scope, value in parts.items():
        ledger.money("dept.expense.government_fund", value, scope=scope)
        ledger.money("dept.income.government_fund", value, scope=scope)


def _kinds(rng: random.Random, ledger: Ledger, purse: Purse, personnel: Decimal, public: Decimal) -> None:
    """经济分类 of 基本支出."""
    if rng.random() < 0.5:
        for whole, first, second in ((personnel, "individuals", "wages"), (public, "capital", "goods_services")):
            small = min(whole, purse.near(whole, 0.01, 0.2))
            ledger.money(f"dept.{first}", small)
            ledger.money(f"dept.{second}", whole - small)


def _put_funds(
    rng: random.Random, ledger: Ledger, purse: Purse, spent: Decimal, others: Decimal, far: bool, income: bool
) -> None:
    """年度资金总额: the year's budget, what was added to it, what was spent and what is left."""
    left = ZERO if rng.random() < 0.3 else purse.near(spent, 0.001, 0.15)
    adjusted = spent + left
    initial = (
        adjusted if rng.random() < 0.2 else min(adjusted, purse.near(adjusted, *((0.4, 1.0) if far else (0.8, 0.99))))
    )
    for basis, value in (("initial", initial), ("added", adjusted - initial), ("adjusted", adjusted), ("final", spent)):
        ledger.money("dept.funds.total", value, basis, source="自评表")
    ledger.money("dept.expense.total", spent)
    projects = ledger.yuan.get(ledger.place("dept.expense.project", "budget"))
    basic = initial - (projects or ZERO)
    if projects is not None and rng.random() < 0.6 and NEAR[0] <= basic / ledger.final("dept.expense.basic") <= NEAR[1]:
        ledger.money("dept.expense.basic", basic, "budget")
    ledger.money("dept.income.general", adjusted - others, "adjusted", source="自评表")
    if rng.random() < 0.7:
        ledger.money("dept.balance", left)
        if rng.random() < 0.5:
            ledger.money("dept.balance.cumulative", left + purse.amount(1, 50))
    if income or rng.random() < 0.5:
        _income(rng, ledger, purse, adjusted, others, left)
    if rng.random() < 0.7:
        ledger.rate("dept.rate.execution", spent, adjusted, source="自评表")
    if rng.random() < 0.6:
        ledger.rate("dept.rate.control", adjusted - initial, initial)


def _income(
    rng: random.Random, ledger: Ledger, purse: Purse, adjusted: Decimal, others: Decimal, left: Decimal
) -> None:
    """What came in during the year, and what was left from the year before."""
    opening = ZERO if rng.random() < 0.4 else purse.near(adjusted, 0.01, 0.1)
    other = ZERO if rng.random() < 0.6 else purse.near(adjusted, 0.01, 0.05)
    total = adjusted - opening
    ledger.money("dept.income.total", total)
    ledger.money("dept.income.general", total - other - others)
    ledger.money("dept.carry.opening", opening)
    ledger.money("dept.carry.closing", left)
    if other or rng.random() < 0.5:
        ledger.money("dept.income.other", other)
    if rng.random() < 0.3:
        ledger.money("dept.income.nontax", ZERO)

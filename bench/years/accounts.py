"""The final accounts of a drawn year (部门决算 01—09): items by code, from `bench.accounts_facts`, as figures with scopes."""

from __future__ import annotations

import random
from decimal import Decimal

from bench.accounts_facts import Accounts, Purse, draw_accounts
from bench.years.ledger import Ledger
from yibao.vocabulary.figures import load_figures

ZERO = Decimal(0)
SOURCE = "部门决算"
THREE = {"接待": "reception", "运行": "vehicle_running", "购置": "vehicle_purchase", "出国": "abroad"}


def draw_final_accounts(rng: random.Random, ledger: Ledger, far: bool) -> None:
    """Everything that the nine tables and their narrative print."""
    accounts = _draw(rng, ledger.coin.grain)
    if not far:  # budgets near the results
        accounts.three = {
            kind: (min(b, f * Decimal("1.35")).quantize(ledger.coin.grain), f, last)
            for kind, (b, f, last) in accounts.three.items()
        }
    purse = Purse(rng, ledger.coin.grain)

    def put(figure: str, value: Decimal, basis: str = "final", *, last: bool = False, scope: str = "") -> None:
        ledger.money(figure, value, basis, last=last, scope=scope, source=SOURCE)

    _totals(rng, accounts, put, purse)
    _classes(accounts, put)
    _none(rng, accounts, put)
    _items(accounts, put)
    _economic(rng, accounts, put)
    _three_public(rng, ledger, accounts, put)
    _rest(rng, ledger, accounts, put, purse)


def _totals(rng: random.Random, a: Accounts, put, purse: Purse) -> None:  # type: ignore[no-untyped-def]
    general_income = a.general() + a.closing - a.opening
    put("dept.income.general", general_income)
    put("dept.income.government_fund", a.fund)
    put("dept.income.state_capital", ZERO)
    put("dept.income.fiscal", a.fiscal_income)
    put("dept.income.other", a.other_income)
    if rng.random() < 0.5:
        for name in ("superior", "enterprise", "business", "subsidiary", "surplus_used"):
            put(f"dept.income.{name}", ZERO)
        for name in ("superior", "business", "subsidiary"):
            put(f"dept.expense.{name}", ZERO)
        put("dept.carry.distributed", ZERO)
    put("dept.income.total", a.income)
    put("dept.carry.opening", a.opening)
    put("dept.carry.closing", a.closing)
    if rng.random() < 0.6:
        for at, value in (("opening", a.opening), ("closing", a.closing)):
            for budget, part in (
                ("fiscal", value),
                ("general", value),
                ("government_fund", ZERO),
                ("state_capital", ZERO),
            ):
                put(f"dept.carry.{budget}.{at}", part)
    put("dept.income.grand", a.income + a.opening)
    put("dept.expense.grand", a.spent_all + a.closing)
    put("dept.expense.total", a.spent_all)
    put("dept.expense.fiscal", a.fiscal)
    put("dept.income.fiscal_grand", a.fiscal_income + a.opening)
    put("dept.expense.fiscal_grand", a.fiscal + a.closing)
    put("dept.expense.general", a.general())
    _spent(put, a, "")
    put("dept.expense.personnel", a.personnel)
    put("dept.expense.public", a.public)
    put("dept.expense.government_fund", a.fund)
    put("dept.expense.state_capital", ZERO)
    put("dept.expense.general", a.general(part="budget"), "initial")
    if rng.random() < 0.7:
        for figure, value in (
            ("income.grand", a.last_income),
            ("expense.grand", a.last_income),
            ("expense.general", purse.near(a.general(), 0.8, 1.25)),
        ):
            put(f"dept.{figure}", value, last=True)
        for figure in ("income.fiscal_grand", "expense.fiscal_grand"):
            put(f"dept.{figure}", a.last_fiscal, last=True)


def _spent(put, a: Accounts, code: str) -> None:  # type: ignore[no-untyped-def]
    """基本支出 and 项目支出 of a code, and their part in 一般公共预算 where other money was spent too."""
    put("dept.expense.basic", a.spent(code, "basic"), scope=code)
    put("dept.expense.project", a.spent(code, "project"), scope=code)
    if a.general(code, "project") != a.spent(code, "project"):
        put("dept.expense.general.basic", a.general(code, "basic"), scope=code)
        put("dept.expense.general.project", a.general(code, "project"), scope=code)


def _draw(rng: random.Random, grain: Decimal) -> Accounts:
    """Accounts; of 一般公共预算 alone as long as the register does not tell its part apart."""
    while True:
        accounts = draw_accounts(rng, grain)
        if "dept.expense.general.project" in load_figures() or not (accounts.fund or accounts.other_income):
            return accounts


def _classes(a: Accounts, put) -> None:  # type: ignore[no-untyped-def]
    """01 and 04: the expenditure of each 类."""
    for code in sorted({item[:3] for item in a.items}):
        put(f"dept.function.{code}", a.spent(code))
        general, fund = a.general(code), a.spent(code) if code == "229" else ZERO
        put("dept.expense.fiscal", general + fund, scope=code)
        put("dept.expense.general", general, scope=code)
        if fund:
            put("dept.expense.government_fund", fund, scope=code)


def _none(rng: random.Random, a: Accounts, put) -> None:  # type: ignore[no-untyped-def]
    """Classes in which nothing was spent, printed as zeros."""
    others = [figure.id[-3:] for figure in load_figures() if figure.id.startswith("dept.function.")]
    spent = {code[:3] for code in a.items}
    for code in others if rng.random() < 0.3 else ():
        if code not in spent:
            put(f"dept.function.{code}", ZERO)


def _items(a: Accounts, put) -> None:  # type: ignore[no-untyped-def]
    """02, 03, 05, 07: every code that the department uses, with those above it."""
    codes = sorted({code[:length] for code in a.items for length in (3, 5, 7)})
    gap = a.closing - a.opening
    for code in codes:
        general, fund = a.general(code), a.spent(code) if code.startswith("229") else ZERO
        if code.startswith("229"):
            put("dept.income.government_fund", fund, scope=code)
            put("dept.expense.government_fund", fund, scope=code)
            put("dept.income.fiscal", fund, scope=code)
            put("dept.income.total", fund, scope=code)
            put("dept.expense.total", fund, scope=code)
            _spent(put, a, code)
            continue
        other = a.other_income if a.other_item.startswith(code) else ZERO
        came = general + (gap if "2101501".startswith(code) else ZERO)
        put("dept.income.fiscal", came, scope=code)
        if other:
            put("dept.income.other", other, scope=code)
        put("dept.income.total", came + other, scope=code)
        put("dept.expense.total", a.spent(code), scope=code)
        put("dept.expense.general", general, scope=code)
        _spent(put, a, code)


def _economic(rng: random.Random, a: Accounts, put) -> None:  # type: ignore[no-untyped-def]
    """06: the kinds of basic expenditure."""
    for code, value in a.economic.items():
        if value and len(code) > 3:
            put("dept.expense.basic", value, scope=code)
    for code, figure in (("301", "wages"), ("302", "goods_services"), ("303", "individuals"), ("310", "capital")):
        put(f"dept.{figure}", a.economic.get(code, ZERO))


def _three_public(rng: random.Random, ledger: Ledger, a: Accounts, put) -> None:  # type: ignore[no-untyped-def]
    columns = {THREE[name]: values for name, values in a.three.items()}
    vehicle = [sum((columns[k][i] for k in ("vehicle_purchase", "vehicle_running")), ZERO) for i in range(3)]
    every = {**columns, "vehicle": tuple(vehicle), "total": tuple(a.three_total(i) for i in range(3))}
    parts_of_last_year = rng.random() < 0.5
    for name, (budget, final, last) in every.items():
        put(f"dept.three_public.{name}", budget, "budget")
        put(f"dept.three_public.{name}", final)
        if parts_of_last_year:
            put(f"dept.three_public.{name}", last, last=True)
    if columns["vehicle_purchase"][1]:
        ledger.count("dept.vehicles_bought", "1辆", source=SOURCE)
    ledger.count("dept.three_public.groups_abroad", "0个", source=SOURCE)
    ledger.count("dept.three_public.persons_abroad", "0人次", source=SOURCE)
    if columns["reception"][1]:
        ledger.count("dept.three_public.reception_batches", f"{a.counts['batches']}个", source=SOURCE)
        ledger.count("dept.three_public.reception_guests", f"{a.counts['visitors']}人次", source=SOURCE)


def _rest(rng: random.Random, ledger: Ledger, a: Accounts, put, purse: Purse) -> None:  # type: ignore[no-untyped-def]
    put("dept.expense.operating", a.public)
    if rng.random() < 0.7:
        put("dept.expense.operating", a.last_running, last=True)
    if rng.random() < 0.6:
        for name in ("meeting", "training"):
            put(f"dept.{name}", purse.near(a.public, 0.001, 0.04))
    if rng.random() < 0.8:
        total = sum(a.purchases.values(), ZERO)
        put("dept.procurement.total", total)
        for name, figure in (("货物", "goods"), ("工程", "works"), ("服务", "services")):
            if name in a.purchases or rng.random() < 0.5:
                put(f"dept.procurement.{figure}", a.purchases.get(name, ZERO))
        put("dept.procurement.sme", min(a.small, total))
        if rng.random() < 0.5:
            put("dept.procurement.micro", min(a.small, total, purse.near(a.small, 0.2, 0.9)))
    ledger.count("dept.vehicles", f"{rng.randint(0, 6)}辆", source=SOURCE)
    if rng.random() < 0.5:
        ledger.count("dept.equipment_million", f"{rng.randint(0, 2)}台", source=SOURCE)

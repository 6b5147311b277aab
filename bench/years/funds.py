"""The funds of a drawn year: 职工 and 居民, last year's result, this year's budget and result; who is insured."""

from __future__ import annotations

import random
from decimal import ROUND_HALF_UP, Decimal

from bench.accounts_facts import Purse
from bench.years.ledger import Coin, Ledger, percent

ZERO = Decimal(0)
INCOME = {"premium": (60, 100), "interest": (0.5, 4), "subsidy": (2, 120), "other": (0, 3)}
EXPENSE = {"benefit": (60, 180), "other": (0, 2)}
SOURCE = "基金财务报表"
COLUMNS = (("final", True), ("budget", False), ("final", False))


def draw_funds(rng: random.Random, ledger: Ledger, far: bool) -> None:
    """Both funds, one, or none; `far`: a budget may lie far from its result."""
    persons = _insured(rng, ledger)
    which = rng.choice(
        [(), ("employee",), ("resident",), ("employee", "resident"), ("employee", "resident"), ("employee", "resident")]
    )
    coin = rng.choice(
        [Coin("万元", 0), Coin("万元", 2), Coin("万元", 2), Coin("元", 2), Coin("亿元", 4), Coin("元", 0)]
    )
    for fund in which:
        draw_fund(rng, ledger, fund, coin, persons[fund], far)


def draw_fund(rng: random.Random, ledger: Ledger, fund: str, coin: Coin, persons: Decimal, far: bool) -> None:
    """One fund, all rows of its form in three columns."""
    purse = Purse(rng, coin.grain)
    size = persons * rng.choice([700, 1000, 1500])
    base = {name: _amount(rng, purse, size, span) for name, span in _items(rng, fund).items()}
    opening = purse.near(size, 0.05, 1.5)
    for basis, last in COLUMNS:
        spread = (0.5, 1.6) if far and basis == "budget" else (0.85, 1.2)
        values = {name: purse.near(value, *spread) if value else ZERO for name, value in base.items()}
        closing = _column(ledger, fund, coin, basis, last, opening, values)
        opening = closing if last else opening
    if fund == "employee" and rng.random() < 0.7:
        _pooling(rng, ledger, coin, purse)
    _rates(rng, ledger, fund)


def _items(rng: random.Random, fund: str) -> dict[str, tuple[float, float]]:
    found = {f"income.{name}": span for name, span in INCOME.items()}
    found |= {f"expense.{name}": span for name, span in EXPENSE.items()}
    if fund == "employee":
        found |= {"income.transfer": (0, 2), "expense.transfer": (0, 2)}
    else:
        found |= {"expense.catastrophic": (4, 20)}
    some = rng.random() < 0.4
    for name in ("income.from_above", "income.from_below", "expense.to_below", "expense.to_above"):
        found[name] = (0, 6) if some and rng.random() < 0.5 else (0, 0)
    return found


def _amount(rng: random.Random, purse: Purse, size: Decimal, span: tuple[float, float]) -> Decimal:
    """A part of the fund's size in hundredths; a small one may be nothing."""
    if span[1] == 0 or (span[0] == 0 and rng.random() < 0.3):
        return ZERO
    return purse.near(size / 100, span[0], span[1])


def _column(
    ledger: Ledger, fund: str, coin: Coin, basis: str, last: bool, opening: Decimal, values: dict[str, Decimal]
) -> Decimal:
    """The rows of one column; gives what is left at the end."""
    income = sum((v for name, v in values.items() if name.startswith("income.") and ".from_" not in name), ZERO)
    expense = sum((v for name, v in values.items() if name.startswith("expense.") and ".to_" not in name), ZERO)
    totals = {
        "income.subtotal": income,
        "income.total": income + values["income.from_above"] + values["income.from_below"],
        "expense.subtotal": expense,
        "expense.total": expense + values["expense.to_below"] + values["expense.to_above"],
    }
    balance = totals["income.total"] - totals["expense.total"]
    rows = {**values, **totals, "opening": opening, "balance": balance, "closing": opening + balance}
    for name, value in rows.items():
        ledger.money(f"fund.{fund}.{name}", value, basis, last=last, source=SOURCE, coin=coin)
    return opening + balance


def _pooling(rng: random.Random, ledger: Ledger, coin: Coin, purse: Purse) -> None:
    """统筹基金 and 个人账户 of the year's result."""
    for name in ("income", "expense", "opening"):
        figure = f"fund.employee.{name}.total" if name != "opening" else "fund.employee.opening"
        whole = ledger.final(figure)
        share = min(whole, purse.near(whole, 0.4, 0.7))
        ledger.money(f"fund.employee.pooling.{name}", share, source=SOURCE, coin=coin)
        ledger.money(f"fund.employee.account.{name}", whole - share, source=SOURCE, coin=coin)
    for part in ("pooling", "account"):
        name = f"fund.employee.{part}"
        balance = ledger.final(f"{name}.income") - ledger.final(f"{name}.expense")
        ledger.money(f"{name}.balance", balance, source=SOURCE, coin=coin)
        ledger.money(f"{name}.closing", ledger.final(f"{name}.opening") + balance, source=SOURCE, coin=coin)
    if rng.random() < 0.6:
        ledger.rate(
            "fund.employee.pooling.rate.balance",
            ledger.final("fund.employee.pooling.balance"),
            ledger.final("fund.employee.pooling.income"),
            source=SOURCE,
        )


def _rates(rng: random.Random, ledger: Ledger, fund: str) -> None:
    income, expense = ledger.final(f"fund.{fund}.income.total"), ledger.final(f"fund.{fund}.expense.total")
    budget = {side: ledger.yuan[ledger.place(f"fund.{fund}.{side}.total", "budget")] for side in ("income", "expense")}
    if rng.random() < 0.7:
        ledger.rate(f"fund.{fund}.rate.balance", ledger.final(f"fund.{fund}.balance"), income, source=SOURCE)
    if rng.random() < 0.7:
        ledger.rate(f"fund.{fund}.rate.income_execution", income, budget["income"], source=SOURCE)
        ledger.rate(f"fund.{fund}.rate.expense_execution", expense, budget["expense"], source=SOURCE)


def _insured(rng: random.Random, ledger: Ledger) -> dict[str, Decimal]:
    """Who is insured, in 人 or 万人; the whole is the sum of what is printed."""
    large = rng.random() < 0.6
    unit = Decimal(10_000) if large else Decimal(1)
    size = Decimal(rng.choice([1, 3, 8]))

    def head(low: int, high: int) -> Decimal:
        return ((Decimal(rng.randint(low, high)) * size) / unit).quantize(
            Decimal("0.01") if large else Decimal(1), ROUND_HALF_UP
        )

    def put(figure: str, value: Decimal, last: bool = False) -> None:
        ledger.count(figure, f"{value:f}{'万人' if large else '人'}", last=last, source="参保统计")

    active, retired, residents, elderly = (
        head(8_000, 60_000),
        head(4_000, 30_000),
        head(60_000, 600_000),
        head(15_000, 50_000),
    )
    employee = active + retired
    total = employee + residents
    put("fund.insured.employee", employee)
    put("fund.insured.resident", residents)
    put("fund.insured.total", total)
    if rng.random() < 0.7:
        put("fund.insured.employee_active", active)
        put("fund.insured.employee_retired", retired)
    if rng.random() < 0.6:
        put("fund.insured.resident_elderly", elderly)
    if rng.random() < 0.5:
        put("fund.insured.employee", head(12_000, 90_000), last=True)
        put("fund.insured.resident", head(60_000, 600_000), last=True)
    if rng.random() < 0.7:
        people = (total * Decimal(rng.randint(1010, 1060)) / 1000).quantize(total, ROUND_HALF_UP)
        ledger.rate("fund.insured.rate", total, people, source="参保统计")
        if rng.random() < 0.7:
            put("population.resident", people)
    low, high = Decimal(rng.randint(6000, 7200)), Decimal(rng.randint(7300, 8600))
    if rng.random() < 0.7:
        for figure, value in (("resident", low), ("employee", high), ("overall", (low + high) // 2)):
            ledger.count(f"fund.benefit.ratio.{figure}", percent(value / 10_000), source="参保统计")
    return {"employee": employee * unit, "resident": residents * unit}

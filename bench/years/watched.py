"""Expenses that forms watch, purchases and people of a drawn year."""

from __future__ import annotations

import random
from decimal import Decimal

from bench.accounts_facts import Purse
from bench.years.ledger import Ledger

ZERO = Decimal(0)
NEAR = (Decimal("0.78"), Decimal("1.4"))  #: budget ÷ result where no reason is owed


def plan(rng: random.Random, purse: Purse, result: Decimal, far: bool) -> Decimal:
    """The budget of a result."""
    if far and rng.random() < 0.3:
        return purse.near(result, 0.4, 2.2)
    budget = purse.near(result, 0.8, 1.35)
    return budget if NEAR[0] <= budget / result <= NEAR[1] else result


def three_public(rng: random.Random, ledger: Ledger, purse: Purse, far: bool) -> None:
    """Four kinds in budget, result and last year; some of them never occur."""
    kinds = {"abroad": 0.1, "vehicle_purchase": 0.12, "vehicle_running": 0.8, "reception": 0.85}
    drawn: dict[str, tuple[Decimal, Decimal, Decimal]] = {}
    for kind, chance in kinds.items():
        final = purse.amount(0.05, 20) if rng.random() < chance else ZERO
        budget = max(final, purse.near(final, 1.0, 1.9 if far and rng.random() < 0.3 else 1.3)) if final else ZERO
        drawn[kind] = (budget, final, purse.near(final, 0.8, 1.4) if final else ZERO)
    drawn["vehicle"] = _add(drawn["vehicle_purchase"], drawn["vehicle_running"])
    drawn["total"] = _add(_add(drawn["abroad"], drawn["vehicle"]), drawn["reception"])
    for kind, (budget, final, last) in drawn.items():
        figure = f"dept.three_public.{kind}"
        ledger.money(figure, budget, "budget")
        ledger.money(figure, final)
        ledger.money(figure, last, last=True)
    if rng.random() < 0.6:
        ledger.rate("dept.rate.three_public_control", drawn["total"][1], drawn["total"][0], source="自评表")


def _add(
    one: tuple[Decimal, Decimal, Decimal], two: tuple[Decimal, Decimal, Decimal]
) -> tuple[Decimal, Decimal, Decimal]:
    return one[0] + two[0], one[1] + two[1], one[2] + two[2]


def watched(rng: random.Random, ledger: Ledger, purse: Purse, public: Decimal, far: bool) -> None:
    """Parts of 公用经费 that the form lists."""
    budget = ledger.yuan[ledger.place("dept.expense.public", "budget")]
    last = ledger.yuan.get(ledger.place("dept.expense.public", last=True), ZERO)
    for figure, share in (("dept.office", 0.25), ("dept.utilities_travel", 0.2), ("dept.meeting_training", 0.1)):
        if rng.random() < 0.25:
            continue
        value = purse.near(min(public, budget), 0.01, share)
        if value * 3 > min(public, budget):
            continue
        ledger.money(figure, value)
        ledger.money(figure, min(plan(rng, purse, value, far), max(value, purse.near(budget, 0.3, 0.3))), "budget")
        if last:
            ledger.money(figure, min(purse.near(value, 0.7, 1.3), purse.near(last, 0.3, 0.3)), last=True)
        if figure == "dept.meeting_training" and rng.random() < 0.5:
            meeting = min(value, purse.near(value, 0.2, 0.8))
            ledger.money("dept.meeting", meeting)
            ledger.money("dept.training", value - meeting)


def procurement(rng: random.Random, ledger: Ledger, purse: Purse, far: bool) -> None:
    if rng.random() < 0.3:
        return
    parts = {kind: purse.amount(0.5, 80) if rng.random() < 0.7 else ZERO for kind in ("goods", "works", "services")}
    total = sum(parts.values(), ZERO)
    ledger.money("dept.procurement.total", total)
    if total:
        ledger.money("dept.procurement.total", plan(rng, purse, total, far), "budget")
    if rng.random() < 0.5:
        for kind, value in parts.items():
            ledger.money(f"dept.procurement.{kind}", value)
        small = min(total, purse.near(total, 0.3, 1.0)) if total else ZERO
        ledger.money("dept.procurement.sme", small)
        if small and rng.random() < 0.5:
            ledger.money("dept.procurement.micro", min(small, purse.near(small, 0.2, 0.9)))


def people(rng: random.Random, ledger: Ledger) -> None:
    admin, institution = rng.randint(5, 30), rng.randint(8, 120)
    whole = admin + institution
    present = whole if rng.random() < 0.2 else rng.randint(int(whole * 0.75), whole)
    ledger.count("dept.staff.establishment", f"{whole}人")
    if rng.random() < 0.8:
        ledger.count("dept.staff.establishment_admin", f"{admin}人")
        ledger.count("dept.staff.establishment_institution", f"{institution}人")
    ledger.count("dept.staff.in_post", f"{present}人")
    if rng.random() < 0.8:
        ledger.count("dept.staff.retired", f"{rng.randint(0, 40)}人")
    if rng.random() < 0.8:
        ledger.rate("dept.staff.control_rate", Decimal(present), Decimal(whole))

"""What the funds owe and pay: every fen of every settlement, month by month, and the clearing of the year before.

Hospitals paid by score get what the city's sheets say of the last year (dip_sheets.py): advance + months + clearing. Of the years
before there are no sheets; there they got what settlements gave. Other settlements are due once, in the month after. What is due
after the last day stands as due.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from yibao.demo.arrays import DAY, Ints, month_day, month_of, weekday, year_days
from yibao.demo.contributions import Collected, subsidies
from yibao.demo.dip import Dip
from yibao.demo.dip_terms import SCHEMES
from yibao.demo.institutions import DIP
from yibao.demo.records import INPATIENT, Shelf, id_text
from yibao.demo.settings import POOLING_AREA
from yibao.demo.tell_settlements import settlement_rows
from yibao.demo.tell_visits import INSURANCE, blocks
from yibao.demo.world import World

MONTHLY_PERCENT, ADVANCE_PERCENT = 95, 3  #: of a month's DIP settlements; of last year's
BEFORE_PERCENT = 97  #: of a month, the same month a year earlier
REMITTED_PERCENT = {"resident": 10, "employee": 4}  #: of a year's income, to the pooling area
WITHHELD = 0.004
#: sums by provider and month: name → payment kind, fund, insurance type
SUMS = {
    "resident_pool": ("monthly", "resident", "390"), "employee_pool": ("monthly", "employee", "310"),
    "resident_dip": ("dip", "resident", "390"), "employee_dip": ("dip", "employee", "310"),
    "critical": ("critical_illness", "resident", "392"), "large": ("monthly", "employee", "330"),
    "aid": ("monthly", "medical_aid", None), "account": ("account", "employee", "310"),
    "away_resident": ("out_of_area", "resident", "390"), "away_employee": ("out_of_area", "employee", "310"),
    "away_aid": ("out_of_area", "medical_aid", None),
}  # fmt: skip


@dataclass
class Payment:
    """One amount that is due, fen."""

    kind: str
    fund: str
    insurance: str | None
    service_year: int
    service_month: int | None  #: yyyymm
    provider: int  #: −1 none
    due: int  #: day
    amount: int
    person: int = -1
    area: str | None = None
    settlement: str | None = None
    paid: int = 0  #: day; 0 not paid
    status: str = "due"
    id: int = 0


def monthly_sums(world: World, shelf: Shelf) -> tuple[dict[int, dict[str, Ints]], list[Payment]]:
    """What settlements gave, by year → name → (provider × month), fen; and what is paid to persons by hand."""
    found: dict[int, dict[str, Ints]] = {}
    by_hand: list[Payment] = []
    shape = len(world.institutions), 12
    for year, block in blocks(world, world.plan.stay_years):
        sums = found.setdefault(year, {name: np.zeros(shape, dtype=np.int64) for name in (*SUMS, "outpatient_account")})
        visits, settled = shelf.get("visits", year, block), shelf.get("settled", year, block)
        visit, sign = settlement_rows(visits, settled)
        of, paid = visits[visit], settled[visit]
        month = month_of(np.where(sign < 0, of["reversed"], of["settled"]) // DAY) % 12
        employee, away = of["employee"] == 1, of["away"] == 1
        dip = (of["care"] == INPATIENT) & (of["provider"] < DIP)
        home, online = ~away, away & (of["manual"] == 0)
        employee_all = paid["pool"] + paid["large"] + paid["civil"] + paid["account"]
        for name, where, amount in (
            ("resident_pool", home & ~dip & ~employee, paid["pool"]), ("employee_pool", home & ~dip & employee, paid["pool"]),
            ("resident_dip", dip & ~employee, paid["pool"]), ("employee_dip", dip & employee, paid["pool"]),
            ("critical", of["manual"] == 0, paid["critical"]), ("large", home, paid["large"] + paid["civil"]), ("aid", home, paid["aid"]),
            ("account", home, paid["account"]), ("outpatient_account", of["care"] != INPATIENT, paid["account"]), ("away_resident", online & ~employee, paid["pool"]),
            ("away_employee", online & employee, employee_all), ("away_aid", online, paid["aid"]),
        ):  # fmt: skip
            np.add.at(sums[name], (of["provider"][where], month[where]), (amount * sign)[where])
        by_hand += _by_hand(year, block, visits, settled)
    return found, by_hand


def _by_hand(year: int, block: int, visits: np.ndarray, settled: np.ndarray) -> list[Payment]:
    """Claims by hand are paid to the person, 20 days after they were settled."""
    found = []
    for visit in np.flatnonzero(visits["manual"] == 1).tolist():
        of, paid = visits[visit], settled[visit]
        day = int(of["settled"]) // DAY
        month = _yyyymm(np.array([day]))[0]
        fund, insurance = ("employee", "310") if of["employee"] else ("resident", "390")
        name = id_text(year, block, int(of["settlement"]))
        amounts = {
            fund: int(paid["pool"] + paid["critical"] + paid["large"] + paid["civil"] + paid["account"]),
            "medical_aid": int(paid["aid"]),
        }
        for to, amount in amounts.items():
            if amount:
                found.append(
                    Payment(
                        "manual", to, insurance, year, int(month), -1, day + 20, amount, int(of["person"]), None, name
                    )
                )
    return found


def _yyyymm(days: Ints) -> Ints:
    month = month_of(days)
    found: Ints = (month // 12 + 1970) * 100 + month % 12 + 1
    return found


def draw_payments(world: World, shelf: Shelf, collected: Collected, dip: Dip) -> list[Payment]:
    """Every payment that is due from the first full year on, in order of the due day, with its payment day."""
    sums, found = monthly_sums(world, shelf)
    _december(sums, world.plan.years[0])
    for year, of in sums.items():
        found += _monthly(world, year, of, with_dip=year != dip.year)
        found += _from_sheets(dip) if year == dip.year else _clearing(year, of, sums.get(year - 1))
    found += [
        Payment(
            "subsidised_enrolment",
            "medical_aid",
            None,
            year,
            None,
            -1,
            int(month_day(np.array([month + 1]), 5)[0]),
            amount,
        )
        for (month, year), amount in sorted(collected.aided.items())
    ]
    found += _others(world, collected)
    first = year_days(world.plan.years[0])[0]
    found = [payment for payment in found if payment.amount and payment.due >= first]
    found.sort(key=lambda p: (p.due, p.kind, p.fund, p.provider, p.insurance or "", p.settlement or "", p.amount))
    _pay(world, found)
    return found


def _december(sums: dict[int, dict[str, Ints]], first: int) -> None:
    """Outpatients of the December before the first full year, who are paid for in January, were not told: as many as a year later."""
    before, later = sums[first - 1], sums[first]
    for name, outpatient in (
        ("resident_pool", "resident_pool"),
        ("employee_pool", "employee_pool"),
        ("account", "outpatient_account"),
    ):
        before[name][:, 11] += later[outpatient][:, 11] * BEFORE_PERCENT // 100


def _month_due(year: int, month: int) -> int:
    """The 20th of the month after."""
    return int(month_day(np.array([(year - 1970) * 12 + month + 1]), 20)[0])


def _from_sheets(dip: Dip) -> Iterator[Payment]:
    """What the city's sheets say of the paid year."""
    for row in dip.sheets.months:
        fund, insurance = SCHEMES[row.scheme], INSURANCE[row.scheme]
        month, due = dip.year * 100 + row.month + 1, _month_due(dip.year, row.month)
        yield Payment("dip", fund, insurance, dip.year, month, row.provider, due, row.paid)
    for year in dip.sheets.clearing:
        fund, insurance = SCHEMES[year.scheme], INSURANCE[year.scheme]
        first, april = year_days(dip.year)[0] + 14, year_days(dip.year + 1)[0] + 114
        yield Payment("advance", fund, insurance, dip.year, None, year.provider, first, year.advance)
        yield Payment("clearing", fund, insurance, dip.year, None, year.provider, april, year.balance)


def _monthly(world: World, year: int, of: dict[str, Ints], with_dip: bool) -> Iterator[Payment]:
    """`with_dip`: hospitals paid by score too, by what settlements gave."""
    for name, (kind, fund, insurance) in SUMS.items():
        if kind == "dip" and not with_dip:
            continue
        for provider, month in zip(*np.nonzero(of[name]), strict=True):
            amount = int(of[name][provider, month])
            amount = amount * MONTHLY_PERCENT // 100 if kind == "dip" else amount
            due = _month_due(year, int(month))
            away = world.institutions.area[provider] if kind == "out_of_area" else None
            yield Payment(
                kind, fund, insurance, year, year * 100 + int(month) + 1, int(provider), due, amount, area=away
            )


def _clearing(year: int, of: dict[str, Ints], before: dict[str, Ints] | None) -> Iterator[Payment]:
    """The advance of a year and what is left to clear of it in the next."""
    for name in ("resident_dip", "employee_dip"):
        _, fund, insurance = SUMS[name]
        for provider in range(DIP):
            monthly = sum(int(amount) * MONTHLY_PERCENT // 100 for amount in of[name][provider])
            advance = int(before[name][provider].sum()) * ADVANCE_PERCENT // 100 if before else 0
            rest = int(of[name][provider].sum()) - monthly - advance
            yield Payment("advance", fund, insurance, year, None, provider, year_days(year)[0] + 14, advance)
            yield Payment("clearing", fund, insurance, year, None, provider, year_days(year + 1)[0] + 114, rest)


def _others(world: World, collected: Collected) -> Iterator[Payment]:
    """What goes up to the pooling area, and what providers give back."""
    for year in world.plan.years:
        low, high = year_days(year)
        rng = world.plan.stream("recoveries", year)
        finance = sum(row[5] for row in subsidies(world) if row[0] == year)
        for insurance, fund, more in ((0, "resident", finance), (1, "employee", 0)):
            income = more + sum(
                fen for (day, kind, *_), fen in collected.receipts.items() if kind == insurance and low <= day <= high
            )
            yield Payment(
                "remittance",
                fund,
                None,
                year,
                None,
                -1,
                high - 21,
                income * REMITTED_PERCENT[fund] // 100,
                area=POOLING_AREA,
            )
        for provider in rng.integers(0, DIP, world.plan.count(14, 3)).tolist():
            amount = -int(rng.integers(80_000, 4_000_000))
            yield Payment("recovery", "resident", "390", year, None, provider, low + int(rng.integers(40, 330)), amount)


def _pay(world: World, payments: list[Payment]) -> None:
    """Paid on a working day within ten days, or withheld; nothing after the last day."""
    rng, last = world.plan.stream("paying"), year_days(world.plan.years[-1])[1]
    delay = rng.integers(0, 9, len(payments))
    held = rng.random(len(payments)) < WITHHELD
    for i, payment in enumerate(payments):
        payment.id = i + 1
        day = payment.due + int(delay[i])
        day += (0, 0, 0, 0, 0, 2, 1)[int(weekday(np.array([day]))[0])]
        if held[i] and payment.kind == "monthly":
            payment.status = "withheld"
        elif day <= last:
            payment.status, payment.paid = "paid", day

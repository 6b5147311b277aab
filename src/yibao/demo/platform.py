"""A block of people through a year of settlement: the visits in order, each paid as settlement.py reads the pack."""

from __future__ import annotations

from dataclasses import dataclass, fields
from operator import attrgetter

import numpy as np

from yibao.demo.arrays import DAY, Ints, Rows, month_of, year_days
from yibao.demo.fee_lines import Costs
from yibao.demo.households import may_share
from yibao.demo.people import FLEXIBLE, RETIRED, WORKER, People
from yibao.demo.policy import Policy
from yibao.demo.records import INPATIENT, SETTLED
from yibao.demo.settlement import DEVIATIONS, Claim, Paid, Year, book, settle
from yibao.demo.world import World

DEVIATING = (0.0008, 0.02, 0.02, 0.002)  #: share of stays with each deviation, where it makes a difference
_AMOUNTS = tuple(field.name for field in fields(Paid))
_amounts_of = attrgetter(*_AMOUNTS)


@dataclass(frozen=True)
class Deviation:
    """The platform's result against the right one, fen."""

    visit: int
    name: str
    pool: int
    critical: int
    aid: int


def account_credit(people: People, person: Ints) -> Ints:
    """What comes into an account a month, fen: 2 % of the wage, or a fixed amount when retired; none for free-lancers."""
    wage = people.wage[person] * 2 // 100
    worker = (people.kind[person] == WORKER) & (people.employer[person] != FLEXIBLE)
    return np.where(worker, wage, np.where(people.kind[person] == RETIRED, people.pension_credit[person], 0))


@dataclass
class Accounts:
    """Balances of a block of people, carried from year to year."""

    first: int
    balance: list[int]

    @classmethod
    def opened(cls, people: People, first: int, last: int) -> Accounts:
        return cls(first, np.where(people.kind[first:last] > 0, people.opening[first:last], 0).tolist())


def totals(visits: Rows, lines: Rows, cost: Costs) -> Rows:
    """The header sums of each visit's lines (not of what a reversal takes back)."""
    found = np.zeros(len(visits), dtype=SETTLED)
    chosen = lines["part"] == 0
    order = np.argsort(lines["visit"][chosen], kind="stable")
    visit = lines["visit"][chosen][order]
    if len(visit):
        starts = np.flatnonzero(np.concatenate(([True], visit[1:] != visit[:-1])))
        for name, values in (
            ("total", cost.amount), ("full_selfpay", cost.full_selfpay), ("over_cap", cost.over_cap),
            ("pre_selfpay", cost.pre_selfpay), ("in_scope", cost.in_scope),
        ):  # fmt: skip
            found[name][visit[starts]] = np.add.reduceat(values[chosen][order], starts)
    return found


def settle_block(
    rng: np.random.Generator, world: World, policy: Policy, year: int, visits: Rows, found: Rows, accounts: Accounts
) -> list[Deviation]:
    """Fill `found` (with its totals) for the visits of a block; the deviations that were planted."""
    claims = _claims(rng, world, visits, found)
    events = _events(visits, world.households.order)
    holder = (
        world.households.holder[accounts.first : accounts.first + len(accounts.balance)] - accounts.first
    ).tolist()
    months = _months(world, year, accounts)
    balance, credited, credit = accounts.balance, months[0], months[1]
    years: dict[int, Year] = {}
    paid: list[Paid | None] = [None] * len(visits)
    before, after, deviations = [0] * len(visits), [0] * len(visits), []
    person = (visits["person"] - accounts.first).tolist()
    for visit, month, back in zip(*events, strict=True):
        who, claim = person[visit], claims[visit]
        state = years.setdefault(who, Year())
        other = holder[who] if claim.shares else who
        for one in {who, other}:
            if month > credited[one]:
                balance[one] += credit[one] * (month - credited[one])
                credited[one] = month
        if back:
            done = paid[visit]
            assert done is not None
            book(claim, state, done, -1)
            balance[who] += done.account - done.family
            balance[other] += done.family
            continue
        result = settle(policy, claim, state, balance[who], balance[other] if claim.shares else 0)
        if claim.deviation and (wrong := _deviation(policy, claim, state, balance[who], result, visit)):
            deviations.append(wrong)
        book(claim, state, result)
        before[visit] = balance[who]
        balance[who] -= result.account - result.family
        balance[other] -= result.family
        after[visit], paid[visit] = before[visit] - result.account + result.family, result
    december = int(month_of(np.array([year_days(year)[1]]))[0])
    for who, month in enumerate(credited):
        if month < december and credit[who]:
            balance[who] += credit[who] * (december - month)
    _fill(found, paid, before, after)
    return deviations


def _claims(rng: np.random.Generator, world: World, visits: Rows, found: Rows) -> list[Claim]:
    people, person = world.people, visits["person"]
    stay = visits["care"] == INPATIENT
    drawn = rng.random(len(visits))
    edges = np.cumsum(DEVIATING)
    deviation = np.where(stay, (np.searchsorted(edges, drawn, side="right") + 1) % (len(DEVIATIONS)), 0)
    away = np.where(visits["away"] == 1, 1 + visits["manual"], 0)
    first = int(person.min()) if len(person) else 0
    held = world.identities.holders(
        first, int(person.max()) + 1 if len(person) else 0, int(person.max()) + 1 - first if len(person) else 0
    )
    day = (visits["start"] // DAY).tolist()
    columns = (
        visits["care"], visits["employee"] == 1, people.kind[person] == RETIRED, people.civil[person],
        world.institutions.level[visits["provider"]], away, visits["illness"], found["total"], found["in_scope"],
        person - first, (person * 7919 % 10) < 9, deviation,
        may_share(world.households, person, visits["settled"] // DAY),
    )  # fmt: skip
    claims = []
    for i, (*head, total, scope, who, account, wrong, shares) in enumerate(
        zip(*(c.tolist() for c in columns), strict=True)
    ):
        own = (
            tuple(kind for kind, start, end in held[who] if start <= day[i] and (end == 0 or end >= day[i]))
            if held[who]
            else ()
        )
        care, employee, retired, civil, level, went, illness = head
        claims.append(
            Claim(care, employee, retired, civil, level, went, illness, total, scope, own, account, wrong, shares)
        )
    return claims


def _events(visits: Rows, household: Ints) -> tuple[list[int], list[int], list[bool]]:
    """Settlements and reversals in order of household and time: visit, month, is it a reversal."""
    back = np.flatnonzero(visits["reversed"] > 0)
    visit = np.concatenate([np.arange(len(visits)), back])
    time = np.concatenate([visits["settled"], visits["reversed"][back]])
    reverse = np.concatenate([np.zeros(len(visits), dtype=bool), np.ones(len(back), dtype=bool)])
    order = np.lexsort((visit, time, household[visits["person"][visit]]))
    return visit[order].tolist(), month_of(time[order] // DAY).tolist(), reverse[order].tolist()


def _months(world: World, year: int, accounts: Accounts) -> tuple[list[int], list[int]]:
    """For each person of the block: the last month credited before the year (or before joining), and the monthly credit."""
    size = len(accounts.balance)
    person = np.arange(accounts.first, accounts.first + size)
    january = month_of(np.array([year_days(year)[0]]))[0]
    joined = month_of(world.relations.start[person])
    credit = np.where(world.people.insured_in(year)[person], account_credit(world.people, person), 0)
    return (np.maximum(january, joined) - 1).tolist(), credit.tolist()


def _deviation(policy: Policy, claim: Claim, state: Year, balance: int, result: Paid, visit: int) -> Deviation | None:
    """What is wrong with the result, where the deviation made a difference."""
    name, claim.deviation = DEVIATIONS[claim.deviation], 0
    right = settle(policy, claim, state, balance)
    if (right.pool, right.critical, right.aid) == (result.pool, result.critical, result.aid):
        return None
    return Deviation(visit, name, right.pool, right.critical, right.aid)


def _fill(found: Rows, paid: list[Paid | None], before: list[int], after: list[int]) -> None:
    done = [p if p is not None else Paid() for p in paid]
    rows = np.array([_amounts_of(p) for p in done], dtype=np.int64).reshape(-1, len(_AMOUNTS))
    for place, name in enumerate(_AMOUNTS):
        found[name] = rows[:, place]
    found["balance_before"], found["balance_after"] = before, after

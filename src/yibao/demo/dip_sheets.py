"""The city's sheets of the paid year: a pre-settlement each month, the point values, the clearing at the end of the year.

A month pays points × budgeted point value × budgeted ratio, less the deposit. The clearing shares the year's fund by points, lets
hospitals keep what they saved and bear what they overspent, weighs it by their assessment, and takes off what audits found.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from yibao.demo.arrays import Ints
from yibao.demo.dip_cases import Cases, Results, decimal
from yibao.demo.dip_deviations import DEDUCTION, DEPOSIT, POINT_VALUE, pick
from yibao.demo.dip_terms import SCHEMES, Terms, distribute, fen_of, rounded
from yibao.demo.institutions import DIP
from yibao.demo.settings import Plan

VALUE_DIGITS = 4  #: of a point value, and of a pay ratio
AUDITED = 7  #: hospitals with findings


@dataclass(frozen=True)
class PointValue:
    """What a point of a scheme is worth."""

    cases: int
    points: Decimal
    fee: int
    booked: int
    preliminary: Decimal
    preliminary_ratio: Decimal
    fund: int
    ratio: Decimal
    final: Decimal


@dataclass
class Month:
    """A hospital's month in a scheme; fen."""

    provider: int
    scheme: int
    month: int  #: 0 January …
    cases: int
    points: Decimal
    fee: int
    booked: int
    payable: int = 0
    deposit: int = 0

    @property
    def paid(self) -> int:
        return self.payable - self.deposit


@dataclass
class Clearing:
    """A hospital's year in a scheme; fen."""

    provider: int
    scheme: int
    cases: int
    points: Decimal
    booked: int
    payable: int
    shared: int
    assessment: Decimal
    deduction: int
    amount: int
    monthly: int
    advance: int

    @property
    def balance(self) -> int:
        return self.amount - self.monthly - self.advance


@dataclass(frozen=True)
class Slip:
    """A row of a sheet that is wrong on purpose: the column, and the amounts in fen."""

    name: str
    provider: int
    scheme: int
    month: int  #: −1 the year
    column: str
    right: int
    wrong: int


@dataclass
class Sheets:
    """All that the city sends beside the results."""

    values: dict[int, PointValue] = field(default_factory=dict)
    months: list[Month] = field(default_factory=list)
    clearing: list[Clearing] = field(default_factory=list)
    slips: list[Slip] = field(default_factory=list)


@dataclass(frozen=True)
class Before:
    """A scheme's three years before: weighted cost and points; of the last of them cost and booked pay (fen)."""

    cost: Decimal
    points: Decimal
    last_fee: int
    last_booked: int
    advance: list[int]  #: by hospital


def draw_sheets(plan: Plan, terms: Terms, found: Cases, results: Results, before: list[Before]) -> Sheets:
    """`before` by scheme."""
    sheets = Sheets()
    for scheme in range(len(SCHEMES)):
        if (found.scheme == scheme).any():
            sheets.values[scheme] = _value(terms, found, results, scheme, before[scheme])
    for scheme, value in sheets.values.items():
        for month in range(12):
            sheets.months += _month(terms, found, results, scheme, month, value)
    _slip_months(plan, terms, sheets)
    for scheme in sheets.values:
        sheets.clearing += _clear(plan, terms, sheets, scheme, before[scheme].advance)
    _slip_clearing(plan, sheets)
    return sheets


def _value(terms: Terms, found: Cases, results: Results, scheme: int, before: Before) -> PointValue:
    mine = found.scheme == scheme
    points, fee, booked = (int(column[mine].sum()) for column in (results.points, found.fee, found.booked))
    fund = int(before.last_booked * (1 + terms.growth[scheme])) // 1_000_000 * 1_000_000
    ratio = rounded(Decimal(booked) / fee, VALUE_DIGITS)
    return PointValue(
        cases=int(mine.sum()),
        points=decimal(points),
        fee=fee,
        booked=booked,
        preliminary=rounded(before.cost / before.points / 100, VALUE_DIGITS),
        preliminary_ratio=rounded(Decimal(before.last_booked) / before.last_fee, VALUE_DIGITS),
        fund=fund,
        ratio=ratio,
        final=rounded(Decimal(fund) / 100 / ratio / decimal(points), VALUE_DIGITS),
    )


def _month(terms: Terms, found: Cases, results: Results, scheme: int, month: int, value: PointValue) -> list[Month]:
    """The month's money is its points' worth; the hospitals get their parts of it."""
    mine = (found.scheme == scheme) & (found.month == month)
    sums = _sums(found.provider[mine], results.points[mine], found.fee[mine], found.booked[mine])
    rows = [
        Month(provider, scheme, month, cases, decimal(points), fee, booked)
        for provider, (cases, points, fee, booked) in sums
    ]
    total = fen_of(sum((row.points for row in rows), Decimal(0)) * value.preliminary * value.preliminary_ratio * 100)
    for row, payable in zip(rows, distribute(total, [row.points for row in rows]), strict=True):
        row.payable, row.deposit = payable, fen_of(payable * terms.deposit)
    return rows


def _sums(provider: Ints, *columns: Ints) -> Iterator[tuple[int, tuple[int, ...]]]:
    """By hospital with cases: their number, and the sums of the columns."""
    for one in np.unique(provider).tolist():
        mine = provider == one
        yield one, (int(mine.sum()), *(int(column[mine].sum()) for column in columns))


def _clear(plan: Plan, terms: Terms, sheets: Sheets, scheme: int, advance: list[int]) -> list[Clearing]:
    months = [month for month in sheets.months if month.scheme == scheme]
    of = [[month for month in months if month.provider == provider] for provider in range(DIP)]
    points = [sum((month.points for month in mine), Decimal(0)) for mine in of]
    payable = distribute(sheets.values[scheme].fund, points)
    rng = plan.stream("dip-assessment")
    assessment = [Decimal(int(points_)) / 1000 for points_ in rng.integers(960, 1011, DIP)]
    deduction = _deductions(plan) if scheme == 0 else [0] * DIP
    rows = []
    for provider, mine in enumerate(of):
        if not mine and not advance[provider]:
            continue
        booked = sum(month.booked for month in mine)
        shared = sharing(terms, booked, payable[provider])
        amount = fen_of((payable[provider] + shared) * assessment[provider]) - deduction[provider]
        cases, paid = sum(month.cases for month in mine), sum(month.paid for month in mine)
        rows.append(
            Clearing(
                provider, scheme, cases, points[provider], booked, payable[provider], shared, assessment[provider],
                deduction[provider], amount, paid, advance[provider],
            )
        )  # fmt: skip
    return rows


def sharing(terms: Terms, booked: int, payable: int) -> int:
    """What is added to the payable amount, fen: negative where a hospital needed much less, positive where it needed more."""
    if booked < payable * terms.booked_below:
        return booked - payable
    over = min(Decimal(booked), payable * terms.share_to) - payable
    return fen_of(max(over, Decimal(0)) * terms.share)


def _deductions(plan: Plan) -> list[int]:
    """What audits of the year found, by hospital."""
    rng, found = plan.stream("dip-audits"), [0] * DIP
    for provider in rng.permutation(DIP)[:AUDITED].tolist():
        found[provider] = int(rng.integers(60_000, 3_000_000))
    return found


def _slip_months(plan: Plan, terms: Terms, sheets: Sheets) -> None:
    """A point value rounded to two decimals; a deposit that was not kept back."""
    rng = plan.stream("dip-slips")
    rounded_, missing = [], []
    for place, row in enumerate(sheets.months):
        value = sheets.values[row.scheme]
        other = fen_of(row.points * rounded(value.preliminary, 2) * value.preliminary_ratio * 100)
        if abs(other - row.payable) > 100:
            rounded_.append(place)
        if row.deposit:
            missing.append(place)
    for place in pick(rng, rounded_, 2):
        row, value = sheets.months[place], sheets.values[sheets.months[place].scheme]
        right = row.payable
        row.payable = fen_of(row.points * rounded(value.preliminary, 2) * value.preliminary_ratio * 100)
        row.deposit = fen_of(row.payable * terms.deposit)
        sheets.slips.append(Slip(POINT_VALUE, row.provider, row.scheme, row.month, "dip_payable", right, row.payable))
        missing.remove(place)
    for place in pick(rng, missing, 2):
        row = sheets.months[place]
        sheets.slips.append(Slip(DEPOSIT, row.provider, row.scheme, row.month, "quality_deposit", row.deposit, 0))
        row.deposit = 0


def _slip_clearing(plan: Plan, sheets: Sheets) -> None:
    """What audits found, taken off twice."""
    found = [place for place, row in enumerate(sheets.clearing) if row.deduction]
    for place in pick(plan.stream("dip-slips", "clearing"), found, 1):
        row = sheets.clearing[place]
        right, row.amount = row.amount, row.amount - row.deduction
        sheets.slips.append(Slip(DEDUCTION, row.provider, row.scheme, -1, "clearing_amount", right, row.amount))

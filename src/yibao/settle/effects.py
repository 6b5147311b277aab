"""What a changed policy does: sums by fund and by group, people better and worse off, and the largest single effects.

Sums are int64 fen, exact. A person is better off where all bills of the year together cost them less, from account and in cash.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from yibao.region.benefits.plan import Fund
from yibao.settle.arrays import Ints
from yibao.settle.prepared import Grouping, Prepared
from yibao.settle.simulate import ACCOUNT, AMOUNTS, CASH, PAID, Outcome


@dataclass(frozen=True, slots=True)
class Change:
    """An amount before and after, fen."""

    before: int
    after: int

    @property
    def by(self) -> int:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class FundRow:
    """What one fund pays for one insurance."""

    insurance: str
    code: str  #: of the insurance
    fund: Fund
    paid: Change


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group of bills; `better` and `worse` count people, each once in the group."""

    label: str
    bills: int
    fund: Change
    burden: Change
    better: int
    worse: int


@dataclass(frozen=True, slots=True)
class Single:
    """One bill and what the change means for the person."""

    bill_id: str
    insurance: str
    care: str
    level: str
    fund: Change
    burden: Change


@dataclass(frozen=True, slots=True)
class Totals:
    """A simulation in a line."""

    fund: Change
    cash: Change
    account: Change
    better: int
    worse: int


@dataclass(frozen=True)
class Effects:
    """Two outcomes of one year side by side."""

    prepared: Prepared
    before: Outcome
    after: Outcome

    @cached_property
    def fund(self) -> Change:
        return _change(self.before.fund, self.after.fund)

    @cached_property
    def cash(self) -> Change:
        return _change(self.before.amounts[:, CASH], self.after.amounts[:, CASH])

    @cached_property
    def account(self) -> Change:
        return _change(self.before.amounts[:, ACCOUNT], self.after.amounts[:, ACCOUNT])

    @cached_property
    def hospital(self) -> Change:
        return _change(self.before.amounts[:, Fund.HOSPITAL], self.after.amounts[:, Fund.HOSPITAL])

    def totals(self) -> Totals:
        return Totals(self.fund, self.cash, self.account, self.better, self.worse)

    @cached_property
    def _burden_by(self) -> Ints:
        return self.after.burden - self.before.burden

    @cached_property
    def of_person(self) -> Ints:
        """By person what the year costs them more."""
        return added(self.prepared.person, self._burden_by, self.prepared.people)

    @property
    def better(self) -> int:
        return int((self.of_person < 0).sum())

    @property
    def worse(self) -> int:
        return int((self.of_person > 0).sum())

    def funds(self) -> Iterator[FundRow]:
        """Every fund that pays something under one of the two policies, by insurance."""
        grouping = self.prepared.grouping("insurance_type")
        size = len(grouping.values)
        sums = [
            np.column_stack([added(grouping.of, outcome.amounts[:, place], size) for place in range(AMOUNTS)])
            for outcome in (self.before, self.after)
        ]
        for at, (insurance, code) in enumerate(zip(grouping.values, grouping.codes, strict=True)):
            for fund in PAID:
                paid = Change(int(sums[0][at, fund]), int(sums[1][at, fund]))
                if paid.before or paid.after:
                    yield FundRow(insurance, code, fund, paid)

    def groups(self, grouping: Grouping) -> Iterator[GroupRow]:
        """A row for each group that has bills, in the order of its values."""
        size = len(grouping.values)
        bills = np.bincount(grouping.of, minlength=size)
        sums = [
            added(grouping.of, values, size)
            for values in (self.before.fund, self.after.fund, self.before.burden, self.after.burden)
        ]
        better, worse = self._moved(grouping)
        for at, label in enumerate(grouping.values):
            if bills[at]:
                fund, burden = Change(int(sums[0][at]), int(sums[1][at])), Change(int(sums[2][at]), int(sums[3][at]))
                yield GroupRow(label, int(bills[at]), fund, burden, int(better[at]), int(worse[at]))

    def _moved(self, grouping: Grouping) -> tuple[Ints, Ints]:
        """People who pay less and who pay more in each group: only bills that change can move anybody."""
        changed = np.flatnonzero(self._burden_by)
        size = len(grouping.values)
        pairs, of = np.unique(self.prepared.person[changed] * size + grouping.of[changed], return_inverse=True)
        by = added(of, self._burden_by[changed], pairs.size)
        return np.bincount(pairs[by < 0] % size, minlength=size), np.bincount(pairs[by > 0] % size, minlength=size)

    def largest(self, count: int) -> Iterator[Single]:
        """The bills that change most for the person, those that stand."""
        by = np.where(self.before.undone, 0, np.abs(self._burden_by))
        places = np.argsort(-by, kind="stable")[:count]
        names = [self.prepared.grouping(name) for name in ("insurance_type", "care_type", "hospital_level")]
        for at in places[by[places] > 0].tolist():
            insurance, care, level = (grouping.values[grouping.of[at]] for grouping in names)
            fund = Change(int(self.before.fund[at]), int(self.after.fund[at]))
            burden = Change(int(self.before.burden[at]), int(self.after.burden[at]))
            yield Single(self.prepared.bill_id[at].as_py(), insurance, care, level, fund, burden)


def added(of: Ints, values: Ints, size: int) -> Ints:
    """Σ of the values of each number; whole fen, never through a float.

    >>> added(np.array([0, 2, 0]), np.array([5, 7, 1]), 3).tolist()
    [6, 0, 7]
    """
    sums = np.zeros(size, np.int64)
    np.add.at(sums, of, values)
    return sums


def _change(before: Ints, after: Ints) -> Change:
    return Change(int(before.sum()), int(after.sum()))

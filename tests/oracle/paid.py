"""What a visit was paid, and what a person has so far."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields, replace
from typing import Any

from tests.oracle.read import FUNDS


@dataclass(frozen=True, slots=True)
class Layered:
    """What one layer after the pool did."""

    name: str
    fund: str
    base: int
    due: int
    pay: int


@dataclass(frozen=True, slots=True)
class Paid:
    """The result of one visit, fen."""

    n: int  #: the admission that it was read as
    standard: int
    deductible_due: int
    deductible_paid: int
    first_pay: int
    pool_due: int
    pool_pay: int
    layers: tuple[Layered, ...]
    account: int  #: the family's part included
    family: int
    cash: int
    fund: str = "pool"  #: whose account the care's own formula is on

    @property
    def funds(self) -> dict[str, int]:
        """By fund, those that paid something; `hospital` is a burden of the hospital."""
        sums = Counter({self.fund: self.pool_pay})
        for layer in self.layers:
            sums[layer.fund] += layer.pay
        return {fund: sums[fund] for fund in FUNDS if sums[fund]}

    @property
    def person_burden(self) -> int:
        return self.account + self.cash

    def negated(self) -> Paid:
        """The row of a reversal: every amount the other way round, the admission as it was."""
        layers = tuple(replace(one, base=-one.base, due=-one.due, pay=-one.pay) for one in self.layers)
        return replace(self, **{name: -getattr(self, name) for name in AMOUNTS}, layers=layers)


AMOUNTS = tuple(one.name for one in fields(Paid) if one.name not in ("n", "layers", "fund"))


#: (scheme, name) of a deductible, and a number
Chain = tuple[tuple[str, str], int]


@dataclass(slots=True)
class Entry:
    """A visit that stands, with everything that it added to the person's sums."""

    paid: Paid
    added: Counter[Any]
    chains: list[Chain]  #: one for each benefit year of the stay


@dataclass(slots=True)
class Person:
    """Sums by what they count and their period, and the visits that made them, in order."""

    sums: Counter[Any] = field(default_factory=Counter)
    standing: dict[str, Entry] = field(default_factory=dict)
    chains: int = 0  #: begun so far


def together(parts: list[Entry]) -> Entry:
    """The parts of one bill as one; what is no amount is the last part's."""
    if len(parts) == 1:
        return parts[0]
    rows = zip(*(part.paid.layers for part in parts), strict=True)
    layers = tuple(
        replace(
            row[-1], base=sum(one.base for one in row), due=sum(one.due for one in row), pay=sum(one.pay for one in row)
        )
        for row in rows
    )
    amounts = {name: sum(getattr(part.paid, name) for part in parts) for name in AMOUNTS}
    added = sum((part.added for part in parts), Counter())
    return Entry(
        replace(parts[-1].paid, **amounts, layers=layers), added, [chain for part in parts for chain in part.chains]
    )

"""A published table of accounts, read: lines with codes, names and amounts by column (guide §5.1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from yibao.proofread.document import Table
from yibao.proofread.forms.facts import Form, FormContext
from yibao.proofread.forms.grid import Number
from yibao.proofread.quantity import round_half_up

FINEST = 4  #: decimals; more come from a spreadsheet's binary fractions, not from a form


@dataclass(frozen=True, slots=True)
class Line:
    """One labelled row (or one half of a two-sided row).

    `side` is income, expense or nature in two-sided tables, else "". `role` names what the row is: total, grand, opening,
    class, item, a part of 三公, or one of the sources of income. `other` holds amounts in columns nobody recognised.
    """

    row: int
    side: str
    role: str
    code: str
    name: str
    label: str
    rank: int | None
    subset: bool
    amounts: Mapping[str, Number]
    other: tuple[Number, ...] = ()

    def value(self, column: str = "total") -> Decimal:
        """The amount in base units (元), a blank being zero."""
        found = self.amounts.get(column)
        return found.value if found else Decimal(0)


@dataclass(frozen=True, slots=True)
class Account:
    """A recognised table: `kind` is summary, income, expense, fiscal, general, basic, fund, capital or three_public.

    `columns` are the recognised value columns in printed order; `certain` is False where they were guessed from order.
    """

    kind: str
    basis: str  #: final or budget
    year: int | None
    table: Table
    context: FormContext
    title: str
    columns: tuple[str, ...]
    certain: bool
    lines: tuple[Line, ...]

    @property
    def sure(self) -> bool:
        """True where a relation that fails proves an error: the grid was printed, not guessed, and its columns are known."""
        return self.certain and not self.table.weak

    def line(self, role: str, side: str = "") -> Line | None:
        return next((x for x in self.lines if x.role == role and x.side == side), None)

    def amount(self, role: str, side: str = "", column: str = "total") -> Number | None:
        found = self.line(role, side)
        return found.amounts.get(column) if found else None

    def on(self, side: str) -> tuple[Line, ...]:
        return tuple(x for x in self.lines if x.side == side)

    def items(self) -> Iterator[Line]:
        """Lines with a classification code."""
        return (x for x in self.lines if x.code and x.side == "")

    @property
    def empty(self) -> bool:
        """No amount other than zero."""
        return all(n.value == 0 for x in self.lines for n in (*x.amounts.values(), *x.other))


@dataclass(frozen=True, slots=True)
class AccountForm(Form):
    """A form with the table as read, for the checks across tables.

    `covers` are the blocks that a table read from lines of text takes its rows from; () for a table of its own.
    """

    account: Account | None = None
    covers: tuple[int, ...] = ()


def same_precision(lines: Iterable[Line]) -> tuple[Line, ...]:
    """All amounts at the finest precision that the table prints: 105.6 beside 2.11 means 105.60.

    Without this a total without trailing zero would seem to allow half of its last printed place. Whole 元 beside
    amounts with fen stay whole: those are rounded.
    """
    lines = tuple(lines)
    numbers = [n for x in lines for n in (*x.amounts.values(), *x.other)]
    places: dict[str, int] = {}
    for n in numbers:
        q = n.quantity
        symbol = q.unit.symbol if q.unit else ""
        places[symbol] = max(places.get(symbol, 0), min(q.decimals, FINEST))
    return tuple(
        replace(
            x, amounts={c: _at(n, places) for c, n in x.amounts.items()}, other=tuple(_at(n, places) for n in x.other)
        )
        for x in lines
    )


def _at(number: Number, places: Mapping[str, int]) -> Number:
    q = number.quantity
    symbol = q.unit.symbol if q.unit else ""
    wanted = places[symbol]
    if q.decimals == wanted or (symbol == "元" and q.decimals == 0):
        return number
    value = round_half_up(q.value, wanted) if q.decimals > wanted else q.value
    return replace(number, quantity=replace(q, decimals=wanted, value=value))

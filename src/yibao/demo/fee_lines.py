"""Fee lines as compact rows: a sheet to write them on, what they cost, and who pays which part of a line."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from yibao.demo.arrays import Ints, Rows, half_up
from yibao.demo.records import LINE
from yibao.demo.world import World

ONE = 10_000  #: quantity 1
FULL = 3  #: class: paid by the person


@dataclass
class Sheet:
    """Lines as they are written, a column each."""

    parts: list[Rows] = field(default_factory=list)

    def add(self, visit: Ints, time: Ints, item: Ints | int, quantity: Ints | int = ONE, **more: Ints | int) -> None:
        rows = np.zeros(len(visit), dtype=LINE)
        rows["visit"], rows["time"], rows["item"], rows["quantity"] = visit, time, item, quantity
        rows["origin"], rows["performer"], rows["prescription"], rows["doctor"] = -1, -1, -1, -1
        rows["approved"] = 1
        for name, values in more.items():
            rows[name] = values
        self.parts.append(rows)

    def lines(self) -> Rows:
        return np.concatenate(self.parts)


@dataclass(frozen=True)
class Costs:
    """The money of lines: prices 10⁻⁶ yuan, amounts fen; the four parts of a line add up to its amount."""

    price: Ints
    cap: Ints
    ratio: Ints
    item_class: Ints
    amount: Ints
    full_selfpay: Ints
    over_cap: Ints
    pre_selfpay: Ints
    in_scope: Ints


def costs(world: World, lines: Rows, provider: Ints, employee: Ints) -> Costs:
    """`provider` and `employee` (1: 职工) are those of each line's visit.

    over = (price − cap) × quantity; pre = (amount − over) × ratio, half-up; the rest is in scope. A refund mirrors its line.
    """
    catalogue, item = world.catalogue, lines["item"].astype(np.int64)
    quantity = lines["quantity"]
    price = world.price(item, provider)
    amount = half_up(price * quantity, 10**8)
    refused = (lines["unmapped"] == 1) | (catalogue.restricted[item] & (lines["approved"] == 0))
    item_class = np.where(lines["unmapped"] == 1, FULL, catalogue.item_class[item])
    full = (item_class == FULL) | refused
    cap = np.where(full, 0, catalogue.cap[item, world.institutions.level[provider]])
    over = np.where(cap > 0, half_up(np.maximum(price - cap, 0) * quantity, 10**8), 0)
    ratio = np.where(full, 0, catalogue.ratio_of(employee, item))
    pre = half_up((amount - over) * ratio, 10**4)
    zero = np.zeros_like(amount)
    return Costs(
        price=price,
        cap=cap,
        ratio=np.where(full, ONE, ratio),
        item_class=item_class,
        amount=amount,
        full_selfpay=np.where(full, amount, zero),
        over_cap=np.where(full, zero, over),
        pre_selfpay=np.where(full, zero, pre),
        in_scope=np.where(full, zero, amount - over - pre),
    )


def refunds(lines: Rows, chosen: Ints, time: Ints, part: int = 0) -> Rows:
    """Lines that take `chosen` back: equal but for sign, time and part; `origin` points at the line."""
    back = lines[chosen].copy()
    back["quantity"] = -back["quantity"]
    back["time"], back["part"], back["origin"] = time, part, chosen
    return back

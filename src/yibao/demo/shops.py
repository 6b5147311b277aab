"""What pharmacies settled in a year, and what was really sold: swaps are decided here, once, for every ledger.

M is what the platform settled (fee lines), S what the till sold, V what came in and went out (stock.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yibao.demo.arrays import DAY, Flags, Ints, Rows
from yibao.demo.fee_lines import costs
from yibao.demo.records import Shelf
from yibao.demo.world import World

SOLD = np.dtype([
    ("provider", "i2"), ("person", "i4"), ("block", "i4"), ("line", "i4"), ("settlement", "i4"), ("time", "i8"), ("item", "i2"),
    ("quantity", "i8"), ("price", "i8"), ("amount", "i8"), ("back", "i1"), ("account", "i8"), ("total", "i8"), ("origin", "i4"),
])  # fmt: skip


@dataclass(frozen=True)
class Shops:
    """Settled lines of a year, ordered by pharmacy and ticket; a ticket is one settlement (or its reversal)."""

    year: int
    lines: Rows
    ticket: Ints  #: of each line: running number
    first: Ints  #: first line of each ticket
    count: Ints
    swap: Ints  #: of each ticket: which plant swapped it, −1 none

    @property
    def swapped(self) -> Flags:
        """Lines whose drugs were never sold."""
        found: Flags = self.swap[self.ticket] >= 0
        return found


def shops(world: World, shelf: Shelf, year: int) -> Shops:
    parts = [_block(world, shelf, year, block) for block in range(len(world.people.blocks))]
    lines = np.concatenate(parts)
    order = np.lexsort((lines["line"], lines["settlement"], lines["block"], lines["time"], lines["provider"]))
    lines = lines[order]
    fresh = np.ones(len(lines), dtype=bool)
    same = [lines[name][1:] == lines[name][:-1] for name in ("provider", "block", "settlement")]
    fresh[1:] = ~(same[0] & same[1] & same[2])
    first = np.flatnonzero(fresh)
    count = np.diff(np.append(first, len(lines)))
    return Shops(year, lines, np.cumsum(fresh) - 1, first, count, _swaps(world, year, lines[first]))


def _block(world: World, shelf: Shelf, year: int, block: int) -> Rows:
    visits, lines, chosen = (shelf.get(kind, year, block) for kind in ("visits", "lines", "shop"))
    settled = shelf.get("settled", year, block)
    mine = lines[chosen]
    of, paid = visits[mine["visit"]], settled[mine["visit"]]
    provider = of["provider"].astype(np.int64)
    cost = costs(world, mine, provider, of["employee"])
    found = np.zeros(len(mine), dtype=SOLD)
    back = mine["part"] == 1
    found["provider"], found["person"], found["block"], found["line"] = provider, of["person"], block, chosen
    found["settlement"] = np.where(back, of["reversal"], of["settlement"])
    found["time"] = np.where(back, of["reversed"], of["settled"])
    found["item"], found["quantity"], found["price"], found["amount"] = (
        mine["item"],
        mine["quantity"],
        cost.price,
        cost.amount,
    )
    found["back"], found["origin"] = back, mine["origin"]
    found["account"] = np.where(back, -paid["account"], paid["account"])
    found["total"] = np.where(back, -paid["total"], paid["total"])
    return found


def _swaps(world: World, year: int, tickets: Rows) -> Ints:
    """Which tickets hide other goods: settled, never taken back, at the actor, in the period."""
    found = np.full(len(tickets), -1)
    key = tickets["provider"].astype(np.int64) << 44 | tickets["block"].astype(np.int64) << 32
    returned = tickets["back"] == 1
    for index, plant in enumerate(world.plan.planted("pharmacy_swap")):
        actor = world.institutions.index(plant.actor)
        at = (tickets["provider"] == actor) & ~returned & plant.covers(tickets["time"] // DAY)
        drawn = world.plan.stream("swap", plant.id, year).random(len(tickets)) < plant.rate
        found = np.where(
            at & drawn & ~np.isin(key + tickets["person"], (key + tickets["person"])[returned]), index, found
        )
    return found

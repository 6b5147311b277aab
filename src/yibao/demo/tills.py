"""The till of each pharmacy: every ticket, drugs and goods, and what the payment terminal took.

Goods are rung up as one line, at what a settled ticket (its template) or a part of it cost, so an amount says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from yibao.demo.arrays import DAY, Ints, runs
from yibao.demo.calendar import draw_days, draw_time
from yibao.demo.records import ids
from yibao.demo.shops import Shops
from yibao.demo.strings import named, numbered
from yibao.demo.world import World
from yibao.demo.write import rows

GOODS = [
    "大米",
    "食用油",
    "洗衣液",
    "牙膏",
    "纸巾",
    "保健茶",
    "蛋白粉",
    "化妆水",
    "面膜",
    "儿童奶粉",
    "足浴盆",
    "血压计",
    "体温计",
    "暖贴",
    "创可贴",
    "口罩",
]
CASH_TICKETS = 0.9  #: tickets beside the platform for each settled one
GOODS_SHARE = 0.55  #: of them, only goods
NO_SETTLEMENT_NO = 0.03  #: settled tickets whose number the till lost (noise)
PARTLY = 0.15  #: goods tickets that cost only a part of their template
TWINS = 0.01  #: goods tickets with the amount of a settled one minutes away, both real


@dataclass(frozen=True)
class Till:
    """The tickets of one pharmacy in a year. Lines by ticket; times are the till's own clock."""

    provider: int
    time: Ints  #: by ticket
    settled: Ints  #: by ticket: index into shops' tickets, −1 none
    swap: Ints  #: by ticket: which plant this goods ticket hides, −1 none
    twin: Ints  #: by ticket: settled ticket that it only looks like, −1 none
    number: Ints  #: by ticket
    owner: Ints  #: by line: ticket
    place: Ints
    template: Ints  #: by line: line of shops that gave item, quantity, amount
    goods: Ints  #: by line: index into GOODS, −1 a drug
    amount: Ints  #: by line


def till(world: World, sold: Shops, provider: int) -> Till:
    """Settled tickets (swapped ones as goods) and cash tickets, shuffled before they are numbered."""
    rng = world.plan.stream("till", sold.year, provider)
    own = np.flatnonzero(sold.lines["provider"][sold.first] == provider)
    settled_time = sold.lines["time"][sold.first[own]]
    skew = int(world.clock_skew[provider])
    near = settled_time + skew + rng.integers(-40, 121, len(own))
    plain = own[sold.lines["back"][sold.first[own]] == 0]
    cash = plain[rng.integers(0, max(len(plain), 1), round(len(plain) * CASH_TICKETS))] if len(plain) else plain
    cash_time = draw_days(rng, sold.year, "flat", len(cash)) * DAY + draw_time(rng, len(cash))
    twins = rng.permutation(own[(sold.swap[own] < 0) & (sold.lines["back"][sold.first[own]] == 0)])[
        : round(TWINS * len(own))
    ]
    twin_time = sold.lines["time"][sold.first[twins]] + skew + rng.integers(-100, 101, len(twins))
    pieces, piece_swap, piece_of = _pieces(world, sold, own, near)
    template = np.concatenate([pieces, cash, twins])
    none = np.full(len(cash) + len(twins), -1)
    settled = np.concatenate([piece_of[1], none])
    swap = np.concatenate([piece_swap, none])
    twin = np.concatenate([np.full(len(pieces) + len(cash), -1), twins])
    time = np.concatenate([piece_of[0], cash_time, twin_time])
    only_goods = np.concatenate([piece_swap >= 0, rng.random(len(cash)) < GOODS_SHARE, np.ones(len(twins), dtype=bool)])
    keep = np.concatenate([piece_of[2], np.zeros(len(cash) + len(twins), dtype=np.int64)])
    order = rng.permutation(len(template))
    template, settled, swap, twin, time, only_goods, keep = (
        column[order] for column in (template, settled, swap, twin, time, only_goods, keep)
    )
    keep = np.where(
        only_goods & (swap < 0) & (sold.count[template] > 1) & (rng.random(len(template)) < PARTLY), 1, keep
    )
    first, count = sold.first[template], sold.count[template]
    half = np.where(keep == 0, count, np.where(keep == 1, (count + 1) // 2, count // 2))
    start = first + np.where(keep == 2, (count + 1) // 2, 0)
    amount = np.concatenate(([0], np.cumsum(sold.lines["amount"])))
    worth = amount[start + half] - amount[start]
    owner, place = runs(np.where(only_goods, 1, half))
    line = start[owner] + place
    goods = np.where(only_goods[owner], rng.integers(0, len(GOODS), len(owner)), -1)
    fen = np.where(only_goods[owner], worth[owner], sold.lines["amount"][line])
    return Till(provider, time, settled, swap, twin, np.arange(len(template)) + 1, owner, place, line, goods, fen)


def _pieces(world: World, sold: Shops, own: Ints, near: Ints) -> tuple[Ints, Ints, tuple[Ints, Ints, Ints]]:
    """Settled tickets as the till has them; a swapped one may be rung up as two (disguise two_tickets)."""
    plants = world.plan.planted("pharmacy_swap")
    split = np.array([plant.disguise == "two_tickets" for plant in plants] or [False])
    swap = sold.swap[own]
    twice = (swap >= 0) & split[np.maximum(swap, 0)] & (sold.count[own] > 1)
    part = np.where(twice, 1, 0)
    extra = np.flatnonzero(twice)
    tickets, times = np.concatenate([own, own[extra]]), np.concatenate([near, near[extra] + 37])
    return (
        tickets,
        np.concatenate([swap, swap[extra]]),
        (times, tickets, np.concatenate([part, np.full(len(extra), 2)])),
    )


def ticket_numbers(year: int, number: Ints) -> pa.Array:
    return numbered(f"{year}", number, 8)


def sales_rows(world: World, sold: Shops, found: Till) -> pa.RecordBatch:
    rng = world.plan.stream("till-rows", sold.year, found.provider)
    lines = sold.lines[found.template]
    is_goods = found.goods >= 0
    settled = found.settled[found.owner]
    lost = (rng.random(len(found.number)) < NO_SETTLEMENT_NO) & world.plan.noise
    linked = (settled >= 0) & ~is_goods & ~lost[found.owner]
    of = sold.lines[sold.first[np.maximum(settled, 0)]]
    settlement = pa.array([None] * len(lines), pa.string())
    if linked.any():
        settlement = _settlement_ids(sold.year, of["block"], of["settlement"], ~linked)
    item = lines["item"].astype(np.int64)
    catalogue = world.catalogue
    sku = pa.compute.if_else(pa.array(is_goods), numbered("G", np.maximum(found.goods, 0), 4), numbered("S", item, 5))
    name = pa.compute.if_else(pa.array(is_goods), named(GOODS, np.maximum(found.goods, 0)), named(catalogue.name, item))
    sign = np.where(lines["back"] == 1, -1, 1)
    return rows("pharmacy_sales", len(lines), {
        "provider_code": world.institutions.code[found.provider],
        "ticket_no": ticket_numbers(sold.year, found.number[found.owner]),
        "line_no": found.place + 1,
        "sold_time": found.time[found.owner],
        "settlement_id": settlement,
        "sku_code": sku, "goods_name": name,
        "national_item_code": named(catalogue.code, item, is_goods),
        "is_drug": ~is_goods,
        "quantity": np.where(is_goods, 10_000 * sign, lines["quantity"]),
        "unit_price": np.where(is_goods, np.abs(found.amount) * 10_000, lines["price"]),
        "sale_amount": found.amount,
    })  # fmt: skip


def _settlement_ids(year: int, block: Ints, number: Ints, missing: np.ndarray) -> pa.Array:
    if int(block.max(initial=0)) == 0:
        return ids(year, 0, number.astype(np.int64), missing)
    return numbered(f"{year}", block.astype(np.int64) * 10**9 + number, 13, missing)


def terminal_rows(world: World, sold: Shops, found: Till) -> pa.RecordBatch:
    """Account payments come from the platform's own terminal, which knows no ticket; the rest carries the till's number."""
    rng = world.plan.stream("terminal", sold.year, found.provider)
    total = np.zeros(len(found.number), dtype=np.int64)
    np.add.at(total, found.owner, found.amount)
    of = sold.lines[sold.first[np.maximum(found.settled, 0)]]
    whole = np.zeros(len(found.number), dtype=np.int64)
    second = np.zeros(len(found.number), dtype=bool)
    mine = np.flatnonzero(found.settled >= 0)
    order = mine[np.argsort(found.settled[mine], kind="stable")]
    second[order[1:]] = found.settled[order[1:]] == found.settled[order[:-1]]
    np.add.at(whole, mine, of["account"][mine])
    account = np.where((found.settled >= 0) & ~second, whole, 0)
    rest = np.where(found.settled >= 0, np.where(second, 0, of["total"] - of["account"]), total)
    by_account, other = np.flatnonzero(account != 0), np.flatnonzero(rest != 0)
    ticket = np.concatenate([by_account, other])
    amount = np.concatenate([account[by_account], rest[other]])
    kind = np.concatenate(
        [np.zeros(len(by_account), dtype=np.int64), rng.choice([1, 2, 3], len(other), p=[0.15, 0.6, 0.25])]
    )
    kind = np.where(amount < 0, 4, kind)
    order = rng.permutation(len(ticket))
    ticket, amount, kind = ticket[order], amount[order], kind[order]
    time = found.time[ticket] + rng.integers(0, 60, len(ticket))
    return rows("terminal_payments", len(ticket), {
        "provider_code": world.institutions.code[found.provider],
        "payment_serial": numbered(f"T{sold.year}", np.arange(1, len(ticket) + 1), 8),
        "terminal_id": numbered(f"POS{found.provider:04d}", 1 + ticket % 2, 2),
        "payment_time": time,
        "terminal_payment_kind": named(["account", "card", "mobile", "cash", "refund"], kind),
        "payment_amount": amount,
        "ticket_no": pa.compute.if_else(pa.array((kind == 0) | (kind == 4)), pa.scalar(None, pa.string()), ticket_numbers(sold.year, found.number[ticket])),
    })  # fmt: skip


def pharmacies(world: World) -> list[int]:
    """In order of their codes."""
    return sorted(world.institutions.of_type("pharmacy").tolist(), key=lambda p: world.institutions.code[p])


def pharmacy_sales(world: World, sold: dict[int, Shops]) -> Iterator[pa.RecordBatch]:
    for provider in pharmacies(world):
        for year in world.plan.years:
            yield sales_rows(world, sold[year], till(world, sold[year], provider))


def terminal_payments(world: World, sold: dict[int, Shops]) -> Iterator[pa.RecordBatch]:
    for provider in pharmacies(world):
        for year in world.plan.years:
            yield terminal_rows(world, sold[year], till(world, sold[year], provider))

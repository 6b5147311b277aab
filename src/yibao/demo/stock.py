"""Stock of pharmacies, drug by drug: opening count, what came in and went back, closing count. It follows what the till sold.

opening + purchases + transfers − returns − scrap − sold = closing, to the last quarter of a box. Where drugs were only settled
and never sold, the platform's quantities run ahead of this balance.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from yibao.demo.arrays import DAY, Ints, month_day, month_of, year_days
from yibao.demo.shops import Shops
from yibao.demo.strings import named, numbered
from yibao.demo.tills import Till, pharmacies, till
from yibao.demo.world import World
from yibao.demo.write import rows

ONE = 10_000
COUNT, PURCHASE, RETURN, TRANSFER_IN, SCRAP = range(5)
KINDS = ("count", "purchase", "return_to_supplier", "transfer_in", "scrap")


def chain_shops(world: World) -> set[int]:
    """Two pharmacies of a chain that get much of their stock from its warehouse: they only look as if stock were missing."""
    actors = {world.institutions.index(plant.actor) for plant in world.plan.planted("pharmacy_swap")}
    return set([p for p in pharmacies(world) if p not in actors][4:6])


def sold_by_month(world: World, sold: Shops, found: Till) -> Ints:
    """Drugs that the till sold: items × 12 months, 10⁻⁴ boxes."""
    sums = np.zeros((len(world.catalogue), 12), dtype=np.int64)
    drug = found.goods < 0
    lines = sold.lines[found.template[drug]]
    month = np.clip(month_of(found.time[found.owner[drug]] // DAY) - (sold.year - 1970) * 12, 0, 11)
    np.add.at(sums, (lines["item"], month), lines["quantity"])
    return sums


def stock_movements(world: World, sold: dict[int, Shops]) -> Iterator[pa.RecordBatch]:
    chain = chain_shops(world)
    for provider in pharmacies(world):
        carried: Ints | None = None
        for year in world.plan.years:
            batch, carried = _year(world, sold[year], provider, provider in chain, carried)
            yield batch


def _year(world: World, sold: Shops, provider: int, chain: bool, carried: Ints | None) -> tuple[pa.RecordBatch, Ints]:
    """The movements of one pharmacy and year, and what is on the shelf at its end."""
    rng = world.plan.stream("stock", sold.year, provider)
    monthly = sold_by_month(world, sold, till(world, sold, provider))
    size = len(monthly)
    kept = np.isin(world.catalogue.kind, ["drug", "patent"])
    opening = carried if carried is not None else rng.integers(2, 9, size) * ONE * kept
    need = np.maximum(monthly, 0)
    bought = np.where(need > 0, (need + ONE - 1) // ONE * ONE + rng.integers(0, 3, need.shape) * ONE, 0)
    returned = np.where((bought > 4 * ONE) & (rng.random(need.shape) < 0.03), ONE, 0)
    scrapped = np.where((opening[:, None] > 2 * ONE) & (rng.random(need.shape) < 0.0015), ONE, 0)
    moved = chain & (rng.random(need.shape) < 0.45)
    closing = opening + (bought - returned - scrapped - monthly).sum(axis=1)
    first = (sold.year - 1970) * 12
    parts = [] if carried is not None else [_part(COUNT, np.flatnonzero(kept), year_days(sold.year)[0], opening[kept])]
    for kind, amount, day in (
        (PURCHASE, bought * ~moved, 1),
        (TRANSFER_IN, bought * moved, 1),
        (RETURN, returned, 24),
        (SCRAP, scrapped, 26),
    ):
        item, month = np.nonzero(amount)
        when = month_day(first + month, 1) + (rng.integers(0, 3, len(item)) if day == 1 else day)
        parts.append(_part(kind, item, when, amount[item, month]))
    parts.append(_part(COUNT, np.flatnonzero(kept), year_days(sold.year)[1], closing[kept]))
    kind_, item_, day_, quantity = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = rng.permutation(len(kind_))
    kind_, item_, day_, quantity = kind_[order], item_[order], day_[order], quantity[order]
    cost = world.catalogue.price[item_, 0] * 8 // 10 // 10_000 * 10_000
    counted, outside = kind_ == COUNT, (kind_ == COUNT) | (kind_ == SCRAP)
    batch = rows("stock_movements", len(kind_), {
        "provider_code": world.institutions.code[provider],
        "movement_id": numbered(f"{sold.year}", np.arange(1, len(kind_) + 1), 7),
        "movement_kind": named(list(KINDS), kind_),
        "movement_date": day_,
        "sku_code": numbered("S", item_, 5),
        "national_item_code": named(world.catalogue.code, item_),
        "batch_no": numbered("B", day_ * 10 + item_ % 10, 6, counted),
        "supplier_code": numbered("GYS", item_ % 23, 3, outside),
        "invoice_no": numbered("FP", day_ * 1000 + provider, 9, outside),
        "quantity": quantity,
        "unit_price": pa.array(cost, mask=counted), "purchase_amount": pa.array(cost * quantity // 10**8, mask=counted),
    })  # fmt: skip
    return batch, closing


def _part(kind: int, item: Ints, day: Ints | int, quantity: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    return np.full(len(item), kind), item, np.broadcast_to(day, len(item)), quantity

"""Procurement: what hospitals agreed to buy of selected drugs, and what they bought; it follows what they used."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from yibao.demo.arrays import DAY, Ints, month_day, month_of, year_days
from yibao.demo.institutions import DIP
from yibao.demo.records import Shelf
from yibao.demo.strings import named, numbered
from yibao.demo.tell_people import dates
from yibao.demo.world import World
from yibao.demo.write import in_key_order, rows

BATCHES = ("国家第九批", "国家第十批", "省际联盟第三批")
ONE = 10_000


def used(world: World, shelf: Shelf, year: int) -> Ints:
    """Drugs used by the county's hospitals: providers × items × 12 months, 10⁻⁴ units."""
    found = np.zeros((DIP, len(world.catalogue), 12), dtype=np.int64)
    for block in range(len(world.people.blocks)):
        visits, lines = shelf.get("visits", year, block), shelf.get("lines", year, block)
        provider = visits["provider"][lines["visit"]]
        month = month_of(lines["time"] // DAY) - (year - 1970) * 12
        mine = (provider < DIP) & (month >= 0) & (month < 12)
        np.add.at(found, (provider[mine], lines["item"][mine], month[mine]), lines["quantity"][mine])
    found[:, ~np.isin(world.catalogue.kind, ["drug", "patent"])] = 0
    return np.maximum(found, 0)


def agreed_volumes(world: World, consumed: dict[int, Ints]) -> Iterator[pa.RecordBatch]:
    """A year's agreed quantity of each selected drug: less than what was used in the end, at most places."""
    parts, item = [], np.flatnonzero(world.catalogue.volume_priced)
    for year in world.plan.years:
        rng, (low, high) = world.plan.stream("agreed", year), year_days(year)
        yearly = consumed[year].sum(axis=2)[:, item]
        share = rng.uniform(0.45, 0.85, yearly.shape)
        agreed = np.maximum(np.round(yearly * share / ONE), 1).astype(np.int64) * ONE
        provider, place = np.nonzero(yearly > 0)
        parts.append(rows("agreed_volumes", len(provider), {
            "provider_code": named(world.institutions.codes, provider),
            "procurement_batch": named(list(BATCHES), item[place] % len(BATCHES)),
            "national_item_code": named(world.catalogue.code, item[place]),
            "agreement_start": np.full(len(provider), low), "agreement_end": np.full(len(provider), high),
            "agreed_quantity": agreed[provider, place], "agreed_price": world.catalogue.price[item[place], 3] * 7 // 10 // 10_000 * 10_000,
        }))  # fmt: skip
    yield in_key_order("agreed_volumes", pa.Table.from_batches(parts).combine_chunks().to_batches()[0])


def purchases(world: World, consumed: dict[int, Ints]) -> Iterator[pa.RecordBatch]:
    """An order a month, hospital and kind of drug; paid within two months."""
    catalogue = world.catalogue
    for year in world.plan.years:
        rng, last = world.plan.stream("purchases", year), year_days(world.plan.years[-1])[1]
        provider, item, month = np.nonzero(consumed[year])
        quantity = (consumed[year][provider, item, month] + ONE - 1) // ONE * ONE
        selected = catalogue.volume_priced[item] & (rng.random(len(item)) < 0.86)
        price = catalogue.price[item, 3] * np.where(selected, 7, 9) // 10 // 10_000 * 10_000
        ordered = month_day((year - 1970) * 12 + month, 1) + (provider * 7 + item % 40 + month) % 4
        arrived, paid = ordered + 1 + item % 40 % 5, ordered + rng.integers(20, 70, len(item))
        # fmt: off
        yield in_key_order("purchases", rows("purchases", len(item), {
            "order_no": numbered(f"CG{year}", (month + 1) * 100_000 + provider * 1000 + item % 40, 8),
            "national_item_code": named(catalogue.code, item),
            "provider_code": named(world.institutions.codes, provider),
            "order_date": ordered, "delivered_date": dates(arrived, arrived > last),
            "procurement_batch": named(list(BATCHES), item % len(BATCHES), ~catalogue.volume_priced[item]),
            "is_selected_product": selected, "quantity": quantity, "unit_price": price,
            "order_amount": (price * (quantity // ONE) + 5_000) // 10_000, "paid_date": dates(paid, paid > last),
        }))
        # fmt: on

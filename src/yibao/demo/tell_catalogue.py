"""The tables of the catalogue: items, what is paid of them, highest prices, and each provider's own codes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from yibao.demo.arrays import day_number
from yibao.demo.catalogue import LEVELS
from yibao.demo.institutions import AWAY, DIP
from yibao.demo.strings import named
from yibao.demo.world import World
from yibao.demo.write import chosen, in_key_order, rows

_SINCE = day_number("2019-01-01")


def catalogue_items(world: World) -> Iterator[pa.RecordBatch]:
    found = world.catalogue
    yield in_key_order("catalogue_items", rows("catalogue_items", len(found), {
        "national_item_code": found.code,
        "item_name": found.name,
        "catalogue_type": found.type,
        "charge_category": found.charge,
        "pricing_unit": found.unit,
        "pack_size": chosen(found.pack * 10_000, found.pack > 1),
        "item_minutes": chosen(found.minutes, found.minutes > 0),
        "is_negotiated_drug": found.negotiated,
        "is_basic_drug": np.isin(found.kind, ["drug"]) & (found.item_class == 1),
        "restriction_text": named(["限二级及以上医疗机构"], np.zeros(len(found)), ~found.restricted),
    }))  # fmt: skip


def catalogue_limits(world: World) -> Iterator[pa.RecordBatch]:
    found, size = world.catalogue, len(world.catalogue)
    item, rest = np.divmod(np.arange(size * 2 * LEVELS), 2 * LEVELS)
    insurance, level = np.divmod(rest, LEVELS)
    cap = found.cap[item, level]
    full = found.item_class[item] == 3
    yield in_key_order("catalogue_limits", rows("catalogue_limits", len(item), {
        "national_item_code": named(found.code, item),
        "insurance_type": named(["390", "310"], insurance),
        "hospital_level": named(["0", "1", "2", "3"], level),
        "reimbursement_class": named(["", "1", "2", "3"], found.item_class[item]),
        "pre_selfpay_ratio": np.where(full, 10_000, found.ratio_of(insurance, item)),
        "price_cap": chosen(cap, cap > 0),
        "valid_from": np.full(len(item), _SINCE),
    }))  # fmt: skip


def prices(world: World) -> Iterator[pa.RecordBatch]:
    """The highest price of each service by level."""
    found = world.catalogue
    service = np.flatnonzero(np.isin(found.type, ["service"]))
    place, level = np.divmod(np.arange(len(service) * LEVELS), LEVELS)
    yield in_key_order("prices", rows("prices", len(place), {
        "national_item_code": named(found.code, service[place]),
        "hospital_level": named(["0", "1", "2", "3"], level),
        "unit_price": found.price[service[place], level],
        "price_document": "示例市医保价〔2018〕6号（虚构）",
        "valid_from": np.full(len(place), _SINCE),
    }))  # fmt: skip


def provider_items(world: World) -> Iterator[pa.RecordBatch]:
    """All items at hospitals, drugs and simple services elsewhere; some were never mapped (noise)."""
    found, size = world.catalogue, len(world.catalogue)
    drugs = found.of("drug", "patent")
    simple = found.of("drug", "patent", "general", "visit", "treat", "lab", "exam", "physio")
    types = np.array(world.institutions.type)
    parts = []
    for provider in range(len(world.institutions)):
        shop = types[provider] == "pharmacy"
        item = np.arange(size) if provider < DIP + AWAY else drugs if shop else simple
        parts.append((np.full(len(item), provider), item))
    provider_, item_ = (np.concatenate(column) for column in zip(*parts, strict=True))
    vendor = world.institutions.vendor[provider_]
    yield in_key_order("provider_items", rows("provider_items", len(item_), {
        "provider_code": named(world.institutions.codes, provider_),
        "provider_item_code": named(world.vendor_codes, vendor * size + item_),
        "provider_item_name": named(found.name, item_),
        "national_item_code": named(found.code, item_, world.unmapped[provider_, item_]),
        "valid_from": np.maximum(world.institutions.opened[provider_], _SINCE),
    }))  # fmt: skip

"""Traceability codes: a box comes in with its code and is sold with it, once. Who sells codes twice, and what only looks so.

One entry a box that was settled at a pharmacy; parts of a box share its code. Worked off by groups of drugs, so that memory
stays bounded; the groups show in the id as the line of the upload.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from yibao.demo.arrays import DAY, Flags, Ints, runs
from yibao.demo.records import person_ids
from yibao.demo.shops import Shops
from yibao.demo.strings import named, numbered
from yibao.demo.tell_visits import BATCH
from yibao.demo.world import World
from yibao.demo.write import rows

INBOUND, SALE, RETURN = range(3)
KINDS = ("inbound", "sale", "return")
SOLD_TWICE, RESOLD, UPLOADED_TWICE, SPLIT = 1, 2, 3, 4
NEAR = {RESOLD: "returned_and_resold", UPLOADED_TWICE: "uploaded_twice", SPLIT: "split_box"}
PER_KIND = 100
UPLOADS_TWICE, RESALES = 0.003, 0.8  #: of sales; of returns
PARTS = 4  #: of a split box
GROUPS = 4  #: of drugs at scale 1
_LATER = 2**34  #: more seconds than a year has


@dataclass
class Events:
    """Columns over events; `line` is the line of shops that an event belongs to, −1 none."""

    code: Ints
    kind: Ints
    time: Ints
    provider: Ints
    line: Ints
    item: Ints
    split: Flags
    mark: Ints  #: kind × 100 + which plant (truth)
    first: Ints  #: index of the earlier sale of the same code that a mark speaks of, −1

    def __len__(self) -> int:
        return len(self.code)


NAMES = ("code", "kind", "time", "provider", "line", "item", "split", "mark", "first")


def groups(world: World) -> list[Ints]:
    """The drugs in groups."""
    drugs = world.catalogue.of("drug", "patent")
    return list(np.array_split(drugs, max(1, round(GROUPS * world.plan.scale))))


def events(world: World, sold: Shops, group: int) -> Events:
    """The events of one group of drugs in a year, shuffled: their places are their numbers."""
    rng = world.plan.stream("trace", sold.year, group)
    lines = np.flatnonzero(np.isin(sold.lines["item"], groups(world)[group]))
    forward = lines[sold.lines["back"][lines] == 0]
    found = _sales(rng, world, sold, forward)
    found = _with_returns(rng, sold, found, lines[sold.lines["back"][lines] == 1])
    inbound = _inbound(rng, found)
    _sold_twice(rng, world, sold, found, inbound)
    whole = _together(found, _uploads(rng, found), inbound)
    return _shuffled(rng, whole)


def _sales(rng: np.random.Generator, world: World, sold: Shops, lines: Ints) -> Events:
    quantity = sold.lines["quantity"][lines]
    split = quantity % 10_000 != 0
    owner, place = runs(np.where(split, 1, quantity // 10_000))
    line = lines[owner]
    of, part = sold.lines[line], split[owner]
    code = np.arange(len(line))
    for_key = of["provider"].astype(np.int64) * 100_000 + of["item"]
    parts = np.flatnonzero(part)
    order = parts[np.lexsort((of["time"][parts], for_key[parts]))]
    if len(order):
        fresh = np.concatenate(([True], for_key[order][1:] != for_key[order][:-1]))
        rank = np.arange(len(order)) - np.maximum.accumulate(np.where(fresh, np.arange(len(order)), 0))
        head = np.where(rank % PARTS == 0, np.arange(len(order)), 0)
        code[order] = code[order][np.maximum.accumulate(head)]
    mark = np.where(part & (code != np.arange(len(line))), SPLIT * PER_KIND, 0)
    code = rng.permutation(len(line))[code]
    # fmt: off
    return Events(
        code, np.full(len(line), SALE), of["time"] + place * 3, of["provider"].astype(np.int64), line, of["item"].astype(np.int64), part,
        mark, np.full(len(line), -1),
    )
    # fmt: on


def _with_returns(rng: np.random.Generator, sold: Shops, found: Events, back: Ints) -> Events:
    """Boxes of reversed purchases come back; most are sold again at the same pharmacy, quite in order."""
    name = sold.lines["block"].astype(np.int64) << 32 | sold.lines["line"]
    origin = sold.lines["block"][back].astype(np.int64) << 32 | sold.lines["origin"][back]
    time_of = dict(zip(origin.tolist(), sold.lines["time"][back].tolist(), strict=True))
    returned = np.flatnonzero(np.isin(name[found.line], origin) & ~found.split)
    times = np.array([time_of[n] for n in name[found.line[returned]].tolist()], dtype=np.int64)
    gone = set(returned.tolist())
    order = np.lexsort((found.time, found.item, found.provider))
    position = np.empty(len(found), dtype=np.int64)
    position[order] = np.arange(len(order))
    again = rng.random(len(returned)) < RESALES
    for event, time in zip(returned[again].tolist(), times[again].tolist(), strict=True):
        for step in range(int(position[event]) + 1, min(int(position[event]) + 12, len(order))):
            later = int(order[step])
            if found.provider[later] != found.provider[event] or found.item[later] != found.item[event]:
                break
            if (
                found.time[later] > time + 600
                and later not in gone
                and not found.split[later]
                and found.mark[later] == 0
            ):
                found.code[later], found.mark[later], found.first[later] = found.code[event], RESOLD * PER_KIND, event
                break
    extra = Events(found.code[returned], np.full(len(returned), RETURN), times, found.provider[returned], found.line[returned], found.item[returned], found.split[returned], np.zeros(len(returned), dtype=np.int64), np.full(len(returned), -1))  # fmt: skip
    return _together(found, extra)


def _inbound(rng: np.random.Generator, found: Events) -> Events:
    """Every code came in one to forty days before its first sale."""
    sale = np.flatnonzero(found.kind == SALE)
    order = sale[np.lexsort((found.time[sale], found.code[sale]))]
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = found.code[order][1:] != found.code[order][:-1]
    head = order[fresh]
    time = found.time[head] - rng.integers(DAY, 40 * DAY, len(head))
    none = np.full(len(head), -1)
    return Events(
        found.code[head],
        np.full(len(head), INBOUND),
        time,
        found.provider[head],
        none,
        found.item[head],
        np.zeros(len(head), dtype=bool),
        np.zeros(len(head), dtype=np.int64),
        none,
    )


def _sold_twice(rng: np.random.Generator, world: World, sold: Shops, found: Events, inbound: Events) -> None:
    """A box already sold at another pharmacy, and not taken back, is sold again at the actor's. It never came in there."""
    base = sold.lines["time"].min(initial=0)
    order = np.lexsort((found.time, found.item))
    keyed = found.item[order] * _LATER + found.time[order] - base
    returned = np.isin(found.line, found.line[found.kind == RETURN])
    plain = (found.kind == SALE) & (found.mark == 0) & ~found.split & ~returned
    arrived = np.full(len(found), -1)
    arrived[inbound.code] = np.arange(len(inbound))
    for index, plant in enumerate(world.plan.planted("code_sold_twice")):
        actor = world.institutions.index(plant.actor)
        chosen = np.flatnonzero(plain & (found.provider == actor) & plant.covers(found.time // DAY))
        chosen = chosen[rng.random(len(chosen)) < plant.rate]
        wait = (60 if plant.disguise == "months_later" else 10) * DAY
        low = np.searchsorted(keyed, found.item[chosen] * _LATER)
        high = np.searchsorted(keyed, found.item[chosen] * _LATER + np.maximum(found.time[chosen] - wait - base, 0))
        for event, start, end in zip(chosen.tolist(), low.tolist(), high.tolist(), strict=True):
            tries = order[rng.integers(start, end, 6)].tolist() if end > start else []
            source = next((s for s in tries if plain[s] and found.provider[s] != actor), None)
            if source is None or not plain[event]:
                continue
            plain[source] = plain[event] = False
            inbound.kind[arrived[found.code[event]]] = -1
            found.code[event], found.first[event] = found.code[source], source
            found.mark[event] = SOLD_TWICE * PER_KIND + index


def _uploads(rng: np.random.Generator, found: Events) -> Events:
    """The same sale uploaded twice within half a minute: a slip of the line."""
    chosen = np.flatnonzero(
        (found.kind == SALE) & (found.mark == 0) & ~found.split & (rng.random(len(found)) < UPLOADS_TWICE)
    )
    return Events(found.code[chosen], found.kind[chosen], found.time[chosen] + rng.integers(4, 26, len(chosen)), found.provider[chosen], found.line[chosen], found.item[chosen], found.split[chosen], np.full(len(chosen), UPLOADED_TWICE * PER_KIND), chosen)  # fmt: skip


def _together(*parts: Events) -> Events:
    return Events(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in NAMES})


def _shuffled(rng: np.random.Generator, found: Events) -> Events:
    order = rng.permutation(np.flatnonzero(found.kind >= 0))
    place = np.full(len(found) + 1, -1)
    place[order] = np.arange(len(order))
    first = place[found.first[order]]
    kept = {name: getattr(found, name)[order] for name in NAMES}
    return Events(**{**kept, "first": first})


def event_ids(year: int, group: int, number: Ints) -> pa.Array:
    return numbered(f"{year}{group:03d}", number, 9)


def code_texts(year: int, group: int, found: Events) -> pa.Array:
    """20 digits, seven of them the drug's, for most makers; longer ones for others."""
    serial = (found.code * 99_991 + 7_919) % 10**9
    body = numbered("", (found.item % 1000) * 10**13 + (year % 100) * 10**11 + group * 10**9 + serial, 16)
    long = pa.array(found.item % 7 == 3)
    return pa.compute.binary_join_element_wise(pa.compute.if_else(long, "010699000000001021", "8199"), body, "")


def trace_events(world: World, sold: dict[int, Shops]) -> Iterator[pa.RecordBatch]:
    for year in world.plan.years:
        for group in range(len(groups(world))):
            found = events(world, sold[year], group)
            for at in range(0, len(found), BATCH):
                yield _rows(world, sold[year], group, found, at)


def _rows(world: World, sold: Shops, group: int, every: Events, at: int) -> pa.RecordBatch:
    found = Events(**{name: getattr(every, name)[at : at + BATCH] for name in NAMES})
    of = sold.lines[np.maximum(found.line, 0)]
    sale = found.line >= 0
    return rows("trace_events", len(found), {
        "event_id": event_ids(sold.year, group, np.arange(at, at + len(found))),
        "trace_code": code_texts(sold.year, group, found),
        "trace_event": named(list(KINDS), found.kind),
        "event_time": found.time,
        "provider_code": named(world.institutions.codes, found.provider),
        "person_no": pa.compute.if_else(pa.array(sale), person_ids(of["person"].astype(np.int64)), pa.scalar(None, pa.string())),
        "fee_line_no": numbered(f"{sold.year}", of["block"].astype(np.int64) * 10**9 + of["line"], 13, ~sale),
        "national_item_code": named(world.catalogue.code, found.item),
        "is_split_box": found.split,
    })  # fmt: skip

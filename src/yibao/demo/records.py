"""What a block of people leaves behind for a year: compact rows on disk, from which the tables are told (tell_*.py).

A block is `settings.BLOCK` people. Its rows are shuffled before they get their numbers, so that numbers, order and file say
nothing about what a row is. An id is the year, the block, and the place in that shuffle.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from yibao.demo.arrays import Flags, Ints, Rows
from yibao.demo.strings import numbered

VISIT = np.dtype([
    ("person", "i4"), ("provider", "i2"), ("care", "i1"), ("employee", "i1"), ("category", "i1"), ("start", "i8"), ("end", "i8"),
    ("department", "i1"), ("bed", "i2"), ("way", "i1"), ("route", "i1"), ("doctor", "i4"), ("group", "i2"), ("illness", "i2"),
    ("planned", "i1"), ("away", "i1"), ("stay", "i4"), ("record", "i4"), ("settled", "i8"), ("reversed", "i8"), ("manual", "i1"), ("sibling", "i1"),
    ("settlement", "i4"), ("reversal", "i4"),
])  # fmt: skip
"""stay: row of the planned stays, whose order tells what they are; record: a number that does not."""

AMOUNTS = (
    "total", "full_selfpay", "over_cap", "pre_selfpay", "in_scope", "deductible_standard", "deductible_this", "deductible_paid",
    "pool", "ratio", "civil", "critical", "large", "aid", "account", "family", "cash", "balance_before", "balance_after", "counts",
)  # fmt: skip
SETTLED = np.dtype([(name, "i8") for name in AMOUNTS])

LINE = np.dtype([
    ("visit", "i4"), ("time", "i8"), ("item", "i2"), ("quantity", "i8"), ("part", "i1"), ("origin", "i4"), ("doctor", "i4"),
    ("performer", "i4"), ("department", "i1"), ("prescription", "i4"), ("side", "i1"), ("approved", "i1"), ("unmapped", "i1"),
    ("mark", "i4"),
])  # fmt: skip
"""visit: row of the visits; quantity 10⁻⁴, negative on a refund; part: 0 the settlement, 1 its reversal; origin: line that is refunded, -1;
prescription: day of the visit, -1 none;
side: 0 none, 1 left, 2 right; mark: 0, or what truth/ will say of it (pairs.py)."""

#: care types by index
CARES = ("11", "14", "13", "41", "21")
OUTPATIENT, CHRONIC, EMERGENCY, PHARMACY, INPATIENT = range(5)


class Shelf:
    """The compact rows, on disk while the county is made."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def put(self, kind: str, year: int, block: int, rows: Rows) -> None:
        np.save(self.folder / f"{kind}-{year}-{block}.npy", rows, allow_pickle=False)

    def get(self, kind: str, year: int, block: int) -> Rows:
        found: Rows = np.load(self.folder / f"{kind}-{year}-{block}.npy", allow_pickle=False)
        return found


def ids(year: int, block: int, rows: Ints, missing: Flags | None = None) -> pa.Array:
    """Ids of rows of a block and year: visits, settlements and fee lines alike."""
    return numbered(f"{year}{block:04d}", rows, 9, missing)


def id_text(year: int, block: int, row: int) -> str:
    return f"{year}{block:04d}{row:09d}"


def person_ids(person: Ints, missing: Flags | None = None) -> pa.Array:
    return numbered("9904", person, 12, missing)

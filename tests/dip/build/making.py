"""Stays, terms and catalogues in one line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pyarrow as pa

from yibao.dip.build.catalogue import Catalogue, Marked, build
from yibao.dip.build.count import Counter
from yibao.dip.build.limits import Limits
from yibao.dip.build.stays import COUNTED, Known, Stays
from yibao.dip.build.terms import Asked, Terms, terms_of
from yibao.dip.codes import CodeList
from yibao.dip.settings import Settings, edition_defaults
from yibao.region.packs import region

KINDS = {"47.0100": (3, 0), "54.5101": (3, 0), "51.2300": (3, 0), "33.2402": (1, 0), "96.0400": (2, 0), "88.5500": (1, 0), "00.2400": (1, 0), "99.9900": (0, 0)}  # fmt: skip
LIMITS = {"default": Limits(3, 1, Decimal("0.2")), "icu": Limits(2, 1, Decimal("0.1"))}
TERMS = terms_of(region("cn-9904"), 2025, Asked())


def stay(dx: str = "K35.300", cost: float = 1000, year: int = 2, main: str = "", related: str = "", **more: Any) -> dict[str, Any]:  # fmt: skip
    """`cost` in yuan; `year` 0 is the oldest; `related` are codes with blanks between them."""
    return {"principal_dx": dx, "principal_proc": main, "related_procs": related.split(), "other_dx": [], "cost": round(cost * 100), "year": year, "hospital_level": "2", "is_dip": True, "los_days": 5, **more}  # fmt: skip


def known(edition: str = "2.0", **more: Any) -> Known:
    settings = Settings.model_validate(edition_defaults(edition))
    return Known(settings, CodeList("diagnosis"), CodeList("operation"), KINDS, **more)


def terms(**more: Any) -> Terms:
    """The example region's, with a threshold of two."""
    return replace(TERMS, **{"threshold": 2, "coverage": None, **more})


def counted(rows: Iterable[Mapping[str, Any]], by: Known | None = None, every: bool = False, longest: int = 365) -> Stays:  # fmt: skip
    counter = Counter(by or known(), every, longest, 3)
    rows = list(rows)
    for year in range(3):
        own = [{name: row.get(name) for name in COUNTED.names} for row in rows if row["year"] == year]
        counter.add(pa.RecordBatch.from_pylist(own, schema=COUNTED), year)
    return counter.done()


def built(rows: Iterable[Mapping[str, Any]], by: Known | None = None, marked: Marked | None = None, **more: Any) -> Catalogue:  # fmt: skip
    by = by or known()
    return build(counted(rows, by), by, terms(**more), LIMITS, marked or Marked(), {})


def by_code(made: Catalogue) -> dict[str, Any]:
    return {row.code: row for row in made.rows}

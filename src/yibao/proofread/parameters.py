"""What a convention fixes, taken from the packs: the tolerances of the proofreader, and the pack of a bureau's region.

A missing parameter is an error that names the key.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache

from yibao.region.packs import Pack, region, region_of

#: conventions of the proofreader have no history of their own: the newest value holds for documents of any year
_ALWAYS = date(2999, 12, 31)


@lru_cache(maxsize=64)
def convention(key: str) -> Decimal:
    """A national parameter `proofread.<key>` as an exact number."""
    return Decimal(str(region().value(f"proofread.{key}", on=_ALWAYS)))


def sum_cap() -> int:
    """Units of the last printed place that a sum of rounded money may be off (guide §7.5)."""
    return int(convention("money_sum_cap"))


def pack_for(bureau: str, code: str | None) -> Pack:
    """The pack named by the user, else the one of the bureau's place, else the national one."""
    return region(code) if code else region_of(bureau)

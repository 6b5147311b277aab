"""What a convention fixes, taken from the packs: the tolerances of the proofreader, and the pack of a bureau's region.

A missing parameter is an error that names the key.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from math import isqrt

from yibao.region.packs import Pack, region, region_of

#: conventions of the proofreader have no history of their own: the newest value holds for documents of any year
_ALWAYS = date(2999, 12, 31)


@lru_cache(maxsize=64)
def convention(key: str) -> Decimal:
    """A national parameter `proofread.<key>` as an exact number."""
    return Decimal(str(region().value(f"proofread.{key}", on=_ALWAYS)))


def sum_cap(addends: int) -> int:
    """Units of the last printed place that a sum of rounded money may be off without a word (guide §7.5).

    Each printed number is off by at most half a unit, evenly spread: √(1/12) of a unit, so that `addends` and their total
    spread by √(n+1)·0.29 units. √(n+1) units are 3.5 times that: rounding does not go further but by a strange chance.

    >>> [sum_cap(n) for n in (2, 5, 9, 14, 20)]
    [2, 3, 4, 4, 5]
    """
    return max(int(convention("money_sum_cap")), isqrt(addends) + 1)


def pack_for(bureau: str, code: str | None) -> Pack:
    """The pack named by the user, else the one of the bureau's place, else the national one."""
    return region(code) if code else region_of(bureau)

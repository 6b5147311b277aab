"""The headings of a listing, written as one line."""

from __future__ import annotations

from typing import cast

from yibao.store.listing import Headings, Kind


def columns(said: str) -> Headings:
    """Labels with their kinds; text where none is said.

    >>> columns("病种编码|例数:count|分值:number")
    [('病种编码', 'text'), ('例数', 'count'), ('分值', 'number')]
    """
    parts = [one.partition(":") for one in said.split("|")]
    return [(label, cast(Kind, kind or "text")) for label, _, kind in parts]

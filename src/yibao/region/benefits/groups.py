"""Identities: the groups of them that a pack declares, and the order in which one of several counts."""

from __future__ import annotations

from datetime import date
from typing import Any

from yibao.region.benefits.cells import Groups
from yibao.region.benefits.words import IDENTITIES, read_word
from yibao.region.pack import Pack

ORDER, GROUPS = "identity.order", "identity.groups"


def declared(pack: Pack, on: date, known_at: date | None = None) -> Groups:
    """The groups of identities that hold on a day; none where the pack declares none."""
    found = pack.find(GROUPS, on=on, known_at=known_at)
    return {} if found is None else {str(name): frozenset(of) for name, of in found.value.items()}


def check_groups(written: Any) -> None:
    """ValueError (Chinese) for what is no table of groups."""
    if not isinstance(written, dict):
        raise ValueError("应写成 {名称: [身份, …], …}")
    for name, identities in written.items():
        check_identities(identities)
        if _is_word(str(name)):
            raise ValueError(f"“{name}”已经是条件词，身份组请另起名称")


def check_identities(written: Any) -> None:
    """ValueError (Chinese) for what is no list of identities."""
    if not isinstance(written, list):
        raise ValueError("应写成身份的列表")
    if strange := [word for word in written if word not in IDENTITIES]:
        raise ValueError(f"没有“{strange[0]}”这种身份，可写：{'、'.join(IDENTITIES)}")


def _is_word(text: str) -> bool:
    try:
        read_word(text, {})
    except ValueError:
        return False
    return True

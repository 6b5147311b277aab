"""Which rows of two packs are one group, whatever they are called."""

from __future__ import annotations

from typing import Any

from yibao.dip.pack import Pack, Row


class Same:
    """Which groups of two packs are the same row, whatever they are called."""

    def __init__(self, before: Pack, after: Pack) -> None:
        self.signs = tuple({row.group: sign(row) for row in pack.rows} for pack in (before, after))

    def are(self, one: str, other: str) -> bool:
        return self.signs[0].get(one) == self.signs[1].get(other)


def sign(row: Row) -> tuple[Any, ...]:
    """What a row asks for: rows that ask alike are one group under two names."""
    by_kind = row.kind if not row.operations else None
    return (
        frozenset(map(str, row.diagnoses)),
        frozenset(map(str, row.others)),
        frozenset(row.operations),
        frozenset(row.related),
        row.condition,
        row.layer == "comprehensive" and by_kind,
        row.level,
    )

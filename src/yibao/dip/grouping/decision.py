"""What was decided on a stay, and what was tried on the way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from yibao.dip.grouping.match import Hit, Miss
from yibao.dip.pack import Row

#: why a stay is in no group
Ungrouped = Literal["", "NO_DIAGNOSIS", "DIAGNOSIS_UNREAD", "OPERATION_UNREAD", "NO_ROW", "NO_FIT"]


@dataclass(frozen=True, slots=True)
class Decision:
    """Where a stay belongs, and what was tried on the way. `tied`: rows of equal right, which the cost of the stay tells apart."""

    row: Row | None
    flags: tuple[str, ...] = ()
    layer: str = ""
    key: str = ""  #: the key of the diagnosis under which the row was found
    codes: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    misses: tuple[Miss, ...] = ()  #: rows that came near, in the order in which they were tried
    excluded: tuple[tuple[str, str], ...] = ()  #: operations that did not count, and how they are handled
    rule: str = ""  #: what decided between several rows
    tied: tuple[Hit, ...] = ()
    also: tuple[tuple[Row, str], ...] = ()  #: rows that fit and were not taken, each with the rule by which it lost
    why: Ungrouped = ""

    def resolved(self, cost: Decimal | None) -> Decision:
        """With the rows of equal right told apart by how near their mean cost is."""
        if not self.tied:
            return self
        if cost is None:
            best, rule, flags = min(self.tied, key=lambda h: h.row.order), "table_order", ["TIE_TABLE_ORDER"]
        else:
            best = min(self.tied, key=lambda h: (abs((h.row.mean_cost or Decimal(0)) - cost), h.row.order))
            rule, flags = "closest_cost", []
        also = tuple((hit.row, rule) for hit in self.tied if hit is not best)
        return replace(
            self, row=best.row, codes=tuple(sorted(best.codes)), related=tuple(sorted(best.related)), rule=rule,
            flags=(*self.flags, *flags), tied=(), also=(*also, *self.also),
        )  # fmt: skip

"""A listing: rows under headings, with what was counted against what, on which day, from which source.

A domain gives listings; the command line prints them, `yibao.store.sheets` writes them as a workbook. A figure never travels without its
notes: the denominator, the date, the source.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from rich.cells import cell_len

from yibao.money import Fen, in_unit
from yibao.store.neutral import neutralise

Kind = Literal["text", "count", "money", "rate", "decimal", "date"]  #: money in fen, rate in 10⁻⁴, decimal in 10⁻⁶
Headings = Sequence[tuple[str, Kind]]  #: Chinese labels, in order
RIGHT: frozenset[Kind] = frozenset({"count", "money", "rate", "decimal"})


@dataclass(frozen=True, slots=True)
class Listing:
    """`name` is the sheet of a workbook; None in a row is a value that is not known."""

    name: str
    title: str
    headings: Headings
    rows: Sequence[Sequence[Any]]
    notes: Sequence[str] = field(default=())  #: printed under the table: denominators, dates, sources, flags

    def __post_init__(self) -> None:
        if any(len(row) != len(self.headings) for row in self.rows):
            raise ValueError(f"{self.title}: a row has not as many values as there are headings")


def rate_of(part: int, whole: int | None) -> int | None:
    """part ÷ whole in 10⁻⁴, half-up; None where there is no denominator: such a rate is not printed.

    >>> rate_of(36422, 37352), rate_of(1, 0), rate_of(1, None)
    (9751, None, None)
    """
    return (part * 20_000 + whole) // (2 * whole) if whole else None


def masked(id_document_no: str | None) -> str:
    """An identity number as lists show it.

    >>> masked("990421199001011234"), masked("P1234567"), masked("12")
    ('990421********1234', 'P1****67', '****')
    """
    said = id_document_no or ""
    head, tail = (6, 4) if len(said) >= 15 else (2, 2) if len(said) > 6 else (0, 0)
    hidden = max(len(said) - head - tail, 4) if said else 0
    return said[:head] + "*" * hidden + (said[-tail:] if tail else "")


def shown(value: Any, kind: Kind) -> str:
    """
    >>> shown(123456, "money"), shown(9751, "rate"), shown(12345, "count"), shown(None, "rate"), shown(True, "text")
    ('1,234.56', '97.51%', '12,345', '—', '是')
    >>> shown(1_013_249, "decimal"), shown(1_625_788_665, "decimal"), shown(-7_500_000, "decimal")
    ('1.0132', '1,625.79', '-7.5000')
    """
    if value is None:
        return "—" if kind in RIGHT else ""
    if kind == "money":
        return f"{in_unit(Fen(value)):,}"
    if kind == "rate":
        return f"{'-' if value < 0 else ''}{abs(value) // 100}.{abs(value) % 100:02d}%"
    if kind == "decimal":
        return decimal_shown(value)
    if kind == "count":
        return f"{value:,}"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime | date):
        return value.isoformat(sep=" ")[:16] if isinstance(value, datetime) else value.isoformat()
    return neutralise(str(value))


def decimal_shown(value: int, places: int | None = None) -> str:
    """A number of 10⁻⁶, half-up; where no places are said four, from a hundred on two.

    >>> decimal_shown(1_625_788_665), decimal_shown(1_013_249), decimal_shown(8_753_074, 2)
    ('1,625.79', '1.0132', '8.75')
    """
    places = places if places is not None else 2 if abs(value) >= 100_000_000 else 4
    return f"{(Decimal(value) / 1_000_000).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,}"


def told(listing: Listing, most: int = 20) -> Iterator[str]:
    """The listing for a terminal: the first rows, how many there are, the notes."""
    yield listing.title
    if not listing.rows:
        yield "  （没有）"
    else:
        kinds = [kind for _, kind in listing.headings]
        rows = [[label for label, _ in listing.headings]]
        rows += [[shown(value, kind) for value, kind in zip(row, kinds, strict=True)] for row in listing.rows[:most]]
        widths = [max(cell_len(row[i]) for row in rows) for i in range(len(kinds))]
        for row in rows:
            yield "  " + "  ".join(map(_padded, row, widths, kinds)).rstrip()
    if len(listing.rows) > most:
        yield f"  上面是前 {most} 行，共 {len(listing.rows):,} 行；全部名单用 --out 文件夹 写成工作簿。"
    yield from (f"  · {note}" for note in listing.notes)


def _padded(said: str, width: int, kind: Kind) -> str:
    blank = " " * (width - cell_len(said))
    return blank + said if kind in RIGHT else said + blank

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

Kind = Literal[
    "text", "count", "money", "wan", "rate", "number", "decimal", "index", "date"
]  #: money and wan in fen, wan told in 万元; rate in 10⁻⁴; decimal and index in 10⁻⁶, an index rounded; a number as it is
Headings = Sequence[tuple[str, Kind]]  #: Chinese labels, in order
WHOLE = "用 --out 文件夹 写成工作簿"  #: how to get the rows that a screen does not show
RIGHT: frozenset[Kind] = frozenset({"count", "money", "wan", "rate", "number", "decimal", "index"})


@dataclass(frozen=True, slots=True)
class Listing:
    """`name` is the sheet of a workbook; None in a row is a value that is not known, a text among numbers says why there is none."""

    name: str
    title: str
    headings: Headings
    rows: Sequence[Sequence[Any]]
    notes: Sequence[str] = field(default=())  #: printed under the table: denominators, dates, sources, flags
    bold: frozenset[int] = field(default=frozenset())  #: places of rows that are totals
    most: int | None = None  #: rows on a screen, where that is not for whoever prints to say

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
    >>> shown(1_234_567_800, "decimal"), shown(1_000_000, "decimal")
    ('1,234.5678', '1.0000')
    >>> shown(123456789, "wan"), shown(-1, "wan"), shown(Decimal("7.50"), "number"), shown("新增", "rate")
    ('123.46', '0.00', '7.50', '新增')
    >>> shown(1_013_249, "index"), shown(1_625_788_665, "index"), shown(-7_500_000, "index")
    ('1.0132', '1,625.79', '-7.5000')
    """
    if value is None:
        return "—" if kind in RIGHT else ""
    if isinstance(value, str):
        return neutralise(value)
    if kind == "money":
        return f"{in_unit(Fen(value)):,}"
    if kind == "wan":
        return f"{in_unit(Fen(value), '万元') + 0:,}"
    if kind == "rate":
        return f"{'-' if value < 0 else ''}{abs(value) // 100}.{abs(value) % 100:02d}%"
    if kind == "index":
        return index_shown(value)
    if kind in ("count", "number"):
        return f"{value:,}"
    if kind == "decimal":
        return f"{Decimal(value) / 1_000_000:,.{4 if value % 100 == 0 else 6}f}"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime | date):
        return value.isoformat(sep=" ")[:16] if isinstance(value, datetime) else value.isoformat()
    return neutralise(str(value))


def index_shown(value: int, places: int | None = None) -> str:
    """A number of 10⁻⁶, half-up; where no places are said four, from a hundred on two.

    >>> index_shown(1_625_788_665), index_shown(1_013_249), index_shown(8_753_074, 2)
    ('1,625.79', '1.0132', '8.75')
    """
    places = places if places is not None else 2 if abs(value) >= 100_000_000 else 4
    return f"{(Decimal(value) / 1_000_000).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,}"


def told(listing: Listing, most: int = 20, elsewhere: str = WHOLE) -> Iterator[str]:
    """The listing for a terminal: the first rows, how many there are and how to get them all, the notes."""
    most = most if listing.most is None else listing.most
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
        yield f"  上面是前 {most} 行，共 {len(listing.rows):,} 行；全部名单{elsewhere}。"
    yield from (f"  · {note}" for note in listing.notes)


def _padded(said: str, width: int, kind: Kind) -> str:
    blank = " " * (width - cell_len(said))
    return blank + said if kind in RIGHT else said + blank

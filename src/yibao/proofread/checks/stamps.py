"""Printed dates: 2026年4月22日, 2026.4.22, 2026年4月, 4月18日, and spans of two, as first and last day."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

_DATE = re.compile(
    r"(?<![\d.])(?:(?P<y>(?:19|20)\d{2})(?:年|[-./])(?P<m>\d{1,2})(?:月(?:份)?(?:(?P<d>\d{1,2})(?:日|号))?|[-./](?P<d2>\d{1,2})日?(?![\d.]))"
    r"|(?P<m3>\d{1,2})月(?P<d3>\d{1,2})日)"
)
_JOIN = re.compile(r"[至到~-]+")


@dataclass(frozen=True, slots=True)
class Stamp:
    """A date or a span at `start:end` of a normalised text. `year_known` is False where only month and day are printed."""

    first: date
    last: date
    start: int
    end: int
    text: str
    year_known: bool = True

    @property
    def exact(self) -> bool:
        return self.first == self.last


@dataclass(frozen=True, slots=True)
class Impossible:
    """A printed date that no calendar has."""

    start: int
    end: int
    text: str


def read_stamps(text: str, year: int | None = None) -> Iterator[Stamp | Impossible]:
    """The dates of a text in order, two joined by 至 as one span. `year` is meant where none is printed.

    >>> [s.text for s in read_stamps("于2026年4月14日至4月18日开展自评，2月30日")]
    ['2026年4月14日至4月18日', '2月30日']
    """
    found = [_read(m, year) for m in _DATE.finditer(text)]
    k = 0
    while k < len(found):
        here = found[k]
        after = found[k + 1] if k + 1 < len(found) else None
        if isinstance(here, Stamp) and isinstance(after, Stamp) and _JOIN.fullmatch(text[here.end : after.start]):
            yield _span(text, here, after)
            k += 2
            continue
        yield here
        k += 1


def _read(m: re.Match[str], year: int | None) -> Stamp | Impossible:
    known = m["y"] is not None
    y = int(m["y"]) if known else (year or 2000)
    month = int(m["m"] or m["m3"])
    day = m["d"] or m["d2"] or m["d3"]
    if not 1 <= month <= 12 or (day is not None and not 1 <= int(day) <= monthrange(y, month)[1]):
        return Impossible(m.start(), m.end(), m.group())
    if day is not None:
        first = last = date(y, month, int(day))
    else:
        first, last = date(y, month, 1), date(y, month, monthrange(y, month)[1])
    return Stamp(first, last, m.start(), m.end(), m.group(), known)


def _span(text: str, a: Stamp, b: Stamp) -> Stamp:
    """ "2026年4月14日至4月18日": the second date takes the year of the first."""
    last = b.last
    if a.year_known and not b.year_known:
        last = _in_year(last, a.first.year)
    return Stamp(a.first, last, a.start, b.end, text[a.start : b.end], a.year_known)


def _in_year(day: date, year: int) -> date:
    return day.replace(year=year, day=min(day.day, monthrange(year, day.month)[1]))

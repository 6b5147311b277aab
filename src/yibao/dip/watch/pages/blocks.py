"""What a page consists of, and the page itself: heads, figures, tables and sentences in one HTML file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment

from yibao.charts import draw
from yibao.charts.shapes import Chart
from yibao.store.listing import RIGHT, Listing, index_shown, shown

SHORT = 12  #: characters that a column keeps on one line


@dataclass(frozen=True)
class Card:
    """One figure at the head of a page, and what it is measured against."""

    name: str
    value: str
    beside: str = ""


@dataclass(frozen=True)
class Section:
    """A head with sentences, pictures, a table and what stands under it, in this order."""

    head: str
    said: Sequence[str] = ()
    pictures: Sequence[Chart] = ()
    table: Listing | None = None
    under: Sequence[str] = field(default=())


def page(title: str, subtitle: str, cards: Sequence[Card], sections: Sequence[Section], notes: Sequence[str]) -> str:
    """The HTML. Every text is escaped; pictures are our own drawings, left out where nothing can draw."""
    drawn = [[(chart.alt, draw.svg(chart)) for chart in s.pictures] if draw.available() else [] for s in sections]
    made: str = _template().render(
        title=title, subtitle=subtitle, cards=cards, sections=list(zip(sections, drawn, strict=True)), notes=notes, cells=_cells,
        undrawn=not draw.available() and any(s.pictures for s in sections),
    )  # fmt: skip
    return made


def two_places(value: int | None) -> str:
    """A number of 10⁻⁶ as a card prints it."""
    return "—" if value is None else index_shown(value, 2)


@lru_cache(maxsize=1)
def _template() -> Any:
    text = files("yibao.dip.watch.pages").joinpath("page.html").read_text(encoding="utf-8")
    return Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(text)


def _cells(listing: Listing) -> list[list[tuple[str, str]]]:
    """Each row's cells as printed, with their class: numbers to the right, short words on one line."""
    kinds = [kind for _, kind in listing.headings]
    printed = [[shown(value, kind) for value, kind in zip(row, kinds, strict=True)] for row in listing.rows]
    longest = [max((len(row[at]) for row in printed), default=0) for at in range(len(kinds))]
    styles = [
        "number" if kind in RIGHT else "short" if n <= SHORT else "" for kind, n in zip(kinds, longest, strict=True)
    ]
    return [list(zip(row, styles, strict=True)) for row in printed]

"""The style of every picture: black, greys and one dark blue that tell apart on a black-and-white printer as well.

Sizes are points; a picture is as wide as the text of an official page (156 mm).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import altair as alt

FONT = "Noto Sans SC"
FAMILY = f"{FONT}, Source Han Sans SC, Microsoft YaHei, SimHei, sans-serif"  #: the first draws a PNG, the rest a page
WIDTH = 428
SMALL, USUAL = 8.5, 9.5
INK, QUIET, LIGHT, MIDDLE, ACCENT = "#1a1a1a", "#595959", "#d4d4d4", "#8c8c8c", "#1f4e79"
FILLS = ((ACCENT,), (LIGHT, MIDDLE), (LIGHT, MIDDLE, ACCENT))  #: by the number of series
THIN, LEADING = 0.75, 1.5


def rows(values: list[dict[str, Any]]) -> alt.InlineData:
    return alt.InlineData(values=values)


def length(value: Decimal) -> float:
    """How long a bar is. A drawn length may be a float; what is printed is the label."""
    return float(value)


def text_width(text: str, size: float) -> float:
    """About how wide characters are in points: a Chinese one is square, a digit a little over half of it."""
    return sum(size * (0.57 if character.isascii() else 1) for character in text)


def wrapped(text: str, characters: int) -> list[str]:
    """Lines of at most so many characters, about as long as each other; one empty line for no text.

    >>> wrapped("公用经费", 8), wrapped("社会公众和服务对象满意度", 8), wrapped("", 8)
    (['公用经费'], ['社会公众和服', '务对象满意度'], [''])
    """
    lines = max(1, -(-len(text) // characters))
    each = -(-len(text) // lines)
    return [text[at : at + each] for at in range(0, len(text), each)] if text else [""]


def row_height(least: float, lines: int) -> float:
    """Points of a row whose name has so many lines."""
    return max(least, lines * (USUAL + LEADING) + LEADING)


def words(data: alt.InlineData, size: float = USUAL, color: str = INK, **mark: Any) -> alt.Chart:
    """Text at a place; the caller encodes what and where."""
    made: alt.Chart = alt.Chart(data).mark_text(fontSize=size, color=color, lineHeight=size + LEADING, **mark)
    return made


def names(values: list[dict[str, Any]], field: str, size: float, color: str, at: Any, y: Any) -> Iterator[alt.Chart]:
    """Names of one or more lines (lists of text under `field`), each in the middle of its row."""
    for lines in sorted({len(value[field]) for value in values}):
        data = rows([value for value in values if len(value[field]) == lines])
        made = words(data, size, color, align="left", dy=-(lines - 1) * (size + LEADING) / 2)
        yield made.encode(x=at, y=y, text=f"{field}:N")


@dataclass(frozen=True)
class Named:
    """Rows of a picture, one under another, with their names beside them."""

    data: alt.InlineData
    y: alt.Y
    widest: float  #: points of the widest name
    row: float  #: points of a row, its share of air included
    number: int

    @property
    def height(self) -> float:
        return self.row * self.number


def named(values: list[dict[str, Any]], least: float, between: float, *fields: str) -> Named:
    """Rows (`at` is their place, `name` and `fields` hold lines of text) at least so high, so much of it air."""
    scale = alt.Scale(paddingInner=between, paddingOuter=between / 2)
    lines = max(len(value[field]) for value in values for field in ("name", *fields))
    widest = max(text_width(line, USUAL) for value in values for line in value["name"])
    return Named(rows(values), alt.Y("at:O", axis=None, scale=scale), widest, row_height(least, lines), len(values))


def in_house(chart: Any, alt_text: str) -> dict[str, Any]:
    """The finished specification (Vega-Lite): white ground, no frame, our font, nothing that moves."""
    made = (
        chart.properties(background="white", padding=4, description=alt_text)
        .configure(font=FAMILY)
        .configure_view(stroke=None)
        .configure_axis(grid=False, labelColor=INK, titleColor=INK, labelFontSize=USUAL, titleFontSize=USUAL)
        .configure_title(fontSize=USUAL, fontWeight="normal", color=INK, anchor="start", offset=8)
        .configure_concat(spacing=24)
    )
    spec: dict[str, Any] = made.to_dict()
    spec.pop("$schema", None)
    return spec

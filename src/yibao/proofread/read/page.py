"""One page of a PDF: ruled tables with their merges, and the text outside them as lines with margin and indent."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pdfplumber.page import Page
from pdfplumber.table import TableFinder
from pdfplumber.utils.text import extract_text, extract_words

from yibao.proofread.read.grid import Grid
from yibao.proofread.read.lines import begins_anew, is_number, width
from yibao.proofread.read.pdf_guard import draws_too_much
from yibao.proofread.read.text import clean

MAX_CHARS = 30_000  #: characters of a page; more is no page of a report
MAX_EDGES = 12_000  #: ruled lines of a page; more is a drawing
SAME = 2.5  #: points by which two rulings or baselines of one place may differ
Char = dict[str, Any]


@dataclass
class TextLine:
    """A printed line outside the tables, in points from the top left corner."""

    text: str
    x0: float
    x1: float
    top: float
    size: float


@dataclass
class RuledTable:
    """A table found by its rulings."""

    grid: Grid
    xs: list[float]
    top: float
    bottom: float


@dataclass
class PageContent:
    """What stands on one page. `unread` says in Chinese what could not be taken in."""

    number: int
    height: float
    wide: float
    lines: list[TextLine] = field(default_factory=list)
    tables: list[RuledTable] = field(default_factory=list)
    characters: int = 0
    unmapped: int = 0  #: characters of a font without a way back to Unicode
    pictures: bool = False
    unread: str = ""


def read_page(page: Page, number: int) -> PageContent:
    """The lines and tables of one page. Raises whatever pdfplumber raises on a broken page."""
    content = PageContent(number, float(page.height), float(page.width))
    if draws_too_much(page):
        content.unread = f"第 {number} 页结构异常，没有读。"
        return content
    chars = _deduplicated(page.chars)
    content.characters = sum(not c["text"].isspace() for c in chars)
    content.unmapped = sum(c["text"].startswith("(cid:") for c in chars)
    content.pictures = bool(page.images)
    if len(chars) > MAX_CHARS:
        content.unread = f"第 {number} 页字符过多，没有读。"
        return content
    loose: Sequence[Char] = chars
    if len(page.edges) > MAX_EDGES:
        content.unread = f"第 {number} 页线条过多，没有识别其中的表格。"
    elif page.edges:
        content.tables, loose = _tables(page, chars)
    content.lines = _lines(loose)
    return content


def _deduplicated(chars: Iterable[dict[str, Any]]) -> list[Char]:
    """Without the second copy of characters that are printed twice to look bold."""
    seen: set[tuple[str, int, int]] = set()
    kept: list[Char] = []
    for char in chars:
        text, x, y = char["text"], round(char["x0"]), round(char["top"])
        if text.isspace() or not any((text, x + dx, y + dy) in seen for dx in (-1, 0, 1) for dy in (-1, 0, 1)):
            kept.append(char)
            seen.add((text, x, y))
    return kept


def _tables(page: Page, chars: Sequence[Char]) -> tuple[list[RuledTable], list[Char]]:
    """(tables from top to bottom, characters outside them). A frame with a single column is no table."""
    finder = TableFinder(page, {"explicit_vertical_lines": _open_sides(page)})
    grids = [_Cells(table.cells) for table in finder.tables]
    grids = sorted((grid for grid in grids if len(grid.xs) > 2), key=lambda grid: grid.ys[0])
    inside: dict[tuple[int, int], list[Char]] = {}
    loose: list[Char] = []
    for char in chars:
        x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
        for g, grid in enumerate(grids):
            cell = grid.at(x, y)
            if cell is not None:
                inside.setdefault((g, cell), []).append(char)
                break
        else:
            loose.append(char)
    return [
        grid.filled({c: inside.get((g, c), []) for c in range(len(grid.cells))}) for g, grid in enumerate(grids)
    ], loose


def _open_sides(page: Page) -> list[dict[str, Any]]:
    """Vertical lines for tables that are printed without their left and right border.

    Where at least three horizontal rulings end at the same place and no vertical one stands there, one is added.
    """
    flat = [e for e in page.edges if e["orientation"] == "h" and e["width"] > 100]
    upright = [e["x0"] for e in page.edges if e["orientation"] == "v"]
    added: list[dict[str, Any]] = []
    if not upright:
        return []
    for side in ("x0", "x1"):
        ends = Counter(round(e[side]) for e in flat)
        for x, count in ends.items():
            if count < 3 or any(abs(x - v) <= SAME * 2 for v in upright):
                continue
            rows = [e for e in flat if abs(e[side] - x) <= 1]
            top, bottom = min(e["top"] for e in rows), max(e["top"] for e in rows)
            crossed = any(e["orientation"] == "v" and e["top"] < bottom and e["bottom"] > top for e in page.edges)
            if crossed and len({round(e["top"]) for e in rows}) >= 3:
                added.append(
                    {
                        "object_type": "line",
                        "x0": x,
                        "x1": x,
                        "top": top,
                        "bottom": bottom,
                        "width": 0,
                        "height": bottom - top,
                        "orientation": "v",
                    }
                )
    return added


class _Cells:
    """The cells of one ruled table, laid on the raster of their edges."""

    def __init__(self, boxes: Sequence[tuple[float, float, float, float]]) -> None:
        self.cells = list(boxes)
        self.xs = _distinct(x for box in boxes for x in (box[0], box[2]))
        self.ys = _distinct(y for box in boxes for y in (box[1], box[3]))
        self.owner: dict[tuple[int, int], int] = {}
        for n, (x0, top, x1, bottom) in enumerate(boxes):
            for r in range(_index(self.ys, top), _index(self.ys, bottom)):
                for c in range(_index(self.xs, x0), _index(self.xs, x1)):
                    self.owner.setdefault((r, c), n)

    def at(self, x: float, y: float) -> int | None:
        """The cell at a point, None outside the table."""
        if not (self.xs[0] <= x < self.xs[-1] and self.ys[0] <= y < self.ys[-1]):
            return None
        return self.owner.get((bisect_right(self.ys, y) - 1, bisect_right(self.xs, x) - 1))

    def filled(self, chars: Mapping[int, Sequence[Char]]) -> RuledTable:
        grid = Grid()
        for n, (x0, top, x1, bottom) in enumerate(self.cells):
            row, col = _index(self.ys, top), _index(self.xs, x0)
            grid.put(row, col, _cell_text(chars.get(n, [])), _index(self.ys, bottom) - row, _index(self.xs, x1) - col)
        return RuledTable(grid, self.xs, self.ys[0], self.ys[-1])


def _distinct(values: Iterable[float]) -> list[float]:
    found: list[float] = []
    for value in sorted(set(values)):
        if not found or value - found[-1] > 1:
            found.append(value)
    return found


def _index(places: Sequence[float], value: float) -> int:
    return max(0, bisect_right(places, value + 1) - 1)


def _cell_text(chars: Sequence[Char]) -> str:
    if not chars:
        return ""
    return join_wrapped(clean(extract_text(list(chars), x_tolerance=3, y_tolerance=3)).split("\n"))


def join_wrapped(lines: Sequence[str]) -> str:
    """The lines of a cell as one text; a break is kept where a line ends early or something new begins.

    >>> join_wrapped(["机关事业单位基本养老保险缴", "费支出"])
    '机关事业单位基本养老保险缴费支出'
    """
    printed = [line.strip() for line in lines if line.strip()]
    widest = max(map(width, printed), default=0)
    text = ""
    before = ""
    for line in printed:
        kept = width(before) < widest - 3 or begins_anew(line) or (is_number(before) and is_number(line))
        latin = before[-1:].isascii() and before[-1:].isalpha() and line[0].isascii() and line[0].isalpha()
        text += ("\n" if kept else " " if latin else "") + line if text else line
        before = line
    return text


def _lines(chars: Sequence[Char]) -> list[TextLine]:
    """Words of one height as a line, from top to bottom."""
    words = extract_words(list(chars), x_tolerance=3, y_tolerance=3, keep_blank_chars=False) if chars else []
    rows: list[list[dict[str, Any]]] = []
    for word in sorted(words, key=lambda w: (w["top"], w["x0"])):
        middle = (word["top"] + word["bottom"]) / 2
        if rows and rows[-1][0]["top"] <= middle <= rows[-1][0]["bottom"]:
            rows[-1].append(word)
        else:
            rows.append([word])
    lines: list[TextLine] = []
    for row in rows:
        row.sort(key=lambda w: w["x0"])
        text = clean(" ".join(word["text"] for word in row)).strip()
        if text:
            size = max(word["bottom"] - word["top"] for word in row)
            lines.append(TextLine(text, row[0]["x0"], row[-1]["x1"], row[0]["top"], size))
    return lines

"""The lines of a file and the figures in them: what the ledger records, and what a file is held against.

A line is a paragraph or a table row. To find a line again it is known by its *words*, its figures taken out; a figure is
known by its *slot*, the words before it. A figure is every run of digits with its sign, its marks and its unit: years,
dates and ranges, too, for all of them are printed from the data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from yibao.proofread.document import Paragraph, Source
from yibao.proofread.norm import normalise
from yibao.proofread.quantity import is_blank
from yibao.proofread.read.file import read_file
from yibao.proofread.read.lines import is_number
from yibao.vocabulary.ledger import BETWEEN_CELLS
from yibao.vocabulary.units import UNITS

LONGEST = 32_767  #: characters of a line, as many as a cell holds; a longer one is not recorded
_SIGNS = r"[≥≤<>=]?(?:(?<!-)[-+])?"
_DIGITS = r"[0-9](?:[0-9.:/~\u2423-]*[0-9])?"
_UNIT = "|".join(sorted((re.escape(u) for u in UNITS), key=len, reverse=True))
_FIGURE = re.compile(rf"(?:{_SIGNS}{_DIGITS}(?:{_UNIT})?)+")
_PLAIN = re.compile(rf"(?P<sign>[≥≤<>=]?)(?P<value>[-+]?[0-9]+(?:\.[0-9]+)?)(?P<unit>{_UNIT})?")
_NEGATIVE = re.compile(r"（([0-9.]+)）")
_ORDINAL = re.compile(r"（?[0-9]{1,3}(?=[）、]|\.(?![0-9]))")  #: 1、 （2） 3.
_SERIAL = re.compile(r"[0-9]{1,3}")  #: the first cell of a row
_SENTENCE = re.compile(r"[^。；！？]*[。；！？]?")
_ONE_LINE = str.maketrans({"\n": " ", "\r": " ", "\t": " ", BETWEEN_CELLS: "|"})  # no character more or less


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as printed. `slot`: how many characters of words stand before it; `start:end`: its place in the cell."""

    raw: str
    cell: int
    slot: int
    start: int
    end: int
    ordinal: bool = False  #: the number of an item or of a row, which changes when one is inserted above

    @property
    def value(self) -> tuple[str, Decimal, str] | str:
        """What is compared: operator, value and unit; a date or a range as it stands.

        >>> Figure("1,234.50万元", 0, 0, 0, 10).value == Figure("1234.5万元", 0, 0, 0, 8).value
        True
        """
        text = normalise(self.raw).text
        negative = _NEGATIVE.fullmatch(text)
        plain = _PLAIN.fullmatch(f"-{negative[1]}" if negative else text)
        return text if plain is None else (plain["sign"], Decimal(plain["value"]), plain["unit"] or "")


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of a paragraph or a row of a table. `block`, `row`, `start`: where it stands, if it was read of a file."""

    words: str
    exact: str  #: words and figures; ordinals are no part of either
    figures: tuple[Figure, ...]
    filled: tuple[int, ...]  #: the cells that are not blank
    kept: tuple[tuple[int, ...], ...]  #: of each cell, where each character of its words stands in it
    block: int = 0
    row: int | None = None
    start: int = 0  #: offset of the sentence in its paragraph
    end: int = 0


def printed_lines(path: Path) -> tuple[str, ...]:
    """What the ledger keeps of a file: its lines with a number in them, in order. UserError for one that cannot be read."""
    lines = (text for _, _, text in _texts(read_file(path)))
    return tuple(text for text in lines if len(text) <= LONGEST and _FIGURE.search(normalise(text).text))


def lines_of(source: Source) -> Iterator[Line]:
    """All lines of a file, with their places."""
    for block, row, text in _texts(source):
        yield from lines_in(text, block, row)


def lines_in(text: str, block: int = 0, row: int | None = None) -> Iterator[Line]:
    """The lines in one recorded text: its sentences, or the one row that it is."""
    cells = text.split(BETWEEN_CELLS)
    if len(cells) > 1:
        yield _line(cells, block, row, 0)
        return
    for found in _SENTENCE.finditer(text):
        if found[0].strip():
            yield _line([found[0]], block, row, found.start())


def _texts(source: Source) -> Iterator[tuple[int, int | None, str]]:
    for block, content in enumerate(source.blocks):
        if isinstance(content, Paragraph):
            yield block, None, content.raw.translate(_ONE_LINE)
            continue
        for row, cells in enumerate(content.rows):
            text = BETWEEN_CELLS.join(cell.text.translate(_ONE_LINE) for cell in cells).rstrip(BETWEEN_CELLS)
            if text.strip(BETWEEN_CELLS):
                yield block, row, text


def _line(cells: Sequence[str], block: int, row: int | None, start: int) -> Line:
    filled = tuple(i for i, cell in enumerate(cells) if not is_blank(cell))
    words: list[str] = []
    exact: list[str] = []
    figures: list[Figure] = []
    kept: list[tuple[int, ...]] = []
    for i, cell in enumerate(cells):
        first = i == filled[0] if filled else False
        parsed = _cell(cell, i, serial=first and len(filled) > 1, opens=first and start == 0) if i in filled else _BLANK
        words.append(parsed.words)
        exact.append(parsed.exact)
        figures += parsed.figures
        kept.append(parsed.kept)
    return Line(
        BETWEEN_CELLS.join(filter(None, words)), BETWEEN_CELLS.join(filter(None, exact)), tuple(figures), filled,
        tuple(kept), block, row, start, start + len(cells[0]),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Cell:
    words: str = ""
    exact: str = ""
    figures: tuple[Figure, ...] = ()
    kept: tuple[int, ...] = ()


_BLANK = _Cell()


def _cell(raw: str, number: int, *, serial: bool, opens: bool) -> _Cell:
    """Words and figures of one cell; `opens`: an item's number may stand at its head, `serial`: it may be a row's."""
    norm = normalise(raw)
    if is_number(raw):
        bare = raw.strip()
        at = raw.index(bare)
        ordinal = serial and _SERIAL.fullmatch(norm.text) is not None
        figure = Figure(bare, number, 0, at, at + len(bare), ordinal)
        return _Cell("", "" if ordinal else norm.text, (figure,))
    words: list[int] = []
    exact: list[str] = []
    figures: list[Figure] = []
    at = 0
    head = _ORDINAL.match(norm.text) if opens else None
    for found in _FIGURE.finditer(norm.text):
        start, end = found.span()
        ordinal = head is not None and end == head.end()
        words += range(at, start)
        exact.append(norm.text[at:start] if ordinal else norm.text[at:end])
        a, b = norm.span(start, end)
        figures.append(Figure(raw[a:b], number, len(words), a, b, ordinal))
        at = end
    words += range(at, len(norm.text))
    exact.append(norm.text[at:])
    return _Cell(
        "".join(norm.text[i] for i in words), "".join(exact), tuple(figures), tuple(norm.pos[i] for i in words)
    )

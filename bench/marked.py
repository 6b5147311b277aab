"""A drawn document: text in which every figure, unit, year, word and name that something hangs on is marked.

The trick: a mark is one character of a private Unicode plane that stands for a printed piece. Prose is composed with
plain f-strings, a table cell is a string, and a mutation is a dictionary `mark → other text`. Where a mark ends up in
the written file is counted, not searched for.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from bench.ties import Interval, Tie, counted, equal, same_text, years

Merge = tuple[int, int, int, int]  #: (row, column, rows, columns)
FIRST = 0xF0000
FACTOR = {
    "元": Decimal(1),
    "千元": Decimal(1000),
    "万元": Decimal(10_000),
    "亿元": Decimal(100_000_000),
    "万人": Decimal(10_000),
}
WIDE = str.maketrans("0123456789.", "０１２３４５６７８９．")
NARROW = str.maketrans("０１２３４５６７８９．，％", "0123456789.,%")
NUMERALS = "零一二三四五六七八九十"


class Role(StrEnum):
    """What a mark prints: it decides which mutations fit."""

    MONEY = "money"
    PERCENT = "percent"
    PEOPLE = "people"
    COUNT = "count"
    WEIGHT = "weight"
    SCORE = "score"
    UNIT = "unit"
    YEAR = "year"
    WORD = "word"
    ITEM = "item"
    HEADING = "heading"
    NAME = "name"
    LABEL = "label"


NUMBERS = frozenset({Role.MONEY, Role.PERCENT, Role.PEOPLE, Role.COUNT, Role.WEIGHT, Role.SCORE})


@dataclass(frozen=True, slots=True)
class Mark:
    """One printed piece. `unit` is a unit's name, or the mark of the printed unit that the number is read in."""

    char: str
    text: str
    role: Role
    unit: str = ""
    exact: bool = False
    in_table: bool = False


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph of prose; `level` > 0 for a heading."""

    text: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its title, the lines printed above and below, its rows. `merges` are (row, column, rows, columns)."""

    title: str
    above: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    head: int
    below: tuple[str, ...] = ()
    merges: tuple[Merge, ...] = ()


@dataclass(frozen=True, slots=True)
class Style:
    """How a document prints: drawn once per document, so that it is one office's habit."""

    year: int
    text_unit: str = "万元"
    table_unit: str = "万元"
    decimals: int = 2  #: of 万元 and 亿元; 元 prints `yuan_decimals`
    yuan_decimals: int = 2
    trim: bool = False  #: 2.40 → 2.4
    rate_decimals: int = 2
    thousands: bool = False  #: 1,234.56 in tables
    blank: str = ""  #: how a table prints nothing: "", "0", "0.00", "—"
    wide_digits: bool = False  #: full-width digits in prose
    spaced: bool = False  #: blanks between digits and characters
    wrap: int = 0  #: prose lines are broken after so many characters; 0: never
    hashes: bool = False  #: headings as Markdown
    half_width: bool = False  #: , : ; ( ) in prose
    exact: bool = True  #: amounts are whole in the printed unit; else each figure is rounded by itself


def numeral(n: int) -> str:
    """A small count in Chinese characters: 12 → 十二."""
    tens, ones = divmod(n, 10)
    return ("" if tens == 0 else "十" if tens == 1 else NUMERALS[tens] + "十") + (
        NUMERALS[ones] if ones or not tens else ""
    )


def value_of(text: str) -> Decimal:
    """The number a printed piece shows; what an office prints for nothing is 0."""
    plain = re.sub(r"[,，%％]", "", text.translate(NARROW)).strip()
    if plain in ("", "-", "—", "/"):
        return Decimal(0)
    if plain[0] in NUMERALS:
        return Decimal(next(n for n in range(100) if numeral(n) == plain))
    return Decimal(plain)


def rounded(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as a reader sees it: the marks, some of them printed otherwise."""

    marks: Mapping[str, Mark]
    changed: Mapping[str, str] = field(default_factory=dict)

    def text(self, mark: str) -> str:
        return self.changed.get(mark, self.marks[mark].text)

    def interval(self, mark: str) -> Interval:
        """What the printed number can mean, in base units (元, 人, 1 for percentages)."""
        piece, text = self.marks[mark], self.text(mark).translate(NARROW)
        unit = self.text(piece.unit) if piece.unit in self.marks else piece.unit
        factor = FACTOR.get(unit, Decimal(1))
        value = value_of(text)
        digits = re.search(r"\.(\d+)", text)
        half = (
            Decimal(0)
            if piece.exact or not any(map(str.isdigit, text))
            else Decimal(5).scaleb(-1 - (len(digits[1]) if digits else 0))
        )
        return (value - half) * factor, (value + half) * factor


@dataclass(frozen=True, slots=True)
class Drawn:
    """A finished document with its marks and every relation that holds between them."""

    layout: str
    seed: int
    style: Style
    blocks: tuple[Para | Grid, ...]
    marks: Mapping[str, Mark]
    ties: tuple[Tie, ...]

    def printed(self) -> Iterator[Mark]:
        """The marks that stand in the document, in reading order."""
        return (self.marks[c] for c in _standing(self.blocks) if c in self.marks)

    def grids(self) -> Iterator[Grid]:
        return (b for b in self.blocks if isinstance(b, Grid))

    def broken(self, changed: Mapping[str, str]) -> list[Tie]:
        """The relations that no longer hold, whatever was rounded away."""
        reading = Reading(self.marks, changed)
        touched = set(changed) | {m.char for m in self.marks.values() if m.unit in changed}
        return [t for t in self.ties if touched.intersection(t.marks) and t.broken(reading)]


class Draft:
    """A document being composed. Each method that prints returns a string whose first mark is the thing printed."""

    def __init__(self, style: Style, rng: random.Random) -> None:
        self.style, self.rng = style, rng
        self.marks: dict[str, Mark] = {}
        self.ties: list[Tie] = []
        self.blocks: list[Para | Grid] = []
        self.facts: dict[str, str] = {}  #: where a fact was printed first
        self.shared: dict[str, list[str]] = {}  #: marks that belong to one relation of the whole document
        self.shapes = {1: "{}、", 2: "（{}）", 3: rng.choice(["{}.", "{}、", "{}．"])}  #: of heading numbers
        self.offsets: dict[str, int] = {}  #: how far a printed year is from the document's
        self.table_unit = ""  #: the unit mark of the table being composed; "" outside tables
        self.in_table = False
        self.pair_kind = "table_vs_table"  #: what a figure in two tables is called: accounts say cross_table

    # --- printing ---------------------------------------------------------------------------------------------------
    def mark(self, text: str, role: Role, unit: str = "", exact: bool = False) -> str:
        char = chr(FIRST + len(self.marks))
        self.marks[char] = Mark(char, text, role, unit, exact, self.in_table)
        return char

    def digits(self, text: str) -> str:
        return text.translate(WIDE) if self.style.wide_digits and not self.in_table else text

    def printed(self, value: Decimal, decimals: int) -> str:
        """A number as this office prints it."""
        thousands = self.in_table and self.style.thousands
        text = f"{rounded(value, decimals):{',' if thousands else ''}f}"
        if self.style.trim and "." in text:
            text = text.rstrip("0").rstrip(".")
        return self.digits(text)

    def money(self, yuan: Decimal, key: str = "", unit: str = "", decimals: int | None = None) -> str:
        """An amount in prose with its unit, in a table without (its caption says it); nothing prints as `blank`."""
        if self.in_table and not unit:
            name = self.style.table_unit
            text = self.style.blank if not yuan else self.printed(yuan / FACTOR[name], self._decimals(name, decimals))
            return self.known(key, self.mark(text, Role.MONEY, self.table_unit or name))
        name = unit or self.style.text_unit
        number = self.printed(yuan / FACTOR[name], self._decimals(name, decimals))
        unit_mark = self.mark(name, Role.UNIT)
        return self.known(key, self.mark(number, Role.MONEY, unit_mark)) + unit_mark

    def _decimals(self, unit: str, decimals: int | None) -> int:
        if decimals is not None:
            return decimals
        return self.style.yuan_decimals if unit == "元" else self.style.decimals

    def percent(self, value: Decimal, key: str = "", decimals: int | None = None, sign: str = "%") -> str:
        """A rate in percent, with its sign."""
        text = self.printed(value, self.style.rate_decimals if decimals is None else decimals)
        return self.known(key, self.mark(text, Role.PERCENT)) + sign

    def count(self, n: int, key: str = "", role: Role = Role.COUNT, chinese: bool = False) -> str:
        """A whole number of persons or things: exact."""
        text = numeral(n) if chinese else self.digits(str(n))
        return self.known(key, self.mark(text, role, exact=True))

    def people(self, n: int, key: str = "") -> str:
        return self.count(n, key, Role.PEOPLE)

    def points(self, value: Decimal | int, key: str = "", role: Role = Role.SCORE) -> str:
        """A weight or a score: exact, at most two decimals, no trailing zeros."""
        text = f"{rounded(Decimal(value), 2):f}".rstrip("0").rstrip(".")
        return self.known(key, self.mark(text, role, exact=True))

    def year(self, offset: int = 0) -> str:
        """The document's year, or one so many years from it."""
        char = self.mark(self.digits(str(self.style.year + offset)), Role.YEAR)
        self.shared.setdefault("year", []).append(char)
        self.offsets[char] = offset
        return char

    def name(self, text: str) -> str:
        """The unit's name, the same everywhere."""
        char = self.mark(text, Role.NAME)
        self.shared.setdefault("name:" + text, []).append(char)
        return char

    def word(self, text: str) -> str:
        return self.mark(text, Role.WORD)

    def items(self, names: list[str], separator: str = "、") -> tuple[str, list[str]]:
        """A list in prose: the text and one mark per item (each carries the separator before it)."""
        chars = [self.mark(("" if i == 0 else separator) + name, Role.ITEM) for i, name in enumerate(names)]
        return "".join(chars), chars

    # --- relations --------------------------------------------------------------------------------------------------
    def known(self, key: str, mark: str) -> str:
        """A fact printed again must be the same fact."""
        if not key:
            return mark
        first = self.facts.setdefault(key, mark)
        if first != mark:
            tables = self.marks[first].in_table, self.marks[mark].in_table
            kind = self.pair_kind if all(tables) else "text_vs_table" if any(tables) else "text_vs_text"
            self.ties.append(equal(kind, first, mark))
        return mark

    def tie(self, *ties: Tie) -> None:
        self.ties.extend(ties)

    # --- blocks -----------------------------------------------------------------------------------------------------
    def say(self, text: str) -> None:
        self.blocks.append(Para(text))

    def heading(self, number: int, text: str, level: int = 1, run: str = "") -> None:
        """A numbered heading; headings of one `run` count up together."""
        shape = self.shapes[level]
        char = self.mark(shape.format(numeral(number) if level < 3 else number), Role.HEADING)
        self.shared.setdefault("run:" + run, []).append(char)
        self.blocks.append(Para(char + text, level))

    def title(self, text: str) -> None:
        self.blocks.append(Para(text, 1))

    def finish(self, layout: str, seed: int) -> Drawn:
        """The document, with the relations that run through all of it."""
        standing = set(_standing(self.blocks)) | {m.char for m in self.marks.values() if m.role is Role.LABEL}
        shared = {k: [m for m in v if m in standing] for k, v in self.shared.items()}
        self.ties = [t for t in self.ties if standing.issuperset(t.marks)]
        if len(shared.get("year", ())) > 1:
            self.tie(years(shared["year"], [self.offsets[m] for m in shared["year"]], value_of))
        for key, marks in shared.items():
            if key.startswith("name:") and len(marks) > 2:
                self.tie(same_text("name", marks))
            if key.startswith("run:") and len(marks) > 2:
                self.tie(counted({m: self.marks[m].text for m in marks}))
        blocks = self.blocks
        if self.style.half_width:
            narrow = str.maketrans("，：；（）", ",:;()")
            blocks = [Para(b.text.translate(narrow), b.level) if isinstance(b, Para) else b for b in blocks]
        return Drawn(layout, seed, self.style, tuple(blocks), self.marks, tuple(self.ties))

    def open_table(self, unit: str | None = None) -> str:
        """Begin a table; returns the caption's unit, "" where amounts carry none."""
        self.in_table = True
        self.table_unit = self.mark(self.style.table_unit, Role.UNIT) if unit is None else ""
        return self.table_unit

    def close_table(
        self,
        title: str,
        above: Iterable[str],
        rows: Sequence[Sequence[str]],
        head: int,
        below: Iterable[str] = (),
        merges: Iterable[Merge] = (),
    ) -> None:
        """Print the table; rows are filled up to one width."""
        width = max(len(r) for r in rows)
        full = tuple(tuple(r) + ("",) * (width - len(r)) for r in rows)
        self.blocks.append(Grid(title, tuple(above), full, head, tuple(below), tuple(merges)))
        self.in_table, self.table_unit = False, ""


def _standing(blocks: Iterable[Para | Grid]) -> dict[str, None]:
    """The characters of a document, in reading order (a set would be in another order in every run): a sentence may have been composed in two wordings and printed in one."""
    out: dict[str, None] = {}
    for block in blocks:
        if isinstance(block, Para):
            texts = [block.text]
        else:
            texts = [block.title, *block.above, *(cell for row in block.rows for cell in row), *block.below]
        for text in texts:
            out.update(dict.fromkeys(text))
    return out


def bare(text: str) -> str:
    """Text without blanks: places are compared in it."""
    return re.sub(r"\s+", "", text)

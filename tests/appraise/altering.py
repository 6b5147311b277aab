"""One printed figure of a finished package altered, as a clerk would in Word or in a spreadsheet; knows nothing of our readers."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import openpyxl
from docx.oxml.ns import qn

NUMBER = re.compile(r"\d+(?:\.\d+)?")
_PLACES = re.compile(r"0\.(0+)")


@dataclass(frozen=True, slots=True)
class Printing:
    """The number-th number of a paragraph (its ordinal among all w:p) or of a cell (sheet, address)."""

    file: str
    at: int | tuple[str, str]
    number: int


@dataclass(frozen=True, slots=True)
class Alteration:
    """`text` is the whole paragraph or cell afterwards; the number begins at `start` of it."""

    printing: Printing
    old: str
    new: str
    text: str
    start: int


def printings(folder: Path) -> list[Printing]:
    """Every number printed in the documents of a folder: paragraphs, Word tables, cells that hold no formula."""
    files = sorted(p for p in folder.iterdir() if not p.name.startswith("figures"))
    return [found for path in files for found in (_in_word(path) if path.suffix == ".docx" else _in_sheets(path))]


def _in_word(path: Path) -> Iterator[Printing]:
    for n, paragraph in enumerate(docx.Document(str(path)).element.body.iter(qn("w:p"))):
        text = "".join(t.text or "" for t in paragraph.iter(qn("w:t")))
        yield from (Printing(path.name, n, k) for k, _ in enumerate(NUMBER.finditer(text)))


def _in_sheets(path: Path) -> Iterator[Printing]:
    for sheet in openpyxl.load_workbook(path).worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.value is not None):
            numbers = 1 if isinstance(cell.value, int | float) else len(NUMBER.findall(str(cell.value)))
            if cell.data_type != "f":
                yield from (Printing(path.name, (sheet.title, cell.coordinate), k) for k in range(numbers))


def another(number: str, rng: random.Random) -> str:
    """The number with a slip of the keyboard in it: a digit changed, added or lost, the point moved."""
    at = rng.choice([i for i, char in enumerate(number) if char.isdigit()])
    whole, point, part = number.partition(".")
    slips = [
        number[:at] + rng.choice([c for c in "123456789" if c != number[at]]) + number[at + 1 :],
        number[:at] + rng.choice("123456789") + number[at:],
        number[:at] + number[at + 1 :],
        f"{whole}{part[:1]}.{part[1:]}".rstrip(".") if point else number,
    ]
    fit = [s for s in slips if NUMBER.fullmatch(s) and Decimal(s) != Decimal(number)]
    return rng.choice(fit)


def alter(folder: Path, printing: Printing, rng: random.Random) -> Alteration:
    """Change the number in the file."""
    path = folder / printing.file
    return _alter_word(path, printing, rng) if isinstance(printing.at, int) else _alter_cell(path, printing, rng)


def _alter_word(path: Path, printing: Printing, rng: random.Random) -> Alteration:
    document = docx.Document(str(path))
    paragraph = list(document.element.body.iter(qn("w:p")))[int(str(printing.at))]
    pieces = list(paragraph.iter(qn("w:t")))
    text = "".join(t.text or "" for t in pieces)
    found = list(NUMBER.finditer(text))[printing.number]
    new = another(found[0], rng)
    changed = text[: found.start()] + new + text[found.end() :]
    _spread(pieces, found.start(), found.end(), new)
    document.save(str(path))
    return Alteration(printing, found[0], new, changed, found.start())


def _spread(pieces: list[Any], start: int, end: int, new: str) -> None:
    """The new number in the run where the old one began, however many runs that one was divided into."""
    at = 0
    for t in pieces:
        old = t.text or ""
        a, b = max(start - at, 0), min(end - at, len(old))
        at += len(old)
        if a < b:
            t.text, new = old[:a] + new + old[b:], ""
            t.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _alter_cell(path: Path, printing: Printing, rng: random.Random) -> Alteration:
    """Saved by openpyxl, which keeps formulas and drops their results."""
    assert not isinstance(printing.at, int)
    book = openpyxl.load_workbook(path)
    cell = book[printing.at[0]][printing.at[1]]
    if isinstance(cell.value, str):
        found = list(NUMBER.finditer(cell.value))[printing.number]
        old, new = found[0], another(found[0], rng)
        cell.value = text = cell.value[: found.start()] + new + cell.value[found.end() :]
        start = found.start()
    else:
        places = _PLACES.search(cell.number_format)
        share = 100 if "%" in cell.number_format else 1
        old = f"{Decimal(repr(cell.value)) * share:.{len(places[1]) if places else 0}f}"
        new = text = next(n for n in iter(lambda: another(old, rng), "") if _shown(n, places) != old)
        cell.value, start = float(Decimal(new) / share), 0
    book.save(path)
    return Alteration(printing, old, new, text, start)


def _shown(number: str, places: re.Match[str] | None) -> str:
    return f"{Decimal(number):.{len(places[1]) if places else 0}f}"

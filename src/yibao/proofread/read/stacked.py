"""Narrow tables: one cell on each line, or a numbered label and its one number.

The first, as a copied web page has them, are guessed from their beat, hence `weak`; the second leave no doubt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from yibao.proofread.document import Table
from yibao.proofread.read.aligned import FEWEST_ROWS, GAP, LETTER, LONGEST_ROW, SENTENCE, cells_of
from yibao.proofread.read.grid import Region, plain_rows
from yibao.proofread.read.lines import SPACES, Line, is_figure, is_note_after, is_note_before

MAX_ROWS = 1_000
MAX_WIDTH = 20  #: cells of one row
LONGEST_CELL = 40  #: characters
FEWEST_LISTED = 4
_NUMBERED = re.compile(
    r"[ \u3000]{0,40}(?:[（(]?[一二三四五六七八九十]{1,3}[)）、.．]|[（(]?\d{1,2}(?:[)）、．]|\.(?!\d))|[①-⑳]|其中：)"
)
_FIRST = re.compile(r"[ \u3000]{0,40}[（(]?(?:一|1|①)(?!\d)")
_BRACKETED = re.compile(r"[【〔\[]([^】〕\]]{2,30})[】〕\]]$")
_FIGURE_SIGNS = frozenset("0123456789-—－−–(（+△▲¥￥无/×０１２３４５６７８９")


def stacked_region(text: str, lines: Sequence[Line], i: int) -> Region:
    """The table that begins in line i, and the line after it: label, n numbers, label, n numbers, …

    Only where the beat is strict for at least three rows. The header is as many words as a row, directly above.
    """
    if not any(line.text.lstrip()[:1] in _FIGURE_SIGNS for line in lines[i + 1 : i + 2 * MAX_WIDTH]):
        return None, i + 1
    cells: list[int] = []  # the lines that hold the first header and row
    first = None  # the place among them of the first label with a number below it
    for j in _printed(lines, i):
        figure = _is_figure_line(lines[j].text)
        if first is None and figure:
            if not cells:
                return None, i + 1
            first = len(cells) - 1
        elif first is not None and not figure:
            break
        cells.append(j)
        if len(cells) > (MAX_WIDTH if first is None else 2 * MAX_WIDTH):
            return None, i + 1
    beat = len(cells) - (first or 0)
    if first is None or beat < 3 or first not in {0, beat}:
        return None, i + 1
    rows = _rows(lines, i, beat, 1 if first else 0)
    if len(rows) - (1 if first else 0) < FEWEST_ROWS:
        return None, i + 1
    raws = tuple(text[lines[row[0]].start : lines[row[-1]].end] for row in rows)
    grid = plain_rows([[lines[j].text.strip() for j in row] for row in rows])
    return [Table(grid, page=lines[i].page, line=lines[i].number or None, raw_rows=raws, weak=True)], rows[-1][-1] + 1


def _rows(lines: Sequence[Line], i: int, beat: int, heads: int) -> list[list[int]]:
    """The lines of each row while the beat holds; where numbers go on after the last row, it is not one."""
    rows: list[list[int]] = []
    row: list[int] = []
    for j in _printed(lines, i):
        expected = len(row) > 0 and len(rows) >= heads
        if _is_figure_line(lines[j].text) != expected:
            return rows if expected or len(rows) < heads else rows[:-1]
        row.append(j)
        if len(row) == beat:
            rows.append(row)
            row = []
            if len(rows) == MAX_ROWS:
                break
    return rows


def _printed(lines: Sequence[Line], i: int) -> Iterator[int]:
    """The printed lines from i on while they are short and no notes or sentences."""
    for j in range(i, len(lines)):
        line = lines[j]
        if line.blank:
            continue
        short = len(line.text) <= LONGEST_CELL and "\t" not in line.text and not SENTENCE.search(line.text)
        if not short or is_note_after(line.text) or is_note_before(line.text):
            return
        yield j


def _is_figure_line(text: str) -> bool:
    bare = text.strip()
    return bare[:1] in _FIGURE_SIGNS and is_figure(bare)


def listed_region(text: str, lines: Sequence[Line], i: int) -> Region:
    """The list of numbered labels with one number each that begins in line i, and the line after it.

    "一、上年结余 1079.96", "1、利息收入 19.02": two columns without a header, and without doubt which number is whose.
    It begins with its first number. A line like 【职工医保】 right above is the caption. A table of contents is none.
    """
    if not _FIRST.match(lines[i].text):
        return None, i + 1
    rows: list[list[str]] = []
    for line in lines[i : i + MAX_ROWS]:
        row = _listed(line)
        if row is None:
            break
        rows.append(row)
    end = i + len(rows)
    if len(rows) < FEWEST_LISTED or _turns_pages([row[1] for row in rows]):
        return None, max(i + 1, end)
    raws = tuple(text[line.start : line.end] for line in lines[i:end])
    caption = bracketed(lines[i - 1].text) if i else ""
    return [Table(plain_rows(rows), caption, page=lines[i].page, line=lines[i].number or None, raw_rows=raws)], end


def _listed(line: Line) -> list[str] | None:
    """[label, number] of a numbered line that ends in its one number. A label with a gap in it may be two."""
    mark = _NUMBERED.match(line.text) if len(line.text) <= LONGEST_ROW else None
    cells = cells_of(line.text) if mark else []
    if mark is None or len(cells) != 2 or not is_figure(cells[1]):
        return None
    name = cells[0].removeprefix(mark[0].strip(SPACES)).strip(SPACES)
    return cells if LETTER.search(name) and not GAP.search(name) and not SENTENCE.search(name) else None


def _turns_pages(numbers: Sequence[str]) -> bool:
    """Whole numbers that never fall, none with four digits: the pages of a table of contents."""
    if not all(number.isdigit() and len(number) < 4 for number in numbers):
        return False
    pages = [int(number) for number in numbers]
    return pages == sorted(pages)


def bracketed(text: str) -> str:
    """What a line that is all in brackets says; "" for any other: 【职工医保】 gives 职工医保."""
    found = _BRACKETED.match(text.strip(SPACES))
    return found[1].strip() if found else ""

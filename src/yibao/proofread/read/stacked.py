"""Tables with one cell on each line and nothing between the rows, as a copied web page has them. Guessed, hence `weak`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from yibao.proofread.document import Table
from yibao.proofread.read.aligned import FEWEST_ROWS, SENTENCE
from yibao.proofread.read.grid import Region, plain_rows
from yibao.proofread.read.lines import Line, is_figure, is_note_after, is_note_before

MAX_ROWS = 1_000
MAX_WIDTH = 20  #: cells of one row
LONGEST_CELL = 40  #: characters
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

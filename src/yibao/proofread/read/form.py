"""Forms with one cell on each line, as converters write Word tables: a tab opens a cell, a blank line ends a row.

A cell may go on over several lines, blank ones among them, so a blank line does not always end a row: the width of the
rows around it decides. Rows of one cell are headings or prose; rows with a prose cell become paragraphs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from yibao.proofread.document import Block, Table
from yibao.proofread.read.grid import Grid, Region, is_prose
from yibao.proofread.read.lines import Line, begins_anew, is_figure, is_note_after, is_note_before, is_title
from yibao.proofread.read.paragraphs import Prose

MAX_GAP = 12  #: printed lines between two cell lines; more means that the form was interrupted
FEWEST_CELLS = 3
PROSE_LINES = 3  #: a cell with sentences on so many lines is prose, however short


@dataclass
class _Cell:
    """A cell under construction: its own line and those that continue it."""

    lines: list[Line]

    @property
    def printed(self) -> list[str]:
        return [line.text.strip() for line in self.lines if line.text.strip()]

    @property
    def text(self) -> str:
        return "\n".join(self.printed)

    @property
    def prose(self) -> bool:
        return is_prose(self.text) or (len(self.printed) >= PROSE_LINES and "。" in self.text)


@dataclass
class _Row:
    cells: list[_Cell] = field(default_factory=list)
    sure: bool = True  #: the row certainly ends here: one blank line after a cell of one line

    @property
    def numeric(self) -> bool:
        return any(is_figure(cell.text) for cell in self.cells[1:] if cell.text)

    @property
    def texts(self) -> list[str]:
        return [cell.text for cell in self.cells]

    def raw(self, text: str) -> str:
        return text[self.cells[0].lines[0].start : max(line.end for line in self.cells[-1].lines)].rstrip()


def is_cell_line(text: str) -> bool:
    """One cell: a tab, then the cell, and no other tab."""
    return text.startswith("\t") and "\t" not in text[1:]


def form_region(prose: Prose, lines: Sequence[Line], i: int) -> Region:
    """The form that begins in line i, as tables and paragraphs, and the line after it. No blocks for indented prose."""
    end = _extent(lines, i)
    cells = [line for line in lines[i:end] if is_cell_line(line.text)]
    short = sum(not is_prose(line.text) for line in cells)
    if len(cells) < FEWEST_CELLS or short * 2 <= len(cells) or not _stacked(lines, i, end):
        return None, end
    rows = _joined(_fragments(lines, i, end))
    return _blocks(prose, rows), end


def _extent(lines: Sequence[Line], i: int) -> int:
    """The line after the last cell of the form and its continuation."""
    end, gap = i, 0
    for j in range(i, len(lines)):
        line = lines[j].text
        if is_cell_line(line):
            end, gap = j + 1, 0
        elif "\t" in line:
            break
        elif not lines[j].blank:
            gap += 1
            if gap > MAX_GAP or (lines[j - 1].blank and _stands_below(lines[end - 1].text, line)):
                break
    return end


def _stands_below(cell: str, line: str) -> bool:
    """A line after a blank one that does not go on with the cell above it: no number goes on, nor does a note or title."""
    bare = cell.strip()
    return not bare or is_figure(bare) or is_note_after(line) or is_note_before(line) or is_title(line)


def _stacked(lines: Sequence[Line], i: int, end: int) -> bool:
    """Cells stand directly under each other somewhere: rows of more than one cell, not indented paragraphs."""
    pairs = sum(is_cell_line(lines[j].text) and is_cell_line(lines[j + 1].text) for j in range(i, end - 1))
    return pairs >= 2


def _fragments(lines: Sequence[Line], i: int, end: int) -> list[_Row]:
    """Rows as the blank lines cut them, each marked whether the cut is sure."""
    rows: list[_Row] = []
    blanks = 0
    for line in lines[i:end]:
        if line.blank:
            blanks += 1
            continue
        if is_cell_line(line.text):
            if blanks or not rows:
                if rows:
                    rows[-1].sure = blanks == 1 and len(rows[-1].cells[-1].printed) <= 1
                rows.append(_Row())
            rows[-1].cells.append(_Cell([line]))
        else:
            rows[-1].cells[-1].lines.append(line)
        blanks = 0
    return rows


def _joined(fragments: Sequence[_Row]) -> list[_Row]:
    """Put rows together that a blank line inside a cell has cut, where together they are as wide as the row before."""
    rows: list[_Row] = []
    i = 0
    while i < len(fragments):
        wide = len(rows[-1].cells) if rows else 0
        last, total = i, len(fragments[i].cells)
        while 1 < total < wide and not fragments[last].sure and last + 1 < len(fragments):
            last, total = last + 1, total + len(fragments[last + 1].cells)
        last = last if total == wide else i
        rows.append(_Row([cell for row in fragments[i : last + 1] for cell in row.cells], fragments[last].sure))
        i = last + 1
    return rows


def _blocks(prose: Prose, rows: Sequence[_Row]) -> list[Block]:
    """Tables of the rows with several cells; paragraphs of headings and prose."""
    blocks: list[Block] = []
    table: list[_Row] = []

    def close() -> None:
        if table:
            blocks.extend(_table(prose, table))
            table.clear()

    for row in rows:
        if len(row.cells) == 1 or (any(cell.prose for cell in row.cells) and not row.numeric):
            close()
            blocks.extend(_as_paragraphs(prose, row))
            continue
        if table and _is_new_header(table, row):
            close()
        table.append(row)
    close()
    return blocks


def _as_paragraphs(prose: Prose, row: _Row) -> list[Block]:
    blocks: list[Block] = []
    for cell in row.cells:
        blocks.extend(prose.paragraphs(cell.lines))
    return blocks


def _is_new_header(table: Sequence[_Row], row: _Row) -> bool:
    """A row of words and another width, after rows of a settled width: the next part of the form begins."""
    settled = len(table) > 1 and len(table[-1].cells) == len(table[-2].cells)
    worded = all(cell.text for cell in row.cells[:1]) and not row.numeric and len(row.cells) > 2
    repeats = row.cells[0].text == table[0].cells[0].text != ""
    return worded and len(row.cells) != len(table[-1].cells) and (settled or repeats)


def _table(prose: Prose, rows: Sequence[_Row]) -> list[Block]:
    wide = max(len(row.cells) for row in rows)
    if len(rows) == 1 and not rows[0].numeric and not _labelled(rows[0]):
        return _as_paragraphs(prose, rows[0])
    heads = _head_count(rows, wide)
    grid = Grid()
    _lay_head(grid, _heads([row.texts for row in rows[:heads]], wide))
    for r, row in enumerate(rows[heads:], heads):
        _lay_body(grid, r, row.texts, wide)
    top = rows[0].cells[0].lines[0]
    return [Table(grid.rows(), page=top.page, line=top.number, raw_rows=tuple(row.raw(prose.text) for row in rows))]


def _labelled(row: _Row) -> bool:
    """Label and value by turns: 联系人, name, 电话, number."""
    return len(row.cells) % 2 == 0 and not any(begins_anew(text) for text in row.texts)


def _head_count(rows: Sequence[_Row], wide: int) -> int:
    """The header rows: words only, followed by the first row of full width that has numbers or is the third."""
    count = 0
    for row in rows:
        if row.numeric or (count and len(row.cells) == wide and row.cells[0].text):
            break
        count += 1
    return count if count < len(rows) and count <= 4 else 0


def _heads(rows: list[list[str]], wide: int) -> list[list[tuple[str, int]]]:
    """Header rows as (text, columns), the spans that a converter dropped found from the row below."""
    if not rows:
        return []
    laid = [_pad(rows[-1], wide)]
    for row in reversed(rows[:-1]):
        laid.insert(0, _over(row, [text for text, n in laid[0] for _ in range(n)]))
    return laid


def _pad(row: list[str], wide: int) -> list[tuple[str, int]]:
    missing = wide - len(row)
    return [(text, 1 + (missing if i == 1 else 0)) for i, text in enumerate(row)] if len(row) > 1 else [(row[0], wide)]


def _over(upper: list[str], lower: list[str]) -> list[tuple[str, int]]:
    """The upper cells with the columns each one covers.

    A blank below belongs to the one cell above it, from both ends. In between, a cell takes from the right what carries
    its words (结余 over 当年结余, 累计结余); the first takes the rest.
    """
    if len(upper) >= len(lower):
        return [(text, 1) for text in upper]
    left = right = 0
    while left < len(upper) - 1 and not lower[left]:
        left += 1
    while right < len(upper) - 1 - left and not lower[-1 - right]:
        right += 1
    middle = upper[left : len(upper) - right]
    below = lower[left : len(lower) - right]
    spans: list[int] = []
    for k in range(len(middle) - 1, 0, -1):
        take = 1
        while (
            len(below) - take > k and len(middle[k]) > 1 and middle[k] in below[-1 - take] and middle[k] in below[-take]
        ):
            take += 1
        spans.insert(0, take)
        below = below[:-take]
    spans.insert(0, len(below))
    ends = [(text, 1) for text in upper[len(upper) - right :]] if right else []
    return [(text, 1) for text in upper[:left]] + list(zip(middle, spans, strict=True)) + ends


def _lay_head(grid: Grid, laid: Sequence[Sequence[tuple[str, int]]]) -> None:
    """Put the header rows down; a blank cell under a cell of one column continues it."""
    tall: dict[int, tuple[int, str]] = {}  # column → (row where its one-column cell begins, text)
    for r, row in enumerate(laid):
        c = 0
        for text, n in row:
            if n == 1 and not text and c in tall:
                top, above = tall[c]
                grid.put(top, c, above, r - top + 1)
            else:
                grid.put(r, c, text, 1, n)
                for covered in range(c, c + n):
                    tall.pop(covered, None)
                if n == 1:
                    tall[c] = (r, text)
            c += n


def _lay_body(grid: Grid, r: int, row: Sequence[str], wide: int) -> None:
    """A row below the header. A shorter one that ends in a number ends at the right edge: its label was merged."""
    shift = wide - len(row) if 1 < len(row) < wide and is_figure(row[-1]) else 0
    grid.put(r, 0, row[0], 1, 1 + shift)
    for c, text in enumerate(row[1:], 1 + shift):
        grid.put(r, c, text)

"""Tables flattened to plain lines, their cells separated by blanks only.

Two shapes: columns padded to their width (`padded_region`), where the place of a cell says its column; and rows without
any layout (`aligned_region`), whose columns are guessed from the words, hence `weak`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from unicodedata import east_asian_width

from yibao.proofread.document import Table
from yibao.proofread.read.grid import Grid, Region, plain_rows, sections
from yibao.proofread.read.lines import (
    SPACES,
    Line,
    begins_anew,
    ends_sentence,
    is_figure,
    is_note_after,
    is_note_before,
    is_number,
    is_title,
)

LONGEST_ROW = 160  #: characters; a longer line is prose
FEWEST_ROWS = 3
MAX_BARE = 15  #: rows without a number that may stand between rows with numbers
LABEL_REST = 16  #: characters of the second line of a wrapped label
SENTENCE = re.compile(r"[。；，！？：:]")
_DATE = re.compile(r"\s?\d{2,4}\s?年\s?\d{1,2}\s?月")
_MEASURE = re.compile(r"[年月日号元人家个项次名条台辆％%万亿]{1,2}$")
GAP = re.compile(r"[ \u3000\u00a0\u2002\u2003\t]{1,400}")
_CODE = re.compile(r"\d{1,7}$")
_ITEM = re.compile(r"[（(]?[一二三四五六七八九十]{1,3}[、)）]\S{2,20}")
LETTER = re.compile(r"[\u4e00-\u9fffA-Za-z]")
LONGEST_PADDED = 400  #: characters; padding and a column of remarks make long rows
MOST_PADDED = 400  #: rows of a padded table
FEWEST_NUMBERED = 2  #: rows with numbers below the header of a padded table
LONGEST_LABEL = 40  #: characters of a row of a padded table that has one cell only
SAME_EDGE = 0.8  #: share of a column's numbers that end, begin or are centred at one place
_PADDING = re.compile(r"[ \u00a0\u2002\u2003\u3000]{2,400}")
_WIDE = ("WF", "WFA")  #: what an office's font prints two half columns wide: — ≥ and the like, or not
_RULE = re.compile(r"[-=─—_ ]{3,400}$")


@dataclass(frozen=True, slots=True)
class _Segment:
    """A piece of a row: a label, the code before it if any, and the figures behind it."""

    code: str
    label: str
    figures: tuple[str, ...]


def cells_of(text: str) -> list[str]:
    """A line cut at its blanks; words that follow each other stay one cell, numbers stand alone.

    >>> cells_of("1. 利息 收入 4864 5151 —")
    ['1. 利息 收入', '4864', '5151', '—']
    """
    cells: list[str] = []
    text_before = False
    for token in GAP.split(text.strip(SPACES + "\t")):
        figure = is_figure(token)
        if cells and not figure and text_before:
            cells[-1] = f"{cells[-1]} {token}"
        elif token:
            cells.append(token)
        text_before = not figure
    return cells


def _segments(cells: Sequence[str]) -> list[_Segment] | None:
    """The pieces of a row, a code (208, 2080505, 208 05 02) told from an amount. None for a line without a label."""
    segments: list[_Segment] = []
    pending: list[str] = []
    for i, cell in enumerate(cells):
        if is_figure(cell):
            pending.append(cell)
            continue
        k = len(pending)
        while k and _CODE.match(pending[k - 1]) and (len(pending[k - 1]) > 2 or not segments):
            k -= 1  # 208, 2080505, or at the beginning of a line 208 05 02
        if (not segments and k) or (not segments and i and not pending):
            return None
        if segments:
            segments[-1] = _Segment(segments[-1].code, segments[-1].label, tuple(pending[:k]))
        segments.append(_Segment(" ".join(pending[k:]), cell, ()))
        pending = []
    if segments:
        segments[-1] = _Segment(segments[-1].code, segments[-1].label, tuple(pending))
    return segments or None


def _row(line: Line) -> list[_Segment] | None:
    """The pieces of a line that looks like a row: labels and at least one number, no sentence, no date."""
    text = line.text
    if len(text) > LONGEST_ROW or line.blank or "|" in text or SENTENCE.search(text) or _DATE.match(text):
        return None
    cells = cells_of(text)
    if len(cells) < 2 or any(_MEASURE.match(cell.split(" ")[0]) for cell in cells[1:]):
        return None
    segments = _segments(cells)
    if segments is None or not LETTER.search(segments[0].label) or not any(s.figures for s in segments):
        return None
    return segments


def _is_strong(row: Sequence[_Segment]) -> bool:
    return sum(len(segment.figures) for segment in row) >= 2


def aligned_region(text: str, lines: Sequence[Line], i: int) -> Region:
    """The rows from line i on, when at least three with two numbers follow each other, and the line after them.

    A header line directly above belongs to it when it splits into as many words as the rows have cells. A row of
    another build keeps all its text in one cell: better uncheckable than paired wrongly.
    """
    head = _header_at(lines, i)
    first = i + 1 if head else i
    rows, spans = _run(lines, first)
    after = spans[-1][1] + 1 if spans else i + 1
    if sum(_is_strong(row) for row in rows) < FEWEST_ROWS:
        return None, after
    full = [row for row in rows if any(segment.figures for segment in row)]
    (pieces, numbers), times = Counter((len(row), max(len(s.figures) for s in row)) for row in full).most_common(1)[0]
    if times * 2 < len(full):
        return None, after
    coded = sum(bool(row[0].code) for row in rows) * 3 >= len(rows)
    wide = pieces * (numbers + 1 + coded)
    laid = [_laid(row, pieces, numbers, coded) for row in rows]
    head = ["", *head] if len(head) == wide - 1 and coded else head
    if head and len(head) != wide:
        return None, first  # the rows are found from there, without it
    raws = [text[lines[a].start : lines[b].end] for a, b in spans]
    raws = [text[lines[i].start : lines[i].end], *raws] if head else raws
    grid = plain_rows([head, *laid] if head else laid)
    table = Table(grid, page=lines[i].page, line=lines[i].number or None, raw_rows=tuple(raws), weak=True)
    return [table], after


def _run(lines: Sequence[Line], i: int) -> tuple[list[list[_Segment]], list[tuple[int, int]]]:
    """(rows, first and last line of each) from line i on. Labels that were wrapped are joined to their row again."""
    rows: list[list[_Segment]] = []
    spans: list[tuple[int, int]] = []
    bare = 0  # rows without a number at the end of the run so far
    while i < len(lines):
        row, last = _row(lines[i]), i
        if row is None and _is_label(lines, i):
            row, last = _around_code(lines, i)
        if (
            row is None
            and rows
            and len(rows[-1]) == 1
            and rows[-1][0].code
            and _is_label(lines, i)
            and _row_at(lines, i + 1)
        ):
            above = rows[-1][0]
            rows[-1] = [_Segment(above.code, above.label + lines[i].text.strip(), above.figures)]
            spans[-1] = (spans[-1][0], i)
            i += 1
            continue
        if row is None and rows and bare < MAX_BARE and _is_bare_row(lines[i].text):
            row = [_Segment("", cell, ()) for cell in GAP.split(lines[i].text.strip(SPACES))]
        if row is None and rows and lines[i].blank and _row_at(lines, i + 1):
            i += 1  # a page break in the middle of a table
            continue
        if row is None:
            break
        bare = 0 if any(segment.figures for segment in row) else bare + 1
        rows.append(row)
        spans.append((i, last))
        i = last + 1
    keep = len(rows) - bare
    return rows[:keep], spans[:keep]


def _row_at(lines: Sequence[Line], i: int) -> bool:
    return i < len(lines) and _row(lines[i]) is not None


def _is_label(lines: Sequence[Line], i: int) -> bool:
    """A short line of words only: a piece of a label that was wrapped."""
    if i >= len(lines):
        return False
    text = lines[i].text.strip()
    short = 0 < len(text) <= LABEL_REST and not any(char.isdigit() or char.isspace() for char in text)
    return short and not (begins_anew(text) or SENTENCE.search(text) or is_note_before(text) or is_title(text))


def _is_code_row(lines: Sequence[Line], i: int) -> list[str]:
    """The cells of a line of a code and figures, its label printed above and below it; else []."""
    cells = cells_of(lines[i].text) if i < len(lines) and len(lines[i].text) <= LONGEST_ROW else []
    coded = len(cells) > 1 and _CODE.match(cells[0]) and len(cells[0]) > 2
    return cells if coded and all(map(is_figure, cells)) else []


def _around_code(lines: Sequence[Line], i: int) -> tuple[list[_Segment] | None, int]:
    """A row printed on three lines: the label's first part, code and figures, the label's last part.

    The middle line may carry a part of the label too, wrapped at the same width.
    """
    first = lines[i].text.strip()
    cells = _is_code_row(lines, i + 1)
    middle = _row(lines[i + 1]) if i + 1 < len(lines) and not cells else None
    if cells:
        row = _Segment(cells[0], first, tuple(cells[1:]))
    elif (
        middle is not None
        and len(middle) == 1
        and middle[0].code
        and len(first) > 4
        and len(middle[0].label) == len(first)
    ):
        row = _Segment(middle[0].code, first + middle[0].label, middle[0].figures)
    else:
        return None, i
    if _is_label(lines, i + 2) and not _is_code_row(lines, i + 3):
        return [_Segment(row.code, row.label + lines[i + 2].text.strip(), row.figures)], i + 2
    return [row], i + 1


def _is_bare_row(text: str) -> bool:
    """A row without numbers among rows with them: numbered labels only."""
    return len(text) <= LONGEST_ROW and bool(_ITEM.match(text.strip())) and not SENTENCE.search(text)


def _laid(row: Sequence[_Segment], pieces: int, numbers: int, coded: bool) -> list[str]:
    """The cells of a row of the usual build: each piece with all its figures or with none."""
    if len(row) != pieces or any(len(segment.figures) not in {0, numbers} for segment in row):
        return [" ".join(part for s in row for part in (s.code, s.label, *s.figures) if part)]
    if not coded and any(segment.code for segment in row):
        return [" ".join(part for s in row for part in (s.code, s.label, *s.figures) if part)]
    cells: list[str] = []
    for segment in row:
        cells += ([segment.code] if coded else []) + [segment.label, *(segment.figures or ("",) * numbers)]
    return cells


def _header_at(lines: Sequence[Line], i: int) -> list[str]:
    """The words of line i, if it may be the header of the row below it; else []."""
    text = lines[i].text
    if (
        len(text) > LONGEST_ROW
        or lines[i].blank
        or SENTENCE.search(text)
        or i + 1 >= len(lines)
        or is_note_before(text)
    ):
        return []
    below = _row(lines[i + 1])
    words = [word for word in GAP.split(text.strip(SPACES + "\t")) if word]
    if below is None or len(words) < 2 or any(map(is_number, words)) or len(text.strip()) < 3 * len(words) - 1:
        return []
    wide = sum(1 + bool(segment.code) + len(segment.figures) for segment in below)
    return _glue_single(words) if len(words) > wide else words


def _glue_single(words: Sequence[str]) -> list[str]:
    """项 目 → 项目"""
    glued: list[str] = []
    for word in words:
        if glued and len(word) == 1 and len(glued[-1]) == 1:
            glued[-1] += word
        else:
            glued.append(word)
    return glued


@dataclass(frozen=True, slots=True)
class _Piece:
    """A cell of a padded row: its text and the half columns that it is printed in."""

    text: str
    start: int
    end: int

    @property
    def number(self) -> bool:
        return is_number(self.text)


def padded_region(text: str, lines: Sequence[Line], i: int) -> Region:
    """The table that begins with a header in line i, its columns padded with blanks, and the line after it.

    Only where the layout leaves no doubt: every number stands in one column, at most one cell of a row in each, and the
    numbers of a column share an edge. A text may run over several columns. Else no blocks: the words must decide.
    """
    if not _heads_padded(lines[i]):
        return None, i + 1
    end = _padded_end(lines, i)
    kept = [line for line in lines[i:end] if not _RULE.match(line.text)]
    if sum(any(map(str.isdigit, line.text)) for line in kept) < FEWEST_NUMBERED:
        return None, max(i + 1, end)
    for wide in _WIDE:
        rows = [_pieces(line.text, wide) for line in kept]
        columns = _columns(rows)
        if len(columns) > 1 and _is_clear(rows, columns):
            break
    else:
        return None, max(i + 1, end)  # not from the second line of a header either
    grid = Grid()
    for r, row in enumerate(rows):
        for piece in row:
            first, last = _covered(columns, piece)
            grid.put(r, first, piece.text, 1, last - first + 1)
    raws = tuple(text[line.start : line.end] for line in kept)
    return sections(Table(grid.rows(), page=lines[i].page, line=lines[i].number or None, raw_rows=raws)), end


def _heads_padded(line: Line) -> bool:
    """Two words and more with a wide gap between them, none of them a number or a note."""
    if line.blank or not _padded_line(line) or not _PADDING.search(line.text.strip(SPACES)):
        return False
    row = _pieces(line.text)
    return len(row) > 1 and not any(piece.number or is_note_before(piece.text) for piece in row)


def _padded_line(line: Line) -> bool:
    return len(line.text) <= LONGEST_PADDED and "|" not in line.text and "\t" not in line.text


def _padded_end(lines: Sequence[Line], i: int) -> int:
    """The line after the last row from line i on: a blank line, a note or a sentence ends them, labels alone do too."""
    end = i
    for j in range(i, min(len(lines), i + MOST_PADDED)):
        if lines[j].blank or not _padded_line(lines[j]):
            break
        cells = _PADDING.split(lines[j].text.strip(SPACES))
        if is_note_after(cells[0]) or is_note_before(cells[0]) or (len(cells) == 1 and _stands_alone(cells[0])):
            break
        end = j + 1 if len(cells) > 1 else end
    return end


def _stands_alone(text: str) -> bool:
    return len(text) > LONGEST_LABEL or ends_sentence(text) or (is_title(text) and text.endswith("表"))


def _pieces(text: str, wide: str = "WF") -> list[_Piece]:
    """A line cut at its wide gaps; the characters of a spread word (项  目) put together again.

    `wide` are the classes of characters that take two half columns.
    """
    row: list[_Piece] = []
    at = column = 0
    for gap in _PADDING.finditer(text + "  "):
        token = text[at : gap.start()]
        if token.strip(SPACES):
            start = column + _half_columns(token[: len(token) - len(token.lstrip(SPACES))], wide)
            piece = _Piece(token.strip(SPACES), start, start + _half_columns(token.strip(SPACES), wide))
            if row and len(piece.text) == 1 and len(row[-1].text) == 1 and not is_figure(piece.text):
                piece = _Piece(row[-1].text + piece.text, row[-1].start, piece.end)
                row.pop()
            row.append(piece)
        column += _half_columns(text[at : gap.end()], wide)
        at = gap.end()
    return row


def _half_columns(text: str, wide: str) -> int:
    return sum(2 if east_asian_width(char) in wide else 1 for char in text)


def _columns(rows: Sequence[Sequence[_Piece]]) -> list[tuple[int, int]]:
    """The half columns of each column, from what stands in one column only: what overlaps makes one column."""
    gaps = sorted({(a.end, b.start) for row in rows for a, b in pairwise(row)}, reverse=True)
    ends = [-end for end, _ in gaps]  # ascending
    nearest: list[int] = []  # the smallest start right of a gap, of the gaps so far
    for _, start in gaps:
        nearest.append(min(start, nearest[-1]) if nearest else start)

    def runs_over(piece: _Piece) -> bool:
        """It stands over or under two cells of another row."""
        k = bisect_right(ends, -piece.start - 1)
        return k > 0 and nearest[k - 1] < piece.end

    columns: list[tuple[int, int]] = []
    for start, end in sorted((p.start, p.end) for row in rows for p in row if not runs_over(p)):
        if columns and start < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(end, columns[-1][1]))
        else:
            columns.append((start, end))
    return columns


def _covered(columns: Sequence[tuple[int, int]], piece: _Piece) -> tuple[int, int]:
    """(first, last) column that a cell stands in."""
    touched = [c for c, (start, end) in enumerate(columns) if start < piece.end and piece.start < end]
    return (touched[0], touched[-1]) if touched else (0, -1)


def _is_clear(rows: Sequence[Sequence[_Piece]], columns: Sequence[tuple[int, int]]) -> bool:
    """No two cells in a column, no number in two or in one without a header; numbers in line; no label wrapped."""
    placed: list[dict[int, _Piece]] = []
    named: set[int] = set()  # columns with a word above
    for row in rows:
        cells: dict[int, _Piece] = {}
        taken = -1
        for piece in row:
            first, last = _covered(columns, piece)
            if first <= taken or last < first or (piece.number and first != last):
                return False
            cells[first], taken = piece, last
            named.update(() if piece.number else range(first, last + 1))
        numbers = {c: piece for c, piece in cells.items() if piece.number}
        if not named.issuperset(numbers):
            return False
        if not _counts_columns(list(numbers.values())):
            placed.append(numbers)
    filled = sum(any(piece.number for piece in row[1:]) for row in rows)
    coded = any(_CODE.match(row[0].text) and len(row[0].text) > 2 for row in rows)
    wrapped = coded and any(len(row) == 1 for row in rows)
    return filled >= FEWEST_NUMBERED and not wrapped and _in_line(placed)


def _counts_columns(numbers: Sequence[_Piece]) -> bool:
    """栏次 1 2 3: a row that numbers the columns stands where their headers stand, not where their numbers do."""
    return len(numbers) > 1 and [piece.text for piece in numbers] == [str(n) for n in range(1, len(numbers) + 1)]


def _in_line(rows: Sequence[dict[int, _Piece]]) -> bool:
    """Most numbers of each column end, begin or are centred at one place, and in a row with blanks all of them do.

    A number out of line in a full row can be no other column's; beside a blank it might be.
    """
    numbers: dict[int, list[_Piece]] = {}
    for row in rows:
        for c, piece in row.items():
            numbers.setdefault(c, []).append(piece)
    astray: set[_Piece] = set()
    for column in numbers.values():
        out = min((_out_of_line(column, edge) for edge in _EDGES), key=len)
        if len(out) > (1 - SAME_EDGE) * len(column):
            return False
        astray.update(out)
    return all(len(row) == len(numbers) or astray.isdisjoint(row.values()) for row in rows)


def _out_of_line(column: Sequence[_Piece], edge: Callable[[_Piece], int]) -> list[_Piece]:
    """The numbers whose edge is not where most have it, give or take a half column."""
    count = Counter(map(edge, column))
    usual = max(count, key=lambda at: count[at] + count[at + 1])
    return [piece for piece in column if edge(piece) not in (usual, usual + 1)]


_EDGES: tuple[Callable[[_Piece], int], ...] = (
    lambda piece: piece.end,
    lambda piece: piece.start,
    lambda piece: (piece.start + piece.end) // 2,
)

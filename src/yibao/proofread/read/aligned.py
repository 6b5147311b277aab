"""Tables flattened to plain lines, their cells separated by blanks only. Guessed, hence `weak`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from yibao.proofread.document import Table
from yibao.proofread.read.grid import Region, plain_rows
from yibao.proofread.read.lines import (
    SPACES,
    Line,
    begins_anew,
    is_figure,
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
_GAP = re.compile(r"[ \u3000\u00a0\u2002\u2003\t]{1,400}")
_CODE = re.compile(r"\d{1,7}$")
_ITEM = re.compile(r"[（(]?[一二三四五六七八九十]{1,3}[、)）]\S{2,20}")
_LETTER = re.compile(r"[\u4e00-\u9fffA-Za-z]")


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
    for token in _GAP.split(text.strip(SPACES + "\t")):
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
    if segments is None or not _LETTER.search(segments[0].label) or not any(s.figures for s in segments):
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
            row = [_Segment("", cell, ()) for cell in _GAP.split(lines[i].text.strip(SPACES))]
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
    words = [word for word in _GAP.split(text.strip(SPACES + "\t")) if word]
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

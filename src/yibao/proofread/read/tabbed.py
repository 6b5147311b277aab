"""Tables whose cells are separated by tabs, one row a line, as converters and spreadsheets write them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from yibao.proofread.document import Table
from yibao.proofread.read.grid import Region, is_prose, plain_rows, sections
from yibao.proofread.read.lines import (
    Line,
    begins_anew,
    ends_sentence,
    is_note_after,
    is_note_before,
    is_number,
    is_title,
)

MAX_STRAY = 60  #: characters; a longer line without a tab is not a row of a table
_MARKER = re.compile(r"[（(]?[\d一二三四五六七八九十]{1,4}[)）.、．]{0,2}$|[-*•·●■◆]$")
_PAGE = re.compile(r"[-—\s(（]{0,3}\d{1,3}[-—\s)）]{0,3}$")


def tab_region(text: str, lines: Sequence[Line], i: int) -> Region:
    """The table that begins in line i, and the line after it; no blocks for prose, a list or a contents page.

    A blank line ends it. One line without a tab inside does not, if tabs go on in the next line and it is no title.
    """
    end = _extent(lines, i)
    rows = _rows(text, lines, i, end)
    cells = [raw.replace("\n", "").split("\t") if "\t" in raw else [raw] for raw in rows]
    if _is_prose(cells) or _is_contents(cells):
        return None, end
    grid = plain_rows(cells)
    if not grid or len(grid[0]) < 2 or (len(grid) < 2 and len(grid[0]) < 3):
        return None, end
    return sections(Table(grid, page=lines[i].page, line=lines[i].number, raw_rows=tuple(rows))), end


def _extent(lines: Sequence[Line], i: int) -> int:
    end = i
    while end < len(lines):
        line = lines[end].text
        if "\t" in line:
            end += 1
        elif end > i and _stray(lines, end):
            end += 2
        else:
            break
    return end


def _stray(lines: Sequence[Line], i: int) -> bool:
    """Line i has no tab but is a row or a piece of one: short, no title or note, and tabs go on right after it."""
    line = lines[i].text.strip()
    if not line or len(line) > MAX_STRAY or i + 1 >= len(lines) or "\t" not in lines[i + 1].text:
        return False
    return not (
        is_note_before(line) or is_note_after(line) or is_title(line) or (ends_sentence(line) and begins_anew(line))
    )


def _rows(text: str, lines: Sequence[Line], i: int, end: int) -> list[str]:
    """The raw rows; a row broken inside a cell is put together where the widths prove it."""
    raws = [text[line.start : line.end] for line in lines[i:end]]
    counts = [raw.count("\t") for raw in raws]
    usual, times = Counter(counts).most_common(1)[0]
    if times * 2 < len(raws) or usual < 2:
        return raws
    rows: list[str] = []
    j = 0
    while j < len(raws):
        last, total = j, counts[j]
        while total < usual and last + 1 < len(raws) and counts[last + 1] < usual:
            last, total = last + 1, total + counts[last + 1]
        whole = total == usual and last > j and not raws[j].endswith("\t")
        last = last if whole else j
        rows.append(text[lines[i + j].start : lines[i + last].end])
        j = last + 1
    return rows


def _is_prose(rows: Sequence[Sequence[str]]) -> bool:
    """A numbered list ("1.<tab>text") or paragraphs indented with a tab, not a table."""
    full = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    full = [row for row in full if row]
    if not full:
        return True
    if all(len(row) == 1 for row in full):
        return len(full) < 2 or any(is_prose(row[0]) for row in full)
    return all(len(row) == 1 or (len(row) == 2 and _MARKER.match(row[0]) and not is_number(row[1])) for row in full)


def _is_contents(rows: Sequence[Sequence[str]]) -> bool:
    """A table of contents: two columns, headings and page numbers that never fall."""
    full = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    pages = [row[-1] for row in full if len(row) == 2]
    if len(full) < 2 or len(pages) < len(full) or not all(_PAGE.match(page) for page in pages):
        return False
    numbers = [int(re.sub(r"\D", "", page)) for page in pages]
    headed = sum(begins_anew(row[0]) for row in full)
    return numbers == sorted(numbers) and headed * 2 >= len(full)

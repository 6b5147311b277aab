"""Tables written in Markdown (`| a | b |`) and in HTML (`<table>`) inside a text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml import etree, html

from yibao.proofread.document import Table
from yibao.proofread.read.grid import Region, Span, flow, plain_rows, sections
from yibao.proofread.read.lines import Line

MAX_TABLE = 5_000_000  #: characters of one HTML table
MAX_OPEN_ROW = 6  #: lines that one Markdown row may be wrapped over
_RULE = re.compile(r"[|\s:\-—–=+]+$")
_BREAK = re.compile(r"<br\s{0,3}/?>", re.I)
_TAG_ONLY = re.compile(
    r"(?:\s{0,9}</?(?:html|body|div|p|center|tbody|thead|span|!doctype)\b[^<>]{0,200}>)+\s{0,9}$", re.I
)
_ROW_START = re.compile(r"<tr\b", re.I)
_TABLE_TAG = re.compile(r"<table\b|</table\s{0,3}>", re.I)


def is_wrapper(text: str) -> bool:
    """A line of nothing but HTML wrappers (`<html><body>`)."""
    return text.lstrip()[:1] == "<" and len(text) <= 1000 and bool(_TAG_ONLY.match(text))


def html_spans(text: str) -> list[tuple[int, int]]:
    """(start, end) of every outermost `<table>…</table>`, in order; one that is never closed is left out."""
    spans: list[tuple[int, int]] = []
    depth, start = 0, 0
    for found in _TABLE_TAG.finditer(text):
        if found[0][1] != "/":
            start = start if depth else found.start()
            depth += 1
        elif depth:
            depth -= 1
            if not depth and found.end() - start <= MAX_TABLE:
                spans.append((start, found.end()))
    return spans


def html_table(source: str, *, page: int | None = None, line: int | None = None) -> Table | None:
    """One HTML table with rowspan and colspan. Entities are decoded; nothing is fetched."""
    try:
        root = html.fragment_fromstring(source, parser=html.HTMLParser(no_network=True, huge_tree=False))
    except (etree.LxmlError, ValueError):
        return None
    outer = [row for row in root.iter("tr") if next(row.iterancestors("table"), None) is root]
    rows = [[_span(cell) for cell in row if cell.tag in {"td", "th"}] for row in outer]
    if not any(rows):
        return None
    starts = [found.start() for found in _ROW_START.finditer(source)]
    raw = (
        tuple(source[a:b] for a, b in zip(starts, [*starts[1:], len(source)], strict=True))
        if len(starts) == len(rows)
        else ()
    )
    grid = flow(rows)
    return Table(grid.rows(), page=page, line=line, raw_rows=raw if len(raw) == grid.height else ())


def _span(cell: html.HtmlElement) -> Span:
    for line_break in cell.iter("br"):
        line_break.tail = "\n" + (line_break.tail or "")
    text = "".join(str(part) for part in cell.itertext())
    return Span(" ".join(text.split(" ")).strip(), _count(cell.get("rowspan")), _count(cell.get("colspan")))


def _count(value: str | None) -> int:
    return int(value) if value and value.isdecimal() and len(value) < 6 else 1


def is_pipe_row(text: str) -> bool:
    """A row of a Markdown table: begins with a pipe, or has at least two."""
    return text.count("|") >= (2 if not text.lstrip().startswith("|") else 1) and len(text.strip()) > 1


def pipe_region(text: str, lines: Sequence[Line], i: int) -> Region:
    """The Markdown table that begins in line i, and the line after it.

    One blank line between rows is allowed where all rows are set like that. A row that opens with a pipe and does not
    close with one goes on in the next lines (a cell with a line break).
    """
    rows: list[tuple[int, int]] = []  # first and last line of each row
    j, loose = i, False
    while j < len(lines):
        if "|" not in lines[j].text:
            gap = lines[j].blank and j + 1 < len(lines) and is_pipe_row(lines[j + 1].text)
            if gap and (loose or len(rows) == 1) and not _is_rule(lines, j + 2):
                loose, j = True, j + 1
                continue
            break
        last = _row_end(lines, j)
        rows.append((j, last))
        j = last + 1
    if len(rows) < 2:
        return None, max(j, i + 1)
    raws = [text[lines[a].start : lines[b].end] for a, b in rows]
    kept = [raw for raw in raws if not _RULE.match(raw)]
    cells = plain_rows(split_pipes(raw) for raw in kept)
    if not cells or len(cells[0]) < 2:
        return None, j
    return sections(Table(cells, page=lines[i].page, line=lines[i].number, raw_rows=tuple(kept))), j


def _is_rule(lines: Sequence[Line], i: int) -> bool:
    return i < len(lines) and "-" in lines[i].text and bool(_RULE.match(lines[i].text))


def _row_end(lines: Sequence[Line], i: int) -> int:
    """The last line of the row that begins in line i."""
    if not lines[i].text.lstrip().startswith("|") or lines[i].text.rstrip().endswith("|"):
        return i
    for j in range(i + 1, min(i + 1 + MAX_OPEN_ROW, len(lines))):
        here = lines[j].text.strip()
        if here.startswith("|") or lines[j].blank:
            return i
        if here.endswith("|"):
            return j
    return i


def split_pipes(row: str) -> list[str]:
    r"""The cells of a row. An escaped pipe (`\|`) belongs to the cell.

    >>> split_pipes("| 合计 | 100 | ||")
    ['合计', '100', '', '']
    >>> split_pipes("合计 | 100")
    ['合计', '100']
    """
    marked = row.strip().replace("\\|", "\0")
    if marked.startswith("|"):
        marked = marked[1:]
    if marked.endswith("|"):
        marked = marked[:-1]
    return [_BREAK.sub("\n", cell).replace("\0", "|").strip().strip("*") for cell in marked.split("|")]

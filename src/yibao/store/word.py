"""Listings as a Word document of A4, to be printed, signed and sent: title, facts, tables, notes, a line to sign."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH

from yibao.paper.archive import document_bytes
from yibao.paper.grid import add_grid, fill_cell, repeat_heading
from yibao.paper.plain import BODY, LONG, NOTE, SHORT, add_notes, add_signature, add_text, plain_document
from yibao.store.listing import Listing, shown
from yibao.store.outputs import put_file

SMALLEST = 7.0  #: points
MARGIN = 18  #: millimetres
EM = 0.225  #: width of a Latin letter in millimetres for each point of its size, with some room
_FIGURE = re.compile(r"-?[\d,]+(\.\d+)?%?|—")


def write_document(
    path: Path, title: str, facts: Sequence[tuple[str, str]], listings: Sequence[Listing], notes: Sequence[str], sign: str, *, wide: bool = False
) -> None:  # fmt: skip
    """Write the document; `wide` lays the page on its side. UserError where the file cannot be written."""
    document = plain_document(title, MARGIN, wide=wide)
    add_text(document, "　　".join(f"{label}：{value}" for label, value in facts))
    for listing in listings:
        add_text(document, listing.title, bold=True).paragraph_format.keep_with_next = True
        _table(document, listing, (LONG if wide else SHORT) - 2 * MARGIN)
        add_notes(document, listing.notes)
    for note in notes:
        add_text(document, note, NOTE)
    add_signature(document, sign)
    put_file(path, document_bytes(document))


def _table(document: Any, listing: Listing, width: int) -> None:
    """As wide as the page; figures are never broken, so the letters shrink until they fit. The headings are repeated on every page."""
    cells = [[label for label, _ in listing.headings]]
    cells += [
        [shown(value, kind) for value, (_, kind) in zip(row, listing.headings, strict=True)] for row in listing.rows
    ]
    asks = [_asked([row[at] for row in cells]) for at in range(len(listing.headings))]
    size = max(SMALLEST, min(BODY, width / (sum(asks) * EM)))
    made = add_grid(document, len(cells), [width * ask / sum(asks) for ask in asks])
    repeat_heading(made.rows[0])
    for number, (texts, row) in enumerate(zip(cells, made.rows, strict=True)):
        for text, cell in zip(texts, row.cells, strict=True):
            align = WD_ALIGN_PARAGRAPH.RIGHT if number and _FIGURE.fullmatch(text) else WD_ALIGN_PARAGRAPH.LEFT
            fill_cell(cell, text, align, size=size, bold=not number or number - 1 in listing.bold)


def _asked(texts: Sequence[str]) -> int:
    """The width of a column in Latin letters: figures whole, words in two lines where they are long, with room at the sides."""
    figures = max((_length(text) for text in texts[1:] if _FIGURE.fullmatch(text)), default=0)
    words = max(_length(text) for text in texts if not _FIGURE.fullmatch(text))
    return max(figures, -(-words // 2), min(words, 10)) + 2


def _length(text: str) -> int:
    """In columns of a Latin letter."""
    return sum(1 if character.isascii() else 2 for character in text)

"""Every number that a package prints, with its words around it, and the pieces in which two packages are laid side by side.

Prose gives sentences and their clauses, tables give rows and their cells. What is no figure is left out: page numbers
of a table of contents, codes, line numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from yibao.proofread.alignment import Piece
from yibao.proofread.document import Table
from yibao.proofread.findings import Evidence
from yibao.proofread.forms.facts import FormContext, Key
from yibao.proofread.forms.grid import Grid, read_grid
from yibao.proofread.norm import normalise
from yibao.proofread.prose import Mention, Sentence, read_sentences
from yibao.proofread.quantity import Quantity
from yibao.proofread.reading import PROSE_CELL, FileReading, Reading

MASK = "#"  #: never in normalised text
TELLING = 8  #: Chinese characters from which on a sentence is looked for in the whole document
TELLING_ROW = 4
MAX_NAME = 30
_HANZI = re.compile(r"[\u4e00-\u9fff]")
_LEADER = re.compile(r"[.…·]{2,}$")
_CLAUSE_ENDS = "，；：。！？、"


@dataclass(frozen=True, slots=True)
class Printed:
    """One printed number."""

    key: Key
    quantity: Quantity
    evidence: Evidence
    name: str  #: its label in prose, row and column in a table
    source: str  #: "text" or "table"


@dataclass(frozen=True, slots=True)
class Part:
    """A piece with its numbers, in order. `columns` names them in a row of a table, else ()."""

    piece: Piece
    numbers: tuple[Printed, ...]
    columns: tuple[str, ...] = ()
    evidence: Evidence | None = None
    label: str = ""


@dataclass(frozen=True)
class Printings:
    """The numbers of one package in the pieces they stand in."""

    reading: Reading

    @cached_property
    def sentences(self) -> list[Part]:
        return [_sentence(s) for s in self.reading.sentences]

    @cached_property
    def clauses(self) -> list[list[Part]]:
        """The clauses of every sentence."""
        return [list(_clauses(s)) for s in self.reading.sentences]

    @cached_property
    def rows(self) -> list[Part]:
        return [part for file in self.reading.files for grid in _grids(file) for part in _rows(grid)]

    def numbers(self) -> Iterator[Printed]:
        """All numbers, prose first."""
        for part in (*self.sentences, *self.rows):
            yield from part.numbers


# ---- prose --------------------------------------------------------------------------------------------------------


def _sentence(s: Sentence) -> Part:
    figures = [m for m in s.mentions if _is_figure(m, s)]
    text = masked(s.text, s.start, figures)
    piece = _prose_piece(
        s.text, text, s, bare=not _HANZI.search(text) and any(m.quantity.unit or m.quantity.decimals for m in figures)
    )
    return Part(piece, tuple(_printed(m) for m in figures), (), s.evidence)


def _prose_piece(exact: str, text: str, s: Sentence, *, bare: bool = False) -> Piece:
    words = text if bare or _HANZI.search(text) else ""
    return Piece(exact, words, (" / ".join(s.section[-2:]),), _hanzi(text) >= TELLING, bare)


def _is_figure(m: Mention, s: Sentence) -> bool:
    """Not the page number behind a heading of the table of contents."""
    bare = m.quantity.unit is None and not m.quantity.decimals and not m.tail
    return not (bare and s.place.table is None and (_LEADER.search(m.lead) or not re.search("[，。；：、]", m.lead)))


def _printed(m: Mention) -> Printed:
    return Printed(m.key, m.quantity, m.evidence, (m.label or m.clause)[:MAX_NAME], "text")


def masked(text: str, start: int, mentions: Sequence[Mention]) -> str:
    """The text with every number and its unit masked. `start` is where the text begins in its paragraph."""
    out: list[str] = []
    at = 0
    for m in mentions:
        begin = m.key[-1] - start
        out += [text[at:begin], MASK]
        at = begin + m.quantity.end - m.quantity.start
    return "".join((*out, text[at:]))


def _clauses(s: Sentence) -> Iterator[Part]:
    figures = [m for m in s.mentions if _is_figure(m, s)]
    begin = 0
    for i, char in enumerate(s.text):
        if char not in _CLAUSE_ENDS and i + 1 < len(s.text):
            continue
        own = [m for m in figures if begin <= m.key[-1] - s.start <= i]
        raw = s.text[begin : i + 1].strip(_CLAUSE_ENDS)
        text = masked(s.text[begin : i + 1], s.start + begin, own).strip(_CLAUSE_ENDS)
        yield Part(_prose_piece(raw, text, s), tuple(_printed(m) for m in own))
        begin = i + 1


def _hanzi(text: str) -> int:
    return len(_HANZI.findall(text))


# ---- tables -------------------------------------------------------------------------------------------------------


def _grids(file: FileReading) -> Iterator[Grid]:
    for block, table in file.source.tables():
        context = FormContext(
            file.source.path, block, file.outline.sections[block], file.profile.year, offset=file.offset
        )
        yield read_grid(table, context)


def _rows(grid: Grid) -> Iterator[Part]:
    """The rows under the header. A number in the first label column or in a column of codes is part of the label."""
    contexts = (_caption(grid.table), "/".join(c.name for c in grid.value_columns))
    coded = {c.index for c in grid.columns if c.kind == "index"} | {grid.label_column(1)}
    for r in range(grid.header, len(grid.table.rows)):
        numbers: list[Printed] = []
        columns: list[str] = []
        words: list[str] = []
        for c, cell in enumerate(grid.table.rows[r][: len(grid.columns)]):
            if cell.origin is not None or not cell.text.strip():
                continue
            number = grid.number(r, c) if c not in coded else None
            if number is not None:
                label = number.label or next((w for w in words if _HANZI.search(w)), "")
                name = "·".join(x for x in (label, number.column) if x)[-2 * MAX_NAME :]
                numbers.append(Printed(number.key, number.quantity, number.evidence, name, "table"))
                columns.append(number.column)
            elif c in coded:
                words.append(normalise(cell.text[:PROSE_CELL]).text)
            elif len(cell.text) <= PROSE_CELL:
                text, inside = _words_of(grid, r, c, cell.text)
                words.append(text)
                numbers += inside
                columns += [f"{grid.columns[c].name}{MASK}{k}" for k in range(len(inside))]
        yield _row(grid, r, words, numbers, columns, contexts)


def _row(
    grid: Grid, r: int, words: list[str], numbers: list[Printed], columns: list[str], contexts: tuple[str, ...]
) -> Part:
    label = "|".join(words)
    exact = grid.table.quote(r)
    text = label if _HANZI.search(label) else ""
    evidence = grid.evidence(r, 0)
    return Part(
        Piece(exact, text, contexts, _hanzi(label) >= TELLING_ROW),
        tuple(numbers),
        tuple(columns),
        evidence,
        grid.row(r).name or label,
    )


def _caption(table: Table) -> str:
    return re.sub(r"[\d\W_]", "", normalise(table.caption).text)


def _words_of(grid: Grid, r: int, c: int, text: str) -> tuple[str, list[Printed]]:
    """A short cell that is no number: its words, and the numbers inside them ("产出指标（40分）")."""
    norm = normalise(text)
    evidence = grid.evidence(r, c)
    sentences = read_sentences(norm, 0, (), evidence.place)
    mentions = [m for s in sentences for m in s.mentions]
    found = [
        Printed(
            (*grid.context.key(r, c), m.key[-1]),
            m.quantity,
            replace(evidence, quote=text),
            norm.text[:MAX_NAME],
            "table",
        )
        for m in mentions
    ]
    return "".join(masked(s.text, s.start, s.mentions) for s in sentences) or norm.text, found


def cells(row: Part) -> list[Part]:
    """The numbers of a row one by one, named by label and column: for rows that have no twin as a whole."""
    return [
        Part(
            Piece(n.quantity.raw, n.name if _HANZI.search(n.name) else "", row.piece.contexts),
            (n,),
            (column,),
            n.evidence,
        )
        for n, column in zip(row.numbers, row.columns, strict=True)
    ]

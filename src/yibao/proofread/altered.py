"""What was changed in a file after it was printed: its lines beside those that the ledger recorded (ADR 0009).

Lines are laid side by side by their words (`alignment`). In a pair, a figure of another value was altered. What was
inserted, deleted or rewritten has no pair: it is counted and told, and is no mistake.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from yibao.proofread.alignment import Piece, align
from yibao.proofread.document import Cell, NamedFigure, Paragraph, Record, Source, Table
from yibao.proofread.printed_lines import Figure, Line, lines_in, lines_of

FEW = 5  #: altered figures that are never taken for another printing
_ALL = ("the file",)  #: one context: what it repeats equally often is paired in order
Slot = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Altered:
    """A figure that is not what was printed, at `start:end` of a paragraph (`row` None) or of a cell.

    `stated` is "" where it was taken out, `expected` is "" where none was printed.
    """

    block: int
    row: int | None
    column: int | None
    start: int
    end: int
    stated: str
    expected: str
    name: str = ""
    computed: bool = False  #: by a formula of the workbook

    @property
    def unsaved(self) -> bool:
        """No one took it out: the formula that stands there was saved without its result."""
        return self.computed and not self.stated

    @property
    def filled_in(self) -> bool:
        """Written where nothing was printed, as forms are: no mistake."""
        return not self.expected


@dataclass(frozen=True, slots=True)
class Held:
    """A file held against its record: what was altered, the lines that were not, and how many have no pair."""

    altered: tuple[Altered, ...] = ()
    same: tuple[Line, ...] = ()
    gone: int = 0  #: recorded lines that are not in the file any more
    new: int = 0  #: lines with figures that were not recorded
    compared: int = 0  #: figures
    foreign: bool = False  #: the record is of another printing, and says nothing of this file

    @property
    def edited(self) -> int:
        """How many figures somebody changed."""
        return sum(not (a.computed or a.filled_in) for a in self.altered)


def is_foreign(held: Iterable[Held]) -> bool:
    """Most figures differ: so much is not altered by hand."""
    files = tuple(held)
    edited = sum(h.edited for h in files)
    return edited > FEW and 2 * edited > sum(h.compared for h in files)


def held_against(source: Source, record: Record) -> Held:
    """The file beside its record. Work grows with the number of lines, not with its square."""
    printed = [line for text in record.lines for line in lines_in(text) if line.figures]
    known = {line.words for line in printed}
    current = [line for line in lines_of(source) if line.figures or line.words in known]
    pairs = {
        i: j
        for i, j in align([*map(_piece, printed)], [*map(_piece, current)]).items()
        if _columns(printed[i], current[j])
    }
    gone = len(printed) - len(pairs)
    met = set(pairs.values())
    new = sum(1 for j, line in enumerate(current) if line.figures and j not in met)
    altered: list[Altered] = []
    same: list[Line] = []
    for i, j in sorted(pairs.items(), key=lambda pair: pair[1]):
        found = list(_altered(source, printed[i], current[j], ordinals=not gone and not new))
        altered += found
        if current[j].figures and all(a.unsaved for a in found):
            same.append(current[j])
    compared = sum(len(printed[i].figures) for i in pairs)
    return Held(tuple(_named(source, altered, record.figures)), tuple(same), gone, new, compared)


def _piece(line: Line) -> Piece:
    return Piece(line.exact, line.words or "#", _ALL, True)


def _altered(source: Source, old: Line, new: Line, *, ordinals: bool) -> Iterator[Altered]:
    """The figures of one line that differ; the numbers of items only where no line was inserted or taken out."""
    before, after = _by_slot(old.figures, _columns(old, new)), _by_slot(new.figures)
    for slot in sorted({*before, *after}):
        a, b = before.get(slot), after.get(slot)
        if a is not None and b is not None and (a.value == b.value or (a.ordinal and b.ordinal and not ordinals)):
            continue
        yield _difference(source, new, slot, a, b)


def _columns(old: Line, new: Line) -> Mapping[int, int]:
    """Which cell of the old row is which of the new one: as many filled, in order; else in place, if the words are.

    {} where neither tells.
    """
    if len(old.filled) == len(new.filled):
        return dict(zip(old.filled, new.filled, strict=True))
    cells = range(max(len(old.kept), len(new.kept)))
    return {i: i for i in cells} if _worded(old) == _worded(new) else {}


def _worded(line: Line) -> list[int]:
    return [i for i, kept in enumerate(line.kept) if kept]


def _by_slot(figures: Sequence[Figure], columns: Mapping[int, int] | None = None) -> dict[Slot, Figure]:
    return {(columns[f.cell] if columns else f.cell, f.slot): f for f in figures}


def _difference(source: Source, line: Line, slot: Slot, old: Figure | None, new: Figure | None) -> Altered:
    start, end = (new.start, new.end) if new else _gap(source, line, slot)
    stated, expected = new.raw if new else "", old.raw if old else ""
    if line.row is None:
        return Altered(line.block, None, None, line.start + start, line.start + end, stated, expected)
    there = cell_at(source, line.block, line.row, slot[0])
    computed = there is not None and there.computed
    return Altered(line.block, line.row, slot[0], start, end, stated, expected, computed=computed)


def _gap(source: Source, line: Line, slot: Slot) -> tuple[int, int]:
    """The empty span where a figure was taken out: before the words behind it, or at the end of its sentence or cell."""
    cell, words = slot
    kept = line.kept[cell] if cell < len(line.kept) else ()
    if words < len(kept):
        return kept[words], kept[words]
    there = None if line.row is None else cell_at(source, line.block, line.row, cell)
    end = len(there.text) if there else line.end - line.start if line.row is None else 0
    return end, end


def cell_at(source: Source, block: int, row: int, column: int) -> Cell | None:
    """A cell of a file; None beyond the grid."""
    table = source.blocks[block]
    if not isinstance(table, Table) or column >= len(table.rows[row]):
        return None
    return table.rows[row][column]


def _named(source: Source, altered: Sequence[Altered], figures: Sequence[NamedFigure]) -> Iterator[Altered]:
    """With the name of the figure: of the very cell, else the only one of this number in the file."""
    places = {f.place: f.name for f in figures if f.place}
    numbers: dict[object, set[str]] = {}
    for f in figures:
        numbers.setdefault(_value(f.number), set()).add(f.name)
    for a in altered:
        names = numbers.get(_value(a.expected), set())
        name = places.get(_address(source, a)) or (next(iter(names)) if len(names) == 1 else "")
        yield replace(a, name=name)


def _value(number: str) -> object:
    return Figure(number, 0, 0, 0, 0).value


def _address(source: Source, a: Altered) -> str:
    """基础数据表!D8, as the ledger names a cell."""
    there = None if a.row is None or a.column is None else cell_at(source, a.block, a.row, a.column)
    if there is None or not there.address:
        return ""
    block = source.blocks[a.block]
    sheet = next((n for n in block.notes if n.startswith("工作表：")), "") if not isinstance(block, Paragraph) else ""
    return there.address if "!" in there.address else f"{sheet.removeprefix('工作表：')}!{there.address}"

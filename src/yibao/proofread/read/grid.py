"""Rows, spans and merges → `Table`; and a form of many parts cut at the title rows that run across it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from yibao.proofread.document import Block, Cell, Paragraph, Table
from yibao.proofread.read.lines import is_figure, is_note_after, is_note_before, is_title

MAX_COLUMNS = 1_000
MAX_CELLS = 200_000
#: what a shape finds in line i: (blocks, the line after them), or (None, the first line where it is worth looking again)
Region = tuple[list[Block] | None, int]
LONG_CELL = 60  #: characters; a longer cell with a full stop in it is prose


@dataclass
class Grid:
    """A table being laid out. `put` claims the area of a merged cell, `rows` fills what nobody claimed with blanks."""

    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    height: int = 0
    width: int = 0
    cut: bool = False  #: cells beyond `MAX_CELLS` were left out

    def put(
        self,
        row: int,
        col: int,
        text: str,
        row_span: int = 1,
        col_span: int = 1,
        *,
        address: str | None = None,
        anchor: int | None = None,
        computed: bool = False,
    ) -> None:
        """Place one cell with the area it covers. Areas already taken keep their first owner."""
        col_span = max(1, min(col_span, MAX_COLUMNS - col))
        row_span = max(1, row_span)
        if col >= MAX_COLUMNS or len(self.cells) + row_span * col_span > MAX_CELLS:
            self.cut = True
            return
        for r in range(row, row + row_span):
            for c in range(col, col + col_span):
                origin = None if (r, c) == (row, col) else (row, col)
                self.cells.setdefault((r, c), Cell("", r, c, origin=origin))
        self.cells[row, col] = Cell(text, row, col, row_span, col_span, None, address, anchor, computed)
        self.height, self.width = max(self.height, row + row_span), max(self.width, col + col_span)

    def free(self, row: int, col: int) -> int:
        """The first column from `col` on that no merge from above covers."""
        while (row, col) in self.cells:
            col += 1
        return col

    def rows(self) -> tuple[tuple[Cell, ...], ...]:
        blank = self.cells.get
        return tuple(tuple(blank((r, c)) or Cell("", r, c) for c in range(self.width)) for r in range(self.height))


@dataclass(frozen=True, slots=True)
class Span:
    """A cell in flow layout (HTML, a rebuilt form): it takes the next free column of its row."""

    text: str
    row_span: int = 1
    col_span: int = 1


def flow(rows: Sequence[Sequence[Span]]) -> Grid:
    """Lay out rows as a browser does: each cell at the next column not covered from above; spans end with the table."""
    grid = Grid()
    for r, row in enumerate(rows):
        c = 0
        for span in row:
            c = grid.free(r, c)
            height = min(span.row_span, len(rows) - r) if span.row_span > 0 else len(rows) - r
            grid.put(r, c, span.text, height, span.col_span)
            c += max(1, span.col_span)
    grid.height = min(grid.height, len(rows))
    return grid


def plain_rows(rows: Iterable[Sequence[str]]) -> tuple[tuple[Cell, ...], ...]:
    """Ragged rows of texts as a rectangle; columns blank in every row at the right edge are left out."""
    texts = [list(row)[:MAX_COLUMNS] for row in rows]
    width = max((max((i + 1 for i, text in enumerate(row) if text.strip()), default=0) for row in texts), default=0)
    return tuple(
        tuple(Cell(row[c].strip() if c < len(row) else "", r, c) for c in range(width)) for r, row in enumerate(texts)
    )


def cut_rows(table: Table, start: int, end: int) -> Table:
    """Rows start..end as a table of their own, numbered from 0; a merge that crosses the cut loses its origin."""
    rows = []
    for r in range(start, end):
        row = []
        for cell in table.rows[r]:
            origin = cell.origin
            if origin is not None:
                origin = (origin[0] - start, origin[1]) if start <= origin[0] < end else None
            row.append(replace(cell, row=r - start, origin=origin, row_span=min(cell.row_span, end - r)))
        rows.append(tuple(row))
    raw = table.raw_rows[start:end] if table.raw_rows else ()
    return replace(table, rows=tuple(rows), raw_rows=raw)


def is_prose(text: str) -> bool:
    """A long cell with sentences in it."""
    return len(text) > LONG_CELL and "。" in text


def across(table: Table, row: int) -> Cell | None:
    """The cell that alone fills a row: merged over every column. None if the row has other cells."""
    cells = table.rows[row]
    first = cells[0] if cells else Cell("", row, 0)
    if first.origin is not None or first.row_span > 1 or first.col_span < len(cells) or not first.text.strip():
        return None
    return first


def has_figure(table: Table, row: int) -> bool:
    """True for a row with a number in a column after the first."""
    return any(is_figure(cell.text) for cell in table.rows[row][1:] if cell.text)


def _restarts(table: Table, top: int, row: int) -> bool:
    """A second header begins: the first cell repeats the first header's word, other words follow, and no numbers."""
    first, head = table.text(row, 0).strip(), table.text(top, 0).strip()
    if row - top < 2 or len(first) < 2 or first != head or has_figure(table, row) or is_figure(first):
        return False
    if any(cell.origin is not None and cell.origin[0] < row for cell in table.rows[row]):
        return False
    texts = [cell.text for cell in table.rows[row]]
    return texts != [cell.text for cell in table.rows[top]] and sum(bool(t.strip()) for t in texts) > 1


def lines_of(cell: Cell) -> list[Block]:
    """The lines of a cell as paragraphs."""
    return [Paragraph(line.strip(), anchor=cell.anchor) for line in cell.text.split("\n") if line.strip()]


def _apart(table: Table, top: int, row: int) -> list[Cell] | None:
    """The cells of a row that is no row of the table but a line around it; None for an ordinary row.

    Filled by one merged cell; at the top blank, a lone title, only 单位：, 部门：, 公开01表; anywhere only 注：, 填表人：.
    """
    cell = across(table, row)
    if cell is not None:
        return [cell]
    cells = [cell for cell in table.rows[row] if cell.text.strip()]
    if row == top and all(is_note_before(cell.text) or (len(cells) == 1 and is_title(cell.text)) for cell in cells):
        return cells
    return cells if cells and all(is_note_after(cell.text) for cell in cells) else None


def sections(table: Table, opened: Callable[[Cell], list[Block]] = lines_of) -> list[Block]:
    """A form cut into its parts: title, note and prose rows become paragraphs (`opened`), what is between, tables.

    Nothing printed is dropped. A table without such rows comes back as it is.
    """
    blocks: list[Block] = []
    top = 0

    def close(end: int) -> None:
        if any(cell.text.strip() for row in table.rows[top:end] for cell in row):
            blocks.append(cut_rows(table, top, end))

    for r in range(len(table.rows)):
        cells = _apart(table, top, r)
        if cells is not None:
            close(r)
            blocks.extend(_lines_apart(table, r, cells, opened))
            top = r + 1
        elif _restarts(table, top, r):
            close(r)
            top = r
    if top == 0:
        return [table]
    close(len(table.rows))
    return blocks


def _lines_apart(table: Table, row: int, cells: list[Cell], opened: Callable[[Cell], list[Block]]) -> list[Block]:
    if table.raw_rows and cells and not (len(cells) == 1 and cells[0].col_span > 1):
        return [Paragraph(table.raw_rows[row].strip(), table.page, line=table.line)]
    found = [block for cell in cells for block in opened(cell)]
    return [replace(b, page=table.page) if isinstance(b, Paragraph) and b.page is None else b for b in found]

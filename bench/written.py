"""Writes a drawn document as a file: text with tables in four encodings, .docx with merges, .xlsx beside a text.

Knows where each mark went, in the text without blanks: quotes of findings are looked for in it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import docx
import openpyxl
from openpyxl.cell import Cell, MergedCell

from bench.marked import NARROW, Drawn, Grid, Para, Reading, bare

NUMBER = re.compile(r"-?[\d,]+(\.\d+)?$")


@dataclass(frozen=True, slots=True)
class Written:
    """The files, what they say without blanks, and the span of each mark in it."""

    paths: tuple[Path, ...]
    text: str
    places: Mapping[str, tuple[int, int]]


class Renderer:
    def __init__(self, doc: Drawn, changed: Mapping[str, str]) -> None:
        self.doc, self.reading = doc, Reading(doc.marks, changed)

    def plain(self, composed: str) -> str:
        return "".join(self.reading.text(c) if c in self.doc.marks else c for c in composed)

    def prose(self, composed: str) -> str:
        """A paragraph as this office prints it: blanks around figures, broken lines."""
        text, style = self.plain(composed), self.doc.style
        if style.spaced:
            text = re.sub(r"(?<=[\u4e00-\u9fff])(?=\d)|(?<=\d)(?=[\u4e00-\u9fff])", " ", text)
        return wrapped(text, style.wrap) if style.wrap else text

    def width(self, composed: str) -> int:
        return sum(2 if unicodedata.east_asian_width(c) in "FWA" else 1 for c in self.plain(composed))

    # --- tables as lines --------------------------------------------------------------------------------------------
    def table(self, grid: Grid, how: str) -> Iterator[str]:
        if how == "tabs":
            yield from ("\t".join(row) for row in grid.rows)
        elif how == "pipes":
            for i, row in enumerate(grid.rows):
                yield "| " + " | ".join(row) + " |"
                if i == 0:
                    yield "|" + "|".join([" --- "] * len(row)) + "|"
        elif how == "aligned":
            yield from self.aligned(grid)
        else:
            for row in grid.rows:
                yield from ("\t" + cell for cell in row)
                yield ""

    def aligned(self, grid: Grid) -> Iterator[str]:
        """Columns padded with blanks: labels to the left, figures to the right."""
        across = {(r, c): columns for r, c, _, columns in grid.merges if columns > 1}
        columns = range(len(grid.rows[0]))
        widths = [
            max([4, *(self.width(row[c]) for r, row in enumerate(grid.rows) if (r, c) not in across)]) for c in columns
        ]
        for r, row in enumerate(grid.rows):
            cells, end = [], 0
            for c in columns:
                if c < end:
                    continue
                end = c + across.get((r, c), 1)
                gap = " " * (sum(widths[c:end]) + 2 * (end - c - 1) - self.width(row[c]))
                cells.append(gap + row[c] if row[c][:1] in self.doc.marks else row[c] + gap)
            yield "  ".join(cells).rstrip()

    # --- whole documents --------------------------------------------------------------------------------------------
    def lines(self, how: str, prose: bool = True, tables: bool = True) -> Iterator[tuple[str, bool]]:
        """(line, whether it is prose), composed, with blank lines between blocks."""
        for block in self.doc.blocks:
            if isinstance(block, Para):
                if prose:
                    yield ("#" * block.level + " " if block.level and self.doc.style.hashes else "") + block.text, True
                    yield "", True
            elif tables:
                yield block.title, True
                yield "", True
                yield from ((line, False) for line in block.above)
                yield from ((line, False) for line in self.table(block, how))
                yield from ((line, False) for line in ("", *block.below, ""))


def wrapped(text: str, width: int) -> str:
    """Broken after so many characters, never inside a number."""
    out, line = [], ""
    for piece in re.findall(r"[\d.,%]+|.", text):
        if len(line) + len(piece) > width:
            out.append(line)
            line = ""
        line += piece
    return "\n".join([*out, line])


def _places(lines: list[str], render: Renderer) -> tuple[str, dict[str, tuple[int, int]]]:
    text, places, at = [], {}, 0
    for line in lines:
        for char in line:
            piece = bare(render.plain(char))
            if char in render.doc.marks:
                places[char] = (at, at + len(piece))
            text.append(piece)
            at += len(piece)
    return "".join(text), places


def write(doc: Drawn, how: str, folder: Path, changed: Mapping[str, str] | None = None) -> Written:
    """Write the document into the folder in one encoding: text, tabs, pipes, aligned, cells, docx, xlsx."""
    render = Renderer(doc, changed or {})
    folder.mkdir(parents=True, exist_ok=True)
    if how == "docx":
        lines = [line for line, _ in render.lines("tabs")]
        paths = [_docx(render, folder / "report.docx")]
    elif how == "xlsx":
        prose = list(render.lines("tabs", tables=False))
        lines = [line for line, _ in prose] + [line for line, _ in render.lines("tabs", prose=False)]
        paths = [_text(render, prose, folder / "report.txt"), _xlsx(render, folder / "tables.xlsx")]
    else:
        both = list(render.lines(how))
        lines = [line for line, _ in both]
        paths = [_text(render, both, folder / ("report.md" if how == "pipes" or doc.style.hashes else "report.txt"))]
    return Written(tuple(paths), *_places(lines, render))


def _text(render: Renderer, lines: list[tuple[str, bool]], path: Path) -> Path:
    path.write_text(
        "\n".join(render.prose(line) if prose else render.plain(line) for line, prose in lines) + "\n", "utf-8"
    )
    return path


def _docx(render: Renderer, path: Path) -> Path:
    out = docx.Document()
    for block in render.doc.blocks:
        if isinstance(block, Para):
            text = render.prose(block.text).replace("\n", "")
            _ = (
                out.add_heading(text, min(block.level, 4))
                if block.level and len(text) < 40
                else out.add_paragraph(text)
            )
            continue
        out.add_paragraph(render.plain(block.title))
        for line in block.above:
            out.add_paragraph(render.plain(line))
        table = out.add_table(len(block.rows), len(block.rows[0]))
        table.style = "Table Grid"
        grid = [list(row.cells) for row in table.rows]
        for r, c, rows, columns in block.merges:
            grid[r][c].merge(grid[r + rows - 1][c + columns - 1])
        for r, row in enumerate(block.rows):
            for c, text in enumerate(row):
                if text:
                    grid[r][c].text = render.plain(text)
        for line in block.below:
            out.add_paragraph(render.plain(line))
    out.save(str(path))
    return path


def _xlsx(render: Renderer, path: Path) -> Path:
    book = openpyxl.Workbook()
    for sheet in list(book):
        book.remove(sheet)
    for n, block in enumerate(render.doc.grids(), 1):
        sheet = book.create_sheet(f"表{n}")
        top = [[block.title], *([line] for line in block.above)]
        for r, row in enumerate([*top, *block.rows, *([line] for line in block.below)], 1):
            for c, text in enumerate(row, 1):
                _cell(sheet.cell(r, c), render.plain(text))
        for r, c, rows, columns in block.merges:
            first = r + len(top) + 1
            sheet.merge_cells(start_row=first, start_column=c + 1, end_row=first + rows - 1, end_column=c + columns)
    book.save(path)
    return path


def _cell(cell: Cell | MergedCell, text: str) -> None:
    """A figure as a number with the format that prints it; all else as text."""
    plain = text.translate(NARROW)
    if not text:
        return
    if NUMBER.match(plain) and len(plain) < 16 and not re.match(r"0\d|\d{3}$|\d{5}$|\d{7}$", plain):
        digits = plain.partition(".")[2]
        cell.value = float(plain.replace(",", ""))
        cell.number_format = ("#,##0" if "," in plain else "0") + ("." + "0" * len(digits) if digits else "")
    else:
        cell.value = text

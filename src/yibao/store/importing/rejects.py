"""The file of refused rows: the original headings and cells, where each row stood and why it was refused. Corrected, it is imported as it is."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils.exceptions import IllegalCharacterError

from yibao.store.importing.source import Source
from yibao.store.importing.sources import OWN_HEADINGS
from yibao.store.neutral import neutralise

MOST_IN_WORKBOOK = 20_000  #: rows; beyond, a CSV (which Excel may damage again when it opens it)


def headings_of(source: Source) -> list[str]:
    """The headings as they stood, with the unit that a title row had declared for all amounts: that row is not in the file of rejects."""
    units = {n.place: n for n in source.reading.named if n.unit and n.unit == source.head.unit}
    return [
        f"{heading.strip()}（{units[i].unit}）" if i in units and units[i].unit not in heading else heading.strip()
        for i, heading in enumerate(source.head.headings)
    ]


def write_rejects(folder: Path, name: str, source: Source, rows: Sequence[Sequence[object]]) -> Path:
    """`rows`: number, reason, then the raw cells. A workbook of text cells, so that opening it damages no code; a CSV where they are too many."""
    folder.mkdir(parents=True, exist_ok=True)
    own = [h for h in OWN_HEADINGS if h not in source.head.headings]
    headings = [*own, *headings_of(source)]
    lines = ([*(str(row[0]), str(row[1]))[: len(own)], *row[2:]] for row in rows)
    cells = [[neutralise(str(cell)) if cell is not None else "" for cell in line] for line in lines]
    if len(rows) <= MOST_IN_WORKBOOK:
        path = _free(folder, f"{name}.退回", ".xlsx")
        try:
            return _workbook(path, headings, cells)
        except IllegalCharacterError:
            path.unlink(missing_ok=True)
    path = _free(folder, f"{name}.退回", ".csv")
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([headings, *cells])
    return path


def _workbook(path: Path, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Path:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("退回")
    sheet.freeze_panes = "A2"
    for line in [headings, *rows]:
        cells = []
        for said in line:
            cell = WriteOnlyCell(sheet, said)
            cell.data_type, cell.number_format = "s", "@"
            cells.append(cell)
        sheet.append(cells)
    book.save(path)
    return path


def _free(folder: Path, stem: str, suffix: str) -> Path:
    """A name that nothing has yet: earlier rejects may still be worked on."""
    path, number = folder / f"{stem}{suffix}", 2
    while path.exists():
        path, number = folder / f"{stem}{number}{suffix}", number + 1
    return path

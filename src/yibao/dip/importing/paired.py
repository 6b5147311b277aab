"""Lists of codes, and maps from one system of codes to another: lines of `code name`, or tables with whatever columns beside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from yibao.dip.expressions import narrow
from yibao.dip.importing.headings import is_code
from yibao.dip.importing.sheets import Sheet, decoded, read_sheets


@dataclass(frozen=True, slots=True)
class Pair:
    """A line: a code and its name, or a code and the code that it becomes; or the reason why it cannot be read."""

    row: int
    code: str
    other: str = ""
    fault: str = ""
    is_heading: bool = False


def pairs(path: Path, system: str | None = None) -> Iterator[Pair]:
    """The lines of a list; of the map of a system, where one is named. UserError where the file cannot be read."""
    sheets = read_sheets(path)
    if not _is_table(path, sheets):
        for number, line in enumerate(decoded(path).splitlines(), 1):
            if parts := line.split(None, 1):
                yield Pair(number, parts[0], parts[1].strip() if len(parts) > 1 else "")
        return
    for sheet in sheets:
        yield from _of_sheet(sheet, system)


def _is_table(path: Path, sheets: Sequence[Sheet]) -> bool:
    """A text of two columns is read by its lines: a name may hold whatever separates cells elsewhere."""
    return bool(sheets and sheets[0].name) or any(
        len(cells) > 2 or path.suffix.lower() == ".csv" for sheet in sheets for _, cells in sheet.rows[:20]
    )


def _of_sheet(sheet: Sheet, system: str | None) -> Iterator[Pair]:
    places: tuple[int, int] | None = None
    for number, cells in sheet.rows:
        if not any(map(is_code, cells)) and (found := _places(cells, system)) is not None:
            places = found
            yield Pair(number, cells[found[0]], is_heading=True)
            continue
        code, other = (_at(cells, places[0]), _at(cells, places[1])) if places else _guessed(cells, system is not None)
        silent = [cell for cell in sheet.silent.get(number, ()) if places is None or cell.place in places]
        yield Pair(number, code, other, silent[0].said if silent else "")


def _at(cells: Sequence[str], place: int) -> str:
    return cells[place] if 0 <= place < len(cells) else ""


def _places(cells: Sequence[str], system: str | None) -> tuple[int, int] | None:
    """Where the two stand by a row of headings; the second may be nowhere. None where it is no such row.

    >>> _places(["序号", "诊断编码", "诊断名称"], None), _places(["医保版编码", "医保版名称", "临床版编码", "名称"], "临床版")
    ((1, 2), (2, 0))
    """
    said = [narrow(cell) for cell in cells]
    codes = [place for place, cell in enumerate(said) if "编码" in cell or "代码" in cell]
    if not codes:
        return None
    if system is None:
        names = [place for place, cell in enumerate(said) if "名称" in cell]
        return codes[0], min((place for place in names if place > codes[0]), default=-1)
    own = [place for place in codes if narrow(system) in said[place]] or codes
    source = own[0]
    return source, next((place for place in codes if place != source), -1)


def _guessed(cells: Sequence[str], is_map: bool) -> tuple[str, str]:
    """Without headings: what looks like a code, and the next one or what stands behind it."""
    codes = [place for place, cell in enumerate(cells) if is_code(cell)]
    if not codes:
        return next((cell for cell in cells if cell), ""), ""
    if is_map:
        return cells[codes[0]], cells[codes[1]] if len(codes) > 1 else ""
    return cells[codes[0]], next((cell for cell in cells[codes[0] + 1 :] if cell), "")

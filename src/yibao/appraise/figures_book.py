"""figures.xlsx: every figure of the year, every published value with its source, which one is printed, why, and where.

Sheets: 指标 (a row for each value), 印在何处 (a row for each printing), 取舍 (each contradiction with its choice); and what
the package itself is held against later: 印出原文 (each printed line with a number), 印出的文件 (ADR 0009).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from yibao.appraise.appraisal import Appraisal
from yibao.appraise.choices import Settled
from yibao.appraise.forms.paper import LINE, MOST_HEIGHT, lines_in, on_paper
from yibao.appraise.forms.xlsx import BODY, DRAFT, HEADING, RULED, SIZE, number_format
from yibao.appraise.printed import Printed
from yibao.appraise.typed import Key, Number, Typed
from yibao.paper.archive import empty_book, packed, put_text
from yibao.vocabulary.figures import load_figures
from yibao.vocabulary.ledger import FILES, LINES, PLACES

FIGURES = ("指标编号", "指标", "范围", "年度", "口径", "公开的数", "单位", "来源", "采用", "理由", "印在")
_WIDTHS = (34, 28, 26, 7, 10, 13, 8, 48, 8, 48, 48)
SETTLED = ("矛盾", "说明", "取", "理由")
TAKEN, LEFT, COMPUTED, WITHHELD = "采用", "未采用", "计算所得", "不印"
_GREY = PatternFill("solid", fgColor="E7E6E6")

Value = str | int | Number


@dataclass(frozen=True, slots=True)
class Written:
    """A file of the run: its name, the SHA-256 of its bytes, and its lines with a number as the proofreader reads them."""

    name: str
    digest: str
    lines: tuple[str, ...] = ()


def figures_workbook(
    appraisal: Appraisal, printed: Iterable[Printed], files: Sequence[Written] = (), *, draft: bool = False
) -> bytes:
    """The workbook; `printed` are the places of all documents, `files` what was written of them. Same input, same bytes."""
    places = sorted(set(printed))
    title = f"{appraisal.bureau.name}{appraisal.bureau.year}年度指标台账" + (f"（{DRAFT}）" if draft else "")
    book = empty_book(title)
    _sheet(book, "指标", title, FIGURES, _WIDTHS, _figures(appraisal, places))
    _sheet(book, PLACES.name, title, PLACES.columns, (46, 16, 48, 34), _places(appraisal, places))
    settled = ((s.contradiction.name, s.contradiction.said, s.take, s.reason) for s in appraisal.settled)
    _sheet(book, "取舍", title, SETTLED, (46, 70, 16, 60), settled)
    lines = ((file.name, n, line) for file in files for n, line in enumerate(file.lines, 1))
    _sheet(book, LINES.name, title, LINES.columns, (48, 7, 120), lines)
    _sheet(book, FILES.name, title, FILES.columns, (60, 80), ((file.name, file.digest) for file in files))
    return packed(book)


def _figures(appraisal: Appraisal, places: Sequence[Printed]) -> Iterator[Sequence[Value]]:
    """A row for each value of each figure, the chosen one with its places."""
    by_key: dict[Key, list[str]] = {}
    for printed in places:
        by_key.setdefault(printed.key, []).append(f"{printed.document} {printed.place}")
    reasons = {s.contradiction.name: s for s in appraisal.settled}
    book = appraisal.book
    for key in sorted({*book.values, *book.chosen}):
        chosen = book.chosen.get(key)
        values = list(book.values.get(key, ()))
        if chosen is not None and not any(value is chosen for value in values):
            values.append(chosen)
        for value in values:
            taken, why = _standing(appraisal, value, chosen, reasons, len(values) > 1)
            where = "；".join(by_key.get(key, ())) if value is chosen else ""
            yield (*_named(key), value.number, value.number.unit.symbol, _sources(value), taken, why, where)


def _named(key: Key) -> tuple[Value, ...]:
    return (key.figure, load_figures().get(key.figure).label, key.scope, key.year, key.basis_name)


def _sources(value: Typed) -> str:
    return "；".join(source.cited for source in value.sources)


def _standing(
    appraisal: Appraisal, value: Typed, chosen: Typed | None, reasons: Mapping[str, Settled], rivals: bool
) -> tuple[str, str]:
    """Is the value printed, and why that one."""
    key = value.key
    about = [s for name, s in reasons.items() if name == key.name or name.startswith(f"{key.name}：")]
    why = "；".join(s.reason for s in about) if rivals or about else ""
    if value is not chosen:
        return LEFT, why
    if key in appraisal.book.withheld:
        found = reasons.get(appraisal.book.withheld[key])
        return WITHHELD, found.reason if found else why
    computed = not any(value is published for published in appraisal.book.values.get(key, ()))
    return (COMPUTED if computed else TAKEN), why


def _places(appraisal: Appraisal, places: Sequence[Printed]) -> Iterator[Sequence[Value]]:
    for printed in places:
        typed = appraisal.book.chosen.get(printed.key)
        yield (printed.key.name, typed.number.printed if typed else "", printed.document, printed.place)


def _sheet(
    book: Workbook, name: str, title: str, header: Sequence[str], widths: Sequence[int], rows: Iterable[Sequence[Value]]
) -> None:
    sheet: Worksheet = book.create_sheet(name)
    _put(sheet.cell(1, 1), title, Font(name=HEADING, size=14))
    sheet.cell(1, 1).alignment = Alignment(wrap_text=False)
    for column, (text, width) in enumerate(zip(header, widths, strict=True), 1):
        _put(sheet.cell(2, column), text, Font(name=HEADING, size=SIZE))
        sheet.cell(2, column).fill, sheet.cell(2, column).border = _GREY, RULED
        sheet.column_dimensions[get_column_letter(column)].width = width
    last = 2
    for last, row in enumerate(rows, 3):
        for column, value in enumerate(row, 1):
            _put(sheet.cell(last, column), value, Font(name=BODY, size=SIZE))
            sheet.cell(last, column).border = RULED
        needed = max(lines_in(value, width) for value, width in zip(row, widths, strict=True) if isinstance(value, str))
        sheet.row_dimensions[last].height = min(needed * LINE, MOST_HEIGHT)
    sheet.freeze_panes = "A3"
    sheet.auto_filter.ref = f"A2:{get_column_letter(len(header))}{last}"
    sheet.print_title_rows = "2:2"
    on_paper(sheet, landscape=True)


def _put(cell: Any, value: Value, font: Font) -> None:
    cell.font = font
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    if isinstance(value, str):
        put_text(cell, value)
    elif isinstance(value, Number):
        percent = value.unit.symbol == "%"
        cell.value = value.value.scaleb(-2) if percent else value.value
        cell.number_format = number_format(value.decimals, "%" if percent else "")
    else:
        cell.value = value

"""Forms as workbooks: a sheet a form, formulas alive, the form's own words protected, ready for A4 paper.

Cells that a bureau fills in stay open (the protection has no password: 审阅—撤销工作表保护). What is printed is what
`Cell.text` says, to the last zero; a cell whose text is no number is text even where it begins with “=”.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from openpyxl.styles import Alignment, Border, Font, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from yibao.appraise.forms.formulas import PLACE, stored
from yibao.appraise.forms.paper import LINE, MOST_HEIGHT, lines_in, on_paper
from yibao.appraise.forms.table import Align, Cell, Form
from yibao.paper.archive import empty_book, packed, put_text

BODY, TEXT, HEADING, TITLE = "宋体", "仿宋_GB2312", "黑体", "方正小标宋简体"
SIZE, TITLE_SIZE = 10.5, 16
TOP = 4  #: the first row of a form: its number, title and unit stand above
LONGEST_SHEET_NAME = 31
DRAFT = "草稿"
_THIN = Side(style="thin")
RULED = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", "_"))
OPEN, CLOSED = Protection(locked=False), Protection(locked=True)


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a cell of a form stands in a workbook."""

    form: Form
    sheet: str
    row: int
    column: int
    cell: Cell

    @property
    def place(self) -> str:
        return f"{self.sheet}!{address(self.row, self.column)}"


def address(row: int, column: int) -> str:
    """The address of a form's cell.

    >>> address(0, 2)
    'C4'
    """
    return f"{get_column_letter(column + 1)}{TOP + row}"


def sheet_names(forms: Sequence[Form]) -> list[str]:
    """Names of the sheets: short, without what a sheet name cannot hold, each once."""
    found: list[str] = []
    for form in forms:
        plain = form.name.translate(_FORBIDDEN)[:LONGEST_SHEET_NAME].strip() or "表"
        name, at = plain, 2
        while name.casefold() in {other.casefold() for other in found}:
            tail = f"（{at}）"
            name, at = plain[: LONGEST_SHEET_NAME - len(tail)] + tail, at + 1
        found.append(name)
    return found


def placed(forms: Sequence[Form]) -> list[Placed]:
    """Every cell of the forms with its place in their workbook."""
    names = sheet_names(forms)
    return [
        Placed(form, name, r, c, cell) for form, name in zip(forms, names, strict=True) for r, c, cell in form.cells
    ]


def workbook(forms: Sequence[Form], label: str = "", *, draft: bool = False) -> bytes:
    """The forms as one .xlsx; `label` (附件1) stands above each title. The same forms give the same bytes."""
    book = empty_book(forms[0].title if forms else "")
    results: dict[int, dict[str, Decimal]] = {}
    for at, (form, name) in enumerate(zip(forms, sheet_names(forms), strict=True), 1):
        results[at] = _sheet(book.create_sheet(name), form, label, draft)
    return packed(book, results)


def _sheet(sheet: Worksheet, form: Form, label: str, draft: bool) -> dict[str, Decimal]:
    """One form; what its formulas give, by address."""
    last = form.columns
    widths = [*form.widths, *[12] * (last - len(form.widths))][:last]
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    _above(sheet, form, label, draft, last)
    results: dict[str, Decimal] = {}
    for r, c, cell in form.cells:
        _write(sheet, r, c, cell)
        if cell.formula and (value := stored(cell)) is not None:
            results[address(r, c)] = value
    for r, height in enumerate(_heights(form, widths)):
        sheet.row_dimensions[TOP + r].height = min(height, MOST_HEIGHT)
    end = TOP + len(form.grid)
    for row, text in enumerate(form.below, end):
        _line(sheet, row, 1, last, text, Font(name=TEXT, size=SIZE), "left")
        sheet.row_dimensions[row].height = min(LINE * lines_in(text, sum(widths)) + 9, MOST_HEIGHT)
        sheet.cell(row, 1).protection = OPEN
    _ready_to_print(sheet, form, max(end - 1 + len(form.below), TOP), last, draft)
    _protect(sheet)
    return results


def _above(sheet: Worksheet, form: Form, label: str, draft: bool, last: int) -> None:
    """附件1, the title, and the line with who filed it and the unit."""
    marked = "　".join(filter(None, (label, f"【{DRAFT}】" if draft else "")))
    _line(sheet, 1, 1, last, marked, Font(name=HEADING, size=SIZE), "left")
    _line(sheet, 2, 1, last, form.title, Font(name=TITLE, size=TITLE_SIZE), "center")
    sheet.row_dimensions[2].height = 32
    split = max(last - 2, 1)
    _line(sheet, 3, 1, split, form.above, Font(name=TEXT, size=SIZE), "left")
    if last > split:
        unit = f"单位：{form.unit}" if form.unit else ""
        _line(sheet, 3, split + 1, last - split, unit, Font(name=TEXT, size=SIZE), "right")
    sheet.row_dimensions[3].height = 20 if form.above or form.unit else 6


def _line(sheet: Worksheet, row: int, column: int, columns: int, text: str, font: Font, align: Align) -> None:
    put_text(sheet.cell(row, column), text)
    sheet.cell(row, column).font = font
    sheet.cell(row, column).alignment = Alignment(horizontal=align, vertical="center", wrap_text=True)
    if columns > 1:
        sheet.merge_cells(start_row=row, start_column=column, end_row=row, end_column=column + columns - 1)


def _write(sheet: Worksheet, r: int, c: int, cell: Cell) -> None:
    row, column = TOP + r, c + 1
    locked = CLOSED if cell.header or cell.label or cell.formula else OPEN
    for i in range(row, row + cell.rows):
        for j in range(column, column + cell.columns):
            sheet.cell(i, j).border = RULED
            sheet.cell(i, j).protection = locked
    target = sheet.cell(row, column)
    target.font = Font(name=HEADING if cell.header else BODY, size=SIZE)
    indent = cell.indent if cell.align == "left" else 0
    target.alignment = Alignment(horizontal=cell.align, vertical="center", wrap_text=True, indent=indent)
    if cell.rows > 1 or cell.columns > 1:
        bottom, right = row + cell.rows - 1, column + cell.columns - 1
        sheet.merge_cells(start_row=row, start_column=column, end_row=bottom, end_column=right)
    value = stored(cell)
    if value is None:
        put_text(target, "\n".join((cell.text, *(["", *cell.signed] if cell.signed else []))))
        return
    target.number_format = number_format(cell.decimals, cell.unit)
    target.value = f"={_formula(cell.formula)}" if cell.formula else value


def _formula(formula: str) -> str:
    return PLACE.sub(lambda m: address(int(m[1]), int(m[2])), formula)


def number_format(decimals: int, unit: str) -> str:
    """The format that prints a number with its places and its unit.

    >>> number_format(2, "%"), number_format(0, "万元")
    ('0.00%', '0"万元"')
    """
    places = "0" + ("." + "0" * decimals if decimals else "")
    return places + ("%" if unit == "%" else f'"{unit}"' if unit else "")


def _heights(form: Form, widths: Sequence[int]) -> list[float]:
    """Heights of the rows: what their own texts need, and the last row of a tall cell what is still wanting."""
    heights = [LINE * 1.4] * len(form.grid)
    tall = sorted(form.cells, key=lambda found: found[2].rows)
    for r, c, cell in tall:
        needed = LINE * lines_in(cell.text, sum(widths[c : c + cell.columns]) - cell.indent) + 6
        have = sum(heights[r : r + cell.rows])
        if needed > have:
            heights[r + cell.rows - 1] += needed - have
    return heights


def _ready_to_print(sheet: Worksheet, form: Form, last_row: int, last: int, draft: bool) -> None:
    """A4, one page wide; the header repeated; no grid on the screen."""
    on_paper(sheet, landscape=form.landscape, head=DRAFT if draft else "")
    sheet.print_options.horizontalCentered = True
    sheet.print_area = f"A1:{get_column_letter(last)}{last_row}"
    if form.header_rows:
        sheet.print_title_rows = f"1:{TOP - 1 + form.header_rows}"
        sheet.freeze_panes = f"B{TOP + form.header_rows}"
    sheet.sheet_view.showGridLines = False


def _protect(sheet: Worksheet) -> None:
    """The form's words and formulas are protected; widths and heights may be changed."""
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = sheet.protection.formatCells = False

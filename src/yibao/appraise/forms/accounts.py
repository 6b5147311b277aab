"""部门决算公开 01—09 from the figures that the book has; a cell that it lacks is open (guide §5.1).

Items are figures with a code of the classification as their scope; names of codes are those of the year. Every 合计 is
the sum of the rows below it, where that gives the published number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from yibao.appraise.appraisal import Appraisal
from yibao.appraise.forms.accounts_shape import AccountsShape, Items, Line, Sides, accounts_shape
from yibao.appraise.forms.formulas import alive, summed
from yibao.appraise.forms.printing import figure_cell, heading, number_cell, row_label, words
from yibao.appraise.forms.shape import told
from yibao.appraise.forms.table import Cell, Form
from yibao.appraise.typed import Key
from yibao.vocabulary.classification import Classification, load_classification
from yibao.vocabulary.labels import Basis

_CODE, _NAME, _AMOUNT, _LINE = 12, 36, 14, 6  #: widths of columns


@dataclass(frozen=True, slots=True)
class _Page:
    appraisal: Appraisal
    shape: AccountsShape

    def cell(self, figure: str, scope: str = "", basis: Basis = "final") -> Cell:
        """An amount; an open cell where the register has no such figure."""
        if not figure:
            return number_cell(None, self.shape.unit, align="right")
        key = Key(figure, scope, self.appraisal.bureau.year, basis)
        return figure_cell(self.appraisal.book, key, self.shape.unit, "right")

    def form(
        self, number: str, title: str, rows: list[list[Cell]], header: int, widths: Sequence[int], note: str
    ) -> Form:
        return Form(
            id=f"accounts:{number}",
            title=told(title, self.appraisal),
            name=f"{number}{title}",
            grid=alive(rows),
            unit=self.shape.unit,
            above=f"{self.shape.mark.format(number=number)}　{told(self.shape.department, self.appraisal)}",
            below=(told(note, self.appraisal),) if note else (),
            header_rows=header,
            widths=tuple(widths),
            landscape=len(widths) > 8,
        )


def accounts(appraisal: Appraisal) -> tuple[Form, ...]:
    """The nine tables in their order; none where the book has nothing for any of them."""
    page = _Page(appraisal, accounts_shape())
    forms = [*(_sides(page, table) for table in page.shape.sides), *(_items(page, table) for table in page.shape.items)]
    forms += [_economic(page), _three_public(page)]
    if not any(cell.number is not None for form in forms for _, _, cell in form.cells):
        return ()
    return tuple(sorted(forms, key=lambda form: form.id))


def _sides(page: _Page, table: Sides) -> Form:
    left, right = table.left, table.right
    widths = (_NAME, _LINE, *(_AMOUNT for _ in left.columns), _NAME, _LINE, *(_AMOUNT for _ in right.columns))
    top = [heading(left.header, columns=2 + len(left.columns)), heading(right.header, columns=2 + len(right.columns))]
    heads = [heading(text) for side in (left, right) for text in (page.shape.item, page.shape.line, *side.columns)]
    rows, foot = max(len(table.left_rows), len(table.right_rows)), max(len(table.left_totals), len(table.right_totals))
    lines = (
        _padded(table.left_rows, rows, table.left_totals, foot),
        _padded(table.right_rows, rows, table.right_totals, foot),
    )
    body = []
    for at in range(rows + foot):
        row: list[Cell] = []
        for side, (listed, number) in enumerate(zip(lines, (at + 1, rows + foot + at + 1), strict=True)):
            count = len((left, right)[side].columns)
            row += _line(page, listed[at], number, count)
        body.append(row)
    return page.form(table.number, table.title, [top, heads, *body], 2, widths, "")


def _padded(rows: Sequence[Line], length: int, totals: Sequence[Line], foot: int) -> list[Line | None]:
    """Rows from above, totals at the foot; the shorter side is blank between."""
    return [*rows, *[None] * (length - len(rows) + foot - len(totals)), *totals]


def _line(page: _Page, line: Line | None, number: int, columns: int) -> list[Cell]:
    if line is None:
        return [row_label(""), words(str(number)), *(Cell("") for _ in range(columns))]
    return [row_label(line.label), words(str(number)), *(page.cell(figure, line.scope) for figure in line.figures)]


def _items(page: _Page, table: Items) -> Form:
    """合计, then every code for which the book has one of the columns."""
    names = load_classification("functional")
    figures = [column.figure for column in table.columns if column.figure]
    codes = _codes(page.appraisal, figures, names)
    cells = [[page.cell(column.figure, code) for column in table.columns] for code in ("", *codes)]
    numbers = [cell.number for row in cells for cell in row if cell.number is not None]
    empty = bool(numbers) and not any(numbers)
    if empty:
        cells, codes = [[Cell("") for _ in table.columns]], []
    rows = [[heading(page.shape.code), heading(page.shape.name), *(heading(c.label) for c in table.columns)]]
    for at, (code, row) in enumerate(zip(("", *codes), cells, strict=True)):
        below = [1 + i for i, other in enumerate(("", *codes)) if i != at and _parent(other, codes) == code and other]
        label = [words(page.shape.sum, columns=2)] if not code else _coded(page, code, names)
        rows.append([*label, *(_sum(cell, below, 2 + c) for c, cell in enumerate(row))])
    widths = (_CODE, _NAME, *(_AMOUNT for _ in table.columns))
    return page.form(table.number, table.title, rows, 1, widths, table.none if empty else "")


def _codes(appraisal: Appraisal, figures: Sequence[str], names: Classification) -> list[str]:
    year = appraisal.bureau.year
    scopes = {key.scope for key in appraisal.book.chosen if key.figure in figures and key.year == year}
    return sorted(
        scope for scope in scopes if scope.isdigit() and names.level(scope) and names.entry(_class(scope, names))
    )


def _class(code: str, names: Classification) -> str:
    """The 类 of a code: it tells 20805 of 功能分类 from 30101 of 经济分类."""
    return code[: names.levels[0]]


def _parent(code: str, codes: Sequence[str]) -> str:
    """The nearest code above that the table has, "" for the total."""
    return max((other for other in codes if other != code and code.startswith(other)), key=len, default="")


def _coded(page: _Page, code: str, names: Classification) -> list[Cell]:
    name = names.name_of(code, page.appraisal.bureau.year) or ""
    return [row_label(code), row_label(name, (names.level(code) or 1) - 1)]


def _sum(cell: Cell, rows: Sequence[int], column: int) -> Cell:
    if cell.number is None or not rows:
        return cell
    return replace(cell, formula=summed([(r, column) for r in rows], cell.decimals))


def _economic(page: _Page) -> Form:
    """人员 on the left, 商品和服务 in the middle, the rest on the right; both totals at the foot."""
    shape, names = page.shape.economic, load_classification("economic")
    groups = [list(_economic_codes(page, group, names)) for group in shape.groups]
    heads = [heading(text) for _ in groups for text in (page.shape.code, page.shape.name, shape.amount)]
    height = max(map(len, groups))
    rows: list[list[Cell]] = [heads]
    for at in range(height):
        row: list[Cell] = []
        for g, group in enumerate(groups):
            row += _economic_row(page, group, at, 3 * g + 2, names)
        rows.append(row)
    people, running = (page.cell(line.figures[0]) for line in shape.totals)
    first, second = (
        replace(row_label(line.label), columns=columns) for line, columns in zip(shape.totals, (2, 5), strict=True)
    )
    rows.append([first, people, second, running])
    widths = (9, 26, _AMOUNT) * len(groups)
    return page.form(shape.number, shape.title, rows, 1, widths, "")


def _economic_codes(page: _Page, classes: Sequence[str], names: Classification) -> Iterator[str]:
    """Each class of a group, and below it the codes that the book has."""
    known = _codes(page.appraisal, [page.shape.economic.figure], names)
    for code in classes:
        yield code
        yield from (other for other in known if other.startswith(code) and other != code)


def _economic_row(page: _Page, group: Sequence[str], at: int, column: int, names: Classification) -> list[Cell]:
    if at >= len(group):
        return [row_label(""), row_label(""), Cell("")]
    code = group[at]
    cell = page.cell(page.shape.economic.figure, code)
    if cell.number is None:
        cell = page.cell(page.shape.economic.classes.get(code, ""))
    below = [1 + i for i, other in enumerate(group) if other != code and other.startswith(code)]
    return [*_coded(page, code, names), _sum(cell, below, column)]


def _three_public(page: _Page) -> Form:
    """One row: six columns of the budget, six of the result, the vehicles' three under one heading."""
    shape = page.shape.three_public
    count = len(shape.columns)
    vehicle = [i for i, column in enumerate(shape.columns) if ".vehicle" in column.figure]
    second: list[Cell] = []
    third: list[Cell] = []
    for _ in shape.halves:
        for i, column in enumerate(shape.columns):
            if i not in vehicle:
                second.append(heading(column.label, rows=2))
                continue
            if i == vehicle[0]:
                second.append(heading(shape.vehicles, columns=len(vehicle)))
            third.append(heading(column.label))
    cells = [page.cell(column.figure, basis=half.basis) for half in shape.halves for column in shape.columns]
    rows = [[heading(half.label, columns=count) for half in shape.halves], second, third, cells]
    return page.form(shape.number, shape.title, rows, 3, [11] * (count * len(shape.halves)), "")

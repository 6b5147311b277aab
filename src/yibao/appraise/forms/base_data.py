"""部门整体支出绩效评价基础数据表, seven columns: the amounts take two each, the buildings one (guide §4.3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from yibao.appraise.appraisal import Appraisal
from yibao.appraise.forms.formulas import alive, summed
from yibao.appraise.forms.place_shape import Row
from yibao.appraise.forms.printing import figure_cell, heading, row_label
from yibao.appraise.forms.shape import BaseDataShape, key_in, shapes, signature, told
from yibao.appraise.forms.table import Cell, Form
from yibao.appraise.report.words import stopped
from yibao.appraise.typed import Key
from yibao.errors import UserError
from yibao.vocabulary.figures import load_figures

WIDTHS = (38, 12, 12, 12, 14, 14, 14)


def base_data(appraisal: Appraisal) -> Form | None:
    """The form, with open cells for what the book does not have; None where it has nothing at all for it."""
    shape = shapes(appraisal.bureau.layout).base_data
    rows = [*_staff(appraisal, shape), *_spending(appraisal, shape)]
    if not any(cell.number is not None for row in rows for cell in row):
        return None
    rows += _buildings(appraisal, shape) if shape.buildings else []
    thrift = _words(appraisal, shape)
    rows += [[heading(shape.thrift), Cell(thrift, columns=6)]] if shape.thrift else []
    return Form(
        id="base_data",
        title=told(shape.title, appraisal),
        name="基础数据表",
        grid=alive(rows),
        unit=shape.unit,
        above=f"填报单位：{appraisal.bureau.name}",
        below=(*shape.below, *_explanations(appraisal, shape), signature("base_data", appraisal)),
        header_rows=0,
        widths=WIDTHS,
    )


def _explanations(appraisal: Appraisal, shape: BaseDataShape) -> Iterator[str]:
    """Why results of the form's rows lie far from their budget, one note each under a line that announces them."""
    figures = {row.figure for row in shape.spending.rows}
    notes: list[str] = []
    for item in appraisal.deviations:
        if item.done.figure in figures and item.done.basis == "final" and not item.missing:
            done, planned = (figure_cell(appraisal.book, key, shape.unit) for key in (item.done, item.planned))
            label = f"{item.done.scope} {load_figures().get(item.done.figure).label}".strip()
            said = {"name": label, "done": done.text, "planned": planned.text, "reason": stopped(item.reason)}
            notes.append(told(shape.explanation, appraisal, number=str(len(notes) + 1), **said))
    yield from (shape.explanations, *notes) if notes else ()


def _words(appraisal: Appraisal, shape: BaseDataShape) -> str:
    """厉行节约保障措施 as the bureau words it; UserError for words that no cell of a form holds."""
    unknown = [label for label in appraisal.bureau.words if label != shape.thrift]
    if unknown:
        known = f"可写的是“{shape.thrift}”" if shape.thrift else "这个版式的表里没有要写文字的格"
        raise UserError(f"“单位.yaml”的表内文字里，“{unknown[0]}”不是表里的一格，{known}。请改正。")
    return appraisal.bureau.words.get(shape.thrift, "")


def _staff(appraisal: Appraisal, shape: BaseDataShape) -> list[list[Cell]]:
    year = appraisal.bureau.year
    heads = [heading(told(column.label, appraisal), columns=2) for column in shape.staff.columns]
    cells = [figure_cell(appraisal.book, Key(c.figure, "", year, "final"), "人") for c in shape.staff.columns]
    filled = any(cell.number is not None for cell in cells)
    values = [
        replace(cell, columns=2, required=column.required and filled)
        for cell, column in zip(cells, shape.staff.columns, strict=True)
    ]
    return [[heading(shape.staff.header, rows=2), *heads], values]


def _spending(appraisal: Appraisal, shape: BaseDataShape) -> list[list[Cell]]:
    """The rows of amounts; a figure with `scopes` is followed by a row for each of its scopes and is their sum."""
    spending = shape.spending
    first = 3  # below the staff block and this block's header
    rows: list[list[Cell]] = []
    places: dict[str, int] = {}
    for row in spending.rows:
        places[row.figure] = first + len(rows)
        scopes = list(_scopes(row, appraisal))
        below = range(first + len(rows) + 1, first + len(rows) + 1 + len(scopes))
        rows.append(_line(appraisal, shape, row, "", below))
        rows += [_line(appraisal, shape, _part(row, scope), scope, ()) for scope in scopes]
    for row in spending.rows:
        if row.parts:
            line = rows[places[row.figure] - first]
            line[1:] = [_of_parts(cell, at, [places[part] for part in row.parts]) for at, cell in enumerate(line[1:])]
    filled = any(cell.number is not None for row in rows for cell in row)
    if not filled:
        rows = [[replace(cell, required=False) for cell in row] for row in rows]
    columns = (heading(told(column.label, appraisal), columns=2) for column in spending.columns)
    return [[heading(spending.header), *columns], *rows]


def _of_parts(cell: Cell, column: int, rows: Sequence[int]) -> Cell:
    """The cell as the sum of its parts; `alive` drops the formula where it does not give the number."""
    if cell.number is None:
        return cell
    return replace(cell, formula=summed([(r, 1 + 2 * column) for r in rows], cell.decimals))


def _scopes(row: Row, appraisal: Appraisal) -> Iterator[str]:
    if row.scopes is not None:
        keys = (key for key in appraisal.book.chosen if key.figure == row.figure and key.scope)
        yield from dict.fromkeys(key.scope for key in sorted(keys))


def _part(row: Row, scope: str) -> Row:
    return row.model_copy(update={"label": scope, "indent": row.scopes, "required": False})


def _line(appraisal: Appraisal, shape: BaseDataShape, row: Row, scope: str, below: Sequence[int]) -> list[Cell]:
    cells = [row_label(row.label, row.indent)]
    for at, column in enumerate(shape.spending.columns):
        cell = figure_cell(appraisal.book, key_in(row, column, appraisal, scope), shape.unit)
        due = row.required and column.year == 0 and column.basis == "final"
        formula = summed([(r, 1 + 2 * at) for r in below], cell.decimals) if below and cell.number is not None else ""
        cells.append(replace(cell, columns=2, required=due, formula=formula))
    return cells


def _buildings(appraisal: Appraisal, shape: BaseDataShape) -> list[list[Cell]]:
    """楼堂馆所: the register has no such figures, the cells are open."""
    heads = [heading(told(text, appraisal)) for text in shape.buildings]
    return [heads, [Cell("", align="center") for _ in shape.buildings]]

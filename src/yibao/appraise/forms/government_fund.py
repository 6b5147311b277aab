"""政府性基金预算支出情况表: the bureau's own government-fund money; labelled and empty, with its note, where there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from yibao.appraise.appraisal import Appraisal
from yibao.appraise.forms.formulas import alive, summed
from yibao.appraise.forms.printing import figure_cell, heading, row_label, scope_name
from yibao.appraise.forms.shape import GovernmentFundShape, shapes, signature, told
from yibao.appraise.forms.table import Cell, Form
from yibao.appraise.typed import Key

WIDTHS = (34, 15, 13, 13, 13, 13, 15)
_BLANK = Cell("", align="center")


def government_fund(appraisal: Appraisal) -> Form | None:
    """The form; None where the book does not say whether there was any: a figure of 0 says that there was none."""
    shape = shapes(appraisal.bureau.layout).government_fund
    scopes = ("", *_scopes(appraisal, shape))
    cells = [_amounts(appraisal, shape, scope) for scope in scopes]
    typed = [cell.number for line in cells for cell in line if cell.number is not None]
    if not typed:
        return None
    empty = not any(typed)
    rows = _header(shape)
    if empty:
        rows.append([row_label(shape.total), *(_BLANK for _ in cells[0])])
    else:
        rows += _rows(appraisal, shape, scopes, cells)
    return Form(
        id="government_fund",
        title=told(shape.title, appraisal),
        name="政府性基金",
        grid=alive(rows),
        unit=shape.unit,
        above=f"填报单位：{appraisal.bureau.name}",
        below=(*((told(shape.none, appraisal),) if empty else ()), signature("government_fund", appraisal)),
        header_rows=2,
        widths=WIDTHS,
        landscape=True,
    )


def _header(shape: GovernmentFundShape) -> list[list[Cell]]:
    opening, income, expense, closing = shape.above
    return [
        [
            heading(shape.rows_header, rows=2),
            heading(opening, rows=2),
            heading(income, rows=2),
            heading(expense, columns=3),
            heading(closing, rows=2),
        ],
        [heading(text) for text in shape.below],
    ]


def _figures(shape: GovernmentFundShape) -> tuple[str, ...]:
    return (shape.opening, shape.income, *shape.expense, shape.closing)


def _scopes(appraisal: Appraisal, shape: GovernmentFundShape) -> list[str]:
    """Projects, or items of the classification (the lowest level of each); institutions have a form of their own."""
    figures, units = _figures(shape), appraisal.bureau.units
    found = sorted({key.scope for key in appraisal.book.chosen if key.figure in figures and key.scope})
    return [
        scope
        for scope in found
        if scope not in units and not any(scope.isdigit() and o != scope and o.startswith(scope) for o in found)
    ]


def _amounts(appraisal: Appraisal, shape: GovernmentFundShape, scope: str) -> list[Cell]:
    """The row of a project, from what was left over at the beginning to what is left at the end."""
    year = appraisal.bureau.year
    keys = (Key(figure, scope, year, "final") for figure in _figures(shape))
    return [figure_cell(appraisal.book, key, shape.unit, "right") for key in keys]


def _rows(
    appraisal: Appraisal, shape: GovernmentFundShape, scopes: Sequence[str], cells: Sequence[list[Cell]]
) -> list[list[Cell]]:
    parts = range(3, 2 + len(scopes))
    rows = []
    for scope, line in zip(scopes, cells, strict=True):
        label = scope_name(scope, appraisal.bureau.year) if scope else shape.total
        if not scope and parts:
            line = [_summed(cell, parts, at) for at, cell in enumerate(line, 1)]
        rows.append([row_label(label, 1 if scope else 0), *line])
    return rows


def _summed(cell: Cell, parts: range, column: int) -> Cell:
    return (
        replace(cell, formula=summed([(r, column) for r in parts], cell.decimals)) if cell.number is not None else cell
    )

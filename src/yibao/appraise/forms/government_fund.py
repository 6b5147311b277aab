"""政府性基金预算支出情况表: the bureau's own government-fund money; labelled and empty, with its note, where there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from yibao.appraise.appraisal import Appraisal
from yibao.appraise.forms.formulas import alive, summed
from yibao.appraise.forms.printing import figure_cell, heading, row_label
from yibao.appraise.forms.shape import GovernmentFundShape, shapes, signature, told
from yibao.appraise.forms.table import Cell, Form
from yibao.appraise.typed import Key

WIDTHS = (34, 15, 13, 13, 13, 13, 15)
_BLANK = Cell("", align="center")


def government_fund(appraisal: Appraisal) -> Form | None:
    """The form; None where the book does not say whether there was any: a figure of 0 says that there was none."""
    shape = shapes(appraisal.bureau.layout).government_fund
    cells = [_pair(appraisal, shape, scope) for scope in ("", *_scopes(appraisal, shape))]
    typed = [cell.number for pair in cells for cell in pair if cell.number is not None]
    if not typed:
        return None
    empty = not any(typed)
    rows = _header(shape)
    rows += [[row_label(shape.total), *(_BLANK for _ in range(6))]] if empty else _rows(appraisal, shape, cells)
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


def _scopes(appraisal: Appraisal, shape: GovernmentFundShape) -> list[str]:
    figures = (shape.income, shape.expense)
    return sorted({key.scope for key in appraisal.book.chosen if key.figure in figures and key.scope})


def _pair(appraisal: Appraisal, shape: GovernmentFundShape, scope: str) -> tuple[Cell, Cell]:
    """Income and expenditure of the year."""
    year = appraisal.bureau.year
    income, expense = (
        figure_cell(appraisal.book, Key(figure, scope, year, "final"), shape.unit, "right")
        for figure in (shape.income, shape.expense)
    )
    return income, expense


def _rows(appraisal: Appraisal, shape: GovernmentFundShape, pairs: Sequence[tuple[Cell, Cell]]) -> list[list[Cell]]:
    labels = (shape.total, *_scopes(appraisal, shape))
    parts = range(3, 2 + len(labels))
    rows = []
    for at, (label, (income, expense)) in enumerate(zip(labels, pairs, strict=True)):
        if at == 0 and parts:
            income, expense = _summed(income, parts, 2), _summed(expense, parts, 3)
        rows.append([row_label(label, min(at, 1)), _BLANK, income, expense, _BLANK, _BLANK, _BLANK])
    return rows


def _summed(cell: Cell, parts: range, column: int) -> Cell:
    return (
        replace(cell, formula=summed([(r, column) for r in parts], cell.decimals)) if cell.number is not None else cell
    )

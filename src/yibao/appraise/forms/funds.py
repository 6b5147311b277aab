"""社会保险基金预决算收支情况表: one form a fund, last year's result, this year's budget and result (guide §6.1)."""

from __future__ import annotations

from dataclasses import replace

from yibao.appraise.appraisal import Appraisal
from yibao.appraise.forms.formulas import alive
from yibao.appraise.forms.printing import figure_cell, heading, row_label
from yibao.appraise.forms.shape import FundsShape, FundTable, key_in, shapes, signature, told
from yibao.appraise.forms.table import Cell, Form

WIDTHS = (38, 18, 18, 18)


def funds(appraisal: Appraisal) -> tuple[Form, ...]:
    """The forms of the funds of which the book has figures."""
    shape = shapes(appraisal.bureau.layout).funds
    made = (_form(appraisal, shape, table) for table in shape.tables)
    return tuple(form for form in made if any(cell.number is not None for _, _, cell in form.cells))


def _form(appraisal: Appraisal, shape: FundsShape, table: FundTable) -> Form:
    rows = _header(appraisal, shape)
    for row in table.rows:
        cells = [figure_cell(appraisal.book, key_in(row, c, appraisal), shape.unit, "right") for c in shape.columns]
        rows.append([row_label(row.label, row.indent), *(replace(cell, required=row.required) for cell in cells)])
    return Form(
        id=f"fund:{table.key}",
        title=told(table.title, appraisal),
        name=table.name,
        grid=alive(rows),
        unit=shape.unit,
        above=f"填报单位：{appraisal.bureau.name}",
        below=(signature("funds", appraisal),),
        header_rows=1,
        widths=WIDTHS,
    )


def _header(appraisal: Appraisal, shape: FundsShape) -> list[list[Cell]]:
    return [[heading(shape.header), *(heading(told(column.label, appraisal)) for column in shape.columns)]]

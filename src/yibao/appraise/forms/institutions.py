"""收支、三公、固定资产 by institution: a table each, the row of all above the rows of 预算单位 (岳阳 booklet, part two)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from yibao.appraise.appraisal import Appraisal
from yibao.appraise.forms.formulas import alive, kept, summed
from yibao.appraise.forms.place_shape import InstitutionsShape, InstitutionTable, Node
from yibao.appraise.forms.printing import figure_cell, heading, row_label
from yibao.appraise.forms.shape import shapes, told
from yibao.appraise.forms.table import Cell, Form
from yibao.appraise.typed import Key

_NAME, _AMOUNT = 34, 14  #: widths of columns


def institutions(appraisal: Appraisal) -> tuple[Form, ...]:
    """The tables of which the book has figures; () in a layout that has none."""
    shape = shapes(appraisal.bureau.layout).institutions
    made = [] if shape is None else [_form(appraisal, shape, table) for table in shape.tables]
    return tuple(form for form in made if any(cell.number is not None for _, _, cell in form.cells))


def _form(appraisal: Appraisal, shape: InstitutionsShape, table: InstitutionTable) -> Form:
    leaves = list(_leaves(table.columns))
    header = _header(shape.header, table.columns)
    units = appraisal.bureau.units
    rows = [*header, _row(appraisal, shape, shape.total, "", leaves)]
    rows += [_row(appraisal, shape, f"{at}、{unit}", unit, leaves) for at, unit in enumerate(units, 1)]
    return Form(
        id=f"institution:{table.key}",
        title=told(table.title, appraisal),
        name=table.name,
        grid=alive(_with_sums(rows, len(header), leaves)),
        unit=shape.unit,
        above=f"填报单位：{appraisal.bureau.name}",
        header_rows=len(header),
        widths=(_NAME, *(_AMOUNT for _ in leaves)),
    )


def _leaves(nodes: Sequence[Node]) -> Iterator[Node]:
    for node in nodes:
        yield from _leaves(node.columns) if node.columns else (node,)


def _depth(nodes: Sequence[Node]) -> int:
    return 1 + max((_depth(node.columns) for node in nodes if node.columns), default=0)


def _header(name: str, nodes: Sequence[Node]) -> list[list[Cell]]:
    """Rows of headings: one over columns is as wide as they are, one of a column reaches down to the figures."""
    depth = _depth(nodes)
    rows: list[list[Cell]] = [[heading(name, rows=depth)]]
    level = list(nodes)
    for at in range(depth):
        if at:
            rows.append([])
        for node in level:
            below = not node.columns
            rows[at].append(heading(node.label, rows=depth - at if below else 1, columns=len(list(_leaves([node])))))
        level = [child for node in level for child in node.columns]
    return rows


def _row(appraisal: Appraisal, shape: InstitutionsShape, label: str, scope: str, leaves: Sequence[Node]) -> list[Cell]:
    year = appraisal.bureau.year
    cells = (figure_cell(appraisal.book, Key(leaf.figure, scope, year, "final"), shape.unit) for leaf in leaves)
    return [row_label(label, 1 if scope else 0), *cells]


def _with_sums(rows: list[list[Cell]], header: int, leaves: Sequence[Node]) -> list[list[Cell]]:
    """The row of all as the sum of its institutions, and a column as the sum of its parts, where that gives the number."""
    columns = {leaf.figure: at for at, leaf in enumerate(leaves, 1)}
    units = range(header + 1, len(rows))
    plain = alive(rows)
    for r in range(header, len(rows)):
        for c, leaf in enumerate(leaves, 1):
            ways = [[(unit, c) for unit in units]] if r == header and units else []
            ways.append([(r, columns[part]) for part in leaf.parts])
            for places in filter(None, ways):
                cell = rows[r][c]
                found = kept(replace(cell, formula=""), summed(places, cell.decimals), plain)
                if found.formula:
                    rows[r][c] = found
                    break
    return rows

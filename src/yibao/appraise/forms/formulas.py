"""Formulas that stay alive in a workbook: from the declared identities, and only where they give the printed number.

A formula is written with the form's places, "{2,1}"; `value_of` computes it with Decimals, so what a workbook will show
is known before it is written. Amounts are rounded to their printed places: 18 + 23.65 is not 41.65 to a computer.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from yibao.appraise.forms.table import Cell, laid_out
from yibao.appraise.typed import Key
from yibao.vocabulary.intervals import round_half_up
from yibao.vocabulary.relations import Operand, Relation, load_relations

Place = tuple[int, int]
Grid = tuple[tuple[Cell | None, ...], ...]
PLACE = re.compile(r"\{(\d+),(\d+)\}")


def summed(places: Sequence[Place], decimals: int) -> str:
    """The formula of a sum; blanks and dashes among the places count as nothing.

    >>> summed([(1, 2), (3, 2)], 2)
    'ROUND(SUM({1,2},{3,2}),2)'
    """
    return f"ROUND(SUM({','.join(map(_at, places))}),{decimals})"


def difference(first: Place, second: Place, decimals: int) -> str:
    return f"ROUND({_at(first)}-{_at(second)},{decimals})"


def ratio(first: Place, second: Place, decimals: int) -> str:
    """The formula of a rate that is printed in percent with `decimals` places."""
    return f"ROUND({_at(first)}/{_at(second)},{decimals + 2})"


def _at(place: Place) -> str:
    return f"{{{place[0]},{place[1]}}}"


def stored(cell: Cell) -> Decimal | None:
    """The number that a workbook keeps: a fraction for a percentage."""
    return cell.number.scaleb(-2) if cell.number is not None and cell.unit == "%" else cell.number


def kept(cell: Cell, formula: str, grid: Grid) -> Cell:
    """The cell with its formula, or as it was where the formula does not give what is printed."""
    if cell.number is None or value_of(formula, grid) != stored(cell):
        return cell
    return replace(cell, formula=formula)


def alive(rows: Sequence[Sequence[Cell]]) -> Grid:
    """Rows laid out, each figure computed from the others of the form where a declared identity says how.

    A formula that the builder has written stays where it gives the printed number.
    """
    grid = _proved(laid_out(rows))
    places = {cell.key: (r, c) for r, row in enumerate(grid) for c, cell in enumerate(row) if cell and cell.key}
    used: dict[Place, frozenset[Place]] = {
        (r, c): places_in(cell.formula) for r, row in enumerate(grid) for c, cell in enumerate(row) if cell
    }
    done: list[list[Cell | None]] = [list(row) for row in grid]
    for r, row in enumerate(grid):
        for c, cell in enumerate(row):
            if cell is not None and not cell.formula:
                done[r][c] = computed = _computed(cell, (r, c), places, used, grid)
                used[r, c] = places_in(computed.formula)
    return tuple(tuple(row) for row in done)


def _proved(grid: Grid) -> Grid:
    return tuple(
        tuple(kept(replace(cell, formula=""), cell.formula, grid) if cell and cell.formula else cell for cell in row)
        for row in grid
    )


def places_in(formula: str) -> frozenset[Place]:
    return frozenset((int(m[1]), int(m[2])) for m in PLACE.finditer(formula))


def _computed(
    cell: Cell, place: Place, places: Mapping[Key, Place], used: Mapping[Place, frozenset[Place]], grid: Grid
) -> Cell:
    """The cell with the first formula that gives its number and goes in no circle."""
    if cell.key is None or cell.number is None:
        return cell
    for relation in load_relations():
        if relation.result.figure == cell.key.figure and relation.result.basis in (None, cell.key.basis):
            formula = _formula(relation, cell, places)
            if formula and not _reaches(places_in(formula), place, used):
                candidate = kept(cell, formula, grid)
                if candidate.formula:
                    return candidate
    return cell


def _reaches(starts: frozenset[Place], goal: Place, used: Mapping[Place, frozenset[Place]]) -> bool:
    seen: set[Place] = set()
    open_ = list(starts)
    while open_:
        place = open_.pop()
        if place == goal:
            return True
        if place not in seen:
            seen.add(place)
            open_ += used.get(place, frozenset())
    return False


def _formula(relation: Relation, cell: Cell, places: Mapping[Key, Place]) -> str:
    """The formula of a relation whose terms stand in the form, "" where one is missing."""
    assert cell.key is not None
    terms = [(operand, places.get(_key(operand, cell.key))) for operand in relation.terms]
    if any(place is None and operand.figure not in relation.optional for operand, place in terms):
        return ""
    present = [place for _, place in terms if place is not None]
    if relation.op == "sum" and relation.complete and len(present) > 1:
        return summed(present, cell.decimals)
    if relation.op == "difference" and len(present) == 2:
        return difference(present[0], present[1], cell.decimals)
    if relation.op == "ratio" and len(present) == 2 and cell.unit == "%" and relation.factor == 1:
        return ratio(present[0], present[1], cell.decimals)
    return ""


def _key(operand: Operand, key: Key) -> Key:
    return Key(operand.figure, key.scope, key.year + operand.shift, operand.basis or key.basis)


def value_of(formula: str, grid: Grid) -> Decimal | None:
    """What a formula gives; None where a place outside SUM holds no number, or on division by zero.

    >>> value_of("MIN({0,1},ROUND({0,0}*{0,1},1))", laid_out([[Cell("", number=Decimal("0.954")), Cell("", number=Decimal(10))]]))
    Decimal('9.5')
    """
    names = {f"p{m[1]}_{m[2]}": (int(m[1]), int(m[2])) for m in PLACE.finditer(formula)}
    tree = ast.parse(PLACE.sub(r"p\1_\2", formula), mode="eval").body
    values = {name: _number_at(place, grid) for name, place in names.items()}
    try:
        return _evaluated(tree, values)
    except (TypeError, ZeroDivisionError, ArithmeticError):
        return None


def _number_at(place: Place, grid: Grid) -> Decimal | None:
    r, c = place
    cell = grid[r][c] if r < len(grid) and c < len(grid[r]) else None
    return stored(cell) if cell else None


def _evaluated(node: ast.expr, values: Mapping[str, Decimal | None]) -> Decimal:
    if isinstance(node, ast.Constant):
        return Decimal(str(node.value))
    if isinstance(node, ast.Name):
        value = values[node.id]
        if value is None:
            raise TypeError(f"no number: {node.id}")
        return value
    if isinstance(node, ast.BinOp):
        left, right = _evaluated(node.left, values), _evaluated(node.right, values)
        if isinstance(node.op, ast.Add):
            return left + right
        if isinstance(node.op, ast.Sub):
            return left - right
        return left * right if isinstance(node.op, ast.Mult) else left / right
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        if node.func.id == "SUM":
            return sum(_filled(node.args, values), Decimal(0))
        numbers = [_evaluated(argument, values) for argument in node.args]
        return min(numbers) if node.func.id == "MIN" else round_half_up(numbers[0], int(numbers[1]))
    raise TypeError(f"unknown in a formula: {ast.dump(node)}")


def _filled(arguments: Sequence[ast.expr], values: Mapping[str, Decimal | None]) -> Iterator[Decimal]:
    for argument in arguments:
        value = values.get(argument.id) if isinstance(argument, ast.Name) else _evaluated(argument, values)
        if value is not None:
            yield value

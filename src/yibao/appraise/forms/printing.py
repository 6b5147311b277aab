"""Cells of the figures: what the book has, in a form's unit and as it was published; an open cell where it has none."""

from __future__ import annotations

from decimal import Decimal

from yibao.appraise.book import Book
from yibao.appraise.forms.table import Align, Cell
from yibao.appraise.identities import found
from yibao.appraise.typed import Key, Number, points
from yibao.vocabulary.classification import load_classification
from yibao.vocabulary.intervals import round_half_up
from yibao.vocabulary.units import UNITS

FINEST = 2  #: places behind the point of an amount that was published in a smaller unit than the form's


def in_unit(number: Number, unit: str) -> Number:
    """The number as a form in `unit` prints it: unchanged in its own unit, else converted, with the places that it has
    and `FINEST` at most: a column shows as many for each of its amounts.

    >>> from yibao.appraise.typed import number
    >>> [in_unit(number(text), "万元").printed for text in ("1.70万元", "20927123元", "869000元", "20.7806亿元")]
    ['1.70万元', '2092.71万元', '86.90万元', '207806万元']
    """
    target = UNITS.get(unit)
    if target is None or target == number.unit or target.dimension != number.unit.dimension:
        return number
    shift = (target.factor / number.unit.factor).adjusted()
    value = round_half_up(
        number.value * number.unit.factor / target.factor, max(0, min(FINEST, number.decimals + shift))
    )
    return Number(f"{value:f}", value, target)


def number_cell(number: Number | None, unit: str, key: Key | None = None, align: Align = "center") -> Cell:
    """A number under a header that tells its unit; one of another dimension (a rate, a count) brings its own."""
    if number is None:
        return Cell("", key=key, align=align)
    shown = in_unit(number, unit)
    own = "" if shown.unit.symbol == unit else shown.unit.symbol
    return Cell(shown.text + own, number=shown.value, decimals=shown.decimals, unit=own, key=key, align=align)


def figure_cell(book: Book, key: Key, unit: str, align: Align = "center") -> Cell:
    """The chosen value of a figure; an open cell where there is none or where it is not to be printed."""
    typed = found(book.chosen, key)
    if typed is None or typed.key in book.withheld:
        return number_cell(None, unit, key, align)
    return number_cell(typed.number, unit, typed.key, align)


def points_cell(value: Decimal, formula: str = "") -> Cell:
    """Points, without needless zeros."""
    text = points(value)
    return Cell(text, number=Decimal(text), decimals=len(text.partition(".")[2]), formula=formula, align="center")


def scope_name(scope: str, year: int) -> str:
    """A scope in words: the name that a code of the functional classification has that year, any other scope as it is."""
    return (load_classification("functional").name_of(scope, year) or scope) if scope.isdigit() else scope


def words(text: str, rows: int = 1, columns: int = 1, align: Align = "center") -> Cell:
    """Words of the form itself, in its body."""
    return Cell(text, rows=rows, columns=columns, align=align, label=True)


def heading(text: str, rows: int = 1, columns: int = 1) -> Cell:
    """Words of the form itself, at the head of columns or of a part."""
    return Cell(text, rows=rows, columns=columns, align="center", header=True)


def row_label(text: str, indent: int = 0) -> Cell:
    return Cell(text, label=True, indent=indent)

"""部门整体支出绩效自评评分表 (广东): every indicator with its weight, the standard that it is scored by, score and reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from yibao.appraise.appraisal import Appraisal
from yibao.appraise.forms.formulas import alive, summed
from yibao.appraise.forms.place_shape import ScorecardShape
from yibao.appraise.forms.printing import heading, points_cell, words
from yibao.appraise.forms.shape import shapes, signature, told
from yibao.appraise.forms.table import Align, Cell, Form
from yibao.appraise.quotes import Quoting
from yibao.appraise.scoring import ScoredRow, ScoredSheet
from yibao.appraise.sheet import Indicator
from yibao.appraise.typed import Key
from yibao.errors import UserError

WIDTHS = (11, 11, 17, 15, 19, 7, 38, 8, 24)
LONG = 12  #: characters of a cell that is set to the left, not in the middle
_WEIGHT, _SCORE = 5, 7  #: columns

Line = tuple[str, str, ScoredRow, Indicator | None]  #: levels, the row, the row as filed (None for the execution rate)


def scorecard(appraisal: Appraisal) -> tuple[Form, ...]:
    """The form of the department's own sheet; () without one, or in a layout that has no such form."""
    shape = shapes(appraisal.bureau.layout).scorecard
    own = [sheet for sheet in appraisal.sheets if not sheet.filed.sheet.project]
    return () if shape is None else tuple(_form(appraisal, shape, sheet) for sheet in own)


def _form(appraisal: Appraisal, shape: ScorecardShape, sheet: ScoredSheet) -> Form:
    quoting = Quoting(appraisal.book, appraisal.bureau.year)
    lines = _lines(sheet, shape)
    rows = [[heading(text) for text in shape.columns], *_body(lines, sheet, quoting)]
    rows.append(_sums(appraisal, shape, sheet, range(1, len(lines) + 1)))
    grade = [f"{shape.grade}：{sheet.grade}"] if sheet.grade else []
    return Form(
        id="scorecard",
        title=told(shape.title, appraisal),
        name="绩效自评评分表",
        grid=alive(rows),
        unit="分",
        above=f"填报单位：{appraisal.bureau.name}",
        below=(*grade, *shape.below, signature("scorecard", appraisal)),
        header_rows=1,
        widths=WIDTHS,
        landscape=True,
    )


def _lines(sheet: ScoredSheet, shape: ScorecardShape) -> list[Line]:
    """The rows in the order of the sheet; the execution rate opens its first level, or the form."""
    execution, *rest = sheet.rows
    filed = sheet.filed.sheet.rows
    lines: list[Line] = [(row.level1, row.level2, row, own) for row, own in zip(rest, filed, strict=True)]
    at = next((i for i, line in enumerate(lines) if line[0] == shape.level1), 0)
    return [*lines[:at], (shape.level1, shape.level2, execution, None), *lines[at:]]


def _body(lines: Sequence[Line], sheet: ScoredSheet, quoting: Quoting) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for first, of_first in groupby(lines, key=lambda line: line[0]):
        group = list(of_first)
        opened = [words(first, rows=len(group))]
        for second, of_second in groupby(group, key=lambda line: line[1]):
            own = list(of_second)
            opened.append(words(second, rows=len(own)))
            for _, _, row, indicator in own:
                rows.append([*opened, *_row(row, indicator, sheet, quoting)])
                opened = []
    return rows


def _row(row: ScoredRow, indicator: Indicator | None, sheet: ScoredSheet, quoting: Quoting) -> list[Cell]:
    funds = sheet.filed.sheet.funds
    target, actual, why, standard = ("", "", funds.reason, funds.standard)
    if indicator is not None:
        target, actual, why, standard = indicator.target, indicator.actual, indicator.why, indicator.standard
    return [
        words(row.name),
        Cell(row.target, quoted=tuple(quoting.keys(target)), align=_align(row.target)),
        Cell(row.actual, quoted=tuple(quoting.keys(actual)), align=_align(row.actual)),
        points_cell(row.weight),
        _standard(standard, sheet, quoting),
        points_cell(row.score),
        Cell(row.reason, quoted=tuple(quoting.keys(why))),
    ]


def _standard(text: str, sheet: ScoredSheet, quoting: Quoting) -> Cell:
    """The rule in words; UserError for a quote in it that finds nothing."""
    try:
        return Cell(quoting.text(text), quoted=tuple(quoting.keys(text)))
    except ValueError as error:
        raise UserError(f"“{sheet.filed.shown}”的评分标准“{text}”：{error}，请改正。") from error


def _align(text: str) -> Align:
    return "left" if len(text) > LONG else "center"


def _sums(appraisal: Appraisal, shape: ScorecardShape, sheet: ScoredSheet, rows: range) -> list[Cell]:
    weight = points_cell(sheet.weight, summed([(r, _WEIGHT) for r in rows], 2))
    score = points_cell(sheet.total, summed([(r, _SCORE) for r in rows], 2))
    key = Key("dept.appraisal.score", "", appraisal.bureau.year, "final")
    if (typed := appraisal.book.chosen.get(key)) is not None and typed.number.value == score.number:
        score = replace(score, key=key)
    return [heading(shape.sum, columns=5), weight, Cell(""), score, Cell("")]

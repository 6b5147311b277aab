"""The small forms of Yueyang's booklet: 基本概况, 定性与定量目标, 评价人员 with the opinions to be signed.

Names, telephone numbers and signatures are for the pen: their cells are blank.
"""

from __future__ import annotations

from itertools import groupby

from yibao.appraise.appraisal import Appraisal
from yibao.appraise.forms.formulas import alive
from yibao.appraise.forms.place_shape import BookletShape, Row
from yibao.appraise.forms.printing import figure_cell, heading, points_cell, words
from yibao.appraise.forms.shape import shapes, told
from yibao.appraise.forms.table import Align, Cell, Form
from yibao.appraise.scoring import ScoredRow, ScoredSheet
from yibao.appraise.typed import Key

LONG = 14  #: characters of a cell that is set to the left, not in the middle


def booklet(appraisal: Appraisal) -> tuple[Form, ...]:
    """The forms of the layout's booklet, () where it has none."""
    shape = shapes(appraisal.bureau.layout).booklet
    if shape is None:
        return ()
    own = next((sheet for sheet in appraisal.sheets if not sheet.filed.sheet.project), None)
    targets = (_targets(appraisal, shape, own),) if own is not None else ()
    return (_profile(appraisal, shape), *targets, _people(appraisal, shape))


def _profile(appraisal: Appraisal, shape: BookletShape) -> Form:
    rows = [[cell for row in line for cell in _pair(appraisal, row)] for line in shape.profile]
    return Form("booklet:profile", "", "基本概况", alive(rows), header_rows=0, widths=(16, 22, 16, 22))


def _pair(appraisal: Appraisal, row: Row) -> tuple[Cell, Cell]:
    if not row.figure:
        return heading(row.label), Cell("", align="center")
    key = Key(row.figure, "", appraisal.bureau.year, "final")
    return heading(row.label), figure_cell(appraisal.book, key, "人")


def _targets(appraisal: Appraisal, shape: BookletShape, sheet: ScoredSheet) -> Form:
    """What was aimed at beside what was reached, in words and indicator by indicator, score and grade at the foot."""
    levels, target, actual, score = shape.columns
    rows = [
        [heading(shape.qualitative, rows=2), heading(shape.expected, columns=3), heading(shape.reached, columns=2)],
        [Cell(sheet.expected, columns=3), Cell(sheet.reached, columns=2)],
        [
            heading(shape.quantitative, rows=len(sheet.rows) + 1), heading(levels, columns=2), heading(target),
            heading(actual), heading(score),
        ],
        *_lines(sheet),
        [heading(shape.score, columns=5), points_cell(sheet.total)],
    ]  # fmt: skip
    if sheet.grade:
        rows.append([heading(shape.grade, columns=5), words(sheet.grade)])
    return Form(
        id="booklet:targets",
        title=told("{year}年度整体支出绩效目标完成情况", appraisal),
        name="绩效目标完成情况",
        grid=alive(rows),
        header_rows=0,
        widths=(12, 12, 13, 33, 22, 8),
    )


def _lines(sheet: ScoredSheet) -> list[list[Cell]]:
    """A row for each indicator, levels merged downwards."""
    lines: list[list[Cell]] = []
    for first, of_first in groupby(sheet.rows, key=lambda row: row.level1):
        rows = list(of_first)
        opened = [words(first, rows=len(rows))]
        for second, of_second in groupby(rows, key=lambda row: row.level2):
            own = list(of_second)
            opened.append(words(second or first, rows=len(own)))
            for at, row in enumerate(own, 1):
                lines.append([*opened, *_line(row, at)])
                opened = []
    return lines


def _line(row: ScoredRow, number: int) -> tuple[Cell, ...]:
    said = f"指标{number}：{row.name}（{row.target}）"
    return Cell(said), Cell(row.actual, align=_align(row.actual)), points_cell(row.score)


def _align(text: str) -> Align:
    return "left" if len(text) > LONG else "center"


def _people(appraisal: Appraisal, shape: BookletShape) -> Form:
    """Lines for the evaluators, then the blocks that are signed."""
    columns = len(shape.people)
    rows = [[heading(text) for text in shape.people]]
    rows += [[Cell("", align="center") for _ in range(columns)] for _ in range(shape.blank_rows)]
    rows += [[Cell(block.text, columns=columns, label=True, signed=block.signed)] for block in shape.opinions]
    below = tuple(told(text, appraisal) for text in shape.below)
    return Form("booklet:people", "", "评价人员", alive(rows), below=below, header_rows=1, widths=(16, 18, 28, 18))

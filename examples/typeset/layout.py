"""What stands where in a form: boxes on a grid, the same for Word and for a workbook. Values in, boxes out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

LEFT, CENTER, RIGHT = "left", "center", "right"
INDICATOR_HEADER = (
    "一级指标",
    "二级指标",
    "三级指标",
    "年度指标值",
    "实际完成值",
    "分值",
    "得分",
    "偏差原因分析及改进措施",
)
LONG = 10  #: characters of a cell that is set to the left, not in the middle


@dataclass(frozen=True, slots=True)
class Box:
    """A cell, or a merged area of `rows` × `cols` whose text stands at its upper left corner."""

    row: int
    col: int
    text: str
    rows: int = 1
    cols: int = 1
    align: str = CENTER
    bold: bool = False
    indent: int = 0


def height(boxes: Sequence[Box]) -> int:
    """Rows that the boxes fill."""
    return max(box.row + box.rows for box in boxes)


def whole_form(form: Any, bureau: str) -> list[Box]:
    """部门整体支出绩效自评表, nine columns."""
    boxes = [Box(0, 0, "预算部门", bold=True), Box(0, 1, bureau, cols=8)]
    boxes += [Box(1, 0, "年度预算申请（万元）", rows=2 + len(form["natures"]), bold=True), *_funds_header(1)]
    funds = form["funds"]
    amounts = [funds[name] for name in ("initial", "adjusted", "executed", "weight", "rate", "score")]
    boxes += [Box(2, 1, "年度资金总额", cols=2), *_line(2, 3, amounts)]
    for row, (income, expense) in enumerate(form["natures"], start=3):
        boxes += [Box(row, 1, income, cols=4, align=LEFT), Box(row, 5, expense, cols=4, align=LEFT)]
    boxes += _goal(height(boxes), form)
    return [*boxes, *_indicators(height(boxes), form)]


def project_form(form: Any, bureau: str) -> list[Box]:
    """项目支出绩效自评表, nine columns."""
    boxes = [Box(0, 0, "项目名称", bold=True), Box(0, 1, form["project"], cols=8)]
    boxes += [Box(1, 0, "主管部门", bold=True), Box(1, 1, bureau, cols=3)]
    boxes += [Box(1, 4, "实施单位", bold=True), Box(1, 5, bureau, cols=4)]
    boxes += [Box(2, 0, "项目资金（万元）", rows=1 + len(form["funds"]), bold=True), *_funds_header(2)]
    for row, (name, *amounts) in enumerate(form["funds"], start=3):
        boxes += [Box(row, 1, name, cols=2), *_line(row, 3, amounts)]
    boxes += _goal(height(boxes), form)
    return [*boxes, *_indicators(height(boxes), form)]


def base_data(table: Any) -> list[Box]:
    """部门整体支出绩效评价基础数据表, seven columns: the amounts take two columns each, the buildings one."""
    boxes: list[Box] = []
    staff, buildings = table["staff"], table["buildings"]
    boxes.append(Box(0, 0, staff["header"][0], rows=2, bold=True))
    boxes += [replace(box, bold=True) for box in _line(0, 1, staff["header"][1:], cols=2)]
    boxes += _line(1, 1, staff["values"], cols=2)
    boxes += [replace(box, bold=True) for box in _pairs(2, table["header"])]
    for row, (label, indent, *values) in enumerate(table["rows"], start=3):
        boxes += [Box(row, 0, label, align=LEFT, indent=indent), *_line(row, 1, values, cols=2)]
    row = height(boxes)
    boxes += [replace(box, bold=True) for box in _line(row, 0, buildings["header"])]
    boxes += _line(row + 1, 0, buildings["values"])
    label, words = table["thrift"]
    return [*boxes, Box(row + 2, 0, label, bold=True), Box(row + 2, 1, words, cols=6, align=LEFT)]


def fund_table(rows: Sequence[Sequence[str | None]], columns: Sequence[str]) -> list[Box]:
    """A fund's income, expense and balances, four columns under a header of two rows: the year over 预算数 and 决算数."""
    years = [(name[:5], name[5:]) for name in columns]
    boxes = [Box(0, 0, "项目", rows=2, bold=True)]
    col = 1
    for year, group in groupby(years, key=lambda pair: pair[0]):
        kinds = [kind for _, kind in group]
        boxes += [Box(0, col, f"{year}", cols=len(kinds), bold=True)]
        boxes += [Box(1, col + i, kind, bold=True) for i, kind in enumerate(kinds)]
        col += len(kinds)
    for row, (label, *values) in enumerate(rows, start=2):
        outer = str(label)[0] in "一二三四五"
        indent = 0 if outer else 1 if str(label).startswith("（") else 2
        boxes.append(Box(row, 0, str(label), align=LEFT, indent=indent, bold=outer))
        boxes += [replace(box, align=RIGHT, bold=outer) for box in _line(row, 1, values)]
    return boxes


def _line(row: int, col: int, values: Sequence[str | None], cols: int = 1) -> list[Box]:
    return [Box(row, col + i * cols, value or "", cols=cols) for i, value in enumerate(values)]


def _pairs(row: int, values: Sequence[str]) -> list[Box]:
    return [Box(row, 0, values[0]), *_line(row, 1, values[1:], cols=2)]


def _funds_header(row: int) -> list[Box]:
    names = ("年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分")
    return [Box(row, 1, "", cols=2), *(replace(box, bold=True) for box in _line(row, 3, names))]


def _goal(row: int, form: Any) -> Iterator[Box]:
    yield Box(row, 0, "年度总体目标", rows=2, bold=True)
    for col, header, text in ((1, "预期目标", form["goal"]), (5, "实际完成情况", form["achieved"])):
        yield Box(row, col, header, cols=4, bold=True)
        yield Box(row + 1, col, text, cols=4, align=LEFT)


def _indicators(row: int, form: Any) -> Iterator[Box]:
    """The indicators with their levels merged downwards, and the total."""
    indicators = form["indicators"]
    yield Box(row, 0, "绩效指标", rows=len(indicators) + 1, bold=True)
    yield from (replace(box, bold=True) for box in _line(row, 1, INDICATOR_HEADER))
    for depth in (1, 2):
        at = row + 1
        for levels, group in groupby(indicators, key=lambda indicator: indicator[:depth]):
            rows = len(list(group))
            yield Box(at, depth, levels[-1], rows=rows)
            at += rows
    for at, indicator in enumerate(indicators, start=row + 1):
        for box in _line(at, 3, [*indicator[2:], ""]):
            yield replace(box, align=LEFT if len(box.text) > LONG else CENTER)
    last = row + 1 + len(indicators)
    yield Box(last, 0, "总分", cols=6, bold=True)
    yield from _line(last, 6, [*form["total"], ""])

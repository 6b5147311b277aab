"""The rows of an indicator table: indicators with their points, under headings that may carry points of their own.

Conversions leave such tables ragged: a row has a cell too many, a level cell slides left. Points are then read from the
right (the last two numbers are 分值 and 得分), levels by their words; such rows are marked `shifted`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal

from yibao.proofread.document import Table
from yibao.proofread.findings import Evidence
from yibao.proofread.forms.facts import FormContext
from yibao.proofread.forms.grid import MAX_COLUMNS, Number, cell_evidence, cell_quantity, clean_label, number_at
from yibao.proofread.forms.score_header import Header
from yibao.proofread.norm import normalise
from yibao.proofread.quantity import Quantity, is_blank, parse
from yibao.vocabulary.units import UNITS

POINTS = UNITS["分"]
MAX_POINTS = 1000  #: no sheet gives more
MAX_LABEL = 60

_LEVEL_WEIGHT = re.compile(
    r"(?P<name>.{2,30}?)(?:（(?P<a>\d{1,3}(?:\.\d{1,2})?)分?）|(?P<b>\d{1,3}(?:\.\d{1,2})?)分|(?<=标)(?P<c>\d{1,3}))"
)
_FIRST = re.compile(
    r"(?:产出|效益|满意度|成本|投入|过程|决策|效果|管理|履职|运行成本|预算执行|预算管理|可持续性?|部门决策|资金管理)(?:指标|目标)"
)
_SECOND = re.compile(
    r"(?:数量|质量|时效|成本|经济成本|社会成本|生态环境成本|经济效益|社会效益|生态效益|(?:可持续|持续)(?:影响|发展)"
    r"|(?:服务对象|社会公众|受益对象|群众|社会公众或服务对象|服务对象或受益人)?满意度)(?:指标|目标)"
)
_TOTAL = re.compile(r"(?:总分|合计|总计|(?:综合|自评|总)得分|自评总分|绩效自评综合得分|评价得分)(?:（.{1,12}）)?")
_SUBTOTAL = re.compile(r"小计(?:（.{1,12}）)?")
_NOT_APPLICABLE = re.compile(r"不适用|不涉及|无此项")
_COST = re.compile(r"成本")


@dataclass(frozen=True, slots=True)
class Heading:
    """A first- or second-level label. `weight` where it prints points of its own."""

    level: int
    name: str
    row: int
    weight: Number | None


@dataclass(frozen=True, slots=True)
class Indicator:
    """One line with points."""

    row: int
    evidence: Evidence
    name: str
    first: Heading | None
    second: Heading | None
    target: str
    actual: str
    operator: str
    unit: str
    reason: str | None  #: None where the sheet has no such column
    remark: str | None  #: the reason, or what stands in a column for remarks
    criteria: bool  #: the sheet prints its own scoring rule
    weight: Number | None
    score: Number | None
    actual_col: int
    target_col: int
    shifted: bool

    @property
    def cost(self) -> bool:
        """Under a cost heading: less is better."""
        return any(h is not None and _COST.search(h.name) for h in (self.first, self.second))


@dataclass(slots=True)
class Sheet:
    """What the indicator rows say, and the total line."""

    indicators: list[Indicator] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    subtotals: list[tuple[Heading | None, Number | None, Number | None]] = field(default_factory=list)
    total_weight: Number | None = None
    total_score: Number | None = None
    last: int = 0  #: the last row that belongs to the indicators


def split_weight(label: str) -> tuple[str, Decimal | None]:
    """A heading and its points.

    >>> split_weight("产出指标（50分）"), split_weight("数量指标20"), split_weight("不适用1")
    (('产出指标', Decimal('50')), ('数量指标', Decimal('20')), ('不适用1', None))
    """
    m = _LEVEL_WEIGHT.fullmatch(label)
    if m is None:
        return label, None
    points = m["a"] or m["b"] or m["c"]
    return m["name"].rstrip("：:"), Decimal(points)


def levels_of(label: str) -> frozenset[int]:
    """The levels that a label's words allow: {1}, {2}, both for 成本指标, none for an indicator's own name."""
    name, _ = split_weight(label)
    return frozenset(level for level, p in ((1, _FIRST), (2, _SECOND)) if p.fullmatch(name))


def read_sheet(table: Table, context: FormContext, headers: list[Header]) -> Sheet:
    """All indicator rows under one header, repeated or not."""
    reader = _Rows(table, context, headers[0])
    for number, header in enumerate(headers):
        reader.header = header
        end = headers[number + 1].row if number + 1 < len(headers) else len(table.rows)
        for row in range(header.row + header.height, end):
            if reader.read(row):
                return reader.sheet
    return reader.sheet


class _Rows:
    """Walks down the rows and remembers the headings."""

    def __init__(self, table: Table, context: FormContext, header: Header) -> None:
        self.table, self.context, self.header = table, context, header
        self.sheet = Sheet()
        self.current: dict[int, Heading | None] = {1: None, 2: None}

    def read(self, row: int) -> bool:
        """Read a row; True for the total line, which ends the sheet."""
        cells = {
            c: normalise(cell.text).text
            for c, cell in enumerate(self.table.rows[row][:MAX_COLUMNS])
            if cell.origin is None and cell.text and not _blank(cell.text)
        }
        if not cells:
            return False
        self.sheet.last = row
        first = cells[min(cells)]
        if _TOTAL.fullmatch(first) or any(_TOTAL.fullmatch(t) for c, t in cells.items() if c < self._points_from()):
            self.sheet.total_weight, self.sheet.total_score = self._sum_line(row)
            return True
        if any(_SUBTOTAL.fullmatch(t) for c, t in cells.items() if c < self._points_from()):
            self.sheet.subtotals.append((self.current[1], *self._sum_line(row)))
            return False
        self._read_indicator(row, cells)
        return False

    def _points_from(self) -> int:
        """The first points column; a sheet without points has none."""
        points = (self.header.col("weight"), self.header.col("score"))
        return min((c for c in points if c is not None), default=MAX_COLUMNS)

    def _sum_line(self, row: int) -> tuple[Number | None, Number | None]:
        """The last two numbers of a total line; one alone by its column."""
        numbers = {c: q for c in range(1, min(len(self.table.rows[row]), MAX_COLUMNS)) if (q := self._point(row, c))}
        last = sorted(numbers)[-2:]
        at_weight, at_score = self.header.col("weight"), self.header.col("score")
        if len(last) == 2 and at_weight is not None and at_score is not None:
            at_weight, at_score = last
        return self._number(row, at_weight, numbers, "分值"), self._number(row, at_score, numbers, "得分")

    def _points(self, row: int, after: int) -> tuple[Number | None, Number | None, bool]:
        """(weight, score, shifted) of a row: at their columns, or else the last two neighbours that are numbers."""
        at_weight, at_score = self.header.col("weight"), self.header.col("score")
        if at_weight is None and at_score is None:
            return None, None, False
        numbers = {
            c: q for c in range(after + 1, min(len(self.table.rows[row]), MAX_COLUMNS)) if (q := self._point(row, c))
        }
        beyond = any(c > max(at_weight or 0, at_score or 0) for c in numbers)
        weight_here = at_weight in numbers or (at_weight is None and at_score in numbers)
        score_here = at_score is None or at_score in numbers or _blank(self.table.text(row, at_score))
        if weight_here and score_here and not beyond:
            return self._number(row, at_weight, numbers, "分值"), self._number(row, at_score, numbers, "得分"), False
        last = sorted(numbers)[-2:]
        if at_weight is not None and at_score is not None and len(last) == 2 and last[1] == last[0] + 1:
            return self._number(row, last[0], numbers, "分值"), self._number(row, last[1], numbers, "得分"), True
        if len(numbers) == 1 and at_score in numbers and self.table.spread(row, at_weight or 0) == "":
            return None, self._number(row, at_score, numbers, "得分"), False
        return None, None, bool(numbers)

    def _point(self, row: int, col: int) -> Quantity | None:
        q = cell_quantity(self.table.text(row, col))
        if q is None or q.operator or q.approx or not 0 <= q.value <= MAX_POINTS:
            return None
        if q.unit is not None and q.unit.symbol not in ("分", "%"):
            return None
        if q.unit is not None and q.unit.symbol == "%" and col != self.header.col("weight"):
            return None
        return replace(q, unit=POINTS)

    def _number(self, row: int, col: int | None, numbers: dict[int, Quantity], column: str) -> Number | None:
        if col is None or col not in numbers:
            return None
        return number_at(self.table, self.context, row, col, numbers[col], "总分", column)

    def _named(self, number: Number | None, name: str) -> Number | None:
        if number is None:
            return None
        row, col = number.key[-2:]
        return number_at(self.table, self.context, row, col, number.quantity, name[:MAX_LABEL], number.column)

    def _read_indicator(self, row: int, cells: dict[int, str]) -> None:
        aligned = self._aligned(cells)
        weight, score, shifted = self._points(row, self.header.name if aligned else min(cells))
        if aligned:
            for level, col in enumerate(self.header.levels, start=1):
                self._turn(row, level, self.table.spread(row, col), col)
            name = normalise(self.table.spread(row, self.header.name)).text
            target, actual = (self._text(row, role) for role in ("target", "actual"))
        else:
            end = weight.key[-1] if weight is not None else self._points_from()
            name, target, actual = self._by_words(row, {c: t for c, t in cells.items() if c < end})
        pointless = self._points_from() == MAX_COLUMNS and target and actual
        if (weight is None and score is None and not pointless) or not name:
            return
        if _NOT_APPLICABLE.match(name) and not score:
            return
        name = split_weight(clean_label(name))[0]
        reason = None if self.header.col("reason") is None or shifted else self._text(row, "reason")
        shown = score or weight
        where = shown.key[-1] if shown is not None else self.header.col("actual") or 0
        self.sheet.indicators.append(
            Indicator(
                row=row,
                evidence=cell_evidence(self.table, self.context, row, where, name[:MAX_LABEL], ""),
                name=name,
                first=self.current[1],
                second=self.current[2],
                target=target,
                actual=actual,
                operator=self._text(row, "operator"),
                unit=self._text(row, "unit"),
                reason=reason,
                remark=None
                if shifted
                else reason or (self._text(row, "remark") if self.header.col("remark") else reason),
                criteria=self.header.col("criteria") is not None,
                weight=self._named(weight, name),
                score=self._named(score, name),
                actual_col=self._where(row, "actual", actual),
                target_col=self._where(row, "target", target),
                shifted=shifted or not aligned,
            )
        )

    def _where(self, row: int, role: str, text: str) -> int:
        """The column where a text stands: its own, or wherever a ragged row has put it."""
        own = self.header.col(role)
        if own is not None and normalise(self.table.text(row, own)).text == text:
            return own
        return next((c for c, cell in enumerate(self.table.rows[row]) if normalise(cell.text).text == text), own or 0)

    def _text(self, row: int, role: str) -> str:
        col = self.header.col(role)
        return "" if col is None else normalise(self.table.spread(row, col)).text

    def _aligned(self, cells: dict[int, str]) -> bool:
        """No level word stands outside its column."""
        header = self.header
        columns = dict(enumerate(header.levels, start=1))
        for col, text in cells.items():
            if col >= self._points_from() or len(text) > MAX_LABEL:
                continue
            allowed = levels_of(text)
            if allowed and not any(columns.get(level) == col for level in allowed):
                return header.name == col and not header.levels
        return True

    def _turn(self, row: int, level: int, text: str, col: int) -> None:
        """A new heading of a level; a heading of the first level ends the second."""
        label = normalise(text[:MAX_LABEL]).text
        if not label:
            return
        name, points = split_weight(clean_label(label))
        now = self.current[level]
        if now is not None and now.name == name:
            return
        heading = Heading(level, name, row, self._heading_weight(row, col, name, points))
        self.current[level] = heading
        self.sheet.headings.append(heading)
        if level == 1:
            self.current[2] = None

    def _heading_weight(self, row: int, col: int, name: str, points: Decimal | None) -> Number | None:
        """Points printed in the heading itself or in the level's own points column."""
        beside = self.header.level_weights.get(col)
        if points is None and beside is not None and (q := self._point(row, beside)) is not None:
            return number_at(self.table, self.context, row, beside, q, name, "分值")
        if points is None or (q := parse(f"{points}分")) is None:
            return None
        return number_at(self.table, self.context, row, col, q, name, "分值")

    def _by_words(self, row: int, cells: dict[int, str]) -> tuple[str, str, str]:
        """Name, target and completion of a ragged row: level words first, then the rest in order."""
        rest = sorted(cells.items())
        while rest and (allowed := levels_of(rest[0][1]) if len(rest[0][1]) <= MAX_LABEL else frozenset()):
            col, text = rest.pop(0)
            more = bool(rest) and bool(levels_of(rest[0][1]))
            level = 1 if 1 in allowed and (more or 2 not in allowed or self.current[1] is None) else 2
            self._turn(row, level, text, col)
        texts = [t for _, t in rest] + ["", "", ""]
        return texts[0], texts[1], texts[2] if len(rest) <= 3 else ""


def _blank(text: str) -> bool:
    return is_blank(text[:MAX_LABEL]) if len(text) <= MAX_LABEL else False

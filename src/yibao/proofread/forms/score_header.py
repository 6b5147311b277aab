"""The header of an indicator table: which column holds the indicator, its target, its points."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from yibao.proofread.document import Table
from yibao.proofread.forms.grid import MAX_COLUMNS, cell_quantity
from yibao.proofread.norm import normalise

MAX_LABEL = 60  #: characters of a header cell or a level label

# the first pattern that fits a header cell names its column; order matters (评分标准 is no 评分)
_ROLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("first", re.compile(r"一级(?:指标|目录)?|^指标类[型别]$")),
    ("second", re.compile(r"二级(?:指标|目录)?")),
    ("third", re.compile(r"[三四]级(?:指标|目录)?|^指标名称$|^指标内容$|^具体指标$|^评价指标$|^考核指标$|^指标$")),
    (
        "criteria",
        re.compile(
            r"(?:评分|得分|计分|计算).{0,2}(?:标准|细则|办法|依据|方法|规则|公式)|评价标准|指标(?:解释|说明|内涵)|扣分标准|数据来源"
        ),
    ),
    ("reason", re.compile(r"偏差|原因|改进|扣分(?:说明|情况|理由)")),
    ("remark", re.compile(r"备注|说明$")),
    ("operator", re.compile(r"^(?:运算|计算|比较)?符号$|指标(?:方向|性质|属性)")),
    ("unit", re.compile(r"^(?:计量|度量)?单位$")),
    ("actual", re.compile(r"完成(?:值|情况|数|指标|结果)|实际值|实现值|实际完成|全年完成|指标完成")),
    ("score", re.compile(r"得分|^(?:自评)?评分$|自评分|评价分")),
    ("weight", re.compile(r"分值|权重|标准分|满分|^分数$|^总分$")),
    ("target", re.compile(r"指标值|目标值|绩效目标|预期值|计划值|年度目标|^目标$|^年度指标$|预期指标")),
)


_NEW_SHEET = re.compile(r"自评表|项目(?:支出)?名称|评分表")
_END_OF_SHEET = re.compile(r"总分|总计$|合计$")


@dataclass(frozen=True, slots=True)
class Header:
    """Columns by role. `level_weights` are the points columns of a level: level column → weight column."""

    row: int
    columns: dict[str, int] = field(default_factory=dict)
    level_weights: dict[int, int] = field(default_factory=dict)
    height: int = 1

    def col(self, role: str) -> int | None:
        return self.columns.get(role)

    @property
    def pointed(self) -> bool:
        return "weight" in self.columns or "score" in self.columns

    @property
    def name(self) -> int:
        """The column of the indicator itself: the deepest level."""
        return next(self.columns[r] for r in ("third", "second", "first") if r in self.columns)

    @property
    def levels(self) -> tuple[int, ...]:
        """The level columns above the indicator."""
        return tuple(self.columns[r] for r in ("first", "second") if r in self.columns and self.columns[r] != self.name)


def find_headers(table: Table) -> list[Header]:
    """Every indicator header of a table: a long sheet repeats its header on each page."""
    found: list[Header] = []
    for r, cells in enumerate(table.rows):
        if not any("标" in cell.text[:MAX_LABEL] or "内容" in cell.text[:MAX_LABEL] for cell in cells[:MAX_COLUMNS]):
            continue
        header = _header_at(table, r)
        if header is not None and (not found or r >= found[-1].row + found[-1].height):
            found.append(header)
    return found


def _header_at(table: Table, row: int) -> Header | None:
    """A header with points of one row, or of two; last one without points."""
    one, below = _read(table, row, 1), _read(table, row + 1, 1)
    if one is not None and one.pointed:
        return one
    two = None if below is not None and below.pointed else _read(table, row, 2)
    return two or one


def _read(table: Table, row: int, height: int) -> Header | None:
    """A header needs an indicator column, points, and something to compare them with."""
    width = min(table.width, MAX_COLUMNS)
    if row + height > len(table.rows):
        return None
    columns: dict[str, int] = {}
    weights: list[int] = []
    for c in range(width):
        role = _role("".join(_cell(table, row + i, c) for i in range(height)))
        if role == "weight":
            weights.append(c)
        elif role and (role not in columns or role == "third"):
            columns[role] = c
    if any(cell_quantity(table.text(row + i, c)) is not None for i in range(height) for c in range(width)):
        return None
    level_weights = _assign_weights(columns, weights)
    levels = sum(r in columns for r in ("first", "second", "third"))
    pointed = "weight" in columns or "score" in columns
    compared = {"target", "actual"} <= set(columns)
    if not (pointed or compared) or not levels or (levels == 1 and not {"target", "actual", "criteria"} & set(columns)):
        return None
    if height == 2 and "weight" not in columns:
        return None
    return Header(row, columns, level_weights, height)


def _cell(table: Table, row: int, col: int) -> str:
    return normalise(table.spread(row, col)[:MAX_LABEL]).text


def _role(text: str) -> str:
    if not text or len(text) > 30:
        return ""
    return next((role for role, pattern in _ROLES if pattern.search(text)), "")


def _assign_weights(columns: dict[str, int], weights: list[int]) -> dict[int, int]:
    """The last points column is the indicator's; one that stands right after a level column is that level's."""
    if not weights:
        return {}
    deepest = next((columns[r] for r in ("third", "second", "first") if r in columns), 0)
    right = [c for c in weights if c > deepest]
    if not right:
        columns["weight"] = weights[-1]
        return {}
    columns["weight"] = right[0]
    levels = [columns[r] for r in ("first", "second") if r in columns]
    return {
        level: w
        for w in weights
        if w < deepest
        for level in [max((v for v in levels if v < w), default=-1)]
        if level >= 0
    }


def split_sheets(table: Table) -> list[Table]:
    """The sheets that stand one below the other in one grid, each with the others' rows emptied: rows keep their numbers."""
    starts = [0]
    ended = False
    for r, row in enumerate(table.rows):
        texts = [t for cell in row[:MAX_COLUMNS] if (t := normalise(cell.text[:MAX_LABEL]).text)]
        if ended and texts and _NEW_SHEET.search(texts[0]):
            starts.append(r)
            ended = False
        ended = ended or bool(texts and _END_OF_SHEET.match(texts[0]))
    if len(starts) == 1:
        return [table]
    ends = [*starts[1:], len(table.rows)]
    return [_only(table, start, end) for start, end in zip(starts, ends, strict=True)]


def _only(table: Table, start: int, end: int) -> Table:
    rows = tuple(row if start <= r < end else () for r, row in enumerate(table.rows))
    return replace(table, rows=rows)

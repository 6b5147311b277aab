"""The funds block on top of a 自评表: budget, execution, its score; sources of money and kinds of spending."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from yibao.proofread.document import Table
from yibao.proofread.findings import Evidence
from yibao.proofread.forms.facts import FormContext
from yibao.proofread.forms.grid import (
    MAX_COLUMNS,
    Number,
    cell_evidence,
    cell_quantity,
    clean_label,
    declared_unit,
    is_subset,
    number_at,
    precise,
    table_precision,
    table_unit,
)
from yibao.proofread.norm import normalise
from yibao.proofread.quantity import Quantity, is_blank, parse
from yibao.vocabulary.units import UNITS, Unit

MAX_LABEL = 60
POINTS = UNITS["分"]
MONEY = UNITS["万元"]  #: what the forms of every province print, where the sheet does not say otherwise

_COLUMNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("rate", re.compile(r"执行率|预算执行率|支出进度")),
    ("score", re.compile(r"得分")),
    ("weight", re.compile(r"分值|权重")),
    ("executed", re.compile(r"执行数|实际支出|支出数|决算数|实际执行")),
    ("initial", re.compile(r"年初(?:预算|批复|安排)|预算申请数")),
    ("adjusted", re.compile(r"全年预算|调整(?:后)?(?:的)?预算|预算调整|调整后")),
)
_PLAIN_BUDGET = re.compile(r"预算(?:数|金额|资金)?$|到位(?:数|资金|金额)?$|资金总额$")
_END = re.compile(r"年度总体目标|总体目标|预期目标|年度绩效目标|一级指标|绩效指标|三级指标")
_TOTAL_ROW = re.compile(r"年度资金总额|资金总额|年度预算|预算资金总额|合计|总额|项目资金$")
_NO_SOURCE = re.compile(r"资金(?:管理|使用|拨付|下达)|执行情况|偏差|说明|目标")
_BY_INCOME, _BY_EXPENSE = re.compile(r"收入性质"), re.compile(r"支出性质")
_INCOME_PART = re.compile(
    r"一般公共预算|政府性基金|非税收入|国有资本|其他(?:收入|资金|拨款)?$|上年结转|财政拨款|事业收入"
)
_EXPENSE_PART = re.compile(r"(?:基本|项目|人员|公用|其他)(?:支出|经费)$")
_LABELLED = re.compile(r"(?P<label>[^：\d]{2,24})(?:：|(?=-?\d))(?P<value>.{0,24})")


@dataclass(frozen=True, slots=True)
class FundsRow:
    """One line of amounts."""

    row: int
    label: str
    subset: bool  #: opens with 其中
    initial: Number | None
    adjusted: Number | None
    executed: Number | None
    weight: Number | None
    rate: Number | None
    score: Number | None

    @property
    def budget(self) -> Number | None:
        """What execution is measured against: the adjusted budget, else the initial one."""
        return self.adjusted or self.initial


@dataclass(slots=True)
class Nature:
    """按收入性质分 or 按支出性质分: a total and its parts, printed inside their cells. `parts` keeps blanks as None."""

    total: Number | None = None
    parts: list[tuple[str, Number | None]] = field(default_factory=list)


@dataclass(slots=True)
class Funds:
    """The funds block. `sources` are the 其中 rows under `total`."""

    total: FundsRow | None = None
    sources: list[FundsRow] = field(default_factory=list)
    income: Nature = field(default_factory=Nature)
    expense: Nature = field(default_factory=Nature)


def read_funds(table: Table, context: FormContext, end: int) -> Funds | None:
    """The funds block above row `end` (the indicator header); None where the sheet has none."""
    for row in range(min(end, len(table.rows))):
        columns = _columns(table, row)
        if {"executed", "rate"} <= set(columns) or ({"executed", "score"} <= set(columns) and len(columns) >= 4):
            return _Block(table, context, columns).read(row, min(end, len(table.rows)))
    return None


def _columns(table: Table, row: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for c, cell in enumerate(table.rows[row][:MAX_COLUMNS]):
        text = normalise(cell.text[:MAX_LABEL]).text
        if not text or cell.origin is not None:
            continue
        role = next((name for name, p in _COLUMNS if p.search(text)), "")
        if role and role not in found:
            found[role] = c
    if "executed" in found and "adjusted" not in found:
        found.update(_plain_budget(table, row, found))
    return found


def _plain_budget(table: Table, row: int, found: dict[str, int]) -> dict[str, int]:
    """A column that is called no more than 预算数: the one next to the execution."""
    plain = [
        c
        for c, cell in enumerate(table.rows[row][: found["executed"]])
        if c not in found.values() and _PLAIN_BUDGET.search(clean_label(cell.text[:MAX_LABEL]))
    ]
    return {"adjusted": plain[-1]} if plain else {}


class _Block:
    def __init__(self, table: Table, context: FormContext, columns: dict[str, int]) -> None:
        self.table, self.context, self.columns = table, context, columns
        self.funds = Funds()
        self.unit: Unit = MONEY
        self.first = min(columns[c] for c in ("initial", "adjusted", "executed") if c in columns)
        cells = (cell_quantity(c.text) for row in table.rows for c in row[self.first : columns["executed"] + 1])
        self.precision = table_precision(q for q in cells if q is not None)
        self.split: int | None = None  # the column from which 按支出性质分 reads

    def read(self, header: int, end: int) -> Funds:
        words = [normalise(c.text[:MAX_LABEL]).text for c in self.table.rows[header][:MAX_COLUMNS]]
        declared = next((u for w in words if (u := declared_unit(w))), None)
        self.unit = declared or table_unit(self.table, self.context) or MONEY
        for row in range(header + 1, end):
            label = self._label(row)
            if _END.search(label):
                break
            if not self._natures(row):
                self._amounts(row, label, row == header + 1)
        return self.funds

    def _label(self, row: int) -> str:
        """The innermost label left of the amounts."""
        texts = [normalise(self.table.spread(row, c)[:MAX_LABEL]).text for c in range(self.first)]
        texts = [t for t in texts if t and cell_quantity(t) is None]
        return texts[-1] if texts else ""

    def _amounts(self, row: int, label: str, first: bool) -> None:
        name = clean_label(label)
        cells = self._values(row)
        if not cells:
            return
        roles = ("initial", "adjusted", "executed", "weight", "rate", "score")
        line = FundsRow(
            row,
            name or "年度资金总额",
            is_subset(label),
            *(cells.get(role) for role in roles),
        )
        if self.funds.total is None and (first or _TOTAL_ROW.search(name)):
            self.funds.total = line
        elif self.funds.total is not None and name and not _NO_SOURCE.search(name):
            self.funds.sources.append(line)

    def _values(self, row: int) -> dict[str, Number]:
        """The numbers of a row by column; of a ragged one from the right: …, executed, points, rate, score."""
        numbers = {
            c: q for c in range(self.first - 1, min(len(self.table.rows[row]), MAX_COLUMNS))
            if c >= 0 and (q := cell_quantity(self.table.text(row, c))) is not None
        }  # fmt: skip
        places = {role: c for role, c in self.columns.items() if c in numbers}
        rate = self.columns.get("rate")
        percent = [c for c, q in numbers.items() if q.unit is not None and q.unit.symbol == "%"]
        if len(percent) == 1 and rate is not None and percent[0] != rate:
            shift = percent[0] - rate
            places = {role: c + shift for role, c in self.columns.items() if c + shift in numbers}
        return {role: self._number(row, c, role, numbers[c]) for role, c in places.items()}

    def _number(self, row: int, col: int, role: str, q: Quantity) -> Number:
        unit = {"weight": POINTS, "score": POINTS, "rate": None}.get(role, self.unit)
        if q.unit is None and unit is not None:
            q = replace(q, unit=unit)
        header = {"initial": "年初预算数", "adjusted": "全年预算数", "executed": "全年执行数", "weight": "分值",
                  "rate": "执行率", "score": "得分"}[role]  # fmt: skip
        label = clean_label(self._label(row)) or "年度资金总额"
        return number_at(self.table, self.context, row, col, precise(q, self.precision), label, header)

    def _natures(self, row: int) -> bool:
        """Cells that carry their own value: 按收入性质分：360.5万; True where the row has such cells."""
        found = False
        cells = [
            (c, normalise(cell.text[:MAX_LABEL]).text)
            for c, cell in enumerate(self.table.rows[row][:MAX_COLUMNS])
            if cell.origin is None and cell.text.strip()
        ]
        for at, (col, text) in enumerate(cells):
            m = _LABELLED.fullmatch(text.removeprefix("其中").lstrip("：")) if not is_blank(text) else None
            label = clean_label(m["label"]) if m else clean_label(text)
            head = bool(_BY_INCOME.search(label) or _BY_EXPENSE.search(label))
            if _BY_EXPENSE.search(label):
                self.split = col
            side = self._side(label, col) if cell_quantity(text) is None and not is_blank(text) else None
            if side is None or (
                not head and self.funds.income.total is None and self.funds.expense.total is None and self.split is None
            ):
                continue
            found = True
            beside = cells[at + 1] if at + 1 < len(cells) else None
            number = self._inside(row, col, label, m["value"] if m else "", beside)
            if head:
                side.total = number
            else:
                side.parts.append((label, number))
        return found

    def _side(self, label: str, col: int) -> Nature | None:
        if _BY_INCOME.search(label):
            return self.funds.income
        if _BY_EXPENSE.search(label) or _EXPENSE_PART.search(label) or (self.split is not None and col >= self.split):
            return self.funds.expense
        if _INCOME_PART.search(label):
            return self.funds.income
        return None

    def _inside(self, row: int, col: int, label: str, value: str, beside: tuple[int, str] | None) -> Number | None:
        """The value in the cell itself, or alone in the next one."""
        q = parse(value)
        if q is None and beside is not None and not value and (q := cell_quantity(beside[1])) is not None:
            col = beside[0]
        if q is None:
            return None
        if q.unit is None:
            q = replace(q, unit=self.unit)
        place = cell_evidence(self.table, self.context, row, col, label, "").place
        quote = self.table.text(row, col).strip()
        return Number(q, Evidence(quote, place), self.context.key(row, col), label, "")

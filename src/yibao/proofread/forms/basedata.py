"""部门整体支出绩效评价基础数据表: staff, 三公, projects, public funds, procurement, buildings (guide §4.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from yibao.proofread.document import Table
from yibao.proofread.findings import Check, Severity, Verdict
from yibao.proofread.forms.arithmetic import add_up, at_most, rate, trusted
from yibao.proofread.forms.columns import Period, period_of, title_year
from yibao.proofread.forms.facts import Fact, Form, FormContext
from yibao.proofread.forms.grid import (
    MAX_COLUMNS,
    Number,
    cell_quantity,
    clean_label,
    declared_unit,
    is_subset,
    number_at,
    precise,
    rank_of,
    table_precision,
    table_unit,
)
from yibao.proofread.norm import normalise
from yibao.proofread.quantity import is_blank
from yibao.vocabulary.figures import load_figures
from yibao.vocabulary.reasons import BRIEF, says_something
from yibao.vocabulary.units import UNITS, Unit

MAX_ROWS = 200
MAX_LABEL = 80
MONEY, PERSONS = UNITS["万元"], UNITS["人"]

_AMOUNT_HEADER = re.compile(r"(?:19|20)\d{2}年?(?:度)?.{0,6}[预决]算|[上本去]年.{0,4}[预决]算")
_STAFF_HEADER = re.compile(r"编制(?:人)?数|在职人[数员]")
_BUILDING_HEADER = re.compile(r"批复规模|实际规模|预算投资|实际投资")
_REMARKS = re.compile(r"备注|说明|原因")
_ROWS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("vehicle_purchase", re.compile(r"(?:公车|公务用车|车辆)购置(?:费|经费)?$")),
    ("vehicle_running", re.compile(r"(?:公车|公务用车|车辆)运行")),
    ("vehicle", re.compile(r"(?:公车|公务用车|车辆)购置.{0,4}(?:和|及|与)")),
    ("abroad", re.compile(r"出国")),
    ("reception", re.compile(r"接待")),
    ("three_public", re.compile(r"三公")),
    ("project", re.compile(r"^项目支出(?:合计)?$")),
    ("basic", re.compile(r"基本支出")),
    ("public", re.compile(r"^(?:日常)?公用经费(?:支出)?$")),
    ("procurement", re.compile(r"政府采购")),
)
_PARTS = frozenset(("three_public", "project", "public", "procurement", "basic"))
_OTHER = re.compile(r"^其[它他](?:费用|经费|支出)?$")
_STRICT = re.compile(r"会议|培训|三公|接待|公务用车|出国|^公用经费$")  #: spending that a notice caps


@dataclass(frozen=True, slots=True)
class Line:
    """A row of amounts: `role` where the form knows it, `part` of the table, numbers by column."""

    row: int
    label: str
    role: str
    part: str
    rank: int | None
    subset: bool
    numbers: dict[int, Number]
    remark: str = ""  #: what stands in a column for remarks


@dataclass(slots=True)
class BaseData:
    """The table read: staff as (establishment, in post, rate), amounts by line, buildings as label → number."""

    periods: dict[int, Period] = field(default_factory=dict)
    headers: dict[int, str] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    staff: dict[str, Number] = field(default_factory=dict)
    buildings: dict[str, Number] = field(default_factory=dict)
    remarks: int | None = None  #: the column for remarks beside the amounts


def recognise(table: Table, context: FormContext) -> Form | None:
    """The form of a base-data table, None for any other table."""
    if not 4 <= len(table.rows) <= MAX_ROWS:
        return None
    title = table.caption or next(iter(context.section[-1:]), "")
    year = title_year((title, *table.notes), context.year)
    data = _Reader(table, context, year).read()
    roles = {line.role for line in data.lines if line.role}
    if not data.periods or len(roles) < 3 or not roles & {"three_public", "public", "project"}:
        return None
    checks = _checks(data, context)
    facts = tuple(_facts(data, context, year))
    return Form(
        "base_data", table, context.block, context.file, title, "", year, facts, trusted(checks, not table.weak)
    )


class _Reader:
    """Walks down the rows; a header row opens a part of the table."""

    def __init__(self, table: Table, context: FormContext, year: int | None) -> None:
        self.table, self.context, self.year = table, context, year
        self.data = BaseData()
        self.names: dict[int, str] = {}
        self.part = ""
        self.open = ""  # the label of the part that the amounts belong to
        self.unit: Unit = table_unit(table, context) or MONEY
        cells = (cell_quantity(c.text) for row in table.rows for c in row[:MAX_COLUMNS] if c.text)
        self.precision = table_precision(q for q in cells if q is not None)

    def read(self) -> BaseData:
        for row in range(len(self.table.rows)):
            texts = {
                c: normalise(cell.text[:MAX_LABEL]).text
                for c, cell in enumerate(self.table.rows[row][:MAX_COLUMNS])
                if cell.origin is None and cell.text.strip()
            }
            if texts and not self._header(texts):
                self._row(row, texts)
        return self.data

    def _header(self, texts: dict[int, str]) -> bool:
        for part, pattern in (("amounts", _AMOUNT_HEADER), ("staff", _STAFF_HEADER), ("buildings", _BUILDING_HEADER)):
            named = {c: t for c, t in texts.items() if pattern.search(t)}
            if len(named) >= 2 or (part == "staff" and named and len(texts) <= 4):
                if any(cell_quantity(t) is not None for t in texts.values()):
                    return False
                self.part = part
                self.names = {c: t for c, t in texts.items() if c in named or part != "amounts"}
                if part == "amounts":
                    self.data.periods = {c: period_of(t, self.year) for c, t in named.items()}
                    self.data.headers = named
                    self.data.remarks = next((c for c, t in texts.items() if _REMARKS.search(t)), None)
                    self.unit = next((u for t in texts.values() if (u := declared_unit(t))), self.unit)
                return True
        return False

    def _row(self, row: int, texts: dict[int, str]) -> None:
        if self.part == "amounts":
            self._amounts(row, texts)
        elif self.part in ("staff", "buildings"):
            self._values(row)
            self.part = ""

    def _amounts(self, row: int, texts: dict[int, str]) -> None:
        first = min(self.names, default=0)
        label = next((t for c, t in sorted(texts.items(), reverse=True) if c < first and cell_quantity(t) is None), "")
        if not label:
            return
        name = clean_label(label)
        role = next((r for r, p in _ROWS if p.search(name)), "")
        numbers = {c: n for c in self.data.periods if (n := self._number(row, c, name, self.unit, self.names[c]))}
        remark = "" if self.data.remarks is None else texts.get(self.data.remarks, "")
        self.data.lines.append(Line(row, name, role, self.open, rank_of(label), is_subset(label), numbers, remark))
        if role in _PARTS:
            self.open = name

    def _values(self, row: int) -> None:
        """The line under a header of staff or buildings: by column, or in order where the columns do not match."""
        unit = PERSONS if self.part == "staff" else None
        width = min(len(self.table.rows[row]), MAX_COLUMNS)
        places = {c: c for c in self.names}
        filled = [c for c in range(width) if not is_blank(self.table.text(row, c))]
        heads = [c for c in sorted(self.names) if c > min(self.names)]
        if len(filled) == len(heads) and not set(filled) <= set(heads):
            places = dict(zip(heads, filled, strict=True))
        into = self.data.staff if self.part == "staff" else self.data.buildings
        for head, col in places.items():
            name = self.names[head]
            number = self._number(row, col, clean_label(name), None if "率" in name else unit, name)
            if number is not None:
                into[clean_label(name)] = number

    def _number(self, row: int, col: int, label: str, unit: Unit | None, column: str) -> Number | None:
        q = cell_quantity(self.table.text(row, col))
        if q is None:
            return None
        if q.unit is None and unit is not None:
            q = replace(q, unit=unit)
        return number_at(self.table, self.context, row, col, precise(q, self.precision), label, column)


def _checks(data: BaseData, context: FormContext) -> list[Check]:
    block = context.offset + context.block
    found: list[Check | None] = [*_staff(data), *_buildings(data)]
    for column in data.periods:
        found.extend(_three_public(data, column, block))
        found.extend(_projects(data, column))
        found.extend(_public(data, column))
    found.extend(_overspent(data, context))
    return [check for check in found if check is not None]


def _staff(data: BaseData) -> Iterator[Check | None]:
    """控制率 = 在职 ÷ 编制; above 100% needs a word."""
    posts = next((n for name, n in data.staff.items() if "编制" in name), None)
    people = next((n for name, n in data.staff.items() if "在职" in name or "实有" in name), None)
    stated = next((n for name, n in data.staff.items() if "率" in name), None)
    yield rate("control_rate", stated, people, posts, "财政供养人员控制率")
    if posts is not None and people is not None and people.value > posts.value:
        yield Check(
            "control_rate", Verdict.SUSPICIOUS, people.evidence, people.printed, None,
            f"在职{people.printed}人超过编制{posts.printed}人，需说明超编原因", target=people.operand, operands=(posts.operand,),
        )  # fmt: skip


def _buildings(data: BaseData) -> Iterator[Check | None]:
    """规模控制率 = 实际 ÷ 批复; 投资概算控制率 = 实际 ÷ 预算."""
    of = data.buildings
    for stated, part, whole in (("规模控制率", "实际规模", "批复规模"), ("投资概算控制率", "实际投资", "预算投资")):
        yield rate("control_rate", of.get(stated), of.get(part), of.get(whole), stated)


def _find(data: BaseData, role: str) -> Line | None:
    return next((line for line in data.lines if line.role == role), None)


def _at(line: Line | None, column: int) -> Number | None:
    return line.numbers.get(column) if line is not None else None


def _three_public(data: BaseData, column: int, block: int) -> Iterator[Check | None]:
    """三公 = vehicles + abroad + reception; vehicles = purchase + running. One wrong vehicle line breaks both."""
    whole, vehicle = _find(data, "three_public"), _find(data, "vehicle")
    header = data.headers[column]
    parts = [_find(data, role) for role in ("vehicle", "abroad", "reception")]
    pieces = [_find(data, role) for role in ("vehicle_purchase", "vehicle_running")]
    if vehicle is None:
        parts = [*pieces, *parts[1:]]
    checks: list[Check | None] = []
    if sum(p is not None for p in parts) >= 2:
        checks.append(add_up("table_sum", _at(whole, column), [_at(p, column) for p in parts], f"三公经费（{header}）"))
    if vehicle is not None and any(pieces):
        numbers = [_at(p, column) for p in pieces]
        checks.append(add_up("table_sum", _at(vehicle, column), numbers, f"{vehicle.label}（{header}）"))
    cause = _wrong_vehicle(whole, vehicle, [*pieces, *parts[1:]], column)
    for check in checks:
        if check is not None and check.verdict is Verdict.INCONSISTENT:
            check = replace(check, group=f"three-public:{block}", cause=cause or check.cause)
        yield check


def _wrong_vehicle(whole: Line | None, vehicle: Line | None, others: list[Line | None], column: int) -> str:
    """The vehicle line is the one at fault where the total holds with its two pieces in its place."""
    total, wrong = _at(whole, column), _at(vehicle, column)
    numbers = [n for line in others if (n := _at(line, column)) is not None]
    if total is None or wrong is None or vehicle is None or not numbers:
        return ""
    return f"“{vehicle.label}”一行疑误填" if total.value == sum(n.value for n in numbers) else ""


def _block(data: BaseData, role: str, ends: frozenset[str]) -> list[Line]:
    """The lines below the one of `role`, up to the next that opens another part."""
    start = next((i for i, line in enumerate(data.lines) if line.role == role), None)
    if start is None:
        return []
    below: list[Line] = []
    for line in data.lines[start + 1 :]:
        if line.role in ends:
            break
        below.append(line)
    return below


def _projects(data: BaseData, column: int) -> Iterator[Check | None]:
    """项目支出 = Σ numbered lines; an unnumbered line below a numbered one is part of it."""
    whole = _at(_find(data, "project"), column)
    below = _block(data, "project", _PARTS)
    numbered = [line for line in below if line.rank is not None]
    if not numbered:
        return
    header = data.headers[column]
    outer = min(line.rank for line in numbered if line.rank is not None)
    yield add_up(
        "table_sum", whole, [_at(line, column) for line in numbered if line.rank == outer], f"项目支出（{header}）"
    )
    for i, line in enumerate(below):
        inner = []
        for later in below[i + 1 :]:
            if later.rank is not None and later.rank <= (line.rank or outer):
                break
            inner.append(_at(later, column))
        if line.rank == outer and inner:
            yield at_most("subset_sum", _at(line, column), inner, f"{line.label}（{header}）")


def _public(data: BaseData, column: int) -> Iterator[Check | None]:
    """公用经费 ≥ Σ of its 其中 lines; equal where the form lists 其他 and it is filled."""
    whole = _at(_find(data, "public"), column)
    below = _block(data, "public", _PARTS)
    parts = [_at(line, column) for line in below]
    other = next((line for line in below if _OTHER.search(line.label)), None)
    subject = f"公用经费（{data.headers[column]}）"
    if _at(other, column) is not None:
        yield add_up("table_sum", whole, parts, subject)
        return
    check = at_most("subset_sum", whole, parts, subject)
    first = next((p for p in parts if p is not None), None)
    if check is not None and first is not None and whole is not None:
        yield replace(check, evidence=first.evidence, related=(whole.evidence, *check.related[1:]))


def _overspent(data: BaseData, context: FormContext) -> Iterator[Check]:
    """Capped spending far above its budget: an explanation is due, in the row's remark or anywhere in the package."""
    limit = context.rules.overspent
    if limit is None:
        return
    finals = [c for c, p in data.periods.items() if p.basis == "final"]
    budgets = [c for c, p in data.periods.items() if p.basis in ("budget", "adjusted", "initial")]
    if not finals or not budgets:
        return
    now = max(finals, key=lambda c: (data.periods[c].year or 0, c))
    for line in data.lines:
        final, budget = _at(line, now), _at(line, budgets[-1])
        if final is None or budget is None or budget.value <= 0 or not _STRICT.search(line.label):
            continue
        share = final.value / budget.value
        if share <= limit:
            continue
        message = f"{line.label}：决算{final.printed}为预算{budget.printed}的{share * 100:.2f}%"
        told = says_something(line.remark, BRIEF)
        yield Check(
            "control_rate", Verdict.SUSPICIOUS, final.evidence, final.printed, None,
            f"{message}，备注已说明原因" if told else f"{message}，表中没有说明",
            severity=Severity.INFO if told else Severity.WARNING,
            target=final.operand, operands=(budget.operand,), asks=line.label,
        )  # fmt: skip


def _facts(data: BaseData, context: FormContext, year: int | None) -> Iterator[Fact]:
    register = load_figures()
    names = {"编制": "dept.staff.establishment", "在职": "dept.staff.in_post", "控制率": "dept.staff.control_rate"}
    for name, number in data.staff.items():
        figure = next((f for word, f in names.items() if word in name), None)
        if figure:
            yield _fact(figure, year, "final", number)
    for line in data.lines:
        known = register.match(line.label, ["部门整体支出", line.part])
        figure = known.id if known else f"label:{line.label}"
        for column, number in line.numbers.items():
            period = data.periods[column]
            yield _fact(figure, period.year, period.basis, number)


def _fact(figure: str, year: int | None, basis: str, number: Number) -> Fact:
    return Fact(figure, "", year, basis, number.quantity, number.evidence, "table", "base_data", number.key)

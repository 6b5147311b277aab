"""Tables by institution of a self-evaluation booklet: income, spending, 三公 and assets of a bureau and its units.

One grid may hold several such tables, each opened by a header row that begins with 机构名称. Every line must add up
across its columns, and the 汇总 line must be the sum of the institutions below it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from yibao.proofread.document import Table
from yibao.proofread.findings import Check
from yibao.proofread.forms.arithmetic import add_up, rate, same, trusted
from yibao.proofread.forms.columns import title_year
from yibao.proofread.forms.facts import Fact, Form, FormContext
from yibao.proofread.forms.grid import (
    MAX_COLUMNS,
    Number,
    cell_quantity,
    clean_label,
    declared_unit,
    number_at,
    precise,
    table_precision,
    table_unit,
)
from yibao.proofread.norm import normalise
from yibao.vocabulary.figures import load_figures
from yibao.vocabulary.units import UNITS, Unit

MAX_ROWS = 400
MAX_LABEL = 60
MONEY, PERSONS = UNITS["万元"], UNITS["人"]

_OPENS = re.compile(r"(?:机构|单位|预算单位)名称$")
_SUMMARY = re.compile(r"汇总|合计|总计")
_STAFF: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("establishment", re.compile(r"^(?:人员)?编制(?:人?数)?$")),
    ("in_post", re.compile(r"^(?:实有|在职)(?:人员|人)?数?$")),
    ("control_rate", re.compile(r"^(?:财政供养|在职)?人员控制率$")),
)
_COLUMNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("income", re.compile(r"^(?:年度)?(?:总?收入|收入合计|收入总计)$")),
    ("expense", re.compile(r"^(?:年度)?(?:总?支出|支出合计|支出总计)$")),
    ("basic", re.compile(r"基本支出")),
    ("personnel", re.compile(r"人员(?:支出|经费)")),
    ("public", re.compile(r"公用(?:支出|经费)")),
    ("project", re.compile(r"项目支出")),
    ("current", re.compile(r"当年结余|本年结余")),
    ("cumulative", re.compile(r"累计结余")),
    ("three_public", re.compile(r"三公.{0,6}(?:合计)?$")),
    ("assets", re.compile(r"固定资产(?:合计|总额)$")),
)
_PARENTS = ("income", "expense", "three_public", "assets")
_CONTEXT = {"income": "部门收入", "expense": "部门支出", "three_public": "三公经费", "assets": "固定资产"}


@dataclass(slots=True)
class Section:
    """One table of the booklet: columns by name and role, lines by institution."""

    names: dict[int, str]
    roles: dict[int, str]
    lines: list[tuple[int, str, dict[int, Number]]] = field(default_factory=list)

    @property
    def parent(self) -> int | None:
        """The column that the others make up."""
        return next((c for c in sorted(self.roles) if self.roles[c] in _PARENTS), None)


def recognise(table: Table, context: FormContext) -> Form | None:
    """The form of a booklet's tables by institution, None for any other table."""
    if not 3 <= len(table.rows) <= MAX_ROWS:
        return None
    reader = _Reader(table, context)
    sections = [s for s in reader.sections() if s.parent is not None and s.lines]
    year = title_year((table.caption, *table.notes), context.year)
    people = reader.staff()
    if not sections and len(people) < 2:
        return None
    made = [*(check for section in sections for check in _checks(section)), *_control_rate(people)]
    checks = [check for check in made if check is not None]
    staff = [_fact(f"dept.staff.{name}", "", year, number) for name, number in people.items()]
    facts = (*_facts(sections, year), *staff)
    title = table.caption or next(iter(context.section[-1:]), "")
    return Form(
        "institution", table, context.block, context.file, title, "", year, facts, trusted(checks, not table.weak)
    )


class _Reader:
    def __init__(self, table: Table, context: FormContext) -> None:
        self.table, self.context = table, context
        self.width = min(table.width, MAX_COLUMNS)
        cells = (cell_quantity(c.text) for row in table.rows for c in row[: self.width] if c.text)
        self.precision = table_precision(q for q in cells if q is not None)

    def _text(self, row: int, col: int) -> str:
        return normalise(self.table.spread(row, col)[:MAX_LABEL]).text

    def sections(self) -> Iterator[Section]:
        starts = [r for r in range(len(self.table.rows)) if _OPENS.search(self._text(r, 0))]
        heads = [r for i, r in enumerate(starts) if i == 0 or starts[i - 1] != r - 1]
        for at, row in enumerate(heads):
            end = heads[at + 1] if at + 1 < len(heads) else len(self.table.rows)
            yield self._section(row, end)

    def _section(self, start: int, end: int) -> Section:
        body = next((r for r in range(start + 1, end) if self._is_line(r)), end)
        names = {c: self._leaf(c, start, body) for c in range(1, self.width)}
        names = {c: n for c, n in names.items() if n}
        roles = {c: role for c, n in names.items() if (role := next((r for r, p in _COLUMNS if p.search(n)), ""))}
        section = Section(names, roles)
        unit = self._unit(start, body)
        for row in range(body, end):
            label = clean_label(self._text(row, 0))
            if not label or not self._is_line(row):
                break
            section.lines.append(
                (row, label, {c: n for c in names if (n := self._number(row, c, label, names[c], unit))})
            )
        return section

    def _is_line(self, row: int) -> bool:
        """A line of figures: a name, and numbers or blanks beside it."""
        if not self._text(row, 0) or _OPENS.search(self._text(row, 0)):
            return False
        texts = [t for c in range(1, self.width) if (t := self.table.text(row, c).strip())]
        return all(cell_quantity(t) is not None or t in "-—/无" for t in texts) and (bool(texts) or bool(row))

    def _leaf(self, col: int, start: int, body: int) -> str:
        """The lowest header text of a column, 其中 left out."""
        texts = [clean_label(self._text(r, col)) for r in range(start, body)]
        return next((t for t in reversed(texts) if t), "")

    def _unit(self, start: int, body: int) -> Unit:
        texts = [self._text(r, c) for r in range(max(0, start - 1), body) for c in range(self.width)]
        return (
            next((u for t in texts if (u := declared_unit(t))), None) or table_unit(self.table, self.context) or MONEY
        )

    def _number(self, row: int, col: int, label: str, column: str, unit: Unit) -> Number | None:
        q = cell_quantity(self.table.text(row, col))
        if q is None:
            return None
        q = replace(q, unit=unit) if q.unit is None else q
        return number_at(self.table, self.context, row, col, precise(q, self.precision), label, column)

    def staff(self) -> dict[str, Number]:
        """人员编制, 实有人数 and their 控制率 as pairs of label and number on one line."""
        found: dict[str, Number] = {}
        for row in range(len(self.table.rows)):
            for col in range(self.width - 1):
                label = clean_label(self._text(row, col))
                name = next((name for name, p in _STAFF if p.search(label)), "")
                q = cell_quantity(self.table.text(row, col + 1)) if name and name not in found else None
                if q is not None:
                    q = replace(q, unit=PERSONS) if q.unit is None and name != "control_rate" else q
                    found[name] = number_at(self.table, self.context, row, col + 1, q, label, label)
        return found


def _control_rate(people: dict[str, Number]) -> Iterator[Check | None]:
    """控制率 = 实有 ÷ 编制."""
    posts, present = people.get("establishment"), people.get("in_post")
    yield rate("control_rate", people.get("control_rate"), present, posts, "财政供养人员控制率")


def _checks(section: Section) -> Iterator[Check | None]:
    for _, label, numbers in section.lines:
        yield from _across(section, label, numbers)
    yield from _down(section)


def _across(section: Section, label: str, numbers: dict[int, Number]) -> Iterator[Check | None]:
    """One institution: the total is the sum of its columns; 基本支出 = 人员 + 公用."""
    by_role = {role: c for c, role in section.roles.items()}
    parent = section.parent
    if parent is None:
        return
    name = f"{label}{section.names[parent]}"
    if section.roles[parent] == "expense":
        if {"basic", "project"} <= set(by_role):
            yield _row_sum(section, numbers, by_role["expense"], (by_role["basic"], by_role["project"]), name)
        if {"personnel", "public", "basic"} <= set(by_role):
            parts = (by_role["personnel"], by_role["public"])
            yield _row_sum(section, numbers, by_role["basic"], parts, f"{label}基本支出")
        return
    others = [c for c in sorted(section.names) if c > parent and section.roles.get(c) not in ("current", "cumulative")]
    if len(others) >= 2:
        yield _row_sum(section, numbers, parent, others, name)


def _row_sum(
    section: Section, numbers: Mapping[int, Number], whole: int, parts: Sequence[int], subject: str
) -> Check | None:
    """The whole against its columns. A column that no line fills in is not zero but left out: then nothing is concluded."""
    check = add_up("row_sum", numbers.get(whole), [numbers.get(c) for c in parts], subject)
    left_out = [section.names[c] for c in parts if not any(c in line[2] for line in section.lines)]
    return check.doubted(f"“{left_out[0]}”一栏没有填") if check is not None and left_out else check


def _down(section: Section) -> Iterator[Check | None]:
    """The 汇总 line, where it stands on top or at the bottom: Σ institutions; with one institution, its own line."""
    summary = next((line for line in section.lines if _SUMMARY.search(line[1])), None)
    others = [line for line in section.lines if line is not summary and not _SUMMARY.search(line[1])]
    if summary is None or not others or _lost_a_line(summary[2], [line[2] for line in others]):
        return
    for col, name in section.names.items():
        parts = [numbers.get(col) for _, _, numbers in others]
        filled = [p for p in parts if p is not None]
        target = summary[2].get(col)
        if target is None or not filled:
            continue
        if len(filled) == 1 and len(others) == 1:
            yield same("table_sum", target, filled[0], f"{summary[1]}（{name}）")
        else:
            yield add_up("table_sum", target, parts, f"{summary[1]}（{name}）")


def _lost_a_line(summary: Mapping[int, Number], others: Sequence[Mapping[int, Number]]) -> bool:
    """One institution that falls short of the 汇总 in several columns: the conversion has lost the others."""
    if len(others) > 1:
        return False
    short = [col for col, n in summary.items() if col in others[0] and others[0][col].value < n.value]
    return len(short) > 1


def _facts(sections: Sequence[Section], year: int | None) -> Iterator[Fact]:
    register = load_figures()
    for section in sections:
        role = section.roles[section.parent] if section.parent is not None else ""
        for _, label, numbers in section.lines:
            scope = "" if _SUMMARY.search(label) else label
            for col, number in numbers.items():
                known = register.match(section.names[col], [_CONTEXT.get(role, "")])
                yield _fact(known.id if known else f"label:{section.names[col]}", scope, year, number)


def _fact(figure: str, scope: str, year: int | None, number: Number) -> Fact:
    return Fact(figure, scope, year, "final", number.quantity, number.evidence, "table", "institution", number.key)

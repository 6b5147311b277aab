"""自评表: 部门整体支出绩效自评表, 项目支出绩效自评表 and 指标评分表, in all shapes (guide §4.1, §4.2)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from yibao.proofread.document import Table
from yibao.proofread.findings import Check, NotRun, Verdict
from yibao.proofread.forms.arithmetic import add_up, trusted
from yibao.proofread.forms.columns import title_year
from yibao.proofread.forms.facts import Fact, Form, FormContext
from yibao.proofread.forms.funds_checks import cost_checks, funds_checks
from yibao.proofread.forms.grid import MAX_COLUMNS, Number, cell_quantity, clean_label, number_at
from yibao.proofread.forms.indicator_checks import indicator_checks, promised
from yibao.proofread.forms.points import points_checks
from yibao.proofread.forms.score_funds import Funds, read_funds
from yibao.proofread.forms.score_header import find_headers
from yibao.proofread.forms.score_rows import POINTS, Heading, Indicator, Sheet, read_sheet
from yibao.proofread.norm import normalise
from yibao.proofread.quantity import Quantity
from yibao.vocabulary.figures import load_figures

MAX_ROWS = 600
MAX_LABEL = 60
_PROJECT = re.compile(r"项目(?:支出)?名称|项目支出|专项资金名称")
_CODE = re.compile(r"^[0-9A-Z]{8,}-?")
_GRADE = re.compile(r"(?:评价|自评|绩效)?(?:等次|等级|结论)")
_SATISFACTION = re.compile(r"(?:服务对象|社会公众|参保|群众|公众|受益).{0,12}满意|^满意(?:度|率)$")
_ORDINAL = re.compile(r"^指标\d{1,2}[：、.]")
_SCORE_TOTAL = re.compile(r"总分|综合得分|自评得分|总得分|合计得分")


def recognise(table: Table, context: FormContext) -> Form | None:
    """The form of a scoring table, None for any other table."""
    if len(table.rows) < 3 or len(table.rows) > MAX_ROWS:
        return None
    headers = find_headers(table)
    if not headers:
        return _single_column(table, context)
    sheet = read_sheet(table, context, headers)
    if _in_percent(sheet):
        sheet.indicators = [replace(i, score=None) for i in sheet.indicators]
        sheet.total_score = None
    funds = read_funds(table, context, headers[0].row)
    if not sheet.indicators and funds is None:
        return None
    return _Builder(table, context, sheet, funds).form()


class _Builder:
    """Puts facts and checks of one sheet together."""

    def __init__(self, table: Table, context: FormContext, sheet: Sheet, funds: Funds | None) -> None:
        self.table, self.context, self.sheet, self.funds = table, context, sheet, funds
        self.title = table.caption or next(iter(context.section[-1:]), "")
        self.year = title_year((self.title, *table.notes), context.year)
        self.scope = _project_name(table)
        self.kind = "project_sheet" if self.scope else "scoresheet"

    def form(self) -> Form:
        context, table = self.context, self.table
        facts = (*self._fund_facts(), *self._indicator_facts(), *self._heading_facts(), *self._total_facts())
        return Form(
            self.kind, table, context.block, context.file, self.title, self.scope, self.year, facts,
            trusted(self._checks(), not table.weak), tuple(self._not_run()),
        )  # fmt: skip

    def _checks(self) -> list[Check]:
        block, rules = self.context.offset + self.context.block, self.context.rules.scoring
        found = points_checks(self.sheet, self.funds, self.context.rules.total_points, block)
        for indicator in self.sheet.indicators:
            found.extend(indicator_checks(indicator, rules, block))
        if self.funds is not None:
            found.extend(funds_checks(self.funds, block))
            found.extend(cost_checks(self.table, self.context, self.funds, self.sheet.indicators))
        found.extend(self._grade())
        return found

    def _not_run(self) -> Iterator[NotRun]:
        if self.context.rules.scoring is None:
            yield NotRun("indicator_score", f"{self.title or '自评表'}：没有适用的计分规则，未达标指标的得分未核对")
        if self.sheet.total_score is None and any(i.score is not None for i in self.sheet.indicators):
            yield NotRun("score_sum", f"{self.title or '自评表'}：没有总分行或总分为空")

    def _grade(self) -> Iterator[Check]:
        """评价等次 against the total score."""
        score, rules = self.sheet.total_score, self.context.rules.scoring
        if score is None or rules is None:
            return
        for r in range(self.sheet.last, len(self.table.rows)):
            words = [normalise(self.table.text(r, c)[:MAX_LABEL]).text for c in range(min(self.table.width, 20))]
            words = [w for w in words if w]
            if len(words) < 2 or not _GRADE.search(words[0]):
                continue
            fits = rules.grade_fits(words[1], score.value)
            due = rules.grade(score.value)
            place = replace(score.evidence.place, row=r)
            evidence = replace(score.evidence, quote=self.table.quote(r)[:200], place=place)
            good = Verdict.UNCHECKABLE if fits is None else Verdict.CONSISTENT if fits else Verdict.INCONSISTENT
            yield Check("grade", good, evidence, words[1], due, f"总分{score.printed}对应“{due}”，表中为“{words[1]}”")

    def _fact(self, figure: str, number: Number, basis: str, scope: str | None = None) -> Fact:
        return Fact(
            figure, self.scope if scope is None else scope, self.year, basis, number.quantity, number.evidence,
            "table", self.kind, number.key,
        )  # fmt: skip

    def _fund_facts(self) -> Iterator[Fact]:
        if self.funds is None:
            return
        whole = "dept.expense.project" if self.scope else "dept.funds.total"
        for line in [self.funds.total, *self.funds.sources]:
            if line is None:
                continue
            figure = whole if line is self.funds.total else f"label:{line.label}"
            amounts = (("initial", line.initial), ("adjusted", line.adjusted), ("final", line.executed))
            for basis, number in amounts:
                if number is not None:
                    yield self._fact(figure, number, basis)
            if line is self.funds.total:
                for name, number in (
                    ("dept.rate.execution", line.rate),
                    ("score:预算执行率", line.score),
                    ("weight:预算执行率", line.weight),
                ):
                    if number is not None:
                        yield self._fact(name, number, "actual" if name != "dept.rate.execution" else "final")
        register = load_figures()
        for nature, basis in ((self.funds.income, "adjusted"), (self.funds.expense, "final")):
            for label, number in nature.parts:
                known = register.match(label, ["部门预算收入" if basis == "adjusted" else "部门支出"])
                if number is not None:
                    yield self._fact(known.id if known else f"label:{label}", number, basis)

    def _indicator_facts(self) -> Iterator[Fact]:
        for i in self.sheet.indicators:
            for figure, number in ((f"weight:{i.name}", i.weight), (f"score:{i.name}", i.score)):
                if number is not None:
                    yield self._fact(figure, number, "actual")
            target, actual = promised(i)
            if target is None:
                continue
            names = [f"label:{i.name}"]
            if _SATISFACTION.search(i.name):
                names.append("dept.appraisal.satisfaction")
            for name in names:
                yield self._fact(name, self._cell(i, i.target_col, target.low, "年度指标值"), "target")
                if actual is not None and not actual.bound:
                    yield self._fact(name, self._cell(i, i.actual_col, actual.quantity, "实际完成值"), "actual")

    def _cell(self, i: Indicator, col: int, quantity: Quantity, column: str) -> Number:
        return number_at(self.table, self.context, i.row, col, quantity, i.name, column)

    def _heading_facts(self) -> Iterator[Fact]:
        """Points of every heading: its own, or the sum of what stands below, at the line of its first indicator."""
        for heading in self.sheet.headings:
            below = [i for i in self.sheet.indicators if heading in (i.first, i.second)]
            if heading.weight is not None:
                yield self._fact(f"weight:{heading.name}", heading.weight, "actual")
            else:
                yield from self._derived(f"weight:{heading.name}", heading, [i.weight for i in below])
            yield from self._derived(f"score:{heading.name}", heading, [i.score for i in below])

    def _derived(self, figure: str, heading: Heading, numbers: Iterable[Number | None]) -> Iterator[Fact]:
        known = [n for n in numbers if n is not None]
        if not known:
            return
        value = sum((n.quantity.value for n in known), Decimal(0))
        places = max(n.quantity.decimals for n in known)
        total = Quantity(value, POINTS, places, f"{value:f}")
        yield self._fact(figure, replace(known[0], quantity=total, label=heading.name), "actual")

    def _total_facts(self) -> Iterator[Fact]:
        for figure, number in (
            ("dept.appraisal.weight", self.sheet.total_weight),
            ("dept.appraisal.score", self.sheet.total_score),
        ):
            if number is not None:
                yield self._fact(figure, number, "actual")


def _in_percent(sheet: Sheet) -> bool:
    """Scores out of a hundred each, not out of their weight: most lie above it."""
    above = sum(
        i.score.value > i.weight.value for i in sheet.indicators if i.score is not None and i.weight is not None
    )
    return above >= 3 and 2 * above > len(sheet.indicators)


def _project_name(table: Table) -> str:
    """The project that a sheet is about, "" for the sheet of the whole bureau."""
    for row in [row for row in table.rows if row][:5]:
        texts = [normalise(c.text[:200]).text for c in row[:MAX_COLUMNS] if c.origin is None and c.text.strip()]
        if len(texts) > 1 and _PROJECT.match(texts[0]):
            return _CODE.sub("", texts[1])
    return ""


def _single_column(table: Table, context: FormContext) -> Form | None:
    """A list of indicators with one number each and a total line: the booklets of some cities print no more."""
    width = min(table.width, MAX_COLUMNS)
    if not any(
        "得分" in cell.text[:MAX_LABEL] or "总分" in cell.text[:MAX_LABEL] for row in table.rows for cell in row[:3]
    ):
        return None
    numbers: list[Number] = []
    for r in range(len(table.rows)):
        texts = [(c, t) for c in range(width) if (t := normalise(table.text(r, c)[:MAX_LABEL]).text)]
        cells = [(c, q) for c, t in texts if c and (q := cell_quantity(t)) is not None]
        if len(cells) != 1 or cells[0][1].unit not in (None, POINTS) or len(texts) < 2:
            continue
        col, q = cells[0]
        label = max((item for item in texts if item[0] < col), default=(0, ""))[1]
        number = number_at(
            table, context, r, col, replace(q, unit=POINTS), _ORDINAL.sub("", clean_label(label)), "得分"
        )
        if _SCORE_TOTAL.search(label):
            return _summed(table, context, number, numbers)
        if "指标" in label:
            numbers.append(number)
    return None


def _summed(table: Table, context: FormContext, total: Number, numbers: list[Number]) -> Form | None:
    check = add_up("score_sum", total, list(numbers), "总分（得分）") if len(numbers) >= 3 else None
    if check is None:
        return None
    year = title_year((table.caption, *table.notes), context.year)
    fact = Fact(
        "dept.appraisal.score", "", year, "actual", total.quantity, total.evidence, "table", "scoresheet", total.key
    )
    facts = [fact]
    for n in numbers:
        facts.append(Fact(f"score:{n.label}", "", year, "actual", n.quantity, n.evidence, "table", "scoresheet", n.key))
    checks = trusted([check], not table.weak)
    return Form("scoresheet", table, context.block, context.file, table.caption, "", year, tuple(facts), checks)

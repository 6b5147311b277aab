"""A project is told three times: in its own sheet, as a row of the 基础数据表, in the report (kinds table_vs_table,
text_vs_table, content). Names differ by a word or two, so they are matched by likeness.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yibao.proofread.checks.compare import compared
from yibao.proofread.checks.repeats import agreement, operand
from yibao.proofread.document import Place
from yibao.proofread.findings import Check, Evidence, Severity, Verdict
from yibao.proofread.forms.facts import Fact, Form
from yibao.proofread.norm import normalise
from yibao.proofread.prose import Mention, Sentence
from yibao.proofread.quantity import judge
from yibao.proofread.reading import Reading

_NOISE = re.compile(r"20\d{2}年度?|年初|资金|专项|经费|费用|费|补助|项目|支出|（[^（）]*）|[、，.\-\s\"“”]|^\d+|的")
LIKE = 0.6  #: share of common letter pairs from which on two names are one project
_BUDGET = re.compile(r"预算|安排|下达|到位")
_SPENT = re.compile(r"使用|支出|执行|决算|完成")
_GOAL = re.compile(r"年度总体目标|总体目标|预期目标|绩效目标")
MIN_GOAL = 12


@dataclass(frozen=True, slots=True)
class Project:
    """A project with the figures of its own sheet."""

    name: str
    form: Form
    budget: Fact | None
    spent: Fact | None


def run(reading: Reading) -> Iterator[Check]:
    projects = [p for p in map(_project, reading.forms) if p is not None]
    if not projects:
        return
    yield from _rows(reading.facts, projects)
    for sentences in reading.paragraphs():
        if sentences[0].place.table is None:
            yield from _told(sentences, projects)
    yield from _copied_goals(projects)


def _project(form: Form) -> Project | None:
    if form.kind != "project_sheet" or not form.scope:
        return None
    funds = [f for f in form.facts if f.quantity.dimension == "money" and not f.figure.startswith("label:")]
    budget = next((f for f in funds if f.basis == "adjusted"), None) or next(
        (f for f in funds if f.basis == "initial"), None
    )
    return Project(form.scope, form, budget, next((f for f in funds if f.basis == "final"), None))


def _letters(name: str) -> set[str]:
    clean = _NOISE.sub("", normalise(name).text)
    return {clean[i : i + 2] for i in range(len(clean) - 1)} or {clean}


def likeness(a: str, b: str) -> float:
    """Common letter pairs over those of the shorter name."""
    x, y = _letters(a), _letters(b)
    return len(x & y) / max(1, min(len(x), len(y)))


def _best(name: str, projects: Sequence[Project]) -> Project | None:
    """The one project a name fits, None where none or two fit equally."""
    scored = sorted(((likeness(name, p.name), i) for i, p in enumerate(projects)), reverse=True)
    if not scored or scored[0][0] < LIKE or (len(scored) > 1 and scored[1][0] == scored[0][0]):
        return None
    return projects[scored[0][1]]


def _rows(facts: Sequence[Fact], projects: Sequence[Project]) -> Iterator[Check]:
    """Rows of the 基础数据表 that name a project."""
    for fact in facts:
        if fact.form != "base_data" or not fact.figure.startswith("label:") or fact.basis not in ("budget", "final"):
            continue
        if fact.year != next((p.form.year for p in projects), None):
            continue
        project = _best(fact.figure.partition(":")[2], projects)
        own = None if project is None else project.budget if fact.basis == "budget" else project.spent
        if project is None or own is None:
            continue
        verdict = agreement(fact.quantity, own.quantity)
        if verdict is Verdict.INCONSISTENT:
            verdict = Verdict.SUSPICIOUS  # a row may hold more than one project
        message = f"{project.name}：基础数据表{fact.quantity.raw}，项目自评表{own.quantity.raw}"
        yield Check(
            "table_vs_table", verdict, fact.evidence, fact.quantity.raw, own.quantity.raw, message, "", (own.evidence,), None,
            operand(fact), (operand(own),),
        )  # fmt: skip


def _told(sentences: Sequence[Sentence], projects: Sequence[Project]) -> Iterator[Check]:
    """A paragraph about one project: its budget, what was spent, and the rate between them."""
    head = re.split(r"[，：。]", sentences[0].text, maxsplit=1)[0]
    project = _best(re.sub(r"^（?\d+[）、.]", "", head), projects) if len(head) >= 4 else None
    if project is None:
        return
    mentions = [m for s in sentences for m in s.mentions if not m.change and not m.previous]
    money = [m for m in mentions if m.dimension == "money"]
    for own, words in ((project.budget, _BUDGET), (project.spent, _SPENT)):
        said = [m for m in money if words.search(m.clause) and not (words is _SPENT and _BUDGET.search(m.clause))]
        if own is not None and len(said) == 1:
            yield _against_sheet(said[0], own, project)
    yield from _rate(mentions, project)


def _against_sheet(m: Mention, own: Fact, project: Project) -> Check:
    verdict = agreement(m.quantity, own.quantity)
    severity = Severity.WARNING if verdict is Verdict.INCONSISTENT else None
    message = f"{project.name}：正文{m.quantity.raw}，项目自评表{own.quantity.raw}"
    return Check(
        "text_vs_table", verdict, m.evidence, m.quantity.raw, own.quantity.raw, message, "", (own.evidence,), severity,
        m.operand, (operand(own),),
    )  # fmt: skip


def _rate(mentions: Sequence[Mention], project: Project) -> Iterator[Check]:
    if project.budget is None or project.spent is None or project.budget.quantity.base == 0:
        return
    computed = project.spent.quantity.range / project.budget.quantity.range
    for m in mentions:
        if (
            m.dimension == "ratio"
            and re.search(r"(?:使用|执行|支出|完成)率", m.label)
            and judge(m.quantity, computed) is Verdict.CONSISTENT
        ):
            formula = f"{project.spent.quantity.raw}/{project.budget.quantity.raw}"
            yield compared("execution_rate", m, computed, [], formula, name=project.name)


def _copied_goals(projects: Sequence[Project]) -> Iterator[Check]:
    """Two projects with the same goal in the same words: the one whose name the goal does not speak of was copied."""
    goals = [(p, found) for p in projects if (found := _goal(p)) is not None]
    for i, (a, one) in enumerate(goals):
        for b, two in goals[i + 1 :]:
            if normalise(one.quote).text != normalise(two.quote).text or a.name == b.name:
                continue
            fits_a, fits_b = _speaks_of(one.quote, a.name), _speaks_of(two.quote, b.name)
            if (fits_a > 0) == (fits_b > 0):
                continue
            wrong, evidence, other = (b, two, one) if fits_a else (a, one, two)
            message = f"“{wrong.name}”的年度总体目标与另一项目逐字相同，内容说的是另一项目"
            yield Check(
                "content",
                Verdict.INCONSISTENT,
                evidence,
                evidence.quote[:40],
                None,
                message,
                "疑复制后未改",
                (other,),
                group=f"goal:{normalise(one.quote).text}",
            )


def _speaks_of(text: str, name: str) -> int:
    clean = normalise(text).text
    return sum(pair in clean for pair in _letters(name))


def _goal(project: Project) -> Evidence | None:
    """The first long text of the row under 年度总体目标."""
    table = project.form.table
    for r, row in enumerate(table.rows):
        if not any(_GOAL.search(normalise(c.text).text) for c in row):
            continue
        for below in range(r, min(r + 3, len(table.rows))):
            for cell in table.rows[below]:
                if len(cell.text) >= MIN_GOAL and not _GOAL.search(normalise(cell.text).text):
                    return Evidence(cell.text, _place(project, below, cell.col))
    return None


def _place(project: Project, row: int, col: int) -> Place:
    form = project.form
    return Place(
        form.file, form.block, form.table.page, (), table=form.title or "项目支出绩效自评表", row=row, column=col
    )

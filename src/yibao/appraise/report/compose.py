"""The report composed: a layout's sections walked in order, each sentence said or left out, headings numbered last.

Pure: an `Appraisal`, the bureau's texts and the forms in, `Report`s out. What was left out for a missing figure is a
`Remark`; a section that the layout needs and that comes out empty is a UserError that names what is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from glob import escape

from yibao.appraise.appraisal import Appraisal
from yibao.appraise.deviations import Deviation
from yibao.appraise.quotes import NotInBook
from yibao.appraise.report.composed import Attachment, Paragraph, Remark, Report, Run, Section, Style
from yibao.appraise.report.indicators import OWN, indicator_sections
from yibao.appraise.report.layout import Item, Layout, ReportPlan, SectionPlan, layout_named
from yibao.appraise.report.speech import merged, say
from yibao.appraise.report.text import OwnText, stale, told
from yibao.appraise.report.voice import Voice
from yibao.appraise.report.words import numbered, stopped
from yibao.appraise.scoring import ScoredSheet
from yibao.appraise.typed import Key
from yibao.errors import UserError
from yibao.vocabulary.figures import load_figures

LEVELS: tuple[Style, ...] = ("level1", "level2", "level3", "level4", "level4")
LIST, DEEPEST = 3, 5  #: the level whose numbers are 1. 2. 3., and the last one
SIGNED, FINAL_ACCOUNTS = "落款", "部门决算"


class NoText(NotInBook):
    """The bureau wrote nothing for a place where it may."""


@dataclass(slots=True)
class _Telling:
    """One report being told: what it says it with, which texts it used, what it had to leave out."""

    voice: Voice
    layout: Layout
    texts: Mapping[str, OwnText]
    used: set[str] = field(default_factory=set)
    remarks: list[Remark] = field(default_factory=list)


def compose(
    appraisal: Appraisal, texts: Mapping[str, OwnText], attachments: Sequence[Attachment] = (), layout: str = ""
) -> tuple[Report, ...]:
    """The reports of a year: the department's own, then one for each project form, in the layout of 单位.yaml.

    `layout` names another one. UserError for a layout or a text that is wrong, or a needed section without content.
    """
    chosen = layout_named(layout or appraisal.bureau.layout)
    voice = Voice(appraisal, chosen.rounding)
    reports, used = [], set[str]()
    for plan in chosen.plans:
        for sheet in _told_about(appraisal, plan):
            telling = _Telling(voice.about(sheet), chosen, texts)
            reports.append(_report(telling, plan, attachments))
            used |= telling.used
    if not reports:
        raise UserError("“指标”里没有自评表，没有报告可写。请先填写“指标/整体支出.yaml”。")
    late = [remark for name in sorted(used) for remark in stale(texts[name], appraisal.bureau.year)]
    late += [Remark(texts[name].shown, f"版式“{chosen.name}”没有用到这一段文字") for name in texts if name not in used]
    return (replace(reports[0], remarks=(*reports[0].remarks, *late)), *reports[1:])


def _told_about(appraisal: Appraisal, plan: ReportPlan) -> tuple[ScoredSheet | None, ...]:
    """The forms that a report of that kind is written for, one by one; none is needed for final accounts."""
    if plan.kind == FINAL_ACCOUNTS:
        return (None,)
    return tuple(sheet for sheet in appraisal.sheets if sheet.filed.sheet.kind == plan.kind)


def _report(telling: _Telling, plan: ReportPlan, attachments: Sequence[Attachment]) -> Report:
    voice, bureau = telling.voice, telling.voice.appraisal.bureau
    sections = [s for part in plan.sections if (s := _section(telling, part)) is not None]
    return Report(
        name=_plain(voice, plan.name),
        title_lines=tuple(_plain(voice, line) for line in plan.title),
        bureau=bureau.name,
        cover=plan.cover,
        sections=tuple(_numbered(s, 1, i) for i, s in enumerate(sections, 1)),
        attachments=tuple(_attached(voice, plan, attachments)),
        signed=_plain(voice, f"{{日期({SIGNED})}}"),
        remarks=tuple(dict.fromkeys(telling.remarks)),
    )


def _attached(voice: Voice, plan: ReportPlan, attachments: Sequence[Attachment]) -> Iterator[Attachment]:
    """Those attachments of the year that stand behind this report, each with those of its forms that do."""
    project = voice.project
    wanted = [pattern.replace("{项目}", escape(project)) for pattern in plan.attached]
    for attachment in attachments:
        forms = tuple(form for form in attachment.forms if any(fnmatchcase(form.id, pattern) for pattern in wanted))
        if forms:
            yield Attachment(attachment.title, forms)


def _plain(voice: Voice, template: str) -> str:
    """A name or a line of the cover; UserError for what it needs and does not have."""
    try:
        return "".join(run.text for run in say(voice, template))
    except NotInBook as error:
        raise UserError(f"报告缺少“{template}”要写的内容：{error}。请补填后再运行。") from error


def _section(telling: _Telling, plan: SectionPlan) -> Section | None:
    missing: list[NotInBook] = []
    own = False
    paragraphs: list[Paragraph] = []
    sections: list[Section] = []
    for item in plan.body:
        try:
            for part in _item(telling, item):
                if isinstance(part, Section):
                    sections.append(part)
                else:
                    paragraphs.append(part)
        except NotInBook as error:
            missing.append(error)
        else:
            own |= bool(item.text)
    sections += [s for part in plan.sections if (s := _section(telling, part)) is not None]
    if not paragraphs and not sections and plan.otherwise:
        paragraphs = [Paragraph(say(telling.voice, plan.otherwise))]
    if not paragraphs and not sections:
        told_missing = "；".join(map(str, missing)) or "下面各节都没有内容"
        if plan.need:
            raise UserError(f"报告的“{plan.heading}”一节没有内容：{told_missing}。请补填后再运行。")
        telling.remarks.append(Remark(plan.heading, f"没有写这一节：{told_missing}"))
        return None
    if not own:
        absent = [error for error in missing if not isinstance(error, NoText)]
        telling.remarks += [Remark(plan.heading, f"少写一段：{error}") for error in absent]
    return Section(Paragraph(say(telling.voice, plan.heading)), tuple(paragraphs), tuple(sections))


def _item(telling: _Telling, item: Item) -> Iterator[Paragraph | Section]:
    """What one item of a section says; NotInBook where it has nothing."""
    voice = telling.voice
    if item.say:
        yield _block(voice, telling.layout.blocks[item.say])
    elif item.each_project:
        yield from _each_project(telling, telling.layout.blocks[item.each_project])
    elif item.text:
        yield from _own(telling, item.text)
    elif item.indicators is not None:
        telling.used |= {OWN + row.name for row in voice.form.rows} & set(telling.texts)
        yield from indicator_sections(voice, telling.layout.indicators, item.indicators, telling.texts)
    elif item.deviations:
        yield from _deviations(telling)


def _block(voice: Voice, sentences: Sequence[str]) -> Paragraph:
    """One paragraph of those sentences that have their figures; NotInBook names the first missing where none has."""
    runs, missing = list[Run](), list[NotInBook]()
    for sentence in sentences:
        try:
            runs += say(voice, sentence)
        except NotInBook as error:
            missing.append(error)
    if not runs:
        raise missing[0]
    return Paragraph(merged(runs))


def _each_project(telling: _Telling, sentences: Sequence[str]) -> Iterator[Paragraph]:
    projects = [s for s in telling.voice.appraisal.sheets if s.filed.sheet.project]
    for number, sheet in enumerate(projects, 1):
        block = _block(telling.voice.about(sheet), sentences)
        yield replace(block, item=number)
    if not projects:
        raise NotInBook("“指标”里没有项目支出的自评表")


def _own(telling: _Telling, name: str) -> Iterator[Paragraph]:
    """The bureau's text; one of a project first (文字/立项-项目名.md)."""
    project = telling.voice.project
    found = next((n for n in (f"{name}-{project}", name) if n in telling.texts), None)
    if found is None or not telling.texts[found].lines:
        raise NoText(f"没有“文字/{name}.md”")
    telling.used.add(found)
    yield from told(telling.texts[found], telling.voice)


def _deviations(telling: _Telling) -> Iterator[Paragraph]:
    """Every result far from its budget, with the bureau's reason."""
    voice = telling.voice
    if not voice.appraisal.deviations:
        raise NotInBook("没有与预算差得远的数")
    for number, item in enumerate(voice.appraisal.deviations, 1):
        head, _, tail = _deviation_template(telling.layout.deviations[item.done.basis], item).partition("{原因}")
        reason = (Run(stopped(item.reason)),) if item.reason else ()
        yield Paragraph(merged((*say(voice, head), *reason, *say(voice, tail))), item=number)


def _deviation_template(template: str, item: Deviation) -> str:
    """The layout's sentence with the figures of one deviation in its places."""
    label = load_figures().get(item.done.figure).label
    done, planned = _quote(item.done), _quote(item.planned)
    filled = {
        "{指标名}": f"{item.done.scope} {label}".strip(),
        "{完成名}": item.done.basis_name,
        "{计划名}": item.planned.basis_name,
        "{完成}": f"{{{done}}}",
        "{计划}": f"{{{planned}}}",
        "{两数}": f"{done}, {planned}",
    }
    for place, words in filled.items():
        template = template.replace(place, words)
    return template


def _quote(key: Key) -> str:
    return f"{key.figure}:{key.basis}@{key.year}" + (f"/{key.scope}" if key.scope else "")


def _numbered(section: Section, level: int, number: int) -> Section:
    """The section with its number, its lists and the sections below with theirs.

    A list is numbered 1. 2. 3., deeper where headings around it have these numbers already.
    """
    heading = section.heading
    if heading is not None:
        heading = Paragraph(merged((Run(numbered(level, number)), *heading.runs)), LEVELS[level - 1])
    below = tuple(_numbered(s, level + 1, i) for i, s in enumerate(section.sections, 1))
    listed = min(max(LIST, level + 1 + bool(below)), DEEPEST)
    paragraphs = tuple(_item_of_list(p, listed) if p.item else p for p in section.paragraphs)
    return Section(heading, paragraphs, below)


def _item_of_list(paragraph: Paragraph, level: int) -> Paragraph:
    return Paragraph(merged((Run(numbered(level, paragraph.item)), *paragraph.runs)), paragraph.style)

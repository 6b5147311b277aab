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
from yibao.appraise.forms.table import Form
from yibao.appraise.literal_yaml import BLANK_MARK
from yibao.appraise.quotes import NotInBook
from yibao.appraise.report.chart_plans import ChartPlan
from yibao.appraise.report.charted import charted
from yibao.appraise.report.composed import Attachment, Paragraph, Remark, Report, Run, Section, Style
from yibao.appraise.report.far_from_budget import deviation_paragraphs
from yibao.appraise.report.indicators import OWN, first_levels, indicator_sections
from yibao.appraise.report.items import OWN_ITEM, forms_named, listed, spent_on, tables
from yibao.appraise.report.layout import Item, Layout, ReportPlan, SectionPlan, layout_named
from yibao.appraise.report.speech import merged, quoted, say
from yibao.appraise.report.text import OwnText, stale, told, wrong_years
from yibao.appraise.report.voice import Voice
from yibao.appraise.report.words import UNWRITTEN, numbered, stopped
from yibao.appraise.scoring import ScoredSheet
from yibao.errors import UserError

LEVELS: tuple[Style, ...] = ("part", "level1", "level2", "level3", "level4", "level4")
LIST, DEEPEST = 3, 5  #: the level whose numbers are 1. 2. 3., and the last one
SIGNED, FINAL_ACCOUNTS = "落款", "部门决算"


class NoText(NotInBook):
    """The bureau wrote nothing for a place where it may."""


class Unwritten(UserError):
    """What a report cannot be published with: needed sections without content, texts about another year. `gaps` has a
    sentence for each."""

    def __init__(self, gaps: Sequence[str]) -> None:
        super().__init__("\n".join((*gaps, "请补填后再运行，或加 --draft 先出草稿。")))
        self.gaps = tuple(gaps)


@dataclass(slots=True)
class _Telling:
    """One report being told: what it says it with, which texts it used, what it had to leave out."""

    voice: Voice
    layout: Layout
    texts: Mapping[str, OwnText]
    attachments: Sequence[Attachment] = ()
    told_levels: frozenset[str] = frozenset()  #: first levels of the indicators that an item of the plan names
    pictures: bool = True
    drawn: int = 0  #: pictures so far
    used: set[str] = field(default_factory=set)
    remarks: list[Remark] = field(default_factory=list)
    gaps: list[Remark] = field(default_factory=list)


def compose(
    appraisal: Appraisal,
    texts: Mapping[str, OwnText],
    attachments: Sequence[Attachment] = (),
    layout: str = "",
    *,
    pictures: bool = True,
    draft: bool = False,
) -> tuple[Report, ...]:
    """The reports of a year: the department's own, then one for each project form, in the layout of 单位.yaml.

    `layout` names another one; `pictures`: can they be drawn? UserError for a layout or a text that is wrong; Unwritten,
    which lists every needed section without content, except in a `draft`, where such a section says so.
    """
    chosen = layout_named(layout or appraisal.bureau.layout)
    voice = Voice(appraisal, chosen.rounding)
    reports, used, gaps = [], set[str](), list[str]()
    for plan in chosen.plans:
        for sheet in _told_about(appraisal, plan):
            telling = _Telling(
                voice.about(sheet), chosen, texts, attachments, frozenset(_levels(plan.sections)), pictures
            )
            reports.append(report := _report(telling, plan, attachments))
            gaps += [f"“{report.name}”的“{gap.place}”一节没有内容：{gap.said}" for gap in telling.gaps]
            used |= telling.used
    if not reports:
        raise UserError("“指标”里没有自评表，没有报告可写。请先填写“指标/整体支出.yaml”。")
    told_of = "".join(gaps)
    gaps += [f"“{own.shown}”还标着{BLANK_MARK}" for own in texts.values() if own.blank and own.shown not in told_of]
    gaps += [
        f"{remark.place}：{remark.said}，请改正" for name in sorted(used) for remark in wrong_years(texts[name], voice)
    ]
    if gaps and not draft:
        raise Unwritten(gaps)
    late = [remark for name in sorted(used) for remark in stale(texts[name], appraisal.bureau.year)]
    late += [Remark(texts[name].shown, f"版式“{chosen.name}”没有用到这一段文字") for name in texts if name not in used]
    return (replace(reports[0], remarks=(*reports[0].remarks, *late)), *reports[1:])


def _levels(sections: Sequence[SectionPlan]) -> Iterator[str]:
    for section in sections:
        for item in section.body:
            yield from (*(item.indicators or ()), item.level2)
        yield from _levels(section.sections)


def _told_about(appraisal: Appraisal, plan: ReportPlan) -> tuple[ScoredSheet | None, ...]:
    """The forms that a report of that kind is written for, one by one; final accounts need none and quote the first."""
    if plan.kind == FINAL_ACCOUNTS:
        return (next((sheet for sheet in appraisal.sheets if not sheet.filed.sheet.project), None),)
    return tuple(sheet for sheet in appraisal.sheets if sheet.filed.sheet.kind == plan.kind)


def _report(telling: _Telling, plan: ReportPlan, attachments: Sequence[Attachment]) -> Report:
    voice, bureau = telling.voice, telling.voice.appraisal.bureau
    sections = [s for part in plan.sections if (s := _section(telling, part)) is not None]
    return Report(
        name=_plain(voice, plan.name),
        title_lines=tuple(_plain(voice, line) for line in plan.title),
        bureau=bureau.name,
        cover=plan.cover,
        sections=tuple(_numbered(s, 0 if plan.manner == "book" else 1, i) for i, s in enumerate(sections, 1)),
        attachments=tuple(_attached(voice, plan, attachments)),
        signed=_plain(voice, f"{{日期({SIGNED})}}"),
        remarks=tuple(dict.fromkeys(telling.remarks)),
        manner=plan.manner,
        cover_lines=tuple(_plain(voice, line) for line in plan.cover_lines),
        cover_foot=_plain(voice, plan.cover_foot) if plan.cover_foot else "",
    )


def _attached(voice: Voice, plan: ReportPlan, attachments: Sequence[Attachment]) -> Iterator[Attachment]:
    """Those attachments of the year that stand behind this report, each with those of its forms that do."""
    project = voice.project
    wanted = [pattern.replace("{项目}", escape(project)) for pattern in plan.attached]
    for attachment in attachments:
        forms = tuple(form for form in attachment.forms if any(fnmatchcase(form.id, pattern) for pattern in wanted))
        if forms and not attachment.inside:
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
    forms: list[Form] = []
    for item in plan.body:
        try:
            for part in _item(telling, item):
                if isinstance(part, Section):
                    sections.append(part)
                elif isinstance(part, Form):
                    forms.append(part)
                else:
                    paragraphs.append(part)
        except NotInBook as error:
            missing.append(error)
        else:
            own |= bool(item.text)
    sections += [s for part in plan.sections if (s := _section(telling, part)) is not None]
    if not paragraphs and not sections and not forms and plan.otherwise:
        paragraphs = [Paragraph(say(telling.voice, plan.otherwise))]
    if not paragraphs and not sections and not forms:
        told_missing = "；".join(map(str, missing)) or "下面各节都没有内容"
        if plan.need:
            telling.gaps.append(Remark(plan.heading, told_missing))
            return Section(Paragraph(say(telling.voice, plan.heading)), (Paragraph((Run(UNWRITTEN),)),))
        telling.remarks.append(Remark(plan.heading, f"没有写这一节（可以不写）：{told_missing}"))
        return None
    if not own:
        absent = [error for error in missing if not isinstance(error, NoText)]
        telling.remarks += [Remark(plan.heading, f"少写一段：{error}") for error in absent]
    return Section(Paragraph(say(telling.voice, plan.heading)), tuple(paragraphs), tuple(sections), tuple(forms))


def _item(telling: _Telling, item: Item) -> Iterator[Paragraph | Section | Form]:
    """What one item of a section says; NotInBook where it has nothing."""
    voice = telling.voice
    if item.say:
        yield _block(voice, telling.layout.blocks[item.say])
    elif item.each_project:
        yield from _each_project(telling, telling.layout.blocks[item.each_project])
    elif item.text:
        yield from _own(telling, item.text)
    elif item.chart:
        yield from _charted(telling, telling.layout.charts[item.chart])
    elif item.indicators is not None or item.level2:
        telling.used |= {OWN + row.name for row in voice.form.rows} & set(telling.texts)
        yield from _indicators(telling, item)
    elif item.forms:
        yield from forms_named(telling.attachments, item.forms)
    elif item.tables:
        yield from tables(telling.attachments, item.tables)
    elif item.attachment_list:
        yield from listed(telling.attachments)
    elif item.each_code:
        yield from _each_code(telling, telling.layout.blocks[item.each_code])
    elif item.deviations:
        yield from deviation_paragraphs(voice, telling.layout.deviations)
    elif item.answers:
        yield from _answers(telling)


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


def _indicators(telling: _Telling, item: Item) -> Iterator[Section]:
    """Sections of the levels that an item names, of all that no item names where it names none."""
    voice, words = telling.voice, telling.layout.indicators
    if item.level2:
        found = list(indicator_sections(voice, words, [item.level2], telling.texts))
        yield from (below for section in found for below in section.sections)
        if not found:
            raise NotInBook(f"自评表里没有“{item.level2}”的指标")
        return
    levels = first_levels(voice)
    wanted = item.indicators or [level for level in levels if level not in telling.told_levels]
    if wanted:
        yield from indicator_sections(voice, words, wanted, telling.texts)


def _each_code(telling: _Telling, sentences: Sequence[str]) -> Iterator[Paragraph]:
    """What was spent on each item, with the bureau's word on it."""
    for number, code in enumerate(spent_on(telling.voice.appraisal), 1):
        voice = replace(telling.voice, code=code)
        name = f"{OWN_ITEM}{code}"
        own = list(told(telling.texts[name], voice)) if name in telling.texts else []
        telling.used |= {name} & set(telling.texts)
        head = own[0].runs if own else ()
        yield Paragraph(merged((*_block(voice, sentences).runs, *head)), item=number)
        yield from own[1:]


def _own(telling: _Telling, name: str) -> Iterator[Paragraph]:
    """The bureau's text; one of a project first (文字/立项-项目名.md)."""
    project = telling.voice.project
    found = next((n for n in (f"{name}-{project}", name) if n in telling.texts), None)
    if found is not None and telling.texts[found].blank:
        telling.used.add(found)
        raise NoText(f"“{telling.texts[found].shown}”还标着{BLANK_MARK}")
    if found is None or not telling.texts[found].lines:
        raise NoText(f"没有“文字/{name}.md”" + (f"（或“文字/{name}-{project}.md”）" if project else ""))
    telling.used.add(found)
    yield from told(telling.texts[found], telling.voice)


def _charted(telling: _Telling, plan: ChartPlan) -> Iterator[Paragraph]:
    """The next picture with its sentence and its title; nothing where there is too little to show."""
    if not telling.pictures:
        return
    found = charted(telling.voice, plan, telling.drawn + 1)
    telling.drawn += bool(found)
    yield from found


def _answers(telling: _Telling) -> Iterator[Paragraph]:
    """Why something that the proofreader warned about stands as it does."""
    answers = telling.voice.appraisal.answers
    if not answers:
        raise NoText("没有要说明的提醒")
    for answer in answers:
        head, _, tail = telling.layout.answer.replace("{提醒}", answer.about).partition("{原因}")
        yield Paragraph(merged((Run(head), *quoted(telling.voice, stopped(answer.reason)), Run(tail))))


def _numbered(section: Section, level: int, number: int) -> Section:
    """The section with its number, its lists and the sections below with theirs.

    A list is numbered 1. 2. 3., deeper where headings around it have these numbers already.
    """
    heading = section.heading
    if heading is not None:
        style = heading.style if section.apart else LEVELS[level]
        heading = Paragraph(merged((Run(numbered(level, number)), *heading.runs)), style)
    below = tuple(_numbered(s, level + 1, i) for i, s in enumerate(section.sections, 1))
    listed = min(max(LIST, level + 1 + bool(below)), DEEPEST)
    paragraphs = tuple(_item_of_list(p, listed) if p.item else p for p in section.paragraphs)
    return replace(section, heading=heading, paragraphs=paragraphs, sections=below)


def _item_of_list(paragraph: Paragraph, level: int) -> Paragraph:
    return Paragraph(merged((Run(numbered(level, paragraph.item)), *paragraph.runs)), paragraph.style)

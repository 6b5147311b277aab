"""A report before it is a file: sections of paragraphs, each number beside the key of the figure that it prints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from yibao.appraise.forms.table import Form
from yibao.appraise.printed import Printed
from yibao.appraise.report.layout import Manner
from yibao.appraise.typed import Key
from yibao.charts.shapes import Chart

Style = Literal["body", "title", "part", "table", "level1", "level2", "level3", "level4", "picture", "caption"]


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one make. `key`: the figure they print; `said`: the computation they print, where it is one."""

    text: str
    key: Key | None = None
    said: str = ""
    bold: bool = False

    @property
    def is_figure(self) -> bool:
        return self.key is not None or bool(self.said)


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart with its number in the report. `keys`: the figures whose values stand in it."""

    number: int
    title: str
    chart: Chart
    keys: tuple[Key, ...]

    @property
    def alt(self) -> str:
        """The picture in words, for readers that cannot see it."""
        return f"图{self.number} {self.title}。{self.chart.alt}"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; headings are paragraphs of a level's style, their number already before them.

    `picture`: what stands in place of words.
    `item`: its place in a numbered list, 0 in none; the number is written before it with those of the headings.
    """

    runs: tuple[Run, ...]
    style: Style = "body"
    picture: Picture | None = None
    item: int = 0

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    @property
    def figures(self) -> Iterator[tuple[int, Run]]:
        """Each printed figure with its first character."""
        at = 0
        for run in self.runs:
            if run.is_figure:
                yield at, run
            at += len(run.text)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, paragraphs and forms under it, the sections below; `heading` is None for what stands before the first.

    `apart`: its form takes a page of its own, lying down where the form does.
    """

    heading: Paragraph | None
    paragraphs: tuple[Paragraph, ...] = ()
    sections: tuple[Section, ...] = ()
    forms: tuple[Form, ...] = ()
    apart: bool = False

    @property
    def all(self) -> Iterator[tuple[str, Paragraph]]:
        """Every paragraph in order, with the way of headings to it."""
        path = self.heading.text if self.heading else ""
        if self.heading:
            yield path, self.heading
        for paragraph in self.paragraphs:
            yield path, paragraph
        for section in self.sections:
            for below, paragraph in section.all:
                yield f"{path} {below}".strip(), paragraph

    @property
    def all_forms(self) -> Iterator[Form]:
        """Its forms and those of the sections below."""
        yield from self.forms
        for section in self.sections:
            yield from section.all_forms


@dataclass(frozen=True, slots=True)
class Attachment:
    """Forms behind the report, under the title by which it lists them; `inside`: for its text, not behind it."""

    title: str
    forms: tuple[Form, ...]
    inside: bool = False


@dataclass(frozen=True, slots=True)
class Remark:
    """What the composer noticed and the bureau should look at: a place and one Chinese sentence."""

    place: str
    said: str


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report. `name` is that of its file, without extension; `signed` the date under it, as printed."""

    name: str
    title_lines: tuple[str, ...]
    bureau: str
    cover: bool
    sections: tuple[Section, ...]
    attachments: tuple[Attachment, ...]
    signed: str
    remarks: tuple[Remark, ...] = ()
    manner: Manner = "letter"
    cover_lines: tuple[str, ...] = ()
    cover_foot: str = ""

    @property
    def title(self) -> str:
        return "".join(self.title_lines)

    @property
    def paragraphs(self) -> Iterator[tuple[str, Paragraph]]:
        for section in self.sections:
            yield from section.all

    @property
    def forms(self) -> Iterator[Form]:
        """The forms in its text and behind it."""
        for section in self.sections:
            yield from section.all_forms
        for attachment in self.attachments:
            yield from attachment.forms

    @property
    def contents(self) -> tuple[Paragraph, ...]:
        """The headings that a table of contents lists: of the parts and of the sections in them."""
        pairs = ((part.heading, *(section.heading for section in part.sections)) for part in self.sections)
        return tuple(heading for pair in pairs for heading in pair if heading is not None)

    @property
    def text(self) -> str:
        """The report without its forms, one paragraph a line."""
        return "\n".join([self.title, "", *(p.text for _, p in self.paragraphs), "", self.bureau, self.signed])


def printed(report: Report, document: str) -> tuple[Printed, ...]:
    """Every figure that a report prints, in the order of its text, pictures and forms included."""
    found = []
    paragraphs: dict[str, int] = {}
    for path, paragraph in report.paragraphs:
        number = paragraphs[path] = paragraphs.get(path, -1) + 1
        place = f"{path} 第 {number} 段" if number else path
        found += [Printed(run.key, document, place) for _, run in paragraph.figures if run.key]
        if paragraph.picture:
            found += [Printed(key, document, f"{path} 图{paragraph.picture.number}") for key in paragraph.picture.keys]
    for form in report.forms:
        found += [Printed(key, document, f"表“{form.title}”") for _, _, cell in form.cells for key in cell.prints]
    return tuple(dict.fromkeys(found))

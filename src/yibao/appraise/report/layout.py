"""Layouts of reports (layouts/*.yaml): sections in order, the sentences in them, what is attached. Data, by place.

A section's `body` is a list of one-key items: `say: name` of a block of sentences, `text: name` of the bureau's own
文字/name.md, `chart: name` of a picture, `indicators`, `deviations`, `forms`, … . A section that comes out empty is left out, or refused under `need`.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

from yibao.appraise.report.chart_plans import ChartPlan
from yibao.appraise.report.computed import Rounding
from yibao.errors import UserError

FOLDER = "layouts"
USUAL = "益阳"  #: where 单位.yaml names none


#: letter: title again above the text, signature below. booklet: neither, its cover says both. book: likewise, in parts
#: (第一部分 …), each from a new page, with a table of contents behind the cover.
Manner = Literal["letter", "booklet", "book"]


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Item(_Data):
    """One part of a section's body."""

    say: str = ""
    each_project: str = ""  #: a block said for each project form
    text: str = ""
    chart: str = ""
    indicators: tuple[str, ...] | None = None  #: names of first levels, none for all that no other item names
    level2: str = ""  #: a first level whose second levels are told, without a heading of its own
    deviations: bool = False
    answers: bool = False  #: explanations of what the proofreader warned about
    forms: str = ""  #: ids of forms (* for any rest) that stand in the text, after it
    tables: str = ""  #: likewise, each under its title as a numbered heading on a page of its own
    each_code: str = ""  #: a block said for each item (项) of the functional classification that was spent on
    attachment_list: bool = False

    @model_validator(mode="after")
    def _one(self) -> Item:
        if sum(bool(value) or value == () for value in dict(self).values()) != 1:
            raise ValueError("an item is one thing")
        return self


class SectionPlan(_Data):
    heading: str
    need: bool = False
    otherwise: str = ""  #: said where nothing else is there, of what needs no figure (其他需要说明的情况：无)
    body: tuple[Item, ...] = ()
    sections: tuple[SectionPlan, ...] = ()


class IndicatorWords(_Data):
    """How scores are told. Templates over {分值} and {得分} of the level or row at hand."""

    level1: str
    level2: str
    idle: str
    row_end: str
    usual: str  #: of a row whose figure has no sentence in `figures`
    in_words: str  #: likewise, where target and result are words (定性)
    reason: str
    numbering_from: int = 2  #: level of the first-level indicators' headings
    figures: dict[str, str] = {}


class ReportPlan(_Data):
    kind: Literal["整体支出", "项目支出", "部门决算"]  #: of the forms it tells about; 部门决算 needs none
    name: str
    title: tuple[str, ...]  #: its lines
    cover: bool = False
    manner: Manner = "letter"
    cover_lines: tuple[str, ...] = ()  #: under the title of a cover, the bureau and the date where there are none
    cover_foot: str = ""
    sections: tuple[SectionPlan, ...]
    attached: tuple[str, ...] = ()  #: ids of the forms behind it, * for any, {项目} for the project at hand


def _sentences(written: Any) -> Any:
    return (written,) if isinstance(written, str) else written


class Layout(_Data):
    name: str
    about: str
    rounding: Rounding = Rounding()
    blocks: dict[str, Annotated[tuple[str, ...], BeforeValidator(_sentences)]]  #: a block is one paragraph of sentences
    charts: dict[str, ChartPlan] = {}
    indicators: IndicatorWords
    deviations: dict[str, str]  #: sentences by the basis of what was done
    answer: str  #: of a warning explained: {提醒}, {原因}
    reports: tuple[ReportPlan, ...]
    project_report: ReportPlan  #: one for each project form

    @property
    def plans(self) -> tuple[ReportPlan, ...]:
        return (*self.reports, self.project_report)


@lru_cache(maxsize=1)
def layouts() -> dict[str, Layout]:
    """All layouts that ship, by name; what stands in common.yaml is there for all of them."""
    folder = files("yibao.appraise.report").joinpath(FOLDER)
    read = {
        item.name: _yaml(item.read_text(encoding="utf-8")) for item in folder.iterdir() if item.name.endswith(".yaml")
    }
    common = read.pop("common.yaml")
    named = {own["name"]: own for _, own in sorted(read.items())}
    for own in named.values():
        own["reports"] = [plan for entry in own["reports"] for plan in _plans(entry, named)]
    return {name: Layout.model_validate(_over(common, own)) for name, own in named.items()}


def _plans(entry: Any, named: dict[str, Any]) -> list[Any]:
    """A report as it is written, or those of the layout that is named instead."""
    return named[entry]["reports"] if isinstance(entry, str) else [entry]


def _yaml(text: str) -> Any:
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def _over(base: Any, own: Any) -> Any:
    """Mappings are joined, the own one wins; anything else replaces."""
    if not (isinstance(base, dict) and isinstance(own, dict)):
        return own
    return {
        key: _over(base[key], own[key]) if key in base and key in own else own.get(key, base.get(key))
        for key in {**base, **own}
    }


def layout_named(name: str) -> Layout:
    """The layout that 单位.yaml names; UserError that lists those there are."""
    found = layouts().get(name or USUAL)
    if found is None:
        raise UserError(f"“单位.yaml”的版式“{name}”没有，可写：{'、'.join(layouts())}。")
    return found

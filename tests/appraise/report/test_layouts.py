"""Every layout that ships: known figures, known calls, sections whose blocks exist."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from yibao.appraise.quotes import _QUOTE
from yibao.appraise.report.layout import Item, Layout, SectionPlan, layout_named, layouts
from yibao.appraise.report.places import CALLS, WORDS
from yibao.appraise.report.speech import _CALL
from yibao.appraise.report.template import places
from yibao.errors import UserError
from yibao.vocabulary.figures import load_figures

#: filled in by code before the template is said
OWN_PLACES = {
    "分值",
    "得分",
    "目标",
    "实际",
    "原因",
    "指标名",
    "完成名",
    "计划名",
    "完成",
    "计划",
    "两数",
    "矛盾",
    "取",
    "理由",
}
NOT_FIGURES = {"分值", "得分", "日期", "机构", "总得分", "总分值", "等次", "执行率", "取舍数"}


def templates(layout: Layout) -> Iterator[str]:
    for sentences in layout.blocks.values():
        yield from sentences
    words = layout.indicators
    yield from (words.level1, words.level2, words.row_end, words.usual, words.in_words, words.reason)
    yield from words.figures.values()
    yield from layout.deviations.values()
    for report in layout.plans:
        yield from (report.name, *report.title)


def items(sections: tuple[SectionPlan, ...]) -> Iterator[Item]:
    for section in sections:
        yield from section.body
        yield from items(section.sections)


def figures(place: str) -> list[str]:
    """The quotes in a place that has to be known."""
    call = _CALL.fullmatch(place)
    if call is None:
        return [] if place in WORDS or place in OWN_PLACES else [place]
    assert call["name"] in CALLS, place
    if call["name"] in NOT_FIGURES:
        return []
    return [a.strip() for a in call["arguments"].split(",") if a.strip() not in OWN_PLACES]


@pytest.mark.parametrize("name", layouts())
def test_every_figure_and_call_is_known(name: str) -> None:
    for template in templates(layouts()[name]):
        for place in places(template.replace("{两数}", "两数")):
            for quote in (one for several in figures(place) for one in several.split("|")):
                found = _QUOTE.fullmatch(f"{{{quote}}}")
                assert found is not None, place
                assert found["figure"] in load_figures(), place


@pytest.mark.parametrize("name", layouts())
def test_every_block_exists(name: str) -> None:
    layout = layouts()[name]
    for report in layout.plans:
        for item in items(report.sections):
            assert {item.say, item.each_project, item.each_code} - {""} <= set(layout.blocks)


def test_the_layouts_that_ship() -> None:
    assert set(layouts()) == {"益阳", "岳阳", "广东", "决算"}
    assert layout_named("").name == "益阳"


def test_an_unknown_layout_is_refused() -> None:
    with pytest.raises(UserError, match="版式“月球”没有，可写：决算、广东、益阳、岳阳"):
        layout_named("月球")

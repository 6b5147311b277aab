"""部门整体支出绩效, indicator by indicator: headings with weight and score, a sentence a row, the reason behind a loss."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from yibao.appraise.quotes import NotInBook
from yibao.appraise.report.composed import Paragraph, Run, Section
from yibao.appraise.report.layout import IndicatorWords
from yibao.appraise.report.places import score_of, weight_of
from yibao.appraise.report.speech import merged, quoted, say
from yibao.appraise.report.text import OwnText, told
from yibao.appraise.report.voice import Voice
from yibao.appraise.report.words import stopped
from yibao.appraise.scoring import ScoredRow
from yibao.appraise.sheet import Indicator
from yibao.appraise.typed import Key, points
from yibao.appraise.weights import EXECUTION

_PLACE = re.compile(r"(\{[^{}]*\})")
OWN = "指标-"  #: 文字/指标-<三级指标>.md: what the bureau adds to a row


def indicator_sections(
    voice: Voice, words: IndicatorWords, wanted: Sequence[str], texts: Mapping[str, OwnText]
) -> Iterator[Section]:
    """A section for each first level of the form (for those `wanted`), headings without their numbers."""
    sheet = voice.form
    for level in first_levels(voice):
        if wanted and level not in wanted:
            continue
        head = Paragraph(_scores(voice, words.level1, level)) if _has_rows(voice, level) else None
        if level == EXECUTION:
            lines = tuple(_rows(voice, words, sheet.rows[:1], texts))
            yield Section(_heading(level), (*((head,) if head else ()), *lines))
        else:
            yield Section(_heading(level), (head,) if head else (), tuple(_level2(voice, words, level, texts)))


def first_levels(voice: Voice) -> tuple[str, ...]:
    """The first levels of the form, the execution rate before them."""
    return tuple(dict.fromkeys((EXECUTION, *(row.level1 for row in voice.form.filed.sheet.indicators))))


def _heading(text: str) -> Paragraph:
    return Paragraph((Run(text),), "level1")


def _has_rows(voice: Voice, level: str) -> bool:
    return any(level in (row.level1, row.level2) for row in voice.form.rows)


def _level2(voice: Voice, words: IndicatorWords, level1: str, texts: Mapping[str, OwnText]) -> Iterator[Section]:
    levels = dict.fromkeys(row.level2 for row in voice.form.filed.sheet.indicators if row.level1 == level1)
    for level2 in levels:
        rows = [row for row in voice.form.rows if (row.level1, row.level2) == (level1, level2)]
        if rows:
            heading = Paragraph((Run(level2), *_scores(voice, words.level2, level2)), "level1")
            yield Section(heading, tuple(_rows(voice, words, rows, texts)))
        else:
            yield Section(_heading(level2 + words.idle))


def _scores(voice: Voice, template: str, level: str) -> tuple[Run, ...]:
    """A template over {分值} and {得分} of a level, as computed numbers."""
    weight, score = weight_of(voice.form, level), score_of(voice.form, level)
    return (
        say(voice, template.replace("{分值}", f"{{分值({level})}}").replace("{得分}", f"{{得分({level})}}"))
        if weight or score
        else ()
    )


def _rows(
    voice: Voice, words: IndicatorWords, rows: Sequence[ScoredRow], texts: Mapping[str, OwnText]
) -> Iterator[Paragraph]:
    for row in rows:
        runs = [Run(f"{row.name}：", bold=True), *_sentence(voice, words, row)]
        own = texts.get(OWN + row.name)
        extra = list(told(own, voice)) if own else []
        if extra:
            runs += extra[0].runs
        end = words.row_end.partition("{得分}")
        runs += [Run(end[0]), Run(points(row.score), said=f"{row.name} 得分"), Run(end[2])]
        yield Paragraph(merged(runs))
        yield from extra[1:]
        if row.reason:
            yield Paragraph((Run(words.reason.replace("{原因}", stopped(row.reason))),))


def _sentence(voice: Voice, words: IndicatorWords, row: ScoredRow) -> tuple[Run, ...]:
    """The layout's sentence for the figure that the row scores; target and result where there is none.

    The sentences tell of the department: a row that scores a part of it, a project, has target and result.
    """
    if row.name == EXECUTION:
        figure, scope = "dept.rate.execution", ""
    else:
        figure, scope = next(((key.figure, key.scope) for key in _keys(voice, row)), ("", ""))
    template = "" if scope else words.figures.get(figure)
    if template:
        try:
            return say(voice, template)
        except NotInBook:
            pass
    return _usual(voice, words, row)


def _filed(voice: Voice, row: ScoredRow) -> Indicator | None:
    same = (row.level1, row.level2, row.name)
    return next((r for r in voice.form.filed.sheet.rows if (r.level1, r.level2, r.name) == same), None)


def _keys(voice: Voice, row: ScoredRow) -> list[Key]:
    filed = _filed(voice, row)
    return list(voice.quoting.keys(filed.actual)) if filed else []


def _usual(voice: Voice, words: IndicatorWords, row: ScoredRow) -> tuple[Run, ...]:
    """Target and result as the form prints them; figures that the result quotes keep their keys."""
    filed = _filed(voice, row)
    template = words.in_words if filed is not None and filed.direction == "定性" else words.usual
    runs: list[Run] = []
    for piece in _PLACE.split(template):
        if piece == "{目标}":
            runs.append(_told(row.target, f"{row.name} 目标"))
        elif piece == "{实际}":
            quotes = quoted(voice, filed.actual) if filed is not None else ()
            same = "".join(run.text for run in quotes) == row.actual
            runs += quotes if same and len(_keys(voice, row)) else (_told(row.actual, f"{row.name} 实际"),)
        else:
            runs.append(Run(piece))
    return merged(runs)


def _told(text: str, said: str) -> Run:
    return Run(text, said=said if any(c.isdigit() for c in text) else "")

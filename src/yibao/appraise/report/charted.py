"""Pictures composed: a plan of the layout and the book give the values, their labels and the keys that they print.

Each label is the figure as the book prints it. A plan with less to show than it asks for gives None: no empty picture.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal

from yibao.appraise.quotes import NotInBook
from yibao.appraise.report import computed
from yibao.appraise.report.chart_plans import ChartPlan, ItemsPlan, PanelPlan, ScoresPlan, YearsPlan
from yibao.appraise.report.composed import Paragraph, Picture, Run
from yibao.appraise.report.speech import say
from yibao.appraise.report.voice import Voice
from yibao.appraise.report.words import listed
from yibao.appraise.scoring import ScoredRow
from yibao.appraise.typed import Key, Number, Typed, points
from yibao.charts.shapes import Against, AgainstPlan, Chart, Columns, Mark, Panel, Part, PartsOfWholes, Series
from yibao.vocabulary.figures import load_figures

Own = dict[str, Run | None]  #: what stands in a plan's own places


HIGHEST = ("最高项", "最高项计划", "最高项结果", "最高比率")
NAMED = 3  #: indicators that lost points, in a sentence


@dataclass(frozen=True, slots=True)
class _Pair:
    """An item with its plan, above zero, and its result."""

    name: str
    plan: Typed
    result: Typed

    @property
    def rate(self) -> Decimal:
        return computed.quotient(self.result.number, self.plan.number)


@dataclass(frozen=True, slots=True)
class _Drawn:
    chart: Chart
    keys: tuple[Key, ...]
    own: Own


def charted(voice: Voice, plan: ChartPlan, number: int) -> tuple[Paragraph, ...]:
    """The sentence that leads to the picture, the picture, its title; () where there is too little to show."""
    drawn = _drawn(voice, plan)
    if drawn is None:
        return ()
    voice = replace(voice, own={**drawn.own, "图": Run(f"图{number}")})
    title = say(voice, plan.title)
    picture = Picture(number, "".join(run.text for run in title), drawn.chart, drawn.keys)
    return (
        Paragraph(say(voice, plan.lead)),
        Paragraph((), "picture", picture),
        Paragraph((Run(f"图{number}　"), *title), "caption"),
    )


def _drawn(voice: Voice, plan: ChartPlan) -> _Drawn | None:
    if isinstance(plan, YearsPlan):
        return _years(voice, plan)
    if isinstance(plan, ItemsPlan):
        return _items(voice, plan)
    return _scores(voice, plan)


def _mark(number: Number) -> Mark:
    return Mark(number.value, number.text)


# ---- amounts over years ----------------------------------------------------------------------------------------


def _years(voice: Voice, plan: YearsPlan) -> _Drawn | None:
    """The panels that know enough years; None where one that is needed does not, or where they are not in one unit."""
    known = [(panel, _known(voice, panel, plan.most)) for panel in plan.panels]
    if any(len(years) < plan.least for panel, years in known if not panel.optional):
        return None
    found = [(panel, years) for panel, years in known if len(years) >= plan.least]
    typed = [t for _, years in found for row in years.values() for t in row]
    if len({t.number.unit for t in typed}) != 1:
        return None
    spoken_of = found[0][1]
    own: Own = {"首年": Run(str(min(spoken_of))), "末年": Run(str(max(spoken_of)))}
    chart = Columns(typed[0].number.unit.symbol, tuple(_panel(panel, years) for panel, years in found))
    return _Drawn(chart, tuple(dict.fromkeys(t.key for t in typed)), own)


def _known(voice: Voice, panel: PanelPlan, most: int) -> Mapping[int, tuple[Typed, ...]]:
    """The unbroken run of years up to this one for which every figure of a panel is printed, the first one first."""
    this, years = voice.appraisal.bureau.year, dict[int, tuple[Typed, ...]]()
    for year in range(this, this - most, -1):
        try:
            years[year] = tuple(voice.typed(f"{figure}@{year}") for figure in panel.series.values())
        except NotInBook:
            if year < this and panel.opening:
                with suppress(NotInBook):
                    years[year] = (voice.typed(f"{panel.opening}@{year + 1}"),)
            break
    return dict(sorted(years.items()))


def _panel(panel: PanelPlan, years: Mapping[int, tuple[Typed, ...]]) -> Panel:
    at_end = load_figures().get(next(iter(panel.series.values()))).period == "year_end"
    marks = zip(*([_mark(typed.number) for typed in row] for row in years.values()), strict=True)
    series = tuple(Series(name, found) for name, found in zip(panel.series, marks, strict=True))
    return Panel(panel.name, tuple(f"{year}年{'末' if at_end else ''}" for year in years), series)


# ---- results against plans -------------------------------------------------------------------------------------


def _items(voice: Voice, plan: ItemsPlan) -> _Drawn | None:
    """Those items that have both amounts, in the unit of the first one, and a plan above zero."""
    pairs = [pair for pair in _pairs(voice, plan) if pair.plan.number.base > 0]
    same = [p for p in pairs if p.plan.number.unit == p.result.number.unit == pairs[0].plan.number.unit]
    if len(same) < max(plan.least, 1):
        return None
    same.sort(key=lambda pair: (-pair.rate, pair.name))
    percents = [computed.percent(pair.rate, voice.rounding) for pair in same]
    rows = (
        Against(p.name, _mark(p.plan.number), _mark(p.result.number), Mark(p.rate * 100, percent))
        for p, percent in zip(same, percents, strict=True)
    )
    chart = AgainstPlan(same[0].plan.number.unit.symbol, plan.plan, plan.result, tuple(rows))
    keys = tuple(dict.fromkeys(key for p in same for key in (p.plan.key, p.result.key)))
    alone = len(same) == 1 or same[0].rate > same[1].rate
    return _Drawn(chart, keys, _highest(same[0], percents[0]) if alone else dict.fromkeys(HIGHEST))


def _pairs(voice: Voice, plan: ItemsPlan) -> Iterator[_Pair]:
    quotes = {name: (figure, "") for name, figure in plan.items.items()}
    if plan.each_project:
        projects = [sheet.filed.sheet.project for sheet in voice.appraisal.sheets if sheet.filed.sheet.project]
        quotes |= {name: ("dept.funds.total", f"/{name}") for name in projects}
    for name, (figure, scope) in quotes.items():
        with suppress(NotInBook):
            planned, done = (voice.typed(f"{figure}:{basis}{scope}") for basis in (plan.plan, plan.result))
            yield _Pair(name, planned, done)


def _highest(pair: _Pair, percent: str) -> Own:
    """The item that stands first."""
    said = f"{pair.name} {pair.result.key.basis_name}与{pair.plan.key.basis_name}的比率"
    amounts = (Run(typed.number.printed, key=typed.key) for typed in (pair.plan, pair.result))
    return dict(zip(HIGHEST, (Run(pair.name), *amounts, Run(percent, said=said)), strict=True))


# ---- scores beside weights -------------------------------------------------------------------------------------


def _scores(voice: Voice, plan: ScoresPlan) -> _Drawn | None:
    """Every row of the form; None where it is too short, or where no point was lost: then a sentence says it all."""
    rows = voice.form.rows
    lost = sorted((row for row in rows if row.score < row.weight), key=lambda row: row.score - row.weight)
    if len(rows) < plan.least or not lost:
        return None
    names = list(dict.fromkeys(row.name for row in lost))
    own: Own = {"扣分项": Run(listed(names) if len(names) <= NAMED else "、".join(names[:NAMED]) + "等")}
    return _Drawn(PartsOfWholes("分", "分值", "得分", tuple(map(_part, rows))), (), own)


def _part(row: ScoredRow) -> Part:
    lost = row.weight - row.score
    missing = f"扣{points(lost)}分" if lost > 0 else ""
    whole, reached = Mark(row.weight, points(row.weight)), Mark(row.score, points(row.score))
    return Part(row.level1 if row.level1 != row.name else "", row.name, whole, reached, missing)

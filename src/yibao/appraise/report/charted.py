"""Pictures composed: a plan of the layout and the book give the values, their labels and the keys that they print.

Each label is the figure as the book prints it. A plan with less to show than it asks for gives None: no empty picture.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from yibao.appraise.quotes import NotInBook
from yibao.appraise.report import computed
from yibao.appraise.report.chart_plans import ChartPlan, ItemsPlan, PanelPlan, ScoresPlan, YearsPlan
from yibao.appraise.report.composed import Paragraph, Picture, Run
from yibao.appraise.report.speech import say
from yibao.appraise.report.voice import Voice
from yibao.appraise.scoring import ScoredRow
from yibao.appraise.typed import Key, Number, Typed, points
from yibao.charts.shapes import Against, AgainstPlan, Chart, Columns, Mark, Panel, Part, PartsOfWholes, Series
from yibao.vocabulary.figures import load_figures

Own = dict[str, Run]  #: what stands in a plan's own places


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
    """Those panels that know enough years; None where none does, or where they are not in one unit."""
    found = [(panel, years) for panel in plan.panels if len(years := _known(voice, panel, plan.most)) >= plan.least]
    typed = [t for _, years in found for row in years.values() for t in row]
    if len({t.number.unit for t in typed}) != 1:
        return None
    panels = tuple(_panel(panel, years) for panel, years in found)
    this = voice.appraisal.bureau.year
    first = min(t.key.year for t in typed)
    own = {"首年": Run(str(first)), "末年": Run(str(this))}
    return _Drawn(Columns(typed[0].number.unit.symbol, panels), tuple(dict.fromkeys(t.key for t in typed)), own)


def _known(voice: Voice, panel: PanelPlan, most: int) -> Mapping[int, tuple[Typed, ...]]:
    """The unbroken run of years up to this one for which every figure of a panel is printed, the first one first."""
    this, years = voice.appraisal.bureau.year, dict[int, tuple[Typed, ...]]()
    for year in range(this, this - most, -1):
        try:
            years[year] = tuple(voice.typed(f"{figure}@{year}") for figure in panel.series.values())
        except NotInBook:
            if year in (this, this + 1 - most) or not panel.opening:
                break
            try:
                years[year] = (voice.typed(f"{panel.opening}@{year + 1}"),)
            except NotInBook:
                pass
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
    pairs = [pair for pair in _pairs(voice, plan) if pair[1].number.base > 0]
    same = [pair for pair in pairs if {t.number.unit for t in pair[1:]} == {pairs[0][1].number.unit}]
    if len(same) < max(plan.least, 1):
        return None
    rows = sorted((_against(voice, *pair) for pair in same), key=lambda row: (-row.percent.value, row.name))
    over = sum(row.result.value > row.plan.value for row in rows)
    own = {
        "项数": Run(str(len(rows)), said="项数"),
        "超出项数": Run(str(over), said=f"{plan.result}超过{plan.plan}的项数"),
        "未超项数": Run(str(len(rows) - over), said=f"{plan.result}没有超过{plan.plan}的项数"),
        "最高项": Run(rows[0].name),
        "最高比率": Run(rows[0].percent.label, said=f"{rows[0].name} {plan.result}与{plan.plan}的比率"),
    }
    keys = tuple(dict.fromkeys(t.key for pair in same for t in pair[1:]))
    return _Drawn(AgainstPlan(same[0][1].number.unit.symbol, plan.plan, plan.result, tuple(rows)), keys, own)


def _pairs(voice: Voice, plan: ItemsPlan) -> Iterator[tuple[str, Typed, Typed]]:
    """Name, plan and result of each item."""
    quotes = {name: (figure, "") for name, figure in plan.items.items()}
    if plan.each_project:
        projects = [sheet.filed.sheet.project for sheet in voice.appraisal.sheets if sheet.filed.sheet.project]
        quotes |= {name: ("dept.funds.total", f"/{name}") for name in projects}
    for name, (figure, scope) in quotes.items():
        try:
            yield name, voice.typed(f"{figure}:{plan.plan}{scope}"), voice.typed(f"{figure}:{plan.result}{scope}")
        except NotInBook:
            continue


def _against(voice: Voice, name: str, plan: Typed, result: Typed) -> Against:
    rate = computed.quotient(result.number, plan.number)
    percent = Mark(rate * 100, computed.percent(rate, voice.rounding))
    return Against(name, _mark(plan.number), _mark(result.number), percent)


# ---- scores beside weights -------------------------------------------------------------------------------------


def _scores(voice: Voice, plan: ScoresPlan) -> _Drawn | None:
    """Every row of the form; None where it is too short, or where no point was lost: then a sentence says it all."""
    rows = voice.form.rows
    lost = [row.weight - row.score for row in rows if row.score < row.weight]
    if len(rows) < plan.least or not lost:
        return None
    own = {
        "项数": Run(str(len(rows)), said="指标项数"),
        "满分项数": Run(str(len(rows) - len(lost)), said="满分的指标项数"),
        "扣分项数": Run(str(len(lost)), said="扣分的指标项数"),
        "扣分": Run(points(sum(lost)), said="扣分合计"),
    }
    return _Drawn(PartsOfWholes("分", "分值", "得分", tuple(map(_part, rows))), (), own)


def _part(row: ScoredRow) -> Part:
    lost = row.weight - row.score
    missing = f"扣{points(lost)}分" if lost > 0 else ""
    whole, reached = Mark(row.weight, points(row.weight)), Mark(row.score, points(row.score))
    return Part(row.level1 if row.level1 != row.name else "", row.name, whole, reached, missing)

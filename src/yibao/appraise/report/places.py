"""What a template may call: words of the year, and computations over figures.

Every computation gives one run that says what it is (`said`), so figures.xlsx and tests know a computed number from
words. ValueError for the wrong arguments, NotInBook for a figure that is missing or a base that is zero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from yibao.appraise.forms.shape import place_of
from yibao.appraise.named_rates import in_words
from yibao.appraise.quotes import NotInBook
from yibao.appraise.report import computed, items, words
from yibao.appraise.report.composed import Run
from yibao.appraise.report.voice import Voice
from yibao.appraise.scoring import ScoredRow, ScoredSheet
from yibao.appraise.typed import Key, Number, Typed, points
from yibao.appraise.weights import EXECUTION
from yibao.vocabulary.figures import load_figures

Call = Callable[[Voice, list[str]], Iterable[Run]]


def _numbers(voice: Voice, arguments: list[str], wanted: int) -> list[Number]:
    return [typed.number for typed in _typed(voice, arguments, wanted)]


def _typed(voice: Voice, arguments: list[str], wanted: int) -> list[Typed]:
    if len(arguments) != wanted:
        raise ValueError(f"要写 {wanted} 个指标，写了 {len(arguments)} 个")
    return [voice.typed(argument) for argument in arguments]


def _one(arguments: list[str], what: str) -> str:
    if len(arguments) != 1:
        raise ValueError(f"括号里要写一个{what}，写了 {len(arguments)} 个")
    return arguments[0]


def _computed(name: str, wanted: int, compute: Callable[[Voice, list[Number]], str]) -> Call:
    """A call over figures whose result is printed as one number or phrase."""

    def call(voice: Voice, arguments: list[str]) -> Iterator[Run]:
        numbers = _numbers(voice, arguments, wanted)
        try:
            text = compute(voice, numbers)
        except ValueError as error:
            raise NotInBook(f"{name}（{'，'.join(arguments)}）：{error}") from error
        yield Run(text, said=f"{name}({', '.join(arguments)})")

    return call


def _change(voice: Voice, arguments: list[str]) -> Iterator[Run]:
    """比上年…: the figure against the same one of last year."""
    (now,) = _typed(voice, arguments, 1)
    key = replace(now.key, year=now.key.year - 1)
    last = voice.appraisal.book.chosen.get(key)
    if last is None or key in voice.appraisal.book.withheld:
        raise NotInBook(f"数据里没有“{key.name}”")
    try:
        said = computed.change(now.number, last.number, voice.rounding)
    except ValueError as error:
        raise NotInBook(f"增减（{arguments[0]}）：{error}") from error
    yield Run(said, said=f"增减({arguments[0]})")


def _zero(voice: Voice, arguments: list[str]) -> Iterator[Run]:
    """Nothing, where the figure is zero: a sentence that says 无 stands only then."""
    (number,) = _numbers(voice, arguments, 1)
    if number.base != 0:
        raise NotInBook(f"{arguments[0]} 不是零")
    yield Run("")


def _some(voice: Voice, arguments: list[str]) -> Iterator[Run]:
    (number,) = _numbers(voice, arguments, 1)
    if number.base == 0:
        raise NotInBook(f"{arguments[0]} 是零")
    yield Run("")


def _none(voice: Voice, arguments: list[str]) -> Iterator[Run]:
    """Nothing, where the year does not have the figure: a sentence that another one replaces."""
    try:
        voice.typed(_one(arguments, "指标"))
    except NotInBook:
        yield Run("")
    else:
        raise NotInBook(f"{arguments[0]} 另有一句")


def _deviation(voice: Voice, arguments: list[str]) -> Iterator[Run]:
    """The bureau's reason for a figure far from its budget, as it wrote it."""
    (typed,) = _typed(voice, arguments, 1)
    label = load_figures().get(typed.key.figure).label
    scope = f" {typed.key.scope}" if typed.key.scope else ""
    start = f"{typed.key.year}年{scope} {label} "
    found = [d.reason for d in voice.appraisal.deviations if d.name.startswith(start) and d.reason]
    if not found:
        raise NotInBook(f"“{start.strip()}”没有要说明的偏差")
    yield Run("；".join(found))


def _formula(voice: Voice, arguments: list[str]) -> Iterator[Run]:
    """The version of a rate that has several: 全年预算 ÷ 年初预算."""
    (typed,) = _typed(voice, arguments, 1)
    used = next((r for r in voice.appraisal.book.rates if r.key == typed.key), None)
    if used is None:
        raise NotInBook(f"{arguments[0]} 没有算法")
    yield Run(in_words(used.version.formula.expr).replace(" ", ""))


def _formula_reason(voice: Voice, arguments: list[str]) -> Iterator[Run]:
    """Why a rate does not follow the region's formula, as the bureau wrote it."""
    (typed,) = _typed(voice, arguments, 1)
    found = next((f for f in voice.appraisal.formulas if f.used.key == typed.key and f.reason), None)
    if found is None:
        raise NotInBook(f"{arguments[0]} 没有要说明的算法")
    yield Run(words.stopped(found.reason))


def _day(voice: Voice, arguments: list[str]) -> Iterator[Run]:
    """The days of something that 单位.yaml dates, by its 事项 or 类别."""
    what = _one(arguments, "事项")
    found = next((d for d in voice.appraisal.frame.dates if what in (d.what, d.kind)), None)
    if found is None:
        raise NotInBook(f"“单位.yaml”的日期里没有“{what}”")
    yield Run(words.days(found.day, found.last))


def _institutions(voice: Voice, arguments: list[str]) -> Iterator[Run]:
    """How many of a kind of institution, and what they are made of."""
    name = _one(arguments, "机构")
    found = next((i for i in voice.appraisal.frame.institutions if i.name == name), None)
    if found is None:
        raise NotInBook(f"“单位.yaml”的机构里没有“{name}”")
    parts = "、".join(f"{part.name}{points(part.count)}个" for part in found.parts)
    yield Run(f"{points(found.count)}个" + (f"（{parts}）" if parts else ""))


def _of_level(pick: Callable[[ScoredSheet, str], Decimal]) -> Call:
    def call(voice: Voice, arguments: list[str]) -> Iterator[Run]:
        level = _one(arguments, "指标")
        yield Run(points(pick(voice.form, level)), said=f"{level} 分")

    return call


def weight_of(sheet: ScoredSheet, level: str) -> Decimal:
    """The weight of a level or an indicator of a form, its rows added up."""
    return sum((row.weight for row in _rows(sheet, level)), Decimal(0))


def score_of(sheet: ScoredSheet, level: str) -> Decimal:
    return sum((row.score for row in _rows(sheet, level)), Decimal(0))


def _rows(sheet: ScoredSheet, level: str) -> list[ScoredRow]:
    found = [row for row in sheet.rows if level in (row.level1, row.level2, row.name)]
    if not found:
        raise NotInBook(f"自评表里没有“{level}”")
    return found


def _total(voice: Voice, _: list[str]) -> Iterator[Run]:
    sheet = voice.form
    key = Key("dept.appraisal.score", sheet.filed.sheet.project, voice.appraisal.bureau.year, "final")
    known = key in voice.appraisal.book.chosen
    yield Run(f"{points(sheet.total)}分", key=key if known else None, said="" if known else "自评总分")


def _full(voice: Voice, _: list[str]) -> Iterator[Run]:
    yield Run(f"{points(voice.form.weight)}分", said="总分值")


def _grade(voice: Voice, _: list[str]) -> Iterator[Run]:
    if not voice.form.grade:
        raise NotInBook("计分规则没有等次")
    yield Run(voice.form.grade)


def _execution(voice: Voice, _: list[str]) -> Iterator[Run]:
    row = next(row for row in voice.form.rows if row.name == EXECUTION)
    yield Run(row.actual, said="执行率")


def _settled(voice: Voice, _: list[str]) -> Iterator[Run]:
    """How many contradictions among the inputs were settled; missing where there were none."""
    if not voice.appraisal.settled:
        raise NotInBook("没有取舍")
    yield Run(str(len(voice.appraisal.settled)))


def _compared(voice: Voice, arguments: list[str]) -> Iterator[Run]:
    """The result against its plan as final accounts word it: 决算数大于年初预算数."""
    done, planned = _numbers(voice, arguments, 2)
    word = "等于" if done.base == planned.base else "大于" if done.base > planned.base else "小于"
    yield Run(f"决算数{word}年初预算数")


CALLS: Mapping[str, Call] = {
    "决算比预算": _compared,
    "比率": _computed("比率", 2, lambda v, n: computed.percent(computed.quotient(n[0], n[1]), v.rounding)),
    "相差": _computed("相差", 2, lambda v, n: computed.difference(n[0], n[1]).printed),
    "高低": _computed("高低", 2, lambda v, n: words.compared(n[0].base, n[1].base)),
    "人均": _computed("人均", 2, lambda v, n: computed.per_head(n[0], n[1], v.rounding)),
    "可支付月数": _computed("可支付月数", 2, lambda v, n: computed.months(n[0], n[1], v.rounding)),
    "增减": _change,
    "若零": _zero,
    "若有": _some,
    "若无": _none,
    "偏差说明": _deviation,
    "算法": _formula,
    "算法说明": _formula_reason,
    "日期": _day,
    "机构": _institutions,
    "分值": _of_level(weight_of),
    "得分": _of_level(score_of),
    "总得分": _total,
    "总分值": _full,
    "等次": _grade,
    "执行率": _execution,
    "取舍数": _settled,
}

WORDS: Mapping[str, Callable[[Voice], str]] = {
    "年度": lambda v: str(v.appraisal.bureau.year),
    "上年": lambda v: str(v.appraisal.bureau.year - 1),
    "次年": lambda v: str(v.appraisal.bureau.year + 1),
    "单位": lambda v: v.appraisal.bureau.name,
    "全域": lambda v: words.whole_place(v.appraisal.bureau.name),
    "项目": lambda v: v.form.filed.sheet.project,
    "地名": lambda v: place_of(v.appraisal.bureau.name),
    "类款项": lambda v: items.in_full(v.code, v.appraisal.bureau.year),
}

"""The document beside that of the year before (`--last-year`): opening balances, last year's figures, growth, and text
that was carried over (kinds carry_forward, last_year; guide §7.6, §7.7).

Without last year's document nothing is checked here. Only its final figures count: what it budgeted proves nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from yibao.proofread.checks.compare import slip
from yibao.proofread.checks.repeats import agreement, certain, operand, same_value
from yibao.proofread.findings import Check, Evidence, Severity, Verdict
from yibao.proofread.forms.facts import Fact
from yibao.proofread.naming import figure_of
from yibao.proofread.printings import Part, Printed, Printings
from yibao.proofread.prose import Mention, Sentence
from yibao.proofread.quantity import Quantity, Range, judge
from yibao.proofread.reading import Reading
from yibao.vocabulary.relations import load_relations

_FINAL = ("final", "actual", "")
_AGREE = (Verdict.CONSISTENT, Verdict.ROUNDING)
_LAST = re.compile(r"上年|去年|上一年")
_COMPARED = re.compile(r"(?:比|较|与)(?:上年|去年|上一年|上年度)|同比")
_BUDGET = re.compile(r"预算(?!执行)|计划|目标|增减|增长|变动|[%％率]")
_POLICY = re.compile(
    r"起付|封顶|限额|标准|报销比例|支付比例|每人每|政策|不低于|不超过|不少于|以上的|规定|文件|办法|条例|通知|意见|方案|号"
)
_YEAR = re.compile(r"20\d{2}(?=年)")
_PAST = re.compile(r"以来|年起|成立|设立|组建|自20\d{2}年|截至20\d{2}年[^，。]*(?:历年|累计)")
STALE_NUMBERS = 2  #: amounts or rates that must be unchanged before a sentence with another year counts as carried over
STALE_DIGITS = 3
MAX_LISTED = 20

Index = dict[tuple[str, int], list[Fact]]


def run(reading: Reading) -> Iterator[Check]:
    if reading.last_year is None or reading.year is None:
        return
    if reading.last_year.year is not None and reading.last_year.year >= reading.year:
        yield _not_before(reading, reading.last_year)
        return
    final = _final_facts(reading.last_year)
    yield from _openings(reading, final)
    stated = [*_stated(reading, final), *_stated_in_prose(reading, final)]
    yield from stated
    yield from _columns(reading, reading.last_year, {c.target.key for c in stated if c.target is not None})
    yield from _growth(reading, final)
    yield from _carried_over(reading, reading.last_year, final)


def _not_before(reading: Reading, last: Reading) -> Check:
    file = last.files[0]
    message = f"所给的上年文件是{last.year}年度的，不早于本年文件（{reading.year}年度），没有比较"
    return Check(
        "last_year",
        Verdict.UNCHECKABLE,
        Evidence(reading.profile.title, reading.files[0].place(0)),
        f"{last.year}年度",
        None,
        message,
        "",
        (Evidence(file.profile.title, file.place(0)),),
    )


def _final_facts(last: Reading) -> Index:
    """What last year's document gives as the result of each figure, by figure and year."""
    index: Index = defaultdict(list)
    for fact in last.facts:
        if fact.basis in _FINAL and fact.year is not None:
            index[(fact.figure, fact.year)].append(fact)
    return index


def _against(fact: Fact, others: Sequence[Fact]) -> Fact | None:
    """The printing of last year's document that a figure is held against: one that agrees, else one of its own scope."""
    agreeing = [o for o in others if same_value(fact, o) in _AGREE]
    same_scope = [o for o in others if o.scope == fact.scope and o.quantity.dimension == fact.quantity.dimension]
    return next(iter(agreeing or same_scope), None)


# ---- balances and figures -----------------------------------------------------------------------------------------


def _openings(reading: Reading, final: Index) -> Iterator[Check]:
    closing = {r.result.figure: r.terms[0].figure for r in load_relations() if r.kind == "carry_forward"}
    for fact in reading.facts:
        if fact.figure not in closing or fact.basis == "budget" or fact.year is None:
            continue
        other = _against(fact, final.get((closing[fact.figure], fact.year - 1), []))
        if other is not None:
            yield _equal("carry_forward", fact, other, f"{fact.name}应等于上年文件的{other.name}")


def _stated(reading: Reading, final: Index) -> Iterator[Check]:
    """Figures of the year before, as this document repeats them."""
    for fact in reading.facts:
        if fact.year is None or fact.basis not in _FINAL or reading.year is None or fact.year >= reading.year:
            continue
        other = _against(fact, final.get((fact.figure, fact.year), []))
        if other is not None:
            yield _equal("last_year", fact, other, f"{fact.year}年{fact.name}")


def _stated_in_prose(reading: Reading, final: Index) -> Iterator[Check]:
    """ "上年人均支出 751 元": numbers that the sentence itself calls last year's."""
    for sentence in reading.sentences:
        subjects: list[str] = []
        for m in sentence.mentions:
            figure = figure_of(m, sentence, subjects) if m.previous and not _BUDGET.search(m.clause) else None
            if figure is not None and reading.year is not None:
                fact = Fact(figure.id, "", reading.year - 1, "final", m.quantity, m.evidence, "text", "prose", m.key)
                other = _against(fact, final.get((figure.id, reading.year - 1), []))
                if other is not None:
                    yield _equal("last_year", fact, other, f"{fact.year}年{fact.name}")
            if m.label and m.dimension != "ratio":
                subjects.append(m.label)


def _equal(kind: str, fact: Fact, other: Fact, name: str) -> Check:
    verdict = same_value(fact, other)
    severity = None
    if verdict is Verdict.INCONSISTENT and not (certain(fact) and certain(other)):
        severity = Severity.WARNING
    return _compared(kind, fact.quantity, other.quantity, fact.evidence, other.evidence, name, verdict, severity, fact)


def _compared(
    kind: str, ours: Quantity, theirs: Quantity, here: Evidence, there: Evidence, name: str,
    verdict: Verdict, severity: Severity | None, fact: Fact | Printed,
) -> Check:  # fmt: skip
    """Last year's number is no operand: the merger looks for the wrong number in this year's document only."""
    same = verdict in _AGREE
    message = f"{name}：本年文件{ours.raw}，上年文件{theirs.raw}" + ("，一致" if same else "")
    cause = "" if same or ours.dimension != theirs.dimension else slip(ours, theirs.base)
    target = operand(fact) if isinstance(fact, Fact) else None
    group = "" if same else f"last_year:{name}:{ours.base}:{theirs.base}"
    return Check(kind, verdict, here, ours.raw, theirs.raw, message, cause, (there,), severity, target, (), group)


# ---- columns of tables that no form knows -------------------------------------------------------------------------


def _columns(reading: Reading, last: Reading, told: set[tuple[int, ...]]) -> Iterator[Check]:
    """The column 上年决算数 beside the 决算数 of last year's table of the same name."""
    there = _by_row(Printings(last).rows)
    for row in Printings(reading).rows:
        for n, column in zip(row.numbers, row.columns, strict=True):
            found = there.get(_row_name(row)) if n.key not in told and _is_last_year(column, reading.year) else None
            result = _result_of(found, reading.year) if found else None
            if result is not None and result.quantity.dimension == n.quantity.dimension:
                verdict = agreement(n.quantity, result.quantity)
                yield _compared(
                    "last_year", n.quantity, result.quantity, n.evidence, result.evidence, n.name, verdict, None, n
                )


def _row_name(row: Part) -> tuple[str, str]:
    return (row.piece.contexts[0], row.piece.words)


def _by_row(rows: Sequence[Part]) -> dict[tuple[str, str], Part | None]:
    """Rows by caption and label; None where these do not tell two rows apart."""
    found: dict[tuple[str, str], Part | None] = {}
    for row in rows:
        name = _row_name(row)
        if row.numbers and all(name):
            found[name] = None if name in found else row
    return found


def _is_last_year(column: str, year: int | None) -> bool:
    if _BUDGET.search(column):
        return False
    named = re.findall(r"20\d{2}", column)
    return bool(_LAST.search(column)) or (year is not None and named == [str(year - 1)])


def _result_of(row: Part, year: int | None) -> Printed | None:
    """The number of last year's row that is its result: the column names that year, or no year at all."""
    cells = [
        (c, n) for c, n in zip(row.columns, row.numbers, strict=True) if not _LAST.search(c) and not _BUDGET.search(c)
    ]
    dated = [n for c, n in cells if year is not None and str(year - 1) in c]
    undated = [n for c, n in cells if "决算" in c and not re.search(r"20\d{2}", c)]
    found = dated or undated
    return found[0] if len(found) == 1 else None


# ---- growth -------------------------------------------------------------------------------------------------------


def _growth(reading: Reading, final: Index) -> Iterator[Check]:
    """ "收入 120 万元，比上年增加 20 万元，增长 20%": both from the figure that last year's document printed."""
    named = {f.key: f for f in reading.facts if f.source == "text" and f.year == reading.year and f.basis in _FINAL}
    for sentence in reading.sentences:
        now: Mention | None = None
        against_last = False
        for m in sentence.mentions:
            if not m.change:
                if m.dimension != "ratio":
                    now, against_last = m, False
                continue
            against_last = against_last or bool(_COMPARED.search(m.clause))
            fact = named.get(now.key) if now is not None else None
            if fact is not None and against_last and fact.year is not None:
                yield from _change(m, fact, final.get((fact.figure, fact.year - 1), []))


def _change(m: Mention, fact: Fact, others: Sequence[Fact]) -> Iterator[Check]:
    bases = [
        o
        for o in others
        if o.scope == fact.scope and o.quantity.dimension == fact.quantity.dimension and o.quantity.base > 0
    ]
    if not bases or m.quantity.unit is None or m.quantity.approx:
        return
    fits = [o for o in bases if judge(m.quantity, _changed(m, fact, o)) is not Verdict.INCONSISTENT]
    base = (fits or bases)[0]
    computed = _changed(m, fact, base)
    expected = m.quantity.printed(computed)
    if m.dimension not in ("ratio", fact.quantity.dimension):
        return
    message = (
        f"{fact.name}本年{fact.quantity.raw}，上年文件为{base.quantity.raw}，应为{expected}，文中为{m.quantity.raw}"
    )
    if fits:
        verdict, message = (
            judge(m.quantity, computed),
            f"{fact.name}按上年文件的{base.quantity.raw}计算，{m.quantity.raw}相符",
        )
    else:
        verdict = Verdict.SUSPICIOUS  # the base may have been restated
    cause, group = ("", "") if fits else ("上年基数与上年文件不同", f"last_year:growth:{fact.key}")
    related = (fact.evidence, base.evidence)
    yield Check(
        "last_year", verdict, m.evidence, m.quantity.raw, expected, message, cause, related, None, m.operand, (), group
    )


def _changed(m: Mention, fact: Fact, base: Fact) -> Range:
    now, then = fact.quantity.range, base.quantity.range
    change = (now - then) / then if m.dimension == "ratio" else now - then
    return change if m.change > 0 else -change


# ---- text carried over --------------------------------------------------------------------------------------------


def _carried_over(reading: Reading, last: Reading, final: Index) -> Iterator[Check]:
    """One warning that lists every sentence whose numbers, or whose year, were left as they were."""
    there = {_timeless(s): s for s in last.sentences if s.mentions or _YEAR.search(s.text)}
    twins = [(s, there[words]) for s in reading.sentences if (words := _timeless(s)) in there]
    stale = [(s, then) for s, then in twins if _is_stale(s, then, last.year)]
    alone = list(_left_over(reading, final))
    places = [*(s.evidence for s, _ in stale), *(f.evidence for f, _ in alone)]
    if not places:
        return
    shown = "；".join(
        f"“{e.quote.strip()[:24]}…”" if len(e.quote.strip()) > 24 else f"“{e.quote.strip()}”" for e in places[:3]
    )
    sources = [*(t.evidence for _, t in stale), *(o.evidence for _, o in alone)]
    message = f"旧稿未更新：有{len(places)}处的数字或年份与上年文件相同：{shown}{'等' if len(places) > 3 else ''}"
    related = tuple(e for pair in zip(places, sources, strict=True) for e in pair)[1 : 2 * MAX_LISTED]
    yield Check("last_year", Verdict.SUSPICIOUS, places[0], "", None, message, "疑沿用上年旧稿，没有更新", related)


def _timeless(s: Sentence) -> str:
    """The sentence with its numbers, but without its years."""
    return _YEAR.sub("", s.text)


def _is_stale(now: Sentence, then: Sentence, year: int | None) -> bool:
    """Last year's year still stands there, or the year is new and the amounts are not."""
    if _POLICY.search(now.text) or _PAST.search(now.text):
        return False
    if (
        now.text == then.text
        and year is not None
        and str(year) in _YEAR.findall(now.text)
        and not _LAST.search(now.text)
    ):
        return True
    amounts = {
        m.quantity.base for m in now.mentions if m.dimension in ("money", "ratio") and _digits(m) >= STALE_DIGITS
    }
    return len(amounts) >= STALE_NUMBERS


def _digits(m: Mention) -> int:
    return len(str(m.quantity.value).replace(".", "").strip("0"))


def _left_over(reading: Reading, final: Index) -> Iterator[tuple[Fact, Fact]]:
    """A figure printed with two values, one of which is last year's."""
    groups: dict[tuple[str, str], list[Fact]] = defaultdict(list)
    for fact in reading.facts:
        if fact.year == reading.year and fact.basis in _FINAL:
            groups[(fact.figure, fact.scope)].append(fact)
    for (figure, _), facts in groups.items():
        then = final.get((figure, (reading.year or 0) - 1), [])
        old = [
            (f, o)
            for f in facts
            for o in then[:1]
            if f.quantity.base == o.quantity.base and len(str(f.quantity.value)) > STALE_DIGITS
        ]
        fresh = [f for f in facts if all(same_value(f, o) not in _AGREE for _, o in old)]
        if old and fresh:
            yield old[0]

"""A form scored: each row its marks, the total of the printed marks, the grade, and the reasons that are still owed.

计分: 自评 lets the bureau's typed scores stand and notes where the rule gives another; 规则 makes a score that does not
follow from the rule a contradiction. The execution score comes from the unrounded rate, min(w, rate × w) (财预〔2020〕10号).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from yibao.appraise.choices import AS_COMPUTED, AS_PRINTED, Choices, Contradiction, Settled, settle
from yibao.appraise.marks import Marks, Rules, marks_of
from yibao.appraise.quotes import Quoting
from yibao.appraise.sheet import Filed, Indicator
from yibao.appraise.typed import Number, number, points
from yibao.appraise.weights import EXECUTION, check_total_weight, odd_funds, odd_headings, weight_of
from yibao.errors import UserError
from yibao.periods import year_end
from yibao.vocabulary.intervals import round_half_up
from yibao.vocabulary.reasons import says_something


@dataclass(frozen=True, slots=True)
class ScoredRow:
    """A row as the form prints it. `owed`: why a reason has to be given, empty where none is asked for."""

    level1: str
    level2: str
    name: str
    target: str
    actual: str
    weight: Decimal
    score: Decimal
    reason: str
    owed: str = ""
    note: str = ""

    @property
    def missing(self) -> bool:
        """True where a reason is owed and none is given: this blocks publication."""
        return bool(self.owed) and not says_something(self.reason)


@dataclass(frozen=True, slots=True)
class ScoredSheet:
    """A form with its scores. `rows` begin with the execution rate; `expected` and `reached` are the year's goals in words."""

    filed: Filed
    rows: tuple[ScoredRow, ...]
    weight: Decimal
    total: Decimal
    grade: str
    rule: str
    settled: tuple[Settled, ...]
    expected: str = ""
    reached: str = ""

    @property
    def name(self) -> str:
        return self.filed.sheet.name


def score_sheet(filed: Filed, quoting: Quoting, rules: Rules, choices: Choices) -> ScoredSheet:
    """The form under the rules of its region and year; UserError for what cannot be scored, naming file and line."""
    full = rules.region.number("appraisal.total_weight", on=year_end(rules.year))
    check_total_weight(filed, full)
    marks = [_marks(filed, at, quoting, rules) for at, row in enumerate(filed.sheet.indicators) if not row.idle]
    rate = _execution(filed, quoting)
    disputed = [*_funds(filed, quoting), *_rate(filed, rate), *_disputed(filed, marks, rate, rules)]
    settled = settle(disputed, choices)
    rows = tuple(_rows(filed, marks, rate, rules, {s.contradiction.name: s.take for s in settled}))
    rows = tuple(replace(row, reason=_quoted(row.reason, filed, quoting)) for row in rows)
    total = sum((row.score for row in rows), Decimal(0))
    scores = [row.score for row in rows]
    late = settle([*odd_headings(filed, scores[1:], scores[0]), *_odd_total(filed, total)], choices)
    grade = rules.scoring.grade(total, full) or ""
    basis = f"{rules.scoring.name}（{rules.scoring.cited}）"
    goals = filed.sheet.goals
    expected, reached = (_quoted(words, filed, quoting) for words in (goals.expected, goals.reached))
    return ScoredSheet(filed, rows, weight_of(filed.sheet), total, grade, basis, settled + late, expected, reached)


def _marks(filed: Filed, at: int, quoting: Quoting, rules: Rules) -> Marks:
    row = filed.sheet.indicators[at]
    try:
        if row.score is not None and row.weight is not None and row.score > row.weight:
            raise ValueError(f"“{row.name}”得 {row.score} 分，超过分值 {row.weight} 分")
        marks = marks_of(row, quoting, rules)
        if row.score is None and (marks.low is None or marks.low != marks.high):
            told = "计分规则没有规定得分" if marks.low is None else f"该档次可得 {marks.low}—{marks.high} 分"
            raise ValueError(f"“{row.name}”{told}，请填写得分")
    except ValueError as error:
        raise UserError(f"{filed.place('指标', at)}：{error}，请改正。") from error
    return marks


def _execution(filed: Filed, quoting: Quoting) -> Decimal:
    """全年执行数 ÷ 全年预算数 as a fraction, unrounded."""
    funds = filed.sheet.funds
    try:
        adjusted = quoting.number(funds.adjusted, funds.unit)
        executed = quoting.number(funds.executed, funds.unit)
        if adjusted.fen <= 0:
            raise ValueError("全年预算不是正数，没有执行率")
    except ValueError as error:
        raise UserError(f"{filed.place('资金')}起：{error}，请改正。") from error
    return Decimal(executed.fen) / Decimal(adjusted.fen)


def _quoted(words: str, filed: Filed, quoting: Quoting) -> str:
    try:
        return quoting.text(words)
    except ValueError as error:
        raise UserError(f"“{filed.shown}”的“{words}”：{error}，请改正。") from error


def _funds(filed: Filed, quoting: Quoting) -> list[Contradiction]:
    try:
        return list(odd_funds(filed, quoting))
    except ValueError as error:
        raise UserError(f"{filed.place('资金')}起：{error}，请改正。") from error


def _rate(filed: Filed, rate: Decimal) -> Iterator[Contradiction]:
    """The printed rate, at its own precision."""
    printed = filed.sheet.funds.rate
    if not printed:
        return
    try:
        stated = number(printed, "%")
    except ValueError as error:
        raise UserError(f"{filed.place('资金', '执行率')}：{error}，请改正。") from error
    if stated.rewritten(rate).value != stated.value:
        said = f"{filed.place('资金', '执行率')}印的是 {stated.printed}，执行数 ÷ 全年预算数 = {stated.rewritten(rate).printed}"
        yield Contradiction(f"{filed.sheet.name} 执行率", said, (AS_PRINTED, AS_COMPUTED))


def _disputed(filed: Filed, marks: list[Marks], rate: Decimal, rules: Rules) -> Iterator[Contradiction]:
    """Typed scores that do not follow from the rule: the execution score always, the others under 计分: 规则."""
    sheet = filed.sheet
    due = _execution_score(filed, rate, rules)
    if sheet.funds.score is not None and sheet.funds.score != due:
        yield _score(filed, EXECUTION, sheet.funds.score, due, due)
    if sheet.scoring == "规则":
        for row, given in zip(sheet.rows, marks, strict=True):
            if row.score is not None and given.low is not None and given.high is not None:
                low, high = rules.scoring.printed(given.low), rules.scoring.printed(given.high)
                if not low <= row.score <= high:
                    yield _score(filed, row.name, row.score, low, high)


def _score(filed: Filed, name: str, typed: Decimal, low: Decimal, high: Decimal) -> Contradiction:
    due = f"{low}" if low == high else f"{low}—{high}"
    said = f"“{filed.shown}”填的是 {typed} 分，按计分规则应为 {due} 分"
    options = (AS_PRINTED, AS_COMPUTED) if low == high else (AS_PRINTED,)
    return Contradiction(f"{filed.sheet.name} {name} 得分", said, options)


def _execution_score(filed: Filed, rate: Decimal, rules: Rules) -> Decimal:
    return rules.scoring.printed(rules.scoring.execution_score(rate, filed.sheet.funds.weight))


def _rows(filed: Filed, marks: list[Marks], rate: Decimal, rules: Rules, taken: dict[str, str]) -> Iterator[ScoredRow]:
    sheet = filed.sheet
    due = _execution_score(filed, rate, rules)
    typed = sheet.funds.score
    score = due if typed is None or taken.get(f"{sheet.name} {EXECUTION} 得分") == AS_COMPUTED else typed
    actual = sheet.funds.rate or f"{round_half_up(rate * 100, 2)}%"
    if taken.get(f"{sheet.name} 执行率") == AS_COMPUTED:
        actual = number(sheet.funds.rate, "%").rewritten(rate).printed
    owed = _lost(score, sheet.funds.weight)
    yield ScoredRow(EXECUTION, "", EXECUTION, "100%", actual, sheet.funds.weight, score, sheet.funds.reason, owed)
    for row, given in zip(sheet.rows, marks, strict=True):
        yield _row(row, given, rules, taken.get(f"{sheet.name} {row.name} 得分"))


def _row(row: Indicator, given: Marks, rules: Rules, take: str | None) -> ScoredRow:
    weight = row.weight or Decimal(0)
    due = None if given.low is None or given.low != given.high else rules.scoring.printed(given.low)
    score = row.score if row.score is not None and take != AS_COMPUTED else due
    if score is None:
        raise AssertionError(f"{row.name}: no score")  # `_marks` has asked for one
    notes = [given.note]
    if due is not None and score != due and take != AS_COMPUTED:
        notes.append(f"按规则应得 {points(due)} 分")
    owed = _lost(score, weight)
    if not owed and given.over_target:
        owed = f"超过目标 {points(rules.scoring.over_target_flag * 100)}% 以上"
    note = "；".join(filter(None, notes))
    why = f"{row.why.rstrip('。；')}（{given.note}）" if row.why and (row.method or row.formula) else row.why
    return ScoredRow(row.level1, row.level2, row.name, given.target, given.actual, weight, score, why, owed, note)


def _lost(score: Decimal, weight: Decimal) -> str:
    return f"扣 {points(weight - score)} 分" if score < weight else ""


def _odd_total(filed: Filed, total: Decimal) -> Iterator[Contradiction]:
    printed = filed.sheet.total
    if printed is not None and printed.score != total:
        said = f"{filed.place('总分')}印的是 {printed.score} 分，各项得分合计 {total} 分"
        yield Contradiction(f"{filed.sheet.name} 总分", said, (f"{total}分",))


def against_register(scored: ScoredSheet, typed: Number | None) -> Iterator[Contradiction]:
    """The total that the report prints, against the one that the form gives."""
    if typed is not None and typed.value != scored.total:
        said = f"数据里的自评得分是 {typed.printed}，各项得分合计 {scored.total} 分"
        yield Contradiction(f"{scored.name} 自评得分", said, (f"{scored.total}分",))

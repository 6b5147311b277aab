"""Checks of the funds block of a 自评表: execution, its score, sources, natures, and the cost indicator beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from yibao.proofread.document import Table
from yibao.proofread.findings import Check, Severity, Verdict
from yibao.proofread.forms.arithmetic import add_up, compared, rate, same, uncheckable, with_unit
from yibao.proofread.forms.facts import FormContext
from yibao.proofread.forms.grid import Number, number_at
from yibao.proofread.forms.indicator_checks import promised
from yibao.proofread.forms.score_funds import Funds, FundsRow, Nature
from yibao.proofread.forms.score_rows import Indicator
from yibao.proofread.quantity import Quantity, Range, round_half_up

NEAR = Decimal("0.01")  #: two amounts this close are meant to be one


def funds_checks(funds: Funds, block: int) -> list[Check]:
    """Everything that the funds block says about itself."""
    found: list[Check | None] = []
    for line in (funds.total, *funds.sources):
        if line is not None and not (line is not funds.total and _repeats(line, funds.total)):
            found.extend(_execution(line))
    found.extend(_sources(funds))
    found.extend(_natures(funds, block))
    return [check for check in found if check is not None]


def _repeats(line: FundsRow, total: FundsRow | None) -> bool:
    """A source that carries all the money repeats the line above it."""
    pairs = [] if total is None else [(getattr(line, r), getattr(total, r)) for r in ("adjusted", "executed", "score")]
    return bool(pairs) and all(a is None or (b is not None and a.value == b.value) for a, b in pairs)


def _execution(line: FundsRow) -> Iterator[Check | None]:
    """执行率 = 执行数 ÷ 全年预算数; 得分 = 执行率 × 分值, at most the points."""
    check = rate("execution_rate", line.rate, line.executed, line.budget, f"{line.label}执行率")
    if check is not None and check.verdict is Verdict.INCONSISTENT:
        other = rate("execution_rate", line.rate, line.executed, line.initial, f"{line.label}执行率")
        if other is not None and other.verdict in (Verdict.CONSISTENT, Verdict.ROUNDING):
            check = replace(check, severity=Severity.WARNING, cause="系按年初预算数计算，执行率应按全年预算数计算")
    yield check
    if line.score is None or line.weight is None:
        return
    share = _share(line)
    if share is None:
        yield uncheckable("score_formula", line.score, f"{line.label}得分：没有执行率，无法核对")
        return
    yield _score(line.score, line.weight, share, line.label)


def _share(line: FundsRow) -> Range | None:
    """The unrounded rate where the amounts are printed, else the printed one."""
    if line.executed is not None and line.budget is not None and line.budget.quantity.range.low > 0:
        return line.executed.quantity.range / line.budget.quantity.range
    if line.rate is not None and line.rate.quantity.unit is not None:
        return line.rate.quantity.range
    return None


def _score(score: Number, weight: Number, share: Range, label: str) -> Check:
    """Exact at the printed precision. Whole or half points deviate from the rule but are how some bureaus score."""
    cap = Range(weight.value, weight.value, weight.value, True)
    due = min(share.value, Decimal(1)) * weight.value
    low, high = (min(bound, Decimal(1)) * weight.value for bound in (share.low, share.high))
    places = score.quantity.decimals
    formula = f"{label}得分：{round_half_up(share.value * 100, 2)}%×{weight.printed}"
    if round_half_up(due, places) == score.value:
        return compared("score_formula", score, Range(due, low, high), Verdict.CONSISTENT, formula, [weight])
    if places and round_half_up(low, places) <= score.value <= round_half_up(high, places):
        return compared("score_formula", score, Range(due, low, high), Verdict.ROUNDING, formula, [weight])
    if places > 1 and _cut(due, places, ROUND_FLOOR) == score.value:
        return compared("score_formula", score, Range(due, low, high), Verdict.ROUNDING, formula, [weight])
    exact = f"{round_half_up(due, max(2, places)).normalize():f}"
    check = compared("score_formula", score, Range(due, low, high), Verdict.INCONSISTENT, formula, [weight])
    check = replace(check, expected=exact, message=f"{formula}={exact}分，此处为{score.printed}")
    if score.value > cap.value or (places > 1 and score.value % Decimal("0.5")):
        return check
    whole = score.value in (_cut(due, 0, ROUND_FLOOR), _cut(due, 0, ROUND_CEILING))
    cause = "疑按整分计分，与按执行率计分的规则不符" if whole else "疑按分档计分，须有本地评分规则支持"
    return replace(check, severity=Severity.WARNING, cause=cause)


def _cut(value: Decimal, places: int, way: str) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), way)


def _sources(funds: Funds) -> Iterator[Check | None]:
    """年度资金总额 = Σ sources, for every amount column. A second 其中 splits a source further and is not added twice."""
    if funds.total is None or not funds.sources:
        return
    inner = next((i for i, line in enumerate(funds.sources) if i and line.subset), None)
    choices = [funds.sources] if inner is None else _choices(funds.sources, inner)
    for role, name in (("initial", "年初预算数"), ("adjusted", "全年预算数"), ("executed", "全年执行数")):
        checks = []
        for lines in choices:
            parts: Sequence[Number | None] = [getattr(line, role) for line in lines]
            if any(p is not None for p in parts):
                checks.append(add_up("table_sum", getattr(funds.total, role), parts, f"{funds.total.label}（{name}）"))
        good = next((c for c in checks if c is not None and c.verdict is not Verdict.INCONSISTENT), None)
        first = next(iter(checks), None)
        if good is None and first is not None and inner is not None:
            message = f"{first.message}（下级资金层次不明，不作结论）"
            first = replace(first, verdict=Verdict.UNCHECKABLE, cause="", message=message)
        yield good or first


def _choices(sources: list[FundsRow], inner: int) -> list[list[FundsRow]]:
    """The sources without the run of inner lines that starts at `inner`, however long it is."""
    return [sources[:inner] + sources[end:] for end in range(inner + 1, len(sources) + 1)]


def _natures(funds: Funds, block: int) -> Iterator[Check | None]:
    """Sources by nature make the budget, spending by nature the execution; both are the sum of their parts."""
    line = funds.total
    for nature, name, main in ((funds.income, "按收入性质分", "adjusted"), (funds.expense, "按支出性质分", "executed")):
        yield _parts(nature, name, line)
        if nature.total is None or line is None:
            continue
        amounts = [getattr(line, role) for role in (main, "adjusted", "executed", "initial")]
        checks = [same("table_internal", nature.total, a, name) for a in amounts if a is not None]
        good = [c for c in checks if c is not None and c.verdict is not Verdict.INCONSISTENT]
        yield good[0] if good else next(iter(checks), None)


def _parts(nature: Nature, name: str, line: FundsRow | None) -> Check | None:
    """Σ parts = the total printed beside 按…性质分, or, where it is blank, one of the amounts above."""
    parts = [number for _, number in nature.parts]
    if nature.total is not None:
        return add_up("table_sum", nature.total, parts, name) if any(parts) else None
    if line is None or not any(parts):
        return None
    checks = [
        add_up("table_sum", a, parts, f"{name}（{a.column}）") for a in (line.adjusted, line.executed) if a is not None
    ]
    good = [c for c in checks if c is not None and c.verdict in (Verdict.CONSISTENT, Verdict.ROUNDING)]
    if good or not checks or checks[0] is None:
        return good[0] if good else None
    return replace(checks[0], verdict=Verdict.SUSPICIOUS, severity=Severity.WARNING)


def cost_checks(table: Table, context: FormContext, funds: Funds, indicators: Sequence[Indicator]) -> Iterator[Check]:
    """A cost indicator that repeats the sheet's own budget and execution must print the same amounts."""
    line = funds.total
    if line is None or line.executed is None or line.budget is None:
        return
    for i in indicators:
        target, actual = promised(i) if i.cost else (None, None)
        if target is None or actual is None or not actual.sure or actual.bound or actual.quantity.dimension != "money":
            continue
        planned = _amount(table, context, i, i.target_col, target.high, "年度指标值", line)
        reached = _amount(table, context, i, i.actual_col, actual.quantity, "实际完成值", line)
        exact = any(planned.value == b.value for b in (line.initial, line.adjusted) if b is not None)
        if not (exact or _near(planned, line.budget)) or not _near(reached, line.executed):
            continue
        check = same("table_internal", reached, line.executed, f"{i.name}完成值与{line.label}全年执行数")
        if check is not None and check.verdict is Verdict.INCONSISTENT and not exact:
            check = replace(check, severity=Severity.WARNING)
        if check is not None:
            yield check


def _amount(
    table: Table, context: FormContext, i: Indicator, col: int, q: Quantity, column: str, line: FundsRow
) -> Number:
    number = number_at(table, context, i.row, col, q, i.name, column)
    unit = line.executed.quantity.unit if line.executed is not None else None
    return with_unit(number, unit) if unit is not None else number


def _near(a: Number, b: Number) -> bool:
    return b.value > 0 and abs(a.value - b.value) <= NEAR * b.value

"""The score of every indicator against its target and completion (guide §2.2); lost points need a reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from yibao.proofread.findings import Check, Severity, Verdict
from yibao.proofread.forms.score_rows import Indicator
from yibao.proofread.forms.targets import Actual, Outcome, Target, outcome, read_actual, read_target
from yibao.proofread.quantity import round_half_up
from yibao.region.scoring import ScoringRule
from yibao.vocabulary.reasons import BRIEF, says_something

_OWN_RULE = re.compile(r"按[^，。；]{1,40}计分")  #: a remark that names the rule behind the score
MAX_TIER = 20  #: characters; a longer completion tells a story, it names no tier


def indicator_checks(indicator: Indicator, rules: ScoringRule | None, block: int) -> Iterator[Check]:
    """indicator_score or indicator_score_qualitative, deviation_flag, missing_value of one line."""
    target, actual = promised(indicator)
    result = outcome(target, actual) if target is not None and actual is not None else None
    if result is not None:
        yield from _far_above(indicator, result, rules, block)
    if indicator.weight is None or indicator.score is None or indicator.score.value > indicator.weight.value:
        return
    if target is None or actual is None or result is None:
        check = _qualitative(indicator, rules, readable=target is None)
    else:
        check = _scored(indicator, target, actual, result, rules)
    yield check
    if check.verdict not in (Verdict.INCONSISTENT, Verdict.SUSPICIOUS):
        yield from _no_reason(indicator, block)


def promised(indicator: Indicator) -> tuple[Target | None, Actual | None]:
    """Target and completion as numbers. Costs are good below their target, an execution rate above it."""
    direction = "≤" if indicator.cost else "≥" if "执行率" in indicator.name else ""
    target = read_target(indicator.target, indicator.operator, indicator.unit, direction)
    return target, read_actual(indicator.actual, target, indicator.unit) if target is not None else None


def _scored(i: Indicator, target: Target, actual: Actual, result: Outcome, rules: ScoringRule | None) -> Check:
    """The printed score against the one that follows."""
    assert i.weight is not None
    assert i.score is not None
    weight, score = i.weight.value, i.score.value
    says = f"{i.name}：目标{i.target}，完成{i.actual}，分值{i.weight.printed}"
    if actual.bound:
        says += "（完成值非确数，按所写界限比较）"
    full = score == weight
    if result.met and full:
        return _check(i, Verdict.CONSISTENT, weight, f"{says}，已达标，得满分")
    equal = actual.sure and result.actual == result.low == result.high
    named = not full and _OWN_RULE.search(i.reason or i.remark or "") is not None
    if target.low.base <= 0 or not (result.sure or equal) or i.criteria or named:
        return _check(i, Verdict.UNCHECKABLE, None, f"{says}，得分{i.score.printed}，须按本表的评分标准人工核对")
    if result.met:
        note = f"{says}，已达标应得满分，表中得{i.score.printed}"
        return _check(i, Verdict.INCONSISTENT, weight, note, Severity.WARNING, "成本节约不应扣分" if i.cost else "")
    due = result.due(weight, rules) if rules is not None else None
    if due is None or rules is None:
        if not full:
            return _check(i, Verdict.UNCHECKABLE, None, f"{says}，未达标，缺少计分规则，无法核对得分")
        return _check(i, Verdict.INCONSISTENT, None, f"{says}，未达标却得满分", Severity.WARNING)
    points = f"{rules.printed(due).normalize():f}分"
    if round_half_up(due, i.score.quantity.decimals) == score:
        return _check(i, Verdict.CONSISTENT, due, f"{says}，未达标，按比例应得{points}")
    note = f"{says}，未达标，按比例应得{points}，表中得{i.score.printed}"
    beaten = result.operator == "=" and result.actual > result.low
    if full and not actual.bound and not beaten:
        return _check(i, Verdict.INCONSISTENT, due, note)
    verdict = Verdict.SUSPICIOUS if actual.bound else Verdict.INCONSISTENT
    return _check(i, verdict, due, note, Severity.WARNING)


def _check(
    i: Indicator, verdict: Verdict, due: Decimal | None, message: str, severity: Severity | None = None, cause: str = ""
) -> Check:
    assert i.weight is not None
    assert i.score is not None
    expected = None if due is None else f"{round_half_up(due, max(2, i.score.quantity.decimals)).normalize():f}"
    return Check(
        "indicator_score", verdict, i.score.evidence, i.score.printed, expected, message, cause,
        severity=severity, target=i.score.operand, operands=(i.weight.operand,),
    )  # fmt: skip


def _qualitative(i: Indicator, rules: ScoringRule | None, *, readable: bool) -> Check:
    """A target without a number: the score lies inside the tier that the sheet names, or at least below the weight."""
    assert i.weight is not None
    assert i.score is not None
    kind = "indicator_score_qualitative" if readable else "indicator_score"
    weight, score = i.weight.value, i.score.value
    says = f"{i.name}：分值{i.weight.printed}，得分{i.score.printed}"
    operands, evidence = (i.weight.operand,), i.score.evidence
    if not readable and score < weight:
        message = f"{says}，指标值与完成值无法直接比较"
        return Check(kind, Verdict.UNCHECKABLE, evidence, i.score.printed, None, message, target=i.score.operand)
    band = rules.qualitative_band(i.actual, weight) if rules is not None and len(i.actual) <= MAX_TIER else None
    if band is None:
        return Check(
            kind, Verdict.CONSISTENT, evidence, i.score.printed, None, f"{says}，得分不超过分值",
            target=i.score.operand, operands=operands,
        )  # fmt: skip
    low, high = band
    expected = f"{low.normalize():f}-{high.normalize():f}"
    message = f"{says}，完成情况为“{i.actual}”，该档应在{expected}分之间"
    inside = low <= score <= high
    return Check(
        kind, Verdict.CONSISTENT if inside else Verdict.INCONSISTENT, evidence, i.score.printed, expected, message,
        severity=None if inside or "预期" in i.actual else Severity.WARNING, target=i.score.operand, operands=operands,
    )  # fmt: skip


def _far_above(i: Indicator, result: Outcome, rules: ScoringRule | None, block: int) -> Iterator[Check]:
    """Far above the target without a word of explanation, in a sheet that has a column for it."""
    if rules is None or i.remark is None or not result.sure or not result.over:
        return
    if not rules.over_target(result.low, result.actual):
        return
    explained = says_something(i.remark, BRIEF)
    percent = f"{round_half_up(result.over * 100, 2)}%"
    message = f"{i.name}：目标{i.target}，完成{i.actual}，超出{percent}，{'已' if explained else '未'}说明原因"
    verdict = Verdict.CONSISTENT if explained else Verdict.SUSPICIOUS
    group = "" if explained else f"deviation:{block}"
    yield Check("deviation_flag", verdict, i.evidence, i.actual[:60], None, message, group=group)


def _no_reason(i: Indicator, block: int) -> Iterator[Check]:
    """A lost point without a reason in the column that asks for it."""
    if i.reason is None or i.score is None or i.weight is None or i.score.value >= i.weight.value or i.shifted:
        return
    if says_something(i.reason, BRIEF):
        return
    yield Check(
        "missing_value", Verdict.SUSPICIOUS, i.evidence, i.score.printed, None,
        f"{i.name}：分值{i.weight.printed}，得分{i.score.printed}，扣分未填偏差原因及改进措施",
        target=i.score.operand, group=f"reason:{block}",
    )  # fmt: skip

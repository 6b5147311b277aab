"""Points of a 自评表: weights under their headings, scores and their total. Zero tolerance (guide §2.4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from yibao.proofread.findings import Check, Verdict
from yibao.proofread.forms.arithmetic import add_up, uncheckable
from yibao.proofread.forms.grid import Number
from yibao.proofread.forms.score_funds import Funds
from yibao.proofread.forms.score_rows import Heading, Indicator, Sheet

_EXECUTION = ("预算执行", "执行率", "资金执行")


def points_checks(sheet: Sheet, funds: Funds | None, full: Decimal | None, block: int) -> list[Check]:
    """weight_sum for every heading with points and for the total, score_sum for the total, score ≤ weight; `full` are full marks."""
    execution = _execution_row(sheet, funds)
    found = [
        check
        for check in (*_headings(sheet), *_subtotals(sheet), *_totals(sheet, execution, full))
        if check is not None
    ]
    return [*_missing_row(found, block), *_too_many(sheet, execution)]


def _execution_row(sheet: Sheet, funds: Funds | None) -> tuple[Number | None, Number | None]:
    """The points of the funds block, unless the indicators list them again."""
    if funds is None or funds.total is None:
        return None, None
    listed = any(_is_execution(i) and _equal(i.weight, funds.total.weight) for i in sheet.indicators)
    return (None, None) if listed else (funds.total.weight, funds.total.score)


def _is_execution(indicator: Indicator) -> bool:
    names = (indicator.name, indicator.first.name if indicator.first else "")
    return any(word in name for word in _EXECUTION for name in names) and not indicator.cost


def _equal(a: Number | None, b: Number | None) -> bool:
    return a is not None and b is not None and a.value == b.value


def _headings(sheet: Sheet) -> Iterator[Check | None]:
    """A heading's points = Σ below it, by the headings of the next level where all of them print points."""
    for heading in sheet.headings:
        if heading.weight is None:
            continue
        subject = f"{heading.name}分值"
        weights = [i.weight for i in sheet.indicators if heading in (i.first, i.second)]
        below = _next_level(sheet, heading) if heading.level == 1 else []
        if below and all(h.weight is not None for h in below):
            yield add_up("weight_sum", heading.weight, [h.weight for h in below], subject)
        elif any(w is not None for w in weights):
            yield add_up("weight_sum", heading.weight, weights, subject)
        else:
            yield uncheckable("weight_sum", heading.weight, f"{subject}：下级指标没有分值，无法核对")


def _subtotals(sheet: Sheet) -> Iterator[Check | None]:
    """小计 lines: Σ weights and Σ scores of their heading."""
    for heading, weight, score in sheet.subtotals:
        below = [i for i in sheet.indicators if heading is not None and i.first is heading]
        name = heading.name if heading is not None else ""
        yield add_up("weight_sum", weight, [i.weight for i in below], f"{name}小计（分值）") if below else None
        yield add_up("score_sum", score, [i.score for i in below], f"{name}小计（得分）") if below else None


def _next_level(sheet: Sheet, first: Heading) -> list[Heading]:
    """The second-level headings under a first-level one, without those that do not apply."""
    start = sheet.headings.index(first)
    below: list[Heading] = []
    for heading in sheet.headings[start + 1 :]:
        if heading.level == 1:
            break
        if heading.weight is not None or any(i.second is heading for i in sheet.indicators):
            below.append(heading)
    return below


def _totals(
    sheet: Sheet, execution: tuple[Number | None, Number | None], full: Decimal | None
) -> Iterator[Check | None]:
    """总分 = Σ points of the indicators and of the budget execution."""
    for kind, total, own, extra, word in (
        ("weight_sum", sheet.total_weight, [i.weight for i in sheet.indicators], execution[0], "分值"),
        ("score_sum", sheet.total_score, [i.score for i in sheet.indicators], execution[1], "得分"),
    ):
        if total is None or not any(n is not None for n in own):
            continue
        check = add_up(kind, total, [extra, *own], f"总分（{word}）")
        lone = add_up(kind, total, own, f"总分（{word}）") if extra is not None else check
        if lone is not None and lone.verdict is Verdict.CONSISTENT:
            check = lone
        if check is not None and _elsewhere(check, sheet, extra, own, total, full):
            reason = f"{check.message}（预算执行率一项的{word}不在本表，不作结论）"
            check = replace(check, verdict=Verdict.UNCHECKABLE, cause="", message=reason)
        yield check


def _elsewhere(
    check: Check,
    sheet: Sheet,
    extra: Number | None,
    own: Sequence[Number | None],
    total: Number,
    full: Decimal | None,
) -> bool:
    """The sum falls short where the points of budget execution may stand in another table, or a score is blank."""
    listed = sum((n.value for n in own if n), Decimal(0))
    if check.verdict is not Verdict.INCONSISTENT or listed > total.value:
        return False
    if sum((i.weight.value for i in sheet.indicators if i.weight), Decimal(0)) == full:
        return False
    if check.kind == "score_sum" and any(i.score is None for i in sheet.indicators):
        return True
    headed = [h.weight.value for h in sheet.headings if h.level == 1 and h.weight is not None]
    complete = sheet.total_weight is not None and sum(headed) == sheet.total_weight.value
    return extra is None and not complete and not any(_is_execution(i) for i in sheet.indicators)


def _missing_row(checks: list[Check], block: int) -> list[Check]:
    """A heading that falls short by as much as the total: one row was lost, and everything above it fails for that."""
    short = {id(c): gap for c in checks if (gap := _gap(c)) is not None}
    whole = [c for c in checks if id(c) in short and "总分" in c.message and c.kind == "weight_sum"]
    if len(whole) != 1 or short[id(whole[0])] <= 0:
        return checks
    gap = short[id(whole[0])]
    parts = [c for c in checks if c is not whole[0] and c.kind == "weight_sum" and short.get(id(c)) == gap]
    if not parts:
        return checks
    name = parts[-1].target.evidence.place.row_label if parts[-1].target else ""
    cause = f"{name}下疑缺一行指标，分值{gap.normalize():f}分"
    group = f"missing-row:{block}"
    lost = {id(c) for c in (*whole, *parts)} | {
        id(c) for c in checks if c.kind == "score_sum" and 0 < short.get(id(c), Decimal(0)) <= gap
    }
    return [replace(c, group=group, cause=cause) if id(c) in lost else c for c in checks]


def _gap(check: Check) -> Decimal | None:
    """By how much the printed number exceeds the sum; None where the check did not fail."""
    if check.verdict is not Verdict.INCONSISTENT or check.target is None:
        return None
    return check.target.value - sum((o.value for o in check.operands), Decimal(0))


def _too_many(sheet: Sheet, execution: tuple[Number | None, Number | None]) -> Iterator[Check]:
    """A score above its weight, line by line; the lines that hold are covered by their own score check."""
    pairs = [(i.weight, i.score) for i in sheet.indicators] + [execution]
    for weight, score in pairs:
        if weight is None or score is None or score.value <= weight.value:
            continue
        yield Check(
            "indicator_score",
            Verdict.INCONSISTENT,
            score.evidence,
            score.printed,
            f"≤{weight.printed}",
            f"{score.label}：得分{score.printed}超过分值{weight.printed}",
            target=score.operand,
            operands=(weight.operand,),
        )

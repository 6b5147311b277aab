"""年初、追加、全年 of one budget tell one story: with money added in the year the whole-year budget is not the initial one."""

from __future__ import annotations

from collections.abc import Iterator

from yibao.proofread.checks.repeats import operand
from yibao.proofread.findings import Check, Verdict
from yibao.proofread.forms.facts import Fact
from yibao.proofread.reading import Reading

_WHOLE = ("dept.funds.total", "dept.expense.total", "dept.expense.general", "dept.income.general")
_PARTS = (*_WHOLE, "dept.expense.project", "dept.expense.basic")


def run(reading: Reading) -> Iterator[Check]:
    year = reading.year
    own = [f for f in reading.facts if f.year == year and not f.scope and f.quantity.dimension == "money"]
    added = [f for f in own if f.basis == "added" and f.figure in _PARTS and f.quantity.value > 0]
    for figure in _WHOLE:
        initial = _first(own, figure, "initial")
        adjusted = _first(own, figure, "adjusted")
        if initial is None or adjusted is None or not added or initial.quantity.base != adjusted.quantity.base:
            continue
        more = added[0]
        message = (
            f"全年预算{adjusted.quantity.raw}与年初预算{initial.quantity.raw}相同，文中却有追加预算{more.quantity.raw}"
        )
        yield Check(
            "sum", Verdict.SUSPICIOUS, more.evidence, more.quantity.raw, None, message, "疑把全年预算填成了年初预算",
            (initial.evidence, adjusted.evidence), None, operand(adjusted), (operand(initial), operand(more)),
        )  # fmt: skip
        return


def _first(facts: list[Fact], figure: str, basis: str) -> Fact | None:
    return next((f for f in facts if f.figure == figure and f.basis == basis), None)

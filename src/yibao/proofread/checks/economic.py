"""Rows of the 基础数据表 that repeat economic items of the basic expenditure table (办公费; 水费、电费、差旅费; 会议费、培训费)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from yibao.proofread.checks.repeats import operand
from yibao.proofread.findings import Check, Verdict
from yibao.proofread.forms.facts import Fact
from yibao.proofread.quantity import judge, total
from yibao.proofread.reading import Reading
from yibao.vocabulary.classification import load_classification

#: figure → names of the 款 it adds up
_ROWS: Mapping[str, tuple[str, ...]] = {
    "dept.office": ("办公费",),
    "dept.utilities_travel": ("水费", "电费", "差旅费"),
    "dept.meeting_training": ("会议费", "培训费"),
}


def run(reading: Reading) -> Iterator[Check]:
    economic = load_classification("economic")
    items = {
        f.figure.partition(":")[2]: f
        for f in reading.facts
        if f.source == "table" and f.figure.startswith("econ:") and f.basis == "final"
    }
    if not items:
        return
    for fact in reading.facts:
        names = _ROWS.get(fact.figure)
        if names is None or fact.form != "base_data" or fact.basis != "final" or fact.year != reading.year:
            continue
        parts = [items[code] for n in names if (code := economic.code_of(n, fact.year)) in items]
        if parts:
            yield _check(fact, parts, "、".join(names))


def _check(fact: Fact, parts: list[Fact], names: str) -> Check:
    """Project money may be in one table and not in the other: a difference asks for an explanation."""
    whole = total([p.quantity.range for p in parts])
    holds = judge(fact.quantity, whole) is not Verdict.INCONSISTENT
    message = f"{names}：基础数据表{fact.quantity.raw}，基本支出明细表合计{fact.quantity.printed(whole)}"
    verdict = Verdict.CONSISTENT if holds else Verdict.SUSPICIOUS
    return Check(
        "cross_table", verdict, fact.evidence, fact.quantity.raw, fact.quantity.printed(whole), message, "",
        tuple(p.evidence for p in parts), None, operand(fact), tuple(operand(p) for p in parts),
    )  # fmt: skip

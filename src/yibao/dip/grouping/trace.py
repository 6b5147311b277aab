"""The trace of a grouping: as an object for programs, and as one line of codes for a table of millions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from yibao.dip.grouping.cases import Unread
from yibao.dip.grouping.decision import Decision
from yibao.dip.grouping.group import Grouping
from yibao.dip.grouping.match import Miss
from yibao.dip.grouping.way import MOST_LACKING, way


def as_object(found: Grouping | Unread) -> dict[str, Any]:
    """A grouping as one object of the result file; score and kind are null where the pack says nothing; a subtype is told where the pack splits groups.

    A line that was not read has the reason as its trace.
    """
    if isinstance(found, Unread):
        said: dict[str, Any] = dict.fromkeys(("id", "group", "layer", "kind", "score"))
        return {**said, "id": found.id, "flags": ["NOT_READ"], "trace": {"error": found.sentence}}
    row = found.row
    said = {
        "id": found.id,
        "group": row.group if row else None,
        "layer": row.layer if row else None,
        "kind": row.kind if row else None,
        "score": _number(row.score) if row and row.score is not None else None,
        "flags": list(found.flags),
        "trace": trace(found),
    }
    if found.subtype is not None:
        coefficient = found.subtype.coefficient
        said["auxiliary_subtype"] = found.subtype.said
        said["auxiliary_coefficient"] = None if coefficient is None else _number(coefficient)
    return said


def _number(score: Any) -> int | float:
    return int(score) if score == int(score) else float(score)


def trace(found: Grouping) -> dict[str, Any]:
    """Step, matched codes, what stood in the way of other rows, what became of the codes of the record; levels that could not be decided."""
    decision = found.decision
    said = {
        "step": decision.layer or None,
        "key": decision.key or None,
        "matched": list(decision.codes),
        "related": list(decision.related),
        "other_dx": list(decision.others),
        "rule": decision.rule or None,
        "also": [{"group": row.group, "layer": row.layer, "rule": rule} for row, rule in decision.also],
        "why": decision.why or None,
        "blocked": [_miss(miss) for miss in decision.misses],
        "excluded": [{"code": code, "handling": handling} for code, handling in decision.excluded],
        "codes": list(_changed(found)),
        "said": list(way(decision)),
    }
    return said | ({"undecided": list(found.undecided)} if found.undecided else {})


def _miss(miss: Miss) -> dict[str, Any]:
    said: dict[str, Any] = {"group": miss.row.group, "layer": miss.row.layer, "why": miss.why}
    if miss.codes:
        said["codes"] = list(miss.codes)
    if miss.lacks:
        said["lacks"] = list(miss.lacks[:MOST_LACKING])
    return said


def _changed(found: Grouping) -> Iterator[dict[str, Any]]:
    """The codes of the record that are not as they were written, or that nothing was grouped on."""
    for role, code in found.codes:
        if code.raw and (code.raw != code.code or code.status != "OK"):
            said: dict[str, Any] = {"field": role, "raw": code.raw, "code": code.code, "status": code.status}
            if code.candidates:
                said["candidates"] = list(code.candidates)
            yield said


def undecided_codes(levels: Iterable[str]) -> str:
    """What the line of codes says of levels that could not be decided: ` ?severity:cost` each."""
    return "".join(f" ?{level}" for level in levels)


def trace_codes(decision: Decision) -> str:
    """One line: step, key, codes that matched; then each row that came near, why not, and the codes in its way.

    `BX@K35=47.0100+54.5101 !BX-918:RELATED_MISSING`; nothing after the step where a row asks for no operation.
    """
    head = f"{decision.layer}@{decision.key}" if decision.layer else "-"
    codes = "+".join((*decision.codes, *decision.related, *decision.others))
    parts = [f"{head}={codes}" if codes else head]
    parts += [f"x{code}:{handling}" for code, handling in decision.excluded]
    parts += [f"!{miss.row.group}:{miss.why}{_in_way(miss)}" for miss in decision.misses]
    if decision.rule:
        parts.append(f"#{decision.rule}")
    return " ".join(parts)


def _in_way(miss: Miss) -> str:
    return f"({'+'.join(miss.codes)})" if miss.codes else ""

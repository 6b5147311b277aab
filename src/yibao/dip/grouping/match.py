"""One row held against one stay: a hit with the codes that made it, or the reason why not. Pure; sets only, no order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from yibao.dip.codes import Code
from yibao.dip.expressions import Range, codes_of
from yibao.dip.pack import Row
from yibao.dip.settings import KINDS

Why = Literal[
    "NOT_MAIN",
    "EXCLUDED_OPERATION",
    "CODES_MISSING",
    "RELATED_MISSING",
    "OPERATIONS_PRESENT",
    "OTHER_DIAGNOSIS",
    "AGE",
    "WEIGHT",
    "RESISTANCE",
    "MISSING_INPUT",
    "KIND",
]
WHY: Mapping[Why, str] = {
    "NOT_MAIN": "要作为主要手术操作",
    "EXCLUDED_OPERATION": "手术操作在不纳入分组的名单上",
    "CODES_MISSING": "缺少手术操作",
    "RELATED_MISSING": "缺少相关手术操作（其中之一）",
    "OPERATIONS_PRESENT": "有未匹配的手术操作，不能进保守治疗的病种",
    "OTHER_DIAGNOSIS": "缺少其他诊断（其中之一）",
    "AGE": "天龄不符，要求",
    "WEIGHT": "出生体重不符，要求",
    "RESISTANCE": "耐药情况不符，要求",
    "MISSING_INPUT": "没有填",
    "KIND": "治疗方式不符",
}


@dataclass(frozen=True, slots=True)
class Stay:
    """A stay cut down to what can change its group."""

    diagnosis: Code
    operations: frozenset[str]  #: in effect, the main one included; prefixes of the pack beside the codes
    mains: frozenset[str]  #: which of them may be the main one
    removed: frozenset[str]  #: operations on the list of those that do not count
    bars: bool  #: an operation stands there that a row must account for
    surplus: bool  #: operations that no row of this diagnosis names
    others: tuple[Code, ...]
    resistant: bool
    age_days: int | None
    weight: int | None
    kind: int | None  #: rank, None where the pack does not say
    level: int
    conservative: bool  #: counts as treated without operation (1.0, 2.0)


@dataclass(frozen=True, slots=True)
class Hit:
    row: Row
    codes: frozenset[str]
    related: frozenset[str]
    has_main: bool
    others: tuple[str, ...]

    @property
    def matched(self) -> int:
        return len(self.codes) + len(self.related)


@dataclass(frozen=True, slots=True)
class Miss:
    """`codes` of the stay stand in the way, `lacks` are those that the row asks for."""

    row: Row
    why: Why
    codes: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()


def hold(row: Row, stay: Stay, main_required: bool, no_operation: str) -> Hit | Miss | None:
    """None: the row is about something else altogether."""
    if row.operations and row.codes.isdisjoint(stay.operations) and row.codes.isdisjoint(stay.removed):
        return None
    found = _operations(row, stay, main_required and not row.condition.any_operation, no_operation)
    if not isinstance(found, Hit):
        return found
    others = _others(row, stay)
    if others is None:
        return Miss(row, "OTHER_DIAGNOSIS", lacks=tuple(map(str, row.others))) if row.operations else None
    if row.condition.any_diagnosis:
        named = {code.code for code in stay.others if _has(row.diagnoses, code)}
        if not named and not _has(row.diagnoses, stay.diagnosis):
            return None
        others = tuple(sorted({*others, *named}))
    if (failed := _condition(row, stay)) is not None:
        return Miss(row, failed[0], lacks=failed[1:])
    return Hit(row, found.codes, found.related, found.has_main, others) if others else found


def _operations(row: Row, stay: Stay, main_required: bool, no_operation: str) -> Hit | Miss | None:
    if not row.operations:
        if no_operation == "always" or (stay.conservative if no_operation == "conservative" else not stay.bars):
            return Hit(row, frozenset(), frozenset(), False, ())
        return Miss(row, "OPERATIONS_PRESENT", tuple(sorted(stay.operations)))
    there = [codes for codes in row.operations if codes <= stay.operations]
    fitting = [codes for codes in there if codes & stay.mains] if main_required else there
    if not fitting:
        return _why_not(row, stay, there)
    codes = max(fitting, key=lambda c: (len(c), bool(c & stay.mains), sorted(c)))
    related = frozenset[str]()
    if row.related:
        beside = stay.operations - codes
        related = frozenset().union(*(wanted for wanted in row.related if wanted <= beside))
        if not related:
            return Miss(row, "RELATED_MISSING", lacks=tuple(sorted(codes_of(row.related))))
    return Hit(row, codes, related, bool(codes & stay.mains), ())


def _why_not(row: Row, stay: Stay, there: list[frozenset[str]]) -> Miss | None:
    if there:
        return Miss(row, "NOT_MAIN", tuple(sorted(stay.mains)), tuple(sorted(max(there, key=sorted))))
    with_removed = [codes for codes in row.operations if codes <= stay.operations | stay.removed]
    if with_removed:
        return Miss(row, "EXCLUDED_OPERATION", tuple(sorted(max(with_removed, key=sorted) & stay.removed)))
    partly = [codes for codes in row.operations if codes & stay.operations]
    if partly:
        nearest = min(partly, key=lambda c: (len(c - stay.operations), sorted(c)))
        return Miss(row, "CODES_MISSING", lacks=tuple(sorted(nearest - stay.operations)))
    return None


def _others(row: Row, stay: Stay) -> tuple[str, ...] | None:
    if not row.others:
        return ()
    return tuple(sorted({code.code for code in stay.others if _has(row.others, code)})) or None


def _has(keys: tuple[str | Range, ...], diagnosis: Code) -> bool:
    return any(diagnosis.code in key if isinstance(key, Range) else key in diagnosis.keys for key in keys)


def _condition(row: Row, stay: Stay) -> tuple[Why, str] | None:
    """The condition that fails, and what the row asks for."""
    asked = row.condition
    if asked.resistant is not None and asked.resistant != stay.resistant:
        return "RESISTANCE", "耐药" if asked.resistant else "非耐药"
    if asked.age_below is not None and stay.age_days is not None and not 0 <= stay.age_days < asked.age_below:
        return "AGE", f"小于 {asked.age_below} 天"
    if asked.weight and stay.weight is not None and not asked.weight[0] <= stay.weight <= asked.weight[1]:
        return "WEIGHT", f"{asked.weight[0]}～{asked.weight[1]} 克"
    if asked.age_below is not None and stay.age_days is None:
        return "MISSING_INPUT", "天龄"
    if asked.weight and stay.weight is None:
        return "MISSING_INPUT", "出生体重"
    return None


def hold_kind(row: Row, stay: Stay, kind: int | None) -> Hit | None:
    """A row of category and kind of treatment (guide dip §6.3); it takes any operations."""
    if row.kind is not None and (kind is None or KINDS[kind] != row.kind):
        return None
    if row.level is not None and row.level != min(stay.level, 3):
        return None
    return Hit(row, frozenset(), frozenset(), False, ())

"""What a region's pack says about watching; a missing or impossible value is a UserError that names the parameter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from yibao.region.pack import Pack
from yibao.region.rules import Value

READMISSION, OUTSIDE, SEVERE_AGE, LEAST, CV = (
    f"dip.watch.{name}" for name in ("readmission", "outside", "severe_age", "least", "cv")
)
_GRADES = {"official": "官方", "secondary": "转载", "unverified": "未核实", "proposal": "自拟"}


@dataclass(frozen=True)
class Rules:
    """Windows in days, an age in years, the least number of cases that are ranked, and the CV above which a group is named (10⁻⁶)."""

    readmission: tuple[int, ...]
    outside: int
    severe_age: int
    least: int
    cv: int
    cited: tuple[str, ...]  #: each value with its source, for every printout


def watch_rules(pack: Pack, on: date) -> Rules:
    """The rules on a day.

    >>> from yibao.region.packs import region
    >>> watch_rules(region("cn"), date(2025, 12, 31)).readmission
    (14, 30)
    """
    found = {key: pack.parameter(key, on=on) for key in (READMISSION, OUTSIDE, SEVERE_AGE, LEAST, CV)}
    windows = found[READMISSION].value
    if not isinstance(windows, list) or not windows or len(set(windows)) != len(windows):
        raise found[READMISSION].error(READMISSION, "应是天数的列表，如 [14, 30]，不重复")
    return Rules(
        readmission=tuple(sorted(_whole(found[READMISSION], READMISSION, said) for said in windows)),
        outside=_whole(found[OUTSIDE], OUTSIDE, found[OUTSIDE].value),
        severe_age=_whole(found[SEVERE_AGE], SEVERE_AGE, found[SEVERE_AGE].value),
        least=_whole(found[LEAST], LEAST, found[LEAST].value),
        cv=_decimal(found[CV]),
        cited=tuple(_cited(key, value) for key, value in found.items()),
    )


def _whole(value: Value, key: str, said: Any) -> int:
    if isinstance(said, bool) or not isinstance(said, int) or said < 1:
        raise value.error(key, f"应是大于零的整数，现在是“{said}”")
    return said


def _decimal(value: Value) -> int:
    said = value.value
    if isinstance(said, bool) or not isinstance(said, int | Decimal) or said <= 0:
        raise value.error(CV, f"应是大于零的数，现在是“{said}”")
    return int(Decimal(said) * 1_000_000)


def _cited(key: str, value: Value) -> str:
    verified = "" if value.status == "verified" else "，示例" if value.status == "example" else "，未核对原文"
    said = "、".join(map(str, value.value)) if isinstance(value.value, list) else value.value
    return f"{key} {said}：{value.cited}（{_GRADES[value.grade]}{verified}）"

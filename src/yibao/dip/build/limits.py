"""By which levels a region splits groups, and when: as far as the lists and fees that the levels ask for are there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from yibao.dip.auxiliary.rules import Rules
from yibao.dip.build.terms import member, number_of
from yibao.dip.complaints import complaint
from yibao.errors import UserError
from yibao.region.pack import Pack

LIMITS = "dip.auxiliary.limits"


@dataclass(frozen=True)
class Limits:
    """When a group is split: it has more than n1 stays, the part more than n2, and the part's CV is lower by this share."""

    n1: int
    n2: int
    cv_drop: Decimal


def auxiliary_of(
    region: Pack, year: int, lists: frozenset[str], comorbidities: bool, fees: bool
) -> tuple[Rules | None, dict[str, Limits], list[str]]:
    """Rules of 辅助分型 as far as their lists are there, when a group is split, and what was left out, in Chinese."""
    day = date(year, 6, 30)
    names = [f"dip.auxiliary.{name}" for name in ("levels", "limits", "readings")]
    found = {name: region.find(name, on=day) for name in names}
    if absent := [name for name, value in found.items() if value is None]:
        return None, {}, [f"辅助分型没有测算：地区包里没有参数 {'、'.join(absent)}"]
    levels, limits, readings = (value.value for value in found.values() if value is not None)
    if not isinstance(readings, Mapping):
        raise UserError("参数 dip.auxiliary.readings 应是“名称: 内容”的写法，请改正。")
    _rules(readings, levels)  # all of them, before some are left out
    usable, left = _usable(levels, lists, comorbidities, fees)
    if not usable:
        return None, {}, left
    rules = _rules(readings, usable)
    member(limits, "default", LIMITS)
    return rules, {kind: _limit(one) for kind, one in limits.items()}, left


def _rules(readings: Mapping[str, Any], levels: Any) -> Rules:
    try:
        return Rules.model_validate({**readings, "levels": levels})
    except ValidationError as error:
        raise UserError(f"参数 dip.auxiliary 写法不对（{complaint(error)}），请改正。") from None


def _limit(one: Any) -> Limits:
    n1, n2, drop = (number_of(member(one, name, LIMITS), name) for name in ("n1", "n2", "cv_drop"))
    if min(n1, n2, drop) < 0 or drop >= 1:
        raise UserError(f"参数 {LIMITS} 的 n1、n2 应不小于 0，cv_drop 应不小于 0、小于 1，请改正。")
    return Limits(int(n1), int(n2), drop)


def _usable(levels: Any, lists: frozenset[str], comorbidities: bool, fees: bool) -> tuple[list[Any], list[str]]:
    """Levels whose lists were given, and whose fees were imported; a level that asks for one that is left out goes with it."""
    usable, left = [], []
    for level in levels:
        said = f"辅助分型 {level['kind']}:{level['level']} 没有测算："
        if level.get("cci") and not comorbidities:
            left.append(f"{said}没有给出合并症指数表（--cci）")
        elif (name := level.get("listed")) and name not in lists:
            left.append(f"{said}没有给出诊断名单“{name}”（--severity）")
        elif not fees and (level.get("treatment_share") or level.get("drug_share")):
            left.append(f"{said}没有导入费用明细，不知道治疗费、药品费占多少")
        else:
            usable.append(level)
    there = {level["level"] for level in usable if level["kind"] == "severity"}
    known = {level["level"] for level in levels if level["kind"] == "severity"}
    for level in [level for level in usable if level.get("severity")]:
        if lost := sorted(set(level["severity"]) & known - there):
            usable.remove(level)
            left.append(
                f"辅助分型 {level['kind']}:{level['level']} 没有测算：它要用的 severity:{'、'.join(lost)} 没有测算"
            )
    return usable, left

"""What a higher jurisdiction lays down as floor or ceiling: a value outside is worth a warning, never an error.

bounds:
  - {id: …, key: "*.aid.rate", when: [tekun, dibao], min: 0.70, from: 2021-10-28, source: …, grade: official, status: …}
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from typing import Any

from yibao.region.benefits.cells import Cell, Groups, Row, condition, covered, meet
from yibao.region.benefits.groups import declared
from yibao.region.benefits.knobs import is_benefit, key
from yibao.region.benefits.values import money, rate, read
from yibao.region.benefits.words import in_chinese
from yibao.region.pack import Pack
from yibao.region.rules import Rule, Value

KIND = "bounds"
_UNITS = {"rate": rate, "money": money}


@dataclass(frozen=True, slots=True)
class Bound:
    """A floor or a ceiling (or both) for the values of a key."""

    rule: Rule
    key: str  #: with * for anything
    when: tuple[str, ...]  #: conditions; empty: whoever it is
    least: Any
    most: Any


def bound(rule: Rule) -> Bound:
    """A bound as written; UserError with file and line."""
    body = rule.body
    if strange := set(body) - {"key", "when", "min", "max"}:
        raise rule.error(f"不认识“{min(strange)}”，可写 key、when、min、max")
    if "key" not in body or not {"min", "max"} & set(body):
        raise rule.error("要写 key，和 min 或 max")
    if not isinstance(body.get("when", []), list):
        raise rule.error("when 应是一个列表")
    return Bound(rule, str(body["key"]), tuple(body.get("when", ())), body.get("min"), body.get("max"))


def outside(pack: Pack) -> Iterator[tuple[str, Value, str]]:
    """Key, value and what is outside, for each of a pack's own values that a jurisdiction above bounds."""
    for name, values in pack.parameters.items():
        if not is_benefit(name):
            continue
        for value in values:
            for found in _bounds(pack, name, value):
                yield from ((name, value, said) for said in _broken(pack, name, value, found))


def _bounds(pack: Pack, name: str, value: Value) -> Iterator[Bound]:
    """The bounds that reach a value while it is in force."""
    rules = [rule for above in pack.chain() if above is not pack for rule in above.own_rules if rule.kind == KIND]
    for found in map(bound, rules):
        day: date = max(value.valid_from, found.rule.valid_from)
        if fnmatchcase(name, found.key) and day in found.rule.span and pack.find(name, on=day) is value:
            yield found


def _broken(pack: Pack, name: str, value: Value, found: Bound) -> Iterator[str]:
    knob = key(name).knob
    if knob.kind not in _UNITS:
        return
    groups, unit = declared(pack, value.valid_from), _UNITS[knob.kind]
    cell = read(knob, value.value, groups)
    for when in found.when or ("",):
        for row in _reached(cell, when, groups) if isinstance(cell, Cell) else ():
            if row.value is None:
                continue
            said = f"{in_chinese(when)}适用的“{in_chinese(row.said)}”"
            if found.least is not None and row.value < unit(found.least):
                yield f"{said}低于{found.rule.source}的下限 {found.least}"
            if found.most is not None and row.value > unit(found.most):
                yield f"{said}高于{found.rule.source}的上限 {found.most}"


def _reached(cell: Cell, when: str, groups: Groups) -> Iterator[Row]:
    """The rows that count for somebody who fits a condition."""
    asked = condition(when, groups)
    for row in cell.rows:
        box = meet(asked, row.tests)
        if box is not None and not covered(box, [other for other in cell.rows if other.weight > row.weight]):
            yield row

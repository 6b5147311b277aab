"""What a simulation is asked for: a rule and its new value, or a rule and a range of values.

>>> said = change("resident.inpatient.rate.level2=0.75")
>>> said.key, said.word, said.value
('resident.inpatient.rate', 'level2', Decimal('0.75'))
>>> [str(value) for value in sweep("resident.inpatient.rate.level2=0.70:0.72:0.01").values]
['0.70', '0.71', '0.72']
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import yaml

from yibao.errors import UserError
from yibao.region.benefits.edits import address
from yibao.region.benefits.knobs import key
from yibao.region.benefits.resolve import Benefits
from yibao.region.benefits.words import in_chinese
from yibao.region.located import read_value

MOST_STEPS = 100  #: of a sweep


@dataclass(frozen=True, slots=True)
class Changed:
    """One rule and the value that it takes: of one row of its cell, or (word None) as a whole."""

    key: str
    word: str | None
    value: Any

    @property
    def label(self) -> str:
        """The rule in Chinese.

        >>> Changed("resident.inpatient.rate", "level2", 1).label
        '居民·住院·支付比例（二级）'
        """
        return key(self.key).label + (f"（{in_chinese(self.word)}）" if self.word else "")


@dataclass(frozen=True, slots=True)
class Sweep:
    """One rule over a range of values."""

    key: str
    word: str | None
    values: tuple[Decimal, ...]

    def at(self, value: Decimal) -> Changed:
        return Changed(self.key, self.word, value)


def change(said: str) -> Changed:
    """`key=value` as it is typed; UserError for what is none."""
    name, equals, value = said.partition("=")
    if "=" in value or any(sign in name for sign in "<>"):  # a condition with a sign of its own: nth>=2
        name, equals, value = said.rpartition("=")
    if not equals or not value.strip():
        raise UserError(f"“{said}”应写成 参数=数值，如 resident.inpatient.rate.level2=0.75。")
    try:
        found = read_value(value.strip())
    except yaml.YAMLError:
        raise UserError(f"“{value}”不是一个数值，如 0.75、500、none。") from None
    return Changed(*_changeable(name.strip()), found)


def sweep(said: str) -> Sweep:
    """`key=from:to:step` as it is typed; UserError for what is none."""
    name, _, span = said.rpartition("=")
    try:
        first, last, step = map(Decimal, span.split(":"))
        if not (first.is_finite() and last.is_finite() and step.is_finite()):
            raise ValueError
    except (ValueError, InvalidOperation):
        raise UserError(f"“{said}”应写成 参数=起:止:步长，如 resident.inpatient.rate.level2=0.70:0.80:0.01。") from None
    if step <= 0 or last < first or (last - first) / step >= MOST_STEPS:
        raise UserError(f"“{span}”应从小到大，步长大于 0，最多 {MOST_STEPS} 步。")
    values = [first + n * step for n in range(int((last - first) / step) + 1)]
    return Sweep(*_changeable(name.strip()), tuple(values))


def _changeable(said: str) -> tuple[str, str | None]:
    """The rule that is meant; UserError for the one that makes the bills themselves, which both runs share."""
    name, word = address(said)
    if name.endswith(".year_end"):
        raise UserError(f"{name}（{key(name).label}）规定单据怎样分段，测算的两遍用同一批单据，不能这样假设。")
    return name, word


def with_changes(benefits: Benefits, changes: Iterable[Changed], on: date) -> Benefits:
    """The rules with every change from a day on, one after the other. UserError for a value that cannot be."""
    for changed in changes:
        benefits = benefits.set(changed.key, changed.word, changed.value, on)
    return benefits


def written(benefits: Benefits, changed: Changed, on: date) -> str:
    """What the rules in force say in place of a change, as it is typed in the pack; empty where nothing is said."""
    held = benefits.pack.find(changed.key, on=on, known_at=benefits.known_at)
    found = held.value if held else None
    for step in changed.word.split(".") if changed.word else ():
        if isinstance(found, list) and step.isdigit() and 1 <= int(step) <= len(found):
            found = found[int(step) - 1]
        elif isinstance(found, dict) and step in found:
            found = found[step]
        elif isinstance(found, dict | list):
            return ""
    return "" if found is None else str(found)

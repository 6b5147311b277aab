"""Which situations a pack tells apart, so that a year of visits needs one plan for each kind of visit, not for each visit."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, TypeVar

from yibao.region.benefits.cells import Cell
from yibao.region.benefits.plan import Situation
from yibao.region.benefits.words import DIMENSIONS, TOP

_DEFAULTS = {field.name: field.default for field in fields(Situation) if field.name in DIMENSIONS}


@dataclass(frozen=True, slots=True)
class Dimensions:
    """What the cells of a pack ask for; everything else about a visit makes no difference."""

    named: Mapping[str, frozenset[object]]  #: the values that are told apart; all others are alike
    starts: Mapping[
        str, tuple[int, ...]
    ]  #: ranges (age in years, bill in fen, fetus, nth): first number of each class, 0 first
    every: frozenset[str]  #: here each value stands for itself (a limit for each disease)
    dates: tuple[date, ...]  #: first day of each stretch of equal rules

    @property
    def fields(self) -> frozenset[str]:
        """The fields of a Situation that make a difference, and `nth`."""
        return frozenset(self.named) | frozenset(self.starts) | self.every

    def joined(self, other: Dimensions) -> Dimensions:
        """What one of the two tells apart."""
        return Dimensions(
            {name: self.named.get(name, frozenset()) | other.named.get(name, frozenset()) for name in {**self.named, **other.named}},
            {name: tuple(sorted({*self.starts.get(name, (0,)), *other.starts.get(name, (0,))})) for name in {**self.starts, **other.starts}},
            self.every | other.every,
            tuple(sorted({*self.dates, *other.dates})),
        )  # fmt: skip

    def canonical(self, situation: Situation) -> Situation:
        """The situation that stands for all that are settled like this one."""
        changed: dict[str, Any] = {name: self._one(name, getattr(situation, name)) for name in _DEFAULTS}
        return replace(situation, **changed, on=_class_of(situation.on, self.dates))

    def _one(self, name: str, value: object) -> object:
        if name in self.every:
            return value
        if name in self.starts:
            return _class_of(int(str(value)), self.starts[name])
        known, default = self.named.get(name, frozenset()), _DEFAULTS[name]
        return value if value in known or default in known else default


_At = TypeVar("_At", int, date)


def _class_of(value: _At, starts: tuple[_At, ...]) -> _At:
    at = bisect_right(starts, value) - 1
    return starts[at] if at >= 0 else value


def told_apart(cells: Iterable[Cell], every: Iterable[str], dates: Iterable[date]) -> Dimensions:
    """The dimensions of some cells."""
    named: dict[str, set[object]] = {}
    starts: dict[str, set[int]] = {}
    for cell in cells:
        for test in cell.tests():
            if test.is_range:
                ends = (test.low, *([test.high + 1] if test.high < TOP else []))
                starts.setdefault(test.dimension, {0}).update(ends)
            else:
                named.setdefault(test.dimension, set()).update(test.values)
    return Dimensions(
        {name: frozenset(values) for name, values in named.items()},
        {name: tuple(sorted(values)) for name, values in starts.items()},
        frozenset(every),
        tuple(sorted(set(dates))),
    )

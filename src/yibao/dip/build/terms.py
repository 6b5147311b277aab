"""The numbers that a catalogue is built by: the region's own parameters, behind them the draft specification's; none is assumed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from yibao.dip.expressions import Range, diagnosis_key
from yibao.errors import UserError
from yibao.region.pack import Pack

YEARS = 3  #: before the year that is paid
MEMBERS = "dip.catalogue"  #: one parameter with the members that a city's own notice gives


@dataclass(frozen=True)
class Terms:
    """Rates as shares, amounts in yuan, LOS in days."""

    region: Pack
    year: int
    edition: str
    weights: tuple[int, ...]  #: oldest year first
    threshold: int | None  #: one of threshold and coverage
    coverage: Decimal | None
    related_rise: Decimal
    primary_share: Decimal
    primary_cv: Decimal
    primary_operations: bool  #: may a 基层病种 have operations?
    split_cv: Decimal
    scale: int
    digits: int
    score: Mapping[str, Any]
    component_scale: int
    trim: tuple[Decimal, Decimal] | None
    every_hospital: bool
    longest_stay: int
    cell_ranges: tuple[Range, ...]  #: 综合 by these and the level of surgery; none: by category and kind of treatment
    cell_least: int
    cell_cv: Decimal | None
    coefficient_least: int

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(range(self.year - YEARS, self.year))


@dataclass(frozen=True)
class Asked:
    """What the command line says instead of the region."""

    edition: str | None = None
    threshold: int | None = None
    coverage: Decimal | None = None


class _Reader:
    """Parameters on a day: a member of dip.catalogue, else dip.build.<name>; UserError names what nobody has written."""

    def __init__(self, region: Pack, year: int) -> None:
        self.region, self.day = region, date(year, 6, 30)
        found = region.find(MEMBERS, on=self.day)
        self.members: Mapping[str, Any] = found.value if found else {}

    def find(self, name: str) -> Any:
        if name in self.members:
            return self.members[name]
        found = self.region.find(f"dip.build.{name}", on=self.day)
        return None if found is None else found.value

    def __getitem__(self, name: str) -> Any:
        found = self.find(name)
        if found is None:
            raise UserError(
                f"“{self.region.name}”的地区包里没有 {self.day.isoformat()} 有效的参数 {MEMBERS} 的 {name}（或 dip.build.{name}），请在地区包中补上并注明来源。"
            )
        return found

    def number(self, name: str) -> Decimal:
        return number_of(self[name], name)

    def one_of(self, name: str, words: tuple[str, ...]) -> str:
        if (found := self[name]) not in words:
            raise UserError(f"参数 dip.build.{name} 应是 {'、'.join(words)} 之一，现在是“{found}”，请改正。")
        return str(found)


def number_of(value: Any, name: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise UserError(f"目录参数 {name} 应是一个数，现在是“{value}”，请改正。")
    return Decimal(value)


def terms_of(region: Pack, year: int, asked: Asked) -> Terms:
    """The terms of the year that is paid; UserError names a parameter that is missing or no number."""
    read = _Reader(region, year)
    threshold, coverage = _core(read, asked)
    cells = read["cells"]
    return Terms(
        region, year, asked.edition or str(read["edition"]), _weights(read["weights"]), threshold, coverage,
        read.number("related_rise"), read.number("primary_share"), read.number("primary_cv"),
        read.one_of("primary_operations", ("none", "any")) == "any", read.number("split_cv"),
        int(read.number("scale")), int(read.number("digits")), _score(read["score"]), _component_scale(read),
        _percentiles(read["trim"]),
        read.one_of("stays", ("dip", "all")) == "all", int(read.number("longest_stay")),
        _ranges(read["cells_by"]), int(number_of(member(cells, "least", "dip.build.cells"), "cells.least")), None if (cv := member(cells, "cv", "dip.build.cells")) == "none" else number_of(cv, "cells.cv"),
        int(read.number("coefficient_least")),
    )  # fmt: skip


def _core(read: _Reader, asked: Asked) -> tuple[int | None, Decimal | None]:
    """Threshold or coverage: what the command line says, else the region's notice, else the draft's threshold."""
    if asked.threshold is not None and asked.coverage is not None:
        raise UserError("核心病种按例数（--threshold）或按覆盖率（--coverage），只能写一个。")
    threshold, coverage = asked.threshold, asked.coverage
    if threshold is None and coverage is None:
        own = {name: read.members[name] for name in ("threshold", "coverage") if name in read.members}
        coverage = number_of(own["coverage"], "coverage") if "coverage" in own else None
        threshold = int(read.number("threshold")) if coverage is None else None
    if threshold is not None and threshold < 1:
        raise UserError(f"核心病种的最低例数应不小于 1，不能是 {threshold}。")
    if coverage is not None and not 0 < coverage <= 1:
        raise UserError(f"核心病种的覆盖率应大于 0、不大于 1，不能是 {coverage}。")
    return threshold, coverage


def member(value: Any, name: str, key: str) -> Any:
    """A member of a parameter that has several; UserError names it."""
    if not isinstance(value, Mapping) or name not in value:
        raise UserError(f"参数 {key} 没有写 {name}，请在地区包中补上并注明来源。")
    return value[name]


def _ranges(value: Any) -> tuple[Range, ...]:
    """The ranges of categories that 综合 cells are made by, apart from each other; none for categories."""
    if value == "category":
        return ()
    try:
        keys = [diagnosis_key(str(one)) for one in value] if isinstance(value, list | tuple) and value else [""]
    except ValueError as error:
        raise UserError(f"参数 dip.build.cells_by 里的{error}，请改正。") from None
    ranges = sorted((key for key in keys if isinstance(key, Range)), key=str)
    if len(ranges) < len(keys):
        raise UserError(
            f"参数 dip.build.cells_by 应是 category，或诊断范围如 [A00-B99, C00-D48]，现在是“{value}”，请改正。"
        )
    for one, other in pairwise(ranges):
        if other.low <= one.high:
            raise UserError(f"参数 dip.build.cells_by 的诊断范围 {one} 和 {other} 重叠，请改正。")
    return tuple(ranges)


def _percentiles(value: Any) -> tuple[Decimal, Decimal] | None:
    if value == "none":
        return None
    ends = [number_of(end, "trim") for end in value] if isinstance(value, list | tuple) else []
    if len(ends) != 2 or not 0 <= ends[0] < ends[1] <= 1:
        raise UserError(f"目录参数 trim 应是 none，或两个百分位如 [0.025, 0.975]，现在是“{value}”，请改正。")
    return ends[0], ends[1]


def _weights(value: Any) -> tuple[int, ...]:
    weights = tuple(int(number_of(weight, "weights")) for weight in value) if isinstance(value, list | tuple) else ()
    if len(weights) != YEARS or min(weights) < 0 or not any(weights):
        raise UserError(f"目录参数 weights 应是 {YEARS} 个不小于零的权重，由远到近，现在是“{value}”，请改正。")
    return weights


def _component_scale(read: _Reader) -> int:
    """F4: the specification has no × 1000, one public engine multiplies."""
    if (found := read.number("component_scale")) not in (1, 1000):
        raise UserError(f"参数 dip.build.component_scale 应是 1 或 1000，现在是 {found}，请改正。")
    return int(found)


def _score(value: Any) -> Mapping[str, Any]:
    needed = {"mean": set(), "base": {"group"}, "quota": {"quota"}}
    method = str(member(value, "method", "dip.build.score"))
    if method not in needed or not needed[method] <= value.keys():
        raise UserError("参数 dip.build.score 的 method 应是 mean、base（另写 group）或 quota（另写 quota），请改正。")
    return dict(value)

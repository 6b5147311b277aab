"""The rows of a catalogue: core groups, 基层病种 among them, and 综合 cells, each with what it costs and scores (guide §4, F1–F4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np

from yibao.dip.build.combine import Cell, Combined
from yibao.dip.build.measure import Measure, measures, plain_mean
from yibao.dip.build.stays import NATIONAL, Known, Stays
from yibao.dip.build.sums import counts, totals, weighted
from yibao.dip.build.terms import Terms
from yibao.dip.numbered import Ints
from yibao.dip.pack import Row
from yibao.dip.settings import KIND_NAMES, KINDS
from yibao.errors import UserError

CORE, PRIMARY, CELL = "core", "primary", "comprehensive"
LEVELS = (1, 2, 3)
SURGERY_LEVELS = {1: "一级手术", 2: "二级手术", 3: "三、四级手术"}
Years = tuple[tuple[int, int], ...]  #: stays and cost by year, the oldest first


@dataclass(frozen=True)
class Group:
    """One row; `score` is rounded as the pack says, means are fen or days, not rounded."""

    code: str
    name: str
    layer: str
    kind: int  #: rank
    key: str
    operations: tuple[str, ...]
    measure: Measure
    levels: tuple[Years, ...]  #: of the stays of each hospital level 0 … 3, trimmed ones too
    score: Decimal = Decimal(0)
    mean_los: Fraction | None = None
    mean_drug: Fraction | None = None
    mean_material: Fraction | None = None
    national: bool = False
    with_lines: int = 0  #: stays whose fee lines add up to their cost
    surgery_level: int = 0  #: of a cell that tells surgery apart by level; 3 takes 4 as well

    @property
    def mean(self) -> Fraction:
        return self.measure.mean or Fraction(0)

    @property
    def first_level_share(self) -> Fraction:
        return Fraction(self.stays_at(1), self.measure.stays) if self.measure.stays else Fraction(0)

    def stays_at(self, level: int) -> int:
        return sum(number for number, _ in self.levels[level])


@dataclass(frozen=True)
class Dropped:
    """A 综合 cell that is not set up, and why."""

    cell: Cell
    measure: Measure
    why: str


@dataclass(frozen=True)
class Region:
    """What scores are measured by: means in fen, not rounded; None where no stay is known."""

    mean: Fraction
    drug: Fraction | None
    material: Fraction | None


def ten_thousandths(value: Fraction | Decimal) -> int:
    """A rate as listings hold it, half-up away from zero.

    >>> ten_thousandths(Decimal("0.56968")), ten_thousandths(Fraction(-1, 8)), ten_thousandths(Fraction(-1, 3))
    (5697, -1250, -3333)
    """
    magnitude = int(rounded(abs(Fraction(value)) * 10_000, 0))
    return magnitude if value >= 0 else -magnitude


def rounded(value: Fraction, digits: int) -> Decimal:
    """Half-up, exactly.

    >>> rounded(Fraction(200005, 100000), 4)
    Decimal('2.0001')
    """
    scaled = value * 10**digits
    whole = (scaled.numerator * 2 + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole).scaleb(-digits).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def group_code(key: str, operations: Sequence[str]) -> str:
    return f"{key}-{'+'.join(operations) or '0'}"


def cell_code(cell: Cell) -> str:
    """
    >>> cell_code(Cell("K35", 3)), cell_code(Cell("K00-K93", 3, 2))
    ('K35-ZH3', 'K00-K93-ZH3.2')
    """
    return f"{cell.key}-ZH{cell.kind}" + (f".{cell.level}" if cell.level else "")


def treated(kind: int, level: int) -> str:
    """A kind of treatment, and the level of surgery where it is told apart."""
    return SURGERY_LEVELS.get(level, KIND_NAMES[KINDS[kind]])


def groups_of(stays: Stays, combined: Combined, terms: Terms, known: Known) -> tuple[list[Group], list[Dropped], Ints]:
    """The rows, the cells that are not set up, and the row of each stay (−1: none). Scores are given later."""
    size = len(combined.core) + len(combined.cells)
    found = measures(combined.group, stays["year"], stays["cost"], size, terms)
    levels = _by_level(stays, combined.group, size, len(terms.years))
    national = {NATIONAL + row.group: row for row in known.national.rows} if known.national is not None else {}
    rows: list[Group] = []
    dropped: list[Dropped] = []
    number = np.full(size, -1, np.int64)
    for i, (key, operations) in enumerate(combined.core):
        number[i] = len(rows)
        if key in national:
            rows.append(_national(national[key], found[i], levels[i]))
            continue
        kind = max((known.kinds.get(code, (0, 0))[0] for code in operations), default=0)
        one = Group(group_code(key, operations), "", CORE, kind, key, operations, found[i], levels[i])
        rows.append(replace(one, layer=PRIMARY) if _is_primary(one, terms, known.main_apart) else one)
    for i, cell in enumerate(combined.cells, len(combined.core)):
        if why := _why_dropped(cell, found[i], terms):
            dropped.append(Dropped(cell, found[i], why))
            continue
        number[i] = len(rows)
        rows.append(_cell(cell, found[i], levels[i]))
    return rows, dropped, number[combined.group] if len(stays) else combined.group


def _national(row: Row, measure: Measure, levels: tuple[Years, ...]) -> Group:
    kind = KINDS.index(row.kind) if row.kind else 0
    return Group(
        row.group, row.name, row.layer, kind, "|".join(map(str, row.diagnoses)), (), measure, levels, national=True
    )


def _cell(cell: Cell, measure: Measure, levels: tuple[Years, ...]) -> Group:
    name = f"{cell.key}综合病种（{treated(cell.kind, cell.level)}）"
    return Group(cell_code(cell), name, CELL, cell.kind, cell.key, (), measure, levels, surgery_level=cell.level)


def _is_primary(one: Group, terms: Terms, main_apart: bool) -> bool:
    """基层病种: common at level 1, even in cost; with operations only where the city says so (guide §4.6).

    A list that names main operations (3.0) cannot tell a group with related operations from the one without.
    """
    if main_apart and len(one.operations) > 1:
        return False
    share = one.first_level_share >= Fraction(terms.primary_share)
    return share and one.measure.cv <= terms.primary_cv and (terms.primary_operations or not one.operations)


def _why_dropped(cell: Cell, measure: Measure, terms: Terms) -> str:
    if terms.cell_ranges and cell.key not in map(str, terms.cell_ranges):
        return "不在综合病种的任何一个诊断范围里"
    if measure.stays < terms.cell_least:
        return f"例数少于 {terms.cell_least}"
    return f"变异系数高于 {terms.cell_cv}" if terms.cell_cv is not None and measure.cv > terms.cell_cv else ""


def _by_level(stays: Stays, group: Ints, size: int, span: int) -> list[tuple[Years, ...]]:
    cells = (group * 4 + stays["level"]) * span + stays["year"]
    number = counts(cells, size * 4 * span).reshape(size, 4, span).tolist()
    cost = totals(cells, stays["cost"], size * 4 * span).reshape(size, 4, span).tolist()
    return [
        tuple(tuple(zip(*one, strict=True)) for one in zip(*both, strict=True))
        for both in zip(number, cost, strict=True)
    ]


def component_means(
    stays: Stays, group: Ints, size: int, name: str, terms: Terms
) -> tuple[list[Fraction | None], list[int]]:
    """Weighted mean of LOS, drugs or material by row, over the stays where it is known; and how many those are."""
    known = np.flatnonzero((stays[name] >= 0) & (group >= 0))
    span = len(terms.years)
    cells = group[known] * span + stays["year"][known]
    sums = totals(cells, stays[name][known], size * span).reshape(size, span)
    number = counts(cells, size * span).reshape(size, span)
    means = [
        weighted(s, n, terms.weights) or plain_mean(int(s.sum()), int(n.sum()))
        for s, n in zip(sums, number, strict=True)
    ]
    return means, number.sum(axis=1).tolist()


def region_means(stays: Stays, terms: Terms) -> Region:
    """The means of all counted stays."""
    everywhere = np.zeros(len(stays), np.int64)
    mean = measures(everywhere, stays["year"], stays["cost"], 1, replace(terms, trim=None))[0].mean
    drug, material = (component_means(stays, everywhere, 1, name, terms)[0][0] for name in ("drug", "material"))
    return Region(mean or Fraction(0), drug, material)


def with_components(rows: list[Group], stays: Stays, row_of: Ints, terms: Terms) -> list[Group]:
    """Mean LOS, and mean drug and material cost where fee lines are known."""
    (los, _), (drug, lines), (material, _) = (
        component_means(stays, row_of, len(rows), name, terms) for name in ("los", "drug", "material")
    )
    return [
        replace(row, mean_los=los[i], mean_drug=drug[i], mean_material=material[i], with_lines=lines[i])
        for i, row in enumerate(rows)
    ]


def scored(rows: list[Group], region: Region, terms: Terms) -> list[Group]:
    """RW: mean cost over what a point is worth."""
    worth = point_cost(rows, region, terms)
    return [replace(row, score=rounded(row.mean / worth, terms.digits)) for row in rows]


def point_cost(rows: Sequence[Group], region: Region, terms: Terms) -> Fraction:
    """Fen of one point, by the method of the region: the region's mean ÷ scale (F1), a base disease's mean ÷ scale (F2), or a quota (F3).

    UserError where the base disease is no group.
    """
    method = terms.score["method"]
    if method == "quota":
        return Fraction(terms.score["quota"]) * 100
    if method == "mean":
        return region.mean / terms.scale
    base = {row.code: row.mean for row in rows}.get(str(terms.score["group"]))
    if not base:
        raise UserError(f"基准病种“{terms.score['group']}”不在目录里，请改参数 dip.build.score 的 group。")
    return base / terms.scale


def component_score(mean: Fraction | None, overall: Fraction | None, terms: Terms) -> Decimal | None:
    """F4: a group's mean drug (material) cost over the region's."""
    if mean is None or not overall:
        return None
    return rounded(mean / overall * terms.component_scale, terms.digits)

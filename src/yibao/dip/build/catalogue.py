"""Stays and terms → a catalogue: nothing read, nothing written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from yibao.dip.build.combine import Combined, combine
from yibao.dip.build.groups import CELL, Dropped, Group, Region, groups_of, region_means, scored, with_components
from yibao.dip.build.institutions import Coefficient, Inversion, by_group, inversions, overall
from yibao.dip.build.limits import Limits
from yibao.dip.build.splits import Split, levels_in, splits, undecided
from yibao.dip.build.stays import Known, Stays
from yibao.dip.build.terms import Terms
from yibao.dip.grouping.remainder import SURGERY
from yibao.errors import UserError

FIRST = 5  #: operations that a refusal names


@dataclass(frozen=True)
class Marked:
    """Groups that the user names: they are never split."""

    tcm: frozenset[str] = frozenset()
    bed_day: frozenset[str] = frozenset()

    @property
    def never_split(self) -> frozenset[str]:
        return self.tcm | self.bed_day


@dataclass
class Catalogue:
    """Everything that was found out about three years."""

    terms: Terms
    stays: Stays
    combined: Combined
    region: Region
    rows: list[Group]
    dropped: list[Dropped]
    splits: list[Split]
    coefficients: list[Coefficient]
    inversions: list[Inversion]
    marked: Marked
    notes: list[str] = field(default_factory=list)  #: what was left out, in Chinese

    @property
    def core(self) -> list[Group]:
        return [row for row in self.rows if row.layer != CELL]


def build(
    stays: Stays, known: Known, terms: Terms, limits: Mapping[str, Limits], marked: Marked, names: Mapping[str, str]
) -> Catalogue:
    """UserError where nothing is left to build from, or a marked group is not in the catalogue."""
    if not len(stays):
        raise UserError(f"{terms.years[0]}–{terms.years[-1]} 年没有能用的住院，没有建立目录。请检查年度、诊断和费用。")
    if not known.kinds and any(stays.sets):
        raise UserError("综合病种要按手术操作的治疗方式分，请用 --kinds 给出手术操作的分类（编码、治疗方式、级别）。")
    combined = combine(stays, terms, known.main_apart, known.national_cells)
    _refuse_without_levels(stays, combined, known, terms)
    rows, dropped, row_of = groups_of(stays, combined, terms, known)
    region = region_means(stays, terms)
    rows = scored(with_components(rows, stays, row_of, terms), region, terms)
    rows = [
        _named(row, names, principal)
        for row, principal in zip(rows, _principals(stays, row_of, len(rows)), strict=True)
    ]
    if strange := sorted(marked.never_split - {row.code for row in rows}):
        raise UserError(f"名单里的病种“{strange[0]}”不在目录里，请核对病种编码（如 {rows[0].code}）。")
    coefficients = [*overall(stays, region.mean, terms), *by_group(rows, terms)]
    made = Catalogue(terms, stays, combined, region, rows, dropped, [], coefficients, inversions(rows, terms), marked)
    if known.rules is not None and stays.facts is not None:
        levels = levels_in(rows, row_of, known.rules, stays.facts)
        made.splits = splits(stays, rows, row_of, known.rules, levels, limits, marked.never_split, terms)
        made.notes += [
            f"辅助分型 {said}：{number:,} 例没有费用明细，或明细合计与结算不符，按不符合看待。"
            for said, number in undecided(rows, row_of, levels).items()
        ]
    return made


def _refuse_without_levels(stays: Stays, combined: Combined, known: Known, terms: Terms) -> None:
    """UserError where cells tell surgery apart by level, and the list of operations does not say it."""
    if not terms.cell_ranges:
        return
    without = {code for code, classed in known.kinds.items() if classed == (SURGERY, 0)}
    if not any(kind == SURGERY and level for kind, level in known.kinds.values()):
        met = without
    else:
        begin = len(combined.core)
        cells = [i for i, one in enumerate(combined.cells, begin) if one == (one.key, SURGERY, 0) and "-" in one.key]
        sets = np.unique(stays["set"][np.isin(combined.group, cells)]).tolist()
        met = {code for i in sets for code in stays.sets[i]} & without
    if met:
        first = "、".join(sorted(met)[:FIRST])
        raise UserError(
            f"综合病种按手术级别分（参数 dip.build.cells_by），手术操作分类（--kinds）里有 {len(met):,} 个手术没有写手术级别，如 {first}，请补上。"
        )


def _principals(stays: Stays, row_of: np.ndarray, size: int) -> list[str]:
    """The most frequent main diagnosis of each row, the first in order where two are equal."""
    inside = row_of >= 0
    pair, times = np.unique(row_of[inside] * len(stays.codes) + stays["code"][inside], return_counts=True)
    best: list[tuple[int, str]] = [(0, "")] * size
    for place, number in zip(pair.tolist(), times.tolist(), strict=True):
        row, code = divmod(place, len(stays.codes))
        best[row] = min(best[row], (-number, stays.codes[code]))
    return [code for _, code in best]


def _named(row: Group, names: Mapping[str, str], principal: str) -> Group:
    if row.layer == CELL or row.national:
        return row
    operations = "、".join(names.get(code, code) for code in row.operations)
    said = names.get(principal, "")
    return replace(row, name=f"{said}：{operations}" if operations and said else said or operations)

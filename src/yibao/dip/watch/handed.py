"""Indicators put beside peers and handed to audit: rows of dip_indicators and dip_indicator_stays; and the faults of lists, dip_list_faults."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from yibao.dip.watch.first_pass.run import FirstPass
from yibao.dip.watch.indicators import Indicator
from yibao.dip.watch.peers import Cells, Standing, cells, ranks, standing
from yibao.dip.watch.stays import Stays
from yibao.dip.watch.sums import MILLION, Flags, Floats, Ints, counted, summed, together
from yibao.store.schema import arrow_schema
from yibao.store.workspace import Workspace

BY_CATEGORY = frozenset({"high_score", "thin_cost", "low_score"})  #: also told category by category
PLACES = 6  #: a difference that the tables cannot show is none
READS = ("visits", "visit_diagnoses", "visit_operations", "settlements", "persons", "providers", "provider_agreements", "icu_stays", "dip_groupings", "computed_dip_cases", "dip_results")  # fmt: skip
Row = dict[str, Any]


@dataclass(frozen=True)
class Handed:
    """Rows as the tables have them."""

    indicators: list[Row]
    stays: list[Row]


@dataclass(frozen=True)
class Compared:
    """An indicator beside its peers: cells, each stay's cell, what peers have for such a stay, and the stays that it points at."""

    one: Indicator
    cells: Cells
    cell: Ints
    is_compared: Flags
    expected: Floats
    pointed: Flags

    @classmethod
    def of(cls, stays: Stays, one: Indicator) -> Compared:
        made, cell = cells(stays.hospital, stays.level[0], np.where(one.of, one.stratum, -1), one.value)
        at = np.maximum(cell, 0)
        known = (cell >= 0) & made.compared[at] if len(made.count) else np.zeros(len(stays), bool)
        expected = np.where(known, made.peer_mean[at], 0.0) if len(made.count) else np.zeros(len(stays))
        beyond = np.round(one.sign * (one.value - expected), PLACES) > 0
        above = beyond if one.points_at is None else one.points_at
        return cls(one, made, cell, known, expected, known & above)


def hand(stays: Stays, found: Iterable[Indicator], year: int, least: int) -> Handed:
    """Every indicator for every hospital; the stays behind it where a hospital is above what is expected."""
    whole: list[Row] = []
    behind: list[Row] = []
    for one in found:
        compared = Compared.of(stays, one)
        rows = list(_hospitals(stays, compared, year, least))
        above = {row["provider_code"] for row in rows if (row["standardised_excess"] or 0) > 0}
        listed = np.array([hospital.code in above for hospital in stays.hospitals], bool)
        whole += rows
        if one.code in BY_CATEGORY:
            whole += _categories(stays, compared, year)
        behind += _stays(stays, compared, compared.pointed & listed[stays.hospital], year)
    return Handed(whole, behind)


def _hospitals(stays: Stays, found: Compared, year: int, least: int) -> Iterator[Row]:
    """A hospital that is alone at its level has nobody to be ranked among."""
    size = len(stays.hospitals)
    at = standing(found.cells, found.cells.hospital, size, found.one.sign)
    level = np.array([int(h.level or 0) for h in stays.hospitals], np.int64)
    place, of = ranks(at.z, level, at.compared >= least)
    cases, money = counted(stays.hospital, size), _money(stays, stays.hospital, found.pointed, size)
    for i in np.flatnonzero(at.compared > 0).tolist():
        rank = int(place[i]) if place[i] and of[i] > 1 else None
        yield _row(stays, found.one, at, i, i, year, "", int(cases[i]), money) | {"peer_rank": rank, "peer_count": int(of[i])}  # fmt: skip


def _categories(stays: Stays, found: Compared, year: int) -> Iterator[Row]:
    """The same by category of the main diagnosis: where a hospital's excess comes from. Not ranked: cases are few."""
    category, names = stays.coded("category")
    owner, first = together(stays.hospital, np.where(found.is_compared, category, -1))
    size, of_cell = len(first), np.full(len(found.cells.count), -1, np.int64)
    part = (found.cell >= 0) & (owner >= 0)
    of_cell[found.cell[part]] = owner[part]  # all stays of a cell have one owner
    at = standing(found.cells, of_cell, size, found.one.sign)
    cases, money = counted(owner, size), _money(stays, owner, found.pointed, size)
    for i, stay in enumerate(first.tolist()):
        row = _row(
            stays, found.one, at, i, int(stays.hospital[stay]), year, names[category[stay]], int(cases[i]), money
        )
        yield row | {"peer_rank": None, "peer_count": 0}


def _money(stays: Stays, owner: Ints, pointed: Flags, size: int) -> tuple[Ints, Ints, Ints]:
    """Stays pointed at, and their fees and booked amounts."""
    mine = np.where(pointed, owner, -1)
    return counted(mine, size), summed(mine, stays.cost, size), summed(mine, stays.ints("booked_pay"), size)


def _row(
    stays: Stays, one: Indicator, at: Standing, i: int, hospital: int, year: int, category: str, cases: int, money: tuple[Ints, Ints, Ints]
) -> Row:  # fmt: skip
    n, z = int(at.compared[i]), float(at.z[i])
    return {
        "service_year": year, "dip_indicator": one.code, "window_days": one.window, "provider_code": stays.hospitals[hospital].code,
        "diagnosis_category": category, "hospital_level": stays.hospitals[hospital].level, "case_count": cases, "compared_count": n,
        "indicator_numerator": decimal(at.observed[i]), "indicator_value": decimal(at.observed[i] / n), "expected_value": decimal(at.expected[i] / n),
        "indicator_excess": decimal(at.observed[i] - at.expected[i]), "standardised_excess": None if np.isnan(z) else decimal(z),
        "is_level_peers": bool(at.only_level[i]), "behind_count": int(money[0][i]), "total_fee": int(money[1][i]), "booked_pay": int(money[2][i]),
    }  # fmt: skip


def _stays(stays: Stays, found: Compared, listed: Flags, year: int) -> Iterator[Row]:
    at, one = np.flatnonzero(listed), found.one
    columns = ("visit_id", "provider_code", "category", "dip_group_code", "total_fee", "booked_pay")
    for place, row in zip(at.tolist(), stays.rows.select(columns).take(pa.array(at)).to_pylist(), strict=True):
        yield {
            "service_year": year, "dip_indicator": one.code, "window_days": one.window, **row, "diagnosis_category": row["category"] or "",
            "indicator_value": decimal(one.value[place]), "expected_value": decimal(found.expected[place]), "related_visit_id": one.related.get(place),
        }  # fmt: skip


def decimal(value: Any) -> int:
    """A statistic in 10⁻⁶."""
    return round(float(value) * MILLION)


def write(workspace: Workspace, handed: Handed, first: FirstPass, year: int) -> None:
    """The year's rows replace those of the same year."""
    faults = [
        {"service_year": year, "list_rule": f.rule.id, "list_rule_name": f.rule.label, "visit_id": f.visit_id, "provider_code": f.hospital, "list_fault_told": f.found or f.rule.label}
        for f in first.faults
    ]  # fmt: skip
    needs = {name for rule in first.run for name in rule.needs}
    produced = workspace.produced("yibao dip watch", reads=READS, year=year)
    listed = workspace.produced("yibao dip watch", reads=("visits", *sorted(needs - {"visits"})), year=year)
    for name, rows, by in (
        ("dip_indicators", handed.indicators, produced),
        ("dip_indicator_stays", handed.stays, produced),
        ("dip_list_faults", faults, listed),
    ):
        schema = arrow_schema(workspace.table(name))
        found = pa.Table.from_pylist([{f.name: row.get(f.name) for f in schema} for row in rows], schema=schema)
        workspace.write(name, found, by, str(year), publish_equal=False)

"""A year's stays as columns: what happened, the group and the points that count, and whose groups and points they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yibao.dip.watch.sums import Flags, Ints, coded
from yibao.dip.watch.texts import rows, table
from yibao.errors import UserError
from yibao.store.workspace import Workspace

Basis = Literal["own", "city", ""]  #: computed here, sent by the city, nobody's
WHOSE: dict[Basis, str] = {"own": "自算", "city": "市里的结果", "": "没有"}
LEVELS = {"3": "三级", "2": "二级", "1": "一级", "0": "未定级"}
#: days of age at which the next band begins: 28 天, 1, 6, 17, 65 岁 (guide dip §7, age levels)
AGE_BANDS = (29, 366, 7 * 365.25, 18 * 365.25, 66 * 365.25)
_RESULT = ("dip_group_code", "base_score", "deviation_band", "dip_points")


@dataclass(frozen=True)
class Hospital:
    """A hospital and its level, as codes and as words."""

    code: str
    name: str
    level: str

    @property
    def level_name(self) -> str:
        return LEVELS.get(self.level, self.level)


@dataclass(frozen=True)
class Stays:
    """Stays of a period that have a bill, one entry each, in order of visit; money in fen, scores in 10⁻⁶."""

    rows: pa.Table
    hospitals: tuple[Hospital, ...]
    groups_of: Basis
    points_of: Basis
    visits: tuple[tuple[str, str], ...] = ()  #: every stay with its hospital, also those that nobody settled yet

    @property
    def without_bill(self) -> int:
        return len(self.visits) - len(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def ints(self, name: str, absent: int = 0) -> Ints:
        return np.asarray(pc.fill_null(self.rows[name], absent).to_numpy(), np.int64)

    def flags(self, name: str) -> Flags:
        return np.asarray(pc.fill_null(self.rows[name], False).to_numpy(zero_copy_only=False), bool)

    def has(self, name: str) -> Flags:
        """Which stays have a value."""
        return np.asarray(pc.is_valid(self.rows[name]).to_numpy(), bool)

    def are(self, name: str, *values: str) -> Flags:
        """Which stays have one of the values."""
        found = pc.is_in(self.rows[name], value_set=pa.array(values, pa.string()))
        return np.asarray(found.to_numpy(zero_copy_only=False), bool)

    def coded(self, name: str) -> tuple[Ints, list[str]]:
        return coded(self.rows[name].to_pylist())

    @cached_property
    def hospital(self) -> Ints:
        number = {hospital.code: i for i, hospital in enumerate(self.hospitals)}
        return np.array([number[code] for code in self.rows["provider_code"].to_pylist()], np.int64)

    @cached_property
    def level(self) -> tuple[Ints, list[str]]:
        levels, names = coded([hospital.level for hospital in self.hospitals])
        return levels[self.hospital], names

    @cached_property
    def group(self) -> tuple[Ints, list[str]]:
        """Disease group; −1 is 未入组."""
        return self.coded("dip_group_code")

    @cached_property
    def disease(self) -> tuple[Ints, list[str]]:
        """亚目 with the main operation: means the same under every edition of a catalogue."""
        stems, operations = self.rows["stem"].to_pylist(), self.rows["main_operation"].to_pylist()
        return coded([f"{s or '?'} {o or ''}".strip() for s, o in zip(stems, operations, strict=True)])

    @cached_property
    def age_band(self) -> Ints:
        """By age at admission; who is not on the list of persons has a band of their own."""
        bands = np.searchsorted(AGE_BANDS, self.ints("age_days"), side="right").astype(np.int64)
        return np.where(self.has("age_days"), bands, len(AGE_BANDS) + 1)

    @property
    def cost(self) -> Ints:
        return self.ints("total_fee")


def read_stays(workspace: Workspace, year: int) -> Stays:
    """The stays discharged in a year from hospitals that are paid by score, with groups and points, own before the city's."""
    found = table(workspace, "watched_stays", first_day=date(year, 1, 1), last_day=date(year, 12, 31))
    known = {r["provider_code"]: r for r in rows(workspace, "provider_names")}
    codes = sorted(set(found["provider_code"].to_pylist()))
    hospitals = tuple(Hospital(c, known[c]["provider_name"], known[c]["hospital_level"]) for c in codes)
    billed = found.filter(pc.is_valid(found["total_fee"]))
    results, points_of = read_results(workspace, year)
    groups_of: Basis = "own" if pc.any(billed["is_grouped_here"]).as_py() else points_of
    joined = _with_results(billed, results, groups_of)
    visits = zip(found["visit_id"].to_pylist(), found["provider_code"].to_pylist(), strict=True)
    return Stays(joined, hospitals, groups_of, points_of, tuple(visits))


def read_results(workspace: Workspace, year: int) -> tuple[pa.Table, Basis]:
    """Points of the cases settled in a year, one row a stay: own where there are any, else the city's."""
    own = table(workspace, "results", year=year, whose="own")
    if len(own):
        return own, "own"
    city = table(workspace, "results", year=year, whose="city")
    return city, "city" if len(city) else ""


def _with_results(found: pa.Table, results: pa.Table, groups_of: Basis) -> pa.Table:
    """Band and points beside each stay; group and score too, unless the stays were grouped here."""
    places = pc.index_in(found["visit_id"], value_set=results["visit_id"])
    taken = {name: results[name].take(places) for name in _RESULT}
    grouped = pc.is_valid(found["dip_group_code"]) if groups_of == "own" else pc.is_valid(taken["dip_group_code"])
    columns = {name: found[name] for name in found.column_names}
    if groups_of != "own":
        columns |= {"dip_group_code": taken["dip_group_code"], "base_score": taken["base_score"]}
    columns["base_score"] = pc.if_else(grouped, columns["base_score"], None)
    return pa.table(columns | {"deviation_band": taken["deviation_band"], "dip_points": taken["dip_points"]})


def refuse_nothing(stays: Stays, year: int) -> None:
    """UserError where there is nothing to watch, or nothing was grouped: it names what to run first."""
    if not len(stays):
        raise UserError(f"{year} 年没有按病种付费机构的出院住院，不能监测。请先导入就诊、结算和定点协议，或检查年度。")
    if not stays.groups_of:
        raise UserError(
            f"{year} 年的住院还没有分组，也没有市里的分组结果，不能监测。请先运行：yibao dip group --pack 分组方案包 --year {year}。"
        )

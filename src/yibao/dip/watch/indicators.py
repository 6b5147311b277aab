"""The indicators, each a value a stay, the strata in which it is compared, and the stays it points at. How they are ranked: docs/按病种付费.md, 监测.

A value is a flag (0, 1), a share, yuan, or a multiple: a score ÷ the mean of its category, a cost ÷ the mean of its group. Scores are compared
within a category, an age band, and with or without an operation: an operation has its own fee to prove it. None of them is a finding: they say where to look.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yibao.dip.watch.averages import groups_of
from yibao.dip.watch.peers import cells
from yibao.dip.watch.rules import Rules
from yibao.dip.watch.stays import Stays
from yibao.dip.watch.sums import MILLION, Flags, Floats, Ints, averaged, counted, together
from yibao.dip.watch.texts import has_rows, rows, table
from yibao.store.workspace import Workspace

FEN = 100.0
YEAR = 365.25


@dataclass(frozen=True)
class Indicator:
    """`of` are the stays that take part; `points_at` those that an auditor would read; `related` the stay that came after."""

    code: str
    value: Floats
    stratum: Ints
    of: Flags
    sign: int = 1
    window: int = 0
    points_at: Flags | None = None  #: None: those above what is expected of them
    related: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class NotRun:
    """An indicator or measure that could not be computed, and why: never a pass."""

    what: str
    why: str


def indicators(workspace: Workspace, stays: Stays, rules: Rules) -> Iterator[Indicator | NotRun]:
    """All of them in the order of the code list."""
    category = stays.coded("category")[0]
    aged = together(category, stays.age_band)[0]
    everybody = category >= 0
    scored = everybody & (stays.group[0] >= 0) & stays.has("base_score")
    operated = (stays.ints("operation_count") > 0).astype(np.int64)
    family = together(category, stays.age_band, operated)[0]
    if scored.any():
        score = _relative(stays.ints("base_score") / MILLION, np.where(scored, category, -1))
        yield Indicator("high_score", score, family, scored)
        yield from _cost_of_group(stays, score, family, scored)
        yield _low_admission(stays, aged, scored)
    else:
        yield NotRun("高套、低码高编、低套、低标准入院", "没有一例有主要诊断又入了组：先导入诊断，运行 yibao dip group")
    yield Indicator("more_diagnoses", stays.ints("other_diagnoses").astype(np.float64), aged, everybody)
    for window in rules.readmission:
        yield from _readmissions(workspace, stays, aged, everybody, window)
    yield _outside(workspace, stays, aged, everybody, rules.outside)
    share = np.divide(stays.ints("own_expense"), stays.cost, out=np.zeros(len(stays)), where=stays.cost > 0)
    yield Indicator("own_expense", share, aged, everybody)
    away = stays.are("discharge_way", "2")
    yield Indicator("transfer_out", away.astype(np.float64), aged, everybody, points_at=away)
    severe = (stays.ints("age_days") >= rules.severe_age * YEAR) | stays.flags("is_intensive")
    yield Indicator("few_severe", severe.astype(np.float64), category, everybody, -1, points_at=np.zeros_like(severe))


def _relative(value: Floats, owner: Ints) -> Floats:
    """Each value ÷ the mean of its owner's: so that dear diseases do not drown the others. 0 where it has no owner."""
    size = int(owner.max(initial=-1)) + 1
    mean = averaged(owner, value, size) / np.maximum(counted(owner, size), 1)
    if not size:
        return np.zeros(len(value))
    of = np.maximum(owner, 0)
    known = (owner >= 0) & (mean[of] > 0)
    return np.asarray(np.divide(value, mean[of], out=np.zeros(len(value)), where=known), np.float64)


def _cost_of_group(stays: Stays, score: Floats, family: Ints, scored: Flags) -> Iterator[Indicator]:
    """Cost beside the same group of other hospitals, apart for stays whose score is above and below what their family's peers have."""
    found, own = cells(stays.hospital, stays.level[0], np.where(scored, family, -1), score)
    expected = np.where(own >= 0, found.peer_mean[np.maximum(own, 0)], 0.0)
    compared = scored & (own >= 0) & found.compared[np.maximum(own, 0)]
    above, below = compared & (score > expected), compared & (score < expected)
    group = stays.group[0]
    cost = _relative(stays.cost.astype(np.float64), group)
    yield Indicator("thin_cost", cost, group, above, -1)
    yield Indicator("low_score", cost, group, below)


def _readmissions(workspace: Workspace, stays: Stays, aged: Ints, everybody: Flags, window: int) -> Iterator[Indicator]:
    is_open = ~stays.flags("is_planned") & ~stays.are("discharge_way", "2", "3", "5")
    given = {
        "visit_id": stays.rows["visit_id"], "person_no": stays.rows["person_no"], "provider_code": stays.rows["provider_code"],
        "category": stays.rows["category"], "discharged": stays.rows["discharge_time"], "is_open": pa.array(is_open),
    }  # fmt: skip
    found = rows(workspace, "readmissions", {"watched": pa.table(given)}, window=window)
    place = {visit: i for i, visit in enumerate(stays.rows["visit_id"].to_pylist())}
    for code, same in (("readmission_same", True), ("readmission_other", False)):
        again = {place[r["visit_id"]]: r["next_visit"] for r in found if r["is_same"] == same}
        hit = np.zeros(len(stays), bool)
        hit[list(again)] = True
        yield Indicator(
            code, hit.astype(np.float64), aged, everybody & is_open, window=window, points_at=hit, related=again
        )


def _low_admission(stays: Stays, aged: Ints, scored: Flags) -> Indicator | NotRun:
    """No operation, below the mean stay of its group, and in the low band of the region's own rule."""
    if not stays.points_of:
        return NotRun("低标准入院", "没有偏差类型：先运行 yibao dip settle，或导入市里的 DIP分组结果")
    groups, group = groups_of(stays), np.maximum(stays.group[0], 0)
    short = stays.ints("days") * groups.cases[group] < groups.days[group]
    flag = (stays.ints("operation_count") == 0) & short & stays.are("deviation_band", "low")
    return Indicator("low_admission", flag.astype(np.float64), aged, scored, points_at=flag)


def _outside(workspace: Workspace, stays: Stays, aged: Ints, everybody: Flags, window: int) -> Indicator | NotRun:
    if not _has_outpatients(workspace):
        return NotRun("住院前后的门诊和购药费用", "就诊表里没有门诊和购药")
    given = {
        "visit_id": stays.rows["visit_id"], "person_no": stays.rows["person_no"],
        "admitted": pc.cast(stays.rows["admission_time"], pa.date32()), "discharged": pc.cast(stays.rows["discharge_time"], pa.date32()),
    }  # fmt: skip
    found = table(workspace, "outside_fees", {"watched": pa.table(given)}, window=window)
    places = pc.index_in(stays.rows["visit_id"], value_set=found["visit_id"])
    amount = pc.fill_null(found["amount"].take(places), 0).to_numpy() / FEN
    return Indicator("outside_fees", amount, aged, everybody, window=window)


def _has_outpatients(workspace: Workspace) -> bool:
    sql = "SELECT COUNT(*) AS n FROM visits AS v WHERE v.care_type IN ('11', '12', '13', '41', '91', '93')"
    return has_rows(workspace, "visits") and bool(workspace.query(sql).read_all()["n"][0].as_py())

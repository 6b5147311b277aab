"""The case mix: groups of stays with diagnosis, operations, cost, length, whom they happen to and where (data/case_mix.csv)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from yibao.demo.arrays import Flags, Floats, Ints
from yibao.demo.catalogue import read_data
from yibao.demo.institutions import DEPARTMENT_CODES, DIP, Institutions, stay_counts
from yibao.demo.settings import MEAN_BILL, Plan

LEVEL_COST = np.array([0.60, 0.66, 1.0, 1.34])  #: of the same illness by hospital level
LEVEL_DAYS = np.array([0.85, 0.88, 1.0, 1.02])
PLANNED = ("Z51",)  #: cycles


@dataclass(frozen=True)
class CaseMix:
    """Columns over a group's index."""

    diagnosis: list[str]
    diagnosis_name: list[str]
    operations: list[tuple[str, ...]]
    weight: Floats
    cost: Floats  #: fen at level 2, after calibration
    sigma: Floats
    days: Floats
    sex: Ints
    age_from: Ints
    age_to: Ints
    department: Ints
    season: list[str]
    level: Ints

    def __len__(self) -> int:
        return len(self.diagnosis)

    @property
    def category(self) -> Ints:
        """Groups with the same three characters of diagnosis share a number."""
        names = [code[:3] for code in self.diagnosis]
        return np.array([names.index(name) for name in names])

    @property
    def is_cycle(self) -> Flags:
        return np.array([code.startswith(PLANNED) for code in self.diagnosis])

    @property
    def operated(self) -> Flags:
        return np.array([bool(ops) for ops in self.operations])


def weights_at(mix: CaseMix, institutions: Institutions, hospital: int) -> Floats:
    """How often each group is met in a hospital: what it is for, and what it dares to do."""
    department = np.array(DEPARTMENT_CODES)[mix.department]
    kind, level = institutions.type[hospital], int(institutions.level[hospital])
    weight = np.where(mix.level <= level, mix.weight, 0.0)
    if kind == "mental_hospital":
        return np.where(department == "15", weight, 0.0)
    weight = np.where(department == "15", weight * 0.02, weight)
    if kind == "maternal":
        return np.where(np.isin(department, ["05", "07"]), weight, 0.0)
    if kind == "rehab_hospital":
        return np.where(np.isin(department, ["21", "50"]), weight * 4, np.where(mix.operated, 0, weight * 0.25))
    if kind == "tcm_hospital":
        return np.where(department == "50", weight * 1.8, weight)
    if level == 3:
        return np.where(mix.operated | (mix.level > 1), weight * 1.6, weight * 0.7)
    return weight


@lru_cache(maxsize=1)
def _raw() -> CaseMix:
    rows = read_data("case_mix.csv")
    numbers = {
        name: np.array([float(row[name]) for row in rows]) for name in ("weight", "cost_yuan", "sigma", "stay_days")
    }
    return CaseMix(
        diagnosis=[row["diagnosis_code"] for row in rows],
        diagnosis_name=[row["diagnosis_name"] for row in rows],
        operations=[tuple(filter(None, row["operations"].split("+"))) for row in rows],
        weight=numbers["weight"],
        cost=numbers["cost_yuan"] * 100,
        sigma=numbers["sigma"],
        days=numbers["stay_days"],
        sex=np.array([int(row["sex"]) for row in rows]),
        age_from=np.array([int(row["age_from"]) for row in rows]),
        age_to=np.array([int(row["age_to"]) for row in rows]),
        department=np.array([DEPARTMENT_CODES.index(row["department"]) for row in rows]),
        season=[row["season"] for row in rows],
        level=np.array([int(row["level"]) for row in rows]),
    )


def draw_case_mix(plan: Plan, institutions: Institutions) -> CaseMix:
    """The groups with costs scaled so that the mean bill of the county's hospitals is what real counties report."""
    raw = _raw()
    counts = stay_counts(plan, institutions)
    expected = 0.0
    for hospital in range(DIP):
        weight = weights_at(raw, institutions, hospital)
        level = int(institutions.level[hospital])
        mean = (weight / weight.sum() * raw.cost).sum() * LEVEL_COST[level]
        expected += counts[hospital] / counts.sum() * mean
    return CaseMix(**{**raw.__dict__, "cost": raw.cost * MEAN_BILL / expected})

"""The institutions: 30 hospitals paid by disease score in three levels, clinics, pharmacies; and the hospitals elsewhere.

Structure: the same at every scale. Provider codes are H (hospitals), C (clinics), P (pharmacies) + county + serial.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from yibao.demo.arrays import Floats, Ints, split_total
from yibao.demo.places import TOWNS, VILLAGES, Places
from yibao.demo.settings import COUNTY_CODE, COUNTY_NAME, STAYS, Plan

DIP = 30  #: the first thirty providers
AWAY = 6  #: then hospitals outside the county
BIG, LEAST = 12, 200  #: this many hospitals always have that many stays a year
COMMUNITY, VILLAGE_CLINICS, CLINICS, PHARMACIES = 2, 168, 42, 152

PEOPLES, TCM, MATERNAL, MENTAL, SECOND, REHAB, PRIVATE = range(7)
_NAMED = (
    ("人民医院", "hospital", "3", "public", 0.235),
    ("中医医院", "tcm_hospital", "2", "public", 0.130),
    ("妇幼保健院", "maternal", "2", "public", 0.045),
    ("康宁精神专科医院", "mental_hospital", "2", "public", 0.020),
    ("第二人民医院", "hospital", "2", "public", 0.095),
    ("阳光康复医院", "rehab_hospital", "2", "private", 0.030),
    ("博仁医院", "hospital", "2", "private", 0.060),
)
_SMALL = ["和济", "仁爱", "康华", "同心", "惠民", "普济", "安泰"]
_ELSEWHERE = (("990400", "市中心医院", "3"), ("990400", "市第一中医医院", "3"), ("990400", "市肿瘤医院", "3"), ("990001", "省人民医院", "3"), ("990001", "省第二附属医院", "3"), ("990422", "邻县人民医院", "2"))  # fmt: skip

#: standard departments: code → name
DEPARTMENTS = {"03": "内科", "04": "外科", "05": "妇产科", "07": "儿科", "10": "眼科", "11": "耳鼻咽喉科", "15": "精神科", "16": "传染科", "19": "肿瘤科", "21": "康复医学科", "50": "中医科"}  # fmt: skip
DEPARTMENT_CODES = tuple(DEPARTMENTS)


@dataclass(frozen=True)
class Institutions:
    """Columns over a provider's index."""

    code: list[str]
    name: list[str]
    type: list[str]
    level: Ints
    ownership: list[str]
    town: Ints  #: -1 elsewhere
    area: list[str]
    stay_share: Floats  #: of the county's stays, hospitals only
    opened: Ints  #: days since 1970
    vendor: Ints  #: whose software: its own item codes
    markup: Ints  #: price of a drug against the list price, 10⁻⁴
    codes: pa.Array

    def __len__(self) -> int:
        return len(self.code)

    def of_type(self, *types: str) -> Ints:
        return np.flatnonzero(np.isin(self.type, types))

    def index(self, code: str) -> int:
        """The provider with this code."""
        return self.code.index(code)


def draw_institutions(plan: Plan, places: Places) -> Institutions:
    rng = plan.stream("institutions")
    rows: list[tuple[str, str, str, str, str, int, float]] = []
    for i, (name, kind, level, ownership, share) in enumerate(_NAMED):
        rows.append((_code("H", i), COUNTY_NAME + name, kind, level, ownership, 0, share))
    rest, small = 1 - sum(row[4] for row in _NAMED), 1 / np.arange(2, DIP - len(_NAMED) + 2) ** 0.45
    shares = small / small.sum() * rest
    for i in range(DIP - len(_NAMED)):
        at = len(_NAMED) + i
        if i < TOWNS:
            name = places.town_name[i] + ("中心卫生院" if i < 5 else "卫生院")
            rows.append((_code("H", at), name, "township", "1", "public", i, shares[i]))
        else:
            name = COUNTY_NAME + _SMALL[i - TOWNS] + "医院"
            rows.append((_code("H", at), name, "hospital", "1", "private", int(rng.integers(TOWNS)), shares[i]))
    for i, (area, name, level) in enumerate(_ELSEWHERE):
        rows.append((f"H{area}{90001 + i}", name, "hospital", level, "public", -1, 0.0))
    rows += _small_places(rng, places)
    return _columns(rng, places, rows)


def stay_counts(plan: Plan, institutions: Institutions, extra: int = 0) -> Ints:
    """Stays a year of each hospital of the county; `extra` more that a plant adds come off the largest."""
    share = institutions.stay_share[:DIP]
    least = np.where(np.argsort(np.argsort(-share)) < BIG, LEAST, 4)
    found = np.maximum(split_total(plan.count(STAYS), share), least)
    found[0] = max(found[0] - extra, LEAST)
    return found


def _small_places(rng: np.random.Generator, places: Places) -> list[tuple[str, str, str, str, str, int, float]]:
    rows: list[tuple[str, str, str, str, str, int, float]] = []
    weight = places.town_weight
    for i in range(COMMUNITY):
        name = places.town_name[0] + ("东" if i else "西") + "社区卫生服务中心"
        rows.append((_code("C", i), name, "community", "1", "public", 0, 0.0))
    for i, village in enumerate(sorted(rng.permutation(VILLAGES)[:VILLAGE_CLINICS].tolist())):
        town = int(places.village_town[village])
        name = places.town_name[town] + places.village_name[village] + "卫生室"
        rows.append((_code("C", 100 + i), name, "village_clinic", "0", "public", town, 0.0))
    for i in range(CLINICS):
        town = int(rng.choice(TOWNS, p=weight / weight.sum()))
        rows.append(
            (_code("C", 500 + i), f"{places.town_name[town]}第{i + 1}诊所", "clinic", "0", "private", town, 0.0)
        )
    for i in range(PHARMACIES):
        town = int(rng.choice(TOWNS, p=weight / weight.sum()))
        rows.append((_code("P", i), f"{places.town_name[town]}第{i + 1}大药房", "pharmacy", "0", "private", town, 0.0))
    return rows


def _code(letter: str, index: int) -> str:
    return f"{letter}{COUNTY_CODE}{index + 1:05d}"


def _columns(
    rng: np.random.Generator, places: Places, rows: list[tuple[str, str, str, str, str, int, float]]
) -> Institutions:
    code, name, kind, level, ownership, town, share = (list(column) for column in zip(*rows, strict=True))
    areas = [places.town_code[t] if t >= 0 else c[1:7] for t, c in zip(town, code, strict=True)]
    pharmacy = np.array([k == "pharmacy" for k in kind])
    return Institutions(
        code=code,
        name=name,
        type=kind,
        level=np.array([int(text) for text in level]),
        ownership=ownership,
        town=np.array(town),
        area=areas,
        stay_share=np.array(share),
        opened=rng.integers(12_000, 17_500, len(rows)),
        vendor=np.where(np.array(town) < 0, 3, rng.integers(0, 3, len(rows))),
        markup=np.where(pharmacy, rng.integers(10_000, 12_500, len(rows)), 10_000),
        codes=pa.array(code, pa.string()),
    )

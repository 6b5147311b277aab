"""The land: one county, its towns and villages. Structure: the same at every scale."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yibao.demo.arrays import Floats, Ints
from yibao.demo.settings import COUNTY_CODE, COUNTY_NAME, Plan

TOWNS = 16
VILLAGES = 240
_FRONT = "枫岚蓼砚霁菘筠翎荇檀槿芷荻蘅芸榆"
_BACK = "溪泽川陵浦塘岭渚湾坪桥滩坡垸嘴冲"
_VILLAGE = "石柳竹松梅桂樟茶泉井田湖坝堰岗坳"
_SUFFIX = "铺坪湾冲塘岭坡桥垅洲畈墩"


@dataclass(frozen=True)
class Places:
    """Towns and villages by index; the first town is the county seat."""

    town_code: list[str]
    town_name: list[str]
    village_code: list[str]
    village_name: list[str]
    village_town: Ints
    village_weight: Floats  #: share of the people

    @property
    def town_weight(self) -> Floats:
        return np.bincount(self.village_town, self.village_weight, TOWNS).astype(np.float64)


def draw_places(plan: Plan) -> Places:
    rng = plan.stream("places")
    fronts, backs = rng.permutation(list(_FRONT)), rng.permutation(list(_BACK))
    size = np.concatenate(([4.0], rng.uniform(0.6, 1.6, TOWNS - 1)))
    per_town = np.maximum(6, np.round(size / size.sum() * VILLAGES)).astype(np.int64)
    per_town[0] += VILLAGES - per_town.sum()
    town = np.repeat(np.arange(TOWNS), per_town)
    within = np.concatenate([np.arange(n) for n in per_town])
    weight = size[town] / per_town[town] * rng.uniform(0.6, 1.5, VILLAGES)
    names = [f"{a}{b}" for a in _VILLAGE for b in _SUFFIX]
    order = rng.permutation(len(names))[: per_town.max()]
    kind = ["街道", *["镇"] * 9, *["乡"] * (TOWNS - 10)]
    town_code = [f"{COUNTY_CODE}{1 if i == 0 else 100 + i if i < 10 else 200 + i:03d}" for i in range(TOWNS)]
    return Places(
        town_code=town_code,
        town_name=[f"{fronts[i]}{backs[i]}{kind[i]}" for i in range(TOWNS)],
        village_code=[f"{town_code[t]}{200 + v:03d}" for t, v in zip(town, within, strict=True)],
        village_name=[
            f"{names[order[v]]}{'社区' if t == 0 else '村'}" for t, v in zip(town.tolist(), within, strict=True)
        ],
        village_town=town,
        village_weight=weight / weight.sum(),
    )


def areas_rows(places: Places) -> dict[str, list[str | None]]:
    """The columns of `areas`."""
    towns = [places.town_code[t] for t in places.village_town]
    return {
        "area_code": [COUNTY_CODE, *places.town_code, *places.village_code],
        "area_name": [COUNTY_NAME, *places.town_name, *places.village_name],
        "area_level": ["county", *["town"] * TOWNS, *["village"] * VILLAGES],
        "parent_area_code": [None, *[COUNTY_CODE] * TOWNS, *towns],
    }

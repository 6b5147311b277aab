"""Invented counties: names that belong to nobody, and the bodies that a bureau's papers mention."""

from __future__ import annotations

import random
from dataclasses import dataclass

_FRONT = "澜枫岚蓼砚霁菘棠筠翎"
_BACK = "溪泽川陵浦塘岭渚"
LOOK_ALIKE = dict(zip(_FRONT + _BACK, "阑讽风廖现齐松堂均玲奚择州棱埔糖岑诸", strict=True))
_SECTIONS = ["办公室", "规划财务科", "待遇保障科", "医药服务科", "基金监管科", "政策法规科", "信息统计科", "人事教育科"]
_CENTRES = ["医疗保障事务中心", "医疗保险稽核中心", "医疗保障信息中心", "医药采购服务中心", "医疗保障服务中心"]


@dataclass(frozen=True, slots=True)
class County:
    """A county, its bureau, and the units under it."""

    name: str
    kind: str  #: 县, 市, 区
    sections: tuple[str, ...]
    centres: tuple[str, ...]

    @property
    def full(self) -> str:
        return self.name + self.kind

    @property
    def bureau(self) -> str:
        return f"{self.full}医疗保障局"


def draw_county(rng: random.Random) -> County:
    name = rng.choice(_FRONT) + rng.choice(_BACK)
    sections = rng.sample(_SECTIONS, rng.randint(3, 6))
    centres = rng.sample(_CENTRES, rng.randint(2, 4))
    return County(name, rng.choice("县市区"), tuple(sections), tuple(centres))

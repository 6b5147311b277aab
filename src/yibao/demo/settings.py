"""What the user asked for: seed, scale, years, noise, plants. And the sizes of the county at scale 1."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from yibao.demo.plants import Plant
from yibao.demo.streams import stream

COUNTY_CODE = "990421"  #: no province has the number 99
NEIGHBOUR_CODE = "990423"  #: a county of the same city, where some people come from
POOLING_AREA = "990400"
COUNTY_NAME = "棠泽县"
CITY_NAME = "示例市"  #: the pooling city
REGION = "cn-990421"
HISTORY = 3  #: years of stays before the last year: a catalogue of groups is built from them
BLOCK = 50_000  #: people who live their years together: bounds the memory, whatever the scale

INSURED = 430_100
RESIDENT_SHARE = 0.92
RETIRED_PER_WORKER = 1.02
STAYS = 58_862
MEAN_BILL = 430_400  #: fen, in the hospitals of the county
AWAY_STAYS = 17_500  #: insured people in hospitals elsewhere
VISITS = 1_140_000  #: outpatient
PURCHASES = 300_000  #: in pharmacies, paid through the platform


@dataclass(frozen=True)
class Plan:
    """One county to make."""

    seed: int
    scale: float
    years: tuple[int, ...]
    noise: bool = True
    plants: tuple[Plant, ...] = field(default=())

    @property
    def stay_years(self) -> tuple[int, ...]:
        """The years with stays: the full ones, and those before them that a catalogue of groups needs."""
        return tuple(range(min(self.years[0], self.years[-1] - HISTORY), self.years[-1] + 1))

    def stream(self, subject: str, *place: int | str) -> np.random.Generator:
        return stream(self.seed, subject, *place)

    def count(self, at_scale_one: float, least: int = 1) -> int:
        """A number of people or things that shrinks and grows with the scale."""
        return max(least, round(at_scale_one * self.scale))

    def planted(self, behaviour: str) -> tuple[Plant, ...]:
        return tuple(p for p in self.plants if p.behaviour == behaviour)

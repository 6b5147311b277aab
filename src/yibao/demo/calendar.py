"""Days of a year as visits spread over them: seasons, weekdays, holidays; and times of day."""

from __future__ import annotations

from functools import cache

import numpy as np

from yibao.demo.arrays import DAY, Floats, Ints, choose, weekday, year_days

_SEASON = {
    "winter": np.array([1.28, 1.10, 1.08, 0.97, 0.90, 0.84, 0.84, 0.85, 0.90, 0.97, 1.10, 1.30]),
    "summer": np.array([0.86, 0.80, 0.92, 0.98, 1.06, 1.18, 1.28, 1.24, 1.08, 0.95, 0.87, 0.84]),
    "flat": np.array([0.98, 0.86, 1.05, 1.03, 1.02, 1.00, 1.02, 1.02, 1.01, 0.98, 1.02, 1.02]),
}
_WEEK = np.array([1.25, 1.08, 1.02, 1.00, 0.98, 0.86, 0.81])
_SPRING_FESTIVAL = {2019: 35, 2020: 24, 2021: 42, 2022: 31, 2023: 21, 2024: 40, 2025: 28, 2026: 47, 2027: 36, 2028: 25}


@cache
def day_weights(year: int, season: str) -> Floats:
    """How likely each day of the year is; the Spring Festival is quiet."""
    first, last = year_days(year)
    days = np.arange(first, last + 1)
    month = (days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)) % 12
    weights = _SEASON[season][month] * _WEEK[weekday(days)]
    festival = _SPRING_FESTIVAL.get(year, 35)
    weights[festival - 2 : festival + 5] *= 0.55
    return weights


def draw_days(rng: np.random.Generator, year: int, season: str, size: int) -> Ints:
    return year_days(year)[0] + choose(rng, day_weights(year, season), size)


def draw_time(rng: np.random.Generator, size: int) -> Ints:
    """Seconds since midnight: two humps, morning and afternoon, to the second."""
    morning = rng.random(size) < 0.62
    hour = np.where(morning, rng.normal(9.6, 1.3, size), rng.normal(15.6, 1.7, size))
    return (np.clip(hour, 0.2, 23.6) * 3600).astype(np.int64) // 60 * 60 + rng.integers(0, 60, size)


def within_day(rng: np.random.Generator, day: Ints, start: Ints, end: Ints) -> Ints:
    """A second of each day between 6:00 and 22:00 that lies inside start … end."""
    low = np.maximum(day * DAY + 6 * 3600, start + 60)
    high = np.minimum(np.maximum(day * DAY + 22 * 3600, low + 600), end)
    low = np.minimum(low, high - 1)
    return low + np.floor(rng.random(len(day)) * (high - low)).astype(np.int64)

"""Plants: what people did, as data. A file names behaviour, actor, period, rate and disguise; never how to find it.

The default file is data/plants.yaml. What was planted and what only looks like it goes to truth/ (truth.py).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from yibao.demo.arrays import Flags, Ints, day_number
from yibao.errors import UserError
from yibao.region.located import LINE, read_located

SHIPPED = Path(__file__).parent / "data" / "plants.yaml"

#: behaviour → the disguises it knows (none is always one)
BEHAVIOURS: dict[str, tuple[str, ...]] = {
    "pair_billed_together": ("none", "other_hour"),
    "split_stay": ("none", "sibling_diagnosis"),
    "beds_over_licence": ("none", "shared_bed_numbers"),
    "upcoding": ("none",),
    "pharmacy_swap": ("none", "two_tickets"),
    "code_sold_twice": ("none", "months_later"),
}


AT_PHARMACIES = ("pharmacy_swap", "code_sold_twice")


@dataclass(frozen=True)
class Plant:
    """Somebody did something, between two days, this often, hidden that way."""

    id: str
    behaviour: str
    actor: str  #: a provider code
    first_day: int  #: days since 1970, both included
    last_day: int
    rate: float  #: of the occasions that the behaviour needs
    disguise: str = "none"

    def covers(self, days: Ints) -> Flags:
        return (days >= self.first_day) & (days <= self.last_day)


def refuse_strangers(plants: tuple[Plant, ...], hospitals: Collection[str], pharmacies: Collection[str]) -> None:
    """UserError for an actor that cannot do it: hospitals of the county, or pharmacies, as the behaviour needs."""
    for plant in plants:
        known = pharmacies if plant.behaviour in AT_PHARMACIES else hospitals
        if plant.actor not in known:
            who = "药店" if plant.behaviour in AT_PHARMACIES else "按病种付费的医院"
            raise UserError(
                f"埋设的 {plant.id}：{plant.behaviour} 的 actor 应是一家{who}（{min(known)} 至 {max(known)}），不能是“{plant.actor}”。"
            )


def read_plants(path: Path, last_year: int) -> tuple[Plant, ...]:
    """The plants of a file. A period may be left out: the last year of the county. UserError with file and line."""
    content = read_located(path)
    entries = content.get("plants") if isinstance(content, dict) else None
    if not isinstance(entries, list):
        raise UserError(f"“{path}”应以 plants 开头，下面每项一条，请照自带的样例改正。")
    found = tuple(_plant(entry, path, last_year) for entry in entries)
    ids = [plant.id for plant in found]
    if twice := next((i for i in ids if ids.count(i) > 1), None):
        raise UserError(f"“{path}”里编号 {twice} 写了两次，请改正。")
    return found


def _plant(entry: Any, path: Path, last_year: int) -> Plant:
    if not isinstance(entry, dict):
        raise UserError(f"“{path}”的 plants 里每项应写 id、behaviour、actor、rate，请改正。")
    where = f"“{path}”第 {entry[LINE]} 行"
    if wrong := set(entry) - {"id", "behaviour", "actor", "period", "rate", "disguise", LINE}:
        raise UserError(f"{where}：不认识“{'、'.join(sorted(wrong))}”，请删去或改正。")
    if missing := [key for key in ("id", "behaviour", "actor", "rate") if key not in entry]:
        raise UserError(f"{where}：没有写 {'、'.join(missing)}，请补上。")
    behaviour, disguise = str(entry["behaviour"]), str(entry.get("disguise", "none"))
    if behaviour not in BEHAVIOURS:
        raise UserError(f"{where}：没有“{behaviour}”这种行为，可用的有：{'、'.join(BEHAVIOURS)}。")
    if disguise not in BEHAVIOURS[behaviour]:
        raise UserError(f"{where}：{behaviour} 的掩饰只能是：{'、'.join(BEHAVIOURS[behaviour])}。")
    first, last = _period(entry.get("period"), where, last_year)
    return Plant(str(entry["id"]), behaviour, str(entry["actor"]), first, last, _rate(entry["rate"], where), disguise)


def _rate(value: Any, where: str) -> float:
    try:
        rate = float(value)
    except (TypeError, ValueError):
        rate = -1.0
    if not 0 < rate <= 1:
        raise UserError(f"{where}：rate 应是大于 0、不超过 1 的数，现在是“{value}”，请改正。")
    return rate


def _period(value: Any, where: str, last_year: int) -> tuple[int, int]:
    if value is None:
        value = [date(last_year, 1, 1), date(last_year, 12, 31)]
    if not (isinstance(value, list) and len(value) == 2 and all(isinstance(day, date) for day in value)):
        raise UserError(f"{where}：period 应是起止两个日期，如 [2025-01-01, 2025-12-31]，请改正。")
    first, last = (day_number(day.isoformat()) for day in value)
    if last < first:
        raise UserError(f"{where}：period 的止日早于起日，请改正。")
    return first, last

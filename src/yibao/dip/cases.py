"""A stay as the grouper takes it, and what it gives back; reading cases from JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from yibao.errors import UserError


@dataclass(frozen=True, slots=True)
class Case:
    """Codes as the record has them. Weight in g, costs in yuan, hours of ventilation; None is not known (0 days is an age)."""

    id: str
    principal_dx: str
    principal_proc: str = ""
    related_procs: tuple[str, ...] = ()
    other_dx: tuple[str, ...] = ()
    age_day: int | None = None
    birth_weight_g: int | None = None
    vent_hours: Decimal | None = None
    cost: Decimal | None = None
    discharge_date: date | None = None
    code_system: str = ""
    age: int | None = None  #: whole years; this and all that follow serve the auxiliary splits, never the group
    los: int | None = None  #: days
    icu_days: Decimal | None = None
    discharge_way: str = ""  #: 离院方式, "5" is death
    treatment_cost: Decimal | None = None  #: 治疗费, yuan
    drug_cost: Decimal | None = None  #: 西药、中药饮片、中成药, yuan


#: taken and not used for the group: they serve the checks of a record
ACCEPTED = frozenset({"sex", "region", "insurance_type"})
MOST = 10**12  #: no age, stay, weight or cost is more, in any unit
_TEXTS = ("principal_dx", "principal_proc", "code_system", "discharge_way")


def read_cases(path: Path) -> Iterator[Case]:
    """The cases of a JSON Lines file; UserError names the line and the field."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"病例文件“{path}”读不出来（{type(error).__name__}），应是 UTF-8 的 JSON Lines。") from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        where = f"病例文件“{path.name}”第 {number} 行"
        try:
            given = json.loads(line, parse_float=Decimal)
        except json.JSONDecodeError:
            raise UserError(f"{where}不是 JSON，请检查引号和逗号。") from None
        if not isinstance(given, dict):
            raise UserError(f'{where}应是一个对象，如 {{"id": "1", "principal_dx": "K35.300"}}。')
        yield read_case(given, where)


def read_case(given: Mapping[str, Any], where: str) -> Case:
    """One case; UserError names the field."""
    if given.get("id") in (None, ""):
        raise UserError(f"{where}缺少 id。")
    values: dict[str, Any] = {"id": str(given["id"])}
    way = given.get("discharge_way")
    given = {**given, "discharge_way": str(way) if isinstance(way, int) else way}
    for name in _TEXTS:
        values[name] = _text(given.get(name), name, where)
    for name in ("related_procs", "other_dx"):
        values[name] = _list(given.get(name), name, where)
    for name in ("age_day", "birth_weight_g", "age", "los"):
        number = _number(given.get(name), name, where)
        values[name] = None if number is None else int(number // 1)
    for name in ("vent_hours", "cost", "icu_days", "treatment_cost", "drug_cost"):
        values[name] = _number(given.get(name), name, where)
    values["discharge_date"] = _date(given.get("discharge_date"), where)
    return Case(**values)


def _text(value: Any, name: str, where: str) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    raise UserError(f"{where}的 {name} 应是文字，不能是 {value}。")


def _list(value: Any, name: str, where: str) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str | None) for item in value):
        raise UserError(f'{where}的 {name} 应是编码的列表，如 ["54.5101"]。')
    return tuple(item for item in value if item)


def _number(value: Any, name: str, where: str) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    if isinstance(value, bool) or not number.is_finite() or not 0 <= number <= MOST:
        raise UserError(f"{where}的 {name} 应是不小于零的数（不超过一万亿），不能是“{value}”。")
    return number


def _date(value: Any, where: str) -> date | None:
    if value in (None, ""):
        return None
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        raise UserError(f"{where}的 discharge_date 应是日期，如 2027-03-01，不能是“{value}”。") from None

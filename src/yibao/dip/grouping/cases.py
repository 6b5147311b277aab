"""A stay as the grouper takes it, and what it gives back; reading cases from JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from yibao.dip.codes import blank
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


@dataclass(frozen=True, slots=True)
class Unread:
    """A line that is no case: given back with the reason, while the others are grouped."""

    id: str | None
    sentence: str


MOST = 10**12  #: no age, stay, weight or cost is more, in any unit
_TEXTS = ("principal_dx", "code_system")
_MARK = b"\xef\xbb\xbf"


def read_cases(path: Path) -> Iterator[Case | Unread]:
    """The lines of a JSON Lines file, one after the other; UserError where the file cannot be read at all."""
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if number == 1:
                    _guard(path, line)
                    line = line.removeprefix(_MARK)
                if line.strip():
                    yield _read_line(line, f"病例文件“{path.name}”第 {number} 行")
    except OSError as error:
        raise UserError(f"病例文件“{path}”读不出来（{type(error).__name__}），应是 UTF-8 的 JSON Lines。") from None


def _guard(path: Path, line: bytes) -> None:
    if line.startswith((b"PK", b"\xff\xfe", b"\xfe\xff", b"\x1f\x8b")):
        raise UserError(f"病例文件“{path}”读不出来，应是 UTF-8 的 JSON Lines，一行一例。")


def _read_line(line: bytes, where: str) -> Case | Unread:
    try:
        given = _DECODER.decode(line.decode("utf-8"))
    except UnicodeDecodeError:
        return Unread(None, f"{where}不是 UTF-8 文字，请另存为 UTF-8。")
    except (ValueError, RecursionError):
        return Unread(None, f"{where}不是 JSON，请检查引号和逗号。")
    if not isinstance(given, dict):
        return Unread(None, f'{where}应是一个对象，如 {{"id": "1", "principal_dx": "K35.300"}}。')
    try:
        return read_case(given, where)
    except UserError as error:
        name = given.get("id")
        return Unread(str(name) if isinstance(name, str | int) else None, error.sentence)


def _nothing(name: str) -> None:
    """NaN, which programs write for an empty cell, is not known; nothing is infinite."""
    if name != "NaN":
        raise ValueError(name)


_DECODER = json.JSONDecoder(parse_float=Decimal, parse_constant=_nothing)


def read_case(given: Mapping[str, Any], where: str) -> Case:
    """One case; UserError names the field. Fields that are not named here are let be."""
    name = given.get("id")
    if name in (None, "") or isinstance(name, dict | list | bool):
        raise UserError(f"{where}缺少 id。")
    values: dict[str, Any] = {"id": str(name)}
    for field in _TEXTS:
        values[field] = _text(given.get(field), field, where)
    way = given.get("discharge_way")
    values["discharge_way"] = _text(str(way) if isinstance(way, int | Decimal) else way, "discharge_way", where)
    values["principal_proc"] = _operation(given.get("principal_proc"), "principal_proc", where)
    values["related_procs"] = tuple(
        _operation(item, "related_procs", where) for item in _list(given.get("related_procs"), "related_procs", where)
    )
    values["other_dx"] = tuple(
        _text(item, "other_dx", where) for item in _list(given.get("other_dx"), "other_dx", where)
    )
    for field in ("age_day", "birth_weight_g", "age", "los"):
        number = _number(given.get(field), field, where)
        values[field] = None if number is None else int(number // 1)
    for field in ("vent_hours", "cost", "icu_days", "treatment_cost", "drug_cost"):
        values[field] = _number(given.get(field), field, where)
    values["discharge_date"] = _date(given.get("discharge_date"), where)
    return Case(**values)


def _text(value: Any, name: str, where: str) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    raise UserError(f"{where}的 {name} 应是文字，不能是 {value}。")


def _operation(value: Any, name: str, where: str) -> str:
    """An operation that a spreadsheet took for a number stays as it is written: which code it was is the grouper's question."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return str(value)
    return _text(value, name, where)


def _list(value: Any, name: str, where: str) -> list[Any]:
    if value is None or (isinstance(value, str) and blank(value)):
        return []
    if not isinstance(value, list):
        raise UserError(f'{where}的 {name} 应是编码的列表，如 ["54.5101"]。')
    return [item for item in value if item is not None and item != ""]


def _number(value: Any, name: str, where: str) -> Decimal | None:
    if value is None or (isinstance(value, str) and blank(value)):
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

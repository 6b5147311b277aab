"""A request to settle one visit: classified amounts in, facts about the person from the tables, no benefit amount from outside."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from yibao.errors import UserError
from yibao.money import exact_fen
from yibao.settle.across_years import MARK
from yibao.vocabulary.tables import Column, Vocabulary, load_tables

FEES = ("full_selfpay_total", "over_cap_total", "pre_selfpay_total", "in_scope_total")
NEEDED = (
    "request_id", "visit_id", "person_no", "provider_code", "insurance_type", "care_type", "settlement_time",
    "stay_start_date", "stay_end_date", "total_fee", *FEES,
)  # fmt: skip
#: what may be left out, and what it then is; None: as the tables say
OPTIONAL: Mapping[str, Any] = {
    "settlement_type": "online", "hospital_level": None, "away_kind": "home", "is_across_province": False, "disease_code": None, "maternity_type": None,
    "fetus_count": None, "is_signed_provider": False, "is_transfer": False, "is_mid_stay": False, "is_epidemic": False,
    "continues": "new", "account_balance_before": 0, "is_account_used": False, "family_available": 0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Request:
    """A checked request; `content` is equal for equal requests."""

    id: str
    said: Mapping[str, Any]  #: by column of NEEDED and OPTIONAL, in the types of the tables
    content: str


def read_request(written: Mapping[str, Any]) -> Request:
    """A request from names (English, Chinese or national) and values. UserError names what is wrong.

    Amounts are decimal numbers, texts or whole numbers in yuan; a binary fraction is refused, since it is no exact amount.
    """
    columns = _columns(load_tables())
    said: dict[str, Any] = {}
    for name, value in written.items():
        column = columns.get(name)
        if column is None:
            raise UserError(f"请求里有不认识的项目“{name}”。待遇金额由系统计算，不能由请求给出；请删去或改正。")
        if column.name in said:
            raise UserError(f"请求里“{column.element.label}”写了两次，请改正。")
        said[column.name] = _value(column, value)
    if absent := [columns[name].element.label for name in NEEDED if said.get(name) is None]:
        raise UserError(f"请求里缺少 {'、'.join(absent)}，请补上。")
    said = {**OPTIONAL, **said}
    _refuse_contradictions(said)
    canonical = json.dumps(said, ensure_ascii=False, sort_keys=True, default=str)
    return Request(said["request_id"], said, hashlib.sha256(canonical.encode()).hexdigest())


def _columns(vocabulary: Vocabulary) -> dict[str, Column]:
    """What a request may say, by every name that a column has."""
    names = (*NEEDED, *OPTIONAL)
    columns = [Column(name=name, element=vocabulary.elements[name]) for name in names]
    return {heading: column for column in columns for heading in column.headings}


def _value(column: Column, value: Any) -> Any:
    """A written value in the type of its column."""
    if value is None:
        return None
    try:
        match column.type:
            case "money":
                if isinstance(value, bool | float):
                    raise ValueError
                return int(exact_fen(value))
            case "date":
                return value if type(value) is date else date.fromisoformat(str(value))
            case "time":
                return _moment(value)
            case "flag":
                return {"true": True, "false": False, "1": True, "0": False}[str(value).lower()]
            case "count":
                return _count(value)
            case _:
                return _text(column, value)
    except (ValueError, KeyError, TypeError, ArithmeticError):
        hint = "金额写成 123.45 这样的数或文字" if column.type == "money" else "请改正"
        raise UserError(f"请求里“{column.element.label}”写的是“{value}”，读不成这一项；{hint}。") from None


def _moment(value: Any) -> datetime:
    """A time without zone."""
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    if moment.tzinfo is not None:
        raise ValueError
    return moment


def _count(value: Any) -> int:
    number = int(str(value))
    if number < 0:
        raise ValueError
    return number


def _text(column: Column, value: Any) -> str | None:
    """A text, None where it is blank; ValueError for a code that is not in its list, where the list is complete."""
    if not isinstance(value, str | int):
        raise ValueError
    codes = load_tables().codes_of(column)
    text = str(value).strip()
    if text and codes and not codes.is_open and text not in codes.values:
        raise ValueError
    return text or None


def _refuse_contradictions(said: Mapping[str, Any]) -> None:
    if any(said[name] < 0 for name in (*FEES, "total_fee", "account_balance_before", "family_available")):
        raise UserError("请求里的金额不能是负数；退费请用 reverse 冲正原来的结算。")
    if sum(said[name] for name in FEES) != said["total_fee"]:
        raise UserError("请求里全自费、超限价、先行自付、范围内四项之和不等于医疗费总额，请改正。")
    if said["stay_end_date"] < said["stay_start_date"]:
        raise UserError("请求里结束日期早于开始日期，请改正。")
    if said["settlement_time"].date() < said["stay_end_date"]:
        raise UserError("请求里结算时间早于结束日期，请改正。")
    if MARK in said["request_id"]:
        raise UserError(f"请求号 {said['request_id']} 里不能有“{MARK}”，请改正。")


def load_request(text: str) -> Mapping[str, Any]:
    """A request written as JSON, its numbers exact; UserError where it is none."""
    try:
        written = json.loads(text, parse_float=Decimal, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise UserError(f"请求文件第 {error.lineno} 行第 {error.colno} 个字起不是 JSON，请改正。") from None
    except (ValueError, RecursionError):
        raise UserError("请求文件里有长得或套得读不了的内容，请改正。") from None
    if not isinstance(written, dict):
        raise UserError("请求文件应是一个 JSON 对象：项目名和值。")
    return written


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON; UserError where a name stands twice, since one of the two values would be lost."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise UserError(f"请求里“{next(name for name in names if names.count(name) > 1)}”写了两次，请改正。")
    return found

"""A pack with one value changed from a day on: what a simulation asks for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from yibao.errors import UserError
from yibao.region.benefits.groups import declared
from yibao.region.benefits.knobs import key
from yibao.region.benefits.values import read
from yibao.region.benefits.words import ELSE, read_word
from yibao.region.pack import Pack
from yibao.region.rules import Value

_ALWAYS_KNOWN = date.min


def address(said: str) -> tuple[str, str | None]:
    """A key, and the row of its cell where one is named.

    >>> address("resident.inpatient.rate.level2"), address("resident.rounding"), address("resident.aid.caps.1.amount")
    (('resident.inpatient.rate', 'level2'), ('resident.rounding', None), ('resident.aid.caps', '1.amount'))
    """
    words = said.split(".")
    for length in (2, 3):
        name = ".".join(words[:length])
        try:
            key(name)
        except ValueError as error:
            if length == 3 or len(words) == length:
                raise UserError(f"“{said}”写法不对：{error}。") from None
            continue
        return name, ".".join(words[length:]) or None
    raise AssertionError("unreachable")


def overlay(
    pack: Pack, name: str, word: str | None, value: Any, on: date, known_at: date | None, dates: tuple[date, ...]
) -> Pack:
    """A pack below `pack` that holds the changed value for every day from `on`; UserError for what cannot be."""
    starts = [on, *(day for day in dates if day > on)]
    ends = [*(day - timedelta(days=1) for day in starts[1:]), None]
    values = [_changed(pack, name, word, value, start, end, known_at) for start, end in zip(starts, ends, strict=True)]
    return Pack(pack.code, pack.name, pack.status, (), pack, {name: tuple(v for v in values if v)}, ())


def _changed(
    pack: Pack, name: str, word: str | None, value: Any, start: date, end: date | None, known_at: date | None
) -> Value | None:
    held = pack.find(name, on=start, known_at=known_at)
    if held is None and word is not None:
        return None if end else pack.parameter(name, on=start, known_at=known_at)
    groups = declared(pack, start, known_at)
    try:
        written = value if word is None or held is None else edited(held.value, word.split("."), value, groups)
        read(key(name).knob, written, groups)
    except ValueError as error:
        raise UserError(f"不能把 {name} 改成“{value}”：{error}。") from None
    return Value(
        valid_from=start,
        valid_to=end,
        known_from=_ALWAYS_KNOWN,
        source="假设" if held is None else f"假设（原为{held.source}）",
        clause="" if held is None else held.clause,
        grade="proposal",
        status="example",
        value=written,
    )


def edited(written: Any, path: list[str], value: Any, groups: Mapping[str, frozenset[str]]) -> Any:
    """A written value with one place changed: an entry of a list by its number from 1, an item by name, a row by condition.

    >>> edited([{"per": "year", "amount": 100}], ["1", "amount"], 200, {})
    [{'per': 'year', 'amount': 200}]
    >>> edited({"三级": 1, "else": 2}, ["level3"], 5, {}), edited(3, ["level3"], 5, {})
    ({'三级': 5, 'else': 2}, {'level3': 5, 'else': 3})
    """
    if not path:
        return value
    step, *rest = path
    if isinstance(written, list):
        if not step.isdigit() or not 1 <= int(step) <= len(written):
            raise ValueError(f"“{step}”应是 1 至 {len(written)} 的序号")
        at = int(step) - 1
        return [edited(item, rest, value, groups) if i == at else item for i, item in enumerate(written)]
    if isinstance(written, Mapping) and step in written:
        return {**written, step: edited(written[step], rest, value, groups)}
    if rest:
        raise ValueError(f"没有“{step}”这一项")
    if not isinstance(written, Mapping):
        return {step: value, ELSE[0]: written}
    same = next((row for row in written if _tests(row, groups) == _tests(step, groups)), step)
    return {**written, same: value}


def _tests(condition: str, groups: Mapping[str, frozenset[str]]) -> Any:
    words = condition.split()
    return ELSE if words in ([ELSE[0]], [ELSE[1]]) else frozenset(read_word(word, groups) for word in words)

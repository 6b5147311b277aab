"""Notices: one document sets several parameters from a day on.

    notices:
      - source: 某医保发〔2024〕9号
        from: 2025-01-01
        known_from: 2024-12-20      # published; left out where it is the same day
        grade: official
        status: verified
        sets:
          - {key: resident.inpatient.deductible, value: {三级: 1000, else: 500}, clause: 第三条}

Of the notices that are known, the one known last counts from its `from` on, so nobody writes ends into old ones. A notice that
says `to` is temporary and needs a successor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from yibao.periods import overlaps
from yibao.region.located import LINE
from yibao.region.rules import Value

HEAD = ("source", "from", "to", "known_from", "grade", "status", "reason")
SET = ("key", "value", "clause", "reason")


def settings(notice: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each key that a notice sets, and the value as a parameter would have it; ValueError (Chinese, line) for another shape."""
    line = notice[LINE]
    if strange := set(notice) - {*HEAD, "sets", LINE}:
        raise ValueError(f"第 {line} 行的文件里有“{min(strange)}”，可写 {'、'.join([*HEAD, 'sets'])}")
    sets = notice.get("sets")
    if not isinstance(sets, list) or not sets or not all(isinstance(item, dict) for item in sets):
        raise ValueError(f"第 {line} 行的文件要有 sets，是一个列表，每项写 key、value、clause")
    head = {name: notice[name] for name in HEAD if name in notice}
    for item in sets:
        if strange := set(item) - {*SET, LINE}:
            raise ValueError(f"第 {item[LINE]} 行有“{min(strange)}”，可写 {'、'.join(SET)}")
        if missing := [name for name in ("key", "value") if name not in item]:
            raise ValueError(f"第 {item[LINE]} 行没有写 {missing[0]}")
        yield str(item["key"]), {**head, **{name: item[name] for name in SET[1:] if name in item}, LINE: item[LINE]}


def faults(noticed: Sequence[Value], values: Sequence[Value]) -> Iterator[tuple[Value, str]]:
    """What is wrong among all values of one key, where notices set some: two at once that became known together; a
    notice that ends without a successor.
    """
    for known in sorted({value.known for value in values}):
        together = [value for value in values if value.known == known]
        for _, later in overlaps([value.span for value in together])[:1]:
            value = [v for v in together if v.span == later][-1]
            yield (
                value,
                f"在 {later.start.isoformat()} 有两个同时生效的值，请改正起止日期，或用 known_from 写明公布的先后",
            )
    for value in noticed:
        if value.valid_to is not None and not _succeeded(value, values):
            day = (value.valid_to + timedelta(days=1)).isoformat()
            yield value, f"只到 {value.valid_to.isoformat()}，从 {day} 起没有接续的值，请补上"


def _succeeded(value: Value, values: Sequence[Value]) -> bool:
    day = (value.valid_to or value.valid_from) + timedelta(days=1)
    return any(v.valid_from == day or (day in v.span and v.known > value.known) for v in values)

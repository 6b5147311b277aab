"""Values in the words of a clerk: conditions and amounts as they are printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from yibao.money import in_unit
from yibao.region.benefits.cells import Cell, Groups, Row
from yibao.region.benefits.knobs import OF, PERS, Key, Knob, part_label
from yibao.region.benefits.plan import RATE_BASE
from yibao.region.benefits.values import BandRule, CapRule, JointRule, Read, read
from yibao.region.benefits.words import in_chinese
from yibao.region.pack import Pack
from yibao.region.rules import Value

Line = tuple[str, str]  #: for whom, what
GRADES = {"official": "官方文件", "secondary": "转载", "unverified": "未经核对", "proposal": "自拟"}
STATUSES = {"verified": "已核对", "inferred": "待核对", "example": "示例"}


def yuan(fen: int | None) -> str:
    """
    >>> yuan(100000), yuan(5), yuan(None)
    ('1,000 元', '0.05 元', '不封顶')
    """
    if fen is None:
        return "不封顶"
    amount = in_unit(fen)  # type: ignore[arg-type]
    return f"{amount:,.0f} 元" if amount == amount.to_integral_value() else f"{amount:,} 元"


def percent(rate: int | None) -> str:
    """
    >>> percent(620_000), percent(655_500), percent(-50_000)
    ('62%', '65.55%', '-5%')
    """
    share = (Decimal(rate or 0) * 100 / RATE_BASE).normalize()
    return f"{share:f}%"


def points(rate: int | None) -> str:
    """What is added to a rate.

    >>> points(30_000), points(0)
    ('+3 个百分点', '不加')
    """
    return f"{'+' if (rate or 0) > 0 else ''}{percent(rate)[:-1]} 个百分点" if rate else "不加"


def lines(key: Key, value: Value, groups: Groups) -> list[Line]:
    """The lines of a value, one a condition."""
    return list(_lines(key.knob, read(key.knob, value.value, groups)))


def _lines(knob: Knob, found: Read) -> Iterator[Line]:
    if isinstance(found, Cell):
        yield from _cell(found, _UNIT[knob.kind])
    elif isinstance(found, JointRule):
        yield from _cell(
            found.rate, lambda rate: f"{OF['total' if found.of_total else 'in_scope'][0]}的 {percent(rate)}"
        )
    elif isinstance(found, str):
        yield "", _choice(knob, found)
    elif not found:
        yield "", _EMPTY.get(knob.kind, "没有")
    elif all(isinstance(item, str) for item in found):
        yield "", "、".join(_choice(knob, str(item)) for item in found)
    else:
        yield from _entries(found)


def _entries(found: Read) -> Iterator[Line]:
    below = 0
    for item in found if isinstance(found, tuple) else ():
        if isinstance(item, BandRule):
            head = f"{yuan(below)}以上" if item.upto is None else f"至 {yuan(item.upto)}"
            yield from _cell(item.rate, percent, head)
            below = item.upto or 0
        elif isinstance(item, CapRule):
            shared = f"（与“{item.shares}”合并计算）" if item.shares else ""
            yield from _cell(item.amount, yuan, PERS[item.per][0] + ("每个病种" if item.each else "") + shared)
        elif isinstance(item, Cell):
            yield from _cell(item, points)


def _cell(cell: Cell, unit: Callable[[int | None], str], head: str = "") -> Iterator[Line]:
    for row in sorted(cell.rows, key=_order):
        yield (
            "　".join(filter(None, (head, in_chinese(row.said) if row.tests or len(cell.rows) > 1 else ""))),
            unit(row.value),
        )


def _order(row: Row) -> tuple[bool, tuple[int, int]]:
    """Plain conditions first, exceptions after them, 其他 last; as written among equals."""
    return not row.tests, row.weight


def _choice(knob: Knob, name: str) -> str:
    return knob.choices[name][0] if knob.choices else part_label(name)


_EMPTY = {"caps": "不封顶", "rates": "不加"}
_UNIT: dict[str, Callable[[int | None], str]] = {
    "money": yuan,
    "rate": percent,
    "flag": lambda value: "是" if value else "否",
}


def stretch(pack: Pack, name: str, on: date, known_at: date | None = None) -> tuple[date, date | None]:
    """The first and the last day on which the value that holds on a day holds without a break; None: until further notice."""
    held = pack.find(name, on=on, known_at=known_at)
    values = [value for above in pack.chain() for value in above.parameters.get(name, ())]
    days = {v.valid_from for v in values} | {v.valid_to + timedelta(days=1) for v in values if v.valid_to}
    same = [(day, pack.find(name, on=day, known_at=known_at) is held) for day in sorted(days)]
    start = max((day for day, _ in same if day <= on), default=on)
    for day, alike in reversed([pair for pair in same if pair[0] <= on]):
        if not alike:
            break
        start = day
    after = next((day for day, alike in same if day > on and not alike), None)
    return start, after - timedelta(days=1) if after else None

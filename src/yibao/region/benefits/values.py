"""What a pack writes for a knob, read into whole fen and millionths; ValueError (Chinese) says what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from yibao.money import exact_fen
from yibao.region.benefits.cells import Cell, Groups, parse, tie
from yibao.region.benefits.knobs import CARES, EACH, OF, PERS, Knob, choice
from yibao.region.benefits.plan import RATE_BASE
from yibao.region.located import without_lines

NONE = ("none", "不封顶")
LARGEST = 10**12  #: fen: beyond it an amount times a rate leaves int64
MOST_LAYERS = 7  #: after the pool


@dataclass(frozen=True, slots=True)
class BandRule:
    upto: int | None  #: fen, None for the last
    rate: Cell


@dataclass(frozen=True, slots=True)
class CapRule:
    per: str
    amount: Cell  #: fen, None does not limit
    shares: str  #: name of the accumulator, empty for the part's own
    each: bool  #: one accumulator a disease


@dataclass(frozen=True, slots=True)
class JointRule:
    rate: Cell
    of_total: bool


#: a cell, a word, a list of words, cells that are summed, bands, caps, or the joint ratio
Read: TypeAlias = (
    Cell | str | tuple[str, ...] | tuple[Cell, ...] | tuple[BandRule, ...] | tuple[CapRule, ...] | JointRule
)


def read(knob: Knob, written: Any, groups: Groups) -> Read:
    """The value of a knob. ValueError where it is none, and where a visit could meet two conditions of equal weight."""
    found = _READERS[knob.kind](knob, without_lines(written), groups)
    for cell in cells(found):
        if knob.name == "counts_admission" and "nth" in cell.dimensions:
            raise ValueError("是否计入住院次数不能看次数")
        if clash := tie(cell):
            raise ValueError(f"{clash}同时成立时分不出先后，请把其中一条写得更具体")
    return found


def cells(value: Read) -> Iterator[Cell]:
    """Every cell in a value."""
    if isinstance(value, Cell):
        yield value
    elif isinstance(value, JointRule):
        yield value.rate
    elif isinstance(value, tuple):
        for item in value:
            if isinstance(item, Cell):
                yield item
            elif isinstance(item, BandRule):
                yield item.rate
            elif isinstance(item, CapRule):
                yield item.amount


def money(written: Any) -> int:
    """Yuan → fen."""
    amount = _number(written)
    if amount < 0:
        raise ValueError(f"金额 {written} 不能是负数")
    try:
        fen: int = exact_fen(amount)
    except ValueError:
        raise ValueError(f"金额 {written} 元的小数多于两位") from None
    except OverflowError:
        fen = LARGEST + 1
    if fen > LARGEST:
        raise ValueError(f"金额 {written} 元大得不可能")
    return fen


def limit(written: Any) -> int | None:
    """Yuan → fen, None for none."""
    return None if written in NONE else money(written)


def rate(written: Any) -> int:
    """A share from 0 to 1 → millionths."""
    return _millionths(written, 0)


def difference(written: Any) -> int:
    """What is added to a rate, −1 to 1 → millionths."""
    return _millionths(written, -1)


def _millionths(written: Any, least: int) -> int:
    number = _number(written)
    if not least <= number <= 1:
        hint = f"（百分之 {written} 写成 {(number / 100).normalize():f}）" if number > 1 else ""
        raise ValueError(f"比例 {written} 应在 {least} 至 1 之间{hint}")
    scaled = number * RATE_BASE
    if scaled != int(scaled):
        raise ValueError(f"比例 {written} 的小数多于六位")
    return int(scaled)


def flag(written: Any) -> int:
    if isinstance(written, bool) or written in (0, 1):
        return int(written)
    raise ValueError(f"“{written}”应是 1 或 0")


def _number(written: Any) -> Decimal:
    if isinstance(written, bool) or not isinstance(written, int | Decimal):
        raise ValueError("没有写数" if written is None else f"“{_plain(written)}”不是数")
    return Decimal(written)


def _plain(written: Any) -> str:
    """A value as it is typed: numbers inside a list by themselves."""
    return f"[{'、'.join(map(_plain, written))}]" if isinstance(written, list) else str(written)


def _word(knob: Knob, written: Any, groups: Groups) -> str:
    return choice(written, knob.choices or {})


def _name(knob: Knob, written: Any, groups: Groups) -> str:
    if not isinstance(written, str) or not written or "." in written:
        raise ValueError(f"“{written}”应是一个名称，不含点号")
    return written


def _list(knob: Knob, written: Any, groups: Groups) -> tuple[str, ...]:
    if not isinstance(written, list):
        raise ValueError(f"“{written}”应是一个列表，如 [甲, 乙]；没有的写 []")
    names = [choice(word, knob.choices) if knob.choices else _name(knob, word, groups) for word in written]
    if len(set(names)) < len(names):
        raise ValueError("列表里有一项写了两次")
    if knob.name == "layers":
        _check_layers(names)
    return tuple(names)


def _check_layers(names: list[str]) -> None:
    if len(names) > MOST_LAYERS:
        raise ValueError(f"统筹之后最多 {MOST_LAYERS} 层，写了 {len(names)} 层")
    if cares := [name for name in names if name in CARES]:
        raise ValueError(f"“{cares[0]}”是就诊类别，不能作为支付层次")


def _rates(knob: Knob, written: Any, groups: Groups) -> tuple[Cell, ...]:
    if not isinstance(written, list):
        raise ValueError("应是一个列表，每项一个数或一张条件表")
    return tuple(parse(item, difference, groups) for item in written)


def _bands(knob: Knob, written: Any, groups: Groups) -> tuple[BandRule, ...]:
    found: list[BandRule] = []
    for item in _mappings(written, {"to", "rate"}, {"rate"}):
        if found and found[-1].upto is None:
            raise ValueError("只有最后一段不写 to")
        upto = money(item["to"]) if "to" in item else None
        below = found[-1].upto if found else 0
        if upto is not None and below is not None and upto <= below:
            raise ValueError(f"分段要首尾相接：to {item['to']} 没有超过前一段")
        found.append(BandRule(upto, parse(item["rate"], rate, groups)))
    if not found or found[-1].upto is not None:
        raise ValueError("分段要首尾相接：最后一段不写 to")
    return tuple(found)


def _caps(knob: Knob, written: Any, groups: Groups) -> tuple[CapRule, ...]:
    found: list[CapRule] = []
    for item in _mappings(written, {"per", "amount", "shares", "each"}, {"per", "amount"}):
        shares = _name(knob, item["shares"], groups) if "shares" in item else ""
        each = "each" in item and choice(item["each"], EACH) == "disease"
        cap = CapRule(choice(item["per"], PERS), parse(item["amount"], limit, groups), shares, each)
        if any((c.per, c.shares, c.each) == (cap.per, cap.shares, cap.each) for c in found):
            raise ValueError("同一个期间有两条封顶，请写成一条，用条件区分")
        found.append(cap)
    return tuple(found)


def _joint(knob: Knob, written: Any, groups: Groups) -> JointRule:
    (item,) = _mappings([written], {"rate", "of"}, {"rate", "of"})
    return JointRule(parse(item["rate"], rate, groups), choice(item["of"], OF) == "total")


def _mappings(written: Any, known: set[str], needed: set[str]) -> list[Mapping[str, Any]]:
    if not isinstance(written, list) or not all(isinstance(item, Mapping) for item in written):
        raise ValueError(f"应是一个列表，每项写 {'、'.join(sorted(needed))}")
    for item in written:
        if strange := sorted(map(str, set(item) - known)):
            raise ValueError(f"不认识“{strange[0]}”，可写 {'、'.join(sorted(known))}")
        if missing := sorted(needed - set(item)):
            raise ValueError(f"缺少 {missing[0]}")
    return written


_READERS: Mapping[str, Callable[[Knob, Any, Groups], Read]] = {
    "money": lambda knob, written, groups: parse(written, money, groups),
    "rate": lambda knob, written, groups: parse(written, rate, groups),
    "flag": lambda knob, written, groups: parse(written, flag, groups),
    "rates": _rates,
    "word": _word,
    "name": _name,
    "list": _list,
    "bands": _bands,
    "caps": _caps,
    "joint": _joint,
}

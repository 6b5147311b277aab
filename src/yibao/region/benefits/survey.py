"""What may be wrong in a pack, and what it does not say yet: the remarks of `yibao policy check`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from difflib import get_close_matches
from itertools import combinations

from yibao.region.benefits.bounds import outside
from yibao.region.benefits.cells import covered
from yibao.region.benefits.groups import declared
from yibao.region.benefits.knobs import CARES, LAYERS, SCHEMES, Key, is_benefit, key, required
from yibao.region.benefits.rules import Rules
from yibao.region.benefits.told import GRADES
from yibao.region.benefits.values import cells, read
from yibao.region.benefits.words import DIMENSIONS
from yibao.region.pack import Pack
from yibao.region.rules import Value


def warnings(pack: Pack) -> Iterator[str]:
    """What a second reader should look at, each with its place. The pack must have passed `checks.problems`."""
    for name, value, said in outside(pack):
        yield f"{value.place}的 {name}：{said}。"
    yield from _unread(pack)
    listed = _listed(pack)
    for name, values in pack.parameters.items():
        if not is_benefit(name):
            continue
        found = key(name)
        layer = found.part if found.part not in CARES else ""
        unfinished = layer in LAYERS and not listed[found.scheme]  # a pack still without any care
        if layer and layer not in listed[found.scheme] and not unfinished:
            yield f"{values[0].place}的 {name}：没有哪一类就诊的 layers 写了“{found.part}”{_near(found, listed)}。"
        for value in values:
            if hole := _hole(pack, found, value):
                yield f"{value.place}的 {name}：{hole}。"
        yield from _overridden(name, values)


def _unread(pack: Pack) -> Iterator[str]:
    """Sources that nobody compared with the original: used to check, flagged wherever they are printed."""
    found: dict[tuple[str, str], list[Value]] = {}
    for name, values in pack.parameters.items():
        for value in values:
            if is_benefit(name) and value.grade in ("secondary", "unverified"):
                found.setdefault((value.source, value.grade), []).append(value)
    for (source, grade), same in found.items():
        yield f"{same[0].place}起 {len(same)} 项：{source}是{GRADES[grade]}的资料，须与原文核对。"


def _listed(pack: Pack) -> dict[str, set[str]]:
    """The layers that some care of a scheme names, at any time."""
    found: dict[str, set[str]] = {scheme: set() for scheme in SCHEMES}
    for above in pack.chain():
        for name, values in above.parameters.items():
            if is_benefit(name) and name.endswith(".layers"):
                for value in values:
                    found[name.split(".")[0]].update(map(str, value.value))
    return found


def _near(found: Key, listed: dict[str, set[str]]) -> str:
    near = get_close_matches(found.part, [*listed[found.scheme], *CARES, *LAYERS], 1, 0.6)
    return f"，是不是“{near[0]}”？" if near and near[0] != found.part else ""


def _hole(pack: Pack, found: Key, value: Value) -> str:
    """A cell without a row for somebody."""
    for cell in cells(read(found.knob, value.value, declared(pack, value.valid_from))):
        listed = any(
            DIMENSIONS[name].kind == "named" for name in cell.dimensions
        )  # a list of diseases is meant as it is
        if not listed and not covered((), cell.rows):
            return f"条件没有包括所有情形（只有{'、'.join(f'“{row.said}”' for row in cell.rows)}），其余的结算时会被拒绝；确实如此就不用改，否则补上 else"
    return ""


def _overridden(name: str, values: Sequence[Value]) -> Iterator[str]:
    for late, hidden in _hiding(values):
        yield (
            f"{late.place}的 {name}：后公布的{late.source}从 {late.valid_from.isoformat()} 起执行又没有写 to，"
            f"盖过了{hidden.source}从 {hidden.valid_from.isoformat()} 起的值。"
        )


def _hiding(values: Sequence[Value]) -> Iterator[tuple[Value, Value]]:
    """A notice that was known later, begins earlier and has no end takes the place of one that begins after it: both, as pairs."""
    for one, other in combinations(values, 2):
        late, hidden = (one, other) if one.known > other.known else (other, one)
        if late.known > hidden.known and late.valid_from < hidden.valid_from and hidden.valid_from in late.span:
            yield late, hidden


def hidden_in(pack: Pack, year: int, known_at: date | None = None) -> list[str]:
    """One line for each pair of documents of which the later known one hides another value of a year that is settled.

    What was known last counts, as everywhere (ADR 0014), so nothing is ambiguous; but two documents disagree about days of
    this year, and whoever pays must have seen it.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    found: dict[tuple[str, str, date], list[str]] = {}
    for name in sorted(_keys(pack)):
        own = next(above.parameters[name] for above in pack.chain() if name in above.parameters)
        known = [value for value in own if known_at is None or value.known <= known_at]
        for late, hidden in _hiding(known):
            reaches = hidden.valid_from <= last and (hidden.valid_to is None or hidden.valid_to >= first)
            if reaches and late.value != hidden.value:
                found.setdefault((late.source, hidden.source, hidden.valid_from), []).append(name)
    return [
        f"后公布的{late}没有写 to，盖过了{early}从 {start.isoformat()} 起的 {len(names)} 项（{'、'.join(names[:3])}{'等' if len(names) > 3 else ''}），"
        f"{year} 年按后公布的计算；若不该盖过，请在地区包里给后公布的写上 to，再算一次。"
        for (late, early, start), names in found.items()
    ]


def missing(pack: Pack, on: date, known_at: date | None = None) -> list[str]:
    """The keys that a settlement would ask for and nobody has written, of every care that the pack speaks of."""
    rules = Rules(pack, on, known_at)
    asked: dict[str, None] = {}
    for scheme in SCHEMES:
        for care in CARES:
            if not any(rules.get(name) for name in _keys(pack) if name.startswith(f"{scheme}.{care}.")):
                continue
            asked.update(dict.fromkeys(f"{scheme}.{knob.name}" for knob in required("scheme")))
            parts = rules.parts(scheme, care)
            asked.update({name: None for part in parts for name in _needed(rules, scheme, part)})
    return [name for name in asked if rules.get(name) is None]


def _keys(pack: Pack) -> set[str]:
    return {name for above in pack.chain() for name in above.parameters if is_benefit(name)}


def _needed(rules: Rules, scheme: str, part: str) -> Iterator[str]:
    """The keys that a part must have; bands take the place of a rate."""
    bands = rules.get(f"{scheme}.{part}.bands")
    for knob in required("care" if part in CARES else "layer"):
        if not (knob.name == "rate" and bands):
            yield f"{scheme}.{part}.{knob.name}"
    if bands and isinstance(bands[1], tuple) and len(bands[1]) > 1:
        yield f"{scheme}.{part}.bands_from"

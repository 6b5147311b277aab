"""Two keys for one thing: a flat `rate`, or `bands`. Of the two that are in force the one decided later counts, as among notices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from yibao.errors import UserError
from yibao.region.pack import Pack
from yibao.region.rules import Value

_RIVALS = {"rate": "bands", "bands": "rate"}


def superseded(pack: Pack, name: str, on: date, known_at: date | None) -> bool:
    """Is a rate replaced by later bands on a day, or are bands by a later rate? The nearer jurisdiction decides first."""
    rival = _rival(name)
    if rival is None:
        return False
    own, other = (_decided(pack, key, on, known_at) for key in (name, rival))
    return own is not None and other is not None and own < other


def undecided(parameters: Mapping[str, tuple[Value, ...]]) -> Iterator[UserError]:
    """Bands and a rate that begin and became known on one day: nobody can say which of them counts."""
    for name, values in parameters.items():
        if not name.endswith(".bands") or (rival := _rival(name)) is None:
            continue
        begun = {(value.known, value.valid_from) for value in parameters.get(rival, ())}
        for value in values:
            if (value.known, value.valid_from) in begun:
                yield value.error(name, f"同一天又写了 {rival}，一个比例和分段比例只能写一种")


def _rival(name: str) -> str | None:
    part, _, knob = name.rpartition(".")
    return f"{part}.{_RIVALS[knob]}" if knob in _RIVALS else None


def _decided(pack: Pack, name: str, on: date, known_at: date | None) -> tuple[int, date, date] | None:
    """How near the jurisdiction is that decides a key, and when it did; greater counts more."""
    for above, jurisdiction in enumerate(pack.chain()):
        if found := [(v.known, v.valid_from) for v in jurisdiction.parameters.get(name, ()) if v.applies(on, known_at)]:
            return (-above, *max(found))
    return None

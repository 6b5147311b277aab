"""The benefit rules of one stretch of days: every key read once, with the value that it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cached_property

from yibao.region.benefits.cells import Groups
from yibao.region.benefits.groups import declared
from yibao.region.benefits.knobs import KNOBS, key
from yibao.region.benefits.plan import Situation
from yibao.region.benefits.rivals import superseded
from yibao.region.benefits.told_apart import Dimensions, told_apart
from yibao.region.benefits.values import CapRule, Read, cells, read
from yibao.region.pack import Pack
from yibao.region.rules import Value


class Rules:
    """What holds in `pack` from `start` on until the next change, as far as was known at `known_at`."""

    def __init__(self, pack: Pack, start: date, known_at: date | None) -> None:
        self.pack, self.start, self.known_at = pack, start, known_at
        self._read: dict[str, tuple[Value, Read] | None] = {}
        self._dimensions: dict[tuple[str, str], Dimensions] = {}

    @cached_property
    def groups(self) -> Groups:
        """Groups of identities that the pack declares."""
        return declared(self.pack, self.start, self.known_at)

    def get(self, name: str) -> tuple[Value, Read] | None:
        """A key's value and what it says; None where nobody has written it, or its rival counts."""
        if name not in self._read:
            gone = superseded(self.pack, name, self.start, self.known_at)
            value = None if gone else self.pack.find(name, on=self.start, known_at=self.known_at)
            self._read[name] = None if value is None else (value, self._said(name, value))
        return self._read[name]

    def _said(self, name: str, value: Value) -> Read:
        try:
            return read(key(name).knob, value.value, self.groups)
        except ValueError as error:
            raise value.error(name, str(error)) from None

    def parts(self, scheme: str, care: str) -> tuple[str, ...]:
        """The care and the layers that follow it."""
        found = self.get(f"{scheme}.{care}.layers")
        return (care, *map(str, found[1])) if found and isinstance(found[1], tuple) else (care,)

    def dimensions(self, situation: Situation) -> Dimensions:
        """What the rules of a scheme and care tell apart."""
        asked = (situation.scheme, situation.care)
        if asked not in self._dimensions:
            values = list(self.values(*asked))
            found = [cell for value in values for cell in cells(value)]
            self._dimensions[asked] = told_apart(found, every(values), (self.start,))
        return self._dimensions[asked]

    def values(self, scheme: str, care: str) -> Iterator[Read]:
        """Everything that is said of a care and its layers."""
        for part in self.parts(scheme, care):
            for knob in KNOBS:
                if "scheme" not in knob.of and (found := self.get(f"{scheme}.{part}.{knob.name}")):
                    yield found[1]


def every(values: list[Read]) -> set[str]:
    """Dimensions whose values each count for themselves."""
    caps = [item for value in values if isinstance(value, tuple) for item in value if isinstance(item, CapRule)]
    return {"disease"} if any(cap.each for cap in caps) else set()

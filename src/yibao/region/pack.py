"""A pack in memory: the parameters and rules of one jurisdiction, with those of the jurisdictions above behind them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from yibao.errors import UserError
from yibao.region.rules import Rule, Status, Value


class MissingKey(UserError):
    """Nobody has written a key, or what it says does not reach the case at hand. `key` names it."""

    def __init__(self, sentence: str, key: str = "") -> None:
        super().__init__(sentence)
        self.key = key


@dataclass(frozen=True, slots=True)
class Pack:
    """The rules of one jurisdiction, with those of the jurisdictions above it behind them."""

    code: str
    name: str
    status: Status
    places: tuple[str, ...]
    parent: Pack | None
    parameters: Mapping[str, tuple[Value, ...]] = field(repr=False)
    own_rules: tuple[Rule, ...] = field(repr=False)

    def chain(self) -> Iterator[Pack]:
        """This pack, then its parents, nearest first."""
        pack: Pack | None = self
        while pack is not None:
            yield pack
            pack = pack.parent

    def parameter(self, key: str, *, on: date, known_at: date | None = None) -> Value:
        """The value in force on a day with its source; UserError where no jurisdiction of the chain has it."""
        if found := self.find(key, on=on, known_at=known_at):
            return found
        raise MissingKey(
            f"“{self.name}”的地区包里没有 {on.isoformat()} 有效的参数 {key}，请在地区包中补上并注明来源。", key
        )

    def find(self, key: str, *, on: date, known_at: date | None = None) -> Value | None:
        """The value in force on a day, None where there is none; the nearest jurisdiction decides.

        Where several notices reach the day, the one known last counts.
        """
        for pack in self.chain():
            found = [v for v in pack.parameters.get(key, ()) if v.applies(on, known_at)]
            if found:
                return max(found, key=lambda v: (v.known, v.valid_from))
        return None

    def value(self, key: str, *, on: date, known_at: date | None = None) -> Any:
        """The bare value of `parameter`: a Decimal, int, str, list or mapping as the pack has it."""
        return self.parameter(key, on=on, known_at=known_at).value

    def number(self, key: str, *, on: date) -> Decimal:
        """A parameter that is a number."""
        value = self.value(key, on=on)
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise UserError(f"“{self.name}”的地区包里参数 {key} 应是一个数，现在是“{value}”，请改正。")
        return Decimal(value)

    def words(self, key: str, *, on: date) -> tuple[str, ...]:
        """A parameter that is a list of words."""
        return tuple(map(str, self.value(key, on=on)))

    def rules(self, kind: str, *, on: date, known_at: date | None = None) -> tuple[Rule, ...]:
        """The rules of a kind in force on a day, nearest jurisdiction first; a rule hides its namesakes above."""
        found: dict[str, Rule] = {}
        for pack in self.chain():
            own = [r for r in pack.own_rules if r.kind == kind and r.applies(on, known_at)]
            for rule in sorted(own, key=lambda r: r.known_from or r.valid_from, reverse=True):
                found.setdefault(rule.id, rule)
        return tuple(found.values())

"""What decides between several rows that fit a stay: the rules of the pack, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from yibao.dip.grouping.match import Hit, Stay
from yibao.dip.pack import Row
from yibao.dip.settings import KINDS, Layer, Settings


@dataclass(frozen=True, slots=True)
class Won:
    """The best row of a layer, by which key and which rule; `tied`: rows that only the cost of the stay tells apart; `lost`: the others that fit, and by which rule."""

    hit: Hit
    key: str
    rule: str
    tied: tuple[Hit, ...] = ()
    lost: tuple[tuple[Row, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Worth:
    """How much a hit is worth under a rule, for one stay."""

    stay: Stay
    recorded: frozenset[str]  #: its operations in effect, without prefixes
    prefixes: frozenset[str]

    def of(self, hit: Hit, rule: str) -> Decimal | int:
        if rule == "exact":
            used = hit.codes | hit.related
            return int(not self.stay.surplus and all(_used(code, used) for code in self.recorded))
        if rule == "matched":
            return hit.matched
        if rule == "related":
            return len(hit.related)
        if rule == "main":
            return int(hit.has_main)
        if rule == "full_code":
            return len(hit.codes - self.prefixes)
        if rule == "kind":
            return KINDS.index(hit.row.kind) if hit.row.kind else 0
        if rule == "surgery_score":
            return (hit.row.score or 0) if hit.row.kind == "surgery" else 0
        if rule == "max_score":
            return hit.row.score if hit.row.score is not None else Decimal(-1)
        return -hit.row.order  # table_order


def rules_of(policy: Layer, settings: Settings) -> tuple[str, ...]:
    """The rules of a layer, with the pack's own order of ties put in."""
    return tuple(rule for said in policy.choose for rule in (settings.tie_order if said == "tie" else (said,)))


def best(hits: Sequence[Hit], rules: Sequence[str], worth: Worth, key: str) -> Won:
    """The best hit; rows that only their mean cost tells apart stay tied."""
    if len(hits) == 1:
        return Won(hits[0], key, "")
    by_table = rules[0] == "table_order"  # the layer is an ordered list, not a tie
    left = list(hits)
    lost: list[tuple[Row, str]] = []
    for rule in rules:
        if rule == "closest_cost":
            if all(hit.row.mean_cost is not None for hit in left):
                return Won(min(left, key=_place), key, rule, tuple(left), tuple(lost))
            continue
        highest = max(worth.of(hit, rule) for hit in left)
        said = "first" if by_table else rule
        lost += [(hit.row, said) for hit in left if worth.of(hit, rule) != highest]
        left = [hit for hit in left if worth.of(hit, rule) == highest]
        if len(left) == 1:
            return Won(left[0], key, said, (), tuple(lost))
    winner = min(left, key=_place)
    lost += [(hit.row, "table_order") for hit in left if hit is not winner]
    return Won(winner, key, "table_order", (), tuple(lost))


def _place(hit: Hit) -> int:
    return hit.row.order


def _used(code: str, used: frozenset[str]) -> bool:
    return code in used or any(code.startswith(part) for part in used if len(part) <= 5)

"""The book of a year: every typed figure with its sources, what contradicts what, and which value is printed.

`values` keeps all that was published; `chosen` has one value a key, the one that documents print. A value is chosen by
the bureau where two were published, or computed where the bureau says so. Nothing is thrown away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from yibao.appraise.choices import AS_COMPUTED, WITHOUT_PARTS, Choices, Contradiction, Settled, settle
from yibao.appraise.identities import Broken, Chosen, broken_identities
from yibao.appraise.named_rates import RateUsed, rates
from yibao.appraise.typed import Key, Source, Typed
from yibao.periods import year_end
from yibao.region.packs import Pack


@dataclass(frozen=True, slots=True)
class Book:
    """Figures by key. `withheld`: published, but not printed by choice, with the contradiction that says so."""

    values: Mapping[Key, tuple[Typed, ...]]
    chosen: Chosen
    settled: tuple[Settled, ...] = ()
    rates: tuple[RateUsed, ...] = ()
    withheld: Mapping[Key, str] = field(default_factory=dict)


def gather(typed: Iterable[Typed]) -> dict[Key, tuple[Typed, ...]]:
    """Figures by key: printings of one value merge their sources (the finest stays), others stand side by side."""
    found: dict[Key, list[Typed]] = {}
    for item in typed:
        rivals = found.setdefault(item.key, [])
        same = next((i for i, rival in enumerate(rivals) if rival.number.same_as(item.number)), None)
        if same is None:
            rivals.append(item)
        else:
            rivals[same] = _merged(rivals[same], item)
    return {key: tuple(rivals) for key, rivals in found.items()}


def _merged(first: Typed, second: Typed) -> Typed:
    finer = min((first, second), key=lambda typed: typed.number.step)
    return Typed(first.key, finer.number, first.sources + second.sources)


def rivals(values: Mapping[Key, tuple[Typed, ...]]) -> list[Contradiction]:
    """Keys that were published with several values."""
    return [
        Contradiction(key.name, "；".join(t.cited for t in found), tuple(t.number.printed for t in found))
        for key, found in sorted(values.items())
        if len(found) > 1
    ]


def make_book(typed: Iterable[Typed], choices: Choices, region: Pack, year: int, named: Mapping[str, str]) -> Book:
    """The book of typed figures; UserError that lists every contradiction without a choice.

    `named`: the version meant by a rate of several versions.
    """
    values = gather(typed)
    settled = settle(rivals(values), choices)
    chosen = dict(_picked(values, {s.contradiction.name: s.take for s in settled}))
    cap = region.number("proofread.money_sum_cap", on=year_end(year))
    return _with_identities(Book(values, chosen, settled), choices, region, named, cap)


def _picked(values: Mapping[Key, tuple[Typed, ...]], taken: Mapping[str, str]) -> Iterable[tuple[Key, Typed]]:
    for key, found in values.items():
        take = taken.get(key.name)
        yield key, next((t for t in found if t.number.printed == take), found[0])


def _with_identities(book: Book, choices: Choices, region: Pack, named: Mapping[str, str], cap: Decimal) -> Book:
    """Computed values replace published ones where chosen, one at a time, until no break is left without a choice."""
    chosen, replaced = dict(book.chosen), dict[str, Broken]()
    while True:
        used, odd = rates(chosen, region, named, cap)
        broken = [*broken_identities(chosen, cap), *odd]
        due = next((b for b in broken if b.name not in replaced and _is(b, choices, AS_COMPUTED)), None)
        if due is None:
            break
        replaced[due.name] = due
        chosen[due.key] = _computed(chosen[due.key], due)
    settled = settle((b.contradiction for b in {b.name: b for b in (*replaced.values(), *broken)}.values()), choices)
    withheld = {key: b.name for b in broken if _is(b, choices, WITHOUT_PARTS) for key in b.terms}
    return Book(book.values, chosen, book.settled + settled, tuple(used), withheld)


def _is(broken: Broken, choices: Choices, take: str) -> bool:
    choice = choices.of(broken.name)
    return choice is not None and choice.take == take and take in broken.contradiction.options


def _computed(published: Typed, broken: Broken) -> Typed:
    assert broken.computed is not None  # AS_COMPUTED is an option only then
    return Typed(published.key, published.number.rewritten(broken.computed), (Source(f"计算：{broken.label}"),))

"""Results far from their budget: publication asks for a reason, given in 取舍.yaml under 说明.

Thresholds are the packs' (决算 ÷ 预算 below `proofread.execution.unexplained_low` or above `…_high`); a whole-year
budget that much above the initial one asks for a reason too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from yibao.appraise.book import Book
from yibao.appraise.choices import Choices
from yibao.appraise.identities import found, percent
from yibao.appraise.typed import Key, Typed
from yibao.periods import year_end
from yibao.region.packs import Pack
from yibao.vocabulary.figures import load_figures
from yibao.vocabulary.labels import Basis

_PAIRS: tuple[tuple[Basis, Basis, str], ...] = (
    ("final", "budget", "决算与预算"),
    ("adjusted", "initial", "全年预算与年初预算"),
)


@dataclass(frozen=True, slots=True)
class Deviation:
    """A result (or a whole-year budget) far from what was planned, with the bureau's reason, empty where it gave none."""

    name: str
    said: str
    reason: str
    done: Key
    planned: Key


def deviations(book: Book, choices: Choices, region: Pack, year: int) -> tuple[Deviation, ...]:
    """Every amount of the bureau's own accounts outside the band, in the order of the keys."""
    day = year_end(year)
    low = region.number("proofread.execution.unexplained_low", on=day)
    high = region.number("proofread.execution.unexplained_high", on=day)
    found_ones = []
    for name, done, planned in _pairs(book, year):
        ratio = done.number.base / planned.number.base
        if not low <= ratio <= high:
            said = f"{done.number.printed} ÷ {planned.number.printed} = {percent(ratio)}"
            found_ones.append(Deviation(name, said, choices.why(name), done.key, planned.key))
    return tuple(found_ones)


def _pairs(book: Book, year: int) -> Iterator[tuple[str, Typed, Typed]]:
    register = load_figures()
    for key in sorted(book.chosen):
        figure = register.get(key.figure)
        for basis, plan, label in _PAIRS:
            if (
                figure.domain != "dept"
                or figure.role != "amount"
                or key.year != year
                or key.basis != basis
                or key in book.withheld
            ):
                continue
            planned = found(book.chosen, Key(key.figure, key.scope, key.year, plan))
            if planned is not None and planned.number.base > 0:
                scope = f" {key.scope}" if key.scope else ""
                yield f"{year}年{scope} {figure.label} {label}", book.chosen[key], planned

"""Results far from their budget, and rates after a formula that is not the region's: publication asks for a reason,
given in 取舍.yaml under 说明; figures in it may be quoted ({…}). "没有写明原因" is no reason.

Thresholds are the packs' (决算 ÷ 预算 below `proofread.execution.unexplained_low` or above `…_high`); a whole-year
budget that much above the initial one asks for a reason too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from yibao.appraise.book import Book
from yibao.appraise.choices import FILE, Choices
from yibao.appraise.identities import found, percent
from yibao.appraise.named_rates import RateUsed, in_words
from yibao.appraise.quotes import Quoting
from yibao.appraise.typed import Key, Typed
from yibao.errors import UserError
from yibao.periods import year_end
from yibao.region.packs import Pack
from yibao.vocabulary.figures import load_figures
from yibao.vocabulary.labels import Basis
from yibao.vocabulary.reasons import says_something

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

    @property
    def missing(self) -> bool:
        return not says_something(self.reason)


@dataclass(frozen=True, slots=True)
class OtherFormula:
    """A printed rate after another formula than the region's, with the bureau's reason."""

    name: str
    said: str
    reason: str
    used: RateUsed

    @property
    def missing(self) -> bool:
        return not says_something(self.reason)


def other_formulas(book: Book, choices: Choices, year: int) -> tuple[OtherFormula, ...]:
    """Every rate that the region's own formula would make another number."""
    found_ones = []
    for used in book.rates:
        if used.standard is not None:
            name = f"{used.key.name.rpartition(' ')[0]} 算法"
            mine, theirs = in_words(used.version.formula.expr), in_words(used.standard.formula.expr)
            gives = percent(used.standard.computed.value)
            said = f"按“{mine}”计算，本地规则是“{theirs}”，应为 {gives}（{used.standard.formula.source}）"
            found_ones.append(OtherFormula(name, said, _why(name, choices, book, year), used))
    return tuple(found_ones)


def _why(name: str, choices: Choices, book: Book, year: int) -> str:
    """The bureau's reason, its quotes filled in; UserError for a quote that finds nothing."""
    try:
        return Quoting(book, year).text(choices.why(name))
    except ValueError as error:
        raise UserError(f"“{FILE}”里“{name}”的理由：{error}，请改正。") from error


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
            found_ones.append(Deviation(name, said, _why(name, choices, book, year), done.key, planned.key))
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

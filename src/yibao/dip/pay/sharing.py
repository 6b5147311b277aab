"""Savings kept and overspending shared (结余留用、合理超支分担): r = booked ÷ due at the level that the region declares, guide dip §9.

region               Σ booked ÷ Σ due of a scheme; every hospital's due moves in the same proportion
institution          a hospital's booked ÷ its due
disease              of a disease over the whole region; its hospitals move in proportion to what the disease is due to each
institution_disease  of a disease in one hospital

A hospital's due is cut into cells by disease where a level asks for it. A level finds its r over cells, its bands say what is added, and
that is shared out over the cells by their due, to the fen. Where a region declares several levels, each starts from the due that
the one before left; what was booked stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from yibao.dip.formulas import shared_out
from yibao.dip.pay.money import fen
from yibao.dip.pay.shapes import Sharing, SharingLevel

Cell = tuple[str, str]  #: hospital, disease (empty without a group, and where no level asks)


@dataclass(frozen=True, slots=True)
class Share:
    """What a level added at one place; `provider` and `group` empty where it reaches over all of them. Fen."""

    order: int
    level: str
    provider: str
    group: str
    booked: int
    due: int
    added: int


def sharing(bands: Sequence[Sharing], booked: int, due: int) -> int:
    """What is added to a due amount, fen: negative where what was saved may not be kept, positive where the fund shares.

    >>> bands = (Sharing(below="1", inclusive=True, keep="0.7"), Sharing(below="1.1", bear="0.5"), Sharing(bear="0"))
    >>> sharing(bands, 9_000, 10_000), sharing(bands, 10_500, 10_000), sharing(bands, 20_000, 10_000)
    (-300, 250, 500)
    """
    if due <= 0:
        return 0
    ratio = Fraction(booked, due)
    if ratio <= 1:
        band = next(
            b
            for b in bands
            if b.below is None or ratio < Fraction(b.below) or (b.inclusive and ratio == Fraction(b.below))
        )
        return fen((Fraction(band.keep or 0) - 1) * (due - booked))
    low, added = Fraction(0), Fraction(0)
    for band in bands:
        high = ratio if band.below is None else Fraction(band.below)
        if band.bear is not None:
            added += Fraction(band.bear) * max(Fraction(0), min(ratio, high) - max(Fraction(1), low))
        low = high
    return fen(added * due)


def by_disease(levels: Sequence[SharingLevel]) -> bool:
    """Does any level ask for diseases?"""
    return any("disease" in level.level for level in levels)


def shares(levels: Sequence[SharingLevel], booked: Mapping[Cell, int], due: Mapping[Cell, int]) -> Iterator[Share]:
    """What each level adds at each of its places, in order; `booked` and `due` of the same cells, fen."""
    for share, _ in _steps(levels, booked, due):
        yield share


def added(levels: Sequence[SharingLevel], booked: Mapping[Cell, int], due: Mapping[Cell, int]) -> dict[str, int]:
    """By hospital, what all levels add to its due, fen. The sum is that of `shares`."""
    found = dict.fromkeys((provider for provider, _ in due), 0)
    for _, parts in _steps(levels, booked, due):
        for (provider, _), part in parts.items():
            found[provider] += part
    return found


def _steps(
    levels: Sequence[SharingLevel], booked: Mapping[Cell, int], due: Mapping[Cell, int]
) -> Iterator[tuple[Share, Mapping[Cell, int]]]:
    left = dict(due)
    for order, level in enumerate(levels, 1):
        places: dict[Cell, list[Cell]] = {}
        for cell in sorted(left):
            places.setdefault(_place(level, cell), []).append(cell)
        for (provider, group), cells in places.items():
            of, weights = sum(booked[cell] for cell in cells), {cell: left[cell] for cell in cells}
            total = sum(weights.values())
            amount = sharing(level.bands, of, total)
            parts = _spread(amount, weights)
            for cell, part in parts.items():
                left[cell] += part
            yield Share(order, level.level, provider, group, of, total, amount), parts


def _place(level: SharingLevel, cell: Cell) -> Cell:
    provider, group = cell
    return (
        provider if level.level in ("institution", "institution_disease") else "",
        group if level.level in ("disease", "institution_disease") else "",
    )


def _spread(amount: int, weights: Mapping[Cell, int]) -> dict[Cell, int]:
    """An amount, also a negative one, by weights; nobody loses more than is due to it."""
    if not amount:
        return {}
    sign = 1 if amount > 0 else -1
    return {cell: sign * part for cell, part in shared_out(abs(amount), weights).items()}

"""预算单位: the figures of a bureau's institutions together against the figure of the whole (局机关及二级机构汇总)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from yibao.appraise.book import Book
from yibao.appraise.choices import AS_PRINTED, Contradiction
from yibao.appraise.typed import Key
from yibao.vocabulary.figures import load_figures


def odd_units(book: Book, units: Sequence[str], year: int) -> Iterator[Contradiction]:
    """Amounts that every institution has and that do not add up to the whole; a figure of some of them says nothing."""
    register = load_figures()
    for key in sorted(book.chosen):
        if key.scope or key.year != year or not units or register.get(key.figure).role == "rate":
            continue
        parts = [book.chosen.get(Key(key.figure, unit, key.year, key.basis)) for unit in units]
        numbers = [part.number for part in parts if part is not None]
        if len(numbers) < len(units):
            continue
        whole = book.chosen[key].number
        added = sum((number.base for number in numbers), Decimal(0))
        if added != whole.base:
            listed = "＋".join(number.printed for number in numbers)
            said = f"汇总 {whole.printed}，各预算单位 {listed}＝{whole.rewritten(added).printed}"
            yield Contradiction(f"各预算单位 {key.name}", said, (AS_PRINTED,))

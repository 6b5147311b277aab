"""Figures quoted by name, so that no number is typed twice: {fund.insured.total}, {年度资金总额:全年预算@2024/项目甲}.

After the figure come, where they differ from the result of the folder's year: `:basis`, `@year`, `/scope`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from yibao.appraise.book import Book
from yibao.appraise.identities import found
from yibao.appraise.naming import basis_named, figure_named
from yibao.appraise.typed import Key, Number, Typed, number

_QUOTE = re.compile(r"\{(?P<figure>[^{}:@/]+)(?::(?P<basis>[^{}@/]+))?(?:@(?P<year>\d{4}))?(?:/(?P<scope>[^{}]+))?\}")


class NotInBook(ValueError):
    """A quote of a figure that the year does not have, or does not print."""


@dataclass(frozen=True, slots=True)
class Quoting:
    """The book and the year that quotes refer to."""

    book: Book
    year: int

    def number(self, text: str, unit: str = "") -> Number:
        """The number that a cell holds or quotes; ValueError with a Chinese reason."""
        m = _QUOTE.fullmatch(text.strip())
        return number(text, unit) if m is None else self._typed(m).number

    def text(self, words: str) -> str:
        """Words with every quote replaced by the figure as it is printed, its unit behind it."""
        return _QUOTE.sub(lambda m: self._typed(m).number.printed, words)

    def keys(self, words: str) -> Iterator[Key]:
        """The figures that words quote."""
        for m in _QUOTE.finditer(words):
            yield self._typed(m).key

    def typed(self, quote: str) -> Typed:
        """The figure of one quote, without its braces; ValueError with a Chinese reason, NotInBook for one without value."""
        m = _QUOTE.fullmatch(f"{{{quote.strip()}}}")
        if m is None:
            raise ValueError(f"“{{{quote}}}”不是引用，应写成 {{指标}}、{{指标:口径}} 或 {{指标:口径@年度/范围}}")
        return self._typed(m)

    def _typed(self, m: re.Match[str]) -> Typed:
        figure = figure_named(m["figure"].strip())
        basis = basis_named((m["basis"] or "决算").strip(), figure)
        scope = " ".join((m["scope"] or "").split())
        key = Key(figure.id, scope, int(m["year"] or self.year), basis)
        typed = found(self.book.chosen, key)
        if typed is None:
            raise NotInBook(f"引用了 {m[0]}，数据里没有“{key.name}”")
        if typed.key in self.book.withheld:
            raise NotInBook(f"引用了 {m[0]}，取舍里写明不印（{self.book.withheld[typed.key]}）")
        return typed

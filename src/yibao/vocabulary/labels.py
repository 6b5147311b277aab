"""How a label is taken apart: its normal form, and the words around a name in it (data: figures.yaml)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

Basis = Literal["initial", "added", "adjusted", "budget", "final", "target", "actual"]

LONGEST = 80  #: characters of a label that are looked at, from its end: a name is never longer
_CUTS = 40

_FOLD: dict[int, str | None] = dict.fromkeys(
    map(ord, "\"'“”‘’「」『』《》〈〉()（）〔〕[]［］【】*#`_\u200b\u200c\u200d\ufeff\u00ad")
)
_FOLD.update({ord("帐"): "账", ord("―"): "-", ord("—"): "-"})
_NUMBERING = re.compile(
    r"^\s*(?:[(（]?[一二三四五六七八九十\d]{1,3}[)）]"
    r"|[一二三四五六七八九十]{1,3}[、.．]"
    r"|\d{1,2}[、.．)](?!\d))\s*"
)
_UNIT_NOTE = re.compile(
    r"[(（](?:单位[:：])?"
    r"(?:千元|百万元|万元|亿元|元|万人|人次|人|家|个|辆|台套|台|分|%|％|‰)"
    r"[)）]\s*[:：]?\s*$"
)
_JOINTS = "、和与及 "  #: between two quantities of a list these open the next label
_BRACKETED = re.compile(r"[(（][^()（）]{0,40}[)）]")
_CLAUSE = re.compile(r"[,，。;；:：!！?？]")
_DATE = re.compile(r"\d{4}年?度?|\d{1,2}月|\d{1,2}日|\d{1,2}-\d{1,2}月")
#: a place or a unit; without the characters of which names of figures are made
_PLACE = re.compile(r"[^\d费支收险款额购基率人编执控\W]{1,9}?(?:自治县|自治州|开发区|新区|市|县|区|州|旗|盟|省|局)")
_SHARE = "占"


@lru_cache(maxsize=8192)
def normal(text: str) -> str:
    """One form for comparing: full width folded, no blanks, quotes or brackets.

    >>> normal("“三公” 经费（万元）１")
    '三公经费万元1'
    """
    return "".join(unicodedata.normalize("NFKC", text).translate(_FOLD).split())


class Breakers(BaseModel):
    """Words that say: the number is not the figure itself but a change, a share, or one part of a list."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    before: tuple[str, ...]
    anywhere: tuple[str, ...]
    share: tuple[str, ...]


class BasisWords(BaseModel):
    """Words for the basis of an amount, and the names that hide such words inside."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    masks: tuple[str, ...]
    words: dict[Basis, tuple[str, ...]]


class Phrasebook(BaseModel):
    """The words around the names of figures."""

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))
    tails: tuple[str, ...]
    neutral: dict[str, tuple[str, ...]]
    breakers: Breakers
    bases: BasisWords

    def clean(self, label: str) -> Iterator[str]:
        """The label's normal forms: as it stands, then without what stands in brackets."""
        tail = _NUMBERING.sub("", _UNIT_NOTE.sub("", label[-3 * LONGEST :].lstrip(_JOINTS)))
        first = self._last_clause(tail)
        if first:
            yield first
        bare = self._last_clause(_BRACKETED.sub("", tail))
        if bare and bare != first:
            yield bare

    @staticmethod
    def _last_clause(text: str) -> str:
        clauses = [normal(part) for part in _CLAUSE.split(text)]
        return next((part[-LONGEST:] for part in reversed(clauses) if part), "")

    @cached_property
    def _tail_index(self) -> dict[str, list[str]]:
        index: dict[str, list[str]] = {}
        for word in sorted(self.tails, key=len, reverse=True):
            index.setdefault(word[-1], []).append(word)
        return index

    def cuts(self, text: str) -> list[int]:
        """Where a name can end: at the end, and before every run of tail words. Longest rest first."""
        found, waiting = {len(text)}, [len(text)]
        while waiting and len(found) < _CUTS:
            end = waiting.pop()
            for word in self._tail_index.get(text[end - 1 : end], ()):
                cut = end - len(word)
                if cut > 0 and cut not in found and text.endswith(word, 0, end):
                    found.add(cut)
                    waiting.append(cut)
        return sorted(found, reverse=True)

    def broken(self, text: str, start: int, end: int) -> bool:
        """True where the words around `text[start:end]` say that the number is not that figure itself."""
        before, name = text[:start], text[start:end]
        if before.endswith(self.breakers.before):
            return True
        if any(word in text and word not in name for word in self.breakers.anywhere):
            return True
        at = before.rfind(_SHARE)
        return at >= 0 and not before.startswith(self.breakers.share, at)

    @cached_property
    def _neutral_words(self) -> dict[str, dict[str, list[str]]]:
        index: dict[str, dict[str, list[str]]] = {}
        for domain in {*self.neutral, "any"}:
            words = {*self.neutral["any"], *self.neutral.get(domain, ())}
            by_first = index.setdefault(domain, {})
            for word in sorted(words, key=len, reverse=True):
                by_first.setdefault(word[0], []).append(word)
        return index

    def is_neutral(self, prefix: str, domain: str) -> bool:
        """True where a prefix only says whose figure, or of when: 2025年度我局."""
        words = self._neutral_words.get(domain, self._neutral_words["any"])
        at = 0
        while at < len(prefix):
            word = next((w for w in words.get(prefix[at], ()) if prefix.startswith(w, at)), None)
            if word is not None:
                at += len(word)
                continue
            named = _DATE.match(prefix, at) or _PLACE.match(prefix, at)
            if named is None:
                return False
            at = named.end()
        return True

    @cached_property
    def _bases(self) -> tuple[tuple[str, Basis], ...]:
        pairs = [(word, basis) for basis, words in self.bases.words.items() for word in words]
        return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))

    @cached_property
    def _masks(self) -> re.Pattern[str]:
        return re.compile("|".join(sorted(map(re.escape, self.bases.masks), key=len, reverse=True)))

    def basis(self, words: str) -> Basis | None:
        """The basis that a label or header names: the longest basis word decides, the later of equals."""
        text = self._masks.sub("\uffff", normal(words))
        found: tuple[int, int, Basis] | None = None
        for word, basis in self._bases:
            if found and len(word) < found[0]:
                break
            at = text.rfind(word)
            if at >= 0 and (found is None or at > found[1]):
                found = (len(word), at, basis)
        return found[2] if found else None

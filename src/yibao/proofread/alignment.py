"""Two documents laid side by side: which piece of one is which piece of the other.

A piece (a sentence, a clause, a table row) is known by its words with the numbers masked, never by its position alone.
What occurs once in both is a pair wherever it stands; what is repeated is a pair only beside a pair, or where both
documents repeat it equally often under one heading. Work grows with the number of pieces, not with its square.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

Name = Callable[["Piece"], Hashable | None]


@dataclass(frozen=True, slots=True)
class Piece:
    """`exact` is the text, `words` the same with numbers masked ("" for a piece that only stands between others)."""

    exact: str
    words: str
    contexts: tuple[str, ...] = ()  #: heading, caption, column names: tried one after the other
    telling: bool = False  #: the words are long enough to be looked for in the whole document
    bare: bool = False  #: a number alone: a pair only beside a pair that prints the same, or between two pairs


def align(ours: Sequence[Piece], theirs: Sequence[Piece], known: Mapping[int, int] | None = None) -> dict[int, int]:
    """Pairs of indices, ours → theirs; `known` pairs are kept and help their neighbours.

    >>> a = [Piece("甲5人", "甲#人", (), True), Piece("增长3%", "增长#%"), Piece("增长4%", "增长#%")]
    >>> b = [Piece("增长4%", "增长#%"), Piece("乙6人", "乙#人", (), True), Piece("甲5人", "甲#人", (), True), Piece("增长9%", "增长#%")]
    >>> sorted(align(a, b).items())
    [(0, 2), (1, 3), (2, 0)]
    """
    pairs = _Pairs(ours, theirs, known or {})
    contexts = range(max((len(p.contexts) for p in ours), default=0))
    for name in (_exact, _words):  # the same numbers first: a repeated sentence whose twin was dropped finds itself
        pairs.once(_telling(name))
        pairs.spread(name)
        for k in contexts:
            pairs.once(_under(k, name))
            pairs.spread(name)
    for name in (_exact, _words):
        for k in contexts:
            pairs.equally_often(_under(k, name))
    pairs.once(_exact)
    pairs.spread(_anything)
    pairs.between()
    return pairs.found


def _exact(piece: Piece) -> str | None:
    return piece.exact if piece.words and not piece.bare else None


def _words(piece: Piece) -> str | None:
    return piece.words or None if not piece.bare else None


def _anything(piece: Piece) -> str | None:
    return piece.exact or None


def _telling(name: Name) -> Name:
    return lambda p: name(p) if p.telling else None


def _under(k: int, name: Name) -> Name:
    """The name together with the k-th context, where the piece has one."""

    def named(piece: Piece) -> Hashable | None:
        context = piece.contexts[k] if k < len(piece.contexts) else ""
        found = name(piece) if context else None
        return None if found is None else (context, found)

    return named


class _Pairs:
    def __init__(self, ours: Sequence[Piece], theirs: Sequence[Piece], known: Mapping[int, int]) -> None:
        self.ours, self.theirs = ours, theirs
        self.found = dict(known)
        self.taken = set(self.found.values())

    def _add(self, i: int, j: int) -> None:
        self.found[i] = j
        self.taken.add(j)

    def _named(self, name: Name) -> tuple[dict[Hashable, list[int]], dict[Hashable, list[int]]]:
        """The free pieces of each side by name."""
        ours: dict[Hashable, list[int]] = defaultdict(list)
        theirs: dict[Hashable, list[int]] = defaultdict(list)
        for i, piece in enumerate(self.ours):
            if i not in self.found and (n := name(piece)) is not None:
                ours[n].append(i)
        for j, piece in enumerate(self.theirs):
            if j not in self.taken and (n := name(piece)) is not None:
                theirs[n].append(j)
        return ours, theirs

    def once(self, name: Name) -> None:
        """Pair what has a name that occurs once on each side."""
        ours, theirs = self._named(name)
        for n, indices in ours.items():
            if len(indices) == 1 and len(theirs.get(n, ())) == 1:
                self._add(indices[0], theirs[n][0])

    def equally_often(self, name: Name) -> None:
        """Pair in order what occurs equally often on both sides."""
        ours, theirs = self._named(name)
        for n, indices in ours.items():
            if len(indices) == len(theirs.get(n, ())):
                for i, j in zip(indices, theirs[n], strict=True):
                    self._add(i, j)

    def spread(self, name: Name) -> None:
        """Pair the neighbours of pairs, then theirs, as long as the names agree."""
        for step in (1, -1):
            waiting = list(self.found.items())
            while waiting:
                i, j = waiting.pop()
                i, j = i + step, j + step
                if not (0 <= i < len(self.ours) and 0 <= j < len(self.theirs)) or i in self.found or j in self.taken:
                    continue
                n = name(self.ours[i])
                if n is not None and n == name(self.theirs[j]):
                    self._add(i, j)
                    waiting.append((i, j))

    def between(self) -> None:
        """Pair single pieces whose neighbours on both sides are pairs."""
        for i, j in list(self.found.items()):
            i, j = i + 1, j + 1
            if i in self.found or j in self.taken or self.found.get(i + 1) != j + 1:
                continue
            if self.ours[i].words and self.ours[i].words == self.theirs[j].words:
                self._add(i, j)

"""Relations between printed numbers, judged on what was printed: an interval for a rounded number, a point for an exact one.

A relation is broken only when no values inside the intervals fulfil it: then every careful reader would object. This is
the generator's own arithmetic; it shares no code with the proofreader.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product as corners
from typing import Protocol

Interval = tuple[Decimal, Decimal]


class Reader(Protocol):
    """What a relation needs to know of a document."""

    def text(self, mark: str) -> str: ...

    def interval(self, mark: str) -> Interval: ...


@dataclass(frozen=True, slots=True)
class Tie:
    """A relation of a kind between marks; `broken` says whether it no longer holds."""

    kind: str
    marks: tuple[str, ...]
    broken: Callable[[Reader], bool]


def apart(a: Interval, b: Interval) -> bool:
    return a[1] < b[0] or b[1] < a[0]


def first(printed: str) -> str:
    """The mark of something printed ("number + unit")."""
    return printed[0]


def _sum(reader: Reader, marks: Sequence[str], signs: Sequence[int]) -> Interval:
    low = high = Decimal(0)
    for mark, sign in zip(marks, signs, strict=True):
        a, b = reader.interval(mark)
        low, high = (low + a, high + b) if sign > 0 else (low - b, high - a)
    return low, high


def equal(kind: str, a: str, b: str) -> Tie:
    a, b = first(a), first(b)
    return Tie(kind, (a, b), lambda r: apart(r.interval(a), r.interval(b)))


def total(kind: str, whole: str, parts: Sequence[str], signs: Sequence[int] = ()) -> Tie:
    """whole = Σ ± parts."""
    whole, marks = first(whole), tuple(first(p) for p in parts)
    plus = tuple(signs) or (1,) * len(marks)
    return Tie(kind, (whole, *marks), lambda r: apart(r.interval(whole), _sum(r, marks, plus)))


def at_most(kind: str, whole: str, parts: Sequence[str]) -> Tie:
    """Σ parts ≤ whole."""
    whole, marks = first(whole), tuple(first(p) for p in parts)
    return Tie(kind, (whole, *marks), lambda r: _sum(r, marks, (1,) * len(marks))[0] > r.interval(whole)[1])


def _quotients(top: Interval, bottom: Interval) -> Interval | None:
    if bottom[0] <= 0 <= bottom[1]:
        return None
    values = [a / b for a, b in corners(top, bottom)]
    return min(values), max(values)


def ratio(kind: str, rate: str, top: str, bottom: str, scale: int = 100) -> Tie:
    """rate = top ÷ bottom (× 100 for percentages)."""
    rate, top, bottom = first(rate), first(top), first(bottom)

    def broken(r: Reader) -> bool:
        q = _quotients(r.interval(top), r.interval(bottom))
        return q is not None and apart(r.interval(rate), (q[0] * scale, q[1] * scale))

    return Tie(kind, (rate, top, bottom), broken)


def growth(kind: str, rate: str, now: str, change: str, word: str) -> Tie:
    """rate = change ÷ (now ∓ change); the word says which way."""
    rate, now, change, word = first(rate), first(now), first(change), first(word)

    def broken(r: Reader) -> bool:
        base = _sum(r, (now, change), (1, -1 if sign_of(r.text(word)) > 0 else 1))
        q = _quotients(r.interval(change), base)
        return q is not None and apart(r.interval(rate), (q[0] * 100, q[1] * 100))

    return Tie(kind, (rate, now, change, word), broken)


def change_rate(kind: str, rate: str, now: str, before: str) -> Tie:
    """rate = (now − before) ÷ before, without its sign: a word says which way."""
    rate, now, before = first(rate), first(now), first(before)

    def broken(r: Reader) -> bool:
        q = _quotients(r.interval(now), r.interval(before))
        if q is None:
            return False
        low, high = (q[0] - 1) * 100, (q[1] - 1) * 100
        return apart(r.interval(rate), (low, high)) and apart(r.interval(rate), (-high, -low))

    return Tie(kind, (rate, now, before), broken)


def times(kind: str, amount: str, each: str, many: str) -> Tie:
    """amount = each × many."""
    amount, each, many = first(amount), first(each), first(many)

    def broken(r: Reader) -> bool:
        values = [a * b for a, b in corners(r.interval(each), r.interval(many))]
        return apart(r.interval(amount), (min(values), max(values)))

    return Tie(kind, (amount, each, many), broken)


def score(kind: str, points: str, weight: str, top: str, bottom: str, decimals: int = 2) -> Tie:
    """points = weight × min(1, top ÷ bottom), rounded."""
    points, weight, top, bottom = first(points), first(weight), first(top), first(bottom)

    def broken(r: Reader) -> bool:
        q = _quotients(r.interval(top), r.interval(bottom))
        if q is None:
            return False
        half, w = Decimal(5).scaleb(-1 - decimals), r.interval(weight)[0]
        due = (w * min(q[0], Decimal(1)) - half, w * min(q[1], Decimal(1)) + half)
        return apart(r.interval(points), due)

    return Tie(kind, (points, weight, top, bottom), broken)


UP = frozenset({"增加", "增长", "上升", "提高", "大于", "高于", "多于", "超过", "增"})
DOWN = frozenset({"减少", "下降", "降低", "小于", "低于", "少于", "减"})


def sign_of(word: str) -> int:
    return 1 if word in UP else -1 if word in DOWN else 0


def direction(word: str, now: str, then: str) -> Tie:
    """The word says whether `now` is more or less than `then`."""
    word, now, then = first(word), first(now), first(then)

    def broken(r: Reader) -> bool:
        low, high = _sum(r, (now, then), (1, -1))
        sign = sign_of(r.text(word))
        return (sign > 0 and high <= 0) or (sign < 0 and low >= 0)

    return Tie("direction", (word, now, then), broken)


def alike(words: Sequence[str]) -> Tie:
    """Words that say the same direction twice: 减少…万元，下降…%."""
    marks = tuple(first(w) for w in words)
    return Tie("direction", marks, lambda r: len({sign_of(r.text(m)) for m in marks}) > 1)


def listed(number: str, items: Sequence[str], value: Callable[[str], Decimal]) -> Tie:
    """As many items as the number says."""
    number = first(number)
    return Tie("count_list", (number, *items), lambda r: value(r.text(number)) != sum(1 for i in items if r.text(i)))


def same_text(kind: str, marks: Sequence[str]) -> Tie:
    return Tie(kind, tuple(marks), lambda r: len({r.text(m) for m in marks}) > 1)


def years(marks: Sequence[str], offsets: Sequence[int], value: Callable[[str], Decimal]) -> Tie:
    """Every year printed is the document's year plus its offset; a later date (of filing, of the report) lies after that year."""
    pairs = tuple(zip(marks, offsets, strict=True))

    def broken(r: Reader) -> bool:
        said = Counter(value(r.text(m)) - o for m, o in pairs if o <= 0)
        year = said.most_common(1)[0][0]
        return len(said) > 1 or any(value(r.text(m)) <= year for m, o in pairs if o > 0)

    return Tie("date", tuple(marks), broken)


def counted(numbers: Mapping[str, str]) -> Tie:
    """Headings of one run keep their numbers (mark → the number it must print)."""
    return Tie("structure", tuple(numbers), lambda r: any(r.text(m) != text for m, text in numbers.items()))

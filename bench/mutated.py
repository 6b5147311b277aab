"""One mistake at one place: what a tired clerk does to a finished document.

A mutation is kept only if it breaks a relation that the document states (judged by the generator's own arithmetic, not by
what the proofreader can check): a number that nothing hangs on cannot be found wrong by reading.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from bench.county import LOOK_ALIKE
from bench.marked import NARROW, NUMBERS, NUMERALS, WIDE, Drawn, Grid, Role, numeral, value_of

FLIPPED = {
    "增加": "减少",
    "减少": "增加",
    "增长": "下降",
    "下降": "增长",
    "大于": "小于",
    "小于": "大于",
    "高于": "低于",
    "低于": "高于",
}
OTHER_UNITS = {"万元": ["元", "亿元"], "元": ["万元"], "亿元": ["万元"]}


@dataclass(frozen=True, slots=True)
class Mutation:
    """`changed` is what prints otherwise; `place` are the marks where a finding counts as pointing there."""

    kind: str
    changed: dict[str, str]
    place: tuple[str, ...]
    broken: tuple[str, ...] = ()

    @property
    def number(self) -> str:
        """The one number that is wrong now, "" for a mutation of many or of none."""
        return next(iter(self.changed.values())) if len(self.changed) == 1 else ""


Change = Callable[[Drawn, random.Random], "Mutation | None"]


def _pick(doc: Drawn, rng: random.Random, roles: frozenset[Role] | set[Role], digits: int) -> str | None:
    """A number with so many digits, out of a table as often as out of the text."""
    marks = [m for m in doc.printed() if m.role in roles and sum(c.isdigit() for c in m.text) >= digits]
    here = [m for m in marks if m.in_table == (rng.random() < 0.5)] or marks
    return rng.choice(here).char if here else None


def _digits(
    doc: Drawn,
    rng: random.Random,
    roles: set[Role] | frozenset[Role],
    digits: int,
    edit: Callable[[str, random.Random], str],
) -> tuple[str, str] | None:
    """(mark, its text after an edit of the plain digits)."""
    mark = _pick(doc, rng, roles, digits)
    if mark is None:
        return None
    new = _edited(doc.marks[mark].text, rng, edit)
    return None if new is None else (mark, new)


def _edited(text: str, rng: random.Random, edit: Callable[[str, random.Random], str]) -> str | None:
    """The text after an edit of its plain digits; None where it still says the same number."""
    plain = text.translate(NARROW)
    new = edit(plain, rng)
    if new == plain or value_of(new) == value_of(plain):
        return None
    return new.translate(WIDE) if text != plain else new


def _positions(text: str) -> list[int]:
    return [i for i, c in enumerate(text) if c.isdigit()]


def _change(text: str, rng: random.Random) -> str:
    i = rng.choice(_positions(text))
    new = rng.choice([c for c in ("123456789" if i == 0 else "0123456789") if c != text[i]])
    return text[:i] + new + text[i + 1 :]


def _swap(text: str, rng: random.Random) -> str:
    at = _positions(text)
    pairs = [(a, b) for a, b in pairwise(at) if text[a] != text[b] and (a > 0 or text[b] != "0")]
    if not pairs:
        return text
    a, b = rng.choice(pairs)
    return text[:a] + text[b] + text[a + 1 : b] + text[a] + text[b + 1 :]


def _drop(text: str, rng: random.Random) -> str:
    i = rng.choice(_positions(text))
    new = text[:i] + text[i + 1 :]
    return new if new[:1].isdigit() and new[-1].isdigit() and not (new[0] == "0" and new[1:2].isdigit()) else text


def _double(text: str, rng: random.Random) -> str:
    i = rng.choice(_positions(text))
    return text[: i + 1] + text[i:]


MAIN = frozenset({Role.MONEY, Role.PERCENT, Role.PEOPLE})


def _number(
    kind: str, edit: Callable[[str, random.Random], str], roles: frozenset[Role] = MAIN, digits: int = 3
) -> Change:
    def change(doc: Drawn, rng: random.Random) -> Mutation | None:
        made = _digits(doc, rng, roles, digits, edit)
        return None if made is None else Mutation(kind, {made[0]: made[1]}, (made[0],))

    return change


def _count(doc: Drawn, rng: random.Random) -> Mutation | None:
    marks = [m for m in doc.printed() if m.role is Role.COUNT and m.text and value_of(m.text) > 0]
    if not marks:
        return None
    mark = rng.choice(marks)
    n = int(value_of(mark.text)) + rng.choice([-1, 1, 1, 2])
    if n < 1:
        return None
    text = (
        numeral(n)
        if mark.text[0] in NUMERALS
        else str(n).translate(WIDE)
        if mark.text != mark.text.translate(NARROW)
        else str(n)
    )
    return Mutation("count_changed", {mark.char: text}, (mark.char,))


def _points(kind: str, role: Role) -> Change:
    def change(doc: Drawn, rng: random.Random) -> Mutation | None:
        marks = [m for m in doc.printed() if m.role is role]
        if not marks:
            return None
        mark = rng.choice(marks)
        value = value_of(mark.text) + rng.choice([-2, -1, 1, 2, 3])
        return Mutation(kind, {mark.char: f"{value}"}, (mark.char,)) if value > 0 else None

    return change


def _unit(doc: Drawn, rng: random.Random) -> Mutation | None:
    marks = [m for m in doc.printed() if m.role is Role.UNIT]
    captions = [m for m in marks if m.in_table]
    pool = captions if captions and rng.random() < 0.3 else marks
    if not pool:
        return None
    mark = rng.choice(pool)
    read = tuple(m.char for m in doc.printed() if m.unit == mark.char and m.text)
    return Mutation("unit_changed", {mark.char: rng.choice(OTHER_UNITS[mark.text])}, (mark.char, *read))


def _year(doc: Drawn, rng: random.Random) -> Mutation | None:
    marks = [m for m in doc.printed() if m.role is Role.YEAR]
    mark = rng.choice(marks)
    year = int(value_of(mark.text)) + rng.choice([-1, -1, -1, 1, -2, 10])
    text = str(year).translate(WIDE) if mark.text != mark.text.translate(NARROW) else str(year)
    return Mutation("year_changed", {mark.char: text}, (mark.char,))


def _word(doc: Drawn, rng: random.Random) -> Mutation | None:
    marks = [m for m in doc.printed() if m.role is Role.WORD]
    if not marks:
        return None
    mark = rng.choice(marks)
    return Mutation("direction_flipped", {mark.char: FLIPPED[mark.text]}, (mark.char,))


def _item(doc: Drawn, rng: random.Random) -> Mutation | None:
    lists = [t for t in doc.ties if t.kind == "count_list"]
    if not lists:
        return None
    tie = rng.choice(lists)
    return Mutation("item_dropped", {rng.choice(tie.marks[2:]): ""}, tie.marks)


def _heading(doc: Drawn, rng: random.Random) -> Mutation | None:
    runs = [t for t in doc.ties if t.kind == "structure"]
    if not runs:
        return None
    tie = rng.choice(runs)
    i = rng.randrange(len(tie.marks))
    text = doc.marks[tie.marks[i]].text
    number = i + 1 + rng.choice([-1, 1, 1, 2])
    if number < 1:
        return None
    old = str(i + 1) if str(i + 1) in text else numeral(i + 1)
    new = text.replace(old, str(number) if old.isdigit() else numeral(number))
    return Mutation("heading_number", {tie.marks[i]: new}, tie.marks[max(0, i - 1) : i + 2])


def _name(doc: Drawn, rng: random.Random) -> Mutation | None:
    marks = [m for m in doc.printed() if m.role is Role.NAME]
    if not marks:
        return None
    mark = rng.choice(marks)
    i = rng.randrange(2)
    new = LOOK_ALIKE[mark.text[i]] if rng.random() < 0.6 else rng.choice([c for c in LOOK_ALIKE if c not in mark.text])
    return Mutation("name_character", {mark.char: mark.text[:i] + new + mark.text[i + 1 :]}, (mark.char,))


def _figures(doc: Drawn, grid: Grid) -> list[list[str]]:
    """The money marks of each body row."""
    return [
        [c[0] for c in row if len(c) == 1 and c in doc.marks and doc.marks[c].role is Role.MONEY]
        for row in grid.rows[grid.head :]
    ]


def _rows(kind: str, moved: Callable[[list[list[str]], random.Random], list[tuple[list[str], list[str]]]]) -> Change:
    """Rows whose figures change places, labels staying where they are."""

    def change(doc: Drawn, rng: random.Random) -> Mutation | None:
        grids = [g for g in doc.grids() if len(g.rows) - g.head >= 3]
        if not grids:
            return None
        rows = [r for r in _figures(doc, rng.choice(grids)) if r]
        lengths = [len(r) for r in rows]
        wide = max(lengths, key=lengths.count) if lengths else 0
        rows = [r for r in rows if len(r) == wide]
        if len(rows) < 3:
            return None
        changed = {a: doc.marks[b].text for to, source in moved(rows, rng) for a, b in zip(to, source, strict=True)}
        changed = {m: t for m, t in changed.items() if doc.marks[m].text != t}
        return Mutation(kind, changed, tuple(changed)) if changed else None

    return change


def _swapped(rows: list[list[str]], rng: random.Random) -> list[tuple[list[str], list[str]]]:
    a, b = rng.sample(rows, 2)
    return [(a, b), (b, a)]


def _shifted(rows: list[list[str]], rng: random.Random) -> list[tuple[list[str], list[str]]]:
    """A block of rows moved down by one, the last to its top."""
    n = rng.randint(3, min(6, len(rows)))
    start = rng.randrange(len(rows) - n + 1)
    block = rows[start : start + n]
    return list(zip(block, [block[-1], *block[:-1]], strict=True))


KINDS: dict[str, Change] = {
    "digit_changed": _number("digit_changed", _change),
    "digits_swapped": _number("digits_swapped", _swap),
    "digit_dropped": _number("digit_dropped", _drop),
    "digit_doubled": _number("digit_doubled", _double),
    "row_swap": _rows("row_swap", _swapped),
    "row_shift": _rows("row_shift", _shifted),
    "unit_changed": _unit,
    "year_changed": _year,
    "direction_flipped": _word,
    "item_dropped": _item,
    "count_changed": _count,
    "weight_changed": _points("weight_changed", Role.WEIGHT),
    "score_changed": _points("score_changed", Role.SCORE),
    "heading_number": _heading,
    "name_character": _name,
}


def mutate(doc: Drawn, kind: str, rng: random.Random, tries: int = 60) -> Mutation | None:
    """A mutation of a kind that breaks a stated relation; None where the document offers none."""
    for _ in range(tries):
        made = KINDS[kind](doc, rng)
        if made is None:
            continue
        broken = doc.broken(made.changed)
        if broken:
            return Mutation(made.kind, made.changed, made.place, tuple(sorted({t.kind for t in broken})))
    return None


def mutate_relation(doc: Drawn, relation: str, rng: random.Random, tries: int = 60) -> Mutation | None:
    """A wrong digit in a number of one kind of relation, so wrong that the relation itself no longer holds."""
    ties = [t for t in doc.ties if t.kind == relation]
    edits = {"digit_changed": _change, "digits_swapped": _swap, "digit_dropped": _drop, "digit_doubled": _double}
    for _ in range(tries if ties else 0):
        tie, kind = rng.choice(ties), rng.choice(sorted(edits))
        mark = doc.marks[rng.choice(tie.marks)]
        if mark.role not in NUMBERS or not _positions(mark.text):
            continue
        text = _edited(mark.text, rng, edits[kind])
        if text is None:
            continue
        broken = doc.broken({mark.char: text})
        if tie in broken:
            return Mutation(kind, {mark.char: text}, (mark.char,), tuple(sorted({t.kind for t in broken})))
    return None

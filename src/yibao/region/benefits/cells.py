"""Cells: a number, or conditions with a number each. The row with more words wins; a tie is an error, no row is a hole.

A cell is parsed once; `Cell.read` then answers for a situation. Numbers are whole: fen, millionths, or a count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

from yibao.region.benefits.words import DIMENSIONS, ELSE, TOP, Test, domain, read_word

Groups = Mapping[str, frozenset[str]]  #: name of a group → its identities
Facts = Mapping[str, Any]  #: dimension → what a visit is
Reader = Callable[[Any], int | None]  #: a written number → whole units; ValueError (Chinese) for what is none


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a cell."""

    said: str  #: the condition as written
    tests: tuple[Test, ...]  #: one a dimension
    weight: tuple[int, int]  #: words, words for one identity
    value: int | None

    def holds(self, facts: Facts) -> bool:
        for test in self.tests:
            value = facts[test.dimension]
            if not (test.low <= value <= test.high if test.is_range else value in test.values):
                return False
        return True


class Tie(ValueError):
    """Two rows hold with equal weight."""


@dataclass(frozen=True, slots=True)
class Cell:
    rows: tuple[Row, ...]  #: heaviest first

    def read(self, facts: Facts) -> Row | None:
        """The row that counts, None where none holds; Tie where two hold equally."""
        found: Row | None = None
        for row in self.rows:
            if found is not None and row.weight < found.weight:
                break
            if row.holds(facts):
                if found is not None:
                    raise Tie(f"“{found.said}”和“{row.said}”同时成立，分不出先后，请写得更具体")
                found = row
        return found

    def tests(self) -> Iterator[Test]:
        for row in self.rows:
            yield from row.tests

    @property
    def dimensions(self) -> tuple[str, ...]:
        """What the cell asks of a visit, in the order of the table of words."""
        asked = {test.dimension for test in self.tests()}
        return tuple(name for name in DIMENSIONS if name in asked)


def parse(written: Any, read: Reader, groups: Groups) -> Cell:
    """The cell of a written value; ValueError (Chinese) for an unknown word or a value that is no number.

    >>> cell = parse({"三级": 1000, "else": 200, "三级 次数>=2": 500}, int, {})
    >>> [(row.said, row.value) for row in cell.rows]
    [('三级 次数>=2', 500), ('三级', 1000), ('else', 200)]
    """
    if not isinstance(written, Mapping):
        return Cell((Row("", (), (0, 0), read(written)),))
    if not written:
        raise ValueError("条件表是空的")
    rows = [_row(condition, value, read, groups) for condition, value in written.items()]
    return Cell(tuple(sorted(rows, key=lambda row: row.weight, reverse=True)))


def condition(text: str, groups: Groups) -> tuple[Test, ...]:
    """The tests of a condition; ValueError (Chinese) for an unknown word or one that never holds."""
    return _merged([read_word(word, groups) for word in text.split()], text)


def _row(condition: Any, value: Any, read: Reader, groups: Groups) -> Row:
    if isinstance(value, Mapping | list):
        raise ValueError(f"“{condition}”后面应是一个数")
    words = str(condition).split()
    if words in ([ELSE[0]], [ELSE[1]]):
        return Row(str(condition), (), (0, 0), read(value))
    if not words:
        raise ValueError("条件是空的，什么情形都适用的写 else")
    tests = [read_word(word, groups) for word in words]
    own = sum(test.dimension == "identity" and not test.group for test in tests)
    return Row(str(condition), _merged(tests, str(condition)), (len(words), own), read(value))


def _merged(tests: list[Test], said: str) -> tuple[Test, ...]:
    """One test a dimension: two ends make a range; ValueError where nothing could hold, or a word is said twice."""
    found: dict[str, Test] = {}
    for test in tests:
        before = found.get(test.dimension)
        if before == test:
            raise ValueError(f"“{said}”里有一个词写了两次")
        both = test if before is None else _both(before, test)
        if both is None:
            raise ValueError(f"“{said}”永远不会成立")
        found[test.dimension] = both
    return tuple(found.values())


def _both(one: Test, other: Test) -> Test | None:
    """Where both hold; None for nowhere."""
    if one.is_range:
        low, high = max(one.low, other.low), min(one.high, other.high)
        return Test(one.dimension, low=low, high=high) if low <= high else None
    values = one.values & other.values
    return Test(one.dimension, values, group=one.group and other.group) if values else None


def tie(cell: Cell) -> str | None:
    """What some visit could make ambiguous: two rows of equal weight that hold together, and none that beats them.

    >>> tie(parse({"三级": 1, "退休": 2, "else": 3}, int, {}))
    '“三级”和“退休”'
    >>> tie(parse({"三级": 1, "退休": 2, "三级 退休": 4, "else": 3}, int, {}))
    """
    for one, other in combinations(cell.rows, 2):
        if one.weight == other.weight and (box := meet(one.tests, other.tests)) is not None:
            above = [row for row in cell.rows if row.weight > one.weight and meet(box, row.tests) is not None]
            if not covered(box, above):
                return f"“{one.said or '数'}”和“{other.said}”"
    return None


def meet(one: tuple[Test, ...], other: tuple[Test, ...]) -> tuple[Test, ...] | None:
    """The tests of both together; None where they cannot both hold."""
    found = {test.dimension: test for test in one}
    for test in other:
        before = found.get(test.dimension)
        both = test if before is None else _both(before, test)
        if both is None:
            return None
        found[test.dimension] = both
    return tuple(found.values())


def covered(box: tuple[Test, ...], rows: Sequence[Row]) -> bool:
    """Does one of the rows hold at every point of the box? Tried at one point of each kind that they distinguish."""
    asked = {test.dimension: test for test in box}
    dimensions = sorted({test.dimension for row in rows for test in row.tests} | set(asked))
    points = [_points(asked.get(name, Test(name)), name, rows) for name in dimensions]
    return all(
        any(row.holds(facts) for row in rows)
        for facts in (dict(zip(dimensions, point, strict=True)) for point in product(*points))
    )


def _points(within: Test, dimension: str, rows: Sequence[Row]) -> list[object]:
    tests = [test for row in rows for test in row.tests if test.dimension == dimension]
    if DIMENSIONS[dimension].kind == "range":
        starts = {within.low, *(t.low for t in tests), *(t.high + 1 for t in tests if t.high < TOP)}
        return [at for at in sorted(starts) if within.low <= at <= within.high]
    if within.values:
        return sorted(within.values, key=str)
    named = {value for test in tests for value in test.values}
    return sorted(named | domain(dimension), key=str)

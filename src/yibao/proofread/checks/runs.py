"""Printed numbers in order (一、二、三；1. 2. 3.；一是、二是) → runs, and the places where a run breaks.

Lists nest, restart and take up again, so every run that is open may be continued; the innermost one is asked first. A
number that continues none of them and is not one breaks the innermost run of its style.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from yibao.proofread.findings import Evidence

MAX_OPEN = 12  #: runs that stay open at once


class BreakKind(StrEnum):
    GAP = "gap"
    REPEAT = "repeat"
    BACK = "back"
    ORPHAN = "orphan"


@dataclass(frozen=True, slots=True)
class Item:
    """One printed number. `place` orders it: (block, offset)."""

    style: str
    number: int
    label: str
    title: str
    place: tuple[int, int]
    evidence: Evidence


@dataclass
class Run:
    """Numbers of one style that follow each other. After a break both continuations are awaited."""

    style: str
    items: list[Item]
    awaited: set[int] = field(default_factory=set)

    def add(self, item: Item) -> None:
        self.items.append(item)
        self.awaited = {item.number + 1}

    @property
    def last(self) -> Item:
        return self.items[-1]


@dataclass(frozen=True, slots=True)
class Break:
    """`item` does not follow `before`. `run` holds everything before and after it."""

    kind: BreakKind
    run: Run
    item: Item
    before: Item | None

    @property
    def led(self) -> int:
        """How many items of the run stand in order before the break."""
        return self.run.items.index(self.item)

    @property
    def goes_on(self) -> bool:
        """The run counts on behind the item that broke it: from its number, or as if it had carried the right one."""
        here = self.run.items.index(self.item)
        next_ones = {self.item.number + 1, *((self.before.number + 2,) if self.before else ())}
        return any(later.number in next_ones for later in self.run.items[here + 1 :])

    @property
    def after(self) -> Item | None:
        here = self.run.items.index(self.item)
        return self.run.items[here + 1] if here + 1 < len(self.run.items) else None


def walk(items: Sequence[Item], *, nests: bool = False) -> tuple[list[Run], list[Break]]:
    """The runs of the items, in order of their beginning, and their breaks.

    Where a run of one style `nests` in another one of that style (一是：一是、二是。二是), the outer one stays open.

    >>> from yibao.proofread.document import Place
    >>> def of(*numbers): return [Item("1.", n, f"{n}.", "", (i, 0), Evidence(f"{n}.", Place("a", i))) for i, n in enumerate(numbers)]
    >>> runs, breaks = walk(of(1, 2, 1, 2, 4))
    >>> [[i.number for i in r.items] for r in runs], [(b.kind.value, b.item.number) for b in breaks]
    ([[1, 2], [1, 2, 4]], [('gap', 4)])
    """
    runs: list[Run] = []
    stack: list[Run] = []
    breaks: list[Break] = []
    for item in items:
        continued = next(
            (run for run in reversed(stack) if run.style == item.style and item.number in run.awaited), None
        )
        if continued is not None:
            _close_above(stack, continued)
            continued.add(item)
            continue
        if item.number == 1:
            _open(runs, stack, item, nests)
            continue
        broken = next((run for run in reversed(stack) if run.style == item.style), None)
        if broken is None:
            run = _open(runs, stack, item, nests)
            breaks.append(Break(BreakKind.ORPHAN, run, item, None))
            continue
        _close_above(stack, broken)
        before = broken.last
        broken.add(item)
        broken.awaited.add(before.number + 2)
        breaks.append(Break(_kind(before, item), broken, item, before))
    return runs, breaks


def _open(runs: list[Run], stack: list[Run], item: Item, nests: bool) -> Run:
    if stack and stack[-1].style == item.style and not nests:
        stack.pop()
    run = Run(item.style, [])
    run.add(item)
    runs.append(run)
    stack.append(run)
    if len(stack) > MAX_OPEN:
        del stack[0]
    return run


def _close_above(stack: list[Run], run: Run) -> None:
    while stack[-1] is not run:
        stack.pop()


def _kind(before: Item, item: Item) -> BreakKind:
    if item.number == before.number:
        return BreakKind.REPEAT
    return BreakKind.GAP if item.number > before.number else BreakKind.BACK

"""Two years of stays put into cells: the change of mean cost (fen) and of mean stay (10⁻⁶ day), for the region and each hospital."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from yibao.dip.watch.decomposition import Cell, Change, Totals, change
from yibao.dip.watch.stays import Hospital, Stays
from yibao.dip.watch.sums import MILLION, Ints, counted, summed, together
from yibao.money import Fen, in_unit

Cells = dict[Cell, Totals]
SAID = {
    "price": "同院同病种的费用变化",
    "mix": "同院病种结构变化",
    "new": "机构新收的病种",
    "gone": "机构不再收的病种",
    "joined": "新加入的机构",
    "left": "退出的机构",
}


@dataclass(frozen=True)
class Changes:
    """Of the region, and of each hospital that both years have."""

    cost: Change | None
    days: Change | None
    hospitals: tuple[tuple[Hospital, Change, Change], ...]


def cells_of(stays: Stays, values: Ints) -> Cells:
    """Cases and totals by hospital and disease."""
    disease, names = stays.disease
    cell, first = together(stays.hospital, disease)
    counts, totals = counted(cell, len(first)), summed(cell, values, len(first))
    keys = [(stays.hospitals[stays.hospital[i]].code, names[disease[i]]) for i in first.tolist()]
    return {key: (int(n), int(t)) for key, n, t in zip(keys, counts, totals, strict=True)}


def changes(before: Stays, after: Stays) -> Changes:
    cost, days = (_pair(before, after, value) for value in (lambda s: s.cost, lambda s: s.ints("days") * MILLION))
    each = []
    for hospital in after.hospitals:
        mine = [change(*(_of(cells, hospital.code) for cells in pair)) for pair in (cost, days)]
        if mine[0] is not None and mine[1] is not None:
            each.append((hospital, mine[0], mine[1]))
    return Changes(change(*cost), change(*days), tuple(each))


def _pair(before: Stays, after: Stays, value: Callable[[Stays], Ints]) -> tuple[Cells, Cells]:
    return cells_of(before, value(before)) if len(before) else {}, cells_of(after, value(after))


def _of(cells: Cells, hospital: str) -> Cells:
    return {cell: totals for cell, totals in cells.items() if cell[0] == hospital}


def explained(found: Change, year: int) -> str:
    """One sentence for whoever must explain the mean cost of a year.

    >>> parts = {"price": -1000, "mix": 500, "new": 0, "gone": 0, "joined": -26_006, "left": 0}
    >>> explained(Change(526_006, 499_500, parts, (4, 26, 0), (10, 10)), 2025)
    '2025年次均费用4,995.00元，比上年的5,260.06元减少265.06元：同院同病种的费用变化-10.00元，同院病种结构变化+5.00元，新加入的机构（26家）-260.06元；同院同病种比较（4家机构，上年结构）为减少10.00元。'
    """
    counts = dict(zip(("joined", "left"), found.hospitals[1:], strict=True))
    parts = [
        f"{SAID[name]}{f'（{counts[name]}家）' if name in counts else ''}{_signed(part)}元"
        for name, part in found.parts.items()
        if part
    ]
    head = f"{year}年次均费用{_yuan(found.after)}元，比上年的{_yuan(found.before)}元{_moved(found.difference)}"
    like = f"同院同病种比较（{found.hospitals[0]}家机构，上年结构）为{_moved(found.like_for_like)}"
    if not found.kept[0]:
        like = "两年没有相同的机构和病种，不能作同院同病种比较"
    return f"{head}{'：' if parts else ''}{'，'.join(parts)}；{like}。"


def _yuan(fen: int) -> str:
    return f"{in_unit(Fen(fen)):,}"


def _signed(fen: int) -> str:
    return f"{'+' if fen > 0 else ''}{_yuan(fen)}"


def _moved(fen: int) -> str:
    return f"{'增加' if fen > 0 else '减少'}{_yuan(abs(fen))}元" if fen else "没有变化"


def hospital_order(stays: Stays) -> list[int]:
    """Hospitals as people list them: the higher level first, then by cases."""
    count = counted(stays.hospital, len(stays.hospitals))
    return sorted(
        range(len(stays.hospitals)),
        key=lambda i: (-int(stays.hospitals[i].level or 0), -int(count[i]), stays.hospitals[i].code),
    )


def months_of(stays: Stays) -> tuple[Ints, list[int]]:
    """The month of each stay, numbered from January on; and the months up to the last that has stays, also those without any."""
    month = stays.ints("month")
    january, last = int(month.min()) // 100 * 100 + 1, int(month.max())
    return month - january, list(range(january, last + 1))

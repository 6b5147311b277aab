"""Which rows may make up a total row of a table that nobody declared: by position, numbering, subtotals."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from yibao.proofread.forms.grid import Row

_CODE = re.compile(r"^(\d{3}(?:\d{2}){0,2})(?!\d)")
_SUBTOTAL = re.compile(r"小计")
_UNADDED = re.compile(r"率|人均|次均|比例|占比|同比|增减|平均")


@dataclass(frozen=True, slots=True)
class Decomposition:
    """A total row and rows that may add up to it. `plain`: an unnumbered list without other totals, nothing to mistake."""

    total: Row
    parts: tuple[Row, ...]
    plain: bool = False


def decompositions(rows: Sequence[Row]) -> list[list[Decomposition]]:
    """For every total row the ways in which it may be made up, likeliest first. `rows` are those with amounts."""
    found = []
    for at, row in enumerate(rows):
        if row.is_total and not _UNADDED.search(row.name):
            choices = _choices(rows, at)
            if choices:
                found.append(choices)
    return found


def _choices(rows: Sequence[Row], at: int) -> list[Decomposition]:
    total = rows[at]
    totals = [i for i, r in enumerate(rows) if r.is_total]
    before = max((i for i in totals if i < at), default=-1)
    after = min((i for i in totals if i > at), default=len(rows))
    ranges = [rows[before + 1 : at], rows[at + 1 : after]]
    subtotals = [r for r in rows if r.is_total and r is not total and _SUBTOTAL.search(r.name)]
    out: list[Decomposition] = []
    for part in ranges:
        out.extend(_levels(total, part, alone=len(totals) == 1))
    if len(subtotals) > 1 and not _SUBTOTAL.search(total.name):
        out.append(Decomposition(total, tuple(subtotals)))
    if len(totals) > 1 and not _SUBTOTAL.search(total.name):
        leaves = [r for r in rows if not r.is_total]
        out.extend(_levels(total, leaves, alone=False))
    return list(dict.fromkeys(out))


def _levels(total: Row, rows: Sequence[Row], *, alone: bool) -> list[Decomposition]:
    """The rows of the outermost numbering; those of the outermost codes; all of them. 其中 rows are never parts."""
    rows = [r for r in rows if not r.subset and not _UNADDED.search(r.name)]
    if len(rows) < 2:
        return []
    out = []
    ranks = {r.rank for r in rows}
    numbered = [r.rank for r in rows if r.rank is not None]
    coded = _outermost_codes(rows)
    if numbered:
        outer = tuple(r for r in rows if r.rank == min(numbered))
        if len(outer) > 1:
            out.append(Decomposition(total, outer))
    if coded and len(coded) != len(rows):
        out.append(Decomposition(total, tuple(coded)))
    out.append(Decomposition(total, tuple(rows), plain=(alone and ranks <= {None}) or (alone and len(ranks) == 1)))
    return out


def _outermost_codes(rows: Sequence[Row]) -> list[Row]:
    codes = {m[1] for r in rows if (m := _CODE.match(r.label))}
    if not codes:
        return []
    return [
        r
        for r in rows
        if (m := _CODE.match(r.label)) is None or not any(m[1][:n] in codes for n in (3, 5) if n < len(m[1]))
    ]

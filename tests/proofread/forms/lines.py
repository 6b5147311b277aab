"""Tables for tests, written as tab-separated lines."""

from __future__ import annotations

from collections.abc import Sequence

from yibao.proofread.document import Cell, Table
from yibao.proofread.findings import Check
from yibao.proofread.forms import rules_of
from yibao.proofread.forms.facts import FormContext, FormRules
from yibao.region.packs import region


def table(text: str, caption: str = "", unit: str = "", notes: tuple[str, ...] = (), *, weak: bool = False) -> Table:
    """A table from lines with tabs (or with |, where that reads better); short rows are filled up."""
    lines = [line for line in text.strip("\n").split("\n") if line.strip()]
    rows = [[cell.strip() for cell in line.split("|" if "|" in line else "\t")] for line in lines]
    width = max((len(row) for row in rows), default=0)
    grid = tuple(
        tuple(Cell(text, r, c) for c, text in enumerate(row + [""] * (width - len(row)))) for r, row in enumerate(rows)
    )
    return Table(grid, caption, unit, notes, raw_rows=tuple(lines), weak=weak)


def context(year: int | None = 2031, *, rules: bool = True, unit: str = "") -> FormContext:
    """A context under the national rules of the year."""
    known = rules_of(region(), year) if rules else FormRules()
    return FormContext("样例.txt", 3, year=year, default_unit=unit, rules=known)


def verdicts(checks: Sequence[Check], kind: str) -> list[str]:
    return [str(c.verdict) for c in checks if c.kind == kind]


def failed(checks: Sequence[Check]) -> list[Check]:
    return [c for c in checks if c.verdict in ("inconsistent", "suspicious")]

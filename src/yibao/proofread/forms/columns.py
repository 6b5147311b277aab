"""What a header says about time and kind of amount, and the checks on columns that are computed from other columns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yibao.proofread.findings import Check, Verdict
from yibao.proofread.forms.arithmetic import combine, rate
from yibao.proofread.forms.grid import Column, Grid, Number
from yibao.proofread.norm import normalise
from yibao.vocabulary.figures import basis_of

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_LAST_YEAR = re.compile(r"上年|去年|上一年|前一年")
_EXECUTION = re.compile(r"执行率|完成率|控制率|完成(?:年初|全年)?预算|[占为]预算|预算完成|执行进度|支出进度")
_GROWTH = re.compile(r"增减?(?:长|幅)|增减(?:率|%|％|比例|百分比)|同比|比上年.{0,4}[%％]|增长%|变动率")
_CHANGE = re.compile(r"增减额|增减数|增加额|差额|增减变化|增减$|比(?:上年|预算).{0,4}(?:增减|增加|变动)")
_PERCENT = re.compile(r"[%％]|率|比例|百分比|幅|增长$")


@dataclass(frozen=True, slots=True)
class Period:
    """Year and basis of an amount, as far as its header and title tell them."""

    year: int | None
    basis: str


@dataclass(frozen=True, slots=True)
class Derived:
    """A column computed from others: "execution" (final ÷ budget), "growth" (in percent), "change" (an amount)."""

    column: int
    sort: str


def year_in(text: str) -> int | None:
    """The first calendar year printed in a text.

    >>> year_in("2025年度项目支出绩效自评表"), year_in("表3")
    (2025, None)
    """
    m = _YEAR.search(text)
    return int(m[1]) if m else None


def title_year(texts: Sequence[str], fallback: int | None) -> int | None:
    """The year that a table's own title names, else the document's."""
    return next((y for text in texts if (y := year_in(normalise(text).text)) is not None), fallback)


def period_of(header: str, year: int | None, title: str = "") -> Period:
    """Year and basis of a column. The title helps where the header is silent ("金额" in a 决算表).

    >>> period_of("上年决算数", 2025), period_of("2025年预算数", 2025)
    (Period(year=2024, basis='final'), Period(year=2025, basis='budget'))
    """
    own = year_in(header)
    if own is None and year is not None:
        own = year - 1 if _LAST_YEAR.search(header) else year
    return Period(own, basis_of(header) or basis_of(title) or "final")


def derived_columns(grid: Grid) -> tuple[Derived, ...]:
    """The value columns whose header says that they are computed."""
    found = []
    for column in grid.value_columns:
        name = column.path[-1] if column.path else ""
        sort = _sort(column, name)
        if sort:
            found.append(Derived(column.index, sort))
    return tuple(found)


def _sort(column: Column, name: str) -> str:
    percent = _PERCENT.search(name) is not None or (column.unit is not None and column.unit.dimension == "ratio")
    if _EXECUTION.search(column.name) and percent:
        return "execution"
    if (_GROWTH.search(column.name) or _CHANGE.search(column.name)) and percent:
        return "growth"
    return "change" if _CHANGE.search(column.name) else ""


def derived_checks(
    grid: Grid, derived: Derived, row: int, amounts: Mapping[int, Period], year: int | None
) -> list[Check]:
    """The checks of one computed cell. `amounts` are the plain columns with their periods.

    A header rarely says which budget or which year it is compared with; every reading that the columns allow is tried,
    and only a number that fits none of them is reported.
    """
    stated = grid.number(row, derived.column)
    if stated is None:
        return []
    subject = f"{stated.label}（{stated.column}）"
    pairs = _pairs(derived.sort, amounts, year, grid.columns[derived.column].name)
    checks: list[Check] = []
    for now, base in pairs:
        a, b = grid.number(row, now), grid.number(row, base)
        check = _one(derived.sort, stated, a, b, subject)
        if check is not None:
            checks.append(check)
    good = [c for c in checks if c.verdict in (Verdict.CONSISTENT, Verdict.ROUNDING)]
    return good[:1] or checks[:1]


def _one(sort: str, stated: Number, now: Number | None, base: Number | None, subject: str) -> Check | None:
    if now is None or base is None:
        return None
    if sort == "execution":
        return rate("execution_rate", stated, now, base, subject)
    if sort == "change":
        return combine("difference", stated, [(1, now), (-1, base)], subject)
    return rate("growth", stated, now, base, subject, growth=True)


def _pairs(sort: str, amounts: Mapping[int, Period], year: int | None, header: str) -> list[tuple[int, int]]:
    """(now, base) columns, the likeliest first: the latest final over its budgets, or over last year's final."""
    finals = [c for c, p in amounts.items() if p.basis in ("final", "actual")]
    now = [c for c in finals if amounts[c].year == year] or finals
    budgets = [c for c, p in amounts.items() if p.basis in ("adjusted", "budget", "initial")]
    budgets.sort(key=lambda c: ("adjusted", "budget", "initial").index(amounts[c].basis))
    last = [c for c in finals if c not in now]
    if sort == "execution":
        return [(a, b) for a in now for b in budgets]
    over_budget = "预算" in header
    bases = [*budgets, *last] if over_budget else [*last, *budgets]
    return [(a, b) for a in (*now, *budgets) for b in bases if a != b]

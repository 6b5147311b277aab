"""Lines of a table that compute other lines, whichever way the table lies: 结余 = 收入 − 支出, 完成率 = 实际 ÷ 预算."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from yibao.proofread.findings import Check
from yibao.proofread.forms.arithmetic import combine, rate
from yibao.proofread.forms.grid import Grid, Number

_FLOWS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("opening", re.compile(r"^(?:上年|年初|期初|上期)(?:末)?(?:基金)?(?:滚存|累计)?(?:结余|结存|结转)")),
    (
        "closing",
        re.compile(r"^(?:年末|期末|本年末)?(?:基金)?(?:累计|滚存)(?:滚存)?(?:结余|结存)|^(?:年末|期末)(?:结余|结存)"),
    ),
    ("balance", re.compile(r"^(?:本年|当年|当期|本期)(?:基金)?(?:收支)?(?:结余|结存)|^收支结余|^结余$")),
    ("income", re.compile(r"^(?:本年|当年|当期|本期)?(?:基金)?(?:累计)?总?收入(?:合计|总计)?$")),
    ("expense", re.compile(r"^(?:本年|当年|当期|本期)?(?:基金)?(?:累计)?总?支出(?:合计|总计)?$")),
)
_RATE_LINE = re.compile(r"^(?P<what>.{0,12}?)(?:预算)?(?P<kind>完成率|执行率|完成比例|执行比例)$")
_PLANNED = re.compile(r"预算|计划|目标")
_DONE = re.compile(r"实际|执行|决算|完成")


@dataclass(frozen=True, slots=True)
class Strip:
    """Rows or columns by their names, crossed by the other direction: `cell(line, cross)` is the number there."""

    names: Mapping[int, str]
    crossing: Sequence[int]
    cell: Callable[[int, int], Number | None]


def strips(grid: Grid) -> Iterator[Strip]:
    """The table read along its columns and along its rows."""
    values = [c for c in grid.value_columns if c.path]
    rows = [r for r in grid.body if r.name]
    yield Strip({c.index: c.path[-1] for c in values}, [r.index for r in rows], lambda col, row: grid.number(row, col))
    if len(grid.label_columns) <= 1:
        yield Strip({r.index: r.name for r in rows}, [c.index for c in values], grid.number)


def flow_checks(strip: Strip, subject: Callable[[str], str]) -> Iterator[list[Check]]:
    """One list for each relation between lines, an entry for every crossing line that could be evaluated."""
    lines = _flow_lines(strip)
    if {"income", "expense", "balance"} <= set(lines):
        yield list(
            _sums(strip, "fund_balance", lines["balance"], ((1, lines["income"]), (-1, lines["expense"])), subject)
        )
    if {"opening", "balance", "closing"} <= set(lines):
        yield list(
            _sums(strip, "fund_closing", lines["closing"], ((1, lines["opening"]), (1, lines["balance"])), subject)
        )
    for line, planned, done in _rate_lines(strip):
        checks = []
        for cross in strip.crossing:
            stated = strip.cell(line, cross)
            text = subject(f"{strip.names[line]}（{stated.label if stated else ''}）")
            check = rate("completion_rate", stated, strip.cell(done, cross), strip.cell(planned, cross), text)
            if check is not None:
                checks.append(check)
        yield checks


def _flow_lines(strip: Strip) -> dict[str, int]:
    """The lines that a flow needs; a name printed twice (two funds side by side) decides nothing."""
    found: dict[str, list[int]] = {}
    for line, name in strip.names.items():
        role = next((role for role, pattern in _FLOWS if pattern.search(name)), None)
        if role:
            found.setdefault(role, []).append(line)
    return {role: lines[0] for role, lines in found.items() if len(lines) == 1}


def _sums(
    strip: Strip, kind: str, target: int, terms: Sequence[tuple[int, int]], subject: Callable[[str], str]
) -> Iterator[Check]:
    for cross in strip.crossing:
        stated = strip.cell(target, cross)
        parts = [(sign, strip.cell(line, cross)) for sign, line in terms]
        if stated is None or any(n is None or n.quantity.unit != stated.quantity.unit for _, n in parts):
            continue
        check = combine(kind, stated, parts, subject(f"{strip.names[target]}（{stated.label}）"))
        if check is not None:
            yield check


def _rate_lines(strip: Strip) -> Iterator[tuple[int, int, int]]:
    """(rate, planned, done): between two rate lines exactly one names the thing as planned, and one as done."""
    about: list[tuple[int, str]] = []
    for line, name in strip.names.items():
        m = _RATE_LINE.match(name)
        if m is None:
            about.append((line, name))
            continue
        own = [(k, v) for k, v in about if m["what"] in v]
        about = []
        planned = [k for k, v in own if _PLANNED.search(v)]
        done = [k for k, v in own if _DONE.search(v) and not _PLANNED.search(v)]
        if m["what"] and len(planned) == len(done) == 1:
            yield line, planned[0], done[0]

"""Identities inside one table of 部门决算 or 部门预算: I1–I11 of the guide, §5.4.

A relation that fails in a table whose columns were guessed, or beside amounts that nobody recognised, proves nothing: it is
lowered to uncheckable.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from yibao.proofread.checks.accounts_sides import two_sided
from yibao.proofread.checks.accounts_sums import (
    adds_up,
    balance,
    column_name,
    each_column,
    line_name,
    lowered,
    table_name,
)
from yibao.proofread.findings import Check, Verdict
from yibao.proofread.forms.accounts_table import Account, Line
from yibao.proofread.forms.accounts_words import words
from yibao.proofread.forms.arithmetic import trusted
from yibao.proofread.forms.grid import Number

SOURCES = ("carry", "fiscal", "nontax", "superior", "enterprise", "business", "subsidiary", "other")
BUDGETS = ("general", "government_fund", "state_capital", "social")
USES = ("basic", "project", "superior", "business", "subsidiary")
Parts = tuple[str, ...]


def inside(account: Account) -> list[Check]:
    """Every relation of one table that could be evaluated, also those that hold."""
    if account.empty:
        return []
    if account.kind == "three_public":
        found = list(_three_public(account))
    elif account.kind in ("summary", "fiscal", "balance"):
        found = [*two_sided(account), *_rows(account, account.on("expense"))]
    else:
        found = [*_tree(account), *_class_totals(account), *_rows(account, account.lines)]
    if not account.table.weak:
        return found
    kinds = dict.fromkeys(c.kind for c in found)
    return [c for kind in kinds for c in trusted([c for c in found if c.kind == kind], False)]


def _tree(account: Account) -> Iterator[Check]:
    """I4: every code = Σ of the codes printed below it, and the total = Σ of the outermost codes, column by column."""
    items = list(account.items())
    if not items:
        yield from _named_items(account)
        return
    children = _children(items)
    repeated = any(n > 1 for n in Counter(x.code for x in items).values())
    loose = any(x.role == "" and not x.code and any(n.value for n in x.amounts.values()) for x in account.lines)
    torn = account.table.weak and any(not x.amounts for x in items)
    sound = not (repeated or loose or torn)
    total = account.line("total")
    summed = total is not None or account.line("public") is not None
    for line in items:
        if below := children.get(id(line)):
            cut = not summed and items[-1].code.startswith(line.code)  # the page may end before its items do
            yield from each_column(account, line, below, sound and not cut)
    sound = sound and bool(account.title)
    if total is not None and account.kind != "basic":
        yield from each_column(account, total, children[0], sound)


def _children(items: Sequence[Line]) -> dict[int, list[Line]]:
    """Lines below each line, by the identity of the parent; 0 for the outermost ones."""
    by_code = {x.code: x for x in items}
    children: dict[int, list[Line]] = defaultdict(list)
    for line in items:
        above = (by_code.get(line.code[:n]) for n in (5, 3) if n < len(line.code))
        parent = next((p for p in above if p is not None), None)
        children[id(parent) if parent else 0].append(line)
    return children


def _named_items(account: Account) -> Iterator[Check]:
    """A table without codes: names have no visible level, so a sum that fails proves nothing."""
    total = account.line("total")
    parts = [x for x in account.lines if x.role == "" and not x.subset]
    if total is not None and len(parts) > 1:
        yield from each_column(account, total, parts, sound=False)


def _class_totals(account: Account) -> Iterator[Check]:
    """I9: 人员经费 = 301 + 303, 公用经费 = 302 + 307 + 310 + 399, 合计 = both."""
    if account.kind not in ("basic", "economic"):
        return
    classes = [x for x in account.items() if len(x.code) == 3]
    spoken = {"personnel": words().economic.personnel, "public": words().economic.public}
    for role, codes in spoken.items():
        line = account.line(role)
        parts = [x for x in classes if x.code in codes]
        if line is not None and parts:
            yield from each_column(account, line, parts)
    total = account.line("total")
    if total is None:
        return
    halves = [x for role in spoken if (x := account.line(role))]
    if len(halves) == 2:
        yield from each_column(account, total, halves)
    elif classes:
        yield from each_column(account, total, classes)


def _rows(account: Account, lines: Iterable[Line]) -> Iterator[Check]:
    """I5, I6, I7, I8, I11: the total of a row = Σ of its columns. Of several readings the one that most rows obey counts."""
    lines = [x for x in lines if x.amounts]
    for target, readings in _row_relations(account):
        tried = [[c for x in lines if (c := _row(account, x, target, parts)) is not None] for parts in readings]
        if not tried:
            continue
        best = max(tried, key=lambda checks: sum(c.verdict in (Verdict.CONSISTENT, Verdict.ROUNDING) for c in checks))
        held = sum(c.verdict in (Verdict.CONSISTENT, Verdict.ROUNDING) for c in best)
        failed = sum(c.verdict is Verdict.INCONSISTENT for c in best)
        sound = account.certain and (held >= failed or held > 0 or failed == 1)
        yield from best if sound else trusted(best, False)
    yield from _flows(account, lines)


def _row_relations(account: Account) -> Iterator[tuple[str, list[Parts]]]:
    has = set(account.columns)

    def present(*names: str) -> Parts:
        return tuple(n for n in names if n in has)

    if account.kind == "income":
        budgets = present(*BUDGETS)
        if "fiscal" in has and budgets:
            yield "fiscal", [budgets]
        whole = present(*SOURCES, *(() if "fiscal" in has else BUDGETS))
        units = ("superior", "enterprise", "business", "subsidiary", "other")
        grouped = (*(p for p in whole if p not in units), "unit") if "unit" in has else ()
        yield "total", [p for p in (whole, grouped) if len(p) > 0]
        return
    if account.kind in ("summary", "fiscal", "balance"):
        readings = [present(*BUDGETS), present("basic", "project"), present("personnel", "public", "project")]
        yield "total", [p for p in readings if len(p) > 1 or p == ("general",)]
        return
    if account.kind in ("basic", "economic"):
        yield "total", [p for p in (present("personnel", "public"),) if len(p) > 1]
        return
    uses = present(*USES)
    split = present("personnel", "public", *(u for u in USES if u != "basic")) if "basic" not in has else ()
    yield "total", [p for p in (uses, split) if len(p) > 1]
    if "basic" in has and len(present("personnel", "public")) == 2:
        yield "basic", [("personnel", "public")]
    for group in ("opening", "income", "closing"):
        parts = tuple(c for c in account.columns if c.startswith(f"{group}."))
        if group in has and len(parts) > 1:
            yield group, [parts]


def _row(account: Account, line: Line, target: str, parts: Parts) -> Check | None:
    if account.table.weak and target == "total" and line.other:
        return _ragged_row(account, line)
    if not any(p in line.amounts for p in parts):
        return None
    check = adds_up(
        "row_sum",
        line.amounts.get(target),
        [line.amounts.get(p) for p in parts],
        f"{table_name(account)}“{line_name(line)}”{column_name(target)}",
    )
    if check is not None and any(n.value for n in line.other):
        return lowered(check)
    return check


def _ragged_row(account: Account, line: Line) -> Check | None:
    """A flattened row without its blanks: its first amount is the sum of the others, whatever they are."""
    check = adds_up("row_sum", line.amounts.get("total"), line.other, f"{table_name(account)}“{line_name(line)}”")
    return lowered(check) if check else None


def _flows(account: Account, lines: Iterable[Line]) -> Iterator[Check]:
    """I11: 年初结转 + 本年收入 − 本年支出 = 年末结转, in tables that print all four."""
    if not {"opening", "income", "total", "closing"} <= set(account.columns):
        return
    for line in lines:
        opening, income, spent, closing = (line.amounts.get(c) for c in ("opening", "income", "total", "closing"))
        check = balance(
            [opening, income],
            [spent, closing],
            f"{table_name(account)}“{line_name(line)}”年初结转＋本年收入＝本年支出＋年末结转",
        )
        if check is not None:
            yield check if account.certain else lowered(check)


def _three_public(account: Account) -> Iterator[Check]:
    """I10, in every column or half: 合计 = 出国 + 公车 + 接待, 公车 = 购置 + 运行维护; the total row = Σ of the units' rows."""
    groups: dict[tuple[str, int], dict[str, Line]] = defaultdict(dict)
    vertical = len({x.row for x in account.on("")}) > 1
    for line in account.lines:
        groups[line.side, 0 if vertical else line.row].setdefault(line.role, line)
    kind = "table_sum" if vertical else "row_sum"
    checks: list[Check] = []
    for parts in groups.values():
        for column in dict.fromkeys(c for x in parts.values() for c in x.amounts):
            found = {role: n for role, x in parts.items() if (n := x.amounts.get(column))}
            checks.extend(_one_three_public(kind, account, found, column))
    for main in account.on("") if not vertical else ():
        units = [x for x in account.on("unit") if x.role == main.role]
        if len(units) > 1:
            checks.extend(each_column(account, main, units))
    yield from checks if account.certain else trusted(checks, False)


def _one_three_public(kind: str, account: Account, n: dict[str, Number], column: str) -> Iterator[Check]:
    subject = f"{table_name(account)}{column_name(column)}"
    vehicle = ["vehicle"] if "vehicle" in n else ["purchase", "running"]
    check = adds_up(
        kind, n.get("total"), [n.get(p) for p in ("abroad", *vehicle, "reception")], f"{subject}三公经费合计"
    )
    wider = [n.get(p) for p in ("abroad", *vehicle, "reception", "conference", "training")]
    if check and check.verdict is Verdict.INCONSISTENT and any(wider[-2:]):
        other = adds_up(kind, n.get("total"), wider, f"{subject}合计（含会议费、培训费）")
        check = other if other and other.verdict is not Verdict.INCONSISTENT else check
    if check:
        yield check
    if check := adds_up(
        kind, n.get("vehicle"), [n.get("purchase"), n.get("running")], f"{subject}公务用车购置及运行维护费"
    ):
        yield check

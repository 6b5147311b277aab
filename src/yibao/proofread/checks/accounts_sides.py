"""Identities inside the two-sided tables (guide §5.4: I1, I2, I3, I7)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from yibao.proofread.checks.accounts_sums import adds_up, column_name, line_name, lowered, table_name
from yibao.proofread.findings import Check, Verdict
from yibao.proofread.forms.accounts_table import Account, Line
from yibao.proofread.forms.arithmetic import add_up

_CARRIED = ("opening", "closing", "surplus_used", "distributed")
_BUDGETS = ("general", "government_fund", "state_capital")
_SIDES = {"income": "收入", "expense": "支出", "nature": "支出（按性质）"}


def two_sided(account: Account) -> Iterator[Check]:
    """I1, I2, I3, I7: each side adds up, 总计 = 合计 + what is carried, and both sides are equal."""
    for side in ("income", "expense", "nature"):
        lines = account.on(side)
        for column in dict.fromkeys(c for x in lines for c in x.amounts):
            yield from _side(account, lines, column)
    for column in ("total", "initial", "adjusted"):
        yield from _sides_equal(account, column)
    if account.kind == "fiscal":
        yield from _by_budget(account)


def _side(account: Account, lines: Sequence[Line], column: str) -> Iterator[Check]:
    at_total = next((i for i, x in enumerate(lines) if x.role == "total"), None)
    at_grand = next((i for i, x in enumerate(lines) if x.role == "grand"), None)
    first = at_total if at_total is not None else at_grand
    if first is None:
        return
    listed = lines[:first]
    top = [x for x in listed if _is_top(x, listed)]
    carried = [x for x in listed if x not in top and x.role in _CARRIED]
    yield from _children_of_ranked(account, listed, column)
    loose = [x for x in listed if x not in top and x.rank is None and not x.subset and x not in carried]
    if check := _either(account, lines[first], [*top, *carried], loose, column):
        yield check
    if at_total is not None and at_grand is not None and at_grand > at_total:
        between = lines[at_total + 1 : at_grand]
        carried = [x for x in between if x.role in _CARRIED and not x.subset]
        yield from _carried_parts(account, carried, between, column)
        loose = [x for x in between if x not in carried and "." not in x.role and not x.subset]
        if check := _either(account, lines[at_grand], [lines[at_total], *carried], loose, column):
            yield check


def _is_top(line: Line, listed: Sequence[Line]) -> bool:
    ranks = [x.rank for x in listed if x.rank is not None]
    if not ranks:
        return not line.subset
    return line.rank == min(ranks) and not line.subset


def _either(account: Account, target: Line, parts: Sequence[Line], loose: Sequence[Line], column: str) -> Check | None:
    """target = Σ parts; rows of unclear rank may belong to the sum or to a row above them, then only agreement counts."""
    subject = f"{table_name(account)}{_SIDES.get(target.side, '')}“{line_name(target)}”{column_name(column)}"
    number = target.amounts.get(column)
    check = adds_up(
        "table_sum" if target.role == "total" else "table_balance",
        number,
        [x.amounts.get(column) for x in parts],
        subject,
    )
    extra = [n for x in loose if (n := x.amounts.get(column)) and n.value]
    if check is None or check.verdict is not Verdict.INCONSISTENT or not extra:
        return check
    wider = adds_up(check.kind, number, [*(x.amounts.get(column) for x in parts), *extra], subject)
    if wider is not None and wider.verdict is not Verdict.INCONSISTENT:
        return wider
    return lowered(check)


def _children_of_ranked(account: Account, listed: Sequence[Line], column: str) -> Iterator[Check]:
    """一、财政拨款收入 = 1. + 2. + 3. below it; 其中 rows are left alone, they need not exhaust."""
    for i, line in enumerate(listed):
        if line.rank is None or line.subset:
            continue
        below = []
        for x in listed[i + 1 :]:
            if x.rank is not None and x.rank <= line.rank:
                break
            below.append(x)
        own = [x for x in below if x.rank == min((b.rank for b in below if b.rank is not None), default=0)]
        if len(own) > 1 and len(own) == len(below) and not any(x.subset for x in own):
            check = adds_up(
                "table_sum",
                line.amounts.get(column),
                [x.amounts.get(column) for x in own],
                f"{table_name(account)}“{line_name(line)}”{column_name(column)}",
            )
            if check is not None:
                yield check


def _carried_parts(account: Account, carried: Sequence[Line], between: Sequence[Line], column: str) -> Iterator[Check]:
    """年初财政拨款结转和结余 = Σ of the three budgets printed below it."""
    for line in carried:
        parts = [x.amounts.get(column) for x in between if x.role.startswith(f"{line.role}.")]
        if any(parts) and (
            check := adds_up(
                "table_sum",
                line.amounts.get(column),
                parts,
                f"{table_name(account)}“{line_name(line)}”{column_name(column)}",
            )
        ):
            yield check


def _sides_equal(account: Account, column: str) -> Iterator[Check]:
    """I3: 收入总计 = 支出总计."""
    left, right = (account.amount("grand", side, column) for side in ("income", "expense"))
    if left is None or right is None:
        left, right = (account.amount("total", side, column) for side in ("income", "expense"))
        if any(account.line("grand", side) for side in ("income", "expense")) or left is None or right is None:
            return
    if left.value == right.value == 0:
        return
    check = add_up("table_balance", left, [right], f"{table_name(account)}收入总计与支出总计{column_name(column)}")
    if check is not None:
        yield check


def _by_budget(account: Account) -> Iterator[Check]:
    """I7 per budget: 年初 + 本年收入 = the budget's 总计 on the expense side, where the carried amount is split."""
    opening = account.line("opening", "income")
    for budget in _BUDGETS:
        income, carried = account.amount(budget, "income"), account.amount(f"opening.{budget}", "income")
        grand = account.amount("grand", "expense", budget)
        if grand is None or income is None or (opening is not None and opening.value() and carried is None):
            continue
        check = adds_up(
            "table_balance",
            grand,
            [income, carried],
            f"{table_name(account)}{column_name(budget)}本年收入＋年初结转＝支出总计",
        )
        if check is not None:
            yield check

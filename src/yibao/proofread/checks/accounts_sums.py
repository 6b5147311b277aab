"""Sums of printed amounts as checks: how they are judged, and how a table, line and column are named in a message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from yibao.proofread.findings import Check, Severity, Verdict
from yibao.proofread.forms.accounts_table import Account, Line
from yibao.proofread.forms.arithmetic import add_up
from yibao.proofread.forms.grid import Number
from yibao.proofread.parameters import sum_cap
from yibao.proofread.quantity import SCARCELY_ROUNDED

Accounts = Mapping[str, Account]


def adds_up(kind: str, target: Number | None, parts: Sequence[Number | None], subject: str) -> Check | None:
    """target = Σ parts, left out where everything is zero or the total is blank. Exact where 元 are printed to the fen."""
    if target is None or (target.value == 0 and not any(p is not None and p.value for p in parts)):
        return None
    return exact_fen(add_up(kind, target, parts, subject), [target, *(p for p in parts if p)])


def exact_fen(check: Check | None, numbers: Sequence[Number]) -> Check | None:
    """Amounts in 元 with two decimals are not rounded: a fen too much is a fen too much. Whole 元 beside them are."""
    if check is None or check.verdict in (Verdict.CONSISTENT, Verdict.UNCHECKABLE):
        return check
    in_yuan = all(n.quantity.unit is not None and n.quantity.unit.symbol == "元" for n in numbers)
    if in_yuan and all(n.quantity.decimals >= 2 for n in numbers):
        cause = check.cause.removeprefix(SCARCELY_ROUNDED)
        return replace(check, verdict=Verdict.INCONSISTENT, severity=None, cause=cause)
    target, parts = numbers[0], numbers[1:]
    coarser = any(p.quantity.step > target.quantity.step for p in parts)
    if check.verdict is Verdict.INCONSISTENT and coarser:
        slack = sum((n.quantity.step / 2 for n in numbers), Decimal(0))
        if abs(sum((p.value for p in parts), Decimal(0)) - target.value) <= slack:
            return replace(check, verdict=Verdict.ROUNDING, severity=None, cause="")
    return check


def balance(left: Sequence[Number | None], right: Sequence[Number | None], subject: str) -> Check | None:
    """Σ left = Σ right within the rounding of all of them."""
    numbers = [n for n in (*left, *right) if n is not None]
    if not numbers or not any(n.value for n in numbers):
        return None
    first = next(n for n in reversed((*left, *right)) if n is not None)
    a, b = (sum((n.value for n in side if n is not None), Decimal(0)) for side in (left, right))
    slack = sum((n.quantity.step / 2 for n in numbers), Decimal(0))
    verdict = (
        Verdict.CONSISTENT
        if a == b
        else Verdict.ROUNDING
        if abs(a - b) <= min(slack, sum_cap(len(numbers) - 1) * first.quantity.step)
        else Verdict.INCONSISTENT
    )
    scarcely = verdict is Verdict.INCONSISTENT and abs(a - b) <= slack
    q = first.quantity
    message = f"{subject}：{q.printed(a)}{'＝' if a == b else '≠'}{q.printed(b)}"
    return Check(
        "table_balance", verdict, first.evidence, first.printed, None if verdict is Verdict.INCONSISTENT else first.printed, message,
        SCARCELY_ROUNDED if scarcely else "", tuple(n.evidence for n in numbers if n is not first),
        Severity.WARNING if scarcely else None,
    )  # fmt: skip


def lowered(check: Check) -> Check:
    """A failed check that proves nothing."""
    return check.doubted("表中另有未能识别的行列")


def each_column(account: Account, target: Line, parts: Sequence[Line], sound: bool = True) -> Iterator[Check]:
    for column in dict.fromkeys(target.amounts):
        check = adds_up(
            "table_sum", target.amounts.get(column), [x.amounts.get(column) for x in parts],
            f"{table_name(account)}“{line_name(target)}”{column_name(column)}",
        )  # fmt: skip
        if check is not None:
            yield check if sound else lowered(check)


_COLUMN_NAMES = {
    "total": "", "fiscal": "财政拨款收入", "general": "一般公共预算", "government_fund": "政府性基金", "state_capital": "国有资本经营预算",
    "basic": "基本支出", "project": "项目支出", "personnel": "人员经费", "public": "公用经费", "opening": "年初结转", "closing": "年末结转",
    "income": "本年收入", "budget": "预算数", "final": "决算数", "initial": "年初预算数", "adjusted": "全年预算数", "superior": "上级补助（上缴上级）",
    "enterprise": "事业收入", "business": "经营收支", "subsidiary": "附属单位", "other": "其他收入",
}  # fmt: skip


def column_name(column: str) -> str:
    name = _COLUMN_NAMES.get(column)
    return f"（{name}）" if name else ""


def table_name(account: Account) -> str:
    return f"{account.title}：" if account.title else ""


def line_name(line: Line) -> str:
    return f"{line.code} {line.label}".strip()[:40]


def by_code(table: Account) -> dict[str, Line]:
    found: dict[str, Line] = {}
    for line in table.items():
        found.setdefault(line.code, line)
    return found


def name_of(account: Account) -> str:
    return f"《{account.title}》" if account.title else _KIND_NAMES.get(account.kind, "表")


_KIND_NAMES = {
    "summary": "收支总表", "income": "收入表", "expense": "支出表", "fiscal": "财政拨款收支总表", "general": "一般公共预算支出表",
    "basic": "基本支出表", "fund": "政府性基金表", "capital": "国有资本经营预算表", "three_public": "“三公”经费表",
}  # fmt: skip

"""What the tables of accounts say in the vocabulary of figures, for the narrative to be compared with.

dept.income.*, dept.expense.*, dept.carry.*     scope "" is the whole department, "fiscal" table 04, "general" table 05
dept.function.208                               类 totals, scope "" (01), "fiscal" (04, 合计), "general" (04, 05)
code:2080505 or item:<name>                     scope income (02), expense… (03), total/basic/project (05)
econ:30113                                      table 06
dept.three_public.*                             basis budget or final
"""

from __future__ import annotations

from collections.abc import Iterator

from yibao.proofread.forms.accounts_table import Account, Line
from yibao.proofread.forms.facts import Fact
from yibao.proofread.forms.grid import Number

_INCOME = (
    "general",
    "government_fund",
    "state_capital",
    "fiscal",
    "nontax",
    "superior",
    "enterprise",
    "business",
    "subsidiary",
    "other",
    "surplus_used",
)
_EXPENSE = ("basic", "project", "personnel", "public", "superior", "business", "subsidiary")
_BUDGETS = ("general", "government_fund", "state_capital")
_SCOPE = {"income": "income", "expense": "expense", "general": "", "fund": "fund", "capital": "capital"}
_OTHER_BASIS = {"initial": "initial", "adjusted": "adjusted"}


def account_facts(account: Account) -> tuple[Fact, ...]:
    """Every amount of the table that has a name, as facts."""
    readers = {
        "summary": _sided, "fiscal": _sided, "income": _income, "expense": _expense, "general": _expense, "fund": _budget_table,
        "capital": _budget_table, "basic": _basic, "three_public": _three_public,
    }  # fmt: skip
    reader = readers.get(account.kind)
    return tuple(reader(account)) if reader else ()


def _fact(account: Account, figure: str, scope: str, number: Number | None, basis: str = "") -> Iterator[Fact]:
    if number is not None:
        yield Fact(
            figure, scope, account.year, basis or account.basis, number.quantity, number.evidence, "table",
            f"accounts:{account.kind}", number.key,
        )  # fmt: skip


def _sided(account: Account) -> Iterator[Fact]:
    fiscal = account.kind == "fiscal"
    for line in (*account.on("income"), *account.on("expense")):
        figure, scope = _sided_figure(line, fiscal)
        if figure:
            yield from _fact(account, figure, scope, line.amounts.get("total"))
            for column, basis in _OTHER_BASIS.items():
                yield from _fact(account, figure, scope, line.amounts.get(column), basis)
        for budget in _BUDGETS if fiscal else ():
            if line.role == "class" and line.code:
                yield from _fact(account, f"dept.function.{line.code}", budget, line.amounts.get(budget))
            elif line.role == "total" and line.side == "expense":
                yield from _fact(account, f"dept.expense.{budget}", "", line.amounts.get(budget))


def _sided_figure(line: Line, fiscal: bool) -> tuple[str, str]:
    """Figure and scope of a row of table 01, or of 04 where `fiscal`; ("", "") for a row without a name."""
    scope = "fiscal" if fiscal else ""
    if line.role == "class" and line.code:
        return f"dept.function.{line.code}", scope
    if line.role in ("total", "grand"):
        name = {"total": "fiscal", "grand": "fiscal_grand"}[line.role] if fiscal else line.role
        return f"dept.{line.side}.{name}", ""
    if line.role in ("opening", "closing", "distributed"):
        return f"dept.carry.{line.role}", scope
    if line.side == "income" and line.role in _INCOME:
        return f"dept.income.{line.role}", ""
    if line.side == "expense" and line.role in _EXPENSE and not fiscal:
        return f"dept.expense.{line.role}", ""
    return "", ""


def _income(account: Account) -> Iterator[Fact]:
    for line in account.lines:
        if line.role == "total":
            yield from _fact(account, "dept.income.total", "", line.amounts.get("total"))
            for source in _INCOME:
                yield from _fact(account, f"dept.income.{source}", "", line.amounts.get(source))
        else:
            yield from _item(account, line, "income")


def _expense(account: Account) -> Iterator[Fact]:
    scope = "general" if account.kind == "general" else ""
    for line in account.lines:
        if line.role == "total":
            yield from _fact(
                account, "dept.expense.total" if not scope else "dept.expense.general", "", line.amounts.get("total")
            )
            for part in _EXPENSE:
                yield from _fact(account, f"dept.expense.{part}", scope, line.amounts.get(part))
        else:
            yield from _item(account, line, _SCOPE[account.kind])


def _item(account: Account, line: Line, scope: str) -> Iterator[Fact]:
    """Items of 05 have the scopes total, basic, project; those of other tables carry the table's name."""
    figure = f"code:{line.code}" if line.code else f"item:{line.name}"
    for column, number in line.amounts.items():
        name = column if not scope else scope if column == "total" else f"{scope}.{column}"
        yield from _fact(account, figure, name, number)
    if len(line.code) == 3 and account.kind == "general":
        yield from _fact(account, f"dept.function.{line.code}", "general", line.amounts.get("total"))


def _budget_table(account: Account) -> Iterator[Fact]:
    name = "government_fund" if account.kind == "fund" else "state_capital"
    for line in account.lines:
        if line.role == "total":
            yield from _fact(account, f"dept.expense.{name}", "", line.amounts.get("total"))
            yield from _fact(account, f"dept.income.{name}", "", line.amounts.get("income"))
            for carry in ("opening", "closing"):
                yield from _fact(account, f"dept.carry.{carry}", name, line.amounts.get(carry))
        elif line.code:
            yield from _item(account, line, _SCOPE[account.kind])


def _basic(account: Account) -> Iterator[Fact]:
    for line in account.lines:
        if line.role in ("personnel", "public"):
            yield from _fact(account, f"dept.expense.{line.role}", "general", line.amounts.get("total"))
        elif line.role == "total":
            yield from _fact(account, "dept.expense.basic", "general", line.amounts.get("total"))
            for part in ("personnel", "public"):
                yield from _fact(account, f"dept.expense.{part}", "general", line.amounts.get(part))
        elif line.code:
            yield from _fact(account, f"econ:{line.code}", "", line.amounts.get("total"))


def _three_public(account: Account) -> Iterator[Fact]:
    figures = {
        "total": "total", "abroad": "abroad", "vehicle": "vehicle", "purchase": "vehicle_purchase", "running": "vehicle_running",
        "reception": "reception",
    }  # fmt: skip
    for line in account.on(""):
        if line.role in figures:
            for basis in ("budget", "final"):
                yield from _fact(account, f"dept.three_public.{figures[line.role]}", "", line.amounts.get(basis), basis)

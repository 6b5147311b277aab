"""可支付月数: for how long what a fund has would last, before a changed policy and after.

The balance is that of the bank at the end of the year, the expense that of the final account (posted amounts). A changed policy
moves both by what the simulation adds to the booked cost (settled amounts).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pyarrow as pa

from yibao.errors import UserError
from yibao.region.benefits.plan import Fund
from yibao.region.formulas import FormulaVersion, variants
from yibao.region.pack import Pack
from yibao.settle.effects import Effects
from yibao.store.workspace import Workspace

FORMULA = "可支付月数"
#: the fund of the accounts (code list `fund`) that pays for an insurance; 离休 has none of its own there
ACCOUNTS = {
    "390": "resident",
    "392": "resident",
    "310": "employee",
    "320": "employee",
    "330": "employee",
    "510": "employee",
}
_BALANCES = """WITH lines AS (
    SELECT b.fund, b.bank_balance, ROW_NUMBER() OVER (
        PARTITION BY b.bank_account_no ORDER BY b.bank_date DESC NULLS LAST, b.bank_line_no DESC NULLS LAST) AS place
    FROM bank_lines AS b WHERE b.bank_date <= $last)
SELECT l.fund, CAST(SUM(l.bank_balance) AS BIGINT) AS amount FROM lines AS l WHERE l.place = 1 GROUP BY l.fund"""
_EXPENSES = """SELECT b.fund, CAST(SUM(b.budget_amount) AS BIGINT) AS amount FROM fund_budgets AS b
WHERE b.year = $year AND b.direction = 'expense' AND b.budget_stage = 'final' GROUP BY b.fund"""
_POSTED = """SELECT j.fund, CAST(SUM(j.debit - j.credit) AS BIGINT) AS amount FROM fund_journal AS j
WHERE YEAR(j.journal_date) = $year AND SUBSTRING(j.account_code, 1, 1) = '5' GROUP BY j.fund"""
AID = "medical_aid"
FINAL, POSTED = "基金决算支出", "基金凭证的支出科目"


@dataclass(frozen=True, slots=True)
class Reserve:
    """One fund at the end of a year; fen. `missing` says in Chinese what the workspace lacks."""

    fund: str
    balance: int | None
    expense: int | None
    expense_from: str
    change: int  #: of the booked cost
    months_before: Decimal | None
    months_after: Decimal | None
    missing: str = ""


def reserves(workspace: Workspace, pack: Pack, effects: Effects) -> Iterator[Reserve]:
    """Every fund that pays under one of the two policies. UserError where the pack has no formula."""
    year = effects.prepared.year
    balances = _amounts(workspace.query(_BALANCES, last=date(year, 12, 31)))
    expenses, origin = _amounts(workspace.query(_EXPENSES, year=year)), FINAL
    if not expenses:
        expenses, origin = _amounts(workspace.query(_POSTED, year=year)), POSTED
    months = _formula(pack, year)
    for fund, change in changes(effects).items():
        balance, expense = balances.get(fund), expenses.get(fund)
        lacks = "、".join(name for name, amount in (("银行流水", balance), (FINAL, expense)) if amount is None)
        before = after = None
        if balance is not None and expense is not None:
            before = months.evaluate({"closing": Decimal(balance), "expense": Decimal(expense)})
            after = months.evaluate({"closing": Decimal(balance - change), "expense": Decimal(expense + change)})
        yield Reserve(fund, balance, expense, origin, change, before, after, lacks)


def changes(effects: Effects) -> dict[str, int]:
    """What each fund of the accounts pays more, fen; in the order of ACCOUNTS, then medical aid."""
    found = dict.fromkeys((*ACCOUNTS.values(), AID), 0)
    paying = set()
    for row in effects.funds():
        fund = AID if row.fund is Fund.MEDICAL_AID else ACCOUNTS.get(row.code)
        if fund is not None:
            found[fund] += row.paid.by
            paying.add(fund)
    return {fund: change for fund, change in found.items() if fund in paying}


def _formula(pack: Pack, year: int) -> FormulaVersion:
    found = [version for version in variants(FORMULA, year, pack) if version.valid]
    if not found:
        raise UserError(f"“{pack.name}”的地区包里没有 {year} 年“{FORMULA}”的算法，请补上并注明来源。")
    return found[0]


def _amounts(rows: pa.RecordBatchReader) -> Mapping[str, int]:
    return {row["fund"]: row["amount"] for row in rows.read_all().to_pylist()}

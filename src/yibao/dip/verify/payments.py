"""The sheets beside our own payments: what is entered as due for a month, an advance, a clearing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from yibao.dip.verify.clearing import pair
from yibao.dip.verify.deposits import paid_right
from yibao.dip.verify.filled import COLUMN_LABELS
from yibao.dip.verify.found import CLEARING, MONTHLY, Difference, Found, Row, differs, key_of, yuan
from yibao.dip.verify.sheets import Sheets

#: kind of payment, what it is called, sheet, column, step
KINDS = (
    ("dip", "月预结算", MONTHLY, "dip_paid", "payment"),
    ("advance", "预付金", CLEARING, "advance_paid", "advance"),
    ("clearing", "清算应补拨", CLEARING, "clearing_balance", "payment"),
)


def check_advances(sheets: Sheets, found: Found) -> None:
    """The advances alone: balances are reckoned from them."""
    _check(sheets, found, [one for one in KINDS if one[0] == "advance"])


def check_payments(sheets: Sheets, found: Found) -> None:
    """What we hold as due of months and clearings."""
    _check(sheets, found, [one for one in KINDS if one[0] != "advance"])


def _check(sheets: Sheets, found: Found, kinds: Sequence[tuple[str, str, str, str, str]]) -> None:
    """A month or a clearing of which no payment is entered yet is not compared."""
    due = {(row["payment_kind"], row["service_month"], *pair(row)): row["due_amount"] for row in sheets.payments}
    for kind, label, sheet, column, step in kinds:
        name, rows = f"{label}与基金拨付相同", sheets.months if sheet == MONTHLY else sheets.clearing
        entered = {month for what, month, *_ in due if what == kind}
        strange, right = found.whole_rows(sheet), _right(sheets, found, sheet)
        mine = [row for row in rows if row.get("service_month") in entered and key_of(row, sheet) not in strange]
        if not sheets.has(sheet, column):
            found.not_run(name, f"表里没有{COLUMN_LABELS[column]}")
            continue
        if not mine:
            found.not_run(
                name, "基金拨付里没有这一项" if rows else "没有月预结算" if sheet == MONTHLY else "没有年终清算"
            )
            continue
        found.ran(name, len(mine))
        for row in mine:
            amount = due.get((kind, row.get("service_month"), *pair(row)))
            if amount is None or amount not in right.get(key_of(row, sheet), {}).get(column, ()):
                found.add(_unlike(row, sheet, column, step, amount))


def _right(sheets: Sheets, found: Found, sheet: str) -> Mapping[str, Mapping[str, tuple[int, ...]]]:
    """What was found wrong in a row may be right in the payments: the amounts that they may be."""
    if sheet == MONTHLY:
        return {key: {"dip_paid": (paid,)} for key, paid in paid_right(sheets, found).items()}
    may: dict[str, dict[str, tuple[int, ...]]] = {}
    for row in sheets.clearing:
        right = found.rights(CLEARING).get(key := key_of(row, CLEARING), {})
        if right:
            all_right = {**row, **right}
            moved = (
                right.get("clearing_amount", row["clearing_amount"])
                - all_right["monthly_paid"]
                - all_right["advance_paid"]
            )
            by_deduction = (
                row["clearing_balance"] + row["audit_deduction"] - right.get("audit_deduction", row["audit_deduction"])
            )
            may[key] = {
                "clearing_balance": (moved, by_deduction, right.get("clearing_balance", moved)),
                "advance_paid": (all_right["advance_paid"],),
            }
    return may


def _unlike(row: Row, sheet: str, column: str, step: str, due: int | None) -> Iterator[Difference]:
    """A negative balance without an entry is taken back otherwise."""
    stated = row[column]
    if stated == (due or 0) or (due is None and stated < 0):
        return
    says = "基金拨付里没有这一笔" if due is None else "与基金拨付的应付不同"
    yield differs(
        row, sheet, step, "facts", yuan(stated), None if due is None else yuan(due), says, stated - (due or 0), due
    )

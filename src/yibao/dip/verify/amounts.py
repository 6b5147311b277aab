"""What a hospital's year comes to: payable, savings and overspending shared, assessed, less deductions; and what was paid of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from yibao.dip.pay.scoring import half_up
from yibao.dip.pay.shapes import Sharing
from yibao.dip.verify.clearing import Pair, pair
from yibao.dip.verify.deposits import deduction_cause
from yibao.dip.verify.found import CLEARING, MONTHLY, Difference, Found, Row, decimal, differs, yuan
from yibao.dip.verify.infer import best_of
from yibao.dip.verify.sheets import Sheets
from yibao.dip.verify.terms_read import TermsRead
from yibao.errors import UserError

Reckon = Callable[[Row], Decimal]
#: the ways to a clearing amount, fen before rounding; the usual one first
WAYS: Mapping[str, Reckon] = {
    "(应付 + 分担) × 考核系数 − 扣款": lambda r: _due(r) * decimal(r["assessment_coefficient"]) - r["audit_deduction"],
    "(应付 + 分担 − 扣款) × 考核系数": lambda r: (_due(r) - r["audit_deduction"]) * decimal(r["assessment_coefficient"]),
    "应付 × 考核系数 + 分担 − 扣款": lambda r: r["dip_payable"] * decimal(r["assessment_coefficient"]) + r["sharing_amount"] - r["audit_deduction"],
}  # fmt: skip


def _due(row: Row) -> Decimal:
    return Decimal(row["dip_payable"] + row["sharing_amount"])


def check_amounts(sheets: Sheets, terms: TermsRead | None, found: Found) -> None:
    """The clearing amount of each row, the sharing where the region's terms are known, the payments where we hold them."""
    name, shared = "清算金额 = (应付 + 分担) × 考核系数 − 扣款", "结余留用与超支分担按规定的分段"
    if sheets.clearing:
        _check_amount(sheets, found, name)
        _check_sharing(sheets, terms, found, shared)
    else:
        found.not_run(name, "没有年终清算")
        found.not_run(shared, "没有年终清算")
    _check_payments(sheets, found)


def _check_amount(sheets: Sheets, found: Found, name: str) -> None:
    rows = sheets.clearing
    caps = {pair(row): row["institution_cap"] for row in sheets.assessments if row["institution_cap"] is not None}
    candidates = [(way, lambda at, reckon=reckon: _is(rows[at], reckon, caps)) for way, reckon in WAYS.items()]
    best = best_of(candidates, len(rows))
    if best is None:
        found.not_run(name, "多数机构不是这样算的，看不出统筹区的算法")
        return
    found.ran(name, len(rows), "" if best[0] == next(iter(WAYS)) else best[0])
    for row in rows:
        if not _is(row, WAYS[best[0]], caps):
            own = int(half_up(WAYS[best[0]](row), 0))
            cause, says = amount_cause(row, own)
            found.add(
                [
                    differs(
                        row,
                        CLEARING,
                        "clearing",
                        cause,
                        yuan(row["clearing_amount"]),
                        yuan(own),
                        says,
                        row["clearing_amount"] - own,
                    )
                ]
            )


def _is(row: Row, reckon: Reckon, caps: Mapping[Pair, int]) -> bool:
    """The stated amount, rounded before or after the deduction, or cut to the hospital's cap."""
    exact, stated = reckon(row), row["clearing_amount"]
    cap = caps.get(pair(row))
    return bool(
        abs(stated - exact) < 1 or (cap is not None and stated == cap - row["audit_deduction"] and stated < exact)
    )


def amount_cause(row: Row, own: int) -> tuple[str, str]:
    """Which part of the amount was left out or taken twice: (cause, sentence)."""
    stated, deduction = row["clearing_amount"], row["audit_deduction"]
    if told := deduction_cause(own - stated, deduction):
        return told
    if abs(stated - (_due(row) - deduction)) < 2:
        return "assessment", "没有乘考核系数"
    without = row["dip_payable"] * decimal(row["assessment_coefficient"]) - deduction
    if row["sharing_amount"] and abs(stated - without) < 2:
        return "sharing", "没有加结余留用与超支分担"
    if abs(stated - own) <= 2:
        return "rounding", "进位不同"
    return "unexplained", "不等于（应付 + 分担）× 考核系数 − 扣款"


def _check_sharing(sheets: Sheets, terms: TermsRead | None, found: Found, name: str) -> None:
    if terms is None:
        found.not_run(name, "没有地区包")
        return
    try:
        bands = terms.on(date(sheets.year, 12, 31)).sharing
    except UserError as error:
        found.not_run(name, error.sentence)
        return
    found.ran(name, len(sheets.clearing))
    for row in sheets.clearing:
        exact = shared(bands, row["booked_pay"], row["dip_payable"])
        if abs(row["sharing_amount"] - exact) >= 1:
            own = int(half_up(exact, 0))
            says = f"记账是应付的 {_ratio(row)}，按分段应是 {yuan(own)} 元"
            if row["sharing_amount"] == 0:
                says = f"没有算留用或分担：{says}"
            found.add(
                [
                    differs(
                        row,
                        CLEARING,
                        "sharing",
                        "sharing",
                        yuan(row["sharing_amount"]),
                        yuan(own),
                        says,
                        row["sharing_amount"] - own,
                    )
                ]
            )


def _ratio(row: Row) -> str:
    return f"{half_up(Decimal(row['booked_pay']) * 100 / row['dip_payable'], 2)}%" if row["dip_payable"] else "—"


def shared(bands: tuple[Sharing, ...], booked: int, due: int) -> Decimal:
    """What is added to the due amount, fen: what was saved and is not kept (negative), what was overspent and is borne.

    Due 100, booked 90: within a stretch that keeps all nothing is added; booked 110, bearing 60 %: 6 is.
    """
    if due <= 0:
        return Decimal(0)
    ratio = Decimal(booked) / due
    for band in bands:
        if (
            band.keep is not None
            and ratio <= 1
            and (band.below is None or ratio < band.below or (band.inclusive and ratio == band.below))
        ):
            return (booked - due) * (1 - band.keep)
    total, low = Decimal(0), Decimal(1)
    for band in bands:
        if band.bear is not None:
            high = ratio if band.below is None else min(ratio, band.below)
            total += max(high - low, Decimal(0)) * due * band.bear
            low = max(low, high)
    return total


def _check_payments(sheets: Sheets, found: Found) -> None:
    """What we hold as payable of these sheets; a month or a clearing of which no payment is entered yet is not compared."""
    due = {(row["payment_kind"], row["service_month"], *pair(row)): row["due_amount"] for row in sheets.payments}
    wanted = (("dip", "月预结算", MONTHLY, sheets.months, "dip_paid"), ("advance", "预付金", CLEARING, sheets.clearing, "advance_paid"), ("clearing", "清算应补拨", CLEARING, sheets.clearing, "clearing_balance"))  # fmt: skip
    for kind, label, sheet, rows, column in wanted:
        name = f"{label}与基金拨付相同"
        entered = {month for what, month, *_ in due if what == kind}
        mine = [row for row in rows if row.get("service_month") in entered]
        if not mine:
            found.not_run(name, "基金拨付里没有这一项" if rows else f"没有{label}的表")
            continue
        found.ran(name, len(mine))
        for row in mine:
            found.add(_unpaid(row, sheet, column, due.get((kind, row.get("service_month"), *pair(row)))))


def _unpaid(row: Row, sheet: str, column: str, due: int | None) -> Iterator[Difference]:
    """A negative balance without an entry is taken back otherwise."""
    if row[column] == (due or 0) or (due is None and row[column] < 0):
        return
    says = "基金拨付里没有这一笔" if due is None else "与基金拨付的应付不同"
    step = {"advance_paid": "advance", "clearing_balance": "balance", "dip_paid": "payment"}[column]
    if column == "clearing_balance":
        step = "payment"
    effect = row[column] - (due or 0)
    yield differs(row, sheet, step, "facts", yuan(row[column]), None if due is None else yuan(due), says, effect)

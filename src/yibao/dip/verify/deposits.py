"""What was kept back of a month and what was paid out: one share of deposit everywhere, payable less deposit less deductions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from yibao.dip.pay.scoring import half_up
from yibao.dip.verify.found import MONTHLY, Difference, Found, Row, differs, plain, yuan
from yibao.dip.verify.infer import commonest
from yibao.dip.verify.sheets import Sheets


def check_deposits(sheets: Sheets, found: Found) -> None:
    """Both checks; a sheet that was not sent is told."""
    names = "质量保证金各行比例相同", "实拨 = 应付 − 保证金"
    if not sheets.months:
        for name in names:
            found.not_run(name, "没有月预结算")
        return
    share = deposit_share(sheets.months)
    found.ran(names[0], len(sheets.months), f"占应付的 {plain(share * 100)}%")
    found.add(deposits(sheets.months, share))
    found.ran(names[1], len(sheets.months))
    found.add(_paid(sheets))


def deposit_share(rows: Sequence[Row]) -> Decimal:
    """The share that is kept back in most rows, read to four places from the larger rows."""
    large = sorted(rows, key=lambda row: -row["dip_payable"])[: max(20, len(rows) // 2)]
    shares = [
        half_up(Decimal(row["quality_deposit"]) / row["dip_payable"], 4) for row in large if row["dip_payable"] > 0
    ]
    return commonest(shares) or Decimal(0)


def deposits(rows: Sequence[Row], share: Decimal) -> Iterator[Difference]:
    """Rows of which another share was kept; a fen is left for the rounding."""
    for row in rows:
        own, kept = int(half_up(row["dip_payable"] * share, 0)), row["quality_deposit"]
        if abs(kept - row["dip_payable"] * share) >= 1:
            says = "没有扣质量保证金" if kept == 0 else f"质量保证金不是应付的 {plain(share * 100)}%"
            yield differs(row, MONTHLY, "deposit", "deposit", yuan(kept), yuan(own), says, own - kept)


def _paid(sheets: Sheets) -> Iterator[Difference]:
    """Payable less deposit, less what was taken off in that month."""
    taken: dict[tuple[int, str, str], int] = defaultdict(int)
    for one in sheets.deductions:
        if one["deduction_month"] is not None:
            taken[one["deduction_month"], one["provider_code"], one["insurance_type"]] += one["audit_deduction"]
    for row in sheets.months:
        deduction = taken.get((row["service_month"], row["provider_code"], row["insurance_type"]), 0)
        own = row["dip_payable"] - row["quality_deposit"] - deduction
        if row["dip_paid"] == own:
            continue
        cause, says = deduction_cause(own - row["dip_paid"], deduction) or ("sum", "不等于应付减保证金")
        yield differs(row, MONTHLY, "paid", cause, yuan(row["dip_paid"]), yuan(own), says, row["dip_paid"] - own)


def deduction_cause(beyond: int, deduction: int) -> tuple[str, str] | None:
    """What was taken off beyond what is right, as a deduction taken another number of times.

    >>> deduction_cause(300, 300)[1], deduction_cause(-300, 300)[1], deduction_cause(5, 300)
    ('审核扣款扣了两次', '审核扣款没有扣', None)
    """
    if deduction and beyond == deduction:
        return "deduction", "审核扣款扣了两次"
    if deduction and beyond == -deduction:
        return "deduction", "审核扣款没有扣"
    return None

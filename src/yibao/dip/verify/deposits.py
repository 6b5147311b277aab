"""What was kept back of a month and what was paid out: one share of deposit everywhere, payable less deposit less deductions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from yibao.dip.pay.scoring import half_up
from yibao.dip.verify.found import MONTHLY, Difference, Found, Row, differs, key_of, plain, ways, yuan
from yibao.dip.verify.infer import commonest, grain, whole
from yibao.dip.verify.sheets import Sheets


def check_deposits(sheets: Sheets, found: Found) -> None:
    """Both checks; a sheet that was not sent is told."""
    names = "质量保证金各行比例相同", "实拨 = 应付 − 保证金"
    if not sheets.months:
        for name in names:
            found.not_run(name, "没有月预结算")
        return
    if sheets.has(MONTHLY, "quality_deposit"):
        share = deposit_share(sheets.months)
        found.ran(names[0], len(sheets.months), f"占应付的 {plain(share * 100)}%")
        found.add(deposits(sheets.months, share, found.rights(MONTHLY)))
    else:
        found.not_run(names[0], "月预结算里没有质量保证金")
    _check_deductions(sheets, found)
    if not sheets.has(MONTHLY, "dip_paid"):
        found.not_run(names[1], "月预结算里没有实拨金额")
        return
    wrong = list(_paid(sheets, found.rights(MONTHLY)))
    if 2 * len(wrong) > len(sheets.months):
        found.not_run(names[1], "多数行的实拨不是应付减保证金和扣款，看不出统筹区的算法")
        return
    found.ran(names[1], len(sheets.months))
    found.add(wrong)


def _check_deductions(sheets: Sheets, found: Found) -> None:
    """What the sheet takes off in a month against the list of deductions, where both were sent."""
    taken = _listed(sheets)
    if not taken or not sheets.has(MONTHLY, "audit_deduction"):
        return
    found.ran("当月扣款与扣款明细相同", len(sheets.months))
    for row in sheets.months:
        own, stated = (
            taken.get((row["service_month"], row["provider_code"], row["insurance_type"]), 0),
            row["audit_deduction"],
        )
        if own != stated:
            _, says = deduction_cause(stated - own, own) or ("", "与扣款明细不同")
            found.add(
                [differs(row, MONTHLY, "deduction", "deduction", yuan(stated), yuan(own), says, own - stated, own)]
            )


def _coarse(rows: Sequence[Row]) -> int:
    """What rounding to whole yuan or more may make between payable, deposit and pay; nothing where fen are written."""
    unit = grain([row["dip_payable"] for row in rows])
    return 0 if unit == 1 else 3 * unit // 2


def deposit_share(rows: Sequence[Row]) -> Decimal:
    """The share that is kept back in most rows, read to four places from the larger rows."""
    places = 4 if _coarse(rows) == 0 else 2
    large = sorted(rows, key=lambda row: -row["dip_payable"])[: max(20, len(rows) // 2)]
    shares = [
        half_up(Decimal(row["quality_deposit"]) / row["dip_payable"], places) for row in large if row["dip_payable"] > 0
    ]
    return commonest(shares) or Decimal(0)


def deposits(rows: Sequence[Row], share: Decimal, right: Mapping[str, Mapping[str, int]]) -> Iterator[Difference]:
    """Rows of which another share was kept, of the payable as it stands or put right."""
    rounding, coarse = whole([(row["dip_payable"] * share, row["quality_deposit"]) for row in rows]), _coarse(rows)
    for row in rows:
        mine = right.get(key_of(row, MONTHLY), {})
        owns = [int(rounding(one["dip_payable"] * share)) for one in ways(row, mine, ("dip_payable",))]
        own, kept = owns[-1], int(row["quality_deposit"])
        if min(abs(kept - one) for one in owns) > coarse:
            says = "没有扣质量保证金" if kept == 0 else f"质量保证金不是应付的 {plain(share * 100)}%"
            yield differs(row, MONTHLY, "deposit", "deposit", yuan(kept), yuan(own), says, own - kept, own)


def taken_off(sheets: Sheets) -> dict[tuple[int, str, str], int]:
    """Deductions that are taken in a month, by month, hospital and insurance: as the sheet says, else as they are listed."""
    if any(row.get("audit_deduction") is not None for row in sheets.months) and sheets.has(MONTHLY, "audit_deduction"):
        return {
            (row["service_month"], row["provider_code"], row["insurance_type"]): row["audit_deduction"]
            for row in sheets.months
        }
    return _listed(sheets)


def _listed(sheets: Sheets) -> dict[tuple[int, str, str], int]:
    taken: dict[tuple[int, str, str], int] = defaultdict(int)
    for one in sheets.deductions:
        if one["deduction_month"] is not None:
            taken[one["deduction_month"], one["provider_code"], one["insurance_type"]] += one["audit_deduction"]
    return taken


def _paid(sheets: Sheets, right: Mapping[str, Mapping[str, int]]) -> Iterator[Difference]:
    """Payable less deposit, less what was taken off in that month."""
    taken, coarse = taken_off(sheets), _coarse(sheets.months)
    for row in sheets.months:
        deduction = taken.get((row["service_month"], row["provider_code"], row["insurance_type"]), 0)
        columns = ("dip_payable", "quality_deposit")  # a deduction as it stands
        owns = [
            one["dip_payable"] - one["quality_deposit"] - deduction
            for one in ways(row, right.get(key_of(row, MONTHLY), {}), columns)
        ]
        if min(abs(row["dip_paid"] - one) for one in owns) <= coarse:
            continue
        own, stated = owns[0], row["dip_paid"]
        cause, says = deduction_cause(own - stated, deduction) or (
            "sum",
            "不等于应付减保证金" + ("和扣款" if deduction else ""),
        )
        yield differs(row, MONTHLY, "paid", cause, yuan(stated), yuan(own), says, stated - own, own)


def paid_right(sheets: Sheets, found: Found) -> dict[str, int]:
    """By key what rows that differ anywhere should have been paid."""
    right, taken, share = found.rights(MONTHLY), taken_off(sheets), deposit_share(sheets.months)
    paid = {}
    for row in sheets.months:
        where = key_of(row, MONTHLY)
        if where in right:
            payable = right[where].get("dip_payable", int(row["dip_payable"]))
            kept = int(half_up(payable * share, 0)) if payable != row["dip_payable"] else row["quality_deposit"]
            deduction = taken.get((row["service_month"], row["provider_code"], row["insurance_type"]), 0)
            paid[where] = payable - right[where].get("quality_deposit", kept) - deduction
    return paid


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

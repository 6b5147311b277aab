"""What a hospital's year comes to: payable, savings and overspending shared, assessed, less deductions, less what it was paid."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from yibao.dip.pay.scoring import half_up
from yibao.dip.pay.shapes import Sharing, SharingLevel
from yibao.dip.pay.sharing import added, by_disease
from yibao.dip.verify.clearing import pair
from yibao.dip.verify.deposits import deduction_cause
from yibao.dip.verify.found import CLEARING, VALUES, Difference, Found, Row, decimal, differs, key_of, ways, yuan
from yibao.dip.verify.infer import grain, whole
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


#: what a clearing amount is made of
PARTS = ("dip_payable", "sharing_amount", "assessment_coefficient", "audit_deduction")


def _due(row: Row) -> Decimal:
    return Decimal(row["dip_payable"] + row["sharing_amount"])


def check_amounts(sheets: Sheets, terms: TermsRead | None, found: Found) -> None:
    """Sharing where the region's terms are known, the clearing amount and balance of each row, the payments where we hold them."""
    names = (
        "结余留用与超支分担按规定的分段",
        "清算金额 = (应付 + 分担) × 考核系数 − 扣款",
        "清算应补拨 = 清算金额 − 已拨",
    )
    if sheets.clearing:
        _check_sharing(sheets, terms, found, names[0])
        _check_amount(sheets, found, names[1])
        _check_balances(sheets, found, names[2])
    else:
        for name in names:
            found.not_run(name, "没有年终清算")


def _check_amount(sheets: Sheets, found: Found, name: str) -> None:
    rows, right, coarse = sheets.clearing, found.rights(CLEARING), _coarse(sheets)
    caps = {pair(row): row["institution_cap"] for row in sheets.assessments if row["institution_cap"] is not None}
    told = [
        (sum(abs(row["clearing_amount"] - reckon(row)) < 1 + coarse for row in rows), -place, way)
        for place, (way, reckon) in enumerate(WAYS.items())
    ]
    fits, _, way = max(told)
    if 2 * fits < len(rows):
        found.not_run(name, "多数机构不是这样算的，看不出统筹区的算法")
        return
    reckon = WAYS[way]
    rounding = whole([(reckon(row), row["clearing_amount"]) for row in rows])
    off = {one.insurance: {"off": one.effect or 0} for one in found.of(VALUES) if one.step == "payable"}
    found.ran(name, len(rows), "" if way == next(iter(WAYS)) else way)
    for row in rows:
        known = {**off.get(row["insurance_type"], {}), **right.get(key_of(row, CLEARING), {})}
        moved = known.pop("off", 0)
        owns = [
            int(rounding(reckon(one))) for one in ways(row, {"dip_payable": row["dip_payable"] - moved, **known}, PARTS)
        ]
        stated, cap = row["clearing_amount"], caps.get(pair(row))
        if min(abs(stated - one) for one in owns) > coarse and not (
            cap is not None and stated == cap - row["audit_deduction"] and stated < owns[0]
        ):
            cause, says = amount_cause(row, owns[0])
            found.add(
                [
                    differs(
                        row, CLEARING, "clearing", cause, yuan(stated), yuan(owns[0]), says, stated - owns[0], owns[0]
                    )
                ]
            )


def _check_balances(sheets: Sheets, found: Found, name: str) -> None:
    if not sheets.has(CLEARING, "clearing_balance", "monthly_paid"):
        found.not_run(name, "年终清算里没有清算应补拨或已拨月预结算")
        return
    wrong = list(_balances(sheets, found.rights(CLEARING)))
    if 2 * len(wrong) > len(sheets.clearing):
        found.not_run(name, "多数机构不是这样算的，看不出统筹区的算法")
        return
    found.ran(name, len(sheets.clearing))
    found.add(wrong)


def _coarse(sheets: Sheets) -> int:
    """What rounding to whole yuan or more may make between the parts of an amount; nothing where fen are written."""
    unit = grain([row["clearing_amount"] for row in sheets.clearing])
    return 0 if unit == 1 else 2 * unit


def _balances(sheets: Sheets, right: Mapping[str, Mapping[str, int]]) -> Iterator[Difference]:
    coarse = _coarse(sheets)
    for row in sheets.clearing:
        columns = ("clearing_amount", "monthly_paid", "advance_paid")
        owns = [_balance(one) for one in ways(row, right.get(key_of(row, CLEARING), {}), columns)]
        stated = row["clearing_balance"]
        if min(abs(stated - one) for one in owns) > coarse:
            says = "不等于清算金额减已拨月预结算和预付金"
            yield differs(row, CLEARING, "balance", "sum", yuan(stated), yuan(owns[0]), says, stated - owns[0], owns[0])


def _balance(row: Row) -> int:
    return int(row["clearing_amount"] - row["monthly_paid"] - row["advance_paid"])


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
    if not sheets.has(CLEARING, "sharing_amount", "booked_pay"):
        found.not_run(name, "年终清算里没有结余留用与超支分担或统筹记账金额")
        return
    try:
        levels = terms.on(date(sheets.year, 12, 31)).sharing
    except UserError as error:
        found.not_run(name, error.sentence)
        return
    if [one.level for one in levels] != ["institution"]:
        _check_levels(sheets, levels, found, name)
        return
    found.ran(name, len(sheets.clearing))
    bands, right = levels[0].bands, found.rights(CLEARING)
    rounding = whole(
        [(shared(bands, row["booked_pay"], row["dip_payable"]), row["sharing_amount"]) for row in sheets.clearing]
    )
    for row in sheets.clearing:
        known = right.get(key_of(row, CLEARING), {})
        exact = [
            shared(bands, one["booked_pay"], one["dip_payable"])
            for one in ways(row, known, ("booked_pay", "dip_payable"))
        ]
        if row["sharing_amount"] not in [rounding(one) for one in exact]:
            own = int(rounding(exact[0]))
            says = f"记账是应付的 {_ratio(row)}，按分段应是 {yuan(own)} 元"
            if row["sharing_amount"] == 0:
                says = f"没有算留用或分担：{says}"
            stated = row["sharing_amount"]
            found.add([differs(row, CLEARING, "sharing", "sharing", yuan(stated), yuan(own), says, stated - own, own)])


def _check_levels(sheets: Sheets, levels: tuple[SharingLevel, ...], found: Found, name: str) -> None:
    """Sharing at the level of the region, alone or with that of the institutions: a scheme's rows together, to the fen of a largest remainder."""
    if by_disease(levels):
        found.not_run(name, "规定按病种留用与分担，年终清算表里没有各病种的应付")
        return
    found.ran(name, len(sheets.clearing))
    for insurance in sorted({row["insurance_type"] for row in sheets.clearing}):
        rows = {row["provider_code"]: row for row in sheets.clearing if row["insurance_type"] == insurance}
        own = added(levels, {(p, ""): row["booked_pay"] for p, row in rows.items()}, {(p, ""): row["dip_payable"] for p, row in rows.items()})  # fmt: skip
        for provider, row in rows.items():
            stated, mine = row["sharing_amount"], own[provider]
            if abs(stated - mine) > 1:
                says = f"按规定的层级和分段应是 {yuan(mine)} 元"
                found.add([differs(row, CLEARING, "sharing", "sharing", yuan(stated), yuan(mine), says, stated - mine, mine)])  # fmt: skip


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

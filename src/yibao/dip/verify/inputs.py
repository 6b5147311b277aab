"""The clearing's coefficients and deductions against the lists that were sent with it."""

from __future__ import annotations

from collections import defaultdict

from yibao.dip.pay.scoring import half_up
from yibao.dip.verify.clearing import Pair, pair
from yibao.dip.verify.deposits import deduction_cause
from yibao.dip.verify.found import CLEARING, Found, decimal, differs, plain, yuan
from yibao.dip.verify.sheets import Sheets


def check_inputs(sheets: Sheets, found: Found) -> None:
    """Both checks; a list that was not sent is told."""
    assessed, deducted = "考核系数与考核结果相同", "审核扣款与扣款明细相同"
    if not sheets.clearing:
        found.not_run(assessed, "没有年终清算")
        found.not_run(deducted, "没有年终清算")
        return
    coefficients = {pair(row): row["assessment_coefficient"] for row in sheets.assessments}
    if not sheets.has(CLEARING, "assessment_coefficient"):
        found.not_run(assessed, "年终清算里没有考核系数")
    elif coefficients:
        found.ran(assessed, len(sheets.clearing))
        for row in sheets.clearing:
            own = coefficients.get(pair(row))
            if own != row["assessment_coefficient"]:
                official, mine = (
                    plain(decimal(row["assessment_coefficient"])),
                    None if own is None else plain(decimal(own)),
                )
                says = "与考核结果不同" if own is not None else "没有这家机构的考核结果"
                effect = None if own is None else int(half_up((row["dip_payable"] + row["sharing_amount"]) * decimal(row["assessment_coefficient"] - own), 0))  # fmt: skip
                found.add([differs(row, CLEARING, "assessment", "assessment", official, mine, says, effect, own)])
    else:
        found.not_run(assessed, "没有这一年的年度考核")
    listed: dict[Pair, int] = defaultdict(int)
    every: dict[Pair, int] = defaultdict(int)  #: also those that were taken in a month: either way of writing adds up
    for row in sheets.deductions:
        every[pair(row)] += row["audit_deduction"]
        if row["deduction_month"] is None:
            listed[pair(row)] += row["audit_deduction"]
    if not sheets.deductions or not sheets.has(CLEARING, "audit_deduction"):
        found.not_run(deducted, "没有这一年的审核扣款明细" if not sheets.deductions else "年终清算里没有审核扣款")
        return
    found.ran(deducted, len(sheets.clearing))
    for row in sheets.clearing:
        own, stated = listed[pair(row)], row["audit_deduction"]
        if stated not in (own, every[pair(row)]):
            _, says = deduction_cause(stated - own, own) or ("", "与扣款明细不同")
            found.add(
                [differs(row, CLEARING, "deduction", "deduction", yuan(stated), yuan(own), says, own - stated, own)]
            )

"""What was compared with our own catalogue, terms and grouping, with how many rows; and the terms of the whole sheet: base and deposit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from yibao.dip.pay.scoring import half_up
from yibao.dip.verify.bases import Base
from yibao.dip.verify.deposits import deposit_share
from yibao.dip.verify.filled import ONE
from yibao.dip.verify.found import MONTHLY, Difference, Found, plain
from yibao.dip.verify.sheets import Sheets
from yibao.dip.verify.steps import Judge
from yibao.dip.verify.terms_read import TermsRead

OWN = (
    "逐个病例的分组与分值",
    "机构系数与参数相同",
    "费用偏差率、偏差类型、偏差系数、点数按规定",
    "辅助分型系数与自算的相同",
)
BASES = {"ratio": "乘支付比例", "case_ratio": "乘病例支付比例", "patient_share": "减参保人负担", "value": "点数乘点值"}


def tell_own(sheets: Sheets, judge: Judge, found: Found) -> None:
    """Which steps of our own were compared, with how many rows."""
    steps = ("group", "coefficient", "auxiliary", "band")
    looked = {step: sum(1 for _, judged in judge.judged if judged == step) for step in steps}
    if judge.versions:
        found.ran(OWN[0], looked["group"], "；".join(_notes(sheets, judge)))
    _tell_subtypes(sheets, looked["auxiliary"], found)
    lacking = judge.terms.lacking if judge.terms is not None else {}
    for name, step, key in ((OWN[1], "coefficient", "coefficient"), (OWN[2], "band", "scorer")):
        if looked[step]:
            found.ran(name, looked[step])
        rest = "没有分组结果" if not sheets.results else "没有地区包" if judge.terms is None else lacking.get(key)
        if rest is not None:
            found.not_run(name if not looked[step] else f"{name}（其余病例）", rest)


def _tell_subtypes(sheets: Sheets, looked: int, found: Found) -> None:
    """Auxiliary coefficients are compared where the sheet and our own grouping have them."""
    ours = any(one["auxiliary_coefficient"] is not None for one in sheets.subtypes.values())
    theirs = any(row.get("auxiliary_coefficient", ONE) != ONE for row in sheets.results)
    if looked:
        found.ran(OWN[3], looked)
    elif ours or theirs:
        lacks = (
            "分组结果里没有辅助分型系数"
            if ours and not theirs
            else "没有自算的辅助分型系数：先用有辅助分型的方案包运行 yibao dip group"
        )
        found.not_run(OWN[3], lacks)


def _notes(sheets: Sheets, judge: Judge) -> Iterator[str]:
    others = [version.name for version in judge.versions if version.name != judge.usual]
    yield f"目录 {judge.usual}" + (f"（另有 {'、'.join(others)}）" if others else "")
    if not sheets.codes:
        yield "工作区里没有这些住院的诊断和手术操作，按表上的编码分组"
    if judge.other_codes:
        yield f"{judge.other_codes} 例表上的编码与病案不同"
    if judge.unversioned:
        yield f"{judge.unversioned} 例没有有效的目录，没有核对"
    unknown = frozenset[str]().union(*(version.unknown for version in judge.versions))
    if unknown:
        yield f"{len(unknown)} 种手术操作看不出治疗方式，有它们的综合病种只核对是不是保守治疗"
    if not all(version.chooses for version in judge.versions):
        yield "没有参数 dip.choice，几个病种同样符合时不判断取哪一个"


def check_base(sheets: Sheets, base: Base | None, known: str | None, found: Found) -> None:
    """The way of paying that the months follow is the region's."""
    name = "付费方式与参数相同"
    if base is None or known is None:
        found.not_run(name, "没有参数 dip.pay_base" if known is None else "看不出月预结算按什么算")
        return
    found.ran(name, len(sheets.months), base.says)
    if base.kind != known:
        says = f"月预结算按{base.says}算，参数 dip.pay_base 是{BASES[known]}"
        found.add([Difference(MONTHLY, str(sheets.year), "pay_base", "pay_base", BASES[base.kind], BASES[known], says)])


def check_deposit(sheets: Sheets, terms: TermsRead | None, found: Found) -> None:
    """The share that nearly all rows show is the one of the terms."""
    name = "质量保证金比例与参数相同"
    own = terms.deposit(date(sheets.year, 12, 31)) if terms is not None else None
    if own is None or not sheets.months or not sheets.has(MONTHLY, "quality_deposit"):
        lacks = "月预结算里没有质量保证金" if sheets.months else "没有月预结算"
        reason = (
            lacks
            if not sheets.has(MONTHLY, "quality_deposit") or not sheets.months
            else "没有地区包"
            if terms is None
            else terms.lacking["deposit"]
        )
        found.not_run(name, reason)
        return
    share = deposit_share(sheets.months)
    found.ran(name, len(sheets.months))
    if share != own:
        kept = sum(row["quality_deposit"] for row in sheets.months)
        effect = int(half_up(sum(row["dip_payable"] for row in sheets.months) * own, 0)) - kept
        official, mine = f"{plain(share * 100)}%", f"{plain(own * 100)}%"
        says = "各行质量保证金的比例与规定不同"
        found.add([Difference(MONTHLY, str(sheets.year), "deposit", "deposit", official, mine, says, effect=effect)])

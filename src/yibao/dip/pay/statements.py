"""What is printed of a month and of a clearing: totals of each scheme, every hospital, and one statement a hospital (a month's: `month_statements`).

The figures are those of the tables; each listing says how they were made and from which documents.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from yibao.dip.pay.bridges import hospital_parts, shares_listing
from yibao.dip.pay.cases import Row
from yibao.dip.pay.clearing import Clearing
from yibao.dip.pay.terms import Terms
from yibao.dip.pay.words import Words
from yibao.errors import UserError
from yibao.store.listing import Headings, Listing, shown
from yibao.store.neutral import as_file_name
from yibao.store.sheets import write_workbook
from yibao.store.word import write_document
from yibao.store.workspace import Workspace

MONTH = (
    "case_count", "dip_points", "total_fee", "booked_pay", "preliminary_point_value", "preliminary_pay_ratio", "dip_payable",
    "quality_deposit", "audit_deduction", "dip_paid",
)  # fmt: skip
YEAR = (
    "case_count", "dip_points", "booked_pay", "dip_payable", "sharing_amount", "capped_amount", "assessment_coefficient", "audit_deduction",
    "clearing_amount", "monthly_paid", "advance_paid", "clearing_balance", "clearing_difference",
)  # fmt: skip
VALUES = (
    "case_count", "dip_points", "total_fee", "booked_pay", "dip_fund", "dip_pay_ratio", "settlement_point_value", "undistributed_amount",
)  # fmt: skip
NOT_SUMMED = frozenset({"preliminary_point_value", "preliminary_pay_ratio", "assessment_coefficient"})
_PAY_BASE = {
    "ratio": "月应付＝全区点数×年初点值×预算支付比例，按点数分到各机构，尾差按最大余数；年应付按清算点值同样计算。",
    "case_ratio": "应付＝Σ 每例点数×点值×该例的支付比例（统筹记账÷费用）。",
    "patient_share": "应付＝点数×点值－参保人负担，不低于 0。",
}
_CLEARED = (
    "清算金额＝（应付＋结余留用与超支分担－超过封顶）×考核系数－审核扣款；应补拨＝清算金额－已拨月预结算－已拨预付金。",
    "与上次清算相差：首次清算为全部应补拨，以后各次只付这一列；负数为应收回。",
)
_MONTHS = """SELECT m.* FROM computed_dip_months AS m WHERE m.service_month // 100 = $year
ORDER BY m.service_month NULLS FIRST, m.insurance_type NULLS FIRST"""
SIGN = "经办人：　　　　　　　　复核：　　　　　　　　单位（盖章）：　　　　　　　　日期："


def notes(terms: Terms) -> tuple[str, ...]:
    """How the figures were made, and on what documents."""
    cited = "；".join(dict.fromkeys(value.cited for _, value in terms.cited()))
    example = any(value.status == "example" for _, value in terms.cited())
    return (_PAY_BASE[terms.pay_base], f"依据：{cited}。", *(("示例参数，不能用于实际付费。",) if example else ()))


def month_listing(words: Words, rows: Sequence[Row], month: int, said: Sequence[str]) -> Listing:
    """A month, a row a hospital and scheme, and the sum of each scheme."""
    title = f"{month // 100} 年 {month % 100} 月按病种付费预结算"
    headings: Headings = [("机构", "text"), ("险种", "text"), *words.headings(*MONTH)]
    cells, bold = _summed(words, rows, MONTH)
    return Listing("月预结算", title, headings, cells, said, bold)


def clearing_listing(words: Words, rows: Sequence[Row], year: int, run: int, said: Sequence[str]) -> Listing:
    """A clearing, a row a hospital and scheme, and the sum of each scheme."""
    title = f"{year} 年按病种付费年终清算（第 {run} 次）"
    headings: Headings = [("机构", "text"), ("险种", "text"), *words.headings(*YEAR)]
    cells, bold = _summed(words, rows, YEAR)
    return Listing("年终清算", title, headings, cells, (*said, *_CLEARED), bold)


def values_listing(words: Words, rows: Sequence[Row], year: int, run: int, terms: Terms) -> Listing:
    """The point value of each scheme, and how it came about."""
    headings: Headings = [("险种", "text"), *words.headings(*VALUES)]
    found = [[words.insurance.get(row["insurance_type"], ""), *(row[name] for name in VALUES)] for row in rows]
    return Listing(
        "清算点值",
        f"{year} 年清算点值（第 {run} 次）",
        headings,
        found,
        (_value_note(terms),),
    )


def _value_note(terms: Terms) -> str:
    rule, ratio = terms.point_value, "支付比例＝统筹记账÷总费用。"
    floating = "（基金总额＋参保人负担）÷总点数" if terms.pay_base == "patient_share" else "基金总额÷支付比例÷总点数"
    if rule.mode == "floating":
        return f"清算点值＝{floating}；{ratio}"
    if rule.mode == "fixed":
        return f"清算点值为规定的固定点值；{ratio}"
    return f"清算点值＝固定点值×{rule.fixed_share}＋浮动点值×（1－{rule.fixed_share}），浮动点值＝{floating}；{ratio}"


def _summed(words: Words, rows: Sequence[Row], names: Sequence[str]) -> tuple[list[list[Any]], frozenset[int]]:
    """The sum of each scheme first, then the hospitals; and the places of the sums."""
    schemes = sorted({row["insurance_type"] for row in rows})
    sums, found = [], []
    for insurance in schemes:
        mine = [row for row in rows if row["insurance_type"] == insurance]
        label = words.insurance.get(insurance, insurance)
        sums.append(
            [
                f"合计（{len(mine)} 家）",
                label,
                *(None if n in NOT_SUMMED else sum(row[n] for row in mine) for n in names),
            ]
        )
        found += [[words.provider(row["provider_code"]), label, *(row[name] for name in names)] for row in mine]
    return [*sums, *found], frozenset(range(len(schemes)))


def turned(
    words: Words, rows: Sequence[Row], names: Sequence[str], name: str, title: str, said: Sequence[str]
) -> Listing:
    """Figures down, schemes across: each cell as it is printed, since a column holds several kinds."""
    headings: Headings = [("项目", "text"), *((words.insurance.get(row["insurance_type"], ""), "text") for row in rows)]
    found = [
        [label, *(shown(row[column], kind) for row in rows)]
        for column, (label, kind) in zip(names, words.headings(*names), strict=True)
    ]
    return Listing(name, f"{title}（金额单位：元）", headings, found, said)


def _months(words: Words, rows: Sequence[Row], year: int) -> list[Listing]:
    """The months of a hospital, a listing a scheme."""
    names = ("case_count", "dip_points", "booked_pay", "dip_payable", "quality_deposit", "audit_deduction", "dip_paid")
    headings: Headings = [("月份", "text"), *words.headings(*names)]
    found = []
    for insurance in sorted({row["insurance_type"] for row in rows}):
        mine = [row for row in rows if row["insurance_type"] == insurance]
        cells: list[list[Any]] = [[f"{row['service_month'] % 100} 月", *(row[name] for name in names)] for row in mine]
        cells.append(["合计", *(sum(row[name] for row in mine) for name in names)])
        label = words.insurance.get(insurance, insurance)
        found.append(
            Listing(f"各月 {label}", f"{year} 年各月预结算：{label}（元）", headings, cells, (), frozenset({len(mine)}))
        )
    return found


def refuse_file(folder: Path) -> None:
    """UserError where a file has the name of the folder."""
    if folder.is_file():
        raise UserError(f"“{folder}”是一个文件，请换一个文件夹。")


def write_statements(
    folder: Path, workspace: Workspace, words: Words, made: Clearing, year: int, said: Sequence[str]
) -> int:
    """A workbook and a page for print a hospital; their number. UserError where a file cannot be written."""
    refuse_file(folder)
    months = workspace.query(_MONTHS, year=year).read_all().to_pylist()
    providers = sorted({row["provider_code"] for row in made.rows})
    for provider in providers:
        mine = [row for row in made.rows if row["provider_code"] == provider]
        paid = _months(words, [row for row in months if row["provider_code"] == provider], year)
        points = [row for row in made.parts if row["provider_code"] == provider]
        beside = [*([hospital_parts(words, points, year)] if points else []), *paid]
        shared = [row for row in made.shares if row["provider_code"] == provider or row["sharing_level"] == "region"]
        whole = [shares_listing(words, shared, year, made.run)] if shared else []
        name = f"{provider} {as_file_name(words.provider(provider))}"
        write_workbook(folder / f"{name}.xlsx", [clearing_listing(words, mine, year, made.run, said), *beside, *whole])
        facts = (
            ("机构编号", provider),
            ("机构名称", words.provider(provider)),
            ("清算日期", f"{mine[0]['cleared_on']}"),
        )
        title = f"{year} 年清算，第 {made.run} 次"
        listings = [turned(words, mine, YEAR, "清算", title, (*said, *_CLEARED)), *beside]
        write_document(folder / f"{name}.docx", f"{year} 年度按病种付费清算单", facts, listings, (), SIGN)
    return len(providers)

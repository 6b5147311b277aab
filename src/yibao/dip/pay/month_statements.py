"""A month for each hospital: what it is paid, and each of its stays with what made its points."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from yibao.dip.pay.cases import Row
from yibao.dip.pay.statements import MONTH, SIGN, month_listing, refuse_file, turned
from yibao.dip.pay.words import Words
from yibao.store.listing import Headings, Listing
from yibao.store.neutral import as_file_name
from yibao.store.sheets import write_workbook
from yibao.store.word import write_document
from yibao.store.workspace import Workspace

STAY = (
    "dip_group_code", "base_score", "institution_coefficient", "auxiliary_coefficient", "deviation_ratio", "deviation_band", "deviation_factor",
    "special_result", "dip_points", "total_fee", "booked_pay",
)  # fmt: skip
_STAYS = """SELECT c.* FROM computed_dip_cases AS c WHERE YEAR(c.settlement_time) = $year AND MONTH(c.settlement_time) = $month
ORDER BY c.provider_code ASC NULLS LAST, c.insurance_type ASC NULLS LAST, c.settlement_time ASC NULLS LAST, c.settlement_id ASC NULLS LAST"""


def write_month_statements(
    folder: Path, workspace: Workspace, words: Words, rows: Sequence[Row], month: int, said: Sequence[str]
) -> int:
    """A workbook with the stays and a page for print a hospital; their number. `rows`: of computed_dip_months. UserError as of `put_file`."""
    refuse_file(folder)
    year, number = divmod(month, 100)
    stays = workspace.query(_STAYS, year=year, month=number).read_all().to_pylist()
    providers = sorted({row["provider_code"] for row in rows})
    for provider in providers:
        mine = [row for row in rows if row["provider_code"] == provider]
        own = stays_listing(words, [row for row in stays if row["provider_code"] == provider], month)
        name = f"{provider} {as_file_name(words.provider(provider))}"
        write_workbook(folder / f"{name}.xlsx", [month_listing(words, mine, month, said), own])
        facts = (
            ("机构编号", provider),
            ("机构名称", words.provider(provider)),
            ("结算月份", f"{year} 年 {number} 月"),
        )
        page = turned(words, mine, MONTH, "月预结算", f"{year} 年 {number} 月预结算", said)
        write_document(folder / f"{name}.docx", f"{year} 年 {number} 月按病种付费月预结算单", facts, [page], (), SIGN)
    return len(providers)


def stays_listing(words: Words, stays: Sequence[Row], month: int) -> Listing:
    """The stays of a hospital, each with what made its points; no name of a patient."""
    headings: Headings = [("就诊号", "text"), ("险种", "text"), ("结算时间", "text"), *words.headings(*STAY)]
    cells = [
        [row["visit_id"], words.insurance.get(row["insurance_type"], ""), row["settlement_time"], *(_said(words, row, name) for name in STAY)]
        for row in stays
    ]  # fmt: skip
    note = "结算点数＝病种分值×偏差系数×机构系数×辅助分型系数，各区间乘哪些按规定；基层病种不乘机构系数。"
    return Listing("病例", f"{month // 100} 年 {month % 100} 月病例点数（金额单位：元）", headings, cells, (note,))


def _said(words: Words, row: Row, name: str) -> object:
    """Codes by their names; a stay in no group says so."""
    value = row[name]
    if name == "deviation_band":
        return words.bands.get(value, value)
    if name == "special_result":
        return words.special.get(value, value)
    return "未入组" if name == "dip_group_code" and value is None else value

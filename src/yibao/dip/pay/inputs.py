"""What a clearing takes over: assessments, deductions of the year and of its months, prepayments, months and earlier clearings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yibao.dip.pay.cases import Row
from yibao.dip.pay.owed import payables
from yibao.errors import UserError
from yibao.store.workspace import Workspace

_ASSESSED = "SELECT a.insurance_type, a.provider_code, a.assessment_coefficient, a.institution_cap FROM dip_assessments AS a WHERE a.service_year = $year"
_DEDUCTIONS = """SELECT d.insurance_type, d.provider_code, CAST(SUM(d.audit_deduction) AS BIGINT) AS amount FROM dip_deductions AS d
WHERE (d.service_year = $year AND d.deduction_month IS NULL) OR d.deduction_month // 100 = $year GROUP BY d.insurance_type, d.provider_code"""


@dataclass(frozen=True)
class Inputs:
    """By insurance type and hospital: assessment and cap, deductions, months, prepayments, earlier clearings (fen).

    Deductions taken in a month of the year count here too: the month was paid less them, and would get them back otherwise.
    """

    year: int
    assessed: Mapping[tuple[str, str], Row]
    deducted: Mapping[tuple[str, str], int]
    owed: Mapping[str, Mapping[tuple[str, str], int]]  #: by payment kind

    @classmethod
    def of(cls, workspace: Workspace, year: int, before: Sequence[Row]) -> Inputs:
        assessed = {key_of(row): row for row in workspace.query(_ASSESSED, year=year).read_all().to_pylist()}
        if not assessed:
            raise UserError(f"“DIP年度考核”表里没有 {year} 年的考核系数，不能清算。请先导入考核结果。")
        deducted = {
            key_of(row): row["amount"] for row in workspace.query(_DEDUCTIONS, year=year).read_all().to_pylist()
        }
        entries = [(row["payment_kind"], key_of(row), row["payable_amount"]) for row in payables(workspace, year)]
        entries = [entry for entry in entries if entry[0] != "clearing"]
        entries += [("clearing", key_of(row), row["clearing_difference"]) for row in before]
        owed: dict[str, dict[tuple[str, str], int]] = {"advance": {}, "dip": {}, "clearing": {}}
        for kind, key, amount in entries:
            owed[kind][key] = owed[kind].get(key, 0) + amount
        return cls(year, assessed, deducted, owed)

    def hospitals(self, insurance: str) -> set[str]:
        """Those with something to take back, give or take off, whether they had stays or not."""
        keys = [*self.deducted, *(key for of in self.owed.values() for key in of)]
        return {provider for of, provider in keys if of == insurance}

    def refuse_left_over(self, done: set[tuple[str, str]]) -> None:
        """UserError where something is to be taken off in a scheme that has no stays: it would be lost."""
        for insurance, provider in sorted({*self.deducted, *(key for of in self.owed.values() for key in of)} - done):
            raise UserError(
                f"定点机构 {provider} 险种 {insurance} 有 {self.year} 年的扣款、预付金或月预结算，而这个险种全年没有按病种付费的住院，不能清算。请核对。"
            )


def key_of(row: Row) -> tuple[str, str]:
    """Insurance type and hospital."""
    return row["insurance_type"], row["provider_code"]

"""A month's pre-settlement: the points of its stays, what they are worth, the deposit kept back, and what is owed (F14)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from yibao.dip.pay.bonus import READ as LISTED
from yibao.dip.pay.bonus import put_bonuses, with_bonus
from yibao.dip.pay.cases import (
    READ,
    Row,
    Sums,
    as_table,
    case_table,
    of_other_schemes,
    refuse_too_many_special,
    scored,
    stays,
    summed,
)
from yibao.dip.pay.money import fen, month_payable
from yibao.dip.pay.not_exported import NotExported, not_exported
from yibao.dip.pay.opening import opening_of
from yibao.dip.pay.owed import month_rows, put_payables, refuse_cleared
from yibao.dip.pay.run import produced
from yibao.dip.pay.scoring import Prices
from yibao.dip.pay.terms import Terms
from yibao.errors import UserError
from yibao.periods import month_end
from yibao.region.pack import Pack
from yibao.store.manifest import Manifest, Produced
from yibao.store.workspace import Workspace

_READ = (*READ, *LISTED, "computed_dip_openings", "dip_deductions")
_DEDUCTIONS = """SELECT d.insurance_type, d.provider_code, CAST(SUM(d.audit_deduction) AS BIGINT) AS amount FROM dip_deductions AS d
WHERE d.deduction_month = $month GROUP BY d.insurance_type, d.provider_code"""
_ACCEPTED = """SELECT COUNT(*) AS accepted FROM computed_dip_cases AS c
WHERE CAST(c.settlement_time AS DATE) < $before AND YEAR(c.settlement_time) = $year AND c.special_result IN ('itemised', 'adjusted')"""
_DISCHARGES = (
    "SELECT CAST(SUM(p.case_count) AS BIGINT) AS cases FROM dip_point_values AS p WHERE p.service_year = $year"
)


@dataclass(frozen=True)
class Month:
    """What was found for a month: the rows of computed_dip_months, what is owed, and where the cases are kept."""

    rows: Sequence[Row]
    owed: Sequence[Row]
    cases: Manifest
    others: Mapping[str, int]  #: stays of schemes without a DIP fund, by insurance type
    bonuses: int  #: stays with a new technology
    waiting: NotExported  #: what the counter settled and the platform has not exported


def settle_month(workspace: Workspace, terms: Terms, month: int, special_document: str | None = None) -> Month:
    """Write a month's cases, sums and payables. UserError where the year was cleared, has no opening, or the month no stays."""
    year = month // 100
    refuse_cleared(workspace, year)
    opening, first, last = opening_of(workspace, year), date(year, month % 100, 1), month_end(month)
    rows = with_bonus(workspace, terms, scored(stays(workspace, terms.pack, first, last), terms, prices_of(opening)))
    waiting = not_exported(workspace, terms.pack, first, last)
    if not rows:
        raise UserError(f"{year} 年 {month % 100} 月没有按病种付费的住院。请先导入结算，或检查月份。{waiting.told()}")
    _refuse_special(workspace, terms, rows, month, special_document)
    sums, taken = summed(rows), _taken(workspace, month)
    if strangers := sorted(taken.keys() - opening.keys()):
        raise UserError(
            f"{year} 年 {month % 100} 月有险种 {strangers[0]} 的扣款，而这个险种没有年初点值，扣款无处可扣。请核对“DIP审核扣款”。"
        )
    found = [
        row for insurance in sorted(sums.keys() | taken.keys())
        for row in _rows(terms, month, insurance, sums.get(insurance, {}), taken.get(insurance, {}), opening[insurance])
    ]  # fmt: skip
    owed = [
        row for insurance in sorted(sums.keys() | taken.keys())
        for row in month_rows(terms, month, insurance, {row["provider_code"]: row["dip_paid"] for row in found if row["insurance_type"] == insurance})
    ]  # fmt: skip
    made = produced(workspace, "yibao dip settle", _READ, terms, month=month, special_document=special_document)
    cases = workspace.write("computed_dip_cases", case_table(workspace, rows), made, f"{year}-{month % 100:02d}")
    put_bonuses(workspace, made, rows, f"{year}-{month % 100:02d}")
    _put(workspace, made, month, found)
    put_payables(workspace, made, year, "dip", owed, month)
    others, bonuses = of_other_schemes(workspace, terms.pack, first, last), sum(bool(row["bonus"]) for row in rows)
    return Month(found, owed, cases, others, bonuses, waiting)


def prices_of(opening: Mapping[str, Row]) -> Mapping[str, Prices]:
    """By insurance type."""
    return {insurance: Prices(row["region_mean_cost"], row["value"]) for insurance, row in opening.items()}


def _taken(workspace: Workspace, month: int) -> dict[str, dict[str, int]]:
    """What audits take off in the month, by insurance type and hospital."""
    found: dict[str, dict[str, int]] = {}
    for row in workspace.query(_DEDUCTIONS, month=month).read_all().to_pylist():
        found.setdefault(row["insurance_type"], {})[row["provider_code"]] = row["amount"]
    return found


def _rows(
    terms: Terms, month: int, insurance: str, of: Mapping[str, Sums], taken: Mapping[str, int], opening: Row
) -> Iterator[Row]:
    """A row a hospital with stays, or with something to be taken off."""
    payable = month_payable(terms.pay_base, of, opening["value"], opening["ratio"])
    for provider in sorted(of.keys() | taken.keys()):
        due, deduction = payable.get(provider, 0), taken.get(provider, 0)
        deposit = fen(due * terms.deposit)
        yield {
            **of.get(provider, Sums()).columns(), "service_month": month, "provider_code": provider, "insurance_type": insurance,
            "preliminary_point_value": opening["preliminary_point_value"], "preliminary_pay_ratio": opening["preliminary_pay_ratio"],
            "dip_payable": due, "quality_deposit": deposit, "audit_deduction": deduction, "dip_paid": due - deposit - deduction,
        }  # fmt: skip


def _put(workspace: Workspace, made: Produced, month: int, rows: Sequence[Row]) -> None:
    kept = workspace.query(
        "SELECT m.* FROM computed_dip_months AS m WHERE m.service_month <> $month", month=month
    ).read_all()
    new = as_table(workspace, "computed_dip_months", rows)
    workspace.write("computed_dip_months", pa.concat_tables([kept.cast(new.schema), new]), made)


def _refuse_special(workspace: Workspace, terms: Terms, rows: Sequence[Row], month: int, document: str | None) -> None:
    """Special cases of the year so far against the discharges of the region: published ones, or those of the workspace."""
    accepted = accepted_of(rows)
    if not accepted:
        return
    year, first = month // 100, date(month // 100, month % 100, 1)
    before = workspace.query(_ACCEPTED, before=first, year=year).read_all()["accepted"].to_pylist()[0]
    refuse_too_many_special(terms, accepted + before, discharges_of(workspace, terms, year), document)


def accepted_of(rows: Sequence[Row]) -> int:
    """How many stays are paid by review."""
    return sum(row["special_result"] in ("itemised", "adjusted") for row in rows)


def discharges_of(workspace: Workspace, terms: Terms, year: int) -> int:
    """The DIP discharges of the region: published, or those of the workspace."""
    published: int | None = workspace.query(_DISCHARGES, year=year).read_all()["cases"].to_pylist()[0]
    return published or len(stays(workspace, terms.pack, date(year, 1, 1), date(year, 12, 31), need_groups=False))


def months_with_stays(workspace: Workspace, pack: Pack, year: int) -> list[int]:
    """The months of a year in which stays were settled; UserError where there are none."""
    rows = stays(workspace, pack, date(year, 1, 1), date(year, 12, 31), need_groups=False)
    if not rows:
        raise UserError(f"{year} 年没有按病种付费的住院。请先导入结算，或检查年度。")
    return sorted({year * 100 + row["settlement_time"].month for row in rows})

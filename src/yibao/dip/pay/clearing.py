"""The clearing of a year (F12, F13, F16): every stay scored once more, the fund given away, savings and overspending shared, and
what is still owed after months and prepayment.

A clearing is never changed. The next one of the same year is a run of its own, and what it owes is only the difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from yibao.dip.pay.cases import READ, Row, Sums, as_table, case_table, decimal, millionths, scored, stays, summed, whole
from yibao.dip.pay.money import Cleared, beyond_cap, cleared, fen, sharing
from yibao.dip.pay.month import prices_of
from yibao.dip.pay.opening import opening_of
from yibao.dip.pay.owed import clearing_rows, payables, put_payables
from yibao.dip.pay.run import produced
from yibao.dip.pay.scoring import ONE
from yibao.dip.pay.terms import Terms
from yibao.errors import UserError
from yibao.store.workspace import Workspace

_READ = (*READ, "computed_dip_openings", "computed_dip_months", "dip_payables", "dip_assessments", "dip_deductions")
_ASSESSED = "SELECT a.insurance_type, a.provider_code, a.assessment_coefficient, a.institution_cap FROM dip_assessments AS a WHERE a.service_year = $year"
_DEDUCTIONS = """SELECT d.insurance_type, d.provider_code, CAST(SUM(d.audit_deduction) AS BIGINT) AS amount FROM dip_deductions AS d
WHERE d.service_year = $year AND d.deduction_month IS NULL GROUP BY d.insurance_type, d.provider_code"""
_MONTHS = "SELECT DISTINCT m.service_month FROM computed_dip_months AS m WHERE m.service_month // 100 = $year"
_RUNS = "SELECT c.* FROM computed_dip_clearing AS c WHERE c.service_year = $year"

_VALUES = "SELECT v.* FROM computed_dip_values AS v WHERE v.service_year = $year AND v.clearing_run = $run"


@dataclass(frozen=True)
class Clearing:
    """A run: rows of computed_dip_values and computed_dip_clearing; `new` False where nothing changed since the last."""

    run: int
    new: bool
    values: Sequence[Row]
    rows: Sequence[Row]


def clear_year(workspace: Workspace, terms: Terms, year: int, cleared_on: date) -> Clearing:
    """Write a run of the clearing. UserError where months, assessments or terms are missing, or money would be lost."""
    opening = opening_of(workspace, year)
    rows = list(scored(stays(workspace, terms.pack, date(year, 1, 1), date(year, 12, 31)), terms, prices_of(opening)))
    _refuse_missing_months(workspace, year, rows)
    before = workspace.query(_RUNS, year=year).read_all().to_pylist()
    run = max((row["clearing_run"] for row in before), default=0) + 1
    inputs = _Inputs.of(workspace, year, before)
    values, found = [], []
    for insurance, of in summed(rows).items():
        paid = given_away(terms, insurance, of, opening[insurance]["dip_fund"])
        values.append(_value(terms, year, run, insurance, of, paid, opening[insurance]["dip_fund"]))
        found += list(_rows(terms, inputs, insurance, of, paid))
    inputs.refuse_left_over({(row["insurance_type"], row["provider_code"]) for row in found})
    done = [{**row, "service_year": year, "clearing_run": run, "cleared_on": cleared_on} for row in found]
    last = [row for row in before if row["clearing_run"] == run - 1]
    if last and _same(last, done):
        _put_owed(workspace, terms, year, before)
        known = workspace.query(_VALUES, year=year, run=run - 1).read_all().to_pylist()
        return Clearing(run - 1, False, known, last)
    _write(workspace, terms, year, run, rows, values, done)
    _put_owed(workspace, terms, year, [*before, *done])
    return Clearing(run, True, values, done)


def given_away(terms: Terms, insurance: str, of: Mapping[str, Sums], fund: int) -> Cleared:
    """The fund of a scheme among its hospitals, by the terms."""
    return cleared(terms.point_value, terms.pay_base, terms.schemes[insurance], of, fund, terms.opening.digits)


@dataclass(frozen=True)
class _Inputs:
    """By insurance type and hospital: assessment and cap, deductions, months, prepayments, earlier clearings (fen)."""

    year: int
    assessed: Mapping[tuple[str, str], Row]
    deducted: Mapping[tuple[str, str], int]
    owed: Mapping[str, Mapping[tuple[str, str], int]]  #: by payment kind

    @classmethod
    def of(cls, workspace: Workspace, year: int, before: Sequence[Row]) -> _Inputs:
        assessed = {_key(row): row for row in workspace.query(_ASSESSED, year=year).read_all().to_pylist()}
        if not assessed:
            raise UserError(f"“DIP年度考核”表里没有 {year} 年的考核系数，不能清算。请先导入考核结果。")
        deducted = {_key(row): row["amount"] for row in workspace.query(_DEDUCTIONS, year=year).read_all().to_pylist()}
        entries = [(row["payment_kind"], _key(row), row["payable_amount"]) for row in payables(workspace, year)]
        entries = [entry for entry in entries if entry[0] != "clearing"]
        entries += [("clearing", _key(row), row["clearing_difference"]) for row in before]
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


def _key(row: Row) -> tuple[str, str]:
    return row["insurance_type"], row["provider_code"]


def _rows(terms: Terms, inputs: _Inputs, insurance: str, of: Mapping[str, Sums], paid: Cleared) -> Iterator[Row]:
    """A row a hospital: due, kept or shared, capped, assessed, less what audits found, less what was paid."""
    for provider in sorted(of.keys() | inputs.hospitals(insurance)):
        sums, key, due = of.get(provider, Sums()), (insurance, provider), paid.payable.get(provider, 0)
        assessed = inputs.assessed.get(key)
        if assessed is None and provider in of:
            raise UserError(
                f"“DIP年度考核”表里没有定点机构 {provider} 险种 {insurance} {inputs.year} 年的考核系数，不能清算。"
            )
        shared = sharing(terms.sharing, sums.booked_pay, due)
        capped = beyond_cap(due + shared, sums.booked_pay, terms.cap, assessed["institution_cap"] if assessed else None)
        coefficient = decimal(assessed["assessment_coefficient"]) if assessed else ONE
        deduction = inputs.deducted.get(key, 0)
        amount = fen((due + shared - capped) * coefficient) - deduction
        advance, months = inputs.owed["advance"].get(key, 0), inputs.owed["dip"].get(key, 0)
        balance = amount - months - advance
        yield {
            "provider_code": provider, "insurance_type": insurance, **sums.columns(), "dip_payable": due, "sharing_amount": shared,
            "capped_amount": capped, "assessment_coefficient": millionths(coefficient), "audit_deduction": deduction, "clearing_amount": amount,
            "monthly_paid": months, "advance_paid": advance, "clearing_balance": balance,
            "clearing_difference": balance - inputs.owed["clearing"].get(key, 0),
        }  # fmt: skip


def _value(terms: Terms, year: int, run: int, insurance: str, of: Mapping[str, Sums], paid: Cleared, fund: int) -> Row:
    return {
        **whole(of).columns(), "service_year": year, "clearing_run": run, "insurance_type": insurance, "point_value_mode": terms.point_value.mode,
        "dip_fund": fund, "dip_pay_ratio": millionths(paid.ratio), "settlement_point_value": millionths(paid.value),
        "undistributed_amount": paid.left,
    }  # fmt: skip


def _refuse_missing_months(workspace: Workspace, year: int, rows: Sequence[Row]) -> None:
    """Every month with stays must have been pre-settled."""
    if not rows:
        raise UserError(f"{year} 年没有按病种付费的住院，不能清算。请先导入结算，或检查年度。")
    done = set(workspace.query(_MONTHS, year=year).read_all()["service_month"].to_pylist())
    missing = sorted({year * 100 + row["settlement_time"].month for row in rows} - done)
    if missing:
        said = "、".join(f"{month % 100} 月" for month in missing)
        raise UserError(f"{year} 年 {said}还没有月预结算，不能清算。请先运行 yibao dip settle {missing[0]}。")


def _same(before: Sequence[Row], now: Sequence[Row]) -> bool:
    """Nothing is owed by a run that comes to the same."""
    names = ("case_count", "dip_points", "dip_payable", "sharing_amount", "clearing_amount", "clearing_balance")
    said = [{(*_key(row), *(row[name] for name in names)) for row in rows} for rows in (before, now)]
    return said[0] == said[1]


def _write(
    workspace: Workspace, terms: Terms, year: int, run: int, rows: Sequence[Row], values: Sequence[Row], done: Sequence[Row]
) -> None:  # fmt: skip
    made = produced(workspace, "yibao dip clear", _READ, terms, year=year, run=run)
    months = sorted({f"{year}-{row['settlement_time'].month:02d}" for row in rows})
    workspace.write("computed_dip_cases", case_table(workspace, rows), made, months, publish_equal=False)
    for name, added in (("computed_dip_values", values), ("computed_dip_clearing", done)):
        before = workspace.query(f"SELECT t.* FROM {name} AS t").read_all()
        new = as_table(workspace, name, added)
        workspace.write(name, pa.concat_tables([before.cast(new.schema), new]), made)


def _put_owed(workspace: Workspace, terms: Terms, year: int, runs: Sequence[Row]) -> None:
    """What each run owes, from the runs as they stand."""
    amounts: dict[tuple[int, date, str], dict[str, int]] = {}
    for row in runs:
        of = amounts.setdefault((row["clearing_run"], row["cleared_on"], row["insurance_type"]), {})
        of[row["provider_code"]] = row["clearing_difference"]
    owed = [
        row
        for (run, on, insurance), of in sorted(amounts.items())
        for row in clearing_rows(terms, year, run, on, insurance, of)
    ]
    made = produced(workspace, "yibao dip clear", ("computed_dip_clearing",), terms, year=year)
    put_payables(workspace, made, year, "clearing", owed)

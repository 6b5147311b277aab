"""The clearing of a year (F12, F13, F16): every stay scored once more, the fund given away, savings and overspending shared, and
what is still owed after months and prepayment.

A clearing is never changed. The next one of the same year is a run of its own, and what it owes is only the difference.
"""

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
    decimal,
    millionths,
    refuse_too_many_special,
    scored,
    stays,
    summed,
    whole,
)
from yibao.dip.pay.inputs import Inputs, key_of
from yibao.dip.pay.money import Cleared, beyond_cap, cleared, due_by_disease, fen
from yibao.dip.pay.month import accepted_of, discharges_of, prices_of
from yibao.dip.pay.not_exported import NotExported, not_exported
from yibao.dip.pay.opening import opening_of
from yibao.dip.pay.owed import clearing_rows, put_payables
from yibao.dip.pay.parts import parts
from yibao.dip.pay.run import produced
from yibao.dip.pay.scoring import ONE
from yibao.dip.pay.sharing import Cell, Share, added, by_disease, shares
from yibao.dip.pay.terms import Terms
from yibao.errors import UserError
from yibao.store.workspace import Workspace

_READ = (
    *READ,
    *LISTED,
    "computed_dip_openings",
    "computed_dip_months",
    "dip_payables",
    "dip_assessments",
    "dip_deductions",
)
_MONTHS = "SELECT DISTINCT m.service_month FROM computed_dip_months AS m WHERE m.service_month // 100 = $year"
_RUNS = "SELECT c.* FROM computed_dip_clearing AS c WHERE c.service_year = $year"

#: of a run that stands already: values, points, sharings
_OF_RUN = tuple(
    f"SELECT t.* FROM {name} AS t WHERE t.service_year = $year AND t.clearing_run = $run"
    for name in ("computed_dip_values", "computed_dip_points", "computed_dip_sharings")
)


@dataclass(frozen=True)
class Clearing:
    """A run: rows of computed_dip_values, _clearing, _points and _sharings; `new` False where nothing changed since the last."""

    run: int
    new: bool
    values: list[Row]
    rows: list[Row]
    parts: list[Row]
    shares: list[Row]
    waiting: NotExported  #: what the counter settled and the platform has not exported


def clear_year(
    workspace: Workspace, terms: Terms, year: int, cleared_on: date, special_document: str | None = None
) -> Clearing:
    """Write a run of the clearing. UserError where months, assessments or terms are missing, or money would be lost."""
    opening = opening_of(workspace, year)
    found = scored(stays(workspace, terms.pack, date(year, 1, 1), date(year, 12, 31)), terms, prices_of(opening))
    rows = with_bonus(workspace, terms, found)
    if accepted := accepted_of(rows):
        refuse_too_many_special(terms, accepted, discharges_of(workspace, terms, year), special_document)
    waiting = not_exported(workspace, terms.pack, date(year, 1, 1), date(year, 12, 31))
    before = workspace.query(_RUNS, year=year).read_all().to_pylist()
    if not before:
        _refuse_missing_months(workspace, year, rows)
    run = max((row["clearing_run"] for row in before), default=0) + 1
    inputs = Inputs.of(workspace, year, before)
    made = Clearing(
        run, True, [], [], [{**part, "service_year": year, "clearing_run": run} for part in parts(rows)], [], waiting
    )
    for insurance, of in summed(rows).items():
        clear_scheme(made, terms, inputs, insurance, of, opening[insurance]["dip_fund"], cleared_on)
    inputs.refuse_left_over({key_of(row) for row in made.rows})
    last = [row for row in before if row["clearing_run"] == run - 1]
    if last and _same(last, made.rows):
        _put_owed(workspace, terms, year, before)
        known = [workspace.query(sql, year=year, run=run - 1).read_all().to_pylist() for sql in _OF_RUN]
        return Clearing(run - 1, False, known[0], last, known[1], known[2], waiting)
    _write(workspace, terms, year, rows, made, special_document)
    _put_owed(workspace, terms, year, [*before, *made.rows])
    return made


def clear_scheme(
    made: Clearing, terms: Terms, inputs: Inputs, insurance: str, of: Mapping[str, Sums], fund: int, on: date
) -> None:
    """Add a scheme's rows to a run."""
    paid = given_away(terms, insurance, of, fund)
    booked, due = cells_of(terms, of, paid)
    here = {"service_year": inputs.year, "clearing_run": made.run, "insurance_type": insurance}
    rows = [
        {**row, **here, "cleared_on": on}
        for row in _rows(terms, inputs, insurance, of, paid, added(terms.sharing, booked, due))
    ]
    made.rows.extend(rows)
    made.shares.extend({**_share(share), **here} for share in shares(terms.sharing, booked, due))
    made.values.append({**_value(terms, of, paid, fund, rows), **here})


def cells_of(terms: Terms, of: Mapping[str, Sums], paid: Cleared) -> tuple[dict[Cell, int], dict[Cell, int]]:
    """What is booked and due by hospital, and by disease where the sharing asks for it; fen."""
    if not by_disease(terms.sharing):
        return {(name, ""): one.booked_pay for name, one in of.items()}, {(name, ""): paid.payable[name] for name in of}
    booked: dict[Cell, int] = {}
    for name, one in of.items():
        for line in one.stays:
            booked[name, line.group] = booked.get((name, line.group), 0) + line.booked_pay
    due = {
        (name, group): part
        for name, one in of.items()
        for group, part in due_by_disease(terms.pay_base, one, paid, paid.payable[name]).items()
    }
    return booked, due


def _share(share: Share) -> Row:
    return {
        "sharing_order": share.order, "sharing_level": share.level, "provider_code": share.provider, "dip_group_code": share.group,
        "booked_pay": share.booked, "dip_payable": share.due, "sharing_amount": share.added,
    }  # fmt: skip


def given_away(terms: Terms, insurance: str, of: Mapping[str, Sums], fund: int) -> Cleared:
    """The fund of a scheme among its hospitals, by the terms."""
    return cleared(terms.point_value, terms.pay_base, terms.schemes[insurance], of, fund, terms.opening.digits)


def _rows(
    terms: Terms, inputs: Inputs, insurance: str, of: Mapping[str, Sums], paid: Cleared, sharing: Mapping[str, int]
) -> Iterator[Row]:
    """A row a hospital: due, kept or shared, capped, assessed, less what audits found, less what was paid."""
    for provider in sorted(of.keys() | inputs.hospitals(insurance)):
        sums, key, due = of.get(provider, Sums()), (insurance, provider), paid.payable.get(provider, 0)
        assessed = inputs.assessed.get(key)
        if assessed is None and provider in of:
            raise UserError(
                f"“DIP年度考核”表里没有定点机构 {provider} 险种 {insurance} {inputs.year} 年的考核系数，不能清算。"
            )
        shared = sharing.get(provider, 0)
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


def _value(terms: Terms, of: Mapping[str, Sums], paid: Cleared, fund: int, rows: Sequence[Row]) -> Row:
    """A scheme's point value, and the way from its fund to what its hospitals get; what is left, or lacking, is a line of its own."""
    names = ("dip_payable", "sharing_amount", "capped_amount", "audit_deduction", "clearing_amount")
    due, shared, capped, deduction, amount = (sum(row[name] for row in rows) for name in names)
    if due + paid.left != fund:
        raise ValueError("what is due and what is left are not the fund")
    return {
        **whole(of).columns(), "point_value_mode": terms.point_value.mode, "dip_fund": fund, "dip_pay_ratio": millionths(paid.ratio),
        "settlement_point_value": millionths(paid.value), "undistributed_amount": paid.left, "sharing_amount": shared, "capped_amount": capped,
        "assessment_effect": amount + deduction - (due + shared - capped), "audit_deduction": deduction, "clearing_amount": amount,
        "fund_balance": fund - amount,
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
    said = [{(*key_of(row), *(row[name] for name in names)) for row in rows} for rows in (before, now)]
    return said[0] == said[1]


def _write(
    workspace: Workspace, terms: Terms, year: int, rows: Sequence[Row], run: Clearing, document: str | None
) -> None:
    made = produced(workspace, "yibao dip clear", _READ, terms, year=year, run=run.run, special_document=document)
    months = sorted({f"{year}-{row['settlement_time'].month:02d}" for row in rows})
    workspace.write("computed_dip_cases", case_table(workspace, rows), made, months, publish_equal=False)
    put_bonuses(workspace, made, rows, months)
    tables = (("values", run.values), ("clearing", run.rows), ("points", run.parts), ("sharings", run.shares))
    for name, more in tables:
        before = workspace.query(f"SELECT t.* FROM computed_dip_{name} AS t").read_all()
        new = as_table(workspace, f"computed_dip_{name}", more)
        workspace.write(f"computed_dip_{name}", pa.concat_tables([before.cast(new.schema), new]), made)


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

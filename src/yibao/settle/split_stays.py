"""Stays that the region splits by days, held against the one number that the platform reported: the sum of the parts.

Only what adds up is compared: the fee, each fund, account and cash. Deductibles do not: each part has its own year's. The parts are
computed after what the rules give for the person's earlier bills, not after what was reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from yibao.region.benefits.resolve import Benefits
from yibao.region.pack import MissingKey
from yibao.settle.across_years import MARK, may_split
from yibao.settle.batches import FUND_COLUMNS, RESULT, Settler
from yibao.settle.run import ORDER, bills_of
from yibao.settle.verify import CARRIED, DIFFERENCES, STEP_OF_FUND
from yibao.store.workspace import Workspace

#: the steps that add up, in their order
STEPS: tuple[tuple[str, str], ...] = (
    ("classification", "total_fee"), *((STEP_OF_FUND[fund], FUND_COLUMNS[fund]) for fund in STEP_OF_FUND),
    ("account", "account_pay"), ("cash", "cash_pay"),
)  # fmt: skip
CAUSE = "split_sum"
_SPLIT = f"""SELECT s.settlement_id, s.visit_id, s.person_no, s.benefit_year, s.provider_code, s.insurance_type, s.care_type, s.settlement_time,
    s.stay_start_date, {", ".join(f"s.{column}" for _, column in STEPS)}
FROM settlements AS s
JOIN parts AS p ON p.settlement_id = s.settlement_id
WHERE s.benefit_year = $year"""
_PARTS = "SELECT b.bill_id FROM bills AS b WHERE b.benefit_year = $year AND YEAR(b.policy_date) = $year AND b.bill_id LIKE '%#%'"


@dataclass(frozen=True, slots=True)
class SplitStays:
    """How many settlements were compared part by part, and where the sum is another amount (settlement_differences)."""

    compared: int
    differences: pa.Table
    left_out: int = 0  #: settlements that are not compared, because
    key: str = ""  #: this key is missing for one of the bills of these people


def split_stays(workspace: Workspace, benefits: Benefits, year: int) -> SplitStays:
    """The stays discharged in a year that the region splits by days; the bills of the year must have been collected."""
    nothing = SplitStays(0, DIFFERENCES.empty_table())
    if not may_split(benefits.pack):
        return nothing
    parts = workspace.query(_PARTS, year=year).read_all()["bill_id"].to_pylist()
    wanted = pa.table({"settlement_id": pa.array([part.rpartition(MARK)[0] for part in parts], pa.string())})
    stays = workspace.query(_SPLIT, {"parts": wanted}, year=year).read_all().to_pylist()
    if not stays:
        return nothing
    people = pa.array(sorted({stay["person_no"] for stay in stays}))
    first: date = min(stay["stay_start_date"] for stay in stays)
    try:
        sums = _sums(workspace, benefits, people, range(first.year, year + 1))
    except MissingKey as error:
        return SplitStays(0, DIFFERENCES.empty_table(), len(stays), error.key)
    rows = [row for stay in stays for row in _differing(stay, sums[stay["settlement_id"]])]
    return SplitStays(len(stays), pa.Table.from_pylist(rows, schema=DIFFERENCES))


def _sums(
    workspace: Workspace, benefits: Benefits, people: pa.Array, years: Iterable[int]
) -> dict[str, dict[str, int]]:
    """By settlement what its parts in all years come to, a column a sum, fen."""
    found: dict[str, dict[str, int]] = {}
    for year in years:
        for row in _settled(workspace, benefits, people, year).to_pylist():
            stay, mark, _ = row["bill_id"].rpartition(MARK)
            if mark:
                sums = found.setdefault(stay, dict.fromkeys((column for _, column in STEPS), 0))
                for column in sums:
                    sums[column] += row[column]
    return found


def _settled(workspace: Workspace, benefits: Benefits, people: pa.Array, year: int) -> pa.Table:
    """Some people's bills of a year, computed."""
    rows = bills_of(workspace, benefits.pack, year)
    mine = [batch.filter(pc.is_in(batch["person_no"], people)) for batch in rows]
    bills = pa.Table.from_batches(mine, rows.schema)
    if not bills.num_rows:
        return RESULT.empty_table()
    return Settler(benefits)(bills.sort_by([(name, "ascending") for name in ("person_no", *ORDER)]).combine_chunks())


def _differing(stay: Mapping[str, Any], sums: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    """The steps at which the sum is another amount; cash only where it is all that differs."""
    differing = [(step, column) for step, column in STEPS if stay[column] != sums[column]]
    for step, column in differing:
        if step != "cash" or len(differing) == 1:
            yield {
                **{name: stay[name] for name in CARRIED}, "difference_step": step, "reported_amount": stay[column], "computed_amount": sums[column],
                "difference_amount": stay[column] - sums[column], "difference_cause": CAUSE,
            }  # fmt: skip

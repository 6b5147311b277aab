"""What checking gives: differences with their cause, and which checks ran. A check that could not run is never a pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product
from typing import Any

Row = Mapping[str, Any]  #: a row of a standard table: decimals in 10⁻⁶, money in fen
MILLION = Decimal(1_000_000)
#: the column that a step is about, where it is a number that others are reckoned from
COLUMNS = {
    "cases": "case_count", "points": "dip_points", "fee": "total_fee", "booked": "booked_pay", "payable": "dip_payable",
    "deposit": "quality_deposit", "paid": "dip_paid", "sharing": "sharing_amount", "assessment": "assessment_coefficient",
    "deduction": "audit_deduction", "clearing": "clearing_amount", "monthly_paid": "monthly_paid", "advance": "advance_paid",
    "balance": "clearing_balance", "fund": "dip_fund",
}  # fmt: skip
MOST_WRONG = 12  #: numbers of one sum that are tried as wrong in every combination
RESULTS, MONTHLY, VALUES, CLEARING = "dip_results", "dip_monthly", "dip_point_values", "dip_clearing"


@dataclass(frozen=True, slots=True)
class Difference:
    """One row of a sheet at one step. Values are as printed; `effect` fen, official less own, None where it has no price."""

    sheet: str
    key: str
    step: str  #: dip_step
    cause: str  #: dip_cause
    official: str | None
    own: str | None
    says: str  #: one Chinese sentence
    provider: str | None = None
    insurance: str | None = None
    month: int | None = None
    visit: str | None = None
    effect: int | None = None
    right: int | None = None  #: ours as the column has it, where it is a number


@dataclass(frozen=True, slots=True)
class Check:
    """A check of `looked` rows, with what was read off the sheet; `reason`: why it could not run."""

    name: str
    looked: int = 0
    note: str = ""
    reason: str = ""


@dataclass
class Found:
    """The differences and checks of one run."""

    differences: list[Difference] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)

    def ran(self, name: str, looked: int, note: str = "") -> None:
        """A check that ran; one that had nothing to look at did not."""
        self.checks.append(Check(name, looked, note) if looked else Check(name, reason="没有可以核对的行"))

    def not_run(self, name: str, reason: str) -> None:
        self.checks.append(Check(name, reason=reason))

    def add(self, differences: Iterable[Difference]) -> None:
        self.differences += differences

    def of(self, sheet: str) -> list[Difference]:
        return [one for one in self.differences if one.sheet == sheet]

    def whole_rows(self, sheet: str) -> set[str]:
        """The keys of rows that are wrong as a whole, so that none of their numbers is looked at again."""
        return {one.key for one in self.of(sheet) if one.step in ("row", "provider")}

    def rights(self, sheet: str) -> dict[str, dict[str, int]]:
        """By key what the columns that differ should hold: what is reckoned from them may follow either number, and is told once."""
        found: dict[str, dict[str, int]] = {}
        for one in self.of(sheet):
            if one.right is not None and one.step in COLUMNS:
                found.setdefault(one.key, {})[COLUMNS[one.step]] = one.right
        return found


def decimal(millionths: int) -> Decimal:
    """
    >>> decimal(1_260_000)
    Decimal('1.26')
    """
    return Decimal(millionths) / MILLION


def plain(value: Decimal | int) -> str:
    """A number without idle zeros.

    >>> plain(Decimal("1.2600")), plain(Decimal("100"))
    ('1.26', '100')
    """
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def yuan(fen: Decimal | int) -> str:
    """
    >>> yuan(-123456)
    '-1234.56'
    """
    return f"{Decimal(fen) / 100:.2f}"


def key_of(row: Row, sheet: str) -> str:
    """The key of a row as it stands in `sheet_row_key`."""
    if sheet == RESULTS:
        return str(row["settlement_id"])
    period = row["service_month"] if sheet == MONTHLY else row["service_year"]
    middle = [] if sheet == VALUES else [row["provider_code"]]
    return "|".join(map(str, [period, *middle, row["insurance_type"]]))


def differs(
    row: Row, sheet: str, step: str, cause: str, official: str | None, own: str | None, says: str, effect: int | None = None,
    right: int | None = None,
) -> Difference:  # fmt: skip
    """A difference in a row that is there."""
    if sheet == RESULTS:
        month = row["settlement_time"].year * 100 + row["settlement_time"].month
    else:
        month = row.get("service_month")
    return Difference(
        sheet, key_of(row, sheet), step, cause, official, own, says, row.get("provider_code"), row["insurance_type"],
        month, row.get("visit_id"), effect, right,
    )  # fmt: skip


def ways(row: Row, right: Mapping[str, int], columns: Sequence[str]) -> Iterator[Row]:
    """The row as it stands, then with each of the columns put right that is known to be wrong."""
    wrong = [column for column in columns if column in right]
    for chosen in product((False, True), repeat=len(wrong)):
        yield {**row, **{column: right[column] for column, put in zip(wrong, chosen, strict=True) if put}}


def reaches(total: int, target: int, deltas: Sequence[int]) -> bool:
    """Is a sum the target once some of its numbers are put right?

    >>> reaches(10, 13, [3, 5]), reaches(10, 12, [3, 5])
    (True, False)
    """
    sums = {total}
    for delta in deltas[:MOST_WRONG]:
        sums |= {one + delta for one in sums}
    return target in sums

"""What checking gives: differences with their cause, and which checks ran. A check that could not run is never a pass."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

Row = Mapping[str, Any]  #: a row of a standard table: decimals in 10⁻⁶, money in fen
MILLION = Decimal(1_000_000)
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
    row: Row, sheet: str, step: str, cause: str, official: str | None, own: str | None, says: str, effect: int | None = None
) -> Difference:  # fmt: skip
    """A difference in a row that is there."""
    if sheet == RESULTS:
        month = row["settlement_time"].year * 100 + row["settlement_time"].month
    else:
        month = row.get("service_month")
    return Difference(
        sheet, key_of(row, sheet), step, cause, official, own, says, row.get("provider_code"), row["insurance_type"],
        month, row.get("visit_id"), effect,
    )  # fmt: skip

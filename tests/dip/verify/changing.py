"""One number of the county's sheets changed, the first row that fits: a mistake that nobody planted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from yibao.dip.verify.found import Row
from yibao.dip.verify.sheets import Sheets

Fits = Callable[[Row], bool]
Change = dict[str, Any]  #: column → its value, or what makes it of the row


def changed(sheets: Sheets, table: str, fits: Fits, change: Change) -> tuple[Sheets, Row]:
    """The sheets with the change in the first row that fits, and that row as it was."""
    rows = list(getattr(sheets, table))
    place = next(at for at, row in enumerate(rows) if fits(row))
    before, row = rows[place], dict(rows[place])
    for column, value in change.items():
        row[column] = value(row) if callable(value) else value
    rows[place] = row
    return replace(sheets, **{table: rows}), before  # type: ignore[arg-type]


def more(column: str, by: int) -> Change:
    return {column: lambda row: row[column] + by}


def calm(row: Row) -> bool:
    """A stay of a core group, with a coefficient, in the normal band, of the county hospital in May: the county plants nothing there."""
    return bool(
        row["dip_layer"] == "core" and row["deviation_band"] == "normal" and row["provider_code"] == "H99042100001"
        and row["settlement_time"].month == 5 and row["institution_coefficient"] == 1_260_000 and row["operation_expression"] is None
    )  # fmt: skip


def of_month(month: int, provider: str = "H99042100001", insurance: str = "390") -> Fits:
    return lambda row: (
        (row["service_month"], row["provider_code"], row["insurance_type"]) == (month, provider, insurance)
    )


def of_year(provider: str = "H99042100001", insurance: str = "390") -> Fits:
    return lambda row: (row["provider_code"], row["insurance_type"]) == (provider, insurance)


def paid_again(row: Row) -> Change:
    """Deposit and pay of a month after its payable."""
    deposit = (row["dip_payable"] * 5 + 50) // 100
    return {"quality_deposit": deposit, "dip_paid": row["dip_payable"] - deposit}

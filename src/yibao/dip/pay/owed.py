"""What is owed under DIP, each amount a row with a number, a due date and the year it is for; and its payment, when it is made."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import pyarrow as pa

from yibao.dip.pay.cases import Row, as_table
from yibao.dip.pay.shapes import Scheme
from yibao.dip.pay.terms import Terms
from yibao.errors import UserError
from yibao.store.manifest import Produced
from yibao.store.workspace import Workspace

_CLEARED = "SELECT MAX(c.clearing_run) AS run FROM computed_dip_clearing AS c WHERE c.service_year = $year"
_YEAR = "SELECT p.* FROM dip_payables AS p WHERE p.service_year = $year"
_PAID = "SELECT y.* FROM payments AS y WHERE YEAR(y.due_date) = $year"
_SAME = """SELECT y.payment_id, y.payment_status, y.payment_kind, y.provider_code, y.insurance_type, y.service_month FROM payments AS y
WHERE y.service_year = $year AND y.payment_kind IN ('advance', 'dip', 'clearing')"""


def advance_rows(terms: Terms, year: int, insurance: str, amounts: Mapping[str, int]) -> list[Row]:
    """The prepayment of a scheme; due on the day that the region pays it."""
    month, day = (int(number) for number in terms.pack.value("payable.dip.advance", on=date(year, 1, 1)))
    return _rows(f"{year}-advance", year, None, insurance, "advance", date(year, month, day), amounts)


def month_rows(terms: Terms, month: int, insurance: str, amounts: Mapping[str, int]) -> list[Row]:
    """A month's pre-settlement; due in the next month."""
    year, number = divmod(month, 100)
    following = date(year + number // 12, number % 12 + 1, 1)
    due = following.replace(day=int(terms.pack.number("payable.provider.day", on=date(year, number, 1))))
    return _rows(str(month), year, month, insurance, "dip", due, amounts)


def clearing_rows(
    terms: Terms, year: int, run: int, cleared_on: date, insurance: str, amounts: Mapping[str, int]
) -> list[Row]:
    """What a clearing adds to or takes from what was owed before; due on the day of clearings, or at once where that has passed."""
    month, day = (int(number) for number in terms.pack.value("payable.dip.clearing", on=date(year, 12, 31)))
    due = max(date(year + 1, month, day), cleared_on)
    return _rows(f"{year}-clearing-{run}", year, None, insurance, "clearing", due, amounts)


def _rows(
    part: str, year: int, month: int | None, insurance: str, kind: str, due: date, amounts: Mapping[str, int]
) -> list[Row]:
    return [
        {
            "dip_payable_no": f"{part}-{provider}-{insurance}", "service_year": year, "service_month": month, "provider_code": provider,
            "insurance_type": insurance, "payment_kind": kind, "due_date": due, "payable_amount": amount,
        }
        for provider, amount in amounts.items() if amount
    ]  # fmt: skip


def put_payables(
    workspace: Workspace, made: Produced, year: int, kind: str, rows: Sequence[Row], month: int | None = None
) -> None:
    """Put a year's rows of a kind (of a month, where one is said) in the place of those before."""
    kept = [row for row in payables(workspace, year) if row["payment_kind"] != kind or row["service_month"] != month]
    workspace.write("dip_payables", as_table(workspace, "dip_payables", [*kept, *rows]), made, str(year))


def payables(workspace: Workspace, year: int) -> list[Row]:
    """What is owed for a year."""
    found: list[Row] = workspace.query(_YEAR, year=year).read_all().to_pylist()
    return found


def pay(
    workspace: Workspace, made: Produced, year: int, paid_on: date, numbers: Collection[str], schemes: Mapping[str, Scheme]
) -> list[Row]:  # fmt: skip
    """Write payments of payables by their numbers; the rows written. UserError for a stranger, and for what has a payment already.

    `schemes`: insurance type → whose fund pays.
    """
    known = {row["dip_payable_no"]: row for row in payables(workspace, year)}
    strangers = sorted(set(numbers) - set(known))
    if strangers:
        raise UserError(f"{year} 年没有编号为“{strangers[0]}”的 DIP 应付款（共 {len(strangers)} 个编号不认识）。")
    there: dict[tuple[object, ...], list[Row]] = {}
    for row in workspace.query(_SAME, year=year).read_all().to_pylist():
        there.setdefault(_key(row), []).append(row)
    rows = [known[number] for number in sorted(set(numbers))]
    for row in rows:
        entered = there.get(_key(row), [])
        if len(entered) >= _time(row):
            raise UserError(
                f"应付款“{row['dip_payable_no']}”已有拨付记录{_entered(workspace, entered[-1])}，没有再记。"
            )
    new = [_payment(row, paid_on, schemes[row["insurance_type"]]) for row in rows]
    for due_year in sorted({row["due_date"].year for row in new}):
        kept = workspace.query(_PAID, year=due_year).read_all()
        mine = as_table(workspace, "payments", [row for row in new if row["due_date"].year == due_year])
        workspace.write("payments", pa.concat_tables([kept.cast(mine.schema), mine]), made, str(due_year))
    return new


def _entered(workspace: Workspace, row: Row) -> str:
    """A payment in words; one that the ledger holds as not yet paid is paid there, and imported again."""
    if row["payment_status"] == "paid":
        return f"“{row['payment_id']}”"
    status = workspace.vocabulary.codes["payment_status"].values.get(row["payment_status"], row["payment_status"])
    return f"“{row['payment_id']}”（{status}，还没有付；请在拨付台账里登记付款，再导入）"


def refuse_cleared(workspace: Workspace, year: int) -> None:
    """UserError for a year that was cleared: its months stand, and what changes later is a difference of another clearing."""
    if workspace.query(_CLEARED, year=year).read_all()["run"].to_pylist()[0]:
        raise UserError(f"{year} 年已经清算，各月不再改动。有变动的，用 yibao dip clear {year} 重新清算，只记差额。")


def _time(row: Row) -> int:
    """The how-manieth payment of its kind, hospital and month it is: a clearing may be the second of its year."""
    return int(row["dip_payable_no"].split("-")[2]) if row["payment_kind"] == "clearing" else 1


def _key(row: Row) -> tuple[object, ...]:
    return tuple(row[name] for name in ("payment_kind", "provider_code", "insurance_type", "service_month"))


def _payment(row: Row, paid_on: date, scheme: Scheme) -> Row:
    shared = {
        name: row[name]
        for name in ("payment_kind", "insurance_type", "service_year", "service_month", "provider_code", "due_date")
    }
    return {
        **shared, "payment_id": f"DIP-{row['dip_payable_no']}", "payment_status": "paid", "fund": scheme,
        "due_amount": row["payable_amount"], "paid_date": paid_on, "paid_amount": row["payable_amount"],
    }  # fmt: skip

"""What each stay is paid, where the sheet of results says it: by the base that most of its rows show."""

from __future__ import annotations

from yibao.dip.pay.scoring import half_up
from yibao.dip.verify.bases import Base, base_of, lacking, possible
from yibao.dip.verify.filled import COLUMN_LABELS
from yibao.dip.verify.found import RESULTS, Found, Row, decimal, differs, plain, yuan
from yibao.dip.verify.infer import commonest
from yibao.dip.verify.sheets import Sheets


def check_stay_pay(sheets: Sheets, known: str | None, found: Found) -> None:
    """Payable of each stay from its points; a sheet without such a column is not asked."""
    rows = sheets.results
    if not rows or "dip_payable" not in rows[0] or not sheets.has(RESULTS, "dip_payable"):
        return
    base = base_of(sheets, RESULTS, rows, known)
    if base is None:
        found.not_run("病例应付按点数算", lacking(sheets, RESULTS, COLUMN_LABELS))
        return
    found.ran(f"病例应付 = {base.says}", len(rows))
    told = {one.key for one in found.of(RESULTS)}
    prices = {
        insurance: commonest(row["preliminary_point_value"] for row in rows if row["insurance_type"] == insurance) or 0
        for insurance in {row["insurance_type"] for row in rows}
    }
    for row in rows:
        own = int(half_up(base.of(row), 0))
        if abs(row["dip_payable"] - own) > 1 and row["settlement_id"] not in told:
            cause, says = _cause(row, base, sheets, prices)
            effect = row["dip_payable"] - own
            found.add([differs(row, RESULTS, "payable", cause, yuan(row["dip_payable"]), yuan(own), says, effect)])


def _cause(row: Row, base: Base, sheets: Sheets, prices: dict[str, int]) -> tuple[str, str]:
    """Which other reckoning gives the payable: (cause, sentence)."""
    stated = row["dip_payable"]
    own = prices[row["insurance_type"]]
    for price in [own, *sorted(set(prices.values()) - {own})]:
        other = {**row, "preliminary_point_value": price}
        if price != row["preliminary_point_value"] and abs(base.of(other) - stated) < 2:
            return (
                "point_value",
                f"按点值 {plain(decimal(price))} 算的，表上写的是 {plain(decimal(row['preliminary_point_value']))}",
            )
    for places in (3, 2, 1, 0):
        rounded = half_up(decimal(row["preliminary_point_value"]), places)
        if abs(base.of({**row, "preliminary_point_value": int(rounded * 1_000_000)}) - stated) < 2:
            return "point_value", f"按 {places} 位小数的点值 {plain(rounded)} 算的"
    for one in possible(sheets, RESULTS):
        if one.kind != base.kind and abs(one.of(row) - stated) < 2:
            return "pay_base", f"是按{one.says}算的，其他病例按{base.says}"
    return "unexplained", f"不等于{base.says}"

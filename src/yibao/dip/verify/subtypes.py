"""Beside ours what a sheet may lack or have: columns that our terms fill, and auxiliary coefficients (辅助分型系数)."""

from __future__ import annotations

from decimal import Decimal

from yibao.dip.pay.scoring import ONE, Scorer
from yibao.dip.verify.found import RESULTS, Difference, Row, decimal, differs, plain
from yibao.dip.verify.sheets import Sheets
from yibao.dip.verify.terms_read import band_of, group_ratio
from yibao.dip.verify.versions import Group


def completed(sheets: Sheets, row: Row, scorer: Scorer, used: Group | None, coefficient: Decimal | None) -> Row:
    """The row with our coefficient, ratio, band and factor where the sheet has no column for them."""
    has = sheets.has
    if not has(RESULTS, "institution_coefficient") and coefficient is not None:
        row = {**row, "institution_coefficient": int(coefficient * 1_000_000)}
    ours = sheets.settled.get(row["settlement_id"])
    if not has(RESULTS, "total_fee") and ours is not None:
        row = {**row, "total_fee": ours["total_fee"]}
    if row["deviation_ratio"] is None and not has(RESULTS, "deviation_ratio") and used is not None and row["total_fee"]:
        ratio = group_ratio(scorer, row, used, decimal(row["institution_coefficient"]))
        row = {**row, "deviation_ratio": None if ratio is None else int(ratio * 1_000_000)}
    if row["deviation_ratio"] is None:
        return row
    ratio = decimal(row["deviation_ratio"])
    band = band_of(scorer.bands, ratio)
    if not has(RESULTS, "deviation_band"):
        row = {**row, "deviation_band": band.band}
    if not has(RESULTS, "deviation_factor"):
        factor = scorer.factor(band, ratio, decimal(row["institution_coefficient"]))
        row = {**row, "deviation_factor": int(factor * 1_000_000)}
    return row


def compares_subtypes(sheets: Sheets) -> bool:
    """Do both the sheet and our own grouping tell subtypes?"""
    ours = any(one["auxiliary_coefficient"] is not None for one in sheets.subtypes.values())
    return ours and sheets.has(RESULTS, "auxiliary_coefficient")


def auxiliary(sheets: Sheets, row: Row) -> Decimal:
    """Our auxiliary coefficient where we grouped the stay as the city did, else the city's."""
    mine = _mine(sheets, row)
    if mine is None or mine["dip_group_code"] != row["dip_group_code"]:
        return decimal(row.get("auxiliary_coefficient", 1_000_000))
    own = mine["auxiliary_coefficient"]
    return ONE if own is None else decimal(own)


def check_auxiliary(sheets: Sheets, row: Row, judged: set[tuple[str, str]], found: list[Difference]) -> None:
    """A difference where the row has another auxiliary coefficient than our own grouping."""
    mine = _mine(sheets, row)
    if mine is None or mine["dip_group_code"] != row["dip_group_code"]:
        return
    judged.add((row["settlement_id"], "auxiliary"))
    stated, own = decimal(row["auxiliary_coefficient"]), auxiliary(sheets, row)
    if stated != own:
        subtype = mine["auxiliary_subtype"]
        says = f"自算的辅助分型是 {subtype}" if subtype else "自算没有辅助分型，不乘系数"
        says = f"没有乘辅助分型系数，{says}" if stated == 1 else says
        found.append(differs(row, RESULTS, "auxiliary", "coefficient", plain(stated), plain(own), says))


def _mine(sheets: Sheets, row: Row) -> Row | None:
    return sheets.subtypes.get(row["visit_id"]) if compares_subtypes(sheets) else None

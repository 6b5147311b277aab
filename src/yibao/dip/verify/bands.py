"""Ratio, band and factor of the sheet of results, as nearly all of its rows have them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from yibao.dip.verify.found import RESULTS, Difference, Row, decimal, differs, plain
from yibao.dip.verify.infer import cut

Product = Callable[[Row], Decimal]
Told = tuple[str, list[Difference], str]  #: what was read off the sheet, what differs, why it could not be checked
#: what a band makes of the ratio
FACTORS: Mapping[str, Product] = {
    "1": lambda r: Decimal(1),
    "费用偏差率": lambda r: decimal(r["deviation_ratio"]),
    "费用偏差率 − 1": lambda r: decimal(r["deviation_ratio"]) - 1,
    "费用偏差率 − 2 + 机构系数": lambda r: decimal(r["deviation_ratio"]) - 2 + decimal(r["institution_coefficient"]),
}
BANDS = ("low", "normal", "high")
NAMES = {"low": "费用超低", "normal": "费用正常", "high": "费用超高"}


def bands(rows: Sequence[Row]) -> Told:
    with_ratio = [row for row in rows if row["deviation_ratio"] is not None]
    by_band = {band: [row for row in with_ratio if row["deviation_band"] == band] for band in BANDS}
    found = [
        differs(row, RESULTS, "ratio", "unexplained", None, None, "入了组而没有费用偏差率")
        for row in rows
        if row["deviation_ratio"] is None and row["dip_group_code"] is not None
    ]
    ratios = {band: [decimal(row["deviation_ratio"]) for row in mine] for band, mine in by_band.items()}
    low, high = cut(ratios["low"], ratios["normal"]), cut(ratios["normal"], ratios["high"])
    misplaced = list(_misplaced(with_ratio, low, high))
    found += misplaced
    wrong = {one.key for one in misplaced}
    told = []
    for band, mine in by_band.items():
        if right := [row for row in mine if row["settlement_id"] not in wrong]:
            name, strange = _factors(right)
            told.append(f"{NAMES[band]}的偏差系数为{name}")
            found += strange
    bounds = [f"{NAMES[band]}到 {plain(at)} 为止" for band, at in (("low", low), ("normal", high)) if at is not None]
    return "，".join([*bounds, *told]), found, ""


def _misplaced(rows: Sequence[Row], low: Decimal | None, high: Decimal | None) -> Iterator[Difference]:
    for row in rows:
        ratio = decimal(row["deviation_ratio"])
        band = row["deviation_band"]
        own = band
        if low is not None and band in ("low", "normal"):
            own = "low" if ratio <= low else "normal"
        if high is not None and own != "low" and band in ("normal", "high"):
            own = "high" if ratio > high else "normal"
        if own != band:
            says = f"费用偏差率 {plain(ratio)}，其他病例在这个位置的是{NAMES[own]}"
            yield differs(row, RESULTS, "band", "band", NAMES[band], NAMES[own], says)


def _factors(rows: Sequence[Row]) -> tuple[str, list[Difference]]:
    told = [
        (sum(reckon(row) == decimal(row["deviation_factor"]) for row in rows), -place, name)
        for place, (name, reckon) in enumerate(FACTORS.items())
    ]
    name = max(told)[2]
    found = []
    for row in rows:
        right, stated = FACTORS[name](row), decimal(row["deviation_factor"])
        if stated != right:
            says = f"费用偏差率 {plain(decimal(row['deviation_ratio']))}，{NAMES[row['deviation_band']]}的偏差系数应为{name}"
            cause = "rounding" if abs(stated - right) < Decimal("0.01") else "band"
            found.append(differs(row, RESULTS, "factor", cause, plain(stated), plain(right), says))
    return name, found

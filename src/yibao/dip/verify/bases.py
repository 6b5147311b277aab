"""Which way of paying a sheet follows: read off its own columns, never assumed (guide dip §9, F13, F14).

A base is possible where the sheet has the columns that it needs; the one that gives most of its rows is the sheet's. Where none gives
half of them, nothing is compared. The region's `dip.pay_base` decides only between bases that give as many rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from yibao.dip.pay.scoring import half_up
from yibao.dip.verify.found import MONTHLY, RESULTS, Row, decimal
from yibao.dip.verify.infer import commonest, grain
from yibao.dip.verify.presence import month_of
from yibao.dip.verify.sheets import Sheets, price_of, ratio_of

NEAR = Decimal("1.5")  #: fen: half a one of the total's rounding, and one of the largest remainder
LEAST_SHARE = Decimal("0.5")  #: of what is paid at once, where the sheet keeps something back without a column for it
Worth = Callable[[Row], Decimal]


@dataclass(frozen=True)
class Base:
    """A way from points to money; `kind` as `dip.pay_base` calls it, or value where points × value is all. `share`: of it paid at once."""

    kind: str
    says: str
    worth: Worth  #: fen of a row, not rounded
    share: Decimal = Decimal(1)

    def of(self, row: Row) -> Decimal:
        return self.worth(row) * self.share

    @property
    def shares_out(self) -> bool:
        """Is the money of a month rounded once and shared out by points?"""
        return self.kind == "ratio"


def possible(sheets: Sheets, sheet: str) -> Iterator[Base]:
    """The bases for which a sheet, MONTHLY or RESULTS, has the columns."""
    if not sheets.has(sheet, "preliminary_point_value"):
        return
    if sheets.has(sheet, "preliminary_pay_ratio"):
        yield Base("ratio", "点数 × 预算点值 × 预算支付比例", lambda row: row_worth(row, "ratio"))
    if sheet == MONTHLY and (worth := _of_cases(sheets)):
        yield Base("case_ratio", "Σ 病例点数 × 预算点值 × 病例支付比例（统筹记账 ÷ 医疗费）", worth)
    if sheet == RESULTS and sheets.has(sheet, "total_fee", "booked_pay"):
        says = "点数 × 预算点值 × 病例支付比例（统筹记账 ÷ 医疗费）"
        yield Base("case_ratio", says, lambda row: row_worth(row, "case_ratio"))
    if sheets.has(sheet, "patient_share"):
        says = "点数 × 预算点值 − 参保人负担，不低于 0"
        yield Base("patient_share", says, lambda row: _less(row, row["patient_share"]))
    if sheets.has(sheet, "total_fee", "booked_pay"):
        says = "点数 × 预算点值 −（医疗费 − 统筹记账），不低于 0"
        yield Base("patient_share", says, lambda row: _less(row, row["total_fee"] - row["booked_pay"]))
    yield Base("value", "点数 × 预算点值", lambda row: row_worth(row, "value"))


def row_worth(row: Row, base: str) -> Decimal:
    """Points × price of a row, fen, not rounded."""
    return decimal(row["dip_points"]) * price_of(row, base)


def _less(row: Row, patients: int) -> Decimal:
    return max(Decimal(0), row_worth(row, "patient_share") - patients)


def _of_cases(sheets: Sheets) -> Worth | None:
    """Each stay at its own pay ratio, by month, hospital and insurance; None where the results do not tell the ratios."""
    if not sheets.results or not sheets.has(RESULTS, "total_fee", "booked_pay"):
        return None
    sums: dict[tuple[int, str, str], Decimal] = {}
    for row in sheets.results:
        key = month_of(row), row["provider_code"], row["insurance_type"]
        sums[key] = sums.get(key, Decimal(0)) + decimal(row["dip_points"]) * ratio_of(row, "case_ratio")
    return lambda row: (
        sums.get((row["service_month"], row["provider_code"], row["insurance_type"]), Decimal(0))
        * decimal(row["preliminary_point_value"])
        * 100
    )


def near(rows: Sequence[Row]) -> Decimal:
    """How far a payable may be from what the base gives: more where the sheet writes 万元 with few places."""
    unit = grain([row["dip_payable"] for row in rows])
    return NEAR if unit == 1 else Decimal(unit) / 2 + NEAR


def base_of(sheets: Sheets, sheet: str, rows: Sequence[Row], known: str | None = None) -> Base | None:
    """The base that gives most of the rows; None where none gives half of them. `known`: the region's own, between equals."""
    most = near(rows)
    told = [
        (sum(abs(one.of(row) - row["dip_payable"]) < most for row in rows), one.kind == known, -place, one)
        for place, base in enumerate(possible(sheets, sheet))
        for one in (base, *_kept_back(sheets, sheet, rows, base))
    ]
    fits, _, _, best = max(told, key=lambda one: one[:3], default=(0, False, 0, None))
    return best if best is not None and 2 * fits >= len(rows) > 0 else None


def _kept_back(sheets: Sheets, sheet: str, rows: Sequence[Row], base: Base) -> Iterator[Base]:
    """The same where only a share is paid at once (F14) and no column says what was kept back."""
    if sheet == MONTHLY and sheets.has(MONTHLY, "quality_deposit"):
        return
    shares = [half_up(row["dip_payable"] / worth, 4) for row in rows if (worth := base.worth(row)) > 0]
    share = commonest(shares)
    if share is not None and LEAST_SHARE <= share < 1:
        yield Base(base.kind, f"（{base.says}）× {share.normalize():f}", base.worth, share)


def lacking(sheets: Sheets, sheet: str, labels: Mapping[str, str]) -> str:
    """Why no base was found, with the columns that might have told one."""
    columns = ("preliminary_point_value", "preliminary_pay_ratio", "patient_share", "total_fee", "booked_pay")
    absent = [labels[one] for one in columns if not sheets.has(sheet, one)]
    without = f"，表里没有{'、'.join(absent)}" if absent else ""
    return f"看不出应付按什么算{without}" if sheets.has(sheet, "preliminary_point_value") else f"没有点值{without}"

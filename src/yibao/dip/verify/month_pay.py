"""What the months pay: one price for all, points × value × ratio for each hospital, the total of a month exact."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from yibao.dip.pay.scoring import half_up
from yibao.dip.verify.bases import Base, lacking, near, possible
from yibao.dip.verify.filled import COLUMN_LABELS
from yibao.dip.verify.found import MONTHLY, VALUES, Difference, Found, Row, decimal, differs, key_of, plain, ways, yuan
from yibao.dip.verify.infer import NEARLY_ALL, commonest, grain
from yibao.dip.verify.months import is_part
from yibao.dip.verify.sheets import Sheets, price_of

VALUE_PLACES = (3, 2, 1, 0)
HALF = Decimal("0.5")  #: fen
PRICES = (("preliminary_point_value", "point_value"), ("preliminary_pay_ratio", "pay_ratio"))
LAST_PLACE, NO_CHANCE = Decimal("0.0001"), 40  #: yuan a point; fen that one in the last place makes


def check_month_pay(sheets: Sheets, base: Base | None, found: Found) -> None:
    """Both checks; a sheet that was not sent, or of which no base can be told, is not compared. `base`: read off the sheet."""
    if not sheets.months:
        found.not_run("月应付按点数算", "没有月预结算")
        return
    _check_prices(sheets, found)
    if base is None:
        found.not_run("月应付按点数算", lacking(sheets, MONTHLY, COLUMN_LABELS))
        return
    name = f"月应付 = {base.says}"
    right, prices = found.rights(MONTHLY), _prices(sheets)
    strange = found.whole_rows(MONTHLY)
    unit = grain([row["dip_payable"] for row in sheets.months])
    least = near(sheets.months) if base.shares_out or unit > 1 else Decimal(1)
    off = [
        _off(row, right.get(key_of(row, MONTHLY), {}), prices[row["insurance_type"]], base, least)
        for row in sheets.months
    ]
    found.ran(
        name, len(sheets.months), "每行相差不到两分" if unit == 1 else f"金额只写到 {yuan(unit)} 元，取整以内的不算"
    )
    pots: dict[tuple[int, str], list[tuple[Row, Decimal | None]]] = defaultdict(list)
    for row, fen in zip(sheets.months, off, strict=True):
        pots[row["service_month"], row["insurance_type"]].append((row, fen))
        if fen is None and key_of(row, MONTHLY) not in strange:
            found.add([_payable(row, sheets, base)])
    if not base.shares_out or unit > 1:
        return
    partly = {row["insurance_type"] for row in sheets.months if is_part(sheets, row["insurance_type"])}
    totals = {pot: rows for pot, rows in pots.items() if pot[1] not in partly}
    _check_totals(totals, found, f"{name}，每月合计到分")


def _off(row: Row, right: Mapping[str, int], price: int, base: Base, most: Decimal) -> Decimal | None:
    """Fen beyond what the points are worth: at most a half for the total's rounding shared out and one for the largest remainder."""
    known = {**right, "preliminary_point_value": price} if price else right
    columns = ("dip_points", "preliminary_point_value", "total_fee", "booked_pay")
    off = [row["dip_payable"] - base.of(one) for one in ways(row, known, columns)]
    least = min(off, key=abs)
    return least if abs(least) < most else None


def _prices(sheets: Sheets) -> dict[str, int]:
    """The opening point value of an insurance, of most rows; nothing where each month has its own."""
    found: dict[str, int] = {}
    for insurance in {row["insurance_type"] for row in sheets.months}:
        mine = [row for row in sheets.months if row["insurance_type"] == insurance]
        usual = commonest(row["preliminary_point_value"] for row in mine) or 0
        found[insurance] = 0 if _one_a_month(mine) else usual
    return found


def _check_totals(
    pots: Mapping[tuple[int, str], Sequence[tuple[Row, Decimal | None]]], found: Found, name: str
) -> None:
    """What the hospitals of a month get together is what their points are worth; where few months do, they are not all here."""
    sums = {
        pot: sum((fen for _, fen in rows if fen is not None), Decimal(0))
        for pot, rows in pots.items()
        if all(fen is not None for _, fen in rows)
    }
    wrong = sorted(
        pot
        for pot, fen in sums.items()
        if abs(fen) > HALF and not all(off is None or abs(off) <= HALF for _, off in pots[pot])
    )
    if not sums or len(wrong) > (1 - NEARLY_ALL) * len(sums):
        found.not_run(
            name, "多数月份的合计不是总点数的应付，表里像是只有统筹区的一部分机构" if sums else "没有可以合计的月份"
        )
        return
    found.ran(name, len(sums))
    for pot in wrong:
        found.add([_total(pot, [row for row, _ in pots[pot]], sums[pot])])


def _total(pot: tuple[int, str], rows: Sequence[Row], off: Decimal) -> Difference:
    """A total that is off: at the row whose other numbers tell that it is this one, else at the month."""
    month, insurance = pot
    fen = int(half_up(off, 0))
    for row in rows:
        if fen and row["dip_payable"] - row["quality_deposit"] - row["dip_paid"] == fen:
            own, says = row["dip_payable"] - fen, "与保证金、实拨和当月合计都差这几分"
            return differs(row, MONTHLY, "payable", "rounding", yuan(row["dip_payable"]), yuan(own), says, fen, own)
    paid = sum(row["dip_payable"] for row in rows)
    own, says = int(half_up(paid - off, 0)), "各机构之和与总点数 × 点值 × 比例不同"
    where = f"{month}|{insurance}"
    return Difference(
        MONTHLY, where, "payable", "rounding", yuan(paid), yuan(own), says, None, insurance, month, None, paid - own
    )


def _payable(row: Row, sheets: Sheets, base: Base) -> Difference:
    own = int(half_up(base.of(row), 0))
    others = [one for one in possible(sheets, MONTHLY) if one.kind != base.kind]
    cause, says = payable_cause(row, sheets.months, base, others, sheets.value(row["insurance_type"]))
    effect = row["dip_payable"] - own
    return differs(row, MONTHLY, "payable", cause, yuan(row["dip_payable"]), yuan(own), says, effect, own)


def payable_cause(
    row: Row, rows: Sequence[Row], base: Base, others: Sequence[Base] = (), final: Row | None = None
) -> tuple[str, str]:
    """Which other reckoning gives the month's payable: (cause, sentence). `final`: the year's point value and pay ratio."""
    stated, value = row["dip_payable"], decimal(row["preliminary_point_value"])
    for places in VALUE_PLACES:
        rounded = half_up(value, places)
        if abs(_at(row, base, rounded) - stated) < 2:
            return "point_value", f"按 {places} 位小数的点值 {plain(rounded)} 算的，预算点值是 {plain(value)}"
    for other in sorted({decimal(r["preliminary_point_value"]) for r in rows} - {value}):
        if abs(_at(row, base, other) - stated) < 2:
            return "point_value", f"按另一个险种或月份的点值 {plain(other)} 算的"
    if abs(decimal(row["dip_points"]) * value * base.share * 100 - stated) < 2:
        return "point_value", _LEFT_OUT[base.kind]
    if final is not None and (told := _by_final(row, final, base)):
        return "point_value", told
    if base.share != 1 and abs(base.worth(row) - stated) < 2:
        return "deposit", f"没有乘 {plain(base.share)}"
    for other_base in others:
        if abs(other_base.of(row) * base.share - stated) < 2:
            return "pay_base", f"是按{other_base.says}算的，其他行按{base.says}"
    pot = row["service_month"], row["insurance_type"]
    beside = [one for one in rows if one is not row and (one["service_month"], one["insurance_type"]) == pot]
    for one in beside:
        if abs(base.of({**row, "dip_points": one["dip_points"]}) - stated) < 2:
            return "swapped", f"是机构 {one['provider_code']} 的点数算出来的"
    if told := _by_another_value(row, base):
        return "point_value", told
    return "unexplained", f"不等于{base.says}"


_LEFT_OUT = {
    "ratio": "没有乘预算支付比例", "case_ratio": "没有乘病例支付比例", "patient_share": "没有减参保人负担", "value": "没有减去应减的",
}  # fmt: skip


def _at(row: Row, base: Base, value: Decimal) -> Decimal:
    """What the base gives at another point value, fen."""
    return base.of({**row, "preliminary_point_value": value * 1_000_000})


def _by_final(row: Row, final: Row, base: Base) -> str | None:
    """The year's point value or pay ratio instead of the opening ones."""
    price, ratio = decimal(final["settlement_point_value"]), {**row, "preliminary_pay_ratio": final["dip_pay_ratio"]}
    for one, value, says in (
        (row, price, "按清算点值算的"), (ratio, None, "按清算支付比例算的"), (ratio, price, "按清算点值和清算支付比例算的"),
    ):  # fmt: skip
        reckoned = base.of(one) if value is None else _at(one, base, value)
        if value != 0 and abs(reckoned - row["dip_payable"]) < 2:
            return says
    return None


def _by_another_value(row: Row, base: Base) -> str | None:
    """A value of four places that gives the payable, where the points are so many that this is no chance."""
    step = decimal(row["dip_points"]) * price_of(row, base.kind, LAST_PLACE) * base.share
    if step < NO_CHANCE:
        return None
    beyond = (row["dip_payable"] - base.of(row)) / step * LAST_PLACE
    value = half_up(decimal(row["preliminary_point_value"]) + beyond, 4)
    stated = decimal(row["preliminary_point_value"])
    near = stated / 2 < value < stated * 2
    exact = abs(_at(row, base, value) - row["dip_payable"]) < 2
    return f"像是按点值 {plain(value)} 算的，预算点值是 {plain(stated)}" if near and exact else None


def _one_a_month(rows: Sequence[Row]) -> bool:
    """Has every month a point value of its own (some cities set it anew each month)?"""
    of: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        of[row["service_month"]].add(row["preliminary_point_value"])
    several = any(sum(row["service_month"] == month for row in rows) > 1 for month in of)
    return (
        several and len(of) > 2 and all(len(values) == 1 for values in of.values()) and len(set.union(*of.values())) > 2
    )


def _check_prices(sheets: Sheets, found: Found) -> None:
    """One opening point value and pay ratio for an insurance, and those of the sheet of point values where it was sent."""
    name = "月预结算的点值和比例各行相同，与点值表相同"
    columns = [one for one in PRICES if sheets.has(MONTHLY, one[0])]
    if not columns:
        found.not_run(name, "月预结算里没有点值")
        return
    for column, step in columns:
        for insurance in sorted({row["insurance_type"] for row in sheets.months}):
            mine = [row for row in sheets.months if row["insurance_type"] == insurance]
            usual = commonest(row[column] for row in mine) or 0
            by_month = _one_a_month(mine)
            published = sheets.value(insurance) if sheets.has(VALUES, column) else None
            if published is not None and published[column] != usual and not (step == "point_value" and by_month):
                official, own = plain(decimal(published[column])), plain(decimal(usual))
                found.add([differs(published, VALUES, step, "point_value", official, own, "与月预结算用的不同")])
            for row in mine:
                if row[column] != usual and not (step == "point_value" and by_month):
                    official, own = plain(decimal(row[column])), plain(decimal(usual))
                    found.add([differs(row, MONTHLY, step, "point_value", official, own, "与其他行不同")])
    if sheets.values:
        found.ran(name, len(sheets.months))
    else:
        found.ran("月预结算的点值和比例各行相同", len(sheets.months))
        found.not_run("月预结算的点值和比例与点值表相同", "没有点值表")

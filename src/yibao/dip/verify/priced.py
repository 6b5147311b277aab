"""What a difference in points is worth, at the opening point value and pay ratio: official less ours, each to the fen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from yibao.dip.pay.scoring import half_up
from yibao.dip.verify.found import RESULTS, Difference, Row, decimal
from yibao.dip.verify.presence import month_of
from yibao.dip.verify.sheets import Sheets, price_of


def priced(
    differences: Iterable[Difference], sheets: Sheets, own_points: Mapping[str, Decimal]
) -> Iterator[Difference]:
    """The first difference of a stay bears what its points are worth too much or too little, at the opening value and ratio."""
    results = {row["settlement_id"]: row for row in sheets.results}
    priced: set[str] = set()
    for one in differences:
        row = results.get(one.key) if one.sheet == RESULTS else None
        if row is None or one.effect is not None or one.key in priced:
            yield one
            continue
        priced.add(one.key)
        is_none = one.cause == "duplicate" or (one.cause == "stranger" and one.step == "row")
        own = Decimal(0) if is_none else own_points.get(one.key, _by_step(one, row))
        yield one if own is None else replace(one, effect=beyond(decimal(row["dip_points"]), own, row, sheets))


def _by_step(one: Difference, row: Row) -> Decimal | None:
    """Without terms: points change as the number of the step does."""
    try:
        official, own = Decimal(one.official or ""), Decimal(one.own or "")
    except InvalidOperation:
        return None
    if one.step == "points":
        return own
    return (
        decimal(row["dip_points"]) * own / official
        if one.step in ("score", "coefficient", "auxiliary", "factor") and official
        else None
    )


def beyond(official: Decimal, own: Decimal, row: Row, sheets: Sheets) -> int | None:
    """What the official points are worth more than ours, each to the fen; None where no sheet says what a point is worth."""
    price = _price(row, sheets)
    if price is None or not price["preliminary_point_value"]:
        return None
    worth = price_of({**row, **price}, sheets.base)
    return int(half_up(official * worth, 0) - half_up(own * worth, 0))


def _price(row: Row, sheets: Sheets) -> Row | None:
    """The point value and pay ratio that hold for a row: its own, of its month and insurance, of the insurance."""
    columns = ("preliminary_point_value", "preliminary_pay_ratio")
    mine = [month for month in sheets.months if month["insurance_type"] == row["insurance_type"]]
    of_month = [month for month in mine if month["service_month"] == month_of(row)]
    value = sheets.value(row["insurance_type"])
    published = value if value is not None and value["preliminary_point_value"] else None
    own = row if sheets.has(RESULTS, *columns[:1]) and row.get(columns[0]) else None
    found = own or published or next(iter([*of_month, *mine]), None)
    return None if found is None else {column: found[column] for column in columns}

"""The beginning of a year: its fund, the point value and pay ratio that the months use (F11), and the prepayment (F15).

The three years before are grouped by the catalogue of the year that begins: weighted cost ÷ weighted points, points without
deviations. Or the values are taken over that the pooling area published.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import pyarrow as pa

from yibao.dip.choose import Choice
from yibao.dip.grouping.run import grouped_stays
from yibao.dip.pay.advance import READ as RATED
from yibao.dip.pay.advance import advances
from yibao.dip.pay.cases import READ, Row, as_table, decimal, millionths, points_of, stay_of, stays, summed, whole
from yibao.dip.pay.money import fen, fund_of
from yibao.dip.pay.owed import put_payables, refuse_cleared
from yibao.dip.pay.run import produced
from yibao.dip.pay.scoring import ONE, half_up, to_scale
from yibao.dip.pay.shapes import Opening, Scheme
from yibao.dip.pay.terms import Terms
from yibao.errors import UserError
from yibao.store.workspace import Workspace

_READ = (*READ, *RATED, "visit_diagnoses", "visit_operations", "persons", "dip_point_values")
_MONTHS = """SELECT DISTINCT m.service_month, m.insurance_type, m.preliminary_point_value AS value, m.preliminary_pay_ratio AS ratio
FROM computed_dip_months AS m WHERE m.service_month // 100 = $year"""


@dataclass(frozen=True)
class Opened:
    """What was found for a year: the rows of computed_dip_openings, the prepayments, and the years that could be read."""

    rows: Sequence[Row]
    advances: Sequence[Row]
    years: Sequence[int]
    notes: Sequence[str] = ()  #: what was not computed, and which months stand on other values


def open_year(workspace: Workspace, terms: Terms, year: int, choice: Choice | None) -> Opened:
    """Write the opening of a year. `choice` None: the published point values. UserError for a cleared year; it names what is missing."""
    refuse_cleared(workspace, year)
    last = stays(workspace, terms.pack, date(year - 1, 1, 1), date(year - 1, 12, 31), need_groups=False)
    if not last and choice is not None:
        raise UserError(
            f"{year - 1} 年没有按病种付费的住院，算不出 {year} 年的预算支付比例和预付金。请先导入上年的结算。"
        )
    if choice is None:
        rows, years = _published(workspace, terms, year), [year]
    else:
        rows, years = _computed(workspace, terms, year, choice)
    owed, by_row = advances(workspace, terms, year, last)
    source = "" if choice is None else " ".join(sorted(g.pack.version[:12] for g in choice.groupers))
    made = produced(workspace, "yibao dip open", _READ, terms, year=year, packs=source)
    kept = workspace.query(
        "SELECT o.* FROM computed_dip_openings AS o WHERE o.service_year <> $year", year=year
    ).read_all()
    new = as_table(workspace, "computed_dip_openings", rows)
    workspace.write("computed_dip_openings", pa.concat_tables([kept.cast(new.schema), new]), made)
    put_payables(workspace, made, year, "advance", owed)
    notes = by_row if last else [f"{year - 1} 年没有按病种付费的住院，预付金没有算。"]
    if stale := _stale(workspace, year, rows):
        notes.append(
            f"{'、'.join(f'{month % 100} 月' for month in stale)}的预结算用的是另外的点值或比例，请重新运行 yibao dip settle。"
        )
    return Opened(rows, owed, years, notes)


def _stale(workspace: Workspace, year: int, rows: Sequence[Row]) -> list[int]:
    """The months that were settled on other opening values."""
    now = {row["insurance_type"]: (row["preliminary_point_value"], row["preliminary_pay_ratio"]) for row in rows}
    found = workspace.query(_MONTHS, year=year).read_all().to_pylist()
    return sorted(
        {row["service_month"] for row in found if now.get(row["insurance_type"]) != (row["value"], row["ratio"])}
    )


#: what the city must have published for a year to be opened with it
_NEEDED = {
    "region_mean_cost": "区域次均费用", "preliminary_point_value": "预算点值", "preliminary_pay_ratio": "预算支付比例", "dip_fund": "年度DIP基金总额",
}  # fmt: skip


def _published(workspace: Workspace, terms: Terms, year: int) -> list[Row]:
    sql = "SELECT p.* FROM dip_point_values AS p WHERE p.service_year = $year"
    found = workspace.query(sql, year=year).read_all().to_pylist()
    if not found:
        raise UserError(
            f"“DIP点值”表里没有 {year} 年的点值。请先导入统筹区公布的点值，或用 --pack 写明方案包，由前三年测算。"
        )
    for row in found:
        if lacks := [label for name, label in _NEEDED.items() if row[name] is None]:
            raise UserError(
                f"“DIP点值”表里 {year} 年险种 {row['insurance_type']} 没有{'、'.join(lacks)}，不能用作年初点值。"
            )
    return [
        {
            **{name: row[name] for name in _NEEDED},
            "service_year": year, "insurance_type": row["insurance_type"], "opening_basis": "published", "pack_version": None,
        }
        for row in found if row["insurance_type"] in terms.schemes
    ]  # fmt: skip


def _computed(workspace: Workspace, terms: Terms, year: int, choice: Choice) -> tuple[list[Row], list[int]]:
    rule, found = terms.opening, {}
    for before in range(len(rule.weights), 0, -1):
        rows = _grouped(workspace, terms, year - before, choice, date(year, 1, 1))
        found[year - before] = (rule.weights[-before], rows)
    years = [of for of, (_, rows) in found.items() if rows]
    version = choice.grouper(date(year, 1, 1), "").pack.version[:12]
    last = summed(found[year - 1][1])
    _refuse_one_amount_twice(terms, last)
    made = []
    for insurance, of in last.items():
        mine = [
            (weight, [row for row in rows if row["insurance_type"] == insurance]) for weight, rows in found.values()
        ]
        total = whole(of)
        if not total.total_fee:
            raise UserError(f"险种 {insurance} {year - 1} 年的住院没有费用，算不出预算支付比例。请检查上年的结算。")
        made.append({
            "service_year": year, "insurance_type": insurance, "opening_basis": "computed", "pack_version": version,
            "region_mean_cost": fen(region_mean([(w, rows) for w, rows in found.values()])),
            "preliminary_point_value": millionths(point_value(mine, rule)),
            "preliminary_pay_ratio": millionths(half_up(Decimal(total.booked_pay) / total.total_fee, rule.digits)),
            "dip_fund": fund_of(terms.fund, terms.schemes[insurance], total.booked_pay),
        })  # fmt: skip
    return made, years


def _refuse_one_amount_twice(terms: Terms, insurances: Iterable[str]) -> None:
    """UserError where the amount of a scheme would be the fund of two insurance types."""
    of: dict[Scheme, str] = {}
    for insurance in insurances if terms.fund.amounts is not None else ():
        scheme = terms.schemes[insurance]
        if scheme in of:
            raise UserError(
                f"险种 {of[scheme]} 和 {insurance} 都属于 {scheme}（参数 interface.scheme），参数 dip.fund 只写了一个金额，分不开。请用 --published 采用各险种公布的基金总额。"
            )
        of[scheme] = insurance


def _grouped(workspace: Workspace, terms: Terms, year: int, choice: Choice, on: date) -> list[Row]:
    """The stays settled in a year as the catalogue of another day groups them, with the points they would have had."""
    fixed = Choice([choice.grouper(on, "")])
    groups = grouped_stays(workspace, fixed, date(year - 1, 1, 1), date(year, 12, 31), always=True)
    rows = stays(workspace, terms.pack, date(year, 1, 1), date(year, 12, 31), groups.read_all())
    return [{**row, "points": plain_points(terms, row)} for row in rows]


def plain_points(terms: Terms, row: Row) -> Decimal:
    """Score × institution coefficient × auxiliary coefficient, whatever the cost; 0 without a group."""
    stay = stay_of({**row, "special_result": None})
    if stay.score is None:
        return Decimal(0)
    institution = ONE if stay.primary_care else terms.coefficient(stay.provider, stay.level, row["scheme"])
    return to_scale(stay.score * institution * stay.auxiliary, terms.points.digits)


def point_value(years: Sequence[tuple[Decimal, Sequence[Row]]], rule: Opening) -> Decimal:
    """F11: weighted cost ÷ weighted points of years of stays with their weights, after trimming; yuan a point."""
    cost, points = Decimal(0), Decimal(0)
    for weight, rows in years:
        kept = trimmed(rows, rule.trim) if rule.trim else rows
        cost += weight * sum(row["total_fee"] for row in kept)
        points += weight * sum(map(points_of, kept))
    if not points:
        raise UserError("前三年的住院没有点数，算不出年初点值。请检查方案包的分值。")
    return half_up(cost / 100 / points, rule.digits)


def trimmed(rows: Sequence[Row], percentiles: tuple[Decimal, Decimal]) -> list[Row]:
    """The stays whose cost lies within two percentiles of their group (guide §4.1): so many of the cheapest and dearest are left out."""
    by_group: dict[str | None, list[Row]] = {}
    for row in sorted(rows, key=lambda row: (row["total_fee"], row["settlement_id"])):
        by_group.setdefault(row["dip_group_code"], []).append(row)
    kept: list[Row] = []
    for of in by_group.values():
        first = int((len(of) * percentiles[0] / 100).to_integral_value(ROUND_FLOOR))
        end = int((len(of) * percentiles[1] / 100).to_integral_value(ROUND_CEILING))
        kept += of[first:end]
    return kept


def region_mean(years: Sequence[tuple[Decimal, Sequence[Row]]]) -> Decimal:
    """The weighted mean over the years of the mean cost of a stay, fen; years without stays do not count."""
    known = [(weight, Decimal(sum(row["total_fee"] for row in rows)) / len(rows)) for weight, rows in years if rows]
    return sum((weight * mean for weight, mean in known), Decimal(0)) / sum(weight for weight, _ in known)


def opening_of(workspace: Workspace, year: int) -> Mapping[str, Row]:
    """The opening of a year by insurance type; UserError where there is none."""
    sql = "SELECT o.* FROM computed_dip_openings AS o WHERE o.service_year = $year"
    rows = workspace.query(sql, year=year).read_all().to_pylist()
    if not rows:
        raise UserError(f"{year} 年还没有年初点值。请先运行 yibao dip open {year}。")
    for row in rows:
        if (
            min(row[name] or 0 for name in ("preliminary_point_value", "preliminary_pay_ratio", "region_mean_cost"))
            <= 0
        ):
            raise UserError(
                f"{year} 年险种 {row['insurance_type']} 的年初点值、支付比例或区域次均费用不是正数，不能结算。请改正后重新运行 yibao dip open {year}。"
            )
    return {row["insurance_type"]: {**row, "value": decimal(row["preliminary_point_value"]), "ratio": decimal(row["preliminary_pay_ratio"])} for row in rows}  # fmt: skip

"""The stays of a stretch of days with their points: the rows of computed_dip_cases, and their sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import pyarrow as pa

from yibao.dip.formulas import special_case_cap
from yibao.dip.pay.scoring import ONE, Prices, Scored, Scorer, Stay, half_up
from yibao.dip.pay.shapes import schemes_of
from yibao.dip.pay.terms import Terms
from yibao.errors import UserError
from yibao.region.pack import Pack
from yibao.store.schema import arrow_schema
from yibao.store.sql.text import load_texts
from yibao.store.workspace import Workspace

TEXTS = load_texts("yibao.dip.pay")
READ = ("settlements", "providers", "provider_agreements", "visits", "dip_groupings", "dip_special_cases")
GROUPED = (
    "visit_id", "pack_version", "dip_group_code", "dip_layer", "base_score", "group_mean_cost", "auxiliary_coefficient", "grouping_flags",
)  # fmt: skip
MILLION = 1_000_000
Row = dict[str, Any]


def decimal(millionths: int) -> Decimal:
    """A decimal of a table (10⁻⁶)."""
    return Decimal(millionths) / MILLION


def millionths(value: Decimal) -> int:
    """The other way; what is finer than a table keeps is rounded half-up there, and only there."""
    return int(half_up(value * MILLION, 0))


def stays(
    workspace: Workspace,
    pack: Pack,
    first: date,
    last: date,
    grouped: pa.Table | None = None,
    *,
    need_groups: bool = True,
) -> list[Row]:
    """The rows of the text dip_cases in the schemes that DIP pays, with `scheme`; by the groupings of the workspace unless others are given.

    UserError where a stay was not grouped, unless only its money is asked for (`need_groups`).
    """
    rows, schemes = _rows(workspace, pack, first, last, grouped), schemes_of(pack, last)
    found = [{**row, "scheme": schemes[row["insurance_type"]]} for row in rows if row["insurance_type"] in schemes]
    missing = Counter(row["discharge_time"].year for row in found if not row["is_grouped"])
    if missing and need_groups:
        said = "；".join(f"{year} 年出院 {count:,} 例" for year, count in sorted(missing.items()))
        raise UserError(f"有住院还没有分组（{said}）。请先运行 yibao dip group --year {min(missing)}。")
    return found


def of_other_schemes(workspace: Workspace, pack: Pack, first: date, last: date) -> Counter[str]:
    """The stays in hospitals paid by score whose insurance has no DIP fund, by insurance type: counted, not paid by score."""
    rows, schemes = _rows(workspace, pack, first, last, None), schemes_of(pack, last)
    return Counter(row["insurance_type"] for row in rows if row["insurance_type"] not in schemes)


def _rows(workspace: Workspace, pack: Pack, first: date, last: date, grouped: pa.Table | None) -> list[Row]:
    if grouped is None:
        grouped = workspace.query(
            f"SELECT {', '.join(f'g.{name}' for name in GROUPED)} FROM dip_groupings AS g"
        ).read_all()
    given = {"inpatient": inpatient_codes(pack, last), "grouped": grouped.select(GROUPED)}
    found: list[Row] = workspace.query(TEXTS["dip_cases"], given, first_day=first, last_day=last).read_all().to_pylist()
    return found


def inpatient_codes(pack: Pack, on: date) -> pa.Table:
    """The kinds of care that are stays, as the region says."""
    words = pack.value("interface.care", on=on)
    return pa.table({"care_type": [str(code) for code, word in words.items() if word == "inpatient"]})


def stay_of(row: Row) -> Stay:
    """A row of dip_cases as what its points depend on."""
    auxiliary, special_score = row["auxiliary_coefficient"], row["special_score"]
    return Stay(
        bill=row["settlement_id"],
        provider=row["provider_code"],
        level=row["hospital_level"],
        score=_score(row),
        mean=row["group_mean_cost"],
        primary_care=row["dip_layer"] == "primary" or "PRIMARY_CARE" in (row["grouping_flags"] or ""),
        auxiliary=ONE if auxiliary is None else decimal(auxiliary),
        fee=row["total_fee"],
        special=row["special_result"] if row["special_result"] != "refused" else None,
        special_score=None if special_score is None else decimal(special_score),
    )


def _score(row: Row) -> Decimal | None:
    """None without a group, and in a last group (保底组、空白病组) that has no score of its own: paid by its cost."""
    if row["dip_group_code"] is None or (row["dip_layer"] == "last" and row["base_score"] is None):
        return None
    if row["base_score"] is None:
        raise UserError(
            f"病种 {row['dip_group_code']} 没有分值，结算 {row['settlement_id']} 算不出点数。请在方案包的 scores 表里补上。"
        )
    return decimal(row["base_score"])


def scored(rows: Iterable[Row], terms: Terms, prices: Mapping[str, Prices]) -> Iterator[Row]:
    """The rows of computed_dip_cases, and `points` as they are before a table shows them. `prices`: by insurance type."""
    scorers = {insurance: Scorer(terms, of, terms.schemes.get(insurance)) for insurance, of in prices.items()}
    for row in rows:
        if row["insurance_type"] not in scorers:
            raise UserError(f"险种 {row['insurance_type']} 有按病种付费的住院，没有年初点值。请先运行 yibao dip open。")
        found = scorers[row["insurance_type"]].score(stay_of(row))
        yield {**row, **_columns(found), "points": found.points}


def _columns(found: Scored) -> Row:
    return {
        "base_score": millionths(found.score),
        "institution_coefficient": millionths(found.institution),
        "auxiliary_coefficient": millionths(found.auxiliary),
        "deviation_ratio": None if found.ratio is None else millionths(found.ratio),
        "deviation_band": found.band,
        "deviation_factor": millionths(found.factor),
        "dip_points": millionths(found.points),
    }


def case_table(workspace: Workspace, rows: Iterable[Row]) -> pa.Table:
    """Rows as the table computed_dip_cases."""
    return as_table(workspace, "computed_dip_cases", rows)


def as_table(workspace: Workspace, name: str, rows: Iterable[Row]) -> pa.Table:
    """Rows as a declared table; columns beside it are dropped."""
    schema = arrow_schema(workspace.table(name))
    return pa.Table.from_pylist([{column: row.get(column) for column in schema.names} for row in rows], schema=schema)


def points_of(row: Row) -> Decimal:
    """The points of a stay: not rounded where it was scored just now, six places where it comes from a table."""
    found: Decimal = row["points"] if "points" in row else decimal(row["dip_points"])
    return found


class Line(NamedTuple):
    """What the money of a stay depends on; `group` empty without a disease, money in fen."""

    points: Decimal
    total_fee: int
    booked_pay: int
    group: str = ""


@dataclass
class Sums:
    """What the stays of a hospital (or a scheme) add up to; money in fen.

    `points` are not rounded, money is made of them; `dip_points` are those that tables show (10⁻⁶), so that tables add up.
    """

    case_count: int = 0
    points: Decimal = Decimal(0)
    dip_points: int = 0
    total_fee: int = 0
    booked_pay: int = 0
    stays: list[Line] = field(default_factory=list, repr=False)

    def add(self, row: Row) -> None:
        points = points_of(row)
        self.case_count += 1
        self.points += points
        self.dip_points += row["dip_points"] if "dip_points" in row else millionths(points)
        self.total_fee += row["total_fee"]
        self.booked_pay += row["booked_pay"]
        self.stays.append(Line(points, row["total_fee"], row["booked_pay"], row.get("dip_group_code") or ""))

    @property
    def patient_share(self) -> int:
        """What the pool does not pay."""
        return self.total_fee - self.booked_pay

    def columns(self) -> Row:
        return {name: getattr(self, name) for name in ("case_count", "dip_points", "total_fee", "booked_pay")}


def summed(rows: Iterable[Row]) -> dict[str, dict[str, Sums]]:
    """By insurance type and hospital, both in order."""
    found: dict[str, dict[str, Sums]] = {}
    for row in rows:
        found.setdefault(row["insurance_type"], {}).setdefault(row["provider_code"], Sums()).add(row)
    return {insurance: dict(sorted(of.items())) for insurance, of in sorted(found.items())}


def whole(of: Mapping[str, Sums]) -> Sums:
    """The hospitals of a scheme together."""
    total = Sums()
    for one in of.values():
        total.case_count += one.case_count
        total.points += one.points
        total.dip_points += one.dip_points
        total.total_fee += one.total_fee
        total.booked_pay += one.booked_pay
    return total


def refuse_too_many_special(terms: Terms, accepted: int, discharges: int, document: str | None) -> None:
    """UserError where more special cases were accepted than the region may (guide §9), unless a document allows it."""
    most = special_case_cap(discharges, terms.special.per_mille)
    if accepted > most and not document:
        raise UserError(
            f"特例单议通过 {accepted:,} 例，超过上限 {most:,} 例（统筹区出院 {discharges:,} 例的 {terms.special.per_mille}‰，医保发〔2025〕18号第二十条）。"
            "有文件另行规定的，用 --special-document 写明文号。"
        )

"""One year of stays by two packs: who moves, what each hospital's points and money become at the same fund (guide §9.1: largest remainders).

Points here are score × institution coefficient × auxiliary coefficient, not rounded; deviations of cost are a matter of payment and
left out on both sides, so that what differs is the catalogue alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yibao.dip.build.read import stays_of_year
from yibao.dip.bulk import CASE, BulkGrouper
from yibao.dip.formulas import shared_out
from yibao.dip.group import Grouper
from yibao.dip.pack import Pack, Row
from yibao.dip.pay.shapes import SCHEME_OF, coefficient_of
from yibao.errors import UserError
from yibao.region.pack import Pack as Region
from yibao.region.packs import workspace_pack
from yibao.store.workspace import Workspace

FUND = "SELECT p.insurance_type, p.dip_fund FROM dip_point_values AS p WHERE p.service_year = $year AND p.dip_fund IS NOT NULL"
NAMES = "SELECT p.provider_code, p.provider_name, p.hospital_level FROM providers AS p"
_MILLION = 1_000_000

Cell = tuple[
    str, str, str, str, str, int
]  #: hospital, level, insurance type, group, flag of 基层病种, coefficient (10⁻⁶)


@dataclass(frozen=True)
class Terms:
    """What the region says of the year: coefficients by level or of one institution, and the share of an ungrouped stay's cost that scores."""

    coefficients: Mapping[str, Decimal]
    ungrouped: Decimal | None
    every_hospital: bool

    def coefficient(self, provider: str, level: str, insurance: str) -> Decimal | None:
        """Of a hospital for an insurance type; None where the region says none."""
        return coefficient_of(self.coefficients, provider, level, SCHEME_OF.get(insurance))


@dataclass
class Side:
    """What one pack makes of the year."""

    pack: Pack
    rows: dict[str, Row]
    points: dict[tuple[str, str], Decimal] = field(
        default_factory=lambda: defaultdict(Decimal)
    )  #: hospital, insurance type
    base: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))  #: hospital → Σ score, for the CMI
    grouped: Counter[str] = field(default_factory=Counter)  #: hospital → stays in a group
    groups: Counter[str] = field(default_factory=Counter)  #: group → stays
    unscored: int = 0  #: stays in groups without a score, which score as those without a group
    money: dict[tuple[str, str], int] = field(default_factory=dict)  #: fen
    notes: list[str] = field(default_factory=list)

    @property
    def pays(self) -> bool:
        """Does anything score?"""
        return any(row.score is not None for row in self.rows.values())


@dataclass
class Comparison:
    """A year by two packs."""

    year: int
    sides: tuple[Side, Side]
    cases: Counter[str]  #: hospital → stays
    hospitals: dict[str, tuple[str, str]]  #: name, level
    moves: Counter[tuple[str, str]]  #: group before → after, empty for none; only stays that moved
    stays: int
    left_out: int  #: stays of hospitals that are not paid so
    fund: dict[str, int]  #: insurance type → fen
    fund_source: str
    without_level: list[str] = field(default_factory=list)  #: hospitals of a level that has no coefficient: 1


def compare_year(workspace: Workspace, before: Pack, after: Pack, year: int) -> Comparison:
    """UserError where the year has no stays, or the region does not say its coefficients."""
    terms = _terms(workspace_pack(workspace.path, workspace.settings.region), year)
    sides = tuple(Side(pack, {row.group: row for row in pack.rows}) for pack in (before, after))
    bulks = [BulkGrouper(Grouper(pack)) for pack in (before, after)]
    found = Comparison(year, sides, Counter(), {}, Counter(), 0, 0, {}, "")  # type: ignore[arg-type]
    booked: Counter[str] = Counter()
    same = _Same(before, after)
    for batch in stays_of_year(workspace, year, with_lines=False):
        dip = np.asarray(batch["is_dip"].fill_null(False)) | terms.every_hospital
        found.left_out += int((~dip).sum())
        kept = batch.filter(pa.array(dip))
        if len(kept):
            _add(found, kept, bulks, same, booked, terms)
    if not found.stays:
        raise UserError(f"{year} 年没有按病种付费的机构出院的住院，不能比较。请检查年度，或先导入。")
    for row in workspace.query(NAMES).read_all().to_pylist():
        found.hospitals[row["provider_code"]] = (row["provider_name"], row["hospital_level"] or "")
    found.without_level = sorted(
        {
            one
            for one in found.cases
            if not any(terms.coefficient(one, found.hospitals.get(one, ("", ""))[1], kind) for kind in SCHEME_OF)
        }
    )
    _pay(found, workspace, booked)
    return found


def _terms(place: Region, year: int) -> Terms:
    day = date(year, 6, 30)
    coefficients = {str(level): Decimal(value) for level, value in place.value("dip.coefficient", on=day).items()}
    ungrouped = place.find("dip.ungrouped", on=day)
    every = place.value("dip.build.stays", on=day) == "all"
    return Terms(coefficients, None if ungrouped is None else Decimal(ungrouped.value["share"]), every)


def _add(
    found: Comparison, stays: pa.RecordBatch, bulks: list[BulkGrouper], same: _Same, booked: Counter[str], terms: Terms
) -> None:
    case = stays.select(CASE.names)
    results = [(bulk.group(case), bulk) for bulk in bulks]
    for side, (result, bulk) in zip(found.sides, results, strict=True):
        subtypes = bulk.subtypes(case, result["dip_group_code"])
        for cell, number, cost in _cells(stays, result, subtypes):
            _score(side, cell, number, cost, terms)
    pairs = zip(*(result["dip_group_code"].fill_null("").to_pylist() for result, _ in results), strict=True)
    for (one, other), number in Counter(pairs).items():
        if not same.are(one, other):
            found.moves[one, other] += number
    found.stays += len(stays)
    found.cases.update(stays["provider_code"].to_pylist())
    sums = (
        pa.table({"kind": stays["insurance_type"], "booked": stays["booked"].fill_null(0)})
        .group_by("kind")
        .aggregate([("booked", "sum")])
    )
    for row in sums.to_pylist():
        booked[row["kind"]] += row["booked_sum"]


def _cells(stays: pa.RecordBatch, result: pa.RecordBatch, subtypes: pa.RecordBatch) -> Iterator[tuple[Cell, int, int]]:
    """Stays that score alike in one hospital, with their number and cost."""
    primary = pc.or_(
        pc.equal(result["dip_layer"].fill_null(""), "primary"), pc.match_substring(result["grouping_flags"], "PRIMARY_CARE")
    )  # fmt: skip
    table = pa.table(
        {
            "provider": stays["provider_code"], "level": stays["hospital_level"].fill_null(""), "kind": stays["insurance_type"],
            "group": result["dip_group_code"].fill_null(""), "primary": pc.if_else(primary, "1", ""),
            "auxiliary": subtypes["auxiliary_coefficient"].fill_null(_MILLION), "cost": stays["cost"].fill_null(0),
        }
    )  # fmt: skip
    keys = ["provider", "level", "kind", "group", "primary", "auxiliary"]
    for row in table.group_by(keys).aggregate([("cost", "sum"), ("cost", "count")]).to_pylist():
        yield tuple(row[key] for key in keys), row["cost_count"], row["cost_sum"]


def _score(side: Side, cell: Cell, number: int, cost: int, terms: Terms) -> None:
    provider, level, kind, group, primary, auxiliary = cell
    if not group:
        side.points[provider, kind] += _ungrouped(side.pack, cost, terms)
        return
    side.grouped[provider] += number
    side.groups[group] += number
    score = side.rows[group].score
    if score is None:
        side.unscored += number
        side.points[provider, kind] += _ungrouped(side.pack, cost, terms)
        return
    coefficient = None if primary else terms.coefficient(provider, level, kind)
    side.points[provider, kind] += number * score * (coefficient or 1) * auxiliary / _MILLION
    side.base[provider] += number * score


def _ungrouped(pack: Pack, cost: int, terms: Terms) -> Decimal:
    """Points of stays without a group: their cost over the region's mean × scale × share; nothing where the pack knows no mean."""
    manifest = pack.manifest
    if terms.ungrouped is None or not manifest.region_mean_cost or not manifest.score_scale:
        return Decimal(0)
    return Decimal(cost) / 100 / manifest.region_mean_cost * manifest.score_scale * terms.ungrouped


def _pay(found: Comparison, workspace: Workspace, booked: Counter[str]) -> None:
    """The same fund shared out by the points of each side, to the fen, for each kind of insurance apart."""
    declared = {
        row["insurance_type"]: row["dip_fund"] for row in workspace.query(FUND, year=found.year).read_all().to_pylist()
    }
    found.fund = {kind: declared.get(kind, amount) for kind, amount in sorted(booked.items())}
    found.fund_source = "DIP点值表的年度基金总额" if declared else "各险种统筹记账金额之和"
    for side in found.sides:
        if not side.pays:
            side.notes.append(f"{side.pack.title}没有分值，没有算得失。")
            continue
        if side.unscored:
            side.notes.append(f"{side.pack.title}：{side.unscored:,} 例所在的病种没有分值，照没有入组的计分。")
        for kind, fund in found.fund.items():
            weights = {hospital: points for (hospital, of), points in sorted(side.points.items()) if of == kind}
            if sum(weights.values(), Decimal(0)) <= 0:
                side.notes.append(f"{side.pack.title}：险种 {kind} 没有点数，它的基金没有分。")
            elif fund > 0:
                side.money |= {(hospital, kind): fen for hospital, fen in shared_out(fund, weights).items()}


class _Same:
    """Which groups of two packs are the same row, whatever they are called."""

    def __init__(self, before: Pack, after: Pack) -> None:
        self.signs = tuple({row.group: sign(row) for row in pack.rows} for pack in (before, after))

    def are(self, one: str, other: str) -> bool:
        return self.signs[0].get(one) == self.signs[1].get(other)


def sign(row: Row) -> tuple[Any, ...]:
    """What a row asks for: rows that ask alike are one group under two names."""
    by_kind = row.kind if not row.operations else None
    return (
        frozenset(map(str, row.diagnoses)),
        frozenset(map(str, row.others)),
        frozenset(row.operations),
        frozenset(row.related),
        row.condition,
        row.layer == "comprehensive" and by_kind,
    )

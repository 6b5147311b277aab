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

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import ValidationError

from yibao.dip.build.read import paid_stays, stays_of_year
from yibao.dip.build.same import Same
from yibao.dip.formulas import shared_out
from yibao.dip.grouping.bulk import CASE, BulkGrouper
from yibao.dip.grouping.group import Grouper
from yibao.dip.pack import Pack, Row
from yibao.dip.pay.coefficients import coefficients
from yibao.dip.pay.shapes import Scheme, coefficient_of, schemes_of
from yibao.errors import UserError
from yibao.region.pack import Pack as Region
from yibao.region.packs import workspace_pack
from yibao.store.workspace import Workspace

FUND = "SELECT p.insurance_type, p.dip_fund FROM dip_point_values AS p WHERE p.service_year = $year AND p.dip_fund IS NOT NULL"
FUND_SOURCES = {True: "DIP点值表的年度基金总额", False: "各险种统筹记账金额之和（DIP点值表没有的险种）"}
NAMES = "SELECT p.provider_code, p.provider_name, p.hospital_level FROM providers AS p"
MOVED = ("visit_id", "provider_code", "cost", "before", "after")
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
    schemes: Mapping[str, Scheme]  #: by insurance type

    def coefficient(self, provider: str, level: str, insurance: str) -> Decimal | None:
        """Of a hospital for an insurance type; None where the region says none."""
        return coefficient_of(self.coefficients, provider, level, self.schemes.get(insurance))


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
    scored: Counter[str] = field(default_factory=Counter)  #: hospital → stays in a group with a score
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
    moved: list[pa.Table]  #: the stays that moved: MOVED
    stays: int
    left_out: int  #: stays that the fund does not pay by score
    fund: dict[str, int]  #: insurance type → fen
    fund_source: str
    without_level: list[str] = field(default_factory=list)  #: hospitals of a level that has no coefficient: 1


def compare_year(workspace: Workspace, before: Pack, after: Pack, year: int) -> Comparison:
    """UserError where the year has no stays, or the region does not say its coefficients."""
    terms = _terms(workspace_pack(workspace.path, workspace.settings.region), year)
    sides = tuple(Side(pack, {row.group: row for row in pack.rows}) for pack in (before, after))
    bulks = [BulkGrouper(Grouper(pack)) for pack in (before, after)]
    found = Comparison(year, sides, Counter(), {}, Counter(), [], 0, 0, {}, "")  # type: ignore[arg-type]
    booked: Counter[str] = Counter()
    same = Same(before, after)
    paid = None if terms.every_hospital else paid_stays(workspace, year)
    for batch in stays_of_year(workspace, year, with_lines=any(bulk.uses_fees for bulk in bulks)):
        kept = batch if paid is None else batch.filter(pc.is_in(batch["visit_id"], value_set=paid))
        found.left_out += len(batch) - len(kept)
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
            if not any(terms.coefficient(one, found.hospitals.get(one, ("", ""))[1], kind) for kind in terms.schemes)
        }
    )
    _pay(found, workspace, booked)
    return found


def _terms(place: Region, year: int) -> Terms:
    day = date(year, 6, 30)
    said = place.parameter("dip.coefficient", on=day)
    try:
        found = coefficients({str(level): value for level, value in said.value.items()})
    except (ValidationError, AttributeError):
        raise said.error(
            "dip.coefficient", "应是等级或机构编号各一个系数，或 base（基本系数）加 bonus（加成）"
        ) from None
    ungrouped = place.find("dip.ungrouped", on=day)
    every = place.value("dip.build.stays", on=day) == "all"
    share = None if ungrouped is None else Decimal(ungrouped.value["share"])
    return Terms(found, share, every, schemes_of(place, day))


def _add(
    found: Comparison, stays: pa.RecordBatch, bulks: list[BulkGrouper], same: Same, booked: Counter[str], terms: Terms
) -> None:
    case = stays.select(CASE.names)
    results = [(bulk.group(case), bulk) for bulk in bulks]
    for side, (result, bulk) in zip(found.sides, results, strict=True):
        subtypes = bulk.subtypes(case, result["dip_group_code"])
        for cell, number, cost in _cells(stays, result, subtypes):
            _score(side, cell, number, cost, terms)
    groups = [result["dip_group_code"].fill_null("") for result, _ in results]
    pairs = list(zip(*(codes.to_pylist() for codes in groups), strict=True))
    moves = {pair: number for pair, number in Counter(pairs).items() if not same.are(*pair)}
    found.moves.update(moves)
    columns = [stays["visit_id"], stays["provider_code"], stays["cost"], *groups]
    found.moved.append(pa.table(columns, MOVED).filter(pa.array([pair in moves for pair in pairs], pa.bool_())))
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
    side.scored[provider] += number


def _ungrouped(pack: Pack, cost: int, terms: Terms) -> Decimal:
    """Points of stays without a group: what their cost would score × share; nothing where the pack does not say what scores are measured by."""
    manifest = pack.manifest
    if terms.ungrouped is None or not manifest.measured_by or not manifest.score_scale:
        return Decimal(0)
    return Decimal(cost) / 100 / manifest.measured_by * manifest.score_scale * terms.ungrouped


def _pay(found: Comparison, workspace: Workspace, booked: Counter[str]) -> None:
    """The same fund shared out by the points of each side, to the fen, for each kind of insurance apart."""
    declared = {
        row["insurance_type"]: row["dip_fund"] for row in workspace.query(FUND, year=found.year).read_all().to_pylist()
    }
    found.fund = {kind: declared.get(kind, amount) for kind, amount in sorted(booked.items())}
    sources = {kind in declared for kind in found.fund}
    found.fund_source = "；".join(said for is_declared, said in FUND_SOURCES.items() if is_declared in sources)
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

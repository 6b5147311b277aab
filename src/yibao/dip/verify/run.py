"""All checks of a year in their order, the price of each difference, and the table dip_differences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

import pyarrow as pa

from yibao.dip.pack import Pack
from yibao.dip.verify.amounts import check_amounts
from yibao.dip.verify.bases import base_of
from yibao.dip.verify.clearing import check_clearing
from yibao.dip.verify.deposits import check_deposits
from yibao.dip.verify.found import MONTHLY, RESULTS, Difference, Found, plain
from yibao.dip.verify.inputs import check_inputs
from yibao.dip.verify.month_pay import check_month_pay
from yibao.dip.verify.months import check_months
from yibao.dip.verify.own import OWN, check_base, check_deposit, tell_own
from yibao.dip.verify.payments import check_advances, check_payments
from yibao.dip.verify.places import check_places
from yibao.dip.verify.presence import check_presence
from yibao.dip.verify.priced import beyond, priced
from yibao.dip.verify.results import check_results
from yibao.dip.verify.sheets import READ, Sheets, read_sheets
from yibao.dip.verify.stay_pay import check_stay_pay
from yibao.dip.verify.steps import STEPS, Judge
from yibao.dip.verify.terms_read import TermsRead
from yibao.dip.verify.values import check_values
from yibao.dip.verify.versions import Version, from_pack, versions_of
from yibao.errors import UserError
from yibao.region.pack import Pack as Region
from yibao.region.rules import Value
from yibao.store.manifest import Manifest
from yibao.store.schema import arrow_schema
from yibao.store.workspace import Workspace

KNOWN = Decimal("0.5")  #: of the results' groups that a pack must know to be about the same catalogue


@dataclass(frozen=True)
class Verified:
    """A year's sheets, what was found in them, our points of the stays that differ, and what was relied on."""

    sheets: Sheets
    found: Found
    own_points: Mapping[str, Decimal] = field(default_factory=dict)
    missing_points: Mapping[str, Decimal] = field(default_factory=dict)  #: of stays that no sheet has, by settlement
    versions: Sequence[str] = ()
    cited: Mapping[str, Value] = field(default_factory=dict)  #: parameters with their sources

    @cached_property
    def days(self) -> Mapping[str, date]:
        """The day of each settlement that the sheets or we know."""
        rows = (*self.sheets.settled.values(), *self.sheets.results)
        return {row["settlement_id"]: row["settlement_time"].date() for row in rows}


def verify(workspace: Workspace, region: Region | None, packs: Sequence[Pack], year: int) -> Verified:
    """Check the sheets of a year; nothing is written. `packs` instead of the city's own table of groups."""
    return verify_sheets(read_sheets(workspace, year), region, packs)


def verify_sheets(sheets: Sheets, region: Region | None, packs: Sequence[Pack] = ()) -> Verified:
    """The same for sheets that were read."""
    found, alone = Found(), Found()
    terms = TermsRead(region, {row["insurance_type"]: row for row in sheets.values}) if region is not None else None
    known = terms.pay_base(date(sheets.year, 12, 31)) if terms is not None else None
    base = base_of(sheets, MONTHLY, sheets.months, known)
    sheets = replace(sheets, base=base.kind if base is not None else known or "ratio")
    check_presence(sheets, found)
    check_results(sheets, alone)
    found.checks += alone.checks
    versions = _versions(sheets, region, packs, found)
    judge = Judge(sheets, versions, terms)
    own = list(judge.differences())
    parted = {one.key for one in own}
    twice = {one.key for one in found.of(RESULTS) if one.step == "row"}
    found.add(one for one in own if one.key not in twice)
    alone.differences = [one for one in alone.differences if (one.key, one.step) not in judge.judged]
    found.add(one for one in _firsts(alone.differences) if one.key not in parted | twice)
    found.differences = list(_swapped(_with_missing(found.differences, judge)))
    tell_own(sheets, judge, found)
    extras = check_places(sheets, found)
    check_months(sheets, found, judge.own_points, extras)
    check_month_pay(sheets, base, found)
    check_stay_pay(sheets, known, found)
    check_base(sheets, base, known, found)
    check_deposits(sheets, found)
    check_deposit(sheets, terms, found)
    check_values(sheets, found)
    check_clearing(sheets, found)
    check_inputs(sheets, found)
    check_advances(sheets, found)
    check_amounts(sheets, terms, found)
    check_payments(sheets, found)
    found.differences = list(_once(priced(found.differences, sheets, judge.own_points)))
    cited = terms.cited() if terms is not None else {}
    return Verified(sheets, found, judge.own_points, judge.missing_points, _relied_on(versions, judge), cited)


def _with_missing(differences: Sequence[Difference], judge: Judge) -> list[Difference]:
    """Stays that no sheet has, with what they would score and be worth."""
    found = []
    for one in differences:
        ours = judge.sheets.settled.get(one.key) if one.sheet == RESULTS and one.cause == "missing" else None
        points = judge.points_of(ours) if ours is not None else None
        if ours is not None and points is not None:
            judge.missing_points[one.key] = points
            says = f"{one.says}，按目录和参数应是 {plain(points)} 点"
            one = replace(one, says=says, effect=beyond(Decimal(0), points, ours, judge.sheets))
        found.append(one)
    return found


def _firsts(differences: Sequence[Difference]) -> Iterator[Difference]:
    """Of the sheet's own arithmetic the first step of each stay: the later ones mostly follow."""
    seen: set[str] = set()
    for one in sorted(differences, key=lambda one: STEPS.index(one.step)):
        if one.key not in seen:
            seen.add(one.key)
            yield one


_SWAPPED = {"group": "分组结果", "ratio": "费用偏差率和以后各步", "points": "点数"}


def _swapped(differences: Sequence[Difference]) -> Iterator[Difference]:
    """What a stay has of another one, which has this one's: told once at each, at the first step that shows it."""
    at = {_side(one, one.official, one.own): one.key for one in differences if _may_be_swapped(one)}
    others: dict[str, tuple[str, str]] = {}
    for one in sorted(filter(_may_be_swapped, differences), key=lambda one: STEPS.index(one.step)):
        other = at.get(_side(one, one.own, one.official), one.key)
        if other != one.key:
            others.setdefault(one.key, (one.step, other))
    for one in differences:
        step, other = others.get(one.key, ("", "")) if one.sheet == RESULTS else ("", "")
        if one.step == step:
            yield replace(one, cause="swapped", says=f"与结算 {other} 的{_SWAPPED[step]}互换了")
        elif not step or one.step not in STEPS or STEPS.index(one.step) < STEPS.index(step):
            yield one


def _may_be_swapped(one: Difference) -> bool:
    """Points of any two stays; groups and ratios that nothing else explains, within a hospital."""
    return one.sheet == RESULTS and (one.step == "points" or (one.step in _SWAPPED and one.cause == "unexplained"))


def _side(one: Difference, first: str | None, second: str | None) -> tuple[str | None, ...]:
    return (one.step, None if one.step == "points" else one.provider, first, second)


def _relied_on(versions: Sequence[Version], judge: Judge) -> list[str]:
    return [version.name for version in versions if version.first_day is not None or version.name == judge.usual]


def _versions(sheets: Sheets, region: Region | None, packs: Sequence[Pack], found: Found) -> list[Version]:
    """Packs where they were given and are about these groups; else the city's table."""
    if not sheets.results:
        found.not_run(OWN[0], "没有分组结果")
        return []
    own = [from_pack(pack, sheets.results) for pack in packs]
    groups = [row["dip_group_code"] for row in sheets.results if row["dip_group_code"] is not None]
    known = sum(any(code in version.groups for version in own) for code in groups)
    if own and known < KNOWN * len(groups):
        found.not_run(OWN[0], "分组方案包的病种编码与分组结果的对不上")
        return []
    if own:
        return own
    if not sheets.groups:
        found.not_run(OWN[0], "没有统筹区的病种目录，也没有用 --pack 写明分组方案包")
        return []
    try:
        return versions_of(sheets.groups, sheets.results, region, sheets.year)
    except UserError as error:
        found.not_run(OWN[0], error.sentence)
        return []


def _once(differences: Iterable[Difference]) -> Iterator[Difference]:
    """One row a step, in the order of the key."""
    kept: dict[tuple[str, str, str], Difference] = {}
    for one in differences:
        kept.setdefault((one.sheet, one.key, one.step), one)
    return iter(kept[key] for key in sorted(kept))


def write(workspace: Workspace, verified: Verified) -> Manifest:
    """The differences of the year in place of those that were there."""
    year = verified.sheets.year
    schema = arrow_schema(workspace.table("dip_differences"))
    rows = [
        {
            "service_year": year, "dip_sheet": one.sheet, "sheet_row_key": one.key, "dip_step": one.step, "provider_code": one.provider,
            "insurance_type": one.insurance, "service_month": one.month, "visit_id": one.visit, "dip_cause": one.cause,
            "official_value": one.official, "own_value": one.own, "effect_amount": one.effect, "difference_told": one.says,
        }
        for one in verified.found.differences
    ]  # fmt: skip
    produced = workspace.produced("yibao dip verify", reads=READ, year=year, versions=" ".join(verified.versions))
    return workspace.write("dip_differences", pa.Table.from_pylist(rows, schema=schema), produced, str(year))

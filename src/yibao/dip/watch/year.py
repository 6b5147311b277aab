"""A year watched: everything that listings and pages print, computed once from the workspace."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from yibao.dip.watch.averages import Groups, groups_of
from yibao.dip.watch.balance import Balance, balance, due_amounts
from yibao.dip.watch.first_pass.run import FirstPass, first_pass
from yibao.dip.watch.handed import Handed, hand, write
from yibao.dip.watch.indicators import Indicator, NotRun, indicators
from yibao.dip.watch.measures import Measures, measures
from yibao.dip.watch.rules import Rules, watch_rules
from yibao.dip.watch.stays import WHOSE, Stays, read_results, read_stays, refuse_nothing
from yibao.dip.watch.sums import together
from yibao.dip.watch.texts import has_rows, rows
from yibao.dip.watch.year_on_year import Changes, changes, hospital_order, months_of
from yibao.region.pack import Pack
from yibao.store.workspace import Workspace

DRUGS, MATERIALS, TESTS = ("09", "10", "11"), ("08",), ("03", "04")  #: 药品；卫生材料；检查和化验


@dataclass(frozen=True)
class Months:
    """Measures by month (yyyymm): of the region, and of each hospital by its place."""

    months: list[int]
    region: list[Measures]
    hospitals: Mapping[tuple[int, int], Measures]  #: (place of the hospital, place of the month)


@dataclass(frozen=True)
class Watched:
    """`order`: places of the hospitals as people list them. `fees`: fen by hospital and charge category, None without fee lines."""

    year: int
    stays: Stays
    before: Stays
    groups: Groups
    region: Measures
    region_before: Measures | None
    hospitals: list[Measures]
    levels: list[tuple[str, Measures]]
    schemes: list[tuple[str, Measures]]
    order: list[int]
    months: Months
    fees: Mapping[str, Mapping[str, int]] | None
    balance: Balance
    changes: Changes
    first_pass: FirstPass
    handed: Handed
    not_run: tuple[NotRun, ...]
    rules: Rules
    sources: tuple[str, ...]
    group_names: Mapping[str, str]


def watch_year(workspace: Workspace, pack: Pack, year: int) -> Watched:
    """Everything of a year, and the two tables for audit written. UserError where there are no stays or no groups."""
    stays = read_stays(workspace, year)
    refuse_nothing(stays, year)
    rules = watch_rules(pack, date(year, 12, 31))
    before, groups = read_stays(workspace, year - 1), groups_of(stays)
    found = list(indicators(workspace, stays, rules))
    handed = hand(stays, [one for one in found if isinstance(one, Indicator)], year, rules.least)
    first = first_pass(workspace, stays, year)
    write(workspace, handed, first, year)
    due, source = due_amounts(workspace, year)
    paid = balance(read_results(workspace, year)[0], due, source)
    fees = _fees(workspace, stays)
    return Watched(
        year, stays, before, groups, _region(stays, groups), _region(before, groups_of(before)) if len(before) else None,
        measures(stays, groups, stays.hospital, len(stays.hospitals)), _named(stays, groups, *stays.level), _named(stays, groups, *stays.coded("insurance_type")),
        hospital_order(stays), _months(stays, groups), fees, paid, changes(before, stays), first, handed,
        (*(one for one in found if isinstance(one, NotRun)), *_absent(stays, before, paid, fees, year)), rules, _sources(workspace, stays),
        _group_names(workspace, stays),
    )  # fmt: skip


def _region(stays: Stays, groups: Groups) -> Measures:
    return measures(stays, groups, np.zeros(len(stays), np.int64), 1)[0]


def _named(stays: Stays, groups: Groups, owner: np.ndarray, names: list[str]) -> list[tuple[str, Measures]]:
    return list(zip(names, measures(stays, groups, owner, len(names)), strict=True))


def _months(stays: Stays, groups: Groups) -> Months:
    month, names = months_of(stays)
    both, first = together(stays.hospital, month)
    each = measures(stays, groups, both, len(first))
    places = [(int(stays.hospital[i]), int(month[i])) for i in first.tolist()]
    return Months(names, measures(stays, groups, month, len(names)), dict(zip(places, each, strict=True)))


def _fees(workspace: Workspace, stays: Stays) -> Mapping[str, Mapping[str, int]] | None:
    if not has_rows(workspace, "fee_lines"):
        return None
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for row in rows(workspace, "fee_shares", {"watched": stays.rows.select(["visit_id", "provider_code"])}):
        found[row["provider_code"]][row["charge_category"]] = row["amount"]
    return found


def _group_names(workspace: Workspace, stays: Stays) -> Mapping[str, str]:
    """Names of the city's catalogue; a group that it does not have is called by the main diagnosis that most of its stays have."""
    given = {"watched": stays.rows.select(["visit_id", "dip_group_code"])}
    found: dict[str, str] = {}
    for row in rows(workspace, "principal_names", given):
        found.setdefault(row["dip_group_code"], f"{row['diagnosis_name']}等")
    return found | {row["dip_group_code"]: row["dip_group_name"] for row in rows(workspace, "group_names")}


def _absent(
    stays: Stays, before: Stays, paid: Balance, fees: Mapping[str, Mapping[str, int]] | None, year: int
) -> list[NotRun]:
    """What is missing, and what would mend it."""
    said = []
    if not stays.points_of:
        said.append(NotRun("偏差类型、盈亏", "没有点数：先运行 yibao dip settle（自算），或导入市里的 DIP分组结果"))
    elif not paid.source:
        said.append(NotRun("盈亏、记账÷应付", f"{year} 年没有应付金额：自算或市里的清算、月预结算都还没有"))
    if not len(before):
        said.append(NotRun("同比", f"{year - 1} 年没有按病种付费机构的出院住院"))
    elif not before.groups_of:
        said.append(
            NotRun("上年的 CMI 和指数", f"{year - 1} 年还没有分组：yibao dip group --pack 分组方案包 --year {year - 1}")
        )
    if fees is None:
        said.append(NotRun("药品、材料、检查化验占比", "还没有费用明细"))
    return said


def _sources(workspace: Workspace, stays: Stays) -> tuple[str, ...]:
    """Whose groups and points these are, and which versions of which tables were read."""
    versions = sorted({v for v in stays.rows["pack_version"].to_pylist() if v}) if stays.groups_of == "own" else []
    pack = f"（方案 {'、'.join(versions)}）" if versions else ""
    said = []
    for name in ("visits", "settlements", "dip_groupings", "computed_dip_cases", "dip_results"):
        if manifest := workspace.manifest(name):
            said.append(f"{workspace.table(name).label}第 {manifest.version} 版")
    return (
        f"分组：{WHOSE[stays.groups_of]}{pack}；点数和偏差类型：{WHOSE[stays.points_of]}",
        f"来源：{'、'.join(said)}",
    )

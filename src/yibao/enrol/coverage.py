"""参保率: who is insured on a day, against a denominator that is named. A figure without one is not printed.

Numerator: persons by identity number with an effective relation on the day (职工、居民、离休). No official definition of the rate is known
(guide benefits §4); so the denominator (户籍, 常住, 应参保) and its source stand beside every figure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from yibao.enrol.texts import rows
from yibao.enrol.words import OUTREACH, as_of, named, read_from
from yibao.errors import UserError
from yibao.store.listing import Headings, Listing, masked, rate_of
from yibao.store.workspace import Workspace

BASES: Mapping[str, str] = {"户籍": "registered", "常住": "living", "应参保": "due"}
_COLUMN = {"registered": "registered_population", "living": "living_population", "due": "due_population"}
_PLACED = {"registered": "户籍区划", "living": "常住区划", "due": "常住区划"}
_EMPTY = {
    "registered": "人口底数（area_population）",
    "living": "人口底数（area_population）",
    "due": "应参保人员花名册（population_rosters，类别 应参保人员）",
}
LEVELS = {"county": "全县", "town": "乡镇", "village": "村（社区）"}


def coverage(workspace: Workspace, on: date, basis: str | None) -> list[Listing]:
    """The county against every denominator; towns and villages against `basis` (户籍、常住、应参保), by default 常住.

    UserError where the denominator that was asked for has no data.
    """
    chosen = BASES.get(basis or "常住")
    if chosen is None:
        raise UserError(f"没有“{basis}”这种口径，--basis 可写：{'、'.join(BASES)}。")
    areas = rows(workspace, "coverage_by_area", on_day=on, on_year=on.year, basis=chosen)
    if basis and not any(row[_COLUMN[chosen]] for row in areas):
        raise UserError(f"“{basis}”口径没有分母：{_EMPTY[chosen]}还没有数据，不能算参保率。请先导入，或换一种口径。")
    total = rows(workspace, "insured_total", on_day=on)[0]
    made_from = read_from(workspace, "enrolments", "persons", "area_population", "population_rosters")
    found = [_county(areas, total, on, made_from)]
    for level in ("town", "village"):
        found.append(_places(areas, level, chosen, on, made_from))
    return found


def _county(areas: Sequence[dict[str, Any]], total: dict[str, Any], on: date, made_from: str) -> Listing:
    county = next((row for row in areas if row["area_level"] == "county"), {})
    table = []
    for label, basis in BASES.items():
        people = county.get(_COLUMN[basis])
        table.append((label, total["insured"], people, rate_of(total["insured"], people), _stated(county, basis)))
    notes = [
        f"分子：有效参保 {total['insured']:,} 人（按证件号码去重），其中职工 {total['employees']:,} 人、居民 {total['insured'] - total['employees']:,} 人；"
        f"有几段有效关系的 {total['several']:,} 人只算一次",
        *_flags(table),
        as_of(on),
        made_from,
    ]
    headings: Headings = [
        ("口径", "text"),
        ("参保人数", "count"),
        ("分母人数", "count"),
        ("参保率", "rate"),
        ("分母来源", "text"),
    ]
    return Listing("参保率", "参保率（全县，三种口径）", headings, table, notes)


def _stated(row: Mapping[str, Any], basis: str) -> str:
    if not row.get(_COLUMN[basis]):
        return f"没有分母：{_EMPTY[basis]}还没有数据，不算参保率"
    if basis == "due":
        return f"应参保人员花名册，{row['roster_date']}"
    return f"人口底数，{row['population_year']} 年末"


def _flags(table: Sequence[tuple[Any, ...]]) -> Iterator[str]:
    if over := [str(row[0]) for row in table if row[3] is not None and row[3] > 10_000]:
        yield f"{'、'.join(over)}口径超过 100%：分子里有不在这个口径里的人，不宜单独使用"


def _places(areas: Sequence[dict[str, Any]], level: str, basis: str, on: date, made_from: str) -> Listing:
    label = next(name for name, code in BASES.items() if code == basis)
    table = []
    for row in areas:
        if row["area_level"] == level:
            people = row[_COLUMN[basis]]
            rate = rate_of(row["insured"], people)
            resident = row["insured"] - row["employees"]
            table.append((row["area_code"], row["area_name"], row["insured"], row["employees"], resident, people, rate))
    table.sort(key=lambda r: (r[6] is None, r[6] or 0, r[0]))
    county = sum(row["insured"] for row in areas if row["area_level"] == level)
    dated = next((_stated(row, basis) for row in areas if row[_COLUMN[basis]]), "没有分母，不算参保率")
    notes = [
        f"分母：{label}人口（{dated}）；参保人按{_PLACED[basis]}归到各{LEVELS[level]}，能归到的 {county:,} 人；从低到高排列",
        *_over(table),
        as_of(on),
        made_from,
    ]
    headings: Headings = [
        ("区划代码", "text"), ("名称", "text"), ("参保人数", "count"), ("职工", "count"), ("居民", "count"), (f"{label}人口", "count"),
        ("参保率", "rate"),
    ]  # fmt: skip
    return Listing(f"参保率-{LEVELS[level]}", f"参保率（{LEVELS[level]}，{label}口径）", headings, table, notes)


def _over(table: Sequence[tuple[Any, ...]]) -> Iterator[str]:
    if over := sum(row[6] is not None and row[6] > 10_000 for row in table):
        yield f"{over} 处超过 100%：参保人登记的区划与人口底数口径不一致，请核对"


def groups(workspace: Workspace, on: date) -> list[Listing]:
    """困难群众: against the platform's identities, and against the latest list of the offices where one was imported."""
    headings: Headings = [
        ("人员身份", "text"), ("名单人数", "count"), ("参保人数", "count"), ("参保率", "rate"), ("未参保", "count"), ("没有认定依据", "count"),
    ]  # fmt: skip
    table = [
        (named("identity_type", r["identity_type"]), r["listed"], r["insured"], rate_of(r["insured"], r["listed"]),
         r["listed"] - r["insured"], r["unproven"])
        for r in rows(workspace, "coverage_of_groups", on_day=on)
    ]  # fmt: skip
    notes = ["分母：平台上当日有效的人员身份（同一人有几种身份的，各类都算）；没有认定部门或名单日期的也在内，另列人数"]
    listed = rows(workspace, "coverage_of_aid_roster", on_day=on)
    if listed:
        notes.append("部门名单的口径见“困难群众-部门名单”")
    else:
        notes.append("没有导入民政、农业农村等部门的名单（人口花名册，类别 困难群众），不能核对“应标识未标识”")
    notes += [as_of(on), read_from(workspace, "identities", "enrolments")]
    found = [Listing("困难群众", "困难群众参保率（平台身份）", headings, table, notes)]
    if listed:
        head: Headings = [
            ("人员身份", "text"),
            ("名单人数", "count"),
            ("参保人数", "count"),
            ("参保率", "rate"),
            ("平台未标识", "count"),
        ]
        dated = f"分母：部门名单，{listed[0]['roster_date']}"
        body = [
            (named("identity_type", r["identity_type"]), r["listed"], r["insured"], rate_of(r["insured"], r["listed"]), r["listed"] - r["marked"])
            for r in listed
        ]  # fmt: skip
        said = [dated, as_of(on), read_from(workspace, "population_rosters", "enrolments")]
        found.append(Listing("困难群众-部门名单", "困难群众参保率（部门名单）", head, body, said))
    return found


def rosters(workspace: Workspace, on: date) -> list[Listing]:
    """四册比对 and 未参保台账."""
    dates = {row["roster_kind"]: row for row in rows(workspace, "roster_dates", on_day=on)}
    notes = [_roster_said(kind, label, dates) for kind, label in (("registered", "户籍"), ("living", "常住"))]
    notes += [as_of(on), read_from(workspace, "population_rosters", "enrolments", "persons")]
    combined = [
        (*("有" if row[name] else "—" for name in ("registered", "living", "employee", "resident")), row["people"], _meaning(row, dates))
        for row in rows(workspace, "four_rosters", on_day=on)
    ]  # fmt: skip
    headings: Headings = [
        ("户籍", "text"),
        ("常住", "text"),
        ("职工", "text"),
        ("居民", "text"),
        ("人数", "count"),
        ("说明", "text"),
    ]
    compared = Listing("四册比对", "四册比对（常住、户籍、职工、居民，按证件号码）", headings, combined, notes)
    return [compared, _uninsured(workspace, on, notes)]


def _roster_said(kind: str, label: str, dates: Mapping[str, Mapping[str, Any]]) -> str:
    if kind in dates:
        return f"{label}花名册：{dates[kind]['roster_date']}，{dates[kind]['people']:,} 人"
    return f"{label}花名册还没有数据：请导入人口花名册（population_rosters），在此之前这一列都是“—”"


def _meaning(row: Mapping[str, Any], dates: Mapping[str, Any]) -> str:
    if row["employee"] and row["resident"]:
        return "职工、居民同时有效，见重复参保"
    if not row["employee"] and not row["resident"]:
        return "未参保，见台账"
    if {"registered", "living"} <= set(dates) and not row["registered"] and not row["living"]:
        return "参保而不在两本人口册上，请核对区划"
    return ""


def _uninsured(workspace: Workspace, on: date, notes: Sequence[str]) -> Listing:
    table = [
        (r["town_name"], r["village_name"], r["person_no"], r["person_name"], masked(r["id_document_no"]), _age(r["birth_date"], on),
         named("identity_type", r["identity_type"]), r["last_year"], r["paused_on"], _where(r))
        for r in rows(workspace, "uninsured", on_day=on)
    ]  # fmt: skip
    headings: Headings = [
        ("乡镇", "text"), ("村（社区）", "text"), ("人员编号", "text"), ("姓名", "text"), ("证件号码", "text"), ("年龄", "count"),
        ("身份", "text"), ("最近缴费年度", "text"), ("暂停日期", "date"), ("在哪些名册", "text"),
    ]  # fmt: skip
    said = [
        f"未参保：{len(table):,} 人；在名册或平台人员表里、当日没有有效关系、没有死亡记录；县外参保的须比对后核销",
        OUTREACH,
        *notes,
    ]
    return Listing("未参保台账", "未参保台账", headings, table, said)


def _where(row: Mapping[str, Any]) -> str:
    names = {"registered": "户籍", "living": "常住", "due": "应参保", "platform": "平台人员"}
    return "、".join(label for name, label in names.items() if row[name])


def _age(birth: date | None, on: date) -> int | None:
    return None if birth is None else on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))

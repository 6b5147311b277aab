"""资助参保: who was paid for and by which list (list date ≤ payment date), and who should have been: 应保未保, 应资助未资助, 应救未救.

Several identities at once: the one with the highest share counts, once (guide benefits §4).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, Literal

from yibao.enrol.rules import Book, aid_shares, resident_standard, year_start
from yibao.enrol.texts import rows
from yibao.enrol.words import OUTREACH, as_of, named, read_from, rules_of
from yibao.money import Fen, share_of
from yibao.store.listing import Headings, Listing, masked
from yibao.store.workspace import Workspace

Verdict = Literal["proven", "late_list", "no_list", "amount", "missed", "none"]
SAID: Mapping[str, str] = {
    "proven": "有据",
    "late_list": "名单晚于缴费",
    "no_list": "没有名单",
    "amount": "金额不符",
    "missed": "应资助未资助",
    "none": "不涉及",
}


@dataclass(frozen=True, slots=True)
class Held:
    """An identity that somebody holds when the contribution is paid, or is given later."""

    identity: str
    office: str | None
    listed: date | None
    start: date


@dataclass(frozen=True, slots=True)
class Judged:
    """What is said of one person's year: money in fen; `by` is the identity that counts."""

    verdict: Verdict
    due: int
    by: Held | None


def judge(standard: Fen, shares: Mapping[str, int], held: Sequence[Held], paid_on: date, aided: int) -> Judged:
    """Hold what was paid for a person against the lists of the day of payment."""
    entitled = [h for h in held if shares.get(h.identity)]
    listed = [h for h in entitled if h.office and h.listed and h.listed <= paid_on and h.start <= paid_on]
    best = max(listed, key=lambda h: (shares[h.identity], h.identity), default=None)
    if best is not None:
        due = share_of(standard, shares[best.identity], 10_000)
        if aided == due:
            return Judged("proven", due, best)
        return Judged("amount" if aided else "missed", due, best)
    if not aided:
        return Judged("none", 0, None)
    late = max((h for h in entitled if h.listed), key=lambda h: (shares[h.identity], h.identity), default=None)
    return Judged("late_list" if late else "no_list", 0, late or max(entitled, key=lambda h: h.identity, default=None))


def proofs(workspace: Workspace, book: Book, year: int, on: date) -> list[Listing]:
    """By category, and the persons whose aid is not proven or was missed."""
    standard, shares = resident_standard(book, year), aid_shares(book, year)
    judged = [
        (head, judge(standard, shares, held, head["paid_date"], head["subsidy_amount"]))
        for head, held in _people(workspace, year, on)
    ]
    notes = [
        f"{year} 年度居民参保；个人缴费标准 {standard // 100:,} 元；“有据”要求认定部门的名单日期不晚于缴费日期，金额等于标准乘资助比例",
        *_floor(book, shares, year),
        as_of(on),
        read_from(workspace, "contributions", "identities"),
        *rules_of(book),
    ]
    return [_by_category(judged, year, notes), _exceptions(judged, year, notes)]


def _people(workspace: Workspace, year: int, on: date) -> Iterator[tuple[dict[str, Any], list[Held]]]:
    for _, group in groupby(rows(workspace, "aided", year=year, known_on=on), key=itemgetter("person_no")):
        entries = list(group)
        held = [
            Held(r["identity_type"], r["issuing_office"], r["list_date"], r["identity_start"])
            for r in entries
            if r["identity_type"]
        ]
        yield entries[0], held


def _floor(book: Book, shares: Mapping[str, int], year: int) -> Iterator[str]:
    """What the nation pays for in full and the region does not."""
    for identity in book.words("enrol.aid.full", year_start(year)):
        if shares.get(identity, 0) < 10_000:
            yield f"提醒：国家规定{named('identity_type', identity)}全额资助，本地参数不足 100%"


def _by_category(judged: Iterable[tuple[dict[str, Any], Judged]], year: int, notes: Sequence[str]) -> Listing:
    found: dict[str, list[int]] = defaultdict(lambda: [0] * 5)
    for head, said in judged:
        if said.verdict == "none":
            continue
        line = found[said.by.identity if said.by else head["aided_by"] or ""]
        line[0] += head["subsidy_amount"] > 0
        line[1] += head["subsidy_amount"]
        line[2] += said.due
        line[3] += head["subsidy_amount"] > 0 and said.verdict != "proven"
        line[4] += said.verdict == "missed"
    table = [(named("identity_type", name) or "没有身份", *found[name]) for name in sorted(found)]
    table.append(("合计", *(sum(line[i] for line in found.values()) for i in range(5))))
    headings: Headings = [
        ("人员身份", "text"), ("资助人数", "count"), ("已资助（元）", "money"), ("应资助（元）", "money"), ("依据有问题（人）", "count"),
        ("应资助未资助（人）", "count"),
    ]  # fmt: skip
    return Listing("资助参保", f"{year} 年度资助参保（按身份，同时有几种的取资助最高的一种）", headings, table, notes)


def _exceptions(judged: Iterable[tuple[dict[str, Any], Judged]], year: int, notes: Sequence[str]) -> Listing:
    table = [
        (SAID[said.verdict], head["person_no"], head["person_name"], masked(head["id_document_no"]), head["area_code"],
         named("identity_type", said.by.identity) if said.by else "", named("issuing_office", said.by.office) if said.by else "",
         said.by.listed if said.by else None, head["paid_date"], head["subsidy_amount"], said.due, head["subsidy_amount"] - said.due)
        for head, said in judged
        if said.verdict not in ("proven", "none")
    ]  # fmt: skip
    headings: Headings = [
        ("问题", "text"), ("人员编号", "text"), ("姓名", "text"), ("证件号码", "text"), ("区划", "text"), ("身份", "text"), ("认定部门", "text"),
        ("名单日期", "date"), ("缴费日期", "date"), ("已资助（元）", "money"), ("应资助（元）", "money"), ("相差（元）", "money"),
    ]  # fmt: skip
    return Listing(
        "资助参保核对",
        f"{year} 年度资助参保逐人核对：有问题的（{len(table):,} 人）",
        headings,
        sorted(table, key=lambda r: (r[0], r[1])),
        notes,
    )


def uninsured(workspace: Workspace, on: date) -> Listing:
    """应保未保."""
    table = [
        (r["area_code"], r["person_no"], r["person_name"], masked(r["id_document_no"]), named("identity_type", r["identity_type"]),
         named("issuing_office", r["issuing_office"]), r["list_date"], "平台身份" if r["platform"] else "只在部门名单")
        for r in rows(workspace, "listed_uninsured", on_day=on)
    ]  # fmt: skip
    headings: Headings = [
        ("区划", "text"), ("人员编号", "text"), ("姓名", "text"), ("证件号码", "text"), ("身份", "text"), ("认定部门", "text"), ("名单日期", "date"),
        ("名单来源", "text"),
    ]  # fmt: skip
    notes = [
        "在名单上、当日没有有效参保关系、没有死亡记录",
        OUTREACH,
        as_of(on),
        read_from(workspace, "identities", "population_rosters", "enrolments"),
    ]
    return Listing("应保未保", f"应保未保（{len(table):,} 人次）", headings, table, notes)


def unrelieved(workspace: Workspace, book: Book, year: int, on: date) -> Listing:
    """应救未救: what somebody on a list bore of covered costs in a year, beyond the threshold, without any medical aid."""
    key = "enrol.relief"
    said = book.mapping(key, year_start(year), ("care_types", "above"))
    above = {str(name): int(book.fen(key, amount)) for name, amount in said["above"].items()}
    kinds = {str(kind) for kind in said["care_types"]}
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows(workspace, "unrelieved", year=year, known_on=on):
        if row["care_type"] in kinds and row["identity_type"] in above:
            line = found.setdefault((row["person_no"], row["identity_type"]), {**row, **dict.fromkeys(_SUMS, 0)})
            for name in _SUMS:
                line[name] += row[name]
    best: dict[str, dict[str, Any]] = {}
    for (person, identity), line in sorted(found.items()):
        if person not in best or above[identity] < above[best[person]["identity_type"]]:
            best[person] = line
    table = [
        (r["person_no"], r["person_name"], masked(r["id_document_no"]), r["area_code"], named("identity_type", r["identity_type"]), r["settlements"],
         r["in_scope"], r["other_funds"], r["borne"], above[r["identity_type"]], r["borne"] - above[r["identity_type"]], r["aid"])
        for r in best.values()
        if r["borne"] > above[r["identity_type"]] and r["aid"] <= 0
    ]  # fmt: skip
    headings: Headings = [
        ("人员编号", "text"), ("姓名", "text"), ("证件号码", "text"), ("区划", "text"), ("身份", "text"), ("结算次数", "count"), ("政策范围内（元）", "money"),
        ("各项基金已付（元）", "money"), ("范围内个人负担（元）", "money"), ("起付（元）", "money"), ("超过起付（元）", "money"), ("救助已付（元）", "money"),
    ]  # fmt: skip
    cares = "、".join(named("care_type", kind) for kind in sorted(kinds))
    notes = [
        f"{year} 年度，只算身份有效期内的结算，冲正已扣除；医疗类别：{cares}。政策范围内负担才可救助，目录外不计",
        "是线索，不是应付金额：起付、比例、封顶和对象认定以医疗救助办法为准",
        as_of(on), read_from(workspace, "settlements", "identities"), *rules_of(book),
    ]  # fmt: skip
    return Listing(
        "应救未救",
        f"{year} 年度应救未救线索（{len(table):,} 人）",
        headings,
        sorted(table, key=lambda r: (-r[10], r[0])),
        notes,
    )


_SUMS = ("settlements", "in_scope", "other_funds", "borne", "aid")


def unproven(workspace: Workspace, on: date) -> Listing:
    """Identities that no list supports (guide benefits §15.8)."""
    table = [
        (r["person_no"], r["person_name"], masked(r["id_document_no"]), named("identity_type", r["identity_type"]),
         named("issuing_office", r["issuing_office"]) or "没有认定部门", r["identity_start"], r["list_date"], _gap(r))
        for r in rows(workspace, "unproven_identities", on_day=on)
    ]  # fmt: skip
    headings: Headings = [
        ("人员编号", "text"), ("姓名", "text"), ("证件号码", "text"), ("身份", "text"), ("认定部门", "text"), ("身份开始", "date"), ("名单日期", "date"),
        ("问题", "text"),
    ]  # fmt: skip
    return Listing(
        "身份依据",
        f"没有名单依据的身份（{len(table):,} 条）",
        headings,
        table,
        [as_of(on), read_from(workspace, "identities")],
    )


def _gap(row: Mapping[str, Any]) -> str:
    if row["list_date"] is None:
        return "没有名单日期"
    return "没有认定部门" if row["issuing_office"] is None else "名单晚于身份开始"

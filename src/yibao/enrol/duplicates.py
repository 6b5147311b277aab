"""重复参保: overlapping relations of one person become proposals, which to keep and why, that wait for approval. Nothing is deleted.

Pairs: the same identity number; or the same name and birth date with numbers that differ in one digit (before the check digit, which
follows from the others). Which relation to keep is a parameter, row by row (guide benefits §5).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from yibao.enrol.keeping import KeepRule, Side, keep, keep_rule, kind_of, one_digit_apart
from yibao.enrol.rules import Book
from yibao.enrol.texts import rows
from yibao.enrol.words import as_of, insurance, named, read_from, rules_of
from yibao.errors import UserError
from yibao.store.listing import Headings, Listing, masked
from yibao.store.schema import arrow_schema
from yibao.store.workspace import Workspace
from yibao.vocabulary.tables import load_tables

TABLE = "enrolment_duplicates"
READS = ("contributions", "enrolments", "persons", TABLE)


def proposal_id(first: str, second: str) -> str:
    """The same for the same pair, whenever it is found."""
    return "CF" + hashlib.sha256(f"{first}|{second}".encode()).hexdigest()[:12].upper()


def propose(workspace: Workspace, book: Book, on: date) -> Sequence[Mapping[str, Any]]:
    """Find the pairs of today, keep what was decided before, write the table; its rows."""
    asked = book.fresh()
    rule = keep_rule(asked, on)
    book.also(asked)
    with workspace.writing("重复参保处理建议"):
        return _renewed(workspace, rule, asked.sources, on)


def _renewed(workspace: Workspace, rule: KeepRule, source: str, on: date) -> Sequence[Mapping[str, Any]]:
    before = {row["proposal_id"]: row for row in rows(workspace, "proposals")}
    now = {row["proposal_id"]: row for row in _found(workspace, rule, source)}
    kept = []
    for number in sorted({*before, *now}):
        old, new = before.get(number), now.get(number)
        if new is None:
            assert old is not None
            kept.append(old if old["proposal_status"] != "waiting" else {**old, "proposal_status": "gone"})
        elif old is None or old["proposal_status"] == "gone":
            kept.append(new)
        else:
            decided = {name: old[name] for name in ("proposal_status", "decided_by", "decided_on")}
            kept.append({**new, **decided})
    _write(workspace, kept, on)
    return kept


def decide(workspace: Workspace, number: str, status: str, by: str, on: date) -> Mapping[str, Any]:
    """Record an approval or refusal; UserError for a proposal that is not there or was decided already. No relation changes."""
    if not by.strip():
        raise UserError("请用 --by 写明审批人。")
    with workspace.writing("审批重复参保处理建议"):
        every = rows(workspace, "proposals")
        row = _waiting(every, number)
        row.update(proposal_status=status, decided_by=by.strip(), decided_on=on)
        _write(workspace, every, on)
    return row


def _waiting(every: Sequence[dict[str, Any]], number: str) -> dict[str, Any]:
    row = next((r for r in every if r["proposal_id"] == number), None)
    if row is None:
        raise UserError(f"没有编号为“{number}”的处理建议。用 yibao enrol duplicates 查看。")
    if row["proposal_status"] != "waiting":
        said = named("proposal_status", row["proposal_status"])
        raise UserError(f"处理建议 {number} 的状态是“{said}”，不能再审批。")
    return row


def _write(workspace: Workspace, kept: Sequence[Mapping[str, Any]], on: date) -> None:
    schema = arrow_schema(load_tables().tables[TABLE])
    produced = workspace.produced("yibao enrol duplicates", READS, on=on.isoformat())
    workspace.write(
        TABLE, pa.Table.from_pylist([dict(row) for row in kept], schema=schema), produced, publish_equal=False
    )


def _found(workspace: Workspace, rule: KeepRule, source: str) -> Iterator[dict[str, Any]]:
    for row in rows(workspace, "overlapping_relations", most=rule.continuous_months):
        if row["match_kind"] == "exact" or one_digit_apart(row["first_id"], row["second_id"]):
            yield _proposal(row, row["match_kind"], rule, source)


def _proposal(row: Mapping[str, Any], match: str, rule: KeepRule, source: str) -> dict[str, Any]:
    a, b = _side(row, "first"), _side(row, "second")
    kept, why = keep(rule, a, b) if match == "exact" else (None, "姓名、出生日期相同，号码只差一位：先核实是不是同一人")
    ends = [s.pause for s in (a, b) if s.pause is not None]
    return {
        "proposal_id": proposal_id(a.relation, b.relation),
        "duplicate_kind": kind_of(a.insurance, b.insurance),
        "match_kind": match,
        "first_relation_id": a.relation,
        "second_relation_id": b.relation,
        "overlap_from": max(a.start, b.start),
        "overlap_to": min(ends, default=None),
        "keep_relation_id": kept,
        "proposal_reason": why + ("" if a.area == b.area else f"（参保地 {a.area} 与 {b.area}）"),
        "rule_source": source,
        "proposal_status": "waiting",
        "decided_by": None,
        "decided_on": None,
    }


def _side(row: Mapping[str, Any], side: str) -> Side:
    names = (
        "relation_id",
        "insurance",
        "category",
        "start",
        "pause",
        "employer",
        "area",
        "home",
        "months",
        "last_month",
    )
    return Side(*(row[f"{side}_{name}"] for name in names))


def listing(workspace: Workspace, book: Book, on: date) -> Listing:
    """The proposals for people: who, which two, what to keep, why, how it stands."""
    table = [
        (r["proposal_id"], named("proposal_status", r["proposal_status"]), r["person_no"], r["person_name"], masked(r["id_document_no"]),
         named("duplicate_kind", r["duplicate_kind"]), named("match_kind", r["match_kind"]), r["first_relation_id"], r["second_relation_id"],
         r["overlap_from"], r["overlap_to"], _kept(r), r["proposal_reason"], r["decided_by"], r["decided_on"])
        for r in rows(workspace, "proposals_told")
    ]  # fmt: skip
    headings: Headings = [
        ("建议编号", "text"), ("状态", "text"), ("人员编号", "text"), ("姓名", "text"), ("证件号码", "text"), ("重复类型", "text"),
        ("匹配方式", "text"), ("关系一", "text"), ("关系二", "text"), ("重叠自", "date"), ("重叠至", "date"), ("建议保留", "text"),
        ("理由", "text"), ("审批人", "text"), ("审批日期", "date"),
    ]  # fmt: skip
    notes = [
        "只是建议：批准也不改动参保关系，由经办人员在平台办理；退费按税务规定，限待遇期开始之前",
        "审批：yibao enrol duplicates --approve 建议编号 --by 姓名；不同意用 --reject",
        as_of(on),
        read_from(workspace, "enrolments", "persons", "contributions"),
        *rules_of(book),
    ]
    return Listing("重复参保", f"重复参保处理建议（{len(table):,} 对）", headings, table, notes)


def _kept(row: Mapping[str, Any]) -> str:
    if row["keep_relation_id"] is None:
        return "待核实"
    side = "first" if row["keep_relation_id"] == row["first_relation_id"] else "second"
    return f"{insurance(row[f'{side}_insurance'])} {row['keep_relation_id']}"

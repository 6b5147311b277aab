"""重复参保: overlapping relations of one person become proposals, which to keep and why, that wait for approval. Nothing is deleted.

Pairs: the same identity number; or the same name and birth date with numbers that differ in one digit (before the check digit, which
follows from the others). Which relation to keep is a parameter, row by row (guide benefits §5).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from yibao.enrol.history import EMPLOYEE
from yibao.enrol.rules import Book
from yibao.enrol.texts import rows
from yibao.enrol.words import as_of, insurance, named, read_from, rules_of
from yibao.errors import UserError
from yibao.store.listing import Headings, Listing, masked
from yibao.store.schema import arrow_schema
from yibao.store.workspace import Workspace
from yibao.vocabulary.tables import load_tables

TABLE = "enrolment_duplicates"
METHODS = ("employer", "residence", "employee", "able_to_pay", "manual")
READS = ("contributions", "enrolments", "persons", TABLE)


@dataclass(frozen=True, slots=True)
class KeepRule:
    """What to keep, by kind of pair: one of METHODS. `continuous_months`: from so many on, employment goes before residence."""

    methods: Mapping[str, str]
    continuous_months: int


@dataclass(frozen=True, slots=True)
class Side:
    """One relation of a pair."""

    relation: str
    insurance: str
    start: date
    pause: date | None
    employer: str | None
    area: str
    home: str | None
    months: int  #: paid for, under this insurance
    last_month: int


def keep_rule(book: Book, on: date) -> KeepRule:
    key = "enrol.duplicates"
    needed = ("employee_employee", "resident_resident", "employee_resident", "otherwise")
    said = book.mapping(key, on, (*needed, "continuous_months"))
    methods = {name: str(said[name]) for name in needed}
    if strange := [m for m in methods.values() if m not in METHODS]:
        raise book.wrong(key, f"里的办法只能是 {'、'.join(METHODS)}，不能是“{strange[0]}”")
    return KeepRule(methods, book.whole(key, said["continuous_months"]))


def keep(rule: KeepRule, a: Side, b: Side) -> tuple[str | None, str]:
    """The relation to keep, None where the rule cannot tell, and the reason in words. The order of the two does not matter."""
    kind = kind_of(a.insurance, b.insurance)
    method = rule.methods[kind]
    if kind == "employee_resident":
        working = a if a.insurance == EMPLOYEE else b
        if working.months < rule.continuous_months:
            method = rule.methods["otherwise"]
            said = f"职工缴费 {working.months} 个月，不满 {rule.continuous_months} 个月"
        else:
            said = f"职工缴费 {working.months} 个月，满 {rule.continuous_months} 个月"
    else:
        said = named("duplicate_kind", kind)
    kept, why = _by(method, a, b)
    return kept, f"{said}：{why}"


def _by(method: str, a: Side, b: Side) -> tuple[str | None, str]:
    if method == "employee":
        return _one(a, b, lambda s: s.insurance == EMPLOYEE, "保留职工医保")
    if method == "residence":
        return _one(a, b, lambda s: (s.home or "").startswith(s.area), "保留常住地的参保")
    if method == "employer":
        return _latest(a, b, lambda s: s.employer is not None, "保留正在就业缴费的单位")
    if method == "able_to_pay":
        return _latest(a, b, lambda s: s.pause is None, "保留能够正常享受待遇的")
    return None, "由经办人员核实后决定"


def _one(a: Side, b: Side, holds: Any, why: str) -> tuple[str | None, str]:
    found = [s for s in (a, b) if holds(s)]
    return (found[0].relation, why) if len(found) == 1 else (None, f"{why}，两段都符合或都不符合，由经办人员核实后决定")


def _latest(a: Side, b: Side, holds: Any, why: str) -> tuple[str | None, str]:
    """Of those that fit the one that was paid for last, then the one that was joined last."""
    found = sorted((s for s in (a, b) if holds(s)), key=lambda s: (s.last_month, s.start))
    if not found or (
        len(found) == 2 and (found[0].last_month, found[0].start) == (found[1].last_month, found[1].start)
    ):
        return None, f"{why}，从记录看不出是哪一段，由经办人员核实后决定"
    last = found[-1]
    return last.relation, f"{why}（缴费到 {last.last_month}）" if last.last_month else why


def kind_of(first: str, second: str) -> str:
    same = {EMPLOYEE: "employee_employee", "390": "resident_resident"}
    return same[first] if first == second else "employee_resident"


def one_digit_apart(first: str, second: str) -> bool:
    """Do two numbers differ in one of the 17 digits before the check digit? Old numbers of 15 digits are lengthened first.

    >>> one_digit_apart("990421199001011234", "990421199001011318"), one_digit_apart("990421900101123", "990421199001011234")
    (False, True)
    >>> one_digit_apart("990421199001011234", "990421199001011240")
    True
    """
    a, b = _seventeen(first), _seventeen(second)
    if len(a) != 17 or len(b) != 17:
        return False
    return sum(x != y for x, y in zip(a, b, strict=True)) <= 1


def _seventeen(number: str) -> str:
    plain = number.strip()
    return plain[:6] + "19" + plain[6:] if len(plain) == 15 else plain[:17]


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
    for match in ("exact", "near"):
        for row in rows(workspace, "overlapping_relations" if match == "exact" else "near_relations"):
            if match == "exact" or one_digit_apart(row["first_id"], row["second_id"]):
                yield _proposal(row, match, rule, source)


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
    names = ("relation_id", "insurance", "start", "pause", "employer", "area", "home", "months", "last_month")
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

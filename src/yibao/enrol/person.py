"""一人一档: everything known of one person, in the order of time: relations, identities, contributions, rights, benefits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from yibao.enrol.rules import year_start
from yibao.enrol.texts import rows
from yibao.enrol.words import insurance, named, read_from
from yibao.errors import UserError
from yibao.store.listing import Headings, Listing, masked, shown
from yibao.store.workspace import Workspace

Line = tuple[date, str, str, int | None]  #: day, kind, words, fen


def dossier(workspace: Workspace, who: str) -> Listing:
    """One person by person number, or by identity number where that names one; UserError where nobody is found."""
    head = _head(workspace, who)
    lines = sorted(_lines(workspace, head["person_no"], head), key=lambda line: (line[0], line[1], line[2]))
    headings: Headings = [("日期", "date"), ("事项", "text"), ("内容", "text"), ("金额（元）", "money")]
    sex = named("sex", head["sex_code"])
    title = f"一人一档　{head['person_no']}　{head['person_name']}　{sex}　{masked(head['id_document_no'])}　{head['birth_date']} 出生"
    settled = rows(workspace, "person_settlements", who=head["person_no"])
    notes = [
        f"户籍 {head['residence'] or '不明'}，常住 {head['living'] or '不明'}",
        f"结算 {len(settled):,} 次，总费用 {shown(sum(r['total_fee'] for r in settled), 'money')} 元，基金支付 {shown(sum(r['fund_pay_total'] for r in settled), 'money')} 元（冲正已扣除）",
        read_from(workspace, "persons", "enrolments", "identities", "contributions", "benefit_waiting", "settlements"),
    ]
    return Listing("一人一档", title, headings, lines, notes)


def _head(workspace: Workspace, who: str) -> dict[str, Any]:
    found = rows(workspace, "person_head", who=who)
    if not found:
        same = [row["person_no"] for row in rows(workspace, "persons_by_number", id_document_no=who)]
        if len(same) > 1:
            raise UserError(f"这个证件号码有 {len(same)} 个人员编号：{'、'.join(same)}。请写明人员编号。")
        found = rows(workspace, "person_head", who=same[0]) if same else []
    if not found:
        raise UserError(f"人员表里没有人员编号为“{who}”的人。")
    return found[0]


def _lines(workspace: Workspace, who: str, head: dict[str, Any]) -> Iterator[Line]:
    yield head["birth_date"], "出生", "", None
    if head["death_date"] is not None:
        yield head["death_date"], "死亡", "", None
    for r in rows(workspace, "person_relations", who=who):
        yield from _relation(r)
    for r in rows(workspace, "person_identities", who=who):
        yield from _identity(r)
    for r in rows(workspace, "person_contributions", who=who):
        yield _contribution(r)
    for r in rows(workspace, "person_rights", who=who):
        yield _right(r)
    for r in rows(workspace, "person_settlements", who=who):
        yield _settlement(r)


def _relation(r: dict[str, Any]) -> Iterator[Line]:
    more = [
        named("person_category", r["person_category"]),
        r["employer_name"] or ("灵活就业" if r["is_flexible_employment"] else ""),
        "公务员" if r["is_civil_servant"] else "",
        f"参保地 {r['insured_area_code']}",
        f"现状：{named('enrolment_status', r['enrolment_status'])}",
    ]
    label = f"{insurance(r['insurance_type'])}医保 {r['enrolment_relation_id']}"
    yield r["enrolment_start_date"], "参保", "，".join([label, *filter(None, more)]), None
    if r["enrolment_pause_date"] is not None:
        yield r["enrolment_pause_date"], "停保", label, None


def _identity(r: dict[str, Any]) -> Iterator[Line]:
    name = named("identity_type", r["identity_type"])
    listed = f"名单 {r['list_date']}" if r["list_date"] else "没有名单日期"
    office = named("issuing_office", r["issuing_office"]) or "没有认定部门"
    yield r["identity_start"], "身份开始", f"{name}，{office}，{listed}", None
    if r["identity_end"] is not None:
        yield r["identity_end"], "身份结束", name, None


def _contribution(r: dict[str, Any]) -> Line:
    parts = (
        ("单位", r["employer_amount"]),
        ("个人", r["person_amount"]),
        ("资助", r["subsidy_amount"]),
        ("划入账户", r["account_amount"]),
    )
    said = "，".join(f"{label} {shown(fen, 'money')} 元" for label, fen in parts if fen)
    months = "" if r["insurance_type"] == "390" else f" {r['months']} 个月，到 {r['last_paid']}"
    words = f"{r['benefit_year']} 年度{insurance(r['insurance_type'])}{months}" + (
        f"：{said}" if said else "（不缴费）"
    )
    return r["first_paid"], "缴费", words, r["employer_amount"] + r["person_amount"] + r["subsidy_amount"]


def _right(r: dict[str, Any]) -> Line:
    year = r["benefit_year"]
    if r["waiting_exemption"]:
        why = f"免等待（{named('waiting_exemption', r['waiting_exemption'])}）"
    elif r["waiting_months"]:
        gap = (
            f"断保 {r['broken_years']} 年，修复 {r['repaired_years']} 年"
            if r["broken_years"]
            else "未在集中缴费期内参保"
        )
        why = f"等待期 {r['waiting_months']} 个月（{gap}）"
    else:
        why = "没有等待期"
    raised = f"，连续参保 {r['continuous_years']} 年" + (
        f"，大病限额提高 {shown(r['cap_raise'], 'money')} 元" if r["cap_raise"] else ""
    )
    return max(r["benefit_start_date"], year_start(year)), "待遇开始", f"{year} 年度居民待遇，{why}{raised}", None


def _settlement(r: dict[str, Any]) -> Line:
    parts = (
        ("基金", r["fund_pay_total"]),
        ("其中大病", r["resident_critical_illness_pay"]),
        ("其中救助", r["medical_aid_pay"]),
        ("账户", r["account_pay"]),
        ("现金", r["cash_pay"]),
    )
    said = "，".join(f"{label} {shown(fen, 'money')}" for label, fen in parts if fen)
    place = r["provider_name"] or r["provider_code"]
    return (
        r["settled_on"],
        "冲正" if r["is_reversal"] else "结算",
        f"{named('care_type', r['care_type'])}，{place}：{said}",
        r["total_fee"],
    )

"""等待期 and 激励 as listings: computed anew, written to their tables, and told with what changed."""

from __future__ import annotations

from datetime import date
from typing import Any

from yibao.enrol.counted import count_incentives, count_waiting, reach
from yibao.enrol.rules import Book
from yibao.enrol.texts import rows
from yibao.enrol.words import OUTREACH, as_of, has_rows, named, read_from, rules_of
from yibao.store.listing import Headings, Listing, masked
from yibao.store.workspace import Workspace


def waiting(workspace: Workspace, book: Book, on: date) -> list[Listing]:
    """Write `benefit_waiting`; how many in which case, and who still waits on the day."""
    count = count_waiting(workspace, book, on)
    reached = reach(workspace)
    notes = [
        f"写入待遇等待期 {count:,} 行；缴费记录从 {reached.first_year} 年度起，更早是否断保看不出来，不算断保",
        "断保年数：本年度之前连着没有按时参保的年数，不早于规则起算年度和首次参保；事后补缴算修复，不算按时",
        as_of(on), read_from(workspace, "benefit_waiting"), *rules_of(book),
    ]  # fmt: skip
    table = [
        (str(r["benefit_year"]), r["is_in_window"], r["broken_years"], r["repaired_years"], named("waiting_exemption", r["waiting_exemption"]),
         r["waiting_months"], r["people"], r["first_start"], r["last_start"])
        for r in rows(workspace, "waiting_summary")
    ]  # fmt: skip
    headings: Headings = [
        ("待遇年度", "text"), ("集中期内", "text"), ("断保年数", "count"), ("修复年数", "count"), ("免等待", "text"), ("等待月数", "count"), ("人数", "count"),
        ("最早开始", "date"), ("最晚开始", "date"),
    ]  # fmt: skip
    still = [
        (r["person_no"], r["person_name"], masked(r["id_document_no"]), str(r["benefit_year"]), r["paid_date"], r["broken_years"], r["repaired_years"],
         r["waiting_months"], r["benefit_start_date"])
        for r in rows(workspace, "still_waiting", on_day=on)
    ]  # fmt: skip
    heads: Headings = [
        ("人员编号", "text"), ("姓名", "text"), ("证件号码", "text"), ("待遇年度", "text"), ("缴费日期", "date"), ("断保年数", "count"), ("修复年数", "count"),
        ("等待月数", "count"), ("待遇开始", "date"),
    ]  # fmt: skip
    return [
        Listing("等待期", "居民待遇等待期", headings, table, notes),
        Listing("等待中", f"当日还在等待期内（{len(still):,} 人）", heads, still, [OUTREACH, as_of(on)]),
    ]


def incentives(workspace: Workspace, book: Book, on: date) -> list[Listing]:
    """Write `enrolment_events` and `cap_raises`; events, raises, and the settlements that a changed raise touches."""
    told_before = has_rows(workspace, "cap_raises")
    before = {r["settlement_id"]: r["cap_raise"] for r in rows(workspace, "raised_settlements", known_on=on)}
    events, raises = count_incentives(workspace, book, on)
    touched = [
        r
        for r in rows(workspace, "raised_settlements", known_on=on)
        if told_before and r["cap_raise"] != before.get(r["settlement_id"], 0)
    ]
    reached = reach(workspace)
    notes = [
        f"写入参保激励事件 {events:,} 行、大病限额激励 {raises:,} 行；缴费记录从 {reached.first_year} 年度起，连续年数也从那一年数起",
        "零报销：全年基金支付净额为 0，冲正后重新成为零报销的也算；年度结束后才计，提高次年限额；断保后连续年数重新计，零报销额度保留",
        as_of(on), read_from(workspace, "enrolment_events", "cap_raises"), *rules_of(book),
    ]  # fmt: skip
    return [_events(workspace, notes), _raises(workspace, notes), _touched(touched, on)]


def _events(workspace: Workspace, notes: list[str]) -> Listing:
    table = [
        (str(r["benefit_year"]), named("incentive_event", r["incentive_event"]), r["people"], r["raise_amount"])
        for r in rows(workspace, "event_summary")
    ]
    headings: Headings = [("待遇年度", "text"), ("事件", "text"), ("人数", "count"), ("限额变动合计（元）", "money")]
    return Listing("激励事件", "参保激励事件", headings, table, notes)


def _raises(workspace: Workspace, notes: list[str]) -> Listing:
    table = [
        (
            str(r["benefit_year"]),
            r["continuous_years"],
            r["original_cap"],
            r["cap_raise"],
            r["original_cap"] + r["cap_raise"],
            r["people"],
        )
        for r in rows(workspace, "raise_summary")
    ]
    headings: Headings = [
        ("待遇年度", "text"), ("连续参保年数", "count"), ("原限额（元）", "money"), ("提高（元）", "money"), ("提高后（元）", "money"), ("人数", "count"),
    ]  # fmt: skip
    return Listing("限额激励", "大病保险限额激励", headings, table, notes)


def _touched(found: list[dict[str, Any]], on: date) -> Listing:
    table = [
        (
            r["settlement_id"],
            r["person_no"],
            str(r["benefit_year"]),
            r["settlement_time"],
            r["resident_critical_illness_pay"],
            r["cap_raise"],
        )
        for r in found
    ]
    headings: Headings = [
        ("结算ID", "text"), ("人员编号", "text"), ("待遇年度", "text"), ("结算时间", "text"), ("大病支付（元）", "money"), ("现在的提高额（元）", "money"),
    ]  # fmt: skip
    notes = ["限额提高与上次计算不同的人，当年有大病支付的结算：需要复核是否重新结算，程序不改动结算", as_of(on)]
    return Listing("受影响的结算", f"激励变化影响的结算（{len(table):,} 次）", headings, table, notes)

"""个人账户: what should have been credited and was, balances carried through a year, and payments from a relative's account.

Over a span between two balances that settlements report (guide benefits §10.5):

    closing = opening + credited − Σ (account_pay − account_family_pay) − what it paid for relatives

A payment for a relative is counted where the member has one registered holder on the day; with several nobody knows whose it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from yibao.enrol.account_rules import CreditRule, Month, credit_stretches, months, posted_by_month, relatives
from yibao.enrol.rules import Book
from yibao.enrol.texts import TEXTS, rows
from yibao.enrol.words import as_of, read_from, rules_of
from yibao.periods import year_end
from yibao.store.listing import Headings, Listing
from yibao.store.workspace import Workspace

Row = dict[str, Any]
#: what a person is to the rule of a month
_KINDS = {
    "in_service": "在职",
    "flexible": "灵活就业",
    "retired": "退休",
    "unknown": "没有有效的参保关系或人员类别不明",
}


def accounts(workspace: Workspace, book: Book, year: int, on: date) -> list[Listing]:
    return [
        *credited(workspace, book.fresh(), year, on),
        *balances(workspace, book.fresh(), year, on),
        sharing(workspace, book.fresh(), year, on),
    ]


def credited(workspace: Workspace, book: Book, year: int, on: date) -> list[Listing]:
    """Totals of each month, and every person and month that differs."""
    ended = [month for month in months(year) if month.last <= on]
    found = [row for rule, stretch in credit_stretches(book, ended) for row in _credited(workspace, rule, stretch, on)]
    wrong = [_wrong(row) for row in found if row["person_no"] is not None and _counts(row)]
    notes = [
        f"{year} 年 1 月起到统计日已过完的各月；在职按当月缴费基数（在上下限以内）和月初周岁计算，没有缴费的月份不划入",
        "人员类别按当月最早的一段职工参保关系；退休人员整月参保而没有记录的，按未划入列出",
        as_of(on), read_from(workspace, "contributions", "enrolments"), *rules_of(book),
    ]  # fmt: skip
    headings: Headings = [
        ("费款所属期", "text"), ("人员编号", "text"), ("类别", "text"), ("缴费基数（元）", "money"), ("应划入（元）", "money"), ("已划入（元）", "money"),
        ("相差（元）", "money"), ("说明", "text"),
    ]  # fmt: skip
    return [
        _by_month(found, year, notes),
        Listing("账户划入核对", f"{year} 年个人账户应划入与已划入不符（{len(wrong):,} 人月）", headings, wrong, notes),
    ]


def _credited(workspace: Workspace, rule: CreditRule, stretch: Sequence[Month], on: date) -> list[Row]:
    """Who differs in months under one rule; those who agree are one row for each month and kind, without a person."""
    given = {
        "months": pa.table({
            "contribution_month": pa.array([m.number for m in stretch], pa.int64()), "first_day": [m.first for m in stretch],
            "last_day": [m.last for m in stretch],
        }),
        "age_bands": pa.table({
            name: pa.array(column, pa.int64())
            for name, column in zip(("from_age", "below_age", "employer_share"), zip(*rule.bands, strict=True), strict=True)
        }),
    }  # fmt: skip
    found = workspace.query(
        TEXTS["account_credits"], given, known_on=on, floor=rule.floor, ceiling=rule.ceiling, own=rule.own, flexible=rule.flexible,
        half=rule.half, retired=rule.retired, amount=rule.amount, share=rule.share, least=rule.least, most=rule.most, since=rule.since,
    )  # fmt: skip
    listed: list[Row] = found.read_all().to_pylist()
    return listed


def _counts(row: Row) -> bool:
    """Nobody misses a credit that no rule owes him."""
    return bool(row["due"] is not None or row["credited"] != 0 or row["account_kind"] != "unknown")


def _wrong(row: Row) -> tuple[Any, ...]:
    due, credited = row["due"], row["credited"]
    return (
        str(row["contribution_month"]), row["person_no"], _KINDS[row["account_kind"]], row["base"], due, credited,
        None if due is None else credited - due, _reason(row),
    )  # fmt: skip


def _reason(row: Row) -> str:
    kind, due, credited = row["account_kind"], row["due"], row["credited"]
    if due is None:
        return {
            "in_service": "无法核对：没有缴费基数，或按年龄分档而没有出生日期",
            "flexible": "无法核对：没有缴费基数",
            "retired": "无法核对：没有养老金数额或核定的划入额",
        }.get(kind, "有划入而没有有效的参保关系，或人员类别不明")
    gap = (
        ""
        if credited == due
        else "未划入"
        if credited == 0
        else "少划入"
        if credited < due
        else "多划入"
        if due
        else "不应划入"
    )
    return "；".join(said for said in (gap, "核定额超出规定范围" if row["out_of_bounds"] else "") if said)


def _by_month(found: Sequence[Row], year: int, notes: Sequence[str]) -> Listing:
    sums: dict[tuple[int, str], list[int]] = {}
    for r in found:
        total = sums.setdefault((r["contribution_month"], r["account_kind"]), [0] * 5)
        due, differs = r["due"] or 0, r["person_no"] is not None and _counts(r)
        for i, more in enumerate((r["people"], due, r["credited"], r["credited"] - due, int(differs))):
            total[i] += more
    table: list[tuple[Any, ...]] = [(str(month), _KINDS[kind], *sums[month, kind]) for month, kind in sorted(sums)]
    if table:
        table.append(("合计", "", None, *(sum(row[i] for row in table) for i in (3, 4, 5, 6))))
    headings: Headings = [
        ("费款所属期", "text"), ("类别", "text"), ("人数", "count"), ("应划入（元）", "money"), ("已划入（元）", "money"), ("相差（元）", "money"), ("不符（人）", "count"),
    ]  # fmt: skip
    return Listing("账户划入", f"{year} 年个人账户逐月划入", headings, table, ["应划入无法核对的按零计入合计", *notes])


def balances(workspace: Workspace, book: Book, year: int, on: date) -> list[Listing]:
    """Who does not roll forward, with the totals of all as the last row; and the settlements that break by themselves."""
    first, last = date(year, 1, 1), min(on, year_end(year))
    by_month = posted_by_month(book, first)
    found = rows(workspace, "account_balances", first_day=first, last_day=last, known_on=on, by_month=by_month)
    whole = found[-1]
    table = [
        (r["person_no"] or f"全部 {r['people']:,} 人", r["opened_on"], r["opening"], r["credited"], r["spent"], r["lent"], r["closed_on"],
         r["closing"] - r["gap"] if r["gap"] is not None else None, r["closing"], r["gap"])
        for r in found
    ]  # fmt: skip
    headings: Headings = [
        ("人员编号", "text"), ("期初日期", "date"), ("期初余额（元）", "money"), ("划入（元）", "money"), ("本人支出（元）", "money"), ("代家人支付（元）", "money"),
        ("期末日期", "date"), ("应有余额（元）", "money"), ("平台余额（元）", "money"), ("相差（元）", "money"),
    ]  # fmt: skip
    posted = "费款所属月的一日" if by_month else "到账日，当天到账的算在当天的结算之前"
    notes = [
        f"期初＋划入－本人支出－代家人支付＝期末；划入在{posted}入账；没有结算的人看不出余额，不在内",
        "期初取上年最后一次结算后的余额（缴费记录够得着的），没有则取本年第一次结算前的余额；期末取本年最后一次结算后的余额；冲正行的余额是原结算的，不作期初期末",
        "家人只有一位登记的账户持有人时，共济支付记在他的账户上；有几位的记不到人，会在他们的余额上显出相差",
        as_of(on), read_from(workspace, "settlements", "contributions", "account_sharing"), *rules_of(book),
    ]  # fmt: skip
    title = f"{year} 年个人账户余额滚存：{whole['people']:,} 人中断开 {whole['broken']:,} 人"
    return [Listing("账户余额", title, headings, table, notes), _steps(workspace, year, on)]


def _steps(workspace: Workspace, year: int, on: date) -> Listing:
    last = min(on, year_end(year))
    table = [
        (r["settlement_id"], r["person_no"], r["settled_on"], r["account_balance_before"], r["account_pay"], r["account_family_pay"],
         r["account_balance_after"], _step(r))
        for r in rows(workspace, "account_steps", first_day=date(year, 1, 1), last_day=last)
    ]  # fmt: skip
    headings: Headings = [
        ("结算ID", "text"), ("人员编号", "text"), ("结算日期", "date"), ("结算前余额（元）", "money"), ("账户支付（元）", "money"), ("其中共济（元）", "money"),
        ("结算后余额（元）", "money"), ("说明", "text"),
    ]  # fmt: skip
    notes = ["结算后余额＝结算前余额－（账户支付－共济支付）", as_of(on), read_from(workspace, "settlements")]
    return Listing("账户结算核对", f"{year} 年前后余额不符的结算（{len(table):,} 次）", headings, table, notes)


def _step(row: Row) -> str:
    before, after = row["account_balance_before"], row["account_balance_after"]
    pay, family = row["account_pay"], row["account_family_pay"]
    if abs(family) > abs(pay) or family * pay < 0:
        return "共济支付不在账户支付之内"
    if before is None or after is None:
        return "用了本人账户而没有余额"
    return "前后余额不符" if before - (pay - family) != after else "余额为负"


def sharing(workspace: Workspace, book: Book, year: int, on: date) -> Listing:
    """Payments from a relative's account that no registration covers."""
    allowed = [(kin, m) for m in months(year) if m.first <= on for kin in relatives(book, m.first)]
    *unproven, whole = _unproven(workspace, allowed, date(year, 1, 1), min(on, year_end(year)))
    table = [
        (r["settlement_id"], r["person_no"], r["settled_on"], r["account_family_pay"], r["is_reversed"], r["account_holder_no"], _missing(r))
        for r in unproven
    ]  # fmt: skip
    headings: Headings = [
        ("结算ID", "text"), ("人员编号", "text"), ("结算日期", "date"), ("共济支付（元）", "money"), ("后来冲正", "text"), ("登记的账户持有人", "text"), ("说明", "text"),
    ]  # fmt: skip
    table = [(*row[:4], "是" if row[4] else "", *row[5:]) for row in table]
    notes = [
        f"{year} 年共济支付 {whole['payments']:,} 次，按结算当日的登记、关系和账户持有人的职工参保关系核对；冲正不另列",
        as_of(on), read_from(workspace, "settlements", "account_sharing", "enrolments"), *rules_of(book),
    ]  # fmt: skip
    return Listing("账户共济", f"{year} 年没有有效共济登记的支付（{len(table):,} 次）", headings, table, notes)


def _unproven(workspace: Workspace, allowed: Iterable[tuple[str, Month]], first: date, last: date) -> list[Row]:
    pairs = list(allowed)
    given = {
        "relatives": pa.table({
            "kinship": pa.array([kin for kin, _ in pairs], pa.string()), "first_day": pa.array([m.first for _, m in pairs], pa.date32()),
            "last_day": pa.array([m.last for _, m in pairs], pa.date32()),
        })
    }  # fmt: skip
    found = workspace.query(TEXTS["account_sharing_unproven"], given, first_day=first, last_day=last)
    listed: list[Row] = found.read_all().to_pylist()
    return listed


def _missing(row: Row) -> str:
    if row["account_holder_no"] is None:
        return "没有共济登记"
    if not row["in_time"]:
        return "结算当日登记不在有效期"
    return "账户持有人当日没有职工参保关系" if row["is_relative"] else "关系不在可共济的范围"

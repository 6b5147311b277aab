"""缴费核定: what was due and what was paid, person by person; what each level of government owed and paid.

职工: base within floor and ceiling, the rates of the month, deferrals with their last day. 居民: the individual standard, paid by the person
or for him, and the shares of the subsidy. Amounts in fen; rounded to the fen as the region says (a parameter: no national text fixes it).
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from yibao.enrol.rules import LEVELS, Book, EmployeeLevy, employee_levy, resident_standard, subsidy_standard, year_start
from yibao.enrol.texts import rows
from yibao.enrol.words import as_of, insurance, named, read_from, rules_of
from yibao.money import Fen, share_of
from yibao.store.listing import Headings, Listing, masked, rate_of
from yibao.store.workspace import Workspace


def levied(rule: EmployeeLevy, base: int, *, flexible: bool) -> tuple[int, int]:
    """What the employer and the person owe on a month's base, fen.

    >>> rule = EmployeeLevy(200_000, 3_000_000, 800, 200, 800, "half_up")
    >>> levied(rule, 123_456, flexible=False), levied(rule, 250_006, flexible=True)
    ((16000, 4000), (0, 20000))
    """
    counted = min(max(base, rule.floor), rule.ceiling)
    rates = (0, rule.flexible) if flexible else (rule.employer, rule.person)
    if rule.rounding == "down":
        return counted * rates[0] // 10_000, counted * rates[1] // 10_000
    return share_of(Fen(counted), rates[0], 10_000), share_of(Fen(counted), rates[1], 10_000)


def levy(workspace: Workspace, book: Book, year: int, on: date) -> list[Listing]:
    return [
        totals(workspace, year, on),
        *employees(workspace, book.fresh(), year, on),
        residents(workspace, book.fresh(), year, on),
        subsidies(workspace, book.fresh(), year, on),
    ]


def totals(workspace: Workspace, year: int, on: date) -> Listing:
    table = [
        (insurance(r["insurance_type"]), r["people"], r["employer_amount"], r["person_amount"], r["subsidy_amount"],
         r["employer_amount"] + r["person_amount"] + r["subsidy_amount"])
        for r in rows(workspace, "levied_totals", year=year, known_on=on)
    ]  # fmt: skip
    headings: Headings = [
        ("险种", "text"), ("缴费人数", "count"), ("单位（元）", "money"), ("个人（元）", "money"), ("资助（元）", "money"), ("合计（元）", "money"),
    ]  # fmt: skip
    notes = [f"{year} 待遇年度到账；退休人员不缴费，也计入人数", as_of(on), read_from(workspace, "contributions")]
    return Listing("缴费合计", f"{year} 年度缴费合计", headings, table, notes)


def employees(workspace: Workspace, book: Book, year: int, on: date) -> list[Listing]:
    wrong: list[tuple[Any, ...]] = []
    unpaid: list[tuple[Any, ...]] = []
    for month in _months(year, on):
        rule = employee_levy(book, date(month // 100, month % 100, 1))
        wrong += _wrong(workspace, rule, month, on)
        unpaid += _unpaid(workspace, rule, month, on)
    notes = [
        f"{year} 年 1 月起到统计日已过完的各月；应缴按当月费率、基数上下限计算",
        as_of(on),
        read_from(workspace, "contributions", "enrolments"),
        *rules_of(book),
    ]
    headings: Headings = [
        ("费款所属期", "text"), ("人员编号", "text"), ("单位编号", "text"), ("缴费基数（元）", "money"), ("单位应缴（元）", "money"), ("单位已缴（元）", "money"),
        ("个人应缴（元）", "money"), ("个人已缴（元）", "money"), ("相差（元）", "money"), ("说明", "text"),
    ]  # fmt: skip
    heads: Headings = [("费款所属期", "text"), ("人员编号", "text"), ("单位编号", "text"), ("状态", "text")]
    late = f"整月有在职参保关系而没有当月缴费；{sum(row[3] != '欠缴' for row in unpaid):,} 人月在缓缴期内"
    return [
        Listing("职工缴费核对", f"{year} 年职工应缴与已缴不符（{len(wrong):,} 人月）", headings, wrong, notes),
        Listing("职工未缴", f"{year} 年职工未缴（{len(unpaid):,} 人月）", heads, unpaid, [late, *notes]),
    ]


def _months(year: int, on: date) -> Iterator[int]:
    """The months of a year that have ended by the day."""
    for month in range(1, 13):
        if date(year, month, calendar.monthrange(year, month)[1]) <= on:
            yield year * 100 + month


def _wrong(workspace: Workspace, rule: EmployeeLevy, month: int, on: date) -> Iterator[tuple[Any, ...]]:
    for r in rows(workspace, "employee_levied", month=month, known_on=on):
        employer, person = levied(rule, r["base"], flexible=r["employer_code"] is None)
        gap = r["employer_amount"] + r["person_amount"] - employer - person
        bounds = "低于基数下限" if r["base"] < rule.floor else "高于基数上限" if r["base"] > rule.ceiling else ""
        if (r["employer_amount"], r["person_amount"]) != (employer, person) or bounds:
            yield (
                str(month), r["person_no"], r["employer_code"], r["base"], employer, r["employer_amount"], person, r["person_amount"], gap,
                bounds or ("少缴" if gap < 0 else "多缴" if gap else "单位、个人分错"),
            )  # fmt: skip


def _unpaid(workspace: Workspace, rule: EmployeeLevy, month: int, on: date) -> Iterator[tuple[Any, ...]]:
    year, number = divmod(month, 100)
    first, last = date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1])
    until = rule.deferred_until
    state = f"缓缴至 {until}" if until is not None and on <= until else "欠缴"
    for r in rows(workspace, "employee_unpaid", month=month, first_day=first, last_day=last, known_on=on):
        yield str(month), r["person_no"], r["employer_code"], state


def residents(workspace: Workspace, book: Book, year: int, on: date) -> Listing:
    """Who paid, with the aid that he had, not exactly the standard."""
    standard = resident_standard(book, year)
    table = [
        (r["person_no"], r["person_name"], masked(r["id_document_no"]), r["receipts"], r["paid_date"], standard, r["person_amount"], r["subsidy_amount"],
         r["person_amount"] + r["subsidy_amount"] - standard)
        for r in rows(workspace, "resident_levied", year=year, standard=standard, known_on=on)
    ]  # fmt: skip
    headings: Headings = [
        ("人员编号", "text"), ("姓名", "text"), ("证件号码", "text"), ("笔数", "count"), ("缴费日期", "date"), ("标准（元）", "money"), ("个人（元）", "money"),
        ("资助（元）", "money"), ("相差（元）", "money"),
    ]  # fmt: skip
    notes = [f"个人缴费加资助应等于 {standard // 100:,} 元；多出的可能是重复缴费", *_floor(book, "person", standard, year), as_of(on),
             read_from(workspace, "contributions"), *rules_of(book)]  # fmt: skip
    return Listing("居民缴费核对", f"{year} 年度居民缴费与标准不符（{len(table):,} 人）", headings, table, notes)


def _floor(book: Book, what: str, ours: int, year: int) -> Iterator[str]:
    """A warning where the region's amount lies below the national floor, as far as one is known for the year."""
    key = f"enrol.resident.{what}.floor"
    said = book.optional(key, year_start(year))
    if said is not None and ours < book.fen(key, said):
        label = {"person": "个人缴费", "subsidy": "财政补助"}[what]
        yield f"提醒：本地{label}标准 {ours // 100:,} 元低于国家下限 {said} 元"


def subsidies(workspace: Workspace, book: Book, year: int, on: date) -> Listing:
    """Due and received, level by level, against the region's standard and our own count of people."""
    standard = subsidy_standard(book, year)
    paid = {r["insurance_type"]: r["people"] for r in rows(workspace, "levied_totals", year=year, known_on=on)}
    found = {r["subsidy_level"]: r for r in rows(workspace, "subsidies_received", year=year, known_on=on)}
    table = [_level(level, standard[level], found.get(level)) for level in LEVELS]
    due, received = (sum(row[i] or 0 for row in table) for i in (4, 5))
    table.append(
        (
            "合计",
            standard["total"],
            sum(row[2] or 0 for row in table),
            None,
            due,
            received,
            due - received,
            rate_of(received, due),
            None,
            "",
        )
    )
    headings: Headings = [
        ("级次", "text"), ("标准（元/人）", "money"), ("实际标准（元/人）", "money"), ("补助人数", "count"), ("应到（元）", "money"), ("实到（元）", "money"),
        ("未到（元）", "money"), ("到位率", "rate"), ("最近到账", "date"), ("说明", "text"),
    ]  # fmt: skip
    notes = [
        f"{year} 年度；缴费记录里的居民 {paid.get('390', 0):,} 人，与补助人数的差别由核定时点造成，差得多须核对",
        *_floor(book, "subsidy", standard["total"], year), as_of(on), read_from(workspace, "fiscal_subsidies", "contributions"), *rules_of(book),
    ]  # fmt: skip
    return Listing("财政补助", f"{year} 年度居民财政补助：各级应到与实到", headings, table, notes)


def _level(level: str, standard: int, row: dict[str, Any] | None) -> tuple[Any, ...]:
    label = named("subsidy_level", level)
    if row is None:
        return label, standard, None, None, None, None, None, None, None, "没有补助记录"
    said: Sequence[str] = [
        *(["标准与本地参数不同"] if row["standard_per_person"] != standard else []),
        *(
            ["应到不等于人数乘标准"]
            if row["receipts"] == 1 and row["due"] != row["insured_count"] * row["standard_per_person"]
            else []
        ),
    ]
    received = row["received"]
    return (
        label, standard, row["standard_per_person"], row["insured_count"], row["due"], received, row["due"] - received,
        rate_of(received, row["due"]), row["last_date"], "；".join(said),
    )  # fmt: skip

"""个人账户: credits person by person, balances carried, and payments from a relative's account."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, datetime
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from tests.enrol.conftest import MakeBook, parameter
from tests.enrol.test_account_rules import BASE, REFORM, ROUNDING, WORK
from tests.store.quality.conftest import Plant
from yibao.enrol.accounts import balances, credited, sharing
from yibao.enrol.rules import Book
from yibao.store.listing import Listing
from yibao.store.workspace import Workspace

ON = date(2025, 12, 31)
Row = Mapping[str, Any]


def relation(
    person: str,
    category: str = "11",
    start: date = date(2020, 1, 1),
    end: date | None = None,
    *,
    flexible: bool = False,
) -> Row:
    return {
        "enrolment_relation_id": f"{person}{category}{start}", "person_no": person, "insurance_type": "310", "person_category": category,
        "enrolment_status": "1", "enrolment_start_date": start, "enrolment_pause_date": end, "is_flexible_employment": flexible,
    }  # fmt: skip


def paid(person: str, month: int, base: int | None, credit: int, own: int = 1, tag: str = "") -> Row:
    return {
        "contribution_id": f"{person}{month}{tag}", "person_no": person, "insurance_type": "310", "benefit_year": month // 100,
        "contribution_month": month, "contribution_base": base, "person_amount": own, "account_amount": credit,
        "paid_date": date(month // 100, month % 100, 10),
    }  # fmt: skip


def wrong(workspace: Workspace, book: Book, on: date) -> list[tuple[Any, ...]]:
    """Month, person, due, credited, what is said."""
    found = credited(workspace, book, on.year, on)[1]
    return [(row[0], row[1], row[4], row[5], row[7]) for row in found.rows]


def test_before_and_after_the_reform(workspace: Workspace, plant: Plant, written: MakeBook) -> None:
    """P1 turns 45 on the first of June; P2 is older; the pension of R is 4,000.05 yuan."""
    plant("persons", [
        {"person_no": "P1", "birth_date": date(1980, 6, 1)}, {"person_no": "P2", "birth_date": date(1970, 1, 1)},
        {"person_no": "R", "birth_date": date(1950, 1, 1)},
    ])  # fmt: skip
    plant("enrolments", [relation("P1"), relation("P2"), relation("R", "12")])
    right = {202505: (15_000, 17_000, 13_600), 202506: (17_000, 17_000, 13_600), 202507: (10_000, 10_000, 8_247)}
    rows: list[Row] = []
    for month, (one, two, retired) in right.items():
        rows += [
            paid("P1", month, 500_000, one),
            paid("P2", month, 500_000, two),
            paid("R", month, 400_005, retired, 0),
        ]
    plant("contributions", rows)
    found = [row for row in wrong(workspace, written(REFORM), date(2025, 7, 31)) if int(row[0]) in right]
    assert found == []


def test_the_old_rule_applied_after_the_reform_is_told(workspace: Workspace, plant: Plant, written: MakeBook) -> None:
    plant("persons", [{"person_no": "P1", "birth_date": date(1980, 6, 1)}])
    plant("enrolments", [relation("P1"), relation("R", "12", date(2025, 7, 1))])
    plant("contributions", [paid("P1", 202507, 500_000, 17_000), paid("R", 202507, 400_000, 13_600, 0)])
    assert wrong(workspace, written(REFORM), date(2025, 7, 31)) == [
        ("202507", "P1", 10_000, 17_000, "多划入"),
        ("202507", "R", 8_247, 13_600, "多划入"),
    ]


def test_hostile_rows(workspace: Workspace, plant: Plant, written: MakeBook) -> None:
    """A refunded month, a base out of bounds, two rows of a month, nobody's row, no base, no birth date, retired in mid-month."""
    plant(
        "persons",
        [
            {"person_no": p, "birth_date": date(1990, 1, 1)}
            for p in ("REFUND", "HIGH", "LOW", "TWICE", "NOBASE", "TURNS", "FLEX")
        ],
    )
    plant("enrolments", [
        relation("REFUND"), relation("HIGH"), relation("LOW"), relation("TWICE"), relation("NOBASE"), relation("NOBIRTH"),
        relation("FLEX", flexible=True), relation("MISSED", "12"), relation("NEW", "12", date(2025, 1, 2)),
        relation("TURNS", "11", date(2020, 1, 1), date(2025, 1, 14)), relation("TURNS", "12", date(2025, 1, 15)),
        {**relation("NEVER"), "enrolment_status": "0"},
    ])  # fmt: skip
    plant("contributions", [
        paid("REFUND", 202501, 500_000, 15_000, 10_000), paid("REFUND", 202501, 500_000, 0, -10_000, "back"),
        paid("HIGH", 202501, 9_000_000, 90_000), paid("LOW", 202501, 100, 6_000),
        paid("TWICE", 202501, 300_000, 9_000), paid("TWICE", 202501, 500_000, 6_000, 1, "more"),
        paid("NOBASE", 202501, None, 0), paid("NOBIRTH", 202501, 500_000, 15_000), paid("FLEX", 202501, 500_000, 1),
        paid("TURNS", 202501, 500_000, 15_000), paid("STRANGER", 202501, 500_000, 10_000), paid("NEVER", 202501, 500_000, 0),
        {**paid("HIGH", 202501, 500_000, 77, 1, "later"), "paid_date": date(2026, 2, 1)},
        {**paid("HIGH", 202501, 500_000, 77, 1, "resident"), "insurance_type": "390"},
    ])  # fmt: skip
    assert wrong(workspace, written(REFORM), date(2025, 1, 31)) == [
        ("202501", "FLEX", 0, 1, "不应划入"),
        ("202501", "NOBASE", None, 0, "无法核对：没有缴费基数，或按年龄分档而没有出生日期"),
        ("202501", "NOBIRTH", None, 15_000, "无法核对：没有缴费基数，或按年龄分档而没有出生日期"),
        ("202501", "REFUND", 0, 15_000, "不应划入"),
        ("202501", "MISSED", None, 0, "无法核对：没有养老金数额或核定的划入额"),
        ("202501", "STRANGER", None, 10_000, "有划入而没有有效的参保关系，或人员类别不明"),
    ]


def test_an_assessed_amount_stays_and_keeps_its_bounds(workspace: Workspace, plant: Plant, book: Book) -> None:
    plant(
        "enrolments",
        [relation("KEEPS", "12"), relation("MOVES", "12"), relation("HIGH", "12"), relation("MISSED", "12")],
    )
    plant("contributions", [
        paid("KEEPS", 202412, None, 9_000, 0), paid("KEEPS", 202501, None, 9_000, 0), paid("KEEPS", 202502, None, 9_000, 0),
        paid("MOVES", 202412, None, 9_000, 0), paid("MOVES", 202501, None, 9_100, 0), paid("MOVES", 202502, None, 9_000, 0),
        paid("HIGH", 202501, None, 14_001, 0), paid("HIGH", 202502, None, 14_000, 0),
        paid("MISSED", 202501, None, 9_000, 0),
    ])  # fmt: skip
    assert wrong(workspace, book, date(2025, 2, 28)) == [
        ("202501", "HIGH", 14_001, 14_001, "核定额超出规定范围"),
        ("202501", "MOVES", 9_000, 9_100, "多划入"),
        ("202502", "HIGH", 14_001, 14_000, "少划入；核定额超出规定范围"),
        ("202502", "MISSED", 9_000, 0, "未划入"),
    ]


def test_totals_of_a_month(workspace: Workspace, plant: Plant, book: Book) -> None:
    plant("enrolments", [relation("P1"), relation("P2"), relation("F", flexible=True)])
    plant(
        "contributions",
        [paid("P1", 202501, 500_000, 10_000), paid("P2", 202501, 500_000, 9_000), paid("F", 202501, 500_000, 0)],
    )
    table = credited(workspace, book, 2025, date(2025, 1, 31))[0]
    assert [tuple(row) for row in table.rows] == [
        ("202501", "灵活就业", 1, 0, 0, 0, 0),
        ("202501", "在职", 2, 20_000, 19_000, -1_000, 1),
        ("合计", "", None, 20_000, 19_000, -1_000, 1),
    ]


def test_nothing_is_known_of_a_year_that_has_not_begun(workspace: Workspace, book: Book) -> None:
    totals, differing = credited(workspace, book, 2026, ON)
    assert (list(totals.rows), list(differing.rows)) == ([], [])
    rolled, steps = balances(workspace, book, 2026, ON)
    assert rolled.rows[0][0] == "全部 0 人"
    assert list(steps.rows) == []


@pytest.mark.parametrize("rounding", ["half_up", "down"])
def test_a_share_of_the_base_to_the_fen(workspace: Workspace, plant: Plant, written: MakeBook, rounding: str) -> None:
    """The SQL against the sentence, over many bases: own share of the base within its bounds, rounded once."""
    value = f"from: 2019-01-01, value: {{{WORK}, retired: {{amount: 80}}, posted: paid_date}}"
    book = written(parameter("enrol.account.credit", value) + BASE + ROUNDING.replace("half_up", rounding))
    draw = random.Random(rounding)
    bases = [0, 199_999, 200_025, 3_000_001, *(draw.randrange(4_000_000) for _ in range(200))]
    exact = [Decimal(min(max(base, 200_000), 3_000_000)) / 50 for base in bases]
    dues = [int(e.quantize(Decimal(1), ROUND_HALF_UP if rounding == "half_up" else ROUND_DOWN)) for e in exact]
    plant("enrolments", [relation(f"P{n}") for n in range(len(bases))])
    plant(
        "contributions",
        [paid(f"P{n}", 202501, base, due) for n, (base, due) in enumerate(zip(bases, dues, strict=True))],
    )
    assert wrong(workspace, book, date(2025, 1, 31)) == []


def settled(
    number: int,
    person: str,
    when: datetime,
    before: int | None,
    pay: int,
    family: int = 0,
    after: int | None = None,
    **more: Any,
) -> Row:
    left = after if after is not None or before is None else before - (pay - family)
    return {
        "settlement_id": f"S{number:03}", "person_no": person, "settlement_time": when, "benefit_year": when.year, "is_valid": True,
        "account_balance_before": before, "account_pay": pay, "account_family_pay": family, "account_balance_after": left, **more,
    }  # fmt: skip


def broken(listing: Listing) -> list[tuple[Any, ...]]:
    """Person, opening, credited, spent, lent, closing, difference; the last is everybody."""
    return [(row[0], *row[2:6], *row[8:]) for row in listing.rows]


def test_a_balance_rolls_forward(workspace: Workspace, plant: Plant, book: Book) -> None:
    """From last year's closing: two months' credit, a purchase, its reversal and another; the snapshot of a reversal is no anchor."""
    plant("contributions", [paid("P1", m, 500_000, 10_000) for m in (202412, 202501, 202502, 202503)])
    plant("settlements", [
        settled(1, "P1", datetime(2024, 12, 20, 9), 50_000, 5_000),
        settled(2, "P1", datetime(2025, 1, 5, 9), 55_000, 3_000),
        settled(3, "P1", datetime(2025, 2, 5, 9), 62_000, 2_000),
        settled(4, "P1", datetime(2025, 2, 6, 9), 52_000, -3_000, after=55_000, is_reversal=True, original_settlement_id="S002"),
        settled(5, "P1", datetime(2025, 2, 7, 9), 63_000, 1_000),
    ])  # fmt: skip
    rolled, steps = balances(workspace, book, 2025, ON)
    assert broken(rolled) == [("全部 1 人", 45_000, 20_000, 3_000, 0, 62_000, 0)]
    assert list(steps.rows) == []


def test_a_break_is_listed_with_its_fen(workspace: Workspace, plant: Plant, book: Book) -> None:
    plant("contributions", [paid(p, m, 500_000, 10_000) for p in ("P1", "P2") for m in (202501, 202502)])
    plant("settlements", [
        settled(1, "P1", datetime(2025, 1, 5, 9), 50_000, 0), settled(2, "P1", datetime(2025, 2, 5, 9), 60_001, 0),
        settled(3, "P2", datetime(2025, 1, 5, 9), 50_000, 100, after=49_900), settled(4, "P2", datetime(2025, 2, 5, 9), 59_900, 0),
        settled(5, "P3", datetime(2025, 2, 5, 9), None, 0), {**settled(6, "P4", datetime(2025, 3, 1, 9), 5, 1), "is_valid": False},
    ])  # fmt: skip
    rolled, _ = balances(workspace, book, 2025, ON)
    assert broken(rolled) == [
        ("P1", 50_000, 10_000, 0, 0, 60_001, 1),
        ("全部 2 人", 100_000, 20_000, 100, 0, 119_901, 1),
    ]
    assert "2 人中断开 1 人" in rolled.title


def test_a_balance_from_before_the_records_is_no_opening(workspace: Workspace, plant: Plant, book: Book) -> None:
    plant("contributions", [paid("P1", 202501, 500_000, 10_000)])
    plant(
        "settlements",
        [settled(1, "P1", datetime(2023, 1, 5, 9), 1, 0), settled(2, "P1", datetime(2025, 2, 5, 9), 60_000, 0)],
    )
    assert broken(balances(workspace, book, 2025, ON)[0])[-1] == ("全部 1 人", 60_000, 0, 0, 0, 60_000, 0)


@pytest.mark.parametrize(("posted", "gap"), [("paid_date", 0), ("month_start", -10_000)])
def test_credits_reach_the_account_when_the_region_says(
    workspace: Workspace, plant: Plant, written: MakeBook, posted: str, gap: int
) -> None:
    """February's money comes on the 10th: a balance of the 5th knows it only where it counts from the first of the month."""
    plant("contributions", [paid("P1", m, 500_000, 10_000) for m in (202501, 202502)])
    plant(
        "settlements",
        [settled(1, "P1", datetime(2025, 1, 15, 9), 50_000, 0), settled(2, "P1", datetime(2025, 2, 5, 9), 50_000, 0)],
    )
    value = f"from: 2019-01-01, value: {{{WORK}, retired: {{amount: 80}}, posted: {posted}}}"
    book = written(parameter("enrol.account.credit", value) + BASE + ROUNDING)
    assert broken(balances(workspace, book, 2025, ON)[0])[-1][-1] == gap


def test_a_credit_of_the_first_is_there_before_its_money_comes(workspace: Workspace, plant: Plant, book: Book) -> None:
    """In mid-month the balance already holds what is paid for later in the month."""
    plant(
        "contributions",
        [{**paid("P1", 202502, 500_000, 10_000), "paid_date": date(2025, 2, 25)}, paid("P1", 202501, 500_000, 10_000)],
    )
    plant(
        "settlements",
        [settled(1, "P1", datetime(2025, 1, 15, 9), 50_000, 0), settled(2, "P1", datetime(2025, 2, 5, 9), 60_000, 0)],
    )
    assert broken(balances(workspace, book, 2025, date(2025, 2, 15))[0]) == [
        ("全部 1 人", 50_000, 10_000, 0, 0, 60_000, 0)
    ]


def test_what_an_account_paid_for_a_relative_leaves_it(workspace: Workspace, plant: Plant, book: Book) -> None:
    plant("contributions", [paid("HOLDER", 202501, 500_000, 10_000)])
    plant("account_sharing", [share("HOLDER", "CHILD", "child")])
    plant("settlements", [
        settled(1, "HOLDER", datetime(2025, 1, 15, 9), 50_000, 0),
        settled(2, "CHILD", datetime(2025, 2, 5, 9), None, 4_000, 4_000),
        settled(3, "CHILD", datetime(2025, 2, 6, 9), None, 700, 700),
        settled(4, "CHILD", datetime(2025, 2, 7, 9), None, -700, -700, is_reversal=True, original_settlement_id="S003"),
        settled(5, "HOLDER", datetime(2025, 3, 5, 9), 46_000, 0),
    ])  # fmt: skip
    rolled, steps = balances(workspace, book, 2025, ON)
    assert broken(rolled) == [("全部 1 人", 50_000, 0, 0, 4_000, 46_000, 0)]
    assert list(steps.rows) == []
    plant("account_sharing", [share("HOLDER", "CHILD", "child"), share("OTHER", "CHILD", "child")])
    assert broken(balances(workspace, book, 2025, ON)[0])[0] == ("HOLDER", 50_000, 0, 0, 0, 46_000, -4_000), (
        "whose it was nobody knows"
    )


def test_settlements_that_break_by_themselves(workspace: Workspace, plant: Plant, book: Book) -> None:
    at = datetime(2025, 1, 15, 9)
    plant("settlements", [
        settled(1, "A", at, 1_000, 300, 100), settled(2, "B", at, 1_000, 300, after=701), settled(3, "C", at, None, 300),
        settled(4, "D", at, 1_000, 300, 400), settled(5, "E", at, 100, 300), settled(6, "F", at, None, 300, 300),
        settled(7, "G", at, 1_000, 300, -100), settled(8, "H", datetime(2024, 1, 1), 1_000, 300, after=1),
    ])  # fmt: skip
    _, steps = balances(workspace, book, 2025, ON)
    assert [(row[1], row[7]) for row in steps.rows] == [
        ("B", "前后余额不符"), ("C", "用了本人账户而没有余额"), ("D", "共济支付不在账户支付之内"), ("E", "余额为负"), ("G", "共济支付不在账户支付之内"),
    ]  # fmt: skip


def share(holder: str, member: str, kinship: str, start: date = date(2024, 1, 1), end: date | None = None) -> Row:
    return {
        "account_holder_no": holder, "sharing_member_no": member, "kinship": kinship, "sharing_from": start, "sharing_to": end,
    }  # fmt: skip


def test_family_payments_need_a_valid_registration(workspace: Workspace, plant: Plant, book: Book) -> None:
    day = date(2025, 5, 5)
    plant("enrolments", [relation("H"), relation("LEFT", end=date(2025, 5, 4)), relation("LAST", end=day)])
    plant("account_sharing", [
        share("H", "GOOD", "spouse"), share("H", "EDGE", "child", day, day), share("LAST", "LASTDAY", "parent"),
        share("H", "EXPIRED", "spouse", end=date(2025, 5, 4)), share("H", "EARLY", "spouse", date(2025, 5, 6)),
        share("H", "STRANGER", "other"), share("LEFT", "LEFTS", "spouse"), share("SELF", "SELF", "spouse"),
        share("H", "SECOND", "spouse", end=date(2025, 1, 1)), share("H", "SECOND", "parent", date(2025, 2, 1)),
        share("H", "MIXED", "other"), share("LEFT", "MIXED", "spouse"),
    ])  # fmt: skip
    people = ["GOOD", "EDGE", "LASTDAY", "EXPIRED", "EARLY", "STRANGER", "LEFTS", "SELF", "SECOND", "MIXED", "NONE"]
    at = datetime(2025, 5, 5, 9)
    plant("settlements", [
        *(settled(n, person, at, None, 300, 300) for n, person in enumerate(people)),
        settled(50, "NONE", at, None, -300, -300, is_reversal=True, original_settlement_id="S010"),
        settled(51, "NONE", at, None, 300, 0), settled(52, "NONE", datetime(2024, 1, 1), None, 300, 300),
    ])  # fmt: skip
    found = sharing(workspace, book, 2025, ON)
    assert [(row[1], row[4], row[6]) for row in found.rows] == [
        ("EXPIRED", "", "结算当日登记不在有效期"), ("EARLY", "", "结算当日登记不在有效期"), ("STRANGER", "", "关系不在可共济的范围"),
        ("LEFTS", "", "账户持有人当日没有职工参保关系"), ("SELF", "", "没有共济登记"), ("MIXED", "", "账户持有人当日没有职工参保关系"),
        ("NONE", "是", "没有共济登记"),
    ]  # fmt: skip
    assert "共济支付 11 次" in found.notes[0]


@pytest.mark.parametrize(("year", "allowed"), [(2024, False), (2025, True)])
def test_a_wider_family_from_its_date(workspace: Workspace, plant: Plant, book: Book, year: int, allowed: bool) -> None:
    plant("enrolments", [relation("H")])
    plant("account_sharing", [share("H", "BROTHER", "sibling")])
    plant("settlements", [settled(1, "BROTHER", datetime(year, 6, 1, 9), None, 300, 300)])
    assert (not sharing(workspace, book, year, ON).rows) == allowed

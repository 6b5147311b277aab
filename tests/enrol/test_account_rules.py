"""个人账户 as notices have it: before and after the reform, for the retired, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest

from tests.enrol.conftest import MakeBook, parameter
from yibao.enrol.account_rules import credit_rule, credit_stretches, months, posted_by_month, relatives
from yibao.enrol.rules import Book
from yibao.errors import UserError

BASE = parameter("enrol.employee.base", "from: 2019-01-01, value: {floor: 2000, ceiling: 30000}")
ROUNDING = parameter("enrol.levy.rounding", "from: 2019-01-01, value: half_up")
WORK = "in_service: {own: 0.02, employer: []}, flexible: 0"
BEFORE = "from: 2019-01-01, to: 2025-06-30, value: {in_service: {own: 0.02, employer: [{below: 45, share: 0.01}, {share: 0.014}]}, flexible: 0, retired: {pension_share: 0.034}, posted: paid_date}"
AFTER = "from: 2025-07-01, value: {in_service: {own: 0.02, employer: []}, flexible: 0, retired: {mean_pension: 4123.45, share: 0.02}, posted: month_start}"
REFORM = parameter("enrol.account.credit", BEFORE, AFTER) + BASE + ROUNDING
DAY = date(2025, 3, 1)


def test_the_reform_parts_a_year(written: MakeBook) -> None:
    book = written(REFORM)
    (before, first), (after, second) = credit_stretches(book, months(2025))
    assert ([m.number for m in first], [m.number for m in second]) == (
        list(range(202501, 202507)),
        list(range(202507, 202513)),
    )
    assert (before.own, before.bands, before.retired, before.share) == (
        200,
        ((0, 45, 100), (45, 1_000, 140)),
        "pension",
        340,
    )
    assert (after.bands, after.retired, after.amount) == (((-1, 1_000, 0),), "amount", 8_247)
    assert (posted_by_month(book, DAY), posted_by_month(book, date(2025, 7, 1))) == (False, True)


def test_the_example_county_is_after_its_reform(book: Book) -> None:
    rule = credit_rule(book, DAY)
    assert (rule.own, rule.flexible, rule.retired, rule.least, rule.most, rule.since) == (
        200, 0, "assessed", 7_000, 14_000, 202201,
    )  # fmt: skip
    assert credit_rule(book, date(2021, 12, 1)).retired == "pension"


def test_a_month_before_the_first_notice_is_refused_by_name(written: MakeBook) -> None:
    with pytest.raises(UserError, match=r"2018-12-01 有效的参数 enrol\.account\.credit"):
        credit_rule(written(REFORM), date(2018, 12, 1))


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("{in_service: {own: 0.02, employer: []}, flexible: 0, posted: paid_date}", "缺少 retired"),
        ("{in_service: {own: 0.02}, flexible: 0, retired: {amount: 80}, posted: paid_date}", "in_service 要有 own、employer"),
        ("{in_service: {own: 2, employer: []}, flexible: 0, retired: {amount: 80}, posted: paid_date}", "0 到 1 之间"),
        ("{in_service: {own: 0.02, employer: [{below: 45, share: 0.01}]}, flexible: 0, retired: {amount: 80}, posted: paid_date}", "最后一档"),
        ("{in_service: {own: 0.02, employer: [{below: 45, share: 0.01}, {below: 40, share: 0.01}, {share: 0.02}]}, flexible: 0, retired: {amount: 80}, posted: paid_date}", "从小到大"),
        ("{in_service: {own: 0.02, employer: 0.01}, flexible: 0, retired: {amount: 80}, posted: paid_date}", "employer 应是一列"),
        (f"{{{WORK}, retired: {{amount: 80, pension_share: 0.02}}, posted: paid_date}}", "retired 只能写"),
        (f"{{{WORK}, retired: {{mean_pension: 4000}}, posted: paid_date}}", "retired 要有 mean_pension、share"),
        (f"{{{WORK}, retired: {{assessed: {{least: 90, most: 70}}}}, posted: paid_date}}", "least 大于 most"),
        (f"{{{WORK}, retired: {{amount: -1}}, posted: paid_date}}", "不小于零的金额"),
        (f"{{{WORK}, retired: 80, posted: paid_date}}", "retired 只能写"),
    ],
)  # fmt: skip
def test_a_rule_that_is_none_is_refused(written: MakeBook, value: str, said: str) -> None:
    book = written(parameter("enrol.account.credit", f"from: 2019-01-01, value: {value}") + BASE + ROUNDING)
    with pytest.raises(UserError, match=said):
        credit_rule(book, DAY)


def test_a_day_of_posting_that_nobody_knows_is_refused(written: MakeBook) -> None:
    value = f"from: 2019-01-01, value: {{{WORK}, retired: {{amount: 80}}, posted: sometime}}"
    with pytest.raises(UserError, match="posted 只能是"):
        posted_by_month(written(parameter("enrol.account.credit", value)), DAY)


def test_relatives_by_dates(book: Book, written: MakeBook) -> None:
    assert relatives(book, date(2021, 12, 1)) == ()
    assert "sibling" not in relatives(book, date(2024, 12, 1))
    assert "sibling" in relatives(book, date(2025, 1, 1))
    with pytest.raises(UserError, match="没有“cousin”这种关系"):
        relatives(written(parameter("enrol.account.relatives", "from: 2019-01-01, value: [cousin]")), DAY)

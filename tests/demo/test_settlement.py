"""The platform's arithmetic by hand: the example region's benefits, claim by claim (numbers of packs/cn-9904, all invented)."""

from __future__ import annotations

from typing import Any

import pytest

from yibao.demo.enrolment import NAMES
from yibao.demo.policy import Policy
from yibao.demo.records import CHRONIC, INPATIENT, OUTPATIENT, PHARMACY
from yibao.demo.settlement import DEVIATIONS, Claim, Year, book, settle
from yibao.region.packs import region

POLICY = Policy.of(region("cn-990421"), 2025)
TEKUN, DIBAO = NAMES.index("tekun"), NAMES.index("dibao")


def claim(total: int, **more: Any) -> Claim:
    """Amounts in fen; a resident's stay at a county hospital of level 2, all of it in scope, unless said otherwise."""
    known = {"care": INPATIENT, "employee": False, "retired": False, "civil": False, "level": 2, "away": 0, "illness": -1,
             "in_scope": total, "identities": (), "uses_account": True}  # fmt: skip
    return Claim(total=total, **{**known, **more})


def test_a_resident_pays_the_deductible_then_a_share() -> None:
    paid = settle(POLICY, claim(500_000), Year(), 0)
    assert (paid.deductible_paid, paid.pool, paid.cash) == (50_000, 333_000, 167_000)  # (5000 − 500) × 74 %


def test_the_second_stay_has_half_the_deductible() -> None:
    year = Year()
    book(claim(500_000), year, settle(POLICY, claim(500_000), year, 0))
    assert settle(POLICY, claim(500_000), year, 0).deductible_this == 25_000


def test_a_small_bill_is_below_the_deductible() -> None:
    paid = settle(POLICY, claim(30_000), Year(), 0)
    assert (paid.deductible_paid, paid.pool, paid.cash) == (30_000, 0, 30_000)


def test_last_year_had_another_ratio() -> None:
    assert settle(Policy.of(region("cn-990421"), 2024), claim(500_000), Year(), 0).pool == 324_000  # 72 %


def test_an_employee_pays_by_bands() -> None:
    paid = settle(POLICY, claim(2_060_000, employee=True), Year(), 0)  # base 20,000: 10,000 × 87 % + 10,000 × 90 %
    assert paid.pool == 1_770_000
    retired = settle(POLICY, claim(2_060_000, employee=True, retired=True), Year(), 0)
    assert retired.pool == 1_830_000


def test_the_account_pays_before_cash() -> None:
    paid = settle(POLICY, claim(20_000, care=PHARMACY, employee=True), Year(), 15_000)
    assert (paid.pool, paid.account, paid.cash) == (0, 15_000, 5_000)


def test_a_civil_servant_gets_a_supplement() -> None:
    paid = settle(POLICY, claim(1_060_000, employee=True, civil=True), Year(), 0)
    assert paid.civil == 114_000  # (10,600 − 8,700) × 60 %


def test_away_from_home_less_of_the_base_counts() -> None:
    paid = settle(POLICY, claim(1_100_000, level=3, away=1), Year(), 0)
    assert paid.pool == 551_800  # (11,000 × 90 % − 1,000) × 62 %


def test_the_outpatient_cap_ends_the_year() -> None:
    year, visit = Year(outpatient=41_000), claim(10_000, care=OUTPATIENT, level=1)
    assert settle(POLICY, visit, year, 0).pool == 1_000


def test_an_employees_outpatient_deductible_is_paid_once_a_year() -> None:
    year, visit = Year(), claim(15_000, care=OUTPATIENT, employee=True, level=1)
    first = settle(POLICY, visit, year, 0)
    book(visit, year, first)
    second = settle(POLICY, visit, year, 0)
    assert (first.deductible_paid, first.pool) == (15_000, 0)
    assert (second.deductible_paid, second.pool) == (5_000, 7_000)


def test_a_chronic_illness_has_its_limit() -> None:
    visit = claim(100_000, care=CHRONIC, illness=0)
    assert settle(POLICY, visit, Year(chronic={0: 100_000}), 0).pool == 50_000  # limit 1,500, 1,000 used


def test_critical_illness_takes_only_what_is_above_the_threshold_so_far() -> None:
    """Own share so far 12,000; this stay adds 11,700: 10,700 above 13,000, in the first band."""
    paid = settle(POLICY, claim(4_050_000, level=2), Year(own=1_200_000, admissions=1), 0)
    own = 4_050_000 - paid.pool
    assert paid.critical == round((1_200_000 + own - 1_300_000) * 0.6)


def test_aid_comes_last_and_takes_the_best_identity_once() -> None:
    poor = settle(POLICY, claim(500_000, identities=(DIBAO, TEKUN)), Year(), 0)
    assert (poor.pool, poor.aid) == (333_000, 150_300)  # 1,670 × 90 %
    assert settle(POLICY, claim(500_000, identities=(DIBAO,)), Year(), 0).aid == 125_250


def test_every_fen_is_paid_by_somebody() -> None:
    for total in range(100_000, 5_000_000, 77_777):
        for employee in (False, True):
            paid = settle(
                POLICY, claim(total, employee=employee, in_scope=total * 9 // 10, identities=(DIBAO,)), Year(), 30_000
            )
            assert paid.pool + paid.civil + paid.critical + paid.large + paid.aid + paid.account + paid.cash == total
            assert min(paid.pool, paid.critical, paid.large, paid.aid, paid.account, paid.cash) >= 0


def test_a_reversal_leaves_the_year_as_it_was() -> None:
    year = Year()
    before = repr(year)
    stay = claim(3_000_000, identities=(DIBAO,))
    paid = settle(POLICY, stay, year, 0)
    book(stay, year, paid)
    book(stay, year, paid, -1)
    assert repr(year) == before


@pytest.mark.parametrize("name", DEVIATIONS[1:])
def test_each_deviation_can_make_a_difference(name: str) -> None:
    year = Year(admissions=1)
    stay = claim(543_211, identities=(DIBAO,))
    right = settle(POLICY, stay, year, 0)
    wrong = settle(POLICY, claim(543_211, identities=(DIBAO,), deviation=DEVIATIONS.index(name)), year, 0)
    assert (wrong.pool, wrong.aid) != (right.pool, right.aid) or name == "rounded_down"
    assert wrong.pool + wrong.aid + wrong.critical + wrong.cash == 543_211

"""Couples share an account: registered, used only once the own one is empty, and every balance goes on from the last."""

from __future__ import annotations

from tests.demo.conftest import Sql


def test_couples_are_registered_once(sql: Sql) -> None:
    [(many, members, holders)] = sql(
        "SELECT count(*), count(DISTINCT sharing_member_no), count(DISTINCT account_holder_no) FROM account_sharing"
    )
    assert many > 50
    assert members == holders == many
    couples = sql("""SELECT a.sex_code, b.sex_code, abs(year(a.birth_date) - year(b.birth_date)) FROM account_sharing s
        JOIN persons a ON a.person_no = s.account_holder_no JOIN persons b ON b.person_no = s.sharing_member_no""")
    assert all(one != other for one, other, _ in couples)
    assert sum(years for *_, years in couples) / many < 12


def test_a_spouses_account_pays_after_the_registration_and_once_the_own_is_empty(sql: Sql) -> None:
    paid = sql("""SELECT s.account_balance_after, CAST(s.settlement_time AS DATE) >= a.sharing_from, s.insurance_type, s.account_pay >= s.account_family_pay
        FROM settlements s LEFT JOIN account_sharing a ON a.sharing_member_no = s.person_no WHERE s.account_family_pay > 0""")
    assert len(paid) > 100
    assert set(paid) == {(0, True, "310", True)}


def test_a_holders_balance_falls_by_what_the_spouse_spends(sql: Sql) -> None:
    """Between two settlements of the holder with none of a new month between them, the balance differs by the spouse's payments."""
    gaps = sql("""WITH own AS (
            SELECT person_no, settlement_time AS at, account_balance_before AS before, lag(account_balance_after) OVER w AS left_over, lag(settlement_time) OVER w AS since
            FROM settlements WHERE account_balance_before IS NOT NULL WINDOW w AS (PARTITION BY person_no ORDER BY settlement_time, settlement_id))
        SELECT o.left_over - o.before - coalesce(sum(s.account_family_pay), 0), coalesce(sum(s.account_family_pay), 0) FROM own o JOIN account_sharing a ON a.account_holder_no = o.person_no
        LEFT JOIN settlements s ON s.person_no = a.sharing_member_no AND s.settlement_time > o.since AND s.settlement_time < o.at
        WHERE date_trunc('month', o.since) = date_trunc('month', o.at) GROUP BY o.person_no, o.at, o.left_over, o.before""")
    assert sum(lent > 0 for _, lent in gaps) > 5
    assert {off for off, _ in gaps} == {0}


def test_what_a_reversal_gives_back_it_gives_to_both(sql: Sql) -> None:
    assert sql("""SELECT count(*) FROM settlements r JOIN settlements s ON s.settlement_id = r.original_settlement_id
        WHERE r.is_reversal AND r.account_family_pay <> -s.account_family_pay""") == [(0,)]

"""The city's sheets hold together, but for what truth/dip_deviations names: everything else is recomputed here from the tables alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from tests.demo.conftest import Sql
from yibao.demo.dip_terms import Terms
from yibao.region.packs import region

TERMS, BEFORE = (Terms.of(region("cn-990421"), year) for year in (2025, 2024))
MILLION = Decimal(1_000_000)
SCHEME = {"390": 0, "310": 1}
OF_CASES = {"wrong_code_map", "old_pack", "tie_broken_otherwise", "band_misread", "coefficient_of_last_year"}
OF_ROWS = {"point_value_rounded", "deduction_twice", "deposit_missing"}


def half_up(value: Decimal, digits: int = 0) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


@pytest.fixture(scope="module")
def truth(sql: Sql) -> dict[str, list[tuple[Any, ...]]]:
    found = defaultdict(list)
    for name, *row in sql("SELECT deviation, row_key, right_group, wrong_group, right_points, wrong_points, right_amount, wrong_amount FROM truth_dip_deviations"):  # fmt: skip
        found[name].append(tuple(row))
    return found


@pytest.fixture(scope="module")
def groups(sql: Sql) -> dict[str, dict[str, tuple[Any, ...]]]:
    """By version and code: layer, kind, diagnosis, operations, score, mean."""
    found: dict[str, dict[str, tuple[Any, ...]]] = defaultdict(dict)
    for version, code, layer, kind, key, operations, score, mean in sql(
        "SELECT pack_version, dip_group_code, dip_layer, treatment_kind, principal_diagnosis, operation_expression, base_score, group_mean_cost FROM dip_groups"
    ):
        found[version][code] = (
            layer,
            kind,
            key,
            set(filter(None, (operations or "").split("+"))),
            score / MILLION,
            mean,
        )
    return found


CASES = """SELECT settlement_id, r.diagnosis_code, r.operation_expression, dip_group_code, base_score, institution_coefficient, deviation_ratio, deviation_band,
    deviation_factor, dip_points, r.total_fee, hospital_level::INT FROM dip_results r JOIN providers USING (provider_code) ORDER BY 1"""


def chosen(groups: dict[str, tuple[Any, ...]], diagnosis: str, operations: set[str]) -> list[str]:
    """The codes of the groups that a stay meets, as the example city chooses: most operations, then the highest score."""
    stem = diagnosis[:3] if diagnosis[4] == "x" else diagnosis[:5]
    fits = {
        code: g
        for code, g in groups.items()
        if g[0] != "comprehensive" and g[2] == stem and bool(g[3]) == bool(operations) and g[3] <= operations
    }
    return sorted(fits, key=lambda code: (-len(fits[code][3]), -fits[code][4]))


def judged(sql: Sql, groups: dict[str, dict[str, tuple[Any, ...]]]) -> Iterator[tuple[str, str]]:
    """Each case whose row is not what the published catalogue and terms give: its settlement, and why."""
    now, old = groups[TERMS.version], groups[BEFORE.version]
    for key, diagnosis, expression, group, base, coefficient, ratio, band, factor, points, fee, level in sql(CASES):
        operations = set(filter(None, (expression or "").split("+")))
        if group is None:
            assert (ratio, band, factor, coefficient) == (None, "normal", 1_000_000, 1_000_000)
            continue
        assert points / MILLION == half_up(base / MILLION * coefficient / MILLION * factor / MILLION, 4)
        best = chosen(now, diagnosis, operations)
        if group not in now or base / MILLION != now[group][4]:
            assert base / MILLION == old[group][4]
            yield key, "old_pack"
            continue
        if best and group != best[0]:
            alike = group in best and len(now[group][3]) == len(now[best[0]][3])
            yield key, "tie_broken_otherwise" if alike else "wrong_code_map"
        elif (not best and now[group][0] != "comprehensive") or (
            not best and (now[group][1] == "conservative") == bool(operations)
        ):
            yield key, "wrong_code_map"
        layer, _, _, _, _, mean = now[group]
        right = Decimal(1) if layer == "primary" else TERMS.coefficients[level]
        if coefficient / MILLION != right:
            assert coefficient / MILLION == BEFORE.coefficients[level]
            yield key, "coefficient_of_last_year"
        assert ratio / MILLION == half_up(fee / (mean * right), 4)
        expected = TERMS.band(ratio / MILLION)
        if (band, factor / MILLION) != expected:
            assert band == "normal"
            yield key, "band_misread"


def test_every_case_is_grouped_and_scored_by_the_catalogue_but_for_those_of_the_truth(sql: Sql, groups, truth) -> None:
    found = Counter(judged(sql, groups))
    assert set(found) == {(row[0], name) for name in OF_CASES for row in truth[name]}
    assert set(found.values()) == {1}


def test_every_deviation_is_there(truth) -> None:
    assert set(truth) == OF_CASES | OF_ROWS
    assert all(1 <= len(rows) <= 12 for rows in truth.values())
    for name in OF_CASES:
        assert all(right != wrong for *_, right, wrong, _, _ in truth[name])


def test_a_case_is_in_the_truth_as_it_stands_in_the_sheet(sql: Sql, truth) -> None:
    sheet = {
        key: (group, points)
        for key, group, points in sql("SELECT settlement_id, dip_group_code, dip_points FROM dip_results")
    }
    for name in OF_CASES:
        for key, _, group, _, points, _, _ in truth[name]:
            assert sheet[key] == (group, points)
    for _, right, wrong, *_ in truth["band_misread"] + truth["coefficient_of_last_year"]:
        assert right == wrong


def test_every_stay_of_the_hospitals_paid_by_score_has_a_result(sql: Sql) -> None:
    assert sql("""
        SELECT count(*) FROM (SELECT * FROM settlements JOIN providers USING (provider_code) WHERE is_dip AND care_type = '21' AND benefit_year = 2025) s
        FULL JOIN dip_results r USING (settlement_id) WHERE s.total_fee IS DISTINCT FROM r.total_fee OR s.pool_fund_pay IS DISTINCT FROM r.booked_pay
        OR s.insurance_type IS DISTINCT FROM r.insurance_type OR s.settlement_time IS DISTINCT FROM r.settlement_time""") == [(0,)]  # fmt: skip


def test_the_codes_of_a_result_are_those_of_the_stay(sql: Sql) -> None:
    assert sql("""
        SELECT count(*) FROM dip_results r JOIN (SELECT visit_id, diagnosis_code FROM visit_diagnoses WHERE is_principal_diagnosis) d USING (visit_id)
        LEFT JOIN (SELECT visit_id, string_agg(operation_code, '+' ORDER BY sequence_no) AS operations FROM visit_operations GROUP BY 1) o USING (visit_id)
        WHERE r.diagnosis_code <> d.diagnosis_code OR r.operation_expression IS DISTINCT FROM operations""") == [(0,)]


def test_scores_are_weighted_means_of_the_three_years_before(sql: Sql, groups) -> None:
    means = sql("""
        SELECT left(diagnosis_code, 5) AS stem, year(settlement_time) AS year, avg(total_fee) FROM settlements JOIN providers USING (provider_code)
        JOIN visit_diagnoses USING (visit_id) ANTI JOIN visit_operations USING (visit_id)
        WHERE is_dip AND care_type = '21' AND is_principal_diagnosis AND benefit_year BETWEEN 2022 AND 2024 GROUP BY ALL""")
    [(region_mean,)] = sql("SELECT DISTINCT region_mean_cost FROM dip_point_values")
    for code in ("J18.9-0", "K80.2-0", "E11.9-0"):
        by_year = {year: mean for stem, year, mean in means if stem == code[:5]}
        mean = (by_year[2022] + 2 * by_year[2023] + 7 * by_year[2024]) / 10
        assert float(groups[TERMS.version][code][4]) == pytest.approx(mean / region_mean * 1000, abs=0.002)


def test_core_groups_cover_their_share_and_the_rest_is_comprehensive(sql: Sql) -> None:
    layers = dict(
        sql(f"SELECT dip_layer, sum(case_count) FROM dip_groups WHERE pack_version = '{TERMS.version}' GROUP BY 1")
    )
    assert set(layers) == {"core", "primary", "comprehensive"}
    [(stays,)] = sql("SELECT count(*) FROM settlements JOIN providers USING (provider_code) WHERE is_dip AND care_type = '21' AND benefit_year BETWEEN 2022 AND 2024")  # fmt: skip
    assert layers["core"] + layers["primary"] >= TERMS.coverage * stays - 1
    assert sum(layers.values()) <= stays


MONTHS = """SELECT service_month || '|' || provider_code || '|' || insurance_type, case_count, dip_points, total_fee, booked_pay, preliminary_point_value,
    preliminary_pay_ratio, dip_payable, quality_deposit, dip_paid FROM dip_monthly"""


def test_months_follow_the_results_and_the_terms_but_for_those_of_the_truth(sql: Sql, truth) -> None:
    sums = {
        row[0]: row[1:]
        for row in sql("""SELECT strftime(settlement_time, '%Y%m') || '|' || provider_code || '|' || insurance_type, count(*), sum(dip_points), sum(total_fee),
            sum(booked_pay) FROM dip_results GROUP BY 1""")
    }
    found, off = set(), defaultdict(Decimal)
    for key, cases, points, fee, booked, value, ratio, payable, deposit, paid in sql(MONTHS):
        assert sums.pop(key) == (cases, points, fee, booked)
        assert paid == payable - deposit
        exact = points * value * ratio / MILLION**3 * 100
        off[key[:6] + key[-3:]] += payable - exact
        if abs(payable - exact) >= 1:
            assert payable == half_up(points / MILLION * half_up(value / MILLION, 2) * ratio / MILLION * 100)
            found.add((key, "point_value_rounded", half_up(exact), payable))
            off[key[:6] + key[-3:]] -= payable - exact
        if deposit != half_up(payable * TERMS.deposit):
            assert deposit == 0
            found.add((key, "deposit_missing", half_up(payable * TERMS.deposit), 0))
    assert not sums
    named = {
        (row[0], name, row[-2], row[-1]) for name in ("point_value_rounded", "deposit_missing") for row in truth[name]
    }
    assert {(key, name, wrong) for key, name, _, wrong in found} == {
        (key, name, wrong) for key, name, _, wrong in named
    }
    assert all(abs(right - next(n[2] for n in named if n[:2] == (key, name))) <= 1 for key, name, right, _ in found)
    assert all(abs(fen) <= 1 for fen in off.values())  # what a month's hospitals get is what its points are worth


def test_the_clearing_gives_the_fund_away_to_the_fen(sql: Sql) -> None:
    assert sql("SELECT count(*) FROM (SELECT insurance_type, sum(dip_payable) AS p, sum(dip_points) AS n FROM dip_clearing GROUP BY 1) JOIN dip_point_values USING (insurance_type) WHERE p <> dip_fund OR n <> dip_points") == [(0,)]  # fmt: skip
    for scheme, fund, ratio, points, value in sql(
        "SELECT insurance_type, dip_fund, dip_pay_ratio, dip_points, settlement_point_value FROM dip_point_values"
    ):
        assert half_up(fund * MILLION * MILLION / ratio / points / 100, 4) == value / MILLION
        for payable, mine in sql(f"SELECT dip_payable, dip_points FROM dip_clearing WHERE insurance_type = '{scheme}'"):
            assert abs(payable - Decimal(fund) * mine / points) < 1


def test_the_fund_is_last_years_bookings_and_its_growth(sql: Sql) -> None:
    booked = dict(
        sql(
            "SELECT insurance_type, sum(pool_fund_pay) FROM settlements JOIN providers USING (provider_code) WHERE is_dip AND care_type = '21' AND benefit_year = 2024 GROUP BY 1"
        )
    )
    for scheme, fund in sql("SELECT insurance_type, dip_fund FROM dip_point_values"):
        assert fund == int(booked[scheme] * (1 + TERMS.growth[SCHEME[scheme]])) // 1_000_000 * 1_000_000


def test_the_clearing_follows_the_terms_but_for_the_one_of_the_truth(sql: Sql, truth) -> None:
    paid = {
        row[0]: row[1]
        for row in sql("SELECT provider_code || '|' || insurance_type, sum(dip_paid) FROM dip_monthly GROUP BY 1")
    }
    found = set()
    for key, booked, payable, shared, assessment, deduction, amount, monthly, advance, balance in sql("""
        SELECT provider_code || '|' || insurance_type, booked_pay, dip_payable, sharing_amount, assessment_coefficient, audit_deduction, clearing_amount,
        monthly_paid, advance_paid, clearing_balance FROM dip_clearing"""):
        ratio = Decimal(booked) / payable if payable else Decimal(0)
        over = half_up((min(ratio, TERMS.share_to) - 1) * payable * TERMS.share) if ratio > 1 else 0
        assert shared == (booked - payable if ratio < TERMS.booked_below else over)
        assert (monthly, balance) == (paid.get(key, 0), amount - monthly - advance)
        right = half_up((payable + shared) * assessment / MILLION) - deduction
        if amount != right:
            assert amount == right - deduction
            found.add((f"2025|{key}", right, amount))
    assert found == {(row[0], row[-2], row[-1]) for row in truth["deduction_twice"]}


def test_the_bureau_pays_what_the_sheets_say(sql: Sql) -> None:
    assert (
        sql("""
        SELECT count(*) FROM dip_monthly m FULL JOIN (SELECT * FROM payments WHERE payment_kind = 'dip' AND service_year = 2025) p
        USING (service_month, provider_code, insurance_type) WHERE coalesce(dip_paid, 0) <> coalesce(due_amount, 0)""")
        == [(0,)]
    )
    assert sql("""
        SELECT count(*) FROM dip_clearing c FULL JOIN (SELECT provider_code, insurance_type, sum(due_amount) FILTER (WHERE payment_kind = 'clearing') AS rest,
        sum(due_amount) FILTER (WHERE payment_kind = 'advance') AS advance FROM payments WHERE service_year = 2025 AND payment_kind IN ('clearing', 'advance') GROUP BY ALL) p
        USING (provider_code, insurance_type) WHERE coalesce(clearing_balance, 0) <> coalesce(rest, 0) OR coalesce(advance_paid, 0) <> coalesce(advance, 0)""") == [(0,)]  # fmt: skip

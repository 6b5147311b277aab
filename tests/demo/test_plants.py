"""The plants are in the data as they were described, and so are the rows that only look like them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.demo.conftest import Sql, small_plan
from yibao.demo.arrays import day_number
from yibao.demo.plants import BEHAVIOURS, SHIPPED, read_plants
from yibao.demo.world import build_world
from yibao.errors import UserError

GOOD = "{id: p, behaviour: split_stay, actor: H99042100007, rate: 0.1}"


def kinds(sql: Sql, behaviour: str) -> dict[str, int]:
    return dict(sql(f"SELECT kind, count(*) FROM truth_{behaviour} GROUP BY 1"))


def test_the_shipped_file_has_one_plant_of_each_behaviour() -> None:
    plants = read_plants(SHIPPED, 2025)
    assert sorted(plant.behaviour for plant in plants) == sorted(BEHAVIOURS)
    assert {(p.first_day, p.last_day) for p in plants} == {(day_number("2025-01-01"), day_number("2025-12-31"))}


@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_planted_rows_and_near_misses_exist(sql: Sql, behaviour: str) -> None:
    labels = dict(sql(f"SELECT label, count(*) FROM truth_{behaviour} GROUP BY 1"))
    assert labels["planted"] >= 10
    assert labels["near_miss"] >= 1
    assert sql(f"SELECT count(*) - count(DISTINCT (row_key, related_key)) FROM truth_{behaviour}") == [(0,)]
    assert sql(f"SELECT DISTINCT plant IS NULL FROM truth_{behaviour} WHERE label = 'near_miss'") == [(True,)]


def test_a_pair_is_billed_on_one_day_of_one_patient(sql: Sql) -> None:
    together = sql("""
        SELECT a.visit_id = b.visit_id, CAST(a.service_time AS DATE) = CAST(b.service_time AS DATE), a.national_item_code <> b.national_item_code, b.provider_code
        FROM truth_pair_billed_together t JOIN fee_lines b ON b.fee_line_no = t.row_key JOIN fee_lines a ON a.fee_line_no = t.related_key WHERE t.label = 'planted'""")
    assert set(together) == {(True, True, True, "H99042100005")}
    assert set(kinds(sql, "pair_billed_together")) == {"together", "other_day", "refunded", "other_side"}


def test_nobody_else_bills_the_pair(sql: Sql) -> None:
    """Net of refunds, by side: one day of one patient has both items only where they were planted."""
    found = sql("""
        WITH net AS (SELECT visit_id, CAST(service_time AS DATE) AS day, national_item_code, body_side, provider_item_name, provider_code, min(fee_line_no) AS line,
                            sum(quantity) AS quantity, any_value(fee_line_no) AS some FROM fee_lines WHERE provider_item_name IN ('心电监护', '血氧饱和度监测') GROUP BY ALL),
        couples AS (SELECT b.line FROM net a JOIN net b USING (visit_id, day) WHERE a.provider_item_name = '心电监护' AND b.provider_item_name = '血氧饱和度监测' AND a.quantity > 0 AND b.quantity > 0)
        SELECT count(*), count(*) FILTER (WHERE line IN (SELECT row_key FROM truth_pair_billed_together WHERE label = 'planted')) FROM couples""")
    assert found[0][0] == found[0][1] > 0


def test_the_other_side_is_another_joint(sql: Sql) -> None:
    sides = sql("""SELECT DISTINCT a.body_side <> b.body_side FROM truth_pair_billed_together t JOIN fee_lines b ON b.fee_line_no = t.row_key
                   JOIN fee_lines a ON a.fee_line_no = t.related_key WHERE t.kind = 'other_side'""")
    assert sides == [(True,)]


def test_a_refunded_line_nets_to_nothing(sql: Sql) -> None:
    left = sql("""SELECT DISTINCT l.quantity + r.quantity FROM truth_pair_billed_together t JOIN fee_lines l ON l.fee_line_no = t.row_key
                  JOIN fee_lines r ON r.original_fee_line_no = l.fee_line_no WHERE t.kind = 'refunded'""")
    assert left == [(0,)]


STAYS = """
    SELECT date_diff('day', a.discharge_time, b.admission_time), a.provider_code = b.provider_code, left(d.diagnosis_code, 3) = left(e.diagnosis_code, 3),
           a.discharge_way, a.planned_readmission, a.person_no = b.person_no, b.provider_code
    FROM truth_split_stay t JOIN visits b ON b.visit_id = t.row_key JOIN visits a ON a.visit_id = t.related_key
    JOIN visit_diagnoses d ON d.visit_id = a.visit_id AND d.is_principal_diagnosis JOIN visit_diagnoses e ON e.visit_id = b.visit_id AND e.is_principal_diagnosis
    WHERE t.kind = '{}'"""


def test_a_split_stay_comes_back_within_a_week_with_the_same_illness(sql: Sql) -> None:
    for gap, same_hospital, same_illness, way, planned, same_person, provider in sql(STAYS.format("split")):
        assert 0 < gap <= 6
        assert same_hospital
        assert same_illness
        assert same_person
        assert provider == "H99042100007"
        assert way in ("1", "4")
        assert not planned


def test_what_looks_like_a_split_stay_has_its_reason(sql: Sql) -> None:
    assert all(gap > 7 and same and planned for gap, _, same, _, planned, _, _ in sql(STAYS.format("planned_cycle")))
    assert all(
        gap <= 1 and not hospital and same and way == "2"
        for gap, hospital, same, way, _, _, _ in sql(STAYS.format("transfer"))
    )
    assert all(gap <= 7 and not same for gap, _, same, _, _, _, _ in sql(STAYS.format("new_illness")))
    assert set(kinds(sql, "split_stay")) == {"split", "planned_cycle", "transfer", "new_illness"}


def test_nobody_else_comes_back_within_a_month_with_the_same_illness(sql: Sql) -> None:
    strangers = sql("""
        WITH s AS (SELECT v.*, left(diagnosis_code, 3) AS illness FROM visits v JOIN visit_diagnoses d USING (visit_id) WHERE care_type = '21' AND is_principal_diagnosis)
        SELECT count(*) FROM s a JOIN s b USING (person_no, illness) WHERE a.visit_id <> b.visit_id AND b.admission_time >= a.discharge_time
        AND date_diff('day', a.discharge_time, b.admission_time) <= 28 AND b.visit_id NOT IN (SELECT row_key FROM truth_split_stay)
        AND b.admission_time = (SELECT min(c.admission_time) FROM s c WHERE c.person_no = b.person_no AND c.admission_time >= a.discharge_time)""")
    assert strangers == [(0,)]


def test_the_dearer_diagnosis_of_the_same_category_is_written(sql: Sql) -> None:
    """Upcoded stays cost less than others with the same diagnosis; those of the hospital with sicker patients do not."""
    found = sql("""
        WITH told AS (SELECT t.kind, t.provider_code, t.row_key AS visit_id FROM truth_upcoding t),
        stays AS (SELECT v.visit_id, diagnosis_code, providers.hospital_level, s.total_fee FROM visits v JOIN providers USING (provider_code) JOIN settlements s USING (visit_id)
                  JOIN visit_diagnoses d USING (visit_id) WHERE v.care_type = '21' AND is_principal_diagnosis AND v.visit_id NOT IN (SELECT visit_id FROM visit_operations)),
        usual AS (SELECT diagnosis_code, hospital_level, avg(total_fee) AS fee FROM stays WHERE visit_id NOT IN (SELECT visit_id FROM told) GROUP BY ALL)
        SELECT told.kind, told.provider_code, avg(stays.total_fee / usual.fee) FROM told JOIN stays USING (visit_id) JOIN usual USING (diagnosis_code, hospital_level) GROUP BY ALL""")
    ratio = {kind: (provider, fee) for kind, provider, fee in found}
    assert ratio["upcoded"][0] == "H99042100002"
    assert ratio["sicker"][0] == "H99042100005"
    assert ratio["upcoded"][1] + 0.05 < ratio["sicker"][1]


CENSUS = """
    WITH days AS (SELECT CAST(unnest(generate_series(DATE '2025-01-01', DATE '2025-12-31', INTERVAL 1 DAY)) AS DATE) AS day),
    census AS (SELECT provider_code, day, count(*) AS patients FROM days JOIN visits ON care_type = '21' AND CAST(admission_time AS DATE) <= day AND CAST(discharge_time AS DATE) > day GROUP BY ALL),
    beds AS (SELECT provider_code, day, sum(licensed_beds) FILTER (WHERE NOT is_temporary) AS licence, sum(licensed_beds) AS beds
             FROM days JOIN provider_beds ON valid_from <= day AND (valid_to IS NULL OR valid_to >= day) GROUP BY ALL)
    SELECT provider_code, count(*) FILTER (WHERE patients > licence) AS over, count(*) FILTER (WHERE patients > beds) AS over_all FROM census JOIN beds USING (provider_code, day) GROUP BY 1"""


def test_one_hospital_is_over_its_beds_and_one_has_an_approval(sql: Sql) -> None:
    over = {provider: (days, still) for provider, days, still in sql(CENSUS)}
    assert over["H99042100004"][1] > 200
    [(approved,)] = sql("SELECT row_key FROM truth_beds_over_licence WHERE kind = 'approved_extra_beds'")
    assert over[approved][0] > 60
    assert all(still == 0 for provider, (_, still) in over.items() if provider != "H99042100004")
    assert all(days == 0 for provider, (days, _) in over.items() if provider not in ("H99042100004", approved))


def test_a_swap_is_missing_from_the_till_and_from_the_stock(sql: Sql) -> None:
    tickets = sql("""
        SELECT count(*), count(*) FILTER (WHERE s.total_fee = p.sale_amount AND NOT p.is_drug), count(*) FILTER (WHERE abs(epoch(p.sold_time) - epoch(s.settlement_time)) <= 800)
        FROM truth_pharmacy_swap t JOIN settlements s ON s.settlement_id = t.row_key JOIN pharmacy_sales p ON p.provider_code || '|' || p.ticket_no = t.related_key WHERE t.kind = 'swapped'""")
    assert len(set(tickets[0])) == 1
    assert sql(
        "SELECT count(*) FROM truth_pharmacy_swap JOIN pharmacy_sales ON settlement_id = row_key WHERE kind = 'swapped' AND is_drug"
    ) == [(0,)]
    short = sql("""
        WITH claimed AS (SELECT provider_code, national_item_code, sum(quantity) AS claimed FROM fee_lines JOIN providers USING (provider_code) WHERE provider_type = 'pharmacy' AND year(service_time) = 2025 GROUP BY ALL),
        sold AS (SELECT provider_code, national_item_code, sum(quantity) AS sold FROM pharmacy_sales WHERE is_drug AND settlement_id IS NOT NULL AND year(sold_time) = 2025 GROUP BY ALL)
        SELECT provider_code, sum(claimed - coalesce(sold, 0)) / sum(claimed) FROM claimed LEFT JOIN sold USING (provider_code, national_item_code) GROUP BY 1""")
    assert max(short, key=lambda row: row[1] if row[0] == "P99042100003" else 0)[1] > 0.2


def test_a_genuine_sale_of_the_same_amount_leaves_its_drugs_in_the_till(sql: Sql) -> None:
    assert kinds(sql, "pharmacy_swap")["same_amount"] > 0
    [(with_drugs, every)] = sql(
        "SELECT count(*) FILTER (WHERE row_key IN (SELECT settlement_id FROM pharmacy_sales WHERE is_drug)), count(*) FROM truth_pharmacy_swap WHERE kind = 'same_amount'"
    )
    assert with_drugs > 0.8 * every


def test_a_code_is_sold_again_elsewhere_to_somebody_else(sql: Sql) -> None:
    pairs = sql("""SELECT b.trace_code = a.trace_code, b.provider_code <> a.provider_code, b.event_time > a.event_time, b.national_item_code = a.national_item_code, b.provider_code
                   FROM truth_code_sold_twice t JOIN trace_events b ON b.event_id = t.row_key JOIN trace_events a ON a.event_id = t.related_key WHERE t.label = 'planted'""")
    assert set(pairs) == {(True, True, True, True, "P99042100006")}


def test_every_other_code_is_sold_once(sql: Sql) -> None:
    """Net of returns, parts of a box and uploads that came twice."""
    twice = sql("""
        WITH sold AS (SELECT trace_code, sum(CASE trace_event WHEN 'sale' THEN 1 WHEN 'return' THEN -1 ELSE 0 END) AS balance, bool_or(is_split_box) AS split,
                             bool_or(event_id IN (SELECT row_key FROM truth_code_sold_twice WHERE kind IN ('sold_twice', 'uploaded_twice'))) AS told FROM trace_events GROUP BY 1)
        SELECT count(*) FILTER (WHERE balance > 1 AND NOT split AND NOT told), count(*) FILTER (WHERE balance > 1 AND told) FROM sold""")
    assert twice[0][0] == 0
    assert twice[0][1] > 0
    assert (
        sql(
            "SELECT max(n) FROM (SELECT count(*) AS n FROM trace_events WHERE is_split_box AND trace_event = 'sale' GROUP BY trace_code)"
        )[0][0]
        <= 4
    )


def test_the_platform_deviates_only_where_it_was_planted(sql: Sql) -> None:
    rows = sql("""SELECT deviation, count(*), count(*) FILTER (WHERE pool_fund_pay <> right_pool OR resident_critical_illness_pay <> right_critical OR medical_aid_pay <> right_aid)
                  FROM truth_platform_deviations JOIN settlements USING (settlement_id) GROUP BY 1""")
    assert {name for name, _, _ in rows} >= {"deductible_in_full", "identity_missed", "rounded_down"}
    assert all(every == different for _, every, different in rows)
    [(largest,)] = sql(
        "SELECT max(abs(pool_fund_pay - right_pool)) FROM truth_platform_deviations JOIN settlements USING (settlement_id) WHERE deviation = 'rounded_down'"
    )
    assert largest == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("plants: 3", "应以 plants 开头"),
        ("plants: [{id: p, behaviour: theft, actor: x, rate: 0.1}]", "没有“theft”这种行为"),
        ("plants: [{id: p, behaviour: split_stay, rate: 0.1}]", "没有写 actor"),
        ("plants: [{id: p, behaviour: split_stay, actor: x, rate: 2}]", "rate 应是"),
        ("plants: [{id: p, behaviour: split_stay, actor: x, rate: 0.1, disguise: two_tickets}]", "掩饰只能是"),
        (
            "plants: [{id: p, behaviour: split_stay, actor: x, rate: 0.1, period: [2025-03-01, 2025-02-01]}]",
            "止日早于起日",
        ),
        ("plants: [{id: p, behaviour: split_stay, actor: x, rate: 0.1, colour: red}]", "不认识“colour”"),
        (f"plants: [{GOOD}, {GOOD}]", "写了两次"),
    ],
)
def test_it_rejects_a_file_of_plants_with_a_slip(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "plants.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=said):
        read_plants(file, 2025)


@pytest.mark.parametrize(
    "plant",
    [
        "{id: p, behaviour: split_stay, actor: P99042100001, rate: 0.1}",
        "{id: p, behaviour: pharmacy_swap, actor: H99042100001, rate: 0.1}",
    ],
)
def test_an_actor_is_one_that_can_do_it(tmp_path: Path, plant: str) -> None:
    file = tmp_path / "plants.yaml"
    file.write_text(f"plants: [{plant}]", encoding="utf-8")
    with pytest.raises(UserError, match="actor 应是一家"):
        build_world(small_plan(scale=0.01, years=(2025,), plants=read_plants(file, 2025)))


def test_a_period_is_two_days(tmp_path: Path) -> None:
    file = tmp_path / "plants.yaml"
    file.write_text(
        "plants: [{id: p, behaviour: split_stay, actor: x, rate: 0.1, period: [2025-03-01, 2025-05-31]}]",
        encoding="utf-8",
    )
    [plant] = read_plants(file, 2025)
    assert plant.first_day == (date(2025, 3, 1) - date(1970, 1, 1)).days
    assert plant.last_day - plant.first_day == 91

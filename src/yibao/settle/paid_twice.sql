-- name: paid_twice
-- purpose: 一个待遇年度里可能支付了两次的结算：同一就诊结算两次，同一张单据结算两次，一个人同一时间住在两家机构
-- takes: year number
-- given: recognised(bill_id text, settlement_id text, recognised_by text), inpatient(care_type text)
WITH undone AS (
    SELECT s.original_settlement_id AS bill_id FROM settlements AS s WHERE s.is_reversal AND s.is_valid AND s.original_settlement_id IS NOT NULL
    UNION ALL
    SELECT l.reverses_bill_id AS bill_id FROM live_settlements AS l WHERE l.reverses_bill_id IS NOT NULL
    UNION ALL
    SELECT r.settlement_id AS bill_id FROM live_settlements AS l JOIN recognised AS r ON r.bill_id = l.reverses_bill_id),
every AS (
    SELECT s.settlement_id AS bill_id, s.visit_id, s.person_no, s.provider_code, s.insurance_type, s.care_type, s.settlement_time, s.stay_start_date,
        COALESCE(s.stay_end_date, CAST(s.settlement_time AS DATE)) AS stay_end_date, s.settlement_type, s.total_fee, s.fund_pay_total
    FROM settlements AS s
    WHERE s.benefit_year = $year AND s.is_valid AND NOT s.is_reversal
    UNION ALL
    SELECT l.bill_id, l.visit_id, l.person_no, l.provider_code, l.insurance_type, l.care_type, l.settlement_time, l.stay_start_date,
        l.policy_date AS stay_end_date, CASE WHEN l.is_mid_stay THEN 'mid_stay' ELSE l.settlement_type END AS settlement_type, l.total_fee, l.fund_pay_total
    FROM live_settlements AS l
    WHERE l.benefit_year = $year AND l.reverses_bill_id IS NULL
        AND NOT EXISTS (SELECT 1 AS one FROM recognised AS r WHERE r.bill_id = l.bill_id)),
standing AS (
    SELECT e.* FROM every AS e WHERE NOT EXISTS (SELECT 1 AS one FROM undone AS u WHERE u.bill_id = e.bill_id)),
stays AS (
    SELECT s.* FROM standing AS s JOIN inpatient AS i ON i.care_type = s.care_type WHERE s.stay_end_date > s.stay_start_date),
pairs AS (
    SELECT 'same_visit' AS twice_kind, 1 AS rank, a.bill_id AS first_id, b.bill_id AS second_id
    FROM standing AS a
    JOIN standing AS b ON b.visit_id = a.visit_id AND a.bill_id < b.bill_id
    WHERE (a.settlement_type <> 'mid_stay' AND b.settlement_type <> 'mid_stay') OR (a.stay_start_date < b.stay_end_date AND b.stay_start_date < a.stay_end_date)
    UNION ALL
    SELECT 'same_bill' AS twice_kind, 2 AS rank, a.bill_id AS first_id, b.bill_id AS second_id
    FROM standing AS a
    JOIN standing AS b ON b.person_no = a.person_no AND b.provider_code = a.provider_code AND b.stay_start_date = a.stay_start_date
        AND b.stay_end_date = a.stay_end_date AND b.total_fee = a.total_fee AND b.care_type = a.care_type
    WHERE a.bill_id < b.bill_id AND a.visit_id <> b.visit_id AND a.total_fee > 0
    UNION ALL
    SELECT 'two_places' AS twice_kind, 3 AS rank, a.bill_id AS first_id, b.bill_id AS second_id
    FROM stays AS a
    JOIN stays AS b ON b.person_no = a.person_no AND b.provider_code <> a.provider_code
    WHERE a.bill_id < b.bill_id AND a.visit_id <> b.visit_id AND a.stay_start_date < b.stay_end_date AND b.stay_start_date < a.stay_end_date)
SELECT p.twice_kind, p.rank, a.person_no, a.bill_id AS first_id, a.settlement_time AS first_time, a.provider_code AS first_provider, a.stay_start_date AS first_start,
    a.stay_end_date AS first_end, a.total_fee AS first_fee, a.fund_pay_total AS first_paid, b.bill_id AS second_id, b.settlement_time AS second_time,
    b.provider_code AS second_provider, b.stay_start_date AS second_start, b.stay_end_date AS second_end, b.total_fee AS second_fee, b.fund_pay_total AS second_paid
FROM pairs AS p
JOIN every AS a ON a.bill_id = p.first_id
JOIN every AS b ON b.bill_id = p.second_id
ORDER BY p.rank NULLS LAST, a.person_no NULLS LAST, a.bill_id NULLS LAST, b.bill_id NULLS LAST

-- name: dip_cases
-- purpose: 最后一次结算在这段日期里的住院（本地、出院当日协议为按病种付费的机构；没有协议的按机构标志），分次结算的合并（特例单议写在哪一次结算上都算），连同自算的分组、机构等级、特例单议
-- takes: first_day date, last_day date
-- given: inpatient(care_type text), grouped(visit_id text, pack_version text, dip_group_code text, dip_layer text, base_score number, group_mean_cost number, auxiliary_coefficient number, grouping_flags text)
WITH settled AS (
    SELECT s.settlement_id, s.visit_id, s.provider_code, s.insurance_type, s.settlement_time, s.total_fee, s.pool_fund_pay, p.hospital_level, p.is_dip,
        ROW_NUMBER() OVER (PARTITION BY s.visit_id ORDER BY s.settlement_time DESC NULLS LAST, s.settlement_id DESC NULLS LAST) AS place
    FROM settlements AS s
    JOIN inpatient AS i ON i.care_type = s.care_type
    JOIN providers AS p ON p.provider_code = s.provider_code
    WHERE s.is_valid AND NOT s.is_reversal AND s.out_of_area <> '1' AND s.settlement_type <> 'manual'),
whole AS (
    SELECT s.visit_id, CAST(SUM(s.total_fee) AS BIGINT) AS total_fee, CAST(SUM(s.pool_fund_pay) AS BIGINT) AS booked_pay
    FROM settled AS s
    GROUP BY s.visit_id),
special AS (
    SELECT s.visit_id, c.special_result, c.special_score,
        ROW_NUMBER() OVER (PARTITION BY s.visit_id ORDER BY c.decided_on DESC NULLS LAST, s.place NULLS LAST) AS place
    FROM settled AS s
    JOIN dip_special_cases AS c ON c.settlement_id = s.settlement_id)
SELECT s.settlement_id, s.visit_id, s.provider_code, s.insurance_type, s.settlement_time, s.hospital_level, w.total_fee, w.booked_pay,
    v.discharge_time, g.visit_id IS NOT NULL AS is_grouped, g.pack_version, g.dip_group_code, g.dip_layer, g.base_score, g.group_mean_cost,
    g.auxiliary_coefficient, g.grouping_flags, c.special_result, c.special_score
FROM settled AS s
JOIN whole AS w ON w.visit_id = s.visit_id
JOIN visits AS v ON v.visit_id = s.visit_id
LEFT JOIN grouped AS g ON g.visit_id = s.visit_id
LEFT JOIN special AS c ON c.visit_id = s.visit_id AND c.place = 1
WHERE s.place = 1 AND CAST(s.settlement_time AS DATE) >= $first_day AND CAST(s.settlement_time AS DATE) <= $last_day
    AND v.discharge_time IS NOT NULL
    AND (EXISTS (SELECT a.agreement_no FROM provider_agreements AS a
                 WHERE a.provider_code = s.provider_code AND a.payment_method = 'dip' AND a.valid_from <= CAST(v.discharge_time AS DATE)
                     AND COALESCE(a.valid_to, CAST(v.discharge_time AS DATE)) >= CAST(v.discharge_time AS DATE))
         OR (s.is_dip AND NOT EXISTS (SELECT b.agreement_no FROM provider_agreements AS b WHERE b.provider_code = s.provider_code)))
ORDER BY s.settlement_id NULLS FIRST

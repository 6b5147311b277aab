-- name: not_exported
-- purpose: 窗口逐笔结算的住院里平台还没有导出的（没有冲正、本地、出院当日按病种付费的机构）：还不是病例。是不是同一笔，先看单据号，再看同一人同一就诊（分次结算的起止日期要相同）
-- takes: first_day date, last_day date
-- given: inpatient(care_type text)
WITH live AS (
    SELECT l.bill_id, l.person_no, l.visit_id, l.provider_code, l.total_fee, l.stay_start_date, l.policy_date,
        l.is_mid_stay OR l.settlement_type = 'mid_stay' AS is_part
    FROM live_settlements AS l
    JOIN inpatient AS i ON i.care_type = l.care_type
    WHERE l.reverses_bill_id IS NULL AND l.away_kind = 'home' AND l.settlement_type <> 'manual'
        AND CAST(l.settlement_time AS DATE) >= $first_day AND CAST(l.settlement_time AS DATE) <= $last_day
        AND NOT EXISTS (SELECT r.bill_id FROM live_settlements AS r WHERE r.reverses_bill_id = l.bill_id)),
there AS (
    SELECT l.bill_id
    FROM live AS l
    JOIN settlements AS s ON s.person_no = l.person_no AND s.is_valid AND NOT s.is_reversal
    WHERE s.settlement_id = l.bill_id OR s.provider_settlement_id = l.bill_id
        OR (s.visit_id = l.visit_id AND ((NOT l.is_part AND s.settlement_type <> 'mid_stay')
            OR (s.stay_start_date = l.stay_start_date AND COALESCE(s.stay_end_date, CAST(s.settlement_time AS DATE)) = l.policy_date)))
    GROUP BY l.bill_id)
SELECT COUNT(*) AS bills, COALESCE(CAST(SUM(l.total_fee) AS BIGINT), 0) AS total_fee
FROM live AS l
JOIN providers AS p ON p.provider_code = l.provider_code
LEFT JOIN there AS t ON t.bill_id = l.bill_id
WHERE t.bill_id IS NULL
    AND (EXISTS (SELECT a.agreement_no FROM provider_agreements AS a
                 WHERE a.provider_code = l.provider_code AND a.payment_method = 'dip' AND a.valid_from <= l.policy_date
                     AND COALESCE(a.valid_to, l.policy_date) >= l.policy_date)
         OR (p.is_dip AND NOT EXISTS (SELECT b.agreement_no FROM provider_agreements AS b WHERE b.provider_code = l.provider_code)))

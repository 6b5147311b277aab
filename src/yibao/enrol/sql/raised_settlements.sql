-- name: raised_settlements
-- purpose: 有大病支付的结算，和它那个人那一年的限额提高
-- takes: known_on date
SELECT s.settlement_id, s.person_no, s.benefit_year, s.settlement_time, s.resident_critical_illness_pay, COALESCE(r.cap_raise, 0) AS cap_raise
FROM settlements AS s
LEFT JOIN cap_raises AS r ON r.person_no = s.person_no AND r.benefit_year = s.benefit_year
WHERE s.is_valid AND NOT s.is_reversal AND s.insurance_type = '390' AND s.resident_critical_illness_pay > 0
    AND CAST(s.settlement_time AS DATE) <= $known_on
ORDER BY s.settlement_id NULLS LAST

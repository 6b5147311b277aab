-- name: person_settlements
-- purpose: 一个人的待遇（结算）
-- takes: who text
SELECT s.settlement_id, CAST(s.settlement_time AS DATE) AS settled_on, s.insurance_type, s.care_type, s.is_reversal, s.provider_code, p.provider_name,
    s.benefit_year, s.total_fee, s.fund_pay_total, s.resident_critical_illness_pay, s.medical_aid_pay, s.account_pay, s.cash_pay
FROM settlements AS s
LEFT JOIN providers AS p ON p.provider_code = s.provider_code
WHERE s.person_no = $who
ORDER BY s.settlement_time NULLS LAST, s.settlement_id NULLS LAST

-- name: person_bills
-- purpose: 一个人一个待遇年度的全部单据：平台的和逐笔结算的
-- takes: person text, year number
-- given: recognised(bill_id text, settlement_id text, recognised_by text)
WITH exported AS (
    SELECT r.bill_id, r.settlement_id FROM recognised AS r
    JOIN bills AS b ON b.bill_id = r.settlement_id AND b.person_no = $person AND b.benefit_year = $year)
SELECT b.person_no, b.benefit_year, b.settlement_time, b.bill_id, b.reverses_bill_id, b.visit_id, b.provider_code, b.insurance_type, b.person_category,
    b.care_type, b.settlement_type, b.stay_start_date, b.policy_date, b.discharge_month, b.is_eligible, b.hospital_level, b.away_kind, b.is_across_province, b.identity_type,
    b.is_civil_servant, b.is_enterprise_supplemented, b.age_years, b.disease_code, b.maternity_type, b.fetus_count, b.is_signed_provider, b.is_transfer,
    b.is_mid_stay, b.is_epidemic, b.continues, b.total_fee, b.full_selfpay_total, b.over_cap_total, b.pre_selfpay_total, b.in_scope_total,
    b.account_credited, b.is_account_used, b.family_available, b.cap_raise, 0 AS entry_no
FROM bills AS b
WHERE b.person_no = $person AND b.benefit_year = $year
    AND NOT EXISTS (SELECT 1 AS one FROM live_settlements AS x WHERE x.bill_id = b.bill_id OR (x.visit_id = b.visit_id AND b.bill_id = b.visit_id))
UNION ALL
SELECT l.person_no, l.benefit_year, l.settlement_time, l.bill_id, COALESCE(x.settlement_id, l.reverses_bill_id) AS reverses_bill_id, l.visit_id, l.provider_code, l.insurance_type, l.person_category,
    l.care_type, l.settlement_type, l.stay_start_date, l.policy_date, l.discharge_month, l.is_eligible, l.hospital_level, l.away_kind, l.is_across_province, l.identity_type,
    l.is_civil_servant, l.is_enterprise_supplemented, l.age_years, l.disease_code, l.maternity_type, l.fetus_count, l.is_signed_provider, l.is_transfer,
    l.is_mid_stay, l.is_epidemic, l.continues, l.total_fee, l.full_selfpay_total, l.over_cap_total, l.pre_selfpay_total, l.in_scope_total,
    l.account_credited, l.is_account_used, l.family_available, l.cap_raise, l.entry_no
FROM live_settlements AS l
LEFT JOIN exported AS x ON x.bill_id = l.reverses_bill_id
WHERE l.person_no = $person AND l.benefit_year = $year
    AND NOT EXISTS (SELECT 1 AS one FROM exported AS r WHERE r.bill_id = l.bill_id)
